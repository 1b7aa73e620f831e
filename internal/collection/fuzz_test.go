package collection

import (
	"errors"
	"math"
	"net/url"
	"testing"

	"interceptlog/internal/feature"
)

// FuzzReadQuery: whatever stands in an address, it is read or refused with a
// parameter, and what was read can be asked of real features.
func FuzzReadQuery(f *testing.F) {
	for _, s := range []string{"bbox=170,-10,-170,10", "bbox=54,10,60,25&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326", "bbox=4e6,3e6,5e6,4e6&bbox-crs=EPSG:3035", "bbox=1,2,3,4,5,6",
		"datetime=2024-01-01/..", "datetime=../2024-01-01T00:00:00.5Z", "datetime=2024-02-29", "sortby=-title", "properties=title,id", "filter=severity='serious'&filter-lang=cql-text",
		"filter=S_INTERSECTS(geometry,POINT(4e6 3e6))&filter-crs=EPSG:3035", `filter={"op":"=","args":[{"property":"id"},"x"]}&filter-lang=cql2-json`, "filter=start_from >= '2022-01-01T' AND late_entry = 1&filter-lang=cql-text",
		"late_entry=1&start_from=2024-01-01T00:00:00%2B01:00&exercise=true&nation=RU,US&q=a", "kind=town&name=Riga", "filter=exercise"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		v, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		for _, col := range all {
			q, err := ReadQuery(col, v)
			var refused *ParameterError
			if err != nil {
				if !errors.As(err, &refused) || refused.Parameter == "" || refused.Accepted == "" || refused.Msg == "" {
					t.Fatalf("%s %q: %v", col.ID, raw, err)
				}
				continue
			}
			if b := q.Box; b != nil && (math.IsNaN(b.West+b.South+b.East+b.North) || b.South > b.North) {
				t.Fatalf("%q: %+v", raw, *b)
			}
			if p := q.Period; p != nil && p.From > p.To {
				t.Fatalf("%q: %+v", raw, *p)
			}
			if col.ID == "regions" || col.ID == "places" { // these need no log
				n := 0
				p, err := col.Read(t.Context(), nil, q, func(*feature.Feature) error { n++; return nil })
				if err == nil && p.Returned != n {
					t.Fatalf("%q: %d of %d", raw, p.Returned, n)
				}
			}
		}
	})
}
