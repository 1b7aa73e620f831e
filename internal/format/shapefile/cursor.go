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
	row    int64
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
		c.row++
		row, err := c.table.next()
		if errors.Is(err, io.EOF) {
			return nil, c.ended()
		}
		if err != nil {
			return nil, fmt.Errorf("%s.dbf, row %d: %w", c.name, c.row, err)
		}
		var g orb.Geometry
		if c.shapes != nil {
			if g, err = c.shapes.next(); err != nil {
				if errors.Is(err, io.EOF) {
					err = errors.New("there is no shape for this row")
				}
				return nil, fmt.Errorf("%s.shp, row %d: %w", c.name, c.row, err)
			}
		}
		if row == nil { // deleted
			continue
		}
		id, _ := row["id"].(string)
		return &format.Record{ID: id, Geometry: g, Properties: row}, nil
	}
}

// ended is io.EOF, unless there are shapes left.
func (c *cursor) ended() error {
	if c.shapes == nil {
		return io.EOF
	}
	if _, err := c.shapes.next(); err == nil {
		return fmt.Errorf("%s.shp has more shapes than its table has rows", c.name)
	}
	return io.EOF
}
