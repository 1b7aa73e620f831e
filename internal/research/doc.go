// Package research reads the form in which researchers keep incidents and
// hotline records: NDJSON, one record a line, documented in docs/import.md. It
// maps each line to the vocabulary of the log, says precisely what is wrong
// with a bad one, and loads good ones so that a second import of the same file
// changes nothing. No SQL and no HTTP.
//
// Reading order: form.go (a line as JSON), incident.go and hotline.go (a line
// as a record), read.go (files), importer.go (into the store), report.go (what
// came of it), exercise.go (the exercise incidents of the sample).
package research
