package shapefile

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/paulmach/orb"

	"interceptlog/internal/format"
)

// cursor stands in a set: in its table, and in its shapes if it has any.
type cursor struct {
	name   string
	table  *table
	fields []field
	shapes *shapes // nil of a table
	opened []io.Closer
	row    int64 // number of the last one
}

func (s *source) open() (*cursor, error) {
	c := &cursor{name: s.name}
	raw, err := entry(s.dbf)
	if err != nil {
		return nil, err
	}
	c.opened = append(c.opened, raw)
	page, err := small(s.cpg)
	if err != nil {
		return nil, c.fail(err)
	}
	if c.table, err = openTable(bufio.NewReaderSize(raw, 1<<16), string(page), s.names); err != nil {
		return nil, c.fail(fmt.Errorf("%s.dbf: %w", s.name, err))
	}
	c.fields = c.table.fields
	if s.shp == nil {
		return c, nil
	}
	if raw, err = entry(s.shp); err != nil {
		return nil, c.fail(err)
	}
	c.opened = append(c.opened, raw)
	if c.shapes, err = openShapes(bufio.NewReaderSize(raw, 1<<16)); err != nil {
		return nil, c.fail(fmt.Errorf("%s.shp: %w", s.name, err))
	}
	return c, nil
}

func (c *cursor) fail(err error) error {
	c.close()
	return err
}

func (c *cursor) close() {
	for _, r := range c.opened {
		_ = r.Close() // read only
	}
	c.opened = nil
}

// next gives the next row that is not deleted, and its shape.
func (c *cursor) next() (*format.Record, error) {
	for {
		row, err := c.table.next()
		if errors.Is(err, io.EOF) {
			return nil, c.ended()
		}
		c.row++
		if err != nil {
			return nil, c.at(".dbf", err)
		}
		var g orb.Geometry
		if c.shapes != nil {
			if g, err = c.shapes.next(); err != nil {
				if errors.Is(err, io.EOF) {
					err = errors.New("there is no shape for this row")
				}
				return nil, c.at(".shp", err)
			}
		}
		if row == nil { // deleted
			continue
		}
		id, _ := row["id"].(string)
		return &format.Record{Row: c.row, ID: id, Geometry: g, Properties: row}, nil
	}
}

// at says in which row, and in which file or field.
func (c *cursor) at(ext string, err error) error {
	var field *format.RowError
	if errors.As(err, &field) {
		return &format.RowError{Row: c.row, Field: field.Field, Msg: field.Msg}
	}
	return &format.RowError{Row: c.row, Msg: c.name + ext + ": " + err.Error()}
}

// ended is io.EOF, unless there are shapes left.
func (c *cursor) ended() error {
	if c.shapes == nil {
		return io.EOF
	}
	if _, err := c.shapes.next(); err == nil {
		return &format.RowError{Msg: c.name + ".shp has more shapes than its table has rows"}
	}
	return io.EOF
}
