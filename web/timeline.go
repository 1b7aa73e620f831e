package web

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/formula"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// showTimeline shows what happened about an incident, one line each, by when it
// happened or by when the log knew: GET /incidents/{id}/timeline?order=known
func (s *Server) showTimeline(c echo.Context) error {
	id, err := s.incidentID(c, "/timeline")
	if err != nil || id == "" {
		return err
	}
	asOf, err := asOfParam(c)
	if err != nil {
		return err
	}
	order, err := timelineOrder(c)
	if err != nil {
		return err
	}
	frame := s.frame(c, "Timeline", "log")
	at := s.at(&frame, asOf)
	one, happenings, err := s.readTimeline(c.Request().Context(), id, order, at)
	if err != nil {
		return err
	}
	s.mark(&frame, one.Incident)
	frame.Title = "Timeline of " + strings.TrimSpace(one.Incident.Number+" "+one.Incident.Record.Title)
	here := incidentPath(id) + "/timeline"
	p := view.SequencePage{Frame: frame, Number: numberOf(one.Incident), Title: one.Incident.Record.Title, Order: order,
		Href: withAsOf(incidentPath(id), at.AsOf), ByHappened: withAsOf(here, at.AsOf), ByKnown: withAsOf(here+"?order=known", at.AsOf)}
	if frame.User != nil && frame.User.CanExport {
		p.CSV = withAsOf(here+".csv?order="+order, at.AsOf)
	}
	for _, h := range happenings {
		row := view.SequenceRow{Kind: h.Kind, Word: hotline.HappeningKinds.Word(h.Kind), When: momentOf(h.When), Known: instantOf(h.Known), What: h.What, By: h.By}
		if h.ContactID != "" {
			row.Href = withAsOf(contactPath(h.ContactID), at.AsOf)
		}
		p.Rows = append(p.Rows, row)
	}
	return page(c, http.StatusOK, view.Sequence(p))
}

// exportTimeline is the same as a table for other programs:
// GET /incidents/{id}/timeline.csv
func (s *Server) exportTimeline(c echo.Context) error {
	id, err := s.incidentID(c, "/timeline.csv")
	if err != nil || id == "" {
		return err
	}
	asOf, err := asOfParam(c)
	if err != nil {
		return err
	}
	order, err := timelineOrder(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	at := hotline.At{AsOf: asOf, Now: incidents.MillisOf(s.Now())}
	if asOf != 0 {
		at.Now = asOf
	}
	one, happenings, err := s.readTimeline(ctx, id, order, at)
	if err != nil {
		return err
	}
	if err := s.Store.Audit(ctx, actor(c), "export.start", "incident/"+string(id), map[string]any{"format": "csv", "what": "timeline", "count": len(happenings)}); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="timeline-`+numberOf(one.Incident)+`.csv"`)
	w := csv.NewWriter(c.Response())
	err = w.Write([]string{"kind", "happened_from", "happened_to", "precision", "known_at", "what", "by", "contact"})
	for _, h := range happenings {
		err = errors.Join(err, w.Write(formula.Row(h.Kind, instantText(h.When.From), instantText(h.When.To), string(h.When.Precision), instantText(h.Known), h.What, h.By, string(h.ContactID))))
	}
	w.Flush()
	return errors.Join(err, w.Error())
}

// instantText is an instant for another program; empty where there is none.
func instantText(m incidents.Millis) string {
	if m == 0 {
		return ""
	}
	return incidents.FormatInstant(m)
}

func timelineOrder(c echo.Context) (string, error) {
	order := c.QueryParam("order")
	if order == "" {
		return hotline.TimelineOrders[0], nil
	}
	if !slices.Contains(hotline.TimelineOrders, order) {
		return "", &fault.Error{Kind: fault.Invalid, Msg: "The timeline cannot be put into that order.", Fields: []fault.Field{{Name: "order", Msg: "accepted: " + strings.Join(hotline.TimelineOrders, ", ") + "."}}}
	}
	return order, nil
}

func (s *Server) readTimeline(ctx context.Context, id incidents.ID, order string, at hotline.At) (hotline.Case, []hotline.Happening, error) {
	one, err := s.Store.Case(ctx, id, at)
	if err != nil {
		return one, nil, err
	}
	var expectations []hotline.Expectation
	for _, l := range one.Contacts {
		opened, err := s.Store.Expectations(ctx, hotline.ExpectationFilter{ContactID: l.ID, AsOf: at.AsOf})
		if err != nil {
			return one, nil, err
		}
		expectations = append(expectations, opened...)
	}
	return one, hotline.Timeline(one, expectations, order), nil
}
