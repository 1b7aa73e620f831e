package store

import (
	"context"
	"fmt"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
)

const noHandover = "There is no such handover."

const insertHandover = `insert into handover_rev (
  id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason, state, leaving, arriving, signed_at, content, content_sha256)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning *`

const closeHandover = `update handover_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

const handoverColumns = `content, content_sha256`

func scanHandover(row scanner) (h watch.Handover, err error) {
	var sum string
	h, err = scanContent[watch.Handover](scanRest{row, []any{&sum}}, "handover")
	h.SHA256 = sum
	return h, err
}

// handoverActions name the audit entry of what a handover has become.
var handoverActions = map[watch.State]string{watch.Draft: "handover.save", watch.Offered: "handover.offer", watch.Signed: "handover.sign", watch.Dropped: "handover.drop"}

// SaveHandover writes the next revision of a handover. The first signature
// dates it, and so does the second, by the transaction's own clock.
func (s *Store) SaveHandover(ctx context.Context, actor access.Actor, h watch.Handover) (watch.Handover, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		before, err := s.Handover(ctx, h.ID, 0)
		switch {
		case fault.Is(err, fault.NotFound):
			if err := t.noneOpen(ctx); err != nil {
				return err
			}
			h.Meta = t.firstMeta(actor, h.Reason)
		case err != nil:
			return err
		case before.State == watch.Signed:
			return fault.New(fault.Conflict, "This handover was signed by both and is never changed.")
		case before.State == watch.Dropped:
			return fault.New(fault.Conflict, "This handover was thrown away; begin another.")
		case h.Revision != before.Revision:
			return stale("handover", h.Revision, before.Revision, before.RecordedBy)
		default:
			h.Meta = t.nextMeta(actor, before.Meta, h.Reason)
		}
		switch h.State {
		case watch.Draft:
			h.Leaving, h.Arriving, h.OfferedAt, h.SignedAt = "", "", 0, 0
		case watch.Offered:
			h.OfferedAt, h.SignedAt = t.at, 0
		case watch.Signed:
			h.SignedAt = t.at
		}
		return t.writeHandover(ctx, actor, &h)
	})
	if err != nil {
		return watch.Handover{}, err
	}
	return h, nil
}

const openHandover = `select ` + handoverColumns + ` from handover_rev
where state in ('draft', 'offered') and valid_to = 4611686018427387903`

// noneOpen sees to it that only one handover is open.
func (t *tx) noneOpen(ctx context.Context) error {
	h, err := one(ctx, asker{t.s, t}, noHandover, openHandover, nil, scanHandover)
	switch {
	case err == nil:
		return fault.New(fault.Conflict, "A handover is open already, last saved by "+h.RecordedBy+": go on with that one.")
	case fault.Is(err, fault.NotFound):
		return nil
	}
	return err
}

func (t *tx) writeHandover(ctx context.Context, actor access.Actor, h *watch.Handover) error {
	content, err := watch.Canonical(*h)
	if err != nil {
		return fmt.Errorf("write handover %s: %w", h.ID, err)
	}
	h.SHA256 = watch.Hash(content)
	c := t.change(actor, handoverActions[h.State], "handover/"+string(h.ID))
	if err := c.exec(ctx, closeHandover, t.at, h.ID); err != nil {
		return err
	}
	if _, err := c.insert(ctx, "handover_rev", insertHandover, h.ID, h.Revision, h.RecordedAt, incidents.Forever, h.FirstRecordedAt, h.RecordedBy, h.Reason,
		h.State, h.Leaving, h.Arriving, h.SignedAt, string(content), h.SHA256); err != nil {
		return err
	}
	return c.done(ctx, h.Revision, map[string]any{"sha256": h.SHA256, "leaving": h.Leaving, "arriving": h.Arriving})
}

const handoverByID = `select ` + handoverColumns + ` from handover_rev where id = $1 and valid_from <= $2 and $2 < valid_to`

// Handover gives the revision that held at a moment.
func (s *Store) Handover(ctx context.Context, id watch.HandoverID, asOf watch.Millis) (watch.Handover, error) {
	return one(ctx, s.ask(ctx), noHandover, handoverByID, []any{id, asOfOr(asOf)}, scanHandover)
}

// OpenHandover gives the one that is open.
func (s *Store) OpenHandover(ctx context.Context) (watch.Handover, error) {
	return one(ctx, s.ask(ctx), "No handover is open.", openHandover, nil, scanHandover)
}

const lastHandover = `select ` + handoverColumns + ` from handover_rev
where state = 'signed' and valid_to = 4611686018427387903 and signed_at < $1 and ($2 = '' or leaving = $2 or arriving = $2)
order by signed_at desc limit 1`

// LastHandover gives the newest that both signed before a moment.
func (s *Store) LastHandover(ctx context.Context, name string, before watch.Millis) (watch.Handover, error) {
	return one(ctx, s.ask(ctx), "No handover was signed before.", lastHandover, []any{asOfOr(before), name}, scanHandover)
}

const signedHandovers = `select ` + handoverColumns + ` from handover_rev
where state = 'signed' and valid_to = 4611686018427387903 and signed_at < $1 order by signed_at desc limit $2`

// Handovers gives those that both signed, newest first.
func (s *Store) Handovers(ctx context.Context, before watch.Millis, limit int) ([]watch.Handover, error) {
	limit, err := pageLimit(limit)
	if err != nil {
		return nil, err
	}
	return all(ctx, s.ask(ctx), signedHandovers, []any{asOfOr(before), limit}, scanHandover)
}
