package web_test

import (
	"net/http"
	"strings"
	"testing"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// report is a feature that is accepted; change alters it before it is sent.
func reported(change func(f, p map[string]any)) map[string]any {
	p := map[string]any{"title": "Two Su-27 beside an ATL2", "date": "2026-11-24T02:40Z", "time_precision": "exact", "severity": "serious", "severity_reason": "closed to 30 m",
		"intercepting_nations": []string{"RU"}, "intercepting_aircraft": []string{"SU27"}, "intercepting_count": 2, "intercepted_nations": []string{"FR"}, "intercepted_aircraft": []string{"ATL2"}, "closest_approach_m": 30}
	f := map[string]any{"type": "Feature", "geometry": map[string]any{"type": "Point", "coordinates": []float64{19.5, 57.5}}, "properties": p}
	change(f, p)
	return f
}

// pointersOf are the fields that a problem names.
func pointersOf(a apiAnswer) string {
	var list []string
	errors, _ := a.doc["errors"].([]any)
	for _, e := range errors {
		list = append(list, e.(map[string]any)["pointer"].(string))
	}
	return strings.Join(list, " ")
}

const incidentItems = "/ogc/collections/incidents/items"

// What is wrong with a feature is said with a pointer a field, and nothing of it
// is written.
func TestFeaturesAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	before := len(s.features(t, incidentItems+"?exercise=include"))
	for name, c := range map[string]struct {
		change   func(f, p map[string]any)
		pointers string
	}{
		"a property that there is not": {func(_, p map[string]any) { p["colour"] = "red" }, "/properties/colour"},
		"a name with a slash":          {func(_, p map[string]any) { p["a/b~c"] = 1 }, "/properties/a~1b~0c"},
		"a number as a text":           {func(_, p map[string]any) { p["closest_approach_m"] = "near" }, "/properties/closest_approach_m"},
		"a list of numbers":            {func(_, p map[string]any) { p["intercepting_nations"] = []int{7} }, "/properties/intercepting_nations"},
		"a severity that there is not": {func(_, p map[string]any) { p["severity"] = "grave" }, "/properties/severity"},
		"two at once":                  {func(_, p map[string]any) { p["severity"], p["date"] = "grave", "soon" }, "/properties/date /properties/severity"},
		"nobody":                       {func(_, p map[string]any) { delete(p, "intercepting_nations"); delete(p, "intercepted_nations") }, "/properties/intercepting_nations"},
		"the future":                   {func(_, p map[string]any) { p["date"] = "2031-01-01T00:00Z" }, "/properties/date"},
		"too many aircraft": {func(_, p map[string]any) {
			p["intercepting_aircraft"], p["intercepting_count"] = []string{"SU27", "SU30"}, 5000
		}, "/properties/intercepting_count"},
		"off the earth": {func(f, _ map[string]any) {
			f["geometry"] = map[string]any{"type": "Point", "coordinates": []float64{19, 157}}
		}, "/geometry"},
		"a type of geometry": {func(f, _ map[string]any) {
			f["geometry"] = map[string]any{"type": "MultiPoint", "coordinates": [][]float64{{1, 2}}}
		}, "/geometry"},
		"an id of another kind": {func(f, _ map[string]any) { f["id"] = "42" }, "/id"},
		"a collection of them":  {func(f, _ map[string]any) { f["type"] = "FeatureCollection" }, "/type"},
	} {
		a := s.write(t, http.MethodPost, incidentItems, reported(c.change))
		if a.status != http.StatusUnprocessableEntity || a.header.Get("Content-Type") != "application/problem+json" || pointersOf(a) != c.pointers {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := s.ask(t, access.Officer, http.MethodPost, incidentItems, "{", "Content-Type", geoJSON); a.status != http.StatusBadRequest {
		t.Errorf("no JSON: %d %s", a.status, a.body)
	}
	if a := s.ask(t, access.Officer, http.MethodPost, incidentItems, "{}", "Content-Type", "text/plain"); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("another media type: %d %s", a.status, a.body)
	}
	if a := s.write(t, http.MethodPost, "/ogc/collections/places/items", reported(func(_, _ map[string]any) {})); a.status != http.StatusMethodNotAllowed || !strings.Contains(a.header.Get("Allow"), "GET") {
		t.Errorf("places: %d %s", a.status, a.body)
	}
	if after := len(s.features(t, incidentItems+"?exercise=include")); after != before {
		t.Errorf("%d features, there were %d", after, before)
	}
}

// The requests that QGIS 3.32 and later sends when a person edits a layer: it
// asks what is allowed, adds, moves, changes, and deletes.
func TestEditedAsQGISDoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if a := s.ask(t, access.Supervisor, http.MethodOptions, incidentItems, ""); !strings.Contains(a.header.Get("Allow"), "POST") {
		t.Fatalf("items allow %s", a.header.Get("Allow"))
	}
	if a := s.ask(t, access.Viewer, http.MethodOptions, incidentItems, ""); strings.Contains(a.header.Get("Allow"), "POST") {
		t.Errorf("a viewer is offered %s", a.header.Get("Allow"))
	}
	added := s.write(t, http.MethodPost, incidentItems, reported(func(_, _ map[string]any) {}), "Content-Crs", "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>")
	if added.status != http.StatusCreated {
		t.Fatalf("%d %s", added.status, added.body)
	}
	at := strings.TrimPrefix(added.header.Get("Location"), s.URL)
	if a := s.ask(t, access.Supervisor, http.MethodOptions, at, ""); a.header.Get("Allow") != "GET, HEAD, OPTIONS, PUT, PATCH, DELETE" {
		t.Errorf("the feature allows %s", a.header.Get("Allow"))
	}
	first := s.ask(t, access.Supervisor, http.MethodGet, at, "")
	again := reported(func(f, _ map[string]any) { f["id"] = first.doc["id"] })
	if a := s.write(t, http.MethodPost, incidentItems, again); a.status != http.StatusConflict || pointersOf(a) != "/id" {
		t.Errorf("the same id again: %d %s", a.status, a.body)
	}

	moved := s.write(t, http.MethodPatch, at, map[string]any{"geometry": map[string]any{"type": "Point", "coordinates": []float64{20.25, 58}}}, "Content-Type", "application/merge-patch+json", "If-Match", first.header.Get("ETag"))
	if moved.status != http.StatusOK || moved.header.Get("ETag") == first.header.Get("ETag") {
		t.Fatalf("moved: %d %s", moved.status, moved.body)
	}
	now := s.ask(t, access.Supervisor, http.MethodGet, at, "")
	if c := now.doc["geometry"].(map[string]any)["coordinates"].([]any); c[0] != 20.25 || c[1] != 58.0 {
		t.Errorf("it is at %v", c)
	}
	if d := differences(stated(first.doc), stated(now.doc)); len(d) != 3 && !strings.Contains(strings.Join(d, " "), "geometry") {
		t.Errorf("moving it changed %v", d)
	}
	// Another desk still has the first state.
	stale := s.write(t, http.MethodPut, at, first.doc, "If-Match", first.header.Get("ETag"))
	if stale.status != http.StatusPreconditionFailed {
		t.Errorf("an old state was put back: %d %s", stale.status, stale.body)
	}
	delete(now.doc, "links")
	now.doc["properties"].(map[string]any)["title"] = "Two Su-27 beside an ATL2, photographed"
	put := s.write(t, http.MethodPut, at, now.doc, "If-Match", now.header.Get("ETag"))
	if put.status != http.StatusOK {
		t.Fatalf("put: %d %s", put.status, put.body)
	}
	if a := s.ask(t, access.Officer, http.MethodDelete, at, ""); a.status != http.StatusForbidden {
		t.Errorf("an officer takes it back: %d", a.status)
	}
	if a := s.ask(t, access.Supervisor, http.MethodDelete, at+"?reason=entered+twice", "", "If-Match", `"another"`); a.status != http.StatusPreconditionFailed {
		t.Errorf("with a stale tag: %d", a.status)
	}
	if a := s.ask(t, access.Supervisor, http.MethodDelete, at+"?reason=entered+twice", ""); a.status != http.StatusNoContent {
		t.Errorf("deleted: %d %s", a.status, a.body)
	}
	if a := s.ask(t, access.Supervisor, http.MethodDelete, at, ""); a.status != http.StatusConflict {
		t.Errorf("deleted twice: %d %s", a.status, a.body)
	}
	gone := s.ask(t, access.Supervisor, http.MethodGet, at+"?retracted=true", "")
	if p := gone.doc["properties"].(map[string]any); p["report"] != "retracted" || p["title"] != "Two Su-27 beside an ATL2, photographed" {
		t.Errorf("it is %v", p)
	}
	inc, err := s.store.Incident(t.Context(), incidents.ID(first.doc["id"].(string)), 0)
	if err != nil || inc.Reason != "entered twice" || inc.RecordedBy != string(access.Supervisor) || inc.Revision != 4 {
		t.Errorf("%v %+v", err, inc)
	}
	if len(s.features(t, incidentItems+"?filter=report='retracted'")) != 1 {
		t.Error("a filter that asks for what was retracted does not find it")
	}
}
