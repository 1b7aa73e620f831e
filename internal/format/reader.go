package format

import "github.com/paulmach/orb"

// Record is one row of a file that is read for import. It is what the file
// says: what a field means, and whether a value is allowed, is the importer's.
type Record struct {
	Line       int64        // number of the row in the file; the first is 1
	ID         string       // what the file has for an id; empty: nothing
	Geometry   orb.Geometry // x (east, longitude) first, in the system of Source; nil: none
	Properties map[string]any
}

// Reader reads a file row by row. The values of a record are string, float64,
// int64, bool, []any or nil.
type Reader interface {
	// Next gives the next row, and io.EOF after the last. An error names the row
	// and, where it is one, the field; after it the reader is of no more use.
	Next() (*Record, error)
}

// Source says what a Reader reads.
type Source struct {
	Layer  string   // name of the layer in the file
	Layers []string // names of all layers
	Fields []string // names of the fields, in their order
	EPSG   int      // code of the reference system; 0: not stated
	WKT    string   // its definition, where the file has one
}

// MaxRows is how many rows a file may have that is read.
const MaxRows = 5_000_000

// MaxPoints is how many points a geometry may have that is read from a file. A
// file that claims more is refused before memory is taken for it.
const MaxPoints = 1_000_000
