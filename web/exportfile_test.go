package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"interceptlog/internal/access"
	"interceptlog/internal/collection"
	"interceptlog/internal/export"
)

// Every collection comes in every format, and the manifest that its header names
// is of the very bytes that came.
func TestEveryFileHasItsManifest(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	for _, col := range collection.All() {
		for _, f := range export.Formats() {
			at := "/export/" + col.ID + "." + f.Ext
			a := s.ask(t, access.Analyst, http.MethodGet, at, "")
			if a.status != http.StatusOK || a.header.Get("Content-Type") != f.MediaType || !strings.Contains(a.header.Get("Content-Disposition"), "."+f.Ext) {
				t.Errorf("%s: %d %v", at, a.status, a.header)
				continue
			}
			link, _, _ := strings.Cut(strings.TrimPrefix(a.header.Get("Link"), "<"), ">")
			m := s.ask(t, access.Analyst, http.MethodGet, link, "")
			var manifest export.Manifest
			if err := json.Unmarshal(m.body, &manifest); err != nil {
				t.Errorf("%s: %v %s", link, err, m.body)
				continue
			}
			if err := export.Verify(manifest, bytes.NewReader(a.body)); err != nil {
				t.Errorf("%s: %v", at, err)
			}
			if again := s.ask(t, access.Analyst, http.MethodGet, manifest.Address, ""); !bytes.Equal(again.body, a.body) {
				t.Errorf("%s gives other bytes than %s", manifest.Address, at)
			}
		}
	}
}

// The file holds what the page and the API show for the same question.
func TestFilesHoldWhatIsFiltered(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	for _, q := range []url.Values{{}, {"region": {"baltic"}}, {"region": {"baltic", "black"}}, {"severity": {"high_risk"}}, {"bbox": {"10,50,30,60"}}, {"datetime": {"2020-01-01/.."}}, {"from": {"2020-01-01"}}, {"exercise": {"only"}},
		{"bbox": {"14,55,17,56.5"}, "exercise": {"include"}}, {"bbox": {"10,66,12,68"}}, {"aircraft": {"Tu-95"}}, {"behaviour": {"transponder_off"}}, {"report": {"retracted", "submitted"}}, {"deescalation": {"followed"}},
		{"filter": {"severity = 'high_risk' OR closest_approach_m < 10"}}, {"nation": {"SE"}}, {"number": {"2026-0003", "2026-0010", "1999-0001"}}, {"q": {"bear"}}, {"bbox": {"1200000,6800000,3400000,8400000"}, "bbox-crs": {"EPSG:3857"}}} {
		api := url.Values{}
		for name, values := range q {
			api.Set(name, strings.Join(values, ","))
		}
		want := map[string]bool{}
		for _, f := range s.features(t, "/ogc/collections/incidents/items?limit=11&"+api.Encode()) {
			want[f["id"].(string)] = true
		}
		a := s.ask(t, access.Analyst, http.MethodGet, "/export/incidents.geojson?"+q.Encode(), "")
		got := a.doc["features"].([]any)
		if len(got) != len(want) || int(a.doc["numberReturned"].(float64)) != len(got) || len(got) == 0 {
			t.Errorf("%v: the file has %d features, the API %d", q, len(got), len(want))
		}
		for _, f := range got {
			if !want[f.(map[string]any)["id"].(string)] {
				t.Errorf("%v: the API lacks %v", q, f.(map[string]any)["id"])
			}
		}
		if q.Has("filter") || q.Has("datetime") || q.Has("bbox-crs") {
			continue // the page has no such field
		}
		shown := attrs(s.page(t, access.Analyst, "/incidents?limit=500&"+q.Encode()).Find("[data-testid=incident-row]"), "data-id")
		if len(shown) != len(want) || slices.ContainsFunc(shown, func(id string) bool { return !want[id] }) {
			t.Errorf("%v: the page shows %d incidents, the API %d", q, len(shown), len(want))
		}
	}
}

func TestExportRefuses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, want := range map[string]int{"/export/incidents.dwg": 404, "/export/ships.csv": 404, "/export/incidents.csv?colour=red": 422, "/export/incidents.csv?limit=3": 422, "/export/incidents.csv?bbox=1,2": 422,
		"/export/incidents.kml?crs=EPSG:3035": 422, "/export/incidents.csv?as_of=soon": 422, "/export/incidents.csv?properties=colour": 422} {
		if a := s.ask(t, access.Analyst, http.MethodGet, path, ""); a.status != want || a.header.Get("Content-Disposition") != "" || !strings.Contains(a.header.Get("Content-Type"), "json") {
			t.Errorf("%s: %d %v %s", path, a.status, a.header, a.body)
		}
	}
}

// firstWrite keeps what an answer begins with.
type firstWrite struct {
	*httptest.ResponseRecorder
	first []byte
}

func (w *firstWrite) Write(p []byte) (int, error) {
	if w.first == nil {
		w.first = bytes.Clone(p)
	}
	return w.ResponseRecorder.Write(p)
}

// A file that is put together before it is written has begun to come when the
// first rows are read.
func TestFilesBeginAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, f := range export.Formats() {
		path := "/export/incidents." + f.Ext + "?exercise=include"
		r := s.request(t, access.Analyst, path)
		w := &firstWrite{ResponseRecorder: httptest.NewRecorder()}
		s.web.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK || !bytes.HasPrefix(w.Body.Bytes(), []byte(f.Begins)) {
			t.Errorf("%s: %d, begins with %.20q; want %q", path, w.Code, w.Body.Bytes(), f.Begins)
		}
		if f.Begins != "" && string(w.first) != f.Begins {
			t.Errorf("%s: %d bytes are written first; want the %d that every file has", path, len(w.first), len(f.Begins))
		}
	}
}
