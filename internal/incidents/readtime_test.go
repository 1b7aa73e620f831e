package incidents_test

import (
	"strings"
	"testing"
	"time"

	"interceptlog/internal/incidents"
)

var now = time.Date(2026, 11, 24, 3, 12, 20, 0, time.UTC)

func TestReadTime(t *testing.T) {
	tests := []struct {
		text, precision string
		from, to        string
		want            incidents.Precision
	}{
		{"141630ZMAR23", "", "2023-03-14T16:30:00Z", "2023-03-14T16:31:00Z", "exact"},
		{" 141630z mar 2023 ", "", "2023-03-14T16:30:00Z", "2023-03-14T16:31:00Z", "exact"},
		{"141630BMAR23", "", "2023-03-14T14:30:00Z", "2023-03-14T14:31:00Z", "exact"},
		{"010030BJAN23", "", "2022-12-31T22:30:00Z", "2022-12-31T22:31:00Z", "exact"},
		{"141630RMAR23", "", "2023-03-14T21:30:00Z", "2023-03-14T21:31:00Z", "exact"},
		{"1416xxZMAR23", "", "2023-03-14T16:00:00Z", "2023-03-14T17:00:00Z", "hour"},
		{"141630ZMAR23", "hour", "2023-03-14T16:30:00Z", "2023-03-14T17:30:00Z", "hour"},
		{"141630ZMAR23", "day", "2023-03-14T00:00:00Z", "2023-03-15T00:00:00Z", "day"},
		{"2023-03-14T16:30Z", "", "2023-03-14T16:30:00Z", "2023-03-14T16:31:00Z", "exact"},
		{"2023-03-14 16:30+02:00", "", "2023-03-14T14:30:00Z", "2023-03-14T14:31:00Z", "exact"},
		{"2023-03-14T16:30:59.5Z", "", "2023-03-14T16:30:00Z", "2023-03-14T16:31:00Z", "exact"},
		{"2023-03-14", "", "2023-03-14T00:00:00Z", "2023-03-15T00:00:00Z", "day"},
		{"2023-03-14", "week", "2023-03-14T00:00:00Z", "2023-03-21T00:00:00Z", "week"},
		{"14 mar 23", "", "2023-03-14T00:00:00Z", "2023-03-15T00:00:00Z", "day"},
		{"4 March 2023", "", "2023-03-04T00:00:00Z", "2023-03-05T00:00:00Z", "day"},
		{"FEB 24", "", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", "month"},
		{"2024-02", "year", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "year"},
		{"2023", "", "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "year"},
		{"29 FEB 2024", "", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z", "day"},
	}
	for _, tt := range tests {
		t.Run(tt.text+"/"+tt.precision, func(t *testing.T) {
			m, err := incidents.ReadTime(tt.text, tt.precision, now)
			if err != nil {
				t.Fatal(err)
			}
			from, to := m.From.Time().Format(time.RFC3339), m.To.Time().Format(time.RFC3339)
			if from != tt.from || to != tt.to || m.Precision != tt.want {
				t.Errorf("got [%s, %s) %s, want [%s, %s) %s", from, to, m.Precision, tt.from, tt.to, tt.want)
			}
			if m.Text != strings.TrimSpace(tt.text) {
				t.Errorf("text %q is not what was typed", m.Text)
			}
		})
	}
}

func TestReadTimeRefuses(t *testing.T) {
	tests := []struct{ text, precision, says string }{
		{"", "", "No time was given"},
		{"soon", "", "no time that can be read"},
		{"310860ZOCT25", "", "Did you mean 310900ZOCT25?"},
		{"312360ZDEC25", "", "Did you mean 010000ZJAN26?"},
		{"142430ZMAR23", "", "Hours run from 00 to 23"},
		{"311200ZFEB23", "", "has no day 31"},
		{"141630JMAR23", "", "Zone letter J"},
		{"141630ZFOO23", "", "no month"},
		{"2023-13-01", "", "Months run"},
		{"2023-02-29", "", "has no day 29"},
		{"2023-03-14T16:30", "", "no zone"},
		{"2023-03-14T16:61Z", "", "Minutes run"},
		{"2023-03-14", "exact", "known to the day only"},
		{"MAR 23", "day", "known to the month only"},
		{"141630ZMAR23", "fortnight", "no precision"},
		{"1066-10-14", "", "Years run"},
		{strings.Repeat("9", 100), "", "Too long"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			m, err := incidents.ReadTime(tt.text, tt.precision, now)
			if err == nil {
				t.Fatalf("was read as %s", m)
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q does not say %q", err, tt.says)
			}
		})
	}
}

func TestMomentString(t *testing.T) {
	at := time.Date(2023, 3, 14, 16, 0, 0, 0, time.UTC)
	for p, want := range map[incidents.Precision]string{"exact": "141600ZMAR23", "hour": "1416xxZMAR23", "day": "14 MAR 23", "week": "week of 14 MAR 23", "month": "MAR 23", "year": "2023"} {
		if got := incidents.At(at, p, "").String(); got != want {
			t.Errorf("%s: got %q, want %q", p, got, want)
		}
	}
	if got := (incidents.Moment{}).String(); got != "unknown" {
		t.Errorf("no moment: got %q", got)
	}
}

func TestReadInstantIsInclusive(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-24T03:12Z":         "2026-11-24T03:12:59.999Z",
		"240312ZNOV26":              "2026-11-24T03:12:59.999Z",
		"2026-11-24T03:12:05Z":      "2026-11-24T03:12:05.000Z",
		"2026-11-24T04:12:05+01:00": "2026-11-24T03:12:05.000Z",
		"2026-11-24T03:12:05.123Z":  "2026-11-24T03:12:05.123Z",
	} {
		got, err := incidents.ReadInstant(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if s := incidents.FormatInstant(incidents.MillisOf(got)); s != want {
			t.Errorf("%s: got %s, want %s", text, s, want)
		}
	}
	if _, err := incidents.ReadInstant("24 NOV 26"); err == nil {
		t.Error("a whole day was taken for a moment")
	}
}

// FuzzReadTime: whatever is typed, a time that was read has an interval, holds
// what it says, and reads back from its own words.
func FuzzReadTime(f *testing.F) {
	for _, s := range []string{"141630ZMAR23", "1416xxZMAR23", "2023-03-14T16:30Z", "14 MAR 23", "MAR 23", "2023", "2023-03-14 16:30+02:00", "310860ZOCT25", "٠١"} {
		f.Add(s, "")
		f.Add(s, "day")
	}
	f.Fuzz(func(t *testing.T, text, precision string) {
		m, err := incidents.ReadTime(text, precision, now)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		if m.From >= m.To {
			t.Errorf("empty interval %v", m)
		}
		if m.Precision == incidents.Exact {
			again, err := incidents.ReadTime(m.String(), "", now)
			if err != nil || again.Interval.From != m.Interval.From && m.From.Time().Year()/100 == 20 {
				t.Errorf("%q became %s, which reads as %v, %v", text, m, again, err)
			}
		}
	})
}
