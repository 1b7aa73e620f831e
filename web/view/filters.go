package view

import "strconv"

// FilterForm is a filter as a form: what was typed, what may be chosen with
// how many there are of it, and what is wrong.
type FilterForm struct {
	Action     string // where the answer is shown
	Clear      string // the same page with nothing asked
	Q          string
	From, To   string
	BBox       string
	AsOf       string
	Exercise   string // "", include, only
	Regions    []Choice
	Seas       []SeaLink // instead of Regions, on the maps
	Severities []Choice
	Statuses   []Choice
	Reports    []Choice
	Nations    []string // one field each
	Aircraft   []string
	Behaviours []string
	Carried    []Pair // what the page itself asks for: sort, limit
	Chips      []Chip // what is asked, each with the way without it
	Errors     []FieldError

	NationNames []Option
	Behaviour   []Option // all there are
}

// Choice is one value of a closed list with its count; below zero means not
// counted.
type Choice struct {
	Value, Label string
	Count        int
	Checked      bool
}

// SeaLink leads to the map of a sea, with the same filter.
type SeaLink struct {
	Label, Href string
	Count       int
	Current     bool
}

// Pair is a name and a value of an address.
type Pair struct{ Name, Value string }

// Chip is one thing that is asked for, and the address without it.
type Chip struct{ Label, Remove string }

// exercises are the three answers to whether exercises are wanted.
var exercises = []Choice{{Value: "", Label: "Real only"}, {Value: "include", Label: "With exercises"}, {Value: "only", Label: "Exercises only"}}

// summary says on a small screen what the folded form asks for.
func (f FilterForm) summary() string {
	switch n := len(f.Chips); n {
	case 0:
		return "Filters: none set"
	case 1:
		return "Filters: " + f.Chips[0].Label
	default:
		return "Filters: " + strconv.Itoa(n) + " set"
	}
}

// rare reports whether something is set in the part of the form that is
// seldom used, which is then shown open.
func (f FilterForm) rare() bool {
	checked := false
	for _, r := range f.Reports {
		checked = checked || r.Checked
	}
	return checked || f.BBox != "" || f.Exercise != "" || ErrorFor(f.Errors, "bbox") != "" || ErrorFor(f.Errors, "report") != "" || ErrorFor(f.Errors, "exercise") != ""
}

// numbered gives the fields of a list their ids: the first has the name itself.
func (f FilterForm) texts(name, label, list, placeholder string, values []string) []Input {
	var fields []Input
	for i, v := range append(append([]string{}, values...), "") {
		in := Input{Name: name, ID: optionID(name, i), Label: label, Value: v, List: list, Placeholder: placeholder, MaxLen: 200, Mono: name == "nation"}
		if i > 0 {
			in.Label, in.HideLabel = label+", or", true
			in.Placeholder = "or"
		} else {
			in.Err = ErrorFor(f.Errors, name)
		}
		fields = append(fields, in)
	}
	return fields
}

// count writes a count; the figure that nobody worked out is left out.
func (c Choice) count() string {
	if c.Count < 0 {
		return ""
	}
	return strconv.Itoa(c.Count)
}

func itoa(n int) string { return strconv.Itoa(n) }
