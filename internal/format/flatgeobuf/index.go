package flatgeobuf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"interceptlog/internal/extsort"
	"interceptlog/internal/format"
)

// nodeSize is how many children a node of the index has.
const nodeSize = 16

// item is a feature that was spooled: its box, and where it lies. It waits in a
// file as bytes, too.
type item struct {
	format.Box
	offset uint64
	size   uint32
}

// itemSize and nodeBytes are the bytes of an item and of a node in a file.
const (
	itemSize  = boxSize + 8 + 4
	nodeBytes = boxSize + 8
	boxSize   = 4 * 8
)

func (it *item) append(to []byte) []byte {
	to = binary.LittleEndian.AppendUint64(appendBox(to, it.Box), it.offset)
	return binary.LittleEndian.AppendUint32(to, it.size)
}

func itemOf(raw []byte) item {
	return item{boxIn(raw), binary.LittleEndian.Uint64(raw[boxSize:]), binary.LittleEndian.Uint32(raw[boxSize+8:])}
}

func appendBox(to []byte, b format.Box) []byte {
	for _, x := range [...]float64{b.MinX, b.MinY, b.MaxX, b.MaxY} {
		to = binary.LittleEndian.AppendUint64(to, math.Float64bits(x))
	}
	return to
}

func boxIn(raw []byte) format.Box {
	x := func(i int) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:])) }
	return format.Box{MinX: x(0), MinY: x(1), MaxX: x(2), MaxY: x(3)}
}

// keySize is what is before an item when items are sorted: its place on the curve
// and, for those of one place, in the order in which they came.
const keySize = 8 + 8

// sortByHilbert puts features that lie near each other together: along a Hilbert
// curve of 2^16 by 2^16 over the whole, from its end to its beginning as other
// writers do, and those without geometry last.
func sortByHilbert(items *format.Spool, all format.Box) (*format.Spool, error) {
	sorter := extsort.New(keySize + itemSize)
	defer sorter.Drop()
	var record []byte
	err := eachRecord(items, itemSize, func(raw []byte) error {
		it := itemOf(raw)
		record = binary.BigEndian.AppendUint64(record[:0], placeOf(it.Box, all))
		record = binary.BigEndian.AppendUint64(record, it.offset)
		return sorter.Add(append(record, raw...))
	})
	if err != nil {
		return nil, err
	}
	sorted, err := format.NewSpool("fgb-items")
	if err != nil {
		return nil, err
	}
	err = sorter.Each(func(record []byte) error {
		_, err := sorted.Write(record[keySize:])
		return err
	})
	if err != nil {
		sorted.Drop()
		return nil, err
	}
	return sorted, nil
}

// placeOf is where a box comes: what lies far along the curve first, no box last.
func placeOf(b, all format.Box) uint64 {
	if b.Empty() {
		return 1 << 32
	}
	const most = 1<<16 - 1
	scale := func(lo, hi, from, to float64) uint32 {
		if to <= from {
			return 0
		}
		return uint32(most * ((lo/2 + hi/2 - from) / (to - from)))
	}
	return math.MaxUint32 - uint64(hilbert(scale(b.MinX, b.MaxX, all.MinX, all.MaxX), scale(b.MinY, b.MaxY, all.MinY, all.MaxY)))
}

// eachRecord reads a file of records of one size; fn must not keep them.
func eachRecord(s *format.Spool, size int, fn func(raw []byte) error) error {
	in, err := s.Reader()
	if err != nil {
		return err
	}
	raw := make([]byte, size)
	for {
		switch _, err := io.ReadFull(in, raw); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read a temporary file: %w", err)
		}
		if err := fn(raw); err != nil {
			return err
		}
	}
}

// hilbert is the distance along the curve at which a cell lies (Hilbert 1891, in
// the loop that Wikipedia gives as xy2d).
func hilbert(x, y uint32) uint32 {
	var d uint32
	for s := uint32(1 << 15); s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d += s * s * (3*rx ^ ry)
		if ry == 0 {
			if rx == 1 {
				x, y = 1<<16-1-x, 1<<16-1-y
			}
			x, y = y, x
		}
	}
	return d
}

// level is one of the index above the features: nodes with the box of their
// children and the place of the first of them, counted within the level below.
type level struct {
	*format.Spool
	nodes uint64
}

// writeIndex writes the nodes, the root first, the features last. A feature
// without geometry has an inside-out box, which no search meets.
func writeIndex(out io.Writer, items *format.Spool) error {
	levels, err := upperLevels(items)
	defer func() {
		for _, l := range levels {
			l.Drop()
		}
	}()
	if err != nil {
		return err
	}
	first := uint64(0) // the place of the level's first node among all nodes
	for _, l := range slices.Backward(levels) {
		first += l.nodes // of the level below, where the children are
		err := eachRecord(l.Spool, nodeBytes, func(raw []byte) error {
			at := raw[boxSize:]
			binary.LittleEndian.PutUint64(at, binary.LittleEndian.Uint64(at)+first)
			_, err := out.Write(raw)
			return err
		})
		if err != nil {
			return err
		}
	}
	offset := uint64(0)
	var node []byte
	return eachRecord(items, itemSize, func(raw []byte) error {
		it := itemOf(raw)
		node = binary.LittleEndian.AppendUint64(append(node[:0], raw[:boxSize]...), offset)
		offset += uint64(it.size)
		_, err := out.Write(node)
		return err
	})
}

// upperLevels are the levels above the features, the root last. They are to be
// dropped after an error too.
func upperLevels(items *format.Spool) (levels []level, err error) {
	below, size := items, itemSize
	for {
		l, err := levelAbove(below, size)
		if l.Spool != nil {
			levels = append(levels, l)
		}
		if err != nil || l.nodes <= 1 {
			return levels, err
		}
		below, size = l.Spool, nodeBytes
	}
}

// levelAbove is the level over records that begin with their boxes.
func levelAbove(below *format.Spool, size int) (l level, err error) {
	if l.Spool, err = format.NewSpool("fgb-index"); err != nil {
		return l, err
	}
	box, children := format.EmptyBox, uint64(0)
	var node []byte
	end := func() error {
		first := (children - 1) / nodeSize * nodeSize
		node = binary.LittleEndian.AppendUint64(appendBox(node[:0], box), first)
		box = format.EmptyBox
		l.nodes++
		_, err := l.Write(node)
		return err
	}
	err = eachRecord(below, size, func(raw []byte) error {
		box.Extend(boxIn(raw))
		if children++; children%nodeSize == 0 {
			return end()
		}
		return nil
	})
	if err == nil && children%nodeSize != 0 {
		err = end()
	}
	return l, err
}
