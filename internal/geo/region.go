package geo

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// Outside is RegionOf's answer for what lies in none of the regions.
const Outside = "outside"

// regionOrder is how regions are listed, and the product's own projections. For
// the Baltic this is the layer's projection_alt: map pages are centred on the
// sea, where EPSG:3035, centred at 10°E, would turn north by some 8 degrees.
var regionOrder = []struct {
	id         string
	projection Projection
}{
	{"baltic", LAEA(59, 19.5, 0, 0, "ILOG:BALTIC")},
	{"norwegian", LAEA(70, 10, 0, 0, "ILOG:NORWEGIAN")},
	{"black", LAEA(43.5, 34.5, 0, 0, "ILOG:BLACK")},
}

func (a *Atlas) readRegions() error {
	layer, err := readLayer[struct {
		Name           string
		ShortName      string     `json:"short_name"`
		LabelLon       float64    `json:"label_lon"`
		LabelLat       float64    `json:"label_lat"`
		View           [4]float64 `json:"view_bbox"`
		FIRs           []string
		AirCommand     []string `json:"air_command"`
		ControlCentres []string `json:"control_centres"`
		Area           float64  `json:"area_km2"`
		Definition     string
		Source         string
	}]("regions", regionsJSON)
	if err != nil {
		return err
	}
	for _, want := range regionOrder {
		for _, f := range layer {
			if p := f.Properties; f.ID == want.id {
				a.regions = append(a.regions, Region{
					ID: f.ID, Name: p.Name, ShortName: p.ShortName,
					Label:   orb.Point{p.LabelLon, p.LabelLat},
					View:    orb.Bound{Min: orb.Point{p.View[0], p.View[1]}, Max: orb.Point{p.View[2], p.View[3]}},
					Outline: f.geometry, FIRs: p.FIRs, AirCommand: p.AirCommand, ControlCentres: p.ControlCentres,
					Definition: p.Definition, Source: p.Source, AreaKM2: p.Area, Projection: want.projection,
				})
				a.regionAreas = append(a.regionAreas, box(f.geometry))
			}
		}
	}
	if len(a.regions) != len(regionOrder) {
		return fmt.Errorf("%d regions, not %d", len(a.regions), len(regionOrder))
	}
	return nil
}

func (a *Atlas) readSeas() error {
	layer, err := readLayer[struct {
		Name, Region string
		LabelLon     float64 `json:"label_lon"`
		LabelLat     float64 `json:"label_lat"`
	}]("seas", seasJSON)
	if err != nil {
		return err
	}
	for _, f := range layer {
		p := f.Properties
		a.seas = append(a.seas, Sea{f.ID, p.Name, p.Region, orb.Point{p.LabelLon, p.LabelLat}, f.geometry})
		a.seaAreas = append(a.seaAreas, box(f.geometry))
	}
	return nil
}

// Regions are the three regions: baltic, norwegian, black.
func (a *Atlas) Regions() []Region { return a.regions }

// Region finds a region by its id.
func (a *Atlas) Region(id string) (Region, bool) {
	i := slices.IndexFunc(a.regions, func(r Region) bool { return r.ID == id })
	if i < 0 {
		return Region{}, false
	}
	return a.regions[i], true
}

// Seas are the nine sea areas.
func (a *Atlas) Seas() []Sea { return a.seas }

// RegionOf is the id of the region that a geometry lies in, Outside for none and
// empty for no geometry. A track or area belongs to the region that holds most
// of it, even when more still lies in no region; the first point breaks ties.
func (a *Atlas) RegionOf(g orb.Geometry) string {
	points := samples(g)
	if len(points) == 0 {
		return ""
	}
	held := make([]int, len(a.regions))
	first := -1
	for i, p := range points {
		r := a.regionAt(p)
		if r < 0 {
			continue
		}
		held[r]++
		if i == 0 {
			first = r
		}
	}
	best := -1
	for r, n := range held {
		if n > 0 && (best < 0 || n > held[best] || n == held[best] && r == first) {
			best = r
		}
	}
	if best < 0 {
		return Outside
	}
	return a.regions[best].ID
}

// regionAt is the index of the region at a point, or -1.
func (a *Atlas) regionAt(p orb.Point) int {
	return slices.IndexFunc(a.regionAreas, func(areas []boxed) bool { return anyContains(areas, p) })
}

// SubArea is the name of the S-23 sea that a geometry's representative point
// lies in, empty on land and in seas that the atlas lacks.
func (a *Atlas) SubArea(g orb.Geometry) string {
	if g == nil {
		return ""
	}
	p := Representative(g)
	i := slices.IndexFunc(a.seaAreas, func(areas []boxed) bool { return anyContains(areas, p) })
	if i < 0 {
		return ""
	}
	return a.seas[i].Name
}

// sampleStep is the distance between samples along a side, degrees of latitude
// (about 15 NM).
const sampleStep = 0.25

// samples stand for a geometry in a count: points along its lines, and for
// areas a grid over the inside. The first is the geometry's first point.
func samples(g orb.Geometry) []orb.Point {
	var out []orb.Point
	for _, path := range paths(g) {
		out = append(out, densify(path, sampleStep)...)
	}
	const grid = 16
	for _, area := range box(g) {
		size := orb.Point{area.box.Max[0] - area.box.Min[0], area.box.Max[1] - area.box.Min[1]}
		for i := range grid * grid {
			p := orb.Point{
				area.box.Min[0] + size[0]*(float64(i%grid)+.5)/grid,
				area.box.Min[1] + size[1]*(float64(i/grid)+.5)/grid,
			}
			if polygonContains(area.polygon, p) {
				out = append(out, p)
			}
		}
	}
	for i := range out {
		out[i][0] = halfCircle(out[i][0])
	}
	return out
}
