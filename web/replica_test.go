package web_test

import (
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/format/gpkg"
	"interceptlog/internal/replica"
)

// copyOf reads the features of a copy: properties and geometry by id.
func copyOf(t *testing.T, path string) map[string]map[string]any {
	t.Helper()
	r, err := gpkg.Open(path, "incidents")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out := map[string]map[string]any{}
	for {
		rec, err := r.Next()
		if err != nil {
			return out // io.EOF, or too few features, which the caller sees
		}
		rec.Properties["geometry"] = rec.Geometry
		out[rec.Properties["id"].(string)] = rec.Properties
	}
}

// A copy that the command keeps is, after every run, what a first run would
// take, whatever was written meanwhile.
func TestSyncKeepsACopy(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	server := replica.Server{Address: s.URL + "/ogc/collections/incidents", Client: s.as(t, access.Analyst)}
	dir := t.TempDir()
	path := filepath.Join(dir, "copy.gpkg")
	rnd := rand.New(rand.NewPCG(3, 5))
	for round := range 4 {
		sum, err := replica.Sync(t.Context(), server, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		fresh := filepath.Join(t.TempDir(), "fresh.gpkg")
		if _, err := replica.Sync(t.Context(), server, fresh, nil); err != nil {
			t.Fatal(err)
		}
		got, want := copyOf(t, path), copyOf(t, fresh)
		if len(got) != sum.Features || len(got) < 100 {
			t.Errorf("round %d: %d features, the summary says %+v", round, len(got), sum)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("round %d: the copy differs from a fresh one (%d and %d features)", round, len(got), len(want))
			for id := range want {
				if d := differences(want[id], got[id]); len(d) > 0 {
					t.Errorf("%s\n%s", id, strings.Join(d, "\n"))
				}
			}
		}
		s.writeAtRandom(t, rnd)
		s.clock.Advance(time.Duration(rnd.IntN(8)) * time.Hour)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".sync-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestSyncRefuses(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	client := s.as(t, access.Analyst)
	path := filepath.Join(t.TempDir(), "copy.gpkg")
	at := s.URL + "/ogc/collections/incidents"
	for address, want := range map[string]string{
		"ftp://x/ogc/collections/incidents": "no address", s.URL + "/ogc/collections/places": "no collection whose changes",
		strings.Replace(at, "//", "//name:word@", 1): "password", s.URL + "/ogc/collections/incidents?region=atlantis": "region",
	} {
		if _, err := replica.Sync(t.Context(), replica.Server{Address: address, Client: client}, path, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := replica.Sync(t.Context(), replica.Server{Address: at, Client: http.DefaultClient}, path, nil); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("without a token: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was made of nothing")
	}
	if _, err := replica.Sync(t.Context(), replica.Server{Address: at, Client: client}, path, nil); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := replica.Sync(t.Context(), replica.Server{Address: at + "?region=black", Client: client}, path, nil); err == nil || !strings.Contains(err.Error(), "is a copy of") {
		t.Errorf("another address: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Error("the copy was touched by a run that failed")
	}
}
