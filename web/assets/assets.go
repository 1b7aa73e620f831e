// Package assets serves the stylesheets, scripts and fonts of the pages. They
// are built from src by web/assets/build into dist, whose files carry a hash of
// their content in their names, so that a browser may keep them for ever.
package assets

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed all:dist
var dist embed.FS

// Prefix is where the handler is to be mounted.
const Prefix = "/assets/"

// ErrNotBuilt says what to do when the binary was made without its assets.
var ErrNotBuilt = errors.New(`assets: web/assets/dist is empty: run "make assets", then build again`)

// types are the only kinds of file there are; a browser gets no chance to guess.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

// preload are the faces that every page shows above the fold.
var preload = []string{
	"b612-latin-400-normal.woff2",
	"b612-latin-700-normal.woff2",
	"b612-mono-latin-400-normal.woff2",
	"b612-mono-latin-700-normal.woff2",
}

// manifest maps logical names to hashed ones: "main.css" to "main-K3J2H1.css".
var manifest = sync.OnceValues(func() (map[string]string, error) { return readManifest(dist) })

func readManifest(files fs.FS) (map[string]string, error) {
	text, err := fs.ReadFile(files, "dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	}
	if err != nil {
		return nil, err
	}
	var names map[string]string
	if err := json.Unmarshal(text, &names); err != nil {
		return nil, fmt.Errorf("assets: read manifest.json: %w", err)
	}
	return names, nil
}

// Check reports whether the assets were built; ask it once at the start.
func Check() error {
	_, err := manifest()
	return err
}

// Has reports whether there is an asset of that logical name.
func Has(logical string) bool {
	names, _ := manifest()
	_, ok := names[logical]
	return ok
}

// Path gives the address of an asset by its logical name: "main.css" is at
// "/assets/main-K3J2H1.css". An unknown name gives an address that the handler
// answers with the reason.
func Path(logical string) string {
	names, _ := manifest()
	if name, ok := names[logical]; ok {
		return Prefix + name
	}
	return Prefix + "missing/" + logical
}

// Preload gives the addresses of the faces to fetch before the stylesheet asks.
func Preload() []string {
	var paths []string
	for _, logical := range preload {
		if Has(logical) {
			paths = append(paths, Path(logical))
		}
	}
	return paths
}

// Handler serves the built files under Prefix, compressed where that was
// prepared and the browser takes it.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if err := Check(); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, Prefix)
	kind, ok := types[path.Ext(name)]
	if !ok || strings.Contains(name, "/") {
		http.NotFound(w, r)
		return
	}
	body, err := dist.ReadFile("dist/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if r.URL.Path == Path("worker.js") {
		h.Set("Service-Worker-Allowed", "/incidents/") // where the report form is
	}
	if packed, err := dist.ReadFile("dist/" + name + ".gz"); err == nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r) {
			h.Set("Content-Encoding", "gzip")
			body = packed
		}
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

// takesGzip reads Accept-Encoding as far as browsers use it.
func takesGzip(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		coding, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding == "gzip" {
			return strings.TrimSpace(q) != "q=0"
		}
	}
	return false
}
