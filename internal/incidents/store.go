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
	// is a Conflict fault.
	ReviseIncident(ctx context.Context, actor access.Actor, inc Incident) (Incident, error)
	// Incident gives the revision that was current at asOf (0: now).
	Incident(ctx context.Context, id ID, asOf Millis) (Incident, error)
	// IncidentByNumber finds an incident by what people call it.
	IncidentByNumber(ctx context.Context, number string) (Incident, error)
	// IncidentBySource finds an imported incident by its id at the source.
	IncidentBySource(ctx context.Context, source, sourceID string) (Incident, error)
	// IncidentRevisions gives every revision up to asOf (0: now), oldest first.
	IncidentRevisions(ctx context.Context, id ID, asOf Millis) ([]Incident, error)
	// InTx runs fn in one write transaction: every call made with the context
	// that fn gets is part of it, and all of it or nothing is kept.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}
