// Package flatgeobuf writes FlatGeobuf (version 3, https://flatgeobuf.org/): one
// layer in a file, with a packed Hilbert R-tree before the features, so that a
// map reads only what it shows, over HTTP too. The tables are written field by
// field after the public schema (header.fbs, feature.fbs).
package flatgeobuf

import (
	"bufio"
	"fmt"
	"io"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// Format is FlatGeobuf. Texts are columns of type String, whole numbers Long,
// numbers Double, truth values Bool, instants DateTime (RFC 3339) and lists Json;
// null is a column that a feature leaves out. Title, description and reference
// system stand in the header, and as its metadata a JSON object with as_of,
// filter and marking.
//
// Features go to a temporary file until the last is known, and so do their boxes
// and the levels of the index: memory does not grow with their number.
var Format = format.Format{
	Ext:       "fgb",
	MediaType: "application/flatgeobuf",
	Title:     "FlatGeobuf",
	Limits:    "Features stand in the order of the spatial index. An empty geometry becomes none.",
	Begins:    magic,
	New:       func(w io.Writer, m format.Meta) format.Writer { return &writer{out: w, meta: m, box: format.EmptyBox} },
}

// magic begins a file: "fgb", version 3, "fgb", patch 0.
const magic = "fgb\x03fgb\x00"

type writer struct {
	out   io.Writer
	meta  format.Meta
	layer *format.Layer
	types format.Types
	box   format.Box
	items *format.Spool // of the features, in their order
	count int
	raw   []byte // of an item
	table builder
	spool *format.Spool // of the features, as they came
	size  uint64        // of what was spooled
}

// Begin begins the one layer.
func (w *writer) Begin(l format.Layer) error {
	if w.layer != nil {
		return format.ErrOneLayer
	}
	if len(l.Properties) > maxColumns {
		return fmt.Errorf("layer %s has %d properties; a FlatGeobuf holds %d", l.Name, len(l.Properties), maxColumns)
	}
	var err error
	if w.spool, err = format.NewSpool("fgb"); err != nil {
		return err
	}
	if w.items, err = format.NewSpool("fgb-items"); err != nil {
		return err
	}
	w.layer = &l
	return nil
}

// Write spools a feature.
func (w *writer) Write(f *feature.Feature) error {
	if w.layer == nil {
		return format.ErrNoLayer
	}
	g, err := format.Check(w.layer, f)
	if err != nil {
		return err
	}
	box := format.BoxOf(g)
	if box.Empty() {
		g = nil
	}
	raw, err := w.table.feature(w.layer, f, g)
	if err != nil {
		return err
	}
	if _, err := w.spool.Write(raw); err != nil {
		return fmt.Errorf("write feature %q: %w", f.ID, err)
	}
	w.types.Add(g)
	w.box.Extend(box)
	it := item{Box: box, offset: w.size, size: uint32(len(raw))}
	w.raw = it.append(w.raw[:0])
	if _, err := w.items.Write(w.raw); err != nil {
		return fmt.Errorf("write feature %q: %w", f.ID, err)
	}
	w.count++
	w.size += uint64(len(raw))
	return nil
}

// Close writes the file: header, index, features in the order of the index.
func (w *writer) Close() error {
	defer w.Abort()
	if w.layer == nil {
		return format.ErrNoLayer
	}
	if err := w.spool.Flush(); err != nil {
		return fmt.Errorf("write FlatGeobuf: %w", err)
	}
	indexed := !w.box.Empty() // there is something to find
	if indexed {
		sorted, err := sortByHilbert(w.items, w.box)
		if err != nil {
			return fmt.Errorf("write FlatGeobuf: %w", err)
		}
		w.items.Drop()
		w.items = sorted
	}
	out := bufio.NewWriterSize(w.out, 1<<16)
	// What a buffered writer could not write, it says when it is flushed.
	_, _ = io.WriteString(out, magic)
	_, _ = out.Write(w.table.header(w, indexed))
	if indexed {
		if err := writeIndex(out, w.items); err != nil {
			return fmt.Errorf("write FlatGeobuf: %w", err)
		}
	}
	if err := w.copyFeatures(out); err != nil {
		return fmt.Errorf("write FlatGeobuf: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write FlatGeobuf: %w", err)
	}
	return nil
}

// copyFeatures copies the features in the order of the items.
func (w *writer) copyFeatures(out io.Writer) error {
	var buf []byte
	return eachRecord(w.items, itemSize, func(raw []byte) error {
		it := itemOf(raw)
		if cap(buf) < int(it.size) {
			buf = make([]byte, it.size)
		}
		buf = buf[:it.size]
		if _, err := w.spool.ReadAt(buf, int64(it.offset)); err != nil {
			return err
		}
		_, err := out.Write(buf)
		return err
	})
}

// Abort removes the temporary files.
func (w *writer) Abort() {
	for _, s := range [...]*format.Spool{w.spool, w.items} {
		if s != nil {
			s.Drop()
		}
	}
	w.spool, w.items = nil, nil
}
