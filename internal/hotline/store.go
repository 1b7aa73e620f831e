package hotline

import (
	"context"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// At says from when the log is read: AsOf is the moment whose knowledge
// counts (0: everything up to now), Now the moment against which deadlines
// are judged. With AsOf set, Now is the same moment.
type At struct {
	AsOf Millis
	Now  Millis
}

// Sorts are the orders that a Page may ask for.
var Sorts = []string{"start", "number", "severity", "recorded", "deadline", "title", "region", "deescalation"}

// Page asks for a stretch of a list.
type Page struct {
	Sort  string // start (default), number, severity, recorded, deadline; "-" in front for descending: "-start"
	After string // opaque cursor from a CasePage; empty for the first page
	Limit int    // 1..500; 0 is 50
}

// CasePage is a stretch of a list.
type CasePage struct {
	Cases []Case
	Total int    // of the whole list, not of the page
	Next  string // cursor of the next page; empty on the last
	Prev  string // cursor of the page before; empty on the first
}

// CaseReader reads incidents together with their assessment. Contacts are
// filled by Case and by EachCase with full set.
type CaseReader interface {
	Case(ctx context.Context, id incidents.ID, at At) (Case, error)
	Cases(ctx context.Context, f incidents.Filter, p Page, at At) (CasePage, error)
	// EachCase calls fn for every case of the filter in a stable order
	// (start, then id) inside one read transaction; memory does not grow.
	// It stops at the first error and gives it back.
	EachCase(ctx context.Context, f incidents.Filter, at At, full bool, fn func(*Case) error) error
	// CountBy counts the cases of a filter by one column: region, severity,
	// deescalation, report.
	CountBy(ctx context.Context, f incidents.Filter, column string, at At) (map[string]int, error)
}

// ContactFilter asks for contacts; empty means all. Tests are left out unless
// asked for, exercise contacts likewise.
type ContactFilter struct {
	LineID   LineID
	Outcomes []string
	Kinds    []string
	Tests    bool
	Exercise string // "", include, only
	AsOf     Millis
	After    string
	Limit    int
}

// ContactPage is a stretch of the contacts, newest first, each with the
// incidents it is linked to.
type ContactPage struct {
	Contacts []ContactWithIncidents
	Total    int
	Next     string
}

// ContactWithIncidents is a contact and what it was about.
type ContactWithIncidents struct {
	Contact
	Incidents []LinkedIncident
}

// LinkedIncident is an incident as seen from a contact.
type LinkedIncident struct {
	Incident incidents.Incident
	Link     Link
}

// Store is what the hotline desk needs of storage. The promises are those of
// incidents.Store: one transaction a write, with its audit entry, and the
// facts of every incident touched are worked out anew in it.
type Store interface {
	CaseReader
	incidents.Store
	CallStore
	ExpectationStore
	SheetStore

	CreateLine(ctx context.Context, actor access.Actor, l Line) (stored Line, created bool, err error)
	ReviseLine(ctx context.Context, actor access.Actor, l Line) (Line, error)
	Line(ctx context.Context, id LineID, asOf Millis) (Line, error)
	Lines(ctx context.Context, asOf Millis) ([]Line, error) // by state, then name
	LineBySource(ctx context.Context, source, sourceID string) (Line, error)
	LineRevisions(ctx context.Context, id LineID, asOf Millis) ([]Line, error)

	// CreateLineEvent answers an id that exists with the event that stands.
	CreateLineEvent(ctx context.Context, actor access.Actor, e LineEvent) (stored LineEvent, created bool, err error)
	ReviseLineEvent(ctx context.Context, actor access.Actor, e LineEvent) (LineEvent, error)
	LineEvent(ctx context.Context, id LineEventID, asOf Millis) (LineEvent, error)
	LineEvents(ctx context.Context, f LineEventFilter) ([]LineEvent, error) // by when they begin
	LineEventRevisions(ctx context.Context, id LineEventID, asOf Millis) ([]LineEvent, error)
	// LastTests gives the newest test of each line that was not taken back, as
	// TestsDue wants it. A test in an exercise counts for a line of an exercise
	// alone.
	LastTests(ctx context.Context, asOf Millis) (map[LineID]Contact, error)

	// CreateContact writes the contact and its links in one transaction.
	CreateContact(ctx context.Context, actor access.Actor, c Contact, links []Link) (stored Contact, created bool, err error)
	ReviseContact(ctx context.Context, actor access.Actor, c Contact) (Contact, error)
	Contact(ctx context.Context, id ContactID, asOf Millis) (ContactWithIncidents, error)
	ContactBySource(ctx context.Context, source, sourceID string) (Contact, error)
	Contacts(ctx context.Context, f ContactFilter) (ContactPage, error)
	EachContact(ctx context.Context, f ContactFilter, after ContactID, fn func(*ContactWithIncidents) error) error
	ContactRevisions(ctx context.Context, id ContactID, asOf Millis) ([]Contact, error)
	// SetLink links, changes a relation or unlinks: a new revision of the link.
	SetLink(ctx context.Context, actor access.Actor, l Link) error
	// LinkRevisions gives the history of the links of an incident.
	LinkRevisions(ctx context.Context, id incidents.ID, asOf Millis) ([]Link, error)

	Policy(ctx context.Context, version int) (Policy, error) // 0: the one in force
	// Policies gives every version, oldest first.
	Policies(ctx context.Context) ([]Policy, error)
	SetPolicy(ctx context.Context, actor access.Actor, p Policy) (Policy, error)
}
