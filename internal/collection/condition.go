package collection

import (
	"slices"

	"interceptlog/internal/cql2"
	"interceptlog/internal/feature"
	"interceptlog/internal/incidents"
)

// condition is as much of a filter as the log itself can look for; nil if that is
// nothing. Whatever the filter is true of, the condition is true of, too; exact
// says that it is true of nothing else.
func (c *Collection) condition(n *cql2.Node) (cond *incidents.Condition, exact bool) {
	switch n.Op {
	case "and":
		// What cannot be looked for is left out: the rest holds all the same.
		return c.joined(n, true)
	case "or":
		return c.joined(n, false)
	case "not":
		// The opposite of too much would be too little.
		if one, exact := c.condition(n.Args[0]); exact {
			return &incidents.Condition{Op: "not", Args: []incidents.Condition{*one}}, true
		}
		return nil, false
	case "property":
		return c.compared("=", n, &cql2.Node{Op: "literal", Lit: cql2.OfBool(true)})
	case "isnull":
		if c.columned(n.Args[0]) {
			return &incidents.Condition{Op: "isnull", Field: n.Args[0].Name}, true
		}
		return nil, false
	case "=", "<>", "<", "<=", ">", ">=":
		if n.Args[0].Op == "literal" {
			return c.compared(turned[n.Op], n.Args[1], n.Args[0])
		}
		return c.compared(n.Op, n.Args[0], n.Args[1])
	case "in":
		return c.compared("in", n.Args[0], n.Args[1:]...)
	case "between":
		low, ok1 := c.compared(">=", n.Args[0], n.Args[1])
		high, ok2 := c.compared("<=", n.Args[0], n.Args[2])
		if !ok1 || !ok2 {
			return nil, false
		}
		return &incidents.Condition{Op: "and", Args: []incidents.Condition{*low, *high}}, true
	}
	return nil, false
}

// turned is a comparison with its sides exchanged.
var turned = map[string]string{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func (c *Collection) joined(n *cql2.Node, some bool) (*incidents.Condition, bool) {
	out, exact := &incidents.Condition{Op: n.Op}, true
	for _, a := range n.Args {
		one, ok := c.condition(a)
		exact = exact && ok
		if one != nil {
			out.Args = append(out.Args, *one)
		} else if !some {
			return nil, false
		}
	}
	if len(out.Args) == 0 {
		return nil, false
	}
	return out, exact
}

// columned reports whether a part is a property that the log can look for.
func (c *Collection) columned(n *cql2.Node) bool {
	return n.Op == "property" && slices.Contains(incidents.ConditionFields, n.Name)
}

// equality is equality with a property, where the log can look for it.
func (c *Collection) equality(e Equal) (*incidents.Condition, bool) {
	kind := c.Properties[c.index[e.Property]].Kind
	if kind != feature.Text || !slices.Contains(incidents.ConditionFields, e.Property) {
		return nil, false
	}
	out := &incidents.Condition{Op: "in", Field: e.Property}
	for _, v := range e.Values {
		out.Values = append(out.Values, v)
	}
	return out, true
}

// compared is a comparison of a property with literals of its kind.
func (c *Collection) compared(op string, property *cql2.Node, literals ...*cql2.Node) (*incidents.Condition, bool) {
	if !c.columned(property) {
		return nil, false
	}
	out := &incidents.Condition{Op: op, Field: property.Name}
	kind := c.Properties[c.index[property.Name]].Kind
	for _, l := range literals {
		if l.Op != "literal" {
			return nil, false
		}
		v, ok := valueFor(kind, l.Lit)
		if !ok {
			return nil, false
		}
		out.Values = append(out.Values, v)
	}
	return out, true
}

// valueFor is a literal as a condition has it beside a property of a kind.
func valueFor(kind feature.Kind, lit cql2.Value) (any, bool) {
	switch {
	case kind == feature.Text && lit.Type == cql2.Text:
		return lit.Text, true
	case kind == feature.Integer && lit.Type == cql2.Number:
		return lit.Number, true
	case kind == feature.Bool && lit.Type == cql2.Boolean:
		return lit.Bool, true
	case kind == feature.Instant && lit.Type == cql2.Text: // a time, as Compile reads it
		t, ok := cql2.ParseTime(lit.Text)
		return t.From, ok
	case kind == feature.Instant && (lit.Type == cql2.Instant || lit.Type == cql2.Date):
		return lit.From, true
	}
	return nil, false
}
