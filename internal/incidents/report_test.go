package incidents_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
)

func good() incidents.Report {
	return incidents.Report{
		Start: "141630ZMAR23", Position: "5512N 01848E", PositionBasis: "inferred", Uncertainty: "50",
		Intercepting: incidents.PartyReport{Nations: "PL", Aircraft: []incidents.AircraftReport{{Count: "2", Designator: "mg29", Name: "MiG-29"}, {}}},
		Intercepted:  incidents.PartyReport{Nations: "ru, by", Aircraft: []incidents.AircraftReport{{Count: "1", Designator: "IL18"}, {Count: "", Name: "unknown fighter"}}},
		Severity:     "serious", SeverityReason: "crossed ahead", ClosestApproach: "20 ft", ViolationDuration: "12 min",
		Behaviours: []string{"escort", "escort", "near_collision"}, Marking: "NATO UNCLASSIFIED",
		Claims:  []incidents.Claim{{Field: "transponder", Value: "off", Claimant: "RU"}, {}},
		Sources: []incidents.Source{{Title: "DORSZ", URL: "https://example.org/x"}},
	}
}

func TestApplyReadsAReport(t *testing.T) {
	rec, place, err := good().Apply(incidents.Record{}, geo.Default(), now, "lind")
	if err != nil {
		t.Fatal(err)
	}
	if place.Region != "baltic" || rec.Region != "" || place.CoastNM == nil {
		t.Errorf("place %+v, region %q", place, rec.Region)
	}
	if rec.Title != "PL 2 MiG-29 meet RU, BY 1 IL18, unknown fighter" {
		t.Errorf("title %q", rec.Title)
	}
	if got := rec.Intercepted.Nations; !reflect.DeepEqual(got, []string{"RU", "BY"}) {
		t.Errorf("nations %v", got)
	}
	if rec.Intercepting.Count == nil || *rec.Intercepting.Count != 2 || rec.Intercepted.Count != nil {
		t.Errorf("counts %v %v", rec.Intercepting.Count, rec.Intercepted.Count)
	}
	if *rec.ClosestApproachM != 6.1 || *rec.ViolationDurationS != 720 || *rec.UncertaintyNM != 50 {
		t.Errorf("figures %v %v %v", *rec.ClosestApproachM, *rec.ViolationDurationS, *rec.UncertaintyNM)
	}
	if rec.Transponder != "unknown" || rec.Airspace.Kind != "unknown" || rec.Absence != "own_log" || rec.SeveritySource != "lind" {
		t.Errorf("defaults %q %q %q %q", rec.Transponder, rec.Airspace.Kind, rec.Absence, rec.SeveritySource)
	}
	if len(rec.Behaviours) != 2 || len(rec.Claims) != 1 {
		t.Errorf("behaviours %v, claims %v", rec.Behaviours, rec.Claims)
	}
}

func TestApplyNamesEveryFault(t *testing.T) {
	tests := []struct {
		name, field, says string
		change            func(*incidents.Report)
	}{
		{"bad minutes", "start", "Did you mean", func(r *incidents.Report) { r.Start = "310860ZOCT25" }},
		{"future", "start", "future", func(r *incidents.Report) { r.Start = "240330ZNOV26" }},
		{"end first", "end", "before the start", func(r *incidents.Report) { r.End = "131630ZMAR23" }},
		{"longitude", "position", "180", func(r *incidents.Report) { r.Position = "5512N 19848E" }},
		{"nowhere", "position", "choose a region", func(r *incidents.Report) { r.Position = "" }},
		{"uncertainty", "uncertainty", "nautical miles", func(r *incidents.Report) { r.Uncertainty = "far" }},
		{"basis", "position_basis", "radar", func(r *incidents.Report) { r.PositionBasis = "guess" }},
		{"other region", "region_reason", "lies in region Baltic", func(r *incidents.Report) { r.Region = "black" }},
		{"no such region", "region", "accepted", func(r *incidents.Report) { r.Region = "pacific" }},
		{"whose airspace", "airspace_state", "Whose", func(r *incidents.Report) { r.AirspaceKind = "territorial" }},
		{"nation", "intercepted_nations", "ISO 3166-1", func(r *incidents.Report) { r.Intercepted.Nations = "Ruritania" }},
		{"nobody", "intercepting_nations", "at least one", func(r *incidents.Report) { r.Intercepting.Nations, r.Intercepted.Nations = "", "" }},
		{"count", "intercepted_aircraft_count-1", "1 to 1000", func(r *incidents.Report) { r.Intercepted.Aircraft[1].Count = "many" }},
		{"designator", "intercepting_aircraft_designator-0", "ICAO", func(r *incidents.Report) { r.Intercepting.Aircraft[0].Designator = "Saucer" }},
		{"flag", "transponder", "on, off, unknown", func(r *incidents.Report) { r.Transponder = "maybe" }},
		{"distance", "closest_approach", "20 ft", func(r *incidents.Report) { r.ClosestApproach = "close" }},
		{"duration", "violation_duration", "12 min", func(r *incidents.Report) { r.ViolationDuration = "long" }},
		{"behaviour", "behaviours", "accepted", func(r *incidents.Report) { r.Behaviours = []string{"rude"} }},
		{"no severity", "severity", "Choose", func(r *incidents.Report) { r.Severity = "" }},
		{"no reason", "severity_reason", "reason", func(r *incidents.Report) { r.SeverityReason = " " }},
		{"claim", "claims_value-0", "claimed", func(r *incidents.Report) { r.Claims[0].Value = "" }},
		{"url", "sources_url-0", "https://", func(r *incidents.Report) { r.Sources[0].URL = "javascript:alert(1)" }},
		{"too long", "narrative", "64 KiB", func(r *incidents.Report) { r.Narrative = strings.Repeat("x", 65<<10) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := good()
			tt.change(&r)
			_, _, err := r.Apply(incidents.Record{}, geo.Default(), now, "lind")
			fields := fault.Fields(err)
			if len(fields) != 1 || fields[0].Name != tt.field || !strings.Contains(fields[0].Msg, tt.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	_, _, err := incidents.Report{}.Apply(incidents.Record{}, geo.Default(), now, "lind")
	var names []string
	for _, f := range fault.Fields(err) {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "start position intercepting_nations severity" {
		t.Errorf("an empty form names %q, in the order of the form", got)
	}
}

// What a person opens and files again unchanged must not change: neither the
// shape that was stored exactly nor anything that the form does not show.
func TestReportRoundTrip(t *testing.T) {
	first, _, err := good().Apply(incidents.Record{}, geo.Default(), now, "lind")
	if err != nil {
		t.Fatal(err)
	}
	first.SourceID, first.GeometryHint = "kept-1", "point"
	again, _, err := incidents.ReportOf(first).Apply(first, geo.Default(), now, "somebody else")
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(first)
	b, _ := json.Marshal(again)
	if string(a) != string(b) {
		t.Errorf("unchanged filing changed the record:\n%s\n%s", a, b)
	}
}

// Every behaviour, severity and basis of the real records stands in the closed
// lists.
func TestVocabulariesCoverTheSample(t *testing.T) {
	raw, err := os.ReadFile("../../testdata/research/incidents.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		var r struct {
			ID            string
			Behaviours    []string
			Severity      string
			PositionBasis string `json:"position_basis"`
			Intercepted   struct {
				PlatformKind string `json:"platform_kind"`
			}
			Intercepting struct {
				PlatformKind string `json:"platform_kind"`
			}
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		for _, b := range r.Behaviours {
			if !incidents.Behaviours.Has(b) {
				t.Errorf("%s: behaviour %s", r.ID, b)
			}
		}
		if !incidents.Severities.Has(r.Severity) || !incidents.PositionBases.Has(r.PositionBasis) {
			t.Errorf("%s: %s %s", r.ID, r.Severity, r.PositionBasis)
		}
		for _, k := range []string{r.Intercepted.PlatformKind, r.Intercepting.PlatformKind} {
			if !incidents.PlatformKinds.Has(k) {
				t.Errorf("%s: platform kind %q", r.ID, k)
			}
		}
	}
}

// A track over the antimeridian is kept and read back as it was typed.
func TestTrackOverTheAntimeridianIsKept(t *testing.T) {
	r := good()
	r.Position, r.Region, r.RegionReason = "7000N 17000E → 7000N 17000W", "", ""
	rec, _, err := r.Apply(incidents.Record{}, geo.Default(), now, "lind")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(rec)
	if err != nil {
		t.Fatal(err)
	}
	var back incidents.Record
	if err := json.Unmarshal(raw, &back); err != nil || !reflect.DeepEqual(back.Geometry, rec.Geometry) {
		t.Errorf("%v: %v became %v", err, rec.Geometry, back.Geometry)
	}
}

// Nations and types are taken by the names that people say.
func TestApplyReadsNames(t *testing.T) {
	for text, want := range map[string]string{"NO SE": "NO SE", "Norway, Sweden": "NO SE", "united kingdom": "GB", "russian": "RU", "UK and Norway": "GB NO", "nato": "NATO", "?": ""} {
		r := good()
		r.Intercepting.Nations = text
		rec, _, err := r.Apply(incidents.Record{}, geo.Default(), now, "olsen")
		if got := strings.Join(rec.Intercepting.Nations, " "); err != nil || got != want {
			t.Errorf("%s was read as %q, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{"bear": "TU95", "Tu-95": "TU95", "flanker": "SU27", "F-35": "F35", "typhoon": "EUFI", "XX": "XX"} {
		r := good()
		r.Intercepted.Aircraft = []incidents.AircraftReport{{Count: "2", Designator: text}}
		rec, _, err := r.Apply(incidents.Record{}, geo.Default(), now, "olsen")
		if err != nil || len(rec.Intercepted.Aircraft) != 1 || rec.Intercepted.Aircraft[0].Designator != want {
			t.Errorf("%s was read as %+v, %v", text, rec.Intercepted.Aircraft, err)
		}
	}
}

// A place, or a distance from one, says itself what the position rests on.
func TestApplyTellsTheBasis(t *testing.T) {
	for text, want := range map[string]string{
		"35 NM NE of Gotland": "stated_distance", "050/35NM Bornholm": "stated_distance", "Gotland": "stated_place", "Gotland to Bornholm": "stated_route", "circle 20NM at Gotland": "stated_area", "5712N 01830E": "unknown", "34VCH1267": "unknown",
	} {
		r := good()
		r.Position, r.PositionBasis, r.Uncertainty = text, "unknown", ""
		rec, _, err := r.Apply(incidents.Record{}, geo.Default(), now, "lind")
		if err != nil || rec.PositionBasis != want || rec.UncertaintyNM == nil || *rec.UncertaintyNM <= 0 {
			t.Errorf("%s: %q within %v, %v", text, rec.PositionBasis, rec.UncertaintyNM, err)
		}
		r.PositionBasis = "radar"
		if rec, _, _ := r.Apply(incidents.Record{}, geo.Default(), now, "lind"); rec.PositionBasis != "radar" {
			t.Errorf("%s: what was chosen became %q", text, rec.PositionBasis)
		}
	}
}
