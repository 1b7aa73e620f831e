// Package fault is the one error type that crosses layers. A fault is made
// once, where its meaning is known; below that, errors are wrapped with %w.
// The web layer maps a Kind to an HTTP status and the command line maps it to
// an exit code, each in one table. Nothing else belongs here.
package fault

import (
	"errors"
	"sort"
	"strings"
)

// Kind says what a caller can do about an error.
type Kind uint8

const (
	Internal    Kind = iota // our fault: logged, never shown             500
	Invalid                 // a rule is broken; see Fields               422 (OGC API: 400)
	NotFound                // no such thing, or not for this user        404
	Conflict                // someone else changed it first, or exists   409
	Forbidden               // signed in, not allowed                     403
	Unavailable             // busy or shutting down; try again           503
)

// String names the kind for logs.
func (k Kind) String() string {
	return [...]string{"internal", "invalid", "not found", "conflict", "forbidden", "unavailable"}[k]
}

// Field is one thing wrong with one input: which field, what was wrong and
// what is accepted, in words fit for the person who typed it.
type Field struct {
	Name string // the form's or file's name of the field, e.g. "position"
	Msg  string // "Longitude 198°48' is more than 180°. Try 01848E."
}

// Error is a failure with an answer for the caller.
type Error struct {
	Kind   Kind
	Msg    string  // safe to show to a person
	Fields []Field // in the order of the form
	Err    error   // cause, for the log only
}

// Error gives the safe message with its fields; the cause is left to Unwrap.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Msg
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Name + ": " + f.Msg
	}
	return e.Msg + " (" + strings.Join(parts, "; ") + ")"
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes a fault of a kind with a message that is safe to show.
func New(k Kind, msg string) *Error { return &Error{Kind: k, Msg: msg} }

// Wrap makes a fault of a kind whose cause is kept for the log.
func Wrap(k Kind, msg string, cause error) *Error { return &Error{Kind: k, Msg: msg, Err: cause} }

// Of gives the kind of an error; anything that is no fault is Internal.
func Of(err error) Kind {
	var f *Error
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// Is reports whether err is a fault of the given kind.
func Is(err error, k Kind) bool {
	var f *Error
	return errors.As(err, &f) && f.Kind == k
}

// Fields gives the field messages of an Invalid fault, or nil.
func Fields(err error) []Field {
	var f *Error
	if errors.As(err, &f) {
		return f.Fields
	}
	return nil
}

// Problems collects what is wrong with an input, so that all of it can be
// said at once. The zero value is ready to use.
type Problems struct{ fields []Field }

// Add notes that something is wrong with a field.
func (p *Problems) Add(field, msg string) { p.fields = append(p.fields, Field{field, msg}) }

// Has reports whether a message stands against the field.
func (p *Problems) Has(field string) bool {
	for _, f := range p.fields {
		if f.Name == field {
			return true
		}
	}
	return false
}

// Err gives an Invalid fault when anything was noted, sorted by the given
// order of field names (unknown names last, in order of their noting).
func (p *Problems) Err(msg string, order ...string) error {
	if len(p.fields) == 0 {
		return nil
	}
	rank := make(map[string]int, len(order))
	for i, n := range order {
		rank[n] = i - len(order)
	}
	fields := append([]Field(nil), p.fields...)
	sort.SliceStable(fields, func(i, j int) bool { return rank[fields[i].Name] < rank[fields[j].Name] })
	return &Error{Kind: Invalid, Msg: msg, Fields: fields}
}
