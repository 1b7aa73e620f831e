package geo

import (
	"fmt"
	"html"
	"math"
	"sort"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// charPx is about how wide a character of a 12 px label is.
const charPx = 7

// take marks px as occupied, a box about a point.
func (c *canvas) take(at orb.Point, w, h float64) {
	c.taken = append(c.taken, orb.Bound{Min: orb.Point{at[0] - w/2, at[1] - h/2}, Max: orb.Point{at[0] + w/2, at[1] + h/2}})
}

// free reports whether a box lies in the picture and on nothing.
func (c *canvas) free(b orb.Bound) bool {
	if b.Min[0] < 2 || b.Min[1] < 2 || b.Max[0] > c.w-2 || b.Max[1] > c.h-2 {
		return false
	}
	for _, t := range c.taken {
		if t.Intersects(b) {
			return false
		}
	}
	return true
}

// graticule draws meridians and parallels with their degrees at the left and
// the lower edge.
func (c *canvas) graticule() {
	box := c.reach()
	dLat, dLon := gridStep(box.Max[1]-box.Min[1]), gridStep((box.Max[0]-box.Min[0])/2)*2
	for lat := math.Ceil(box.Min[1]/dLat) * dLat; lat <= box.Max[1]; lat += dLat {
		line := densify([]orb.Point{{box.Min[0], lat}, {box.Max[0], lat}}, 1)
		c.line("c-grat", line)
		c.degreeLabel(line, fmt.Sprintf("%g°%s", math.Abs(lat), hemisphere(lat, "N", "S")), 0)
	}
	for lon := math.Ceil(box.Min[0]/dLon) * dLon; lon <= box.Max[0]; lon += dLon {
		line := densify([]orb.Point{{lon, math.Max(box.Min[1], -89)}, {lon, math.Min(box.Max[1], 89)}}, 1)
		c.line("c-grat", line)
		c.degreeLabel(line, fmt.Sprintf("%g°%s", math.Abs(lon), hemisphere(lon, "E", "W")), 1)
	}
}

func hemisphere(deg float64, positive, negative string) string {
	if deg < 0 {
		return negative
	}
	return positive
}

// gridStep gives four to eight lines over a span of degrees.
func gridStep(span float64) float64 {
	for _, step := range []float64{0.25, 0.5, 1, 2, 5, 10} {
		if span/step <= 7 {
			return step
		}
	}
	return 20
}

// degreeLabel writes a label where a line of the graticule crosses the left
// (axis 0) or the lower edge (axis 1).
func (c *canvas) degreeLabel(line []orb.Point, text string, axis int) {
	edge := []float64{0, c.h}[axis]
	for i := 1; i < len(line); i++ {
		a, b := c.px(line[i-1]), c.px(line[i])
		if (a[axis]-edge)*(b[axis]-edge) > 0 || a[axis] == b[axis] {
			continue
		}
		t := (edge - a[axis]) / (b[axis] - a[axis])
		at := orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
		w := float64(utf8.RuneCountInString(text)) * charPx
		spot := orb.Point{at[0] + 4, c.h - 6}
		if axis == 0 {
			spot = orb.Point{4, at[1] - 4}
		}
		label := orb.Bound{Min: orb.Point{spot[0], spot[1] - 10}, Max: orb.Point{spot[0] + w, spot[1] + 2}}
		if c.free(label) {
			c.taken = append(c.taken, label)
			fmt.Fprintf(c, `<text class="c-deg" x="%.1f" y="%.1f">%s</text>`, spot[0], spot[1], text)
		}
		return
	}
}

// scaleBar draws a bar of a round number of nautical miles, true in the middle
// of the picture.
func (c *canvas) scaleBar() {
	left, right := c.degrees(orb.Point{c.w/2 - 50, c.h / 2}), c.degrees(orb.Point{c.w/2 + 50, c.h / 2})
	perPx := DistanceNM(left, right) / 100
	nm := 1.0
	for _, step := range []float64{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if step/perPx <= math.Min(120, c.w/3) {
			nm = step
		}
	}
	w := nm / perPx
	x, y := 12.0, 24.0
	fmt.Fprintf(c, `<path class="c-bar" d="M%.1f %.1fv4h%.1fv-4"/><text class="c-bart" x="%.1f" y="%.1f">%g NM</text>`, x, y, w, x, y-4, nm)
	c.take(orb.Point{x + w/2, y - 6}, w+30, 28)
}

// seaOffsets are where a sea's name may stand, px from its label point.
var seaOffsets = []orb.Point{{0, 0}, {0, -20}, {0, 20}, {0, -40}, {0, 40}, {-30, -60}, {30, 60}, {0, -80}, {0, 80}, {-60, 0}, {60, 0}, {-60, -40}, {60, 40}, {-60, 40}, {60, -40}, {0, -120}, {0, 120}}

// seaNames writes the names of the waters that are in sight, moved aside where
// symbols stand on them.
func (c *canvas) seaNames(seas []Sea) {
	for _, s := range seas {
		label := c.px(s.Label)
		if !c.sees(label, 100) {
			continue
		}
		w := float64(utf8.RuneCountInString(s.Name)) * (charPx + 1)
		for _, o := range seaOffsets {
			at := orb.Point{label[0] + o[0], label[1] + o[1]}
			box := orb.Bound{Min: orb.Point{at[0] - w/2, at[1] - 12}, Max: orb.Point{at[0] + w/2, at[1] + 4}}
			if c.free(box) && (o == orb.Point{} || c.within(s, box)) {
				c.taken = append(c.taken, box)
				fmt.Fprintf(c, `<text class="c-sea" x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, at[0], at[1], html.EscapeString(s.Name))
				break
			}
		}
	}
}

// within tells whether both ends of a label lie on the sea that it names.
func (c *canvas) within(s Sea, label orb.Bound) bool {
	areas := box(s.Outline)
	y := (label.Min[1] + label.Max[1]) / 2
	return anyContains(areas, c.degrees(orb.Point{label.Min[0], y})) && anyContains(areas, c.degrees(orb.Point{label.Max[0], y}))
}

// placeRank puts the places that orient most first.
var placeRank = map[string]int{"city": 0, "air_base": 1, "island": 2, "cape": 3, "strait": 4, "installation": 5}

// placeNames writes the names of places where there is room, right or left of
// their dots; at most one in some 9,000 square px, since a full chart says less.
func (c *canvas) placeNames(places []Place) {
	list := append([]Place(nil), places...)
	sort.SliceStable(list, func(i, j int) bool { return placeRank[list[i].Kind] < placeRank[list[j].Kind] })
	left := int(c.w*c.h/9000) + 2
	for _, p := range list {
		at := c.px(p.Point)
		if left == 0 {
			return
		}
		if !c.sees(at, -8) {
			continue
		}
		w := float64(utf8.RuneCountInString(p.Name))*charPx + 4
		for _, side := range []float64{1, -1} {
			x := at[0] + 6
			if side < 0 {
				x = at[0] - 6 - w
			}
			box := orb.Bound{Min: orb.Point{math.Min(x, at[0]-3), at[1] - 8}, Max: orb.Point{math.Max(x+w, at[0]+3), at[1] + 8}}
			if !c.free(box) {
				continue
			}
			c.taken = append(c.taken, box)
			c.place(p, at, side)
			left--
			break
		}
	}
}

func (c *canvas) place(p Place, at orb.Point, side float64) {
	if p.Kind == "air_base" {
		fmt.Fprintf(c, `<path class="c-base" d="M%.1f %.1fh7m-3.5 -3.5v7"/>`, at[0]-3.5, at[1])
	} else {
		fmt.Fprintf(c, `<circle class="c-town" cx="%.1f" cy="%.1f" r="1.8"/>`, at[0], at[1])
	}
	anchor := "start"
	if side < 0 {
		anchor = "end"
	}
	fmt.Fprintf(c, `<text class="c-place" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, at[0]+side*6, at[1]+4, anchor, html.EscapeString(p.Name))
}
