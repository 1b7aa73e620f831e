package export

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// spool holds the rows of a layer in a temporary file until the layers before it
// are written. They have no geometry.
type spool struct {
	layer format.Layer
	file  *os.File
	buf   *bufio.Writer
	enc   *gob.Encoder
}

// row is a feature as a spool has it.
type row struct {
	ID     string
	Values []feature.Value
}

func newSpool(l format.Layer) (*spool, error) {
	file, err := os.CreateTemp("", "interceptlog-"+l.Name+"-")
	if err != nil {
		return nil, fmt.Errorf("hold the rows of %s: %w", l.Name, err)
	}
	buf := bufio.NewWriterSize(file, 16<<10)
	return &spool{layer: l, file: file, buf: buf, enc: gob.NewEncoder(buf)}, nil
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
	err := s.buf.Flush()
	if err == nil {
		_, err = s.file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("hold the rows of %s: %w", s.layer.Name, err)
	}
	dec := gob.NewDecoder(bufio.NewReaderSize(s.file, 16<<10))
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

// drop removes the file.
func (s *spool) drop() {
	_ = s.file.Close()
	_ = os.Remove(s.file.Name()) // what cannot be removed is the system's to clear
}
