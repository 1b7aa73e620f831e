package flatgeobuf

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	flatbuffers "github.com/google/flatbuffers/go"
	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// The fields of the tables, numbered as they stand in header.fbs and feature.fbs.
const (
	headerName = iota
	headerEnvelope
	headerGeometryType
	headerHasZ
	headerHasM
	headerHasT
	headerHasTM
	headerColumns
	headerFeaturesCount
	headerIndexNodeSize
	headerCRS
	headerTitle
	headerDescription
	headerMetadata
	headerFields
)

const (
	columnName        = 0
	columnType        = 1
	columnDescription = 3
	columnFields      = 11

	crsOrg    = 0
	crsCode   = 1
	crsName   = 2
	crsWKT    = 4
	crsFields = 6

	featureGeometry   = 0
	featureProperties = 1
	featureFields     = 3

	geometryEnds   = 0
	geometryXY     = 1
	geometryType   = 6
	geometryParts  = 7
	geometryFields = 8
)

// columnTypes are the types of columns for each kind (enum ColumnType).
var columnTypes = map[feature.Kind]byte{feature.Bool: 2, feature.Integer: 7, feature.Number: 10, feature.Text: 11, feature.List: 12, feature.Instant: 13}

// geometryTypes are those of enum GeometryType; 0 is each feature its own.
var geometryTypes = map[string]byte{"Point": 1, "LineString": 2, "Polygon": 3, "MultiPoint": 4, "MultiLineString": 5, "MultiPolygon": 6, "GeometryCollection": 7}

// The limits of the file: a column has a number of 16 bits, and what a feature
// may take readers refuse above 2 GB.
const (
	maxColumns = 1 << 16
	maxFeature = 1 << 30
)

// builder makes the tables; its memory is used again for each feature.
type builder struct {
	fb    *flatbuffers.Builder
	props []byte
	xy    []orb.Point
	ends  []uint32
}

// start begins a table of its own. All are a multiple of eight bytes long, so
// that doubles are aligned in the file too.
func (b *builder) start() {
	if b.fb == nil {
		b.fb = flatbuffers.NewBuilder(4096)
	}
	b.fb.Reset()
	b.fb.Prep(8, 0)
}

// header is the header with its size before it.
func (b *builder) header(w *writer, indexed bool) []byte {
	b.start()
	l, fb := w.layer, b.fb
	columns := make([]flatbuffers.UOffsetT, len(l.Properties))
	for i, p := range l.Properties {
		columns[i] = b.column(p)
	}
	list := fb.CreateVectorOfTables(columns)
	crs := b.crs(l)
	name, title, description := fb.CreateString(l.Name), fb.CreateString(l.Title), fb.CreateString(l.Description)
	metadata := fb.CreateString(w.meta.JSON())
	var envelope flatbuffers.UOffsetT
	if indexed {
		envelope = b.doubles([]orb.Point{{w.box.MinX, w.box.MinY}, {w.box.MaxX, w.box.MaxY}})
	}
	fb.StartObject(headerFields)
	fb.PrependUOffsetTSlot(headerName, name, 0)
	fb.PrependUOffsetTSlot(headerEnvelope, envelope, 0)
	fb.PrependByteSlot(headerGeometryType, geometryTypes[w.types.Only(l.Geometry)], 0)
	fb.PrependUOffsetTSlot(headerColumns, list, 0)
	fb.PrependUint64Slot(headerFeaturesCount, uint64(w.count), 0)
	fb.PrependUOffsetTSlot(headerCRS, crs, 0)
	fb.PrependUOffsetTSlot(headerTitle, title, 0)
	fb.PrependUOffsetTSlot(headerDescription, description, 0)
	fb.PrependUOffsetTSlot(headerMetadata, metadata, 0)
	if !indexed {
		fb.PrependUint16Slot(headerIndexNodeSize, 0, nodeSize)
	}
	fb.FinishSizePrefixed(fb.EndObject())
	return fb.FinishedBytes()
}

func (b *builder) column(p feature.Property) flatbuffers.UOffsetT {
	name, about := b.fb.CreateString(p.Name), b.fb.CreateString(p.About())
	b.fb.StartObject(columnFields)
	b.fb.PrependUOffsetTSlot(columnName, name, 0)
	b.fb.PrependByteSlot(columnType, columnTypes[p.Kind], 0)
	b.fb.PrependUOffsetTSlot(columnDescription, about, 0)
	return b.fb.EndObject()
}

func (b *builder) crs(l *format.Layer) flatbuffers.UOffsetT {
	s := l.System()
	org, name, wkt := b.fb.CreateString("EPSG"), b.fb.CreateString(s.Name), b.fb.CreateString(s.WKT)
	b.fb.StartObject(crsFields)
	b.fb.PrependUOffsetTSlot(crsOrg, org, 0)
	b.fb.PrependInt32Slot(crsCode, int32(s.EPSG), 0)
	b.fb.PrependUOffsetTSlot(crsName, name, 0)
	b.fb.PrependUOffsetTSlot(crsWKT, wkt, 0)
	return b.fb.EndObject()
}

// feature is a feature with its size before it, valid until the next table.
func (b *builder) feature(l *format.Layer, f *feature.Feature, g orb.Geometry) ([]byte, error) {
	b.properties(l, f)
	points := 0
	format.EachPoint(g, func(orb.Point) { points++ })
	if len(b.props)+points*32 > maxFeature {
		return nil, fmt.Errorf("feature %q is too large: %d bytes of values, %d points", f.ID, len(b.props), points)
	}
	b.start()
	var geometry, properties flatbuffers.UOffsetT
	if g != nil {
		geometry = b.geometry(g)
	}
	if len(b.props) > 0 {
		properties = b.fb.CreateByteVector(b.props)
	}
	b.fb.StartObject(featureFields)
	b.fb.PrependUOffsetTSlot(featureGeometry, geometry, 0)
	b.fb.PrependUOffsetTSlot(featureProperties, properties, 0)
	b.fb.FinishSizePrefixed(b.fb.EndObject())
	return b.fb.FinishedBytes(), nil
}

// properties gathers the values that are not null: number of the column, value.
func (b *builder) properties(l *format.Layer, f *feature.Feature) {
	b.props = b.props[:0]
	for i, p := range l.Properties {
		v := &f.Values[i]
		if format.IsNull(p.Kind, v) {
			continue
		}
		b.props = binary.LittleEndian.AppendUint16(b.props, uint16(i))
		switch p.Kind {
		case feature.Bool:
			one := byte(0)
			if v.Bool {
				one = 1
			}
			b.props = append(b.props, one)
		case feature.Integer:
			b.props = binary.LittleEndian.AppendUint64(b.props, uint64(v.Int))
		case feature.Number:
			b.props = binary.LittleEndian.AppendUint64(b.props, math.Float64bits(v.Number))
		case feature.Instant:
			b.text(string(format.AppendInstant(nil, v.Int)))
		case feature.List:
			b.text(format.ListJSON(v.List))
		default:
			b.text(strings.ToValidUTF8(v.Text, "\uFFFD"))
		}
	}
}

func (b *builder) text(s string) {
	b.props = binary.LittleEndian.AppendUint32(b.props, uint32(len(s)))
	b.props = append(b.props, s...)
}

// geometry writes a geometry. The type stands in each, so that it is right
// whether or not the header has one for all.
func (b *builder) geometry(g orb.Geometry) flatbuffers.UOffsetT {
	b.xy, b.ends = b.xy[:0], b.ends[:0]
	var parts flatbuffers.UOffsetT
	switch x := g.(type) {
	case orb.Polygon:
		for _, r := range x {
			b.part(r)
		}
	case orb.MultiLineString:
		for _, l := range x {
			b.part(l)
		}
	case orb.MultiPolygon:
		parts = partsOf(b, x)
	case orb.Collection:
		parts = partsOf(b, x)
	default:
		format.EachPoint(g, func(p orb.Point) { b.xy = append(b.xy, p) })
	}
	var ends, xy flatbuffers.UOffsetT
	if len(b.ends) > 1 {
		ends = b.endsVector()
	}
	if parts == 0 {
		xy = b.doubles(b.xy)
	}
	b.fb.StartObject(geometryFields)
	b.fb.PrependUOffsetTSlot(geometryEnds, ends, 0)
	b.fb.PrependUOffsetTSlot(geometryXY, xy, 0)
	b.fb.PrependUOffsetTSlot(geometryParts, parts, 0)
	b.fb.PrependByteSlot(geometryType, geometryTypes[g.GeoJSONType()], 0)
	return b.fb.EndObject()
}

// part adds a ring or a line of several.
func (b *builder) part(points []orb.Point) {
	b.xy = append(b.xy, points...)
	b.ends = append(b.ends, uint32(len(b.xy)))
}

// partsOf writes the geometries of which one consists; empty ones are left out,
// since readers stop at them.
func partsOf[G orb.Geometry](b *builder, of []G) flatbuffers.UOffsetT {
	var list []flatbuffers.UOffsetT
	for _, g := range of {
		if !format.BoxOf(g).Empty() {
			list = append(list, b.geometry(g))
		}
	}
	return b.fb.CreateVectorOfTables(list)
}

// doubles writes coordinates; FlatBuffers are written from their end.
func (b *builder) doubles(points []orb.Point) flatbuffers.UOffsetT {
	b.fb.StartVector(8, 2*len(points), 8)
	for _, p := range slices.Backward(points) {
		b.fb.PrependFloat64(p[1])
		b.fb.PrependFloat64(p[0])
	}
	return b.fb.EndVector(2 * len(points))
}

func (b *builder) endsVector() flatbuffers.UOffsetT {
	b.fb.StartVector(4, len(b.ends), 4)
	for _, e := range slices.Backward(b.ends) {
		b.fb.PrependUint32(e)
	}
	return b.fb.EndVector(len(b.ends))
}
