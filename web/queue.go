package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

const (
	queueRows = 100
	// medianDays is how far back the time to verification looks.
	medianDays = 90
	// mostToCheck is where the count in the navigation stops.
	mostToCheck = 999
)

// toCheck is the figure beside the way to the queue; empty where it cannot be
// read, since it must not take a page down with it.
func (s *Server) toCheck(c echo.Context) string {
	n, err := s.Store.QueueCount(c.Request().Context(), mostToCheck+1)
	switch {
	case err != nil:
		s.Logger.Error("count the reports to check", "request", requestID(c), "error", err)
		return "?"
	case n > mostToCheck:
		return strconv.Itoa(mostToCheck) + "+"
	}
	return strconv.Itoa(n)
}

// showQueue is the reports that wait for a second person.
func (s *Server) showQueue(c echo.Context) error {
	exercise, err := exerciseParam(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	queue, total, err := s.Store.Queue(ctx, exercise, queueRows)
	if err != nil {
		return err
	}
	p := view.QueuePage{Frame: s.frame(c, "Waiting for a check", "verify"), Total: total, Exercise: exercise != "", Days: medianDays}
	if exercise == "" {
		if _, p.Exercises, err = s.Store.Queue(ctx, "only", 1); err != nil {
			return err
		}
	}
	times, err := s.Store.VerificationTimes(ctx, incidents.MillisOf(s.Now().AddDate(0, 0, -medianDays)))
	if err != nil {
		return err
	}
	if p.MedianCount = len(times); p.MedianCount > 0 {
		p.Median = hotline.FormatDuration(incidents.Median(times))
	}
	shown := make([]incidents.Incident, len(queue))
	for i, w := range queue {
		shown[i] = w.Incident
		row := s.queueRow(w)
		if row.Own, err = s.isOwn(ctx, w.Incident.ID, actor(c).Name); err != nil {
			return err
		}
		p.Rows = append(p.Rows, row)
	}
	s.mark(&p.Frame, shown...)
	p.Frame.Keys = []view.Key{{Key: "J", Label: "K move"}, {Key: "Enter", Label: "check"}, {Key: "O", Label: "the record"}}
	return page(c, http.StatusOK, view.Queue(p))
}

// exerciseParam reads the one filter of the queue.
func exerciseParam(c echo.Context) (string, error) {
	v := url.Values{}
	if x := c.QueryParam("exercise"); x != "" {
		v.Set("exercise", x)
	}
	f, err := incidents.ParseFilter(v)
	return f.Exercise, err
}

func (s *Server) queueRow(w incidents.Waiting) view.QueueRow {
	inc := w.Incident
	row := view.QueueRow{ID: string(inc.ID), Href: incidentPath(inc.ID) + "/verify", Page: incidentPath(inc.ID), Number: inc.Number, Title: inc.Record.Title, Who: whoMetWhom(inc.Record),
		Severity: inc.Record.Severity, Waited: s.waited(w.Since), Since: instantOf(w.Since), Author: w.Author, Holder: w.Workflow.Holder, Exercise: inc.Record.Exercise}
	row.Checks, row.Done, row.CheckedBy = checkMarks(w.Workflow)
	if r := w.Workflow.Returned; r != nil {
		row.Returned = r.Text
	}
	return row
}

// showCheck is the page on which a second person looks at the five fields. A
// report that does not wait for a check has its ordinary page.
func (s *Server) showCheck(c echo.Context) error {
	id, err := s.incidentID(c, "/verify")
	if err != nil || id == "" {
		return err
	}
	p, status, err := s.checkPage(c, id)
	if err != nil {
		return err
	}
	if status != incidents.Submitted {
		return c.Redirect(http.StatusSeeOther, incidentPath(id))
	}
	return page(c, http.StatusOK, view.Check(p))
}

func (s *Server) checkPage(c echo.Context, id incidents.ID) (p view.CheckPage, status incidents.Status, err error) {
	ctx, me := c.Request().Context(), actor(c).Name
	seen, contactAuthors, err := s.Desk.ContactsSeen(ctx, id)
	if err != nil {
		return p, "", err
	}
	one, err := s.Store.Case(ctx, id, hotline.At{Now: incidents.MillisOf(s.Now())})
	if err != nil {
		return p, "", err
	}
	w, err := s.Store.Workflow(ctx, id, 0)
	if err != nil {
		return p, "", err
	}
	revisions, err := s.Store.IncidentRevisions(ctx, id, 0)
	if err != nil {
		return p, "", err
	}
	inc := one.Incident
	p = view.CheckPage{Frame: s.frame(c, "Check "+inc.Number, "verify"), ID: string(id), Number: inc.Number, Title: inc.Record.Title, Href: incidentPath(id),
		Author: revisions[0].RecordedBy, Waited: s.waited(waitingSince(revisions)), Base: inc.Revision, Flow: w.Revision, Contacts: int64(seen), Done: len(w.Checks),
		Own: indexOf(incidents.Authors(revisions), me) >= 0, Returned: remarkOf(w), Narrative: inc.Record.Narrative, Sources: sourceLines(inc.Record.Sources)}
	s.mark(&p.Frame, inc)
	marks, _, _ := checkMarks(w)
	for i, m := range marks {
		f := checkFieldOf(one, m.Field)
		f.CheckMark, f.No, f.Checked, f.Disabled = m, i+1, m.By != "", p.Own
		if m.Field == "contacts" && indexOf(contactAuthors, me) >= 0 && m.By == "" {
			f.Disabled, f.Note = true, "You wrote or linked a contact: somebody else must check these."
		}
		p.Fields = append(p.Fields, f)
	}
	p.Frame.Keys = []view.Key{{Key: "1–5", Label: "tick"}, {Key: "V", Label: "keep, verify"}, {Key: "G", Label: "then V: all that wait"}}
	return p, inc.Status, nil
}

// waitingSince is when the last run of submitted revisions began.
func waitingSince(revisions []incidents.Incident) incidents.Millis {
	since := revisions[len(revisions)-1].RecordedAt
	for i := len(revisions) - 1; i >= 0 && revisions[i].Status == incidents.Submitted; i-- {
		since = revisions[i].RecordedAt
	}
	return since
}

// checkFieldOf is one field large, and the words that it rests on as they were
// typed.
func checkFieldOf(c hotline.Case, field string) (f view.CheckField) {
	rec := &c.Incident.Record
	switch field {
	case "time":
		f.Lines = momentLines("", rec.Start)
		if !rec.End.IsZero() {
			f.Lines = append(f.Lines, momentLines("to ", rec.End)...)
		}
		f.Typed = given("Start as typed", rec.Start.Text, "End as typed", rec.End.Text)
	case "position":
		if !rec.Geometry.IsNone() {
			f.Lines = []view.Value{{Text: geo.FormatGeometry(rec.Geometry.Geometry, "dm"), Mono: true}}
		} else {
			f.Lines = []view.Value{{Text: "No position", Note: "the region was chosen by hand"}}
		}
		f.Lines = append(f.Lines, view.Value{Text: regionWord(c.Incident.Derived.Region), Note: c.Incident.Derived.Near})
		f.Typed = append(given("As typed", rec.PositionText, "In words", rec.Location, "Why this region", rec.RegionReason), figureOf("Within", rec.UncertaintyNM, "NM", ""), words("Basis", incidents.PositionBases.Word(rec.PositionBasis)))
	case "nations":
		f.Lines = []view.Value{sideLine(rec.Intercepting, "intercepting"), sideLine(rec.Intercepted, "intercepted")}
		f.Typed = append(given("In short", rec.Summary), words("Intercepting", rec.Intercepting.String()), words("Intercepted", rec.Intercepted.String()))
	case "severity":
		f.Lines = []view.Value{{Text: incidents.Severities.Word(rec.Severity)}}
		f.Typed = []view.Fact{words("Reason", rec.SeverityReason), words("Rated by", rec.SeveritySource)}
	case "contacts":
		f.Lines = contactLines(c)
	}
	return f
}

func momentLines(before string, m incidents.Moment) []view.Value {
	if m.IsZero() {
		return nil
	}
	return []view.Value{{Text: before + m.String(), Mono: true, Note: precisionNote(m)}}
}

func sideLine(p incidents.Party, side string) view.Value {
	v := view.Value{Note: side}
	for i, n := range p.Nations {
		if i > 0 {
			v.Text += ", "
		}
		v.Text += incidents.NationName(n)
	}
	if v.Text == "" {
		v.Text = "nation unknown"
	}
	return v
}

// contactLines name every contact that is linked, and what it is to the
// incident; that there is none is said as well.
func contactLines(c hotline.Case) []view.Value {
	if len(c.Contacts) == 0 {
		return []view.Value{{Text: "None is linked"}}
	}
	lines := []view.Value{{Text: strconv.Itoa(len(c.Contacts)) + " linked"}}
	for _, l := range c.Contacts {
		note := l.Start.String() + " · " + contactNote(l.Contact) + " · " + hotline.Relations.Word(l.LinkedAs.Relation)
		if l.Retracted {
			note += " · retracted"
		}
		lines = append(lines, view.Value{Text: contactTitle(l.Contact), Href: contactPath(l.ID), Note: note})
	}
	return lines
}

// postCheck keeps the ticks; with all five the report is verified, and the
// next one waits in the queue.
func (s *Server) postCheck(c echo.Context) error {
	id, checking, contacts, err := s.checkingOf(c)
	if err != nil || id == "" {
		return err
	}
	inc, _, err := s.Desk.Check(c.Request().Context(), actor(c), checking, contacts)
	if err != nil {
		return err
	}
	if inc.Status == incidents.Verified {
		return c.Redirect(http.StatusSeeOther, "/verify")
	}
	return c.Redirect(http.StatusSeeOther, incidentPath(id)+"/verify")
}

// postReturn sends a report back, from the page of its check with the ticks
// that stand there, or from its own page.
func (s *Server) postReturn(c echo.Context) error {
	id, checking, contacts, err := s.checkingOf(c)
	if err != nil || id == "" {
		return err
	}
	inc, _, err := s.Desk.Return(c.Request().Context(), actor(c), checking, contacts)
	switch {
	case err == nil:
		return c.Redirect(http.StatusSeeOther, incidentPath(id))
	case !fault.Is(err, fault.Invalid) || len(fault.Fields(err)) == 0:
		return err
	case inc.Status != incidents.Submitted:
		return s.stepRefused(c, id, view.FlowForm{Remark: checking.Remark}, nil, err)
	}
	p, _, perr := s.checkPage(c, id)
	if perr != nil {
		return perr
	}
	for i := range p.Fields {
		p.Fields[i].Checked = indexOf(checking.Fields, p.Fields[i].Field) >= 0
	}
	p.Errors = view.FieldErrors(fault.Fields(err), map[string]string{"remark": "Remark", "check": "Ticks"})
	p.Remark, p.RemarkErr = checking.Remark, view.ErrorFor(p.Errors, "remark")
	p.Frame.Title = "Error: " + p.Frame.Title
	return page(c, http.StatusUnprocessableEntity, view.Check(p))
}

// checkingOf reads the form of a check.
func (s *Server) checkingOf(c echo.Context) (id incidents.ID, checking incidents.Checking, contacts incidents.Millis, err error) {
	if id, err = s.incidentID(c, ""); err != nil || id == "" {
		return id, checking, 0, err
	}
	v, err := formValues(c)
	if err != nil {
		return id, checking, 0, err
	}
	seen, err := seenOf(c, id)
	if err != nil {
		return id, checking, 0, err
	}
	last, _ := strconv.ParseInt(v.Get("contacts"), 10, 64) // no number is 0: a conflict where there are contacts
	return id, incidents.Checking{Seen: seen, Fields: v["check"], Remark: v.Get("remark")}, incidents.Millis(last), nil
}
