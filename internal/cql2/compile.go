package cql2

import (
	"maps"
	"slices"
)

// Schema says which properties a filter may name, and of which type they are.
type Schema map[string]Type

// Row gives the values of one feature; a property that has none is Null.
type Row interface {
	Property(name string) Value
}

// Filter is a filter that fits a schema.
type Filter struct {
	// Root is the filter as it was written, for whoever finds some of its rows
	// another way. It is not to be changed.
	Root *Node

	root *compiled
}

// Compile checks a filter against the properties that there are: names, types,
// numbers of arguments.
func Compile(n *Node, schema Schema) (*Filter, error) {
	c := compiler{schema}
	root, t, err := c.expr(n)
	if err != nil {
		return nil, err
	}
	if t != Boolean && t != Null {
		return nil, fail(n.At, "a filter is true or false; this is %s", t)
	}
	return &Filter{n, root}, nil
}

// Match reports whether a row matches.
func (f *Filter) Match(row Row) (bool, error) {
	v, err := f.root.eval(row)
	return v.Type == Boolean && v.Bool, err
}

// compiled is a part of a filter, ready to be evaluated.
type compiled struct {
	eval func(Row) (Value, error)
	lit  *Value // of a literal
}

func constant(v Value) *compiled {
	return &compiled{func(Row) (Value, error) { return v, nil }, &v}
}

type compiler struct{ schema Schema }

// expr gives a part and its type; Null is the type of what may be any.
func (c compiler) expr(n *Node) (*compiled, Type, error) {
	switch n.Op {
	case "literal":
		return constant(n.Lit), n.Lit.Type, nil
	case "property":
		t, ok := c.schema[n.Name]
		if !ok {
			return nil, 0, fail(n.At, "there is no property %q; there are %s", n.Name, list(slices.Sorted(maps.Keys(c.schema))))
		}
		name := n.Name
		return &compiled{eval: func(r Row) (Value, error) { return r.Property(name), nil }}, t, nil
	}
	args := make([]*compiled, len(n.Args))
	types := make([]Type, len(n.Args))
	for i, a := range n.Args {
		var err error
		if args[i], types[i], err = c.expr(a); err != nil {
			return nil, 0, err
		}
	}
	call := call{n, args, types}
	eval, t, err := call.operator()
	return &compiled{eval: eval}, t, err
}

// call is an operator whose arguments have been compiled.
type call struct {
	n     *Node
	args  []*compiled
	types []Type
}

type evaluator = func(Row) (Value, error)

func (c call) operator() (evaluator, Type, error) {
	op := c.n.Op
	switch {
	case op == "and" || op == "or":
		return c.junction()
	case op == "not":
		return c.truth(1, negate)
	case among(comparisons, op):
		return c.comparison()
	case among(arithmetic, op):
		return c.number()
	case among(spatialOps, op):
		return c.spatial()
	case among(temporalOps, op):
		return c.temporal()
	case among(arrayOps, op):
		return c.arrays()
	}
	switch op {
	case "isnull":
		if err := c.count(1); err != nil {
			return nil, 0, err
		}
		arg := c.args[0]
		return func(r Row) (Value, error) {
			v, err := arg.eval(r)
			return OfBool(v.Type == Null), err
		}, Boolean, nil
	case "like":
		return c.like()
	case "between":
		return c.between()
	case "in":
		return c.in()
	case "array":
		return c.mapped(Array, func(vs []Value) (Value, error) { return OfList(slices.Clone(vs)), nil })
	case "interval":
		return c.interval()
	}
	return c.function()
}

// count checks the number of arguments.
func (c call) count(want int) error {
	if len(c.args) != want {
		return fail(c.n.At, "%s takes %d arguments, not %d", c.n.Op, want, len(c.args))
	}
	return nil
}

// each checks that every argument is of one of the types; Null may be any.
func (c call) each(types ...Type) error {
	for i, t := range c.types {
		if t != Null && !slices.Contains(types, t) {
			return fail(c.n.Args[i].At, "%s takes %s here, and this is %s", c.n.Op, types[0], t)
		}
	}
	return nil
}

// mapped evaluates all arguments and hands them on.
func (c call) mapped(t Type, fn func([]Value) (Value, error)) (evaluator, Type, error) {
	args := c.args
	return func(r Row) (Value, error) {
		vs := make([]Value, len(args))
		for i, a := range args {
			var err error
			if vs[i], err = a.eval(r); err != nil {
				return Value{}, err
			}
		}
		return fn(vs)
	}, t, nil
}

// known is mapped, but null as soon as one argument is null.
func (c call) known(t Type, fn func([]Value) (Value, error)) (evaluator, Type, error) {
	return c.mapped(t, func(vs []Value) (Value, error) {
		for _, v := range vs {
			if v.Type == Null {
				return Value{}, nil
			}
		}
		return fn(vs)
	})
}
