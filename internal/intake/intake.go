// Package intake fills the report form from a pasted text: a watch chat line,
// a message in sets, a ministry's report, press text. Its rules are
// deterministic and rest on what the words say; a field that the text does not
// state is left out, and so is one of which two sides say different things.
// Wrong is worse than empty.
//
// It works in steps: tokens.go takes the text apart, parties.go finds the noun
// groups that mean aircraft, ships and forces, clauses.go finds who did what to
// whom, and the other files each read one sort of fact. gate.go decides
// whether the text tells of an incident at all.
//
// Reading order: intake.go, tokens.go, parties.go, clauses.go, sides.go,
// gate.go, sets.go and labels.go for messages in sets and lists, then any of
// times.go, positions.go, airspace.go, flags.go, distances.go, behaviours.go.
package intake

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"interceptlog/internal/geo"
)

// Field is one field of the report form and the words that it rests on. Start
// and End are byte offsets into the text as given; Text is text[Start:End].
type Field struct {
	Name  string `json:"field"` // path in the research form: intercepted.aircraft
	Value any    `json:"value"` // as in the research form
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Aircraft is one entry of intercepting.aircraft or intercepted.aircraft; Count
// is null where the text gives no number.
type Aircraft struct {
	Designator string `json:"designator"`
	Count      *int   `json:"count"`
}

// MaxText bounds what is read of a text, bytes.
const MaxText = 64 << 10

// order is that of the form, and of what Read gives.
var order = []string{
	"from", "to", "time_precision", "region", "position", "airspace.kind", "airspace.state",
	"intercepting.nations", "intercepting.aircraft", "intercepting.base",
	"intercepted.nations", "intercepted.aircraft",
	"transponder", "flight_plan", "radio_contact", "closest_approach_m", "violation_duration_s", "behaviours",
}

// Read reads the fields that a text states, one entry a field, in the order of
// the form. now is when the text was pasted: "yesterday" and "on Tuesday" are
// counted from it. The list is empty, not nil, when the text tells of no
// incident. What lies beyond MaxText is not read.
func Read(text string, now time.Time, atlas *geo.Atlas) []Field {
	if len(text) > MaxText {
		cut := MaxText
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut]
	}
	out := []Field{}
	d := parse(text, atlas)
	d.findParties()
	d.findEvents()
	if !d.isIncident() {
		return out
	}
	d.assignRoles()
	out = append(out, d.sides()...)
	out = append(out, d.times(now)...)
	out = append(out, d.places()...)
	out = append(out, d.airspace()...)
	flags := d.flags(d.severalDays(now))
	out = append(out, flags...)
	out = append(out, d.closest()...)
	out = append(out, d.duration()...)
	out = append(out, d.behaviours(flags)...)
	slices.SortStableFunc(out, func(a, b Field) int {
		return cmp.Compare(slices.Index(order, a.Name), slices.Index(order, b.Name))
	})
	return out
}

// field makes a field that rests on the bytes from start up to end.
func (d *document) field(name string, value any, start, end int) Field {
	return Field{Name: name, Value: value, Text: d.text[start:end], Start: start, End: end}
}

// fieldOf makes a field that rests on tokens first to last.
func (d *document) fieldOf(name string, value any, first, last int) Field {
	return d.field(name, value, d.tokens[first].start, d.tokens[last].end)
}

func lower(s string) string { return strings.ToLower(s) }
