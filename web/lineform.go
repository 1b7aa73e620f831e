package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

type lineReport = hotline.LineReport

// lineFormTexts are the fields of the form that hold one text, in its order.
var lineFormTexts = []struct {
	name, label string
	at          func(*lineReport) *string
	words       incidents.Vocabulary
}{
	{"name", "1 Name", func(r *lineReport) *string { return &r.Name }, nil},
	{"short", "1 Short", func(r *lineReport) *string { return &r.Short }, nil},
	{"parties", "1 Between", func(r *lineReport) *string { return &r.Parties }, nil},
	{"kind", "1 Kind", func(r *lineReport) *string { return &r.Kind }, hotline.Kinds},
	{"state", "2 State", func(r *lineReport) *string { return &r.State }, hotline.LineStates},
	{"state_note", "2 Note on the state", func(r *lineReport) *string { return &r.StateNote }, nil},
	{"number", "3 Number", func(r *lineReport) *string { return &r.Number }, nil},
	{"hours", "3 Hours", func(r *lineReport) *string { return &r.Hours }, nil},
	{"languages", "3 Languages", func(r *lineReport) *string { return &r.Languages }, nil},
	{"notation", "3 Positions", func(r *lineReport) *string { return &r.Notation }, hotline.Notations},
	{"reach", "3 How to reach it", func(r *lineReport) *string { return &r.Reach }, nil},
	{"test_schedule", "4 Tests, in words", func(r *lineReport) *string { return &r.TestSchedule }, nil},
	{"tests", "4 Tests, as the board reckons", func(r *lineReport) *string { return &r.Tests }, nil},
	{"established", "5 Established", func(r *lineReport) *string { return &r.Established }, nil},
	{"summary", "5 What it is", func(r *lineReport) *string { return &r.Summary }, nil},
}

// lineSlip is a line on its way through the form.
type lineSlip struct {
	report   lineReport
	base     int
	edit     bool
	err      error
	conflict *view.Conflict
}

// lineFrom reads the form as it was typed.
func lineFrom(v url.Values) lineSlip {
	sl := lineSlip{report: lineReport{ID: v.Get("id"), Regions: v["regions"], Exercise: v.Get("exercise") != "", Reason: v.Get("reason")}}
	for _, f := range lineFormTexts {
		*f.at(&sl.report) = v.Get(f.name)
	}
	sl.base, _ = strconv.Atoi(v.Get("base")) // no number is no revision: a conflict
	return sl
}

// newLine draws the empty form.
func (s *Server) newLine(c echo.Context) error {
	return s.linePage(c, http.StatusOK, lineSlip{report: lineReport{ID: string(incidents.NewID()), State: "in_use"}})
}

// postLine puts a line into the register.
func (s *Server) postLine(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	sl := lineFrom(v)
	line, err := s.Desk.CreateLine(c.Request().Context(), actor(c), sl.report)
	if fault.Is(err, fault.Invalid) {
		if _, ok := incidents.ParseID(sl.report.ID); !ok {
			sl.report.ID = string(incidents.NewID())
		}
		sl.err = err
		return s.linePage(c, http.StatusUnprocessableEntity, sl)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, linePath(line.ID))
}

// editLine draws the form with what the register holds now.
func (s *Server) editLine(c echo.Context) error {
	line, err := s.lineOf(c, 0)
	if err != nil {
		return err
	}
	return s.linePage(c, http.StatusOK, lineSlip{report: hotline.LineReportOf(line), base: line.Revision, edit: true})
}

// postLineEdit files a change of a line.
func (s *Server) postLineEdit(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	line, err := s.lineOf(c, 0)
	if err != nil {
		return err
	}
	sl := lineFrom(v)
	sl.edit, sl.report.ID = true, string(line.ID)
	_, err = s.Desk.ReviseLine(c.Request().Context(), actor(c), sl.base, sl.report)
	switch {
	case err == nil:
		return c.Redirect(http.StatusSeeOther, linePath(line.ID))
	case fault.Is(err, fault.Invalid):
		sl.err = err
		return s.linePage(c, http.StatusUnprocessableEntity, sl)
	case fault.Is(err, fault.Conflict):
		return s.lineConflict(c, sl, line)
	}
	return err
}

// lineConflict shows both versions, as contactConflict does for contacts.
func (s *Server) lineConflict(c echo.Context, sl lineSlip, newest hotline.Line) error {
	revisions, err := s.Store.LineRevisions(c.Request().Context(), newest.ID, 0)
	if err != nil {
		return err
	}
	base := newest
	for _, r := range revisions {
		if r.Revision == sl.base {
			base = r
		}
	}
	sl.conflict = mergeLine(&sl.report, hotline.LineReportOf(base), newest)
	sl.conflict.Base = base.Revision
	sl.base = newest.Revision
	return s.linePage(c, http.StatusConflict, sl)
}

// mergeLine lays a change over a newer revision; what both changed stays as the
// person has it, and is changed in the form.
func mergeLine(mine *lineReport, base lineReport, newest hotline.Line) *view.Conflict {
	theirs := hotline.LineReportOf(newest)
	c := &view.Conflict{By: newest.RecordedBy, At: incidents.FormatDTG(newest.RecordedAt.Time()), Revision: newest.Revision, Reason: newest.Reason, Fresh: linePath(newest.ID) + "/edit"}
	for _, f := range lineFormTexts {
		if same(*f.at(mine), *f.at(&theirs)) {
			continue
		}
		label := strings.TrimLeft(f.label, "12345 ")
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
	if slices.Equal(mine.Regions, base.Regions) {
		mine.Regions = theirs.Regions
	}
	if mine.Exercise == base.Exercise {
		mine.Exercise = theirs.Exercise
	}
	c.MergedTitle = mergedWords(len(c.Merged))
	return c
}

// linePage draws the form around a slip.
func (s *Server) linePage(c echo.Context, status int, sl lineSlip) error {
	p := view.LineFormPage{Heading: "New line", Action: "/lines", Back: "/lines", Edit: sl.edit, Base: sl.base, Report: sl.report, Conflict: sl.conflict}
	if schedule, err := hotline.ParseSchedule(sl.report.Tests); err == nil {
		p.Tests = scheduleWords(schedule, incidents.MillisOf(s.Now()))
	}
	p.Errors, p.ErrorTitle = lineErrors(sl.err)
	if sl.edit {
		id := hotline.LineID(sl.report.ID)
		p.Heading, p.Action, p.Back = "Edit the line", linePath(id), linePath(id)
		g, err := s.readRegister(c.Request().Context(), hotline.At{Now: incidents.MillisOf(s.Now())})
		if err != nil {
			return err
		}
		if e := g.standing[id].Event; e != nil {
			p.StateNow = hotline.LineStates.Word(g.standing[id].State)
		}
	}
	p.Frame = s.frame(c, p.Heading, "lines")
	p.Frame.Exercise = sl.report.Exercise
	if status >= http.StatusBadRequest {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "Tab", Label: "next field"}, {Key: "Alt 1–5", Label: "line"}, {Key: "Ctrl ↵", Label: "file it"}}
	return page(c, status, view.LineForm(p))
}

// lineErrors turns what is wrong with a line into the summary above it.
func lineErrors(err error) ([]view.FieldError, string) {
	if err == nil {
		return nil, ""
	}
	fields := byField(err)
	if len(fields) == 0 {
		return nil, "Not filed: " + err.Error()
	}
	labels := map[string]string{"regions": "1 Seas", "reason": "Reason"}
	for _, f := range lineFormTexts {
		labels[f.name] = f.label
	}
	return view.FieldErrors(fields, labels), notDone("filed", len(fields))
}
