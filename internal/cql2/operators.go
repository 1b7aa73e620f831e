package cql2

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

func negate(vs []Value) (Value, error) { return OfBool(!vs[0].Bool), nil }

// truth is an operator on truth values.
func (c call) truth(n int, fn func([]Value) (Value, error)) (evaluator, Type, error) {
	if err := c.count(n); err != nil {
		return nil, 0, err
	}
	if err := c.each(Boolean); err != nil {
		return nil, 0, err
	}
	return c.known(Boolean, fn)
}

// junction is AND and OR in three values: one argument that decides is enough,
// otherwise null wins.
func (c call) junction() (evaluator, Type, error) {
	if len(c.args) < 2 {
		return nil, 0, fail(c.n.At, "%s takes two arguments or more, not %d", c.n.Op, len(c.args))
	}
	if err := c.each(Boolean); err != nil {
		return nil, 0, err
	}
	decides, args := c.n.Op == "or", c.args
	return func(r Row) (Value, error) {
		result := OfBool(!decides)
		for _, a := range args {
			v, err := a.eval(r)
			if err != nil {
				return Value{}, err
			}
			if v.Type == Null {
				result = Value{}
			} else if v.Bool == decides {
				return v, nil
			}
		}
		return result, nil
	}, Boolean, nil
}

// alike makes the arguments comparable: a text literal beside a time is read as
// one, and all must be of one kind.
func (c call) alike() error {
	var kind Type
	for _, t := range c.types {
		if t.temporal() {
			kind = t
		}
	}
	for i, a := range c.args {
		if kind != Null && c.types[i] == Text && a.lit != nil {
			v, ok := ParseTime(a.lit.Text)
			if !ok {
				return fail(c.n.Args[i].At, "%q is no time; write 2023-03-14 or 2023-03-14T06:03:00Z", a.lit.Text)
			}
			c.args[i], c.types[i] = constant(v), v.Type
		}
	}
	var first Type
	for i, t := range c.types {
		switch {
		case t == Null:
		case t == Geometry:
			return fail(c.n.Args[i].At, "geometries are compared by S_EQUALS and its like, not by %s", c.n.Op)
		case t == Array:
			return fail(c.n.Args[i].At, "lists are compared by A_EQUALS and its like, not by %s", c.n.Op)
		case first == Null:
			first = t
		case t != first && !(t.temporal() && first.temporal() && t != Interval && first != Interval):
			return fail(c.n.Args[i].At, "%s cannot be compared with %s", t, first)
		}
	}
	return nil
}

func (c call) comparison() (evaluator, Type, error) {
	if err := c.count(2); err != nil {
		return nil, 0, err
	}
	if err := c.alike(); err != nil {
		return nil, 0, err
	}
	op := c.n.Op
	if op != "=" && op != "<>" {
		for i, t := range c.types {
			if t == Interval {
				return nil, 0, fail(c.n.Args[i].At, "intervals are ordered by T_BEFORE and its like, not by %s", op)
			}
		}
	}
	return c.known(Boolean, func(vs []Value) (Value, error) {
		order, ok := compare(vs[0], vs[1])
		if !ok {
			return Value{}, nil
		}
		return OfBool(holds(op, order)), nil
	})
}

func holds(op string, order int) bool {
	switch op {
	case "=":
		return order == 0
	case "<>":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func (c call) between() (evaluator, Type, error) {
	if err := c.count(3); err != nil {
		return nil, 0, err
	}
	if err := c.alike(); err != nil {
		return nil, 0, err
	}
	return c.known(Boolean, func(vs []Value) (Value, error) {
		low, ok1 := compare(vs[0], vs[1])
		high, ok2 := compare(vs[0], vs[2])
		if !ok1 || !ok2 {
			return Value{}, nil
		}
		return OfBool(low >= 0 && high <= 0), nil
	})
}

// in is true when one item is equal; with none, null among the items leaves the
// answer open.
func (c call) in() (evaluator, Type, error) {
	if len(c.args) < 2 {
		return nil, 0, fail(c.n.At, "IN takes at least one value in its list")
	}
	if err := c.alike(); err != nil {
		return nil, 0, err
	}
	return c.mapped(Boolean, func(vs []Value) (Value, error) {
		result := OfBool(false)
		for _, item := range vs[1:] {
			if vs[0].Type == Null || item.Type == Null {
				result = Value{}
			} else if same, _ := equal(vs[0], item); same {
				return OfBool(true), nil
			}
		}
		return result, nil
	})
}

func (c call) number() (evaluator, Type, error) {
	if err := c.count(2); err != nil {
		return nil, 0, err
	}
	if err := c.each(Number); err != nil {
		return nil, 0, err
	}
	op := c.n.Op
	return c.known(Number, func(vs []Value) (Value, error) {
		x := calculate(op, vs[0].Number, vs[1].Number)
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return Value{}, nil // division by zero and the like: no number
		}
		return OfNumber(x), nil
	})
}

func calculate(op string, a, b float64) float64 {
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		return a / b
	case "%":
		return math.Mod(a, b)
	case "div":
		return math.Trunc(a / b)
	}
	return math.Pow(a, b)
}

// like matches with % for any characters, _ for one, and \ before one that is
// meant as it is.
func (c call) like() (evaluator, Type, error) {
	if err := c.count(2); err != nil {
		return nil, 0, err
	}
	if err := c.each(Text); err != nil {
		return nil, 0, err
	}
	return c.known(Boolean, func(vs []Value) (Value, error) {
		return OfBool(matches([]rune(vs[0].Text), []rune(vs[1].Text))), nil
	})
}

// matches walks text and pattern once, going back to the last % only, so that no
// pattern makes it slow.
func matches(s, pattern []rune) bool {
	i, j := 0, 0
	star, mark := -1, 0
	for i < len(s) {
		if j < len(pattern) && pattern[j] == '%' {
			star, mark = j, i
			j++
			continue
		}
		if j < len(pattern) {
			want, width, wild := pattern[j], 1, pattern[j] == '_'
			if want == '\\' && j+1 < len(pattern) {
				want, width = pattern[j+1], 2
			}
			if wild || want == s[i] {
				i, j = i+1, j+width
				continue
			}
		}
		if star < 0 {
			return false
		}
		mark++
		i, j = mark, star+1
	}
	for j < len(pattern) && pattern[j] == '%' {
		j++
	}
	return j == len(pattern)
}

func foldCase(s string) string { return cases.Fold().String(s) }

// foldAccents leaves out the marks that are written over letters, and the strokes
// through them, which Unicode does not take apart: 21-065r2 has København equal
// to Kobenhavn.
func foldAccents(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		if plain, ok := stroked[r]; ok {
			return plain
		}
		return r
	}, norm.NFD.String(s)))
}

var stroked = map[rune]rune{'ø': 'o', 'Ø': 'O', 'ł': 'l', 'Ł': 'L', 'đ': 'd', 'Đ': 'D', 'ħ': 'h', 'Ħ': 'H', 'ŧ': 't', 'Ŧ': 'T'}

func (c call) spatial() (evaluator, Type, error) {
	if err := c.count(2); err != nil {
		return nil, 0, err
	}
	if err := c.each(Geometry); err != nil {
		return nil, 0, err
	}
	op, at := c.n.Op, c.n.At
	return c.known(Boolean, func(vs []Value) (Value, error) {
		yes, err := relate(op, vs[0].Geometry, vs[1].Geometry)
		if err != nil {
			return Value{}, fail(at, "%s cannot be worked out: %v", op, err)
		}
		return OfBool(yes), nil
	})
}

func (c call) arrays() (evaluator, Type, error) {
	if err := c.count(2); err != nil {
		return nil, 0, err
	}
	if err := c.each(Array); err != nil {
		return nil, 0, err
	}
	op := c.n.Op
	return c.known(Boolean, func(vs []Value) (Value, error) {
		a, b := vs[0].List, vs[1].List
		switch op {
		case "a_contains":
			return OfBool(holdsAll(a, b)), nil
		case "a_containedby":
			return OfBool(holdsAll(b, a)), nil
		case "a_equals":
			return OfBool(holdsAll(a, b) && holdsAll(b, a)), nil
		}
		for _, v := range a {
			if holdsOne(b, v) {
				return OfBool(true), nil
			}
		}
		return OfBool(false), nil
	})
}

// holdsAll compares as sets: the order of a list and how often a value stands
// in it say nothing.
func holdsAll(list, wanted []Value) bool {
	for _, v := range wanted {
		if !holdsOne(list, v) {
			return false
		}
	}
	return true
}

func holdsOne(list []Value, v Value) bool {
	for _, item := range list {
		if same, _ := equal(item, v); same {
			return true
		}
	}
	return false
}
