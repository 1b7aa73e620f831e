package ogc

// documentSchemas are the forms of what is answered, after the schemas that
// 17-069r4 and 19-079r2 publish, as OpenAPI 3.0 has them. What the schema of one
// collection says of its properties is at its address schema.
var documentSchemas = object{
	"link":        form([]string{"href", "rel"}, object{"href": text(), "rel": text(), "type": text(), "title": text(), "templated": object{"type": "boolean"}}),
	"landingPage": form([]string{"links"}, object{"title": text(), "description": text(), "links": listOf(ref("link"))}),
	"confClasses": form([]string{"conformsTo"}, object{"conformsTo": listOf(text()), "links": listOf(ref("link"))}),
	"collections": form([]string{"links", "collections"}, object{"links": listOf(ref("link")), "collections": listOf(ref("collection")), "crs": listOf(text())}),
	"collection": form([]string{"id", "links"}, object{"id": text(), "title": text(), "description": text(), "links": listOf(ref("link")), "extent": ref("extent"),
		"itemType": object{"type": "string", "default": "feature"}, "crs": listOf(text()), "storageCrs": object{"type": "string", "format": "uri"}, "geometryDimension": object{"type": "integer", "minimum": 0, "maximum": 3}}),
	"extent": form(nil, object{
		"spatial":  form(nil, object{"bbox": object{"type": "array", "minItems": 1, "items": object{"type": "array", "minItems": 4, "maxItems": 6, "items": object{"type": "number"}}}, "crs": text()}),
		"temporal": form(nil, object{"interval": object{"type": "array", "minItems": 1, "items": object{"type": "array", "minItems": 2, "maxItems": 2, "items": object{"type": "string", "format": "date-time", "nullable": true}}}, "trs": text()}),
	}),
	"featureCollectionGeoJSON": form([]string{"type", "features"}, object{"type": object{"type": "string", "enum": []string{"FeatureCollection"}}, "features": listOf(ref("featureGeoJSON")), "links": listOf(ref("link")),
		"timeStamp": object{"type": "string", "format": "date-time"}, "numberMatched": object{"type": "integer", "minimum": 0}, "numberReturned": object{"type": "integer", "minimum": 0}}),
	"featureGeoJSON": form([]string{"type", "geometry", "properties"}, object{"type": object{"type": "string", "enum": []string{"Feature"}}, "id": text(), "links": listOf(ref("link")),
		"geometry": object{"type": "object", "nullable": true, "allOf": []object{ref("geometryGeoJSON")}}, "properties": object{"type": "object", "nullable": true}}),
	"geometryGeoJSON": object{"oneOf": []object{shape("Point", 1), shape("MultiPoint", 2), shape("LineString", 2), shape("MultiLineString", 3), shape("Polygon", 3), shape("MultiPolygon", 4)}},
	"functions": form([]string{"functions"}, object{"links": listOf(ref("link")), "functions": listOf(form([]string{"name", "returns"}, object{"name": text(), "description": text(), "returns": listOf(text()),
		"arguments": listOf(form([]string{"type"}, object{"title": text(), "description": text(), "type": listOf(text())}))}))}),
	"schema":   object{"type": "object", "description": "A JSON Schema (2020-12).", "required": []string{"$schema", "$id", "type", "properties"}, "properties": object{"$schema": text(), "$id": text(), "type": text(), "title": text(), "description": text(), "properties": object{"type": "object"}}},
	"document": object{"type": "object", "description": "A document of OpenAPI 3.0.", "required": []string{"openapi", "info", "paths"}},
	"problem": object{"type": "object", "description": "RFC 9457", "properties": object{"type": text(), "title": text(), "status": object{"type": "integer"}, "detail": text(), "instance": text(), "parameter": text(), "value": text(), "accepted": text(),
		"column": object{"type": "integer"}, "pointer": text(), "errors": listOf(form(nil, object{"pointer": text(), "detail": text()}))}},
}

func form(required []string, properties object) object {
	f := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		f["required"] = required
	}
	return f
}

func listOf(items object) object { return object{"type": "array", "items": items} }

// shape is a geometry whose coordinates are lists nested so deep.
func shape(name string, deep int) object {
	coordinates := object{"type": "array", "minItems": 2, "items": object{"type": "number"}}
	for range deep - 1 {
		coordinates = listOf(coordinates)
	}
	return form([]string{"type", "coordinates"}, object{"type": object{"type": "string", "enum": []string{name}}, "coordinates": coordinates})
}
