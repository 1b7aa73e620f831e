package view

import (
	"strconv"

	"github.com/a-h/templ"
)

// IncidentPage is one incident: the answer first, then the record.
type IncidentPage struct {
	Frame  Frame
	ID     string
	Number string
	Title  string

	Revision  int
	Base      int            // the revision that a change is made from
	Revisions []RevisionLink // all, for the way to each
	Written   []RevisionLink // those written by the moment shown, newest first
	Earlier   string         // address of the revision before and after the one shown
	Later     string
	AsOfText  string // as typed into the field

	Severity     string
	Status, Best string
	Open         bool // somebody still waits
	Asked        string
	Start        Moment
	Region       string
	RegionHref   string
	Report       string

	Retracted *Retraction
	Headline  string
	Reasons   []string
	WhatIf    string
	Verdict   []Figure
	Timeline  Timeline
	Figures   []TimeFigure
	Contacts  []ContactBlock

	Parties    []PartyRow
	Conduct    []Fact
	Where      []Fact
	Times      []Fact
	Rating     []Fact
	RecordOf   []Fact
	Claims     ClaimTable
	Dispute    string
	Narrative  string
	Sources    []SourceLine
	Searches   []SearchLine
	Chart      templ.Component
	ChartFar   templ.Component // the same place in its sea
	NoPosition bool
	Basis      string

	Retract RetractForm
	Flow    FlowPanel
	Notes   Notes
}

// RevisionLink is one revision in the bar on top and in the list below.
type RevisionLink struct {
	No      int
	Text    string // 141900Z
	At      Moment
	By      string
	Reason  string
	Href    string
	Current bool
}

// Retraction says that the incident was taken back.
type Retraction struct {
	At     Moment
	By     string
	Reason string
}

// Figure is one of the four under the answer.
type Figure struct {
	Label, Value, Note string
	None               bool // the value is a word, not a figure
}

// TimeFigure is one row of the table under the timeline.
type TimeFigure struct {
	What         string
	Href         string
	When         Moment
	After, Means string
}

// ContactBlock is one contact, whole, with what it means for this incident.
type ContactBlock struct {
	ID, Href, Title string
	Outcome         string
	Kind            string // direct or diplomatic
	Remark          string
	When            Moment
	Summary         string
	Facts           []Fact
	Sources         []SourceLine
	Unlink          bool
	UnlinkID        string // id of the field, so that each has its own
}

// PartyRow is one line of the table in which the two sides stand beside each
// other.
type PartyRow struct {
	Label                     string
	Intercepting, Intercepted []Value
}

// ClaimTable is who says what. With few claimants each has a column; otherwise
// every claim is a row of its own.
type ClaimTable struct {
	Claimants []string
	Rows      []ClaimRow
	Count     int
}

// ClaimRow is what the claimants say of one thing, in their order.
type ClaimRow struct {
	Field string
	Cells [][]Value
}

// SourceLine is a publication; without an address it is no link.
type SourceLine struct{ Title, URL, By, Date string }

// SearchLine is a search that found no contact.
type SearchLine struct{ Who, When, Where, Outcome string }

// RetractForm is what a supervisor takes the record back with.
type RetractForm struct {
	May    bool
	Reason string
	Errors []FieldError
}

// historyHref is the page of all revisions, read at the same moment.
func (p IncidentPage) historyHref() string { return "/incidents/" + p.ID + "/history" + p.asOfQuery() }

// sequenceHref is the timeline in words.
func (p IncidentPage) sequenceHref() string {
	return "/incidents/" + p.ID + "/timeline" + p.asOfQuery()
}

// geoHref is the file of this incident, read at the same moment.
func (p IncidentPage) geoHref() string { return "/incidents/" + p.ID + ".geojson" + p.asOfQuery() }

// zipHref is the same with the attachments.
func (p IncidentPage) zipHref() string { return "/incidents/" + p.ID + "/export.zip" + p.asOfQuery() }

func (p IncidentPage) asOfQuery() string {
	if p.Frame.AsOf == nil {
		return ""
	}
	return "?as_of=" + p.Frame.AsOf.UTC().Format("2006-01-02T15:04:05.000Z")
}

func claimCount(n int) string {
	if n == 1 {
		return "1 claim"
	}
	return strconv.Itoa(n) + " claims"
}
