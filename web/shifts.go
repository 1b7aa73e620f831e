package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
	"interceptlog/web/view"
)

const (
	shiftsBack = 7 * 24 * time.Hour // how far back the list of shifts goes
	shiftHours = 8                  // of a shift, where none is planned yet
)

// listShifts is who has the watch, who had it, and who will: GET /shifts
func (s *Server) listShifts(c echo.Context) error {
	asOf, err := asOfParam(c)
	if err != nil {
		return err
	}
	p := view.ShiftsPage{Frame: s.frame(c, "Shifts", "journal")}
	now := s.at(&p.Frame, asOf).Now
	shifts, err := s.Store.Shifts(c.Request().Context(), watch.ShiftFilter{From: now - watch.Millis(shiftsBack.Milliseconds()), AsOf: asOf, Cancelled: true})
	if err != nil {
		return err
	}
	for _, sh := range shifts {
		row := view.ShiftRow{Name: sh.Name, From: instantOf(sh.From), To: instantOf(sh.To), Length: hotline.FormatDuration(sh.To - sh.From), Officers: strings.Join(sh.Officers, ", "),
			Now: sh.On(now), Over: sh.To <= now, Cancelled: sh.Cancelled, Reason: sh.Reason, Twice: strings.Join(watch.Overlaps(sh, shifts), ", "), Mine: sh.Has(actor(c).Name)}
		if sh.Cancelled {
			row.Twice = ""
		}
		if asOf == 0 && !sh.Cancelled && watch.MayPlan(actor(c), sh) {
			row.Edit = shiftPath(sh.ID)
		}
		p.Rows = append(p.Rows, row)
	}
	p.CanPlan = asOf == 0 && actor(c).Role.May(access.Write)
	return page(c, http.StatusOK, view.Shifts(p))
}

func shiftPath(id watch.ShiftID) string { return "/shifts/" + string(id) }

// newShift is the form of a shift, which follows on the last that is planned.
func (s *Server) newShift(c echo.Context) error {
	now := s.Now().UTC()
	shifts, err := s.Store.Shifts(c.Request().Context(), watch.ShiftFilter{From: incidents.MillisOf(now)})
	if err != nil {
		return err
	}
	from := now.Truncate(time.Hour)
	length := shiftHours * time.Hour
	for _, sh := range shifts {
		if end := sh.To.Time(); end.After(from) {
			from, length = end, end.Sub(sh.From.Time())
		}
	}
	r := watch.ShiftReport{ID: string(incidents.NewID()), From: incidents.FormatDTG(from), To: incidents.FormatDTG(from.Add(length)), Officers: []string{actor(c).Name}}
	return s.shiftForm(c, http.StatusOK, r, nil, nil)
}

// shiftFrom reads the form as it was typed.
func shiftFrom(v url.Values) watch.ShiftReport {
	return watch.ShiftReport{ID: v.Get("id"), Name: v.Get("name"), From: v.Get("from"), To: v.Get("to"), Officers: v["officers"], Reason: v.Get("reason")}
}

// postShift plans a shift.
func (s *Server) postShift(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	return s.planShift(c, shiftFrom(v), 0, nil)
}

// shiftOf finds the shift of the address.
func (s *Server) shiftOf(c echo.Context) (watch.Shift, error) {
	id, ok := incidents.ParseID(c.Param("id"))
	if !ok {
		return watch.Shift{}, fault.New(fault.NotFound, "There is no such shift.")
	}
	return s.Store.Shift(c.Request().Context(), watch.ShiftID(id), 0)
}

// editShift is the form with what is planned: GET /shifts/{id}
func (s *Server) editShift(c echo.Context) error {
	sh, err := s.shiftOf(c)
	if err != nil {
		return err
	}
	r := watch.ShiftReport{ID: string(sh.ID), Name: sh.Name, From: incidents.FormatDTG(sh.From.Time()), To: incidents.FormatDTG(sh.To.Time()), Officers: sh.Officers}
	return s.shiftForm(c, http.StatusOK, r, &sh, nil)
}

// postShiftEdit changes a shift.
func (s *Server) postShiftEdit(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	sh, err := s.shiftOf(c)
	if err != nil {
		return err
	}
	r := shiftFrom(v)
	r.ID = string(sh.ID)
	base, _ := strconv.Atoi(v.Get("base"))
	return s.planShift(c, r, max(base, 1), &sh)
}

func (s *Server) planShift(c echo.Context, r watch.ShiftReport, base int, of *watch.Shift) error {
	_, err := s.Watch.Plan(c.Request().Context(), actor(c), base, r)
	if fault.Is(err, fault.Invalid) {
		if _, ok := incidents.ParseID(r.ID); !ok {
			r.ID = string(incidents.NewID())
		}
		return s.shiftForm(c, http.StatusUnprocessableEntity, r, of, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/shifts")
}

// postShiftCancel calls a shift off.
func (s *Server) postShiftCancel(c echo.Context) error {
	sh, err := s.shiftOf(c)
	if err != nil {
		return err
	}
	base, err := strconv.Atoi(c.FormValue("base"))
	if err != nil {
		base = sh.Revision // a form without one is not about a version
	}
	_, err = s.Watch.Cancel(c.Request().Context(), actor(c), sh.ID, base, c.FormValue("reason"))
	if fault.Is(err, fault.Invalid) {
		r := watch.ShiftReport{ID: string(sh.ID), Name: sh.Name, From: incidents.FormatDTG(sh.From.Time()), To: incidents.FormatDTG(sh.To.Time()), Officers: sh.Officers}
		return s.shiftForm(c, http.StatusUnprocessableEntity, r, &sh, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/shifts")
}

var shiftLabels = map[string]string{"name": "Name", "from": "From", "to": "To", "officers": "Who has it", "reason": "Reason"}

// shiftForm draws the form around what was typed; of is the shift that it
// changes.
func (s *Server) shiftForm(c echo.Context, status int, r watch.ShiftReport, of *watch.Shift, err error) error {
	users, uerr := s.Store.Users(c.Request().Context())
	if uerr != nil {
		return uerr
	}
	p := view.ShiftFormPage{Frame: s.frame(c, "Plan a shift", "journal"), Report: r, Action: "/shifts", From: s.timeReading(r.From, ""), To: s.timeReading(r.To, "")}
	for _, u := range users {
		if !u.Disabled && u.Role.May(access.Write) {
			p.People = append(p.People, view.Option{Value: u.Name, Label: u.Name, Hint: string(u.Role)})
		}
	}
	if of != nil {
		p.Frame.Title, p.Action, p.Base = "Change a shift", shiftPath(of.ID), of.Revision
		p.Cancel = p.Action + "/cancel"
	}
	if err != nil {
		fields := byField(err)
		p.Errors, p.ErrorTitle = view.FieldErrors(fields, shiftLabels), err.Error()
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "Tab", Label: "next field"}, {Key: "Ctrl ↵", Label: "plan it"}}
	return page(c, status, view.ShiftForm(p))
}
