package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/collection"
	"interceptlog/internal/export"
	"interceptlog/web/view"
)

// takers says who takes a file, by how its name ends. A format without a line
// here is offered all the same.
var takers = map[string]string{
	"geojson":    "Web maps (OpenLayers, Leaflet), scripts, and any GIS.",
	"geojsons":   "GDAL and programs that read one feature after another (RFC 8142).",
	"geojsonl":   "Tools that go line by line: jq, tippecanoe, data warehouses.",
	"gpkg":       "QGIS, ArcGIS Pro and GDAL: the first choice of a GIS.",
	"fgb":        "QGIS, GDAL and web maps, for large files: they read only what is in sight.",
	"shp.zip":    "Older GIS that take nothing newer.",
	"csv":        "Spreadsheets, R and pandas; the position stands as text (WKT).",
	"xlsx":       "People who work in Excel.",
	"tables.zip": "Databases, R and pandas: one table for each thing that an incident has several of.",
	"kml":        "Google Earth, and viewers on a tablet.",
}

// showExports offers the files of a filter: GET /export?…
func (s *Server) showExports(c echo.Context) error {
	q := ask(c)
	if q.err != nil {
		return q.err
	}
	v := q.values()
	p := view.ExportsPage{Frame: s.frame(c, "Files", "log"), List: withQuery("/incidents", v)}
	at := s.at(&p.Frame, q.AsOf)
	var err error
	if p.Total, err = s.Store.CountCases(c.Request().Context(), q.Filter, at); err != nil {
		return err
	}
	p.Search = view.FilterForm{Chips: q.chips(), Clear: q.path}
	for _, f := range export.Formats() {
		address := "/export/incidents." + f.Ext
		p.Formats = append(p.Formats, view.ExportFormat{Title: f.Title, Ext: f.Ext, Uses: takers[f.Ext], Limits: f.Limits, Href: withQuery(address, v), Manifest: withQuery(address+manifestSuffix, v)})
	}
	for _, col := range collection.All() {
		if col.ID != "incidents" {
			p.Others = append(p.Others, exportsOf(col, v))
		}
	}
	return page(c, http.StatusOK, view.Exports(p))
}

// exportsOf are the files of a collection: with the filter where it has the
// incidents of the list, at the moment asked for where it is of the log.
func exportsOf(col *collection.Collection, filter url.Values) view.ExportCollection {
	text, _, _ := strings.Cut(col.Description, ". ")
	one := view.ExportCollection{Title: col.Title, Text: strings.TrimSuffix(text, ".") + ".", Href: "/ogc/collections/" + col.ID + "?f=html"}
	asked := url.Values{}
	switch {
	case col.Incidents():
		asked = filter
	case col.Recorded() && filter.Has("as_of"):
		asked.Set("as_of", filter.Get("as_of"))
	}
	for _, f := range export.Formats() {
		one.Files = append(one.Files, view.ServedLink{Href: withQuery("/export/"+col.ID+"."+f.Ext, asked), Label: f.Ext, Note: f.Title})
	}
	return one
}
