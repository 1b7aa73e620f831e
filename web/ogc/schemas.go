package ogc

import (
	"slices"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/collection"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

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
	switch kind {
	case "geojson-schema":
		doc = featureSchema(col)
	case "schema":
		a.markStated(col, doc["properties"].(map[string]any))
	}
	doc["$id"] = r.href(path)
	doc["title"] = col.Title
	doc["description"] = title
	if kind != "geojson-schema" {
		doc["additionalProperties"] = false // a name that is not in it is refused
	}
	return a.write(r, typeSchema, doc)
}

// statedOf are the properties that a feature which is sent is read for; what else
// it has is what the log works out itself, and is passed over.
var statedOf = map[string][]string{
	"incidents": {"title", "date", "time_precision", "start_from", "start_to", "end_from", "end_to", "region", "sub_area", "location", "airspace_kind", "airspace_state", "fir",
		"position_basis", "position_uncertainty_nm", "intercepting_nations", "intercepting_aircraft", "intercepting_count", "intercepting_platform",
		"intercepted_nations", "intercepted_aircraft", "intercepted_count", "intercepted_platform", "transponder", "flight_plan", "radio_contact",
		"closest_approach_m", "violation_duration_s", "behaviours", "severity", "severity_reason", "absence", "marking", "exercise", collection.GeometryName},
	"contacts": {"line_id", "channel", "channel_kind", "channel_parties", "initiators", "answerers", "date", "time_precision", "start_from", "start_to", "end_from", "end_to",
		"outcome", "purpose", "summary", "caller", "callee", "marking", "exercise", "incident_ids", "relations"},
}

// markStated says which properties are given only, and adds the one that is
// taken only (23-058r1, /req/schemas/properties).
func (a *API) markStated(col *collection.Collection, props map[string]any) {
	written := col.Editable && a.Log != nil
	for name, p := range props {
		if !written || !slices.Contains(statedOf[col.ID], name) {
			p.(map[string]any)["readOnly"] = true
		}
	}
	if written {
		props["reason"] = map[string]any{"title": "reason", "type": "string", "writeOnly": true, "description": "Why the record is changed."}
	}
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

// ucum are the units in the code that the standard asks for (UCUM, case sensitive).
var ucum = map[string]string{"metres": "m", "kilometres": "km", "nautical miles": "[nmi_i]", "seconds": "s", "square kilometres": "km2"}

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
	if code := ucum[p.Unit]; code != "" {
		s["x-ogc-unit"] = code
	}
	if len(p.Codes) == 0 && p.Vocabulary != "" {
		s["description"] = p.Meaning + " Values: " + p.Vocabulary + "."
	}
	return s
}
