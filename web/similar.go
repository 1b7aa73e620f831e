package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

const (
	similarShown = 5   // beside the form: more would not be read
	similarRead  = 300 // compared at most, those that began last first
	// similarBack is how long before a report an incident may have begun that
	// still goes on: the store finds incidents by their start.
	similarBack = incidents.Millis(7 * 24 * time.Hour / time.Millisecond)
)

// likely is an incident that may be the one which a report tells.
type likely struct {
	hotline.Case
	incidents.Likeness
}

// similar finds the incidents that a half-filled report may be another report
// of, nearest first. left is how many of its time were not compared.
func (s *Server) similar(ctx context.Context, r report) (found []likely, left int, err error) {
	rec, place := r.Readable(s.Atlas, s.Now())
	if rec.Start.IsZero() || place.Region == "" || len(rec.Intercepted.Nations)+len(rec.Intercepted.Aircraft) == 0 {
		return nil, 0, nil
	}
	period := rec.Period()
	f := incidents.Filter{Regions: []string{place.Region}, From: period.From - similarBack, To: period.To + incidents.AlikeApart}
	if rec.Exercise {
		f.Exercise = "only"
	}
	page, err := s.Store.Cases(ctx, f, hotline.Page{Sort: "-start", Limit: similarRead}, hotline.At{})
	if err != nil {
		return nil, 0, err
	}
	for _, c := range page.Cases {
		l, ok := incidents.Alike(&rec, &c.Incident.Record, place, c.Incident.Derived)
		if ok && string(c.Incident.ID) != r.ID {
			found = append(found, likely{c, l})
		}
	}
	slices.SortStableFunc(found, func(a, b likely) int {
		return cmp.Or(nearness(a)-nearness(b), cmp.Compare(a.DistanceNM, b.DistanceNM), cmp.Compare(startWidth(a), startWidth(b)), cmp.Compare(a.Incident.ID, b.Incident.ID))
	})
	return found[:min(len(found), similarShown)], page.Total - len(page.Cases), nil
}

// nearness puts those whose distance nobody knows behind the others.
func nearness(l likely) int {
	if l.Placed {
		return 0
	}
	return 1
}

// startWidth puts those known to the minute before those known to the year.
func startWidth(l likely) incidents.Millis {
	return l.Incident.Record.Start.To - l.Incident.Record.Start.From
}

// similarPanel is what stands beside the form of a new report.
func (s *Server) similarPanel(ctx context.Context, sh sheet) (view.Similar, error) {
	if sh.of != nil {
		return view.Similar{}, nil
	}
	found, left, err := s.similar(ctx, sh.report)
	p := view.Similar{}
	for _, l := range found {
		inc := l.Incident
		row := view.SimilarRow{ID: string(inc.ID), Number: inc.Number, Href: incidentPath(inc.ID),
			Start: inc.Record.Start.String(), Parties: joined(" – ", inc.Record.Intercepting.String(), inc.Record.Intercepted.String()),
			Status: string(l.Assessment.Worst), Best: string(l.Assessment.Best), Why: l.Why}
		if inc.Record.Marking != s.marking(nil) {
			row.Marking = inc.Record.Marking
		}
		p.Rows = append(p.Rows, row)
	}
	if left > 0 {
		p.More = "Compared with the " + strconv.Itoa(similarRead) + " that began last; " + strconv.Itoa(left) + " more lie in this time. A finer start narrows it."
	}
	return p, err
}

// filedBeside says which incidents stood beside the form as possibly the same
// when it was filed all the same; it becomes the reason of the first revision.
func (s *Server) filedBeside(ctx context.Context, v url.Values) (string, error) {
	var numbers []string
	for _, text := range v["beside"][:min(len(v["beside"]), similarShown)] {
		id, ok := incidents.ParseID(text)
		if !ok {
			continue
		}
		inc, err := s.Store.Incident(ctx, id, 0)
		switch {
		case fault.Is(err, fault.NotFound):
			continue
		case err != nil:
			return "", err
		}
		if !slices.Contains(numbers, inc.Number) {
			numbers = append(numbers, inc.Number)
		}
	}
	if len(numbers) == 0 {
		return "", nil
	}
	return "filed beside " + strings.Join(numbers, ", ") + ", which may be the same", nil
}

// postSame opens the edit form of an incident with what a new report says
// offered as an amendment; without an incident it goes back to that report.
// Nothing is filed.
func (s *Server) postSame(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	if v.Get("same") == "" {
		back := newSheet(v, secondReport(v))
		if back.draft, _, err = s.draftOf(c, incidents.ID(back.report.ID)); err != nil {
			return err
		}
		return s.reportPage(c, http.StatusOK, back)
	}
	second := reportFrom(v)
	id, _ := incidents.ParseID(v.Get("same"))
	inc, err := s.Store.Incident(c.Request().Context(), id, 0)
	if fault.Is(err, fault.NotFound) || err == nil && inc.Status == incidents.Retracted {
		gone := "The incident that you chose is not in the log, or was retracted. File yours as a report of its own, or choose another."
		err = &fault.Error{Kind: fault.Invalid, Msg: gone, Fields: []fault.Field{{Name: "similar", Msg: gone}}}
		sh := newSheet(v, second)
		sh.err = err
		return s.reportPage(c, http.StatusConflict, sh)
	}
	if err != nil {
		return err
	}
	sh := sheet{report: incidents.ReportOf(inc.Record), base: inc.Revision, of: &inc}
	if d, found, err := s.draftOf(c, inc.ID); err != nil {
		return err
	} else if found && d.Base > 0 { // a change of it that one has begun is not to be lost
		sh.report, sh.base, sh.draft = reportOfDraft(d), d.Base, d
	}
	s.amend(&sh.report, second, actor(c).Name)
	sh.offer = s.offerOf(sh, second)
	return s.reportPage(c, http.StatusOK, sh)
}

// secondReport reads the report that was offered as an amendment.
func secondReport(v url.Values) report {
	typed, err := url.ParseQuery(v.Get("second"))
	if err != nil {
		return report{ID: string(incidents.NewID())}
	}
	return reportFrom(typed)
}
