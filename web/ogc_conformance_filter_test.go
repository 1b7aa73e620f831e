package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/geo/crs"
)

// filterConforms is class filter of part 3 (19-079r2, annex A).
func filterConforms(t *testing.T, s *suite) {
	t.Run("/conf/filter/get-conformance", func(t *testing.T) {
		s.declares(t, "ogcapi-features-3/1.0/conf/filter", "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/cql2-json")
	})
	t.Run("/conf/filter/get-collections", func(t *testing.T) {
		if len(s.collections) == 0 {
			t.Error("there are none")
		}
	})
	t.Run("/conf/filter/filter-param", func(t *testing.T) {
		s.eachFilter(t, func(t *testing.T, id, href, queryable string) {
			p := s.parameter(t, "/collections/"+id+"/items", "filter-lang").Schema.Value
			if p.Default != "cql2-text" || !slices.Contains(p.Enum, any("cql2-text")) || !slices.Contains(p.Enum, any("cql2-json")) {
				t.Errorf("filter-lang is one of %v, %v if nothing is said", p.Enum, p.Default)
			}
			s.nulls(t, id, queried(href, "filter-lang", "cql2-text", "filter", queryable+" IS NULL"), queryable)
			s.refused(t, queried(href, "filter-lang", "cql2-text", "filter", "THIS IS NOT A FILTER"))
			s.refused(t, queried(href, "filter-lang", "cql2-json", "filter", "THIS IS NOT A FILTER"))
			s.refused(t, queried(href, "filter-lang", "sql", "filter", queryable+" IS NULL"))
		})
	})
	t.Run("/conf/filter/filter-lang-default", func(t *testing.T) {
		s.eachFilter(t, func(t *testing.T, id, href, queryable string) {
			s.nulls(t, id, queried(href, "filter", queryable+" IS NULL"), queryable)
			s.refused(t, queried(href, "filter", "THIS IS NOT A FILTER"))
		})
	})
	t.Run("/conf/filter/expression-construction", func(t *testing.T) {
		s.eachFilter(t, func(t *testing.T, _, href, _ string) {
			s.refused(t, queried(href, "filter-lang", "cql2-text", "filter", "this_is_not_a_queryable IS NULL"))
		})
	})
	t.Run("/conf/filter/filter-crs-wgs84", func(t *testing.T) {
		s.eachPlaced(t, func(t *testing.T, id, href string, extent orb.Bound) {
			box := fmt.Sprintf("S_INTERSECTS(geometry,BBOX(%v,%v,%v,%v))", extent.Min[0], extent.Min[1], extent.Max[0], extent.Max[1])
			sameIDs(t, box, idsOf(s.walk(t, queried(href, "filter-lang", "cql2-text", "filter", box)), nil), idsOf(s.all(t, id), func(f item) bool { return f.shape != nil }))
			for _, far := range []string{"BBOX(1000000,1000000,2000000,2000000)", "POINT(90 180)", "POINT(-180.5 10)", "LINESTRING(7 50,10 91)"} {
				s.refused(t, queried(href, "filter-lang", "cql2-text", "filter", "S_INTERSECTS(geometry,"+far+")"))
			}
			s.refused(t, queried(href, "filter-lang", "cql2-json", "filter", `{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[90,180]}]}`))
		})
	})
	// A box in another system is one of that system: around each feature there is
	// one that finds it.
	t.Run("/conf/filter/filter-crs-param", func(t *testing.T) {
		s.eachPlaced(t, func(t *testing.T, id, href string, _ orb.Bound) {
			list := s.all(t, id)
			i := slices.IndexFunc(list, func(f item) bool { return f.shape != nil })
			at := list[i].shape.Bound().Center()
			for _, sys := range crs.All() {
				margin := 1000.0
				if sys.Degrees {
					margin = 0.01
				}
				b := sys.Project(list[i].shape).Bound().Pad(margin)
				if sys.YFirst {
					b = sys.Swap(b.ToPolygon()).Bound()
				}
				box := fmt.Sprintf("S_INTERSECTS(geometry,BBOX(%v,%v,%v,%v))", b.Min[0], b.Min[1], b.Max[0], b.Max[1])
				if got := idsOf(s.walk(t, queried(href, "filter-lang", "cql2-text", "filter-crs", sys.URI, "filter", box)), nil); !slices.Contains(got, list[i].id) {
					t.Errorf("%s in %s does not find %s at %v", box, sys.URI, list[i].id, at)
				}
			}
			s.refused(t, queried(href, "filter-lang", "cql2-text", "filter-crs", "http://www.opengis.net/def/crs/OGC/0/does_not_exist", "filter", "S_INTERSECTS(geometry,BBOX(1,2,3,4))"))
		})
	})
	t.Run("/conf/filter/mixing-expression", func(t *testing.T) {
		s.eachPlaced(t, func(t *testing.T, id, href string, extent orb.Bound) {
			text := bboxText(extent.Min[0], extent.Min[1], extent.Max[0], extent.Max[1])
			filter := "S_INTERSECTS(geometry,BBOX(" + text + "))"
			both := s.walk(t, queried(href, "filter-lang", "cql2-text", "filter", filter, "bbox", text))
			sameIDs(t, "both", idsOf(both, nil), idsOf(s.all(t, id), func(f item) bool { return f.shape != nil }))
			if far := s.walk(t, queried(href, "filter-lang", "cql2-text", "filter", filter, "bbox", "-120,-60,-110,-50")); len(far) > 0 {
				t.Errorf("%d features", len(far))
			}
		})
	})
	t.Run("/conf/filter/get-functions", func(t *testing.T) {
		s.found(t, linkTo(t, s.found(t, "/ogc", "application/json"), ogcRelation+"functions", ""), "application/json")
		s.valid(t, access.Analyst, "/functions", nil, "", "application/json")
	})
}

// featuresFilterConforms is class features-filter: the same at the features of
// every collection, and each with its queryables.
func featuresFilterConforms(t *testing.T, s *suite) {
	t.Run("/conf/features-filter/get-conformance", func(t *testing.T) { s.declares(t, "ogcapi-features-3/1.0/conf/features-filter") })
	t.Run("/conf/features-filter/filter-on-items", func(t *testing.T) {
		s.eachFilter(t, func(t *testing.T, id, href, _ string) {
			for _, name := range []string{"filter", "filter-lang", "filter-crs"} {
				if p := s.parameter(t, "/collections/"+id+"/items", name); !p.Schema.Value.Type.Is("string") || p.Style != "form" {
					t.Errorf("%s is %+v", name, p)
				}
			}
			if id != "incidents" && strings.HasPrefix(id, "incident") {
				return // the same properties
			}
			_, props := s.schemaOf(t, id, "queryables")
			for name := range props {
				s.nulls(t, id, queried(href, "filter", `"`+name+`" IS NULL`), name)
			}
		})
	})
}

// eachFilter gives each collection with the address of its features, and a
// queryable.
func (s *suite) eachFilter(t *testing.T, fn func(t *testing.T, id, href, queryable string)) {
	t.Helper()
	s.each(t, func(t *testing.T, id string, col map[string]any) {
		_, props := s.schemaOf(t, id, "queryables")
		name := "source_id"
		if props[name] == nil {
			name = "name"
		}
		fn(t, id, itemsOf(t, col), name)
	})
}

// eachPlaced gives each collection with an extent in space.
func (s *suite) eachPlaced(t *testing.T, fn func(t *testing.T, id, href string, extent orb.Bound)) {
	t.Helper()
	some := 0
	s.each(t, func(t *testing.T, id string, col map[string]any) {
		if extent, _, _, placed, _ := extentOf(t, col); placed {
			some++
			fn(t, id, itemsOf(t, col), extent)
		}
	})
	if some < 6 {
		t.Errorf("only %d collections have an extent", some)
	}
}

// nulls checks that an answer holds the features without a value.
func (s *suite) nulls(t testing.TB, id, href, queryable string) {
	t.Helper()
	href += "&properties=id&skipGeometry=true"
	switch queryable {
	case "exercise", "report", "retracted": // a filter that names them finds them all, and they are never null
		if n := len(s.walk(t, href)); n > 0 {
			t.Errorf("%s: %d features", href, n)
		}
		return
	}
	sameIDs(t, href, idsOf(s.walk(t, href), nil), idsOf(s.all(t, id), func(f item) bool {
		if queryable == "geometry" {
			return f.shape == nil
		}
		return f.props[queryable] == nil
	}))
}

// predicate is a filter in both languages, and what it says of a feature.
type predicate struct {
	text string
	json any
	of   func(item) truth
}

// languages are those in which predicates are asked; a class that is about one
// of them asks in that.
var languages = []string{"cql2-text", "cql2-json"}

// whole gives every feature that a filter can find: exercises and drafts, too.
func (s *suite) whole(t testing.TB, id string) []item {
	t.Helper()
	key := "whole " + id
	if s.kept[key] == nil {
		s.kept[key] = s.walk(t, s.URL+"/ogc/collections/"+id+"/items?"+s.wide(id).Encode())
	}
	return s.kept[key]
}

// wide are the parameters that leave nothing out.
func (s *suite) wide(id string) url.Values {
	v := url.Values{"limit": {"10000"}}
	params := s.spec.Paths.Value("/collections/" + id + "/items").Get.Parameters
	if params.GetByInAndName("query", "exercise") != nil {
		v.Set("exercise", "include")
	}
	if params.GetByInAndName("query", "report") != nil {
		v.Set("report", "draft,submitted,verified,closed,retracted")
	}
	return v
}

// filtered gives the ids that a filter finds.
func (s *suite) filtered(t testing.TB, id, lang, filter string) []string {
	t.Helper()
	v := s.wide(id)
	v.Set("filter-lang", lang)
	v.Set("filter", filter)
	v.Set("properties", "id")
	v.Set("skipGeometry", "true")
	return idsOf(s.walk(t, s.URL+"/ogc/collections/"+id+"/items?"+v.Encode()), nil)
}

// decides asks a predicate in each language, and compares what is found with
// what it says of every feature. It gives how many were found.
func (s *suite) decides(t testing.TB, id string, p predicate, langs ...string) int {
	t.Helper()
	want := idsOf(s.whole(t, id), func(f item) bool { return p.of(f) == yes })
	for _, lang := range langs {
		filter := p.text
		if lang == "cql2-json" {
			filter = string(mustMarshal(t, p.json))
		}
		sameIDs(t, id+": "+filter, s.filtered(t, id, lang, filter), want)
	}
	return len(want)
}

// table is the abstract test test-data: every predicate decides, and some of them
// tell features apart.
func (s *suite) table(t *testing.T, id string, list []predicate, langs ...string) {
	t.Helper()
	some := 0
	for _, p := range list {
		if n := s.decides(t, id, p, langs...); n > 0 && n < len(s.whole(t, id)) {
			some++
		}
	}
	if 3*some < len(list) {
		t.Errorf("only %d of %d predicates tell features apart", some, len(list))
	}
}

// logical is the abstract test logical: predicates joined by AND, OR and NOT.
func (s *suite) logical(t *testing.T, id string, list []predicate, langs ...string) {
	t.Helper()
	for i := range 12 {
		p := func(n int) predicate {
			one := list[(i*(n+2)+n*n)%len(list)]
			return predicate{"(" + one.text + ")", one.json, one.of}
		}
		p1, p2, p3, p4 := p(1), p(2), p(3), p(4)
		s.decides(t, id, predicate{
			"((NOT " + p1.text + " AND " + p2.text + ") OR (" + p3.text + " and NOT " + p4.text + ") or not (" + p1.text + " AND " + p4.text + "))",
			op("or", op("and", op("not", p1.json), p2.json), op("and", p3.json, op("not", p4.json)), op("not", op("and", p1.json, p4.json))),
			func(f item) truth {
				return max(min(yes-p1.of(f), p2.of(f)), min(p3.of(f), yes-p4.of(f)), yes-min(p1.of(f), p4.of(f)))
			},
		}, langs...)
	}
}

// of makes a test of a property; null where there is none.
func of[T any](name string, says func(T) bool) func(item) truth {
	return func(f item) truth {
		v, ok := f.props[name].(T)
		if !ok {
			return null
		}
		return known(says(v))
	}
}

// placedAt makes a test of the geometry; null where there is none.
func placedAt(says func(orb.Geometry) bool) func(item) truth {
	return func(f item) truth {
		if f.shape == nil {
			return null
		}
		return known(says(f.shape))
	}
}

// both joins predicates with and.
func both(a, b func(item) truth) func(item) truth {
	return func(f item) truth { return min(a(f), b(f)) }
}

// signs are the operators of comparison.
var signs = []string{"=", "<>", "<", "<=", ">", ">="}

// compared makes a predicate of a property and a value for each operator.
func compared(name string, text string, json any, order func(item) (int, bool)) (list []predicate) {
	for _, sign := range signs {
		list = append(list, predicate{name + " " + sign + " " + text, op(sign, property(name), json), func(f item) truth {
			n, ok := order(f)
			if !ok {
				return null
			}
			return known(ordered(sign, n))
		}})
	}
	return list
}

// orderOf compares the value of a property with one of the same type.
func orderOf(name string, with any) func(item) (int, bool) {
	return func(f item) (int, bool) {
		switch v := f.props[name].(type) {
		case string:
			return strings.Compare(v, with.(string)), true
		case float64:
			return order(v, with.(float64)), true
		case bool:
			return order(bitOf(v), bitOf(with.(bool))), true
		}
		return 0, false
	}
}

func bitOf(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// momentOf compares an instant with one in milliseconds.
func momentOf(name string, with int64) func(item) (int, bool) {
	return func(f item) (int, bool) {
		at, ok := millisOf(f.props[name])
		return order(at, with), ok
	}
}

// sample is a value in the middle of those that a property has.
func sample(list []item, name string) any {
	var values []any
	for _, f := range list {
		if v := f.props[name]; v != nil {
			values = append(values, v)
		}
	}
	slices.SortFunc(values, func(a, b any) int {
		n, _ := orderOf(name, b)(item{props: map[string]any{name: a}})
		return n
	})
	if len(values) == 0 {
		return nil
	}
	return values[len(values)/2]
}

// fails asks for a filter that is not accepted, in text.
func (s *suite) fails(t testing.TB, id, filter string) {
	t.Helper()
	a := s.get(t, queried("/ogc/collections/"+id+"/items", "filter", filter), geoJSON)
	if a.status != http.StatusBadRequest || a.doc["parameter"] != "filter" {
		t.Errorf("%s: %d %s", filter, a.status, a.body)
	}
}
