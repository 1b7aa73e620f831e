package hotline

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"interceptlog/internal/incidents"
)

// counted writes counts in the order from best to worst: "followed 1..2".
func counted(m map[Status]Range) string {
	var list []string
	for _, s := range slices.SortedFunc(maps.Keys(m), func(a, b Status) int { return a.Rank() - b.Rank() }) {
		text := fmt.Sprintf("%s %d", s, m[s].Certain)
		if m[s].Possible != m[s].Certain {
			text += fmt.Sprintf("..%d", m[s].Possible)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func TestWhatIf(t *testing.T) {
	exact, toTheDay := incidents.Exact, incidents.Day
	rules := func(serious Rule, more ...Rule) []Rule {
		serious.Severity = "serious"
		return append([]Rule{serious}, more...)
	}
	asAny := func(h int64) Rule { return Rule{Need: NeedAny, WithinS: h * 3600} }
	direct := func(h int64) Rule { return Rule{Need: NeedDirect, WithinS: h * 3600} }
	none := Rule{Need: NeedNone}
	for _, c := range []struct {
		name          string
		inc           incidents.Incident
		contacts      []Linked
		old, new      []Rule
		after         Millis // now, after noon
		before, then  string
		changed       bool
		oldWas, newIs string // best, worst
	}{
		{"no call, none asked for", incident(exact, ""), nil, rules(asAny(24)), rules(none), 2 * day, "overdue 1", "not_required 1", true, "overdue overdue", "not_required not_required"},
		{"no call, a longer time that has not passed", incident(exact, ""), nil, rules(asAny(24)), rules(asAny(72)), 2 * day, "overdue 1", "awaiting 1", true, "overdue overdue", "awaiting awaiting"},
		{"a call in time, a shorter time", incident(exact, ""), []Linked{contact(3 * hour)}, rules(asAny(24)), rules(asAny(2)), 2 * day, "followed 1", "followed_late 1", true, "followed followed", "followed_late followed_late"},
		{"a call in time, a time that it still keeps", incident(exact, ""), []Linked{contact(3 * hour)}, rules(asAny(24)), rules(direct(4)), 2 * day, "followed 1", "followed 1", false, "", ""},
		{"the day alone is known", incident(toTheDay, ""), []Linked{contact(18 * hour)}, rules(asAny(24)), rules(asAny(48)), 9 * day, "followed 0..1, followed_late 0..1", "followed 1", true, "followed followed_late", "followed followed"},
		{"the day alone is known, and stays unsettled", incident(toTheDay, ""), []Linked{contact(18 * hour)}, rules(asAny(24)), rules(asAny(20)), 9 * day, "followed 0..1, followed_late 0..1", "followed 0..1, followed_late 0..1", false, "", ""},
		{"a note where a call is asked for", incident(exact, ""), []Linked{contact(3*hour, kind("diplomatic"))}, rules(asAny(24)), rules(direct(24)), 2 * day, "followed 1", "attempted 1", true, "followed followed", "attempted attempted"},
		{"silence in public is no answer", incident(exact, publicSources), nil, rules(none), rules(asAny(24)), 2 * day, "not_required 1", "not_known 1", true, "not_required not_required", "not_known not_known"},
		{"a late call in public may have had one before it", incident(exact, publicSources), []Linked{contact(30 * hour)}, rules(asAny(48)), rules(asAny(24)), 9 * day, "followed 1", "followed 0..1, followed_late 0..1", true, "followed followed", "followed followed_late"},
		{"the deadline may be past", incident(toTheDay, ""), nil, rules(asAny(72)), rules(asAny(24)), 30 * hour, "awaiting 1", "awaiting 0..1, overdue 0..1", true, "awaiting awaiting", "awaiting overdue"},
		{"a rule for its region alone", incident(exact, ""), nil, rules(asAny(24)), rules(asAny(24), Rule{Severity: "serious", Region: "baltic", Need: NeedNone}), 2 * day, "overdue 1", "not_required 1", true, "overdue overdue", "not_required not_required"},
		{"a rule for another region", incident(exact, ""), nil, rules(asAny(24)), rules(asAny(24), Rule{Severity: "serious", Region: "black", Need: NeedNone}), 2 * day, "overdue 1", "overdue 1", false, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.inc.Record.Severity, c.inc.Derived.Region, c.inc.PolicyVersion = "serious", "baltic", 3
			w := NewWhatIf(Policy{Version: 3, Rules: c.old}, c.new, noon+c.after)
			w.Add(c.inc, c.contacts)
			if counted(w.Before) != c.before || counted(w.After) != c.then || w.Incidents != 1 || w.Otherwise != 0 {
				t.Errorf("before %s, after %s; want %s, %s", counted(w.Before), counted(w.After), c.before, c.then)
			}
			if c.changed != (len(w.Changes) == 1) || c.changed != (w.Changed == 1) {
				t.Fatalf("changes %+v", w.Changes)
			}
			if !c.changed {
				return
			}
			one := w.Changes[0]
			if was, is := string(one.Old.Best+" "+one.Old.Worst), string(one.New.Best+" "+one.New.Worst); was != c.oldWas || is != c.newIs {
				t.Errorf("from %s to %s, want %s to %s", was, is, c.oldWas, c.newIs)
			}
		})
	}
}

// TestWhatIfCountsAgreeWithAssess holds the counts against the standing that
// every other page shows: it is certain where best and worst are the same.
func TestWhatIfCountsAgreeWithAssess(t *testing.T) {
	w := NewWhatIf(Policy{Version: 1, Rules: DefaultRules()}, DefaultRules(), noon+20*hour)
	certain := map[Status]int{}
	for i, p := range []incidents.Precision{incidents.Exact, incidents.Hour, incidents.Day, incidents.Week} {
		for _, absence := range []string{"", publicSources} {
			for _, k := range [][]Linked{nil, {contact(Millis(i) * 9 * hour)}, {contact(hour, outcome("no_answer"))}, {contact(-hour, known(incidents.Day))}} {
				inc := incident(p, absence)
				inc.Record.Severity = "serious"
				w.Add(inc, k)
				a := Assess(inc, ruleAny, k, noon+20*hour)
				if a.Best == a.Worst {
					certain[a.Best]++
				}
			}
		}
	}
	for s, r := range w.Before {
		if r.Certain != certain[s] || r.Possible < r.Certain {
			t.Errorf("%s: %+v, want %d for certain", s, r, certain[s])
		}
	}
	if w.Changed != 0 || w.Incidents != 32 || w.Otherwise != 32 || len(w.Before) < 4 {
		t.Errorf("the same rules change %d of %d (%d otherwise): %s", w.Changed, w.Incidents, w.Otherwise, counted(w.Before))
	}
}

func TestReadWithin(t *testing.T) {
	for text, want := range map[string]int64{"24 h": 86400, "24h": 86400, "90 min": 5400, "1 h 30": 5400, "1h30min": 5400, "3 d": 259200, "3 d 4 h": 273600, " 2  Hours ": 7200, "1 day": 86400, "45 m": 2700} {
		if got, err := ReadWithin(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
		if got, err := ReadWithin(FormatWithin(want)); err != nil || got != want {
			t.Errorf("%q, written again as %q: %d, %v", text, FormatWithin(want), got, err)
		}
	}
	for text, want := range map[string]string{"": "is no time", "24": "has no unit", "soon": "is no time", "-1 h": "is no time", "3 d 4": "has no unit", "1.5 h": "is no time"} {
		if got, err := ReadWithin(text); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "24 h") {
			t.Errorf("%q: %d, %v; want %q", text, got, err, want)
		}
	}
}

func TestDiffRules(t *testing.T) {
	was := DefaultRules()
	is := append(DefaultRules()[:2], Rule{Severity: "high_risk", Need: NeedDirect, WithinS: 1800}, Rule{Severity: "serious", Region: "black", Need: NeedNone})
	var got []string
	for _, c := range DiffRules(was, is) {
		got = append(got, fmt.Sprint(c.Severity, " ", c.Region, " ", c.Was != nil, " ", c.Is != nil))
	}
	if want := []string{"serious black false true", "high_risk  true true"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if DiffRules(is, is) != nil || len(DiffRules(nil, was)) != 3 {
		t.Error("the same rules differ, or none are no change")
	}
}
