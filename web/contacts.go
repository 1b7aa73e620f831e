package web

import (
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// contactFilterNames are the names that the list of contacts takes.
var contactFilterNames = []string{"line", "outcome", "kind", "tests", "exercise", "as_of", "after"}

// contactsPerPage is a screenful with some scrolling.
const contactsPerPage = 50

// parseContactFilter reads a filter from the address, by the same rules as
// that of incidents: an unknown name or value is an error that says what is
// accepted.
func parseContactFilter(v url.Values) (hotline.ContactFilter, error) {
	f := hotline.ContactFilter{Limit: contactsPerPage}
	var p fault.Problems
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, value := range v[name] {
			if value = strings.TrimSpace(value); value != "" {
				contactFilterValue(&f, &p, name, value)
			}
		}
	}
	return f, p.Err("The filter cannot be read.", contactFilterNames...)
}

func contactFilterValue(f *hotline.ContactFilter, p *fault.Problems, name, value string) {
	notAccepted := func(accepted string) { p.Add(name, "“"+value+"” is not accepted; accepted: "+accepted+".") }
	switch name {
	case "line":
		id, ok := incidents.ParseID(value)
		if !ok {
			notAccepted("the id of a line")
		}
		f.LineID = hotline.LineID(id)
	case "outcome":
		if !hotline.Outcomes.Has(value) {
			notAccepted(hotline.Outcomes.Accepted())
		}
		f.Outcomes = append(f.Outcomes, value)
	case "kind":
		if !hotline.Kinds.Has(value) {
			notAccepted(hotline.Kinds.Accepted())
		}
		f.Kinds = append(f.Kinds, value)
	case "tests":
		if value != "include" && value != "exclude" {
			notAccepted("include, exclude")
		}
		f.Tests = value == "include"
	case "exercise":
		if value != "include" && value != "only" && value != "exclude" {
			notAccepted("include, only, exclude")
		}
		if f.Exercise = value; value == "exclude" {
			f.Exercise = ""
		}
	case "as_of":
		t, err := incidents.ReadInstant(value)
		if err != nil {
			p.Add(name, err.Error())
		}
		f.AsOf = incidents.MillisOf(t)
	case "after":
		f.After = value
	default:
		p.Add(name, "is no filter; accepted: "+strings.Join(contactFilterNames, ", ")+".")
	}
}

// listContacts shows the contacts, newest first.
func (s *Server) listContacts(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := parseContactFilter(c.QueryParams())
	if err != nil {
		return err
	}
	found, err := s.Store.Contacts(ctx, f)
	if err != nil {
		return err
	}
	lines, err := s.Store.Lines(ctx, f.AsOf)
	if err != nil {
		return err
	}
	p := view.ContactsPage{
		Frame: s.frame(c, "Contacts", "contacts"), Rows: s.contactRows(found.Contacts, lines, f.AsOf), Total: found.Total, Tests: f.Tests, Exercise: f.Exercise,
		Outcomes: f.Outcomes, Kinds: f.Kinds, Line: string(f.LineID), Lines: lineFilter(lines), Later: f.After != "",
	}
	s.at(&p.Frame, f.AsOf)
	if f.AsOf != 0 {
		p.AsOf = incidents.FormatInstant(f.AsOf)
	}
	asked := c.QueryParams()
	p.Filtered = asked.Get("line") != "" || len(f.Outcomes)+len(f.Kinds) > 0 || f.Tests || f.Exercise != ""
	asked.Del("after")
	p.First = "/contacts?" + asked.Encode()
	if found.Next != "" {
		asked.Set("after", found.Next)
		p.Next = "/contacts?" + asked.Encode()
	}
	s.markContacts(&p.Frame, found.Contacts)
	p.Frame.Keys = []view.Key{{Key: "C", Label: "call"}, {Key: "J K", Label: "move"}, {Key: "Enter", Label: "open"}}
	return page(c, http.StatusOK, view.Contacts(p))
}

// lineFilter offers every line to the filter.
func lineFilter(lines []hotline.Line) []view.Option {
	options := []view.Option{{Value: "", Label: "every line and none"}}
	for _, l := range lines {
		options = append(options, view.Option{Value: string(l.ID), Label: l.Short})
	}
	return options
}

// markContacts sets the banners of a page that shows contacts with their
// incidents.
func (s *Server) markContacts(f *view.Frame, list []hotline.ContactWithIncidents) {
	var shown []incidents.Incident
	for _, k := range list {
		own := incidents.Incident{Record: incidents.Record{Marking: k.Marking, Exercise: k.Exercise}}
		shown = append(shown, own)
		for _, l := range k.Incidents {
			shown = append(shown, l.Incident)
		}
	}
	s.mark(f, shown...)
}

// contactRows makes the rows of a table of contacts.
func (s *Server) contactRows(list []hotline.ContactWithIncidents, lines []hotline.Line, asOf incidents.Millis) []view.ContactRow {
	short := map[hotline.LineID]string{}
	for _, l := range lines {
		short[l.ID] = l.Short
	}
	rows := make([]view.ContactRow, len(list))
	for i, k := range list {
		rows[i] = view.ContactRow{
			Href: withAsOf(contactPath(k.ID), asOf), When: k.Start, Direction: directionWords(k.Contact), Kind: hotline.Kinds.Word(k.Channel.Kind),
			Outcome: hotline.Outcomes.Word(k.Outcome), Through: hotline.GotThrough(k.Outcome), Summary: contactSummary(k.Contact),
			Test: k.Purpose == "line_test", Exercise: k.Exercise, Retracted: k.Retracted, Line: short[k.LineID],
		}
		for _, l := range k.Incidents {
			rows[i].Incidents = append(rows[i].Incidents, incidentRef(l, asOf))
		}
	}
	return rows
}

// contactSummary is the one line that tells a contact from another.
func contactSummary(k hotline.Contact) string {
	if k.Summary != "" {
		return k.Summary
	}
	if k.Purpose == incidents.Unknown {
		return k.Channel.Name
	}
	return joined(", ", k.Channel.Name, hotline.Purposes.Word(k.Purpose))
}

// directionWords says who called whom.
func directionWords(k hotline.Contact) string {
	from, to := strings.Join(k.Initiators, ", "), strings.Join(k.Answerers, ", ")
	switch {
	case k.Direction == "both":
		return "both ways"
	case from == "" && to == "":
		return ""
	case from == "":
		return "unknown → " + to
	case to == "":
		return from + " → unknown"
	}
	return from + " → " + to
}

func incidentRef(l hotline.LinkedIncident, asOf incidents.Millis) view.IncidentRef {
	inc := l.Incident
	return view.IncidentRef{
		ID: string(inc.ID), Number: numberOf(inc), Title: inc.Record.Title, Severity: inc.Record.Severity, Href: withAsOf(incidentPath(inc.ID), asOf),
		Relation: l.Link.Relation, RelationWord: hotline.Relations.Word(l.Link.Relation), Reason: l.Link.Reason, Began: inc.Record.Start, By: l.Link.RecordedBy,
		At: incidents.FormatDTG(l.Link.RecordedAt.Time()), Exercise: inc.Record.Exercise, Retracted: inc.Status == incidents.Retracted,
	}
}

// withAsOf carries the moment along to another page.
func withAsOf(path string, asOf incidents.Millis) string {
	if asOf == 0 {
		return path
	}
	return path + "?as_of=" + url.QueryEscape(incidents.FormatInstant(asOf))
}

// contactOf finds the contact of the address.
func (s *Server) contactOf(c echo.Context, asOf incidents.Millis) (hotline.ContactWithIncidents, error) {
	id, ok := incidents.ParseID(c.Param("id"))
	if !ok {
		return hotline.ContactWithIncidents{}, fault.New(fault.NotFound, "There is no such contact.")
	}
	return s.Store.Contact(c.Request().Context(), hotline.ContactID(id), asOf)
}

// remark is what was typed into one of the small forms of a contact's page
// that was not accepted, so that it is still there.
type remark struct {
	form     string // link, retract, or unlink and the incident's id
	incident string
	relation string
	reason   string
	err      error
}

// showContact is the page of one contact.
func (s *Server) showContact(c echo.Context) error {
	asOf, err := asOfParam(c)
	if err != nil {
		return err
	}
	return s.contactCard(c, http.StatusOK, asOf, remark{})
}

// contactCard draws the page of a contact around what was remarked on it.
func (s *Server) contactCard(c echo.Context, status int, asOf incidents.Millis, said remark) error {
	k, err := s.contactOf(c, asOf)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	revisions, err := s.Store.ContactRevisions(ctx, k.ID, asOf)
	if err != nil {
		return err
	}
	p := view.ContactPage{Frame: s.frame(c, "Contact "+k.Start.String(), "contacts"), Contact: k.Contact, Direction: directionWords(k.Contact), Line: withAsOf("/lines/"+string(k.LineID), asOf), LineShort: k.Channel.Name,
		Through: hotline.GotThrough(k.Outcome), Attempt: hotline.IsAttempt(k.Outcome), Direct: hotline.IsDirect(k.Channel.Kind),
		Action: contactPath(k.ID), Sources: sourceLines(k.Sources), Revisions: contactHistory(revisions)}
	if k.LineID == "" {
		p.Line = ""
	} else if line, err := s.Store.Line(ctx, k.LineID, asOf); err == nil {
		p.LineShort = line.Short
	} else if !fault.Is(err, fault.NotFound) {
		return err
	}
	for _, l := range k.Incidents {
		ref := incidentRef(l, asOf)
		_, ref.WhyNot = hotline.BasisOf(l.Incident, hotline.Linked{Contact: k.Contact, LinkedAs: l.Link})
		p.Incidents = append(p.Incidents, ref)
	}
	s.at(&p.Frame, asOf)
	s.markContacts(&p.Frame, []hotline.ContactWithIncidents{k})
	p.CanChange = p.Frame.User != nil && p.Frame.User.CanWrite && !k.Retracted && asOf == 0
	p.CanRetract = p.CanChange && p.Frame.User.CanManage
	p.Remark = view.Remark{Form: said.form, Incident: said.incident, Relation: said.relation, Reason: said.reason}
	p.Errors, p.ErrorTitle = remarkErrors(said)
	if err := s.addExpected(ctx, &p, k.Contact, asOf, said); err != nil {
		return err
	}
	if status >= http.StatusBadRequest {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "E", Label: "edit"}, {Key: "G C", Label: "contacts"}}
	return page(c, status, view.Contact(p))
}

// remarkErrors puts the messages to the fields of the small form that they are
// about; the ids carry the form's name, as a page has several.
func remarkErrors(said remark) ([]view.FieldError, string) {
	if said.err == nil {
		return nil, ""
	}
	labels := map[string]string{"incidents": "Incident", "relation": "Relation", "reason": "Reason", "answer": "Answer", "expect_what": "What is to be answered", "expect_by": "By"}
	var errs []view.FieldError
	for _, f := range byField(said.err) {
		errs = append(errs, view.FieldError{ID: f.Name + "-" + said.form, Field: labels[f.Name], Msg: f.Msg})
	}
	return errs, notDone("done", len(errs))
}

// contactHistory tells what each revision changed.
func contactHistory(revisions []hotline.Contact) []view.RevisionRow {
	rows := make([]view.RevisionRow, len(revisions))
	for i, r := range revisions {
		rows[i] = view.RevisionRow{Revision: r.Revision, At: r.RecordedAt.Time(), By: r.RecordedBy, Reason: r.Reason}
		if i == 0 {
			continue
		}
		before, after := hotline.ContactReportOf(revisions[i-1]), hotline.ContactReportOf(r)
		for _, f := range contactTexts {
			if was, is := *f.at(&before), *f.at(&after); was != is && f.name != "line" {
				rows[i].Changes = append(rows[i].Changes, view.FieldChange{Field: strings.TrimLeft(f.label, "123456 "), Was: wordOr(f.words, was), Is: wordOr(f.words, is)})
			}
		}
		if was, is := yesNo(revisions[i-1].Exercise), yesNo(r.Exercise); was != is {
			rows[i].Changes = append(rows[i].Changes, view.FieldChange{Field: "Exercise", Was: was, Is: is})
		}
		if was, is := yesNo(revisions[i-1].Retracted), yesNo(r.Retracted); was != is {
			rows[i].Changes = append(rows[i].Changes, view.FieldChange{Field: "Retracted", Was: was, Is: is})
		}
	}
	for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 { // newest first
		rows[i], rows[j] = rows[j], rows[i]
	}
	return rows
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// postLink links a contact to one more incident, or changes how it is linked.
func (s *Server) postLink(c echo.Context) error {
	said := remark{form: "link", incident: c.FormValue("incident"), relation: c.FormValue("relation"), reason: c.FormValue("reason")}
	return s.relink(c, said, func(actor access.Actor, contact hotline.ContactID, id incidents.ID) error {
		return s.Desk.Link(c.Request().Context(), actor, contact, id, said.relation, said.reason)
	})
}

// postUnlink takes a contact off an incident, with a reason.
func (s *Server) postUnlink(c echo.Context) error {
	said := remark{incident: c.FormValue("incident"), reason: c.FormValue("reason")}
	said.form = "unlink-" + said.incident
	return s.relink(c, said, func(actor access.Actor, contact hotline.ContactID, id incidents.ID) error {
		return s.Desk.Unlink(c.Request().Context(), actor, contact, id, said.reason)
	})
}

// relink does something to a link and goes back to where it was asked.
func (s *Server) relink(c echo.Context, said remark, do func(access.Actor, hotline.ContactID, incidents.ID) error) error {
	k, err := s.contactOf(c, 0)
	if err != nil {
		return err
	}
	id, err := s.findIncident(c.Request().Context(), said.incident)
	if fault.Is(err, fault.NotFound) {
		id, err = said.incident, nil // the desk says what is wrong with it
	}
	if err == nil {
		err = do(actor(c), k.ID, incidents.ID(id))
	}
	if fault.Is(err, fault.Invalid) {
		said.err = err
		return s.contactCard(c, http.StatusUnprocessableEntity, 0, said)
	}
	if err != nil {
		return err
	}
	back := contactPath(k.ID)
	if b := c.FormValue("back"); b != "" {
		back = localPath(b)
	}
	return c.Redirect(http.StatusSeeOther, back)
}

// postContactRetract takes a contact back; it stays readable.
func (s *Server) postContactRetract(c echo.Context) error {
	k, err := s.contactOf(c, 0)
	if err != nil {
		return err
	}
	base, err := strconv.Atoi(c.FormValue("base"))
	if err != nil {
		base = k.Revision // a form without one is not about a version
	}
	said := remark{form: "retract", reason: c.FormValue("reason")}
	_, err = s.Desk.RetractContact(c.Request().Context(), actor(c), k.ID, base, said.reason)
	if fault.Is(err, fault.Invalid) {
		said.err = err
		return s.contactCard(c, http.StatusUnprocessableEntity, 0, said)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, contactPath(k.ID))
}
