package export

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// spool holds the rows of a layer in a temporary file until the layers before it
// are written. They have no geometry.
type spool struct {
	*format.Spool
	layer format.Layer
	enc   *gob.Encoder
}

// row is a feature as a spool has it.
type row struct {
	ID     string
	Values []feature.Value
}

func newSpool(l format.Layer) (*spool, error) {
	file, err := format.NewSpool(l.Name)
	if err != nil {
		return nil, err
	}
	return &spool{file, l, gob.NewEncoder(file)}, nil
}

func (s *spool) add(f *feature.Feature) error {
	if err := s.enc.Encode(row{f.ID, f.Values}); err != nil {
		return fmt.Errorf("hold the rows of %s: %w", s.layer.Name, err)
	}
	return nil
}

// write writes the layer with its rows.
func (s *spool) write(out format.Writer) error {
	if err := out.Begin(s.layer); err != nil {
		return err
	}
	file, err := s.Reader()
	if err != nil {
		return err
	}
	dec := gob.NewDecoder(file)
	for {
		var one row // a new one each time: what is zero is not written
		err := dec.Decode(&one)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("hold the rows of %s: %w", s.layer.Name, err)
		}
		if err := out.Write(&feature.Feature{ID: one.ID, Values: one.Values}); err != nil {
			return err
		}
	}
}
