package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"interceptlog/internal/access"
)

// AuditEntries gives a stretch of the chain. Nothing is counted, and a page far
// back costs what the first one does.
func (s *Store) AuditEntries(ctx context.Context, f access.AuditFilter) (page access.AuditPage, err error) {
	limit, err := pageLimit(f.Limit)
	if err != nil {
		return page, err
	}
	asked := words(f.Words)
	if strings.TrimSpace(f.Words) != "" && len(asked) == 0 {
		return page, nil // nothing that could be found
	}
	err = s.read(ctx, func(q asker) error {
		w := &where{}
		from, key := "audit a", "a.seq"
		if len(asked) > 0 {
			found := fmt.Sprintf(s.dialect.FromReason, w.arg(s.dialect.Match(asked)))
			if f.Actor+f.Action+f.Kind == "" {
				// The index of words is walked in order, and no further than the page.
				from, key = found+" cross join audit a", "t.seq"
				w.and("a.seq = t.seq")
			} else {
				// Walking it would read an entry for each that is found, however
				// few of them fit.
				w.and("a.seq in (select t.seq from " + found + ")")
			}
		}
		if err := w.auditTerms(ctx, q, f); err != nil {
			return err
		}
		direction := "desc"
		if f.After != 0 {
			direction = "asc"
		}
		switch {
		case f.After != 0:
			w.and(key + " > " + w.arg(f.After))
		case f.Before != 0:
			w.and(key + " < " + w.arg(f.Before))
		}
		text := "select a.seq from " + from
		if len(w.terms) > 0 {
			text += " where " + w.String()
		}
		text += " order by " + key + " " + direction + " limit " + w.arg(limit+1)
		page.Entries, err = all(ctx, q, `select seq, at, actor, action, subject, detail, prev, hash from audit
where seq in (`+text+`) order by seq `+direction, w.args, func(row scanner) (access.AuditEntry, error) {
			e, err := scanEntry(row)
			return access.AuditEntry{Entry: e}, err
		})
		if err != nil {
			return err
		}
		more := len(page.Entries) > limit
		page.Entries = page.Entries[:min(limit, len(page.Entries))]
		if f.After != 0 {
			slices.Reverse(page.Entries)
			page.Newer, page.Older = more, true
		} else {
			page.Newer, page.Older = f.Before != 0, more
		}
		return q.addReasons(ctx, page.Entries)
	})
	return page, err
}

// auditTerms narrows the entries a.
func (w *where) auditTerms(ctx context.Context, q asker, f access.AuditFilter) error {
	for _, t := range [...]struct{ column, value string }{{"actor", f.Actor}, {"action", f.Action}, {"kind", f.Kind}} {
		if t.value != "" {
			w.and("a." + t.column + " = " + w.arg(t.value))
		}
	}
	if len(f.Subjects) > 0 {
		// One object has few entries: they are found first.
		w.and("a.seq in (select o.seq from audit o where o.subject in " + list(w, f.Subjects) + ")")
	}
	for _, t := range [...]struct {
		at int64
		is string
	}{{f.From, ">="}, {f.To, "<"}} {
		if t.at == 0 {
			continue
		}
		seq, err := q.seqAt(ctx, t.at)
		if err != nil {
			return err
		}
		w.and("a.seq " + t.is + " " + w.arg(seq))
	}
	return nil
}

// seqAt gives the number of the first entry at or after a moment, one more than
// the last where there is none. Entries are in the order of their times, so no
// index is needed.
func (q asker) seqAt(ctx context.Context, at int64) (int64, error) {
	var low, high int64 = 1, 1
	err := q.oneRow(ctx, `select coalesce(max(seq), 0) + 1 from audit`).Scan(&high)
	for err == nil && low < high {
		mid := low + (high-low)/2
		var there int64
		if err = q.oneRow(ctx, `select at from audit where seq >= $1 order by seq limit 1`, mid).Scan(&there); there >= at {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low, q.s.fault(err)
}

// reasoned are the tables whose versions hold the reasons of entries that were
// written before entries held them.
var reasoned = []string{"policy", "line_rev", "incident_rev", "contact_rev", "link_rev", "workflow_rev", "comment_rev", "attachment_rev"}

// addReasons finds the reason of each entry, in it or in what it stands for.
func (q asker) addReasons(ctx context.Context, entries []access.AuditEntry) error {
	type place struct {
		table string
		rev   int64
	}
	at := map[place][]int{}
	revs := map[string][]int64{}
	for i := range entries {
		var detail struct {
			Reason string   `json:"reason"`
			Rows   []rowRef `json:"rows"`
		}
		if entries[i].Detail == "" || json.Unmarshal([]byte(entries[i].Detail), &detail) != nil {
			continue
		}
		if entries[i].Reason = detail.Reason; detail.Reason != "" {
			continue
		}
		for _, r := range detail.Rows {
			if slices.Contains(reasoned, r.Table) {
				p := place{r.Table, r.Rev}
				at[p], revs[r.Table] = append(at[p], i), append(revs[r.Table], r.Rev)
			}
		}
	}
	for _, table := range reasoned {
		if len(revs[table]) == 0 {
			continue
		}
		w := &where{}
		w.and("rev in " + list(w, revs[table]))
		err := q.each(ctx, `select rev, reason from `+table+` where reason <> '' and `+w.String(), w.args, func(row scanner) error {
			var rev int64
			var reason string
			err := row.Scan(&rev, &reason)
			for _, i := range at[place{table, rev}] {
				entries[i].Reason = reason
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// AuditWords gives the values that the columns have. Each is found by a step
// over the index, so that a long chain costs no more than a short one.
func (s *Store) AuditWords(ctx context.Context) (found access.AuditWords, err error) {
	err = s.read(ctx, func(q asker) error {
		for column, to := range map[string]*[]string{"actor": &found.Actors, "action": &found.Actions, "kind": &found.Kinds} {
			*to, err = all(ctx, q, `with recursive step (v) as (
  select min(`+column+`) from audit
  union all
  select (select min(`+column+`) from audit where `+column+` > step.v) from step where step.v is not null)
select v from step where v is not null`, nil, value[string])
			if err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}
