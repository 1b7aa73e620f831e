package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
)

// schemaOf gives a schema of a collection, and its properties.
func (s *suite) schemaOf(t testing.TB, id, kind string) (doc map[string]any, props map[string]map[string]any) {
	t.Helper()
	doc = s.found(t, "/ogc/collections/"+id+"/"+kind, jsonSchema)
	props = map[string]map[string]any{}
	for name, p := range doc["properties"].(map[string]any) {
		props[name] = p.(map[string]any)
	}
	return doc, props
}

// schemas runs a test for every schema of part 5.
func (s *suite) schemas(t *testing.T, fn func(t *testing.T, at string, doc map[string]any, props map[string]map[string]any)) {
	t.Helper()
	s.each(t, func(t *testing.T, id string, _ map[string]any) {
		for _, kind := range []string{"schema", "queryables", "sortables"} {
			doc, props := s.schemaOf(t, id, kind)
			if len(props) == 0 {
				t.Errorf("%s has no properties", kind)
			}
			fn(t, s.URL+"/ogc/collections/"+id+"/"+kind, doc, props)
		}
	})
}

// keywords are those of JSON Schema that are used.
var keywords = []string{"title", "description", "type", "format", "enum", "items", "readOnly", "writeOnly"}

// schemasConform is class schemas of part 5 (23-058r1, annex A).
func schemasConform(t *testing.T, s *suite) {
	t.Run("/conf/schemas/basic-schema-inspection", func(t *testing.T) {
		s.schemas(t, func(t *testing.T, at string, doc map[string]any, props map[string]map[string]any) {
			if doc["$schema"] != "https://json-schema.org/draft/2020-12/schema" || doc["$id"] != at || doc["type"] != "object" || doc["additionalProperties"] != false {
				t.Errorf("%v %v %v %v", doc["$schema"], doc["$id"], doc["type"], doc["additionalProperties"])
			}
			for name, p := range props {
				format := text1(p["format"])
				if spatial := strings.HasPrefix(format, "geometry-"); spatial == (p["type"] != nil) || p["$ref"] != nil {
					t.Errorf("%s is %v, %s", name, p["type"], format)
				}
				for word := range p {
					if !slices.Contains(keywords, word) && !strings.HasPrefix(word, "x-ogc-") {
						t.Errorf("%s has the keyword %s", name, word)
					}
				}
				if strings.HasSuffix(name, "_at") || strings.HasSuffix(name, "_from") || strings.HasSuffix(name, "_to") {
					if p["type"] != "string" || format != "date-time" {
						t.Errorf("%s is %v, %s", name, p["type"], format)
					}
				}
			}
		})
	})
	t.Run("/conf/schemas/role", func(t *testing.T) {
		s.schemas(t, func(t *testing.T, _ string, _ map[string]any, props map[string]map[string]any) {
			for name, p := range props {
				if role, there := p["x-ogc-role"]; there && text1(role) == "" {
					t.Errorf("the role of %s is %v", name, role)
				}
			}
		})
	})
	t.Run("/conf/schemas/role-id", func(t *testing.T) {
		s.schemas(t, func(t *testing.T, at string, _ map[string]any, props map[string]map[string]any) {
			ids := withRole(props, "id")
			if len(ids) > 1 || len(ids) == 0 && !strings.HasSuffix(at, "/sortables") {
				t.Errorf("%v", ids)
			}
			for _, name := range ids {
				if props[name]["type"] != "string" {
					t.Errorf("it is %v", props[name]["type"])
				}
			}
		})
	})
	t.Run("/conf/schemas/property-seq", func(t *testing.T) {
		s.schemas(t, func(t *testing.T, _ string, _ map[string]any, props map[string]map[string]any) {
			seen := map[float64]string{}
			for name, p := range props {
				n, ok := p["x-ogc-propertySeq"].(float64)
				if !ok && p["x-ogc-propertySeq"] != nil || n != float64(int(n)) || ok && seen[n] != "" {
					t.Errorf("%s is at %v, and so is %q", name, p["x-ogc-propertySeq"], seen[n])
				}
				seen[n] = name
			}
		})
	})
	t.Run("/conf/schemas/unit", func(t *testing.T) {
		some := 0
		s.schemas(t, func(t *testing.T, _ string, _ map[string]any, props map[string]map[string]any) {
			for name, p := range props {
				unit, there := p["x-ogc-unit"]
				if !there {
					continue
				}
				some++
				if !slices.Contains([]string{"m", "km", "km2", "s", "[nmi_i]"}, text1(unit)) || p["type"] != "number" && p["type"] != "integer" {
					t.Errorf("the unit of %s, %v, is %v", name, p["type"], unit)
				}
			}
		})
		if some < 50 {
			t.Errorf("only %d units", some)
		}
	})
}

func withRole(props map[string]map[string]any, role string) (names []string) {
	for name, p := range props {
		if p["x-ogc-role"] == role {
			names = append(names, name)
		}
	}
	return names
}

// rolesConform is class core-roles-features, now advanced-property-roles.
func rolesConform(t *testing.T, s *suite) {
	t.Run("/conf/advanced-property-roles/role-primary-geometry", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			_, props := s.schemaOf(t, id, "schema")
			names := withRole(props, "primary-geometry")
			if len(names) != min(1, len(systemsOf(col))) {
				t.Errorf("%v", names)
			}
			for _, name := range names {
				want := map[any]string{nil: "geometry-any", 0.0: "geometry-point-or-multipoint", 1.0: "geometry-linestring-or-multilinestring", 2.0: "geometry-polygon-or-multipolygon"}[col["geometryDimension"]]
				if props[name]["format"] != want {
					t.Errorf("%v, want %s", props[name]["format"], want)
				}
			}
		})
	})
	t.Run("/conf/advanced-property-roles/role-primary-temporal", func(t *testing.T) {
		s.schemas(t, func(t *testing.T, at string, _ map[string]any, props map[string]map[string]any) {
			first, last, instant := withRole(props, "primary-interval-start"), withRole(props, "primary-interval-end"), withRole(props, "primary-instant")
			if len(first) > 1 || len(last) > 1 || len(instant) > 0 {
				t.Errorf("%v %v %v", first, last, instant)
			}
			for _, name := range slices.Concat(first, last) {
				if props[name]["format"] != "date-time" {
					t.Errorf("%s is %v", name, props[name]["format"])
				}
			}
			if timed := props["start_from"] != nil; timed != (len(first) == 1) {
				t.Errorf("%s begins with %v", at, first)
			}
		})
	})
	t.Run("/conf/advanced-property-roles/role-type", func(t *testing.T) {
		s.schemas(t, func(t *testing.T, _ string, _ map[string]any, props map[string]map[string]any) {
			if names := withRole(props, "type"); len(names) > 0 {
				t.Errorf("%v", names)
			}
		})
	})
}

// linked is the abstract tests link and op-and-response of a schema.
func (s *suite) linked(t *testing.T, kind string) {
	s.each(t, func(t *testing.T, id string, col map[string]any) {
		for _, doc := range []map[string]any{col, s.found(t, "/ogc/collections/"+id, "application/json")} {
			if href := linkTo(t, doc, ogcRelation+kind, jsonSchema); href != s.URL+"/ogc/collections/"+id+"/"+kind {
				t.Errorf("it is at %s", href)
			}
		}
		a := s.get(t, "/ogc/collections/"+id+"/"+kind, jsonSchema)
		if a.status != http.StatusOK || a.header.Get("Content-Type") != jsonSchema {
			t.Errorf("%d %s", a.status, a.header.Get("Content-Type"))
		}
	})
}

func schemaQueryables(t *testing.T, s *suite) {
	t.Run("/conf/queryables/link", func(t *testing.T) { s.linked(t, "queryables") })
	t.Run("/conf/queryables/op-and-response", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			_, props := s.schemaOf(t, id, "queryables")
			if id != "incidents" && strings.HasPrefix(id, "incident") {
				props = nil // the same ones
			}
			for name := range props {
				s.found(t, queried(itemsOf(t, col), "filter", name+" IS NULL", "limit", "1", "properties", "id"), geoJSON)
			}
			s.refused(t, queried(itemsOf(t, col), "filter", "this_is_not_a_queryable IS NULL"))
		})
	})
}

func schemaSortables(t *testing.T, s *suite) {
	t.Run("/conf/sortables/link", func(t *testing.T) { s.linked(t, "sortables") })
	t.Run("/conf/sortables/op-and-response", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			_, props := s.schemaOf(t, id, "sortables")
			for name, p := range props {
				if kind := text1(p["type"]); kind == "" || kind == "array" || kind == "object" {
					t.Errorf("%s is %q", name, kind)
				}
				for _, by := range []string{name, "-" + name} {
					if got := s.found(t, queried(itemsOf(t, col), "sortby", by, "properties", "id"), geoJSON); len(itemsIn(got)) != len(s.all(t, id)) {
						t.Errorf("%s gives %d features", by, len(itemsIn(got)))
					}
				}
			}
			s.refused(t, queried(itemsOf(t, col), "sortby", "this_is_not_a_sortable"))
		})
	})
}

// returnablesConform is class returnables-and-receivables.
func returnablesConform(t *testing.T, s *suite) {
	t.Run("/conf/returnables-and-receivables/link", func(t *testing.T) { s.linked(t, "schema") })
	t.Run("/conf/returnables-and-receivables/response-1", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, _ map[string]any) {
			_, props := s.schemaOf(t, id, "schema")
			for _, f := range s.all(t, id) {
				for name, v := range f.props {
					if p := props[name]; p == nil || p["writeOnly"] == true || v != nil && !fits(p, v) {
						t.Errorf("%s of %s is %v, and the schema says %v", name, f.id, v, p)
					}
				}
				for name, p := range props {
					if _, there := f.props[name]; !there && p["writeOnly"] == nil && !strings.HasPrefix(text1(p["format"]), "geometry-") {
						t.Errorf("%s has no %s", f.id, name)
					}
				}
			}
		})
	})
	t.Run("/conf/returnables-and-receivables/response-2", s.takesWhatItSays)
}

// fits reports whether a value is one of a schema.
func fits(schema map[string]any, v any) bool {
	if list, ok := schema["enum"].([]any); ok && !slices.Contains(list, v) {
		return false
	}
	switch schema["type"] {
	case "string":
		s, ok := v.(string)
		return ok && (schema["format"] != "date-time" || isStamp(s))
	case "boolean":
		_, ok := v.(bool)
		return ok
	case "number":
		_, ok := v.(float64)
		return ok
	case "integer":
		x, ok := v.(float64)
		return ok && x == float64(int64(x))
	}
	list, ok := v.([]any)
	return ok && !slices.ContainsFunc(list, func(one any) bool { return !fits(schema["items"].(map[string]any), one) })
}

func isStamp(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// takesWhatItSays changes each property by itself: one that is for reading only
// stays as it was, and one that is not takes the new value or says by which rule
// it cannot.
func (s *suite) takesWhatItSays(t *testing.T) {
	w := &suite{site: newSite(t), kept: map[string][]item{}}
	for _, id := range []string{"incidents", "contacts"} {
		_, props := s.schemaOf(t, id, "schema")
		at := "/ogc/collections/" + id + "/items"
		list := w.features(t, at)
		one := at + "/" + list[0]["id"].(string)
		taken := 0
		for name, p := range props {
			if strings.HasPrefix(text1(p["format"]), "geometry-") || p["writeOnly"] == true {
				continue
			}
			before := w.ask(t, access.Analyst, http.MethodGet, one, "").doc
			was := before["properties"].(map[string]any)[name]
			other := differing(list, name, was)
			a := w.write(t, http.MethodPatch, one, map[string]any{"type": "Feature", "properties": map[string]any{name: other, "reason": "a test"}}, "Content-Type", "application/merge-patch+json")
			is := w.ask(t, access.Analyst, http.MethodGet, one, "").doc["properties"].(map[string]any)[name]
			switch {
			case name == "id":
				if a.status != http.StatusUnprocessableEntity {
					t.Errorf("another id: %d %s", a.status, a.body)
				}
			case p["readOnly"] == true:
				if a.status != http.StatusOK || !reflect.DeepEqual(is, was) && !slices.Contains([]string{"revision", "recorded_at"}, name) {
					t.Errorf("%s is for reading only: %d, was %v, is %v", name, a.status, was, is)
				}
			case a.status == http.StatusUnprocessableEntity:
				if pointersOf(a) == "" {
					t.Errorf("%s = %v: %s", name, other, a.body)
				}
			case a.status != http.StatusOK:
				t.Errorf("%s = %v: %d %s", name, other, a.status, a.body)
			case !reflect.DeepEqual(is, was):
				taken++
			}
			before["properties"].(map[string]any)["reason"] = "a test"
			delete(before, "links")
			if a := w.write(t, http.MethodPut, one, before); a.status != http.StatusOK {
				t.Fatalf("%s as it was: %d %s", name, a.status, a.body)
			}
		}
		if taken < 8 {
			t.Errorf("only %d properties of %s could be changed", taken, id)
		}
		wrong := map[string]any{"type": "Feature", "properties": map[string]any{"this_is_no_property": 1}}
		if a := w.write(t, http.MethodPost, at, wrong); a.status != http.StatusUnprocessableEntity || pointersOf(a) != "/properties/this_is_no_property" {
			t.Errorf("a property that there is not: %d %s", a.status, a.body)
		}
	}
}

// differing is a value that a property has in another feature; a text if there
// is none.
func differing(list []map[string]any, name string, was any) any {
	for _, f := range list {
		if v := f["properties"].(map[string]any)[name]; v != nil && !reflect.DeepEqual(v, was) {
			return v
		}
	}
	switch was := was.(type) {
	case bool:
		return !was
	case float64:
		return was + 1
	case []any:
		return []string{"NO"}
	}
	return nil
}

// queryablesConform is class queryables of part 3 (19-079r2).
func queryablesConform(t *testing.T, s *suite) {
	t.Run("/conf/queryables/get-conformance", func(t *testing.T) { s.declares(t, "ogcapi-features-3/1.0/conf/queryables") })
	t.Run("/conf/queryables/get-collection", func(t *testing.T) { s.linked(t, "queryables") })
	t.Run("/conf/queryables/get-queryables", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, _ map[string]any) {
			s.valid(t, access.Analyst, "/collections/"+id+"/queryables", nil, "", jsonSchema)
			doc, props := s.schemaOf(t, id, "queryables")
			if doc["$id"] != s.URL+"/ogc/collections/"+id+"/queryables" || doc["additionalProperties"] != false || len(props) == 0 {
				t.Errorf("%v %v, %d properties", doc["$id"], doc["additionalProperties"], len(props))
			}
		})
	})
}

// propertyParametersConform is class queryables-query-parameters: each queryable
// with a simple value is a parameter of the same schema.
func propertyParametersConform(t *testing.T, s *suite) {
	t.Run("/conf/queryables-query-parameters/parameters", func(t *testing.T) {
		some, hits := 0, 0
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			_, props := s.schemaOf(t, id, "queryables")
			whole := s.walk(t, itemsOf(t, col)+"?limit=1000")
			for name, p := range props {
				if p["type"] == nil || p["type"] == "array" {
					continue
				}
				some++
				schema := s.parameter(t, "/collections/"+id+"/items", name).Schema.Value
				if len(schema.AnyOf) > 0 {
					schema = schema.AnyOf[0].Value // what the queryable is, beside the words of the log's pages
				}
				codes, _ := p["enum"].([]any)
				if !schema.Type.Is(text1(p["type"])) || schema.Format != text1(p["format"]) || len(codes) > 0 && !reflect.DeepEqual(schema.Enum, codes) {
					t.Errorf("%s is %v, %s; as a parameter %v, %s", name, p["type"], p["format"], schema.Type, schema.Format)
				}
				if id != "incidents" && strings.HasPrefix(id, "incident") {
					continue // the same properties
				}
				value, known := any(nil), false
				for _, f := range whole {
					if v := f.props[name]; v != nil && (!known || fmt.Sprint(v) > fmt.Sprint(value)) {
						value, known = v, true
					}
				}
				if !known {
					continue
				}
				text := strings.Trim(string(mustMarshal(t, value)), `"`)
				if v, ok := value.(string); ok {
					text = v
				}
				if strings.Contains(text, ",") {
					continue // region and its like take several with commas between
				}
				want := idsOf(whole, func(f item) bool { return reflect.DeepEqual(f.props[name], value) })
				got := idsOf(s.walk(t, itemsOf(t, col)+"?"+url.Values{name: {text}, "properties": {"id"}, "skipGeometry": {"true"}}.Encode()), nil)
				hits += len(got)
				sameIDs(t, id+" with "+name+"="+text, got, want)
			}
		})
		if some < 300 || hits < 2000 {
			t.Errorf("%d parameters, %d features found", some, hits)
		}
	})
}
