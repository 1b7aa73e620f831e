// Package stated reads what somebody else's feature says as the report that a
// person would have typed: the API and the import of files share it, so that a
// property means the same wherever it comes from. internal/feature is the other
// direction.
//
// It checks names and types only. What may stand in a report is decided by
// incidents.Report and hotline.ContactReport, where these reports go; no file
// format and no address lives here.
//
// Reading order: feature.go (a feature and its values), reports.go (the reports).
package stated

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// Geometry is the name under which what is wrong with the shape is told.
const Geometry = "geometry"

// Feature is a feature as a client or a file has it.
type Feature struct {
	ID         string
	Shape      orb.Geometry   // longitude, latitude in degrees, WGS 84; nil: none
	HasShape   bool           // whether there was a member geometry, null included
	Properties map[string]any // string, bool, json.Number, int64, float64, nil, []any
}

// Wrong is one thing wrong with a property, or with the shape.
type Wrong struct {
	Name string // of the property as it was stated; Geometry for the shape
	Msg  string // what is accepted
}

// Check finds properties that a collection does not have, and values that are
// not of their type, in the order of their names. What the log works out itself
// is taken and passed over, so that a feature as the server gives it is one that
// it takes.
func (s Feature) Check(collection string, properties []feature.Property) []Wrong {
	var wrong []Wrong
	for name, v := range s.Properties {
		i := slices.IndexFunc(properties, func(p feature.Property) bool { return p.Name == name })
		switch {
		case name == "reason":
			if _, ok := v.(string); !ok && v != nil {
				wrong = append(wrong, Wrong{name, "accepted: a text, why the record is changed."})
			}
		case i < 0:
			wrong = append(wrong, Wrong{name, "is no property of " + collection + "; accepted: " + feature.Names(properties) + ", reason."})
		case v != nil && !ofKind(properties[i].Kind, v):
			wrong = append(wrong, Wrong{name, "accepted: " + properties[i].Type() + "."})
		}
	}
	slices.SortFunc(wrong, func(a, b Wrong) int { return strings.Compare(a.Name, b.Name) })
	return wrong
}

func ofKind(k feature.Kind, v any) bool {
	switch v := v.(type) {
	case string:
		return k == feature.Text || k == feature.Instant
	case bool:
		return k == feature.Bool
	case json.Number:
		if k == feature.Integer {
			_, err := v.Int64()
			return err == nil
		}
		return k == feature.Number
	case int64:
		return k == feature.Integer || k == feature.Number
	case float64:
		return k == feature.Number || k == feature.Integer && v == math.Trunc(v) && math.Abs(v) < 1<<53
	case []any:
		for _, m := range v {
			if _, ok := m.(string); !ok {
				return false
			}
		}
		return k == feature.List
	}
	return false
}

// Typed gives the value of a cell the type of its property, for files whose
// cells are texts: a list has semicolons between its items, as such files are
// written here. A value that cannot be read stays what it is, and Check says so.
func Typed(k feature.Kind, v any) any {
	text, ok := v.(string)
	switch n := v.(type) {
	case int64:
		if k == feature.Text { // a column of years, say
			return strconv.FormatInt(n, 10)
		}
	case float64:
		if k == feature.Text && n == math.Trunc(n) && math.Abs(n) < 1<<53 {
			return strconv.FormatInt(int64(n), 10)
		}
	}
	if !ok {
		return v
	}
	text = strings.TrimSpace(text)
	if text == "" && k != feature.Text {
		return nil
	}
	switch k {
	case feature.Integer:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	case feature.Number:
		if x, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) && strings.Trim(text, "0123456789+-.eE") == "" {
			return x
		}
	case feature.Bool:
		if yes := strings.EqualFold(text, "true"); yes || strings.EqualFold(text, "false") {
			return yes
		}
	case feature.List:
		items := []any{}
		for _, s := range format.SplitList(text) {
			items = append(items, strings.TrimSpace(s))
		}
		return items
	}
	return v
}

// Text gives a property as a text; empty for null and for one that is missing.
func (s Feature) Text(name string) string {
	switch v := s.Properties[name].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number, int64:
		return fmt.Sprint(v)
	}
	return ""
}

func (s Feature) flag(name string) bool { v, _ := s.Properties[name].(bool); return v }

func (s Feature) list(name string) []string {
	var out []string
	members, _ := s.Properties[name].([]any)
	for _, m := range members {
		text, _ := m.(string) // another value is found by Check
		out = append(out, text)
	}
	return out
}

// Reason is why a record is changed, in the words of the feature or in others.
func (s Feature) Reason(fallback string) string {
	if r := strings.TrimSpace(s.Text("reason")); r != "" {
		return r
	}
	return fallback
}

// properties say which property of a feature a field of the form is, where the
// two have other names.
var properties = map[string]string{
	"start": "date", "start_precision": "time_precision", "end": "end_from", "end_precision": "end_to",
	"position": Geometry, "uncertainty": "position_uncertainty_nm", "region_reason": "region",
	"closest_approach": "closest_approach_m", "violation_duration": "violation_duration_s",
	"line": "line_id", "kind": "channel_kind", "parties": "channel_parties", "incidents": "incident_ids", "relation": "relations",
}

// PropertyOf names the property that a message about a field of a report, of
// incidents or contacts, is about; Geometry for the position.
func PropertyOf(field string) string {
	name, _, _ := strings.Cut(field, "-")
	if side, _, found := strings.Cut(name, "_aircraft_"); found {
		return side + "_aircraft"
	}
	if p, ok := properties[name]; ok {
		return p
	}
	return name
}
