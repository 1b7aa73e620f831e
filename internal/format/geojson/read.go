package geojson

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"interceptlog/internal/format"
)

// maxFeature is how many bytes one feature, or one member beside the features,
// may have.
const maxFeature = 64 << 20

// Reader reads a FeatureCollection or a single Feature from a file. It holds one
// feature in memory. It takes coordinates as longitude and latitude on WGS 84
// (RFC 7946 §4) and refuses a file that states another reference system, a name
// that stands twice in an object, and a file that was cut.
type Reader struct {
	src   *meter
	dec   *json.Decoder
	at    place
	row   int64
	seen  map[string]json.RawMessage // members of the file but its features
	lists int                        // of features that were met: 0 or 1
	err   error                      // what every further Next gives
}

// place is how far a file has been read.
type place uint8

const (
	before place = iota
	within       // the list of features
	after        // the last bracket
)

// NewReader reads from r, which it does not close. A byte order mark is passed
// over.
func NewReader(r io.Reader) *Reader {
	src := &meter{r: bufio.NewReaderSize(r, 1<<16)}
	return &Reader{src: src, seen: map[string]json.RawMessage{}}
}

// Close does nothing: what r is closed by is its owner's.
func (r *Reader) Close() error { return nil }

// Next gives the next feature. An error is a *format.RowError unless reading
// itself failed, and is given again by every call after it unless More says that
// only the feature is bad.
func (r *Reader) Next() (*format.Record, error) {
	if r.err != nil {
		return nil, r.err
	}
	rec, err := r.next()
	if err == nil {
		return rec, nil
	}
	err = r.explain(err)
	if row := (*format.RowError)(nil); !errors.As(err, &row) || !row.More {
		r.err = err
	}
	return nil, err
}

// passed says of what is wrong with a feature that was read whole that the next
// one can be read.
func passed(err error) error {
	if row := (*format.RowError)(nil); errors.As(err, &row) {
		row.More = true
	}
	return err
}

func (r *Reader) next() (*format.Record, error) {
	if r.at == before {
		if err := r.open(); err != nil {
			return nil, err
		}
	}
	if r.at == within {
		r.src.left = maxFeature
		if r.dec.More() {
			var raw json.RawMessage
			r.row++
			if err := r.dec.Decode(&raw); err != nil {
				return nil, err
			}
			rec, err := readFeature(r.row, raw)
			return rec, passed(err)
		}
		if err := r.leave(); err != nil {
			return nil, err
		}
		return nil, r.check()
	}
	if r.row > 0 { // the one Feature was given
		return nil, io.EOF
	}
	if kind, _ := text(r.seen["type"]); kind == "Feature" {
		r.row = 1
		return featureOf(r.row, r.seen)
	}
	return nil, r.check()
}

const accepted = "Accepted is GeoJSON (RFC 7946): a FeatureCollection or a Feature."

func (r *Reader) open() error {
	b := r.src.r.(*bufio.Reader)
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	r.src.left = maxFeature
	r.dec = json.NewDecoder(r.src)
	r.dec.UseNumber() // so that a number out of range in the place of a bracket is no error of the decoder's
	t, err := r.dec.Token()
	if errors.Is(err, io.EOF) {
		return &format.RowError{Msg: "the file is empty. " + accepted}
	}
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return &format.RowError{Msg: "the file is no JSON object. " + accepted}
	}
	return r.members()
}

// members reads the members of the file up to its features, or to its end.
func (r *Reader) members() error {
	for r.dec.More() {
		r.src.left = maxFeature
		t, err := r.dec.Token()
		if err != nil {
			return err
		}
		key := t.(string)
		if _, twice := r.seen[key]; twice || key == "features" && r.lists > 0 {
			return &format.RowError{Field: key, Msg: "stands twice in the file. Accepted is each name once."}
		}
		if key == "features" {
			if t, err = r.dec.Token(); err == nil && t != json.Delim('[') {
				err = &format.RowError{Field: key, Msg: "is no list. " + accepted}
			}
			r.lists, r.at = 1, within
			return err
		}
		var raw json.RawMessage
		if err := r.dec.Decode(&raw); err != nil {
			return err
		}
		r.seen[key] = raw
		if err := checkCRS(key, raw); err != nil {
			return err
		}
	}
	if _, err := r.dec.Token(); err != nil { // the last bracket
		return err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return &format.RowError{Msg: fmt.Sprintf("something follows the end at byte %d. %s", r.dec.InputOffset(), accepted)}
	}
	r.at = after
	return nil
}

// leave goes from the end of the features to the end of the file.
func (r *Reader) leave() error {
	if _, err := r.dec.Token(); err != nil { // the bracket of the list
		return err
	}
	return r.members()
}

// check is io.EOF when the file was a whole collection.
func (r *Reader) check() error {
	if kind, _ := text(r.seen["type"]); kind != "FeatureCollection" || r.lists == 0 {
		return &format.RowError{Field: "type", Msg: fmt.Sprintf("is %.40q. %s", kind, accepted)}
	}
	if n := string(r.seen["numberReturned"]); n != "" && n != strconv.FormatInt(r.row, 10) {
		return &format.RowError{Field: "numberReturned", Msg: fmt.Sprintf("says %.20s, and the file has %d features: it was changed or cut.", n, r.row)}
	}
	return io.EOF
}

// explain puts the place of an error before it.
func (r *Reader) explain(err error) error {
	var syntax *json.SyntaxError
	var row *format.RowError
	switch {
	case r.at == after && errors.Is(err, io.EOF):
		return io.EOF
	case errors.As(err, &row):
		return row
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &format.RowError{Row: r.row, Msg: "the file ends here, before its last bracket: it was cut."}
	case errors.As(err, &syntax):
		return &format.RowError{Row: r.row, Msg: fmt.Sprintf("not JSON at byte %d: %v. %s", syntax.Offset, syntax, accepted)}
	case errors.Is(err, errTooLarge):
		return &format.RowError{Row: r.row, Msg: fmt.Sprintf("is larger than %d MB, the most that is accepted.", maxFeature>>20)}
	}
	return fmt.Errorf("read GeoJSON: %w", err)
}

var errTooLarge = errors.New("too large")

// meter lets through as many bytes as are left.
type meter struct {
	r    io.Reader
	left int
}

func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errTooLarge
	}
	n, err := m.r.Read(p[:min(len(p), m.left)])
	m.left -= n
	return n, err
}

// checkCRS refuses a reference system other than WGS 84.
func checkCRS(key string, raw []byte) error {
	if key != "crs" || string(raw) == "null" {
		return nil
	}
	var c struct{ Properties struct{ Name string } }
	_ = json.Unmarshal(raw, &c) // what cannot be read has no name that is accepted
	switch name := strings.ToUpper(c.Properties.Name); {
	case strings.HasSuffix(name, "CRS84"), strings.HasPrefix(name, "EPSG:") && strings.HasSuffix(name, ":4326"),
		strings.Contains(name, ":EPSG:") && strings.HasSuffix(name, ":4326"):
		return nil
	}
	return &format.RowError{Field: "crs", Msg: fmt.Sprintf("is %.60q. Accepted is WGS 84, longitude before latitude (urn:ogc:def:crs:OGC:1.3:CRS84), or no crs.", c.Properties.Name)}
}

// ReadFeature reads one Feature; row is the number that errors give.
func ReadFeature(row int64, raw []byte) (*format.Record, error) {
	if len(raw) > maxFeature {
		return nil, &format.RowError{Row: row, Msg: fmt.Sprintf("is larger than %d MB, the most that is accepted.", maxFeature>>20)}
	}
	var whole json.RawMessage
	if err := json.Unmarshal(raw, &whole); err != nil {
		if err.Error() == "unexpected end of JSON input" { // encoding/json has no error of its own for it
			return nil, &format.RowError{Row: row, Msg: "the feature is not complete: it was cut, or it is no JSON."}
		}
		return nil, &format.RowError{Row: row, Msg: fmt.Sprintf("not JSON: %v. Accepted is a GeoJSON Feature.", err)}
	}
	return readFeature(row, whole)
}
