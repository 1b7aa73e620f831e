package geo

import (
	"testing"

	"github.com/paulmach/orb"
)

// fuzzGrid wants no panic, a valid geometry, and that what is written of it in
// the same notation reads as the same place.
func fuzzGrid(f *testing.F, read func(tidy, typed string) (position, error), seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := read(tidyText(text), text)
		if err != nil {
			if e, ok := err.(*PositionError); !ok || e.Msg == "" || len(e.Error()) > 700 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if err := Validate(p.point); err != nil {
			t.Fatalf("%q was read as %v: %v", text, p.point, err)
		}
		written := FormatPoint(p.point, p.notation)
		r, err := ReadPosition(written)
		if err != nil {
			t.Fatalf("%q was read as %v, written %q: %v", text, p.point, written, err)
		}
		if d := Distance(p.point, r.Geometry.(orb.Point)); d > 14 {
			t.Fatalf("%q was read as %v, written %q, %v m off", text, p.point, written, d)
		}
	})
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
