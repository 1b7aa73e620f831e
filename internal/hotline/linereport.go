package hotline

import (
	"fmt"
	"slices"
	"strings"

	"interceptlog/internal/incidents"
)

// LineReport is what a supervisor types about a line: every field as text, so
// that it can be given back exactly as it was.
type LineReport struct {
	ID                   string // made by the client, so that a retry makes no second record
	Name, Short          string
	Parties              string // NO, RU; “any” where it is whoever was met
	Kind                 string
	Regions              []string
	Hours, Languages     string // languages: en, ru
	Number, Reach        string
	Notation             string // empty: nobody said
	TestSchedule, Tests  string // in words; and as ParseSchedule reads it, empty for none
	State, StateNote     string
	Established, Summary string
	Exercise             bool
	Reason               string
}

// LineFields is the order of the form's fields, which is also that of the
// messages about them.
var LineFields = []string{"name", "short", "parties", "kind", "regions", "state", "state_note", "hours", "languages", "number", "reach", "notation", "test_schedule", "tests", "established", "summary", "reason"}

// Notations are those in which a position can be read to the other side; see
// geo.Reading.In.
var Notations = incidents.Vocabulary{
	{Code: "dm", Word: "degrees and minutes", Meaning: "58°54.0'N 022°30.0'E"},
	{Code: "dms", Word: "degrees, minutes and seconds", Meaning: `58°54'00"N 022°30'00"E`},
	{Code: "dd", Word: "decimal degrees", Meaning: "58.9000°N 022.5000°E"},
	{Code: "mgrs", Word: "MGRS", Meaning: "34VFL 12345 67890"},
	{Code: "utm", Word: "UTM", Meaning: "34V 612345 6567890"},
	{Code: "georef", Word: "GEOREF", Meaning: "PJKN 3000 5400"},
}

// maxShort is what the strip of lines has room for.
const maxShort = 24

// readLine fills a line from the report. base is the line as it was (the zero
// Line for a new one): what the form does not show is kept.
func (rd *contactReader) readLine(r LineReport, base Line) Line {
	l := base
	if l.Name = rd.line("name", r.Name); l.Name == "" {
		rd.Add("name", "Give the line a name, such as “Norwegian Joint Headquarters – Northern Fleet”.")
	}
	l.Short = rd.line("short", r.Short)
	if n := len([]rune(l.Short)); n == 0 || n > maxShort {
		rd.Add("short", fmt.Sprintf("Give a short name of 1 to %d characters for the strip of lines, such as “NJHQ–N FLEET”.", maxShort))
	}
	l.Parties = rd.parties(r.Parties)
	if l.Kind = rd.choice("kind", r.Kind, Kinds, ""); l.Kind == "" {
		rd.Add("kind", "Choose what kind of line it is: "+Kinds.Accepted()+"; for instance “phone”.")
	}
	l.Regions = nil
	for _, code := range r.Regions {
		if code = rd.choice("regions", code, incidents.RegionCodes, ""); code != "" && !slices.Contains(l.Regions, code) {
			l.Regions = append(l.Regions, code)
		}
	}
	l.Hours, l.Languages = rd.line("hours", r.Hours), rd.languages(r.Languages)
	l.Number, l.Reach = rd.line("number", r.Number), rd.text("reach", r.Reach)
	l.Notation = rd.choice("notation", r.Notation, Notations, "")
	l.TestSchedule = rd.line("test_schedule", r.TestSchedule)
	tests, err := ParseSchedule(r.Tests)
	if err != nil {
		rd.Add("tests", upperFirst(err.Error())+".")
	}
	l.Tests = tests
	if l.TestSchedule == "" {
		l.TestSchedule = tests.String()
	}
	l.State, l.StateNote = rd.choice("state", r.State, LineStates, incidents.Unknown), rd.line("state_note", r.StateNote)
	if base.Revision > 0 && l.State != base.State {
		l.StateSince = incidents.MillisOf(rd.now)
	}
	l.Established, l.Summary, l.Exercise = rd.line("established", r.Established), rd.text("summary", r.Summary), r.Exercise
	return l
}

// parties reads between whom the line is.
func (rd *contactReader) parties(text string) []string {
	var rest []string
	any := false
	for _, s := range strings.FieldsFunc(text, isSeparator) {
		if strings.EqualFold(s, "any") {
			any = true
		} else {
			rest = append(rest, s)
		}
	}
	out := rd.nations("parties", strings.Join(rest, " "))
	if any {
		out = append([]string{"any"}, out...)
	}
	if len(out) < 2 && !rd.Has("parties") {
		rd.Add("parties", "A line is between two sides at least: enter codes such as “NO, RU”, or NATO, or any.")
	}
	return out
}

// languages reads codes of ISO 639-1.
func (rd *contactReader) languages(text string) []string {
	var out []string
	for _, s := range strings.FieldsFunc(strings.ToLower(text), isSeparator) {
		if len(s) != 2 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") != "" {
			rd.Add("languages", fmt.Sprintf("“%s” is no language; enter two-letter ISO 639-1 codes such as “en, ru”.", clip(s)))
		} else if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// isSeparator parts the codes of a list.
func isSeparator(c rune) bool { return strings.ContainsRune(", ;/\t\r\n", c) }

func upperFirst(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// LineReportOf writes a line as the form shows it, so that filing it unchanged
// changes nothing.
func LineReportOf(l Line) LineReport {
	return LineReport{
		ID: string(l.ID), Name: l.Name, Short: l.Short, Parties: strings.Join(l.Parties, ", "), Kind: l.Kind, Regions: slices.Clone(l.Regions),
		Hours: l.Hours, Languages: strings.Join(l.Languages, ", "), Number: l.Number, Reach: l.Reach, Notation: l.Notation,
		TestSchedule: l.TestSchedule, Tests: l.Tests.String(), State: l.State, StateNote: l.StateNote,
		Established: l.Established, Summary: l.Summary, Exercise: l.Exercise,
	}
}

// LineEventReport is what is typed to log an event of a line.
type LineEventReport struct {
	ID, LineID string
	Kind       string
	From, To   string // empty: now, and open
	Note, Who  string
	Reason     string // of a correction
}

// LineEventFields is the order of its form.
var LineEventFields = []string{"kind", "from", "to", "note", "who", "reason"}

// readEvent fills an event from the report. base is the event as it was; a time
// that was not touched stays as it is.
func (rd *contactReader) readEvent(r LineEventReport, base LineEvent) LineEvent {
	e := base
	if e.Kind = rd.choice("kind", r.Kind, LineEventKinds, ""); e.Kind == "" && !rd.Has("kind") {
		rd.Add("kind", "What happened to the line? Choose one of "+LineEventKinds.Accepted()+"; for instance “fault”.")
	}
	was := LineEventReportOf(base)
	switch {
	case strings.TrimSpace(r.From) == "":
		e.From = incidents.MillisOf(rd.now)
	case base.From == 0 || r.From != was.From:
		e.From = rd.moment("from", r.From)
	}
	switch {
	case strings.TrimSpace(r.To) == "":
		e.To = 0
	case base.To == 0 || r.To != was.To:
		e.To = rd.moment("to", r.To)
	}
	now := incidents.MillisOf(rd.now.Add(maxAhead))
	if e.From > now && e.Kind != "planned_outage" && !rd.Has("from") {
		rd.Add("from", fmt.Sprintf("%s lies in the future; it is %s now. Only a planned outage can be known before.", incidents.FormatDTG(e.From.Time()), incidents.FormatDTG(rd.now)))
	}
	switch {
	case e.To == 0 || rd.Has("from") || rd.Has("to"):
	case e.Kind == "restored":
		rd.Add("to", "A line is restored at a moment: leave the end empty.")
	case e.To <= e.From:
		rd.Add("to", fmt.Sprintf("The end, %s, does not lie after the start, %s. Enter a later one, or leave it empty while it lasts.", incidents.FormatDTG(e.To.Time()), incidents.FormatDTG(e.From.Time())))
	}
	e.Note, e.Who = rd.text("note", r.Note), rd.line("who", r.Who)
	return e
}

// moment reads the minute that a time begins with; 0 for one that cannot be
// used.
func (rd *contactReader) moment(field, text string) Millis {
	m, err := incidents.ReadTime(text, "", rd.now)
	if err != nil {
		rd.Add(field, err.Error())
		return 0
	}
	return m.From
}

// LineEventReportOf writes an event as its form shows it.
func LineEventReportOf(e LineEvent) LineEventReport {
	r := LineEventReport{ID: string(e.ID), LineID: string(e.LineID), Kind: e.Kind, Note: e.Note, Who: e.Who}
	if e.From != 0 {
		r.From = incidents.FormatDTG(e.From.Time())
	}
	if e.To != 0 {
		r.To = incidents.FormatDTG(e.To.Time())
	}
	return r
}
