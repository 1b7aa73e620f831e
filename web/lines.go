package web

import (
	"context"
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
	p := view.LinesPage{Frame: s.frame(c, "Lines", "lines"), Query: strings.TrimPrefix(withAsOf("", asOf), "/")}
	at := s.at(&p.Frame, asOf)
	g, err := s.readRegister(ctx, at)
	if err != nil {
		return err
	}
	found, err := s.Store.Contacts(ctx, hotline.ContactFilter{Tests: true, AsOf: asOf, Limit: lookBack})
	if err != nil {
		return err
	}
	p.Rows, p.Counts = g.rows(found, at, canWrite(p.Frame)), g.counts()
	calls, tests := splitTests(found.Contacts)
	p.Total = found.Total - len(tests)
	calls = calls[:min(len(calls), latestShown)]
	p.Contacts = s.contactRows(calls, g.lines, asOf)
	s.markContacts(&p.Frame, calls)
	for _, l := range g.lines {
		p.Frame.Exercise = p.Frame.Exercise || l.Exercise
	}
	p.Frame.Keys = []view.Key{{Key: "C", Label: "call"}, {Key: "T", Label: "test the line of the row"}, {Key: "J K", Label: "move"}, {Key: "Enter", Label: "open the line"}}
	return page(c, http.StatusOK, view.Lines(p))
}

// canWrite reports whether the one who looks may log anything on the page.
func canWrite(f view.Frame) bool { return f.User != nil && f.User.CanWrite && f.AsOf == nil }

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

// rows are those of the register; the contacts come newest first.
func (g register) rows(found hotline.ContactPage, at hotline.At, mayLog bool) []view.LineRow {
	last := map[hotline.LineID]*view.LastContact{}
	for _, k := range found.Contacts {
		if k.Purpose != "line_test" && k.LineID != "" && last[k.LineID] == nil && !k.Retracted {
			last[k.LineID] = lastContact(k.Contact, at.AsOf)
		}
	}
	rows := make([]view.LineRow, len(g.lines))
	for i, l := range g.lines {
		chip := g.chip(l)
		rows[i] = view.LineRow{
			ID: string(l.ID), Href: withAsOf(linePath(l.ID), at.AsOf), Short: l.Short, Name: l.Name, Glyph: chip.Glyph, State: g.stateOf(l), Kind: hotline.Kinds.Word(l.Kind),
			Hours: l.Hours, Schedule: l.TestSchedule, Note: chip.Note, Attention: chip.Attention, Fault: chip.Fault, Exercise: l.Exercise,
			LastContact: last[l.ID], Beyond: found.Next != "",
		}
		if k, ok := g.tests[l.ID]; ok {
			rows[i].LastTest = lastContact(k, at.AsOf)
		}
		if next := l.Tests.Next(at.Now); next != 0 {
			rows[i].Next = dayTime(next)
		}
		if mayLog && canBeTested(l.State) {
			rows[i].Test = linePath(l.ID) + "/test?from=lines"
		}
	}
	return rows
}

// canBeTested reports whether there is anything to ring on a line.
func canBeTested(state string) bool {
	return state != "inactive" && state != "proposed" && state != "not_adopted"
}

// lastContact is when a line was last used, and what came of it.
func lastContact(k hotline.Contact, asOf incidents.Millis) *view.LastContact {
	return &view.LastContact{When: k.Start, Outcome: hotline.Outcomes.Word(k.Outcome), Href: withAsOf(contactPath(k.ID), asOf)}
}

// stateOf says the state of a line in words: what needs somebody, else the
// word of the vocabulary.
func (g register) stateOf(l hotline.Line) string {
	if chip := g.chip(l); chip.Attention || chip.Fault {
		return chip.State
	}
	return hotline.LineStates.Word(l.State)
}

// counts says how many lines are in each state that has any, and how many
// tests are to be made; what needs somebody is always said, none included.
func (g register) counts() []view.LineCount {
	n := map[string]int{}
	for _, l := range g.lines {
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
	due, failed := view.LineCount{Word: "tests to make"}, view.LineCount{Word: "tests failed"}
	for _, d := range g.due {
		if d.Failed != nil {
			failed.N, failed.Sense = failed.N+1, "late"
		} else {
			due.N, due.Sense = due.N+1, "due"
		}
	}
	if due.N == 1 {
		due.Word = "test to make"
	}
	if failed.N == 1 {
		failed.Word = "test failed"
	}
	if counts = append(counts, due); failed.N > 0 {
		counts = append(counts, failed)
	}
	return counts
}

// lineOf finds the line of the address.
func (s *Server) lineOf(c echo.Context, asOf incidents.Millis) (hotline.Line, error) {
	id, ok := incidents.ParseID(c.Param("id"))
	if !ok {
		return hotline.Line{}, fault.New(fault.NotFound, "There is no such line.")
	}
	return s.Store.Line(c.Request().Context(), hotline.LineID(id), asOf)
}

// showLine is the page of one line with what happened to it, its contacts and
// its history.
func (s *Server) showLine(c echo.Context) error {
	return s.lineCard(c, http.StatusOK, c.QueryParams(), eventSlip{})
}

// lineCard draws the page of a line around an event that was typed.
func (s *Server) lineCard(c echo.Context, status int, v url.Values, typed eventSlip) error {
	ctx := c.Request().Context()
	f, err := lineFilterOf(v)
	if err != nil {
		return err
	}
	period, err := usePeriod(v.Get("days"))
	if err != nil {
		return err
	}
	line, err := s.lineOf(c, f.AsOf)
	if err != nil {
		return err
	}
	f.LineID = line.ID
	if line.Exercise && f.Exercise == "" {
		f.Exercise = "include" // a line of an exercise has no other contacts
	}
	found, err := s.Store.Contacts(ctx, f)
	if err != nil {
		return err
	}
	revisions, err := s.Store.LineRevisions(ctx, line.ID, f.AsOf)
	if err != nil {
		return err
	}
	events, err := s.Store.LineEvents(ctx, hotline.LineEventFilter{LineID: line.ID, Retracted: true, AsOf: f.AsOf})
	if err != nil {
		return err
	}
	p := view.LinePage{
		Frame: s.frame(c, line.Short, "lines"), Line: line, Sources: sourceLines(line.Sources), Total: found.Total, Revisions: lineHistory(revisions),
		Contacts: s.contactRows(found.Contacts[:min(len(found.Contacts), contactsPerPage)], []hotline.Line{line}, f.AsOf),
		TestHref: linePath(line.ID) + "/test", Exercise: f.Exercise,
	}
	at := s.at(&p.Frame, f.AsOf)
	p.CanWrite = canWrite(p.Frame)
	p.CanManage = p.CanWrite && p.Frame.User.CanManage
	if err := s.lineNow(ctx, &p, line, events, at, typed); err != nil {
		return err
	}
	days := func(d string) string { return lineQuery(line.ID, f, d) }
	if p.Use, err = s.readUse(ctx, revisions, events, f, at, period, days); err != nil {
		return err
	}
	p.ExQuery, p.More = lineLinks(line.ID, f)
	s.markContacts(&p.Frame, found.Contacts)
	p.Frame.Exercise = p.Frame.Exercise || line.Exercise
	if status >= http.StatusBadRequest {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "T", Label: "log a test"}, {Key: "C", Label: "call"}, {Key: "J K", Label: "move"}}
	if p.CanManage {
		p.Frame.Keys = append([]view.Key{{Key: "E", Label: "edit"}}, p.Frame.Keys...)
	}
	return page(c, status, view.LineCard(p))
}

// lineNow fills in how it stands with the line.
func (s *Server) lineNow(ctx context.Context, p *view.LinePage, line hotline.Line, events []hotline.LineEvent, at hotline.At, typed eventSlip) error {
	g, err := s.readRegister(ctx, at)
	if err != nil {
		return err
	}
	standing := g.standing[line.ID]
	now := line
	now.State = standing.State
	chip := g.chip(now)
	p.Glyph, p.State, p.Note = chip.Glyph, g.stateOf(now), chip.Note
	p.Schedule = scheduleWords(line.Tests, at.Now)
	p.Events = eventRows(events, standing, at, p.CanWrite)
	p.EventForm, p.ErrorTitle = s.eventForm(line, standing, typed)
	if due := g.dueOf(line.ID); due != nil && due.Failed != nil {
		p.Failed = &view.FailedTest{When: due.Failed.Start.String(), Outcome: hotline.Outcomes.Word(due.Failed.Outcome), Href: withAsOf(contactPath(due.Failed.ID), at.AsOf)}
		if standing.State != "down" && standing.State != "suspended" {
			p.Failed.Offer = &view.LineEventForm{Action: p.EventForm.Action, Quick: "fault", QuickID: string(incidents.NewID())}
			p.Failed.Offer.Report.Note = "Test " + due.Failed.Start.String() + ": " + hotline.Outcomes.Word(due.Failed.Outcome)
			p.EventForm.Quick = "" // it is offered there
		}
	}
	return nil
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
	other = linePath(id)
	if len(q) > 0 {
		other += "?" + q.Encode()
	}
	return other, "/contacts?" + list.Encode()
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
	{"Number", func(l hotline.Line) string { return l.Number }},
	{"How to reach it", func(l hotline.Line) string { return l.Reach }},
	{"Positions", func(l hotline.Line) string { return hotline.Notations.Word(l.Notation) }},
	{"Test schedule", func(l hotline.Line) string { return l.TestSchedule }},
	{"Tests as reckoned", func(l hotline.Line) string { return l.Tests.String() }},
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
