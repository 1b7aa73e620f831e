package web

import (
	"fmt"
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// addAnswer fills the part of the page that answers the question: the
// sentence, what it rests on, four figures, the timeline and every contact.
func addAnswer(p *view.IncidentPage, r *incidentReads) {
	a := r.Assessment
	p.Status, p.Best, p.Open = string(a.Worst), string(a.Best), r.Case.Open()
	p.Asked = asked(a.Rule)
	words := hotline.Explain(r.Case)
	p.Headline, p.Reasons = words.Headline, words.Reasons
	p.WhatIf = whatIf(r)
	p.Verdict = verdictFigures(r.Case)
	p.Timeline = view.DrawTimeline(timelineOf(r.Case))
	p.Figures = timeFigures(r.Case, r.at.AsOf)
	mayUnlink := p.Frame.AsOf == nil && p.Frame.User != nil && p.Frame.User.CanWrite
	for _, l := range r.Contacts {
		block := contactBlock(r.Case, l, r.at.AsOf)
		block.Unlink = mayUnlink
		p.Contacts = append(p.Contacts, block)
	}
}

// asked says what a rule asks for, as a label.
func asked(rule hotline.Rule) string {
	within := hotline.FormatDuration(hotline.Millis(rule.WithinS) * 1000)
	switch rule.Need {
	case hotline.NeedDirect:
		return "Direct contact within " + within
	case hotline.NeedAny:
		return "Any contact within " + within
	}
	return "No contact asked for"
}

// whatIf is the answer that today's policy would give, where it asks for
// something else than the one frozen into the incident.
func whatIf(r *incidentReads) string {
	inc := r.Incident
	rule := r.today.For(inc.Record.Severity, inc.Derived.Region)
	frozen := r.Assessment.Rule
	if r.at.AsOf != 0 || r.today.Version == inc.PolicyVersion || rule.Need == frozen.Need && rule.WithinS == frozen.WithinS {
		return ""
	}
	other := r.Case
	other.Assessment = hotline.Assess(inc, rule, r.Contacts, r.at.Now)
	return fmt.Sprintf("Under today’s policy, version %d: %s", r.today.Version, hotline.Explain(other).Headline)
}

// verdictFigures are the four figures under the answer.
func verdictFigures(c hotline.Case) []view.Figure {
	a := c.Assessment
	any := func(hotline.Linked) bool { return true }
	through := func(l hotline.Linked) bool { return hotline.GotThrough(l.Outcome) }
	direct := func(l hotline.Linked) bool { return through(l) && hotline.IsDirect(l.Channel.Kind) }
	return []view.Figure{
		firstFigure("First attempt", a.FirstAttempt, c, any),
		firstFigure("First contact that got through", a.FirstContact, c, through),
		firstFigure("First direct contact", a.FirstDirect, c, direct),
		triedFigure(c),
	}
}

func firstFigure(label string, b *hotline.Bounds, c hotline.Case, which func(hotline.Linked) bool) view.Figure {
	if b == nil {
		return view.Figure{Label: label, Value: "none on record", None: true}
	}
	f := view.Figure{Label: label, Value: hotline.FormatBounds(*b)}
	if l, ok := earliest(c, which); ok {
		f.Note = kindWord(l.Channel.Kind) + ", " + l.Start.String()
	}
	return f
}

// earliest gives the first counting contact of some sort.
func earliest(c hotline.Case, which func(hotline.Linked) bool) (first hotline.Linked, ok bool) {
	var least hotline.Bounds
	for _, l := range c.Contacts {
		after := delayOf(c.Incident, l)
		if after == nil || !which(l) {
			continue
		}
		if !ok || after.Min < least.Min || after.Min == least.Min && after.Max < least.Max {
			first, least, ok = l, *after, true
		}
	}
	return first, ok
}

// delayOf is the time from the incident to one contact; nil when the contact
// counts for nothing. The rule is asked about it alone.
func delayOf(inc incidents.Incident, l hotline.Linked) *hotline.Bounds {
	return hotline.FactsOf(inc, hotline.Rule{Need: hotline.NeedNone}, []hotline.Linked{l}).FirstAttempt
}

func triedFigure(c hotline.Case) view.Figure {
	a := c.Assessment
	if a.Attempts == 0 {
		f := view.Figure{Label: "Tried", Value: "nobody tried", None: true}
		if c.Incident.Record.Absence == "public_sources" {
			f.Value = "none on record"
		}
		return f
	}
	f := view.Figure{Label: "Tried", Value: fmt.Sprintf("%d of %d through", a.Through, a.Attempts)}
	if a.Through > 0 {
		f.Note = fmt.Sprintf("%d direct, %d diplomatic", a.Direct, a.Diplomatic)
	}
	return f
}

// timelineOf gives the picture of a case its times.
func timelineOf(c hotline.Case) view.TimelineTimes {
	rec, a := c.Incident.Record, c.Assessment
	t := view.TimelineTimes{
		Start: spanOf(rec.Start), End: spanOf(rec.End), StartText: shortMoment(rec.Start),
		Now: a.Now.Time(), Open: c.Open(),
	}
	if a.HasDeadline() {
		t.Deadline = view.Span{From: a.DeadlineFrom.Time(), To: a.DeadlineTo.Time()}
		t.DeadlineAt = deadlineText(a)
	}
	for _, l := range c.Contacts {
		t.Rows = append(t.Rows, timelineRow(c, l))
	}
	return t
}

func timelineRow(c hotline.Case, l hotline.Linked) view.TimelineRow {
	row := view.TimelineRow{Title: contactTitle(l.Contact), Note: contactNote(l.Contact), Remark: contactMeaning(c, l), Start: spanOf(l.Start), End: spanOf(l.End), Kind: "idle"}
	after := delayOf(c.Incident, l)
	switch {
	case after == nil:
	case !hotline.GotThrough(l.Outcome):
		row.Kind = "attempt"
	case hotline.IsDirect(l.Channel.Kind):
		row.Kind = "direct"
	default:
		row.Kind = "diplomatic"
	}
	row.Figure = "not counted"
	if after != nil {
		row.Figure = hotline.FormatBounds(*after)
	}
	return row
}

// timeFigures are the rows of the table under the timeline.
func timeFigures(c hotline.Case, asOf incidents.Millis) []view.TimeFigure {
	rec, a := c.Incident.Record, c.Assessment
	rows := []view.TimeFigure{{What: "Incident began", When: momentOf(rec.Start), After: "0", Means: knownTo(rec.Start)}}
	if a.HasDeadline() {
		row := view.TimeFigure{What: "Deadline", When: instantOf(a.DeadlineFrom), After: hotline.FormatDuration(hotline.Millis(a.Rule.WithinS) * 1000), Means: asked(a.Rule)}
		if a.DeadlineTo-a.DeadlineFrom > 60_000 {
			row.When = view.Moment{Text: incidents.FormatDTG(a.DeadlineFrom.Time()) + " to " + incidents.FormatDTG(a.DeadlineTo.Time())}
		}
		rows = append(rows, row)
	}
	for _, l := range c.Contacts {
		row := timelineRow(c, l)
		rows = append(rows, view.TimeFigure{What: row.Title, Href: withAsOf(contactPath(l.ID), asOf), When: momentOf(l.Start), After: row.Figure, Means: contactNote(l.Contact) + ": " + row.Remark})
	}
	return rows
}

// contactMeaning says what one contact means for the incident.
func contactMeaning(c hotline.Case, l hotline.Linked) string {
	basis, whyNot := hotline.BasisOf(c.Incident, l)
	if basis == "" {
		return "counts for nothing: " + whyNot
	}
	if !hotline.GotThrough(l.Outcome) {
		return withBasis("an attempt", basis)
	}
	sort := sortOf(l.Channel.Kind)
	rule := c.Assessment.Rule
	if rule.Need == hotline.NeedNone {
		return withBasis(sort+", none was asked for", basis)
	}
	if rule.Need == hotline.NeedDirect && sort != "direct" {
		return withBasis("diplomatic, direct asked for", basis)
	}
	// The contact alone, as if we would know of any other, is early or late by
	// the rule itself.
	alone := c.Incident
	alone.Record.Absence = "own_log"
	switch s := hotline.FactsOf(alone, rule, []hotline.Linked{l}).Phase[2]; {
	case s.Worst == hotline.Followed:
		return withBasis(sort+", in time", basis)
	case s.Best == hotline.FollowedLate:
		return withBasis(sort+", late for certain", basis)
	}
	return withBasis(sort+", may be in time", basis)
}

func withBasis(s, basis string) string {
	if basis == hotline.BasisLink {
		return s + ", order from the link"
	}
	return s
}

func sortOf(kind string) string {
	if hotline.IsDirect(kind) {
		return "direct"
	}
	return "diplomatic"
}

func kindWord(kind string) string {
	if kind == "" {
		return "kind unknown"
	}
	return hotline.Kinds.Word(kind)
}

// contactTitle names a contact by the line or the channel it went over.
func contactTitle(c hotline.Contact) string {
	if c.Channel.Name != "" {
		return c.Channel.Name
	}
	w := kindWord(c.Channel.Kind)
	return strings.ToUpper(w[:1]) + w[1:]
}

// contactNote is kind, direction and outcome in one line.
func contactNote(c hotline.Contact) string {
	parts := []string{kindWord(c.Channel.Kind)}
	if d := directionOf(c); d != "" {
		parts = append(parts, d)
	}
	return strings.Join(append(parts, hotline.Outcomes.Word(c.Outcome)), " · ")
}

// directionOf says who called whom.
func directionOf(c hotline.Contact) string {
	if len(c.Initiators) > 0 && len(c.Answerers) > 0 {
		return strings.Join(c.Initiators, ", ") + " to " + strings.Join(c.Answerers, ", ")
	}
	return c.Direction
}
