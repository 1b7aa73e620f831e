package geo

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"math"

	"github.com/paulmach/orb"
)

// Mark is one thing on a drawn map.
type Mark struct {
	ID, Href, Title string // Title is what a screen reader says
	Geometry        orb.Geometry
	UncertaintyNM   float64 // radius of the ring, nautical miles; 0: none
	Inferred        bool    // the place was concluded, not stated: dotted
	Symbol          string  // id of a <symbol> of the page, "sev-high_risk"
	Frame           string  // "late", "due", "tried", "vain" (tried, no longer open) or ""
	Under           string  // bar under the symbol: "followed", "followed_late", "not_known" or ""
	Label           string
	Current         bool // the one that the page is about
}

// MapDrawing is a map to be drawn as inline SVG. Colours come from the page's
// stylesheet (classes c-*); nothing in it is styled inline.
type MapDrawing struct {
	Region        Region       // gives the projection, and the view when View is nil
	View          *orb.Bound   // degrees
	Width, Height int          // CSS px, drawn 1:1
	Marks         []Mark       // the most important first
	Was           orb.Geometry // where the one that the page is about was before: dotted, beneath; nil: nothing
	Graticule, Territorial, Outline,
	Places, SeaNames, ScaleBar bool
	Title string // of the drawing, for those who do not see it
	ID    string // prefix of the ids in it
}

// symbolPx is the size of a mark's symbol.
const symbolPx = 16

// canvas is a map under way: the way from degrees to px, and what is drawn.
type canvas struct {
	bytes.Buffer
	projection Projection
	origin     orb.Point // projected metres at the middle of the picture
	scale      float64   // metres a px
	w, h       float64
	taken      []orb.Bound // px that a label or symbol occupies
}

// DrawMap writes the map as one <svg> element.
func (a *Atlas) DrawMap(w io.Writer, d MapDrawing) error {
	view := d.Region.View
	if d.View != nil {
		view = *d.View
	}
	c := newCanvas(d.Region.Projection, view, float64(d.Width), float64(d.Height))
	role := "img"
	for _, m := range d.Marks {
		if m.Href != "" {
			role = "group"
		}
	}
	fmt.Fprintf(c, `<svg class="chart" role="%s" aria-label="%s" width="%d" height="%d" viewBox="0 0 %d %d">`, role, html.EscapeString(d.Title), d.Width, d.Height, d.Width, d.Height)
	fmt.Fprintf(c, `<rect class="c-water" width="%d" height="%d"/>`, d.Width, d.Height)
	c.areas("c-land", a.land)
	if d.ScaleBar {
		c.scaleBar()
	}
	if d.Graticule {
		c.graticule()
	}
	if d.Territorial {
		for _, band := range a.territorial {
			if d.Region.ID != "" && band.Region != d.Region.ID {
				continue
			}
			c.areas("c-zone", spreadAreas(band.Area))
		}
	}
	if d.Outline {
		c.areas("c-infer", spreadAreas(d.Region.Outline))
	}
	c.was(d.Was, d.Marks)
	c.rings(d.Marks)
	spots := c.spots(d.Marks)
	for _, s := range spots {
		c.take(s.at, symbolPx+4, symbolPx+4)
	}
	if d.SeaNames {
		c.seaNames(a.seas)
	}
	if d.Places {
		c.placeNames(a.places)
	}
	for i := len(spots) - 1; i >= 0; i-- {
		c.symbol(spots[i])
	}
	fmt.Fprintf(c, `<rect class="c-frame" x="0.5" y="0.5" width="%d" height="%d"/></svg>`, d.Width-1, d.Height-1)
	_, err := w.Write(c.Bytes())
	return err
}

// newCanvas fits a box of degrees into a picture, its middle in the middle.
func newCanvas(p Projection, view orb.Bound, w, h float64) *canvas {
	edge := densify(view.ToRing(), 1)
	box := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, q := range edge {
		xy := p.Forward(q)
		box.Min = orb.Point{math.Min(box.Min[0], xy[0]), math.Min(box.Min[1], xy[1])}
		box.Max = orb.Point{math.Max(box.Max[0], xy[0]), math.Max(box.Max[1], xy[1])}
	}
	scale := math.Max((box.Max[0]-box.Min[0])/w, (box.Max[1]-box.Min[1])/h)
	return &canvas{projection: p, origin: box.Center(), scale: math.Max(scale, 1), w: w, h: h}
}

// px is where a point in degrees lies on the picture.
func (c *canvas) px(p orb.Point) orb.Point {
	xy := c.projection.Forward(p)
	return orb.Point{c.w/2 + (xy[0]-c.origin[0])/c.scale, c.h/2 - (xy[1]-c.origin[1])/c.scale}
}

// degrees is the inverse of px.
func (c *canvas) degrees(p orb.Point) orb.Point {
	return c.projection.Inverse(orb.Point{c.origin[0] + (p[0]-c.w/2)*c.scale, c.origin[1] - (p[1]-c.h/2)*c.scale})
}

func (c *canvas) sees(p orb.Point, margin float64) bool {
	return p[0] >= -margin && p[1] >= -margin && p[0] <= c.w+margin && p[1] <= c.h+margin
}

// rings draws what lies under the symbols: how well a place is known, tracks
// and areas.
func (c *canvas) rings(marks []Mark) {
	for _, m := range marks {
		if m.Geometry == nil {
			continue
		}
		if m.UncertaintyNM > 0 && (m.Current || m.Inferred || len(marks) <= 12) {
			ring := Circle(Representative(m.Geometry), m.UncertaintyNM, 72)
			class := "c-unc"
			if m.Inferred {
				class = "c-infer"
			}
			if m.Current {
				c.path("c-uncf", c.clipRing(ring), true)
			}
			c.path(class, c.clipRing(ring), true)
		}
		switch g := m.Geometry.(type) {
		case orb.LineString:
			c.track(g)
		case orb.Polygon:
			c.area("c-track c-area", g)
		}
	}
}

// wasPx is the radius of the ring where a point was.
const wasPx = 9

// was draws where something was, under where it is, and a line from the one
// point to the other.
func (c *canvas) was(g orb.Geometry, marks []Mark) {
	if g == nil {
		return
	}
	switch g := g.(type) {
	case orb.LineString:
		c.line("c-was", unwrapLine(g))
	case orb.Polygon:
		c.area("c-was", g)
	}
	at := c.px(Representative(g))
	fmt.Fprintf(c, `<circle class="c-was" cx="%.1f" cy="%.1f" r="%d"/><path class="c-was" d="M%.1f %.1fh8m-4 -4v8"/>`, at[0], at[1], wasPx, at[0]-4, at[1])
	for _, m := range marks {
		if m.Current && m.Geometry != nil {
			c.path("c-moved", []orb.Point{at, c.px(Representative(m.Geometry))}, false)
		}
	}
}

// spot is a mark with its place on the picture; more than one mark may share
// it, and then count says how many.
type spot struct {
	Mark
	at    orb.Point
	count int
}

// crowd is how many symbols may stand round one place; more become a figure.
const crowd = 6

// spots places the symbols so that none hides another: those that would stand
// on one place go round it, and where there are too many the first of them
// stands for all, with their number.
func (c *canvas) spots(marks []Mark) []spot {
	var groups [][]spot
	for _, m := range marks {
		if m.Geometry == nil {
			continue
		}
		at := c.px(Representative(m.Geometry))
		if !c.sees(at, 0) {
			continue
		}
		s := spot{Mark: m, at: at, count: 1}
		joined := false
		for i, g := range groups {
			if math.Hypot(g[0].at[0]-at[0], g[0].at[1]-at[1]) < symbolPx-2 {
				groups[i], joined = append(g, s), true
				break
			}
		}
		if !joined {
			groups = append(groups, []spot{s})
		}
	}
	var out []spot
	for _, g := range groups {
		out = append(out, ringed(g)...)
	}
	return c.settle(out)
}

func ringed(group []spot) []spot {
	switch n := len(group); {
	case n == 1:
		return group
	case n > crowd:
		group[0].count = n
		return group[:1]
	default:
		centre := group[0].at
		radius := math.Max(10, float64(n)*3.2)
		for i := range group {
			angle := 2*math.Pi*float64(i)/float64(n) - math.Pi/2
			group[i].at = orb.Point{centre[0] + radius*math.Cos(angle), centre[1] + radius*math.Sin(angle)}
		}
		return group
	}
}

// bars say under a symbol whether a call followed: whole in time, broken late,
// dots where nobody knows.
var bars = map[string]string{"followed": "h16", "followed_late": "h6m4 0h6", "not_known": "m2 0h2m3 0h2m3 0h2"}

// symbol draws one mark: frame, glyph, bar, figure, label.
func (c *canvas) symbol(s spot) {
	title := s.Title
	if s.count > 1 {
		title = fmt.Sprintf("%d in one place, the first: %s", s.count, s.Title)
	}
	if s.Href != "" {
		fmt.Fprintf(c, `<a href="%s" aria-label="%s" data-id="%s">`, html.EscapeString(s.Href), html.EscapeString(title), html.EscapeString(s.ID))
	}
	class := map[string]string{"late": " late", "tried": " late", "due": " due"}[s.Frame]
	fmt.Fprintf(c, `<g class="c-sym%s" data-mark="%s"><title>%s</title>`, class, html.EscapeString(s.ID), html.EscapeString(title))
	x, y := s.at[0]-symbolPx/2, s.at[1]-symbolPx/2
	switch s.Frame {
	case "late":
		fmt.Fprintf(c, `<rect class="c-blk" x="%.1f" y="%.1f" width="22" height="22"/>`, x-3, y-3)
	case "tried", "vain":
		fmt.Fprintf(c, `<rect class="c-frm %s" x="%.1f" y="%.1f" width="22" height="22"/>`, s.Frame, x-3, y-3)
	case "due":
		fmt.Fprintf(c, `<rect class="c-frm" x="%.1f" y="%.1f" width="22" height="22"/>`, x-3, y-3)
	default:
		fmt.Fprintf(c, `<circle class="c-halo" cx="%.1f" cy="%.1f" r="9"/>`, s.at[0], s.at[1])
	}
	tried := ""
	if s.Frame == "tried" {
		tried = ` class="tried"`
	}
	fmt.Fprintf(c, `<use%s href="#%s" x="%.1f" y="%.1f" width="%d" height="%d"/>`, tried, html.EscapeString(s.Symbol), x, y, symbolPx, symbolPx)
	if bar := bars[s.Under]; bar != "" {
		fmt.Fprintf(c, `<path class="c-under" d="M%.1f %.1f%s"/>`, x, y+symbolPx+3, bar)
	}
	if s.Current {
		fmt.Fprintf(c, `<circle class="c-sel" cx="%.1f" cy="%.1f" r="14"/>`, s.at[0], s.at[1])
	}
	c.WriteString("</g>")
	if s.count > 1 {
		fmt.Fprintf(c, `<text class="c-cnt" x="%.1f" y="%.1f">%d</text>`, s.at[0]+11, s.at[1]-4, s.count)
	}
	if s.Label != "" {
		fmt.Fprintf(c, `<text class="c-call" x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, s.at[0], s.at[1]-20, html.EscapeString(s.Label))
	}
	if s.Href != "" {
		c.WriteString("</a>")
	}
}
