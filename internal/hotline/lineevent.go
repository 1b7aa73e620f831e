package hotline

import (
	"cmp"
	"slices"

	"interceptlog/internal/incidents"
)

// LineEventID is a UUIDv7 text, like incidents.ID.
type LineEventID string

// LineEventKinds are what can happen to a line.
var LineEventKinds = incidents.Vocabulary{
	{Code: "planned_outage", Word: "planned outage", Meaning: "The line is taken down from a time to a time, and that is known before. Down while it lasts."},
	{Code: "fault", Word: "fault", Meaning: "The line does not work. Down until it is restored."},
	{Code: "degraded", Word: "degraded", Meaning: "The line works, with difficulty."},
	{Code: "suspended", Word: "suspended", Meaning: "One side has stopped the line."},
	{Code: "restored", Word: "restored", Meaning: "The line works again: what was the matter with it until then is over."},
}

// stateOfEvent is the state of the line while an event is in force. One that
// restores the line is the end of others and is no state of its own.
var stateOfEvent = map[string]string{"planned_outage": "down", "fault": "down", "degraded": "degraded", "suspended": "suspended"}

// LineEvent is something that happens to a line and changes its state, one
// revision of it. An event that was logged by mistake is taken back, which is a
// revision with Retracted true and its reason.
type LineEvent struct {
	ID     LineEventID `json:"id"`
	LineID LineID      `json:"line_id"`
	Meta
	Kind      string `json:"kind"`
	From      Millis `json:"from"`
	To        Millis `json:"to,omitempty"`   // 0: open, until the line is restored
	Note      string `json:"note,omitempty"` // what it is about
	Who       string `json:"who,omitempty"`  // who said so, or sees to it
	Retracted bool   `json:"retracted"`
}

// inForce reports whether the event says at a moment what state the line is in.
// One that restores the line holds from its moment on.
func (e LineEvent) inForce(now Millis) bool {
	return !e.Retracted && e.From <= now && (e.To == 0 || now < e.To || e.Kind == "restored")
}

// LineEventFilter asks for events; empty means all, oldest first.
type LineEventFilter struct {
	LineID    LineID
	From, To  Millis // only those that begin before To and are not over by From; 0: no bound
	Retracted bool   // those that were taken back too
	AsOf      Millis
}

// LineStanding is the state of a line at a moment, and why.
type LineStanding struct {
	State  string     // code of LineStates
	Event  *LineEvent // that says so; nil: the register does
	Coming *LineEvent // the next planned outage; nil: none is known
}

// StateAt works out the state of a line at a moment from the events of the
// line, which may come in any order and with those of other lines among them.
// The newest word holds: of the events in force the one that began last. A
// restoration ends everything that began before it; with nothing in force after
// it, a line that the register has as not working is in use. What the register
// was told about the state (Line.StateSince) ends what began before it as well.
func StateAt(l Line, events []LineEvent, now Millis) LineStanding {
	s := LineStanding{State: l.State}
	for i := range events {
		e := &events[i]
		if e.LineID != l.ID || e.Retracted {
			continue
		}
		if e.From > now {
			if e.Kind == "planned_outage" && (s.Coming == nil || e.From < s.Coming.From) {
				s.Coming = e
			}
			continue
		}
		if e.From < l.StateSince || s.Event != nil && laterEvent(s.Event, e) {
			continue
		}
		if e.inForce(now) {
			s.Event = e
		}
	}
	switch {
	case s.Event == nil:
	case s.Event.Kind != "restored":
		s.State = stateOfEvent[s.Event.Kind]
	case slices.Contains([]string{"down", "degraded", "suspended", incidents.Unknown}, l.State):
		s.State = "in_use"
	}
	return s
}

// laterEvent reports whether a began after b, or was logged after it where both
// began at once.
func laterEvent(a, b *LineEvent) bool {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.FirstRecordedAt, b.FirstRecordedAt), cmp.Compare(a.ID, b.ID)) > 0
}

// LinesAt gives the lines with the state that they are in at a moment; the
// rest of each is as the register has it.
func LinesAt(lines []Line, events []LineEvent, now Millis) []Line {
	out := slices.Clone(lines)
	for i := range out {
		out[i].State = StateAt(out[i], events, now).State
	}
	return out
}
