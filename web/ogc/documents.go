package ogc

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"interceptlog/internal/collection"
	"interceptlog/internal/cql2"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/incidents"
)

// jsonOf writes what cannot fail to be written.
func jsonOf(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // an & of an address stays one
	if err := enc.Encode(v); err != nil {
		panic(err) // made of texts and numbers here
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// landing is the way to everything else.
func (a *API) landing(c echo.Context) error {
	r, err := a.accept(c, []string{typeJSON})
	if err != nil {
		return err
	}
	links := append(r.both("", typeJSON),
		Link{r.href("/api?f=json"), "service-desc", typeOpenAPI, "The definition of this interface (OpenAPI 3.0)", false},
		Link{r.href("/api?f=html"), "service-doc", typeHTML, "The same as a page", false},
		Link{r.href("/conformance"), "conformance", typeJSON, "The requirements that are met", false},
		Link{r.href("/collections"), "data", typeJSON, "The collections", false})
	doc := map[string]any{"title": "Intercept Log", "description": a.about(), "links": links}
	if r.format == "html" {
		return a.documentPage(r, "OGC API", a.about(), links, nil)
	}
	return a.write(r, typeJSON, doc)
}

func (a *API) about() string {
	s := "Intercepts and other military close encounters, and the calls that followed them: after an incident, did anybody pick up the phone, how soon, and did it help?"
	if a.Open {
		s += " This server was started with --open-read: whoever reaches this address reads it without signing in."
	}
	return s
}

// conformance lists the classes of requirements that are met.
func (a *API) conformance(c echo.Context) error {
	r, err := a.accept(c, []string{typeJSON})
	if err != nil {
		return err
	}
	if r.format == "html" {
		return a.documentPage(r, "Conformance", "The classes of requirements of the OGC standards that this server meets.", r.both("/conformance", typeJSON), a.conformsTo())
	}
	return a.write(r, typeJSON, map[string]any{"conformsTo": a.conformsTo(), "links": r.both("/conformance", typeJSON)})
}

// conformsTo names a class only where every requirement of it is met.
func (a *API) conformsTo() []string {
	var list []string
	add := func(base string, classes ...string) {
		for _, c := range classes {
			list = append(list, "http://www.opengis.net/spec/"+base+"/conf/"+c)
		}
	}
	add("ogcapi-common-1/1.0", "core", "landing-page", "json", "html", "oas30")
	add("ogcapi-features-1/1.0", "core", "oas30", "html", "geojson")
	add("ogcapi-features-2/1.0", "crs")
	add("ogcapi-features-3/1.0", "queryables", "queryables-query-parameters", "filter", "features-filter")
	add("cql2/1.0", "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison",
		"basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions", "temporal-functions", "array-functions", "property-property", "arithmetic", "functions")
	add("cql2/1.0", "basic-spatial-operators") // the name that it had when QGIS learnt it
	if a.Log != nil {
		add("ogcapi-features-4/1.0", "create-replace-delete", "update", "optimistic-locking", "features")
	}
	add("ogcapi-features-5/1.0", "schemas", "core-roles-features", "queryables", "sortables", "returnables-and-receivables")
	return list
}

// collectionDoc describes one collection (17-069r4 §7.14, 18-058r1 §6).
type collectionDoc struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Extent      *extent  `json:"extent,omitempty"`
	ItemType    string   `json:"itemType"`
	CRS         []string `json:"crs,omitempty"`
	StorageCRS  string   `json:"storageCrs,omitempty"`
	Dimension   *int     `json:"geometryDimension,omitempty"`
	Links       []Link   `json:"links"`
}

type extent struct {
	Spatial  *spatial  `json:"spatial,omitempty"`
	Temporal *temporal `json:"temporal,omitempty"`
}

type spatial struct {
	BBox [][]float64 `json:"bbox"`
	CRS  string      `json:"crs"`
}

type temporal struct {
	Interval [][]*string `json:"interval"`
	TRS      string      `json:"trs"`
}

func (a *API) collections(c echo.Context) error {
	r, err := a.accept(c, []string{typeJSON})
	if err != nil {
		return err
	}
	var docs []collectionDoc
	for _, col := range collection.All() {
		doc, err := a.describe(c.Request().Context(), r, col)
		if err != nil {
			return err
		}
		docs = append(docs, doc)
	}
	if r.format == "html" {
		return a.collectionsPage(r, docs)
	}
	return a.write(r, typeJSON, map[string]any{"links": r.both("/collections", typeJSON), "collections": docs, "crs": systems()})
}

func (a *API) collection(c echo.Context) error {
	col, err := a.find(c)
	if err != nil {
		return err
	}
	r, err := a.accept(c, []string{typeJSON})
	if err != nil {
		return err
	}
	doc, err := a.describe(c.Request().Context(), r, col)
	if err != nil {
		return err
	}
	path := "/collections/" + col.ID
	doc.Links = append(r.both(path, typeJSON), doc.Links...)
	if r.format == "html" {
		return a.collectionPage(r, col, doc)
	}
	return a.write(r, typeJSON, doc)
}

func systems() []string {
	var list []string
	for _, s := range crs.All() {
		list = append(list, s.URI)
	}
	return list
}

// describe says what a collection is; its extent is that of the features that a
// question without parameters finds.
func (a *API) describe(ctx context.Context, r request, col *collection.Collection) (collectionDoc, error) {
	path := "/collections/" + col.ID
	doc := collectionDoc{ID: col.ID, Title: col.Title, Description: col.Description, ItemType: "feature", Links: []Link{
		// without ?f=json: GDAL puts the id of a feature behind this address
		{r.href(path + "/items"), "items", typeGeoJSON, "The features as GeoJSON", false},
		{r.href(path + "/items?f=html"), "items", typeHTML, "The features as a page", false},
		{r.href(path + "/queryables"), "http://www.opengis.net/def/rel/ogc/1.0/queryables", typeSchema, "What a filter may name", false},
		{r.href(path + "/sortables"), "http://www.opengis.net/def/rel/ogc/1.0/sortables", typeSchema, "What may be sorted by", false},
		{r.href(path + "/schema"), "http://www.opengis.net/def/rel/ogc/1.0/schema", typeSchema, "What a feature holds", false},
		// RFC 8288 does not tell the relation from describedby, but GDAL 3.6 does
		{r.href(path + "/geojson-schema"), "describedBy", typeSchema, "The type of each member of a feature as GeoJSON", false},
	}}
	if col.Incidents() {
		doc.Links = append(doc.Links, Link{r.href(path + "/changes"), "changes", typeGeoJSON, "What has changed since a token: for those who keep a copy", false})
	}
	for _, l := range a.Exports(col.ID) {
		l.Href = strings.TrimSuffix(r.base, Prefix) + l.Href
		doc.Links = append(doc.Links, l)
	}
	if col.Geometry != format.None {
		doc.CRS, doc.StorageCRS = systems(), crs.CRS84.URI
		if d, ok := map[format.Geometry]int{format.Point: 0, format.Line: 1, format.Polygon: 2}[col.Geometry]; ok {
			doc.Dimension = &d
		}
	}
	if a.Within(r.c) != nil {
		return doc, nil // the extent of all would say where the rest lies
	}
	box, span, err := a.extentOf(ctx, col)
	if err != nil {
		return doc, err
	}
	if box != nil || span != nil {
		doc.Extent = &extent{box, span}
	}
	return doc, nil
}

func (a *API) extentOf(ctx context.Context, col *collection.Collection) (*spatial, *temporal, error) {
	version, err := a.version(ctx)
	if err != nil {
		return nil, nil, err
	}
	return a.extents.of(col.ID, version, func() (*spatial, *temporal, error) { return a.readExtent(ctx, col) })
}

// readExtent goes through the whole collection.
func (a *API) readExtent(ctx context.Context, col *collection.Collection) (*spatial, *temporal, error) {
	var around orb.Bound
	some := false
	from, to := int64(cql2.Future), int64(cql2.Past)
	at, err := a.moment(ctx)
	if err != nil {
		return nil, nil, err
	}
	_, err = col.Read(ctx, a.Source, collection.Query{At: at, Narrow: incidents.Filter{AsOf: at.AsOf}}, func(f *feature.Feature) error {
		if f.Geometry != nil {
			if b := f.Geometry.Bound(); some {
				around = around.Union(b)
			} else {
				around, some = b, true
			}
		}
		if v, ok := col.Value(f, "start_from"); ok && !v.Null {
			from, to = min(from, v.Int), max(to, v.Int)
		}
		for _, name := range []string{"start_to", "end_to"} {
			if v, ok := col.Value(f, name); ok && !v.Null {
				to = max(to, v.Int)
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	var box *spatial
	var span *temporal
	if some {
		box = &spatial{[][]float64{{around.Min[0], around.Min[1], around.Max[0], around.Max[1]}}, crs.CRS84.URI}
	}
	if from <= to {
		first, last := incidents.FormatInstant(incidents.Millis(from)), incidents.FormatInstant(incidents.Millis(to))
		span = &temporal{[][]*string{{&first, &last}}, "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
	}
	return box, span, nil
}

// options says what may be done with an address (RFC 9110 §9.3.7): QGIS offers
// editing where POST and the others are allowed.
func (a *API) options(c echo.Context) error {
	a.offer(c)
	return c.NoContent(http.StatusNoContent)
}

// offer sets Allow to what whoever asks may do here.
func (a *API) offer(c echo.Context) {
	methods := []string{http.MethodGet, http.MethodHead, http.MethodOptions}
	col, ok := collection.ByID(c.Param("collection"))
	if ok && col.Editable && a.Log != nil && a.MayWrite(c) {
		switch {
		case strings.HasSuffix(c.Path(), "/items"):
			methods = append(methods, http.MethodPost)
		case strings.HasSuffix(c.Path(), "/items/:fid"):
			methods = append(methods, http.MethodPut, http.MethodPatch, http.MethodDelete)
		}
	}
	c.Response().Header().Set("Allow", strings.Join(methods, ", "))
}

// queryables is what a filter may name (19-079r2 §6).
func (a *API) queryables(c echo.Context) error {
	return a.schemaDoc(c, "queryables", "What a filter of "+c.Param("collection")+" may name", nil)
}

// sortables is what features may be sorted by.
func (a *API) sortables(c echo.Context) error {
	col, err := a.find(c)
	if err != nil {
		return err
	}
	return a.schemaDoc(c, "sortables", "What "+col.ID+" may be sorted by", col.Sorts)
}

// schema is what a feature holds (OGC API – Features part 5).
func (a *API) schema(c echo.Context) error {
	return a.schemaDoc(c, "schema", "What a feature of "+c.Param("collection")+" holds", nil)
}

// geojsonSchema is the form of a feature as GeoJSON.
func (a *API) geojsonSchema(c echo.Context) error {
	return a.schemaDoc(c, "geojson-schema", "A feature of "+c.Param("collection")+" as GeoJSON", nil)
}

func (a *API) schemaDoc(c echo.Context, kind, title string, only []string) error {
	col, err := a.find(c)
	if err != nil {
		return err
	}
	r, err := a.accept(c, []string{typeSchema, typeJSON})
	if err != nil {
		return err
	}
	path := "/collections/" + col.ID + "/" + kind
	if r.format == "html" {
		return a.schemaPage(r, col, title, path, only)
	}
	doc := Schema(col, only)
	if kind == "geojson-schema" {
		doc = featureSchema(col)
	}
	doc["$id"] = r.href(path)
	doc["title"] = col.Title
	doc["description"] = title
	if kind == "queryables" {
		doc["additionalProperties"] = false
	}
	return a.write(r, typeSchema, doc)
}

// Schema is the JSON Schema (2020-12) of a collection's features, made from the
// table of its properties; only, unless nil, are the properties wanted.
func Schema(col *collection.Collection, only []string) map[string]any {
	props := map[string]any{}
	for i, p := range col.Properties {
		if only == nil || slices.Contains(only, p.Name) {
			one := propertySchema(p)
			one["x-ogc-propertySeq"] = i + 1
			props[p.Name] = one
		}
	}
	if col.Geometry != format.None && only == nil {
		props[collection.GeometryName] = map[string]any{"title": "Geometry", "x-ogc-role": "primary-geometry", "format": geometryFormat[col.Geometry]}
	}
	return map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": props}
}

// featureSchema is the form of a feature as GeoJSON. GDAL takes the types of its
// columns from it; without, it takes them from the first ten features, and a
// number that is whole or missing in those loses its fraction in all that follow.
//
// GDAL reads plain types only, so that a null, which any value may be, is said in
// words. The id stands in the feature itself, and is not named twice.
func featureSchema(col *collection.Collection) map[string]any {
	var props inOrder
	for _, p := range col.Properties {
		if p.Name != "id" {
			props = append(props, member{p.Name, propertySchema(p)})
		}
	}
	values := map[string]any{"type": "object", "description": "Each is null where nothing is known.", "properties": props}
	return map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": map[string]any{
		"type": map[string]any{"type": "string", "enum": []string{"Feature"}}, "id": map[string]any{"type": "string"},
		"geometry":   map[string]any{"description": "A geometry of RFC 7946, or null."},
		"properties": values,
	}}
}

// inOrder is a JSON object whose members keep their order: it is that of the
// columns.
type inOrder []member

type member struct {
	name  string
	value any
}

func (o inOrder) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, jsonOf(m.name)...), ':'), jsonOf(m.value)...)
	}
	return append(b, '}'), nil
}

var geometryFormat = map[format.Geometry]string{format.Mixed: "geometry-any", format.Point: "geometry-point-or-multipoint",
	format.Line: "geometry-linestring-or-multilinestring", format.Polygon: "geometry-polygon-or-multipolygon"}

// roles are those of OGC API – Features part 5.
var roles = map[string]string{"id": "id", "start_from": "primary-interval-start", "end_to": "primary-interval-end", "title": "", "recorded_at": ""}

func propertySchema(p feature.Property) map[string]any {
	s := map[string]any{"title": p.Name, "description": p.Meaning}
	switch p.Kind {
	case feature.Text:
		s["type"] = "string"
		if len(p.Codes) > 0 {
			s["enum"] = p.Codes
		}
	case feature.Integer:
		s["type"] = "integer"
	case feature.Number:
		s["type"] = "number"
	case feature.Bool:
		s["type"] = "boolean"
	case feature.Instant:
		s["type"], s["format"] = "string", "date-time"
	case feature.List:
		items := map[string]any{"type": "string"}
		if len(p.Codes) > 0 {
			items["enum"] = p.Codes
		}
		s["type"], s["items"] = "array", items
	}
	if role := roles[p.Name]; role != "" {
		s["x-ogc-role"] = role
	}
	if p.Unit != "" {
		s["x-ogc-unit"] = p.Unit
	}
	if len(p.Codes) == 0 && p.Vocabulary != "" {
		s["description"] = p.Meaning + " Values: " + p.Vocabulary + "."
	}
	return s
}
