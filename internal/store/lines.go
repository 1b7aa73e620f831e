package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const noLine = "There is no such line."

const insertLine = `insert into line_rev (
  id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason,
  name, state, exercise, source, source_id, content)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning *`

const closeLine = `update line_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

func scanLine(row scanner) (hotline.Line, error) { return scanContent[hotline.Line](row, "line") }

// scanContent reads a record that is wholly in its content.
func scanContent[T any](row scanner, noun string) (v T, err error) {
	var content []byte
	if err := row.Scan(&content); err != nil {
		return v, err
	}
	if err := json.Unmarshal(content, &v); err != nil {
		return v, fmt.Errorf("read %s: %w", noun, err)
	}
	return v, nil
}

// CreateLine writes revision 1 of a line.
func (s *Store) CreateLine(ctx context.Context, actor access.Actor, l hotline.Line) (stored hotline.Line, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.Line(ctx, l.ID, 0)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		l.Meta = t.firstMeta(actor, l.Reason)
		stored, created = l, true
		return t.writeLine(ctx, actor, "line.create", &l)
	})
	if err != nil {
		return hotline.Line{}, false, err
	}
	return stored, created, nil
}

// ReviseLine writes the next revision of a line.
func (s *Store) ReviseLine(ctx context.Context, actor access.Actor, l hotline.Line) (hotline.Line, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		before, err := s.Line(ctx, l.ID, 0)
		if err != nil {
			return err
		}
		if l.Revision != before.Revision {
			return stale("line", l.Revision, before.Revision, before.RecordedBy)
		}
		l.Meta = t.nextMeta(actor, before.Meta, l.Reason)
		return t.writeLine(ctx, actor, "line.revise", &l)
	})
	if err != nil {
		return hotline.Line{}, err
	}
	return l, nil
}

// firstMeta is the meta of revision 1.
func (t *tx) firstMeta(actor access.Actor, reason string) hotline.Meta {
	return hotline.Meta{Revision: 1, FirstRecordedAt: t.at, RecordedAt: t.at, RecordedBy: actor.Name, Reason: reason}
}

// nextMeta is the meta of the revision after one.
func (t *tx) nextMeta(actor access.Actor, before hotline.Meta, reason string) hotline.Meta {
	return hotline.Meta{Revision: before.Revision + 1, FirstRecordedAt: before.FirstRecordedAt, RecordedAt: t.at, RecordedBy: actor.Name, Reason: reason}
}

func (t *tx) writeLine(ctx context.Context, actor access.Actor, action string, l *hotline.Line) error {
	content, err := encode(l)
	if err != nil {
		return fmt.Errorf("write line %s: %w", l.ID, err)
	}
	c := t.change(actor, action, "line/"+string(l.ID))
	if err := c.exec(ctx, closeLine, t.at, l.ID); err != nil {
		return err
	}
	if _, err := c.insert(ctx, "line_rev", insertLine,
		l.ID, l.Revision, l.RecordedAt, incidents.Forever, l.FirstRecordedAt, l.RecordedBy, l.Reason,
		l.Name, l.State, bit(l.Exercise), l.Source, l.SourceID, content); err != nil {
		return err
	}
	return c.done(ctx, l.Revision, nil)
}

const lineByID = `select content from line_rev where id = $1 and valid_from <= $2 and $2 < valid_to`

// Line gives the revision that held at a moment.
func (s *Store) Line(ctx context.Context, id hotline.LineID, asOf hotline.Millis) (hotline.Line, error) {
	return one(ctx, s.ask(ctx), noLine, lineByID, []any{id, asOfOr(asOf)}, scanLine)
}

const linesAsOf = `select content from line_rev where valid_from <= $1 and $1 < valid_to`

// Lines gives every line as of a moment, by state in the order of the
// vocabulary, then by name.
func (s *Store) Lines(ctx context.Context, asOf hotline.Millis) ([]hotline.Line, error) {
	lines, err := all(ctx, s.ask(ctx), linesAsOf, []any{asOfOr(asOf)}, scanLine)
	states := hotline.LineStates.Codes()
	slices.SortFunc(lines, func(a, b hotline.Line) int {
		if c := slices.Index(states, a.State) - slices.Index(states, b.State); c != 0 {
			return c
		}
		if c := strings.Compare(fold(a.Name), fold(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return lines, err
}

const lineBySource = `select content from line_rev
where source = $1 and source_id = $2 and valid_to = 4611686018427387903 and source_id <> ''`

// LineBySource finds an imported line by its id at the source.
func (s *Store) LineBySource(ctx context.Context, source, sourceID string) (hotline.Line, error) {
	return one(ctx, s.ask(ctx), noLine, lineBySource, []any{source, sourceID}, scanLine)
}

const lineRevisions = `select content from line_rev where id = $1 and valid_from <= $2 order by revision`

// LineRevisions gives every revision up to a moment, oldest first.
func (s *Store) LineRevisions(ctx context.Context, id hotline.LineID, asOf hotline.Millis) ([]hotline.Line, error) {
	list, err := all(ctx, s.ask(ctx), lineRevisions, []any{id, asOfOr(asOf)}, scanLine)
	return list, orMissing(list, err, noLine)
}

// lastTests looks from the end of each line's tests in their index.
const lastTests = `select c.content from line_rev l
join contact_rev c on c.rev = (
  select k.rev from contact_rev k
  where k.line_id = l.id and k.purpose = 'line_test' and k.retracted = 0 and k.exercise <= l.exercise
    and k.valid_from <= $1 and $1 < k.valid_to
  order by k.start_from desc, k.id desc limit 1)
where l.valid_from <= $1 and $1 < l.valid_to`

// LastTests gives the newest test of each line that was not taken back.
func (s *Store) LastTests(ctx context.Context, asOf hotline.Millis) (map[hotline.LineID]hotline.Contact, error) {
	tests := map[hotline.LineID]hotline.Contact{}
	err := s.ask(ctx).each(ctx, lastTests, []any{asOfOr(asOf)}, func(row scanner) error {
		k, err := scanContact(row)
		tests[k.LineID] = k
		return err
	})
	return tests, err
}
