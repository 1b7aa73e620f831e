package hotline_test

import (
	"testing"

	"interceptlog/internal/hotline"
)

func TestStateAt(t *testing.T) {
	const now = hotline.Millis(1000)
	event := func(kind string, from, to hotline.Millis) hotline.LineEvent {
		return hotline.LineEvent{ID: hotline.LineEventID(kind), LineID: "a", Kind: kind, From: from, To: to}
	}
	back := event("fault", 900, 0)
	back.Retracted = true
	other := event("fault", 900, 0)
	other.LineID = "b"
	second := event("degraded", 900, 0)
	second.FirstRecordedAt = 5
	for _, c := range []struct {
		name   string
		stored string
		since  hotline.Millis
		events []hotline.LineEvent
		want   string
		by     string // kind of the event that says so
		coming bool
	}{
		{"nothing happened", "in_use", 0, nil, "in_use", "", false},
		{"a fault that is open", "in_use", 0, []hotline.LineEvent{event("fault", 900, 0)}, "down", "fault", false},
		{"a fault that begins now", "in_use", 0, []hotline.LineEvent{event("fault", 1000, 0)}, "down", "fault", false},
		{"a fault that is over now", "in_use", 0, []hotline.LineEvent{event("fault", 900, 1000)}, "in_use", "", false},
		{"an outage that is planned", "in_use", 0, []hotline.LineEvent{event("planned_outage", 1001, 2000)}, "in_use", "", true},
		{"an outage that goes on", "in_use", 0, []hotline.LineEvent{event("planned_outage", 1000, 2000)}, "down", "planned_outage", false},
		{"an outage that ended early", "in_use", 0, []hotline.LineEvent{event("planned_outage", 800, 2000), event("restored", 950, 0)}, "in_use", "restored", false},
		{"restored, then another fault", "in_use", 0, []hotline.LineEvent{event("fault", 990, 0), event("restored", 950, 0)}, "down", "fault", false},
		{"restored after the other", "in_use", 0, []hotline.LineEvent{event("restored", 995, 0), event("fault", 990, 0)}, "in_use", "restored", false},
		{"restored in a moment to come", "in_use", 0, []hotline.LineEvent{event("fault", 990, 0), event("restored", 1001, 0)}, "down", "fault", false},
		{"the newest word holds", "in_use", 0, []hotline.LineEvent{event("fault", 900, 0), event("degraded", 950, 0)}, "degraded", "degraded", false},
		{"what lies beneath it comes back", "in_use", 0, []hotline.LineEvent{event("suspended", 900, 0), event("fault", 950, 960)}, "suspended", "suspended", false},
		{"a restoration does not bring back what it ended", "in_use", 0, []hotline.LineEvent{event("suspended", 900, 0), event("restored", 950, 0), event("fault", 960, 970)}, "in_use", "restored", false},
		{"at the same moment the one logged later", "in_use", 0, []hotline.LineEvent{second, event("fault", 900, 0)}, "degraded", "degraded", false},
		{"a line that was down is restored", "down", 0, []hotline.LineEvent{event("restored", 950, 0)}, "in_use", "restored", false},
		{"restoring changes no line that never stood", "ad_hoc", 0, []hotline.LineEvent{event("restored", 950, 0)}, "ad_hoc", "restored", false},
		{"the register was told after it", "in_use", 950, []hotline.LineEvent{event("fault", 900, 0)}, "in_use", "", false},
		{"the register was told before it", "inactive", 950, []hotline.LineEvent{event("fault", 960, 0)}, "down", "fault", false},
		{"taken back", "in_use", 0, []hotline.LineEvent{back}, "in_use", "", false},
		{"of another line", "in_use", 0, []hotline.LineEvent{other}, "in_use", "", false},
	} {
		got := hotline.StateAt(hotline.Line{ID: "a", State: c.stored, StateSince: c.since}, c.events, now)
		by := ""
		if got.Event != nil {
			by = got.Event.Kind
		}
		if got.State != c.want || by != c.by || (got.Coming != nil) != c.coming {
			t.Errorf("%s: %s by %q, coming %v", c.name, got.State, by, got.Coming)
		}
	}
}
