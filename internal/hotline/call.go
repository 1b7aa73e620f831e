package hotline

import (
	"context"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// OpenCall is a call that is going on. It is no record yet: it becomes the
// contact of the same id when it ends, and is forgotten when it was started by
// mistake.
type OpenCall struct {
	ID        ContactID
	Owner     string // who is calling
	LineID    LineID // empty: over no line of the register
	Incidents []incidents.ID
	StartedAt Millis
	Notes     string // as typed so far
	Seq       int64  // the writer's own count of saves: the higher one holds
	Exercise  bool
}

// CallStore keeps calls that are going on. Only starting, widening and ending
// one are in the audit chain; notes are no record until the call ends.
type CallStore interface {
	// StartCall begins a call now. An id that is a call already is answered
	// with that one and created=false; one that is a contact is a Conflict.
	StartCall(ctx context.Context, actor access.Actor, c OpenCall) (stored OpenCall, created bool, err error)
	// SaveCallNotes keeps the notes unless later ones are there, and gives the
	// call as it stands.
	SaveCallNotes(ctx context.Context, id ContactID, notes string, seq int64) (OpenCall, error)
	// SetCallIncidents says what the call is about from now on.
	SetCallIncidents(ctx context.Context, actor access.Actor, id ContactID, ids []incidents.ID) (OpenCall, error)
	// OpenCall gives one that is going on.
	OpenCall(ctx context.Context, id ContactID) (OpenCall, error)
	// OpenCalls gives all that are going on, the oldest first.
	OpenCalls(ctx context.Context) ([]OpenCall, error)
	// FinishCall ends the call c.ID and writes it as a contact with its links,
	// in one transaction. A call that was finished already gives its contact
	// and created=false.
	FinishCall(ctx context.Context, actor access.Actor, c Contact, links []Link) (stored Contact, created bool, err error)
	// DropCall forgets a call that was not made; the reason stays in the audit.
	DropCall(ctx context.Context, actor access.Actor, id ContactID, reason string) error
}

// ExpectationStore keeps what the other side owes an answer to.
type ExpectationStore interface {
	// CreateExpectation writes revision 1, in answer to a contact on record.
	CreateExpectation(ctx context.Context, actor access.Actor, e Expectation) (stored Expectation, created bool, err error)
	// ReviseExpectation writes the next revision. e.Revision is the one that
	// the change was made from; if it is not the newest, it is a Conflict.
	ReviseExpectation(ctx context.Context, actor access.Actor, e Expectation) (Expectation, error)
	Expectation(ctx context.Context, id ExpectationID, asOf Millis) (Expectation, error)
	// Expectations gives those of a filter, the earliest due first.
	Expectations(ctx context.Context, f ExpectationFilter) ([]Expectation, error)
	ExpectationRevisions(ctx context.Context, id ExpectationID, asOf Millis) ([]Expectation, error)
}

// SheetStore keeps the call sheets that were changed or approved here; those
// that come with the program are in Shipped.
type SheetStore interface {
	// SaveSheet writes the next revision of a language's sheet. t.Revision is
	// the one that the change was made from, 0 for the first.
	SaveSheet(ctx context.Context, actor access.Actor, t Sheet) (Sheet, error)
	// Sheets gives the sheets kept, by language.
	Sheets(ctx context.Context, asOf Millis) ([]Sheet, error)
	SheetRevisions(ctx context.Context, language string) ([]Sheet, error)
}
