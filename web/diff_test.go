package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// told writes changes in one line each.
func told(changes []view.Change) string {
	side := func(lines []view.DiffLine) string {
		var parts []string
		for _, l := range lines {
			s := l.Before + "[" + l.Differs + "]" + l.After
			parts = append(parts, s)
		}
		return strings.Join(parts, " / ")
	}
	var list []string
	for _, c := range changes {
		s := c.Field + ": " + side(c.Old) + " > " + side(c.New)
		if c.Kept > 0 {
			s += fmt.Sprintf(" kept %d", c.Kept)
		}
		if c.Note != "" {
			s += " " + c.Note
		}
		list = append(list, s)
	}
	return strings.Join(list, "\n")
}

func TestDiffOfARecord(t *testing.T) {
	t.Parallel()
	day := time.Date(2023, 3, 14, 0, 0, 0, 0, time.UTC)
	two := 2
	base := incidents.Record{Title: "Su-27 and MQ-9", Start: incidents.At(day, incidents.Day, "14 March"), Geometry: incidents.Geometry{Geometry: orb.Point{32, 44}},
		Behaviours: []string{"flares", "escort"}, Severity: "serious", Narrative: "One two three four five.",
		Sources: []incidents.Source{{Title: "A"}, {Title: "B"}}, Intercepting: incidents.Party{Nations: []string{"RU"}, Aircraft: []incidents.Aircraft{{Designator: "SU27", Count: &two}}}}
	for _, tt := range []struct {
		name   string
		change func(*incidents.Record)
		want   string
	}{
		{"nothing", func(*incidents.Record) {}, ""},
		{"a code", func(r *incidents.Record) { r.Severity = "high_risk" }, "Severity: [Serious] > [High risk]"},
		{"a time", func(r *incidents.Record) { r.Start = incidents.At(day.Add(6*time.Hour), incidents.Exact, "") },
			"Began: [14 MAR 23, day; between 140000ZMAR23 and 150000ZMAR23, given as “14 March”] > [140600ZMAR23, exact]"},
		{"a position", func(r *incidents.Record) { r.Geometry.Geometry = orb.Point{32, 45} }, "Position: Point: [44°00.0'N ]032°00.0'E > Point: [45°00.0'N ]032°00.0'E"},
		{"a position forgotten", func(r *incidents.Record) { r.Geometry.Geometry = nil }, "Position: [Point: 44°00.0'N 032°00.0'E] > "},
		{"a word within a text", func(r *incidents.Record) { r.Narrative = "One two 3 four five." }, "Narrative: One two [three ]four five. > One two [3 ]four five."},
		{"a list", func(r *incidents.Record) { r.Behaviours = []string{"escort", "jamming"} }, "Behaviours: [flares] > [jamming] kept 1"},
		{"an order", func(r *incidents.Record) { r.Behaviours = []string{"escort", "flares"} }, "Behaviours: [flares] / [escort] > [escort] / [flares] order changed"},
		{"a source gone", func(r *incidents.Record) { r.Sources = r.Sources[1:] }, "Sources: [title: A] >  kept 1"},
		{"an aircraft", func(r *incidents.Record) { r.Intercepting.Aircraft = []incidents.Aircraft{{Designator: "SU30"}} }, "Intercepting, aircraft: [designator: SU27; count: 2] > [designator: SU30]"},
		{"a figure", func(r *incidents.Record) { x := 12.5; r.UncertaintyNM = &x }, "Uncertainty, NM:  > [12.5]"},
		{"an exercise", func(r *incidents.Record) { r.Exercise = true }, "Exercise: [no] > [yes]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changed := base
			tt.change(&changed)
			got := told(diffFields(incidentFields(incidents.Incident{Record: base}), incidentFields(incidents.Incident{Record: changed})))
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestDiffOfAContact(t *testing.T) {
	t.Parallel()
	was := hotline.Contact{Outcome: "no_answer", Channel: hotline.Channel{Kind: "phone"}, Meta: hotline.Meta{Revision: 1, RecordedBy: "a"}}
	is := was
	is.Outcome, is.Retracted, is.Meta = "connected", true, hotline.Meta{Revision: 2, RecordedBy: "b", Reason: "why"}
	want := "Outcome: [no answer] > [connected]\nRetracted: [no] > [yes]"
	if got := told(diffFields(contactFields(was), contactFields(is))); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
