package cql2

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Function is one that a filter may call beside the operators.
type Function struct {
	Name    string
	Takes   []Type
	Returns Type
	Meaning string
	eval    func([]Value) Value
}

// Functions are all of them, by name.
var Functions = byName(
	Function{"casei", []Type{Text}, Text, "The text without regard to capitals.", textFunc(foldCase)},
	Function{"accenti", []Type{Text}, Text, "The text without accents.", textFunc(foldAccents)},
	Function{"lower", []Type{Text}, Text, "The text in small letters.", textFunc(strings.ToLower)},
	Function{"upper", []Type{Text}, Text, "The text in capitals.", textFunc(strings.ToUpper)},
	Function{"length", []Type{Text}, Number, "The number of characters.", func(vs []Value) Value { return OfNumber(float64(len([]rune(vs[0].Text)))) }},
	Function{"year", []Type{Instant}, Number, "The calendar year in UTC.", timeFunc(func(t time.Time) int { return t.Year() })},
	Function{"month", []Type{Instant}, Number, "The calendar month in UTC, 1 to 12.", timeFunc(func(t time.Time) int { return int(t.Month()) })},
	Function{"hour", []Type{Instant}, Number, "The hour of the day in UTC, 0 to 23.", timeFunc(func(t time.Time) int { return t.Hour() })},
	Function{"size", []Type{Array}, Number, "The number of items of a list.", func(vs []Value) Value { return OfNumber(float64(len(vs[0].List))) }},
)

func byName(all ...Function) map[string]Function {
	m := map[string]Function{}
	for _, f := range all {
		m[f.Name] = f
	}
	return m
}

func textFunc(fn func(string) string) func([]Value) Value {
	return func(vs []Value) Value { return OfText(fn(vs[0].Text)) }
}

// timeFunc is a function of the first instant of a time.
func timeFunc(fn func(time.Time) int) func([]Value) Value {
	return func(vs []Value) Value {
		if vs[0].From == Past {
			return Value{}
		}
		return OfNumber(float64(fn(time.UnixMilli(vs[0].From).UTC())))
	}
}

func (c call) function() (evaluator, Type, error) {
	f, ok := Functions[c.n.Op]
	if !ok {
		return nil, 0, fail(c.n.At, "there is no function %q; there are %s", c.n.Op, list(slices.Sorted(maps.Keys(Functions))))
	}
	if err := c.count(len(f.Takes)); err != nil {
		return nil, 0, err
	}
	for i, want := range f.Takes {
		if t := c.types[i]; t != Null && t != want && !(t.temporal() && want == Instant) {
			return nil, 0, fail(c.n.Args[i].At, "%s takes %s, and this is %s", f.Name, want, t)
		}
	}
	return c.known(f.Returns, func(vs []Value) (Value, error) { return f.eval(vs), nil })
}
