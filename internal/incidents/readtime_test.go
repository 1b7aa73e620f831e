package incidents_test

import (
	"math/rand"
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
		{"year 2023", "", "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "year"},
		{"2023", "year", "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "year"},
		{"2199", "", "2199-01-01T00:00:00Z", "2200-01-01T00:00:00Z", "year"},
		{"240310Z", "", "2026-11-24T03:10:00Z", "2026-11-24T03:11:00Z", "exact"},
		{"141630Z", "", "2026-11-14T16:30:00Z", "2026-11-14T16:31:00Z", "exact"},
		{"281630Z", "", "2026-10-28T16:30:00Z", "2026-10-28T16:31:00Z", "exact"},
		{"311630Z", "", "2026-10-31T16:30:00Z", "2026-10-31T16:31:00Z", "exact"},
		{"2416xxZ", "", "2026-10-24T16:00:00Z", "2026-10-24T17:00:00Z", "hour"},
		{"240510B", "", "2026-11-24T03:10:00Z", "2026-11-24T03:11:00Z", "exact"},
		{"141630ZDEC", "", "2025-12-14T16:30:00Z", "2025-12-14T16:31:00Z", "exact"},
		{"290000ZFEB", "", "2024-02-29T00:00:00Z", "2024-02-29T00:01:00Z", "exact"},
		{"0310", "", "2026-11-24T03:10:00Z", "2026-11-24T03:11:00Z", "exact"},
		{"1630", "", "2026-11-23T16:30:00Z", "2026-11-23T16:31:00Z", "exact"},
		{"16:30Z", "", "2026-11-23T16:30:00Z", "2026-11-23T16:31:00Z", "exact"},
		{"0410A", "", "2026-11-24T03:10:00Z", "2026-11-24T03:11:00Z", "exact"},
		{"0610 MSK", "", "2026-11-24T03:10:00Z", "2026-11-24T03:11:00Z", "exact"},
		{"03xxZ", "", "2026-11-24T03:00:00Z", "2026-11-24T04:00:00Z", "hour"},
		{"now", "", "2026-11-24T03:12:00Z", "2026-11-24T03:13:00Z", "exact"},
		{"-25m", "", "2026-11-24T02:47:00Z", "2026-11-24T02:48:00Z", "exact"},
		{"-25", "", "2026-11-24T02:47:00Z", "2026-11-24T02:48:00Z", "exact"},
		{"-1h30", "", "2026-11-24T01:42:00Z", "2026-11-24T01:43:00Z", "exact"},
		{"25 min ago", "", "2026-11-24T02:47:00Z", "2026-11-24T02:48:00Z", "exact"},
		{"2 hours ago", "", "2026-11-24T01:12:00Z", "2026-11-24T01:13:00Z", "exact"},
		{"-2d", "", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z", "day"},
		{"yesterday 2210", "", "2026-11-23T22:10:00Z", "2026-11-23T22:11:00Z", "exact"},
		{"yesterday", "", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "day"},
		{"today 0100", "", "2026-11-24T01:00:00Z", "2026-11-24T01:01:00Z", "exact"},
		{"Sunday 0930Z", "", "2026-11-22T09:30:00Z", "2026-11-22T09:31:00Z", "exact"},
		{"on Friday", "", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "day"},
		{"last Tuesday", "", "2026-11-17T00:00:00Z", "2026-11-18T00:00:00Z", "day"},
		{"ca 0200", "", "2026-11-24T01:30:00Z", "2026-11-24T02:30:00Z", "hour"},
		{"about yesterday 2210", "", "2026-11-23T21:40:00Z", "2026-11-23T22:40:00Z", "hour"},
		{"~141630ZMAR23", "", "2023-03-14T16:00:00Z", "2023-03-14T17:00:00Z", "hour"},
		{"ca 14 MAR 23", "", "2023-03-11T00:00:00Z", "2023-03-18T00:00:00Z", "week"},
		{"ca MAR 23", "", "2023-02-01T00:00:00Z", "2023-05-01T00:00:00Z", "year"},
		{"between 1600 and 1700", "", "2026-11-23T16:00:00Z", "2026-11-23T17:00:00Z", "hour"},
		{"1600-1720", "", "2026-11-23T16:00:00Z", "2026-11-23T17:20:00Z", "day"},
		{"2330 to 0030Z", "", "2026-11-23T23:30:00Z", "2026-11-24T00:30:00Z", "hour"},
		{"between 1800 and 1900 EET", "", "2026-11-23T16:00:00Z", "2026-11-23T17:00:00Z", "hour"},
		{"141600-141620ZMAR23", "", "2023-03-14T16:00:00Z", "2023-03-14T16:20:00Z", "hour"},
		{"141600ZMAR23 to 141620ZMAR23", "", "2023-03-14T16:00:00Z", "2023-03-14T16:20:00Z", "hour"},
		{"between 14 and 16 March 2023", "", "2023-03-14T00:00:00Z", "2023-03-17T00:00:00Z", "week"},
		{"2023-03-14T16:00Z/2023-03-14T16:20Z", "", "2023-03-14T16:00:00Z", "2023-03-14T16:20:00Z", "hour"},
		{"14 mar 2210Z", "", "2026-03-14T22:10:00Z", "2026-03-14T22:11:00Z", "exact"},
		{"14 mar 1630", "", "2026-03-14T16:30:00Z", "2026-03-14T16:31:00Z", "exact"},
		{"14 March 2023, 16:30 UTC", "", "2023-03-14T16:30:00Z", "2023-03-14T16:31:00Z", "exact"},
		{"1630Z 14 MAR 23", "", "2023-03-14T16:30:00Z", "2023-03-14T16:31:00Z", "exact"},
		{"March 14, 2023", "", "2023-03-14T00:00:00Z", "2023-03-15T00:00:00Z", "day"},
		{"14th of March 2023", "", "2023-03-14T00:00:00Z", "2023-03-15T00:00:00Z", "day"},
		{"14 dec", "", "2025-12-14T00:00:00Z", "2025-12-15T00:00:00Z", "day"},
		{"14.03.2023", "", "2023-03-14T00:00:00Z", "2023-03-15T00:00:00Z", "day"},
		{"3/14/2023", "", "2023-03-14T00:00:00Z", "2023-03-15T00:00:00Z", "day"},
		{"141630Z MARCH 2023", "", "2023-03-14T16:30:00Z", "2023-03-14T16:31:00Z", "exact"},
		{"141630MAR23", "", "2023-03-14T16:30:00Z", "2023-03-14T16:31:00Z", "exact"},
		{"20230314T1630Z", "", "2023-03-14T16:30:00Z", "2023-03-14T16:31:00Z", "exact"},
		{"between 141600Z and 141700ZMAR23", "", "2023-03-14T16:00:00Z", "2023-03-14T17:00:00Z", "hour"},
		{"between 1600Z and 1700Z yesterday", "", "2026-11-23T16:00:00Z", "2026-11-23T17:00:00Z", "hour"},
		{"0930Z on Sunday", "", "2026-11-22T09:30:00Z", "2026-11-22T09:31:00Z", "exact"},
		{"2023-W11", "", "2023-03-13T00:00:00Z", "2023-03-20T00:00:00Z", "week"},
		{"week of 14 MAR 23", "", "2023-03-14T00:00:00Z", "2023-03-21T00:00:00Z", "week"},
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
		{"2023", "", "Choose 2023Z or year 2023."},
		{"141630", "", "Choose 141630Z or 1416Z."},
		{"3/4/2023", "", "Choose 03 APR 23 or 04 MAR 23."},
		{"between 1700 and 1600ZMAR", "", "no time"},
		{"2500", "", "Hours run"},
		{"tomorrow 0900", "", "has not happened yet"},
		{"1630J", "", "local time"},
		{"1630 local", "", "local time"},
		{"2023-W60", "", "no week"},
		{"2014 to 2023-01", "", "More than a year"},
		{"", "day", "No time"},
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

// What needs another look says so: another zone, another day, the future, more
// than a week ago.
func TestInterpretTimeWarns(t *testing.T) {
	for text, says := range map[string]string{
		"240510B": "B is UTC+02:00: 240310ZNOV26", "1630Z": "read as yesterday, 23 NOV 26", "0310": "Read as Zulu", "141630ZMAR23": "3 years ago", "010000ZJAN30": "future", "14 NOV 26": "9 days", "240300Z": "",
		"between 1800 and 1900 EET": "EET is UTC+02:00",
	} {
		r, err := incidents.InterpretTime(text, "", now)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := strings.Join(r.Warnings, " "); !strings.Contains(got, says) || says == "" && got != "" {
			t.Errorf("%s: warned %q, want %q", text, got, says)
		}
	}
}

// A log that is read again, or an import, knows no "now".
func TestRelativeTimesNeedNow(t *testing.T) {
	for _, text := range []string{"now", "-25m", "yesterday 2210", "1630", "141630Z", "14 MAR", "Tuesday"} {
		if m, err := incidents.ReadTime(text, "", time.Time{}); err == nil {
			t.Errorf("%s was read as %s", text, m)
		}
	}
}

// What a moment says of itself reads back as the same interval and precision.
func TestMomentReadsBack(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 3000 {
		from := time.Date(2000+rng.Intn(60), time.Month(1+rng.Intn(12)), 1+rng.Intn(28), rng.Intn(24), rng.Intn(60), 0, 0, time.UTC)
		m := incidents.At(from, incidents.Precision(incidents.Precisions[rng.Intn(len(incidents.Precisions))].Code), "")
		if rng.Intn(3) == 0 && m.Precision != incidents.Exact {
			m.From += incidents.Millis(rng.Intn(30)) * 60_000
		}
		again, err := incidents.ReadTime(m.String(), string(m.Precision), time.Time{})
		if err != nil || again.Interval != m.Interval || again.Precision != m.Precision {
			t.Fatalf("%v (%s) reads as %v, %v", m.Interval, m, again, err)
		}
	}
}
