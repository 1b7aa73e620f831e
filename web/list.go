package web

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

const listRows = 50

var numberPattern = regexp.MustCompile(`^\d{4}-\d{1,6}$`)

// listIncidents is the log as a table: every filter, an order, a page.
func (s *Server) listIncidents(c echo.Context) error {
	q := ask(c, "sort", "after", "limit")
	if address, ok := q.tidy(); ok && q.err == nil {
		return c.Redirect(http.StatusSeeOther, address)
	}
	if numberPattern.MatchString(q.Q) {
		inc, err := s.Store.IncidentByNumber(c.Request().Context(), q.Q)
		if err == nil {
			return c.Redirect(http.StatusSeeOther, withAsOf(incidentPath(inc.ID), q.AsOf))
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	p := view.ListPage{Frame: s.frame(c, "Log", "log")}
	at := s.at(&p.Frame, q.AsOf)
	wanted := q.page()
	if q.err == nil {
		cases, err := s.Store.Cases(c.Request().Context(), q.Filter, wanted, at)
		if fault.Is(err, fault.Invalid) {
			q.refuse(err)
		} else if err != nil {
			return err
		} else {
			s.fillList(&p, q, wanted, cases)
			if err := s.addHandling(c.Request().Context(), p.Rows, at.AsOf); err != nil {
				return err
			}
			if p.Pin, err = s.pin(c.Request().Context(), q); err != nil {
				return err
			}
		}
	}
	status := http.StatusOK
	if q.err != nil {
		status, p.Frame.Title = http.StatusUnprocessableEntity, "Error: Log"
	} else if err := s.count(c.Request().Context(), q, at, "region", "severity", "deescalation", "report"); err != nil {
		return err
	}
	p.Filter = q.form()
	p.Frame.Keys = []view.Key{{Key: "N", Label: "new report"}, {Key: "J", Label: "K move"}, {Key: "Enter", Label: "open"}, {Key: "F", Label: "filter"}, {Key: "/", Label: "find"}}
	return page(c, status, view.List(p))
}

// page reads the order and the place in the list.
func (q *question) page() hotline.Page {
	p := hotline.Page{Sort: q.last("sort"), After: q.last("after"), Limit: listRows}
	if p.Sort == "" {
		p.Sort = "-start"
	}
	if sorts := hotline.Sorts; !slices.Contains(sorts, strings.TrimPrefix(p.Sort, "-")) {
		q.refuse(&fault.Error{Kind: fault.Invalid, Msg: "The list cannot be ordered so.",
			Fields: []fault.Field{{Name: "sort", Msg: "accepted: " + strings.Join(sorts, ", ") + ", with “-” in front for the other way round."}}})
	}
	if text := q.last("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 500 {
			q.refuse(&fault.Error{Kind: fault.Invalid, Msg: "The list cannot be cut so.", Fields: []fault.Field{{Name: "limit", Msg: "accepted: 1 to 500."}}})
		}
		p.Limit = n
	}
	return p
}

// fillList turns cases into rows, and says where the other rows are.
func (s *Server) fillList(p *view.ListPage, q *question, wanted hotline.Page, cases hotline.CasePage) {
	shown := make([]incidents.Incident, 0, len(cases.Cases))
	asOf := asOfQuery(q.AsOf)
	for _, one := range cases.Cases {
		shown = append(shown, one.Incident)
		p.Rows = append(p.Rows, listRow(one, asOf))
	}
	s.mark(&p.Frame, shown...)
	p.Total = cases.Total
	p.Paging = q.paging(wanted, cases)
	p.Export, p.Files, p.Map = withQuery("/export/incidents.geojson", q.whole()), withQuery("/export", q.whole()), withQuery("/map", q.values())
	if len(q.Regions) == 1 && q.Regions[0] != "outside" {
		v := q.values()
		v.Del("region")
		p.Map = withQuery("/regions/"+q.Regions[0], v)
	}
	for _, name := range []string{"exercise", "report", "as_of"} {
		for _, x := range q.whole()[name] {
			p.Chosen = append(p.Chosen, view.Pair{Name: name, Value: x})
		}
	}
	p.Heads = q.heads(wanted.Sort)
}

// paging says which rows are shown, where that is known, and leads to the
// others. A place in the list is a cursor, not a number: only the first and the
// last page know how far they are.
func (q *question) paging(wanted hotline.Page, cases hotline.CasePage) view.Paging {
	n := len(cases.Cases)
	p := view.Paging{To: n, Total: cases.Total}
	if cases.Next != "" {
		p.Next = q.turn(cases.Next)
	} else {
		p.From, p.To = cases.Total-n+1, cases.Total
	}
	if cases.Prev != "" {
		p.Prev = q.turn(cases.Prev)
	} else if wanted.After != "" {
		p.Prev = q.turn("")
	}
	if p.Prev == "" && n > 0 {
		p.From, p.To = 1, n
	}
	return p
}

// turn is the address of another page of the same list; without a cursor it is
// the first one.
func (q *question) turn(cursor string) string {
	v := q.values()
	for name, values := range q.own() {
		v[name] = values
	}
	if cursor != "" {
		v.Set("after", cursor)
	}
	return withQuery(q.path, v)
}

// heads are the heads of the columns, each with the order that pressing it
// brings; two columns have a second line, by which one may sort as well.
func (q *question) heads(sort string) []view.ListHead {
	when, contact := q.head("start", "When", "-", sort), view.ListHead{Label: "Time to contact"}
	recorded, deadline := q.head("recorded", "Recorded", "-", sort), q.head("deadline", "Deadline", "", sort)
	when.Also, contact.Also = &recorded, &deadline
	return []view.ListHead{
		q.head("number", "Number", "-", sort), when, q.head("title", "What happened, who met whom", "", sort), q.head("region", "Region", "", sort),
		q.head("severity", "Severity", "-", sort), q.head("deescalation", "Call", "-", sort), contact,
	}
}

// head is one head: pressed again, it turns the order round; first is "-" where
// the first press brings the falling one.
func (q *question) head(code, label, first, sort string) view.ListHead {
	head, next := view.ListHead{Label: label}, first+code
	switch sort {
	case code:
		head.Sorted, next = "ascending", "-"+code
	case "-" + code:
		head.Sorted, next = "descending", code
	}
	v := q.values()
	if limit := q.last("limit"); limit != "" {
		v.Set("limit", limit)
	}
	v.Set("sort", next)
	head.Href = withQuery(q.path, v)
	return head
}

// listRow is one incident as a row of a list, on the table and beside a map.
func listRow(one hotline.Case, asOf string) view.ListRow {
	inc, a := one.Incident, one.Assessment
	r := inc.Record
	row := view.ListRow{ID: string(inc.ID), Href: "/incidents/" + string(inc.ID) + asOf, Number: inc.Number, Title: r.Title,
		Who: r.Intercepting.String() + " → " + r.Intercepted.String(), Region: incidents.RegionCodes.Word(inc.Derived.Region), SubArea: r.SubArea,
		Severity: r.Severity, Status: string(a.Worst), Best: string(a.Best), Open: one.Open(), Exercise: r.Exercise,
		Retracted: inc.Status == incidents.Retracted, Merged: inc.MergedInto != "", Located: !r.Geometry.IsNone(), Start: r.Start.String(), StartAt: r.Start.From.Time(), Precision: string(r.Start.Precision),
		Recorded: incidents.FormatDTG(inc.RecordedAt.Time()), Deadline: earliestDeadline(a),
		Intercepting: symbolsOf(r.Intercepting), Intercepted: symbolsOf(r.Intercepted)}
	if row.SubArea == "" {
		row.SubArea = inc.Derived.Sea
	}
	if a.FirstContact != nil {
		row.Contact = hotline.FormatBounds(*a.FirstContact)
		row.ContactKind = "direct"
		if a.FirstDirect == nil || *a.FirstDirect != *a.FirstContact {
			row.ContactKind = "diplomatic"
		}
	} else if a.Attempts > 0 {
		row.ContactKind = fmt.Sprintf("tried %d×", a.Attempts)
	}
	return row
}

// earliestDeadline is when the call was due at the earliest; empty where none
// is asked for.
func earliestDeadline(a hotline.Assessment) string {
	if !a.HasDeadline() {
		return ""
	}
	text := incidents.FormatDTG(a.DeadlineFrom.Time())
	if a.DeadlineTo-a.DeadlineFrom > 60_000 {
		return "from " + text
	}
	return text
}
