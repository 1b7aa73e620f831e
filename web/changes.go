package web

import (
	"context"
	"net/http"
	"net/url"
	"sort"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
	"interceptlog/web/view"
)

// changesShown is how many rows a section of the page has.
const changesShown = 50

// showChanges tells what changed since one's last sign-off, or between two
// moments: GET /changes?from=…&to=…
func (s *Server) showChanges(c echo.Context) error {
	ctx := c.Request().Context()
	p := view.ChangesPage{Frame: s.frame(c, "What changed", "journal"), From: c.QueryParam("from"), To: c.QueryParam("to")}
	from, to, err := changesQuery(c.QueryParams())
	if err != nil {
		p.Errors, p.Frame.Title = view.FieldErrors(fault.Fields(err), map[string]string{"from": "From", "to": "To"}), "Error: "+p.Frame.Title
		return page(c, http.StatusUnprocessableEntity, view.Changes(p))
	}
	if from == 0 {
		since, signed, err := s.Watch.LastSignOff(ctx, actor(c).Name)
		if err != nil {
			return err
		}
		from = since
		if to != 0 && to < from {
			from = to - watch.DaysBack*86_400_000
		} else if signed != nil {
			p.SignedOff = handoverPath(signed.ID)
		}
	}
	ch, err := s.Watch.Changes(ctx, from, to)
	if err != nil {
		return err
	}
	until := to
	if to == 0 {
		until = incidents.MillisOf(s.Now())
	}
	p.Since, p.Until = instantOf(from), instantOf(until)
	p.Length = hotline.FormatDuration(until - from)
	p.New, p.Changed, p.Retracted = changeRows(ch.New, to), changeRows(ch.Changed, to), changeRows(ch.Retracted, to)
	p.Started, p.Stopped = clockRows(ch.Started, to), clockRows(ch.Stopped, to)
	if err := s.changedRows(ctx, &p, ch, to); err != nil {
		return err
	}
	p.Cut, p.Struck = ch.Cut, ch.Struck
	s.markChanges(&p.Frame, ch)
	p.Frame.Keys = []view.Key{{Key: "J", Label: "K move"}, {Key: "Enter", Label: "open"}, {Key: "G H", Label: "handover"}}
	return page(c, http.StatusOK, view.Changes(p))
}

// changesQuery reads the two moments of the address.
func changesQuery(v url.Values) (from, to watch.Millis, err error) {
	var p fault.Problems
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		text := strings.TrimSpace(v.Get(name))
		if name != "from" && name != "to" {
			p.Add(name, "is no filter of this page; accepted: from, to.")
			continue
		}
		if text == "" {
			continue
		}
		t, err := incidents.ReadInstant(text)
		if err != nil {
			p.Add(name, err.Error())
		} else if name == "from" {
			from = incidents.MillisOf(t)
		} else {
			to = incidents.MillisOf(t)
		}
	}
	if from != 0 && to != 0 && to <= from {
		p.Add("to", "is not after the beginning; enter a later time, or leave it empty for now.")
	}
	return from, to, p.Err("The page cannot be read.", "from", "to")
}

func changeRows(list []watch.Change, asOf watch.Millis) (g view.ChangeGroup) {
	for _, c := range list {
		if g.Total++; len(g.Rows) == changesShown {
			continue
		}
		last := c.Rows[len(c.Rows)-1]
		row := view.ChangeRow{Href: withAsOf(incidentPath(c.Incident.ID), asOf), Name: numberOf(c.Incident), Text: c.Incident.Record.Title, Severity: c.Incident.Record.Severity,
			At: instantOf(last.At), By: last.Actor, Why: c.Incident.Reason, Exercise: c.Incident.Record.Exercise}
		if len(c.Rows) > 1 || c.Incident.Revision > 1 {
			row.History = withAsOf(incidentPath(c.Incident.ID)+"/history", asOf)
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func clockRows(list []watch.Clock, asOf watch.Millis) (g view.ChangeGroup) {
	for _, k := range list {
		if g.Total++; len(g.Rows) == changesShown {
			continue
		}
		inc, a := k.Case.Incident, k.Case.Assessment
		row := view.ChangeRow{Href: withAsOf(incidentPath(inc.ID), asOf), Name: numberOf(inc), Text: inc.Record.Title, Severity: inc.Record.Severity, Exercise: inc.Record.Exercise, Why: k.Why}
		if k.Why == "" {
			row.At = instantOf(a.DeadlineFrom)
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// changedRows fills in calls, lines and the journal.
func (s *Server) changedRows(ctx context.Context, p *view.ChangesPage, ch watch.Changes, asOf watch.Millis) error {
	for _, part := range []struct {
		rows []watch.Row
		to   *view.ChangeGroup
	}{{ch.Contacts, &p.Contacts}, {ch.Lines, &p.Lines}, {ch.Entries, &p.Entries}} {
		part.to.Total = len(part.rows)
		rows, err := s.journalRows(ctx, part.rows[:min(len(part.rows), changesShown)], asOf)
		if err != nil {
			return err
		}
		for _, r := range rows {
			row := view.ChangeRow{Href: r.Href, Name: r.Mark, Text: r.Event, At: r.Entered, By: r.By, Why: r.Done, Exercise: r.Exercise}
			if r.Struck != nil {
				row.Struck, row.Why = true, "Struck by "+r.Struck.By+": “"+r.Struck.Reason+"”"
			}
			part.to.Rows = append(part.to.Rows, row)
		}
	}
	return nil
}

func (s *Server) markChanges(f *view.Frame, ch watch.Changes) {
	var shown []incidents.Incident
	for _, list := range [][]watch.Change{ch.New, ch.Changed, ch.Retracted} {
		for _, c := range list {
			shown = append(shown, c.Incident)
		}
	}
	for _, list := range [][]watch.Clock{ch.Started, ch.Stopped} {
		for _, k := range list {
			shown = append(shown, k.Case.Incident)
		}
	}
	s.mark(f, shown...)
	var rows view.Frame
	s.markJournal(&rows, append(append([]watch.Row{}, ch.Contacts...), ch.Entries...))
	f.Exercise = f.Exercise || rows.Exercise
	f.Marking = s.marking([]string{f.Marking, rows.Marking})
}
