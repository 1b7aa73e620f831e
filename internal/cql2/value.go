package cql2

import (
	"math"
	"strings"
	"time"

	"github.com/peterstace/simplefeatures/geom"
)

// Type is what a value is.
type Type int

// The types. Null is the type of a value that is not there.
const (
	Null Type = iota
	Boolean
	Number
	Text
	Date
	Instant
	Interval
	Geometry
	Array
)

var typeWords = [...]string{"null", "a truth value", "a number", "a text", "a date", "a timestamp", "an interval", "a geometry", "an array"}

func (t Type) String() string { return typeWords[t] }

func (t Type) temporal() bool { return t == Date || t == Instant || t == Interval }

// Value is a value of one of the types.
type Value struct {
	Type     Type
	Bool     bool
	Number   float64
	Text     string
	From, To int64 // milliseconds since 1970 in UTC, both inclusive: a day, an instant (equal) or an interval
	Geometry geom.Geometry
	List     []Value
}

// Open ends of intervals.
const (
	Past   = math.MinInt64
	Future = math.MaxInt64
)

const dayMillis = 24 * 3600 * 1000

// Of makes values of Go's own kinds.
func OfText(s string) Value     { return Value{Type: Text, Text: s} }
func OfNumber(x float64) Value  { return Value{Type: Number, Number: x} }
func OfBool(b bool) Value       { return Value{Type: Boolean, Bool: b} }
func OfInstant(ms int64) Value  { return Value{Type: Instant, From: ms, To: ms} }
func OfList(list []Value) Value { return Value{Type: Array, List: list} }

// OfInterval makes an interval of its first and its last millisecond.
func OfInterval(from, to int64) Value { return Value{Type: Interval, From: from, To: to} }

// OfGeometry makes a geometry; an empty one is null.
func OfGeometry(g geom.Geometry) Value {
	if g.IsEmpty() {
		return Value{}
	}
	return Value{Type: Geometry, Geometry: g}
}

// ParseTime reads a date or a timestamp (RFC 3339, with Z).
func ParseTime(s string) (Value, bool) {
	if day, err := time.Parse("2006-01-02", s); err == nil {
		ms := day.UnixMilli()
		return Value{Type: Date, From: ms, To: ms + dayMillis - 1}, true
	}
	if t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s)); err == nil {
		return OfInstant(t.UnixMilli()), true
	}
	return Value{}, false
}

// equal compares two values that are not null; ok is false when they cannot be
// compared.
func equal(a, b Value) (same, ok bool) {
	if a.Type == Array && b.Type == Array {
		if len(a.List) != len(b.List) {
			return false, true
		}
		for i := range a.List {
			if same, _ := equal(a.List[i], b.List[i]); !same {
				return false, true
			}
		}
		return true, true
	}
	order, ok := compare(a, b)
	return ok && order == 0, ok
}

// compare orders two values that are not null.
func compare(a, b Value) (order int, ok bool) {
	switch {
	case a.Type == Number && b.Type == Number:
		return threeWay(a.Number, b.Number), true
	case a.Type == Text && b.Type == Text:
		return strings.Compare(a.Text, b.Text), true
	case a.Type == Boolean && b.Type == Boolean:
		return threeWay(bit(a.Bool), bit(b.Bool)), true
	case a.Type.temporal() && b.Type.temporal():
		if a.Type == Interval || b.Type == Interval {
			return threeWay(bit(a.From != b.From || a.To != b.To), 0), a.Type == b.Type
		}
		return threeWay(a.From, b.From), true
	}
	return 0, false
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func threeWay[T int | int64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
