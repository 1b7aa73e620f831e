package web

import (
	"net/http"
	"slices"
	"strings"
)

// crossOrigin lets pages of other hosts read /ogc and /export, where the keeper
// of the log has named those hosts (Fetch Standard, CORS). Cookies are never
// allowed: such a page sends a token.
func (s *Server) crossOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, origin := r.URL.Path, r.Header.Get("Origin")
		if origin == "" || len(s.Origins) == 0 || path != "/ogc" && !strings.HasPrefix(path, "/ogc/") && !strings.HasPrefix(path, "/export/") {
			next.ServeHTTP(w, r)
			return
		}
		h := w.Header()
		h.Add("Vary", "Origin")
		if any := slices.Contains(s.Origins, "*"); any || slices.Contains(s.Origins, origin) {
			if any {
				origin = "*"
			}
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "Content-Crs, ETag, Link, Location, Retry-After")
			if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
				h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
				h.Set("Access-Control-Allow-Headers", "Accept, Authorization, If-None-Match")
				h.Set("Access-Control-Max-Age", "600")
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
