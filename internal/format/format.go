// Package format is what every file format has in common: a file takes layers,
// a layer takes features, and each encoder streams them in a package of its own
// below this one. internal/export lists them all.
//
// An encoder knows nothing of the store, of requests and of what a property
// means; that is internal/feature's.
package format

import (
	"errors"
	"io"

	"interceptlog/internal/feature"
)

// Format is one file format.
type Format struct {
	Ext       string // "geojson", as the address of an export ends
	MediaType string
	Title     string // as a page and a link name it
	Layers    bool   // whether a file may hold several layers
	WGS84     bool   // whether its standard allows no other reference system
	Limits    string // what it cannot hold, in a sentence; empty: nothing
	// Begins is how every file of a format begins that is put together before
	// any of it is written; empty for one that is written as it is read.
	Begins string
	New    func(w io.Writer, m Meta) Writer
}

// Writer writes one file. A caller begins a layer, writes its features, begins
// the next if the format holds several, and closes.
type Writer interface {
	// Begin begins a layer. A format that holds one answers a second with
	// ErrOneLayer.
	Begin(Layer) error
	// Write writes a feature of the layer that was begun last. The feature may
	// be used again by the caller afterwards.
	Write(*feature.Feature) error
	// Close writes what makes the file whole; it closes nothing that the caller
	// opened. A file without it is recognisably cut. After an error it must not
	// be called; Abort is.
	Close() error
	// Abort lets go of temporary files; after Close it does nothing.
	Abort()
}

// The errors of a writer that is used against its contract, and of a layer that a
// format does not hold.
var (
	ErrNoLayer  = errors.New("no layer was begun")
	ErrOneLayer = errors.New("this format holds one layer in a file")
	ErrNotWGS84 = errors.New("this format holds longitude and latitude on WGS 84 only")
)
