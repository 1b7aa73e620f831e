package view

import "github.com/a-h/templ"

// HistoryPage is everything that was ever written about one incident.
type HistoryPage struct {
	Frame               Frame
	Number, Title, Href string
	Events              []HistoryEvent // newest first
}

// HistoryEvent is one thing that was written.
type HistoryEvent struct {
	Kind                 string // revision, link or contact
	What, By             string
	Reason, Note         string
	At                   Moment
	Href                 string // to read the page as it was from then on
	Contact, ContactName string
	Changes              []Change
	Moved                *Moved // the position, where it changed
}

// Moved is how a position changed: in words, and drawn with the old one beneath
// the new.
type Moved struct {
	Words    string
	Chart    templ.Component
	Was, Now bool // what the chart shows
}

// Change is one field that differs.
type Change struct {
	Field    string
	Old, New []DiffLine // empty: not stated
	Kept     int        // of a list: how many stayed as they were
	Note     string
}

// DiffLine is one line of what a field said: the part that differs between what
// is the same on both sides.
type DiffLine struct{ Before, Differs, After string }
