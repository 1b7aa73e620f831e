package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// everything takes all there is.
var everything = incidents.Filter{Exercise: "include", Reports: incidents.StatusCodes.Codes()}

func testFilterAgainstModel(t *testing.T, s *store.Store) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	setClock(s, time.Second)
	r := newSource(30)
	m := newModel(t, s)
	m.fill(t, s, r, 300)
	found, empty := 0, 0
	for i := range 250 {
		f := r.filter()
		if i == 0 {
			f = everything
		}
		now := incidents.MillisOf(firstDay.AddDate(0, r.IntN(11), 0))
		at := hotline.At{Now: now}
		want := m.cases(f, now)
		got := eachCase(t, s, f, at, true)
		if i < 60 {
			same(t, fmt.Sprintf("filter %v", f.Values()), got, want)
		}
		if !slices.Equal(ids(got), ids(want)) {
			t.Fatalf("filter %v: %d cases, want %d", f.Values(), len(got), len(want))
		}
		page := must(s.Cases(t.Context(), f, hotline.Page{Sort: "start", Limit: 500}, at))(t)
		if !slices.Equal(ids(page.Cases), ids(want)) || page.Total != len(want) {
			t.Fatalf("filter %v: page of %d of %d, want %d", f.Values(), len(page.Cases), page.Total, len(want))
		}
		if found += len(want); len(want) == 0 {
			empty++
		}
	}
	if found < 1000 || empty > 200 {
		t.Errorf("the filters ask too little: %d found, %d found nothing", found, empty)
	}
	whole(t, s)
}

// testStatusInSQL: the status that filters and counts see is the rule's, at
// random moments and at the moments where it turns.
func testStatusInSQL(t *testing.T, s *store.Store) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	r := newSource(33)
	m := newModel(t, s)
	m.fill(t, s, r, 150)
	moments := []incidents.Millis{incidents.MillisOf(firstDay)}
	for _, c := range m.cases(everything, 0)[:24] {
		if c.Assessment.HasDeadline() {
			d := c.Assessment
			moments = append(moments, d.DeadlineFrom-1, d.DeadlineFrom, d.DeadlineTo-1, d.DeadlineTo)
		}
	}
	for range 25 {
		moments = append(moments, incidents.MillisOf(firstDay)+incidents.Millis(r.Int64N(400*86400_000)))
	}
	for _, now := range moments {
		want := map[incidents.ID]hotline.Status{}
		for _, c := range m.cases(everything, now) {
			want[c.Incident.ID] = c.Assessment.Status()
		}
		seen := 0
		for _, code := range incidents.Deescalations.Codes() {
			f := everything
			f.Deescalations = []string{code}
			for _, c := range eachCase(t, s, f, hotline.At{Now: now}, false) {
				seen++
				if id := c.Incident.ID; want[id] != hotline.Status(code) || c.Assessment.Status() != want[id] {
					t.Fatalf("at %v incident %s is %s in SQL, %s as read, %s by the rule", now.Time(), id, code, c.Assessment.Status(), want[id])
				}
			}
		}
		if seen != len(want) {
			t.Fatalf("%d cases have a status, want %d", seen, len(want))
		}
	}
}

func testEachCaseStops(t *testing.T, s *store.Store) {
	m := newModel(t, s)
	m.fill(t, s, newSource(40), 20)
	for _, full := range []bool{false, true} {
		n := 0
		err := s.EachCase(t.Context(), everything, hotline.At{}, full, func(*hotline.Case) error {
			if n++; n == 3 {
				return errStop
			}
			return nil
		})
		if !errors.Is(err, errStop) || n != 3 {
			t.Errorf("full=%v: %v after %d", full, err, n)
		}
	}
	if must(s.Cases(t.Context(), everything, hotline.Page{}, hotline.At{}))(t).Total != 20 {
		t.Error("the store is not usable after a stop")
	}
}

// testEachCaseSnapshot: what is written during a stream is not in it.
func testEachCaseSnapshot(t *testing.T, s *store.Store) {
	r := newSource(41)
	m := newModel(t, s)
	m.fill(t, s, r, 250)
	n := 0
	check(t, s.EachCase(t.Context(), everything, hotline.At{}, true, func(*hotline.Case) error {
		if n++; n%100 == 1 {
			late := r.incident()
			late.Record.Start = incidents.At(firstDay.AddDate(0, 11, 0), incidents.Exact, "")
			create(t, s, late)
		}
		return nil
	}))
	if n != 250 {
		t.Errorf("%d cases, want 250", n)
	}
}

func testCountBy(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	r := newSource(42)
	m := newModel(t, s)
	m.fill(t, s, r, 100)
	now := incidents.MillisOf(firstDay.AddDate(0, 4, 0))
	for _, f := range []incidents.Filter{{}, everything, {Deescalations: []string{"overdue", "awaiting"}}, r.filter()} {
		for column, of := range map[string]func(hotline.Case) string{
			"region":       func(c hotline.Case) string { return c.Incident.Derived.Region },
			"severity":     func(c hotline.Case) string { return c.Incident.Record.Severity },
			"report":       func(c hotline.Case) string { return string(c.Incident.Status) },
			"deescalation": func(c hotline.Case) string { return string(c.Assessment.Status()) },
		} {
			want := map[string]int{}
			for _, c := range m.cases(f, now) {
				want[of(c)]++
			}
			same(t, column, must(s.CountBy(t.Context(), f, column, hotline.At{Now: now}))(t), want)
			same(t, column+" as of", must(s.CountBy(t.Context(), f, column, hotline.At{AsOf: incidents.MillisOf(Begin) - 1}))(t), map[string]int{})
		}
	}
	_, err := s.CountBy(t.Context(), incidents.Filter{}, "record", hotline.At{})
	wantKind(t, err, fault.Invalid)
}

// testWithin: a filter within another finds what both find, and one of them by
// its id.
func testWithin(t *testing.T, s *store.Store) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	setClock(s, time.Second)
	r := newSource(31)
	m := newModel(t, s)
	m.fill(t, s, r, 200)
	both, fewer := 0, 0
	for range 150 {
		f, outer := r.filter(), r.filter()
		f.AsOf, outer.AsOf = 0, 0
		now := incidents.MillisOf(firstDay.AddDate(0, r.IntN(11), 0))
		held := ids(m.cases(outer, now))
		alone := ids(m.cases(f, now))
		want := slices.DeleteFunc(slices.Clone(alone), func(id incidents.ID) bool { return !slices.Contains(held, id) })
		f.Within = &outer
		if got := ids(eachCase(t, s, f, hotline.At{Now: now}, false)); !slices.Equal(got, want) {
			t.Fatalf("%v within %v: %d cases, want %d", f.Values(), outer.Values(), len(got), len(want))
		}
		if n := must(s.CountCases(t.Context(), f, hotline.At{Now: now}))(t); n != len(want) {
			t.Fatalf("%v within %v: counted %d, want %d", f.Values(), outer.Values(), n, len(want))
		}
		for i, id := range alone[:min(3, len(alone))] {
			f.ID = id
			if n := must(s.CountCases(t.Context(), f, hotline.At{Now: now}))(t); (n == 1) != slices.Contains(want, id) || n > 1 {
				t.Fatalf("%v within %v: incident %d counts %d", f.Values(), outer.Values(), i, n)
			}
		}
		both += len(want)
		if len(want) > 0 && len(want) < len(alone) {
			fewer++
		}
	}
	if both < 100 || fewer < 10 {
		t.Errorf("the filters ask too little: %d found, %d times fewer", both, fewer)
	}
}
