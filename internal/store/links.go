package store

import (
	"context"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const insertLink = `insert into link_rev (
  contact_id, incident_id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason, relation, linked)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning *`

const closeLink = `update link_rev set valid_to = $1
where contact_id = $2 and incident_id = $3 and valid_to = 4611686018427387903`

const linkColumns = `l.contact_id, l.incident_id, l.revision, l.valid_from, l.first_recorded_at,
  l.recorded_by, l.reason, l.relation, l.linked`

func linkDest(l *hotline.Link) []any {
	return []any{&l.ContactID, &l.IncidentID, &l.Revision, &l.RecordedAt, &l.FirstRecordedAt,
		&l.RecordedBy, &l.Reason, &l.Relation, &l.Linked}
}

func scanLink(row scanner) (l hotline.Link, err error) {
	err = row.Scan(linkDest(&l)...)
	return l, err
}

const (
	incidentExists = `select 1 from incident_rev where id = $1 and valid_to = 4611686018427387903`
	contactExists  = `select 1 from contact_rev where id = $1 and valid_to = 4611686018427387903`
	currentLink    = `select ` + linkColumns + ` from link_rev l
where l.contact_id = $1 and l.incident_id = $2 and l.valid_to = 4611686018427387903`
	// incidentsOfContact are those whose facts a contact may change.
	incidentsOfContact = `select incident_id from link_rev
where contact_id = $1 and linked = 1 and valid_to = 4611686018427387903 order by incident_id`
)

// SetLink links, changes a relation or unlinks. l.Revision is the one that the
// change was made from; 0 takes whichever stands. What already stands so is
// left as it is.
func (s *Store) SetLink(ctx context.Context, actor access.Actor, l hotline.Link) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		if ok, err := t.exists(ctx, contactExists, l.ContactID); err != nil || !ok {
			return orFault(err, noContact)
		}
		before, err := one(ctx, asker{s, t}, "", currentLink, []any{l.ContactID, l.IncidentID}, scanLink)
		switch {
		case fault.Is(err, fault.NotFound):
			if l.Revision != 0 {
				return fault.New(fault.NotFound, "There is no such link.")
			}
			l.Meta = t.firstMeta(actor, l.Reason)
		case err != nil:
			return err
		case l.Revision != 0 && l.Revision != before.Revision:
			return stale("link", l.Revision, before.Revision, before.RecordedBy)
		case l.Relation == before.Relation && l.Linked == before.Linked:
			return nil
		default:
			l.Meta = t.nextMeta(actor, before.Meta, l.Reason)
		}
		action := "contact.link"
		if !l.Linked {
			action = "contact.unlink"
		}
		c := t.change(actor, action, "contact/"+string(l.ContactID))
		if err := c.writeLink(ctx, &l); err != nil {
			return err
		}
		if err := c.refreshFactsOf(ctx, []incidents.ID{l.IncidentID}); err != nil {
			return err
		}
		return c.done(ctx, l.Revision, map[string]any{"incidents": []incidents.ID{l.IncidentID}, "relation": l.Relation})
	})
}

// orFault gives the error, or a NotFound fault when there is none.
func orFault(err error, missing string) error {
	if err != nil {
		return err
	}
	return fault.New(fault.NotFound, missing)
}

func (c *change) writeLink(ctx context.Context, l *hotline.Link) error {
	if ok, err := c.t.exists(ctx, incidentExists, l.IncidentID); err != nil || !ok {
		return orFault(err, "There is no such incident to link the contact to.")
	}
	if err := c.exec(ctx, closeLink, c.t.at, l.ContactID, l.IncidentID); err != nil {
		return err
	}
	_, err := c.insert(ctx, "link_rev", insertLink,
		l.ContactID, l.IncidentID, l.Revision, l.RecordedAt, incidents.Forever, l.FirstRecordedAt, l.RecordedBy, l.Reason, l.Relation, bit(l.Linked))
	return err
}

const linkRevisions = `select ` + linkColumns + ` from link_rev l
where l.incident_id = $1 and l.valid_from <= $2 order by l.rev`

// LinkRevisions gives the history of the links of an incident, oldest first.
func (s *Store) LinkRevisions(ctx context.Context, id incidents.ID, asOf incidents.Millis) ([]hotline.Link, error) {
	return all(ctx, s.ask(ctx), linkRevisions, []any{id, asOfOr(asOf)}, scanLink)
}

// linkedTo gives the contacts of several incidents at a moment, each list in
// order of start and id.
func (q asker) linkedTo(ctx context.Context, ids []incidents.ID, asOf incidents.Millis) (map[incidents.ID][]hotline.Linked, error) {
	linked := make(map[incidents.ID][]hotline.Linked, len(ids))
	if len(ids) == 0 {
		return linked, nil
	}
	w := &where{}
	w.and("l.incident_id in " + list(w, ids))
	w.and("l.linked = 1")
	w.and(w.version("l", asOf))
	w.and("c.id = l.contact_id")
	w.and(w.version("c", asOf))
	text := `select c.content, ` + linkColumns + `
from link_rev l cross join contact_rev c
where ` + w.String() + `
order by c.start_from, c.id`
	err := q.each(ctx, text, w.args, func(row scanner) error {
		var k hotline.Linked
		var err error
		k.Contact, err = scanContact(scanRest{row, linkDest(&k.LinkedAs)})
		linked[k.LinkedAs.IncidentID] = append(linked[k.LinkedAs.IncidentID], k)
		return err
	})
	return linked, err
}

// scanRest reads further columns after those that another scan asks for.
type scanRest struct {
	scanner
	rest []any
}

func (s scanRest) Scan(dest ...any) error { return s.scanner.Scan(append(dest, s.rest...)...) }

// addIncidents fills in the incidents of contacts, in order of start and id.
func (q asker) addIncidents(ctx context.Context, contacts []hotline.ContactWithIncidents, asOf incidents.Millis) error {
	if len(contacts) == 0 {
		return nil
	}
	at := make(map[hotline.ContactID]int, len(contacts))
	ids := make([]hotline.ContactID, len(contacts))
	for i, k := range contacts {
		at[k.ID], ids[i] = i, k.ID
	}
	w := &where{}
	w.and("l.contact_id in " + list(w, ids))
	w.and("l.linked = 1")
	w.and(w.version("l", asOf))
	w.and("r.id = l.incident_id")
	w.and(w.version("r", asOf))
	text := `select ` + incidentColumns + `, ` + linkColumns + `
from link_rev l cross join incident_rev r
where ` + w.String() + `
order by r.start_from, r.id`
	return q.each(ctx, text, w.args, func(row scanner) error {
		var l hotline.LinkedIncident
		var err error
		l.Incident, err = scanIncident(scanRest{row, linkDest(&l.Link)})
		k := &contacts[at[l.Link.ContactID]]
		k.Incidents = append(k.Incidents, l)
		return err
	})
}
