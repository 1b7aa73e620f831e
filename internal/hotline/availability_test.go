package hotline_test

import (
	"math"
	"reflect"
	"testing"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// TestWilson: the figures of Newcombe 1998, table I, and the ends.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		n, of     int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {29, 29, 0.8830, 1}, {0, 0, 0, 1},
	} {
		low, high := hotline.Proportion{N: c.n, Of: c.of}.Wilson()
		if math.Abs(low-c.low) > 0.00006 || math.Abs(high-c.high) > 0.00006 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.n, c.of, low, high, c.low, c.high)
		}
	}
}

func revision(state string, at hotline.Millis) hotline.Line {
	return hotline.Line{ID: "a", State: state, Meta: hotline.Meta{FirstRecordedAt: 100, RecordedAt: at}}
}

func TestStateSpans(t *testing.T) {
	event := func(kind string, from, to hotline.Millis) hotline.LineEvent {
		return hotline.LineEvent{LineID: "a", Kind: kind, From: from, To: to}
	}
	for _, c := range []struct {
		name      string
		revisions []hotline.Line
		events    []hotline.LineEvent
		want      []hotline.StateSpan
	}{
		{"as the register has it", []hotline.Line{revision("in_use", 50)}, nil, []hotline.StateSpan{{From: 100, To: 200, State: "in_use"}}},
		{"unknown before", []hotline.Line{revision("in_use", 150)}, nil, []hotline.StateSpan{{From: 100, To: 150, State: "unknown"}, {From: 150, To: 200, State: "in_use"}}},
		{"the register was changed", []hotline.Line{revision("in_use", 50), revision("in_use", 120), revision("suspended", 180)}, nil,
			[]hotline.StateSpan{{From: 100, To: 180, State: "in_use"}, {From: 180, To: 200, State: "suspended"}}},
		{"a fault and its end", []hotline.Line{revision("in_use", 50)}, []hotline.LineEvent{event("fault", 110, 0), event("restored", 130, 0)},
			[]hotline.StateSpan{{From: 100, To: 110, State: "in_use"}, {From: 110, To: 130, State: "down"}, {From: 130, To: 200, State: "in_use"}}},
		{"one that began before and one that goes on", []hotline.Line{revision("in_use", 50)}, []hotline.LineEvent{event("fault", 60, 105), event("degraded", 190, 300)},
			[]hotline.StateSpan{{From: 100, To: 105, State: "down"}, {From: 105, To: 190, State: "in_use"}, {From: 190, To: 200, State: "degraded"}}},
		{"nothing", nil, nil, nil},
	} {
		if got := hotline.StateSpans(c.revisions, c.events, 100, 200); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestAvailability(t *testing.T) {
	contact := func(at hotline.Millis, purpose, outcome string) hotline.Contact {
		return hotline.Contact{Purpose: purpose, Outcome: outcome, Start: incidents.Moment{Interval: incidents.Interval{From: at, To: at + 1}}}
	}
	back := contact(130, "clarify", "connected")
	back.Retracted = true
	contacts := []hotline.Contact{
		contact(40, "line_test", "connected"), contact(110, "line_test", "connected"), contact(120, "line_test", "line_fault"), back,
		contact(140, "clarify", "not_used"), contact(150, "clarify", "no_answer"), contact(160, "de_escalate", "connected"), contact(200, "clarify", "connected"),
	}
	events := []hotline.LineEvent{{LineID: "a", Kind: "fault", From: 115, To: 155}}
	a := hotline.AvailabilityOf([]hotline.Line{revision("in_use", 50)}, events, contacts, 100, 200)
	if a.Attempts != (hotline.Proportion{N: 1, Of: 2}) || a.Tests != (hotline.Proportion{N: 1, Of: 2}) || a.All() != (hotline.Proportion{N: 2, Of: 4}) {
		t.Errorf("attempts %+v, tests %+v", a.Attempts, a.Tests)
	}
	if !reflect.DeepEqual(a.In, map[string]hotline.Millis{"in_use": 60, "down": 40}) {
		t.Errorf("in %v", a.In)
	}
	if a.SilenceFrom != 110 || a.SilenceTo != 160 {
		t.Errorf("silent from %d to %d", a.SilenceFrom, a.SilenceTo)
	}
	// A line that came into the register within the time was not silent before.
	if a = hotline.AvailabilityOf([]hotline.Line{revision("in_use", 100)}, nil, nil, 0, 130); a.SilenceFrom != 100 || a.SilenceTo != 130 {
		t.Errorf("silent from %d to %d", a.SilenceFrom, a.SilenceTo)
	}
}
