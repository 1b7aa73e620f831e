package hotline

import (
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/incidents"
)

func shipped(t *testing.T, language string) Sheet {
	t.Helper()
	sheet, ok := Shipped(language)
	if !ok {
		t.Fatalf("no sheet in %s", language)
	}
	return sheet
}

// TestShippedSheets: every language has the same sentences with the same slots,
// and a word for every code that the log knows.
func TestShippedSheets(t *testing.T) {
	en := shipped(t, "en")
	for _, l := range SheetLanguages {
		sheet := shipped(t, l.Code)
		for key, phrase := range en.Phrases {
			other, ok := sheet.Phrases[key]
			if !ok || strings.TrimSpace(other) == "" {
				t.Errorf("%s lacks %s", l.Code, key)
			}
			a, b := slot.FindAllString(phrase, -1), slot.FindAllString(other, -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s of %s has the slots %v, want %v", key, l.Code, b, a)
			}
		}
		for _, key := range sentences {
			if sheet.Phrases[key] == "" {
				t.Errorf("%s lacks the sentence %s", l.Code, key)
			}
		}
		for kind, list := range map[string]incidents.Vocabulary{"behaviour": incidents.Behaviours, "region": incidents.RegionCodes} {
			for _, code := range list.Codes() {
				if sheet.word(kind, code) == "" {
					t.Errorf("%s has no word for %s %s", l.Code, kind, code)
				}
			}
		}
		for _, code := range incidents.KnownNations() {
			if sheet.word("nation", code) == "" {
				t.Errorf("%s has no name for %s", l.Code, code)
			}
		}
		if want := l.Code != "en"; sheet.Draft() != want {
			t.Errorf("%s ships as a draft: %v", l.Code, !want)
		}
	}
}

func encounter() incidents.Incident {
	two, five, uncertain := 2, 5.0, 3.0
	return incidents.Incident{Number: "2026-0117", Derived: incidents.Place{Region: "baltic"}, Record: incidents.Record{
		Start: incidents.At(tuesday, incidents.Exact, ""), Geometry: incidents.Geometry{Geometry: orb.Point{22.5, 58.9}}, UncertaintyNM: &uncertain,
		Intercepting: incidents.Party{Nations: []string{"RU"}, Aircraft: []incidents.Aircraft{{Designator: "SU27", Name: "Su-27 Flanker", Count: &two}}},
		Intercepted:  incidents.Party{Nations: []string{"US"}, Aircraft: []incidents.Aircraft{{Designator: "R135", Name: "RC-135V Rivet Joint"}}},
		Behaviours:   []string{"near_collision", "barrel_roll"}, ClosestApproachM: &five, Severity: "high_risk",
	}}
}

func TestSheetRead(t *testing.T) {
	text := func(language string, f SheetFacts) string {
		var lines []string
		for _, p := range shipped(t, language).Render(f) {
			lines = append(lines, p.Lines...)
		}
		return strings.Join(lines, "\n")
	}
	facts := SheetFacts{Caller: "Lind", Line: "NATO–RU MIL", Incidents: []incidents.Incident{encounter()}}
	unknown := SheetFacts{Incidents: []incidents.Incident{{}}}
	grid := facts
	grid.Notation = "mgrs"
	exercise := SheetFacts{Incidents: []incidents.Incident{{Record: incidents.Record{Exercise: true, Intercepting: incidents.Party{PlatformKind: "none"}}}}}
	for _, tt := range []struct {
		language string
		facts    SheetFacts
		want     string
	}{
		{"en", facts, "This is the duty officer, Lind, on the line NATO–RU MIL."},
		{"en", facts, "Our incident number is 2026-0117."},
		{"en", facts, "Time: 24 November 2026, 03:12 UTC, date-time group 240312ZNOV26."},
		{"en", facts, "Position: 58°54.0'N 022°30.0'E, known to within 3 nautical miles."},
		{"en", facts, "Intercepting side: Russia, 2 × Su-27 Flanker. Intercepted side: United States, RC-135V Rivet Joint."},
		{"en", facts, "What was seen: near collision, barrel roll."},
		{"en", facts, "Closest distance in metres: 5."},
		{"en", facts, "There was a danger to life."},
		{"en", grid, "Position: 34V EL 86423 29885"},
		{"en", unknown, "Our incident number is unknown."},
		{"en", unknown, "Time: unknown."},
		{"en", unknown, "Position: unknown."},
		{"en", unknown, "What was seen: unknown."},
		{"en", exercise, "Exercise, exercise, exercise."},
		{"en", exercise, "nobody intercepted"},
		{"ru", facts, "Говорит дежурный офицер Lind."},
		{"ru", facts, "Время: 24 ноября 2026 года, 03:12 по всемирному времени (UTC), 240312ZNOV26."},
		{"ru", facts, "Координаты: 58°54.0' северной широты 022°30.0' восточной долготы, погрешность в морских милях: 3."},
		{"ru", facts, "Россия, Су-27, количество: 2."},
		{"ru", facts, "опасное сближение, бочка вблизи другого воздушного судна"},
		{"ru", unknown, "Координаты: неизвестно."},
	} {
		if got := text(tt.language, tt.facts); !strings.Contains(got, tt.want) {
			t.Errorf("%s lacks %q:\n%s", tt.language, tt.want, got)
		}
	}
}

func TestSheetTimes(t *testing.T) {
	for _, tt := range []struct {
		precision incidents.Precision
		want      string
	}{
		{incidents.Exact, "24 November 2026, 03:12 UTC, date-time group 240312ZNOV26"},
		{incidents.Hour, "24 November 2026, between 03:12 and 04:12 UTC"},
		{incidents.Day, "24 November 2026, hour unknown"},
		{incidents.Week, "between 24 November 2026 and 30 November 2026, day unknown"},
		{incidents.Month, "between 1 November 2026 and 30 November 2026, day unknown"},
	} {
		if got := shipped(t, "en").time(incidents.At(tuesday, tt.precision, "")); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.precision, got, tt.want)
		}
	}
}
