package collection

import (
	"regexp"

	"interceptlog/internal/cql2"
	"interceptlog/internal/feature"
)

// asGDAL reads a filter as GDAL means it, in place. GDAL 3.6 writes a draft of
// CQL2, which it calls cql-text, from the columns that it has: a truth value is a
// column of 1 and 0, a list is equal to each of its members, and of a time only
// that much is written as whoever asks has typed.
func asGDAL(n *cql2.Node, col *Collection) {
	for _, arg := range n.Args {
		asGDAL(arg, col)
	}
	if len(n.Args) != 2 || n.Args[0].Op != "property" || n.Args[1].Op != "literal" {
		return
	}
	p, ok := col.Property(n.Args[0].Name)
	if !ok {
		return
	}
	value := &n.Args[1].Lit
	switch {
	case p.Kind == feature.Bool && value.Type == cql2.Number && (value.Number == 0 || value.Number == 1):
		*value = cql2.OfBool(value.Number == 1)
	case p.Kind == feature.Instant && value.Type == cql2.Text:
		value.Text = wholeTime(value.Text)
	case p.Kind == feature.List && value.Type == cql2.Text && (n.Op == "=" || n.Op == "<>"):
		negated := n.Op == "<>"
		n.Op, n.Args[1] = "a_contains", &cql2.Node{Op: "array", Args: []*cql2.Node{n.Args[1]}, At: n.Args[1].At}
		if negated {
			inner := *n
			n.Op, n.Args = "not", []*cql2.Node{&inner}
		}
	}
}

// cutTime is a time without its seconds, its minutes, or all of its clock.
var cutTime = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)T(?:(\d\d)(:\d\d)?Z)?$`)

// wholeTime fills up a time that was cut; what is none is left for the filter to
// refuse.
func wholeTime(s string) string {
	m := cutTime.FindStringSubmatch(s)
	switch {
	case m == nil:
		return s
	case m[2] == "":
		return m[1] + "T00:00:00Z"
	case m[3] == "":
		return m[1] + "T" + m[2] + ":00:00Z"
	}
	return m[1] + "T" + m[2] + m[3] + ":00Z"
}
