package shapefile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"interceptlog/internal/format"
)

// Reader reads the sets of one layer, one after the other. It is a
// format.Reader. Rows are counted on through the sets, deleted ones too.
type Reader struct {
	file   io.Closer
	sets   []*source
	cur    *cursor
	before int64 // rows of the sets before
	source format.Source
	failed error
}

var _ format.Reader = (*Reader)(nil)

// Open opens a ZIP with shapefiles. A layer is the name of one set; where this
// package has written several for one layer, its name stands for all of them.
// Without a name the file must hold one layer. Close when done.
func Open(path, layer string) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open shapefile: %w", err)
	}
	info, err := file.Stat()
	if err == nil {
		var r *Reader
		if r, err = open(file, info.Size(), layer); err == nil {
			r.file = file
			return r, nil
		}
	}
	_ = file.Close()
	return nil, fmt.Errorf("open shapefile: %w", err)
}

func open(file io.ReaderAt, size int64, layer string) (*Reader, error) {
	a, err := openArchive(file, size)
	if err != nil {
		return nil, err
	}
	r := &Reader{}
	for _, s := range a.sets {
		if l := a.layerOf(s.name); !slices.Contains(r.source.Layers, l) {
			r.source.Layers = append(r.source.Layers, l)
		}
	}
	if len(r.source.Layers) == 0 {
		return nil, errors.New("the ZIP holds no .dbf, and so no shapefile")
	}
	if layer == "" {
		if len(r.source.Layers) > 1 {
			return nil, fmt.Errorf("the ZIP holds several layers, name one: %s", strings.Join(r.source.Layers, ", "))
		}
		layer = r.source.Layers[0]
	}
	for _, s := range a.sets {
		if s.name == layer || a.layerOf(s.name) == layer {
			r.sets = append(r.sets, s)
		}
	}
	if len(r.sets) == 0 {
		return nil, fmt.Errorf("the ZIP holds no layer %q, but %s", layer, strings.Join(r.source.Layers, ", "))
	}
	r.source.Layer = layer
	if err := r.system(); err != nil {
		return nil, err
	}
	return r, r.next()
}

// system finds the reference system, which is the same in all sets that state
// one.
func (r *Reader) system() error {
	for _, s := range r.sets {
		wkt, epsg, err := s.system()
		if err != nil {
			return err
		}
		if wkt != "" && r.source.WKT != "" && wkt != r.source.WKT {
			return fmt.Errorf("%s has another reference system than the files before it", s.name)
		}
		if wkt != "" {
			r.source.WKT, r.source.EPSG = wkt, epsg
		}
	}
	return nil
}

// Source says what is read: the fields are those of the first set.
func (r *Reader) Source() format.Source { return r.source }

// next goes to the next set; r.cur is nil after the last.
func (r *Reader) next() error {
	if r.cur != nil {
		r.before = r.cur.row
		r.cur.close()
		r.cur = nil
	}
	if len(r.sets) == 0 {
		return nil
	}
	s := r.sets[0]
	r.sets = r.sets[1:]
	var err error
	if r.cur, err = s.open(); err != nil {
		return err
	}
	r.cur.row = r.before
	if r.source.Fields == nil {
		r.source.Fields = []string{}
		for _, f := range r.cur.fields {
			r.source.Fields = append(r.source.Fields, f.name)
		}
	}
	return nil
}

// Next gives the next row.
func (r *Reader) Next() (*format.Record, error) {
	if r.failed != nil {
		return nil, r.failed
	}
	for r.cur != nil {
		rec, err := r.cur.next()
		if err == nil {
			return rec, nil
		}
		if err == io.EOF {
			err = r.next()
		}
		if err != nil {
			r.failed = err
			return nil, err
		}
	}
	return nil, io.EOF
}

// Close closes the file.
func (r *Reader) Close() error {
	if r.cur != nil {
		r.cur.close()
		r.cur = nil
	}
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}
