package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// The current version of every record, in an order that is the same in every log
// that holds them.
const (
	eachPolicy = `select version, valid_from, recorded_by, reason, rules from policy where valid_from <= $1 order by version`
	eachLine   = `select content from line_rev where valid_from <= $1 and $1 < valid_to order by id`
	eachEvent  = `select content from line_event_rev where valid_from <= $1 and $1 < valid_to order by id`
	eachRecord = `select ` + incidentColumns + ` from incident_rev r where r.valid_from <= $1 and $1 < r.valid_to order by r.id`
	eachFlow   = `select ` + workflowColumns + ` from workflow_rev w where w.valid_from <= $1 and $1 < w.valid_to order by w.incident_id`
	eachCall   = `select content from contact_rev where valid_from <= $1 and $1 < valid_to order by id`
	eachLink   = `select ` + linkColumns + ` from link_rev l where l.valid_from <= $1 and $1 < l.valid_to order by l.contact_id, l.incident_id`
	eachAnswer = `select content from expectation_rev where valid_from <= $1 and $1 < valid_to order by id`
)

// EachRecord calls fn for everything that is on record at a moment (0: now), all
// from one state of the log: every version of the policy, then of each other
// record the current one, retracted and exercise records included: lines, events
// of lines, incidents, workflows, contacts, links (undone ones too) and
// expectations. A record is a hotline.Policy, hotline.Line, hotline.LineEvent,
// incidents.Incident, incidents.Workflow, hotline.Contact, hotline.Link or
// hotline.Expectation. It stops at the first error of fn and gives it back.
func (s *Store) EachRecord(ctx context.Context, asOf incidents.Millis, fn func(record any) error) error {
	at := []any{asOfOr(asOf)}
	return s.read(ctx, func(q asker) error {
		for _, each := range []func() error{
			func() error { return eachOf(ctx, q, eachPolicy, at, scanPolicy, fn) },
			func() error { return eachOf(ctx, q, eachLine, at, scanLine, fn) },
			func() error { return eachOf(ctx, q, eachEvent, at, scanLineEvent, fn) },
			func() error { return eachOf(ctx, q, eachRecord, at, scanIncident, fn) },
			func() error { return eachOf(ctx, q, eachFlow, at, scanWorkflow, fn) },
			func() error { return eachOf(ctx, q, eachCall, at, scanContact, fn) },
			func() error { return eachOf(ctx, q, eachLink, at, scanLink, fn) },
			func() error { return eachOf(ctx, q, eachAnswer, at, scanExpectation, fn) },
		} {
			if err := each(); err != nil {
				return err
			}
		}
		return nil
	})
}

func eachOf[T any](ctx context.Context, q asker, text string, args []any, scan func(scanner) (T, error), fn func(any) error) error {
	return q.each(ctx, text, args, func(row scanner) error {
		v, err := scan(row)
		if err != nil {
			return err
		}
		return fn(v)
	})
}

// notEmpty finds out whether anything was ever recorded.
const notEmpty = `select 1 where exists (select 1 from incident_rev) or exists (select 1 from contact_rev)
  or exists (select 1 from line_rev) or exists (select 1 from policy where version > 1)`

const countNumber = `insert into number_counter (year, last) values ($1, $2)
on conflict (year) do update set last = case when number_counter.last < excluded.last then excluded.last else number_counter.last end`

// Restore writes records as EachRecord gives them into a log that has none, in
// one transaction: what next gives until io.EOF, in that order. Ids, numbers,
// states, who wrote a record and since when it is known stay; each is revision 1
// here and recorded now, since that is when this log came to hold it. Where
// anything is on record already the answer is a Conflict fault.
func (s *Store) Restore(ctx context.Context, actor access.Actor, next func() (record any, err error)) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		if there, err := t.exists(ctx, notEmpty); err != nil {
			return err
		} else if there {
			return fault.New(fault.Conflict, "A whole log is imported into an empty one only, and this one holds records already.")
		}
		for {
			record, err := next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err == nil {
				err = t.restore(ctx, actor, record)
			}
			if err != nil {
				return err
			}
		}
	})
}

// restored is what a revision carries whose history stayed elsewhere.
func (t *tx) restored(m hotline.Meta) hotline.Meta {
	m.Revision, m.RecordedAt = 1, t.at
	return m
}

func (t *tx) restore(ctx context.Context, actor access.Actor, record any) error {
	switch r := record.(type) {
	case hotline.Policy:
		return t.restorePolicy(ctx, actor, r)
	case hotline.Line:
		r.Meta = t.restored(r.Meta)
		return t.writeLine(ctx, actor, "line.restore", &r)
	case hotline.LineEvent:
		r.Meta = t.restored(r.Meta)
		return t.writeLineEvent(ctx, actor, "line.event_restore", &r)
	case incidents.Incident:
		return t.restoreIncident(ctx, actor, r)
	case incidents.Workflow:
		r.Revision, r.Action = 0, "restore"
		c := t.change(actor, "incident.workflow_restore", "incident/"+string(r.IncidentID))
		if err := c.writeWorkflow(ctx, &r); err != nil {
			return err
		}
		return c.done(ctx, r.Revision, nil)
	case hotline.Contact:
		r.Meta = t.restored(r.Meta)
		c := t.change(actor, "contact.restore", "contact/"+string(r.ID))
		if err := c.writeContact(ctx, &r); err != nil {
			return err
		}
		return c.done(ctx, r.Revision, nil)
	case hotline.Link:
		return t.restoreLink(ctx, actor, r)
	case hotline.Expectation:
		r.Meta = t.restored(r.Meta)
		return t.writeExpectation(ctx, actor, "expectation.restore", &r)
	}
	return fmt.Errorf("restore: a %T is no record", record)
}

// restorePolicy keeps the first version, which every log has of its own.
func (t *tx) restorePolicy(ctx context.Context, actor access.Actor, p hotline.Policy) error {
	now, err := t.s.Policy(ctx, 0)
	if err != nil {
		return err
	}
	switch {
	case p.Version == 1 && reflect.DeepEqual(p.Rules, now.Rules):
		return nil
	case p.Version == 1:
		return fault.New(fault.Conflict, "The first policy of the file is another than a new log of this version has.")
	case p.Version != now.Version+1:
		return fault.New(fault.Invalid, fmt.Sprintf("Policy %d follows policy %d; accepted is each version after the one before it.", p.Version, now.Version))
	}
	p.RecordedAt = t.at
	return t.writePolicy(ctx, actor, &p)
}

func (t *tx) restoreIncident(ctx context.Context, actor access.Actor, inc incidents.Incident) error {
	inc.Revision, inc.RecordedAt = 1, t.at
	if key := numberKey(inc.Number); key > 0 {
		if _, err := t.run(ctx, countNumber, key/1e9, key%1e9); err != nil {
			return err
		}
	}
	return t.change(actor, "incident.restore", "incident/"+string(inc.ID)).writeIncident(ctx, &inc)
}

// restoreLink writes a link and asks the rule again; what a second person had
// checked of the contacts stays checked.
func (t *tx) restoreLink(ctx context.Context, actor access.Actor, l hotline.Link) error {
	if ok, err := t.exists(ctx, contactExists, l.ContactID); err != nil || !ok {
		return orFault(err, noContact)
	}
	l.Meta = t.restored(l.Meta)
	c := t.change(actor, "contact.link_restore", "contact/"+string(l.ContactID))
	if err := c.writeLink(ctx, &l); err != nil {
		return err
	}
	inc, err := t.s.Incident(ctx, l.IncidentID, 0)
	if err != nil {
		return err
	}
	if err := c.refreshFacts(ctx, &inc); err != nil {
		return err
	}
	return c.done(ctx, l.Revision, map[string]any{"incidents": []incidents.ID{l.IncidentID}})
}
