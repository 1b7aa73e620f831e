package geo

import (
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// line draws a line of points in degrees as far as it is in sight.
func (c *canvas) line(class string, points []orb.Point) {
	c.shape(class, c.clipLine(points), false)
}

// arrowPx is how long the head of a track is.
const arrowPx = 9

// track draws a line with an arrow head where it ends, if that is in sight.
func (c *canvas) track(l orb.LineString) {
	pieces := c.clipLine(unwrapLine(l))
	c.shape("c-track", pieces, false)
	if len(pieces) == 0 || !c.sees(c.px(l[len(l)-1]), 0) {
		return
	}
	last := pieces[len(pieces)-1]
	from, tip := last[len(last)-2], last[len(last)-1]
	sin, cos := math.Sincos(math.Atan2(tip[1]-from[1], tip[0]-from[0]))
	head := []orb.Point{tip}
	for _, side := range []float64{1, -1} {
		back, out := -arrowPx, side*arrowPx*0.45
		head = append(head, orb.Point{tip[0] + float64(back)*cos - out*sin, tip[1] + float64(back)*sin + out*cos})
	}
	c.shape("c-track c-arrow", [][]orb.Point{head}, true)
}

// area draws an area of a mark.
func (c *canvas) area(class string, p orb.Polygon) {
	unwrapped := make(orb.Polygon, len(p))
	for i, r := range p {
		unwrapped[i] = unwrapRing(r)
	}
	c.areas(class, orb.MultiPolygon{unwrapped})
}

// path draws one line or ring of points in px.
func (c *canvas) path(class string, points []orb.Point, closed bool) {
	c.shape(class, [][]orb.Point{points}, closed)
}

// shape draws lines or rings in px as one path, in tenths of a px and from
// point to point, which is the shortest way to write them.
func (c *canvas) shape(class string, lines [][]orb.Point, closed bool) {
	var d []byte
	for _, line := range lines {
		d = appendLine(d, line, closed)
	}
	if len(d) == 0 {
		return
	}
	rule := ""
	if closed && len(lines) > 1 {
		rule = ` fill-rule="evenodd"`
	}
	fmt.Fprintf(c, `<path class="%s"%s d="%s"/>`, class, rule, d)
}

// appendLine writes one subpath; a line that is less than a tenth of a px long
// is left out.
func appendLine(d []byte, line []orb.Point, closed bool) []byte {
	start := len(d)
	var at [2]int
	steps := 0
	for i, p := range line {
		to := [2]int{int(math.Round(p[0] * 10)), int(math.Round(p[1] * 10))}
		switch {
		case i == 0:
			d = appendTenths(append(d, 'M'), to[0], false)
			d = appendTenths(d, to[1], true)
		case to == at:
			continue
		default:
			if steps == 0 {
				d = append(d, 'l')
			}
			d = appendTenths(d, to[0]-at[0], steps > 0)
			d = appendTenths(d, to[1]-at[1], true)
			steps++
		}
		at = to
	}
	if steps == 0 {
		return d[:start]
	}
	if closed {
		d = append(d, 'z')
	}
	return d
}

// appendTenths writes a number of tenths, with a space before it where the one
// before it would run on.
func appendTenths(d []byte, n int, follows bool) []byte {
	switch {
	case n < 0:
		d, n = append(d, '-'), -n
	case follows:
		d = append(d, ' ')
	}
	if n < 10 && n > 0 {
		return append(d, '.', byte('0'+n))
	}
	d = strconv.AppendInt(d, int64(n/10), 10)
	if n%10 > 0 {
		d = append(d, '.', byte('0'+n%10))
	}
	return d
}
