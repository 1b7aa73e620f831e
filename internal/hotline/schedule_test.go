package hotline_test

import (
	"testing"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

func TestSchedules(t *testing.T) {
	wednesday := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		text, written string
		last, next    time.Time // as seen at 0959Z on that Wednesday
	}{
		{"daily 0600Z 1800Z", "daily 0600Z 1800Z", wednesday.Add(-4 * time.Hour), wednesday.Add(8 * time.Hour)},
		{"weekly Wednesday 10:00Z", "weekly WED 1000Z", wednesday.AddDate(0, 0, -7), wednesday},
		{"MON, thu 0900z", "weekly MON THU 0900Z", wednesday.AddDate(0, 0, -2).Add(-time.Hour), wednesday.AddDate(0, 0, 1).Add(-time.Hour)},
		{"hourly", "hourly", wednesday.Add(-time.Hour), wednesday},
		{"every 12 h", "daily 0000Z 1200Z", wednesday.Add(-10 * time.Hour), wednesday.Add(2 * time.Hour)},
		{"", "", time.Time{}, time.Time{}},
	} {
		s, err := hotline.ParseSchedule(c.text)
		if err != nil || s.String() != c.written {
			t.Errorf("%q is read as %q, %v", c.text, s, err)
			continue
		}
		if s.IsZero() {
			continue
		}
		at := incidents.MillisOf(wednesday.Add(-time.Minute))
		if last, next := s.Last(at), s.Next(at); last != incidents.MillisOf(c.last) || next != incidents.MillisOf(c.next) {
			t.Errorf("%q: last %s, next %s; want %s, %s", c.text, last.Time(), next.Time(), c.last, c.next)
		}
	}
	for _, text := range []string{"weekly 1000Z", "WED", "daily", "every 7 h", "daily 2500Z", "regularly tested"} {
		if s, err := hotline.ParseSchedule(text); err == nil {
			t.Errorf("%q is read as %q", text, s)
		}
	}
}

func TestTestsDue(t *testing.T) {
	due := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	weekly, err := hotline.ParseSchedule("weekly WED 1000Z")
	if err != nil {
		t.Fatal(err)
	}
	test := func(after time.Duration, outcome string) map[hotline.LineID]hotline.Contact {
		at := incidents.MillisOf(due.Add(after))
		return map[hotline.LineID]hotline.Contact{"a": {Outcome: outcome, Start: incidents.Moment{Interval: incidents.Interval{From: at, To: at + 60_000}}}}
	}
	for _, c := range []struct {
		name  string
		state string
		tests map[hotline.LineID]hotline.Contact
		now   time.Duration // after the test is due
		want  string
	}{
		{"an hour before", "in_use", nil, -time.Hour, ""},
		{"half an hour before", "in_use", nil, -30 * time.Minute, "due"},
		{"not made yet", "in_use", nil, 30 * time.Minute, "due"},
		{"missed", "degraded", nil, 31 * time.Minute, "missed"},
		{"made in time", "in_use", test(-20*time.Minute, "connected"), time.Hour, ""},
		{"made last week", "in_use", test(-7*24*time.Hour, "connected"), time.Hour, "missed"},
		{"made, and failed", "in_use", test(time.Minute, "line_fault"), 2 * time.Minute, "failed"},
		{"nobody can test it", "suspended", nil, time.Hour, ""},
	} {
		// The line came into the register the day before: what was due earlier was nobody's to make.
		lines := []hotline.Line{{ID: "a", State: c.state, Tests: weekly, Meta: hotline.Meta{FirstRecordedAt: incidents.MillisOf(due.AddDate(0, 0, -1))}}}
		got := ""
		for _, d := range hotline.TestsDue(lines, c.tests, incidents.MillisOf(due.Add(c.now))) {
			switch {
			case d.Failed != nil:
				got = "failed"
			case d.Missed:
				got = "missed"
			default:
				got = "due"
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
