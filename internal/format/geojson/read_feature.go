package geojson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"interceptlog/internal/format"
)

const (
	maxDepth     = 32        // of lists and objects in a property, and of collections
	maxPositions = 1_000_000 // of one feature
	maxDegrees   = 1e9       // of a coordinate: what no place has, and no encoder chokes on
)

// readFeature reads a Feature from JSON that is well formed.
func readFeature(row int64, raw []byte) (*format.Record, error) {
	seen := map[string]json.RawMessage{}
	w := walk{row: row}
	if err := w.object("", raw, func(key string, value []byte) error {
		seen[key] = value
		return nil
	}); err != nil {
		return nil, err
	}
	return featureOf(row, seen)
}

// featureOf makes a record of the members of a Feature. Members that GeoJSON
// does not name are passed over.
func featureOf(row int64, seen map[string]json.RawMessage) (*format.Record, error) {
	w := walk{row: row, left: maxPositions}
	for name, value := range seen {
		if !utf8.Valid(value) {
			return nil, w.fail(name, "is not UTF-8, which GeoJSON is written in.")
		}
	}
	if kind, _ := text(seen["type"]); kind != "Feature" {
		return nil, w.fail("type", fmt.Sprintf("is %.40q. Accepted is Feature.", kind))
	}
	rec := &format.Record{Row: row, Properties: map[string]any{}}
	switch id := seen["id"]; {
	case len(id) == 0, string(id) == "null":
	case id[0] == '"':
		rec.ID, _ = text(id)
	case id[0] == '-' || id[0] >= '0' && id[0] <= '9':
		rec.ID = string(id)
	default:
		return nil, w.fail("id", "is neither a text nor a number.")
	}
	var err error
	if g := seen["geometry"]; len(g) > 0 {
		if rec.Geometry, err = w.geometry("geometry", g, 0); err != nil {
			return nil, err
		}
	}
	if p := seen["properties"]; len(p) > 0 && string(p) != "null" {
		err = w.object("properties", p, func(key string, value []byte) error {
			v, err := w.value(key, value, 1)
			rec.Properties[key] = v
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	return rec, nil
}

// walk goes through JSON that is known to be well formed.
type walk struct {
	row  int64
	left int // positions still allowed
}

func (w *walk) fail(field, msg string) error {
	return &format.RowError{Row: w.row, Field: field, Msg: msg}
}

// object gives the members of an object, of which none may stand twice.
func (w *walk) object(field string, raw []byte, member func(key string, value []byte) error) error {
	i := space(raw, 0)
	if i >= len(raw) || raw[i] != '{' {
		return w.fail(field, "is no object.")
	}
	names := map[string]bool{}
	for i = space(raw, i+1); raw[i] != '}'; {
		end := skip(raw, i)
		key, ok := text(raw[i:end])
		if !ok || names[key] {
			return w.fail(cmpName(field, key), "stands twice. Accepted is each name once.")
		}
		names[key] = true
		i = space(raw, space(raw, end)+1) // the colon
		end = skip(raw, i)
		if err := member(key, raw[i:end:end]); err != nil {
			return err
		}
		if i = space(raw, end); raw[i] == ',' {
			i = space(raw, i+1)
		}
	}
	return nil
}

func cmpName(field, key string) string {
	if field == "" || field == "properties" {
		return key
	}
	return field + "." + key
}

// list gives the members of a list.
func (w *walk) list(field string, raw []byte, member func(value []byte) error) error {
	if len(raw) == 0 || raw[0] != '[' {
		return w.fail(field, "is no list.")
	}
	for i := space(raw, 1); raw[i] != ']'; {
		end := skip(raw, i)
		if err := member(raw[i:end:end]); err != nil {
			return err
		}
		if i = space(raw, end); raw[i] == ',' {
			i = space(raw, i+1)
		}
	}
	return nil
}

// value reads a property.
func (w *walk) value(field string, raw []byte, depth int) (any, error) {
	if depth > maxDepth {
		return nil, w.fail(field, fmt.Sprintf("is nested deeper than %d, the most that is accepted.", maxDepth))
	}
	switch raw[0] {
	case 'n':
		return nil, nil
	case 't', 'f':
		return raw[0] == 't', nil
	case '"':
		s, _ := text(raw)
		return s, nil
	case '[':
		out := []any{}
		err := w.list(field, raw, func(value []byte) error {
			v, err := w.value(field, value, depth+1)
			out = append(out, v)
			return err
		})
		return out, err
	case '{':
		out := map[string]any{}
		err := w.object(field, raw, func(key string, value []byte) error {
			v, err := w.value(cmpName(field, key), value, depth+1)
			out[key] = v
			return err
		})
		return out, err
	}
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return n, nil
	}
	x, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return nil, w.fail(field, fmt.Sprintf("%.40s is out of range. Accepted are numbers up to 1.7e308.", raw))
	}
	return x, nil
}

const geometries = "Accepted are Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon, GeometryCollection and null."

// geometry reads a geometry of any type; null is none.
func (w *walk) geometry(field string, raw []byte, depth int) (orb.Geometry, error) {
	if string(raw) == "null" {
		return nil, nil
	}
	if depth > maxDepth {
		return nil, w.fail(field, fmt.Sprintf("is nested deeper than %d, the most that is accepted.", maxDepth))
	}
	members := map[string][]byte{}
	if err := w.object(field, raw, func(key string, value []byte) error {
		members[key] = value
		return nil
	}); err != nil {
		return nil, err
	}
	kind, _ := text(members["type"])
	c := coordinates{walk: w, raw: members["coordinates"], field: field}
	switch kind {
	case "Point":
		return orNone(c.point())
	case "MultiPoint":
		return orNone(listOf[orb.MultiPoint](&c, c.point))
	case "LineString":
		return orNone(c.line())
	case "MultiLineString":
		return orNone(listOf[orb.MultiLineString](&c, c.line))
	case "Polygon":
		return orNone(c.polygon())
	case "MultiPolygon":
		return orNone(listOf[orb.MultiPolygon](&c, c.polygon))
	case "GeometryCollection":
		out := orb.Collection{}
		err := w.list(field+".geometries", members["geometries"], func(value []byte) error {
			g, err := w.geometry(field+".geometries", value, depth+1)
			if g != nil {
				out = append(out, g)
			}
			return err
		})
		return orNone(out, err)
	}
	return nil, w.fail(field+".type", fmt.Sprintf("%.40q is not accepted. %s", kind, geometries))
}

func orNone[G orb.Geometry](g G, err error) (orb.Geometry, error) {
	if err != nil {
		return nil, err
	}
	return g, nil
}

// coordinates walks nested lists of numbers.
type coordinates struct {
	*walk
	raw   []byte
	at    int
	field string
}

// listOf reads a list, each member by one function.
func listOf[L ~[]T, T any](c *coordinates, member func() (T, error)) (L, error) {
	if c.at = space(c.raw, c.at); c.at >= len(c.raw) || c.raw[c.at] != '[' {
		return nil, c.fail(c.field+".coordinates", "are not nested as the type has them: a list is missing.")
	}
	out := L{}
	for c.at = space(c.raw, c.at+1); c.raw[c.at] != ']'; {
		m, err := member()
		if err != nil {
			return nil, err
		}
		out = append(out, m)
		if c.at = space(c.raw, c.at); c.raw[c.at] == ',' {
			c.at = space(c.raw, c.at+1)
		}
	}
	c.at++
	return out, nil
}

func (c *coordinates) line() (orb.LineString, error) { return listOf[orb.LineString](c, c.point) }
func (c *coordinates) ring() (orb.Ring, error)       { return listOf[orb.Ring](c, c.point) }
func (c *coordinates) polygon() (orb.Polygon, error) { return listOf[orb.Polygon](c, c.ring) }

// point reads a position; a height is passed over.
func (c *coordinates) point() (orb.Point, error) {
	if c.left--; c.left < 0 {
		return orb.Point{}, c.fail(c.field, fmt.Sprintf("has more than %d positions, the most that is accepted.", maxPositions))
	}
	var p [3]float64
	n := 0
	_, err := listOf[[]struct{}](c, func() (struct{}, error) {
		x, err := c.number()
		if n < len(p) {
			p[n] = x
		}
		n++
		return struct{}{}, err
	})
	if err == nil && (n < 2 || n > 3) {
		err = c.fail(c.field+".coordinates", fmt.Sprintf("have a position of %d numbers. Accepted are longitude, latitude and perhaps a height.", n))
	}
	return orb.Point{p[0], p[1]}, err
}

func (c *coordinates) number() (float64, error) {
	end := skip(c.raw, c.at)
	token := c.raw[c.at:end]
	c.at = end
	x, err := strconv.ParseFloat(string(token), 64)
	if err != nil && len(token) > 0 && strings.IndexByte("-0123456789", token[0]) < 0 {
		return 0, c.fail(c.field+".coordinates", fmt.Sprintf("hold %.40s where a number belongs.", token))
	}
	if err != nil || math.Abs(x) > maxDegrees {
		return 0, c.fail(c.field+".coordinates", fmt.Sprintf("hold %.40s. Accepted are degrees.", token))
	}
	return x, nil
}

// text reads a JSON string.
func text(raw []byte) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	if plain := raw[1 : len(raw)-1]; bytes.IndexByte(plain, '\\') < 0 && utf8.Valid(plain) {
		return string(plain), true
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

// space passes over white space.
func space(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r') {
		i++
	}
	return i
}

// skip passes over the value that begins at i.
func skip(raw []byte, i int) int {
	depth := 0
	for ; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			for i++; raw[i] != '"'; i++ {
				if raw[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		default:
			if strings.IndexByte(",: \n\t\r", raw[i]) >= 0 {
				continue
			}
			for i+1 < len(raw) && strings.IndexByte(",:]} \n\t\r", raw[i+1]) < 0 {
				i++
			}
		}
		if depth == 0 {
			return i + 1
		}
	}
	return i
}
