package web_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/access"
)

// gis says that the big clients are there: `make test-gis` installs them.
var gis = flag.Bool("gis", false, "test with QGIS and OWSLib, which have to be installed")

// read runs a script of gistest on the site, and reads what it prints.
func (s *site) read(t *testing.T, script string, into any) {
	t.Helper()
	if !*gis {
		t.Skip("needs -gis: make test-gis")
	}
	home := t.TempDir()
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/usr/bin/python3", filepath.Join("gistest", script), s.URL+"/ogc") // Debian's: it has Debian's modules
	cmd.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "XDG_RUNTIME_DIR="+home, "HOME="+home, "PYTHONDONTWRITEBYTECODE=1")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, complaints.String())
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatalf("%s: %v\n%s\n%s", script, err, out, complaints.String())
	}
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}

func every(map[string]any, map[string]any) bool { return true }

func TestOWSLib(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.recorded(true)
	var got struct {
		Collections, Queryables, All, Box, Limit, Time, Filter []string
		Conformance, Pages                                     int
		OpenAPI                                                string
		Extent                                                 []float64
		One                                                    bool
	}
	s.read(t, "owslib_reads.py", &got)
	asked := a.items("incidents")
	all := s.features(t, itemsPath)
	if want := []string{"incidents", "incident_points", "incident_tracks", "incident_areas", "contacts", "lines", "regions", "places"}; !slices.Equal(got.Collections, want) {
		t.Errorf("the collections are %v", got.Collections)
	}
	if !slices.Equal(sorted(got.All), featureIDs(all, every)) || got.Pages != 6 {
		t.Errorf("%d features on %d pages", len(got.All), got.Pages)
	}
	box := orb.Bound{Min: orb.Point{10, 54}, Max: orb.Point{25, 60}}
	if want := featureIDs(all, func(_, f map[string]any) bool { return meetsBox(t, f, box) }); !slices.Equal(sorted(got.Box), want) {
		t.Errorf("box: %d, want %d", len(got.Box), len(want))
	}
	if want := featureIDs(all, func(p, _ map[string]any) bool { return p["severity"] == "high_risk" }); !slices.Equal(sorted(got.Filter), want) {
		t.Errorf("filter: %d, want %d", len(got.Filter), len(want))
	}
	if want := s.features(t, itemsPath+"?datetime=2022-01-01T00:00:00Z/.."); !slices.Equal(sorted(got.Time), featureIDs(want, every)) || len(want) == 0 {
		t.Errorf("time: %d, want %d", len(got.Time), len(want))
	}
	if len(got.Limit) != 7 || !got.One || got.OpenAPI != "3.0.3" || got.Conformance < 20 || len(got.Extent) != 4 || !slices.Contains(got.Queryables, "severity") {
		t.Errorf("%d of 7; one %v; %s; %d classes; %v", len(got.Limit), got.One, got.OpenAPI, got.Conformance, got.Extent)
	}
	if !slices.ContainsFunc(asked, func(q url.Values) bool { return q.Get("bbox") == "10,54,25,60" }) {
		t.Errorf("asked for %v", asked)
	}
}

func TestQGIS(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.recorded(true)
	type read struct {
		Geometry, CRS string
		IDs           []string
		Count         int
	}
	var got struct {
		Points  read `json:"incident_points"`
		All     read `json:"incidents"`
		Tracks  read `json:"incident_tracks"`
		Calls   read `json:"contacts"`
		Lines   read
		Regions read
		Places  read
		Box     []string
		Paged   []string
		Expr    []string `json:"expression"`
		Takes   bool     `json:"takes_subset"`
		Subset  []string
		Moved   [][]any `json:"mercator"`
	}
	s.read(t, "qgis_reads.py", &got)
	asked := a.items("incident_points")
	for name, c := range map[string]struct {
		got      read
		geometry string
	}{"incident_points": {got.Points, "Point"}, "incidents": {got.All, ""}, "incident_tracks": {got.Tracks, "LineString"}, "contacts": {got.Calls, ""}, "lines": {got.Lines, "NoGeometry"}, "regions": {got.Regions, "Polygon"}, "places": {got.Places, "Point"}} {
		want := featureIDs(s.features(t, "/ogc/collections/"+name+"/items"), every)
		if !slices.Equal(sorted(c.got.IDs), want) || c.got.Count != len(want) {
			t.Errorf("%s: %d features, said to be %d; want %d", name, len(c.got.IDs), c.got.Count, len(want))
		}
		if c.geometry != "" && c.got.Geometry != c.geometry {
			t.Errorf("%s: the geometry is %s, want %s", name, c.got.Geometry, c.geometry)
		}
	}
	points := s.features(t, "/ogc/collections/incident_points/items")
	box := orb.Bound{Min: orb.Point{10, 54}, Max: orb.Point{25, 60}}
	risky := func(p, _ map[string]any) bool { return p["severity"] == "high_risk" }
	for what, c := range map[string]struct{ got, want []string }{
		"box":        {got.Box, featureIDs(points, func(_, f map[string]any) bool { return meetsBox(t, f, box) })},
		"paged":      {got.Paged, featureIDs(points, every)},
		"expression": {got.Expr, featureIDs(points, risky)},
		"subset":     {got.Subset, featureIDs(points, func(p, f map[string]any) bool { return risky(p, f) && p["start_from"].(string) >= "2020" })},
	} {
		if len(c.want) == 0 || !slices.Equal(sorted(c.got), c.want) {
			t.Errorf("%s: %d features, want %d", what, len(c.got), len(c.want))
		}
	}
	if !got.Takes {
		t.Error("no subset is taken")
	}
	for what, holds := range map[string]func(q url.Values) bool{
		"a box":        func(q url.Values) bool { return q.Has("bbox") },
		"a small page": func(q url.Values) bool { return q.Get("limit") == "10" },
		"a second one": func(q url.Values) bool { return q.Has("cursor") },
	} {
		if !slices.ContainsFunc(asked, holds) {
			t.Errorf("%s was not asked for: %v", what, asked)
		}
	}
	if len(got.Moved) != 1 {
		t.Fatalf("%v", got.Moved)
	}
	one := s.ask(t, access.Analyst, http.MethodGet, "/ogc/collections/incident_points/items/"+got.Moved[0][2].(string)+"?crs=EPSG:3857", "")
	c := one.doc["geometry"].(map[string]any)["coordinates"].([]any)
	if math.Hypot(c[0].(float64)-got.Moved[0][0].(float64), c[1].(float64)-got.Moved[0][1].(float64)) > 0.01 {
		t.Errorf("in 3857 it is at %v, and QGIS has it at %v", c, got.Moved)
	}
}
