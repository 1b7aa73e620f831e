package formattest

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/geojson"
)

// Null is what Plain gives for nothing.
const Null = "(null)"

// Plain writes a value that was written as one text, so that values which were
// read by different readers can be compared.
func Plain(k feature.Kind, v *feature.Value) string {
	switch {
	case format.IsNull(k, v):
		return Null
	case k == feature.Integer:
		return strconv.FormatInt(v.Int, 10)
	case k == feature.Number:
		return strconv.FormatFloat(v.Number, 'f', -1, 64)
	case k == feature.Bool:
		return strconv.FormatBool(v.Bool)
	case k == feature.Instant:
		return string(format.AppendInstant(nil, v.Int))
	case k == feature.List:
		return format.JoinList(v.List)
	}
	return v.Text
}

// PlainRead is Plain for a value that was read.
func PlainRead(v any) string {
	switch v := v.(type) {
	case nil:
		return Null
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		var list []string
		for _, s := range v {
			list = append(list, fmt.Sprint(s))
		}
		return format.JoinList(list)
	}
	return fmt.Sprint(v)
}

// Records reads the features that Lines gave.
func Records(t testing.TB, lines []string) []*format.Record {
	t.Helper()
	var out []*format.Record
	for i, line := range lines {
		r, err := geojson.ReadFeature(int64(i+1), []byte(line))
		if err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		out = append(out, r)
	}
	return out
}

// SortByID sorts records by their property id.
func SortByID(records []*format.Record) {
	slices.SortFunc(records, func(a, b *format.Record) int {
		return cmp.Compare(fmt.Sprint(a.Properties["id"]), fmt.Sprint(b.Properties["id"]))
	})
}

// IDs are the ids of records.
func IDs(records []*format.Record) (ids []string) {
	for _, r := range records {
		ids = append(ids, fmt.Sprint(r.Properties["id"]))
	}
	return ids
}

// Same compares records with the features that were written. As gives the text
// that a reader is expected to make of a value, where that is not Plain's; it may
// be nil.
func Same(t testing.TB, records []*format.Record, l format.Layer, features []feature.Feature, as func(p feature.Property, plain string) string) {
	t.Helper()
	if len(records) != len(features) {
		t.Fatalf("%d features are read, %d were written", len(records), len(features))
	}
	for i, r := range records {
		f := &features[i]
		switch {
		case r.Geometry == nil && f.Geometry == nil:
		case r.Geometry == nil || f.Geometry == nil || !orb.Equal(r.Geometry, f.Geometry):
			t.Errorf("feature %d: the geometry is %v, was %v", i, r.Geometry, f.Geometry)
		}
		if _, ok := r.Properties["id"]; !ok { // GDAL takes it for that of the feature
			r.Properties["id"] = r.ID
		}
		for j, p := range l.Properties {
			want, got := Plain(p.Kind, &f.Values[j]), PlainRead(r.Properties[p.Name])
			if as != nil {
				want = as(p, want)
			}
			if got != want {
				t.Errorf("feature %d: %s is %q, want %q", i, p.Name, got, want)
			}
		}
	}
}

// ReadAll reads up to the end and closes the reader, or gives the error that
// comes instead.
func ReadAll(r format.Reader) (out []*format.Record, err error) {
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, r.Close()
		}
		if err != nil {
			return out, err
		}
		out = append(out, rec)
	}
}

// Read is ReadAll for readers that stop at the first error: one that goes on after
// it is in error too.
func Read(r format.Reader) ([]*format.Record, error) {
	out, err := ReadAll(r)
	if err == nil {
		return out, nil
	}
	defer r.Close()
	if _, again := r.Next(); again == nil || errors.Is(again, io.EOF) {
		return out, fmt.Errorf("after %w the reader goes on", err)
	}
	return out, err
}
