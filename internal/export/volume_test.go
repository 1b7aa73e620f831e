package export_test

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/export"
	"interceptlog/internal/format/formattest"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// many is a log of n incidents, each with several of everything, and no contacts.
type many struct {
	source
	n    int
	look func(i int) // at each incident; may be nil
}

func (m *many) EachCaseFrom(_ context.Context, _ incidents.Filter, _ hotline.Page, _ hotline.At, fn func(*hotline.Case, func() string) error) error {
	two, start := 2, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range m.n {
		c := hotline.Case{Incident: incidents.Incident{ID: incidents.ID(fmt.Sprintf("018f3c1e-0000-7000-8000-%012d", i)), Number: fmt.Sprintf("2020-%06d", i), Revision: 1, Status: "submitted",
			Derived: incidents.Place{Region: []string{"baltic", "black", "norwegian"}[i%3]},
			Record: incidents.Record{Title: "Il-20 without a transponder south of Malmö", Start: incidents.At(start.Add(time.Duration(i)*time.Minute), incidents.Exact, ""),
				Geometry:     incidents.Geometry{Geometry: orb.Point{float64(i%360) - 179.5, float64(i%170) - 84.75}},
				Intercepting: incidents.Party{Nations: []string{"SE", "FI"}, Aircraft: []incidents.Aircraft{{Designator: "JAS39", Count: &two}}},
				Intercepted:  incidents.Party{Nations: []string{"RU"}, Aircraft: []incidents.Aircraft{{Designator: "IL20", Count: &two}, {Name: "Su-27"}}},
				Behaviours:   []string{"transponder_off", "shadowing"}, Severity: "serious", SeverityReason: "It crossed an airway.",
				Claims:  []incidents.Claim{{Field: "airspace", Value: "international", Claimant: "RU"}},
				Sources: []incidents.Source{{Title: "A report", URL: "https://example.org/report/1", Publisher: "Agency", Date: "2020-01-02"}, {Title: "Another"}, {Title: "A third"}},
			}}}
		if m.look != nil {
			m.look(i)
		}
		if err := fn(&c, func() string { return "" }); err != nil {
			return err
		}
	}
	return nil
}

func (m *many) EachContact(context.Context, hotline.ContactFilter, hotline.ContactID, func(*hotline.ContactWithIncidents) error) error {
	return nil
}

// volume is how many incidents a large export has.
const volume = 200_000

// TestMemoryIsBounded: neither the incidents nor the rows beside them are held,
// only their ids, where contacts are looked for, until a buffer of them is full.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("volume is tested in the first time zone")
	}
	const n = volume / 4
	for _, ext := range []string{"tables.zip", "kml"} {
		var h formattest.Heap
		src := &many{n: n, look: func(i int) { h.Look(i, n) }}
		m, err := export.Run(t.Context(), src, access.Actor{}, job(t, "incidents", ext), io.Discard)
		if err != nil || m.Count != n {
			t.Fatalf("%d incidents, %v", m.Count, err)
		}
		t.Logf("%s: %d incidents, %d MB, the heap grew by %d KB", ext, m.Count, m.Bytes>>20, h.Grown()>>10)
		if h.Grown() > n*16*4 {
			t.Errorf("%s: the heap grew by %d bytes", ext, h.Grown())
		}
	}
}

// firstByte notes when the first byte comes.
type firstByte struct {
	begun time.Time
	after time.Duration
}

func (f *firstByte) Write(p []byte) (int, error) {
	if f.after == 0 {
		f.after = time.Since(f.begun)
	}
	return len(p), nil
}

// BenchmarkRun writes a large export in each format, and tells when its first
// byte came.
func BenchmarkRun(b *testing.B) {
	for _, f := range export.Formats() {
		b.Run(f.Ext, func(b *testing.B) {
			j := job(b, "incidents", f.Ext)
			var first firstByte
			for b.Loop() {
				first = firstByte{begun: time.Now()}
				if _, err := export.Run(b.Context(), &many{n: volume}, access.Actor{}, j, &first); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(first.after.Microseconds())/1000, "ms-to-first-byte")
			b.ReportMetric(volume*float64(b.N)/b.Elapsed().Seconds(), "features/s")
		})
	}
}
