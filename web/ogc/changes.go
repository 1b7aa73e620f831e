package ogc

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/collection"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/incidents"
)

// token says what a copy shows: the log at a moment, and how far the changes up
// to the next one have been taken.
type token struct {
	Since incidents.Millis `json:"s"`
	Until incidents.Millis `json:"u,omitempty"` // set while the changes come in pages
	After incidents.ID     `json:"a,omitempty"`
	Query []byte           `json:"q"`
}

// changes answers with what became of the features since a token, which an
// earlier answer gave; without one, with all of them as added. A client takes
// page after page until there is no link next, applies all, and keeps the token.
// It is an extension of this server.
func (a *API) changes(c echo.Context) error {
	col, err := a.find(c)
	if err != nil {
		return err
	}
	if !col.Incidents() {
		return &problem{Status: http.StatusNotFound, Detail: "Changes are there for incidents, incident_points, incident_tracks and incident_areas."}
	}
	var params []string
	for _, p := range collection.Params(col) {
		if changesTake(p) {
			params = append(params, p)
		}
	}
	r, err := a.accept(c, itemTypes, append(params, "since")...)
	if err != nil {
		return err
	}
	if r.format == "html" {
		return bad("f", "html", "json: changes are for programs")
	}
	look, err := readShown(col, r.query)
	if err != nil {
		return err
	}
	q, err := collection.ReadQuery(col, r.query)
	if err != nil {
		return err
	}
	q.Narrow.Within = a.Within(c)
	limit, err := readLimit(r.query.Get("limit"), r.query.Has("limit"))
	if err != nil {
		return err
	}
	since, err := a.readToken(r)
	if err != nil {
		return err
	}
	if since.Until == 0 {
		now, err := a.moment(c.Request().Context())
		if err != nil {
			return err
		}
		since.Until = now.AsOf
	}
	body := []byte(`{"type":"FeatureCollection","features":[` + "\n")
	n := 0
	next, err := col.Changes(c.Request().Context(), a.Source, q, collection.Stretch{Since: since.Since, Until: since.Until, After: since.After, Limit: limit}, func(ch collection.Change) error {
		if n++; n > 1 {
			body = append(body, ",\n"...)
		}
		body = geojson.AppendFeatureIn(body, look.system, look.props, look.of(ch.Feature))
		body = fmt.Appendf(body[:len(body)-1], `,"change":%q}`, ch.Kind)
		return nil
	})
	if err != nil {
		return err
	}
	done := token{Since: since.Until, Query: question(without(r.query, "since"))}
	if next != "" {
		done = token{Since: since.Since, Until: since.Until, After: next, Query: done.Query}
	}
	sealed := a.seal(done)
	links := []Link{{r.href("/collections/" + col.ID), "collection", typeJSON, col.Title, false}}
	if next != "" {
		q := without(r.query)
		q.Set("since", sealed)
		links = append(links, Link{r.href("/collections/" + col.ID + "/changes?" + q.Encode()), "next", typeGeoJSON, "More changes", false})
	}
	body = fmt.Appendf(body, "\n],\"numberReturned\":%d,\"as_of\":%q,\"token\":%q,\"complete\":%t,\"links\":%s}\n", n, incidents.FormatInstant(since.Until), sealed, next == "", jsonOf(links))
	c.Response().Header().Set("Content-Crs", "<"+look.system.URI+">")
	c.Response().Header().Set("Cache-Control", "no-store")
	defer a.Noted(c, col.ID, r.query, n)
	return c.Blob(http.StatusOK, typeGeoJSON, body)
}

// changesTake reports whether a parameter of /items is one of /changes.
func changesTake(name string) bool {
	return name != "cursor" && name != "sortby" && name != "as_of"
}

func without(v url.Values, names ...string) url.Values {
	out := url.Values{}
	for name, values := range v {
		out[name] = values
	}
	for _, name := range names {
		out.Del(name)
	}
	return out
}

func (a *API) readToken(r request) (t token, err error) {
	if !r.query.Has("since") {
		return t, nil
	}
	text := r.query.Get("since")
	if !a.unseal(text, &t) || t.Since == 0 && t.Until == 0 {
		return t, bad("since", text, "the token of an earlier answer, unchanged; leave it out to begin anew")
	}
	if string(t.Query) != string(question(without(r.query, "since"))) {
		return t, bad("since", text, "a token of the same question; leave it out to begin anew")
	}
	return t, nil
}
