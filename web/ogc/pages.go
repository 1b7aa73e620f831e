package ogc

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"interceptlog/internal/collection"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo/crs"
	"interceptlog/web/view"
)

// show answers with a page; it begins with the way to it.
func (a *API) show(r request, p view.ServedPage, links []Link) error {
	for _, l := range links {
		switch l.Rel {
		case "alternate":
			p.Formats = append(p.Formats, view.ServedLink{Href: l.Href, Label: "JSON"})
		case "enclosure":
			p.Formats = append(p.Formats, view.ServedLink{Href: l.Href, Label: l.Title})
		}
	}
	return a.Page(r.c, http.StatusOK, p)
}

func (r request) crumbs(more ...view.ServedLink) []view.ServedLink {
	return append([]view.ServedLink{{Href: r.href("?f=html"), Label: "OGC API"}}, more...)
}

func (r request) crumbsTo(col *collection.Collection) []view.ServedLink {
	return r.crumbs(view.ServedLink{Href: r.href("/collections?f=html"), Label: "Collections"}, view.ServedLink{Href: r.href("/collections/" + col.ID + "?f=html"), Label: col.Title})
}

// documentPage is the page of a document that is text, links and a list.
func (a *API) documentPage(r request, title, text string, links []Link, list []string) error {
	p := view.ServedPage{Heading: title, Text: text, List: list}
	if title != "OGC API" {
		p.Crumbs = r.crumbs()
	} else {
		for _, place := range []struct{ path, name, what string }{
			{"/collections", "Collections", "Incidents, contacts, lines, regions and places, each as GeoJSON, as a page, and as files."},
			{"/api", "Interface", "Every address and parameter (OpenAPI 3.0)."},
			{"/functions", "Functions", "What a filter may call beside the operators of CQL2."},
			{"/conformance", "Conformance", "The requirements of the standards that are met."},
		} {
			if len(p.Tables) == 0 {
				p.Tables = []view.ServedTable{{Title: "What there is", Head: []string{"Page", "What it is for"}}}
			}
			p.Tables[0].Rows = append(p.Tables[0].Rows, []view.ServedCell{{Text: place.name, Href: r.href(place.path + "?f=html")}, {Text: place.what}})
		}
		p.Facts = []view.ServedFact{{Label: "Address for a GIS", Text: r.base, Mono: true}}
	}
	return a.show(r, p, links)
}

func (a *API) collectionsPage(r request, docs []collectionDoc) error {
	t := view.ServedTable{Title: "Collections", Head: []string{"Collection", "What is in it", "Time"}}
	for _, d := range docs {
		t.Rows = append(t.Rows, []view.ServedCell{{Text: d.Title, Href: r.href("/collections/" + d.ID + "?f=html")}, {Text: d.Description}, {Text: periodOf(d.Extent), Mono: true}})
	}
	return a.show(r, view.ServedPage{Heading: "Collections", Crumbs: r.crumbs(), Tables: []view.ServedTable{t}}, r.both("/collections", typeJSON))
}

func periodOf(e *extent) string {
	if e == nil || e.Temporal == nil {
		return "—"
	}
	i := e.Temporal.Interval[0]
	return (*i[0])[:10] + " – " + (*i[1])[:10]
}

func (a *API) collectionPage(r request, col *collection.Collection, d collectionDoc) error {
	at := "/collections/" + col.ID
	p := view.ServedPage{Heading: col.Title, Text: col.Description, Crumbs: r.crumbsTo(col)[:2], Facts: []view.ServedFact{
		{Label: "Features", Text: "as a page", Href: r.href(at + "/items?f=html")},
		{Label: "Properties", Text: "meaning, unit, vocabulary", Href: r.href(at + "/schema?f=html")},
		{Label: "Sorted by", Text: strings.Join(col.Sorts, ", ")},
		{Label: "Time", Text: periodOf(d.Extent), Mono: true},
	}}
	if d.Extent != nil && d.Extent.Spatial != nil {
		b := d.Extent.Spatial.BBox[0]
		p.Facts = append(p.Facts, view.ServedFact{Label: "Box", Text: fmt.Sprintf("%.2f, %.2f to %.2f, %.2f (longitude, latitude)", b[0], b[1], b[2], b[3]), Mono: true})
	}
	if col.Geometry != format.None {
		var names []string
		for _, s := range crs.All() {
			names = append(names, s.Name)
		}
		p.Facts = append(p.Facts, view.ServedFact{Label: "Reference systems", Text: strings.Join(names, "; ")})
	}
	return a.show(r, p, d.Links)
}

// columns are what a table of features shows of each collection.
var columns = map[string][]string{
	"incidents": {"number", "title", "date", "region", "severity", "deescalation"},
	"contacts":  {"channel", "date", "initiators", "answerers", "outcome", "purpose"},
	"lines":     {"name", "parties", "kind", "state", "hours"},
	"regions":   {"name", "firs", "area_km2"},
	"places":    {"name", "kind", "country", "icao", "region"},
}

func (a *API) itemsPage(r request, col *collection.Collection, p page, look shown) error {
	cols := columns[col.ID]
	if col.Incidents() {
		cols = columns["incidents"]
	}
	t := view.ServedTable{Title: "Features", Head: []string{"Feature"}}
	for _, name := range cols {
		t.Head = append(t.Head, words(name))
	}
	for _, f := range p.features {
		row := []view.ServedCell{{Text: short(f.ID), Href: r.href("/collections/" + col.ID + "/items/" + url.PathEscape(f.ID) + "?f=html"), Mono: true}}
		for _, name := range cols {
			row = append(row, cell(col, f, name))
		}
		t.Rows = append(t.Rows, row)
	}
	q := r.query
	out := view.ServedPage{Heading: col.Title, Crumbs: r.crumbsTo(col), Tables: []view.ServedTable{t}, More: fmt.Sprintf("%d of %d", p.Returned, p.Matched),
		Form: &view.ServedForm{Action: r.href("/collections/" + col.ID + "/items"), Fields: []view.Input{
			{Name: "bbox", Label: "Box", Hint: "west,south,east,north", Value: q.Get("bbox"), Width: "w-m", Mono: true},
			{Name: "datetime", Label: "Time", Hint: "2024-01-01/..", Value: q.Get("datetime"), Width: "w-m", Mono: true},
			{Name: "filter", Label: "Filter", Hint: "CQL2, such as " + filterExample(col), Value: q.Get("filter"), Width: "w-l", Mono: true},
			{Name: "limit", Label: "How many", Hint: "a page", Value: limitText(q), Width: "w-s", Mono: true},
		}}}
	links := a.itemLinks(r, col, p, p.at.AsOf)
	for _, l := range links {
		if l.Rel == "next" {
			out.Next = l.Href
		}
	}
	return a.show(r, out, links)
}

func limitText(q url.Values) string {
	if s := q.Get("limit"); s != "" {
		return s
	}
	return fmt.Sprint(defaultLimit)
}

func filterExample(col *collection.Collection) string {
	switch col.ID {
	case "contacts":
		return "outcome = 'no_answer'"
	case "lines":
		return "state <> 'in_use'"
	case "regions":
		return "area_km2 > 500000"
	case "places":
		return "country = 'NO'"
	}
	return "severity = 'high_risk' AND first_direct_max_s < 86400"
}

func short(id string) string {
	if len(id) == 36 {
		return "…" + id[24:]
	}
	return id
}

// words turns a property's name into what a person reads.
func words(name string) string {
	s := strings.Replace(strings.ReplaceAll(name, "_", " "), "deescalation", "de-escalation", 1)
	return strings.ToUpper(s[:1]) + s[1:]
}

func cell(col *collection.Collection, f *feature.Feature, name string) view.ServedCell {
	p, _ := col.Property(name)
	v, _ := col.Value(f, name)
	text, ok := collection.TextOf(p.Kind, v)
	if !ok || text == "" {
		text = "—"
	}
	return view.ServedCell{Text: text, Mono: name == "number" || name == "date" || name == "icao"}
}

func (a *API) itemPage(r request, col *collection.Collection, f *feature.Feature, look shown) error {
	at := "/collections/" + col.ID + "/items/" + url.PathEscape(f.ID)
	p := view.ServedPage{Heading: f.ID, Crumbs: r.crumbsTo(col)}
	if v, ok := col.Value(f, "title"); ok && v.Text != "" {
		p.Heading = v.Text
	} else if v, ok := col.Value(f, "name"); ok && v.Text != "" {
		p.Heading = v.Text
	}
	switch {
	case col.Incidents():
		p.Facts = append(p.Facts, view.ServedFact{Label: "In the log", Text: "its own page", Href: "/incidents/" + f.ID})
	case col.ID == "contacts" || col.ID == "lines":
		p.Facts = append(p.Facts, view.ServedFact{Label: "In the log", Text: "its own page", Href: "/" + col.ID + "/" + f.ID})
	}
	for i, prop := range col.Properties {
		if look.pick != nil && !slices.Contains(look.pick, i) {
			continue
		}
		c := cell(col, f, prop.Name)
		label := words(prop.Name)
		if prop.Unit != "" && c.Text != "—" {
			c.Text += " " + prop.Unit
		}
		p.Facts = append(p.Facts, view.ServedFact{Label: label, Text: c.Text, Mono: prop.Kind == feature.Instant || c.Mono})
	}
	if f.Geometry != nil && !look.bare {
		p.Facts = append(p.Facts, view.ServedFact{Label: "Geometry", Text: collection.WKT(f.Geometry), Mono: true})
	}
	return a.show(r, p, r.both(at, typeGeoJSON))
}

// schemaPage is the codebook of a collection.
func (a *API) schemaPage(r request, col *collection.Collection, title, path string, only []string) error {
	t := view.ServedTable{Title: "Properties", Head: []string{"Property", "Type", "Unit", "Meaning", "Values"}}
	for _, p := range col.Properties {
		if only == nil || slices.Contains(only, p.Name) {
			t.Rows = append(t.Rows, []view.ServedCell{{Text: p.Name, Mono: true}, {Text: p.Type()}, {Text: orDash(p.Unit)}, {Text: p.Meaning}, {Text: orDash(p.Values())}})
		}
	}
	return a.show(r, view.ServedPage{Heading: title, Crumbs: r.crumbsTo(col), Tables: []view.ServedTable{t}}, r.both(path, typeSchema))
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// apiPage lists every address with its parameters.
func (a *API) apiPage(r request, doc object) error {
	p := view.ServedPage{Heading: "Interface", Crumbs: r.crumbs(), Text: "Every address, how it is asked, and what it takes. " + a.signIn()}
	ops := view.ServedTable{Title: "Addresses", Head: []string{"Address", "Method", "What it does"}}
	paths := doc["paths"].(object)
	var order []string
	for path := range paths {
		order = append(order, path)
	}
	slices.Sort(order)
	for _, path := range order {
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			if op, ok := paths[path].(object)[method].(object); ok {
				ops.Rows = append(ops.Rows, []view.ServedCell{{Text: Prefix + strings.TrimSuffix(path, "/"), Mono: true}, {Text: strings.ToUpper(method), Mono: true}, {Text: op["summary"].(string)}})
			}
		}
	}
	params := view.ServedTable{Title: "Parameters of the features of incidents", Head: []string{"Parameter", "What it does"}}
	col, _ := collection.ByID("incidents")
	for _, q := range itemParameters(col) {
		params.Rows = append(params.Rows, []view.ServedCell{{Text: q["name"].(string), Mono: true}, {Text: q["description"].(string)}})
	}
	p.Tables = []view.ServedTable{ops, params}
	return a.show(r, p, []Link{{Href: r.href("/api?f=json"), Rel: "alternate"}})
}

func (a *API) signIn() string {
	if a.Open {
		return "Reading needs no token here."
	}
	return "A program sends a token, as Bearer or as the password of Basic."
}
