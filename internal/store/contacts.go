package store

import (
	"cmp"
	"context"
	"fmt"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const noContact = "There is no such contact."

const insertContact = `insert into contact_rev (
  id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason, line_id,
  start_from, start_to, kind, outcome, purpose, exercise, retracted, source, source_id, content)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) returning *`

const closeContact = `update contact_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

func scanContact(row scanner) (hotline.Contact, error) {
	return scanContent[hotline.Contact](row, "contact")
}

// CreateContact writes revision 1 of a contact with its links, and the facts
// of every incident that it is linked to.
func (s *Store) CreateContact(ctx context.Context, actor access.Actor, c hotline.Contact, links []hotline.Link) (stored hotline.Contact, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.contact(ctx, c.ID, 0)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		c.Meta = t.firstMeta(actor, c.Reason)
		stored, created = c, true
		ch := t.change(actor, "contact.create", "contact/"+string(c.ID))
		if err := ch.writeContact(ctx, &c); err != nil {
			return err
		}
		var ids []incidents.ID
		for _, l := range links {
			l.ContactID, l.Linked = c.ID, true
			l.Meta = t.firstMeta(actor, l.Reason)
			if err := ch.writeLink(ctx, &l); err != nil {
				return err
			}
			ids = append(ids, l.IncidentID)
		}
		if err := ch.refreshFactsOf(ctx, ids); err != nil {
			return err
		}
		return ch.done(ctx, 1, map[string]any{"incidents": ids})
	})
	if err != nil {
		return hotline.Contact{}, false, err
	}
	return stored, created, nil
}

// ReviseContact writes the next revision of a contact, and the facts of every
// incident that it is linked to.
func (s *Store) ReviseContact(ctx context.Context, actor access.Actor, c hotline.Contact) (hotline.Contact, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		before, err := s.contact(ctx, c.ID, 0)
		if err != nil {
			return err
		}
		if c.Revision != before.Revision {
			return stale("contact", c.Revision, before.Revision, before.RecordedBy)
		}
		c.Meta = t.nextMeta(actor, before.Meta, c.Reason)
		ch := t.change(actor, "contact.revise", "contact/"+string(c.ID))
		if err := ch.writeContact(ctx, &c); err != nil {
			return err
		}
		ids, err := all(ctx, asker{s, t}, incidentsOfContact, []any{c.ID}, value[incidents.ID])
		if err != nil {
			return err
		}
		if err := ch.refreshFactsOf(ctx, ids); err != nil {
			return err
		}
		return ch.done(ctx, c.Revision, nil)
	})
	if err != nil {
		return hotline.Contact{}, err
	}
	return c, nil
}

func (c *change) writeContact(ctx context.Context, k *hotline.Contact) error {
	content, err := encode(k)
	if err != nil {
		return fmt.Errorf("write contact %s: %w", k.ID, err)
	}
	if err := c.exec(ctx, closeContact, c.t.at, k.ID); err != nil {
		return err
	}
	start := startOf(k.Start)
	_, err = c.insert(ctx, "contact_rev", insertContact,
		k.ID, k.Revision, k.RecordedAt, incidents.Forever, k.FirstRecordedAt, k.RecordedBy, k.Reason, k.LineID,
		start.From, start.To, k.Channel.Kind, k.Outcome, k.Purpose, bit(k.Exercise), bit(k.Retracted), k.Source, k.SourceID, content)
	return err
}

const contactByID = `select content from contact_rev where id = $1 and valid_from <= $2 and $2 < valid_to`

func (s *Store) contact(ctx context.Context, id hotline.ContactID, asOf hotline.Millis) (hotline.Contact, error) {
	return one(ctx, s.ask(ctx), noContact, contactByID, []any{id, asOfOr(asOf)}, scanContact)
}

// Contact gives the revision that held at a moment, with its incidents.
func (s *Store) Contact(ctx context.Context, id hotline.ContactID, asOf hotline.Millis) (k hotline.ContactWithIncidents, err error) {
	err = s.read(ctx, func(q asker) error {
		k.Contact, err = one(ctx, q, noContact, contactByID, []any{id, asOfOr(asOf)}, scanContact)
		if err != nil {
			return err
		}
		list := []hotline.ContactWithIncidents{k}
		err = q.addIncidents(ctx, list, asOf)
		k = list[0]
		return err
	})
	return k, err
}

const contactBySource = `select content from contact_rev
where source = $1 and source_id = $2 and valid_to = 4611686018427387903 and source_id <> ''`

// ContactBySource finds an imported contact by its id at the source.
func (s *Store) ContactBySource(ctx context.Context, source, sourceID string) (hotline.Contact, error) {
	return one(ctx, s.ask(ctx), noContact, contactBySource, []any{source, sourceID}, scanContact)
}

const contactRevisions = `select content from contact_rev where id = $1 and valid_from <= $2 order by revision`

// ContactRevisions gives every revision up to a moment, oldest first.
func (s *Store) ContactRevisions(ctx context.Context, id hotline.ContactID, asOf hotline.Millis) ([]hotline.Contact, error) {
	list, err := all(ctx, s.ask(ctx), contactRevisions, []any{id, asOfOr(asOf)}, scanContact)
	return list, orMissing(list, err, noContact)
}

// contactSort orders contacts newest first.
const contactSort = "-contact_start"

// Contacts gives a stretch of the contacts, newest first, each with the
// incidents that it is linked to.
func (s *Store) Contacts(ctx context.Context, f hotline.ContactFilter) (page hotline.ContactPage, err error) {
	limit, err := pageLimit(f.Limit)
	if err != nil {
		return page, err
	}
	w := contactWhere(f)
	count := `select count(*) from contact_rev c where ` + w.String()
	countArgs := w.args
	if f.After != "" {
		after, err := readCursor(f.After, contactSort)
		if err != nil {
			return page, err
		}
		w.and("(c.start_from, c.id) < (" + w.arg(after.Key.value()) + ", " + w.arg(after.ID) + ")")
	}
	text := `select c.content, c.start_from from contact_rev c
where ` + w.String() + `
order by c.start_from desc, c.id desc limit ` + w.arg(limit+1)

	err = s.read(ctx, func(q asker) error {
		if err := q.oneRow(ctx, count, countArgs...).Scan(&page.Total); err != nil {
			return s.fault(err)
		}
		var last int64
		more := false
		err := q.each(ctx, text, w.args, func(row scanner) error {
			if more = len(page.Contacts) == limit; more {
				return nil
			}
			k, err := scanContact(scanRest{row, []any{&last}})
			page.Contacts = append(page.Contacts, hotline.ContactWithIncidents{Contact: k})
			return err
		})
		if err != nil {
			return err
		}
		if more {
			id := string(page.Contacts[limit-1].ID)
			page.Next = cursor{Sort: contactSort, Key: intKey(last), ID: id}.String()
		}
		return q.addIncidents(ctx, page.Contacts, f.AsOf)
	})
	return page, err
}

// contactBatch is how many contacts EachContact reads at once, unless the filter
// has a limit.
const contactBatch = 500

// EachContact calls fn for every contact of the filter, newest first, from after
// the one with an id on. Nothing is counted, and no reading lasts longer than a
// batch: with AsOf all of them see one state of the log.
func (s *Store) EachContact(ctx context.Context, f hotline.ContactFilter, after hotline.ContactID, fn func(*hotline.ContactWithIncidents) error) error {
	batch := cmp.Or(f.Limit, contactBatch)
	for {
		w := contactWhere(f)
		if after != "" {
			w.and("(c.start_from, c.id) < (select a.start_from, a.id from contact_rev a where a.id = " + w.arg(after) + " and " + w.version("a", f.AsOf) + ")")
		}
		text := `select c.content from contact_rev c
where ` + w.String() + `
order by c.start_from desc, c.id desc limit ` + w.arg(batch)
		var list []hotline.ContactWithIncidents
		err := s.read(ctx, func(q asker) (err error) {
			list, err = all(ctx, q, text, w.args, func(row scanner) (k hotline.ContactWithIncidents, err error) {
				k.Contact, err = scanContact(row)
				return k, err
			})
			if err != nil {
				return err
			}
			return q.addIncidents(ctx, list, f.AsOf)
		})
		if err != nil {
			return err
		}
		for i := range list {
			if err := fn(&list[i]); err != nil {
				return err
			}
		}
		if len(list) < batch {
			return nil
		}
		after = list[len(list)-1].ID
	}
}

func contactWhere(f hotline.ContactFilter) *where {
	w := &where{}
	w.and(w.version("c", f.AsOf))
	if f.LineID != "" {
		w.and("c.line_id = " + w.arg(f.LineID))
	}
	w.in("c.outcome", f.Outcomes)
	w.in("c.kind", f.Kinds)
	if !f.Tests {
		w.and("c.purpose <> 'line_test'")
	}
	w.exercise("c", f.Exercise)
	return w
}
