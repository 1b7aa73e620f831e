package view

import (
	"strconv"
	"strings"
)

// FlowPanel is what has been done with a report, and what may be done with it
// now: on the page of an incident.
type FlowPanel struct {
	ID        string
	Base      int // revision of the incident and of its workflow that the page shows
	Flow      int
	Checks    []CheckMark // empty where nobody has to check anything
	Done      int
	CheckedBy string // "berg, lund"
	Returned  *Retraction
	Into      *MergedInto
	From      []MergedLink
	Holder    string // empty: nobody
	HeldSince Moment
	TakenFrom string
	Mine      bool   // the reader holds it
	Flagged   string // who set it askew; empty: nobody
	FlaggedAt Moment

	MayHold, MayCheck, MayReturn, MayClose, MayReopen, MayMerge bool

	Form       FlowForm
	ErrorTitle string
	Errors     []FieldError
}

// CheckMark is one of the five fields: who found it right, or nobody yet.
type CheckMark struct {
	Field, Label string
	By           string
	At           Moment
}

// MergedInto names the incident that stands instead.
type MergedInto struct {
	Number, Title, Href string
	Next                *MergedLink // where that one was merged in its turn
}

// MergedLink is an incident that another page leads to.
type MergedLink struct{ Number, Title, Href string }

// FlowForm is what was typed into the forms of the panel.
type FlowForm struct{ Remark, Reopen, Into, Merge string }

// any reports whether there is anything to show above the record.
func (p FlowPanel) any() bool {
	return len(p.Checks) > 0 || p.Holder != "" || p.Flagged != "" || p.MayHold
}

// flagStep is where the button of the flag leads, and flagWord what it says.
func flagStep(by string) string { return strings.ToLower(flagWord(by)) }

func flagWord(by string) string {
	if by != "" {
		return "Unflag"
	}
	return "Flag"
}

// holdLabel is what the button for claiming says.
func (p FlowPanel) holdLabel() string {
	if p.Holder != "" {
		return "Take over"
	}
	return "Hold"
}

// ticked writes "3 of 5 checked", or that all are.
func (p FlowPanel) ticked() string { return tickedWords(p.Done, len(p.Checks)) }

func tickedWords(done, all int) string {
	switch done {
	case 0:
		return "Not checked yet"
	case all:
		return "All " + strconv.Itoa(all) + " fields checked"
	}
	return strconv.Itoa(done) + " of " + strconv.Itoa(all) + " checked"
}

// CheckPage is where a second person looks at the five fields, one by one.
type CheckPage struct {
	Frame             Frame
	ID, Number, Title string
	Href              string
	Author            string
	Waited            string
	Base, Flow        int
	Contacts          int64 // when the contacts were last written
	Fields            []CheckField
	Done              int
	CheckedBy         string
	Own               bool // the reader wrote it
	Returned          *Retraction
	Severity          string
	Narrative         string
	Sources           []SourceLine
	Remark, RemarkErr string
	Errors            []FieldError
}

// CheckField is one field of the five, large, with what it rests on.
type CheckField struct {
	CheckMark
	No       int
	Lines    []Value // the value, most important first
	Typed    []Fact  // the words of the source, as typed
	Checked  bool    // the box is ticked
	Disabled bool
	Note     string
}

// right is what the tick says.
func (f CheckField) right() string {
	if strings.HasSuffix(f.Label, "s") {
		return f.Label + " are right"
	}
	return f.Label + " is right"
}

// QueuePage is the reports that wait for a second person.
type QueuePage struct {
	Frame       Frame
	Rows        []QueueRow
	Total       int
	Exercise    bool
	Exercises   int    // that wait beside those shown
	Median      string // time to verification; empty: none yet
	MedianCount int
	Days        int
}

// QueueRow is one report that waits.
type QueueRow struct {
	ID, Href, Page, Number, Title, Who string
	Severity                           string
	Waited                             string
	Since                              Moment
	Author                             string
	Checks                             []CheckMark
	Done                               int
	CheckedBy                          string
	Returned                           string // the remark
	Holder                             string
	Own, Exercise                      bool
}

// RetractionsPage is what was taken out of the log, for those who took data
// from it.
type RetractionsPage struct {
	Frame       Frame
	Rows        []RetractionRow
	Since, AsOf string // as typed
	JSON        string // address of the same for programs
	Cut         bool   // there are more, further back
	Errors      []FieldError
}

// RetractionRow is one incident that is retracted or merged.
type RetractionRow struct {
	Href, Number, Title, By, Reason string
	At                              Moment
	Into                            *MergedLink
	Exercise                        bool
}

// StepRow is one step of a report, from which states it can be taken.
type StepRow struct{ Step, From, To, Who, Needs, Words string }

// shortName is a name in the little room that a list has.
func shortName(name string) string {
	if r := []rune(name); len(r) > 14 {
		return string(r[:13]) + "…"
	}
	return name
}

func pluralWord(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
