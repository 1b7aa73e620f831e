package assets

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, path, accept string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestUnbuiltSaysWhatToDo(t *testing.T) {
	if _, err := readManifest(fstest.MapFS{"dist/.keep": {}}); !errors.Is(err, ErrNotBuilt) || !strings.Contains(err.Error(), "make assets") {
		t.Errorf("got %v, want the way to build", err)
	}
	if _, err := readManifest(fstest.MapFS{"dist/manifest.json": {Data: []byte("{")}}); err == nil || errors.Is(err, ErrNotBuilt) {
		t.Errorf("a broken manifest: %v", err)
	}
}

func TestServe(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path, accept string
		status             int
		kind, encoding     string
	}{
		{"stylesheet", Path("main.css"), "", 200, "text/css; charset=utf-8", ""},
		{"compressed", Path("main.css"), "br, gzip", 200, "text/css; charset=utf-8", "gzip"},
		{"compression refused", Path("main.css"), "gzip;q=0", 200, "text/css; charset=utf-8", ""},
		{"script", Path("main.js"), "gzip", 200, "text/javascript; charset=utf-8", "gzip"},
		{"icon", Path("icon.svg"), "", 200, "image/svg+xml", ""},
		{"font is compressed in itself", Path("b612-latin-400-normal.woff2"), "gzip", 200, "font/woff2", ""},
		{"unknown name", Path("nothing.css"), "", 404, "", ""},
		{"manifest is not served", Prefix + "manifest.json", "", 404, "", ""},
		{"no way out", Prefix + "../assets.go", "", 404, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := get(t, tt.path, tt.accept)
			if res.StatusCode != tt.status {
				t.Fatalf("status %d, want %d", res.StatusCode, tt.status)
			}
			if tt.status != 200 {
				return
			}
			if got := res.Header.Get("Content-Type"); got != tt.kind {
				t.Errorf("type %q, want %q", got, tt.kind)
			}
			if got := res.Header.Get("Content-Encoding"); got != tt.encoding {
				t.Errorf("encoding %q, want %q", got, tt.encoding)
			}
			if got := res.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
				t.Errorf("cache control %q, want immutable", got)
			}
		})
	}
}

func TestCompressedIsTheSame(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
	plain, _ := io.ReadAll(get(t, Path("main.js"), "").Body)
	unpack, err := gzip.NewReader(get(t, Path("main.js"), "gzip").Body)
	if err != nil {
		t.Fatal(err)
	}
	packed, _ := io.ReadAll(unpack)
	if string(plain) != string(packed) {
		t.Error("the compressed script differs from the plain one")
	}
}

// The policy of the pages forbids eval and other hosts; a bundle that needed
// them would fail in the browser only.
func TestBundlesKeepThePolicy(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
	names, _ := manifest()
	for logical := range names {
		text, _ := io.ReadAll(get(t, Path(logical), "").Body)
		switch {
		case strings.HasSuffix(logical, ".js"):
			if strings.Contains(string(text), "eval(") || strings.Contains(string(text), "new Function(") {
				t.Errorf("%s evaluates text", logical)
			}
		case strings.HasSuffix(logical, ".css"):
			if strings.Contains(string(text), "url(http") || strings.Contains(string(text), "url(//") {
				t.Errorf("%s fetches from another host", logical)
			}
		}
	}
}

func TestPrintIsInTheStylesheet(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(get(t, Path("main.css"), "").Body)
	for _, want := range []string{"@media print", "@page", "data-theme=day", ".tag.overdue", "woff2"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("main.css lacks %q", want)
		}
	}
}
