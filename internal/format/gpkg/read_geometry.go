package gpkg

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"interceptlog/internal/format"
)

var errCut = errors.New("the geometry is cut")

// geometryOf reads a geometry with its header (OGC 12-128r17 §2.1.3). Nothing and
// an empty geometry are nil; heights and measures are left out.
func geometryOf(v any) (orb.Geometry, error) {
	if v == nil {
		return nil, nil
	}
	b, ok := v.([]byte)
	if !ok {
		return nil, errors.New("it is no geometry")
	}
	if len(b) < 8 || b[0] != 'G' || b[1] != 'P' || b[2] != 0 {
		return nil, errors.New("it is no geometry of a GeoPackage")
	}
	if b[3]&(1<<5) != 0 {
		return nil, errors.New("it is a geometry of an extension, which is not read")
	}
	envelope := []int{0, 32, 48, 48, 64}
	kind := int(b[3] >> 1 & 7)
	if kind >= len(envelope) {
		return nil, errors.New("its envelope is of no known type")
	}
	if len(b) < 8+envelope[kind] {
		return nil, errCut
	}
	d := decoder{b: b[8+envelope[kind]:], points: format.MaxPoints}
	g, err := d.geometry(0, 0)
	if err != nil {
		return nil, err
	}
	if g == nil || format.BoxOf(g).Empty() {
		return nil, nil
	}
	return g, nil
}

// maxDepth is how deep collections may lie in each other.
const maxDepth = 8

// decoder reads well-known binary; order and dimension are those of the geometry
// that it stands in.
type decoder struct {
	b      []byte
	order  binary.ByteOrder
	extra  int // numbers after x and y
	points int // that may still come
}

func (d *decoder) number() (uint32, error) {
	if len(d.b) < 4 {
		return 0, errCut
	}
	n := d.order.Uint32(d.b)
	d.b = d.b[4:]
	return n, nil
}

// count reads a number of things that take so many bytes each.
func (d *decoder) count(size int) (int, error) {
	n, err := d.number()
	if err == nil && int64(n)*int64(size) > int64(len(d.b)) {
		err = errCut
	}
	return int(n), err
}

// head reads byte order and type. Types with height and measure are 1000, 2000 and
// 3000 further (ISO 13249-3).
func (d *decoder) head() (kind uint32, err error) {
	if len(d.b) < 5 {
		return 0, errCut
	}
	switch d.b[0] {
	case 0:
		d.order = binary.BigEndian
	case 1:
		d.order = binary.LittleEndian
	default:
		return 0, errors.New("its byte order is unknown")
	}
	d.b = d.b[1:]
	kind, err = d.number()
	if kind >= 4000 {
		return 0, fmt.Errorf("geometries of type %d are not read", kind)
	}
	d.extra = []int{0, 1, 1, 2}[kind/1000]
	return kind % 1000, err
}

// geometry reads a geometry; want is the type that it must have, 0 is any. An
// empty point is nil.
func (d *decoder) geometry(want uint32, depth int) (orb.Geometry, error) {
	kind, err := d.head()
	if err != nil {
		return nil, err
	}
	if want != 0 && kind != want {
		return nil, fmt.Errorf("a part has type %d, not %d", kind, want)
	}
	switch kind {
	case wkbPoint:
		return d.point()
	case wkbLineString:
		p, err := d.line()
		return orb.LineString(p), err
	case wkbPolygon:
		return d.polygon()
	case wkbMultiPoint:
		return parts[orb.MultiPoint](d, wkbPoint, depth)
	case wkbMultiLineString:
		return parts[orb.MultiLineString](d, wkbLineString, depth)
	case wkbMultiPolygon:
		return parts[orb.MultiPolygon](d, wkbPolygon, depth)
	case wkbCollection:
		return parts[orb.Collection](d, 0, depth)
	}
	return nil, fmt.Errorf("geometries of type %d are not read", kind)
}

// parts reads the geometries that one consists of; empty points are left out.
func parts[S interface {
	orb.Geometry
	~[]G
}, G orb.Geometry](d *decoder, want uint32, depth int) (orb.Geometry, error) {
	if depth >= maxDepth {
		return nil, fmt.Errorf("collections lie more than %d deep in each other", maxDepth)
	}
	n, err := d.count(9) // the least that a part takes
	if err != nil {
		return nil, err
	}
	var out S
	for range n {
		g, err := d.geometry(want, depth+1)
		if err != nil {
			return nil, err
		}
		if part, ok := g.(G); ok {
			out = append(out, part)
		}
	}
	return out, nil
}

// point reads a point; one of NaN is empty (§2.1.3.1.2).
func (d *decoder) point() (orb.Geometry, error) {
	size := 8 * (2 + d.extra)
	if len(d.b) < size {
		return nil, errCut
	}
	x, y := math.Float64frombits(d.order.Uint64(d.b)), math.Float64frombits(d.order.Uint64(d.b[8:]))
	d.b = d.b[size:]
	if math.IsNaN(x) && math.IsNaN(y) {
		return nil, nil
	}
	if d.points--; d.points < 0 {
		return nil, errPoints
	}
	p := orb.Point{x, y}
	if !format.FinitePoints(p) {
		return nil, errors.New("a coordinate is no finite number")
	}
	return p, nil
}

var errPoints = fmt.Errorf("the geometry has more than %d points", format.MaxPoints)

// line reads the points of a line or ring.
func (d *decoder) line() ([]orb.Point, error) {
	size := 8 * (2 + d.extra)
	n, err := d.count(size)
	if err != nil {
		return nil, err
	}
	if d.points -= n; d.points < 0 {
		return nil, errPoints
	}
	points := make([]orb.Point, n)
	for i := range points {
		points[i] = orb.Point{math.Float64frombits(d.order.Uint64(d.b)), math.Float64frombits(d.order.Uint64(d.b[8:]))}
		d.b = d.b[size:]
	}
	if !format.FinitePoints(orb.LineString(points)) {
		return nil, errors.New("a coordinate is no finite number")
	}
	return points, nil
}

func (d *decoder) polygon() (orb.Geometry, error) {
	n, err := d.count(4)
	if err != nil {
		return nil, err
	}
	var out orb.Polygon
	for range n {
		r, err := d.line()
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}
