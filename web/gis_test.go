package web_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"

	"interceptlog/internal/access"
	"interceptlog/internal/format/formattest"
	"interceptlog/internal/geo"
)

// asked keeps what a server was asked for, in order.
type asked struct {
	mu   sync.Mutex
	list []*url.URL
}

// items gives the questions for features of a collection since the last call.
func (a *asked) items(collection string) (list []url.Values) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, u := range a.list {
		if u.Path == "/ogc/collections/"+collection+"/items" {
			list = append(list, u.Query())
		}
	}
	a.list = nil
	return list
}

// recorded puts a server in the place of that of the site which keeps what it is
// asked for.
func (s *site) recorded(open bool) *asked {
	a := &asked{}
	w := s.config()
	w.OpenRead = open
	h := w.Handler()
	s.Server.Close()
	s.web = w
	s.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.list = append(a.list, r.URL)
		a.mu.Unlock()
		h.ServeHTTP(rw, r)
	}))
	return a
}

// oapif is the name by which GDAL opens the site.
func (s *site) oapif() string { return "OAPIF:" + s.URL + "/ogc" }

// gdalIDs reads a layer with GDAL, and gives the ids of its features, sorted.
func (s *site) gdalIDs(t testing.TB, layer string, options ...string) (ids []string) {
	t.Helper()
	for _, line := range formattest.Lines(t, s.oapif(), layer, options...) {
		var f struct{ Properties struct{ ID string } }
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, f.Properties.ID)
	}
	slices.Sort(ids)
	return ids
}

// featureIDs gives the ids of those features that hold, sorted.
func featureIDs(list []map[string]any, holds func(p map[string]any, f map[string]any) bool) (ids []string) {
	for _, f := range list {
		if holds(f["properties"].(map[string]any), f) {
			ids = append(ids, f["id"].(string))
		}
	}
	slices.Sort(ids)
	return ids
}

func TestGDALListsCollections(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.recorded(true)
	out := formattest.GDAL(t, "ogrinfo", "-ro", s.oapif())
	counts := formattest.GDAL(t, "ogrinfo", "-ro", "-so", "-al", s.oapif())
	for name, want := range map[string]string{"incidents": "Incidents)", "incident_points": "Incidents, points) (Point)", "incident_tracks": "Incidents, tracks) (Line String)", "incident_areas": "Incidents, areas)",
		"contacts": "Contacts)", "lines": "Hotlines)", "regions": "Sea regions) (Polygon)", "places": "Places) (Point)"} {
		if !strings.Contains(out, ": "+name+" (title: "+want) {
			t.Errorf("%s is not listed as %q:\n%s", name, want, out)
		}
		matched := s.ask(t, "", http.MethodGet, "/ogc/collections/"+name+"/items?limit=1", "").doc["numberMatched"].(float64)
		_, part, _ := strings.Cut(counts, "Layer name: "+name+"\n")
		part, _, _ = strings.Cut(part, "Layer name: ")
		if !strings.Contains(part, fmt.Sprintf("Feature Count: %v\n", matched)) {
			t.Errorf("%s has %v features, and GDAL says\n%s", name, matched, part)
		}
	}
	if got := strings.Count(out, "(title: "); got != 8 {
		t.Errorf("%d layers", got)
	}
	for _, field := range []string{"first_direct_min_s: Real", "start_from: DateTime", "source_count: Integer", "late_entry: Integer(Boolean)", "behaviours: StringList", "date: String"} {
		if !strings.Contains(counts, field) {
			t.Errorf("no column is %s", field)
		}
	}
}

func TestGDALReadsEveryPage(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	a := s.recorded(true)
	for _, c := range []struct {
		layer       string
		size, pages int
	}{{"incidents", 10, 12}, {"contacts", 7, 7}, {"places", 100, 2}} {
		want := featureIDs(s.features(t, "/ogc/collections/"+c.layer+"/items"), func(map[string]any, map[string]any) bool { return true })
		a.items(c.layer)
		if got := s.gdalIDs(t, c.layer, "-oo", fmt.Sprint("PAGE_SIZE=", c.size)); !slices.Equal(got, want) {
			t.Errorf("%s: %d of %d features", c.layer, len(got), len(want))
		}
		pages := map[string]bool{}
		for _, q := range a.items(c.layer) {
			pages[q.Get("cursor")] = true
			if q.Get("limit") != fmt.Sprint(c.size) {
				t.Errorf("%s: asked for %v", c.layer, q)
			}
		}
		if len(pages) != c.pages {
			t.Errorf("%s: %d pages, want %d", c.layer, len(pages), c.pages)
		}
	}
}

// meetsBox is the answer of another library: what is left of a shape when it is
// cut at a box.
func meetsBox(t testing.TB, f map[string]any, b orb.Bound) bool {
	t.Helper()
	if f["geometry"] == nil {
		return false
	}
	g, err := geo.ParseGeometry(mustMarshal(t, f["geometry"]))
	if err != nil {
		t.Fatal(err)
	}
	return clip.Geometry(b, g) != nil
}

func mustMarshal(t testing.TB, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestGDALAsksForABox(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	a := s.recorded(true)
	all := s.features(t, "/ogc/collections/incidents/items")
	r := rand.New(rand.NewPCG(7, 7))
	for range 8 {
		x, y := -5+40*r.Float64(), 40+25*r.Float64()
		b := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + 1 + 15*r.Float64(), y + 1 + 10*r.Float64()}}
		want := featureIDs(all, func(_, f map[string]any) bool { return meetsBox(t, f, b) })
		a.items("incidents")
		got := s.gdalIDs(t, "incidents", "-spat", fmt.Sprint(b.Min[0]), fmt.Sprint(b.Min[1]), fmt.Sprint(b.Max[0]), fmt.Sprint(b.Max[1]))
		if !slices.Equal(got, want) {
			t.Errorf("%v: %d features, want %d", b, len(got), len(want))
		}
		if questions := a.items("incidents"); !slices.ContainsFunc(questions, func(q url.Values) bool { return q.Has("bbox") }) {
			t.Errorf("%v: asked for %v", b, questions)
		}
	}
}

func TestGDALAsksForAFilter(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	a := s.recorded(true)
	all := s.features(t, "/ogc/collections/incidents/items?exercise=include")
	is := func(name string, want any) func(p map[string]any) bool {
		return func(p map[string]any) bool { return p[name] == want }
	}
	number := func(p map[string]any, name string, below float64) bool {
		x, ok := p[name].(float64)
		return ok && x < below
	}
	later := func(p map[string]any, name, than string) bool {
		at, ok := p[name].(string)
		return ok && at >= than // both RFC 3339 in UTC
	}
	for _, c := range []struct {
		where string
		holds func(p map[string]any) bool
	}{
		{"severity = 'high_risk'", is("severity", "high_risk")},
		{"late_entry = 1", is("late_entry", true)},
		{"intercepting_nations = 'RU'", func(p map[string]any) bool { return slices.Contains(p["intercepting_nations"].([]any), any("RU")) }},
		{"title ILIKE '%mq-9%'", func(p map[string]any) bool { return strings.Contains(strings.ToLower(p["title"].(string)), "mq-9") }},
		{"start_from >= '2022/01/01'", func(p map[string]any) bool { return later(p, "start_from", "2022-01-01") }},
		{"start_from >= '2022/01/01 00:00' AND severity = 'high_risk'", func(p map[string]any) bool {
			return later(p, "start_from", "2022-01-01") && p["severity"] == "high_risk"
		}},
		{"recorded_at >= '2030/01/01 00:00:00'", func(p map[string]any) bool { return later(p, "recorded_at", "2030-01-01") }},
		{"closest_approach_m < 50.5", func(p map[string]any) bool { return number(p, "closest_approach_m", 50.5) }},
		{"first_direct_min_s < 100000", func(p map[string]any) bool { return number(p, "first_direct_min_s", 100000) }},
		{"end_to IS NULL", func(p map[string]any) bool { return p["end_to"] == nil }},
		{"NOT (region = 'baltic')", func(p map[string]any) bool { return p["region"] != nil && p["region"] != "baltic" }},
		{"severity = 'serious' OR source_count <> 1", func(p map[string]any) bool {
			n, ok := p["source_count"].(float64)
			return p["severity"] == "serious" || ok && n != 1
		}},
		{"title = 'it''s'", is("title", "it's")},
	} {
		want := featureIDs(all, func(p, _ map[string]any) bool { return p["exercise"] == false && c.holds(p) })
		a.items("incidents")
		if got := s.gdalIDs(t, "incidents", "-where", c.where); !slices.Equal(got, want) {
			t.Errorf("%s: %d features, want %d", c.where, len(got), len(want))
		}
		if questions := a.items("incidents"); !slices.ContainsFunc(questions, func(q url.Values) bool { return q.Get("filter-lang") == "cql-text" }) {
			t.Errorf("%s: asked for %v", c.where, questions)
		}
	}
	// exercises are left out unless the filter itself speaks of them
	want := featureIDs(all, func(p, _ map[string]any) bool { return p["exercise"] == true })
	if got := s.gdalIDs(t, "incidents", "-where", "exercise = 1"); len(got) == 0 || !slices.Equal(got, want) {
		t.Errorf("exercises: %d, want %d", len(got), len(want))
	}
}

func TestGDALLooksUpOne(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	a := s.recorded(true)
	id := string(s.bySource(t, "2023-03-14-mq9-su27-collision").ID)
	if got := s.gdalIDs(t, "incidents", "-where", "id = '"+id+"'"); !slices.Equal(got, []string{id}) {
		t.Errorf("by id: %v", got)
	}
	a.mu.Lock()
	if !slices.ContainsFunc(a.list, func(u *url.URL) bool { return u.Path == "/ogc/collections/incidents/items/"+id }) {
		t.Errorf("asked for %v", a.list)
	}
	a.mu.Unlock()
	third := s.features(t, "/ogc/collections/incidents/items?limit=3")[2]["id"].(string)
	if out := formattest.GDAL(t, "ogrinfo", "-ro", s.oapif(), "incidents", "-fid", "3"); !strings.Contains(out, "id (String) = "+third) {
		t.Errorf("the third is %s, and GDAL has\n%s", third, out)
	}
	out := formattest.GDAL(t, "ogrinfo", "-ro", s.oapif(), "-sql", "SELECT COUNT(*) FROM incidents WHERE region = 'black' AND severity = 'high_risk'")
	black := featureIDs(s.features(t, "/ogc/collections/incidents/items?region=black&severity=high_risk"), func(map[string]any, map[string]any) bool { return true })
	if len(black) == 0 || !strings.Contains(out, fmt.Sprintf("(Integer) = %d\n", len(black))) {
		t.Errorf("%d of high risk in the Black Sea, and GDAL has\n%s", len(black), out)
	}
}

// A server that is not open is read with a token in the place of the password.
func TestGDALByToken(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, secret := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"read"}})
	s.recorded(false)
	sign := []string{"--config", "GDAL_HTTP_AUTH", "BASIC", "--config", "GDAL_HTTP_USERPWD"}
	if got := s.gdalIDs(t, "incidents", append(sign, "analyst:"+secret)...); len(got) != 115 {
		t.Errorf("%d features", len(got))
	}
	for _, with := range [][]string{nil, append(slices.Clone(sign), "analyst:"+secret[:len(secret)-1]+"x")} {
		if out, err := exec.Command("ogrinfo", append([]string{"-ro", s.oapif()}, with...)...).CombinedOutput(); err == nil || !strings.Contains(string(out), "401") {
			t.Errorf("with %d options: %v %s", len(with), err, out)
		}
	}
}
