package geojson_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"interceptlog/internal/access"
	"interceptlog/internal/feature"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/research"
	"interceptlog/internal/store"
	"interceptlog/internal/store/sqlite"
	"interceptlog/testdata"
)

var now = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

var opened *store.Store

// openSample gives a log with the sample in it, loaded once for all tests.
var openSample = sync.OnceValues(func() (*store.Store, error) {
	dir, err := os.MkdirTemp("", "interceptlog-geojson")
	if err != nil {
		return nil, err
	}
	s, err := sqlite.Open(dir, sqlite.Options{Now: func() time.Time { return now }})
	if err != nil {
		return nil, err
	}
	opened = s
	im := research.Importer{Store: s, Now: func() time.Time { return now }, Marking: "NATO UNCLASSIFIED", Actor: actor,
		Derive: func(rec *incidents.Record) incidents.Place { return incidents.Derive(geo.Default(), rec) }}
	for _, name := range []string{"incidents.ndjson", "hotline.ndjson"} {
		f, err := testdata.Research.Open("research/" + name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r, err := im.Import(context.Background(), []research.File{{Name: name, Reader: f}}, true)
		if err != nil || r.Failed() {
			return nil, fmt.Errorf("import %s: %w %v", name, err, r.Problems)
		}
	}
	return s, nil
})

var (
	actor = access.Actor{Name: "analyst", Role: access.Supervisor}
	at    = hotline.At{Now: incidents.MillisOf(now)}
)

func TestMain(m *testing.M) {
	code := m.Run()
	if opened != nil {
		_ = opened.Close()
		_ = os.RemoveAll(filepath.Dir(opened.Location()))
	}
	os.Exit(code)
}

func export(t *testing.T, opts geojson.Options) []byte {
	t.Helper()
	s, err := openSample()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if n, err := geojson.Export(context.Background(), s, actor, incidents.Filter{}, at, opts, &b); err != nil || n != 115 {
		t.Fatalf("%d features, %v", n, err)
	}
	return b.Bytes()
}

type collection struct {
	Type           string
	AsOf           string `json:"as_of"`
	Filter         *string
	NumberReturned int
	CRS            any
	Features       []struct {
		Type       string
		ID         string
		Geometry   json.RawMessage
		Properties map[string]any
	}
}

func parse(t *testing.T, raw []byte) collection {
	t.Helper()
	var c collection
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSampleIsRFC7946 checks the shape of all sample features (RFC 7946 §3), and
// that their order is start, then id.
func TestSampleIsRFC7946(t *testing.T) {
	c := parse(t, export(t, geojson.Options{}))
	if c.Type != "FeatureCollection" || c.NumberReturned != 115 || len(c.Features) != 115 || c.Filter != nil || c.AsOf != incidents.FormatInstant(at.Now) || c.CRS != nil {
		t.Errorf("head: %s, as of %s, filter %v, %d of %d", c.Type, c.AsOf, c.Filter, len(c.Features), c.NumberReturned)
	}
	seen, last := map[string]bool{}, ""
	for _, f := range c.Features {
		if f.Type != "Feature" || f.ID == "" || seen[f.ID] || f.Properties["id"] != f.ID {
			t.Errorf("feature %q of type %q", f.ID, f.Type)
		}
		seen[f.ID] = true
		if key := f.Properties["start_from"].(string) + f.ID; key < last {
			t.Errorf("%s stands after %s", key, last)
		} else {
			last = key
		}
		g, err := geo.ParseGeometry(f.Geometry)
		if err != nil {
			t.Errorf("%s: %v in %s", f.ID, err, f.Geometry)
		}
		if p, ok := g.(orb.Polygon); ok && planar.Area(p[0]) < 0 {
			t.Errorf("%s: the shell is clockwise (§3.1.6)", f.ID)
		}
		for name, v := range f.Properties {
			if _, nested := v.(map[string]any); nested {
				t.Errorf("%s is an object; without the full profile properties are flat", name)
			}
		}
	}
}

// closed are the properties whose values come from a list that is closed.
var closed = map[string]incidents.Vocabulary{
	"report": incidents.StatusCodes, "absence": incidents.Absences, "time_precision": incidents.Precisions, "region": incidents.RegionCodes,
	"airspace_kind": incidents.AirspaceKinds, "position_basis": incidents.PositionBases, "intercepting_platform": incidents.PlatformKinds,
	"intercepted_platform": incidents.PlatformKinds, "transponder": incidents.Transponders, "flight_plan": incidents.FlightPlans,
	"radio_contact": incidents.RadioContacts, "behaviours": incidents.Behaviours, "severity": incidents.Severities,
	"deescalation": incidents.Deescalations, "deescalation_best": incidents.Deescalations, "deescalation_worst": incidents.Deescalations,
	"deescalation_strict": incidents.Deescalations, "deescalation_strict_best": incidents.Deescalations,
}

// TestTableIsTrueOfTheSample: types and vocabularies of the table hold for every
// value of every sample feature.
func TestTableIsTrueOfTheSample(t *testing.T) {
	c := parse(t, export(t, geojson.Options{Full: true}))
	var table []geojson.Property
	for _, p := range feature.IncidentProperties {
		table = append(table, geojson.Property{Name: p.Name, Type: p.Type(), Vocabulary: p.Values()})
	}
	table = append(table, geojson.FullProperties...)
	for _, f := range c.Features {
		for _, p := range table {
			v := f.Properties[p.Name]
			list := closed[p.Name]
			good := false
			var values []any
			switch v := v.(type) {
			case nil:
				good = strings.Contains(p.Type, "null")
			case string:
				good, values = strings.HasPrefix(p.Type, "text"), []any{v}
			case bool:
				good = p.Type == "boolean"
			case float64:
				good = strings.HasPrefix(p.Type, "number") || strings.HasPrefix(p.Type, "integer") && v == float64(int64(v))
			case []any:
				good, values = strings.HasPrefix(p.Type, "list"), v
			case map[string]any:
				good = p.Type == "object"
			}
			if !good {
				t.Errorf("%s: %s is %v, in the table %s", f.ID, p.Name, v, p.Type)
			}
			for _, v := range values {
				if s, ok := v.(string); ok && list != nil && (!list.Has(s) || p.Vocabulary != strings.Join(list.Codes(), ", ")) {
					t.Errorf("%s: %s is %q, in the table %s", f.ID, p.Name, s, p.Vocabulary)
				}
			}
		}
	}
}

// TestFullProfileHoldsEverything: each leaf of each incident as the log holds it
// stands in its feature.
func TestFullProfileHoldsEverything(t *testing.T) {
	s, err := openSample()
	if err != nil {
		t.Fatal(err)
	}
	contacts := 0
	err = s.EachCase(context.Background(), incidents.Filter{}, at, true, func(c *hotline.Case) error {
		raw, err := geojson.AppendFeature(nil, c, geojson.Options{Full: true})
		if err != nil {
			return err
		}
		var f, stored map[string]any
		if err := json.Unmarshal(raw, &f); err != nil {
			return err
		}
		inc, err := json.Marshal(c.Incident)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(inc, &stored); err != nil {
			return err
		}
		p := f["properties"].(map[string]any)
		// These have a form of their own among the flat properties.
		for name, want := range map[string]any{"id": stored["id"], "report": stored["status"],
			"first_recorded_at": c.Incident.FirstRecordedAt.Time().Format("2006-01-02T15:04:05.999Z07:00"), "recorded_at": c.Incident.RecordedAt.Time().Format("2006-01-02T15:04:05.999Z07:00")} {
			if p[name] != want {
				t.Errorf("%s is %v, want %v", name, p[name], want)
			}
		}
		for _, name := range []string{"status", "first_recorded_at", "recorded_at"} {
			delete(stored, name)
		}
		for name, want := range stored {
			if got, _ := json.Marshal(p[name]); !bytes.Equal(got, must(json.Marshal(want))) {
				t.Errorf("%s: %s is %s", c.Incident.Number, name, got)
			}
		}
		contacts += len(p["contacts"].([]any))
		if len(c.Contacts) != len(p["contacts"].([]any)) {
			t.Errorf("%s: %d contacts, %d are written", c.Incident.Number, len(c.Contacts), len(p["contacts"].([]any)))
		}
		return nil
	})
	if err != nil || contacts != 37 {
		t.Errorf("%d contacts (%v)", contacts, err)
	}
}

func must(raw []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return raw
}

// TestGDALReadsIt: what the tools of others make of the file is the proof.
func TestGDALReadsIt(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Fatal("install gdal-bin")
	}
	for _, opts := range []geojson.Options{{}, {Full: true}} {
		name := filepath.Join(t.TempDir(), "incidents.geojson")
		if err := os.WriteFile(name, export(t, opts), 0o600); err != nil {
			t.Fatal(err)
		}
		raw, err := exec.Command(ogrinfo, "-ro", "-al", "-so", name).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		out := string(raw)
		for _, want := range []string{"Layer name: incidents", "Feature Count: 115", "WGS 84", "exercise: Integer(Boolean)", "coast_nm: Real", "behaviours: StringList", "start_from: DateTime", "contacts_direct: Integer", "severity: String"} {
			if !strings.Contains(out, want) {
				t.Errorf("full %v: ogrinfo does not say %q:\n%s", opts.Full, want, out)
			}
		}
		for _, p := range feature.IncidentProperties {
			if !strings.Contains(out, "\n"+p.Name+": ") {
				t.Errorf("ogrinfo shows no field %s", p.Name)
			}
		}
		if strings.Contains(out, "ERROR") || strings.Contains(out, "Warning") {
			t.Errorf("ogrinfo complains:\n%s", out)
		}
	}
}
