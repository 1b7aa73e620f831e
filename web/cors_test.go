package web_test

import (
	"net/http"
	"testing"

	"interceptlog/internal/access"
)

func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const at, origin = "/ogc/collections/incidents/items", "https://maps.example"
	if a := s.ask(t, access.Viewer, http.MethodGet, at, "", "Origin", origin); a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("a page of another host reads the log, and nobody has said that it may")
	}
	s.web.Origins = []string{origin}
	a := s.ask(t, access.Viewer, http.MethodGet, at, "", "Origin", origin)
	if a.header.Get("Access-Control-Allow-Origin") != origin || a.header.Get("Access-Control-Allow-Credentials") != "" || a.status != http.StatusOK {
		t.Errorf("%d %v", a.status, a.header)
	}
	if a := s.ask(t, access.Viewer, http.MethodGet, at, "", "Origin", "https://other.example"); a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("another origin is let in too")
	}
	if a := s.ask(t, access.Viewer, http.MethodGet, "/incidents", "", "Origin", origin); a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("pages for people are let out")
	}
	a = s.ask(t, "", http.MethodOptions, at, "", "Origin", origin, "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "authorization")
	if a.status != http.StatusNoContent || a.header.Get("Access-Control-Allow-Methods") != "GET, HEAD, OPTIONS" {
		t.Errorf("asked before: %d %v", a.status, a.header)
	}
	s.web.Origins = []string{"*"}
	if a := s.ask(t, access.Viewer, http.MethodGet, at, "", "Origin", origin); a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("all: %v", a.header)
	}
}
