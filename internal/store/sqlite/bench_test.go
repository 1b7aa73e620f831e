package sqlite

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

func BenchmarkCreateIncident(b *testing.B) {
	s := mustOpen(b, newFolder(b))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		if _, _, err := s.CreateIncident(b.Context(), actor, sample(i)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkImport is a write inside a batch: all the work but the disk's.
func BenchmarkImport(b *testing.B) {
	s := mustOpen(b, newFolder(b))
	b.ReportAllocs()
	fatal(b, s.InTx(b.Context(), func(ctx context.Context) error {
		i := 0
		for b.Loop() {
			i++
			if _, _, err := s.CreateIncident(ctx, actor, sample(i)); err != nil {
				return err
			}
		}
		return nil
	}))
}

const many = 20_000

var bigDir string

// big is a log with many incidents, a third of them with a contact; made once.
var big = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "interceptlog-big")
	if err != nil {
		return "", err
	}
	bigDir = dir
	s, err := Open(dir, Options{})
	if err != nil {
		return "", err
	}
	defer s.Close()
	return dir, s.InTx(context.Background(), func(ctx context.Context) error {
		for i := range many {
			inc, _, err := s.CreateIncident(ctx, actor, sample(i))
			if err != nil {
				return err
			}
			if i%3 == 0 {
				_, _, err = s.CreateContact(ctx, actor, hotline.Contact{
					ID: hotline.ContactID(fmt.Sprint("contact", i)), Channel: hotline.Channel{Kind: "phone"}, Outcome: "connected", Purpose: "clarify",
					Start: incidents.At(inc.Record.Start.From.Time().Add(time.Hour), incidents.Exact, ""),
				}, []hotline.Link{{IncidentID: inc.ID, Relation: "prompted_by"}})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
})

func openBig(b *testing.B) *store.Store {
	b.Helper()
	dir, err := big()
	fatal(b, err)
	return mustOpen(b, dir)
}

// TestMain removes the big logs in the end.
func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range []string{bigDir, longDir} {
		if dir != "" {
			os.RemoveAll(dir)
		}
	}
	os.Exit(code)
}

func BenchmarkCases(b *testing.B) {
	s := openBig(b)
	for name, p := range map[string]struct {
		f  incidents.Filter
		p  hotline.Page
		at hotline.At
	}{
		"as of":         {at: hotline.At{AsOf: incidents.MillisOf(time.Now())}},
		"newest":        {},
		"deescalation":  {p: hotline.Page{Sort: "-deescalation"}},
		"title":         {p: hotline.Page{Sort: "title"}},
		"overdue":       {f: incidents.Filter{Deescalations: []string{"overdue"}}},
		"box":           {f: incidents.Filter{BBox: &incidents.BBox{West: 10, South: 54, East: 14, North: 57}}},
		"small box":     {f: incidents.Filter{BBox: &incidents.BBox{West: 10, South: 54, East: 10.2, North: 54.2}}},
		"common word":   {f: incidents.Filter{Q: "wings"}},
		"rare word":     {f: incidents.Filter{Q: "77"}},
		"aircraft":      {f: incidents.Filter{Aircraft: []string{"RC-135"}}},
		"aircraft none": {f: incidents.Filter{Aircraft: []string{"B-52"}}},
		"nation":        {f: incidents.Filter{Nations: []string{"US"}}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Cases(b.Context(), p.f, p.p, p.at); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEachCase(b *testing.B) {
	s := openBig(b)
	for _, full := range []bool{false, true} {
		b.Run(fmt.Sprintf("full=%v", full), func(b *testing.B) {
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				fatal(b, s.EachCase(b.Context(), incidents.Filter{}, hotline.At{}, full, func(*hotline.Case) error {
					rows++
					return nil
				}))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
		})
	}
}

func BenchmarkCase(b *testing.B) {
	s := openBig(b)
	for b.Loop() {
		if _, err := s.Case(b.Context(), sample(300).ID, hotline.At{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyAudit(b *testing.B) {
	s := openBig(b)
	entries := int64(0)
	for b.Loop() {
		n, err := s.VerifyAudit(b.Context())
		fatal(b, err)
		entries += n
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(entries), "ns/entry")
}
