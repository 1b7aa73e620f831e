package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// testDifference changes a log in every way and keeps what it held; then every
// two of those states are compared, as lists of plain Go, with what the log says
// of the time between.
func testDifference(t *testing.T, s *store.Store) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	c := setClock(s, time.Minute)
	r := newSource(91)
	m := newModel(t, s)
	type state struct {
		at incidents.Millis
		*model
	}
	var past []state
	keep := func() { past = append(past, state{incidents.MillisOf(s.Now()), m.copy()}) }
	keep()
	m.fill(t, s, r, 25)
	keep()
	for i := range 48 {
		m.change(t, s, r)
		if i%6 == 5 {
			keep()
		}
	}
	// Nothing is written any more, but months go by.
	c.now.Add(int64(200 * 24 * time.Hour))
	keep()
	seen := map[hotline.Part]int{}
	for i, was := range past {
		for _, is := range past[i:] {
			for _, f := range []incidents.Filter{everything, {}, r.filter(), {Deescalations: []string{"overdue", "not_known"}}} {
				want := differences(was.cases(f, was.at), is.cases(f, is.at))
				var got []hotline.CaseDifference
				check(t, s.EachDifference(t.Context(), f, was.at, is.at, func(d hotline.CaseDifference) error {
					got = append(got, d)
					seen[d.Part]++
					return nil
				}))
				same(t, fmt.Sprintf("from %v to %v, filter %v", was.at.Time(), is.at.Time(), f.Values()), got, want)
			}
		}
	}
	if len(seen) != 3 || min(seen[hotline.CameIn], seen[hotline.FellOut], seen[hotline.Changed]) < 50 {
		t.Errorf("the states ask too little: %v", seen)
	}
}

// differences compares two lists.
func differences(was, is []hotline.Case) []hotline.CaseDifference {
	type dated struct {
		start incidents.Millis
		hotline.CaseDifference
	}
	var list []dated
	add := func(c hotline.Case, p hotline.Part) {
		list = append(list, dated{c.Incident.Record.Start.From, hotline.CaseDifference{ID: c.Incident.ID, Part: p}})
	}
	before := map[incidents.ID]hotline.Case{}
	for _, c := range was {
		before[c.Incident.ID] = c
	}
	for _, c := range is {
		old, ok := before[c.Incident.ID]
		delete(before, c.Incident.ID)
		switch {
		case !ok:
			add(c, hotline.CameIn)
		case versionsOf(old) != versionsOf(c):
			add(c, hotline.Changed)
		}
	}
	for _, c := range before {
		add(c, hotline.FellOut)
	}
	slices.SortFunc(list, func(a, b dated) int { return cmp.Or(cmp.Compare(b.start, a.start), cmp.Compare(b.ID, a.ID)) })
	var out []hotline.CaseDifference
	for _, d := range list {
		out = append(out, d.CaseDifference)
	}
	return out
}

// versionsOf writes what tells two answers about one incident apart.
func versionsOf(c hotline.Case) string {
	text := fmt.Sprint(c.Incident.Revision, c.Assessment.Best, c.Assessment.Worst)
	var linked []string
	for _, k := range c.Contacts {
		linked = append(linked, fmt.Sprint(k.ID, k.Revision, k.LinkedAs.Revision))
	}
	slices.Sort(linked)
	return text + fmt.Sprint(linked)
}
