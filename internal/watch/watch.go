// Package watch is what the duty officers keep beside the incidents: who has
// the watch (Shift), what happened in it (the journal), and how it is given to
// the next officer (Handover). It knows incidents and the hotline; they never
// know it. No SQL and no HTTP.
//
// The journal has two sorts of rows, in the one order in which they were
// written down, that of the audit chain. Entries are written by people and are
// numbered 1, 2, 3 … through the whole life of the log, not per day: "entry 412"
// names one entry for ever, in a watch that crosses midnight too, and a number
// that is missing shows at once. Rows for reports, calls, line changes and
// handovers are read from the audit chain and the revisions whenever the
// journal is read, so that nothing is kept twice and neither can contradict the
// other. They bear the mark A and the number of their audit entry ("A1042"),
// which never changes and by which the chain can be asked; they take no number
// of the journal, or else the numbers that people see would have gaps.
//
// Reading order: watch.go (the records), journal.go (what the journal's rows
// say), shift.go (who has the watch), handover.go (the sheet), changes.go,
// store.go (what storage owes), desk.go (writing).
package watch

import (
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Millis is an instant in UTC, milliseconds since 1970.
type Millis = incidents.Millis

// EntryID, ShiftID and HandoverID are UUIDv7 texts, like incidents.ID.
type (
	EntryID    string
	ShiftID    string
	HandoverID string
)

// Entry is what somebody wrote into the journal, one revision of it: the first,
// or the second by which it was struck. Nobody edits an entry; one strikes it
// and writes the next.
type Entry struct {
	ID EntryID `json:"id"`
	hotline.Meta
	Number    int                 `json:"number"` // 1, 2, 3 … through the life of the log
	Author    string              `json:"author"`
	Time      incidents.Moment    `json:"time"` // of what happened
	Text      string              `json:"text"`
	Action    string              `json:"action,omitempty"`
	Told      string              `json:"told,omitempty"` // whom
	Incidents []incidents.ID      `json:"incidents,omitempty"`
	Lines     []hotline.LineID    `json:"lines,omitempty"`
	Contacts  []hotline.ContactID `json:"contacts,omitempty"`
	Marking   string              `json:"marking"`
	Exercise  bool                `json:"exercise"`
	Struck    bool                `json:"struck"` // RecordedAt, RecordedBy and Reason say when, by whom and why
}

// LateAfter is the time after which an entry says that it was made later.
const LateAfter = Millis(15 * time.Minute / time.Millisecond)

// Late gives how long after its time an entry was made, where that is more than
// LateAfter; 0 otherwise. A time that is not known to the minute counts from
// its latest end.
func (e Entry) Late() Millis {
	from := e.Time.From
	if e.Time.Precision != incidents.Exact {
		from = e.Time.To
	}
	if late := e.FirstRecordedAt - from; late > LateAfter {
		return late
	}
	return 0
}

// LateWords says how late an entry was made, "entered 40 min after", or nothing.
func (e Entry) LateWords() string {
	late := e.Late()
	switch {
	case late == 0:
		return ""
	case e.Time.Precision != incidents.Exact:
		return "entered at least " + hotline.FormatDuration(late) + " after"
	}
	return "entered " + hotline.FormatDuration(late) + " after"
}

// Shift is a stretch of time in which somebody has the watch, one revision of
// it. Shifts may overlap: two desks, or a quarter of an hour of both.
type Shift struct {
	ID ShiftID `json:"id"`
	hotline.Meta
	Name      string   `json:"name"` // Night watch
	From      Millis   `json:"from"`
	To        Millis   `json:"to"`
	Officers  []string `json:"officers"` // names of users
	Cancelled bool     `json:"cancelled,omitempty"`
}
