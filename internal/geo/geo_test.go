package geo_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
)

// Flinders Peak to Buninyong, the worked example of the Geocentric Datum of
// Australia technical manual (GRS 80; its difference from WGS 84 is below a
// tenth of a millimetre here).
func TestGeodesicAgainstTheManual(t *testing.T) {
	flinders := orb.Point{144 + 25.0/60 + 29.52440/3600, -(37 + 57.0/60 + 3.72030/3600)}
	buninyong := orb.Point{143 + 55.0/60 + 35.38390/3600, -(37 + 39.0/60 + 10.15610/3600)}
	if d := geo.Distance(flinders, buninyong); math.Abs(d-54972.271) > 0.001 {
		t.Errorf("distance %.4f m", d)
	}
	if b := geo.Bearing(flinders, buninyong); math.Abs(b-(306+52.0/60+5.37/3600)) > 1e-5 {
		t.Errorf("bearing %.6f", b)
	}
	if p := geo.Destination(flinders, 306+52.0/60+5.37/3600, 54972.271/1852); geo.Distance(p, buninyong) > 0.01 {
		t.Errorf("destination %v is %.3f m off", p, geo.Distance(p, buninyong))
	}
	if d := geo.Distance(orb.Point{0, 0}, orb.Point{179.7, 0.2}); d < 19_900_000 || d > 20_010_000 {
		t.Errorf("nearly antipodal: %.0f m", d)
	}
}

// The worked example of EPSG guidance note 7-2 for method 9820 (EPSG:3035).
func TestLAEAAgainstTheGuidanceNote(t *testing.T) {
	p := geo.LAEA(52, 10, 4321000, 3210000, "EPSG:3035")
	xy := p.Forward(orb.Point{5, 50})
	if math.Abs(xy[0]-3962799.45) > 0.01 || math.Abs(xy[1]-2999718.85) > 0.01 {
		t.Errorf("E %.2f N %.2f", xy[0], xy[1])
	}
	if back := p.Inverse(xy); math.Abs(back[0]-5) > 1e-9 || math.Abs(back[1]-50) > 1e-9 {
		t.Errorf("back at %v", back)
	}
}

func TestSampleLiesInItsRegions(t *testing.T) {
	raw, err := os.ReadFile("../../testdata/research/incidents.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	a := geo.Default()
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		var r struct {
			ID, Region string
			Geometry   json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		g, err := geo.ParseGeometry(r.Geometry)
		if err != nil {
			t.Fatalf("%s: %v", r.ID, err)
		}
		if got := a.RegionOf(g); got != r.Region {
			t.Errorf("%s lies in %s, stated %s", r.ID, got, r.Region)
		}
		if again := geo.AppendGeometry(nil, g); geo.Validate(g) != nil || len(again) == 0 {
			t.Errorf("%s: %s", r.ID, again)
		}
		n++
	}
	if n != 115 {
		t.Errorf("%d incidents", n)
	}
	if got := a.RegionOf(orb.Point{-70, 30}); got != "outside" {
		t.Errorf("the Sargasso Sea lies in %s", got)
	}
}

func TestDerivedGeography(t *testing.T) {
	a := geo.Default()
	if sea := a.SubArea(orb.Point{20, 58}); !strings.Contains(sea, "Baltic") {
		t.Errorf("58N 20E lies in %q", sea)
	}
	if d := a.CoastDistanceNM(orb.Point{34.3, 43.3}); d < 40 || d > 120 {
		t.Errorf("mid Black Sea is %.0f NM from land", d)
	}
	if d := a.CoastDistanceNM(orb.Point{24.7, 59.2}); d != 0 {
		t.Errorf("a point in Estonia is %.1f NM from land", d)
	}
	if states, inside := a.Within12NM(orb.Point{26.36, 59.80}); !inside || states[0] != "EE" {
		t.Errorf("Vaindloo: %v %v", states, inside)
	}
}

func TestGeoJSON(t *testing.T) {
	for in, want := range map[string]string{
		`null`: `null`,
		`{"type":"Point","coordinates":[22.5,58.9]}`:                         `{"type":"Point","coordinates":[22.5,58.9]}`,
		`{"type":"LineString","coordinates":[[1,2],[3,4]]}`:                  `{"type":"LineString","coordinates":[[1,2],[3,4]]}`,
		`{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[1,0],[0,0]]]}`: `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}`, // wound as §3.1.6 has it
	} {
		g, err := geo.ParseGeometry([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := string(geo.AppendGeometry(nil, g)); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
	}
	// RFC 7946 §3.1.9: what crosses the antimeridian is cut there.
	if got := string(geo.AppendGeometry(nil, orb.LineString{{170, 10}, {190, 10}})); !strings.Contains(got, "MultiLineString") && !strings.Contains(got, "180") {
		t.Errorf("over the antimeridian: %s", got)
	}
	for _, bad := range []string{``, `{}`, `[]`, `{"type":"Point","coordinates":[200,0]}`, `{"type":"Point","coordinates":[1]}`, `{"type":"Point","coordinates":["a",2]}`,
		`{"type":"LineString","coordinates":[[1,2]]}`, `{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[1,0]]]}`, `{"type":"Circle","coordinates":[1,2]}`, `{"type":"Point","coordinates":[1e400,2]}`} {
		if g, err := geo.ParseGeometry([]byte(bad)); err == nil {
			t.Errorf("%s was read as %v", bad, g)
		}
	}
}

func FuzzParseGeometry(f *testing.F) {
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`))
	f.Add([]byte(`{"type":"Point","coordinates":[1,2,3]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, err := geo.ParseGeometry(raw)
		if err != nil || g == nil {
			return
		}
		if _, err := geo.ParseGeometry(geo.AppendGeometry(nil, g)); err != nil {
			t.Errorf("%s is not read back: %v", raw, err)
		}
	})
}

func TestDrawMap(t *testing.T) {
	a := geo.Default()
	for _, region := range a.Regions() {
		d := geo.MapDrawing{Region: region, Width: 900, Height: 640, Graticule: true, Territorial: true, Outline: true, Places: true, SeaNames: true, ScaleBar: true, Title: `Map of "x" & y`}
		for i := range 3 {
			d.Marks = append(d.Marks, geo.Mark{ID: string(rune('a' + i)), Href: "/x?a=1&b=2", Title: "<one>", Symbol: "sev-serious", Geometry: region.Label, UncertaintyNM: 40, Inferred: i == 0, Frame: []string{"late", "tried", "due"}[i], Under: "followed"})
		}
		var b bytes.Buffer
		if err := a.DrawMap(&b, d); err != nil {
			t.Fatal(err)
		}
		if n := b.Len(); n > 250_000 || n < 10_000 {
			t.Errorf("%s: %d bytes", region.ID, n)
		}
		text := b.String()
		for _, want := range []string{`data-mark="a"`, `data-mark="b"`, `data-mark="c"`, "c-land", "c-grat", "c-zone", "°N", " NM<"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s", region.ID, want)
			}
		}
		if strings.Contains(text, "NaN") || strings.Contains(text, "style=") || strings.Contains(text, "<one>") {
			t.Errorf("%s: NaN, inline style or unescaped text", region.ID)
		}
		for dec := xml.NewDecoder(&b); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", region.ID, err)
			}
		}
	}
}

// The land layer in the tree is the one that its generator makes.
func TestLandIsCurrent(t *testing.T) {
	source := "../../node_modules/world-atlas/land-10m.json"
	if _, err := os.Stat(source); err != nil {
		t.Log("node_modules is not there; make check compares the layer")
		return
	}
	out := filepath.Join(t.TempDir(), "land.json.gz")
	if text, err := exec.Command("go", "run", "./makeland", "-in", source, "-out", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	made, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("data/land.json.gz")
	if err != nil || !bytes.Equal(made, kept) {
		t.Errorf("data/land.json.gz is stale (%v): go generate ./internal/geo", err)
	}
}

func BenchmarkAppendGeometry(b *testing.B) {
	line := geo.Circle(orb.Point{20, 58}, 50, 128)
	buf := make([]byte, 0, 1<<14)
	b.ReportAllocs()
	for b.Loop() {
		buf = geo.AppendGeometry(buf[:0], orb.LineString(line))
	}
}

func BenchmarkRegionOf(b *testing.B) {
	a := geo.Default()
	for b.Loop() {
		a.RegionOf(orb.Point{20, 58})
	}
}

func BenchmarkCoastDistance(b *testing.B) {
	a := geo.Default()
	for b.Loop() {
		a.CoastDistanceNM(orb.Point{34.3, 43.3})
	}
}

func BenchmarkDrawMap(b *testing.B) {
	a := geo.Default()
	region, _ := a.Region("norwegian")
	for b.Loop() {
		if err := a.DrawMap(io.Discard, geo.MapDrawing{Region: region, Width: 780, Height: 584, Graticule: true, Territorial: true, Places: true, SeaNames: true, ScaleBar: true}); err != nil {
			b.Fatal(err)
		}
	}
}
