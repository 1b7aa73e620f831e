package format

// Source says what a reader of a file with layers reads.
type Source struct {
	Layer  string   // name of the layer in the file
	Layers []string // names of all layers
	Fields []string // names of the fields, in their order
	EPSG   int      // code of the reference system; 0: not stated
	WKT    string   // its definition, where the file has one
}

// What a file may claim that is read; a file that claims more is refused before
// memory is taken for it.
const (
	MaxRows   = 5_000_000
	MaxPoints = 1_000_000 // of one geometry
)
