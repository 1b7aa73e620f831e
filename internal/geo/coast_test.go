package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// The tree of spheres finds what looking at every side of the coast finds.
func TestCoastIsFoundAsByEverySide(t *testing.T) {
	a := Default()
	rnd := rand.New(rand.NewPCG(5, 11))
	land := 0
	for i := range 200 {
		from := orb.Point{-30 + 80*rnd.Float64(), 35 + 45*rnd.Float64()}
		if i%8 == 7 { // near a coast
			from = a.coast.sides[rnd.IntN(len(a.coast.sides))].a
		}
		to := from
		if i%2 == 1 {
			to = orb.Point{from[0] + rnd.Float64() - 0.5, from[1] + rnd.Float64() - 0.5}
		}
		got, want := nearest{gap: math.Inf(1)}, nearest{gap: math.Inf(1)}
		a.coast.search(from, to, &got)
		a.coast.searchSides(a.coast.sides, side{from, to, toSpace(from), toSpace(to)}, &want)
		if got.touching != want.touching || !want.touching && (got.gap != want.gap || DistanceNM(got.coast, want.coast) > 1e-6) {
			t.Errorf("%v to %v: %v m, touching %v; by every side %v m, %v", from, to, got.gap, got.touching, want.gap, want.touching)
		}
		if want.touching {
			land++
		}
	}
	if land < 10 || land > 100 {
		t.Errorf("%d of 200 touch the coast: too few or too many to prove much", land)
	}
}

// Bands of latitude change no answer.
func TestBandsAnswerAsEverySide(t *testing.T) {
	a := Default()
	rnd := rand.New(rand.NewPCG(7, 13))
	banded, inside := 0, 0
	for _, b := range a.landAreas {
		if b.bands == nil {
			continue
		}
		banded++
		try := func(p orb.Point) {
			got, want := b.contains(p), b.box.Contains(p) && polygonContains(b.polygon, p)
			if got != want {
				t.Errorf("%v: %v, by every side %v", p, got, want)
			}
			if want {
				inside++
			}
		}
		size := b.box.Max.Point()
		for range 60 {
			try(orb.Point{b.box.Min[0] + rnd.Float64()*(size[0]-b.box.Min[0]), b.box.Min[1] + rnd.Float64()*(size[1]-b.box.Min[1])})
			v := b.polygon[0][rnd.IntN(len(b.polygon[0]))]
			try(orb.Point{v[0] - 0.01, v[1]}) // at the latitude of a vertex
		}
		for k := range b.bands { // on the edges of bands
			try(orb.Point{(b.box.Min[0] + size[0]) / 2, b.box.Min[1] + float64(k)/float64(len(b.bands))*(size[1]-b.box.Min[1])})
		}
	}
	if banded < 20 || inside < 100 {
		t.Errorf("%d polygons with bands, %d points inside", banded, inside)
	}
}
