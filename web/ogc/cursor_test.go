package ogc

import (
	"net/url"
	"testing"

	"interceptlog/internal/incidents"
)

// FuzzCursor: a cursor that was signed comes back as it was, for its own
// question only, and nothing else is taken for one.
func FuzzCursor(f *testing.F) {
	f.Add("eyJrIjp7Im4iOjF9fQ", int64(1_700_000_000_000), 115, "region=baltic", "AAAA", 3)
	f.Add("", int64(-1), 0, "", "", 0)
	f.Add("ä\x00", int64(1)<<62, 1<<40, "limit=7&f=json&crs=x", "====", 40)
	f.Fuzz(func(t *testing.T, place string, at int64, matched int, raw, other string, bit int) {
		query, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		a := &API{Key: []byte("a key of thirty-two bytes, or so")}
		text := a.seal(cursor{Place: place, AsOf: incidents.Millis(at), Matched: matched, Query: question(query)})
		if len(text) <= maxCursor {
			got, err := a.readCursor(text, query)
			if err != nil || incidents.Millis(at) != got.AsOf || matched != got.Matched {
				t.Fatalf("%q came back as %+v, %v", text, got, err)
			}
		}
		if _, err := a.readCursor(other, query); err == nil && other != text {
			t.Fatalf("%q is taken", other)
		}
		turned := []byte(text)
		turned[uint(bit)%uint(len(turned))] ^= 1
		if got, err := a.readCursor(string(turned), query); err == nil && a.seal(got) != text {
			t.Fatalf("%q is taken for %q", turned, text)
		}
		query.Set("severity", query.Get("severity")+"x")
		if _, err := a.readCursor(text, query); err == nil {
			t.Fatalf("%q is taken for another question", text)
		}
	})
}
