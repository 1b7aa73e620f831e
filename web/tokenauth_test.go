package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
)

func TestWhereProgramsAsk(t *testing.T) {
	for path, want := range map[string][2]bool{ // by a token, and by anybody with --open-read
		"/ogc": {true, true}, "/ogc/": {true, true}, "/ogc/collections/incidents/items": {true, true}, "/export/incidents.geojson": {true, true}, "/export/pack.zip": {true, true},
		"/incidents/42.geojson": {true, false}, "/incidents/42/geojson": {true, false},
		"/": {}, "/ogcx": {}, "/export": {}, "/exports/x": {}, "/incidents": {}, "/incidents/42": {}, "/incidents/42/export.zip": {}, "/map/incidents.geojson": {}, "/geo/regions.json": {},
	} {
		if got := [2]bool{forPrograms(path), opened(path)}; got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

func TestCredentials(t *testing.T) {
	for header, want := range map[string][3]any{
		"":                        {"", "", false},
		"Bearer abc":              {"", "abc", true},
		"bearer  abc ":            {"", "abc", true},
		"Bearer":                  {"", "", true},
		"Basic bGluZDphOmI=":      {"lind", "a:b", true},
		"basic bGluZDphOmI=":      {"lind", "a:b", true},
		"Basic w6k6w6k=":          {"é", "é", true}, // UTF-8, as the challenge says
		"Basic ***":               {"", "", true},
		"Digest username=\"abc\"": {"", "", true},
	} {
		r := httptest.NewRequest(http.MethodGet, "/ogc?access_token=abc", nil)
		if header != "" {
			r.Header.Set("Authorization", header)
		}
		name, secret, given := credentials(r)
		if got := [3]any{name, secret, given}; got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}

// TestOpenReadingWritesNothing: --open-read opens two places, for reading.
func TestOpenReadingWritesNothing(t *testing.T) {
	e := echo.New()
	let := 0
	for _, open := range []bool{true, false} {
		s := &Server{OpenRead: open}
		for _, path := range []string{"/ogc/collections", "/export/incidents.geojson", "/incidents/42.geojson", "/incidents"} {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
				for _, right := range []access.Right{access.Read, access.Export, access.Board, access.Write, access.Manage, access.Admin} {
					reads := method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
					want := open && reads && (right == access.Read || right == access.Export) && (path[1] == 'o' || path[1] == 'e')
					got := s.letsRead(e.NewContext(httptest.NewRequest(method, path, nil), httptest.NewRecorder()), right)
					if got != want {
						t.Errorf("open %v, %s %s by %q: %v", open, method, path, right, got)
					}
					if got {
						let++
					}
				}
			}
		}
	}
	if let != 3*2*2 {
		t.Errorf("%d ways in", let)
	}
}
