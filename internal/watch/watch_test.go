package watch_test

import (
	"testing"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func at(minutes int) watch.Millis {
	return incidents.MillisOf(noon.Add(time.Duration(minutes) * time.Minute))
}

func TestLateEntries(t *testing.T) {
	for _, test := range []struct {
		precision incidents.Precision
		entered   int // minutes after noon
		want      string
	}{
		{incidents.Exact, 0, ""}, {incidents.Exact, 15, ""}, {incidents.Exact, 16, "entered 16 min after"}, {incidents.Exact, 40, "entered 40 min after"},
		{incidents.Exact, -2, ""}, {incidents.Exact, 26 * 60, "entered 26 h after"},
		{incidents.Hour, 70, ""}, {incidents.Hour, 100, "entered at least 40 min after"},
	} {
		e := watch.Entry{Time: incidents.At(noon, test.precision, ""), Meta: hotline.Meta{FirstRecordedAt: at(test.entered)}}
		if got := e.LateWords(); got != test.want {
			t.Errorf("%s, %d min later: %q, want %q", test.precision, test.entered, got, test.want)
		}
	}
}

func TestWhoHasTheWatch(t *testing.T) {
	night := watch.Shift{ID: "n", Name: "Night watch", From: at(-480), To: at(10), Officers: []string{"hansen"}}
	day := watch.Shift{ID: "d", Name: "Day watch", From: at(0), To: at(480), Officers: []string{"berg", "lind"}}
	off := watch.Shift{ID: "x", Name: "Off", From: at(-60), To: at(60), Officers: []string{"nobody"}, Cancelled: true}
	all := []watch.Shift{night, day, off}
	for minute, want := range map[int]string{
		-481: "", -480: "Night watch: hansen until 1210Z", -1: "Night watch: hansen until 1210Z",
		0: "Day watch: berg, lind until 2000Z · Night watch: hansen until 1210Z", 10: "Day watch: berg, lind until 2000Z", 480: "",
	} {
		if got := watch.Words(all, at(minute)); got != want {
			t.Errorf("at %d min: %q, want %q", minute, got, want)
		}
	}
	if next := watch.Next(all, at(-100)); next == nil || next.ID != "d" {
		t.Errorf("next: %+v", next)
	}
	if next := watch.Next(all, at(0)); next != nil {
		t.Errorf("after the last: %+v", next)
	}
	day.Officers = []string{"hansen"}
	if both := watch.Overlaps(day, all); len(both) != 1 || both[0] != "hansen" {
		t.Errorf("in two shifts: %v", both)
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"": "", "li": "LI", "hansen": "HANS", "k.lind": "KL", "Kari Lind": "KL", "cli:anna": "CA", "øst": "ØST"} {
		if got := watch.Initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestKindOf: holds, ticks and savings of drafts are no events of the watch.
func TestKindOf(t *testing.T) {
	for action, want := range map[string]string{
		"journal.create": "entry", "journal.strike": "", "incident.create": "report", "incident.hold": "", "incident.check": "", "incident.verified": "report",
		"contact.create": "contact", "contact.link": "", "line.revise": "line", "line.event": "line", "handover.save": "", "handover.sign": "handover",
		"export.start": "", "user.sign_in": "", "policy.set": "",
	} {
		if got := watch.KindOf(action); got != want {
			t.Errorf("%s: %q, want %q", action, got, want)
		}
	}
}
