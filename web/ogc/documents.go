package ogc

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
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

// relation begins the names of relations of links that OGC has registered.
const relation = "http://www.opengis.net/def/rel/ogc/1.0/"

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
		Link{r.href("/conformance"), relation + "conformance", typeJSON, "The same, by the name that OGC API – Common has for it", false},
		Link{r.href("/collections"), "data", typeJSON, "The collections", false},
		Link{r.href("/functions"), relation + "functions", typeJSON, "What a filter may call", false})
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
		add("ogcapi-features-4/1.0", "create-replace-delete", "update", "optimistic-locking-etags", "optimistic-locking-timestamps", "features")
	}
	add("ogcapi-features-5/1.0", "schemas", "core-roles-features", "queryables", "sortables", "returnables-and-receivables")
	add("ogcapi-common-3/1.0", "schemas", "advanced-property-roles", "queryables", "sortables", "returnables-and-receivables") // what part 5 is called since it was adopted
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
		{r.href(path + "/queryables"), relation + "queryables", typeSchema, "What a filter may name", false},
		{r.href(path + "/sortables"), relation + "sortables", typeSchema, "What may be sorted by", false},
		{r.href(path + "/schema"), relation + "schema", typeSchema, "What a feature holds", false},
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
	return c.NoContent(http.StatusOK) // not 204: OGC 20-002r1, /req/create-replace-delete/options-response
}

// offer sets Allow to what whoever asks may do here, and what is taken.
func (a *API) offer(c echo.Context) {
	methods := []string{http.MethodGet, http.MethodHead, http.MethodOptions}
	col, ok := collection.ByID(c.Param("collection"))
	if ok && col.Editable && a.Log != nil && a.MayWrite(c) {
		switch {
		case strings.HasSuffix(c.Path(), "/items"):
			methods = append(methods, http.MethodPost)
			c.Response().Header().Set("Accept-Post", strings.Join(featureTypes, ", "))
		case strings.HasSuffix(c.Path(), "/items/:fid"):
			methods = append(methods, http.MethodPut, http.MethodPatch, http.MethodDelete)
			c.Response().Header().Set("Accept-Patch", strings.Join(patchTypes, ", "))
		}
	}
	c.Response().Header().Set("Allow", strings.Join(methods, ", "))
}
