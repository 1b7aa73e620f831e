package storetest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// less is the order of a list in Go; nulls last either way.
func less(sort string) func(a, b hotline.Case) int {
	name, down := strings.CutPrefix(sort, "-")
	null := int64(math.MaxInt64)
	if down {
		null = math.MinInt64
	}
	key := map[string]func(c hotline.Case) (int64, string){
		"start":    func(c hotline.Case) (int64, string) { return int64(c.Incident.Record.Start.From), "" },
		"recorded": func(c hotline.Case) (int64, string) { return int64(c.Incident.RecordedAt), "" },
		"title":    func(c hotline.Case) (int64, string) { return 0, strings.ToLower(plain(c.Incident.Record.Title, " ")) },
		"region":   func(c hotline.Case) (int64, string) { return 0, c.Incident.Derived.Region },
		"severity": func(c hotline.Case) (int64, string) {
			return int64(slices.Index(incidents.Severities.Codes(), c.Incident.Record.Severity)), ""
		},
		"number": func(c hotline.Case) (int64, string) {
			var year, n int64
			if _, err := fmt.Sscanf(c.Incident.Number, "%d-%d", &year, &n); err != nil {
				return null, ""
			}
			return year*100000 + n, ""
		},
		"deadline": func(c hotline.Case) (int64, string) {
			if !c.Assessment.HasDeadline() {
				return null, ""
			}
			return int64(c.Assessment.DeadlineFrom), ""
		},
		"deescalation": func(c hotline.Case) (int64, string) {
			if c.Assessment.Worst == hotline.Attempted && c.Assessment.DeadlinePassed {
				return int64(hotline.Overdue.Rank()), ""
			}
			return int64(c.Assessment.Worst.Rank()), ""
		},
	}[name]
	return func(a, b hotline.Case) int {
		an, at := key(a)
		bn, bt := key(b)
		c := cmp.Or(cmp.Compare(an, bn), strings.Compare(at, bt), cmp.Compare(a.Incident.ID, b.Incident.ID))
		if down {
			return -c
		}
		return c
	}
}

func testSortsAgainstModel(t *testing.T, s *store.Store) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	setClock(s, time.Second)
	m := newModel(t, s)
	m.fill(t, s, newSource(31), 120)
	now := incidents.MillisOf(firstDay.AddDate(0, 5, 0))
	for _, name := range hotline.Sorts {
		for _, sort := range []string{name, "-" + name} {
			want := m.cases(everything, now)
			slices.SortFunc(want, less(sort))
			forward, backward := walk(t, s, everything, sort, 17, now)
			if !slices.Equal(forward, ids(want)) {
				t.Errorf("%s: wrong order or length: %d, want %d", sort, len(forward), len(want))
			}
			if !slices.Equal(backward, ids(want)) {
				t.Errorf("%s backward: wrong order or length: %d, want %d", sort, len(backward), len(want))
			}
		}
	}
	page := must(s.Cases(t.Context(), everything, hotline.Page{}, hotline.At{Now: now}))(t)
	same(t, "default order", page.Cases, must(s.Cases(t.Context(), everything, hotline.Page{Sort: "-start", Limit: 50}, hotline.At{Now: now}))(t).Cases)
}

// walk turns the pages of a list to its end and back.
func walk(t *testing.T, s *store.Store, f incidents.Filter, sort string, limit int, now incidents.Millis) (forward, backward []incidents.ID) {
	t.Helper()
	p := hotline.Page{Sort: sort, Limit: limit}
	var last hotline.CasePage
	for {
		last = must(s.Cases(t.Context(), f, p, hotline.At{Now: now}))(t)
		if (last.Prev == "") != (len(forward) == 0) {
			t.Fatalf("%s: prev %q after %d", sort, last.Prev, len(forward))
		}
		forward = append(forward, ids(last.Cases)...)
		if last.Next == "" {
			break
		}
		p.After = last.Next
	}
	backward = ids(last.Cases)
	for last.Prev != "" {
		p.After = last.Prev
		last = must(s.Cases(t.Context(), f, p, hotline.At{Now: now}))(t)
		if last.Next == "" {
			t.Fatalf("%s: no way back", sort)
		}
		backward = append(ids(last.Cases), backward...)
	}
	return forward, backward
}

// testNullOrder: drafts have no number and some cases no deadline; both come
// last, rising or falling.
func testNullOrder(t *testing.T, s *store.Store) {
	m := newModel(t, s)
	m.fill(t, s, newSource(37), 60)
	for _, sort := range []string{"number", "-number", "deadline", "-deadline"} {
		page := must(s.Cases(t.Context(), everything, hotline.Page{Sort: sort, Limit: 500}, hotline.At{}))(t)
		seen := false
		for _, c := range page.Cases {
			null := strings.HasSuffix(sort, "number") && c.Incident.Number == "" || strings.HasSuffix(sort, "deadline") && !c.Assessment.HasDeadline()
			if seen && !null {
				t.Fatalf("%s: a value after a null", sort)
			}
			seen = seen || null
		}
		if !seen {
			t.Fatalf("%s: no nulls to order", sort)
		}
	}
}

// testCursorUnderInserts: a walk sees each case that was there from its
// beginning once, whatever comes meanwhile.
func testCursorUnderInserts(t *testing.T, s *store.Store) {
	r := newSource(38)
	m := newModel(t, s)
	m.fill(t, s, r, 60)
	for _, sort := range []string{"start", "-start", "-recorded", "title", "-severity"} {
		before := map[incidents.ID]bool{}
		for _, c := range eachCase(t, s, everything, hotline.At{}, false) {
			before[c.Incident.ID] = true
		}
		for _, back := range []bool{false, true} {
			seen := map[incidents.ID]int{}
			p := hotline.Page{Sort: sort, Limit: 7}
			if back {
				for { // to the end first
					page := must(s.Cases(t.Context(), everything, p, hotline.At{}))(t)
					if page.Next == "" {
						break
					}
					p.After = page.Next
				}
			}
			for {
				page := must(s.Cases(t.Context(), everything, p, hotline.At{}))(t)
				for _, c := range page.Cases {
					seen[c.Incident.ID]++
				}
				create(t, s, r.incident())
				next := page.Next
				if back {
					next = page.Prev
				}
				if next == "" {
					break
				}
				p.After = next
			}
			for id, n := range seen {
				if n > 1 {
					t.Errorf("%s back=%v: %s seen %d times", sort, back, id, n)
				}
			}
			for id := range before {
				if seen[id] != 1 && !back {
					t.Errorf("%s: %s seen %d times", sort, id, seen[id])
				}
			}
		}
	}
}

func testCursorsRefused(t *testing.T, s *store.Store) {
	m := newModel(t, s)
	m.fill(t, s, newSource(39), 20)
	next := must(s.Cases(t.Context(), everything, hotline.Page{Sort: "title", Limit: 3}, hotline.At{}))(t).Next
	for name, p := range map[string]hotline.Page{
		"of another order": {Sort: "start", After: next},
		"garbage":          {Sort: "title", After: "!!"},
		"no cursor":        {Sort: "title", After: "e30"},
		"unknown order":    {Sort: "colour"},
		"too long":         {Limit: 501},
		"negative":         {Limit: -1},
	} {
		_, err := s.Cases(t.Context(), everything, p, hotline.At{})
		if !fault.Is(err, fault.Invalid) || len(fault.Fields(err)) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Cases(t.Context(), everything, hotline.Page{Sort: "title", After: next}, hotline.At{}); err != nil {
		t.Error(err)
	}
}
