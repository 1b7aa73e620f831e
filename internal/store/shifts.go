package store

import (
	"context"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
)

const noShift = "There is no such shift."

const insertShift = `insert into shift_rev (
  id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason, begins_at, ends_at, cancelled, content)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning *`

const closeShift = `update shift_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

func scanShift(row scanner) (watch.Shift, error) { return scanContent[watch.Shift](row, "shift") }

// CreateShift writes revision 1 of a shift.
func (s *Store) CreateShift(ctx context.Context, actor access.Actor, sh watch.Shift) (stored watch.Shift, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.Shift(ctx, sh.ID, 0)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		sh.Meta = t.firstMeta(actor, sh.Reason)
		stored, created = sh, true
		return t.writeShift(ctx, actor, "shift.create", &sh)
	})
	if err != nil {
		return watch.Shift{}, false, err
	}
	return stored, created, nil
}

// ReviseShift writes the next revision of a shift.
func (s *Store) ReviseShift(ctx context.Context, actor access.Actor, sh watch.Shift) (watch.Shift, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		before, err := s.Shift(ctx, sh.ID, 0)
		if err != nil {
			return err
		}
		if sh.Revision != before.Revision {
			return stale("shift", sh.Revision, before.Revision, before.RecordedBy)
		}
		sh.Meta = t.nextMeta(actor, before.Meta, sh.Reason)
		action := "shift.revise"
		if sh.Cancelled {
			action = "shift.cancel"
		}
		return t.writeShift(ctx, actor, action, &sh)
	})
	if err != nil {
		return watch.Shift{}, err
	}
	return sh, nil
}

func (t *tx) writeShift(ctx context.Context, actor access.Actor, action string, sh *watch.Shift) error {
	content, err := encode(sh)
	if err != nil {
		return err
	}
	c := t.change(actor, action, "shift/"+string(sh.ID))
	if err := c.exec(ctx, closeShift, t.at, sh.ID); err != nil {
		return err
	}
	if _, err := c.insert(ctx, "shift_rev", insertShift, sh.ID, sh.Revision, sh.RecordedAt, incidents.Forever, sh.FirstRecordedAt, sh.RecordedBy, sh.Reason,
		sh.From, sh.To, bit(sh.Cancelled), content); err != nil {
		return err
	}
	return c.done(ctx, sh.Revision, nil)
}

const shiftByID = `select content from shift_rev where id = $1 and valid_from <= $2 and $2 < valid_to`

// Shift gives the revision that held at a moment.
func (s *Store) Shift(ctx context.Context, id watch.ShiftID, asOf watch.Millis) (watch.Shift, error) {
	return one(ctx, s.ask(ctx), noShift, shiftByID, []any{id, asOfOr(asOf)}, scanShift)
}

// Shifts gives shifts by their beginning.
func (s *Store) Shifts(ctx context.Context, f watch.ShiftFilter) ([]watch.Shift, error) {
	w := &where{}
	w.and(w.version("h", f.AsOf))
	if f.From != 0 {
		w.and("h.ends_at > " + w.arg(f.From))
	}
	if f.To != 0 {
		w.and("h.begins_at < " + w.arg(f.To))
	}
	if !f.Cancelled {
		w.and("h.cancelled = 0")
	}
	return all(ctx, s.ask(ctx), `select h.content from shift_rev h where `+w.String()+` order by h.begins_at, h.id`, w.args, scanShift)
}
