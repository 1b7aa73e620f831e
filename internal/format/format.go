// Package format is what every file format has in common: a file takes layers,
// a layer takes features, and each encoder streams them in a package of its own
// below this one. internal/format/catalog lists them all.
//
// An encoder knows nothing of the store, of requests and of what a property
// means; that is internal/feature's.
package format

import (
	"errors"
	"io"
	"time"

	"interceptlog/internal/feature"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/incidents"
)

// Geometry says which geometries a layer holds.
type Geometry uint8

// The geometries. Single ones stand for their multiple ones too.
const (
	Mixed   Geometry = iota // points, lines and areas as they are
	Point                   // Point and MultiPoint
	Line                    // LineString and MultiLineString
	Polygon                 // Polygon and MultiPolygon
	None                    // no geometry: a table
)

// Layer is one collection in a file.
type Layer struct {
	Name        string // incidents: the name of the table or of the file
	Title       string
	Description string
	Properties  []feature.Property // the values of its features stand in this order
	Geometry    Geometry
	CRS         *crs.System // of the coordinates that it is given, x (east, longitude) first; nil is crs.CRS84
	Key         []string    // the properties that together name a row; nil: none is known
	Refs        []Ref       // the properties that name a row of a layer before it
}

// Ref is a property that holds the key of another layer of the file.
type Ref struct {
	Property string
	Layer    string
	Key      string // the property of that layer
}

// System is the reference system of a layer.
func (l *Layer) System() *crs.System {
	if l.CRS == nil {
		return crs.CRS84
	}
	return l.CRS
}

// Meta says what a file is an export of.
type Meta struct {
	AsOf    incidents.Millis // the moment whose state it shows
	Filter  string           // the query that it answers, as an address has it
	Marking string           // classification of the whole
}

// Made is the moment that a file bears as that of its making: the one that it
// shows, so that the same question has the same answer to the byte; now where
// none is stated.
func (m Meta) Made() time.Time {
	if m.AsOf != 0 {
		return m.AsOf.Time().UTC()
	}
	return time.Now().UTC()
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

// ErrOneLayer says that a format holds one layer in a file.
var ErrOneLayer = errors.New("this format holds one layer in a file")

// Format is one file format.
type Format struct {
	Ext       string // "geojson", as the address of an export ends
	MediaType string
	Title     string // as a page and a link name it
	Layers    bool   // whether a file may hold several layers
	WGS84     bool   // whether its standard allows no other reference system
	Limits    string // what it cannot hold, in a sentence; empty: nothing
	New       func(w io.Writer, m Meta) Writer
}
