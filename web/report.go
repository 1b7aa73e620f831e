package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// sheet is a report on its way through the form: what was typed, what came of
// it, and what it is a change of.
type sheet struct {
	report   incidents.Report
	base     int // revision that the change was made from; 0 for a new report
	of       *incidents.Incident
	err      error
	conflict *view.Conflict
	offer    *view.Offer // of a second report of the same incident
}

// newReport draws an empty form with the id that the incident will have.
func (s *Server) newReport(c echo.Context) error {
	return s.reportPage(c, http.StatusOK, sheet{report: s.blankReport()})
}

// blankReport is the form before anybody typed: unknown where a choice must
// stand, and the usual where there is one.
func (s *Server) blankReport() incidents.Report {
	r := incidents.Report{ID: string(incidents.NewID()), StartPrecision: string(incidents.Exact), PositionBasis: incidents.Unknown, AirspaceKind: incidents.Unknown,
		Transponder: incidents.Unknown, FlightPlan: incidents.Unknown, RadioContact: incidents.Unknown, Absence: "own_log", Marking: s.marking(nil)}
	r.Intercepting.PlatformKind, r.Intercepted.PlatformKind = incidents.Unknown, incidents.Unknown
	return r
}

// postReport files a new report. The id came with the form, so that a second
// click finds the incident that the first one made.
func (s *Server) postReport(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	sh := sheet{report: reportFrom(v)}
	if redrawn(v, &sh.report) {
		return s.reportPage(c, http.StatusOK, sh)
	}
	if sh.report.Reason, err = s.filedBeside(c.Request().Context(), v); err != nil {
		return err
	}
	inc, err := s.Log.Post(c.Request().Context(), actor(c), sh.report)
	if fault.Is(err, fault.Invalid) {
		if _, ok := incidents.ParseID(sh.report.ID); !ok {
			sh.report.ID = string(incidents.NewID())
		}
		sh.err = err
		return s.reportPage(c, http.StatusUnprocessableEntity, sh)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, incidentPath(inc.ID))
}

// editReport draws the form with what the log holds now.
func (s *Server) editReport(c echo.Context) error {
	inc, err := s.incidentOf(c)
	if err != nil {
		return err
	}
	if inc.Status == incidents.Retracted {
		return fault.New(fault.Conflict, "Incident "+inc.Number+" has been retracted and cannot be changed.")
	}
	return s.reportPage(c, http.StatusOK, sheet{report: incidents.ReportOf(inc.Record), base: inc.Revision, of: &inc})
}

// postEdit files a change of an incident.
func (s *Server) postEdit(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	inc, err := s.incidentOf(c)
	if err != nil {
		return err
	}
	sh := sheet{report: reportFrom(v), of: &inc}
	sh.report.Behaviours = inOrderOf(inc.Record.Behaviours, sh.report.Behaviours)
	sh.base, _ = strconv.Atoi(v.Get("base")) // no number is no revision: a conflict
	if err := s.settle(c.Request().Context(), v, &sh); err != nil {
		return err
	}
	if redrawn(v, &sh.report) {
		return s.reportPage(c, http.StatusOK, sh)
	}
	ctx := c.Request().Context()
	_, err = s.Log.Revise(ctx, actor(c), inc.ID, sh.base, sh.report)
	switch {
	case err == nil:
		return c.Redirect(http.StatusSeeOther, incidentPath(inc.ID))
	case fault.Is(err, fault.Invalid):
		sh.err = err
		return s.reportPage(c, http.StatusUnprocessableEntity, sh)
	case fault.Is(err, fault.Conflict) && inc.Status != incidents.Retracted:
		return s.conflictPage(c, sh)
	}
	return err
}

// inOrderOf keeps the order in which the record names its behaviours: that of
// the ticks in the form says nothing and is no change.
func inOrderOf(record, ticked []string) []string {
	var list []string
	for _, b := range record {
		if slices.Contains(ticked, b) {
			list = append(list, b)
		}
	}
	for _, b := range ticked {
		if !slices.Contains(list, b) {
			list = append(list, b)
		}
	}
	return list
}

// conflictPage shows both versions: what somebody else wrote, and what is in
// the form, which can then be filed on top of theirs.
func (s *Server) conflictPage(c echo.Context, sh sheet) error {
	revisions, err := s.Store.IncidentRevisions(c.Request().Context(), sh.of.ID, 0)
	if err != nil {
		return err
	}
	newest := revisions[len(revisions)-1]
	base := newest
	for _, r := range revisions {
		if r.Revision == sh.base {
			base = r
		}
	}
	second := sh.offer
	sh.conflict = mergeReport(&sh.report, base, newest)
	sh.base, sh.of = newest.Revision, &newest
	if second != nil {
		sh.offer = s.offerOf(sh, secondReport(url.Values{"second": {second.Second}}))
	}
	return s.reportPage(c, http.StatusConflict, sh)
}

// reportPage draws the form around a sheet.
func (s *Server) reportPage(c echo.Context, status int, sh sheet) error {
	policy, err := s.policyFor(c.Request().Context(), sh.of)
	if err != nil {
		return err
	}
	p := view.ReportPage{
		Heading: "New report", Lead: "Eight lines. Leave blank what is not known; unknown is an answer.", Action: "/incidents", Back: "/",
		Report: sh.report, Base: sh.base, Conflict: sh.conflict, Markings: s.Markings,
		Start: s.timeReading(sh.report.Start, sh.report.StartPrecision), End: s.timeReading(sh.report.End, sh.report.EndPrecision),
		Position: s.positionReading(sh.report.Position), Readback: s.readback(sh.report, policy),
	}
	p.Offer = sh.offer
	if p.Similar, err = s.similarPanel(c.Request().Context(), sh); err != nil {
		return err
	}
	p.Errors, p.ErrorTitle = reportErrors(sh.err, "filed")
	nav := "report"
	if sh.of != nil {
		p.Edit, p.Heading, p.Lead, nav = true, "Edit "+sh.of.Number, sh.of.Record.Title, "log"
		p.Action, p.Back = incidentPath(sh.of.ID), incidentPath(sh.of.ID)
	}
	p.Frame = s.frame(c, p.Heading, nav)
	p.Frame.Marking = s.marking(append(p.Similar.Markings(), p.Frame.Marking))
	if sh.of != nil {
		s.mark(&p.Frame, *sh.of)
	}
	if status >= http.StatusBadRequest {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "Tab", Label: "next field"}, {Key: "Alt 1–8", Label: "line"}, {Key: "Y N U", Label: "flags"}, {Key: "Ctrl ↵", Label: "file"}}
	return page(c, status, view.Report(p))
}

// incidentOf finds the incident of the address, as of now.
func (s *Server) incidentOf(c echo.Context) (incidents.Incident, error) {
	id, ok := incidents.ParseID(c.Param("id"))
	if !ok {
		return incidents.Incident{}, fault.New(fault.NotFound, "There is no such incident.")
	}
	return s.Store.Incident(c.Request().Context(), id, 0)
}

func incidentPath(id incidents.ID) string { return "/incidents/" + string(id) }

// formValues gives what was posted. A form that cannot be taken apart is the
// sender's mistake; one that is too long has its own answer.
func formValues(c echo.Context) (url.Values, error) {
	v, err := c.FormParams()
	var he *echo.HTTPError
	if err == nil || errors.As(err, &he) {
		return v, err
	}
	return nil, fault.Wrap(fault.Invalid, "The form cannot be read; send it again from its page.", err)
}

// redrawn answers the buttons that change the form and file nothing: one more
// row of something, or the readback.
func redrawn(v url.Values, r *incidents.Report) bool {
	switch v.Get("add") {
	case "":
		return false
	case "intercepting_aircraft":
		r.Intercepting.Aircraft = append(r.Intercepting.Aircraft, incidents.AircraftReport{})
	case "intercepted_aircraft":
		r.Intercepted.Aircraft = append(r.Intercepted.Aircraft, incidents.AircraftReport{})
	case "claims":
		r.Claims = append(r.Claims, incidents.Claim{})
	case "sources":
		r.Sources = append(r.Sources, incidents.Source{})
	}
	return true
}

// policyFor gives the policy that a report is held against: the one frozen
// into the incident, or the one in force.
func (s *Server) policyFor(ctx context.Context, inc *incidents.Incident) (policy, error) {
	version, region := 0, ""
	if inc != nil {
		version, region = inc.PolicyVersion, inc.Derived.Region
	}
	p, err := s.Store.Policy(ctx, version)
	return policy{p, region}, err
}
