package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

const draftColumns = `owner, key, base, form, place, seq, begun_at, saved_at`

func scanDraft(row scanner) (d incidents.Unfinished, err error) {
	err = row.Scan(&d.Owner, &d.Key, &d.Base, &d.Form, &d.Place, &d.Seq, &d.BegunAt, &d.SavedAt)
	return d, err
}

const saveDraft = `insert into draft (owner, key, base, form, place, seq, begun_at, saved_at)
values ($1, $2, $3, $4, $5, $6, $7, $7)
on conflict (owner, key) do update
set base = excluded.base, form = excluded.form, place = excluded.place, seq = excluded.seq, saved_at = excluded.saved_at
where excluded.seq > draft.seq`

// SaveDraft implements incidents.DraftStore.
func (s *Store) SaveDraft(ctx context.Context, d incidents.Unfinished) (kept incidents.Unfinished, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		q := asker{s, t}
		others, err := one(ctx, q, "", `select count(*) from draft where owner = $1 and key <> $2`, []any{d.Owner, d.Key}, value[int])
		if err != nil {
			return err
		}
		if others >= incidents.MaxDrafts {
			return fault.New(fault.Conflict, "You have as many unfinished reports as one person may have. File or discard some first.")
		}
		if _, err := t.run(ctx, saveDraft, d.Owner, d.Key, d.Base, d.Form, d.Place, d.Seq, s.nowMillis()); err != nil {
			return err
		}
		kept, err = s.Draft(ctx, d.Owner, d.Key)
		return err
	})
	return kept, err
}

// Draft implements incidents.DraftStore.
func (s *Store) Draft(ctx context.Context, owner string, key incidents.ID) (incidents.Unfinished, error) {
	return one(ctx, s.ask(ctx), "There is no such draft.", `select `+draftColumns+` from draft where owner = $1 and key = $2`, []any{owner, key}, scanDraft)
}

// Drafts implements incidents.DraftStore.
func (s *Store) Drafts(ctx context.Context, owner string) ([]incidents.Unfinished, error) {
	return all(ctx, s.ask(ctx), `select `+draftColumns+` from draft where owner = $1 or $1 = '' order by saved_at desc, owner, key`, []any{owner}, scanDraft)
}

// DropDraft implements incidents.DraftStore.
func (s *Store) DropDraft(ctx context.Context, owner string, key incidents.ID) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.run(ctx, `delete from draft where owner = $1 and key = $2`, owner, key)
		return err
	})
}

// learned is how many of the newest reports names are learned from: more would
// be slow to read and no longer flown.
const learned = 1000

const newestRecords = `select record from incident_rev where valid_to = 4611686018427387903 order by start_from desc, id limit $1`

// Known implements incidents.DraftStore.
func (s *Store) Known(ctx context.Context) (k incidents.Known, err error) {
	type party struct{ Base, Unit, Callsign string }
	sets := [3]map[string]bool{{}, {}, {}}
	err = s.ask(ctx).each(ctx, newestRecords, []any{learned}, func(row scanner) error {
		var text string
		var rec struct{ Intercepting, Intercepted party }
		if err := row.Scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &rec); err != nil {
			return err
		}
		for _, p := range []party{rec.Intercepting, rec.Intercepted} {
			for i, name := range []string{p.Base, p.Unit, p.Callsign} {
				sets[i][name] = true
			}
		}
		return nil
	})
	for i, list := range []*[]string{&k.Bases, &k.Units, &k.Callsigns} {
		delete(sets[i], "")
		*list = slices.Sorted(maps.Keys(sets[i]))
	}
	return k, err
}

// Preferences implements incidents.DraftStore.
func (s *Store) Preferences(ctx context.Context, owner string) (map[string]string, error) {
	set := map[string]string{}
	err := s.ask(ctx).each(ctx, `select name, value from preference where owner = $1`, []any{owner}, func(row scanner) error {
		var name, text string
		err := row.Scan(&name, &text)
		set[name] = text
		return err
	})
	return set, err
}

// SetPreference implements incidents.DraftStore.
func (s *Store) SetPreference(ctx context.Context, owner, name, text string) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		if text == "" {
			_, err := t.run(ctx, `delete from preference where owner = $1 and name = $2`, owner, name)
			return err
		}
		_, err := t.run(ctx, `insert into preference (owner, name, value) values ($1, $2, $3)
on conflict (owner, name) do update set value = excluded.value`, owner, name, text)
		return err
	})
}
