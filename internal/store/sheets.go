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

const insertSheet = `insert into sheet_rev (
  language, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason, approved_by, approved_at, phrases)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning *`

const closeSheet = `update sheet_rev set valid_to = $1 where language = $2 and valid_to = 4611686018427387903`

const sheetColumns = `language, revision, valid_from, first_recorded_at, recorded_by, reason, approved_by, approved_at, phrases`

func scanSheet(row scanner) (t hotline.Sheet, err error) {
	var phrases []byte
	if err := row.Scan(&t.Language, &t.Revision, &t.RecordedAt, &t.FirstRecordedAt, &t.RecordedBy, &t.Reason, &t.ApprovedBy, &t.ApprovedAt, &phrases); err != nil {
		return t, err
	}
	if err := json.Unmarshal(phrases, &t.Phrases); err != nil {
		return t, fmt.Errorf("read the %s call sheet: %w", t.Language, err)
	}
	return t, nil
}

const currentSheet = `select ` + sheetColumns + ` from sheet_rev where language = $1 and valid_to = 4611686018427387903`

// SaveSheet implements hotline.SheetStore.
func (s *Store) SaveSheet(ctx context.Context, actor access.Actor, sheet hotline.Sheet) (hotline.Sheet, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		before, err := one(ctx, asker{s, t}, "", currentSheet, []any{sheet.Language}, scanSheet)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if sheet.Revision != before.Revision {
			return stale("call sheet", sheet.Revision, before.Revision, before.RecordedBy)
		}
		if before.Revision == 0 {
			sheet.Meta = t.firstMeta(actor, sheet.Reason)
		} else {
			sheet.Meta = t.nextMeta(actor, before.Meta, sheet.Reason)
		}
		phrases, err := encode(sheet.Phrases)
		if err != nil {
			return fmt.Errorf("write the %s call sheet: %w", sheet.Language, err)
		}
		c := t.change(actor, "sheet.save", "sheet/"+sheet.Language)
		if err := c.exec(ctx, closeSheet, t.at, sheet.Language); err != nil {
			return err
		}
		if _, err := c.insert(ctx, "sheet_rev", insertSheet,
			sheet.Language, sheet.Revision, sheet.RecordedAt, incidents.Forever, sheet.FirstRecordedAt, sheet.RecordedBy, sheet.Reason,
			sheet.ApprovedBy, sheet.ApprovedAt, phrases); err != nil {
			return err
		}
		return c.done(ctx, sheet.Revision, map[string]any{"approved_by": sheet.ApprovedBy})
	})
	if err != nil {
		return hotline.Sheet{}, err
	}
	return sheet, nil
}

const sheetsAsOf = `select ` + sheetColumns + ` from sheet_rev where valid_from <= $1 and $1 < valid_to order by language`

// Sheets implements hotline.SheetStore.
func (s *Store) Sheets(ctx context.Context, asOf hotline.Millis) ([]hotline.Sheet, error) {
	return all(ctx, s.ask(ctx), sheetsAsOf, []any{asOfOr(asOf)}, scanSheet)
}

const sheetRevisions = `select ` + sheetColumns + ` from sheet_rev where language = $1 order by revision`

// SheetRevisions implements hotline.SheetStore. Without any the list is empty.
func (s *Store) SheetRevisions(ctx context.Context, language string) ([]hotline.Sheet, error) {
	return all(ctx, s.ask(ctx), sheetRevisions, []any{language}, scanSheet)
}
