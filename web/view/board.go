package view

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// BoardPage is who still waits for a call, and beneath it what else there is.
type BoardPage struct {
	Frame      Frame
	Waits      Waits
	Bands      []Band
	Late       []LateEntry // the deadline had passed before we knew
	LateTotal  int
	LateHref   string
	Silent     int // public sources are silent
	SilentHref string
	Regions    []BoardRegion
	Outside    BoardRegion
	Lines      []BoardLine
	Tell       Tell
	Tasks      []TaskSection // those of which there is something
}

// Waits is how many incidents wait for a call.
type Waits struct {
	Overdue, Attempted, Awaiting int
	Unsure                       int // at best awaiting, at worst late
}

// Tell is what one who walks up must know within six seconds.
type Tell struct {
	Waiting int
	Next    *TellNext // nil: nobody waits
	Lines   []string  // that cannot be used, each with its state: "DCL down"
}

// TellNext is the incident whose deadline passes first.
type TellNext struct {
	Href, Title, Severity string
	Left                  Left
}

// TaskSection is things to do of one kind, beside the first call.
type TaskSection struct {
	ID, Title, Note string
	Rows            []Task
}

// Task is one thing to do. Key tells it from its siblings while the page
// renews itself.
type Task struct {
	Key, Href, Title, Detail string
	When                     Moment // of what the detail says; zero: none
	Word                     string // the state
	Due                      bool   // somebody must do it now
	Left                     Left   // to when it is to be done; zero: Age stands there
	Age                      string // how long it has waited
	Passed                   string // what is announced when its time comes
	Act, ActLabel, ActKey    string // the way to do it; empty: the row itself
}

// Band is the strips of one severity.
type Band struct {
	Severity, Asked string
	Strips          []Strip
}

// Strip is one incident that waits.
type Strip struct {
	ID, Href, Contact, Title, Who string
	Severity, Status, Best        string
	Start                         Moment
	Deadline                      string
	Region, Place                 string
	Left                          Left
	Fuse                          Fuse
	Holder                        string // who sees to it
	Returned                      bool
	Flagged                       string // who set the strip askew
}

// Left is the time to a deadline: one figure, and what it means. Where the
// deadline is known only roughly the note has a second figure.
type Left struct {
	Sign     string    // ≤ or ≥ before the figure
	Deadline time.Time // zero: the deadline cannot be told
	Sense    string    // left or late; empty: as the clock says
	Before   string    // words before and after the second figure
	Second   time.Time
	After    string
}

// LateEntry is an incident that was entered after its deadline.
type LateEntry struct {
	Href, Title, Who       string
	Severity, Status, Best string
	Start                  Moment
	Entered                Moment
}

// BoardRegion is a sea with its figures, its chart and its newest reports.
type BoardRegion struct {
	ID, Name, Href      string
	Open, Overdue       int
	Again               int // calls to make again
	LastWeek, Total     int
	WeekHref, TotalHref string
	Chart               templ.Component
	Newest              []BoardReport
}

// BoardReport is one line of the newest reports.
type BoardReport struct {
	Href, Text   string
	Severity     string
	Status, Best string
	Start        Moment
	Exercise     bool
}

// BoardLine is one line of the register and its state.
type BoardLine struct {
	Href, Short, Between string
	Glyph, State         string
}

// class is the status of a strip for its holder bar.
func (s Strip) class() string { return glyphOf(s.Status, s.Best) }

// contactLabel is what the button of a strip says to a screen reader.
func (s Strip) contactLabel() string { return "Call about: " + s.Title }

// holdLabel is what the button for claiming says to a screen reader.
func (s Strip) holdLabel() string {
	if s.Holder == "" {
		return "Hold: " + s.Title
	}
	return "Hold or let go, held by " + s.Holder + ": " + s.Title
}

// quiet reports whether nobody waits.
func (p BoardPage) quiet() bool { return len(p.Bands) == 0 }

func (b Band) title() string { return strings.ToUpper(SeverityWord(b.Severity)) }

func plural(n int, one, many string) string {
	if n == 1 {
		return strconv.Itoa(n) + " " + one
	}
	return strconv.Itoa(n) + " " + many
}

func waits(n int) string {
	if n == 1 {
		return "waits"
	}
	return "wait"
}
