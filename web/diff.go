package web

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// recordField is one thing that a record says, in words: a line, or several
// where it is a list of things.
type recordField struct {
	path  string
	lines []string
	list  bool
}

// incidentFields are what an incident says and what was derived from it. They
// are read from its JSON, so that a field that is added to the record cannot
// be forgotten here.
func incidentFields(inc incidents.Incident) []recordField {
	return fieldsOf(struct {
		Status  incidents.Status `json:"status"`
		Record  incidents.Record `json:"record"`
		Derived incidents.Place  `json:"derived"`
	}{inc.Status, inc.Record, inc.Derived})
}

// contactFields are what a contact says, without its revision.
func contactFields(c hotline.Contact) []recordField {
	c.Meta = hotline.Meta{}
	fields := fieldsOf(c)
	return slices.DeleteFunc(fields, func(f recordField) bool {
		switch f.path {
		case "id", "revision", "first_recorded_at", "recorded_at", "recorded_by", "reason":
			return true
		}
		return false
	})
}

func fieldsOf(v any) []recordField {
	raw, err := json.Marshal(v)
	if err != nil {
		return []recordField{{path: "record", lines: []string{"cannot be read: " + err.Error()}}}
	}
	var list []recordField
	flatten("", raw, &list)
	return list
}

// flatten lists the fields of a piece of JSON in its order. What is empty or
// null is not stated and left out.
func flatten(path string, raw json.RawMessage, list *[]recordField) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" || string(raw) == `""` {
		return
	}
	switch raw[0] {
	case '{':
		flattenObject(path, raw, list)
	case '[':
		flattenArray(path, raw, list)
	default:
		*list = append(*list, recordField{path: path, lines: []string{scalar(path, raw)}})
	}
}

func flattenObject(path string, raw json.RawMessage, list *[]recordField) {
	members := membersOf(raw)
	if text, ok := wholeOf(raw, members); ok {
		if text != "" {
			*list = append(*list, recordField{path: path, lines: []string{text}})
		}
		return
	}
	for _, m := range members {
		flatten(join(path, m.name), m.value, list)
	}
}

func join(path, name string) string {
	if path == "" || path == "record" {
		return name
	}
	return path + "." + name
}

// wholeOf writes the objects that are one thing to a reader: a time and a
// geometry.
func wholeOf(raw json.RawMessage, members []member) (text string, ok bool) {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.name
	}
	switch {
	case slices.Contains(names, "precision") && slices.Contains(names, "from"):
		var m incidents.Moment
		if json.Unmarshal(raw, &m) != nil || m.IsZero() {
			return "", true
		}
		text = m.String() + ", " + precisionNote(m)
		if m.Text != "" {
			text += ", given as “" + m.Text + "”"
		}
		return text, true
	case slices.Contains(names, "coordinates"):
		var g incidents.Geometry
		if json.Unmarshal(raw, &g) != nil || g.IsNone() {
			return "", false
		}
		return g.GeoJSONType() + ": " + geo.FormatGeometry(g.Geometry, "dm"), true
	}
	return "", false
}

func flattenArray(path string, raw json.RawMessage, list *[]recordField) {
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) != nil || len(elements) == 0 {
		return
	}
	f := recordField{path: path, list: true}
	for _, e := range elements {
		f.lines = append(f.lines, element(path, bytes.TrimSpace(e)))
	}
	*list = append(*list, f)
}

// element writes one thing of a list in a line.
func element(path string, raw json.RawMessage) string {
	if len(raw) == 0 || raw[0] != '{' {
		return scalar(path, raw)
	}
	var inner []recordField
	flatten("", raw, &inner)
	parts := make([]string, len(inner))
	for i, f := range inner {
		parts[i] = view.Words(f.path) + ": " + strings.Join(f.lines, ", ")
	}
	return strings.Join(parts, "; ")
}

// member is one name and value of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

// membersOf reads an object and keeps its order, which a map would lose.
func membersOf(raw json.RawMessage) []member {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return nil
	}
	var list []member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return list
		}
		m := member{}
		m.name, _ = name.(string)
		if err := dec.Decode(&m.value); err != nil {
			return list
		}
		list = append(list, m)
	}
	return list
}

// fieldWords are the vocabularies in which fields are written.
var fieldWords = map[string]incidents.Vocabulary{
	"status": incidents.StatusCodes, "severity": incidents.Severities, "region": incidents.RegionCodes,
	"derived.region": incidents.RegionCodes, "derived.geometry_region": incidents.RegionCodes,
	"position_basis": incidents.PositionBases, "airspace.kind": incidents.AirspaceKinds, "behaviours": incidents.Behaviours,
	"absence": incidents.Absences, "intercepting.platform_kind": incidents.PlatformKinds, "intercepted.platform_kind": incidents.PlatformKinds,
	"channel.kind": hotline.Kinds, "outcome": hotline.Outcomes, "purpose": hotline.Purposes,
}

func scalar(path string, raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		switch string(raw) {
		case "true":
			return "yes"
		case "false":
			return "no"
		}
		return string(raw)
	}
	if v, ok := fieldWords[path]; ok {
		return v.Word(s)
	}
	return s
}

// fieldLabels are the names of fields where the words of their path would not
// do.
var fieldLabels = map[string]string{
	"status": "State of the report", "start": "Began", "end": "Ended", "region": "Region as stated", "region_reason": "Why this region",
	"location": "Place in words", "geometry": "Position", "position_text": "Position as given", "position_uncertainty_nm": "Uncertainty, NM",
	"distance_to_named_sea_km": "Distance to the named sea, km", "airspace.fir": "FIR", "who_intercepted_whom": "In short",
	"closest_approach_m": "Closest approach, m", "violation_duration_s": "Time in the airspace, s", "violation_duration_qualifier": "On the time in the airspace",
	"closest_approach_qualifier": "On the closest approach", "severity_source": "Severity rated by", "severity_reason": "Reason for the severity",
	"disputed_claims": "Dispute", "absence": "Knowledge", "source": "Imported from", "source_id": "Its id there",
	"derived.region": "Region that counts", "derived.geometry_region": "Region by position", "derived.sea": "Sea",
	"derived.coast_nm": "Nearest coast, NM", "derived.within_12nm": "Within 12 NM of", "derived.near": "Near",
	"line_id": "Line", "channel.name": "Channel", "caller": "Spoke", "callee": "Answered", "stated_relation": "Relation as imported",
}

func fieldLabel(path string) string {
	if l, ok := fieldLabels[path]; ok {
		return l
	}
	w := view.Words(strings.ReplaceAll(path, ".", ", "))
	return strings.ToUpper(w[:1]) + w[1:]
}

// diffFields are the fields in which two versions differ, in the order of the
// record.
func diffFields(old, new []recordField) []view.Change {
	was := map[string]recordField{}
	for _, f := range old {
		was[f.path] = f
	}
	var changes []view.Change
	seen := map[string]bool{}
	for _, f := range new {
		seen[f.path] = true
		if !slices.Equal(was[f.path].lines, f.lines) {
			changes = append(changes, changeOf(was[f.path], f))
		}
	}
	for _, f := range old {
		if !seen[f.path] {
			changes = append(changes, changeOf(f, recordField{path: f.path}))
		}
	}
	return changes
}

// changeOf shows what a field was and is. Of a list only what went and what
// came; when neither did, the order changed and both stand whole.
func changeOf(old, new recordField) view.Change {
	change := view.Change{Field: fieldLabel(new.path)}
	if !new.list && !old.list {
		change.Old, change.New = diffLines(old.lines, new.lines)
		return change
	}
	gone, come := without(old.lines, new.lines), without(new.lines, old.lines)
	if len(gone)+len(come) == 0 {
		change.Note = "order changed"
		gone, come = old.lines, new.lines
	} else {
		change.Kept = len(new.lines) - len(come)
	}
	change.Old, change.New = wholeLines(gone), wholeLines(come)
	return change
}

func wholeLines(lines []string) []view.DiffLine {
	var list []view.DiffLine
	for _, s := range lines {
		list = append(list, view.DiffLine{Differs: s})
	}
	return list
}

// diffLines marks, in a text that was changed in one place, that place; words
// that begin and end both versions are the same.
func diffLines(old, new []string) (was, is []view.DiffLine) {
	if len(old) != 1 || len(new) != 1 {
		return wholeLines(old), wholeLines(new)
	}
	a, b := strings.SplitAfter(old[0], " "), strings.SplitAfter(new[0], " ")
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	side := func(words []string) []view.DiffLine {
		end := len(words) - tail
		return []view.DiffLine{{Before: strings.Join(words[:head], ""), Differs: strings.Join(words[head:end], ""), After: strings.Join(words[end:], "")}}
	}
	return side(a), side(b)
}

// without gives the lines of one list that the other lacks, each as often as
// it is missing.
func without(list, other []string) []string {
	left := map[string]int{}
	for _, s := range other {
		left[s]++
	}
	var out []string
	for _, s := range list {
		if left[s]--; left[s] < 0 {
			out = append(out, s)
		}
	}
	return out
}

func sameGeometry(a, b incidents.Geometry) bool {
	return bytes.Equal(geo.AppendGeometry(nil, a.Geometry), geo.AppendGeometry(nil, b.Geometry))
}
