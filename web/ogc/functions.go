package ogc

import (
	"maps"
	"slices"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/cql2"
)

// function is one that a filter may call (19-079r2, /req/filter/get-functions-response-json).
type function struct {
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Arguments   []argument `json:"arguments"`
	Returns     []string   `json:"returns"`
}

type argument struct {
	Type []string `json:"type"`
}

// typeNames are the types of CQL2 as the standard calls them there.
var typeNames = map[cql2.Type][]string{cql2.Text: {"string"}, cql2.Number: {"number"}, cql2.Boolean: {"boolean"}, cql2.Instant: {"datetime"}, cql2.Geometry: {"geometry"}, cql2.Array: {"array"}}

// functions lists what a filter may call beside the operators.
func (a *API) functions(c echo.Context) error {
	r, err := a.accept(c, []string{typeJSON})
	if err != nil {
		return err
	}
	links := r.both("/functions", typeJSON)
	var list []function
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(cql2.Functions)) {
		f := cql2.Functions[name]
		one := function{Name: name, Description: f.Meaning, Returns: typeNames[f.Returns]}
		for _, t := range f.Takes {
			one.Arguments = append(one.Arguments, argument{typeNames[t]})
		}
		list = append(list, one)
		lines = append(lines, name+": "+f.Meaning)
	}
	if r.format == "html" {
		return a.documentPage(r, "Functions", "What a filter may call beside the operators of CQL2.", links, lines)
	}
	return a.write(r, typeJSON, map[string]any{"functions": list, "links": links})
}
