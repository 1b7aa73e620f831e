package geo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"os/exec"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// gridCase is what testdata/grid.mjs reads, gridAnswer what it writes.
type gridCase struct {
	Lon  float64 `json:"lon"`
	Lat  float64 `json:"lat"`
	Zone int     `json:"zone"`
	MGRS string  `json:"mgrs"`
}

type gridAnswer struct {
	MGRS  string     `json:"mgrs"`
	Point [2]float64 `json:"point"`
	XY    [2]float64 `json:"xy"`
}

func askNode(t *testing.T, cases []gridCase) []gridAnswer {
	t.Helper()
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "testdata/grid.mjs")
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node with the packages of package.json is needed for this test: %v\n%s", err, stderr.Bytes())
	}
	var answers []gridAnswer
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(cases) {
		t.Fatalf("%d answers to %d positions: %v", len(answers), len(cases), err)
	}
	return answers
}

// TestGridsAgainstNode compares with other people's code: metres on the grids
// with proj4, everywhere, poles included; references with the package mgrs, both
// ways. That one knows no UPS, so its comparison ends at 80°S and 84°N, and it
// rounds to the metre where the rules cut off, so that up to a metre each way
// lies between; at exactly 180°, where it takes zone 60, nothing is compared.
func TestGridsAgainstNode(t *testing.T) {
	rng := rand.New(rand.NewSource(7))
	var cases []gridCase
	add := func(lon, lat float64) {
		p := orb.Point{lon, lat}
		cases = append(cases, gridCase{lon, lat, zoneOf(p), strings.ReplaceAll(FormatMGRS(p, 5), " ", "")})
	}
	for range 4000 {
		add(rng.Float64()*360-180, rng.Float64()*180-90)
	}
	for range 1000 { // Norway and Svalbard
		add(rng.Float64()*14-1, 55+rng.Float64()*10)
		add(rng.Float64()*44-1, 71+rng.Float64()*14)
	}
	for range 300 { // the edges of zones and bands
		add(float64(rng.Intn(60))*6-180+rng.Float64()*1e-6, rng.Float64()*160-80)
		add(rng.Float64()*360-180, float64(rng.Intn(20))*8-80+rng.Float64()*1e-6)
	}
	worst := 0.0
	for i, a := range askNode(t, cases) {
		c := cases[i]
		p := orb.Point{c.Lon, c.Lat}
		g := gridOf(p)
		off := math.Hypot(g.east-a.XY[0], g.north-a.XY[1])
		worst = math.Max(worst, off)
		if !(off < 1e-5) {
			t.Errorf("%v zone %d: %.6f %.6f, proj4 has %.6f %.6f", p, c.Zone, g.east, g.north, a.XY[0], a.XY[1])
		}
		if c.Zone == 0 {
			continue
		}
		if err := sameReference(p, c.MGRS, a); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d positions, at most %.2g m from proj4", len(cases), worst)
}

// sameReference compares zone and band by letter, and the rest in metres.
func sameReference(p orb.Point, ours string, a gridAnswer) error {
	theirs := a.MGRS
	if strings.IndexByte("0123456789", theirs[1]) < 0 {
		theirs = "0" + theirs
	}
	if ours[:3] != theirs[:3] {
		return fmt.Errorf("%v is in zone %s, the package mgrs has %s", p, ours[:3], theirs[:3])
	}
	r, err := ReadPosition(theirs)
	if err != nil {
		return fmt.Errorf("%v: the reference %s of the package mgrs: %w", p, theirs, err)
	}
	if d := Distance(r.Geometry.(orb.Point), p); d > 1.42 {
		return fmt.Errorf("%v is %s, the package mgrs has %s: %.2f m", p, ours, theirs, d)
	}
	if d := Distance(orb.Point(a.Point), p); d > 0.72 {
		return fmt.Errorf("%v is %s, which the package mgrs reads as %v: %.2f m", p, ours, a.Point, d)
	}
	return nil
}
