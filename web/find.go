package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

var (
	fullNumber  = regexp.MustCompile(`^(\d{4})-(\d{1,6})$`)
	shortNumber = regexp.MustCompile(`^#?(\d{1,6})$`)
)

// find is the one search box: a number, also without its year, goes to that
// incident, a line's name to the line, a date-time group to what happened then;
// anything else is looked for in the log.
func (s *Server) find(c echo.Context) error {
	q := strings.TrimSpace(c.QueryParam("q"))
	to, err := s.foundAt(c.Request().Context(), q)
	if err != nil {
		return err
	}
	if to == "" {
		to = withQuery("/incidents", url.Values{"q": {q}})
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// foundAt gives the address that a text means; empty when it is only words.
func (s *Server) foundAt(ctx context.Context, q string) (string, error) {
	if to, err := s.numbered(ctx, q); to != "" || err != nil {
		return to, err
	}
	lines, err := s.Store.Lines(ctx, 0)
	if err != nil {
		return "", err
	}
	for _, l := range lines {
		if strings.EqualFold(q, l.Short) || strings.EqualFold(q, l.Name) {
			return "/lines/" + string(l.ID), nil
		}
	}
	if m, err := incidents.ReadTime(q, "", s.Now()); err == nil && q != "" && m.To-m.From <= 86_400_000 {
		stretch := func(at incidents.Millis) string { return at.Time().Format("2006-01-02T15:04Z") }
		return withQuery("/incidents", url.Values{"from": {stretch(m.From)}, "to": {stretch(m.To)}}), nil
	}
	return s.called(ctx, q)
}

// called finds the one incident in which somebody flew under a callsign.
func (s *Server) called(ctx context.Context, q string) (string, error) {
	known, err := s.known(ctx)
	if err != nil || !slices.ContainsFunc(known.Callsigns, func(c string) bool { return strings.EqualFold(c, q) }) {
		return "", err
	}
	f, err := incidents.ParseFilter(url.Values{"q": {q}, "exercise": {"include"}})
	if err != nil {
		return "", nil // words that the log cannot be asked for are looked for by the list, which says so
	}
	cases, err := s.Store.Cases(ctx, f, hotline.Page{Sort: "-start", Limit: 2}, hotline.At{Now: incidents.MillisOf(s.Now())})
	if err != nil || len(cases.Cases) != 1 {
		return "", err
	}
	return incidentPath(cases.Cases[0].Incident.ID), nil
}

// numbered finds an incident by its number. Without a year it is the newest of
// that number, this year's or one of those before.
func (s *Server) numbered(ctx context.Context, q string) (string, error) {
	var tries []string
	if m := fullNumber.FindStringSubmatch(q); m != nil {
		tries = []string{fmt.Sprintf("%s-%04s", m[1], m[2])}
	} else if m := shortNumber.FindStringSubmatch(q); m != nil {
		for back := range 3 {
			tries = append(tries, fmt.Sprintf("%d-%04s", s.Now().Year()-back, m[1]))
		}
	}
	for _, number := range tries {
		inc, err := s.Store.IncidentByNumber(ctx, number)
		if err == nil {
			return incidentPath(inc.ID), nil
		}
		if !fault.Is(err, fault.NotFound) {
			return "", err
		}
	}
	return "", nil
}
