package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

const (
	latestShown = 14  // contacts under the register
	lookBack    = 500 // contacts in which the last of each line is looked for: the most of one read
)

// listLines is the register of the lines.
func (s *Server) listLines(c echo.Context) error {
	ctx := c.Request().Context()
	asOf, err := asOfParam(c)
	if err != nil {
		return err
	}
	lines, err := s.Store.Lines(ctx, asOf)
	if err != nil {
		return err
	}
	found, err := s.Store.Contacts(ctx, hotline.ContactFilter{Tests: true, AsOf: asOf, Limit: lookBack})
	if err != nil {
		return err
	}
	p := view.LinesPage{Frame: s.frame(c, "Lines", "lines"), Rows: lineRows(lines, found, asOf), Counts: lineCounts(lines), Query: strings.TrimPrefix(withAsOf("", asOf), "/")}
	calls, tests := splitTests(found.Contacts)
	p.Total = found.Total - len(tests)
	calls = calls[:min(len(calls), latestShown)]
	p.Contacts = s.contactRows(calls, lines, asOf)
	s.at(&p.Frame, asOf)
	s.markContacts(&p.Frame, calls)
	for _, l := range lines {
		p.Frame.Exercise = p.Frame.Exercise || l.Exercise
	}
	p.Frame.Keys = []view.Key{{Key: "C", Label: "call"}, {Key: "T", Label: "log a test"}, {Key: "J K", Label: "move"}, {Key: "Enter", Label: "open the line"}}
	return page(c, http.StatusOK, view.Lines(p))
}

// splitTests parts line tests from what was said in earnest.
func splitTests(list []hotline.ContactWithIncidents) (calls, tests []hotline.ContactWithIncidents) {
	for _, k := range list {
		if k.Purpose == "line_test" {
			tests = append(tests, k)
		} else {
			calls = append(calls, k)
		}
	}
	return calls, tests
}

// lineRows makes the rows of the register; the contacts come newest first.
func lineRows(lines []hotline.Line, found hotline.ContactPage, asOf incidents.Millis) []view.LineRow {
	lastCall, lastTest := map[hotline.LineID]*view.LastContact{}, map[hotline.LineID]*view.LastContact{}
	for _, k := range found.Contacts {
		last := lastCall
		if k.Purpose == "line_test" {
			last = lastTest
		}
		if k.LineID != "" && last[k.LineID] == nil && !k.Retracted {
			last[k.LineID] = &view.LastContact{When: k.Start, Outcome: hotline.Outcomes.Word(k.Outcome), Href: withAsOf(contactPath(k.ID), asOf)}
		}
	}
	rows := make([]view.LineRow, len(lines))
	for i, l := range lines {
		chip := lineChip(l)
		rows[i] = view.LineRow{
			Href: withAsOf("/lines/"+string(l.ID), asOf), Short: l.Short, Name: l.Name, Glyph: chip.Glyph, State: hotline.LineStates.Word(l.State), Kind: hotline.Kinds.Word(l.Kind),
			Hours: l.Hours, Schedule: l.TestSchedule, Attention: chip.Attention, Fault: chip.Fault, Exercise: l.Exercise,
			LastTest: lastTest[l.ID], LastContact: lastCall[l.ID], Beyond: found.Next != "",
		}
	}
	return rows
}

// lineCounts says how many lines are in each state that has any; what needs
// somebody is always said, none included.
func lineCounts(lines []hotline.Line) []view.LineCount {
	n := map[string]int{}
	for _, l := range lines {
		n[l.State]++
	}
	var counts []view.LineCount
	for _, t := range hotline.LineStates {
		c := view.LineCount{N: n[t.Code], Word: t.Word}
		switch t.Code {
		case "in_use", "down":
		case "degraded":
			c.Sense = "due"
		default:
			if c.N == 0 {
				continue
			}
		}
		if c.N > 0 && (t.Code == "down" || t.Code == "suspended") {
			c.Sense = "late"
		}
		if c.N == 0 {
			c.Sense = ""
		}
		counts = append(counts, c)
	}
	return counts
}

// showLine is the page of one line with its contacts and its history.
func (s *Server) showLine(c echo.Context) error {
	ctx := c.Request().Context()
	id, ok := incidents.ParseID(c.Param("id"))
	if !ok {
		return fault.New(fault.NotFound, "There is no such line.")
	}
	f, err := lineFilterOf(c.QueryParams())
	if err != nil {
		return err
	}
	f.LineID = hotline.LineID(id)
	line, err := s.Store.Line(ctx, f.LineID, f.AsOf)
	if err != nil {
		return err
	}
	found, err := s.Store.Contacts(ctx, f)
	if err != nil {
		return err
	}
	revisions, err := s.Store.LineRevisions(ctx, line.ID, f.AsOf)
	if err != nil {
		return err
	}
	p := view.LinePage{
		Frame: s.frame(c, line.Short, "lines"), Line: line, Glyph: lineGlyph(line.State), Sources: sourceLines(line.Sources), Total: found.Total,
		Contacts: s.contactRows(found.Contacts[:min(len(found.Contacts), contactsPerPage)], []hotline.Line{line}, f.AsOf), Revisions: lineHistory(revisions),
		LogHref: "/contacts/new?line=" + string(line.ID), Exercise: f.Exercise,
	}
	calls, tests := splitTests(found.Contacts)
	p.Attempts, p.Tests = shareOf(calls), shareOf(tests)
	if found.Next != "" {
		p.Partial = len(found.Contacts)
	}
	p.ExQuery, p.More = lineLinks(line.ID, f)
	s.at(&p.Frame, f.AsOf)
	s.markContacts(&p.Frame, found.Contacts)
	p.Frame.Exercise = p.Frame.Exercise || line.Exercise
	p.CanWrite = p.Frame.User != nil && p.Frame.User.CanWrite && f.AsOf == 0
	p.Frame.Keys = []view.Key{{Key: "C", Label: "call"}, {Key: "T", Label: "log a test"}, {Key: "J K", Label: "move"}}
	return page(c, http.StatusOK, view.LineCard(p))
}

// lineFilterOf reads what the page of a line takes: exercise and as_of.
func lineFilterOf(v url.Values) (hotline.ContactFilter, error) {
	own := url.Values{}
	for _, name := range []string{"exercise", "as_of"} {
		if x := v.Get(name); x != "" {
			own.Set(name, x)
		}
	}
	f, err := parseContactFilter(own)
	f.Tests, f.Limit = true, lookBack
	return f, err
}

// lineLinks gives the ways from a line's page: with or without exercises, and
// to all its contacts.
func lineLinks(id hotline.LineID, f hotline.ContactFilter) (other, all string) {
	q := url.Values{}
	if f.AsOf != 0 {
		q.Set("as_of", incidents.FormatInstant(f.AsOf))
	}
	list := url.Values{"line": {string(id)}, "tests": {"include"}}
	for k, v := range q {
		list[k] = v
	}
	if f.Exercise == "" {
		q.Set("exercise", "include")
	} else {
		list.Set("exercise", f.Exercise)
	}
	other = "/lines/" + string(id)
	if len(q) > 0 {
		other += "?" + q.Encode()
	}
	return other, "/contacts?" + list.Encode()
}

// percentFrom is the least whole that bears a percentage: below it, one call
// more or less would move it by more than five points.
const percentFrom = 20

// shareOf counts the attempts that got through. What is known not to have been
// tried, or was taken back, is no attempt.
func shareOf(list []hotline.ContactWithIncidents) view.Share {
	var sh view.Share
	for _, k := range list {
		if k.Retracted || !hotline.IsAttempt(k.Outcome) {
			continue
		}
		sh.Of++
		if hotline.GotThrough(k.Outcome) {
			sh.N++
		}
	}
	if sh.Of >= percentFrom {
		sh.Percent = fmt.Sprintf("%.0f %%", 100*float64(sh.N)/float64(sh.Of))
	}
	return sh
}

// lineTexts are the fields of a line that a revision may change.
var lineTexts = []struct {
	label string
	text  func(hotline.Line) string
}{
	{"Name", func(l hotline.Line) string { return l.Name }},
	{"Short name", func(l hotline.Line) string { return l.Short }},
	{"Between", func(l hotline.Line) string { return strings.Join(l.Parties, ", ") }},
	{"Kind", func(l hotline.Line) string { return hotline.Kinds.Word(l.Kind) }},
	{"Seas", func(l hotline.Line) string { return strings.Join(l.Regions, ", ") }},
	{"State", func(l hotline.Line) string { return hotline.LineStates.Word(l.State) }},
	{"Note on the state", func(l hotline.Line) string { return l.StateNote }},
	{"Hours", func(l hotline.Line) string { return l.Hours }},
	{"Languages", func(l hotline.Line) string { return strings.Join(l.Languages, ", ") }},
	{"Test schedule", func(l hotline.Line) string { return l.TestSchedule }},
	{"Established", func(l hotline.Line) string { return joined(", ", l.Established, l.EstablishedNote) }},
	{"What it is", func(l hotline.Line) string { return l.Summary }},
	{"Exercise", func(l hotline.Line) string { return yesNo(l.Exercise) }},
	{"Sources", func(l hotline.Line) string { return sourceText(l.Sources) }},
}

// lineHistory tells what each revision of a line changed, newest first.
func lineHistory(revisions []hotline.Line) []view.RevisionRow {
	rows := make([]view.RevisionRow, len(revisions))
	for i, r := range revisions {
		row := view.RevisionRow{Revision: r.Revision, At: r.RecordedAt.Time(), By: r.RecordedBy, Reason: r.Reason}
		for _, f := range lineTexts {
			if i == 0 {
				break
			}
			if was, is := f.text(revisions[i-1]), f.text(r); was != is {
				row.Changes = append(row.Changes, view.FieldChange{Field: f.label, Was: was, Is: is})
			}
		}
		rows[len(rows)-1-i] = row
	}
	return rows
}
