package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// showHistory shows how an incident came to be what it is: every revision, and
// between them every contact that was linked, changed or unlinked.
func (s *Server) showHistory(c echo.Context) error {
	id, err := s.incidentID(c, "/history")
	if err != nil || id == "" {
		return err
	}
	asOf, err := asOfParam(c)
	if err != nil {
		return err
	}
	frame := s.frame(c, "History", "log")
	at := s.at(&frame, asOf)
	h, err := s.readHistory(c.Request().Context(), id, at)
	if err != nil {
		return err
	}
	newest := h.revisions[len(h.revisions)-1]
	s.mark(&frame, h.revisions...)
	frame.Title = "History of " + strings.TrimSpace(newest.Number+" "+newest.Record.Title)
	p := view.HistoryPage{Frame: frame, Number: newest.Number, Title: newest.Record.Title, Href: withAsOf(incidentPath(id), at.AsOf), Events: s.historyEvents(h)}
	return page(c, http.StatusOK, view.History(p))
}

// history is what was written about an incident, oldest first.
type history struct {
	at        hotline.At
	revisions []incidents.Incident
	links     []hotline.Link
	contacts  map[hotline.ContactID][]hotline.Contact
	flows     []incidents.Workflow
}

// readHistory reads the revisions. A contact has its own, so there is one read
// for each contact that was ever linked; they are few.
func (s *Server) readHistory(ctx context.Context, id incidents.ID, at hotline.At) (h history, err error) {
	h.at = at
	if h.revisions, err = s.Store.IncidentRevisions(ctx, id, at.AsOf); err != nil {
		return h, err
	}
	if h.links, err = s.Store.LinkRevisions(ctx, id, at.AsOf); err != nil {
		return h, err
	}
	if h.flows, err = s.Store.WorkflowRevisions(ctx, id, at.AsOf); err != nil {
		return h, err
	}
	h.contacts = map[hotline.ContactID][]hotline.Contact{}
	for _, l := range h.links {
		if h.contacts[l.ContactID] != nil {
			continue
		}
		if h.contacts[l.ContactID], err = s.Store.ContactRevisions(ctx, l.ContactID, at.AsOf); err != nil {
			return h, err
		}
	}
	return h, nil
}

// historyEvents puts everything that happened in order, newest first.
func (s *Server) historyEvents(h history) []view.HistoryEvent {
	type dated struct {
		at incidents.Millis
		view.HistoryEvent
	}
	var all []dated
	add := func(at incidents.Millis, e view.HistoryEvent) {
		e.At = instantOf(at)
		e.Href = withAsOf(incidentPath(h.revisions[0].ID), at)
		if e.Contact != "" {
			e.Contact = withAsOf(e.Contact, h.at.AsOf)
		}
		all = append(all, dated{at, e})
	}
	for i, rev := range h.revisions {
		if i == 0 {
			add(rev.RecordedAt, firstEvent(rev))
		} else {
			add(rev.RecordedAt, s.revisionEvent(h.revisions[i-1], rev))
		}
	}
	before := map[hotline.ContactID]hotline.Link{}
	for _, l := range h.links {
		add(l.RecordedAt, linkEvent(before[l.ContactID], l, nameOf(h.contacts[l.ContactID])))
		before[l.ContactID] = l
	}
	was := incidents.Workflow{}
	for _, w := range h.flows {
		add(w.RecordedAt, flowEvent(was, w))
		was = w
	}
	for _, revs := range h.contacts {
		for i := 1; i < len(revs); i++ {
			add(revs[i].RecordedAt, contactEvent(revs[i-1], revs[i]))
		}
	}
	slices.SortStableFunc(all, func(x, y dated) int { return cmp.Or(cmp.Compare(y.at, x.at), cmp.Compare(y.What, x.What)) })
	events := make([]view.HistoryEvent, len(all))
	for i, d := range all {
		events[i] = d.HistoryEvent
	}
	return events
}

func firstEvent(rev incidents.Incident) view.HistoryEvent {
	return view.HistoryEvent{Kind: "revision", What: "Revision 1: first report", By: rev.RecordedBy, Reason: rev.Reason,
		Note: strconv.Itoa(len(incidentFields(rev))) + " fields were filed."}
}

func (s *Server) revisionEvent(old, rev incidents.Incident) view.HistoryEvent {
	e := view.HistoryEvent{Kind: "revision", What: "Revision " + strconv.Itoa(rev.Revision), By: rev.RecordedBy, Reason: rev.Reason, Changes: diffFields(incidentFields(old), incidentFields(rev))}
	if rev.Status == incidents.Retracted && old.Status != incidents.Retracted {
		e.What += ": retracted"
		if rev.MergedInto != "" {
			e.What = "Revision " + strconv.Itoa(rev.Revision) + ": merged into another"
		}
	}
	if len(e.Changes) == 0 {
		e.Note = "Nothing in the record changed."
	}
	e.Moved = s.moved(old, rev)
	return e
}

func linkEvent(old, l hotline.Link, name string) view.HistoryEvent {
	e := view.HistoryEvent{Kind: "link", By: l.RecordedBy, Reason: l.Reason, Contact: contactPath(l.ContactID), ContactName: name}
	switch {
	case !l.Linked:
		e.What, e.Note = "Contact unlinked", "The relation was: "+hotline.Relations.Word(old.Relation)+"."
	case old.Linked:
		e.What = "Relation changed"
		e.Changes = []view.Change{{Field: "Relation", Old: []view.DiffLine{{Differs: hotline.Relations.Word(old.Relation)}}, New: []view.DiffLine{{Differs: hotline.Relations.Word(l.Relation)}}}}
	default:
		e.What, e.Note = "Contact linked", "Relation: "+hotline.Relations.Word(l.Relation)+"."
	}
	return e
}

func contactEvent(old, c hotline.Contact) view.HistoryEvent {
	e := view.HistoryEvent{Kind: "contact", What: "Contact changed, revision " + strconv.Itoa(c.Revision), By: c.RecordedBy, Reason: c.Reason,
		Contact: contactPath(c.ID), ContactName: contactTitle(c), Changes: diffFields(contactFields(old), contactFields(c))}
	if c.Retracted && !old.Retracted {
		e.What = "Contact retracted"
	}
	return e
}

func nameOf(revs []hotline.Contact) string {
	if len(revs) == 0 {
		return "contact"
	}
	return contactTitle(revs[len(revs)-1])
}
