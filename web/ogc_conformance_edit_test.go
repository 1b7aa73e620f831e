package web_test

import (
	"maps"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/incidents"
)

// Part 4 (20-002r1) is tested on a server of its own, by a supervisor, on both
// collections that can be written.

// edited is a collection under test.
type edited struct {
	*site
	items string                // its address
	fresh func() map[string]any // a new feature, without an id
	title string                // a property that can be changed
}

// editable gives both of them.
func editable(t *testing.T, fn func(t *testing.T, e edited)) {
	t.Helper()
	s := newSite(t)
	contact := s.features(t, "/ogc/collections/contacts/items?limit=1")[0]["properties"].(map[string]any)
	for _, e := range []edited{
		{s, incidentItems, func() map[string]any { return reported(func(_, _ map[string]any) {}) }, "title"},
		{s, "/ogc/collections/contacts/items", func() map[string]any {
			return map[string]any{"type": "Feature", "geometry": nil, "properties": maps.Clone(contact)}
		}, "summary"},
	} {
		t.Run(strings.Split(e.items, "/")[3], func(t *testing.T) { fn(t, e) })
	}
}

func (e edited) send(t *testing.T, method, path string, feature map[string]any, headers ...string) apiAnswer {
	t.Helper()
	headers = append([]string{"Accept-Encoding", "identity"}, headers...) // the tag of a coding is another one
	if method == http.MethodPatch {
		headers = append([]string{"Content-Type", "application/merge-patch+json"}, headers...)
	}
	return e.write(t, method, path, feature, headers...)
}

// enter creates a feature and gives its address.
func (e edited) enter(t *testing.T) string {
	t.Helper()
	a := e.send(t, http.MethodPost, e.items, e.fresh())
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return strings.TrimPrefix(a.header.Get("Location"), e.URL)
}

func (e edited) at(t *testing.T, path string) apiAnswer {
	t.Helper()
	return e.ask(t, access.Supervisor, http.MethodGet, path, "", "Accept-Encoding", "identity")
}

func (e edited) titleAt(t *testing.T, path string) any {
	t.Helper()
	return e.at(t, path).doc["properties"].(map[string]any)[e.title]
}

func (e edited) remove(t *testing.T, path string, headers ...string) int {
	t.Helper()
	return e.ask(t, access.Supervisor, http.MethodDelete, path, "", headers...).status
}

// patch changes one property.
func (e edited) patch(v any) map[string]any {
	return map[string]any{"properties": map[string]any{e.title: v}}
}

// changed is a feature with another title.
func (e edited) changed(t *testing.T, path, title string) map[string]any {
	t.Helper()
	f := e.at(t, path).doc
	delete(f, "links")
	f["properties"].(map[string]any)[e.title] = title
	return f
}

const noFeature = "/00000000-0000-7000-8000-000000000000"

// editingConforms is class create-replace-delete.
func editingConforms(t *testing.T, _ *suite) {
	t.Run("/conf/create-replace-delete/options", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			for path, want := range map[string]string{e.items: http.MethodPost, e.enter(t): http.MethodPut + " " + http.MethodDelete} {
				a := e.ask(t, access.Supervisor, http.MethodOptions, path, "")
				allowed := strings.Split(a.header.Get("Allow"), ", ")
				for _, method := range strings.Fields(want) {
					if a.status != http.StatusOK || !slices.Contains(allowed, method) {
						t.Errorf("%s: %d, %v", path, a.status, allowed)
					}
				}
				if slices.Contains(allowed, http.MethodPost) != strings.Contains(a.header.Get("Accept-Post"), geoJSON) {
					t.Errorf("%s allows %v and takes %q", path, allowed, a.header.Get("Accept-Post"))
				}
			}
		})
	})
	t.Run("/conf/create-replace-delete/create", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			before := len(e.features(t, e.items))
			own := e.fresh()
			own["id"] = string(incidents.NewID())
			for _, f := range []map[string]any{e.fresh(), own} {
				a := e.send(t, http.MethodPost, e.items, f)
				is := e.at(t, strings.TrimPrefix(a.header.Get("Location"), e.URL))
				if a.status != http.StatusCreated || is.status != http.StatusOK || is.doc["properties"].(map[string]any)[e.title] != f["properties"].(map[string]any)[e.title] {
					t.Errorf("%d, and at %s %d", a.status, a.header.Get("Location"), is.status)
				}
				if id := is.doc["id"]; a.header.Get("Location") != e.URL+e.items+"/"+text1(id) || f["id"] != nil && f["id"] != id {
					t.Errorf("%v is at %s", id, a.header.Get("Location"))
				}
			}
			if a := e.send(t, http.MethodPost, e.items, own); a.status != http.StatusConflict {
				t.Errorf("an id that is taken: %d", a.status)
			}
			if after := len(e.features(t, e.items)); after != before+2 {
				t.Errorf("%d features, there were %d", after, before)
			}
		})
	})
	contentType(t, "create", http.MethodPost)
	contentType(t, "replace", http.MethodPut)
	t.Run("/conf/create-replace-delete/replace", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			at := e.enter(t)
			want := e.changed(t, at, "Another")
			if a := e.send(t, http.MethodPut, at, want); a.status != http.StatusOK {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if d := differences(stated(want), stated(e.at(t, at).doc)); len(d) > 0 {
				t.Errorf("what was put, and what is there, differ: %v", d)
			}
		})
	})
	t.Run("/conf/create-replace-delete/replace-rid", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			at := e.enter(t)
			f := e.changed(t, at, "Another")
			f["id"] = string(incidents.NewID())
			if a := e.send(t, http.MethodPut, at, f); a.status != http.StatusUnprocessableEntity || e.titleAt(t, at) == "Another" {
				t.Errorf("%d, and it is %v", a.status, e.titleAt(t, at))
			}
		})
	})
	t.Run("/conf/create-replace-delete/replace-exceptions", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			for _, headers := range [][]string{nil, {"If-Match", `"xyz"`}} {
				if a := e.send(t, http.MethodPut, e.items+noFeature, e.fresh(), headers...); a.status != http.StatusNotFound {
					t.Errorf("%v: %d", headers, a.status)
				}
			}
			if a := e.at(t, e.items+noFeature); a.status != http.StatusNotFound {
				t.Errorf("%d", a.status)
			}
		})
	})
	t.Run("/conf/create-replace-delete/delete", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			at := e.enter(t)
			before := e.features(t, e.items)
			if status := e.remove(t, at); status != http.StatusNoContent {
				t.Errorf("%d", status)
			}
			if a := e.at(t, at); a.status != http.StatusNotFound {
				t.Errorf("it is still there: %d", a.status)
			}
			if after := e.features(t, e.items); len(after) != len(before)-1 {
				t.Errorf("%d features, there were %d", len(after), len(before))
			}
			if a := e.at(t, at+"?retracted=true"); a.status != http.StatusOK {
				t.Errorf("as one that was: %d", a.status)
			}
			if status := e.remove(t, e.items+noFeature); status != http.StatusNotFound {
				t.Errorf("one that there never was: %d", status)
			}
		})
	})
}

// contentType is the abstract tests create-content-type and its like.
func contentType(t *testing.T, name, method string) {
	class := "create-replace-delete/" + name
	if method == http.MethodPatch {
		class = "update/" + name
	}
	t.Run("/conf/"+class+"-content-type", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			at := e.items
			if method != http.MethodPost {
				at = e.enter(t)
			}
			before := len(e.features(t, e.items))
			for kind, want := range map[string]int{"": http.StatusBadRequest, "text/plain": http.StatusUnsupportedMediaType} {
				a := e.ask(t, access.Supervisor, method, at, string(mustMarshal(t, e.fresh())), "Content-Type", kind)
				if a.status != want {
					t.Errorf("%q: %d, want %d", kind, a.status, want)
				}
			}
			if after := len(e.features(t, e.items)); after != before {
				t.Errorf("%d features, there were %d", after, before)
			}
		})
	})
}

// updatingConforms is class update.
func updatingConforms(t *testing.T, _ *suite) {
	t.Run("/conf/update/options", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			a := e.ask(t, access.Supervisor, http.MethodOptions, e.enter(t), "")
			if a.status != http.StatusOK || !strings.Contains(a.header.Get("Allow"), "PATCH") || !strings.Contains(a.header.Get("Accept-Patch"), "application/merge-patch+json") {
				t.Errorf("%d, %s, %s", a.status, a.header.Get("Allow"), a.header.Get("Accept-Patch"))
			}
		})
	})
	t.Run("/conf/update/update", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			at := e.enter(t)
			was := e.at(t, at).doc
			if a := e.send(t, http.MethodPatch, at, e.patch("Another")); a.status != http.StatusOK {
				t.Fatalf("%d %s", a.status, a.body)
			}
			d := differences(stated(was), stated(e.at(t, at).doc))
			d = slices.DeleteFunc(d, func(s string) bool { return strings.HasPrefix(s, "recorded_at") || strings.HasPrefix(s, "revision") })
			if len(d) != 1 || !strings.HasPrefix(d[0], e.title+": Another") {
				t.Errorf("it changed %v", d)
			}
		})
	})
	contentType(t, "update", http.MethodPatch)
	t.Run("/conf/update/update-rid", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			at := e.enter(t)
			for _, f := range []map[string]any{{"id": string(incidents.NewID())}, {"properties": map[string]any{"id": string(incidents.NewID())}}, {"properties": map[string]any{"id": nil}}} {
				if a := e.send(t, http.MethodPatch, at, f); a.status != http.StatusUnprocessableEntity {
					t.Errorf("%v: %d %s", f, a.status, a.body)
				}
			}
		})
	})
}

// locked is the abstract tests of both classes of optimistic locking: a header
// that names another state, the one that is there, and none.
func locked(t *testing.T, class, validator, condition string, stale func(now string) string) {
	t.Run("/conf/"+class+"/get", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			at := e.enter(t)
			if got := e.at(t, at).header.Get(validator); stale(got) == got || got == "" {
				t.Errorf("%s is %q", validator, got)
			}
		})
	})
	for name, method := range map[string]string{"replace": http.MethodPut, "update": http.MethodPatch} {
		t.Run("/conf/"+class+"/"+name, func(t *testing.T) {
			editable(t, func(t *testing.T, e edited) {
				at := e.enter(t)
				e.clock.Advance(2 * time.Second)
				was, now := e.titleAt(t, at), e.at(t, at).header.Get(validator)
				body := func(title string) map[string]any {
					if method == http.MethodPut {
						return e.changed(t, at, title)
					}
					return e.patch(title)
				}
				if a := e.send(t, method, at, body("One"), condition, stale(now)); a.status != http.StatusPreconditionFailed || e.titleAt(t, at) != was {
					t.Errorf("another state: %d, and it is %v", a.status, e.titleAt(t, at))
				}
				a := e.send(t, method, at, body("Two"), condition, now)
				if got := a.header.Get(validator); a.status != http.StatusOK || e.titleAt(t, at) != "Two" || got == now || got != e.at(t, at).header.Get(validator) {
					t.Errorf("the state that is there, %s: %d, then %s", now, a.status, got)
				}
				if a := e.send(t, method, at, body("Three"), condition, now); a.status != http.StatusPreconditionFailed {
					t.Errorf("the state that was there: %d", a.status)
				}
				if a := e.send(t, method, at, body("Four")); a.status != http.StatusOK {
					t.Errorf("no state: %d", a.status)
				}
			})
		})
	}
	t.Run("/conf/"+class+"/delete", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			at, other := e.enter(t), e.enter(t)
			now := e.at(t, at).header.Get(validator)
			if status := e.remove(t, at, condition, stale(now)); status != http.StatusPreconditionFailed || e.at(t, at).status != http.StatusOK {
				t.Errorf("another state: %d, and it is there: %d", status, e.at(t, at).status)
			}
			if status := e.remove(t, at, condition, now); status != http.StatusNoContent || e.at(t, at).status != http.StatusNotFound {
				t.Errorf("the state that is there: %d, and it is there: %d", status, e.at(t, at).status)
			}
			if status := e.remove(t, other); status != http.StatusNoContent {
				t.Errorf("no state: %d", status)
			}
		})
	})
}

// tagsLock is class optimistic-locking-etags.
func tagsLock(t *testing.T, _ *suite) {
	locked(t, "optimistic-locking-etags", "ETag", "If-Match", func(string) string { return `"0"` })
}

// timesLock is class optimistic-locking-timestamps.
func timesLock(t *testing.T, _ *suite) {
	locked(t, "optimistic-locking-timestamps", "Last-Modified", "If-Unmodified-Since", func(now string) string {
		at, err := http.ParseTime(now)
		if err != nil {
			t.Errorf("%q: %v", now, err)
		}
		return at.Add(-time.Second).UTC().Format(http.TimeFormat)
	})
}

// featuresAreEdited is class features.
func featuresAreEdited(t *testing.T, s *suite) {
	t.Run("/conf/features/endpoints", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			id := strings.Split(e.items, "/")[3]
			if !slices.ContainsFunc(s.collections, func(c map[string]any) bool { return c["id"] == id && c["itemType"] == "feature" }) {
				t.Errorf("%s is no collection of features", id)
			}
			at := e.enter(t)
			if !slices.ContainsFunc(e.features(t, e.items), func(f map[string]any) bool { return e.items+"/"+text1(f["id"]) == at }) {
				t.Errorf("%s is not among the features", at)
			}
		})
	})
	t.Run("/conf/features/crs", func(t *testing.T) {
		w := newSite(t)
		for _, sys := range crs.All() {
			place := orb.Point{19.5, 57.5}
			p := sys.Project(place)
			if sys.YFirst {
				p = sys.Swap(p)
			}
			f := reported(func(f, _ map[string]any) {
				f["geometry"] = map[string]any{"type": "Point", "coordinates": p}
			})
			a := w.write(t, http.MethodPost, incidentItems, f, "Content-Crs", "<"+sys.URI+">")
			if a.status != http.StatusCreated {
				t.Errorf("%s: %d %s", sys.URI, a.status, a.body)
				continue
			}
			is := w.ask(t, access.Analyst, http.MethodGet, incidentItems+"/"+text1(a.doc["id"]), "").doc
			if at := shapeOf(is["geometry"]).Bound().Min; !near(at, place) {
				t.Errorf("%s: it is at %v", sys.URI, at)
			}
			back := shapeOf(w.ask(t, access.Analyst, http.MethodGet, incidentItems+"/"+text1(a.doc["id"])+"?crs="+url.QueryEscape(sys.URI), "").doc["geometry"]).Bound().Min
			if sent := p.Bound().Min; math.Abs(back[0]-sent[0]) > 0.1 || math.Abs(back[1]-sent[1]) > 0.1 {
				t.Errorf("%s: sent %v, got %v", sys.URI, sent, back)
			}
		}
		if a := w.write(t, http.MethodPost, incidentItems, reported(func(_, _ map[string]any) {}), "Content-Crs", "<"+noSystem+">"); a.status != http.StatusBadRequest {
			t.Errorf("a system that there is not: %d", a.status)
		}
	})
	t.Run("/conf/features/schema", func(t *testing.T) {
		editable(t, func(t *testing.T, e edited) {
			doc, props := s.schemaOf(t, strings.Split(e.items, "/")[3], "schema")
			receivable := e.fresh()
			for name := range receivable["properties"].(map[string]any) {
				if props[name]["readOnly"] == true {
					delete(receivable["properties"].(map[string]any), name)
				}
			}
			if a := e.send(t, http.MethodPost, e.items, receivable); a.status != http.StatusCreated {
				t.Errorf("what the schema takes: %d %s", a.status, a.body)
			}
			receivable["properties"].(map[string]any)["another"] = 1
			if a := e.send(t, http.MethodPost, e.items, receivable); a.status != http.StatusUnprocessableEntity || doc["additionalProperties"] != false {
				t.Errorf("what it does not: %d", a.status)
			}
		})
	})
	t.Run("/conf/features/geojson", func(t *testing.T) {
		w := newSite(t)
		e := edited{w, incidentItems, func() map[string]any { return reported(func(_, _ map[string]any) {}) }, "title"}
		at := e.enter(t)
		f := e.changed(t, at, "Another")
		f["geometry"] = map[string]any{"type": "LineString", "coordinates": [][2]float64{{19, 57}, {20, 58}}}
		if a := e.send(t, http.MethodPut, at, f); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
		if g := e.at(t, at).doc["geometry"]; !reflect.DeepEqual(shapeOf(g), shapeOf(map[string]any{"type": "LineString", "coordinates": []any{[]any{19.0, 57.0}, []any{20.0, 58.0}}})) {
			t.Errorf("it is at %v", g)
		}
	})
	t.Run("/conf/features/json-merge-patch", func(t *testing.T) {
		w := newSite(t)
		e := edited{w, incidentItems, func() map[string]any { return reported(func(_, _ map[string]any) {}) }, "title"}
		at := e.enter(t)
		patch := map[string]any{"geometry": map[string]any{"type": "Point", "coordinates": []float64{20.5, 58.5}},
			"properties": map[string]any{"title": "Another", "sub_area": "off Gotland", "closest_approach_m": nil}}
		if a := e.send(t, http.MethodPatch, at, patch); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
		is := e.at(t, at).doc
		p := is["properties"].(map[string]any)
		if p["title"] != "Another" || p["sub_area"] != "off Gotland" || p["closest_approach_m"] != nil || shapeOf(is["geometry"]).Bound().Min != [2]float64{20.5, 58.5} || p["severity"] != "serious" {
			t.Errorf("%v at %v", p, is["geometry"])
		}
		if a := e.send(t, http.MethodPatch, at, map[string]any{"geometry": nil}); a.status != http.StatusOK || e.at(t, at).doc["geometry"] != nil {
			t.Errorf("without a geometry: %d %s", a.status, a.body)
		}
	})
}
