package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// BenchmarkBoard is one screen's request for the parts of the board that change,
// with 300 incidents waiting: as the first screen that asks after a change pays
// for it, and as all others do.
func BenchmarkBoard(b *testing.B) {
	const open = 300
	s := newSite(b)
	err := s.store.InTx(b.Context(), func(ctx context.Context) error {
		for i := range open {
			rec := incidents.Record{Title: fmt.Sprint("waiting ", i), Start: incidents.At(start.Add(-time.Duration(i%20)*time.Minute), incidents.Exact, ""),
				Severity: "serious", SeverityReason: "crossed ahead", Absence: "own_log", Exercise: true}
			inc := incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted, Record: rec, Derived: incidents.Place{Region: "baltic", GeometryRegion: "baltic"}}
			if _, _, err := s.store.CreateIncident(ctx, access.Actor{Name: "cli:test", Role: access.Administrator}, inc); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	client := s.as(b, access.Viewer)
	ask := func(b *testing.B) string {
		req, err := http.NewRequest(http.MethodGet, s.URL+"/", nil)
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Accept", "text/html")
		req.Header.Set("X-Live", "1")
		resp, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			b.Fatal(err)
		}
		return string(body)
	}
	if n := strings.Count(ask(b), `data-testid="strip"`); n < open {
		b.Fatalf("%d strips", n)
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			s.clock.Advance(time.Second) // what was made for another second serves nobody
			ask(b)
		}
	})
	b.Run("others", func(b *testing.B) {
		for b.Loop() {
			ask(b)
		}
	})
}
