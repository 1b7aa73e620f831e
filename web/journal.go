package web

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/formula"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
	"interceptlog/web/view"
)

// journalNames are the names that the journal takes in its address.
var journalNames = []string{"q", "who", "from", "to", "kind", "as_of", "form", "after"}

const (
	journalPerPage = 50
	form1594       = "1594" // the plain log view, as DA Form 1594 has it
	form1594Rows   = 500
)

// journalQuestion is what the address asks of the journal.
type journalQuestion struct {
	watch.JournalFilter
	form   string
	given  url.Values
	err    error
	errors []view.FieldError
}

var journalLabels = map[string]string{"q": "Words", "who": "Written by", "from": "From", "to": "To", "kind": "Kind", "as_of": "As of", "form": "Form"}

// askJournal reads the address. What cannot be read stays in its field.
func askJournal(v url.Values) *journalQuestion {
	q := &journalQuestion{given: v, JournalFilter: watch.JournalFilter{Limit: journalPerPage}}
	var p fault.Problems
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, value := range v[name] {
			if value = strings.TrimSpace(value); value != "" {
				q.read(&p, name, value)
			}
		}
	}
	if q.err = p.Err("The journal cannot be asked that.", journalNames...); q.err != nil {
		q.errors = view.FieldErrors(fault.Fields(q.err), journalLabels)
	}
	return q
}

func (q *journalQuestion) read(p *fault.Problems, name, value string) {
	bound := func(to *watch.Millis) {
		m, err := incidents.ReadBound(value)
		if err != nil {
			p.Add(name, err.Error())
		}
		*to = m.From
	}
	switch name {
	case "q":
		if q.Q = value; len(value) > 200 {
			p.Add(name, "is longer than 200 characters.")
		}
	case "who":
		q.Who = value
	case "from":
		bound(&q.From)
	case "to":
		bound(&q.To)
	case "kind":
		if !watch.Kinds.Has(value) {
			p.Add(name, "“"+value+"” is not accepted; accepted: "+watch.Kinds.Accepted()+".")
		}
		q.Kinds = append(q.Kinds, value)
	case "as_of":
		t, err := incidents.ReadInstant(value)
		if err != nil {
			p.Add(name, err.Error())
		}
		q.AsOf = incidents.MillisOf(t)
	case "form":
		if q.form = value; value != form1594 {
			p.Add(name, "“"+value+"” is not accepted; accepted: "+form1594+".")
		}
	case "after":
		q.After = value
	default:
		p.Add(name, "is no filter of the journal; accepted: "+strings.Join(journalNames, ", ")+".")
	}
}

// with gives the address of the journal with some names set or, with an empty
// value, taken out.
func (q *journalQuestion) with(path string, pairs ...string) string {
	v := url.Values{}
	for name, values := range q.given {
		if name != "after" {
			v[name] = values
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			v.Del(pairs[i])
		} else {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	for name, values := range v {
		if len(values) == 1 && values[0] == "" {
			v.Del(name)
		}
	}
	return withQuery(path, v)
}

// showJournal is the journal of the watch: GET /journal
func (s *Server) showJournal(c echo.Context) error {
	ctx := c.Request().Context()
	q := askJournal(c.QueryParams())
	p := view.JournalPage{Frame: s.frame(c, "Journal", "journal"), Q: q.given.Get("q"), Who: q.given.Get("who"), From: q.given.Get("from"), To: q.given.Get("to"),
		Kinds: q.given["kind"], AsOf: q.given.Get("as_of"), Later: q.After != "", First: q.with("/journal"), Form: q.with("/journal", "form", form1594),
		List: q.with("/journal", "form", ""), CSV: q.with("/journal/csv", "form", "")}
	p.Filtered = p.Q+p.Who+p.From+p.To != "" || len(q.Kinds) > 0
	if q.err != nil {
		p.Errors, p.Frame.Title = q.errors, "Error: Journal"
		return page(c, http.StatusUnprocessableEntity, view.Journal(p))
	}
	if q.form == form1594 {
		return s.showForm1594(c, p, q)
	}
	found, err := s.Store.Journal(ctx, q.JournalFilter)
	if err != nil {
		return err
	}
	if p.Rows, err = s.journalRows(ctx, found.Rows, q.AsOf); err != nil {
		return err
	}
	if found.Next != "" {
		p.Next = q.with("/journal", "after", found.Next)
	}
	s.at(&p.Frame, q.AsOf)
	s.markJournal(&p.Frame, found.Rows)
	p.Frame.Keys = []view.Key{{Key: "J", Label: "K move"}, {Key: "Enter", Label: "open"}, {Key: "F", Label: "filter"}, {Key: "G H", Label: "handover"}}
	if p.Frame.User.CanWrite && p.Frame.AsOf == nil {
		p.Frame.Keys = append([]view.Key{{Key: "W", Label: "new entry"}}, p.Frame.Keys...)
	}
	return page(c, http.StatusOK, view.Journal(p))
}

// showForm1594 is the journal in the five columns of DA Form 1594, the oldest
// row first. Without a period it is that of the shift that runs, else of a day.
func (s *Server) showForm1594(c echo.Context, p view.JournalPage, q *journalQuestion) error {
	ctx := c.Request().Context()
	f := q.JournalFilter
	f.Oldest, f.Limit = true, form1594Rows
	now := incidents.MillisOf(s.Now())
	if f.AsOf != 0 {
		now = f.AsOf
	}
	p.Shift = "24 hours"
	if f.From == 0 {
		shifts, err := s.Store.Shifts(ctx, watch.ShiftFilter{From: now, To: now + 1, AsOf: f.AsOf})
		if err != nil {
			return err
		}
		if f.From = now - 24*3_600_000; len(shifts) > 0 {
			f.From, p.Shift = shifts[0].From, shifts[0].Name
		}
	} else {
		p.Shift = ""
	}
	found, err := s.Store.Journal(ctx, f)
	if err != nil {
		return err
	}
	if p.Rows, err = s.journalRows(ctx, found.Rows, q.AsOf); err != nil {
		return err
	}
	if found.Next != "" {
		p.Next = q.with("/journal", "after", found.Next)
	}
	until := now
	if f.To != 0 {
		until = min(f.To, now)
	}
	p.PeriodFrom, p.PeriodTo = instantOf(f.From), instantOf(until)
	s.at(&p.Frame, q.AsOf)
	s.markJournal(&p.Frame, found.Rows)
	p.Frame.Title = "Journal, five columns"
	return page(c, http.StatusOK, view.Journal1594(p))
}

// markJournal sets the banners of a page from the rows that it shows.
func (s *Server) markJournal(f *view.Frame, rows []watch.Row) {
	marks := make([]string, 0, len(rows))
	for _, r := range rows {
		marks = append(marks, r.Marking())
		if r.Exercise() {
			f.Exercise, f.ExerciseNote = true, "exercise among it"
		}
	}
	f.Marking = s.marking(marks)
}

// journalRows makes rows of the page, with the names of what they are about.
func (s *Server) journalRows(ctx context.Context, rows []watch.Row, asOf watch.Millis) ([]view.JournalRow, error) {
	names := namer{s: s, ctx: ctx, asOf: asOf, known: map[string]view.Ref{}}
	out := make([]view.JournalRow, len(rows))
	for i, r := range rows {
		row := view.JournalRow{ID: fmt.Sprint("row-", r.Seq), Mark: r.Mark(), Kind: r.Kind, When: briefMoment(r.Time()), Entered: instantOf(r.At), Event: r.Event(), Done: r.Done(),
			By: r.Actor, Initials: watch.Initials(r.Actor), Exercise: r.Exercise()}
		switch {
		case r.Entry != nil:
			e := r.Entry
			row.Href, row.Late = withAsOf(entryPath(e.ID), asOf), e.LateWords()
			if e.Struck {
				row.Struck = &view.Strike{By: e.RecordedBy, Reason: e.Reason, At: instantOf(e.RecordedAt)}
			}
			row.Refs = names.ofEntry(*e)
		case r.Incident != nil:
			row.Href = withAsOf(incidentPath(r.Incident.ID), asOf)
		case r.Contact != nil:
			row.Href = withAsOf(contactPath(r.Contact.ID), asOf)
		case r.Line != nil:
			row.Href = withAsOf("/lines/"+string(r.Line.ID), asOf)
		case r.Handover != nil:
			row.Href = handoverPath(r.Handover.ID)
		}
		out[i] = row
	}
	return out, names.err
}

// namer finds what people call the records that entries name, each once.
type namer struct {
	s     *Server
	ctx   context.Context
	asOf  watch.Millis
	known map[string]view.Ref
	err   error
}

func (n *namer) of(key, href string, read func() (string, error)) view.Ref {
	if ref, ok := n.known[key]; ok {
		return ref
	}
	name, err := read()
	switch {
	case fault.Is(err, fault.NotFound):
		name = "not there yet" // read as of a moment before it
	case err != nil && n.err == nil:
		n.err = err
	}
	ref := view.Ref{Name: name, Href: withAsOf(href, n.asOf)}
	n.known[key] = ref
	return ref
}

func (n *namer) ofEntry(e watch.Entry) (refs []view.Ref) {
	for _, id := range e.Incidents {
		refs = append(refs, n.of(string(id), incidentPath(id), func() (string, error) {
			inc, err := n.s.Store.Incident(n.ctx, id, n.asOf)
			return numberOf(inc), err
		}))
	}
	for _, id := range e.Lines {
		refs = append(refs, n.of(string(id), "/lines/"+string(id), func() (string, error) {
			l, err := n.s.Store.Line(n.ctx, id, n.asOf)
			return l.Short, err
		}))
	}
	for _, id := range e.Contacts {
		refs = append(refs, n.of(string(id), contactPath(id), func() (string, error) {
			k, err := n.s.Store.Contact(n.ctx, id, n.asOf)
			return "contact " + shortMoment(k.Start), err
		}))
	}
	return refs
}

func entryPath(id watch.EntryID) string { return "/journal/" + string(id) }

// exportJournal is the journal as a table for other programs, the oldest row
// first: GET /journal/csv
func (s *Server) exportJournal(c echo.Context) error {
	ctx := c.Request().Context()
	q := askJournal(c.QueryParams())
	if q.err != nil {
		return q.err
	}
	note := map[string]any{"filter": c.QueryString()}
	if err := s.Store.Audit(ctx, actor(c), "export.start", "journal", note); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="journal.csv"`)
	w := csv.NewWriter(c.Response())
	head := []string{"item", "kind", "time", "entered", "late", "event", "action", "told", "initials", "by", "incidents", "lines", "contacts", "exercise", "marking", "struck_by", "struck_at", "struck_reason"}
	if err := w.Write(head); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	f, count := q.JournalFilter, 0
	f.Oldest, f.Limit, f.After = true, 500, ""
	if f.AsOf == 0 { // one state, however many readings
		head, err := s.Store.ChainHead(ctx)
		if err != nil {
			return err
		}
		f.AsOf = watch.Millis(head.At)
	}
	for {
		found, err := s.Store.Journal(ctx, f)
		if err != nil {
			return err
		}
		for _, r := range found.Rows {
			count++
			if err := w.Write(journalRecord(r)); err != nil {
				return fmt.Errorf("write the journal: %w", err)
			}
		}
		if f.After = found.Next; f.After == "" {
			break
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	note["count"] = count
	return s.Store.Audit(ctx, actor(c), "export.end", "journal", note)
}

// journalRecord is a row for other programs. Times are RFC 3339, or as well as
// they are known.
func journalRecord(r watch.Row) []string {
	entered := incidents.FormatInstant(r.At)
	told, action, late, by, at, why := "", r.Done(), "", "", "", ""
	var incs, lines, contacts []string
	when := r.Time().String()
	if e := r.Entry; e != nil {
		action, told, late = e.Action, e.Told, e.LateWords()
		for _, id := range e.Incidents {
			incs = append(incs, string(id))
		}
		for _, id := range e.Lines {
			lines = append(lines, string(id))
		}
		for _, id := range e.Contacts {
			contacts = append(contacts, string(id))
		}
		if e.Struck {
			by, at, why = e.RecordedBy, incidents.FormatInstant(e.RecordedAt), e.Reason
		}
	}
	return formula.Row(r.Mark(), r.Kind, when, entered, late, r.Event(), action, told, watch.Initials(r.Actor), r.Actor,
		strings.Join(incs, " "), strings.Join(lines, " "), strings.Join(contacts, " "), strconv.FormatBool(r.Exercise()), r.Marking(), by, at, why)
}

// newEntry is the form of an entry, about what the address names, with the time
// of now: GET /journal/new
func (s *Server) newEntry(c echo.Context) error {
	ctx := c.Request().Context()
	r := watch.EntryReport{ID: string(incidents.NewID()), Time: incidents.FormatDTG(s.Now()), Marking: s.marking(nil)}
	about := ""
	if asked := c.QueryParam("incident"); asked != "" {
		id, err := s.findIncident(ctx, asked)
		if err != nil {
			return err
		}
		inc, err := s.Store.Incident(ctx, incidents.ID(id), 0)
		if err != nil {
			return err
		}
		about, r.Exercise, r.Marking = numberOf(inc), inc.Record.Exercise, s.marking([]string{inc.Record.Marking})
	}
	if id := c.QueryParam("line"); id != "" {
		r.Lines = []string{id}
	}
	if id := c.QueryParam("contact"); id != "" {
		r.Contacts = []string{id}
	}
	return s.entryForm(c, http.StatusOK, r, about, strings.Join(r.Contacts, ", "), nil)
}

// postEntry makes an entry.
func (s *Server) postEntry(c echo.Context) error {
	ctx := c.Request().Context()
	v, err := formValues(c)
	if err != nil {
		return err
	}
	r := watch.EntryReport{ID: v.Get("id"), Time: v.Get("time"), Text: v.Get("text"), Action: v.Get("done"), Told: v.Get("told"), Lines: v["lines"],
		Marking: v.Get("marking"), Exercise: v.Get("exercise") != ""}
	for _, t := range strings.FieldsFunc(v.Get("contacts"), func(c rune) bool { return strings.ContainsRune(", ;\t\r\n", c) }) {
		r.Contacts = append(r.Contacts, t[strings.LastIndex(t, "/")+1:]) // its address will do
	}
	if r.Incidents, err = s.incidentIDs(ctx, v.Get("incidents")); err != nil {
		return err
	}
	e, err := s.Watch.Enter(ctx, actor(c), r)
	if fault.Is(err, fault.Invalid) {
		if _, ok := incidents.ParseID(r.ID); !ok {
			r.ID = string(incidents.NewID())
		}
		return s.entryForm(c, http.StatusUnprocessableEntity, r, v.Get("incidents"), v.Get("contacts"), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/journal#entry-"+strconv.Itoa(e.Number))
}

var entryLabels = map[string]string{"time": "1 Time", "text": "2 Event", "done": "3 Action taken", "told": "3 Told", "incidents": "4 Incidents", "lines": "4 Lines", "contacts": "4 Contacts", "marking": "Marking"}

// entryForm draws the form around what was typed.
func (s *Server) entryForm(c echo.Context, status int, r watch.EntryReport, incs, contacts string, err error) error {
	lines, lerr := s.Store.Lines(c.Request().Context(), 0)
	if lerr != nil {
		return lerr
	}
	p := view.EntryFormPage{Frame: s.frame(c, "Journal entry", "journal"), Report: r, Incidents: incs, Contacts: contacts, Reading: s.timeReading(r.Time, ""), Markings: s.Markings}
	for _, l := range lines {
		p.Lines = append(p.Lines, view.Option{Value: string(l.ID), Label: l.Short, Hint: l.Name})
	}
	if err != nil {
		if fields := byField(err); len(fields) > 0 {
			p.Errors, p.ErrorTitle = view.FieldErrors(fields, entryLabels), notDone("entered", len(fields))
		} else {
			p.ErrorTitle = "Not entered: " + err.Error()
		}
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Exercise = r.Exercise
	p.Frame.Keys = []view.Key{{Key: "Tab", Label: "next field"}, {Key: "Alt 1–4", Label: "line"}, {Key: "Ctrl ↵", Label: "enter it"}}
	return page(c, status, view.EntryForm(p))
}

// showEntry is the page of one entry: GET /journal/{id}
func (s *Server) showEntry(c echo.Context) error {
	asOf, err := asOfParam(c)
	if err != nil {
		return err
	}
	return s.entryCard(c, http.StatusOK, asOf, "", nil)
}

func (s *Server) entryCard(c echo.Context, status int, asOf watch.Millis, reason string, said error) error {
	ctx := c.Request().Context()
	id, ok := incidents.ParseID(c.Param("id"))
	if !ok {
		return fault.New(fault.NotFound, "There is no such entry.")
	}
	e, err := s.Store.Entry(ctx, watch.EntryID(id), asOf)
	if err != nil {
		return err
	}
	names := namer{s: s, ctx: ctx, asOf: asOf, known: map[string]view.Ref{}}
	p := view.EntryPage{Frame: s.frame(c, "Entry "+strconv.Itoa(e.Number), "journal"), Entry: e, When: momentOf(e.Time), Entered: instantOf(e.FirstRecordedAt), Refs: names.ofEntry(e), Strike: entryPath(e.ID) + "/strike", Reason: reason}
	if names.err != nil {
		return names.err
	}
	if e.Struck {
		p.Struck = &view.Strike{By: e.RecordedBy, Reason: e.Reason, At: instantOf(e.RecordedAt)}
	}
	s.at(&p.Frame, asOf)
	p.MayStrike = asOf == 0 && !e.Struck && incidents.MayStrike(actor(c), e.Author)
	p.Frame.Marking, p.Frame.Exercise = s.marking([]string{e.Marking}), e.Exercise
	if said != nil {
		p.Errors = view.FieldErrors(byField(said), map[string]string{"reason": "Reason"})
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	return page(c, status, view.EntryCard(p))
}

// postStrikeEntry strikes an entry, which stays readable.
func (s *Server) postStrikeEntry(c echo.Context) error {
	id, ok := incidents.ParseID(c.Param("id"))
	if !ok {
		return fault.New(fault.NotFound, "There is no such entry.")
	}
	reason := c.FormValue("reason")
	_, err := s.Watch.Strike(c.Request().Context(), actor(c), watch.EntryID(id), reason)
	if fault.Is(err, fault.Invalid) {
		return s.entryCard(c, http.StatusUnprocessableEntity, 0, reason, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, entryPath(watch.EntryID(id)))
}

// onWatch says who has the watch, for the frame of every page. A failure to
// read it must not take a page down with it.
func (s *Server) onWatch(c echo.Context, u access.User) view.WatchStrip {
	strip := view.WatchStrip{Entry: "/journal/new" + aboutPath(c.Request().URL.Path)}
	now := incidents.MillisOf(s.Now())
	shifts, err := s.Store.Shifts(c.Request().Context(), watch.ShiftFilter{From: now, To: now + 1})
	if err != nil {
		s.Logger.Error("read the shifts for the frame", "request", requestID(c), "error", err)
		strip.Words = "cannot be read"
		return strip
	}
	strip.Words = watch.Words(shifts, now)
	for _, sh := range shifts {
		strip.Mine = strip.Mine || sh.Has(u.Name)
	}
	return strip
}

// aboutPath is the query that says what record a page shows, so that an entry
// made from there is about it.
func aboutPath(path string) string {
	for prefix, name := range map[string]string{"/incidents/": "incident", "/lines/": "line", "/contacts/": "contact"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			rest, _, _ = strings.Cut(rest, "/")
			if id, ok := incidents.ParseID(rest); ok {
				return "?" + name + "=" + string(id)
			}
		}
	}
	return ""
}

func handoverPath(id watch.HandoverID) string { return "/handovers/" + string(id) }
