// Package aircraft knows the aircraft types that are met over the Baltic,
// Black and Norwegian seas: the designator of ICAO Doc 8643, what makers,
// crews and NATO call them, what they are for and who flies them. It finds a
// type for what is typed into a field and the types that a running text names.
// It imports nothing of the module.
//
// Several types may share a designator (Tu-95 and Tu-142 are both TU95, as an
// air traffic controller sees them), and types without one carry ZZZZ, as on a
// flight plan. data/README.md says where the table comes from.
//
// Reading order: types.go, search.go, names.go, find.go.
package aircraft

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

// Type is one aircraft type.
type Type struct {
	Designator string   // ICAO Doc 8643, or ZZZZ where none is assigned
	Name       string   // Tu-95, as the sample data writes it
	Reporting  string   // NATO reporting name, Bear; empty for most western types
	Names      []string // maker's and popular names, and variants
	Role       string   // a code of incidents.PlatformKinds
	Nations    []string // ISO 3166-1 alpha-2 of those who fly it over these seas
	Source     string   // where the designator comes from
}

// NoDesignator stands for types that Doc 8643 does not list.
const NoDesignator = "ZZZZ"

//go:embed data/types.tsv
var typesTSV string

// table is the embedded table, read on first use. It panics when the table is
// corrupt, which no input can cause.
var table = sync.OnceValue(func() []Type {
	types, err := readTypes(typesTSV)
	if err != nil {
		panic("aircraft: embedded table: " + err.Error())
	}
	return types
})

// readTypes reads the tab-separated table; its first line names the columns.
func readTypes(text string) ([]Type, error) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	types := make([]Type, 0, len(lines))
	for i, line := range lines[1:] {
		f := strings.Split(line, "\t")
		if len(f) != 7 || f[0] == "" || f[1] == "" || f[4] == "" {
			return nil, fmt.Errorf("line %d: %q", i+2, line)
		}
		t := Type{Designator: f[0], Name: f[1], Reporting: f[2], Role: f[4], Nations: strings.Fields(f[5]), Source: f[6]}
		if f[3] != "" {
			t.Names = strings.Split(f[3], ";")
		}
		types = append(types, t)
	}
	return types, nil
}

// All is every type, in the order of the table. The slice is shared: read only.
func All() []Type { return table() }

// ByDesignator gives the types that share a designator, in any case; none when
// it is not in the table.
func ByDesignator(designator string) []Type {
	want := strings.ToUpper(strings.TrimSpace(designator))
	var out []Type
	for _, t := range table() {
		if t.Designator == want {
			out = append(out, t)
		}
	}
	return out
}

// fold brings a name to letters and digits in lower case, so that Tu-95, TU 95
// and tu95 are the same.
func fold(s string) string {
	var b strings.Builder
	for _, r := range s {
		if k := foldRune(r); k != 0 {
			b.WriteRune(k)
		}
	}
	return b.String()
}
