package shapefile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"interceptlog/internal/format"
)

// The limits of a shape that is read, beside format.MaxPoints.
const (
	maxParts = 10_000
	maxShape = 44 + 4*maxParts + 32*format.MaxPoints + 64 // bytes, with heights and measures
)

// shapes reads a .shp from its beginning to its end.
type shapes struct {
	in   *bufio.Reader
	left int64 // bytes after the head, by the head
	n    uint32
	buf  []byte
}

func openShapes(in *bufio.Reader) (*shapes, error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, errors.New("the head is cut")
	}
	if code, version := binary.BigEndian.Uint32(head[:]), binary.LittleEndian.Uint32(head[28:]); code != 9994 || version != 1000 {
		return nil, errors.New("it is no shapefile")
	}
	return &shapes{in: in, left: 2*int64(binary.BigEndian.Uint32(head[24:])) - headerSize}, nil
}

// next gives the next shape; nil is the null shape and every empty one.
func (s *shapes) next() (orb.Geometry, error) {
	if s.left <= 0 {
		return nil, io.EOF
	}
	var head [8]byte
	if _, err := io.ReadFull(s.in, head[:]); err != nil {
		return nil, errors.New("the file is cut")
	}
	s.n++
	size := 2 * int64(binary.BigEndian.Uint32(head[4:]))
	if n := binary.BigEndian.Uint32(head[:]); n != s.n {
		return nil, fmt.Errorf("the shape has number %d, not %d", n, s.n)
	}
	if size < 4 || size > maxShape || size > s.left-8 {
		return nil, fmt.Errorf("the shape has %d bytes", size)
	}
	s.left -= 8 + size
	var err error
	if s.buf, err = readInto(s.buf[:0], s.in, size); err != nil {
		return nil, errors.New("the file is cut")
	}
	return parse(s.buf)
}

// readInto reads n bytes, and takes memory only as they come.
func readInto(b []byte, in io.Reader, n int64) ([]byte, error) {
	const step = 1 << 16
	for n > 0 {
		k := min(n, step)
		at := len(b)
		b = slices.Grow(b, int(k))[:at+int(k)]
		if _, err := io.ReadFull(in, b[at:]); err != nil {
			return b, err
		}
		n -= k
	}
	return b, nil
}

// parse reads the content of a record. Heights and measures are left out.
func parse(b []byte) (orb.Geometry, error) {
	kind := binary.LittleEndian.Uint32(b)
	b = b[4:]
	if kind == nullShape {
		return nil, nil
	}
	if kind > 30 {
		return nil, fmt.Errorf("shapes of type %d are not read", kind)
	}
	switch kind % 10 { // 11 and 21 are a point with height, with measure
	case pointShape:
		points, err := pointsIn(b, 1)
		if err != nil {
			return nil, err
		}
		return points[0], nil
	case multipointShape:
		if len(b) < 36 {
			return nil, errCut
		}
		points, err := pointsIn(b[36:], binary.LittleEndian.Uint32(b[32:]))
		if err != nil || len(points) == 0 {
			return nil, err
		}
		return orb.MultiPoint(points), nil
	case lineShape, polygonShape:
		parts, err := partsIn(b)
		if err != nil || len(parts) == 0 {
			return nil, err
		}
		if kind%10 == lineShape {
			return lines(parts), nil
		}
		return areas(parts)
	}
	return nil, fmt.Errorf("shapes of type %d are not read", kind)
}

var errCut = errors.New("the shape is cut")

func pointsIn(b []byte, n uint32) ([]orb.Point, error) {
	if n > format.MaxPoints {
		return nil, fmt.Errorf("the shape has %d points, more than %d", n, format.MaxPoints)
	}
	if int64(len(b)) < 16*int64(n) {
		return nil, errCut
	}
	points := make([]orb.Point, n)
	for i := range points {
		for j := range 2 {
			x := math.Float64frombits(binary.LittleEndian.Uint64(b[16*i+8*j:]))
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return nil, fmt.Errorf("point %d: a coordinate is no finite number", i+1)
			}
			points[i][j] = x
		}
	}
	return points, nil
}

// partsIn are the lines or rings of a shape; empty ones are left out.
func partsIn(b []byte) ([][]orb.Point, error) {
	if len(b) < 40 {
		return nil, errCut
	}
	n, count := binary.LittleEndian.Uint32(b[32:]), binary.LittleEndian.Uint32(b[36:])
	if n > maxParts {
		return nil, fmt.Errorf("the shape has %d parts, more than %d", n, maxParts)
	}
	b = b[40:]
	if int64(len(b)) < 4*int64(n) {
		return nil, errCut
	}
	points, err := pointsIn(b[4*n:], count)
	if err != nil {
		return nil, err
	}
	var parts [][]orb.Point
	for i := range n {
		from, to := binary.LittleEndian.Uint32(b[4*i:]), count
		if i+1 < n {
			to = binary.LittleEndian.Uint32(b[4*(i+1):])
		}
		if from > to || to > count || i == 0 && from != 0 {
			return nil, errors.New("the parts of the shape do not follow each other")
		}
		if to > from {
			parts = append(parts, points[from:to:to])
		}
	}
	return parts, nil
}

func lines(parts [][]orb.Point) orb.Geometry {
	if len(parts) == 1 {
		return orb.LineString(parts[0])
	}
	out := make(orb.MultiLineString, len(parts))
	for i, p := range parts {
		out[i] = p
	}
	return out
}
