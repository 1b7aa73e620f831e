package view

import "time"

// Fact is one line of a list of facts. Without a value it is unknown.
type Fact struct {
	Label  string
	Values []Value
	Name   string // data-testid
}

// Value is one thing that is said: words, a figure, a moment, or a way to
// something else.
type Value struct {
	Text   string
	Mono   bool
	Note   string // said more quietly after it
	Href   string // on this site
	Source string // an address elsewhere
	Moment *Moment
	Moved  bool    // a list of its own in small print: positions of a track
	Symbol *Symbol // instead of Text, whose words it has
}

// Moment is a time no finer than it is known, and how it was given.
type Moment struct {
	At        time.Time
	Precision string
	Text      string // for what a date-time group cannot say: two of them
	Note      string // day only; given as …
}
