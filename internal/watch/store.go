package watch

import (
	"context"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// JournalFilter asks for rows of the journal; empty means all. The period is
// that in which they were written down, as on paper: an entry that was made late
// stands where it was made, and says so.
type JournalFilter struct {
	Q        string // words, all of which must be found
	Who      string // name of a user
	From, To Millis // written down in [From, To); 0: open
	Kinds    []string
	Imports  bool   // with what a command read in, which is an event of no watch
	AsOf     Millis // 0: now
	Oldest   bool   // first; else newest first
	After    string // cursor
	Limit    int    // 1..500; 0 is 50
}

// JournalPage is a stretch of the journal. Next is the cursor of the rows after
// it; empty on the last page. Searching for words looks through so much of the
// log at a time and no more: a page may then hold fewer rows than were asked
// for, or none, and have a next one all the same.
type JournalPage struct {
	Rows []Row
	Next string
}

// ShiftFilter asks for shifts, by their beginning; empty means all.
type ShiftFilter struct {
	From, To  Millis // those that run at some time in [From, To); 0: open
	Cancelled bool   // those that were called off too
	AsOf      Millis
}

// Store is what the watch needs of storage. Every write is one transaction with
// its audit entry; versions are never changed or removed.
type Store interface {
	// CreateEntry writes an entry and gives it the next number. An id that
	// exists is answered with what stands and created=false.
	CreateEntry(ctx context.Context, actor access.Actor, e Entry) (stored Entry, created bool, err error)
	// StrikeEntry strikes an entry, once; a Conflict fault after that.
	StrikeEntry(ctx context.Context, actor access.Actor, id EntryID, reason string) (Entry, error)
	Entry(ctx context.Context, id EntryID, asOf Millis) (Entry, error)
	Journal(ctx context.Context, f JournalFilter) (JournalPage, error)

	CreateShift(ctx context.Context, actor access.Actor, s Shift) (stored Shift, created bool, err error)
	ReviseShift(ctx context.Context, actor access.Actor, s Shift) (Shift, error)
	Shift(ctx context.Context, id ShiftID, asOf Millis) (Shift, error)
	Shifts(ctx context.Context, f ShiftFilter) ([]Shift, error)

	// SaveHandover writes the next revision of a handover, or its first when
	// h.Revision is 0. Only one is open (draft or offered) at a time: a second
	// is a Conflict fault, as is a change of one that has ended.
	SaveHandover(ctx context.Context, actor access.Actor, h Handover) (Handover, error)
	Handover(ctx context.Context, id HandoverID, asOf Millis) (Handover, error)
	// OpenHandover gives the one that is open; a NotFound fault without one.
	OpenHandover(ctx context.Context) (Handover, error)
	// LastHandover gives the newest one that both signed before a moment (0:
	// now), and with a name only one that this person signed; NotFound without.
	LastHandover(ctx context.Context, name string, before Millis) (Handover, error)
	// Handovers gives those that both signed, newest first, that were signed
	// before a moment (0: now).
	Handovers(ctx context.Context, before Millis, limit int) ([]Handover, error)
}

// Records are what the watch reads of the log.
type Records interface {
	hotline.CaseReader
	Lines(ctx context.Context, asOf Millis) ([]hotline.Line, error)
	LineEvents(ctx context.Context, f hotline.LineEventFilter) ([]hotline.LineEvent, error)
	LastTests(ctx context.Context, asOf Millis) (map[hotline.LineID]hotline.Contact, error)
	Expectations(ctx context.Context, f hotline.ExpectationFilter) ([]hotline.Expectation, error)
	Incident(ctx context.Context, id incidents.ID, asOf incidents.Millis) (incidents.Incident, error)
	Line(ctx context.Context, id hotline.LineID, asOf Millis) (hotline.Line, error)
	Contact(ctx context.Context, id hotline.ContactID, asOf Millis) (hotline.ContactWithIncidents, error)
	User(ctx context.Context, name string) (access.User, error)
}
