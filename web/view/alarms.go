package view

import (
	"fmt"
	"strconv"
	"time"

	"interceptlog/internal/alarm"
)

// AlarmBar is what calls for somebody, on every page; with nothing standing it
// shows nothing.
type AlarmBar struct {
	Rows     []AlertRow // standing alarms, warnings and cautions, the most urgent first
	Shelved  int
	CanWrite bool
	OnList   bool // the page is the list itself
}

// AlertRow is one alert.
type AlertRow struct {
	ID, Kind, Title string
	Facts           []string
	Action, Link    string
	Deadline        time.Time // zero: none
	Now             time.Time
	Rough           bool // the deadline is the earliest possible one
	Past            bool
	Severity        string
	Exercise        bool
	Marking         string // where it is above the lowest: the bar stands on pages of any marking
	Revision        int
	Raised          Moment
	State           string // waits, seen, shelved, over (and nobody has seen it), known (needs nobody)
	By              string // who acknowledged or shelved it
	At              Moment // when, or for shelved: until when
	Words           string // remark or reason

	Remark, Reason, Minutes string       // as they were refused
	Errors                  []FieldError // against the fields of this row
	Focus                   bool         // the person came to acknowledge this one
}

// word is the kind in words, as the bar and the list write it.
func (r AlertRow) word() string { return alarm.Kinds.Word(r.Kind) }

// loud tells whether it makes a sound.
func (r AlertRow) loud() bool { return alarm.Kind(r.Kind).Loud() }

// waits tells whether somebody has still to acknowledge it.
func (r AlertRow) waits() bool { return r.State == "waits" || r.State == "over" }

// stateWords are the words of the state, which carry it without any colour.
func (r AlertRow) stateWords() string {
	switch r.State {
	case "waits":
		return "not acknowledged"
	case "over":
		return "not acknowledged, and over by now"
	case "seen":
		return "acknowledged by " + r.By
	case "shelved":
		return "shelved by " + r.By
	}
	return "nothing to acknowledge"
}

// note says what a rough deadline is.
func (r AlertRow) note() string {
	switch {
	case r.Rough && r.Past:
		return "past the earliest possible"
	case r.Rough:
		return "to the earliest possible"
	}
	return ""
}

// top is the alert that the bar tells in full.
func (b AlarmBar) top() AlertRow { return b.Rows[0] }

// waiting counts those that nobody has acknowledged.
func (b AlarmBar) waiting() (n int) {
	for _, r := range b.Rows {
		if r.waits() {
			n++
		}
	}
	return n
}

// rest says what stands behind the first.
func (b AlarmBar) rest() string {
	n := map[string]int{}
	for i, r := range b.Rows {
		if i > 0 {
			n[r.Kind]++
		}
	}
	text := ""
	for _, k := range alarm.Kinds.Codes() {
		if n[k] > 0 {
			text = joinComma(text, plural(n[k], alarm.Kinds.Word(k), alarm.Kinds.Word(k)+"s"))
		}
	}
	if b.Shelved > 0 {
		text = joinComma(text, strconv.Itoa(b.Shelved)+" shelved")
	}
	return text
}

func joinComma(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}

// class is how the bar looks: filled while nobody has seen what it tells,
// framed after that, and without a hue where nothing is urgent.
func (b AlarmBar) class() string {
	if len(b.Rows) == 0 {
		return "quiet"
	}
	return "k-" + b.top().Kind + " " + b.top().State
}

// ackHref leads to the field in which the first alert is acknowledged. It has no
// fragment: with one, browsers pass over autofocus.
func (b AlarmBar) ackHref() string { return "/alarms?ack=" + b.top().ID }

// AlarmsPage is the list of what stands.
type AlarmsPage struct {
	Frame    Frame
	Groups   []AlertGroup
	Log      []AlertEntry // the newest entries
	CanWrite bool
	Title    string // of the error summary
	Errors   []FieldError
}

// AlertGroup is one part of the list.
type AlertGroup struct {
	ID, Title, Note string
	Rows            []AlertRow
}

// empty tells whether nothing stands at all.
func (p AlarmsPage) empty() bool {
	for _, g := range p.Groups {
		if len(g.Rows) > 0 {
			return false
		}
	}
	return true
}

// shelfOptions are the minutes for which one may be shelved.
func shelfOptions() []Option {
	var list []Option
	for _, m := range alarm.Shelves {
		list = append(list, Option{Value: strconv.Itoa(m), Label: strconv.Itoa(m) + " min"})
	}
	return list
}

// AlertEntry is one line of the log of alarms.
type AlertEntry struct {
	At                                         Moment
	Kind, Action, Title, By, Words, Link, Href string
	Exercise                                   bool
}

// AlarmLogPage is the log of alarms with its filter.
type AlarmLogPage struct {
	Frame                                Frame
	Rows                                 []AlertEntry
	Total                                int
	Kind, Action, By, From, To, Exercise string
	AsOf                                 string
	Actions, Kinds                       []Option
	Errors                               []FieldError
	First, Next                          string
	Filtered, CanManage                  bool
}

// AlarmFiguresPage says whether there are too many alarms.
type AlarmFiguresPage struct {
	Frame    Frame
	From, To Moment
	Days     string
	Short    bool // fewer days than say anything
	Exercise bool
	Rows     []FigureRow
}

// FigureRow is a figure, what it should be, and whether it is.
type FigureRow struct {
	Name, Figure, Target, Verdict string
	Over                          bool
}

// Percent writes a share, 0 to 1, with a digit where it is small.
func Percent(share float64) string {
	if share > 0 && share < 0.1 {
		return fmt.Sprintf("%.1f %%", share*100)
	}
	return fmt.Sprintf("%.0f %%", share*100)
}
