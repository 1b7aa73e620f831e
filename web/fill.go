package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
	"interceptlog/internal/intake"
)

// zeroTime is the now of what stands by itself.
var zeroTime time.Time

// filled says of fields of the form which words of a pasted text they came
// from.
type filled map[string]string

// filledFrom reads it back from a form that was drawn with it.
func filledFrom(v url.Values) filled {
	var f filled
	_ = json.Unmarshal([]byte(v.Get("filled")), &f) // drawn by us; without it nothing is marked
	return f
}

// String writes it for the form.
func (f filled) String() string {
	if len(f) == 0 {
		return ""
	}
	text, _ := json.Marshal(map[string]string(f)) // of texts: cannot fail
	return string(text)
}

// filler lays what a text states into a report. A field that somebody has
// filled already is left as it is.
type filler struct {
	r         *report
	from      filled
	byDefault url.Values // what the form had filled by itself
}

// fillReport fills a report from a pasted text, which goes into the narrative
// word for word, so that nothing of it is lost.
func (s *Server) fillReport(r *report, text string, byDefault url.Values) filled {
	f := filler{r, filled{}, byDefault}
	fields := intake.Read(text, s.Now(), s.Atlas)
	// A position says the region itself: it goes first.
	slices.SortStableFunc(fields, func(a, b intake.Field) int { return cmp.Compare(regionLast(a.Name), regionLast(b.Name)) })
	for _, field := range fields {
		raw, err := json.Marshal(field.Value)
		if err != nil {
			s.Logger.Error("a field that was read cannot be written", "field", field.Name, "error", err)
			continue
		}
		f.take(field, raw)
	}
	text = strings.TrimSpace(text)
	switch {
	case strings.TrimSpace(r.Narrative) == "":
		r.Narrative = text
	case !strings.Contains(r.Narrative, text):
		r.Narrative = strings.TrimSpace(r.Narrative) + "\n\n" + text
	}
	return f.from
}

func regionLast(field string) int {
	if field == "region" {
		return 1
	}
	return 0
}

// fillTexts are the fields that hold one text of the form as it is.
var fillTexts = map[string]struct {
	name string
	at   func(*report) *string
}{
	"airspace.kind":     {"airspace_kind", func(r *report) *string { return &r.AirspaceKind }},
	"airspace.state":    {"airspace_state", func(r *report) *string { return &r.AirspaceState }},
	"intercepting.base": {"intercepting_base", func(r *report) *string { return &r.Intercepting.Base }},
	"transponder":       {"transponder", func(r *report) *string { return &r.Transponder }},
	"flight_plan":       {"flight_plan", func(r *report) *string { return &r.FlightPlan }},
	"radio_contact":     {"radio_contact", func(r *report) *string { return &r.RadioContact }},
}

// take lays one field into the form.
func (f *filler) take(field intake.Field, raw json.RawMessage) {
	var text string
	_ = json.Unmarshal(raw, &text)
	words := strings.Join(strings.Fields(field.Text), " ")
	if t, ok := fillTexts[field.Name]; ok {
		f.set(t.name, t.at(f.r), text, words)
		return
	}
	switch field.Name {
	case "from":
		if f.set("start", &f.r.Start, dtgOf(text), words) {
			f.r.StartPrecision = string(incidents.Exact)
		}
	case "to":
		if f.set("end", &f.r.End, dtgOf(text), words) {
			f.r.EndPrecision = string(incidents.Exact)
		}
	case "time_precision":
		f.precision(text)
	case "region":
		// Beside a position it would be an override, which asks for a reason.
		if strings.TrimSpace(f.r.Position) == "" {
			f.set("region", &f.r.Region, text, words)
		}
	case "position":
		f.position(raw, words)
	case "intercepting.nations", "intercepted.nations":
		f.nations(field.Name, raw, words)
	case "intercepting.aircraft", "intercepted.aircraft":
		f.aircraft(field.Name, raw, words)
	case "closest_approach_m":
		f.set("closest_approach", &f.r.ClosestApproach, string(raw)+" m", words)
	case "violation_duration_s":
		f.set("violation_duration", &f.r.ViolationDuration, string(raw)+" s", words)
	case "behaviours":
		var list []string
		if json.Unmarshal(raw, &list) == nil && len(f.r.Behaviours) == 0 && len(list) > 0 {
			f.r.Behaviours = list
			f.from["behaviours"] = words
		}
	}
}

// set fills an empty or unknown field.
func (f *filler) set(name string, at *string, value, words string) bool {
	if value == "" || strings.TrimSpace(*at) != "" && *at != incidents.Unknown && !f.byDefault.Has(name) {
		return false
	}
	*at = value
	f.from[name] = words
	return true
}

// precision names how well the start is known; a start to the day is a date.
func (f *filler) precision(p string) {
	if _, ok := f.from["start"]; !ok || !incidents.Precisions.Has(p) {
		return
	}
	f.r.StartPrecision = p
	if p == string(incidents.Exact) || p == string(incidents.Hour) {
		return
	}
	if m, err := incidents.ReadTime(f.r.Start, p, zeroTime); err == nil {
		f.r.Start = strings.TrimPrefix(m.String(), "week of ")
	}
}

// dtgOf writes an RFC 3339 time as people write it here.
func dtgOf(text string) string {
	m, err := incidents.ReadTime(text, "", zeroTime)
	if err != nil {
		return ""
	}
	return incidents.FormatDTG(m.From.Time())
}

func (f *filler) position(raw json.RawMessage, words string) {
	g, err := geo.ParseGeometry(raw)
	if err != nil {
		return
	}
	text := geo.FormatGeometry(g, "dm")
	// The words say how well it is known; where they read as the same place
	// they are better than the figures made of them.
	if r, err := geo.ReadPosition(words); err == nil && r.Text == text {
		text = words
	}
	f.set("position", &f.r.Position, text, words)
}

func (f *filler) nations(name string, raw json.RawMessage, words string) {
	var codes []string
	if json.Unmarshal(raw, &codes) != nil {
		return
	}
	if name == "intercepting.nations" {
		f.set("intercepting_nations", &f.r.Intercepting.Nations, strings.Join(codes, ", "), words)
		return
	}
	f.set("intercepted_nations", &f.r.Intercepted.Nations, strings.Join(codes, ", "), words)
}

func (f *filler) aircraft(name string, raw json.RawMessage, words string) {
	var list []struct {
		Designator, Name *string
		Count            *int
	}
	if json.Unmarshal(raw, &list) != nil || len(list) == 0 {
		return
	}
	party, field := &f.r.Intercepting, "intercepting_aircraft_count-0"
	if name == "intercepted.aircraft" {
		party, field = &f.r.Intercepted, "intercepted_aircraft_count-0"
	}
	if aircraftText(party.Aircraft) != "" {
		return
	}
	party.Aircraft = nil
	for _, a := range list {
		var row incidents.AircraftReport
		if a.Designator != nil {
			row.Designator = *a.Designator
		}
		if a.Name != nil {
			row.Name = *a.Name
		}
		if a.Count != nil {
			row.Count = strconv.Itoa(*a.Count)
		}
		party.Aircraft = append(party.Aircraft, row)
	}
	f.from[field] = words
}

// filledWords says in a line what came of a text.
func filledWords(n int) string {
	switch n {
	case 0:
		return "Nothing in the text could be placed; it stands in the narrative."
	case 1:
		return "One field was filled from the text. Look at it, then file."
	}
	return fmt.Sprintf("%d fields were filled from the text. Look at each, then file.", n)
}
