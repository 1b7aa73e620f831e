// Package imports takes records out of files that geographic information
// systems and spreadsheets write: GeoJSON, GeoJSON Text Sequences, CSV,
// GeoPackage and zipped shapefiles. A row becomes the report that a person would
// have typed, under the rules of the form, and what is wrong with it is said by
// row and column.
//
// What a file looks like is internal/format's, what a property means is
// internal/stated's, and what may be in the log is internal/incidents' and
// internal/hotline's. The research form is internal/research's, a whole log
// internal/logfile's.
//
// Reading order: file.go (files and their columns), guess.go (names of columns),
// importer.go (the walk through a file), row.go (a row as a record).
package imports
