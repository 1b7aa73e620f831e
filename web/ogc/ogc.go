// Package ogc serves the log by OGC API – Features (17-069r4, with parts 2, 3,
// 4 and 5) under /ogc: what is asked is read and checked here, what is found is
// internal/collection's, and each answer is written as JSON or as a page.
//
// Who may ask is settled before a request comes here, by the site.
package ogc

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/collection"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// Prefix is the address of the landing page.
const Prefix = "/ogc"

// Source is what features are read from.
type Source interface {
	collection.Source
	Incident(ctx context.Context, id incidents.ID, asOf incidents.Millis) (incidents.Incident, error)
}

// API is the whole of it.
type API struct {
	Source   Source
	Now      func() time.Time
	Logger   *slog.Logger
	Key      []byte                                                    // signs the cursors
	Page     func(c echo.Context, status int, p view.ServedPage) error // a page of the site
	Version  func(context.Context) (int64, error)                      // a number that changes with every write
	Open     bool                                                      // whether anybody may read
	Log      *incidents.Log                                            // nil: nothing can be written
	Desk     *hotline.Desk
	Actor    func(c echo.Context) access.Actor
	MayWrite func(c echo.Context) bool              // whether who asks may write
	Within   func(c echo.Context) *incidents.Filter // what the token that asks may see; nil: all
	Exports  func(collection string) []Link         // files of a collection, addresses without the host
	// Noted is told of every answer to a question for features, with how many it has.
	Noted   func(c echo.Context, collection string, query url.Values, features int)
	Secure  bool // whether clients come over TLS
	kept    stamps
	extents extents
}

// Link is a link of an answer (RFC 8288).
type Link struct {
	Href      string `json:"href"`
	Rel       string `json:"rel"`
	Type      string `json:"type,omitempty"`
	Title     string `json:"title,omitempty"`
	Templated bool   `json:"templated,omitempty"`
}

// Media types.
const (
	typeJSON    = "application/json"
	typeGeoJSON = "application/geo+json"
	typeHTML    = "text/html"
	typeOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
	typeSchema  = "application/schema+json"
)

// Route is one address below Prefix.
type Route struct {
	Method, Path string
	Writes       bool // whether it changes the log
	Handle       echo.HandlerFunc
}

// Routes gives every address.
func (a *API) Routes() []Route {
	a.kept.now = a.Now
	get := func(path string, h echo.HandlerFunc) []Route {
		h = a.answered(h)
		return []Route{{http.MethodGet, Prefix + path, false, h}, {http.MethodHead, Prefix + path, false, h}}
	}
	var list []Route
	for _, r := range [][]Route{
		get("", a.landing), get("/", a.landing), get("/conformance", a.conformance), get("/api", a.api), get("/functions", a.functions), get("/collections", a.collections),
		get("/collections/:collection", a.collection), get("/collections/:collection/queryables", a.queryables),
		get("/collections/:collection/sortables", a.sortables), get("/collections/:collection/schema", a.schema), get("/collections/:collection/geojson-schema", a.geojsonSchema),
		get("/collections/:collection/items", a.items), get("/collections/:collection/changes", a.changes), get("/collections/:collection/items/:fid", a.item),
	} {
		list = append(list, r...)
	}
	for _, path := range []string{"", "/", "/conformance", "/api", "/functions", "/collections", "/collections/:collection", "/collections/:collection/queryables",
		"/collections/:collection/sortables", "/collections/:collection/schema", "/collections/:collection/geojson-schema", "/collections/:collection/items", "/collections/:collection/items/:fid"} {
		list = append(list, Route{http.MethodOptions, Prefix + path, false, a.answered(a.options)})
	}
	return append(list, a.writeRoutes()...)
}

// answered turns what goes wrong into a problem (RFC 9457).
func (a *API) answered(h echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Add("Vary", "Accept")
		if err := h(c); err != nil {
			return a.problem(c, err)
		}
		return nil
	}
}

// request is what every handler reads first.
type request struct {
	c      echo.Context
	base   string // http://host/ogc
	format string // json or html
	query  url.Values
}

// accept reads a request: its format, and that it has no parameter but those.
func (a *API) accept(c echo.Context, offer []string, params ...string) (request, error) {
	r := request{c: c, base: a.origin(c) + Prefix}
	var err error
	if r.query, err = url.ParseQuery(c.Request().URL.RawQuery); err != nil {
		return r, bad("query", c.Request().URL.RawQuery, "an address whose parameters are encoded as RFC 3986 says")
	}
	known := map[string]bool{"f": true}
	for _, p := range params {
		known[p] = true
	}
	for name, values := range r.query {
		if !known[name] {
			return r, unknownParameter(name, append([]string{"f"}, params...))
		}
		if len(values) > 1 {
			return r, bad(name, strings.Join(values, " and "), "the parameter once")
		}
	}
	r.format, err = negotiate(c.Request(), r.query.Get("f"), offer)
	return r, err
}

// origin is the scheme and host under which the client found this server.
func (a *API) origin(c echo.Context) string {
	scheme := c.Scheme()
	if a.Secure {
		scheme = "https"
	}
	return scheme + "://" + c.Request().Host
}

// at is the moment that the request asks for.
func (a *API) at(r request) (hotline.At, error) {
	text := r.query.Get("as_of")
	if text == "" {
		return a.moment(r.c.Request().Context())
	}
	t, err := incidents.ReadInstant(text)
	if err != nil {
		return hotline.At{}, bad("as_of", text, "an instant of RFC 3339 in UTC, such as 2026-11-24T03:12Z")
	}
	m := incidents.MillisOf(t)
	return hotline.At{AsOf: m, Now: m}, nil
}

// moment is now, as far as the log is settled.
func (a *API) moment(ctx context.Context) (hotline.At, error) {
	now, err := a.Source.Settled(ctx)
	return hotline.At{AsOf: now, Now: now}, err
}

// find gives the collection of the address.
func (a *API) find(c echo.Context) (*collection.Collection, error) {
	id := c.Param("collection")
	col, ok := collection.ByID(id)
	if !ok {
		return nil, &problem{Status: http.StatusNotFound, Detail: "There is no collection “" + clip(id) + "”; there are " + collectionNames() + "."}
	}
	if a.Within(c) != nil && col.Recorded() && !col.Incidents() {
		return nil, &problem{Status: http.StatusForbidden, Detail: "This token is for incidents of a filter; it does not open " + col.ID + "."}
	}
	return col, nil
}

func collectionNames() string {
	var names []string
	for _, col := range collection.All() {
		names = append(names, col.ID)
	}
	return strings.Join(names, ", ")
}

// write answers with JSON, with a strong validator of it.
func (a *API) write(r request, mediaType string, v any) error {
	raw := jsonOf(v)
	return send(r.c, mediaType, append(raw, '\n'), etagOf(raw))
}

// href is an address below the landing page.
func (r request) href(path string) string { return r.base + path }

// self and alternate links of a document that is there as JSON and as a page,
// with the parameters that it was asked for by.
func (r request) both(path, jsonType string) []Link {
	as := func(f string) string {
		q := url.Values{}
		maps.Copy(q, r.query)
		q.Set("f", f)
		return r.href(path + "?" + q.Encode())
	}
	self, other := Link{as("json"), "self", jsonType, "This document as JSON", false}, Link{as("html"), "alternate", typeHTML, "This document as a page", false}
	if r.format == "html" {
		self.Rel, other.Rel = "alternate", "self"
	}
	return []Link{self, other}
}

func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
