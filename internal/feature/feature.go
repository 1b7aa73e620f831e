// Package feature is what the log gives to geographic information systems: for
// each collection its properties with types, units and vocabularies, and for
// each record its values. Every format and every API reads from here, so that a
// property has one name, one type and one meaning in all of them.
//
// It decides nothing about incidents and knows no file format.
package feature

import (
	"strings"

	"github.com/paulmach/orb"

	"interceptlog/internal/incidents"
)

// Kind is the type of a property.
type Kind uint8

// The kinds.
const (
	Text    Kind = iota
	Integer      // whole number
	Number
	Bool
	Instant // milliseconds since 1970 in UTC
	List    // of texts
)

// Property documents one property of a feature.
type Property struct {
	Name       string
	Kind       Kind
	Nullable   bool     // it may be null: nothing is known or stated
	Unit       string   // metres, seconds …; empty for none
	Codes      []string // every value that it can have, where the list is closed
	Vocabulary string   // where the values come from, where it is not
	Meaning    string
}

// Values says in words where the values come from.
func (p Property) Values() string {
	if len(p.Codes) > 0 {
		return strings.Join(p.Codes, ", ")
	}
	return p.Vocabulary
}

// Type is the type in words, as the codebook has it.
func (p Property) Type() string {
	words := map[Kind]string{Text: "text", Integer: "integer", Number: "number", Bool: "boolean", Instant: "text", List: "list of texts"}[p.Kind]
	if p.Nullable {
		words += " or null"
	}
	return words
}

// About is what the property means, with its unit and where its values come
// from, for formats that have one field for all of it.
func (p Property) About() string {
	s := p.Meaning
	if p.Unit != "" {
		s += " Unit: " + p.Unit + "."
	}
	if v := p.Values(); v != "" {
		s += " Values: " + v + "."
	}
	return strings.TrimSpace(s)
}

// Words is the name of a property as a person is shown it.
func Words(name string) string { return strings.ReplaceAll(name, "_", " ") }

// Names lists the names of properties with commas between, for messages.
func Names(properties []Property) string {
	names := make([]string, len(properties))
	for i, p := range properties {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

// Value is the value of a property; the field that holds it follows from the
// property's kind.
type Value struct {
	Null   bool
	Text   string
	Number float64 // of Number
	Int    int64   // of Integer, and of Instant in milliseconds
	Bool   bool
	List   []string
}

// Feature is one record: its values stand in the order of the properties of its
// collection.
type Feature struct {
	ID       string
	Geometry orb.Geometry // longitude, latitude in degrees, WGS 84; nil: no position
	Values   []Value
	Record   *incidents.Record // of an incident: where its parts are read from; otherwise nil
}

// Sink takes the values of a record one after the other, each under its name.
type Sink interface {
	Text(name, s string) // empty: null
	Bool(name string, v bool)
	Int(name string, n int64, known bool)
	Number(name string, x float64, known bool)
	Time(name string, m incidents.Millis, known bool)
	List(name string, items []string)
	Date(name string, m incidents.Moment)            // as AppendDate writes it; not stated: null
	Aircraft(name string, list []incidents.Aircraft) // those that have a name, see NameOf
}

// values gathers what a Sink is given.
type values []Value

func (v *values) Text(_, s string)      { *v = append(*v, Value{Null: s == "", Text: s}) }
func (v *values) Bool(_ string, b bool) { *v = append(*v, Value{Bool: b}) }
func (v *values) Int(_ string, n int64, known bool) {
	*v = append(*v, Value{Null: !known, Int: n})
}
func (v *values) Number(_ string, x float64, known bool) {
	*v = append(*v, Value{Null: !known, Number: x})
}
func (v *values) Time(_ string, m incidents.Millis, known bool) {
	*v = append(*v, Value{Null: !known, Int: int64(m)})
}
func (v *values) List(_ string, items []string)        { *v = append(*v, Value{List: items}) }
func (v *values) Date(name string, m incidents.Moment) { v.Text(name, string(AppendDate(nil, m))) }
func (v *values) Aircraft(name string, list []incidents.Aircraft) {
	var names []string
	for _, a := range list {
		if n := NameOf(a); n != "" {
			names = append(names, n)
		}
	}
	v.List(name, names)
}
