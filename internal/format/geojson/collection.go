package geojson

import (
	"fmt"
	"io"
	"strconv"

	"interceptlog/internal/format"
	"interceptlog/internal/incidents"
)

// flushAt is how many bytes are gathered before they are written.
const flushAt = 32 << 10

// collection is a FeatureCollection on its way out: what Export and Writer have
// in common. Its closing bracket is written by end alone, so that a cut file
// looks cut.
type collection struct {
	w     io.Writer
	buf   []byte
	count int
}

// begin opens the collection and says of when and of what it is.
func (c *collection) begin(l *format.Layer, m format.Meta) {
	o := object{b: append(c.buf, `{"type":"FeatureCollection",`...), first: true}
	o.Text("name", l.Name)
	if !l.WGS84() { // the member of GeoJSON 2008, which RFC 7946 left out; GDAL and QGIS read and write it
		o.key("crs")
		o.b = append(o.b, `{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::`...)
		o.b = append(strconv.AppendInt(o.b, int64(l.System().EPSG), 10), `"}}`...)
	}
	if m.AsOf == 0 {
		o.Text("as_of", "")
	} else {
		o.Text("as_of", incidents.FormatInstant(m.AsOf))
	}
	o.Text("filter", m.Filter)
	if m.Marking != "" {
		o.Text("marking", m.Marking)
	}
	c.buf = append(o.b, ",\"features\":[\n"...)
}

// next makes room for a feature.
func (c *collection) next() {
	if c.count++; c.count > 1 {
		c.buf = append(c.buf, ',', '\n')
	}
}

// pass writes what has been gathered, if it is enough.
func (c *collection) pass() error {
	if len(c.buf) < flushAt {
		return nil
	}
	_, err := c.w.Write(c.buf)
	c.buf = c.buf[:0]
	return err
}

// end closes the collection and writes the rest.
func (c *collection) end() error {
	c.buf = fmt.Appendf(c.buf, "\n],\"numberReturned\":%d}\n", c.count)
	_, err := c.w.Write(c.buf)
	c.buf = c.buf[:0]
	return err
}
