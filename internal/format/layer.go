package format

import (
	"errors"
	"fmt"
	"math"
	"time"

	"interceptlog/internal/feature"
)

// The errors of a writer that is used against its contract.
var (
	ErrNoLayer  = errors.New("no layer was begun")
	ErrNotWGS84 = errors.New("this format holds longitude and latitude on WGS 84 only")
)

// Fits tells of a feature whose values are not those of the layer.
func (l *Layer) Fits(f *feature.Feature) error {
	if len(f.Values) != len(l.Properties) {
		return fmt.Errorf("feature %q has %d values, layer %q has %d properties", f.ID, len(f.Values), l.Name, len(l.Properties))
	}
	return nil
}

// WGS84 says whether the coordinates are longitude and latitude on WGS 84.
func (l *Layer) WGS84() bool {
	s := l.System()
	return s.Degrees && s.EPSG == 4326
}

// IsNull says whether a value of a kind is nothing; a number that is not finite
// is, since hardly any format can hold it.
func IsNull(k feature.Kind, v *feature.Value) bool {
	return v.Null || k == feature.Number && (math.IsNaN(v.Number) || math.IsInf(v.Number, 0))
}

// AppendInstant writes milliseconds since 1970 as RFC 3339 in UTC, with
// thousandths only where there are some.
func AppendInstant(dst []byte, ms int64) []byte {
	layout := "2006-01-02T15:04:05Z"
	if ms%1000 != 0 {
		layout = "2006-01-02T15:04:05.000Z"
	}
	return time.UnixMilli(ms).UTC().AppendFormat(dst, layout)
}
