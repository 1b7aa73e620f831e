package web_test

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/web/ogc"
)

// commonCore is class core of OGC API – Common part 1 (19-072).
func commonCore(t *testing.T, s *suite) {
	t.Run("/conf/core/http", s.speaksHTTP)
	t.Run("/conf/core/query-param-name-unknown", func(t *testing.T) {
		for path, item := range s.spec.Paths.Map() {
			if item.Get != nil && !strings.Contains(path, "{") {
				s.refused(t, "/ogc"+strings.TrimSuffix(path, "/")+"?unknownQueryParameter12345=1")
			}
		}
	})
	t.Run("/conf/core/query-param-value-invalid", func(t *testing.T) {
		for _, path := range []string{"", "/conformance", "/api", "/collections"} {
			s.refused(t, "/ogc"+path+"?f=unlimited")
		}
	})
}

func (s *suite) speaksHTTP(t *testing.T) {
	resp, err := s.as(t, access.Analyst).Get(s.URL + "/ogc/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.ProtoMajor != 1 || resp.ProtoMinor != 1 {
		t.Errorf("it speaks %s", resp.Proto)
	}
}

// commonLandingPage is class landing-page of Common.
func commonLandingPage(t *testing.T, s *suite) {
	t.Run("/conf/landing-page/root-op", s.rootOp)
	t.Run("/conf/landing-page/root-success", func(t *testing.T) {
		doc := s.found(t, "/ogc/", anyTypeFirst)
		linkTo(t, doc, "service-desc", typeOpenAPI)
		linkTo(t, doc, ogcRelation+"conformance", "application/json")
	})
	t.Run("/conf/landing-page/api-definition-op", s.definitionOp)
	t.Run("/conf/landing-page/conformance-op", func(t *testing.T) {
		doc := s.found(t, "/ogc/", anyTypeFirst)
		if list := s.found(t, linkTo(t, doc, ogcRelation+"conformance", ""), "application/json")["conformsTo"].([]any); len(list) < 5 {
			t.Errorf("%v", list)
		}
	})
}

// commonJSON is class json of Common.
func commonJSON(t *testing.T, s *suite) {
	t.Run("/conf/json/definition", func(t *testing.T) {
		for path, item := range s.spec.Paths.Map() {
			kinds := slices.Sorted(maps.Keys(item.Get.Responses.Value("200").Value.Content))
			if !slices.ContainsFunc(kinds, func(k string) bool { return strings.Contains(k, "json") }) {
				t.Errorf("%s has no JSON: %v", path, kinds)
			}
		}
	})
	t.Run("/conf/json/content", func(t *testing.T) {
		for _, path := range []string{"/", "/conformance", "/collections", "/functions"} {
			s.valid(t, access.Analyst, path, nil, "", "application/json")
		}
	})
}

// featuresCore is class core of part 1 (17-069r4, annex A.2).
func featuresCore(t *testing.T, s *suite) {
	t.Run("/conf/core/http", s.speaksHTTP)
	t.Run("/conf/core/root-op", s.rootOp)
	t.Run("/conf/core/root-success", func(t *testing.T) {
		doc := s.valid(t, access.Analyst, "/", nil, "", anyTypeFirst).doc
		for _, rel := range []string{"service-desc", "service-doc", "conformance", "data"} {
			linkTo(t, doc, rel, "")
		}
		s.selfAndAlternate(t, doc, "application/json")
	})
	t.Run("/conf/core/api-definition-op", s.definitionOp)
	t.Run("/conf/core/api-definition-success", s.definitionIsValid)
	t.Run("/conf/core/conformance-op", func(t *testing.T) {
		root := s.found(t, "/ogc/", anyTypeFirst)
		for _, href := range []string{linkTo(t, root, "conformance", ""), "/ogc/conformance"} {
			s.found(t, href, anyTypeFirst)
		}
	})
	t.Run("/conf/core/conformance-success", func(t *testing.T) {
		s.valid(t, access.Analyst, "/conformance", nil, "", "application/json")
		s.declares(t, "ogcapi-features-1/1.0/conf/core", "ogcapi-features-1/1.0/conf/geojson", "ogcapi-features-1/1.0/conf/html", "ogcapi-features-1/1.0/conf/oas30")
	})
	collectionsConform(t, s)
	t.Run("/conf/core/crs84", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, _ map[string]any) {
			for _, f := range s.all(t, id) {
				if f.shape == nil {
					continue
				}
				if b := f.shape.Bound(); b.Min[0] < -180 || b.Max[0] > 180 || b.Min[1] < -90 || b.Max[1] > 90 {
					t.Errorf("%s lies at %v", f.id, b)
				}
			}
		})
	})
	t.Run("/conf/core/fc-op", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			s.found(t, itemsOf(t, col), geoJSON)
		})
	})
	parametersConform(t, s)
	pagingConforms(t, s)
	oneFeatureConforms(t, s)
}

func (s *suite) rootOp(t *testing.T) {
	for _, path := range []string{"/ogc/", "/ogc"} {
		s.found(t, path, anyTypeFirst)
	}
}

// A client that takes the address of a link without its parameters, as some do,
// gets the definition by what it accepts.
func (s *suite) definitionOp(t *testing.T) {
	root := s.found(t, "/ogc/", anyTypeFirst)
	desc := linkTo(t, root, "service-desc", typeOpenAPI)
	bare, _, _ := strings.Cut(desc, "?")
	for _, href := range []string{desc, bare} {
		if a := s.get(t, href, typeOpenAPI); a.status != http.StatusOK || a.header.Get("Content-Type") != typeOpenAPI {
			t.Errorf("%s: %d %s", href, a.status, a.header.Get("Content-Type"))
		}
	}
	s.found(t, linkTo(t, root, "service-doc", "text/html"), "text/html")
}

func (s *suite) definitionIsValid(t *testing.T) {
	if err := s.spec.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	if s.spec.OpenAPI[:4] != "3.0." || len(s.spec.Servers) != 1 || s.spec.Servers[0].URL != s.URL+"/ogc" {
		t.Errorf("%s at %v", s.spec.OpenAPI, s.spec.Servers)
	}
}

func collectionsConform(t *testing.T, s *suite) {
	t.Run("/conf/core/fc-md-op", func(t *testing.T) { s.found(t, "/ogc/collections", anyTypeFirst) })
	t.Run("/conf/core/fc-md-success", func(t *testing.T) {
		doc := s.valid(t, access.Analyst, "/collections", nil, "", "application/json").doc
		if list := doc["crs"].([]any); list[0] != crs84 {
			t.Errorf("the first system is %v", list[0])
		}
	})
	t.Run("/conf/core/fc-md-links", func(t *testing.T) {
		s.selfAndAlternate(t, s.found(t, "/ogc/collections", "application/json"), "application/json")
	})
	t.Run("/conf/core/fc-md-items", func(t *testing.T) {
		if len(s.collections) != 8 {
			t.Errorf("%d collections", len(s.collections))
		}
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			if id == "" || col["itemType"] != "feature" {
				t.Errorf("%v", col)
			}
		})
	})
	t.Run("/conf/core/fc-md-items-links", func(t *testing.T) {
		s.each(t, func(t *testing.T, _ string, col map[string]any) {
			for _, kind := range []string{geoJSON, "text/html"} {
				s.found(t, linkTo(t, col, "items", kind), kind)
			}
		})
	})
	t.Run("/conf/core/fc-md-extent", func(t *testing.T) {
		some := 0
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			box, from, to, placed, timed := extentOf(t, col)
			if placed && timed {
				some++
			}
			for _, f := range s.all(t, id) {
				if f.shape != nil && (!placed || box.Union(f.shape.Bound()) != box) {
					t.Errorf("%s lies at %v, outside %v", f.id, f.shape.Bound(), box)
				}
				if first, last, ok := timeOf(f); ok && (!timed || first < from || last > to) {
					t.Errorf("%s is from %d to %d, outside %d to %d", f.id, first, last, from, to)
				}
			}
		})
		if some < 3 {
			t.Errorf("only %d collections have an extent in space and time", some)
		}
	})
	t.Run("/conf/core/sfc-md-op", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, _ map[string]any) {
			s.found(t, "/ogc/collections/"+id, anyTypeFirst)
		})
	})
	t.Run("/conf/core/sfc-md-success", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			one := s.valid(t, access.Analyst, "/collections/"+id, nil, "", "application/json").doc
			for _, name := range []string{"id", "title", "description", "extent", "itemType", "crs", "storageCrs"} {
				if !reflect.DeepEqual(one[name], col[name]) {
					t.Errorf("%s is %v here and %v there", name, one[name], col[name])
				}
			}
			s.selfAndAlternate(t, one, "application/json")
		})
	})
}

// extentOf reads the extent of a collection: a box, and a time in milliseconds.
func extentOf(t testing.TB, col map[string]any) (box orb.Bound, from, to int64, placed, timed bool) {
	t.Helper()
	extent, _ := col["extent"].(map[string]any)
	if sp, ok := extent["spatial"].(map[string]any); ok {
		n := sp["bbox"].([]any)[0].([]any)
		if sp["crs"] != crs84 || len(n) != 4 {
			t.Errorf("the extent is %v", sp)
		}
		box, placed = orb.Bound{Min: orb.Point{n[0].(float64), n[1].(float64)}, Max: orb.Point{n[2].(float64), n[3].(float64)}}, true
	}
	if tm, ok := extent["temporal"].(map[string]any); ok {
		ends := tm["interval"].([]any)[0].([]any)
		from, to, timed = stampOf(t, ends[0]), stampOf(t, ends[1]), true
	}
	return box, from, to, placed, timed
}

func stampOf(t testing.TB, v any) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text1(v))
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

// timeOf is the time of a feature: from its earliest start to its latest end,
// itself not part of it, in milliseconds.
func timeOf(f item) (from, to int64, ok bool) {
	end := f.props["end_to"]
	if end == nil {
		end = f.props["start_to"]
	}
	if f.props["start_from"] == nil || end == nil {
		return 0, 0, false
	}
	a, aerr := time.Parse(time.RFC3339, text1(f.props["start_from"]))
	b, berr := time.Parse(time.RFC3339, text1(end))
	return a.UnixMilli(), b.UnixMilli(), aerr == nil && berr == nil
}

func parametersConform(t *testing.T, s *suite) {
	definition := func(name, kind string) func(t *testing.T) {
		return func(t *testing.T) {
			s.each(t, func(t *testing.T, id string, _ map[string]any) {
				p := s.parameter(t, "/collections/"+id+"/items", name)
				if p.In != "query" || p.Required || p.Style != "form" || p.Explode == nil || *p.Explode || !p.Schema.Value.Type.Is(kind) {
					t.Errorf("%+v", p)
				}
			})
		}
	}
	t.Run("/conf/core/fc-bbox-definition", func(t *testing.T) {
		definition("bbox", "array")(t)
		schema := s.parameter(t, "/collections/incidents/items", "bbox").Schema.Value
		var sizes []uint64
		for _, one := range schema.OneOf {
			sizes = append(sizes, one.Value.MinItems, *one.Value.MaxItems)
		}
		if !schema.Items.Value.Type.Is("number") || !slices.Equal(sizes, []uint64{4, 4, 6, 6}) {
			t.Errorf("%v of %v numbers", schema.Items.Value.Type, sizes)
		}
	})
	t.Run("/conf/core/fc-bbox-response", s.boxesFind)
	t.Run("/conf/core/fc-limit-definition", func(t *testing.T) {
		definition("limit", "integer")(t)
		schema := s.parameter(t, "/collections/incidents/items", "limit").Schema.Value
		if *schema.Min != 1 || *schema.Max != 10_000 || schema.Default != 1000.0 {
			t.Errorf("from %v to %v, %v if nothing is said", *schema.Min, *schema.Max, schema.Default)
		}
	})
	t.Run("/conf/core/fc-limit-response", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			whole := len(s.all(t, id))
			for _, limit := range []int{1, 7, 100, 10_000, 20_000} {
				doc := s.found(t, queried(itemsOf(t, col), "limit", fmt.Sprint(limit)), geoJSON)
				if n := len(doc["features"].([]any)); n != min(limit, whole, 10_000) {
					t.Errorf("limit=%d: %d of %d features", limit, n, whole)
				}
			}
		})
	})
	t.Run("/conf/core/fc-time-definition", definition("datetime", "string"))
	t.Run("/conf/core/fc-time-response", s.periodsFind)
	t.Run("/conf/core/query-param-invalid", func(t *testing.T) {
		s.each(t, func(t *testing.T, _ string, col map[string]any) {
			for _, pair := range [][2]string{{"limit", "unlimited"}, {"bbox", "1,2,3"}, {"bbox", "a,b,c,d"}, {"datetime", "yesterday"}, {"datetime", "2020-01-01/P"}} {
				s.refused(t, queried(itemsOf(t, col), pair[0], pair[1]))
			}
		})
	})
	t.Run("/conf/core/query-param-unknown", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			s.refused(t, queried(itemsOf(t, col), "unknownQueryParameter12345", "1"))
			s.refused(t, itemsOf(t, col)+"/"+s.firstOf(id)+"?unknownQueryParameter12345=1")
		})
	})
}

// firstOf is the id of a feature of a collection, whether there is one or not.
func (s *suite) firstOf(id string) string {
	if len(s.kept[id]) == 0 {
		return "none"
	}
	return s.kept[id][0].id
}

// Boxes across the meridian, the equator, 180° and at the poles: found is what
// meets one of them, and what has no position.
func (s *suite) boxesFind(t *testing.T) {
	hits, unplaced := 0, 0
	s.each(t, func(t *testing.T, id string, col map[string]any) {
		extent, _, _, placed, _ := extentOf(t, col)
		boxes := [][4]float64{{-1.5, 50, 1.5, 53}, {-80, -5, -70, 5}, {177, 65, -177, 70}, {-180, 85, 180, 90}, {-180, -90, 180, -85}, {10, 54, 20.5, 60.25}}
		if placed {
			boxes = append(boxes, [4]float64{extent.Min[0], extent.Min[1], extent.Max[0], extent.Max[1]})
		}
		for _, b := range boxes {
			parts := []orb.Bound{{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}}}
			if b[0] > b[2] {
				parts = []orb.Bound{{Min: orb.Point{b[0], b[1]}, Max: orb.Point{180, b[3]}}, {Min: orb.Point{-180, b[1]}, Max: orb.Point{b[2], b[3]}}}
			}
			want := idsOf(s.all(t, id), func(f item) bool {
				if f.shape == nil {
					unplaced++
					return true
				}
				return slices.ContainsFunc(parts, func(b orb.Bound) bool { return touches(f.shape, b) })
			})
			hits += len(want)
			for _, text := range []string{fmt.Sprintf("%.7f,%.7f,%.7f,%.7f", b[0], b[1], b[2], b[3]), fmt.Sprintf("%v,%v,-100,%v,%v,9000", b[0], b[1], b[2], b[3])} {
				sameIDs(t, text, idsOf(s.walk(t, queried(itemsOf(t, col), "bbox", text)), nil), want)
			}
		}
	})
	if hits < 300 || unplaced == 0 {
		t.Errorf("%d features were met, %d of them without a position", hits, unplaced)
	}
}

// Instants, intervals, ends left open in both ways, and a duration: found is what
// meets one of them, and what has no time.
func (s *suite) periodsFind(t *testing.T) {
	hits := 0
	s.each(t, func(t *testing.T, id string, col map[string]any) {
		_, from, to, _, timed := extentOf(t, col)
		if !timed {
			from, to = stampOf(t, "2020-01-01T00:00:00Z"), stampOf(t, "2021-01-01T00:00:00Z")
		}
		quarter := (to - from) / 4
		a, b := from+quarter, from+2*quarter
		text := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }
		day := time.UnixMilli(a).UTC().Truncate(24 * time.Hour)
		date := day.Format("2006-01-02")
		for _, c := range []struct {
			text     string
			from, to int64
		}{
			{text(from), from, from}, {text(a) + "/" + text(b), a, b}, {date + "/P2D", day.UnixMilli(), day.AddDate(0, 0, 2).UnixMilli()}, {"P1Y2M1W3DT4H5M6S/" + text(b), time.UnixMilli(b).UTC().AddDate(-1, -2, -10).Add(-4*time.Hour - 5*time.Minute - 6*time.Second).UnixMilli(), b},
			{"../" + text(a), math.MinInt64, a}, {"/" + text(a), math.MinInt64, a}, {text(b) + "/..", b, math.MaxInt64}, {text(b) + "/", b, math.MaxInt64},
			{date, day.UnixMilli(), day.UnixMilli() + 86_399_999}, {date + "/" + date, day.UnixMilli(), day.UnixMilli() + 86_399_999}, {text(to + 1), to + 1, to + 1},
		} {
			want := idsOf(s.all(t, id), func(f item) bool {
				first, end, ok := timeOf(f)
				return !ok || first <= c.to && (c.from < end || c.from == first)
			})
			hits += len(want)
			sameIDs(t, c.text, idsOf(s.walk(t, queried(itemsOf(t, col), "datetime", c.text)), nil), want)
		}
	})
	if hits < 300 {
		t.Errorf("only %d features were met", hits)
	}
}

func pagingConforms(t *testing.T, s *suite) {
	t.Run("/conf/core/fc-response", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, _ map[string]any) {
			s.valid(t, access.Analyst, "/collections/"+id+"/items", nil, "limit=3", geoJSON)
		})
	})
	t.Run("/conf/core/fc-links", func(t *testing.T) {
		s.each(t, func(t *testing.T, _ string, col map[string]any) {
			doc := s.found(t, queried(itemsOf(t, col), "limit", "2", "bbox", "-180,-90,180,90"), geoJSON)
			s.selfAndAlternate(t, doc, geoJSON)
			again := s.found(t, linkTo(t, doc, "self", geoJSON), geoJSON)
			if !slices.Equal(idsOf(itemsIn(again), nil), idsOf(itemsIn(doc), nil)) {
				t.Error("the link to itself gives other features")
			}
		})
	})
	t.Run("/conf/core/fc-timeStamp", func(t *testing.T) {
		doc := s.found(t, itemsOf(t, s.collections[0]), geoJSON)
		if at := stampOf(t, doc["timeStamp"]); math.Abs(float64(at-s.clock.Now().UnixMilli())) > 60_000 {
			t.Errorf("it is %v, and the answer says %v", s.clock.Now(), doc["timeStamp"])
		}
	})
	// As a test engine counts them: from link to link, each time with the largest
	// limit that the definition has.
	t.Run("/conf/core/fc-numberMatched", func(t *testing.T) {
		most := fmt.Sprint(*s.parameter(t, "/collections/incidents/items", "limit").Schema.Value.Max)
		s.each(t, func(t *testing.T, id string, col map[string]any) {
			doc := s.found(t, queried(itemsOf(t, col), "limit", "1"), geoJSON)
			matched, n := doc["numberMatched"], len(doc["features"].([]any))
			for next := s.nextOf(apiAnswer{doc: doc}); next != ""; next = s.nextOf(apiAnswer{doc: doc}) {
				u, err := url.Parse(next)
				if err != nil {
					t.Fatal(err)
				}
				q := u.Query()
				q.Set("limit", most)
				u.RawQuery = q.Encode()
				doc = s.found(t, u.String(), geoJSON)
				n += len(doc["features"].([]any))
			}
			if matched != float64(n) || n != len(s.all(t, id)) {
				t.Errorf("%v match, %d were given, %d there are", matched, n, len(s.all(t, id)))
			}
		})
	})
	t.Run("/conf/core/fc-numberReturned", func(t *testing.T) {
		s.each(t, func(t *testing.T, _ string, col map[string]any) {
			for _, limit := range []string{"1", "3", "1000"} {
				doc := s.found(t, queried(itemsOf(t, col), "limit", limit), geoJSON)
				if doc["numberReturned"] != float64(len(doc["features"].([]any))) {
					t.Errorf("%v were returned, says it, of %d", doc["numberReturned"], len(doc["features"].([]any)))
				}
			}
		})
	})
}

func oneFeatureConforms(t *testing.T, s *suite) {
	each := func(t *testing.T, fn func(t *testing.T, id, fid string)) {
		some := 0
		s.each(t, func(t *testing.T, id string, _ map[string]any) {
			list := s.all(t, id)
			for i := 0; i < len(list); i += 1 + len(list)/5 {
				fn(t, id, list[i].id)
				some++
			}
		})
		if some < 15 {
			t.Errorf("only %d features", some)
		}
	}
	t.Run("/conf/core/f-op", func(t *testing.T) {
		each(t, func(t *testing.T, id, fid string) {
			if got := s.found(t, "/ogc/collections/"+id+"/items/"+url.PathEscape(fid), geoJSON)["id"]; got != fid {
				t.Errorf("%v is at the address of %s", got, fid)
			}
		})
	})
	t.Run("/conf/core/f-success", func(t *testing.T) {
		each(t, func(t *testing.T, id, fid string) {
			s.valid(t, access.Analyst, "/collections/"+id+"/items/{fid}", map[string]string{"fid": url.PathEscape(fid)}, "", geoJSON)
		})
	})
	t.Run("/conf/core/f-links", func(t *testing.T) {
		each(t, func(t *testing.T, id, fid string) {
			doc := s.found(t, "/ogc/collections/"+id+"/items/"+url.PathEscape(fid)+"?crs="+url.QueryEscape("http://www.opengis.net/def/crs/EPSG/0/3857"), geoJSON)
			s.selfAndAlternate(t, doc, geoJSON)
			if again := s.found(t, linkTo(t, doc, "self", geoJSON), geoJSON); !reflect.DeepEqual(again["geometry"], doc["geometry"]) {
				t.Errorf("the link of %s to itself gives another geometry", fid)
			}
			if col := s.found(t, linkTo(t, doc, "collection", ""), "application/json"); col["id"] != id {
				t.Errorf("its collection is %v", col["id"])
			}
		})
	})
}

// definitionConforms is class oas30, of part 1 (A.5) and of Common.
func definitionConforms(t *testing.T, s *suite) {
	t.Run("/conf/oas30/completeness", func(t *testing.T) {
		for _, r := range new(ogc.API).Routes() {
			path := strings.TrimPrefix(r.Path, ogc.Prefix)
			if r.Method == http.MethodHead || r.Method == http.MethodOptions || path == "" {
				continue // they follow from GET
			}
			id := "incidents"
			path = strings.ReplaceAll(strings.ReplaceAll(path, ":collection", id), ":fid", "{fid}")
			item := s.spec.Paths.Value(path)
			if item == nil || item.GetOperation(r.Method) == nil {
				t.Errorf("%s %s is not defined", r.Method, path)
			}
		}
	})
	t.Run("/conf/oas30/definition-1", func(t *testing.T) {
		s.found(t, linkTo(t, s.found(t, "/ogc/", anyTypeFirst), "service-desc", typeOpenAPI), typeOpenAPI)
	})
	t.Run("/conf/oas30/definition-2", s.definitionIsValid)
	t.Run("/conf/oas30/oas-impl", func(t *testing.T) {
		for path, item := range s.spec.Paths.Map() {
			fill := s.filled(t, path)
			for kind := range item.Get.Responses.Value("200").Value.Content {
				if a := s.valid(t, access.Analyst, path, fill, "", kind); a.status != http.StatusOK {
					t.Errorf("%s as %s: %d %s", path, kind, a.status, a.body)
				}
			}
		}
	})
	t.Run("/conf/oas30/exception-codes", func(t *testing.T) {
		for path := range s.spec.Paths.Map() {
			fill := s.filled(t, path)
			for _, c := range []struct {
				role          access.Role
				query, accept string
				status        int
			}{
				{access.Analyst, "unknownQueryParameter12345=1", geoJSON, http.StatusBadRequest}, {access.Analyst, "f=unlimited", geoJSON, http.StatusBadRequest}, {access.Analyst, "", "image/png", http.StatusNotAcceptable}, {"", "", geoJSON, http.StatusUnauthorized},
			} {
				if a := s.valid(t, c.role, path, fill, c.query, c.accept); a.status != c.status {
					t.Errorf("%s?%s as %q, %s: %d, want %d", path, c.query, c.role, c.accept, a.status, c.status)
				}
			}
			if len(fill) > 0 {
				if a := s.valid(t, access.Analyst, path, map[string]string{"fid": "none"}, "", geoJSON); a.status != http.StatusNotFound {
					t.Errorf("%s: %d", path, a.status)
				}
			}
		}
	})
	t.Run("/conf/oas30/security", func(t *testing.T) {
		for _, name := range []string{"bearer", "basic"} {
			scheme := s.spec.Components.SecuritySchemes[name]
			if scheme == nil || scheme.Value.Type != "http" || scheme.Value.Scheme != name || !slices.ContainsFunc(s.spec.Security, func(r openapi3.SecurityRequirement) bool { return r[name] != nil }) {
				t.Errorf("%s is not asked for", name)
			}
		}
		_, secret := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"read"}})
		if a := s.program(t, "/ogc/collections/incidents", bearer(secret)); a.status != http.StatusOK {
			t.Errorf("with a token: %d", a.status)
		}
	})
}

// filled gives a feature to a path that has one.
func (s *suite) filled(t testing.TB, path string) map[string]string {
	t.Helper()
	if !strings.Contains(path, "{fid}") {
		return nil
	}
	return map[string]string{"fid": url.PathEscape(s.all(t, strings.Split(path, "/")[2])[0].id)}
}

// pagesConform is class html, of part 1 (A.3) and of Common.
func pagesConform(t *testing.T, s *suite) {
	t.Run("/conf/html/definition", func(t *testing.T) {
		for path, item := range s.spec.Paths.Map() {
			if strings.HasSuffix(path, "/changes") {
				continue // an extension, for programs
			}
			if item.Get.Responses.Value("200").Value.Content["text/html"] == nil {
				t.Errorf("%s has no page", path)
			}
			s.valid(t, access.Analyst, path, s.filled(t, path), "", "text/html")
		}
	})
	t.Run("/conf/html/content", func(t *testing.T) {
		shows := func(path string, wanted ...string) {
			t.Helper()
			page, err := goquery.NewDocumentFromReader(strings.NewReader(string(s.get(t, path, "text/html").body)))
			if err != nil {
				t.Fatal(err)
			}
			words := strings.Join(strings.Fields(page.Text()), " ")
			page.Find("a[href]").Each(func(_ int, a *goquery.Selection) { words += " " + a.AttrOr("href", "") })
			for _, w := range wanted {
				if !strings.Contains(words, strings.Join(strings.Fields(w), " ")) {
					t.Errorf("%s does not show %q", path, w)
				}
			}
		}
		shows("/ogc", s.URL+"/ogc/collections?f=html", s.URL+"/ogc/api?f=html", s.URL+"/ogc/conformance?f=html")
		shows("/ogc/conformance", spec+"ogcapi-features-1/1.0/conf/core", spec+"cql2/1.0/conf/functions")
		for _, col := range s.collections {
			id := col["id"].(string)
			shows("/ogc/collections", text1(col["title"]), text1(col["description"]), "/ogc/collections/"+id+"?f=html")
			shows("/ogc/collections/"+id, text1(col["title"]), text1(col["description"]), "/ogc/collections/"+id+"/items?f=html")
			for _, f := range s.all(t, id) {
				shows("/ogc/collections/"+id+"/items?limit=1", url.PathEscape(f.id))
				words := []string{}
				for name, v := range f.props {
					if v, ok := v.(string); ok && !strings.HasSuffix(v, "Z") {
						words = append(words, v)
					}
					words = append(words, strings.Replace(strings.ReplaceAll(name[1:], "_", " "), "deescalation", "de-escalation", 1)[1:])
				}
				shows("/ogc/collections/"+id+"/items/"+url.PathEscape(f.id), words...)
				break
			}
		}
	})
}

// geoJSONConforms is class geojson of part 1 (A.4).
func geoJSONConforms(t *testing.T, s *suite) {
	t.Run("/conf/geojson/definition", func(t *testing.T) {
		for _, col := range s.collections {
			for _, path := range []string{"/items", "/items/{fid}"} {
				path = "/collections/" + col["id"].(string) + path
				a := s.valid(t, access.Analyst, path, s.filled(t, path), "", geoJSON)
				if a.status != http.StatusOK || a.header.Get("Content-Type") != geoJSON {
					t.Errorf("%s: %d %s", path, a.status, a.header.Get("Content-Type"))
				}
			}
		}
	})
	t.Run("/conf/geojson/content", func(t *testing.T) {
		s.each(t, func(t *testing.T, id string, _ map[string]any) {
			doc := s.valid(t, access.Analyst, "/collections/"+id+"/items", nil, "", geoJSON).doc
			linksOf(t, doc)
			for _, f := range doc["features"].([]any) {
				f := f.(map[string]any)
				if _, there := f["geometry"]; !there || f["type"] != "Feature" || text1(f["id"]) == "" {
					t.Errorf("%v", f)
				}
			}
		})
	})
}
