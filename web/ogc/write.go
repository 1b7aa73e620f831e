package ogc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"interceptlog/internal/collection"
	"interceptlog/internal/fault"
	"interceptlog/internal/feature"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/geo"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/stated"
)

// maxFeature bounds a feature that is sent, in bytes.
const maxFeature = 2 << 20

// What a feature, and the changes of one, are sent as.
var (
	featureTypes = []string{typeGeoJSON, typeJSON}
	patchTypes   = []string{"application/merge-patch+json", typeGeoJSON, typeJSON}
)

// writeRoutes are the addresses that change the log (OGC 20-002r1).
func (a *API) writeRoutes() []Route {
	items, item := Prefix+"/collections/:collection/items", Prefix+"/collections/:collection/items/:fid"
	return []Route{
		{http.MethodPost, items, true, a.answered(a.create)},
		{http.MethodPut, item, true, a.answered(a.replace)},
		{http.MethodPatch, item, true, a.answered(a.update)},
		{http.MethodDelete, item, true, a.answered(a.retract)},
	}
}

// editable gives the collection of the address if it may be written; params are
// the parameters that the address may have.
func (a *API) editable(c echo.Context, params ...string) (*collection.Collection, error) {
	col, err := a.find(c)
	if err != nil {
		return nil, err
	}
	for name := range c.QueryParams() {
		if !slices.Contains(params, name) {
			return nil, unknownParameter(name, params)
		}
	}
	if !col.Editable {
		a.offer(c)
		return nil, &problem{Status: http.StatusMethodNotAllowed, Detail: "The collection " + col.ID + " cannot be written here; incidents and contacts can."}
	}
	return col, nil
}

// read reads the feature of a request.
func (a *API) read(c echo.Context, col *collection.Collection, kinds ...string) (stated.Feature, error) {
	var s stated.Feature
	if c.Request().Header.Get("Content-Type") == "" { // 400, not 415: OGC 20-002r1, /req/create-replace-delete/post-content-type
		return s, &problem{Status: http.StatusBadRequest, Detail: "The header Content-Type is missing; accepted: " + strings.Join(kinds, ", ") + ".", Parameter: "Content-Type", Accepted: strings.Join(kinds, ", ")}
	}
	kind, _, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type"))
	if err != nil || !slices.Contains(kinds, kind) {
		return s, &problem{Status: http.StatusUnsupportedMediaType, Detail: "A feature is sent as " + strings.Join(kinds, " or ") + ", and this is “" + clip(c.Request().Header.Get("Content-Type")) + "”.",
			Parameter: "Content-Type", Accepted: strings.Join(kinds, ", ")}
	}
	header := strings.Trim(c.Request().Header.Get("Content-Crs"), "<> ")
	sys, err := collection.ReadSystem("Content-Crs", header, header != "")
	if err != nil {
		return s, err
	}
	raw, err := io.ReadAll(io.LimitReader(c.Request().Body, maxFeature+1))
	if err != nil {
		return s, fmt.Errorf("read the feature: %w", err)
	}
	if len(raw) > maxFeature {
		return s, &problem{Status: http.StatusRequestEntityTooLarge, Detail: "A feature has at most 2 MB."}
	}
	return parseFeature(raw, sys)
}

func parseFeature(raw []byte, sys *crs.System) (s stated.Feature, err error) {
	var doc struct {
		Type       string                     `json:"type"`
		ID         any                        `json:"id"`
		Geometry   json.RawMessage            `json:"geometry"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return s, &problem{Status: http.StatusBadRequest, Detail: "What was sent is no GeoJSON: " + err.Error() + ".", Accepted: "one Feature (RFC 7946 §3.2)"}
	}
	if doc.Type != "" && doc.Type != "Feature" {
		return s, unprocessable("/type", "“"+clip(doc.Type)+"” is not accepted; accepted: Feature. One feature is sent at a time.")
	}
	switch id := doc.ID.(type) {
	case nil:
	case string:
		s.ID = id
	default:
		return s, unprocessable("/id", "accepted: a text, a UUID (RFC 9562).")
	}
	if s.HasShape = len(doc.Geometry) > 0; s.HasShape && !bytes.Equal(bytes.TrimSpace(doc.Geometry), []byte("null")) {
		if s.Shape, err = readShape(doc.Geometry, sys); err != nil {
			return s, unprocessable("/geometry", err.Error())
		}
	}
	s.Properties = map[string]any{}
	for name, value := range doc.Properties {
		dec := json.NewDecoder(bytes.NewReader(value))
		dec.UseNumber()
		var v any
		if err := dec.Decode(&v); err != nil {
			return s, unprocessable("/properties/"+escaped(name), "cannot be read.")
		}
		s.Properties[name] = v
	}
	return s, nil
}

// readShape reads a geometry in a system, in that system's order of axes.
func readShape(raw []byte, sys *crs.System) (orb.Geometry, error) {
	if sys == crs.CRS84 {
		return geo.ParseGeometry(raw)
	}
	g, err := geo.ParsePlane(raw)
	if err != nil {
		return nil, err
	}
	if sys.YFirst {
		g = sys.Swap(g)
	}
	g = sys.Unproject(g)
	return g, geo.Validate(g)
}

func unprocessable(pointer, detail string) error {
	return &problem{Status: http.StatusUnprocessableEntity, Detail: "The feature was not accepted. " + pointer + ": " + detail, Errors: []fieldError{{pointer, detail}}}
}

// escaped writes a name as a part of a pointer (RFC 6901 §3).
func escaped(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(clip(name), "~", "~0"), "/", "~1")
}

// checked refuses properties that the collection does not have, and values that
// are not of their type.
func checked(col *collection.Collection, s stated.Feature) error {
	var errs []fieldError
	for _, wrong := range s.Check(col.ID, col.Properties) {
		errs = append(errs, fieldError{pointerTo(wrong.Name), wrong.Msg})
	}
	if len(errs) == 0 {
		return nil
	}
	return &problem{Status: http.StatusUnprocessableEntity, Detail: "The feature was not accepted; each field that is wrong is named.", Errors: errs}
}

// pointerTo is where a property stands in a feature (RFC 6901).
func pointerTo(property string) string {
	if property == stated.Geometry {
		return "/geometry"
	}
	return "/properties/" + escaped(property)
}

// create enters a feature (20-002r1 §6). Without an id of its own it gets one.
func (a *API) create(c echo.Context) error {
	col, err := a.editable(c)
	if err != nil {
		return err
	}
	s, err := a.read(c, col, featureTypes...)
	if err != nil {
		return err
	}
	if err := checked(col, s); err != nil {
		return err
	}
	if s.ID == "" {
		s.ID = string(incidents.NewID())
	}
	id, ok := incidents.ParseID(s.ID)
	if !ok {
		return unprocessable("/id", "“"+clip(s.ID)+"” is no id; accepted: a UUID (RFC 9562), or none.")
	}
	s.ID = string(id)
	ctx := c.Request().Context()
	now, err := a.at(request{c: c, query: url.Values{}})
	if err != nil {
		return err
	}
	if _, err := col.Find(ctx, a.Source, s.ID, now); err == nil {
		return &problem{Status: http.StatusConflict, Detail: "There is a feature " + s.ID + " already; PUT replaces it.", Errors: []fieldError{{"/id", "is taken."}}}
	} else if !fault.Is(err, fault.NotFound) {
		return err
	}
	if col.ID == "contacts" {
		_, err = a.Desk.LogContact(ctx, a.Actor(c), s.Contact(hotline.ContactReport{ID: s.ID}, hotline.Contact{}))
	} else {
		report := s.Incident(incidents.Report{ID: s.ID}, incidents.Record{})
		_, err = a.Log.Post(ctx, a.Actor(c), report)
	}
	if err != nil {
		return refused(err)
	}
	return a.written(c, col, s.ID, http.StatusCreated)
}

// replace puts a feature in the place of one (20-002r1 §7). What a feature does
// not show of the record stays: claims, sources, the narrative.
func (a *API) replace(c echo.Context) error {
	return a.change(c, featureTypes, "replaced through the API", false)
}

// update changes the members that are sent (RFC 7396).
func (a *API) update(c echo.Context) error {
	return a.change(c, patchTypes, "changed through the API", true)
}

func (a *API) change(c echo.Context, kinds []string, why string, partly bool) error {
	col, err := a.editable(c)
	if err != nil {
		return err
	}
	s, err := a.read(c, col, kinds...)
	if err != nil {
		return err
	}
	if err := checked(col, s); err != nil {
		return err
	}
	f, revision, err := a.current(c, col)
	if err != nil {
		return err
	}
	if s.ID != "" && s.ID != f.ID {
		return unprocessable("/id", "is another one than that of the address; leave it out.")
	}
	if id, ok := s.Properties["id"]; ok && id != f.ID && (partly || id != nil) {
		return unprocessable("/properties/id", "is another one than that of the address; leave it out.")
	}
	s.ID = f.ID
	if partly {
		s = over(col, s, f)
	}
	ctx := c.Request().Context()
	if col.ID == "contacts" {
		err = a.reviseContact(c, s, revision, why)
	} else {
		var was incidents.Incident
		if was, err = a.Source.Incident(ctx, incidents.ID(f.ID), 0); err == nil {
			report := s.Incident(incidents.ReportOf(was.Record), was.Record)
			report.Reason = s.Reason(why)
			_, err = a.Log.Revise(ctx, a.Actor(c), incidents.ID(f.ID), revision, report)
		}
	}
	if err != nil {
		return refused(err)
	}
	return a.written(c, col, f.ID, http.StatusOK)
}

func (a *API) reviseContact(c echo.Context, s stated.Feature, revision int, why string) error {
	ctx := c.Request().Context()
	was, err := a.Source.Contact(ctx, hotline.ContactID(s.ID), 0)
	if err != nil {
		return err
	}
	report := s.Contact(hotline.ContactReportOf(was.Contact), was.Contact)
	var linked []string
	for _, l := range was.Incidents {
		linked = append(linked, string(l.Incident.ID))
	}
	slices.Sort(linked)
	asked := slices.Sorted(slices.Values(report.Incidents))
	if !slices.Equal(linked, asked) {
		return unprocessable("/properties/incident_ids", "the links of a contact are changed on its page; accepted here: those that there are.")
	}
	_, err = a.Desk.ReviseContact(ctx, a.Actor(c), revision, report, s.Reason(why))
	return err
}

// over fills what was not sent from the feature as it is.
func over(col *collection.Collection, s stated.Feature, f *feature.Feature) stated.Feature {
	raw := geojson.AppendFeatureOf(nil, col.Properties, f)
	now, err := parseFeature(raw, crs.CRS84)
	if err != nil {
		return s // what this server writes it reads
	}
	for name, v := range s.Properties {
		now.Properties[name] = v
	}
	// Several properties say one thing: those that were not sent must not
	// contradict the one that was.
	for _, group := range [][]string{{"date", "start_from", "start_to", "time_precision"}, {"end_from", "end_to"}} {
		if slices.ContainsFunc(group, func(n string) bool { _, ok := s.Properties[n]; return ok }) {
			for _, n := range group {
				if _, ok := s.Properties[n]; !ok {
					delete(now.Properties, n)
				}
			}
		}
	}
	if s.HasShape {
		now.Shape, now.HasShape = s.Shape, true
	}
	now.ID = s.ID
	return now
}

// current gives the feature of the address, and the revision that a change is
// made from: that of If-Match, or of If-Unmodified-Since, if it is still the one
// there (RFC 9110 §13.2.2).
func (a *API) current(c echo.Context, col *collection.Collection) (*feature.Feature, int, error) {
	at, err := a.at(request{c: c, query: url.Values{}})
	if err != nil {
		return nil, 0, err
	}
	f, err := col.Find(c.Request().Context(), a.Source, c.Param("fid"), at)
	if err != nil {
		return nil, 0, err
	}
	if given := c.Request().Header.Get("If-Match"); given != "" && !a.isCurrent(given, col, f) {
		return nil, 0, &problem{Status: http.StatusPreconditionFailed, Detail: "The feature is no longer as If-Match says: it was changed meanwhile. Read it again.", Parameter: "If-Match", Value: clip(given)}
	} else if since, err := http.ParseTime(c.Request().Header.Get("If-Unmodified-Since")); given == "" && err == nil {
		if last, known := lastModified(col, f); known && last.After(since) {
			return nil, 0, &problem{Status: http.StatusPreconditionFailed, Detail: "The feature was changed after If-Unmodified-Since. Read it again.", Parameter: "If-Unmodified-Since", Value: clip(c.Request().Header.Get("If-Unmodified-Since"))}
		}
	}
	v, _ := col.Value(f, "revision")
	return f, int(v.Int), nil
}

// isCurrent reports whether a list of tags names the feature as it is, in any
// reference system in which it can have been read.
func (a *API) isCurrent(header string, col *collection.Collection, f *feature.Feature) bool {
	for _, sys := range crs.All() {
		if anyTag(header, featureTag(col, f, shown{system: sys})) {
			return true
		}
	}
	return false
}

// retract takes a feature back (20-002r1 §8): it is no longer there, unless
// retracted=true asks for it; it stays in the log, says so, and is in the changes.
func (a *API) retract(c echo.Context) error {
	col, err := a.editable(c, "reason")
	if err != nil {
		return err
	}
	f, revision, err := a.current(c, col)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(c.QueryParam("reason"))
	if reason == "" {
		reason = "taken back through the API"
	}
	ctx := c.Request().Context()
	if col.ID == "contacts" {
		_, err = a.Desk.RetractContact(ctx, a.Actor(c), hotline.ContactID(f.ID), revision, reason)
	} else {
		_, err = a.Log.Retract(ctx, a.Actor(c), incidents.ID(f.ID), revision, reason)
	}
	if err != nil {
		return refused(err)
	}
	return c.NoContent(http.StatusNoContent)
}

// written answers with the feature as it now is.
func (a *API) written(c echo.Context, col *collection.Collection, id string, status int) error {
	at, err := a.at(request{c: c, query: url.Values{}})
	if err != nil {
		return err
	}
	f, err := col.Find(c.Request().Context(), a.Source, id, at)
	if err != nil {
		return err
	}
	look := shown{system: crs.CRS84, props: col.Properties}
	h := c.Response().Header()
	h.Set("ETag", featureTag(col, f, look))
	if last, known := lastModified(col, f); known {
		h.Set("Last-Modified", last.Format(http.TimeFormat))
	}
	h.Set("Content-Crs", "<"+crs.CRS84.URI+">")
	where := a.origin(c) + Prefix + "/collections/" + col.ID + "/items/" + url.PathEscape(id)
	if status == http.StatusCreated {
		h.Set("Location", where)
	} else {
		h.Set("Content-Location", where)
	}
	return c.Blob(status, typeGeoJSON, append(geojson.AppendFeatureOf(nil, col.Properties, f), '\n'))
}

// refused turns what the rules of the log say into a problem with a pointer a
// field.
func refused(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		return err
	}
	p := &problem{Status: http.StatusUnprocessableEntity, Detail: f.Msg}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, fieldError{pointerTo(stated.PropertyOf(field.Name)), field.Msg})
	}
	return p
}
