package cql2

import (
	"fmt"
	"strings"
)

// Limits keep a filter from costing more than it is worth.
const (
	MaxLength   = 64 << 10 // bytes of text or JSON
	MaxDepth    = 64       // of nested expressions
	MaxNodes    = 4000     // parts of the expression
	MaxVertices = 10000    // of all its geometries together
)

// Node is one part of a filter: an operator with its arguments, a property or
// a literal.
type Node struct {
	Op   string  // lower case: and, or, not, =, <>, <, <=, >, >=, +, -, *, /, %, div, ^, like, between, in, isnull, casei, accenti, s_*, t_*, a_*, array, interval; "property", "literal", or the name of a function
	Args []*Node // "between": value, low, high; "in": value, then the list
	Name string  // of a property
	Lit  Value   // of a literal
	At   Place   // where it began
}

// Place is where a part of a filter began: a column in text, counted in
// characters from 1, or a JSON pointer (RFC 6901).
type Place struct {
	Column  int
	Pointer string
}

// Error says what is wrong with a filter, and where.
type Error struct {
	At  Place
	Msg string
}

func (e *Error) Error() string {
	switch {
	case e.At.Column > 0:
		return fmt.Sprintf("column %d: %s", e.At.Column, e.Msg)
	case e.At.Pointer != "":
		return fmt.Sprintf("at %s: %s", e.At.Pointer, e.Msg)
	}
	return e.Msg
}

func fail(at Place, format string, args ...any) error {
	return &Error{At: at, Msg: fmt.Sprintf(format, args...)}
}

// predicates with two arguments, by what they are about.
var (
	spatialOps  = []string{"s_intersects", "s_disjoint", "s_equals", "s_touches", "s_crosses", "s_within", "s_contains", "s_overlaps"}
	temporalOps = []string{"t_after", "t_before", "t_contains", "t_disjoint", "t_during", "t_equals", "t_finishedby", "t_finishes", "t_intersects", "t_meets", "t_metby", "t_overlappedby", "t_overlaps", "t_startedby", "t_starts"}
	arrayOps    = []string{"a_equals", "a_contains", "a_containedby", "a_overlaps"}
	comparisons = []string{"=", "<>", "<", "<=", ">", ">="}
	arithmetic  = []string{"+", "-", "*", "/", "%", "div", "^"}
)

func among(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// Properties lists the properties that a filter names, each once.
func (n *Node) Properties() []string {
	var names []string
	n.walk(func(m *Node) {
		if m.Op == "property" && !among(names, m.Name) {
			names = append(names, m.Name)
		}
	})
	return names
}

func (n *Node) walk(fn func(*Node)) {
	fn(n)
	for _, a := range n.Args {
		a.walk(fn)
	}
}

// budget counts what a filter spends while it is read.
type budget struct{ nodes, vertices int }

func (b *budget) node(at Place) error {
	if b.nodes++; b.nodes > MaxNodes {
		return fail(at, "the filter has more than %d parts; make it shorter, or ask in several requests", MaxNodes)
	}
	return nil
}

func (b *budget) points(at Place, n int) error {
	if b.vertices += n; b.vertices > MaxVertices {
		return fail(at, "the geometries of the filter have more than %d vertices; simplify them", MaxVertices)
	}
	return nil
}

func tooDeep(at Place) error {
	return fail(at, "the filter is nested more than %d deep; write it flatter", MaxDepth)
}

func tooLong(n int) error {
	return fail(Place{}, "the filter is %d bytes long; at most %d are read", n, MaxLength)
}

func list(words []string) string { return strings.Join(words, ", ") }
