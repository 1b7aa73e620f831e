package collection

import (
	"slices"
	"testing"

	"interceptlog/internal/cql2"
	"interceptlog/internal/incidents"
)

// TestFieldsAreProperties: what the log can look for is what the features say.
func TestFieldsAreProperties(t *testing.T) {
	col, _ := ByID("incidents")
	for _, name := range incidents.ConditionFields {
		if _, ok := col.Property(name); !ok {
			t.Errorf("incidents have no property %q", name)
		}
	}
}

// TestCondition: which filters the log itself looks for, and whether that is all.
func TestCondition(t *testing.T) {
	const whole, part, none = "whole", "part", "none"
	for text, want := range map[string]string{
		"severity = 'high_risk'":                          whole,
		"'high_risk' = severity":                          whole,
		"5 < contacts_attempted":                          whole,
		"exercise":                                        whole,
		"NOT late_entry":                                  whole,
		"number IS NULL":                                  whole,
		"region IN ('baltic', 'black')":                   whole,
		"revision BETWEEN 2 AND 4":                        whole,
		"start_from >= TIMESTAMP('2024-01-01T00:00:00Z')": whole,
		"start_from >= '2024-01-01'":                      whole,
		"start_from < DATE('2024-01-01')":                 whole,
		"NOT (severity = 'serious' OR deescalation_best <> 'followed')":     whole,
		"severity = 'serious' AND (region = 'black' OR end_to IS NOT NULL)": whole,

		"severity = 'serious' AND closest_approach_m < 10":          part,
		"exercise AND S_INTERSECTS(geometry, POINT(10 60))":         part,
		"severity = 'serious' AND title LIKE '%bear%' AND exercise": part,
		"(severity = 'serious' AND sub_area = 'x') OR exercise":     part,

		"closest_approach_m < 10":                                none,
		"severity = 'serious' OR closest_approach_m < 10":        none,
		"NOT (severity = 'serious' AND sub_area = 'x')":          none,
		"start_from < end_to":                                    none,
		"CASEI(severity) = CASEI('HIGH_RISK')":                   none,
		"revision + 1 > 2":                                       none,
		"T_AFTER(start_from, TIMESTAMP('2024-01-01T00:00:00Z'))": none,
		"title LIKE 'x'":                                         none,
	} {
		col, _ := ByID("incidents")
		n, err := cql2.ParseText(text)
		if err != nil {
			t.Fatal(text, err)
		}
		if _, err := cql2.Compile(n, col.Schema()); err != nil {
			t.Fatal(text, err)
		}
		cond, exact := col.condition(n)
		got := none
		switch {
		case cond != nil && exact:
			got = whole
		case cond != nil:
			got = part
		case exact:
			t.Errorf("%s: nothing is said to be all", text)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// Two questions are looked for together.
func TestEqualityIsLookedFor(t *testing.T) {
	col, _ := ByID("incidents")
	f, exact := col.narrow(Query{Equals: []Equal{{"source", []string{"research"}}, {"title", []string{"x"}}}})
	if f.Where == nil || len(f.Where.Args) != 1 || f.Where.Args[0].Field != "source" || exact {
		t.Errorf("%+v %v", f.Where, exact)
	}
	if f, exact = col.narrow(Query{Equals: []Equal{{"absence", []string{"none_confirmed"}}}}); !exact || !slices.Contains(incidents.ConditionFields, f.Where.Args[0].Field) {
		t.Errorf("%+v %v", f.Where, exact)
	}
}
