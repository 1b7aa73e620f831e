package hotline

import (
	"strings"
	"testing"
	"time"

	"interceptlog/internal/incidents"
)

func TestReadDue(t *testing.T) {
	for _, tt := range []struct {
		text string
		want time.Duration // from Tuesday 0312Z on
	}{
		{"10 min", 10 * time.Minute},
		{"+10", 10 * time.Minute},
		{"in 45 minutes", 45 * time.Minute},
		{"2h", 2 * time.Hour},
		{"1 h 30", 90 * time.Minute},
		{"1 d 2 h", 26 * time.Hour},
		{"0430Z", 78 * time.Minute},
		{"04:30", 78 * time.Minute},
		{"0200Z", 22*time.Hour + 48*time.Minute}, // that of tomorrow
		{"250312ZNOV26", 24 * time.Hour},
		{"2026-11-24T04:12Z", time.Hour},
	} {
		got, err := ReadDue(tt.text, tuesday)
		if want := incidents.MillisOf(tuesday.Add(tt.want)); err != nil || got != want {
			t.Errorf("%q: %s, %v; want %s", tt.text, got.Time(), err, want.Time())
		}
	}
	for text, want := range map[string]string{
		"":             "No time was given",
		"soon":         "no time to come",
		"25 NOV 26":    "too rough",
		"232300ZNOV26": "is past",
		"241800ZNOV28": "more than a year",
		"d":            "no time to come",
	} {
		if _, err := ReadDue(text, tuesday); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
