package view

import "github.com/a-h/templ"

// RegionPage is the map of one sea, with its filters and its list.
type RegionPage struct {
	Frame        Frame
	Filter       FilterForm
	Region, Name string
	Projection   string // in words
	Proj4, Code  string // for the script
	View         string // JSON: west, south, east, north
	Features     string // address of the same incidents as GeoJSON
	Export, Log  string
	Drawing      templ.Component // the map without scripts, and for print
	Rows         []ListRow
	Total        int
	Serious      int // serious or worse, of those shown
	Through      int // with a contact that got through, of those shown
}

// MapsPage is the way to the three seas.
type MapsPage struct {
	Frame Frame
	Seas  []SeaPanel
}

// SeaPanel is one sea on it.
type SeaPanel struct {
	Name, Href, Projection string
	Total                  int
	Severities, Statuses   []Choice
	Drawing                templ.Component
}
