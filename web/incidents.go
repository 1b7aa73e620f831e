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

// showIncident answers the product's question for one incident, then shows
// the whole record. An incident may be asked for by its number, too.
func (s *Server) showIncident(c echo.Context) error {
	id, err := s.incidentID(c, "")
	if err != nil || id == "" {
		return err
	}
	p, err := s.incidentPage(c, id)
	if err != nil {
		return err
	}
	return page(c, http.StatusOK, view.Incident(p))
}

// incidentID reads the id in the address. Where it is a number such as
// 2026-0117 it redirects to the same page by id and gives an empty one.
func (s *Server) incidentID(c echo.Context, rest string) (incidents.ID, error) {
	text := strings.TrimSpace(c.Param("id"))
	if id, ok := incidents.ParseID(text); ok {
		return id, nil
	}
	inc, err := s.Store.IncidentByNumber(c.Request().Context(), text)
	if err != nil {
		return "", err
	}
	to := url.URL{Path: "/incidents/" + string(inc.ID) + rest, RawQuery: c.Request().URL.RawQuery}
	return "", c.Redirect(http.StatusSeeOther, to.String())
}

// incidentReads is everything that the page of an incident is made from.
type incidentReads struct {
	hotline.Case
	at        hotline.At
	revisions []incidents.Incident // all of them, for the way to each
	frozen    hotline.Policy
	today     hotline.Policy
}

func (s *Server) readIncident(ctx context.Context, id incidents.ID, at hotline.At) (r incidentReads, err error) {
	r.at = at
	if r.Case, err = s.Store.Case(ctx, id, at); err != nil {
		return r, err
	}
	if r.revisions, err = s.Store.IncidentRevisions(ctx, id, 0); err != nil {
		return r, err
	}
	if r.frozen, err = s.Store.Policy(ctx, r.Incident.PolicyVersion); err != nil {
		return r, err
	}
	r.today, err = s.Store.Policy(ctx, 0)
	return r, err
}

// incidentPage reads an incident and puts its page together.
func (s *Server) incidentPage(c echo.Context, id incidents.ID) (view.IncidentPage, error) {
	asOf, err := asOfParam(c)
	if err != nil {
		return view.IncidentPage{}, err
	}
	frame := s.frame(c, "Incident", "log")
	at := s.at(&frame, asOf)
	r, err := s.readIncident(c.Request().Context(), id, at)
	if err != nil {
		return view.IncidentPage{}, err
	}
	inc := r.Incident
	s.mark(&frame, inc)
	frame.Title = strings.TrimSpace(inc.Number + " " + inc.Record.Title)
	frame.Keys = incidentKeys(frame, inc)
	p := view.IncidentPage{
		Frame: frame, ID: string(inc.ID), Number: inc.Number, Title: inc.Record.Title,
		Severity: inc.Record.Severity, Start: momentOf(inc.Record.Start),
		Region: regionLabel(inc), RegionHref: regionHref(inc.Derived.Region, asOf),
		Report: incidents.StatusCodes.Word(string(inc.Status)) + ", revision " + strconv.Itoa(inc.Revision),
	}
	addRevisions(&p, &r)
	addAnswer(&p, &r)
	addRecord(&p, &r)
	s.addChart(&p, r.Case)
	p.ChartFar = s.farChart(r.Case)
	if err := s.addFlow(c.Request().Context(), &p, &r); err != nil {
		return view.IncidentPage{}, err
	}
	if err := s.addNotes(c, &p, id, at); err != nil {
		return p, err
	}
	p.Retract.May = frame.AsOf == nil && frame.User != nil && frame.User.CanManage && inc.Status.MayBecome(incidents.Retracted)
	return p, nil
}

// incidentKeys are the keys that do something on this page, for this user.
func incidentKeys(f view.Frame, inc incidents.Incident) []view.Key {
	keys := []view.Key{{Key: "R", Label: "history"}, {Key: "[", Label: "] revision before, after"}}
	if f.AsOf == nil && f.User != nil && f.User.CanWrite && inc.Status != incidents.Retracted {
		keys = append([]view.Key{{Key: "C", Label: "call"}, {Key: "E", Label: "edit"}, {Key: "H", Label: "hold"}, {Key: "U", Label: "flag"}}, keys...)
	}
	return keys
}

// addRevisions fills the bar on top and the list of revisions. The bar leads
// to every revision, also from the past to what came after; the list is what
// had been written by then.
func addRevisions(p *view.IncidentPage, r *incidentReads) {
	p.Revision = r.Incident.Revision
	if n := len(r.revisions); n > 0 {
		p.Base = r.revisions[n-1].Revision
	}
	if p.Frame.AsOf != nil {
		p.AsOfText = incidents.FormatInstant(r.at.AsOf)
	}
	last := len(r.revisions) - 1
	for i, rev := range r.revisions {
		link := revisionLink(rev)
		link.Current = rev.Revision == r.Incident.Revision
		if i == last {
			link.Href = incidentPath(rev.ID)
		}
		switch rev.Revision {
		case r.Incident.Revision - 1:
			p.Earlier = link.Href
		case r.Incident.Revision + 1:
			p.Later = link.Href
		}
		p.Revisions = append(p.Revisions, link)
		if rev.Revision <= r.Incident.Revision {
			p.Written = append([]view.RevisionLink{link}, p.Written...)
		}
	}
	if r.Incident.Status == incidents.Retracted {
		p.Retracted = &view.Retraction{At: instantOf(r.Incident.RecordedAt), By: r.Incident.RecordedBy, Reason: r.Incident.Reason}
	}
}

func revisionLink(rev incidents.Incident) view.RevisionLink {
	reason := rev.Reason
	if reason == "" && rev.Revision == 1 {
		reason = "First report"
	}
	return view.RevisionLink{
		No: rev.Revision, Text: shortDTG(rev.RecordedAt), At: instantOf(rev.RecordedAt), By: rev.RecordedBy, Reason: reason,
		Href: withAsOf(incidentPath(rev.ID), rev.RecordedAt),
	}
}

// postRetract takes an incident back. A missing reason brings the page again
// with the form open.
func (s *Server) postRetract(c echo.Context) error {
	id, err := s.incidentID(c, "")
	if err != nil || id == "" {
		return err
	}
	base, err := strconv.Atoi(c.FormValue("base"))
	if err != nil {
		return fault.New(fault.Invalid, "The form has lost the revision that it was made from; open the incident again.")
	}
	reason := c.FormValue("reason")
	_, err = s.Log.Retract(c.Request().Context(), actor(c), id, base, reason)
	if fault.Is(err, fault.Invalid) && len(fault.Fields(err)) > 0 {
		p, perr := s.incidentPage(c, id)
		if perr != nil {
			return perr
		}
		p.Retract.Reason, p.Retract.Errors = reason, view.FieldErrors(fault.Fields(err), map[string]string{"reason": "Reason"})
		p.Frame.Title = "Error: " + p.Frame.Title
		return page(c, http.StatusUnprocessableEntity, view.Incident(p))
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, incidentPath(id))
}
