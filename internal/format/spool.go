package format

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

// Spool is bytes that wait in a temporary file until it is their turn.
type Spool struct {
	*bufio.Writer
	file *os.File
}

// NewSpool makes the file; its name begins as given.
func NewSpool(name string) (*Spool, error) {
	file, err := os.CreateTemp("", "interceptlog-"+name+"-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	return &Spool{bufio.NewWriterSize(file, 16<<10), file}, nil
}

// Reader gives what was written, from its start. Nothing may be written after it.
func (s *Spool) Reader() (io.Reader, error) {
	if err := s.Flush(); err != nil {
		return nil, fmt.Errorf("write a temporary file: %w", err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read a temporary file: %w", err)
	}
	return bufio.NewReaderSize(s.file, 16<<10), nil
}

// ReadAt reads from a place (io.ReaderAt). What was written since the last Flush is
// not there yet.
func (s *Spool) ReadAt(p []byte, at int64) (int, error) { return s.file.ReadAt(p, at) }

// Drop removes the file.
func (s *Spool) Drop() {
	_ = s.file.Close()
	_ = os.Remove(s.file.Name()) // what cannot be removed is the system's to clear
}
