package geojson

import (
	"fmt"
	"strconv"

	"interceptlog/internal/format"
	"interceptlog/internal/incidents"
)

// collection is a FeatureCollection on its way out: what Export and Writer have
// in common. Its closing bracket is written by end alone, so that a cut file
// looks cut.
type collection struct {
	format.Gathered
	count int
}

// begin opens the collection and says of when and of what it is.
func (c *collection) begin(l *format.Layer, m format.Meta) {
	o := object{b: append(c.Buf, `{"type":"FeatureCollection",`...), first: true}
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
	c.Buf = append(o.b, ",\"features\":[\n"...)
}

// next makes room for a feature.
func (c *collection) next() {
	if c.count++; c.count > 1 {
		c.Buf = append(c.Buf, ',', '\n')
	}
}

// end closes the collection and writes the rest.
func (c *collection) end() error {
	c.Buf = fmt.Appendf(c.Buf, "\n],\"numberReturned\":%d}\n", c.count)
	return c.Flush()
}
