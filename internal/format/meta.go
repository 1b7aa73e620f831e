package format

import (
	"time"

	"interceptlog/internal/incidents"
)

// Meta says what a file is an export of.
type Meta struct {
	AsOf    incidents.Millis // the moment whose state it shows
	Filter  string           // the query that it answers, as an address has it
	Marking string           // classification of the whole
}

// Made is the moment that a file bears as that of its making: the one that it
// shows, so that the same question has the same answer to the byte; now where
// none is stated.
func (m Meta) Made() time.Time {
	if m.AsOf != 0 {
		return m.AsOf.Time().UTC()
	}
	return time.Now().UTC()
}

// JSON is what a file is an export of, as an object with the members as_of,
// filter and marking; those that are not stated are left out.
func (m Meta) JSON() string {
	var doc struct {
		AsOf    string `json:"as_of,omitempty"`
		Filter  string `json:"filter,omitempty"`
		Marking string `json:"marking,omitempty"`
	}
	if m.AsOf != 0 {
		doc.AsOf = string(AppendInstant(nil, int64(m.AsOf)))
	}
	doc.Filter, doc.Marking = m.Filter, m.Marking
	return compactJSON(doc)
}
