package store

import (
	"context"
	"fmt"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const noLineEvent = "There is no such event of a line."

const insertLineEvent = `insert into line_event_rev (
  id, line_id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason,
  kind, begins, ends, retracted, content)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning *`

const closeLineEvent = `update line_event_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

func scanLineEvent(row scanner) (hotline.LineEvent, error) {
	return scanContent[hotline.LineEvent](row, "event of a line")
}

// CreateLineEvent writes revision 1 of an event. An id that exists is answered
// with the event that stands, so that a retry makes no second one.
func (s *Store) CreateLineEvent(ctx context.Context, actor access.Actor, e hotline.LineEvent) (stored hotline.LineEvent, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.LineEvent(ctx, e.ID, 0)
		if err == nil && stored.LineID != e.LineID {
			return fault.New(fault.Conflict, "An event of another line has this id already; open the line again.")
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		if _, err := s.Line(ctx, e.LineID, 0); err != nil {
			return err
		}
		e.Meta = t.firstMeta(actor, e.Reason)
		stored, created = e, true
		return t.writeLineEvent(ctx, actor, "line.event", &e)
	})
	if err != nil {
		return hotline.LineEvent{}, false, err
	}
	return stored, created, nil
}

// ReviseLineEvent writes the next revision of an event. It stays with its line.
func (s *Store) ReviseLineEvent(ctx context.Context, actor access.Actor, e hotline.LineEvent) (hotline.LineEvent, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		before, err := s.LineEvent(ctx, e.ID, 0)
		if err != nil {
			return err
		}
		if e.Revision != before.Revision {
			return stale("event", e.Revision, before.Revision, before.RecordedBy)
		}
		e.LineID, e.Meta = before.LineID, t.nextMeta(actor, before.Meta, e.Reason)
		return t.writeLineEvent(ctx, actor, "line.event_revise", &e)
	})
	if err != nil {
		return hotline.LineEvent{}, err
	}
	return e, nil
}

// writeLineEvent writes under the subject of the line: what shows the line
// shows its events.
func (t *tx) writeLineEvent(ctx context.Context, actor access.Actor, action string, e *hotline.LineEvent) error {
	content, err := encode(e)
	if err != nil {
		return fmt.Errorf("write event %s of a line: %w", e.ID, err)
	}
	var ends any
	if e.To != 0 {
		ends = e.To
	}
	c := t.change(actor, action, "line/"+string(e.LineID))
	if err := c.exec(ctx, closeLineEvent, t.at, e.ID); err != nil {
		return err
	}
	if _, err := c.insert(ctx, "line_event_rev", insertLineEvent,
		e.ID, e.LineID, e.Revision, e.RecordedAt, incidents.Forever, e.FirstRecordedAt, e.RecordedBy, e.Reason,
		e.Kind, e.From, ends, bit(e.Retracted), content); err != nil {
		return err
	}
	return c.done(ctx, e.Revision, map[string]any{"event": e.ID})
}

const lineEventByID = `select content from line_event_rev where id = $1 and valid_from <= $2 and $2 < valid_to`

// LineEvent gives the revision that held at a moment.
func (s *Store) LineEvent(ctx context.Context, id hotline.LineEventID, asOf hotline.Millis) (hotline.LineEvent, error) {
	return one(ctx, s.ask(ctx), noLineEvent, lineEventByID, []any{id, asOfOr(asOf)}, scanLineEvent)
}

// LineEvents gives the events of a filter by when they begin.
func (s *Store) LineEvents(ctx context.Context, f hotline.LineEventFilter) ([]hotline.LineEvent, error) {
	w := &where{}
	w.and(w.version("e", f.AsOf))
	if f.LineID != "" {
		w.and("e.line_id = " + w.arg(f.LineID))
	}
	if f.From != 0 {
		w.and("(e.ends is null or e.ends > " + w.arg(f.From) + ")")
	}
	if f.To != 0 {
		w.and("e.begins < " + w.arg(f.To))
	}
	if !f.Retracted {
		w.and("e.retracted = 0")
	}
	text := `select e.content from line_event_rev e
where ` + w.String() + `
order by e.begins, e.first_recorded_at, e.id`
	return all(ctx, s.ask(ctx), text, w.args, scanLineEvent)
}

const lineEventRevisions = `select content from line_event_rev where id = $1 and valid_from <= $2 order by revision`

// LineEventRevisions gives every revision up to a moment, oldest first.
func (s *Store) LineEventRevisions(ctx context.Context, id hotline.LineEventID, asOf hotline.Millis) ([]hotline.LineEvent, error) {
	list, err := all(ctx, s.ask(ctx), lineEventRevisions, []any{id, asOfOr(asOf)}, scanLineEvent)
	return list, orMissing(list, err, noLineEvent)
}
