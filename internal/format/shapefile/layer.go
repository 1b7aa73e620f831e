package shapefile

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// layer is one layer with its sets, which are made when a feature wants them.
type layer struct {
	format.Layer
	w       *writer
	columns []column
	sets    []*set
	cut     []int // values that were cut, for each column
	cells   []byte
	ends    []int
	shape   []byte
}

// suffixes of the sets of a Mixed layer.
var suffixes = map[int32]string{pointShape: "_points", multipointShape: "_multipoints", lineShape: "_lines", polygonShape: "_areas", nullShape: "_none"}

// main is the type of shape of a layer of one kind; nullShape: a table.
func (l *layer) main() int32 {
	return map[format.Geometry]int32{format.Point: pointShape, format.Line: lineShape, format.Polygon: polygonShape}[l.Geometry]
}

// place says in which set a shape of a type stands. In a layer of one kind a
// feature without geometry is a null shape among the others.
func (l *layer) place(kind int32) (name string, of int32) {
	switch {
	case l.Geometry == format.Mixed:
		return l.Name + suffixes[kind], kind
	case kind == multipointShape:
		return l.Name + suffixes[kind], kind
	}
	return l.Name, l.main()
}

// set finds the set of a type of shape, and makes it when there is none.
func (l *layer) set(kind int32) (*set, error) {
	name, of := l.place(kind)
	for _, s := range l.sets {
		if s.name == name {
			return s, nil
		}
	}
	s, err := newSet(l.w, name, of, l.columns)
	if err != nil {
		return nil, err
	}
	l.sets = append(l.sets, s)
	return s, nil
}

// write writes a feature: its shape, and its row.
func (l *layer) write(f *feature.Feature) error {
	g, err := format.Check(&l.Layer, f)
	if err != nil {
		return err
	}
	kind, err := shapeOf(g)
	if err != nil {
		return fmt.Errorf("feature %q: %w", f.ID, err)
	}
	l.cells, l.ends = l.cells[:0], l.ends[:0]
	for i, p := range l.Properties {
		cells, cut, err := appendCell(l.cells, p.Kind, &f.Values[i])
		if err != nil {
			return fmt.Errorf("feature %q: %s: %w", f.ID, p.Name, err)
		}
		if cut {
			l.cut[i]++
		}
		l.cells, l.ends = cells, append(l.ends, len(cells))
	}
	s, err := l.set(kind)
	if err != nil {
		return err
	}
	box := format.BoxOf(g)
	l.shape = appendShape(l.shape[:0], kind, g, box)
	if err := s.write(l.shape, box, l.cells, l.ends); err != nil {
		return fmt.Errorf("write feature %q: %w", f.ID, err)
	}
	return nil
}

// end finishes the sets and writes what stands beside them.
func (l *layer) end() error {
	defer l.drop()
	if len(l.sets) == 0 { // an empty layer is one set without rows
		first := l.main()
		if l.Geometry == format.Mixed {
			first = pointShape
		}
		if _, err := l.set(first); err != nil {
			return err
		}
	}
	slices.SortFunc(l.sets, func(a, b *set) int { return strings.Compare(a.name, b.name) })
	for _, s := range l.sets {
		if err := s.finish(cmp.Or(l.System().ESRI, l.System().WKT)); err != nil {
			return fmt.Errorf("make shapefile %s: %w", s.name, err)
		}
	}
	if err := l.w.save(l.Name+fieldsFile, l.fields()); err != nil {
		return err
	}
	return l.w.save(l.Name+limitsFile, l.limits())
}

// drop closes what is open.
func (l *layer) drop() {
	for _, s := range l.sets {
		s.drop()
	}
}

// The files that stand beside the sets of a layer.
const (
	fieldsFile = "_fields.csv"
	limitsFile = "_limits.txt"
)

// fields says which property each column is.
func (l *layer) fields() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	// Into memory: cannot fail.
	_ = w.Write([]string{"column", "property", "type", "unit", "values", "meaning"})
	for _, c := range l.columns {
		_ = w.Write([]string{c.short, c.Name, c.Type(), c.Unit, c.Values(), c.Meaning})
	}
	w.Flush()
	return b.Bytes()
}

// limits says what the file shows, and what of it could not be held.
func (l *layer) limits() []byte {
	var b bytes.Buffer
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	line("Layer", l.Name)
	line("Title", l.Title)
	line("Description", l.Description)
	line("Marking", l.w.meta.Marking)
	if l.w.meta.AsOf != 0 {
		line("As of", string(format.AppendInstant(nil, int64(l.w.meta.AsOf))))
	}
	line("Filter", l.w.meta.Filter)
	b.WriteString("\r\nA shapefile cannot hold everything:\r\n" +
		"- A column has a name of ten characters. " + l.Name + fieldsFile + " says which property it is.\r\n" +
		"- A text has at most 254 bytes (UTF-8); a longer one is cut. Blanks at its ends are lost.\r\n" +
		"- An instant is a text (RFC 3339), since a date has no time of day.\r\n" +
		"- A list is a text with a semicolon between its items, and a backslash before a semicolon or backslash within one.\r\n" +
		"- A null value and an empty text are both blank.\r\n" +
		"- Points, multiple points, lines and areas stand in files of their own.\r\n\r\n")
	total := 0
	for i, n := range l.cut {
		if n > 0 {
			fmt.Fprintf(&b, "Cut in %s (%s): %d\r\n", l.columns[i].short, l.columns[i].Name, n)
		}
		total += n
	}
	fmt.Fprintf(&b, "Values cut in all: %d\r\n", total)
	return b.Bytes()
}
