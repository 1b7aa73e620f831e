package view

import "strings"

// WallPage is the board for a whole room.
type WallPage struct {
	Frame Frame
	Waits Waits
	Next  *WallRow // whose deadline passes first; nil: nobody waits
	Rows  []WallRow
	More  int        // that wait too and have no room
	Lines []WallLine // that need someone
	Quiet []string   // the others, counted: "9 in use"

	Alarms string // that wait to be acknowledged; empty: none
}

// WallRow is one incident that waits.
type WallRow struct {
	ID, Title, Severity string
	Status, Best        string
	Left                Left
}

// WallLine is one line that needs someone.
type WallLine struct {
	ID, Short, Glyph, State string
	Fault                   bool
}

// quiet is the rest of the lines in words.
func (p WallPage) quiet() string {
	if len(p.Quiet) == 0 && len(p.Lines) == 0 {
		return "none in the register"
	}
	return strings.Join(p.Quiet, ", ")
}

// word is the status in one word; with a question mark where it may be worse.
func (r WallRow) word() string {
	if glyphOf(r.Status, r.Best) == "split" {
		return StatusWord(r.Best) + "?"
	}
	return StatusWord(r.Status)
}

func (r WallRow) class() string { return glyphOf(r.Status, r.Best) }
