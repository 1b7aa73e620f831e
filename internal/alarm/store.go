package alarm

import (
	"context"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
)

// LogFilter asks for entries of the log of alarms; empty means all.
type LogFilter struct {
	AlertID  string
	Kinds    []string
	Actions  []string
	By       string // who did it
	From, To Millis // recorded at or after From and before To; 0: no bound
	Exercise string // "", include, only
	AsOf     Millis
	After    string // cursor of a LogPage
	Limit    int    // 1..500; 0 is 50
}

// LogPage is a stretch of the log of alarms, newest first.
type LogPage struct {
	Entries []Alert
	Total   int
	Next    string
}

// Call is one time that an alert called for somebody: raised, returned or
// escalated. Figures are made of them.
type Call struct {
	At   Millis
	Kind Kind
}

// Store keeps alerts. Every write is one transaction with its audit entry, and
// an alert is never changed: what becomes of it is its next revision.
type Store interface {
	// WriteAlert writes the next revision of an alert. a.Revision is the one
	// that it was made from, 0 for the first; it is a Conflict when another
	// stands there, so that two who raise it at once raise it once.
	WriteAlert(ctx context.Context, actor access.Actor, a Alert) (Alert, error)
	// Alert gives the revision that held at a moment (0: now).
	Alert(ctx context.Context, id string, asOf Millis) (Alert, error)
	// Alerts gives those that stand at a moment (0: now), in no order.
	Alerts(ctx context.Context, asOf Millis) ([]Alert, error)
	// AlertLog gives a stretch of all revisions.
	AlertLog(ctx context.Context, f LogFilter) (LogPage, error)
	// AlertCalls gives the calls for somebody from one moment up to another,
	// oldest first; those of exercises only where asked for.
	AlertCalls(ctx context.Context, from, to Millis, exercise bool) ([]Call, error)
	// FirstAlert says when the first alert of all was raised; 0: none was.
	FirstAlert(ctx context.Context) (Millis, error)
	// LastHeard gives, for each line, the newest contact that got through and
	// was logged here rather than imported, tests included.
	LastHeard(ctx context.Context) (map[hotline.LineID]hotline.Contact, error)
}
