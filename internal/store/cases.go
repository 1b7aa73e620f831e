package store

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// caseRow is a case as it comes from the disk.
type caseRow struct {
	incidentRow
	factsRow
}

const caseColumns = incidentColumns + ",\n  " + factsColumns

func (r *caseRow) dest() []any { return append(r.incidentRow.dest(), r.factsRow.dest()...) }

// scanCase reads a case and answers for it at a moment.
func scanCase(row scanner, now incidents.Millis) (hotline.Case, error) {
	var r caseRow
	if err := row.Scan(r.dest()...); err != nil {
		return hotline.Case{}, err
	}
	return r.toCase(now)
}

// toCase reads the content of a row and answers for it.
func (r *caseRow) toCase(now incidents.Millis) (hotline.Case, error) {
	if err := r.decode(); err != nil {
		return hotline.Case{}, err
	}
	return hotline.Case{Incident: r.inc, Assessment: r.facts().At(now)}, nil
}

// Case gives one incident with its assessment and its contacts.
func (s *Store) Case(ctx context.Context, id incidents.ID, at hotline.At) (c hotline.Case, err error) {
	at = s.moment(incidents.Filter{}, at)
	w := &where{}
	w.and("r.id = " + w.arg(id))
	w.and(w.version("r", at.AsOf))
	w.joinFacts(at)
	text := `select ` + caseColumns + ` from incident_rev r cross join incident_facts f where ` + w.String()
	err = s.read(ctx, func(q asker) error {
		c, err = one(ctx, q, noIncident, text, w.args, func(row scanner) (hotline.Case, error) { return scanCase(row, at.Now) })
		if err != nil {
			return err
		}
		linked, err := q.linkedTo(ctx, []incidents.ID{id}, at.AsOf)
		c.Contacts = linked[id]
		return err
	})
	return c, err
}

// pageLimit checks how many rows a page may have.
func pageLimit(limit int) (int, error) {
	switch {
	case limit == 0:
		return 50, nil
	case limit < 0 || limit > 500:
		return 0, &fault.Error{Kind: fault.Invalid, Msg: "The page cannot be that long.", Fields: []fault.Field{{Name: "limit", Msg: "runs from 1 to 500."}}}
	}
	return limit, nil
}

// Cases gives a stretch of a list.
func (s *Store) Cases(ctx context.Context, f incidents.Filter, p hotline.Page, at hotline.At) (page hotline.CasePage, err error) {
	at = s.moment(f, at)
	limit, err := pageLimit(p.Limit)
	if err != nil {
		return page, err
	}
	count, countArgs := s.countCases(f, at)
	w := &where{}
	w.incidents(s.dialect, f, at)
	w.joinFacts(at)
	o, err := w.order(p, at.Now)
	if err != nil {
		return page, err
	}
	var from cursor
	if p.After != "" {
		if from, err = readCursor(p.After, o.name); err != nil {
			return page, err
		}
	}
	direction, beyond := o.sql(from.Back)
	if from.ID != "" {
		w.and("(" + o.key + ", r.id) " + beyond + " (" + w.arg(from.Key.value()) + ", " + w.arg(from.ID) + ")")
	}
	// The rows of the page are found first, by indexes, and only they are read.
	text := `with page as (
  select r.rev as r_rev, f.rev as f_rev, ` + o.key + ` as sort_key from incident_rev r cross join incident_facts f
  where ` + w.String() + `
  order by ` + o.key + ` ` + direction + `, r.id ` + direction + ` limit ` + w.arg(limit+1) + `)
select ` + caseColumns + `, page.sort_key
from page cross join incident_rev r cross join incident_facts f
where r.rev = page.r_rev and f.rev = page.f_rev
order by page.sort_key ` + direction + `, r.id ` + direction

	var keys []cursorKey
	err = s.read(ctx, func(q asker) error {
		if err := q.oneRow(ctx, count, countArgs...).Scan(&page.Total); err != nil {
			return s.fault(err)
		}
		if page.Total == 0 {
			return nil
		}
		return q.each(ctx, text, w.args, func(row scanner) error {
			var key any
			c, err := scanCase(scanRest{row, []any{&key}}, at.Now)
			page.Cases, keys = append(page.Cases, c), append(keys, keyOf(key))
			return err
		})
	})
	if err != nil {
		return hotline.CasePage{}, err
	}
	turnPage(&page, o.name, from, keys, limit)
	return page, nil
}

// turnPage cuts the page to its length, puts it in order and sets the cursors
// of its neighbours. One row more than the page holds was read, so that it is
// known whether there is another page in the direction of the walk; behind it
// lies at least the row that the cursor names.
func turnPage(page *hotline.CasePage, sort string, from cursor, keys []cursorKey, limit int) {
	more := len(page.Cases) > limit
	if more {
		page.Cases, keys = page.Cases[:limit], keys[:limit]
	}
	ahead, behind := more, from.ID != "" || from.End
	if from.Back {
		slices.Reverse(page.Cases)
		slices.Reverse(keys)
		ahead, behind = from.ID != "", more
	}
	n := len(page.Cases)
	switch {
	case n == 0 && from.ID != "" && !from.Back:
		page.Prev = cursor{Sort: sort, Back: true, End: true}.String()
	case n == 0:
	default:
		if ahead {
			page.Next = cursor{Sort: sort, Key: keys[n-1], ID: string(page.Cases[n-1].Incident.ID)}.String()
		}
		if behind {
			page.Prev = cursor{Sort: sort, Key: keys[0], ID: string(page.Cases[0].Incident.ID), Back: true}.String()
		}
	}
}

// countCases asks how many cases a filter has.
func (s *Store) countCases(f incidents.Filter, at hotline.At) (text string, args []any) {
	w := &where{}
	w.incidents(s.dialect, f, at)
	return `select count(*) from ` + w.from(f, at), w.args
}

// from gives the tables and conditions of a filter, with the facts only where
// they are asked for.
func (w *where) from(f incidents.Filter, at hotline.At) string {
	tables := `incident_rev r`
	if needsFacts(f) {
		tables += ` cross join incident_facts f`
		w.joinFacts(at)
	}
	return tables + "\nwhere " + w.String()
}

// caseBatch is how many cases are held at once while a stream is read.
const caseBatch = 200

// EachCase calls fn for every case of the filter in order of start and id, all
// from one state of the log.
func (s *Store) EachCase(ctx context.Context, f incidents.Filter, at hotline.At, full bool, fn func(*hotline.Case) error) error {
	return s.walkCases(ctx, f, hotline.Page{Sort: "start"}, at, full, func(c *hotline.Case, _ func() string) error { return fn(c) })
}

// EachCaseFrom calls fn for every case of the filter in the page's order, from
// its place on, until fn gives an error, which is handed back as it is. place
// gives the cursor of the case. The page's limit is how many are wanted, if that
// is known: no more are decoded at once.
func (s *Store) EachCaseFrom(ctx context.Context, f incidents.Filter, p hotline.Page, at hotline.At, fn func(c *hotline.Case, place func() string) error) error {
	return s.walkCases(ctx, f, p, at, false, fn)
}

// CountCases counts the cases of a filter.
func (s *Store) CountCases(ctx context.Context, f incidents.Filter, at hotline.At) (n int, err error) {
	text, args := s.countCases(f, s.moment(f, at))
	err = s.read(ctx, func(q asker) error { return s.fault(q.oneRow(ctx, text, args...).Scan(&n)) })
	return n, err
}

// changedCases finds incidents of which something was written, or a deadline has
// passed, in (since, until].
const changedCases = `select id from (
  select id from incident_rev where valid_from > $1 and valid_from <= $2
  union select incident_id from incident_facts where valid_from > $1 and valid_from <= $2
  union select incident_id from incident_facts where deadline_from > $1 and deadline_from <= $2
  union select incident_id from incident_facts where deadline_to > $1 and deadline_to <= $2
) where id > $3 order by id limit $4`

// ChangedCases gives the ids of incidents that may look otherwise at until than
// they did at since, in order, from after on; at most limit of them.
func (s *Store) ChangedCases(ctx context.Context, since, until incidents.Millis, after incidents.ID, limit int) ([]incidents.ID, error) {
	return all(ctx, s.ask(ctx), changedCases, []any{since, until, after, limit}, value[incidents.ID])
}

func (s *Store) walkCases(ctx context.Context, f incidents.Filter, p hotline.Page, at hotline.At, full bool, fn func(*hotline.Case, func() string) error) error {
	at = s.moment(f, at)
	w := &where{}
	w.incidents(s.dialect, f, at)
	w.joinFacts(at)
	o, err := w.order(p, at.Now)
	if err != nil {
		return err
	}
	direction, beyond := o.sql(false)
	if p.After != "" {
		from, err := readCursor(p.After, o.name)
		if err != nil {
			return err
		}
		w.and("(" + o.key + ", r.id) " + beyond + " (" + w.arg(from.Key.value()) + ", " + w.arg(from.ID) + ")")
	}
	text := `select ` + caseColumns + `, ` + o.key + ` from incident_rev r cross join incident_facts f
where ` + w.String() + `
order by ` + o.key + ` ` + direction + `, r.id ` + direction
	batch := caseBatch
	if p.Limit > 0 {
		batch = min(batch, p.Limit)
	}
	return s.read(ctx, func(q asker) error {
		held, keys := make([]caseRow, 0, batch), make([]any, batch)
		flush := func() error {
			cases, err := decodeCases(held, at.Now)
			if err == nil && full {
				err = q.addContacts(ctx, cases, at)
			}
			for i := 0; i < len(cases) && err == nil; i++ {
				err = fn(&cases[i], func() string {
					return cursor{Sort: o.name, Key: keyOf(keys[i]), ID: string(cases[i].Incident.ID)}.String()
				})
			}
			held = held[:0]
			return err
		}
		err := q.each(ctx, text, w.args, func(row scanner) error {
			n := len(held)
			held = append(held, caseRow{})
			if err := row.Scan(append(held[n].dest(), &keys[n])...); err != nil || len(held) < batch {
				return err
			}
			return flush()
		})
		if err != nil {
			return err
		}
		return flush()
	})
}

// decodeCases reads the content of cases, on all processors: it is most of the
// work of a long export.
func decodeCases(rows []caseRow, now incidents.Millis) ([]hotline.Case, error) {
	cases := make([]hotline.Case, len(rows))
	n := min(runtime.GOMAXPROCS(0), len(rows))
	errs := make([]error, n)
	var wg sync.WaitGroup
	for worker := range n {
		wg.Go(func() {
			for i := worker; i < len(rows) && errs[worker] == nil; i += n {
				cases[i], errs[worker] = rows[i].toCase(now)
			}
		})
	}
	wg.Wait()
	return cases, errors.Join(errs...)
}

// addContacts fills in the contacts of cases.
func (q asker) addContacts(ctx context.Context, cases []hotline.Case, at hotline.At) error {
	ids := make([]incidents.ID, len(cases))
	for i := range cases {
		ids[i] = cases[i].Incident.ID
	}
	linked, err := q.linkedTo(ctx, ids, at.AsOf)
	for i := range cases {
		cases[i].Contacts = linked[ids[i]]
	}
	return err
}

// CountBy counts the cases of a filter by one column.
func (s *Store) CountBy(ctx context.Context, f incidents.Filter, column string, at hotline.At) (map[string]int, error) {
	at = s.moment(f, at)
	w := &where{}
	w.incidents(s.dialect, f, at)
	tables := w.from(f, at)
	switch column {
	case "region", "severity":
		column = "r." + column
	case "report":
		column = "r.status"
	case "deescalation":
		column = w.statusSQL("worst", at.Now)
		if !needsFacts(f) {
			w.joinFacts(at)
			tables = "incident_rev r cross join incident_facts f\nwhere " + w.String()
		}
	default:
		return nil, fault.New(fault.Invalid, "Cases cannot be counted by “"+column+"”; accepted: region, severity, deescalation, report.")
	}
	counts := map[string]int{}
	err := s.ask(ctx).each(ctx, `select `+column+`, count(*) from `+tables+`
group by 1`, w.args, func(row scanner) error {
		var code string
		var n int
		err := row.Scan(&code, &n)
		counts[code] = n
		return err
	})
	return counts, err
}
