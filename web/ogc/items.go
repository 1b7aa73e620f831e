package ogc

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/collection"
	"interceptlog/internal/feature"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// itemTypes are what features come as.
var itemTypes = []string{typeGeoJSON, typeJSON}

// shown is how features are to look.
type shown struct {
	system *crs.System
	props  []feature.Property
	pick   []int // of the values of a feature; nil for all
	bare   bool  // without geometry
}

func readShown(col *collection.Collection, v url.Values) (s shown, err error) {
	if s.system, err = collection.ReadSystem("crs", v.Get("crs"), v.Has("crs")); err != nil {
		return s, err
	}
	if text := v.Get("skipGeometry"); text != "" {
		if s.bare, err = strconv.ParseBool(text); err != nil {
			return s, bad("skipGeometry", text, "true, false")
		}
	}
	s.props = col.Properties
	if s.pick, err = collection.ReadPick(col, v); err != nil || s.pick == nil {
		return s, err
	}
	s.props = nil
	for _, i := range s.pick {
		s.props = append(s.props, col.Properties[i])
	}
	return s, nil
}

// of gives a feature as it is to look; the one of the log is not changed.
func (s shown) of(f *feature.Feature) *feature.Feature {
	out := &feature.Feature{ID: f.ID, Values: f.Values}
	if s.pick != nil {
		out.Values = make([]feature.Value, len(s.pick))
		for i, j := range s.pick {
			out.Values[i] = f.Values[j]
		}
	}
	if f.Geometry != nil && !s.bare {
		out.Geometry = s.system.Project(f.Geometry)
		if s.system.YFirst {
			out.Geometry = s.system.Swap(out.Geometry)
		}
	}
	return out
}

// page is one page of features.
type page struct {
	collection.Page
	features []*feature.Feature
	at       hotline.At
	limit    int
}

// readPage finds the features of a page.
func (a *API) readPage(ctx context.Context, col *collection.Collection, r request) (p page, err error) {
	q, err := collection.ReadQuery(col, r.query)
	if err != nil {
		return p, err
	}
	if p.limit, err = readLimit(r.query.Get("limit"), r.query.Has("limit")); err != nil {
		return p, err
	}
	if q.At, err = a.at(r); err != nil {
		return p, err
	}
	q.Limit, q.Count = p.limit, true
	matched := -1
	if text := r.query.Get("cursor"); r.query.Has("cursor") {
		from, err := a.readCursor(text, r.query)
		if err != nil {
			return p, err
		}
		q.After, q.Count, matched = from.Place, false, from.Matched
		q.At = hotline.At{AsOf: from.AsOf, Now: from.AsOf}
	}
	q.Narrow.AsOf, q.Narrow.Within, p.at = q.At.AsOf, a.Within(r.c), q.At
	p.Page, err = col.Read(ctx, a.Source, q, func(f *feature.Feature) error {
		p.features = append(p.features, f)
		return nil
	})
	if matched >= 0 {
		p.Matched = matched
	}
	return p, err
}

// items answers with the features of a collection.
func (a *API) items(c echo.Context) error {
	col, err := a.find(c)
	if err != nil {
		return err
	}
	r, err := a.accept(c, itemTypes, collection.Params(col)...)
	if err != nil {
		return err
	}
	look, err := readShown(col, r.query)
	if err != nil {
		return err
	}
	p, err := a.readPage(c.Request().Context(), col, r)
	if err != nil {
		return err
	}
	a.offer(c)
	defer a.Noted(c, col.ID, r.query, p.Returned)
	if r.format == "html" {
		return a.itemsPage(r, col, p, look)
	}
	body := make([]byte, 0, 1<<16)
	for i, f := range p.features {
		if i > 0 {
			body = append(body, ',', '\n')
		}
		body = geojson.AppendFeatureIn(body, look.system, look.props, look.of(f))
	}
	tail := fmt.Appendf(nil, "],\n\"numberMatched\":%d,\"numberReturned\":%d", p.Matched, p.Returned)
	stamp := a.kept.of(c.Request().URL.RequestURI()+string(tail)+etagOf(body), p.at.Now.Time())
	pinned := p.at.AsOf
	if !r.query.Has("as_of") && !r.query.Has("cursor") {
		pinned = incidents.MillisOf(stamp)
	}
	tail = fmt.Appendf(tail, ",\"timeStamp\":%q", stamp.UTC().Format(time.RFC3339))
	out := append([]byte(`{"type":"FeatureCollection","links":`), jsonOf(a.itemLinks(r, col, p, pinned))...)
	out = append(out, ",\n\"features\":[\n"...)
	out = append(append(append(out, body...), tail...), "}\n"...)
	c.Response().Header().Set("Content-Crs", "<"+look.system.URI+">")
	kind := typeGeoJSON
	if r.query.Get("f") == "" && weight(c.Request().Header.Get("Accept"), typeGeoJSON) == 0 && c.Request().Header.Get("Accept") != "" {
		kind = typeJSON
	}
	return send(c, kind, out, etagOf(out))
}

// itemLinks are the links of a page; pinned is the moment that it shows.
func (a *API) itemLinks(r request, col *collection.Collection, p page, pinned incidents.Millis) []Link {
	at := "/collections/" + col.ID
	with := func(set map[string]string) string {
		q := url.Values{}
		for name, v := range r.query {
			q[name] = slices.Clone(v)
		}
		for name, v := range set {
			q.Set(name, v)
		}
		return r.href(at + "/items?" + q.Encode())
	}
	self, other := Link{with(map[string]string{"f": "json"}), "self", typeGeoJSON, "These features as GeoJSON", false}, Link{with(map[string]string{"f": "html"}), "alternate", typeHTML, "These features as a page", false}
	links := []Link{self, other}
	if r.format == "html" {
		links[0].Rel, links[1].Rel = "alternate", "self"
	}
	if p.Next != "" {
		next := cursor{Place: p.Next, AsOf: pinned, Matched: p.Matched, Query: question(r.query)}
		kind := typeGeoJSON
		if r.format == "html" {
			kind = typeHTML
		}
		links = append(links, Link{with(map[string]string{"cursor": a.seal(next), "f": r.format}), "next", kind, "The next page", false})
	}
	return append(links, Link{r.href(at), "collection", typeJSON, col.Title, false})
}

// item answers with one feature.
func (a *API) item(c echo.Context) error {
	col, err := a.find(c)
	if err != nil {
		return err
	}
	r, err := a.accept(c, itemTypes, "crs", "as_of", "properties", "skipGeometry", "retracted")
	if err != nil {
		return err
	}
	look, err := readShown(col, r.query)
	if err != nil {
		return err
	}
	at, err := a.at(r)
	if err != nil {
		return err
	}
	f, err := col.Find(c.Request().Context(), a.Source, c.Param("fid"), at)
	if err != nil {
		return err
	}
	if err := a.inScope(c, col, f, at); err != nil {
		return err
	}
	if err := stands(col, f, r.query); err != nil {
		return err
	}
	a.offer(c)
	defer a.Noted(c, col.ID, r.query, 1)
	if r.format == "html" {
		return a.itemPage(r, col, f, look)
	}
	if last, known := lastModified(col, f); known {
		c.Response().Header().Set("Last-Modified", last.Format(http.TimeFormat))
	}
	path := "/collections/" + col.ID + "/items/" + url.PathEscape(f.ID)
	links := append(r.both(path, typeGeoJSON), Link{r.href("/collections/" + col.ID), "collection", typeJSON, col.Title, false})
	raw := geojson.AppendFeatureIn(nil, look.system, look.props, look.of(f))
	raw = append(raw[:len(raw)-1], fmt.Appendf(nil, ",\"links\":%s}\n", jsonOf(links))...)
	c.Response().Header().Set("Content-Crs", "<"+look.system.URI+">")
	return send(c, typeGeoJSON, raw, featureTag(col, f, look))
}

// lastModified is when a feature was last written, in whole seconds, as headers
// have it.
func lastModified(col *collection.Collection, f *feature.Feature) (time.Time, bool) {
	v, ok := col.Value(f, "recorded_at")
	return incidents.Millis(v.Int).Time().UTC().Truncate(time.Second), ok && !v.Null
}

// stands hides a feature that was taken back: after DELETE there is none at its
// address, unless it is asked for as one that was.
func stands(col *collection.Collection, f *feature.Feature, query url.Values) error {
	wanted := false
	if text := query.Get("retracted"); query.Has("retracted") {
		var err error
		if wanted, err = strconv.ParseBool(text); err != nil {
			return bad("retracted", text, "true, false")
		}
	}
	report, _ := col.Value(f, "report")
	gone, _ := col.Value(f, "retracted")
	if wanted || !gone.Bool && report.Text != string(incidents.Retracted) {
		return nil
	}
	return &problem{Status: http.StatusNotFound, Detail: "The feature “" + clip(f.ID) + "” of " + col.ID + " was taken back; retracted=true shows it."}
}

// inScope hides a feature that the token that asks may not see.
func (a *API) inScope(c echo.Context, col *collection.Collection, f *feature.Feature, at hotline.At) error {
	within := a.Within(c)
	if within == nil || !col.Incidents() {
		return nil
	}
	one := *within
	one.ID = incidents.ID(f.ID)
	if n, err := a.Source.CountCases(c.Request().Context(), one, at); err != nil || n == 1 {
		return err
	}
	return &problem{Status: http.StatusNotFound, Detail: "There is no feature “" + clip(f.ID) + "” in " + col.ID + "."}
}

// featureTag is the validator of one feature: of what it holds, whatever the
// reference system and the selection that are shown beside it.
func featureTag(col *collection.Collection, f *feature.Feature, look shown) string {
	whole := geojson.AppendFeatureOf(nil, col.Properties, f)
	return etagOf(fmt.Append(whole, look.system.URI, look.pick, look.bare))
}
