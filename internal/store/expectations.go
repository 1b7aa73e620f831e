package store

import (
	"context"
	"fmt"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const noExpectation = "There is no such expectation."

const insertExpectation = `insert into expectation_rev (
  id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason,
  contact_id, due_at, state, answer_id, exercise, content)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning *`

const closeExpectation = `update expectation_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

func scanExpectation(row scanner) (hotline.Expectation, error) {
	return scanContent[hotline.Expectation](row, "expectation")
}

// CreateExpectation writes revision 1 of an expectation.
func (s *Store) CreateExpectation(ctx context.Context, actor access.Actor, e hotline.Expectation) (stored hotline.Expectation, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.Expectation(ctx, e.ID, 0)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		e.Meta = t.firstMeta(actor, e.Reason)
		stored, created = e, true
		return t.writeExpectation(ctx, actor, "expectation.create", &e)
	})
	if err != nil {
		return hotline.Expectation{}, false, err
	}
	return stored, created, nil
}

// ReviseExpectation writes the next revision of an expectation.
func (s *Store) ReviseExpectation(ctx context.Context, actor access.Actor, e hotline.Expectation) (hotline.Expectation, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		before, err := s.Expectation(ctx, e.ID, 0)
		if err != nil {
			return err
		}
		if e.Revision != before.Revision {
			return stale("expectation", e.Revision, before.Revision, before.RecordedBy)
		}
		e.Meta = t.nextMeta(actor, before.Meta, e.Reason)
		return t.writeExpectation(ctx, actor, "expectation.revise", &e)
	})
	if err != nil {
		return hotline.Expectation{}, err
	}
	return e, nil
}

func (t *tx) writeExpectation(ctx context.Context, actor access.Actor, action string, e *hotline.Expectation) error {
	contacts := []hotline.ContactID{e.ContactID}
	if e.AnswerID != "" {
		contacts = append(contacts, e.AnswerID)
	}
	for _, id := range contacts {
		if ok, err := t.exists(ctx, contactExists, id); err != nil || !ok {
			return orFault(err, noContact)
		}
	}
	content, err := encode(e)
	if err != nil {
		return fmt.Errorf("write expectation %s: %w", e.ID, err)
	}
	c := t.change(actor, action, "expectation/"+string(e.ID))
	if err := c.exec(ctx, closeExpectation, t.at, e.ID); err != nil {
		return err
	}
	if _, err := c.insert(ctx, "expectation_rev", insertExpectation,
		e.ID, e.Revision, e.RecordedAt, incidents.Forever, e.FirstRecordedAt, e.RecordedBy, e.Reason,
		e.ContactID, e.DueAt, e.State, e.AnswerID, bit(e.Exercise), content); err != nil {
		return err
	}
	return c.done(ctx, e.Revision, map[string]any{"contact": e.ContactID, "state": e.State})
}

const expectationByID = `select content from expectation_rev where id = $1 and valid_from <= $2 and $2 < valid_to`

// Expectation gives the revision that held at a moment.
func (s *Store) Expectation(ctx context.Context, id hotline.ExpectationID, asOf hotline.Millis) (hotline.Expectation, error) {
	return one(ctx, s.ask(ctx), noExpectation, expectationByID, []any{id, asOfOr(asOf)}, scanExpectation)
}

// Expectations gives those of a filter, the earliest due first.
func (s *Store) Expectations(ctx context.Context, f hotline.ExpectationFilter) ([]hotline.Expectation, error) {
	w := &where{}
	w.and(w.version("e", f.AsOf))
	if f.ContactID != "" {
		w.and("e.contact_id = " + w.arg(f.ContactID))
	}
	if f.Open {
		w.and("e.state = 'open'")
	}
	return all(ctx, s.ask(ctx), `select e.content from expectation_rev e where `+w.String()+` order by e.due_at, e.id`, w.args, scanExpectation)
}

const expectationRevisions = `select content from expectation_rev where id = $1 and valid_from <= $2 order by revision`

// ExpectationRevisions gives every revision up to a moment, oldest first.
func (s *Store) ExpectationRevisions(ctx context.Context, id hotline.ExpectationID, asOf hotline.Millis) ([]hotline.Expectation, error) {
	list, err := all(ctx, s.ask(ctx), expectationRevisions, []any{id, asOfOr(asOf)}, scanExpectation)
	return list, orMissing(list, err, noExpectation)
}
