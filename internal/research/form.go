package research

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"interceptlog/internal/rowreport"
)

// What an import says is the same for every form.
type (
	Problem = rowreport.Problem
	Count   = rowreport.Count
	Report  = rowreport.Report
)

func clip(s string) string { return rowreport.Clip(s) }

// maxText bounds one text field, in bytes.
const maxText = 64 << 10

// maxProblems bounds what is said of one line: a line of 4 MiB has room for a
// million mistakes.
const maxProblems = 100

// line collects what is wrong with one line while it is read.
type line struct {
	file     string
	number   int
	size     int // bytes, as a measure of what the line holds in memory
	problems []Problem
	warnings []Problem // the line is taken, but worth a look
}

func (l *line) warn(field, value, msg string) {
	l.warnings = append(l.warnings, Problem{File: l.file, Line: l.number, Field: clip(field), Value: clip(value), Msg: rowreport.Plain(msg)})
}

func (l *line) add(field, value, msg string) {
	switch n := len(l.problems); {
	case n == maxProblems:
		field, value, msg = "record", "", fmt.Sprintf("has more than %d problems; the rest is not shown.", maxProblems)
	case n > maxProblems:
		return
	}
	l.problems = append(l.problems, Problem{File: l.file, Line: l.number, Field: clip(field), Value: clip(value), Msg: rowreport.Plain(msg)})
}

// object is a JSON object of which every member has to be asked for: what
// nobody asked for is a problem, so that nothing is dropped in silence.
type object struct {
	l       *line
	path    string
	members map[string]json.RawMessage
	asked   map[string]bool
}

// parse reads one object. Two members of one name are a problem: which one was
// meant cannot be told.
func (l *line) parse(path string, raw json.RawMessage) object {
	o := object{l: l, path: path, members: map[string]json.RawMessage{}, asked: map[string]bool{}}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		l.add(orRecord(path), string(raw), "is no JSON object; accepted: {…}.")
		return o
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			l.add(orRecord(path), string(raw), "is no JSON: "+err.Error()+".")
			return o
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			l.add(o.at(key.(string)), "", "is no JSON: "+err.Error()+".")
			return o
		}
		if _, twice := o.members[key.(string)]; twice {
			l.add(o.at(key.(string)), string(value), "stands twice in the record; keep one.")
		}
		o.members[key.(string)] = value
	}
	if _, err := dec.Token(); err != nil {
		l.add(orRecord(path), "", "is cut off; a record ends with }.")
		return o
	}
	if path == "" && len(bytes.TrimSpace(raw[dec.InputOffset():])) > 0 {
		l.add("record", string(raw[dec.InputOffset():]), "stands after the end of the record; one record a line.")
	}
	return o
}

func orRecord(path string) string {
	if path == "" {
		return "record"
	}
	return path
}

func (o object) at(name string) string {
	if name == "" {
		name = `""`
	}
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

// value gives a member that is there and not null.
func (o object) value(name string) (json.RawMessage, bool) {
	o.asked[name] = true
	v, ok := o.members[name]
	return v, ok && string(v) != "null"
}

// str reads a text; null and a missing member are "".
func (o object) str(name string) string {
	raw, ok := o.value(name)
	if !ok {
		return ""
	}
	return o.l.str(o.at(name), raw)
}

func (l *line) str(path string, raw json.RawMessage) string {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		l.add(path, string(raw), "is no text; accepted: a JSON string or null.")
		return ""
	}
	if halfPair(raw) {
		l.add(path, string(raw), "holds half a character (a lone \\ud800 to \\udfff), which no text can keep.")
	}
	for _, c := range s {
		if unicode.IsControl(c) && c != '\n' && c != '\r' && c != '\t' {
			l.add(path, s, fmt.Sprintf("holds the control character U+%04X; accepted: text, with line ends and tabs.", c))
			break
		}
	}
	if len(s) > maxText {
		l.add(path, s, fmt.Sprintf("has %d bytes; at most %d (64 KiB) are accepted.", len(s), maxText))
	}
	return s
}

// halfPair reports whether a JSON string has an escape that is half a surrogate
// pair: reading would put U+FFFD in its place without a word.
func halfPair(raw []byte) bool {
	high := false
	for i := 0; i < len(raw); i++ {
		unit := rune(0)
		if raw[i] == '\\' && i+1 < len(raw) {
			if i++; raw[i] == 'u' && i+4 < len(raw) {
				n, _ := strconv.ParseUint(string(raw[i+1:i+5]), 16, 16)
				unit, i = rune(n), i+4
			}
		}
		low := unit >= 0xdc00 && unit <= 0xdfff
		if low != high {
			return true
		}
		high = unit >= 0xd800 && unit <= 0xdbff
	}
	return high
}

// need reads a text that must not be empty.
func (o object) need(name, accepted string) string {
	s := o.str(name)
	if strings.TrimSpace(s) == "" {
		o.l.add(o.at(name), s, "is missing; accepted: "+accepted+".")
	}
	return s
}

// num reads a number within bounds; nil for null or missing.
func (o object) num(name string, least, most float64, unit string) *float64 {
	raw, ok := o.value(name)
	if !ok {
		return nil
	}
	var x float64
	if err := json.Unmarshal(raw, &x); err != nil || math.IsInf(x, 0) || x < least || x > most {
		o.l.add(o.at(name), string(raw), fmt.Sprintf("is no %s; accepted: a number from %g to %g, or null.", unit, least, most))
		return nil
	}
	return &x
}

// count reads a whole number from 0 on (nobody met is a statement too); nil for
// null or missing.
func (o object) count(name string) *int {
	x := o.num(name, 0, 100_000, "count")
	if x == nil {
		return nil
	}
	n := int(*x)
	if float64(n) != *x {
		o.l.add(o.at(name), fmt.Sprint(*x), "is no whole number.")
	}
	return &n
}

// array gives the items of a list; null and a missing member are none.
func (o object) array(name string) []json.RawMessage {
	raw, ok := o.value(name)
	if !ok {
		return nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		o.l.add(o.at(name), string(raw), "is no list; accepted: […] or null.")
	}
	return items
}

// strs reads a list of texts.
func (o object) strs(name string) []string {
	items := o.array(name)
	out := make([]string, 0, len(items))
	for i, raw := range items {
		out = append(out, o.l.str(fmt.Sprintf("%s[%d]", o.at(name), i), raw))
	}
	return out
}

// obj reads a member that is an object; a missing one is empty.
func (o object) obj(name string) object {
	raw, ok := o.value(name)
	if !ok {
		raw = json.RawMessage("{}")
	}
	return o.l.parse(o.at(name), raw)
}

// objs reads a list of objects.
func (o object) objs(name string) []object {
	var out []object
	for i, raw := range o.array(name) {
		out = append(out, o.l.parse(fmt.Sprintf("%s[%d]", o.at(name), i), raw))
	}
	return out
}

// done reports the members that nobody asked for.
func (o object) done() {
	var unknown, known []string
	for name := range o.members {
		if !o.asked[name] {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return
	}
	for name := range o.asked {
		known = append(known, name)
	}
	sort.Strings(unknown)
	sort.Strings(known)
	for _, name := range unknown {
		o.l.add(o.at(name), string(o.members[name]), "is no field of the research form; accepted here: "+strings.Join(known, ", ")+".")
	}
}
