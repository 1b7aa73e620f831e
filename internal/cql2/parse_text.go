package cql2

import (
	"strconv"
	"strings"

	"github.com/peterstace/simplefeatures/geom"
)

// ParseText reads a filter in CQL2 Text.
func ParseText(src string) (*Node, error) {
	if len(src) > MaxLength {
		return nil, tooLong(len(src))
	}
	tokens, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := &textParser{src: src, tokens: tokens}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, p.unexpected(t, "the end of the filter, AND or OR")
	}
	return n, nil
}

// textParser reads by recursive descent, loosest operator first. What is a
// truth value and what a number is told apart later, by Compile: a bracket may
// hold either.
type textParser struct {
	src    string
	tokens []token
	i      int
	depth  int
	budget
}

func (p *textParser) peek() token { return p.tokens[p.i] }

func (p *textParser) next() token {
	t := p.tokens[p.i]
	if t.kind != end {
		p.i++
	}
	return t
}

// take moves on when the next token is the given keyword or symbol.
func (p *textParser) take(word string) bool {
	if p.peek().is(word) {
		p.i++
		return true
	}
	return false
}

func (p *textParser) want(word string) error {
	if p.take(word) {
		return nil
	}
	return p.unexpected(p.peek(), word)
}

func (p *textParser) unexpected(t token, wanted string) error {
	if t.kind == end {
		return fail(column(p.src, t.from), "the filter ends where %s was expected", wanted)
	}
	return fail(column(p.src, t.from), "unexpected %q; expected %s", p.src[t.from:t.to], wanted)
}

func (p *textParser) at(t token) Place { return column(p.src, t.from) }

func (p *textParser) node(op string, t token, args ...*Node) (*Node, error) {
	n := &Node{Op: op, Args: args, At: p.at(t)}
	return n, p.budget.node(n.At)
}

// deeper is called where the grammar comes back to itself.
func (p *textParser) deeper(fn func() (*Node, error)) (*Node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > MaxDepth {
		return nil, tooDeep(p.at(p.peek()))
	}
	return fn()
}

func (p *textParser) or() (*Node, error) {
	return p.deeper(func() (*Node, error) { return p.joined("OR", p.and) })
}
func (p *textParser) and() (*Node, error) { return p.joined("AND", p.not) }

// joined reads a chain of AND or of OR as one node.
func (p *textParser) joined(word string, part func() (*Node, error)) (*Node, error) {
	first := p.peek()
	n, err := part()
	if err != nil || !p.peek().is(word) {
		return n, err
	}
	args := []*Node{n}
	for p.take(word) {
		n, err := part()
		if err != nil {
			return nil, err
		}
		args = append(args, n)
	}
	return p.node(strings.ToLower(word), first, args...)
}

func (p *textParser) not() (*Node, error) {
	t := p.peek()
	if !p.take("NOT") {
		return p.predicate()
	}
	n, err := p.deeper(p.not)
	if err != nil {
		return nil, err
	}
	return p.node("not", t, n)
}

// predicate reads a value, and what is said of it.
func (p *textParser) predicate() (*Node, error) {
	left, err := p.sum()
	if err != nil {
		return nil, err
	}
	t := p.peek()
	if t.kind == symbol && among(comparisons, t.text) {
		p.i++
		right, err := p.sum()
		if err != nil {
			return nil, err
		}
		return p.node(t.text, t, left, right)
	}
	if p.take("IS") {
		negated := p.take("NOT")
		if err := p.want("NULL"); err != nil {
			return nil, err
		}
		return p.maybeNot(negated, t, "isnull", left)
	}
	negated := p.take("NOT")
	switch {
	case p.take("LIKE"):
		pattern, err := p.sum()
		if err != nil {
			return nil, err
		}
		return p.maybeNot(negated, t, "like", left, pattern)
	case p.take("ILIKE"): // GDAL's and PostgreSQL's word for CASEI(…) LIKE CASEI(…)
		pattern, err := p.sum()
		if err != nil {
			return nil, err
		}
		return p.caseless(negated, t, left, pattern)
	case p.take("BETWEEN"):
		low, err := p.sum()
		if err != nil {
			return nil, err
		}
		if err := p.want("AND"); err != nil {
			return nil, err
		}
		high, err := p.sum()
		if err != nil {
			return nil, err
		}
		return p.maybeNot(negated, t, "between", left, low, high)
	case p.take("IN"):
		items, err := p.items(p.sum)
		if err != nil {
			return nil, err
		}
		return p.maybeNot(negated, t, "in", append([]*Node{left}, items...)...)
	case negated:
		return nil, p.unexpected(p.peek(), "LIKE, BETWEEN or IN")
	}
	return left, nil
}

// caseless is LIKE of two texts without regard to case.
func (p *textParser) caseless(negated bool, t token, left, pattern *Node) (*Node, error) {
	var both [2]*Node
	for i, n := range []*Node{left, pattern} {
		var err error
		if both[i], err = p.node("casei", t, n); err != nil {
			return nil, err
		}
	}
	return p.maybeNot(negated, t, "like", both[0], both[1])
}

func (p *textParser) maybeNot(negated bool, t token, op string, args ...*Node) (*Node, error) {
	n, err := p.node(op, t, args...)
	if err != nil || !negated {
		return n, err
	}
	return p.node("not", t, n)
}

// items reads a list in brackets.
func (p *textParser) items(item func() (*Node, error)) ([]*Node, error) {
	if err := p.want("("); err != nil {
		return nil, err
	}
	var out []*Node
	if p.take(")") {
		return out, nil
	}
	for {
		n, err := item()
		if err != nil {
			return nil, err
		}
		out = append(out, n)
		if p.take(")") {
			return out, nil
		}
		if !p.take(",") {
			return nil, p.unexpected(p.peek(), ", or )")
		}
	}
}

func (p *textParser) sum() (*Node, error) { return p.leftToRight([]string{"+", "-"}, p.product) }
func (p *textParser) product() (*Node, error) {
	return p.leftToRight([]string{"*", "/", "%", "DIV"}, p.power)
}

func (p *textParser) leftToRight(ops []string, part func() (*Node, error)) (*Node, error) {
	n, err := part()
	for err == nil {
		t := p.peek()
		word := t.text
		if t.kind == ident {
			word = t.upper
		} else if t.kind != symbol {
			break
		}
		if !among(ops, word) {
			break
		}
		p.i++
		var right *Node
		if right, err = part(); err == nil {
			n, err = p.node(strings.ToLower(word), t, n, right)
		}
	}
	return n, err
}

func (p *textParser) power() (*Node, error) {
	base, err := p.signed()
	if err != nil {
		return nil, err
	}
	t := p.peek()
	if !p.take("^") {
		return base, nil
	}
	exponent, err := p.deeper(p.power)
	if err != nil {
		return nil, err
	}
	return p.node("^", t, base, exponent)
}

func (p *textParser) signed() (*Node, error) {
	t := p.peek()
	if p.take("+") {
		return p.deeper(p.signed)
	}
	if !p.take("-") {
		return p.primary()
	}
	n, err := p.deeper(p.signed)
	if err != nil {
		return nil, err
	}
	if n.Op == "literal" && n.Lit.Type == Number {
		n.Lit.Number, n.At = -n.Lit.Number, p.at(t)
		return n, nil
	}
	minus := &Node{Op: "literal", Lit: OfNumber(-1), At: p.at(t)}
	return p.node("*", t, minus, n)
}

func (p *textParser) primary() (*Node, error) {
	t := p.next()
	switch {
	case t.is("("):
		n, err := p.or()
		if err != nil {
			return nil, err
		}
		return n, p.want(")")
	case t.kind == number:
		x, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return nil, fail(p.at(t), "the number %s is too large", t.text)
		}
		return p.literal(t, OfNumber(x))
	case t.kind == text:
		return p.literal(t, OfText(t.text))
	case t.kind == quoted:
		return p.property(t)
	case t.kind == ident:
		return p.word(t)
	}
	return nil, p.unexpected(t, "a property, a value or (")
}

func (p *textParser) literal(t token, v Value) (*Node, error) {
	n, err := p.node("literal", t)
	n.Lit = v
	return n, err
}

func (p *textParser) property(t token) (*Node, error) {
	n, err := p.node("property", t)
	n.Name = t.text
	return n, err
}

var reserved = []string{"AND", "OR", "NOT", "LIKE", "ILIKE", "BETWEEN", "IN", "IS", "NULL", "DIV"}

// word reads what begins with a name: a literal, a function or a property.
func (p *textParser) word(t token) (*Node, error) {
	called := p.peek().is("(") || p.peek().is("Z") && isGeometry(t.upper)
	switch {
	case t.upper == "TRUE" || t.upper == "FALSE":
		return p.literal(t, OfBool(t.upper == "TRUE"))
	case among(reserved, t.upper):
		return nil, p.unexpected(t, "a property, a value or (")
	case !called:
		return p.property(t)
	case isGeometry(t.upper):
		return p.geometry(t)
	case t.upper == "BBOX":
		return p.bbox(t)
	case t.upper == "DATE" || t.upper == "TIMESTAMP":
		return p.instant(t)
	case t.upper == "INTERVAL":
		ends, err := p.items(p.intervalEnd)
		if err != nil {
			return nil, err
		}
		return p.node("interval", t, ends...)
	}
	item := p.or
	if strings.HasPrefix(t.upper, "A_") {
		item = p.arrayItem
	}
	args, err := p.items(item)
	if err != nil {
		return nil, err
	}
	return p.node(strings.ToLower(t.text), t, args...)
}

// arrayItem reads a value of an array function, where a bracket is an array.
func (p *textParser) arrayItem() (*Node, error) {
	t := p.peek()
	if !t.is("(") {
		return p.or()
	}
	return p.deeper(func() (*Node, error) {
		items, err := p.items(p.arrayItem)
		if err != nil {
			return nil, err
		}
		return p.node("array", t, items...)
	})
}

// instant reads DATE('…') or TIMESTAMP('…').
func (p *textParser) instant(t token) (*Node, error) {
	p.i++ // the bracket
	s := p.next()
	v, ok := ParseTime(s.text)
	if s.kind != text || !ok || (v.Type == Date) != (t.upper == "DATE") {
		return nil, p.unexpected(s, map[string]string{"DATE": "a date such as '2023-03-14'", "TIMESTAMP": "a timestamp such as '2023-03-14T06:03:00Z'"}[t.upper])
	}
	if err := p.want(")"); err != nil {
		return nil, err
	}
	return p.literal(t, v)
}

// intervalEnd reads one end of an interval: a time in quotes, '..' for open, or
// an expression.
func (p *textParser) intervalEnd() (*Node, error) {
	if t := p.peek(); t.kind == text {
		p.i++
		if t.text == ".." {
			return p.literal(t, OfText(".."))
		}
		v, ok := ParseTime(t.text)
		if !ok {
			return nil, p.unexpected(t, "a date, a timestamp such as '2023-03-14T06:03:00Z', or '..'")
		}
		return p.literal(t, v)
	}
	return p.or()
}

func isGeometry(word string) bool {
	switch word {
	case "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION":
		return true
	}
	return false
}

// geometry reads well-known text: it ends at the bracket that closes it.
func (p *textParser) geometry(t token) (*Node, error) {
	depth, vertices := 0, 1
	last := t
	for {
		last = p.next()
		switch {
		case last.kind == end:
			return nil, p.unexpected(last, ") at the end of the geometry")
		case last.is("("):
			depth++
		case last.is(")"):
			depth--
		case last.is(","):
			vertices++
		}
		if depth == 0 && last.is(")") {
			break
		}
		if depth > MaxDepth {
			return nil, tooDeep(p.at(t))
		}
	}
	if err := p.points(p.at(t), vertices); err != nil {
		return nil, err
	}
	g, err := geom.UnmarshalWKT(p.src[t.from:last.to])
	if err != nil {
		return nil, fail(p.at(t), "this geometry cannot be read: %v", err)
	}
	return p.literal(t, Value{Type: Geometry, Geometry: g.Force2D()})
}

// bbox reads BBOX(west, south, east, north), or with heights in between.
func (p *textParser) bbox(t token) (*Node, error) {
	args, err := p.items(p.signed)
	if err != nil {
		return nil, err
	}
	var corners []float64
	for _, a := range args {
		if a.Op != "literal" || a.Lit.Type != Number {
			return nil, fail(a.At, "BBOX takes numbers only")
		}
		corners = append(corners, a.Lit.Number)
	}
	g, err := box(p.at(t), corners)
	if err != nil {
		return nil, err
	}
	return p.literal(t, Value{Type: Geometry, Geometry: g})
}
