package format

import (
	"math"

	"github.com/paulmach/orb"
)

// Box is the smallest box around points as they stand: nothing is wrapped at
// the antimeridian. Begin with EmptyBox.
type Box struct{ MinX, MinY, MaxX, MaxY float64 }

// EmptyBox holds nothing and meets nothing.
var EmptyBox = Box{MinX: math.Inf(1), MinY: math.Inf(1), MaxX: math.Inf(-1), MaxY: math.Inf(-1)}

// BoxOf is the box of a geometry.
func BoxOf(g orb.Geometry) Box {
	b := EmptyBox
	EachPoint(g, func(p orb.Point) { b.Extend(Box{p[0], p[1], p[0], p[1]}) })
	return b
}

// Empty tells whether the box holds no point.
func (b Box) Empty() bool { return b.MinX > b.MaxX }

// Extend makes the box hold another one too.
func (b *Box) Extend(o Box) {
	b.MinX, b.MinY = min(b.MinX, o.MinX), min(b.MinY, o.MinY)
	b.MaxX, b.MaxY = max(b.MaxX, o.MaxX), max(b.MaxY, o.MaxY)
}
