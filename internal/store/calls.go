package store

import (
	"context"
	"encoding/json"
	"fmt"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const noCall = "There is no such call going on: it has been logged or dropped meanwhile."

const callColumns = `id, owner, line_id, incidents, started_at, notes, seq, exercise`

func scanCall(row scanner) (c hotline.OpenCall, err error) {
	var about []byte
	if err := row.Scan(&c.ID, &c.Owner, &c.LineID, &about, &c.StartedAt, &c.Notes, &c.Seq, &c.Exercise); err != nil {
		return c, err
	}
	if err := json.Unmarshal(about, &c.Incidents); err != nil {
		return c, fmt.Errorf("read call %s: %w", c.ID, err)
	}
	return c, nil
}

// StartCall implements hotline.CallStore.
func (s *Store) StartCall(ctx context.Context, actor access.Actor, c hotline.OpenCall) (stored hotline.OpenCall, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.OpenCall(ctx, c.ID)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		if was, err := t.exists(ctx, contactExists, c.ID); err != nil || was {
			return orConflict(err, "This call has been logged already.")
		}
		about, err := t.about(ctx, c.Incidents)
		if err != nil {
			return err
		}
		c.Owner, c.StartedAt = actor.Name, t.at
		stored, created = c, true
		if _, err := t.run(ctx, `insert into open_call (`+callColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			c.ID, c.Owner, c.LineID, about, c.StartedAt, c.Notes, c.Seq, bit(c.Exercise)); err != nil {
			return err
		}
		return t.auditCall(ctx, actor, "call.start", c.ID, map[string]any{"line": c.LineID, "incidents": c.Incidents})
	})
	if err != nil {
		return hotline.OpenCall{}, false, err
	}
	return stored, created, nil
}

// about writes what a call is about, which must be on record.
func (t *tx) about(ctx context.Context, ids []incidents.ID) (string, error) {
	for _, id := range ids {
		if ok, err := t.exists(ctx, incidentExists, id); err != nil || !ok {
			return "", orFault(err, noIncident)
		}
	}
	return encode(ids)
}

func (t *tx) auditCall(ctx context.Context, actor access.Actor, action string, id hotline.ContactID, detail map[string]any) error {
	return t.audit(ctx, actor, action, "call/"+string(id), detail)
}

const saveCallNotes = `update open_call set notes = $1, seq = $2 where id = $3 and seq < $2`

// SaveCallNotes implements hotline.CallStore.
func (s *Store) SaveCallNotes(ctx context.Context, id hotline.ContactID, notes string, seq int64) (kept hotline.OpenCall, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		if _, err := t.run(ctx, saveCallNotes, notes, seq, id); err != nil {
			return err
		}
		kept, err = s.OpenCall(ctx, id)
		return err
	})
	return kept, err
}

// SetCallIncidents implements hotline.CallStore.
func (s *Store) SetCallIncidents(ctx context.Context, actor access.Actor, id hotline.ContactID, ids []incidents.ID) (c hotline.OpenCall, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		if c, err = s.OpenCall(ctx, id); err != nil {
			return err
		}
		about, err := t.about(ctx, ids)
		if err != nil {
			return err
		}
		c.Incidents = ids
		if _, err := t.run(ctx, `update open_call set incidents = $1 where id = $2`, about, id); err != nil {
			return err
		}
		return t.auditCall(ctx, actor, "call.incidents", id, map[string]any{"incidents": ids})
	})
	return c, err
}

// OpenCall implements hotline.CallStore.
func (s *Store) OpenCall(ctx context.Context, id hotline.ContactID) (hotline.OpenCall, error) {
	return one(ctx, s.ask(ctx), noCall, `select `+callColumns+` from open_call where id = $1`, []any{id}, scanCall)
}

// OpenCalls implements hotline.CallStore.
func (s *Store) OpenCalls(ctx context.Context) ([]hotline.OpenCall, error) {
	return all(ctx, s.ask(ctx), `select `+callColumns+` from open_call order by started_at, id`, nil, scanCall)
}

const endCall = `delete from open_call where id = $1`

// FinishCall implements hotline.CallStore.
func (s *Store) FinishCall(ctx context.Context, actor access.Actor, c hotline.Contact, links []hotline.Link) (stored hotline.Contact, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.contact(ctx, c.ID, 0)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		if _, err := s.OpenCall(ctx, c.ID); err != nil {
			return err
		}
		if _, err := t.run(ctx, endCall, c.ID); err != nil {
			return err
		}
		stored, created, err = s.CreateContact(ctx, actor, c, links)
		return err
	})
	if err != nil {
		return hotline.Contact{}, false, err
	}
	return stored, created, nil
}

// DropCall implements hotline.CallStore.
func (s *Store) DropCall(ctx context.Context, actor access.Actor, id hotline.ContactID, reason string) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		c, err := s.OpenCall(ctx, id)
		if err != nil {
			return err
		}
		if _, err := t.run(ctx, endCall, id); err != nil {
			return err
		}
		return t.auditCall(ctx, actor, "call.drop", id, map[string]any{
			"reason": reason, "owner": c.Owner, "line": c.LineID, "incidents": c.Incidents, "started_at": c.StartedAt, "notes": c.Notes})
	})
}
