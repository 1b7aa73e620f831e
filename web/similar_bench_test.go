package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
)

// crowd puts many incidents into the Baltic, spread over ten years before the
// start of the test; every tenth is known only to its year.
func crowd(t testing.TB, s *site, n int) {
	t.Helper()
	err := s.store.InTx(context.Background(), func(ctx context.Context) error {
		for i := range n {
			at, precision := start.Add(-time.Duration(i)*(10*365*24*time.Hour/time.Duration(n))), incidents.Exact
			if i%10 == 0 {
				precision = incidents.Year
			}
			rec := incidents.Record{Title: fmt.Sprint("incident ", i), Start: incidents.At(at, precision, ""), Severity: "serious", SeverityReason: "crossed ahead", Absence: "own_log",
				Geometry:    incidents.Geometry{Geometry: orb.Point{18.8 + float64(i%7)/10, 55.2 + float64(i%5)/10}},
				Intercepted: incidents.Party{Nations: []string{"RU"}, Aircraft: []incidents.Aircraft{{Designator: "IL20", Name: "Il-20"}}}}
			inc := incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted, Record: rec, Derived: incidents.Place{Region: "baltic", GeometryRegion: "baltic"}}
			if _, _, err := s.store.CreateIncident(ctx, access.Actor{Name: "cli:test", Role: access.Administrator}, inc); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// typing is a report that is nearly filled.
func typing() url.Values {
	return url.Values{"id": {string(incidents.NewID())}, "add": {"readback"}, "start": {"240231ZNOV26"}, "start_precision": {"exact"},
		"position": {"5512N 01848E"}, "intercepting_nations": {"PL"}, "intercepted_nations": {"RU"}, "severity": {"serious"}, "severity_reason": {"crossed ahead"}}
}

// TestSimilarIsBounded fills a year with more incidents than are compared: the
// page says so, and the nearest in time are among those that were.
func TestSimilarIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	s := newEmptySite(t)
	crowd(t, s, 4000)
	v := typing()
	v.Set("start", "2026")
	v.Set("start_precision", "year")
	a := beside(t, s, v)
	if n, said := len(shownBeside(a)), a.doc.Find("#similar .more").Text(); n != 5 || !strings.HasPrefix(said, "Compared with the 300 that began last; ") {
		t.Errorf("%d shown; %q", n, said)
	}
	v = typing()
	a = beside(t, s, v)
	if n := len(shownBeside(a)); n == 0 || a.doc.Find("#similar .more").Length() > 0 && n < 5 {
		t.Errorf("%d shown of a crowd", n)
	}
}

// BenchmarkSimilar is the page that follows the typing, with the incidents
// that may be the same, in a log of 20,000.
func BenchmarkSimilar(b *testing.B) {
	s := newEmptySite(b)
	crowd(b, s, 20_000)
	geo.Default()
	s.as(b, access.Officer)
	for _, precision := range []string{"nothing", "exact", "day", "year"} {
		b.Run(precision, func(b *testing.B) {
			v := typing()
			switch precision {
			case "nothing":
				v.Set("intercepted_nations", "") // the page alone
			case "day", "year":
				v.Set("start", map[string]string{"day": "24 NOV 26", "year": "2025"}[precision])
				v.Set("start_precision", precision)
			}
			for b.Loop() {
				if a := s.post(b, access.Officer, "/incidents", v); a.status != http.StatusOK {
					b.Fatal(a.status)
				}
			}
		})
	}
}
