package shapefile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"interceptlog/internal/format"
)

// ErrTooLarge says that a file of a set would reach 2 GB.
var ErrTooLarge = errors.New("a file of the shapefile would exceed 2 GB; ask for less, or for another format")

// set is the files of one type of shape. Rows are spooled, since the width of a
// column stands before the first of them.
type set struct {
	w       *writer
	name    string
	kind    int32 // nullShape: a table without shapes
	columns []column
	shp     *file // nil of a table
	shx     *file
	rows    *file
	n       int
	box     format.Box
}

// file is a temporary file that is written from its beginning to its end.
type file struct {
	*bufio.Writer
	f    *os.File
	size int64
}

func (f *file) write(b []byte, limit int64) error {
	if f.size += int64(len(b)); f.size > limit {
		return ErrTooLarge
	}
	_, err := f.Write(b)
	return err
}

func (w *writer) create(name string) (*file, error) {
	f, err := os.OpenFile(filepath.Join(w.dir, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make shapefile: %w", err)
	}
	return &file{Writer: bufio.NewWriterSize(f, 1<<16), f: f}, nil
}

func newSet(w *writer, name string, kind int32, columns []column) (*set, error) {
	s := &set{w: w, name: name, kind: kind, columns: slices.Clone(columns), box: format.EmptyBox}
	var err error
	if s.rows, err = w.create(name + ".rows"); err != nil {
		return nil, err
	}
	if kind == nullShape {
		return s, nil
	}
	for _, f := range []struct {
		to  **file
		ext string
	}{{&s.shp, ".shp"}, {&s.shx, ".shx"}} {
		if *f.to, err = w.create(name + f.ext); err != nil {
			s.drop()
			return nil, err
		}
		if err = (*f.to).write(make([]byte, headerSize), w.limit); err != nil { // written again at the end
			s.drop()
			return nil, err
		}
	}
	return s, nil
}

// write writes a shape and a row: its cells one after the other, and where each
// ends.
func (s *set) write(shape []byte, box format.Box, cells []byte, ends []int) error {
	s.n++
	if s.kind != nullShape {
		if err := s.writeShape(shape); err != nil {
			return err
		}
		s.box.Extend(box)
	}
	from := 0
	var length [binary.MaxVarintLen64]byte
	for i, end := range ends {
		n := binary.PutUvarint(length[:], uint64(end-from))
		if _, err := s.rows.Write(length[:n]); err != nil {
			return err
		}
		if _, err := s.rows.Write(cells[from:end]); err != nil {
			return err
		}
		if s.columns[i].kind == 'C' {
			s.columns[i].width = max(s.columns[i].width, end-from)
		}
		from = end
	}
	return nil
}

func (s *set) writeShape(shape []byte) error {
	var place, head [8]byte
	binary.BigEndian.PutUint32(place[:], uint32(s.shp.size/2)) // counted in words of 16 bits
	binary.BigEndian.PutUint32(place[4:], uint32(len(shape)/2))
	binary.BigEndian.PutUint32(head[:], uint32(s.n))
	binary.BigEndian.PutUint32(head[4:], uint32(len(shape)/2))
	if err := s.shx.write(place[:], s.w.limit); err != nil {
		return err
	}
	if err := s.shp.write(head[:], s.w.limit); err != nil {
		return err
	}
	return s.shp.write(shape, s.w.limit)
}

// finish writes heads and table, and adds the files to those of the ZIP.
func (s *set) finish(wkt string) error {
	defer s.drop()
	if s.kind != nullShape {
		for _, f := range []*file{s.shp, s.shx} {
			if err := f.Flush(); err != nil {
				return err
			}
			if _, err := f.f.WriteAt(header(s.kind, f.size, s.box), 0); err != nil {
				return err
			}
		}
		s.w.files = append(s.w.files, s.name+".shp", s.name+".shx")
		if err := s.w.save(s.name+".prj", []byte(wkt)); err != nil {
			return err
		}
	}
	if err := s.w.save(s.name+".cpg", []byte("UTF-8")); err != nil {
		return err
	}
	return s.table()
}

// table writes the .dbf from the rows.
func (s *set) table() error {
	head, err := tableHeader(s.columns, s.n, s.w.meta.Made())
	if err != nil {
		return err
	}
	dbf, err := s.w.create(s.name + ".dbf")
	if err != nil {
		return err
	}
	defer dbf.f.Close()
	if err := s.rows.Flush(); err != nil {
		return err
	}
	if _, err := s.rows.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := dbf.write(head, s.w.limit); err != nil {
		return err
	}
	rows := bufio.NewReaderSize(s.rows.f, 1<<16)
	row := make([]byte, 0, maxRow)
	for range s.n {
		if row, err = s.row(row[:0], rows); err != nil {
			return err
		}
		if err := dbf.write(row, s.w.limit); err != nil {
			return err
		}
	}
	if err := dbf.write([]byte{0x1a}, s.w.limit); err != nil {
		return err
	}
	s.w.files = append(s.w.files, s.name+".dbf")
	return dbf.Flush()
}

var blanks = strings.Repeat(" ", maxText)

// row reads a row and pads its cells: text to the left, everything else to the
// right.
func (s *set) row(b []byte, rows *bufio.Reader) ([]byte, error) {
	b = append(b, ' ') // not deleted
	for i := range s.columns {
		c := &s.columns[i]
		n, err := binary.ReadUvarint(rows)
		if err != nil {
			return nil, err
		}
		blanks := blanks[:c.width-int(n)]
		if c.kind == 'N' {
			b = append(b, blanks...)
		}
		at := len(b)
		b = append(b, make([]byte, n)...)
		if _, err := io.ReadFull(rows, b[at:]); err != nil {
			return nil, err
		}
		if c.kind != 'N' {
			b = append(b, blanks...)
		}
	}
	return b, nil
}

// drop closes what is open; the files go with their folder.
func (s *set) drop() {
	for _, f := range []**file{&s.shp, &s.shx, &s.rows} {
		if *f != nil {
			_ = (*f).f.Close()
			*f = nil
		}
	}
}
