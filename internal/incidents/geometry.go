package incidents

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
)

// MarshalJSON writes the shape as a GeoJSON geometry, null for none, whole even
// over the antimeridian: what is kept must be read back. Exports cut it.
func (g Geometry) MarshalJSON() ([]byte, error) { return geo.AppendWhole(nil, g.Geometry), nil }

// UnmarshalJSON reads a GeoJSON geometry or null.
func (g *Geometry) UnmarshalJSON(raw []byte) error {
	shape, err := geo.ParseGeometry(raw)
	if err != nil {
		return err
	}
	g.Geometry = shape
	return nil
}

// Derive works out what geography says of a record. The region that counts is
// the record's own when it states one, otherwise the geometry's.
func Derive(a *geo.Atlas, rec *Record) Place {
	p := Place{Region: rec.Region}
	if rec.Geometry.IsNone() {
		return p
	}
	g := rec.Geometry.Geometry
	p.GeometryRegion = a.RegionOf(g)
	if p.Region == "" {
		p.Region = p.GeometryRegion
	}
	p.Sea = a.SubArea(g)
	coast := roundTo(a.CoastDistanceNM(g), 0.1)
	p.CoastNM = &coast
	p.Within12NM, _ = a.Within12NM(g)
	p.Near = near(a, g)
	return p
}

// near says where the geometry lies from the nearest place with a name:
// "35 NM NE of Gotland".
func near(a *geo.Atlas, g orb.Geometry) string {
	place, bearing, nm := a.NearestPlace(geo.Representative(g))
	if place.Name == "" {
		return ""
	}
	if nm < 1 {
		return place.Name
	}
	return fmt.Sprintf("%.0f NM %s of %s", nm, geo.Compass(bearing), place.Name)
}

func roundTo(x, step float64) float64 { return math.Round(x/step) / (1 / step) }
