package incidents

import (
	"context"

	"interceptlog/internal/access"
)

// Store is what the log needs of storage. Every write is one transaction that
// holds the revision, its head, its spatial row and its audit entry; a write
// that returned is on disk. Errors that a caller can act on are faults.
type Store interface {
	// CreateIncident writes revision 1: it gives the recorded times, the
	// policy version in force, and a number when the status is not draft. An
	// id that exists is answered with the stored incident and created=false.
	CreateIncident(ctx context.Context, actor access.Actor, inc Incident) (stored Incident, created bool, err error)
	// ReviseIncident writes the next revision of inc.ID. inc.Revision is the
	// one that the change was made from; if it is not the newest, the answer
	// is a Conflict fault. What AfterRevision says of the state and of the
	// workflow is written with it.
	ReviseIncident(ctx context.Context, actor access.Actor, inc Incident) (Incident, error)
	// Incident gives the revision that was current at asOf (0: now).
	Incident(ctx context.Context, id ID, asOf Millis) (Incident, error)
	// IncidentByNumber finds an incident by what people call it.
	IncidentByNumber(ctx context.Context, number string) (Incident, error)
	// IncidentBySource finds an imported incident by its id at the source.
	IncidentBySource(ctx context.Context, source, sourceID string) (Incident, error)
	// IncidentsKnown gives the incidents that have one of the ids, or are one of
	// the records elsewhere; each once, in no order.
	IncidentsKnown(ctx context.Context, ids []ID, origins []Origin) ([]Incident, error)
	// IncidentRevisions gives every revision up to asOf (0: now), oldest first.
	IncidentRevisions(ctx context.Context, id ID, asOf Millis) ([]Incident, error)
	Handling
	// InTx runs fn in one write transaction: every call made with the context
	// that fn gets is part of it, and all of it or nothing is kept.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Origin is whose record an incident is, and by what id there.
type Origin struct{ Source, SourceID string }

// Handling is what the log needs of storage for the workflow of reports.
// Whoever writes a contact or a link writes what AfterContacts says with it.
type Handling interface {
	// Workflow gives the workflow as it was at asOf (0: now). One of which
	// nothing was written yet has revision 0.
	Workflow(ctx context.Context, id ID, asOf Millis) (Workflow, error)
	// Workflows gives those of several incidents of which anything was written.
	Workflows(ctx context.Context, ids []ID, asOf Millis) (map[ID]Workflow, error)
	// WorkflowRevisions gives every revision up to asOf (0: now), oldest first.
	WorkflowRevisions(ctx context.Context, id ID, asOf Millis) ([]Workflow, error)
	// SetWorkflow writes the next revision. w.Revision is the one that the
	// change was made from; if it is not the newest, the answer is a Conflict
	// fault. Checks, remarks, claims and flags without a time are recorded now.
	SetWorkflow(ctx context.Context, actor access.Actor, w Workflow) (Workflow, error)
	// Flagged gives the incidents that were flagged and are neither closed nor
	// retracted, as of a moment (0: now), in the order of their numbers: what
	// a handover must not forget.
	Flagged(ctx context.Context, asOf Millis) ([]Flagged, error)
	// Queue gives the submitted reports, those that have waited longest first,
	// at most limit of them; total counts all, up to QueueCount's most.
	Queue(ctx context.Context, exercise string, limit int) (list []Waiting, total int, err error)
	// QueueCount counts the submitted reports that are no exercise; it stops at most.
	QueueCount(ctx context.Context, most int) (int, error)
	// VerificationTimes gives, for each report that was first verified since a
	// moment, how long that took from its submission.
	VerificationTimes(ctx context.Context, since Millis) ([]Millis, error)
	// Retractions gives what was once in the log and is retracted, since a
	// moment, newest first, at most limit of them.
	Retractions(ctx context.Context, since, asOf Millis, limit int) ([]Incident, error)
	// MergedFrom gives the duplicates that point to an incident.
	MergedFrom(ctx context.Context, id ID, asOf Millis) ([]Incident, error)
}
