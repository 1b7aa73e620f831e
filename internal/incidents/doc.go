// Package incidents is the log itself: what an incident is, which words it
// uses, what a person may type, and which steps a report may take. It holds
// types and rules; no SQL, no HTTP, and nothing about hotline calls (package
// hotline knows incidents, never the other way round).
//
// Reading order: vocabulary.go (the closed lists), moment.go (times as
// intervals), incident.go (the record), report.go (what people type), log.go
// (posting and changing), workflow.go (the steps of a report), checks.go and
// handling.go (who checked, returned and holds it), filter.go (asking),
// store.go (what storage owes), notes.go, comment.go, attachment.go and
// attach.go (what is kept beside the record), draft.go (what is not filed yet).
package incidents
