package store

import (
	"context"
	"fmt"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const noAlert = "There is no such alert."

const insertAlert = `insert into alert_rev (
  id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason, action, kind, standing, exercise, content)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning *`

const closeAlert = `update alert_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

func scanAlert(row scanner) (alarm.Alert, error) { return scanContent[alarm.Alert](row, "alert") }

// WriteAlert writes the next revision of an alert.
func (s *Store) WriteAlert(ctx context.Context, actor access.Actor, a alarm.Alert) (alarm.Alert, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		before, err := s.Alert(ctx, a.ID, 0)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if a.Revision != before.Revision {
			return stale("alert", a.Revision, before.Revision, before.RecordedBy)
		}
		if before.Revision == 0 {
			a.Meta = t.firstMeta(actor, a.Reason)
		} else {
			a.Meta = t.nextMeta(actor, before.Meta, a.Reason)
		}
		content, err := encode(a)
		if err != nil {
			return fmt.Errorf("write alert %s: %w", a.ID, err)
		}
		c := t.change(actor, "alarm."+string(a.Action), "alarm/"+a.ID)
		if err := c.exec(ctx, closeAlert, t.at, a.ID); err != nil {
			return err
		}
		if _, err := c.insert(ctx, "alert_rev", insertAlert,
			a.ID, a.Revision, a.RecordedAt, incidents.Forever, a.FirstRecordedAt, a.RecordedBy, a.Reason,
			string(a.Action), string(a.Kind), bit(a.Standing()), bit(a.Situation.Exercise), content); err != nil {
			return err
		}
		return c.done(ctx, a.Revision, map[string]any{"kind": a.Kind, "situation": a.Situation.Key, "title": a.Situation.Title})
	})
	if err != nil {
		return alarm.Alert{}, err
	}
	return a, nil
}

const alertByID = `select content from alert_rev where id = $1 and valid_from <= $2 and $2 < valid_to`

// Alert gives the revision that held at a moment.
func (s *Store) Alert(ctx context.Context, id string, asOf alarm.Millis) (alarm.Alert, error) {
	return one(ctx, s.ask(ctx), noAlert, alertByID, []any{id, asOfOr(asOf)}, scanAlert)
}

// Alerts gives those that stand at a moment.
func (s *Store) Alerts(ctx context.Context, asOf alarm.Millis) ([]alarm.Alert, error) {
	w := &where{}
	w.and("a.standing = 1")
	w.and(w.version("a", asOf))
	return all(ctx, s.ask(ctx), `select a.content from alert_rev a where `+w.String()+` order by a.id`, w.args, scanAlert)
}

// alertSort orders the log of alarms newest first.
const alertSort = "-alert_rev"

// AlertLog gives a stretch of all revisions, newest first.
func (s *Store) AlertLog(ctx context.Context, f alarm.LogFilter) (page alarm.LogPage, err error) {
	limit, err := pageLimit(f.Limit)
	if err != nil {
		return page, err
	}
	w := alertWhere(f)
	count, countArgs := `select count(*) from alert_rev a where `+w.String(), w.args
	if f.After != "" {
		after, err := readCursor(f.After, alertSort)
		if err != nil {
			return page, err
		}
		w.and("a.rev < " + w.arg(after.Key.value()))
	}
	text := `select a.content, a.rev from alert_rev a where ` + w.String() + ` order by a.rev desc limit ` + w.arg(limit+1)
	err = s.read(ctx, func(q asker) error {
		if err := q.oneRow(ctx, count, countArgs...).Scan(&page.Total); err != nil {
			return s.fault(err)
		}
		var revs []int64
		err := q.each(ctx, text, w.args, func(row scanner) error {
			var rev int64
			a, err := scanAlert(scanRest{row, []any{&rev}})
			page.Entries, revs = append(page.Entries, a), append(revs, rev)
			return err
		})
		if err == nil && len(revs) > limit {
			page.Entries = page.Entries[:limit]
			page.Next = cursor{Sort: alertSort, Key: intKey(revs[limit-1]), ID: page.Entries[limit-1].ID}.String()
		}
		return err
	})
	return page, err
}

func alertWhere(f alarm.LogFilter) *where {
	w := &where{}
	w.and("a.valid_from <= " + w.arg(asOfOr(f.AsOf)))
	if f.AlertID != "" {
		w.and("a.id = " + w.arg(f.AlertID))
	}
	w.in("a.kind", f.Kinds)
	w.in("a.action", f.Actions)
	if f.By != "" {
		w.and("a.recorded_by = " + w.arg(f.By))
	}
	if f.From != 0 {
		w.and("a.valid_from >= " + w.arg(f.From))
	}
	if f.To != 0 {
		w.and("a.valid_from < " + w.arg(f.To))
	}
	w.exercise("a", f.Exercise)
	return w
}

// AlertCalls gives each time that an alert called for somebody.
func (s *Store) AlertCalls(ctx context.Context, from, to alarm.Millis, exercise bool) ([]alarm.Call, error) {
	w := &where{}
	w.and("a.action in ('raised', 'returned', 'escalated')")
	w.and("a.valid_from >= " + w.arg(from))
	w.and("a.valid_from < " + w.arg(to))
	if !exercise {
		w.and("a.exercise = 0")
	}
	return all(ctx, s.ask(ctx), `select a.valid_from, a.kind from alert_rev a where `+w.String()+` order by a.rev`, w.args, func(row scanner) (c alarm.Call, err error) {
		err = row.Scan(&c.At, &c.Kind)
		return c, err
	})
}

// FirstAlert says when the first alert of all was raised.
func (s *Store) FirstAlert(ctx context.Context) (alarm.Millis, error) {
	return one(ctx, s.ask(ctx), "", `select coalesce(min(valid_from), 0) from alert_rev where action in ('raised', 'returned', 'escalated')`, nil, value[alarm.Millis])
}

const lastHeard = `select c.content from line_rev l cross join contact_rev c
where l.valid_to = 4611686018427387903 and c.rev = (
  select k.rev from contact_rev k
  where k.line_id = l.id and k.valid_to = 4611686018427387903 and k.retracted = 0 and k.source = ''
    and k.outcome in ('connected', 'delivered', 'replied')
  order by k.start_from desc, k.id desc limit 1)`

// LastHeard gives the newest contact of our own on each line that got through.
func (s *Store) LastHeard(ctx context.Context) (map[hotline.LineID]hotline.Contact, error) {
	list, err := all(ctx, s.ask(ctx), lastHeard, nil, scanContact)
	heard := map[hotline.LineID]hotline.Contact{}
	for _, k := range list {
		heard[k.LineID] = k
	}
	return heard, err
}
