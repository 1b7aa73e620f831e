package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// eventSlip is an event of a line on its way through its form.
type eventSlip struct {
	report hotline.LineEventReport
	err    error
}

var eventLabels = map[string]string{"kind": "What happened", "from": "From", "to": "Until", "note": "Note", "who": "Who said so", "reason": "Reason"}

// eventRows tells what happened to a line and what is planned, newest first.
func eventRows(events []hotline.LineEvent, standing hotline.LineStanding, at hotline.At, mayLog bool) []view.LineEventRow {
	rows := make([]view.LineEventRow, len(events))
	for i, e := range events {
		row := view.LineEventRow{Kind: hotline.LineEventKinds.Word(e.Kind), From: e.From.Time(), Open: e.To == 0 && e.Kind != "restored", Note: e.Note, Who: e.Who, By: e.RecordedBy, Why: e.Reason}
		if e.To != 0 {
			row.To = e.To.Time()
		}
		switch {
		case e.Retracted:
			row.Sense = "taken back"
		case e.From > at.Now:
			row.Sense = "planned"
		case e.Kind == "restored":
		case standing.Event != nil && standing.Event.ID == e.ID:
			row.Sense = "in force"
		default:
			row.Sense, row.Open = "over", false
		}
		if mayLog {
			row.Href = eventPath(e)
		}
		rows[len(rows)-1-i] = row
	}
	return rows
}

func eventPath(e hotline.LineEvent) string { return linePath(e.LineID) + "/events/" + string(e.ID) }

// eventForm is the form that logs one more event: as it was typed, or new, with
// the button that mostly is wanted.
func (s *Server) eventForm(line hotline.Line, standing hotline.LineStanding, typed eventSlip) (f view.LineEventForm, title string) {
	f = view.LineEventForm{Action: linePath(line.ID) + "/events", Report: typed.report, QuickID: string(incidents.NewID()), Quick: "fault"}
	if _, ok := incidents.ParseID(f.Report.ID); !ok {
		f.Report.ID = string(incidents.NewID())
	}
	if e := standing.Event; e != nil && e.Kind != "restored" || standing.State == "down" || standing.State == "degraded" || standing.State == "suspended" {
		f.Quick = "restored"
	}
	f.From, f.To = s.timeReading(f.Report.From, ""), s.timeReading(f.Report.To, "")
	f.Errors, title = eventErrors(typed.err, "logged")
	return f, title
}

func eventErrors(err error, done string) ([]view.FieldError, string) {
	if err == nil {
		return nil, ""
	}
	fields := byField(err)
	return view.FieldErrors(fields, eventLabels), notDone(done, len(fields))
}

// eventFrom reads the form as it was typed.
func eventFrom(c echo.Context) hotline.LineEventReport {
	return hotline.LineEventReport{ID: c.FormValue("id"), LineID: c.Param("id"), Kind: c.FormValue("kind"), From: c.FormValue("from"), To: c.FormValue("to"),
		Note: c.FormValue("note"), Who: c.FormValue("who"), Reason: c.FormValue("reason")}
}

// postLineEvent logs what happened to a line.
func (s *Server) postLineEvent(c echo.Context) error {
	typed := eventSlip{report: eventFrom(c)}
	e, err := s.Desk.LogLineEvent(c.Request().Context(), actor(c), typed.report)
	if fault.Is(err, fault.Invalid) {
		typed.err = err
		return s.lineCard(c, http.StatusUnprocessableEntity, nil, typed)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, linePath(e.LineID))
}

// eventOf finds the event of the address.
func (s *Server) eventOf(c echo.Context) (hotline.LineEvent, error) {
	id, ok := incidents.ParseID(c.Param("eid"))
	line, known := incidents.ParseID(c.Param("id"))
	missing := fault.New(fault.NotFound, "There is no such event of this line.")
	if !ok || !known {
		return hotline.LineEvent{}, missing
	}
	e, err := s.Store.LineEvent(c.Request().Context(), hotline.LineEventID(id), 0)
	if err == nil && e.LineID != hotline.LineID(line) {
		return e, missing
	}
	return e, err
}

// showLineEvent is the page that corrects an event.
func (s *Server) showLineEvent(c echo.Context) error {
	e, err := s.eventOf(c)
	if err != nil {
		return err
	}
	return s.eventCard(c, http.StatusOK, e, eventSlip{report: hotline.LineEventReportOf(e)}, e.Revision)
}

func (s *Server) eventCard(c echo.Context, status int, e hotline.LineEvent, typed eventSlip, base int) error {
	line, err := s.lineOf(c, 0)
	if err != nil {
		return err
	}
	revisions, err := s.Store.LineEventRevisions(c.Request().Context(), e.ID, 0)
	if err != nil {
		return err
	}
	p := view.LineEventPage{Frame: s.frame(c, "Event of "+line.Short, "lines"), Line: line, Retracted: e.Retracted, Revisions: eventHistory(revisions)}
	p.Form = view.LineEventForm{Action: eventPath(e), Report: typed.report, Base: base, From: s.timeReading(typed.report.From, ""), To: s.timeReading(typed.report.To, "")}
	p.Form.Errors, p.ErrorTitle = eventErrors(typed.err, "changed")
	p.Frame.Exercise = p.Frame.Exercise || line.Exercise
	if status >= http.StatusBadRequest {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "Tab", Label: "next field"}, {Key: "Ctrl ↵", Label: "file the change"}}
	return page(c, status, view.LineEventCard(p))
}

// postLineEventEdit corrects an event, or takes it back.
func (s *Server) postLineEventEdit(c echo.Context) error {
	e, err := s.eventOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	typed := eventSlip{report: eventFrom(c)}
	typed.report.ID = string(e.ID)
	base, _ := strconv.Atoi(c.FormValue("base")) // no number is no revision: a conflict
	if c.FormValue("retract") != "" {
		_, err = s.Desk.RetractLineEvent(ctx, actor(c), base, string(e.ID), typed.report.Reason)
	} else {
		_, err = s.Desk.ReviseLineEvent(ctx, actor(c), base, typed.report)
	}
	if fault.Is(err, fault.Invalid) {
		typed.err = err
		return s.eventCard(c, http.StatusUnprocessableEntity, e, typed, base)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, linePath(e.LineID))
}

// eventHistory tells what each revision of an event changed, newest first.
func eventHistory(revisions []hotline.LineEvent) []view.RevisionRow {
	texts := []struct {
		label string
		text  func(hotline.LineEvent) string
	}{
		{"What happened", func(e hotline.LineEvent) string { return hotline.LineEventKinds.Word(e.Kind) }},
		{"From", func(e hotline.LineEvent) string { return incidents.FormatDTG(e.From.Time()) }},
		{"Until", func(e hotline.LineEvent) string { return hotline.LineEventReportOf(e).To }},
		{"Note", func(e hotline.LineEvent) string { return e.Note }},
		{"Who said so", func(e hotline.LineEvent) string { return e.Who }},
		{"Taken back", func(e hotline.LineEvent) string { return yesNo(e.Retracted) }},
	}
	rows := make([]view.RevisionRow, len(revisions))
	for i, r := range revisions {
		row := view.RevisionRow{Revision: r.Revision, At: r.RecordedAt.Time(), By: r.RecordedBy, Reason: r.Reason}
		for _, f := range texts {
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

// readSchedule says how a schedule of tests is read: GET /read/schedule?text=…
func (s *Server) readSchedule(c echo.Context) error {
	schedule, err := hotline.ParseSchedule(c.QueryParam("text"))
	if err != nil {
		return c.JSON(http.StatusOK, reading{Error: err.Error()})
	}
	return c.JSON(http.StatusOK, reading{Reading: scheduleWords(schedule, incidents.MillisOf(s.Now().Truncate(time.Minute)))})
}
