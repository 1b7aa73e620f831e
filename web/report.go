package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

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

	draft      incidents.Unfinished // as it is kept, if it is
	unfinished []view.DraftRow      // others that one has begun
	paste      string               // a text still in the box above
	filled     filled               // fields that came from it
	defaults   url.Values           // what the form filled by itself, by field
	defaultsBy string               // where they came from, in words
	begunFrom  string               // id of the earlier report that it was begun from
	flash      string
	offer      *view.Offer // of a second report of the same incident
}

// newSheet is a new report with what its form carries beside it.
func newSheet(v url.Values, r report) sheet {
	return sheet{report: r, paste: v.Get("paste"), filled: filledFrom(v), defaults: untouched(v), begunFrom: v.Get("begun_from")}
}

// newReport draws the form: empty, or with the draft of the address, or begun
// from an earlier report. The id of the incident is in the address once
// something was typed, so that a reload comes back to the same words.
func (s *Server) newReport(c echo.Context) error {
	sh := s.blankSheet(c)
	if key, ok := incidents.ParseID(c.QueryParam("id")); ok {
		if inc, err := s.Store.Incident(c.Request().Context(), key, 0); err == nil {
			return c.Redirect(http.StatusSeeOther, incidentPath(inc.ID)) // it was filed
		}
		d, found, err := s.draftOf(c, key)
		if err != nil {
			return err
		}
		sh.report.ID = string(key)
		if found {
			v, _ := url.ParseQuery(d.Form)
			sh = newSheet(v, reportOfDraft(d))
			sh.draft = d
		}
		return s.reportPage(c, http.StatusOK, sh)
	}
	if c.QueryParam("offline") != "" {
		// The form that a browser keeps for when the server is gone: it holds
		// nothing of the log.
		return s.reportPage(c, http.StatusOK, s.emptySheet())
	}
	if from := c.QueryParam("from"); from != "" {
		if err := s.beginFrom(c, &sh, from); err != nil {
			return err
		}
	}
	list, err := s.Store.Drafts(c.Request().Context(), actor(c).Name)
	if err != nil {
		return err
	}
	for _, d := range list {
		sh.unfinished = append(sh.unfinished, s.draftRow(d))
	}
	return s.reportPage(c, http.StatusOK, sh)
}

// beginFrom takes over everything of an earlier report but its times, claims,
// sources, words and contacts; where it came from stays on record.
func (s *Server) beginFrom(c echo.Context, sh *sheet, from string) error {
	id, ok := incidents.ParseID(from)
	if !ok {
		return fault.New(fault.NotFound, "There is no such incident.")
	}
	inc, err := s.Store.Incident(c.Request().Context(), id, 0)
	if err != nil {
		return err
	}
	r := incidents.ReportOf(inc.Record)
	blank := sh.report
	r.ID, r.Start, r.StartPrecision, r.End, r.EndPrecision = blank.ID, blank.Start, blank.StartPrecision, "", ""
	r.Claims, r.Sources, r.Dispute, r.ReportedResponse, r.Narrative, r.Title = nil, nil, "", "", "", ""
	sh.report, sh.defaults, sh.defaultsBy, sh.begunFrom = r, nil, "", string(id)
	sh.flash = "Begun from " + inc.Number + ": its times, claims, words and calls were left out. Look at every line."
	return nil
}

// emptyReport has unknown where a choice must stand, and the time of now.
func (s *Server) emptyReport() incidents.Report {
	r := incidents.Report{ID: string(incidents.NewID()), Start: incidents.FormatDTG(s.Now()), PositionBasis: incidents.Unknown, AirspaceKind: incidents.Unknown,
		Transponder: incidents.Unknown, FlightPlan: incidents.Unknown, RadioContact: incidents.Unknown, Absence: "own_log", Marking: s.marking(nil)}
	r.Intercepting.PlatformKind, r.Intercepted.PlatformKind = incidents.Unknown, incidents.Unknown
	return r
}

// emptySheet is the empty report with the time that the clock gave it.
func (s *Server) emptySheet() sheet {
	r := s.emptyReport()
	return sheet{report: r, defaults: url.Values{"start": {r.Start}}, defaultsBy: "The time is that of the clock."}
}

// untouched gives the fields that still hold what the form filled them with:
// what somebody typed over is theirs.
func untouched(v url.Values) url.Values {
	list, _ := url.ParseQuery(v.Get("defaults")) // written by us; without it nothing is a default
	for name := range list {
		if list.Get(name) != v.Get(name) {
			list.Del(name)
		}
	}
	return list
}

// begunFrom says of a report from which earlier one it was begun.
func (s *Server) begunFrom(ctx context.Context, from string) string {
	if id, ok := incidents.ParseID(from); ok {
		if inc, err := s.Store.Incident(ctx, id, 0); err == nil {
			return "begun from " + inc.Number
		}
	}
	return ""
}

// shift is how far back the last report of one's watch may lie.
const shift = 13 * time.Hour

// prefLast is the last report that somebody filed; it is not of the profile.
const prefLast = "last_report"

// blankSheet is the form before anybody typed: empty but for one's own side as
// in the last report of the shift.
func (s *Server) blankSheet(c echo.Context) sheet {
	sh := s.emptySheet()
	last, ok := s.lastOfShift(c)
	if !ok {
		return sh
	}
	was := incidents.ReportOf(last.Record)
	take := func(name string, to *string, value string) {
		if value != "" && value != incidents.Unknown {
			*to = value
			sh.defaults.Set(name, value)
		}
	}
	take("intercepting_nations", &sh.report.Intercepting.Nations, was.Intercepting.Nations)
	take("intercepting_base", &sh.report.Intercepting.Base, was.Intercepting.Base)
	take("intercepting_unit", &sh.report.Intercepting.Unit, was.Intercepting.Unit)
	take("fir", &sh.report.FIR, was.FIR)
	sh.report.Marking, sh.report.Exercise = was.Marking, was.Exercise
	sh.defaultsBy = "The time is that of the clock; your own side is that of " + last.Number + ", your last report."
	return sh
}

// lastOfShift gives the last report that one filed in this watch.
func (s *Server) lastOfShift(c echo.Context) (incidents.Incident, bool) {
	set, err := s.Store.Preferences(c.Request().Context(), actor(c).Name)
	if err != nil {
		s.Logger.Error("read the last report", "request", requestID(c), "error", err)
		return incidents.Incident{}, false
	}
	id, ok := incidents.ParseID(set[prefLast])
	if !ok {
		return incidents.Incident{}, false
	}
	inc, err := s.Store.Incident(c.Request().Context(), id, 0)
	if err != nil || inc.Status == incidents.Retracted || inc.FirstRecordedAt < incidents.MillisOf(s.Now().Add(-shift)) {
		return incidents.Incident{}, false
	}
	return inc, true
}

// postReport files a new report. The id came with the form, so that a second
// click finds the incident that the first one made.
func (s *Server) postReport(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	sh := newSheet(v, reportFrom(v))
	if done, err := s.keptByButton(c, sh.report.ID, v, "/incidents/new?id="+url.QueryEscape(sh.report.ID)); done {
		return err
	}
	if v.Get("add") == "fill" {
		s.fill(&sh)
	}
	if redrawn(v, &sh.report) {
		return s.reportPage(c, http.StatusOK, sh)
	}
	ctx := c.Request().Context()
	beside, err := s.filedBeside(ctx, v)
	if err != nil {
		return err
	}
	sh.report.Reason = joined("; ", s.begunFrom(ctx, sh.begunFrom), beside)
	inc, err := s.Log.Post(ctx, actor(c), sh.report)
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
	if s.filedOtherwise(c, inc, sh.report) {
		// The same form, open twice and filed with other words: they must
		// not be lost, and not overwrite what was filed.
		sh.of, sh.base = &inc, 0
		return s.conflictPage(c, sh)
	}
	s.dropDraft(ctx, actor(c), inc.ID)
	if err := s.Store.SetPreference(ctx, actor(c).Name, prefLast, string(inc.ID)); err != nil {
		s.Logger.Error("remember the last report", "request", requestID(c), "error", err)
	}
	return c.Redirect(http.StatusSeeOther, incidentPath(inc.ID))
}

// fill lays the pasted text into the form.
func (s *Server) fill(sh *sheet) {
	sh.filled = s.fillReport(&sh.report, sh.paste, sh.defaults)
	for name := range sh.filled {
		sh.defaults.Del(name) // said by the text now
	}
	sh.flash, sh.paste = filledWords(len(sh.filled)), ""
}

// filedOtherwise tells whether the incident that a report's id led to says
// something else than the report: then it was there before.
func (s *Server) filedOtherwise(c echo.Context, inc incidents.Incident, r report) bool {
	rec, _, err := r.Apply(incidents.Record{}, s.Atlas, inc.FirstRecordedAt.Time(), inc.RecordedBy)
	if err != nil || inc.Revision == 1 && inc.RecordedBy == actor(c).Name && sameRecord(rec, inc.Record) {
		return false
	}
	first := inc
	if inc.Revision > 1 {
		revisions, err := s.Store.IncidentRevisions(c.Request().Context(), inc.ID, 0)
		if err != nil || len(revisions) == 0 {
			return false
		}
		first = revisions[0]
	}
	rec.SeveritySource = first.Record.SeveritySource
	return !sameRecord(rec, first.Record)
}

// sameRecord compares what two records say, times against the clock included:
// "now" of two tries is not the same minute.
func sameRecord(a, b incidents.Record) bool {
	a.Start.Text, b.Start.Text, a.End.Text, b.End.Text = "", "", "", ""
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
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
	sh := sheet{report: incidents.ReportOf(inc.Record), base: inc.Revision, of: &inc}
	if d, found, err := s.draftOf(c, inc.ID); err != nil {
		return err
	} else if found && d.Base > 0 {
		v, _ := url.ParseQuery(d.Form)
		sh.report, sh.base, sh.draft, sh.filled = reportOfDraft(d), d.Base, d, filledFrom(v)
		sh.flash = "You began this change " + since(s.Now(), d.BegunAt) + " ago and have not filed it."
		if err := s.settle(c.Request().Context(), v, &sh); err != nil {
			return err
		}
	}
	return s.reportPage(c, http.StatusOK, sh)
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
	sh := sheet{report: reportFrom(v), of: &inc, filled: filledFrom(v)}
	if done, err := s.keptByButton(c, string(inc.ID), v, incidentPath(inc.ID)+"/edit"); done {
		return err
	}
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
		s.dropDraft(ctx, actor(c), inc.ID)
		if v.Has("second") { // its words are in the log now
			s.dropDraft(ctx, actor(c), incidents.ID(secondReport(v).ID))
		}
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
	base, _ := revisionOf(revisions, sh.base)
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
		Position: s.positionReading(sh.report.Position, s.notation(c)), Readback: s.readback(sh.report, policy),
		Paste: sh.paste, Filled: sh.filled, FilledText: sh.filled.String(), Defaults: slices.Sorted(maps.Keys(sh.defaults)), DefaultsText: sh.defaults.Encode(), DefaultsBy: sh.defaultsBy, BegunFrom: sh.begunFrom, Unfinished: sh.unfinished,
		Draft: view.DraftState{Key: sh.report.ID, Owner: actor(c).Name, Seq: sh.draft.Seq, Place: sh.draft.Place, Posted: c.Request().Method == http.MethodPost},
	}
	if p.Known, err = s.known(c.Request().Context()); err != nil {
		return err
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
	p.Frame.Flash = sh.flash
	p.Frame.Scripts, p.Draw = []string{"draw.js"}, s.drawSeas()
	p.Frame.Marking = s.marking(append(p.Similar.Markings(), p.Frame.Marking))
	if sh.of != nil {
		s.mark(&p.Frame, *sh.of)
		p.Draft.Key = string(sh.of.ID)
	}
	if status >= http.StatusBadRequest {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "Tab", Label: "next field"}, {Key: "Alt 0", Label: "paste"}, {Key: "Alt 1–8", Label: "line"}, {Key: "Alt M", Label: "map"}, {Key: "Y N U", Label: "flags"}, {Key: "Ctrl ↵", Label: "file"}}
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
