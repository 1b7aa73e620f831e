package web

import (
	"cmp"
	"slices"

	"interceptlog/internal/aircraft"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// symbolsOf gives the symbols of a party, one for each task of its aircraft, in
// their order. There is none for a party of which nothing is known, nor where
// nobody was intercepted.
func symbolsOf(p incidents.Party) []view.Symbol {
	kind := p.PlatformKind
	if kind == "none" || len(p.Nations)+len(p.Aircraft) == 0 && !view.IsTask(kind) {
		return nil
	}
	tasks := []string{kind}
	if kind != "ship" && kind != "installation" && len(p.Aircraft) > 0 {
		tasks = tasks[:0]
		for _, a := range p.Aircraft {
			tasks = append(tasks, cmp.Or(aircraft.TaskOf(a.Designator, a.Name), kind))
		}
	}
	side := incidents.SideOf(p.Nations)
	var list []view.Symbol
	for _, task := range tasks {
		if !view.IsTask(task) { // mixed, unknown
			task = "aircraft"
		}
		if s := (view.Symbol{Side: side, Task: task}); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func symbolValues(p incidents.Party) []view.Value {
	var list []view.Value
	for _, s := range symbolsOf(p) {
		list = append(list, view.Value{Symbol: &s})
	}
	return list
}
