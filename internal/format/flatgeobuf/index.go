package flatgeobuf

import (
	"cmp"
	"encoding/binary"
	"io"
	"math"
	"slices"

	"interceptlog/internal/format"
)

// nodeSize is how many children a node of the index has.
const nodeSize = 16

// item is a feature that was spooled: its box, and where it lies.
type item struct {
	format.Box
	offset  uint64
	size    uint32
	hilbert uint32
}

// sortByHilbert puts features that lie near each other together: along a Hilbert
// curve of 2^16 by 2^16 over the whole, from its end to its beginning as other
// writers do, and those without geometry last.
func sortByHilbert(items []item, all format.Box) {
	const most = 1<<16 - 1
	scale := func(lo, hi, from, to float64) uint32 {
		if to <= from {
			return 0
		}
		return uint32(most * ((lo/2 + hi/2 - from) / (to - from)))
	}
	for i := range items {
		if it := &items[i]; !it.Empty() {
			it.hilbert = hilbert(scale(it.MinX, it.MaxX, all.MinX, all.MaxX), scale(it.MinY, it.MaxY, all.MinY, all.MaxY))
		}
	}
	slices.SortStableFunc(items, func(a, b item) int {
		if a.Empty() != b.Empty() {
			if a.Empty() {
				return 1
			}
			return -1
		}
		return cmp.Compare(b.hilbert, a.hilbert)
	})
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

// node is a node of the index: the box of its children and the place of the
// first among all nodes; for a feature the place behind the index.
type node struct {
	format.Box
	at uint64
}

// writeIndex writes the nodes, the root first, the features last. A feature
// without geometry has an inside-out box, which no search meets.
func writeIndex(out io.Writer, items []item) {
	levels := upperLevels(items)
	first := uint64(0) // the place of the level's first node among all nodes
	for i := len(levels) - 1; i >= 0; i-- {
		first += uint64(len(levels[i])) // of the level below, where the children are
		for _, n := range levels[i] {
			writeNode(out, n.Box, first+n.at)
		}
	}
	offset := uint64(0)
	for i := range items {
		writeNode(out, items[i].Box, offset)
		offset += uint64(items[i].size)
	}
}

// upperLevels are the levels above the features, the root last; the place of a
// node's first child is counted within the level below.
func upperLevels(items []item) [][]node {
	var below []node
	for at := 0; at < len(items); at += nodeSize {
		n := node{Box: format.EmptyBox, at: uint64(at)}
		for _, it := range items[at:min(at+nodeSize, len(items))] {
			n.Extend(it.Box)
		}
		below = append(below, n)
	}
	levels := [][]node{below}
	for len(below) > 1 {
		var level []node
		for at := 0; at < len(below); at += nodeSize {
			n := node{Box: format.EmptyBox, at: uint64(at)}
			for _, child := range below[at:min(at+nodeSize, len(below))] {
				n.Extend(child.Box)
			}
			level = append(level, n)
		}
		levels = append(levels, level)
		below = level
	}
	return levels
}

func writeNode(out io.Writer, b format.Box, at uint64) {
	var raw [40]byte
	for i, x := range []float64{b.MinX, b.MinY, b.MaxX, b.MaxY} {
		binary.LittleEndian.PutUint64(raw[8*i:], math.Float64bits(x))
	}
	binary.LittleEndian.PutUint64(raw[32:], at)
	_, _ = out.Write(raw[:]) // buffered: see Close
}
