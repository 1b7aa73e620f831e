package storetest

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// fieldOf is the value that a condition compares; nil is not known.
func fieldOf(c *hotline.Case, name string) any {
	rec, a := &c.Incident.Record, &c.Assessment
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	when := func(known bool, m incidents.Millis) any {
		if !known {
			return nil
		}
		return int64(m)
	}
	switch name {
	case "id":
		return string(c.Incident.ID)
	case "number":
		return text(c.Incident.Number)
	case "source":
		return text(rec.Source)
	case "source_id":
		return text(rec.SourceID)
	case "report":
		return string(c.Incident.Status)
	case "revision":
		return int64(c.Incident.Revision)
	case "first_recorded_at":
		return int64(c.Incident.FirstRecordedAt)
	case "recorded_at":
		return int64(c.Incident.RecordedAt)
	case "exercise":
		return rec.Exercise
	case "absence":
		return text(rec.Absence)
	case "start_from":
		return when(!rec.Start.IsZero(), rec.Start.From)
	case "start_to":
		return when(!rec.Start.IsZero(), rec.Start.To)
	case "end_from":
		return when(!rec.End.IsZero(), rec.End.From)
	case "end_to":
		return when(!rec.End.IsZero(), rec.End.To)
	case "region":
		return text(c.Incident.Derived.Region)
	case "severity":
		return text(rec.Severity)
	case "deadline_from":
		return when(a.HasDeadline(), a.DeadlineFrom)
	case "deadline_to":
		return when(a.HasDeadline(), a.DeadlineTo)
	case "deescalation", "deescalation_worst":
		return string(a.Worst)
	case "deescalation_best":
		return string(a.Best)
	case "deescalation_strict":
		return string(a.StrictWorst)
	case "deescalation_strict_best":
		return string(a.StrictBest)
	case "late_entry":
		return a.LateEntry
	case "contacts_attempted":
		return int64(a.Attempts)
	case "contacts_through":
		return int64(a.Through)
	case "contacts_direct":
		return int64(a.Direct)
	case "contacts_diplomatic":
		return int64(a.Diplomatic)
	}
	panic("the model has no field " + name)
}

// says is what a condition says of a case: true, false, or nil for not known.
func says(c *incidents.Condition, of *hotline.Case) any {
	switch c.Op {
	case "and", "or":
		decides := c.Op == "or"
		var result any = !decides
		for i := range c.Args {
			switch says(&c.Args[i], of) {
			case decides:
				return decides
			case nil:
				result = nil
			}
		}
		return result
	case "not":
		if yes, known := says(&c.Args[0], of).(bool); known {
			return !yes
		}
		return nil
	}
	have := fieldOf(of, c.Field)
	if c.Op == "isnull" {
		return have == nil
	}
	if have == nil {
		return nil
	}
	order := func(v any) int {
		switch x := have.(type) {
		case string:
			return strings.Compare(x, v.(string))
		case bool:
			return cmp.Compare(bit(x), bit(v.(bool)))
		}
		if f, ok := v.(float64); ok {
			return cmp.Compare(float64(have.(int64)), f)
		}
		return cmp.Compare(have.(int64), v.(int64))
	}
	if c.Op == "in" {
		return slices.ContainsFunc(c.Values, func(v any) bool { return order(v) == 0 })
	}
	n := order(c.Values[0])
	return map[string]bool{"=": n == 0, "<>": n != 0, "<": n < 0, "<=": n <= 0, ">": n > 0, ">=": n >= 0}[c.Op]
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// condition makes one at random, over values that there are.
func (r source) condition(cases []hotline.Case, deep int) incidents.Condition {
	if deep > 0 && r.IntN(3) > 0 {
		switch r.IntN(5) {
		case 0:
			return incidents.Condition{Op: "not", Args: []incidents.Condition{r.condition(cases, deep-1)}}
		case 1, 2:
			return incidents.Condition{Op: "or", Args: []incidents.Condition{r.condition(cases, deep-1), r.condition(cases, deep-1)}}
		}
		return incidents.Condition{Op: "and", Args: []incidents.Condition{r.condition(cases, deep-1), r.condition(cases, deep-1), r.condition(cases, deep-1)}}
	}
	c := incidents.Condition{Op: pick(r, "=", "<>", "<", "<=", ">", ">=", "in", "isnull"), Field: pick(r, incidents.ConditionFields...)}
	some := func() {
		for range 100 {
			if v := fieldOf(&cases[r.IntN(len(cases))], c.Field); v != nil {
				if n, ok := v.(int64); ok && n < 1000 {
					v = float64(n) - pick(r, 0, 0.5) // as CQL2 has numbers
				}
				c.Values = append(c.Values, v)
				return
			}
		}
		c.Op = "isnull" // nobody has such a value
	}
	switch c.Op {
	case "isnull":
	case "in":
		some()
		some()
	default:
		some()
	}
	if c.Op == "isnull" {
		c.Values = nil
	}
	return c
}

// testConditions: what a condition finds and counts is what its terms say of the
// cases, by three values.
func testConditions(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	r := newSource(39)
	m := newModel(t, s)
	m.fill(t, s, r, 120)
	telling := 0
	for range 200 {
		now := incidents.MillisOf(firstDay.AddDate(0, r.IntN(11), 0))
		all := m.cases(everything, now)
		cond := r.condition(all, 3)
		f := everything
		f.Where = &cond
		var want []incidents.ID
		for i := range all {
			if says(&cond, &all[i]) == true {
				want = append(want, all[i].Incident.ID)
			}
		}
		at := hotline.At{Now: now}
		if got := ids(eachCase(t, s, f, at, false)); !slices.Equal(got, want) {
			t.Fatalf("%+v: %d cases, want %d", cond, len(got), len(want))
		}
		if n := must(s.CountCases(t.Context(), f, at))(t); n != len(want) {
			t.Fatalf("%+v: %d are counted, want %d", cond, n, len(want))
		}
		if len(want) > 0 && len(want) < len(all) {
			telling++
		}
	}
	if telling < 100 {
		t.Errorf("only %d conditions tell cases apart", telling)
	}
}
