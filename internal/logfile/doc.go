// Package logfile writes a whole log into one file of records, and reads it back
// into an empty log: to move a log, or to keep a copy that no program is needed
// to read.
//
// The file is NDJSON: a header, one record a line with its kind, and an end that
// counts them, so that a file that was cut is known. It carries every current
// record complete, and every version of the policy. It carries no history
// (revisions before the current one), no attachments, comments, journal entries,
// shifts, handovers, alerts, answer sheets, drafts of forms, and neither users nor
// tokens nor the audit chain: for those, copy the data folder.
//
// Reading order: write.go, read.go, check.go.
package logfile
