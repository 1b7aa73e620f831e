package web_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/paulmach/orb"

	"interceptlog/internal/access"
)

// The abstract test suites of the standards that /ogc claims, one subtest an
// abstract test, named as it is there. Where a public test engine does more, or
// other, than the standard says, so is it here: the paths are drawn from the
// definition of the interface, and the links are followed as they are given.
//
// Reading order: this file (what all share), then ogc_conformance_core_test.go
// (part 1 and Common), _crs_, _filter_, _cql2_, _edit_ and _schema_.

// groups are the tests of each class, by its address without the beginning that
// all share.
var groups = map[string]func(*testing.T, *suite){
	"ogcapi-common-1/1.0/conf/core":         commonCore,
	"ogcapi-common-1/1.0/conf/landing-page": commonLandingPage,
	"ogcapi-common-1/1.0/conf/json":         commonJSON,

	"ogcapi-features-1/1.0/conf/core":    featuresCore,
	"ogcapi-features-1/1.0/conf/oas30":   definitionConforms,
	"ogcapi-features-1/1.0/conf/html":    pagesConform,
	"ogcapi-features-1/1.0/conf/geojson": geoJSONConforms,

	"ogcapi-features-2/1.0/conf/crs": systemsConform,

	"ogcapi-features-3/1.0/conf/queryables":                  queryablesConform,
	"ogcapi-features-3/1.0/conf/queryables-query-parameters": propertyParametersConform,
	"ogcapi-features-3/1.0/conf/filter":                      filterConforms,
	"ogcapi-features-3/1.0/conf/features-filter":             featuresFilterConforms,

	"cql2/1.0/conf/cql2-text":                     cql2Text,
	"cql2/1.0/conf/cql2-json":                     cql2JSON,
	"cql2/1.0/conf/basic-cql2":                    cql2Basic,
	"cql2/1.0/conf/advanced-comparison-operators": cql2Comparisons,
	"cql2/1.0/conf/case-insensitive-comparison":   cql2Case,
	"cql2/1.0/conf/accent-insensitive-comparison": cql2Accents,
	"cql2/1.0/conf/basic-spatial-functions":       cql2BasicSpatial,
	"cql2/1.0/conf/basic-spatial-functions-plus":  cql2SpatialPlus,
	"cql2/1.0/conf/spatial-functions":             cql2Spatial,
	"cql2/1.0/conf/temporal-functions":            cql2Temporal,
	"cql2/1.0/conf/array-functions":               cql2Arrays,
	"cql2/1.0/conf/property-property":             cql2Properties,
	"cql2/1.0/conf/arithmetic":                    cql2Arithmetic,
	"cql2/1.0/conf/functions":                     cql2Functions,

	"ogcapi-features-4/1.0/conf/create-replace-delete":         editingConforms,
	"ogcapi-features-4/1.0/conf/update":                        updatingConforms,
	"ogcapi-features-4/1.0/conf/optimistic-locking-etags":      tagsLock,
	"ogcapi-features-4/1.0/conf/optimistic-locking-timestamps": timesLock,
	"ogcapi-features-4/1.0/conf/features":                      featuresAreEdited,

	"ogcapi-features-5/1.0/conf/schemas":                     schemasConform,
	"ogcapi-features-5/1.0/conf/core-roles-features":         rolesConform,
	"ogcapi-features-5/1.0/conf/queryables":                  schemaQueryables,
	"ogcapi-features-5/1.0/conf/sortables":                   schemaSortables,
	"ogcapi-features-5/1.0/conf/returnables-and-receivables": returnablesConform,
}

// shared are classes that ask what another one asks, which is declared beside them.
var shared = map[string]string{
	"ogcapi-common-1/1.0/conf/html":                        "ogcapi-features-1/1.0/conf/html",
	"ogcapi-common-1/1.0/conf/oas30":                       "ogcapi-features-1/1.0/conf/oas30",
	"cql2/1.0/conf/basic-spatial-operators":                "cql2/1.0/conf/basic-spatial-functions",
	"ogcapi-common-3/1.0/conf/schemas":                     "ogcapi-features-5/1.0/conf/schemas",
	"ogcapi-common-3/1.0/conf/advanced-property-roles":     "ogcapi-features-5/1.0/conf/core-roles-features",
	"ogcapi-common-3/1.0/conf/queryables":                  "ogcapi-features-5/1.0/conf/queryables",
	"ogcapi-common-3/1.0/conf/sortables":                   "ogcapi-features-5/1.0/conf/sortables",
	"ogcapi-common-3/1.0/conf/returnables-and-receivables": "ogcapi-features-5/1.0/conf/returnables-and-receivables",
}

// Every class that is declared has its tests, and passes them.
func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSuite(t)
	declared := s.classes(t)
	for _, class := range declared {
		if slices.Contains(declared, shared[class]) && groups[shared[class]] != nil {
			continue
		}
		if groups[class] == nil {
			t.Errorf("%s is declared, and has no tests", class)
			continue
		}
		t.Run(class, func(t *testing.T) { groups[class](t, s) })
	}
	for class := range groups {
		if !slices.Contains(declared, class) {
			t.Errorf("%s has tests, and is not declared", class)
		}
	}
}

// suite is a server under test, as it is found from its landing page.
type suite struct {
	*site
	spec        *openapi3.T
	collections []map[string]any
	kept        map[string][]item // all features of a collection
}

func newSuite(t *testing.T) *suite {
	t.Helper()
	s := &suite{site: newSite(t), kept: map[string][]item{}}
	area := reported(func(f, _ map[string]any) { // there is none in the sample
		f["geometry"] = map[string]any{"type": "Polygon", "coordinates": [][][2]float64{{{19, 57}, {20, 57}, {20, 58}, {19, 57}}}}
	})
	if a := s.write(t, http.MethodPost, incidentItems, area); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var err error
	if s.spec, err = openapi3.NewLoader().LoadFromData(s.get(t, "/ogc/api", typeOpenAPI).body); err != nil {
		t.Fatal(err)
	}
	for _, c := range s.get(t, "/ogc/collections", "application/json").doc["collections"].([]any) {
		s.collections = append(s.collections, c.(map[string]any))
	}
	return s
}

const (
	typeOpenAPI  = "application/vnd.oai.openapi+json;version=3.0"
	jsonSchema   = "application/schema+json"
	spec         = "http://www.opengis.net/spec/"
	ogcRelation  = "http://www.opengis.net/def/rel/ogc/1.0/"
	crs84        = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	problemJSON  = "application/problem+json"
	anyTypeFirst = "application/json, application/javascript, text/javascript, text/json" // what a Java test engine sends for JSON
)

// get asks as an analyst; path may be a whole address of this server.
func (s *suite) get(t testing.TB, path, accept string) apiAnswer {
	t.Helper()
	return s.ask(t, access.Analyst, http.MethodGet, strings.TrimPrefix(path, s.URL), "", "Accept", accept)
}

// found asks, and gives what is found; anything but 200 fails the test.
func (s *suite) found(t testing.TB, path, accept string) map[string]any {
	t.Helper()
	a := s.get(t, path, accept)
	if a.status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	if want, _, _ := strings.Cut(accept, ","); !strings.HasPrefix(a.header.Get("Content-Type"), want) {
		t.Errorf("%s: %s, asked for %s", path, a.header.Get("Content-Type"), want)
	}
	return a.doc
}

// refused asks for what is to be answered with 400.
func (s *suite) refused(t testing.TB, path string) {
	t.Helper()
	if a := s.get(t, path, geoJSON); a.status != http.StatusBadRequest || a.header.Get("Content-Type") != problemJSON {
		t.Errorf("%s: %d %s", path, a.status, a.header.Get("Content-Type"))
	}
}

// classes are those that are declared.
func (s *suite) classes(t testing.TB) (list []string) {
	t.Helper()
	for _, c := range s.found(t, "/ogc/conformance", "application/json")["conformsTo"].([]any) {
		short, ok := strings.CutPrefix(c.(string), spec)
		if !ok {
			t.Errorf("%v is no class of OGC", c)
		}
		list = append(list, short)
	}
	return list
}

// declares is the abstract test get-conformance.
func (s *suite) declares(t *testing.T, classes ...string) {
	t.Helper()
	list := s.classes(t)
	for _, class := range classes {
		if !slices.Contains(list, class) {
			t.Errorf("%s is not declared", class)
		}
	}
}

// link is a link of a document.
type link struct{ href, rel, kind string }

func linksOf(t testing.TB, doc map[string]any) (list []link) {
	t.Helper()
	links, _ := doc["links"].([]any)
	if len(links) == 0 {
		t.Error("there are no links")
	}
	for _, l := range links {
		l := l.(map[string]any)
		one := link{text1(l["href"]), text1(l["rel"]), text1(l["type"])}
		if one.href == "" || one.rel == "" || one.kind == "" {
			t.Errorf("the link %v lacks href, rel or type", l)
		}
		list = append(list, one)
	}
	return list
}

func text1(v any) string { s, _ := v.(string); return s }

// linkTo finds the first link of a relation and, unless kind is empty, a type.
func linkTo(t testing.TB, doc map[string]any, rel, kind string) string {
	t.Helper()
	for _, l := range linksOf(t, doc) {
		if l.rel == rel && (kind == "" || l.kind == kind) {
			return l.href
		}
	}
	t.Errorf("there is no link %s of type %q", rel, kind)
	return ""
}

// selfAndAlternate checks the links of a document to itself: each leads to it as
// the type that it names.
func (s *suite) selfAndAlternate(t *testing.T, doc map[string]any, kind string) {
	t.Helper()
	for rel, kind := range map[string]string{"self": kind, "alternate": "text/html"} {
		if href := linkTo(t, doc, rel, kind); href != "" {
			s.found(t, href, kind)
		}
	}
}

// each runs a test for every collection.
func (s *suite) each(t *testing.T, fn func(t *testing.T, id string, col map[string]any)) {
	t.Helper()
	for _, col := range s.collections {
		id := col["id"].(string)
		t.Run(id, func(t *testing.T) { fn(t, id, col) })
	}
}

// itemsOf is the address of the features of a collection, from its link.
func itemsOf(t testing.TB, col map[string]any) string {
	t.Helper()
	return linkTo(t, col, "items", geoJSON)
}

// item is a feature as it was served.
type item struct {
	id    string
	props map[string]any
	shape orb.Geometry
}

// all gives every feature of a collection, as a question without parameters
// finds them.
func (s *suite) all(t testing.TB, id string) []item {
	t.Helper()
	if s.kept[id] == nil {
		s.kept[id] = s.walk(t, s.URL+"/ogc/collections/"+id+"/items")
	}
	return s.kept[id]
}

// walk gives every feature, from page to page.
func (s *suite) walk(t testing.TB, href string) []item {
	t.Helper()
	list := []item{}
	for href != "" {
		doc := s.found(t, href, geoJSON)
		list = append(list, itemsIn(doc)...)
		href = s.nextOf(apiAnswer{doc: doc})
	}
	return list
}

func itemsIn(doc map[string]any) (list []item) {
	for _, f := range doc["features"].([]any) {
		f := f.(map[string]any)
		list = append(list, item{f["id"].(string), f["properties"].(map[string]any), shapeOf(f["geometry"])})
	}
	return list
}

// idsOf gives the ids of those that hold, in order.
func idsOf(list []item, holds func(item) bool) (ids []string) {
	for _, f := range list {
		if holds == nil || holds(f) {
			ids = append(ids, f.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// sameIDs compares what was found with what is expected.
func sameIDs(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %d found, %d expected\nonly found: %v\nnot found: %v", what, len(got), len(want), without(got, want), without(want, got))
	}
}

// queried is the address of the features of a collection with parameters in pairs.
func queried(href string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return href + "?" + v.Encode()
}

// shapeOf reads a geometry of RFC 7946; nil of null.
func shapeOf(v any) orb.Geometry {
	g, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	point := func(v any) orb.Point { c := v.([]any); return orb.Point{c[0].(float64), c[1].(float64)} }
	line := func(v any) (l orb.LineString) {
		for _, p := range v.([]any) {
			l = append(l, point(p))
		}
		return l
	}
	area := func(v any) (p orb.Polygon) {
		for _, r := range v.([]any) {
			p = append(p, orb.Ring(line(r)))
		}
		return p
	}
	c := g["coordinates"]
	switch g["type"] {
	case "Point":
		return point(c)
	case "MultiPoint":
		return orb.MultiPoint(line(c))
	case "LineString":
		return line(c)
	case "MultiLineString":
		var m orb.MultiLineString
		for _, l := range c.([]any) {
			m = append(m, line(l))
		}
		return m
	case "Polygon":
		return area(c)
	}
	var m orb.MultiPolygon
	for _, p := range c.([]any) {
		m = append(m, area(p))
	}
	return m
}

// parameter is one of the definition of a path.
func (s *suite) parameter(t testing.TB, path, name string) *openapi3.Parameter {
	t.Helper()
	item := s.spec.Paths.Value(path)
	if item == nil {
		t.Fatalf("%s is not in the definition", path)
	}
	for _, list := range []openapi3.Parameters{item.Parameters, item.Get.Parameters} {
		if p := list.GetByInAndName("query", name); p != nil {
			return p
		}
	}
	t.Fatalf("%s has no parameter %s", path, name)
	return nil
}

func init() {
	asJSON := func(r io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (v any, err error) {
		return v, json.NewDecoder(r).Decode(&v)
	}
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.FileBodyDecoder)
	for _, kind := range []string{geoJSON, jsonSchema, "application/vnd.oai.openapi+json", problemJSON} {
		openapi3filter.RegisterBodyDecoder(kind, asJSON)
	}
}

// valid asks for a path of the definition and holds request and answer against
// it; fill has the parameters of the path.
func (s *suite) valid(t testing.TB, role access.Role, path string, fill map[string]string, query, accept string) apiAnswer {
	t.Helper()
	item := s.spec.Paths.Value(path)
	at := path
	for name, v := range fill {
		at = strings.ReplaceAll(at, "{"+name+"}", v)
	}
	if query != "" {
		at += "?" + query
	}
	req, err := http.NewRequest(http.MethodGet, s.spec.Servers[0].URL+at, nil)
	if err != nil {
		t.Fatal(err)
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: fill, Route: &routers.Route{Spec: s.spec, Server: s.spec.Servers[0], Path: path, PathItem: item, Method: http.MethodGet, Operation: item.Get},
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}}
	a := s.ask(t, role, http.MethodGet, strings.TrimPrefix(req.URL.String(), s.URL), "", "Accept", accept)
	if a.status == http.StatusOK {
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			t.Errorf("%s is answered with 200, and is not as defined: %v", at, err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: a.status, Header: a.header, Options: in.Options}
	out.SetBodyBytes(a.body)
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		t.Errorf("%s, %s: the answer %d is not as defined: %.600s", at, accept, a.status, err.Error())
	}
	return a
}
