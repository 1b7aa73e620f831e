package collection

import (
	"errors"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"interceptlog/internal/cql2"
	"interceptlog/internal/fault"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/incidents"
)

// maxFilter bounds a filter, in characters.
const maxFilter = 20_000

// ParameterError says that a parameter has a value that is not accepted.
type ParameterError struct {
	Parameter, Value, Accepted string
	Msg                        string     // the same in a sentence
	At                         cql2.Place // in a filter
}

func (e *ParameterError) Error() string { return e.Msg }

func refuse(parameter, value, accepted string) error {
	return &ParameterError{Parameter: parameter, Value: clip(value), Accepted: accepted,
		Msg: "The value “" + clip(value) + "” of " + parameter + " is not accepted; accepted: " + accepted + "."}
}

// itemParams are the parameters of /items beside the properties and what the
// log's own pages filter by.
var itemParams = []string{"bbox", "bbox-crs", "datetime", "limit", "cursor", "crs", "sortby", "properties", "skipGeometry", "filter", "filter-lang", "filter-crs", "as_of"}

// narrowNames are the filters of the log's own pages that incidents take here
// too.
var narrowNames = []string{"region", "severity", "deescalation", "report", "nation", "aircraft", "behaviour", "number", "q", "exercise", "from", "to"}

// Params gives every parameter that selects features of a collection: those of
// the standard, the filters of the log's pages, the properties.
func Params(col *Collection) []string {
	list := slices.Clone(itemParams)
	if col.Incidents() {
		list = append(list, narrowNames...)
	} else if _, ok := col.Property("exercise"); ok {
		list = append(list, "exercise")
	}
	for _, p := range col.Properties {
		if !slices.Contains(list, p.Name) {
			list = append(list, p.Name)
		}
	}
	return list
}

// ReadQuery reads which features of a collection are asked for. Every value
// that is not accepted is a problem that says which one is.
func ReadQuery(col *Collection, v url.Values) (q Query, err error) {
	if q.Narrow, q.Equals, err = readNarrow(col, v); err != nil {
		return q, err
	}
	if q.Box, err = readBox(v.Get("bbox"), v.Get("bbox-crs"), v.Has("bbox"), v.Has("bbox-crs")); err != nil {
		return q, err
	}
	if v.Has("datetime") {
		if q.Period, err = readPeriod(v.Get("datetime")); err != nil {
			return q, err
		}
	}
	var named []string
	if q.Where, q.WhereIn, named, err = readFilter(col, v); err != nil {
		return q, err
	}
	if slices.Contains(named, "exercise") && !v.Has("exercise") {
		q.Narrow.Exercise = "include" // the filter itself says which are wanted
	}
	if slices.Contains(named, "report") && !v.Has("report") {
		q.Narrow.Reports = incidents.StatusCodes.Codes()
	}
	q.Retracted = slices.Contains(named, "retracted") || v.Has("retracted")
	q.Sort, err = readSort(col, v.Get("sortby"))
	return q, err
}

// readNarrow reads the filters of the log and equality with properties.
func readNarrow(col *Collection, v url.Values) (f incidents.Filter, equals []Equal, err error) {
	own := url.Values{}
	incident := col.Incidents()
	for name, values := range v {
		switch {
		case slices.Contains(itemParams, name) || name == "f" || len(values) == 0:
		case name == "exercise":
			own[name] = []string{exerciseMode(values[0])}
		case incident && slices.Contains(narrowNames, name):
			own[name] = values
			if _, ok := col.Property(name); ok || name == "nation" || name == "aircraft" || name == "behaviour" {
				own[name] = strings.Split(strings.Join(values, ","), ",")
			}
		default:
			p, ok := col.Property(name)
			if !ok {
				continue // the caller has refused it
			}
			e := Equal{Property: name, Values: []string{values[0]}}
			if p.Kind == feature.Instant {
				t, err := time.Parse(time.RFC3339, values[0])
				if err != nil {
					return f, nil, refuse(name, values[0], "an instant of RFC 3339, such as 2026-11-24T03:12:00Z")
				}
				e.Values = []string{incidents.FormatInstant(incidents.MillisOf(t))}
			}
			if p.Kind == feature.Bool {
				e.Values = []string{truth(values[0])}
			}
			if err := fits(p, values[0]); err != nil {
				return f, nil, err
			}
			equals = append(equals, e)
		}
	}
	f, err = incidents.ParseFilter(own)
	if flt := (*fault.Error)(nil); errors.As(err, &flt) && len(flt.Fields) > 0 {
		name := flt.Fields[0].Name
		return f, nil, &ParameterError{Parameter: name, Value: clip(v.Get(name)), Accepted: flt.Fields[0].Msg, Msg: name + ": " + flt.Fields[0].Msg}
	}
	return f, equals, err
}

// exerciseMode reads the property's true and false as what the log's pages call
// them.
func exerciseMode(s string) string {
	switch truth(s) {
	case "true":
		return "only"
	case "false":
		return "exclude"
	}
	return s
}

// truth reads 1 and 0, which are all that GDAL has, as what they stand for.
func truth(s string) string {
	switch s {
	case "1":
		return "true"
	case "0":
		return "false"
	}
	return s
}

// fits checks a value against the property that it is compared with.
func fits(p feature.Property, value string) error {
	switch p.Kind {
	case feature.Integer:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return refuse(p.Name, value, "a whole number")
		}
	case feature.Number:
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return refuse(p.Name, value, "a number")
		}
	case feature.Bool:
		if !slices.Contains([]string{"true", "false", "1", "0"}, value) {
			return refuse(p.Name, value, "true, false, 1, 0")
		}
	}
	if len(p.Codes) > 0 && !slices.Contains(p.Codes, value) {
		return refuse(p.Name, value, strings.Join(p.Codes, ", "))
	}
	return nil
}

// readBox reads bbox and bbox-crs (17-069r4 §7.15.3, 18-058r1 §8): four numbers
// or six, of which the heights are left out; a box in degrees may cross the
// antimeridian, and one of a projection is what lies between its two corners.
func readBox(text, system string, given, inSystem bool) (*Box, error) {
	if !given {
		if inSystem {
			return nil, refuse("bbox-crs", system, "a reference system together with bbox")
		}
		return nil, nil
	}
	sys, err := ReadSystem("bbox-crs", system, inSystem)
	if err != nil {
		return nil, err
	}
	const accepted = "four numbers, the lower corner and the upper one in the order of axes of bbox-crs (for CRS84 west,south,east,north in degrees), or six with heights"
	parts := strings.Split(text, ",")
	if len(parts) != 4 && len(parts) != 6 {
		return nil, refuse("bbox", text, accepted)
	}
	n := make([]float64, len(parts))
	for i, p := range parts {
		if n[i], err = strconv.ParseFloat(strings.TrimSpace(p), 64); err != nil || math.IsNaN(n[i]) || math.IsInf(n[i], 0) {
			return nil, refuse("bbox", text, accepted)
		}
	}
	if len(n) == 6 {
		n = []float64{n[0], n[1], n[3], n[4]}
	}
	if sys.YFirst {
		n = []float64{n[1], n[0], n[3], n[2]}
	}
	if !sys.Degrees { // far from the system's own area the corners of a box in degrees change sides
		n = []float64{min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3])}
	}
	b := &Box{West: n[0], South: n[1], East: n[2], North: n[3], System: sys}
	switch {
	case b.South > b.North:
		return nil, refuse("bbox", text, "a lower corner that lies no further north than the upper one")
	case sys.Degrees && (math.Abs(b.South) > 90 || math.Abs(b.North) > 90 || math.Abs(b.West) > 180 || math.Abs(b.East) > 180):
		return nil, refuse("bbox", text, "longitudes from -180 to 180 and latitudes from -90 to 90")
	}
	return b, nil
}

// ReadSystem reads a reference system; CRS84 if none is given.
func ReadSystem(name, text string, given bool) (*crs.System, error) {
	if !given {
		return crs.CRS84, nil
	}
	sys, err := crs.Parse(text)
	if err != nil {
		var all []string
		for _, s := range crs.All() {
			all = append(all, s.URI)
		}
		return nil, refuse(name, text, strings.Join(all, ", "))
	}
	return sys, nil
}

// readPeriod reads an instant or an interval (RFC 3339 §5.6, open ends as .. or
// nothing). A date stands for its day. One end may be a duration (RFC 3339,
// appendix A), which the standard does not ask for but its test suite does.
func readPeriod(text string) (*Period, error) {
	const accepted = "an instant (2026-11-24T03:12:00Z), a date (2026-11-24), or an interval of two with a slash between, .. or nothing for an open end, or a duration (P2D) for one of them"
	first, last, interval := strings.Cut(text, "/")
	if p, ok := readStretch(first, last); ok {
		return &p, nil
	}
	from, ok := readEnd(first, interval, cql2.Past)
	if !ok {
		return nil, refuse("datetime", text, accepted)
	}
	if !interval {
		return &from, nil
	}
	to, ok := readEnd(last, true, cql2.Future)
	if !ok {
		return nil, refuse("datetime", text, accepted)
	}
	p := &Period{From: from.From, To: to.To}
	if first == ".." || first == "" {
		p.From = cql2.Past
	}
	if last == ".." || last == "" {
		p.To = cql2.Future
	}
	if p.From > p.To {
		return nil, refuse("datetime", text, "an interval that does not end before it begins")
	}
	return p, nil
}

func readEnd(s string, mayBeOpen bool, open int64) (Period, bool) {
	if mayBeOpen && (s == ".." || s == "") {
		return Period{From: open, To: open}, true
	}
	if day, err := time.Parse("2006-01-02", s); err == nil {
		return Period{From: day.UnixMilli(), To: day.Add(24*time.Hour).UnixMilli() - 1}, true
	}
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
	if err != nil || t.Year() > 9999 {
		return Period{}, false
	}
	return Period{From: t.UnixMilli(), To: t.UnixMilli()}, true
}

// duration is one of ISO 8601, without fractions.
var duration = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$`)

// readStretch reads an interval of which one end is a duration: it reaches from
// the first instant of a date.
func readStretch(first, last string) (Period, bool) {
	end, sign, length := first, 1, duration.FindStringSubmatch(last)
	if length == nil {
		end, sign, length = last, -1, duration.FindStringSubmatch(first)
	}
	at, ok := readEnd(end, false, 0)
	if length == nil || !ok || strings.Trim(length[0], "PT") == "" || strings.HasSuffix(length[0], "T") {
		return Period{}, false
	}
	n := make([]int, len(length))
	for i, digits := range length[1:] {
		n[i], _ = strconv.Atoi(digits) // nothing but digits, or nothing
		n[i] *= sign
	}
	other := time.UnixMilli(at.From).UTC().AddDate(n[0], n[1], 7*n[2]+n[3]).
		Add(time.Duration(n[4])*time.Hour + time.Duration(n[5])*time.Minute + time.Duration(n[6])*time.Second).UnixMilli()
	return Period{From: min(at.From, other), To: max(at.From, other)}, true
}

// readSort reads a property, falling with - in front, + as nothing.
func readSort(col *Collection, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	name := strings.TrimLeft(text, "+ ")
	if !slices.Contains(col.Sorts, strings.TrimPrefix(name, "-")) {
		return "", refuse("sortby", text, "one of "+strings.Join(col.Sorts, ", ")+", with - in front for falling")
	}
	return name, nil
}

// readSelection reads which properties are wanted; nil for all.
func readSelection(col *Collection, v url.Values) (map[string]bool, error) {
	if !v.Has("properties") {
		return nil, nil
	}
	want := map[string]bool{}
	for name := range strings.SplitSeq(v.Get("properties"), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if _, ok := col.Property(name); !ok {
			return nil, refuse("properties", name, PropertyNames(col))
		}
		want[name] = true
	}
	return want, nil
}

// ReadPick reads which properties are wanted, as their places in the collection;
// nil for all.
func ReadPick(col *Collection, v url.Values) ([]int, error) {
	want, err := readSelection(col, v)
	if err != nil || want == nil {
		return nil, err
	}
	pick := []int{}
	for i, p := range col.Properties {
		if want[p.Name] {
			pick = append(pick, i)
		}
	}
	return pick, nil
}

// PropertyNames gives the names of all properties with commas between.
func PropertyNames(col *Collection) string { return feature.Names(col.Properties) }

// readFilter reads filter, filter-lang and filter-crs (19-079r2). GDAL 3.6 calls
// the text language cql-text. sys is the system of its geometries, and named are the
// properties that it names.
func readFilter(col *Collection, v url.Values) (f *cql2.Filter, sys *crs.System, named []string, err error) {
	lang := v.Get("filter-lang")
	if v.Has("filter-lang") && lang != "cql2-text" && lang != "cql2-json" && lang != "cql-text" {
		return nil, nil, nil, refuse("filter-lang", lang, "cql2-text, cql2-json")
	}
	sys, err = ReadSystem("filter-crs", v.Get("filter-crs"), v.Has("filter-crs"))
	if err != nil {
		return nil, nil, nil, err
	}
	text := v.Get("filter")
	if !v.Has("filter") {
		return nil, nil, nil, nil
	}
	if len(text) > maxFilter {
		return nil, nil, nil, refuse("filter", text, "at most 20000 characters")
	}
	var tree *cql2.Node
	if lang == "cql2-json" {
		tree, err = cql2.ParseJSON([]byte(text))
	} else {
		tree, err = cql2.ParseText(text)
	}
	if err == nil && lang == "cql-text" {
		asGDAL(tree, col)
	}
	if err == nil {
		xFirst(tree, sys)
		err = onEarth(tree, sys)
	}
	if err == nil {
		if f, err = cql2.Compile(tree, col.Schema()); err == nil {
			return f, sys, tree.Properties(), nil
		}
	}
	p := &ParameterError{Parameter: "filter", Value: clip(text), Accepted: "a filter of CQL2 over " + names(col), Msg: "The filter cannot be read: " + err.Error() + "."}
	var at *cql2.Error
	if errors.As(err, &at) {
		p.At = at.At
	}
	return nil, nil, nil, p
}

func names(col *Collection) string {
	if col.Geometry == format.None {
		return PropertyNames(col)
	}
	return GeometryName + ", " + PropertyNames(col)
}

// onEarth refuses geometries of a filter in degrees that lie outside the world:
// they are mistaken for those of a projection, or have their axes changed.
func onEarth(n *cql2.Node, sys *crs.System) error {
	if !sys.Degrees {
		return nil
	}
	for _, arg := range n.Args {
		if err := onEarth(arg, sys); err != nil {
			return err
		}
	}
	g := n.Lit.Shape()
	if g == nil {
		return nil
	}
	if b := g.Bound(); b.Min[0] < -180 || b.Max[0] > 180 || b.Min[1] < -90 || b.Max[1] > 90 {
		return &cql2.Error{At: n.At, Msg: "this geometry does not lie within longitudes from -180 to 180 and latitudes from -90 to 90; filter-crs says in which system it is"}
	}
	return nil
}

// xFirst turns the geometries of a filter from the order of axes of the system
// that they are written in into that of the log.
func xFirst(n *cql2.Node, sys *crs.System) {
	for _, arg := range n.Args {
		xFirst(arg, sys)
	}
	if g := n.Lit.Shape(); g != nil && sys.YFirst {
		n.Lit = cql2.OfShape(sys.Swap(g))
	}
}
