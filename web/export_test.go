package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// collection is an export as a client reads it.
type featureCollection struct {
	Type           string
	AsOf           string `json:"as_of"`
	NumberReturned int
	Features       []struct {
		ID         string
		Geometry   json.RawMessage
		Properties map[string]any
	}
}

func exported(t *testing.T, s *site, path string) featureCollection {
	t.Helper()
	a := s.get(t, access.Analyst, path)
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/geo+json" {
		t.Fatalf("%s: %d %s %s", path, a.status, a.header.Get("Content-Type"), a.body)
	}
	var c featureCollection
	if err := json.Unmarshal([]byte(a.body), &c); err != nil {
		t.Fatal(err)
	}
	if c.NumberReturned != len(c.Features) {
		t.Errorf("says %d, holds %d", c.NumberReturned, len(c.Features))
	}
	return c
}

// An export holds exactly what the same filter shows, in the same words.
func TestExportEqualsTheFilter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for query, want := range map[string]int{"": 115, "region=baltic": 48, "region=black&region=norwegian": 67, "severity=high_risk": 8, "exercise=include": 122, "exercise=only": 7, "region=black&severity=near_routine&profile=full": -1,
		"deescalation=followed&deescalation=followed_late": -1, "nation=SE": -1, "aircraft=TU95": -1, "q=missile": -1, "bbox=18,54,24,60": -1, "from=2020-01-01&to=2021-01-01": -1, "behaviour=collision": -1} {
		t.Run(query, func(t *testing.T) {
			c := exported(t, s, "/export/incidents.geojson?"+query)
			if want >= 0 && len(c.Features) != want || len(c.Features) == 0 {
				t.Errorf("%d features, want %d", len(c.Features), want)
			}
			var got []string
			for _, f := range c.Features {
				got = append(got, f.ID)
			}
			slices.Sort(got)
			if list := listed(t, s, query); !slices.Equal(got, list) {
				t.Errorf("the list shows %d other incidents than the %d of the export", len(list), len(got))
			}
		})
	}
}

// listed walks the store's list for a filter.
func listed(t *testing.T, s *site, query string) []string {
	t.Helper()
	values := map[string][]string{}
	for _, pair := range strings.Split(query, "&") {
		if k, v, ok := strings.Cut(pair, "="); ok && k != "profile" {
			values[k] = append(values[k], v)
		}
	}
	f, err := incidents.ParseFilter(values)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for page := (hotline.Page{Limit: 20}); ; {
		p, err := s.store.Cases(t.Context(), f, page, hotline.At{Now: incidents.MillisOf(s.clock.Now())})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Cases {
			ids = append(ids, string(c.Incident.ID))
		}
		if page.After = p.Next; page.After == "" {
			slices.Sort(ids)
			return ids
		}
	}
}

func TestExportRefusesBadFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for query, says := range map[string]string{"region=pacific": "baltic, black, norwegian, outside", "regoin=baltic": "regoin", "profile=all": "full", "as_of=2026": "as_of"} {
		a := s.get(t, access.Analyst, "/export/incidents.geojson?"+query)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, says) || a.header.Get("Content-Disposition") != "" {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
}

func TestExportOfOneIncident(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.bySource(t, "2023-03-14-mq9-su27-collision")
	var f struct {
		Type, ID   string
		Properties map[string]any
	}
	if err := json.Unmarshal([]byte(s.get(t, access.Analyst, "/incidents/"+string(inc.ID)+".geojson?profile=full").body), &f); err != nil {
		t.Fatal(err)
	}
	if f.Type != "Feature" || f.ID != string(inc.ID) || f.Properties["deescalation"] != "followed_late" || f.Properties["deescalation_best"] != "followed" || len(f.Properties["contacts"].([]any)) != 3 {
		t.Errorf("%s %s %v", f.Type, f.ID, f.Properties)
	}
}

// The log as it stood before a change, and before it held anything.
func TestExportAsOf(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.bySource(t, "2023-03-14-mq9-su27-collision")
	s.clock.Advance(60e9) // past the last moment of the import
	before := s.clock.Now()
	s.clock.Advance(60e9)
	inc.Record.Severity, inc.Reason = "serious", "for the test"
	if _, err := s.store.ReviseIncident(t.Context(), access.Actor{Name: "officer", Role: access.Officer}, inc); err != nil {
		t.Fatal(err)
	}
	path := "/export/incidents.geojson?severity=high_risk"
	if now, then := len(exported(t, s, path).Features), len(exported(t, s, path+"&as_of="+incidents.FormatInstant(incidents.MillisOf(before))).Features); now != 7 || then != 8 {
		t.Errorf("now %d, then %d", now, then)
	}
	if n := len(exported(t, s, path+"&as_of=2020-01-01T00:00Z").Features); n != 0 {
		t.Errorf("%d incidents were known in 2020", n)
	}
}

func TestExportIsAudited(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	exported(t, s, "/export/incidents.geojson?region=black")
	var seen []string
	err := s.store.EachEntry(t.Context(), 1, func(e access.Entry) error {
		if strings.HasPrefix(e.Action, "export.") {
			seen = append(seen, e.Actor+" "+e.Action+" "+e.Detail)
		}
		return nil
	})
	if err != nil || len(seen) != 2 || !strings.Contains(seen[0], "analyst export.start") || !strings.Contains(seen[1], `"count":32`) || !strings.Contains(seen[1], "region=black") || !strings.Contains(seen[1], `"complete":true`) {
		t.Errorf("%v %q", err, seen)
	}
}

// manyCases is a store whose log holds n times the same case, and which fails
// at the end when fail is set.
type manyCases struct {
	*store.Store
	n    int
	fail error
}

func (m manyCases) EachCase(_ context.Context, _ incidents.Filter, _ hotline.At, _ bool, fn func(*hotline.Case) error) error {
	c := hotline.Case{Incident: incidents.Incident{ID: incidents.NewID(), Record: incidents.Record{Title: strings.Repeat("x", 400)}}}
	for range m.n {
		if err := fn(&c); err != nil {
			return err
		}
	}
	return m.fail
}

func (m manyCases) EachCaseFrom(ctx context.Context, f incidents.Filter, _ hotline.Page, at hotline.At, fn func(*hotline.Case, func() string) error) error {
	return m.EachCase(ctx, f, at, false, func(c *hotline.Case) error { return fn(c, func() string { return "" }) })
}

// stubborn serves the site with another store.
func stubborn(t *testing.T, m manyCases, s *site) *httptest.Server {
	t.Helper()
	m.Store = s.store
	s.web.Store = m
	srv := httptest.NewServer(s.web.Handler())
	t.Cleanup(srv.Close)
	return srv
}

// A client must not take a part for the whole: the connection is cut.
func TestExportErrorCutsTheConnection(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	s.Server = stubborn(t, manyCases{n: 1000, fail: errors.New("disk gone")}, s)
	resp, err := s.as(t, access.Analyst).Get(s.URL + "/export/incidents.geojson")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil {
		t.Errorf("the client read %d bytes to a clean end", len(body))
	}
	s.Server = stubborn(t, manyCases{n: 1, fail: errors.New("disk gone")}, s)
	s.clients = map[access.Role]*http.Client{}
	if a := s.get(t, access.Analyst, "/export/incidents.geojson"); a.status != http.StatusInternalServerError {
		t.Errorf("an error before the first byte: %d %.80s", a.status, a.body)
	}
}

// Memory does not grow with the number of features.
func TestExportInConstantMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	many := 200_000
	if raced { // which is slow; memory is measured without it
		many = 20_000
	}
	s := newEmptySite(t)
	s.Server = stubborn(t, manyCases{n: many}, s)
	resp, err := s.as(t, access.Analyst).Get(s.URL + "/export/incidents.geojson")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, err := io.Copy(io.Discard, resp.Body)
	if err != nil || n < int64(many)*400 {
		t.Fatalf("%d bytes, %v", n, err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("the heap grew by %d bytes over %d", grown, n)
	}
}

func BenchmarkExport(b *testing.B) {
	s := newSite(b)
	client := s.as(b, access.Analyst)
	for b.Loop() {
		resp, err := client.Get(s.URL + "/export/incidents.geojson")
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(n)
	}
	b.ReportMetric(115, "features/op")
}
