package view

import "github.com/a-h/templ"

// MapPage shows all seas beside each other.
type MapPage struct {
	Frame        Frame
	Filter       FilterForm
	Seas         []SeaPanel
	Total        int
	Outside      int // in none of the seas
	OutsideHref  string
	Pin          Pin
	List, Export string // addresses with the same filter
}

// SeaPanel is one sea: its chart, its counts and what was last.
type SeaPanel struct {
	ID, Name, Href       string
	Total                int
	Chart                templ.Component
	Severities, Statuses []Choice
	Newest               []ListRow
}

// RegionPage is the map of one sea with the list beside it.
type RegionPage struct {
	Frame             Frame
	Filter            FilterForm
	Name, Projection  string
	Total, Drawn      int
	Serious, Followed int
	Rows              []ListRow
	Wide, Narrow      templ.Component // the drawn map for either width
	Live              LiveMap
	List, Export      string
	Pin               Pin
}

// LiveMap is what the script needs to draw the map again on a canvas.
type LiveMap struct{ Region, Code, Proj4, View, Features, Seas string }

// SeaName is the name of a water and where to write it.
type SeaName struct {
	Name string  `json:"name"`
	Lon  float64 `json:"lon"`
	Lat  float64 `json:"lat"`
}

// more counts the incidents that the list beside the map leaves out.
func (p RegionPage) more() int { return p.Total - len(p.Rows) }

// unplaced counts the rows that the map cannot show.
func (p RegionPage) unplaced() (n int) {
	for _, r := range p.Rows {
		if !r.Located {
			n++
		}
	}
	return n
}

// plain is what a count of incidents is called.
func plain(n int) string {
	if n == 1 {
		return "incident"
	}
	return "incidents"
}

// legendKeys are the frames and bars of the symbols, each as the map draws it.
var legendKeys = []struct {
	class, label string
	sign         bool
}{
	{"late", "overdue", true},
	{"due", "awaiting", true},
	{"tried", "tried in vain", true},
	{"followed", "call followed", true},
	{"followed_late", "late, at worst", true},
	{"not_known", "not known", true},
	{"infer", "place inferred", false},
}
