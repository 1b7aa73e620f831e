package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// MaxPositions is the most positions that one geometry may have.
const MaxPositions = 10000

// GeometryError is what is wrong with a geometry, and where.
type GeometryError struct {
	Path string // "coordinates[3][1]", or empty for the whole
	Msg  string // what was wrong and what is accepted
}

// Error puts the path before the message.
func (e *GeometryError) Error() string {
	if e.Path == "" {
		return e.Msg
	}
	return e.Path + ": " + e.Msg
}

const acceptedTypes = "Accepted are Point, LineString and Polygon."

// ParseGeometry reads a GeoJSON geometry: a Point, a LineString or a Polygon
// with positions of longitude, latitude and perhaps a height, which is left
// out; null is no geometry. What it returns passes Validate.
func ParseGeometry(raw []byte) (orb.Geometry, error) {
	g, err := ParsePlane(raw)
	if err != nil {
		return nil, err
	}
	if err := Validate(g); err != nil {
		return nil, err
	}
	return g, nil
}

// ParsePlane reads a geometry as ParseGeometry does, in whatever coordinates it
// has: those of a projection, or latitude before longitude. Turn it into
// longitude and latitude, and Validate.
func ParsePlane(raw []byte) (orb.Geometry, error) {
	var doc struct {
		Type        *string
		Coordinates json.RawMessage
	}
	if raw = bytes.TrimSpace(raw); string(raw) == "null" {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, notJSON(err)
	}
	if doc.Type == nil {
		return nil, &GeometryError{"type", "is missing. " + acceptedTypes}
	}
	switch *doc.Type {
	case "Point", "LineString", "Polygon":
	default:
		return nil, &GeometryError{"type", fmt.Sprintf("%.40q is not accepted. %s", *doc.Type, acceptedTypes)}
	}
	if doc.Coordinates == nil {
		return nil, &GeometryError{"coordinates", "are missing"}
	}
	return readCoordinates(*doc.Type, doc.Coordinates, MaxPositions)
}

func notJSON(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return &GeometryError{"", fmt.Sprintf("not JSON at character %d (%v). Accepted is a GeoJSON geometry.", syntax.Offset, err)}
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return &GeometryError{kind.Field, fmt.Sprintf("is a %s, not a string", kind.Value)}
	}
	return &GeometryError{"", "not a GeoJSON geometry. " + acceptedTypes}
}

// readCoordinates reads the coordinates of a known type from well-formed JSON.
func readCoordinates(kind string, raw []byte, limit int) (orb.Geometry, error) {
	s := &coordinateScanner{raw: raw, left: limit}
	switch kind {
	case "Point":
		p, err := s.position()
		return p, err
	case "LineString":
		l, err := s.line()
		return orb.LineString(l), err
	case "Polygon":
		p, err := s.polygon()
		return p, err
	case "MultiPolygon":
		return list(s, s.polygon, orb.MultiPolygon(nil))
	}
	return nil, &GeometryError{"type", fmt.Sprintf("%q is not accepted", kind)}
}

// coordinateScanner walks nested arrays of numbers in JSON that is known to be
// well formed, and knows where it is.
type coordinateScanner struct {
	raw  []byte
	at   int
	path []int
	left int // positions still allowed
}

func (s *coordinateScanner) fail(msg string) error {
	return &GeometryError{pathText(s.path...), msg}
}

func pathText(path ...int) string {
	text := []byte("coordinates")
	for _, i := range path {
		text = append(strconv.AppendInt(append(text, '['), int64(i), 10), ']')
	}
	return string(text)
}

// next is the next byte that is no white space, without taking it.
func (s *coordinateScanner) next() byte {
	for s.at < len(s.raw) {
		switch c := s.raw[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// list reads an array, each member by one function.
func list[T any, L ~[]T](s *coordinateScanner, member func() (T, error), into L) (L, error) {
	if s.next() != '[' {
		return nil, s.fail("is not a list")
	}
	s.at++
	s.path = append(s.path, 0)
	for s.next() != ']' {
		if s.at >= len(s.raw) {
			return nil, s.fail("ends too soon")
		}
		if s.next() == ',' {
			s.at++
		}
		m, err := member()
		if err != nil {
			return nil, err
		}
		into = append(into, m)
		s.path[len(s.path)-1]++
	}
	s.at++
	s.path = s.path[:len(s.path)-1]
	return into, nil
}

func (s *coordinateScanner) polygon() (orb.Polygon, error) {
	return list(s, s.ring, orb.Polygon(nil))
}

func (s *coordinateScanner) ring() (orb.Ring, error) { return list(s, s.position, orb.Ring(nil)) }

func (s *coordinateScanner) line() ([]orb.Point, error) {
	return list(s, s.position, []orb.Point(nil))
}

func (s *coordinateScanner) position() (orb.Point, error) {
	if s.left--; s.left < 0 {
		return orb.Point{}, &GeometryError{"coordinates", fmt.Sprintf("more than %d positions", MaxPositions)}
	}
	var store [3]float64
	numbers, err := list(s, s.number, store[:0])
	if err != nil {
		return orb.Point{}, err
	}
	if len(numbers) < 2 || len(numbers) > 3 {
		return orb.Point{}, s.fail(fmt.Sprintf("has %d numbers. Accepted are longitude, latitude and perhaps a height.", len(numbers)))
	}
	return orb.Point{numbers[0], numbers[1]}, nil
}

func (s *coordinateScanner) number() (float64, error) {
	s.next()
	from := s.at
	for s.at < len(s.raw) && bytes.IndexByte([]byte("+-.0123456789eE"), s.raw[s.at]) >= 0 {
		s.at++
	}
	v, err := strconv.ParseFloat(string(s.raw[from:s.at]), 64)
	if err != nil {
		return 0, s.fail("is not a number")
	}
	return v, nil
}

// Validate applies the rules of ParseGeometry to a geometry from elsewhere. No
// geometry is valid.
func Validate(g orb.Geometry) error {
	switch g := g.(type) {
	case nil:
		return nil
	case orb.Point:
		return checkPosition(g)
	case orb.LineString:
		return checkLine(g)
	case orb.Polygon:
		return checkPolygon(g)
	}
	return &GeometryError{"type", g.GeoJSONType() + " is not accepted. " + acceptedTypes}
}

func checkPosition(p orb.Point, path ...int) error {
	for axis, limit := range [2]float64{180, 90} {
		name := [2]string{"longitude", "latitude"}[axis]
		switch v := p[axis]; {
		case math.IsNaN(v) || math.IsInf(v, 0):
			return &GeometryError{pathText(append(path, axis)...), name + " is not a finite number"}
		case math.Abs(v) > limit:
			return &GeometryError{pathText(append(path, axis)...),
				fmt.Sprintf("%s %v is out of range. Accepted is -%v to %v.", name, v, limit, limit)}
		}
	}
	return nil
}

func checkLine(l orb.LineString) error {
	if len(l) < 2 {
		return &GeometryError{"coordinates", fmt.Sprintf("%d positions. A LineString takes at least 2.", len(l))}
	}
	if len(l) > MaxPositions {
		return &GeometryError{"coordinates", fmt.Sprintf("more than %d positions", MaxPositions)}
	}
	moved := false
	for i, p := range l {
		if err := checkPosition(p, i); err != nil {
			return err
		}
		moved = moved || p != l[0]
	}
	if !moved {
		return &GeometryError{"coordinates", "all positions are the same. Use a Point."}
	}
	return nil
}

func checkPolygon(p orb.Polygon) error {
	if len(p) == 0 {
		return &GeometryError{"coordinates", "no ring. A Polygon takes at least one."}
	}
	total := 0
	for i, r := range p {
		if total += len(r); total > MaxPositions {
			return &GeometryError{"coordinates", fmt.Sprintf("more than %d positions", MaxPositions)}
		}
		if len(r) < 4 {
			return &GeometryError{pathText(i), fmt.Sprintf("%d positions. A ring takes at least 4.", len(r))}
		}
		for j, q := range r {
			if err := checkPosition(q, i, j); err != nil {
				return err
			}
		}
		if r[0] != r[len(r)-1] {
			return &GeometryError{pathText(i), "the ring is not closed. Its last position must repeat the first."}
		}
		if signedArea(unwrapRing(r)) == 0 {
			return &GeometryError{pathText(i), "the ring encloses no area"}
		}
	}
	return nil
}
