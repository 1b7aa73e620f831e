// Package tables writes layers as CSV tables in one ZIP, for those who join them
// again: a table a layer, as internal/format/csv writes it, and datapackage.json,
// which says of every column its type and meaning and by which columns the tables
// are joined (Data Package 2.0 with Table Schema, datapackage.org).
//
// It streams: memory does not grow with the number of rows. What is cut lacks the
// directory of the ZIP, and opens nowhere.
package tables

import (
	"archive/zip"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"regexp"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/csv"
)

// Format is CSV tables in a ZIP.
var Format = format.Format{Ext: "tables.zip", MediaType: "application/zip", Title: "CSV tables (ZIP)", Layers: true,
	Limits: "A list in a cell is one text; what an incident has several of stands in tables of its own, too.",
	New: func(w io.Writer, m format.Meta) format.Writer {
		z := zip.NewWriter(w)
		z.RegisterCompressor(zip.Deflate, fast)
		return &writer{zip: z, meta: m, names: map[string]bool{}}
	}}

// fast packs at the lowest level: it takes less time, and it passes each 64 KB
// on, while the others hold back as much as they can.
func fast(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) }

type writer struct {
	zip   *zip.Writer
	meta  format.Meta
	names map[string]bool
	done  []resource
	layer format.Layer
	table *csv.Writer // nil: no layer was begun
	sum   *sum        // of its bytes
}

// name is what a layer may be called: it becomes the name of a file and of a
// resource, and some systems do not tell upper from lower case.
var name = regexp.MustCompile(`^[a-z0-9_][a-z0-9_-]{0,62}$`)

// Begin begins a table.
func (w *writer) Begin(l format.Layer) error {
	if !name.MatchString(l.Name) {
		return fmt.Errorf("%q is no name for a table: letters a to z, digits, _ and -, at most 63", l.Name)
	}
	if w.names[l.Name] {
		return fmt.Errorf("the name %q stands twice", l.Name)
	}
	w.names[l.Name] = true
	if err := w.end(); err != nil {
		return err
	}
	entry, err := w.create(fileOf(l.Name))
	if err != nil {
		return err
	}
	w.layer, w.sum = l, &sum{hash: sha256.New()}
	w.table = csv.NewWriter(io.MultiWriter(entry, w.sum), w.meta)
	return w.table.Begin(l)
}

// fileOf is the name of a table's file.
func fileOf(layer string) string { return layer + ".csv" }

func (w *writer) create(file string) (io.Writer, error) {
	entry, err := w.zip.CreateHeader(&zip.FileHeader{Name: file, Method: zip.Deflate, Modified: w.meta.Made()})
	if err != nil {
		return nil, fmt.Errorf("make ZIP: %w", err)
	}
	return entry, nil
}

// Write writes a row.
func (w *writer) Write(f *feature.Feature) error {
	if w.table == nil {
		return format.ErrNoLayer
	}
	return w.table.Write(f)
}

// end ends the table that was begun last, and notes what it is.
func (w *writer) end() error {
	if w.table == nil {
		return nil
	}
	if err := w.table.Close(); err != nil {
		return err
	}
	w.done = append(w.done, describe(&w.layer, w.sum))
	return nil
}

// Close writes what the tables are.
func (w *writer) Close() error {
	if w.table == nil {
		return format.ErrNoLayer
	}
	if err := w.end(); err != nil {
		return err
	}
	doc, err := w.dataPackage()
	if err != nil {
		return err
	}
	entry, err := w.create("datapackage.json")
	if err != nil {
		return err
	}
	if _, err := entry.Write(doc); err != nil {
		return fmt.Errorf("make ZIP: %w", err)
	}
	return w.zip.Close()
}

// Abort does nothing: there are no temporary files.
func (w *writer) Abort() {}

// sum counts and hashes the bytes of a table.
type sum struct {
	hash hash.Hash
	n    int64
}

func (s *sum) Write(p []byte) (int, error) {
	s.n += int64(len(p))
	return s.hash.Write(p)
}

func (s *sum) String() string { return "sha256:" + hex.EncodeToString(s.hash.Sum(nil)) }
