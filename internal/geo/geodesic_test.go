package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

func TestGeodesicEdges(t *testing.T) {
	const quarter = 10001965.729 // metres from equator to pole on WGS84
	tests := []struct {
		name   string
		a, b   orb.Point
		metres float64
	}{
		{"same point", orb.Point{20, 60}, orb.Point{20, 60}, 0},
		{"equator to pole", orb.Point{0, 0}, orb.Point{77, 90}, quarter},
		{"pole to pole", orb.Point{0, 90}, orb.Point{0, -90}, 2 * quarter},
		{"antipodes", orb.Point{0, 0}, orb.Point{180, 0}, 2 * quarter},
		{"over the date line", orb.Point{179, 0}, orb.Point{-179, 0}, 222638.982},
	}
	for _, tt := range tests {
		if d := Distance(tt.a, tt.b); math.Abs(d-tt.metres) > 0.01 {
			t.Errorf("%s: %.3f m, want %.3f", tt.name, d, tt.metres)
		}
	}
}

func TestCircle(t *testing.T) {
	for _, p := range []orb.Point{{20, 60}, {179.9, 10}, {0, 0}} {
		ring := Circle(p, 25, 72)
		if ring[0] != ring[len(ring)-1] || signedArea(ring) <= 0 {
			t.Errorf("Circle(%v) is not closed and anticlockwise", p)
		}
		for _, q := range ring {
			if d := DistanceNM(p, q); math.Abs(d-25) > 1e-6 {
				t.Fatalf("Circle(%v) has a corner at %.7f NM", p, d)
			}
		}
	}
}
