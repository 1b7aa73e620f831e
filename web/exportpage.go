package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/collection"
	"interceptlog/internal/export"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// showExports offers the files of a filter: GET /export?…
func (s *Server) showExports(c echo.Context) error {
	f, err := incidents.ParseFilter(c.QueryParams())
	if err != nil {
		return err
	}
	v := f.Values()
	p := view.ServedPage{Heading: "Files", Text: "What the filter finds, in a file. The manifest says what a file holds, with its SHA-256; “server verify FILE MANIFEST” checks it without a server. A GIS reads the log itself, at /ogc.",
		Facts: []view.ServedFact{{Label: "Filter", Text: orNone(v), Mono: true, Href: withQuery("/incidents", v)}, {Label: "For a GIS", Text: "OGC API", Href: "/ogc?f=html"}}}
	t := view.ServedTable{Title: "Incidents", Head: []string{"Format", "Ends in", "What it cannot hold", "Manifest"}}
	for _, one := range export.Formats() {
		at := "/export/incidents." + one.Ext
		limits := one.Limits
		if limits == "" {
			limits = "—"
		}
		t.Rows = append(t.Rows, []view.ServedCell{{Text: one.Title, Href: withQuery(at, v)}, {Text: "." + one.Ext, Mono: true}, {Text: limits}, {Text: "manifest", Href: withQuery(at+manifestSuffix, v)}})
	}
	p.Tables = append(p.Tables, t)
	others := view.ServedTable{Title: "Other collections, whole", Head: []string{"Collection", "GeoPackage", "CSV", "Excel"}}
	for _, col := range collection.All() {
		if col.ID != "incidents" {
			at := "/export/" + col.ID
			others.Rows = append(others.Rows, []view.ServedCell{{Text: col.Title, Href: "/ogc/collections/" + col.ID + "?f=html"}, {Text: "GeoPackage", Href: at + ".gpkg"}, {Text: "CSV", Href: at + ".csv"}, {Text: "Excel", Href: at + ".xlsx"}})
		}
	}
	p.Tables = append(p.Tables, others)
	p.Frame = s.frame(c, p.Heading, "log")
	return page(c, http.StatusOK, view.Served(p))
}

func orNone(v url.Values) string {
	if len(v) == 0 {
		return "none: every incident that is no exercise"
	}
	return v.Encode()
}
