package hotline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// ContactReport is what a person types to log a contact: every field as text,
// so that it can be given back exactly as it was.
type ContactReport struct {
	ID                         string // made by the client, so that a retry makes no second record
	LineID                     string // empty: over no line of the register
	ChannelName, ChannelKind   string // empty with a line: the line's
	Parties                    string // NO, RU; empty with a line: the line's
	Initiators, Answerers      string // NO, RU, NATO; empty: not stated
	Start, StartPrecision      string
	End, EndPrecision          string // empty: not stated
	Outcome, Purpose           string
	Summary                    string
	Caller, Callee, Translator string
	Marking                    string
	Exercise                   bool
	Source, SourceID           string   // of a contact that an import brings: whose it is, and its id there
	Incidents                  []string // ids; for an edit, links are changed by Link and Unlink
	Relation                   string   // to all of the incidents
	Relations                  []string // to each of them, in their order; an empty one is Relation
	Reason                     string   // a word on why it is linked
}

// ContactFields is the order of the form's fields, which is also that of the
// messages about them.
var ContactFields = []string{"start", "end", "line", "kind", "channel", "initiators", "answerers", "outcome", "purpose", "summary", "caller", "callee", "translator", "marking", "incidents", "relation", "reason"}

const (
	maxText  = 64 << 10        // bytes of a text field
	maxLine  = 500             // characters of a one-line field
	maxLinks = 50              // incidents that one report names
	maxAhead = 5 * time.Minute // how far a clock may be ahead of ours
)

// contactReader collects what is wrong while a report is read.
type contactReader struct {
	fault.Problems
	now time.Time
}

// read fills a contact from the report. base is the contact as it was (the
// zero Contact for a new one): what the form does not show is kept, and a time
// that was not touched keeps the precision and the words it was recorded with.
// line is the line that the report names, nil without one.
func (rd *contactReader) read(r ContactReport, base Contact, line *Line) Contact {
	c := base
	rd.times(r, base, &c)
	rd.channel(r, base, line, &c)
	c.Initiators, c.Answerers = rd.nations("initiators", r.Initiators), rd.nations("answerers", r.Answerers)
	if !slices.Equal(c.Initiators, base.Initiators) || !slices.Equal(c.Answerers, base.Answerers) {
		c.Direction = direction(c.Initiators, c.Answerers)
	}
	c.Outcome = rd.choice("outcome", r.Outcome, Outcomes, "")
	if c.Outcome == "" {
		rd.Add("outcome", "What came of it? Choose one of "+Outcomes.Accepted()+"; for instance “no_answer”.")
	}
	c.Purpose = rd.choice("purpose", r.Purpose, Purposes, incidents.Unknown)
	if c.Purpose == "line_test" && c.LineID == "" && !rd.Has("line") {
		rd.Add("line", "A line test needs the line that was tested: choose it from the list, or choose another purpose.")
	}
	c.Summary = rd.text("summary", r.Summary)
	if c.Purpose == "other" && c.Summary == "" {
		rd.Add("summary", "The purpose is “other”: say in a sentence what it was about, such as “asked for rescue clearance”.")
	}
	c.Caller, c.Callee, c.Translator = rd.line("caller", r.Caller), rd.line("callee", r.Callee), rd.line("translator", r.Translator)
	c.Marking, c.Exercise = rd.line("marking", r.Marking), r.Exercise
	if r.Source != "" {
		c.Source, c.SourceID = rd.line("source", r.Source), rd.line("source_id", r.SourceID)
	}
	return c
}

func (rd *contactReader) times(r ContactReport, base Contact, c *Contact) {
	was := ContactReportOf(base)
	if base.Start.IsZero() || r.Start != was.Start || r.StartPrecision != was.StartPrecision {
		c.Start = rd.time("start", r.Start, r.StartPrecision)
	}
	switch {
	case strings.TrimSpace(r.End) == "":
		c.End = incidents.Moment{}
	case r.End != was.End || r.EndPrecision != was.EndPrecision:
		c.End = rd.time("end", r.End, r.EndPrecision)
	}
	if !c.Start.IsZero() && !c.End.IsZero() && c.End.To <= c.Start.From {
		rd.Add("end", fmt.Sprintf("The end, %s, lies before the start, %s. Enter a later one such as %s, or leave it empty.", c.End, c.Start, incidents.FormatDTG(c.Start.From.Time().Add(15*time.Minute))))
	}
}

// time reads one time; the zero Moment stands for one that cannot be used.
func (rd *contactReader) time(field, text, precision string) incidents.Moment {
	m, err := incidents.ReadTime(text, precision, rd.now)
	if err != nil {
		rd.Add(field, err.Error())
		return incidents.Moment{}
	}
	if m.From > incidents.MillisOf(rd.now.Add(maxAhead)) {
		rd.Add(field, fmt.Sprintf("%s lies in the future; it is %s now.", m, incidents.FormatDTG(rd.now)))
		return incidents.Moment{}
	}
	return m
}

// channel says how the two sides were connected: as the line is, where the
// report does not say otherwise. When another line is chosen, what still
// stands there of the line before goes.
func (rd *contactReader) channel(r ContactReport, base Contact, line *Line, c *Contact) {
	said := Channel{Name: rd.line("channel", r.ChannelName), Kind: rd.choice("kind", r.ChannelKind, Kinds, ""), Parties: rd.nations("channel", r.Parties)}
	c.LineID = ""
	if line != nil {
		c.LineID = line.ID
		moved := base.LineID != "" && base.LineID != line.ID
		if was := base.Channel; moved && said.Name == was.Name && said.Kind == was.Kind && slices.Equal(said.Parties, was.Parties) {
			said = Channel{}
		}
		if said.Name == "" {
			said.Name = line.Name
		}
		if said.Kind == "" {
			said.Kind = line.Kind
		}
		if len(said.Parties) == 0 {
			said.Parties = slices.Clone(line.Parties)
		}
	}
	if said.Kind == "" && !rd.Has("line") {
		rd.Add("kind", "Choose a line, or how they were connected: "+Kinds.Accepted()+"; for instance “phone”.")
	}
	c.Channel = said
}

// link checks one link against its incident.
func (rd *contactReader) link(c *Contact, inc *incidents.Incident, relation string) {
	if relation == "prompted_by" && !c.Start.IsZero() && !rd.Has("end") && EndedBefore(*c, *inc) {
		ended := "was over"
		when := c.Start
		if !c.End.IsZero() && c.End.Interval == endOfContact(c) {
			ended, when = "ended", c.End
		}
		rd.Add("relation", fmt.Sprintf("The contact %s (%s) before incident %s began (%s) and cannot have been prompted by it. Correct the times, or choose “coincident”.", ended, when, nameOf(inc), inc.Record.Start))
	}
	switch {
	case inc.Record.Exercise && !c.Exercise:
		rd.Add("incidents", fmt.Sprintf("Incident %s is an exercise and the contact is not: mark the contact as exercise, or take the incident off it.", nameOf(inc)))
	case !inc.Record.Exercise && c.Exercise:
		rd.Add("incidents", fmt.Sprintf("The contact is an exercise and incident %s is real: an exercise call answers no real incident. Take off the mark or the incident.", nameOf(inc)))
	}
}

// relation reads the relation to one incident.
func (rd *contactReader) relation(s string) string {
	s = rd.choice("relation", s, Relations, "")
	if s == "" && !rd.Has("relation") {
		rd.Add("relation", "What has the contact to do with the incident? Choose one of "+Relations.Accepted()+"; for instance “prompted_by”.")
	}
	return s
}

// reason reads why something is changed, which stays in the history.
func (rd *contactReader) reason(s, example string) string {
	if s = rd.line("reason", s); s == "" {
		rd.Add("reason", "Say in a few words why, such as “"+example+"”; it stays in the history.")
	}
	return s
}

// nations reads codes with commas, blanks or slashes between them; "?" and
// nothing mean that nobody said.
func (rd *contactReader) nations(field, text string) []string {
	var out []string
	for _, s := range strings.FieldsFunc(text, isSeparator) {
		code := strings.ToUpper(s)
		switch {
		case code == "?" || slices.Contains(out, code):
		case !incidents.ValidNation(code):
			rd.Add(field, fmt.Sprintf("“%s” is no nation; enter two-letter ISO 3166-1 codes such as NO, RU, or NATO.", clip(s)))
		default:
			out = append(out, code)
		}
	}
	return out
}

// choice reads one value of a closed list; nothing chosen means the fallback.
func (rd *contactReader) choice(field, value string, list incidents.Vocabulary, fallback string) string {
	value = strings.TrimSpace(value)
	if value == "" || value == "?" {
		return fallback
	}
	if !list.Has(value) {
		rd.Add(field, fmt.Sprintf("“%s” is not accepted; accepted: %s; for instance “%s”.", clip(value), list.Accepted(), list[0].Code))
	}
	return value
}

func (rd *contactReader) line(field, s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if n := len([]rune(s)); n > maxLine {
		rd.Add(field, fmt.Sprintf("Too long: %d characters; at most %d.", n, maxLine))
	}
	return s
}

func (rd *contactReader) text(field, s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	if len(s) > maxText {
		rd.Add(field, fmt.Sprintf("Too long: %d bytes; at most %d (64 KiB).", len(s), maxText))
	}
	return s
}

// direction writes who called whom as imports have it: NO->RU.
func direction(initiators, answerers []string) string {
	if len(initiators) == 0 || len(answerers) == 0 {
		return ""
	}
	return strings.Join(initiators, "/") + "->" + strings.Join(answerers, "/")
}

// nameOf is what people call an incident; a draft has no number yet.
func nameOf(inc *incidents.Incident) string {
	if inc.Number != "" {
		return inc.Number
	}
	return string(inc.ID)
}

// clip shortens what a message repeats of an input, on a whole rune.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// ContactReportOf writes a contact as the form shows it, so that filing it
// unchanged changes nothing.
func ContactReportOf(c Contact) ContactReport {
	r := ContactReport{
		ID: string(c.ID), LineID: string(c.LineID), ChannelName: c.Channel.Name, ChannelKind: c.Channel.Kind,
		Parties:    strings.Join(c.Channel.Parties, ", "),
		Initiators: strings.Join(c.Initiators, ", "), Answerers: strings.Join(c.Answerers, ", "),
		Outcome: c.Outcome, Purpose: c.Purpose, Summary: c.Summary, Caller: c.Caller, Callee: c.Callee, Translator: c.Translator,
		Marking: c.Marking, Exercise: c.Exercise,
	}
	r.Start, r.StartPrecision = timeText(c.Start)
	r.End, r.EndPrecision = timeText(c.End)
	return r
}

// timeText writes a time as it was typed, or as the form would have it.
func timeText(m incidents.Moment) (text, precision string) {
	switch {
	case m.IsZero():
		return "", ""
	case m.Text != "":
		return m.Text, string(m.Precision)
	}
	return incidents.FormatDTG(m.From.Time()), string(m.Precision)
}
