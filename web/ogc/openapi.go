package ogc

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/collection"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// api is the definition of the interface (OpenAPI 3.0.3), made from what the
// handlers themselves read.
func (a *API) api(c echo.Context) error {
	r, err := a.accept(c, []string{typeOpenAPI, typeJSON})
	if err != nil {
		return err
	}
	doc := a.definition(r)
	if r.format == "html" {
		return a.apiPage(r, doc)
	}
	return a.write(r, typeOpenAPI, doc)
}

type object = map[string]any

func (a *API) definition(r request) object {
	paths := object{
		"/":            object{"get": operation("getLandingPage", "The way to everything else", "Capabilities", nil, typeJSON, "landingPage")},
		"/conformance": object{"get": operation("getConformance", "The classes of requirements that are met", "Capabilities", nil, typeJSON, "confClasses")},
		"/api":         object{"get": operation("getAPI", "This definition", "Capabilities", nil, typeOpenAPI, "document")},
		"/functions":   object{"get": operation("getFunctions", "What a filter may call", "Capabilities", nil, typeJSON, "functions")},
		"/collections": object{"get": operation("getCollections", "The collections", "Capabilities", nil, typeJSON, "collections")},
	}
	for _, col := range collection.All() {
		a.collectionPaths(paths, col)
	}
	doc := object{
		"openapi": "3.0.3",
		"info": object{"title": "Intercept Log", "version": "1.0.0", "description": a.about(),
			"contact": object{"name": "The keepers of this log"}, "license": object{"name": "As marked on each record"}},
		"servers": []object{{"url": r.base}},
		"tags":    []object{{"name": "Capabilities", "description": "What there is"}, {"name": "Data", "description": "The features"}},
		"paths":   paths,
		"components": object{
			"schemas":         documentSchemas,
			"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer", "description": "A token of a user"}, "basic": object{"type": "http", "scheme": "basic", "description": "The name of a user, with a token as the password"}},
		},
	}
	if !a.Open {
		doc["security"] = []object{{"bearer": []string{}}, {"basic": []string{}}}
	}
	return doc
}

func text() object { return object{"type": "string"} }

// operation is one that reads; schema names the form of its answer as JSON.
func operation(id, summary, tag string, params []object, mediaType, schema string) object {
	params = append([]object{query("f", "The format; it goes before the header Accept.", object{"type": "string", "enum": []string{"json", "html"}})}, params...)
	answer := object{"schema": ref(schema)}
	content := object{mediaType: answer, typeHTML: object{"schema": text()}}
	if mediaType == typeGeoJSON {
		content[typeJSON] = answer // for whoever takes JSON of no other kind
	}
	return object{"operationId": id, "summary": summary, "tags": []string{tag}, "parameters": params, "responses": object{
		"200":     object{"description": summary, "content": content},
		"304":     object{"description": "It is as If-None-Match, or If-Modified-Since, says."},
		"400":     problemAnswer("A parameter is not accepted; which one is said."),
		"401":     problemAnswer("No token."),
		"403":     problemAnswer("The token does not open this."),
		"404":     problemAnswer("There is no such thing."),
		"406":     problemAnswer("Accept takes none of the media types that there are."),
		"default": problemAnswer("Anything else that went wrong."),
	}}
}

func ref(schema string) object { return object{"$ref": "#/components/schemas/" + schema} }

func problemAnswer(description string) object {
	return object{"description": description, "content": object{"application/problem+json": object{"schema": ref("problem")}}}
}

// query is a parameter of an address.
func query(name, description string, schema object) object {
	return object{"name": name, "in": "query", "required": false, "description": description, "schema": schema, "style": "form", "explode": false}
}

func header(name, description string) object {
	return object{"name": name, "in": "header", "required": false, "schema": text(), "description": description}
}

func (a *API) collectionPaths(paths object, col *collection.Collection) {
	at := "/collections/" + col.ID
	paths[at] = object{"get": operation("get_"+col.ID, col.Title+": what the collection is", "Capabilities", nil, typeJSON, "collection")}
	paths[at+"/queryables"] = object{"get": operation("queryables_"+col.ID, col.Title+": what a filter may name", "Capabilities", nil, typeSchema, "schema")}
	paths[at+"/sortables"] = object{"get": operation("sortables_"+col.ID, col.Title+": what may be sorted by", "Capabilities", nil, typeSchema, "schema")}
	paths[at+"/schema"] = object{"get": operation("schema_"+col.ID, col.Title+": what a feature holds", "Capabilities", nil, typeSchema, "schema")}
	paths[at+"/geojson-schema"] = object{"get": operation("geojson_schema_"+col.ID, col.Title+": the form of a feature as GeoJSON", "Capabilities", nil, typeSchema, "schema")}
	params := itemParameters(col)
	items := object{"get": operation("items_"+col.ID, col.Title+": features", "Data", params, typeGeoJSON, "featureCollectionGeoJSON")}
	fid := object{"name": "fid", "in": "path", "required": true, "description": "The id of the feature.", "schema": text()}
	gone := query("retracted", "Whether a feature that was taken back is given.", object{"type": "boolean", "default": false})
	one := object{"parameters": []object{fid}, "get": operation("item_"+col.ID, col.Title+": one feature", "Data", append(oneParameters(col), gone), typeGeoJSON, "featureGeoJSON")}
	if col.Incidents() {
		paths[at+"/changes"] = object{"get": a.changesOperation(col, params)}
	}
	if col.Editable && a.Log != nil {
		unchanged := []object{header("If-Match", "The ETag of the feature that is changed."), header("If-Unmodified-Since", "The Last-Modified of the feature that is changed.")}
		system := header("Content-Crs", "The reference system of the geometry, in angle brackets; CRS84 if none is given.")
		reason := query("reason", "Why the feature is taken back.", text())
		items["post"] = writing("create_"+col.ID, "Enter a feature", "201", "It was entered; Location says where it is.", featureTypes, system)
		one["put"] = writing("replace_"+col.ID, "Replace a feature", "200", "It was replaced.", featureTypes, append(unchanged, system)...)
		one["patch"] = writing("update_"+col.ID, "Change members of a feature (RFC 7396)", "200", "It was changed.", patchTypes, append(unchanged, system)...)
		one["delete"] = writing("delete_"+col.ID, "Take a feature back; it stays in the log as retracted", "204", "It was taken back.", nil, append(unchanged, reason)...)
	}
	paths[at+"/items"], paths[at+"/items/{fid}"] = items, one
}

// changesOperation is that of /changes, which has the parameters of /items
// without those that put the features in an order.
func (a *API) changesOperation(col *collection.Collection, params []object) object {
	params = slices.DeleteFunc(slices.Clone(params), func(p object) bool { return !changesTake(p["name"].(string)) })
	params = append(params, query("since", "The token of an earlier answer; without it everything is given as added.", text()))
	op := operation("changes_"+col.ID, col.Title+": what has changed since a token. An extension of this server.", "Data", params, typeGeoJSON, "featureCollectionGeoJSON")
	delete(op["responses"].(object)["200"].(object)["content"].(object), typeHTML)
	return op
}

// writing is an operation that changes the log; bodies are the media types that
// it takes.
func writing(id, summary, status, done string, bodies []string, params ...object) object {
	answer := object{"description": done}
	op := object{"operationId": id, "summary": summary, "tags": []string{"Data"}, "parameters": params,
		"responses": object{status: answer, "400": problemAnswer("What was sent cannot be read."), "401": problemAnswer("No token."), "403": problemAnswer("The token may not write."), "404": problemAnswer("There is no such thing."),
			"409": problemAnswer("It has been changed meanwhile, or is there already."), "412": problemAnswer("If-Match, or If-Unmodified-Since, names another state."), "413": problemAnswer("It is too large."), "415": problemAnswer("It is sent as something that is not taken."),
			"422": problemAnswer("A rule of the log is broken; each field is named."), "default": problemAnswer("Anything else that went wrong.")}}
	if len(bodies) > 0 {
		content := object{}
		for _, body := range bodies {
			content[body] = object{"schema": object{"type": "object"}}
		}
		op["requestBody"] = object{"required": true, "content": content}
		answer["content"] = object{typeGeoJSON: object{"schema": ref("featureGeoJSON")}}
	}
	return op
}

func systemSchema() object { return object{"type": "string", "format": "uri", "enum": systems()} }

func oneParameters(col *collection.Collection) []object {
	list := []object{
		query("as_of", "The moment whose state of the log is shown (RFC 3339). An extension of this server.", object{"type": "string"}),
		query("properties", "The properties wanted, with commas between.", object{"type": "array", "items": text()}),
		query("skipGeometry", "Whether to leave the geometry out.", object{"type": "boolean", "default": false}),
	}
	if col.Geometry != format.None {
		list = append(list, query("crs", "The reference system of the geometries; CRS84 if none is given.", systemSchema()))
	} else {
		list = append(list, query("crs", "Accepted and without effect: these features have no geometry.", systemSchema()))
	}
	return list
}

// itemParameters are all that /items takes, in the order of Params.
func itemParameters(col *collection.Collection) []object {
	known := object{
		"bbox": query("bbox", "Only features that meet this box, and those without a position: four numbers in the order of axes of bbox-crs, or six.",
			object{"type": "array", "oneOf": []object{{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}}, "items": object{"type": "number"}}),
		"bbox-crs":    query("bbox-crs", "The reference system of bbox; CRS84 if none is given.", systemSchema()),
		"datetime":    query("datetime", "Only features whose time meets this instant or interval (RFC 3339), and those without a time; .. leaves an end open, and a duration may stand for one.", text()),
		"limit":       query("limit", "How many features a page has at most.", object{"type": "integer", "minimum": 1, "maximum": mostLimit, "default": defaultLimit}),
		"cursor":      query("cursor", "The place to go on from, as a link “next” has it.", text()),
		"sortby":      query("sortby", "A property to sort by, with - in front for falling.", object{"type": "string", "enum": bothWays(col.Sorts)}),
		"filter":      query("filter", "Only features that this filter of CQL2 is true of.", text()),
		"filter-lang": query("filter-lang", "The language of filter; cql-text is cql2-text as GDAL 3.6 writes it, which looks for that name here.", object{"type": "string", "enum": []string{"cql2-text", "cql2-json", "cql-text"}, "default": "cql2-text"}),
		"filter-crs":  query("filter-crs", "The reference system of the geometries in filter; CRS84 if none is given.", systemSchema()),
		"nation":      query("nation", "Nations of either party, any of them (ISO 3166-1 alpha-2, or NATO).", object{"type": "array", "items": text()}),
		"aircraft":    query("aircraft", "Types of either party: a designator or a part of a name.", object{"type": "array", "items": text()}),
		"behaviour":   query("behaviour", "What was done, any of these.", object{"type": "array", "items": text()}),
		"from":        query("from", "Incidents from this time on, as the log's pages have it; datetime is the standard's.", text()),
		"to":          query("to", "Incidents before this time.", text()),
		"q":           query("q", "Words, all of which must be found.", text()),
		"exercise":    query("exercise", "Whether exercise records are given: exclude or false (if nothing is said), include, only or true.", object{"anyOf": []object{{"type": "boolean"}, {"type": "string", "enum": []string{"exclude", "include", "only"}}}}),
	}
	one := oneParameters(col)
	for _, p := range one {
		known[p["name"].(string)] = p
	}
	var list []object
	for _, name := range collection.Params(col) {
		if p, ok := known[name]; ok {
			list = append(list, p.(object))
			continue
		}
		p, _ := col.Property(name)
		note := "Only features with this value. "
		switch name {
		case "report", "region", "severity", "deescalation", "number":
			note = "Only features with this value, or with any of several with commas between. "
		}
		if name == "report" {
			note += "If nothing is said: submitted, verified and closed. "
		}
		list = append(list, query(name, note+p.Meaning, parameterSchema(p)))
	}
	return list
}

func parameterSchema(p feature.Property) object {
	s := propertySchema(p)
	if p.Kind == feature.List {
		s = s["items"].(map[string]any)
	}
	out := object{}
	for _, k := range []string{"type", "format", "enum"} {
		if v, ok := s[k]; ok {
			out[k] = v
		}
	}
	return out
}

func bothWays(names []string) []string {
	var list []string
	for _, n := range names {
		list = append(list, n, "-"+n)
	}
	slices.SortFunc(list, func(a, b string) int {
		return strings.Compare(strings.TrimPrefix(a, "-")+a, strings.TrimPrefix(b, "-")+b)
	})
	return list
}
