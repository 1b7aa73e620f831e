package aircraft

import (
	"slices"
	"strings"
)

// tasks part what Role has under one word, by the names of types: the symbols
// of APP-6 tell a patrol aircraft from a listener and a tanker from a freighter.
// From memory, as the roles themselves.
var tasks = []struct {
	task  string
	types []string
}{
	{"patrol", []string{"Tu-142", "Il-38", "Be-12", "P-3", "P-8", "Breguet Atlantic", "M28", "Do 228", "Dash 8"}},
	{"warning", []string{"A-50", "E-3F", "E-3A", "E-7", "E-2", "S 100 Argus"}},
	{"tanker", []string{"Il-78", "KC-135", "KC-46", "KC-10", "A330 MRTT"}},
}

// Task is what aircraft of the type mostly do: patrol (over the sea), warning
// (airborne early warning) or tanker, and for all others their Role.
func (t Type) Task() string {
	for _, k := range tasks {
		if slices.Contains(k.types, t.Name) {
			return k.task
		}
	}
	return t.Role
}

// TaskOf gives the task of aircraft as a record has them: by the name, which
// tells a Tu-142 from a Tu-95, and else by the designator. It is empty where
// neither is known.
func TaskOf(designator, name string) string {
	if found := Find(name); len(found) > 0 {
		return found[0].Types[0].Task()
	}
	for _, t := range All() {
		if name != "" && strings.EqualFold(name, t.Name) {
			return t.Task()
		}
	}
	if types := ByDesignator(designator); designator != NoDesignator && len(types) > 0 {
		return types[0].Task()
	}
	return ""
}
