package format

import (
	"io"

	"interceptlog/internal/feature"
)

// Single is the layer of a file that holds one, and what the writer of such a
// file is held to.
type Single struct {
	Layer
	begun bool
}

// Begin takes the layer; a second is ErrOneLayer.
func (s *Single) Begin(l Layer) error {
	if s.begun {
		return ErrOneLayer
	}
	s.Layer, s.begun = l, true
	return nil
}

// BeginWGS84 is Begin for a format that holds longitude and latitude only.
func (s *Single) BeginWGS84(l Layer) error {
	if !s.begun && !l.WGS84() {
		return ErrNotWGS84
	}
	return s.Begin(l)
}

// Begun is ErrNoLayer before the layer was begun.
func (s *Single) Begun() error {
	if !s.begun {
		return ErrNoLayer
	}
	return nil
}

// Fits tells of a feature that may not be written: there is no layer, or its
// values are not those of the layer.
func (s *Single) Fits(f *feature.Feature) error {
	if err := s.Begun(); err != nil {
		return err
	}
	return s.Layer.Fits(f)
}

// passAt is how many bytes are gathered before they are written.
const passAt = 32 << 10

// Gathered is bytes on their way out. What appends to Buf calls Pass now and
// then, and Flush at the end.
type Gathered struct {
	W   io.Writer
	Buf []byte
}

// Pass writes what has been gathered, if it is enough.
func (g *Gathered) Pass() error {
	if len(g.Buf) < passAt {
		return nil
	}
	return g.Flush()
}

// Flush writes what has been gathered.
func (g *Gathered) Flush() error {
	_, err := g.W.Write(g.Buf)
	g.Buf = g.Buf[:0]
	return err
}
