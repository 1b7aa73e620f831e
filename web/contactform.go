package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// contactReport is short for what this file is about.
type contactReport = hotline.ContactReport

// contactText is a field of the contact form that holds one text.
type contactText struct {
	name, label string
	at          func(*contactReport) *string
	words       incidents.Vocabulary
}

var contactTexts = []contactText{
	{"id", "", func(r *contactReport) *string { return &r.ID }, nil},
	{"line", "2 Line", func(r *contactReport) *string { return &r.LineID }, nil},
	{"channel", "2 Other channel", func(r *contactReport) *string { return &r.ChannelName }, nil},
	{"kind", "2 Kind", func(r *contactReport) *string { return &r.ChannelKind }, hotline.Kinds},
	{"parties", "2 Between", func(r *contactReport) *string { return &r.Parties }, nil},
	{"initiators", "2 Who called", func(r *contactReport) *string { return &r.Initiators }, nil},
	{"answerers", "2 Who was called", func(r *contactReport) *string { return &r.Answerers }, nil},
	{"start", "3 Start", func(r *contactReport) *string { return &r.Start }, nil},
	{"start_precision", "3 Start, known to the", func(r *contactReport) *string { return &r.StartPrecision }, incidents.Precisions},
	{"end", "3 End", func(r *contactReport) *string { return &r.End }, nil},
	{"end_precision", "3 End, known to the", func(r *contactReport) *string { return &r.EndPrecision }, incidents.Precisions},
	{"purpose", "4 Purpose", func(r *contactReport) *string { return &r.Purpose }, hotline.Purposes},
	{"outcome", "5 Outcome", func(r *contactReport) *string { return &r.Outcome }, hotline.Outcomes},
	{"summary", "6 Summary", func(r *contactReport) *string { return &r.Summary }, nil},
	{"caller", "6 Who spoke", func(r *contactReport) *string { return &r.Caller }, nil},
	{"callee", "6 Who answered", func(r *contactReport) *string { return &r.Callee }, nil},
	{"translator", "6 Translator", func(r *contactReport) *string { return &r.Translator }, nil},
	{"marking", "6 Marking", func(r *contactReport) *string { return &r.Marking }, nil},
	{"relation", "1 Relation", func(r *contactReport) *string { return &r.Relation }, hotline.Relations},
	{"reason", "Reason", func(r *contactReport) *string { return &r.Reason }, nil},
}

// slip is a contact on its way through the form.
type slip struct {
	report    contactReport
	incidents string // as typed: numbers or ids
	base      int    // revision that a change was made from
	of        *hotline.ContactWithIncidents
	err       error
	conflict  *view.Conflict
}

// contactFrom reads the form as it was typed.
func contactFrom(v url.Values) slip {
	var sl slip
	for _, f := range contactTexts {
		*f.at(&sl.report) = v.Get(f.name)
	}
	sl.report.Exercise = v.Get("exercise") != ""
	sl.incidents = v.Get("incidents")
	sl.base, _ = strconv.Atoi(v.Get("base")) // no number is no revision: a conflict
	return sl
}

// newContact draws the form, about an incident or over a line when the address
// names one, with the time of now.
func (s *Server) newContact(c echo.Context) error {
	ctx := c.Request().Context()
	sl := slip{report: contactReport{
		ID: string(incidents.NewID()), Start: incidents.FormatDTG(s.Now()), StartPrecision: string(incidents.Exact), Purpose: incidents.Unknown,
		Relation: "prompted_by", Marking: s.marking(nil), Exercise: c.QueryParam("exercise") != "",
	}}
	if p := c.QueryParam("purpose"); hotline.Purposes.Has(p) {
		sl.report.Purpose = p
	}
	if id := c.QueryParam("line"); id != "" {
		line, err := s.Store.Line(ctx, hotline.LineID(id), 0)
		if err != nil {
			return err
		}
		sl.report.LineID = string(line.ID)
	}
	if asked := c.QueryParam("incident"); asked != "" {
		id, err := s.findIncident(ctx, asked)
		if err != nil {
			return err
		}
		inc, err := s.Store.Incident(ctx, incidents.ID(id), 0)
		if err != nil {
			return err
		}
		sl.incidents, sl.report.Exercise = numberOf(inc), inc.Record.Exercise
	}
	return s.contactPage(c, http.StatusOK, sl)
}

// postContact logs a contact and goes back to the incident it is about.
func (s *Server) postContact(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	sl := contactFrom(v)
	ctx := c.Request().Context()
	if sl.report.Incidents, err = s.incidentIDs(ctx, sl.incidents); err != nil {
		return err
	}
	contact, err := s.Desk.LogContact(ctx, actor(c), sl.report)
	if fault.Is(err, fault.Invalid) {
		if _, ok := incidents.ParseID(sl.report.ID); !ok {
			sl.report.ID = string(incidents.NewID())
		}
		sl.err = err
		return s.contactPage(c, http.StatusUnprocessableEntity, sl)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, afterContact(v, sl, contact))
}

// afterContact is where one goes on: the incident, else the contact; or an
// empty form about the same, when the other side is to be rung again.
func afterContact(v url.Values, sl slip, contact hotline.Contact) string {
	first := ""
	if len(sl.report.Incidents) > 0 {
		first = sl.report.Incidents[0]
	}
	switch {
	case v.Get("again") != "":
		q := url.Values{}
		if first != "" {
			q.Set("incident", first)
		}
		if sl.report.LineID != "" {
			q.Set("line", sl.report.LineID)
		}
		return "/contacts/new?" + q.Encode()
	case first != "":
		return incidentPath(incidents.ID(first))
	}
	return contactPath(contact.ID)
}

// editContact draws the form with what the log holds now.
func (s *Server) editContact(c echo.Context) error {
	k, err := s.contactOf(c, 0)
	if err != nil {
		return err
	}
	if k.Retracted {
		return fault.New(fault.Conflict, "This contact has been retracted and cannot be changed.")
	}
	return s.contactPage(c, http.StatusOK, slip{report: hotline.ContactReportOf(k.Contact), base: k.Revision, of: &k})
}

// postContactEdit files a change of a contact. Its links are changed on its
// page, not here.
func (s *Server) postContactEdit(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	k, err := s.contactOf(c, 0)
	if err != nil {
		return err
	}
	sl := contactFrom(v)
	sl.of, sl.report.ID = &k, string(k.ID)
	_, err = s.Desk.ReviseContact(c.Request().Context(), actor(c), sl.base, sl.report, sl.report.Reason)
	switch {
	case err == nil:
		return c.Redirect(http.StatusSeeOther, contactPath(k.ID))
	case fault.Is(err, fault.Invalid):
		sl.err = err
		return s.contactPage(c, http.StatusUnprocessableEntity, sl)
	case fault.Is(err, fault.Conflict) && !k.Retracted:
		return s.contactConflict(c, sl)
	}
	return err
}

// contactConflict shows both versions, as conflictPage does for incidents.
func (s *Server) contactConflict(c echo.Context, sl slip) error {
	revisions, err := s.Store.ContactRevisions(c.Request().Context(), sl.of.ID, 0)
	if err != nil {
		return err
	}
	newest := revisions[len(revisions)-1]
	base := newest
	for _, r := range revisions {
		if r.Revision == sl.base {
			base = r
		}
	}
	sl.conflict = mergeContact(&sl.report, hotline.ContactReportOf(base), newest)
	sl.conflict.Base = base.Revision
	sl.base = newest.Revision
	return s.contactPage(c, http.StatusConflict, sl)
}

// mergeContact lays a change over a newer revision, as mergeReport does; what
// both changed stays as the person has it, and is changed in the form.
func mergeContact(mine *contactReport, base contactReport, newest hotline.Contact) *view.Conflict {
	theirs := hotline.ContactReportOf(newest)
	c := &view.Conflict{By: newest.RecordedBy, At: incidents.FormatDTG(newest.RecordedAt.Time()), Revision: newest.Revision, Reason: newest.Reason, Fresh: contactPath(newest.ID) + "/edit"}
	for _, f := range contactTexts {
		if f.name == "id" || f.name == "relation" || f.name == "reason" || same(*f.at(mine), *f.at(&theirs)) {
			continue
		}
		label := strings.TrimLeft(f.label, "12345678 ")
		was, ours, other := wordOr(f.words, *f.at(&base)), wordOr(f.words, *f.at(mine)), wordOr(f.words, *f.at(&theirs))
		switch {
		case same(*f.at(mine), *f.at(&base)):
			c.Merged = append(c.Merged, view.MergedRow{Name: f.name, Label: label, Was: was, Is: other, By: newest.RecordedBy})
			*f.at(mine) = *f.at(&theirs)
		case same(*f.at(&theirs), *f.at(&base)):
			c.Merged = append(c.Merged, view.MergedRow{Name: f.name, Label: label, Was: was, Is: ours, By: "you"})
		default:
			row := view.ConflictRow{Name: f.name, Label: label, Was: was}
			row.Theirs, row.Yours = diffTexts(other, ours)
			c.Rows = append(c.Rows, row)
		}
	}
	c.MergedTitle = mergedWords(len(c.Merged))
	return c
}

// contactPage draws the form around a slip.
func (s *Server) contactPage(c echo.Context, status int, sl slip) error {
	ctx := c.Request().Context()
	g, err := s.readRegister(ctx, hotline.At{Now: incidents.MillisOf(s.Now())})
	if err != nil {
		return err
	}
	lines := g.lines
	p := view.ContactFormPage{
		Heading: "Log a contact", Action: "/contacts", Back: "/contacts", Report: sl.report, IncidentsText: sl.incidents, Base: sl.base, Conflict: sl.conflict,
		Lines: lineOptions(lines), Markings: s.Markings,
		Start: s.timeReading(sl.report.Start, sl.report.StartPrecision), End: s.timeReading(sl.report.End, sl.report.EndPrecision),
	}
	p.Errors, p.ErrorTitle = contactErrors(sl.err)
	cases, err := s.casesOf(ctx, sl)
	if err != nil {
		return err
	}
	shown := make([]incidents.Incident, len(cases))
	for i, k := range cases {
		shown[i] = k.Incident
		p.About = append(p.About, s.aboutCase(k))
	}
	p.Outcomes, p.EffectOn, p.EffectOver = s.outcomeChoices(cases, lines, sl)
	if sl.of != nil {
		p.Edit, p.Heading = true, "Edit the contact"
		p.Action, p.Back = contactPath(sl.of.ID), contactPath(sl.of.ID)
	} else if len(shown) > 0 {
		p.Back = incidentPath(shown[0].ID)
	}
	p.Frame = s.frame(c, p.Heading, "contacts")
	s.mark(&p.Frame, shown...)
	if sl.report.Exercise {
		p.Frame.Exercise = true
	}
	if status >= http.StatusBadRequest {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "Tab", Label: "next field"}, {Key: "Alt 1–6", Label: "line"}, {Key: "Ctrl ↵", Label: "log it"}}
	return page(c, status, view.ContactForm(p))
}

// casesOf reads the incidents that the slip is about, those that are there.
func (s *Server) casesOf(ctx context.Context, sl slip) ([]hotline.Case, error) {
	ids := sl.report.Incidents
	if sl.of != nil {
		for _, l := range sl.of.Incidents {
			ids = append(ids, string(l.Incident.ID))
		}
	} else if ids == nil {
		var err error
		if ids, err = s.incidentIDs(ctx, sl.incidents); err != nil {
			return nil, err
		}
	}
	var cases []hotline.Case
	for _, text := range ids[:min(len(ids), shownCases)] {
		id, ok := incidents.ParseID(text)
		if !ok {
			continue
		}
		k, err := s.Store.Case(ctx, id, hotline.At{Now: incidents.MillisOf(s.Now())})
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		cases = append(cases, k)
	}
	return cases, nil
}

// shownCases bounds the incidents that stand above the form; more can be
// linked, and are seen on the page of the contact.
const shownCases = 5

// aboutCase is an incident above the form: what it is, and how long is left.
func (s *Server) aboutCase(k hotline.Case) view.AboutCase {
	a := k.Assessment
	about := view.AboutCase{
		Number: numberOf(k.Incident), Title: k.Incident.Record.Title, Href: incidentPath(k.Incident.ID), Severity: k.Incident.Record.Severity,
		Status: string(a.Worst), Best: string(a.Best), Began: k.Incident.Record.Start.String(), Exercise: k.Incident.Record.Exercise,
	}
	now := incidents.MillisOf(s.Now())
	switch {
	case !a.HasDeadline():
		about.Deadline = "The policy sets no deadline."
	case now < a.DeadlineFrom:
		about.Deadline = "Deadline " + incidents.FormatDTG(a.DeadlineFrom.Time()) + ", " + hotline.FormatDuration(a.DeadlineFrom-now) + " left"
	default:
		about.Deadline = "Deadline " + incidents.FormatDTG(a.DeadlineFrom.Time()) + ", passed " + hotline.FormatDuration(now-a.DeadlineFrom) + " ago"
	}
	about.Open = k.Open()
	return about
}

// outcomeChoices lists the outcomes with their meaning and, for the first
// incident, the status that each would give it: the rule is asked with the
// contact as the form has it now.
func (s *Server) outcomeChoices(cases []hotline.Case, lines []hotline.Line, sl slip) (choices []view.OutcomeChoice, on, over string) {
	kind := kindOf(sl.report, lines)
	for _, t := range hotline.Outcomes {
		o := view.OutcomeChoice{Value: t.Code, Word: t.Word, Meaning: t.Meaning}
		if len(cases) > 0 && sl.of == nil {
			a := s.suppose(cases[0], sl.report, kind, t.Code)
			o.Status, o.Best = string(a.Worst), string(a.Best)
		}
		choices = append(choices, o)
	}
	if o := sl.report.Outcome; o != "" && !hotline.Outcomes.Has(o) {
		choices = append(choices, view.OutcomeChoice{Value: o, Word: "“" + o + "”", Meaning: "None of the list."})
	}
	if len(cases) > 0 && sl.of == nil {
		on, over = numberOf(cases[0].Incident), hotline.Kinds.Word(kind)
	}
	return choices, on, over
}

// kindOf is how the two sides are connected as the form has it; a telephone
// until somebody says otherwise.
func kindOf(r contactReport, lines []hotline.Line) string {
	if hotline.Kinds.Has(r.ChannelKind) {
		return r.ChannelKind
	}
	for _, l := range lines {
		if string(l.ID) == r.LineID && l.Kind != "" {
			return l.Kind
		}
	}
	return "phone"
}

// suppose asks the rule what the case would be with one contact more.
func (s *Server) suppose(k hotline.Case, r contactReport, kind, outcome string) hotline.Assessment {
	start, err := incidents.ReadTime(r.Start, r.StartPrecision, s.Now())
	if err != nil {
		start = incidents.At(s.Now(), incidents.Exact, "")
	}
	relation := r.Relation
	if !hotline.Relations.Has(relation) {
		relation = "prompted_by"
	}
	more := hotline.Linked{
		Contact:  hotline.Contact{ID: hotline.ContactID(r.ID), Start: start, Outcome: outcome, Purpose: r.Purpose, Channel: hotline.Channel{Kind: kind}},
		LinkedAs: hotline.Link{Relation: relation, Linked: true},
	}
	contacts := append(append([]hotline.Linked{}, k.Contacts...), more)
	return hotline.Assess(k.Incident, k.Assessment.Rule, contacts, incidents.MillisOf(s.Now()))
}

// lineOptions offers the lines with their state and hours.
func lineOptions(lines []hotline.Line) []view.Option {
	options := []view.Option{{Value: "", Label: "over no line of the register"}}
	for _, l := range lines {
		options = append(options, view.Option{Value: string(l.ID), Label: joined(", ", l.Short, hotline.LineStates.Word(l.State), hotline.Kinds.Word(l.Kind), l.Hours)})
	}
	return options
}

// contactErrors turns what is wrong with a contact into the summary above it.
func contactErrors(err error) ([]view.FieldError, string) {
	if err == nil {
		return nil, ""
	}
	fields := byField(err)
	if len(fields) == 0 {
		return nil, "Not logged: " + err.Error()
	}
	labels := map[string]string{"incidents": "1 About"}
	for _, f := range contactTexts {
		labels[f.name] = f.label
	}
	return view.FieldErrors(fields, labels), notDone("logged", len(fields))
}

// incidentIDs turns numbers and ids, with commas or blanks between them, into
// ids. What is neither is kept: the desk says what is wrong with it.
func (s *Server) incidentIDs(ctx context.Context, text string) ([]string, error) {
	var ids []string
	for _, t := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(", ;\t\r\n", c) }) {
		id, err := s.findIncident(ctx, t)
		if fault.Is(err, fault.NotFound) {
			id, err = t, nil
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// findIncident finds the id behind a number or an id.
func (s *Server) findIncident(ctx context.Context, text string) (string, error) {
	if id, ok := incidents.ParseID(text); ok {
		return string(id), nil
	}
	inc, err := s.Store.IncidentByNumber(ctx, strings.TrimSpace(text))
	return string(inc.ID), err
}

// numberOf is what people call an incident; a draft has no number yet.
func numberOf(inc incidents.Incident) string {
	if inc.Number != "" {
		return inc.Number
	}
	return string(inc.ID)
}

func contactPath(id hotline.ContactID) string { return "/contacts/" + string(id) }
