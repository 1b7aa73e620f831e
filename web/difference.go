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

// differenceRows is how many incidents each part of the page shows at once.
const differenceRows = 50

// stretch is the time between two moments of the log.
type stretch struct{ since, until incidents.Millis }

// showDifference compares what a search gave at one moment of the log with what
// it gives at a later one:
// GET /incidents/difference?<the filter of the list>&as_of=…[&until=…][&page=…]
func (s *Server) showDifference(c echo.Context) error {
	ctx := c.Request().Context()
	q := ask(c, "until", "page")
	if address, ok := q.tidy(); ok && q.err == nil {
		return c.Redirect(http.StatusSeeOther, address)
	}
	p := view.DifferencePage{Frame: s.frame(c, "Difference", "log"), Since: q.last("as_of"), Until: q.last("until")}
	now, err := s.Store.Settled(ctx)
	if err != nil {
		return err
	}
	t, number := q.stretch(now), q.pageNumber()
	p.Search = q.differenceForm()
	if q.err != nil {
		p.Errors = q.errors
		for i := range p.Errors {
			if id := p.Errors[i].ID; id != "as_of" && id != "until" {
				p.Errors[i].ID = "filters"
			}
		}
		return page(c, q.status(&p.Frame), view.Difference(p))
	}
	p.Then, p.Now, p.Today = instantOf(t.since), instantOf(t.until), p.Until == ""
	if p.Length = "less than a minute"; t.until-t.since >= 60_000 {
		p.Length = hotline.FormatDuration(t.until - t.since)
	}
	p.ThenHref, p.NowHref = withQuery("/incidents", q.asOf(t.since)), withQuery("/incidents", q.asOf(t.until))
	p.TodayHref = withQuery("/incidents", q.asOf(0))
	p.Pinned = q.differenceAddress(t, 1)
	p.Exact = incidents.FormatInstant(t.since) + " – " + incidents.FormatInstant(t.until)
	if err := s.fillDifference(ctx, &p, q, t, number); err != nil {
		return err
	}
	p.Frame.Keys = []view.Key{{Key: "J", Label: "K move"}, {Key: "Enter", Label: "open"}}
	return page(c, http.StatusOK, view.Difference(p))
}

// stretch reads the two moments; without an end it is now, the last moment of
// which nothing more can be written.
func (q *question) stretch(now incidents.Millis) stretch {
	if q.err != nil {
		return stretch{}
	}
	t := stretch{q.AsOf, now}
	var p fault.Problems
	if text := q.last("until"); text != "" {
		until, err := incidents.ReadInstant(text)
		if err != nil {
			p.Add("until", err.Error())
		} else if t.until = incidents.MillisOf(until); t.until > now {
			p.Add("until", "lies ahead; leave it empty for now.")
		}
	}
	switch {
	case t.since == 0:
		p.Add("as_of", "is missing; say since when, such as 141630ZMAR23.")
	case t.since >= t.until:
		p.Add("as_of", "is not before the other moment; give an earlier one.")
	}
	if err := p.Err("The difference cannot be told.", "as_of", "until"); err != nil {
		q.refuse(err)
	}
	return t
}

// pageNumber reads which rows of each part are wanted, counted from 1.
func (q *question) pageNumber() int {
	text := q.last("page")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1_000_000 {
		q.refuse(&fault.Error{Kind: fault.Invalid, Msg: "There is no such page.", Fields: []fault.Field{{Name: "page", Msg: "accepted: 1 and up."}}})
		return 1
	}
	return n
}

// differenceForm is the search, as chips that can be taken out, and as what the
// form of the two moments sends along.
func (q *question) differenceForm() view.FilterForm {
	asked := q.values()
	asked.Del("as_of")
	f := view.FilterForm{Action: q.path}
	for _, name := range incidents.FilterNames {
		for _, x := range asked[name] {
			f.Carried = append(f.Carried, view.Pair{Name: name, Value: x})
		}
	}
	if q.err != nil || q.AsOf == 0 {
		return f
	}
	search := *q
	search.AsOf, search.others = 0, []string{"as_of", "until"}
	f.Chips = search.chips()
	f.Clear = withQuery(q.path, search.own())
	return f
}

// asOf is the search at a moment; 0 is now.
func (q *question) asOf(at incidents.Millis) url.Values {
	f := q.Filter
	f.AsOf = at
	return f.Values()
}

// differenceAddress says the same next year.
func (q *question) differenceAddress(t stretch, number int) string {
	v := q.asOf(t.since)
	v.Set("until", incidents.FormatInstant(t.until))
	if number > 1 {
		v.Set("page", strconv.Itoa(number))
	}
	return withQuery("/incidents/difference", v)
}

// fillDifference counts every part and reads the rows of one page of each.
func (s *Server) fillDifference(ctx context.Context, p *view.DifferencePage, q *question, t stretch, number int) (err error) {
	if p.TotalThen, err = s.Store.CountCases(ctx, q.Filter, hotline.At{AsOf: t.since}); err != nil {
		return err
	}
	if p.TotalNow, err = s.Store.CountCases(ctx, q.Filter, hotline.At{AsOf: t.until}); err != nil {
		return err
	}
	first := (number - 1) * differenceRows
	parts := map[hotline.Part]*view.DifferencePart{hotline.CameIn: &p.Came, hotline.FellOut: &p.Fell, hotline.Changed: &p.Changed}
	var wanted []hotline.CaseDifference
	err = s.Store.EachDifference(ctx, q.Filter, t.since, t.until, func(d hotline.CaseDifference) error {
		part := parts[d.Part]
		if part.Total >= first && part.Total < first+differenceRows {
			wanted = append(wanted, d)
		}
		part.Total++
		return nil
	})
	if err != nil {
		return err
	}
	var shown []incidents.Incident
	more := false
	for _, d := range wanted {
		row, inc, err := s.differenceRow(ctx, t, d)
		if err != nil {
			return err
		}
		part := parts[d.Part]
		part.First, part.Rows = first+1, append(part.Rows, row)
		more = more || part.Total > first+differenceRows
		shown = append(shown, inc)
	}
	s.mark(&p.Frame, shown...)
	p.PerPage, p.Same = differenceRows, p.TotalThen-p.Fell.Total-p.Changed.Total
	if number > 1 {
		p.Prev = q.differenceAddress(t, number-1)
	}
	if more {
		p.Next = q.differenceAddress(t, number+1)
	}
	return nil
}

// differenceRow says what became of one incident, and why.
func (s *Server) differenceRow(ctx context.Context, t stretch, d hotline.CaseDifference) (view.DifferenceRow, incidents.Incident, error) {
	is, err := s.Store.Case(ctx, d.ID, hotline.At{AsOf: t.until})
	if err != nil {
		return view.DifferenceRow{}, incidents.Incident{}, err
	}
	inc := is.Incident
	row := view.DifferenceRow{ID: string(d.ID), Number: numberOf(inc), Title: inc.Record.Title, Severity: inc.Record.Severity, Start: inc.Record.Start.String(),
		Exercise: inc.Record.Exercise, Now: withAsOf(incidentPath(d.ID), t.until), History: withAsOf(incidentPath(d.ID)+"/history", t.until)}
	was, err := s.Store.Case(ctx, d.ID, hotline.At{AsOf: t.since})
	if fault.Is(err, fault.NotFound) {
		row.Why, row.At, row.By = "First recorded", instantOf(inc.FirstRecordedAt), inc.RecordedBy
		if inc.Revision > 1 {
			row.By = ""
		}
		return row, inc, nil
	}
	if err != nil {
		return row, inc, err
	}
	row.Then = withAsOf(incidentPath(d.ID), t.since)
	row.Changes = caseChanges(was, is)
	if inc.Revision != was.Incident.Revision {
		row.At, row.By, row.Reason = instantOf(inc.RecordedAt), inc.RecordedBy, inc.Reason
	}
	row.Why = whyDiffers(d.Part, was, is)
	if d.Part == hotline.FellOut && inc.MergedInto != "" && was.Incident.MergedInto == "" {
		into, err := s.Store.Incident(ctx, inc.MergedInto, t.until)
		if err != nil {
			return row, inc, err
		}
		row.Into, row.IntoHref = numberOf(into), withAsOf(incidentPath(into.ID), t.until)
	}
	return row, inc, nil
}

// whyDiffers says in a few words why an incident came in, fell out or changed.
func whyDiffers(part hotline.Part, was, is hotline.Case) string {
	old, inc := was.Incident, is.Incident
	if part == hotline.FellOut && inc.Status == incidents.Retracted && old.Status != incidents.Retracted {
		if inc.MergedInto != "" {
			return "Merged into"
		}
		return "Retracted"
	}
	cause := "Its contacts changed"
	switch {
	case inc.Revision != old.Revision:
		cause = "Its record changed"
	case len(contactChanges(was.Contacts, is.Contacts)) == 0:
		cause = "A deadline passed"
	}
	switch part {
	case hotline.CameIn:
		return cause + ", so that it fits now"
	case hotline.FellOut:
		return cause + ", so that it no longer fits"
	}
	return cause
}

// caseChanges are the status, the fields and the contacts in which two answers
// about one incident differ.
func caseChanges(was, is hotline.Case) []view.Change {
	var list []view.Change
	then, now := standingWords(was), standingWords(is)
	if then != now {
		list = append(list, view.Change{Field: "De-escalation", Old: []view.DiffLine{{Differs: then}}, New: []view.DiffLine{{Differs: now}}})
	}
	list = append(list, diffFields(incidentFields(was.Incident), incidentFields(is.Incident))...)
	return append(list, contactChanges(was.Contacts, is.Contacts)...)
}

func standingWords(one hotline.Case) string {
	return view.StatusWords(string(one.Assessment.Worst), string(one.Assessment.Best))
}

// contactChanges says which contacts came, which went, and what of the others
// is written otherwise.
func contactChanges(was, is []hotline.Linked) []view.Change {
	old := map[hotline.ContactID]hotline.Linked{}
	for _, k := range was {
		old[k.ID] = k
	}
	var list []view.Change
	for _, k := range is {
		before, had := old[k.ID]
		delete(old, k.ID)
		switch {
		case !had:
			list = append(list, view.Change{Field: "Contact linked", New: linkedLine(k)})
		case before.LinkedAs.Relation != k.LinkedAs.Relation:
			list = append(list, view.Change{Field: "Relation of a contact", Old: linkedLine(before), New: linkedLine(k)})
		case before.LinkedAs.Revision != k.LinkedAs.Revision && before.Revision == k.Revision:
			list = append(list, view.Change{Field: "Contact linked anew", Old: linkedLine(before), New: linkedLine(k)})
		}
		if had && before.Revision != k.Revision {
			list = append(list, revisedContact(before.Contact, k.Contact)...)
		}
	}
	for _, k := range was {
		if _, gone := old[k.ID]; gone {
			list = append(list, view.Change{Field: "Contact unlinked", Old: linkedLine(k)})
		}
	}
	return list
}

// revisedContact are the fields of a contact that differ.
func revisedContact(was, is hotline.Contact) []view.Change {
	name := "Contact " + contactTitle(is)
	changes := diffFields(contactFields(was), contactFields(is))
	for i := range changes {
		changes[i].Note = strings.TrimSpace(name + " " + changes[i].Note)
	}
	if len(changes) == 0 {
		line := func(n int) []view.DiffLine { return []view.DiffLine{{Differs: "revision " + strconv.Itoa(n)}} }
		changes = []view.Change{{Field: name, Old: line(was.Revision), New: line(is.Revision)}}
	}
	return changes
}

func linkedLine(k hotline.Linked) []view.DiffLine {
	return []view.DiffLine{{Differs: contactTitle(k.Contact) + ", " + k.Start.String() + ": " + hotline.Outcomes.Word(k.Outcome) + " (" + hotline.Relations.Word(k.LinkedAs.Relation) + ")"}}
}
