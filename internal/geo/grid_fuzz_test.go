package geo

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/paulmach/orb"
)

// fuzzGrid wants no panic, a valid geometry, and that what is written of it in
// the same notation reads as the same place.
func fuzzGrid(f *testing.F, read func(tidy, typed string) (position, error), seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { checkGridRead(t, read, text) })
}

// checkGridRead tells whether a text was read.
func checkGridRead(t *testing.T, read func(tidy, typed string) (position, error), text string) bool {
	t.Helper()
	p, err := read(tidyText(text), text)
	if err != nil {
		if e, ok := err.(*PositionError); !ok || e.Msg == "" || len(e.Error()) > 700 {
			t.Fatalf("%q: %v", text, err)
		}
		return false
	}
	if err := Validate(p.point); err != nil {
		t.Fatalf("%q was read as %v: %v", text, p.point, err)
	}
	within := 0.72
	if p.notation == "georef" {
		within = 14
	}
	written := FormatPoint(p.point, p.notation)
	r, err := ReadPosition(written)
	if err != nil {
		t.Fatalf("%q was read as %v, written %q: %v", text, p.point, written, err)
	}
	if d := Distance(p.point, r.Geometry.(orb.Point)); d > within {
		t.Fatalf("%q was read as %v, written %q, %v m off", text, p.point, written, d)
	}
	return true
}

// Texts that look right, which a fuzzer seldom hits on: any zone, any letters,
// any figures.
func TestGridGrammar(t *testing.T) {
	rng := rand.New(rand.NewSource(5))
	letter := func(from string) byte { return from[rng.Intn(len(from))] }
	const all = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	figures := func(n int) string {
		return fmt.Sprintf("%0*d", n, rng.Intn(int(math.Pow10(n))))[:n]
	}
	kinds := []struct {
		name string
		read func(tidy, typed string) (position, error)
		text func() string
	}{
		{"MGRS", readMGRS, func() string {
			n := rng.Intn(6)
			return fmt.Sprintf("%d%c%c%c", 1+rng.Intn(60), letter(bandLetters), letter(all), letter(mgrsRows)) + figures(n) + figures(n)
		}},
		{"polar MGRS", readMGRS, func() string {
			n := rng.Intn(6)
			return fmt.Sprintf("%c%c%c", letter("ABYZ"), letter(all), letter(all)) + figures(n) + figures(n)
		}},
		{"UTM", readUTM, func() string {
			return fmt.Sprintf("%d%c %d %d", 1+rng.Intn(60), letter(bandLetters), 100_000+rng.Intn(800_000), rng.Intn(10_000_001))
		}},
		{"hemispheres", readUTM, func() string {
			return fmt.Sprintf("%d %s %d.%d %d", 1+rng.Intn(60), []string{"north", "south"}[rng.Intn(2)], 100_000+rng.Intn(800_000), rng.Intn(10), rng.Intn(10_000_001))
		}},
		{"UPS", readUTM, func() string {
			return fmt.Sprintf("%c %d %d.%d", letter("ABYZ"), 700_000+rng.Intn(2_600_000), 700_000+rng.Intn(2_600_000), rng.Intn(100))
		}},
		{"GEOREF", readGEOREF, func() string {
			n := 2 + rng.Intn(4)
			return fmt.Sprintf("%c%c%c%c", letter(georefEast), letter(georefNorth), letter(georefDegree), letter(georefDegree)) + figures(n) + figures(n)
		}},
	}
	for _, kind := range kinds {
		read := 0
		for range 20_000 {
			if checkGridRead(t, kind.read, kind.text()) {
				read++
			}
		}
		t.Logf("%s: %d of 20000 read", kind.name, read)
		if read < 100 || read == 20_000 {
			t.Errorf("%s: %d of 20000 read", kind.name, read)
		}
	}
}

func FuzzReadMGRS(f *testing.F) {
	fuzzGrid(f, readMGRS, "34V FL 12345 67890", "33U VP", "ZAH1234567890", "BAN 00 00", "31X DA 1 2", "60C WS", "01M AA 0000000000", "MGRS 34V-FL")
}

func FuzzReadUTM(f *testing.F) {
	fuzzGrid(f, readUTM, "34V 482000 6532000", "UTM zone 34 N 482000.5mE, 6532000mN", "34S 482000 4000000", "Z 2000000 2000000", "UPS south 1 2", "1 south 500000 10000000", "31M 100000 9999999.9999")
}

func FuzzReadGEOREF(f *testing.F) {
	fuzzGrid(f, readGEOREF, "MKML5056", "GEOREF ZMQQ5959959959", "GEOREF AAAA0000", "GEOREF MK", "NMAQ00005999", "AA AA 1234 5678")
}
