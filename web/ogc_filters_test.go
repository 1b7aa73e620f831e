package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/incidents"
)

// truth is what a filter says of a feature: null where it cannot say.
type truth int

const (
	no truth = iota
	null
	yes
)

func known(b bool) truth {
	if b {
		return yes
	}
	return no
}

// tree is a filter made at random: as text, as JSON, and as a function that
// answers it by itself.
type tree struct {
	text string
	json any
	of   func(*feature.Feature) truth
}

func op(name string, args ...any) any { return map[string]any{"op": name, "args": args} }

func property(name string) any { return map[string]any{"property": name} }

// forest makes trees over the values that there are.
type forest struct {
	*oracle
	r    *rand.Rand
	only []string // the properties that they name; nil: all
}

func (w forest) pick(kinds ...feature.Kind) (name string, value feature.Value) {
	wanted := func(p feature.Property) bool {
		return slices.Contains(kinds, p.Kind) && slices.Contains(w.only, p.Name)
	}
	only := slices.ContainsFunc(w.col.Properties, wanted)
	for range 10_000 {
		p := w.col.Properties[w.r.IntN(len(w.col.Properties))]
		if !slices.Contains(kinds, p.Kind) || only && !wanted(p) {
			continue
		}
		if v, _ := w.col.Value(w.all[w.r.IntN(len(w.all))], p.Name); !v.Null {
			return p.Name, v
		}
	}
	panic("no feature has such a value")
}

// on makes a function of the value of a property; null where there is none.
func (w forest) on(name string, says func(feature.Value) bool) func(*feature.Feature) truth {
	return func(f *feature.Feature) truth {
		v, _ := w.col.Value(f, name)
		if v.Null {
			return null
		}
		return known(says(v))
	}
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func ordered(sign string, n int) bool {
	switch sign {
	case "=":
		return n == 0
	case "<>":
		return n != 0
	case "<":
		return n < 0
	case "<=":
		return n <= 0
	case ">":
		return n > 0
	}
	return n >= 0
}

func order[T int64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// tree makes one that is at most so deep.
func (w forest) tree(deep int) tree {
	if deep == 0 || w.r.IntN(4) == 0 {
		return w.leaf()
	}
	a := w.tree(deep - 1)
	switch w.r.IntN(3) {
	case 0:
		return tree{"NOT (" + a.text + ")", op("not", a.json), func(f *feature.Feature) truth { return yes - a.of(f) }}
	case 1:
		b := w.tree(deep - 1)
		return tree{"(" + a.text + ") AND (" + b.text + ")", op("and", a.json, b.json), func(f *feature.Feature) truth { return min(a.of(f), b.of(f)) }}
	}
	b := w.tree(deep - 1)
	return tree{"(" + a.text + ") OR (" + b.text + ")", op("or", a.json, b.json), func(f *feature.Feature) truth { return max(a.of(f), b.of(f)) }}
}

func (w forest) leaf() tree {
	leaves := []func(sign string) tree{w.ofText, w.ofNumber, w.ofInstant, w.ofList, w.ofBox, w.ofNull, w.ofTruth, w.ofPattern, w.ofSet}
	return leaves[w.r.IntN(len(leaves))]([]string{"=", "<>", "<", "<=", ">", ">="}[w.r.IntN(6)])
}

func (w forest) ofText(sign string) tree {
	name, v := w.pick(feature.Text)
	return tree{name + " " + sign + " " + quoted(v.Text), op(sign, property(name), v.Text), w.on(name, func(x feature.Value) bool { return ordered(sign, strings.Compare(x.Text, v.Text)) })}
}

func (w forest) ofNumber(sign string) tree {
	name, v := w.pick(feature.Number, feature.Integer)
	p, _ := w.col.Property(name)
	of := func(x feature.Value) float64 {
		if p.Kind == feature.Integer {
			return float64(x.Int)
		}
		return x.Number
	}
	limit := of(v)
	switch w.r.IntN(3) {
	case 0:
		return tree{fmt.Sprintf("%s BETWEEN %v AND %v", name, limit-1, limit+10), op("between", property(name), limit-1, limit+10), w.on(name, func(x feature.Value) bool { return of(x) >= limit-1 && of(x) <= limit+10 })}
	case 1:
		return tree{fmt.Sprintf("%s * 2 + 1 %s %v", name, sign, 2*limit), op(sign, op("+", op("*", property(name), 2), 1), 2*limit), w.on(name, func(x feature.Value) bool { return ordered(sign, order(of(x)*2+1, 2*limit)) })}
	}
	return tree{fmt.Sprintf("%s %s %v", name, sign, limit), op(sign, property(name), limit), w.on(name, func(x feature.Value) bool { return ordered(sign, order(of(x), limit)) })}
}

func (w forest) ofInstant(sign string) tree {
	name, v := w.pick(feature.Instant)
	at := time.UnixMilli(v.Int).UTC().Format("2006-01-02T15:04:05.000Z")
	stamp := map[string]any{"timestamp": at}
	if w.r.IntN(2) == 0 {
		return w.ofPeriod()
	}
	return tree{name + " " + sign + " TIMESTAMP('" + at + "')", op(sign, property(name), stamp), w.on(name, func(x feature.Value) bool { return ordered(sign, order(x.Int, v.Int)) })}
}

// moment is an instant that some feature has, or a millisecond beside it.
func (w forest) moment() int64 {
	_, v := w.pick(feature.Instant)
	return v.Int + int64(w.r.IntN(3)) - 1
}

// ofPeriod relates an instant, or an interval between two properties, to an
// interval whose ends may be open.
func (w forest) ofPeriod() tree {
	from, to := w.moment(), w.moment()
	if from > to {
		from, to = to, from
	}
	ends := []string{text84(from), text84(to)}
	switch w.r.IntN(6) {
	case 0:
		from, ends[0] = math.MinInt64, ".."
	case 1:
		to, ends[1] = math.MaxInt64, ".."
	}
	interval, json := "INTERVAL('"+ends[0]+"','"+ends[1]+"')", map[string]any{"interval": ends}
	value := func(f *feature.Feature, name string) (int64, bool) {
		v, _ := w.col.Value(f, name)
		return v.Int, !v.Null
	}
	if w.r.IntN(3) == 0 {
		names := slices.Sorted(maps.Keys(instantRelations))
		name, _ := w.pick(feature.Instant)
		fn := names[w.r.IntN(len(names))]
		return tree{fn + "(" + name + "," + interval + ")", op(strings.ToLower(fn), property(name), json), func(f *feature.Feature) truth {
			at, ok := value(f, name)
			return unless(ok, instantRelations[fn](at, at, from, to))
		}}
	}
	names := slices.Sorted(maps.Keys(intervalRelations))
	fn := names[w.r.IntN(len(names))]
	pair := [][2]string{{"start_from", "start_to"}, {"end_from", "end_to"}, {"start_from", "end_to"}}[w.r.IntN(3)]
	return tree{fn + "(INTERVAL(" + pair[0] + "," + pair[1] + ")," + interval + ")", op(strings.ToLower(fn), map[string]any{"interval": []any{property(pair[0]), property(pair[1])}}, json), func(f *feature.Feature) truth {
		a, ok := value(f, pair[0])
		b, okay := value(f, pair[1])
		return unless(ok && okay && a <= b, intervalRelations[fn](a, b, from, to))
	}}
}

func (w forest) ofList(string) tree {
	name, v := w.pick(feature.List)
	list := append([]string{}, v.List...) // never nil, which JSON has as null
	if w.r.IntN(2) == 0 {
		_, more := w.pick(feature.List)
		list = append(list, more.List...)
	}
	words := []string{}
	for _, s := range list {
		words = append(words, quoted(s))
	}
	all := func(a, b []string) bool {
		return !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
	}
	tests := []struct {
		name string
		says func(x []string) bool
	}{
		{"a_contains", func(x []string) bool { return all(list, x) }}, {"a_containedby", func(x []string) bool { return all(x, list) }},
		{"a_overlaps", func(x []string) bool {
			return slices.ContainsFunc(x, func(s string) bool { return slices.Contains(list, s) })
		}},
		{"a_equals", func(x []string) bool { return all(x, list) && all(list, x) }},
	}
	test := tests[w.r.IntN(len(tests))]
	return tree{strings.ToUpper(test.name) + "(" + name + ", (" + strings.Join(words, ", ") + "))", op(test.name, property(name), list), w.on(name, func(x feature.Value) bool { return test.says(x.List) })}
}

// ofBox relates the geometry to a box, in either order: a box anywhere, or one
// that has the edges of some feature, or begins at one.
func (w forest) ofBox(string) tree {
	var b orb.Bound
	for b.Min[0] >= b.Max[0] || b.Min[1] >= b.Max[1] { // what is cut off at the edge of the world may leave nothing
		b = w.box(func(g orb.Geometry) orb.Geometry { return g }, 20)
		b.Min, b.Max = orb.Point{max(b.Min[0], -180), max(b.Min[1], -90)}, orb.Point{min(b.Max[0], 180), min(b.Max[1], 90)}
	}
	n := []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	name, turned := w.relation()
	tests := relations[name]
	text, args := []string{"geometry", "BBOX(" + bboxText(n...) + ")"}, []any{property("geometry"), map[string]any{"bbox": n}}
	if turned {
		slices.Reverse(text)
		slices.Reverse(args)
		tests = relations[converse(name)]
	}
	return tree{strings.ToUpper(name) + "(" + strings.Join(text, ",") + ")", op(name, args...), func(f *feature.Feature) truth {
		if f.Geometry == nil {
			return null
		}
		return known(tests(f.Geometry, b))
	}}
}

func (w forest) relation() (name string, turned bool) {
	names := slices.Sorted(maps.Keys(relations))
	return names[w.r.IntN(len(names))], w.r.IntN(3) == 0
}

// converse is the relation that the second of two has to the first.
func converse(name string) string {
	switch name {
	case "s_within":
		return "s_contains"
	case "s_contains":
		return "s_within"
	}
	return name
}

// box makes a box of at most a size, in the coordinates of a system.
func (w forest) box(in func(orb.Geometry) orb.Geometry, size float64) orb.Bound {
	var edges orb.Bound
	for areas := w.r.IntN(2) == 0; ; areas = areas && w.r.IntN(1000) > 0 { // most features are points
		g := w.all[w.r.IntN(len(w.all))].Geometry
		if _, area := g.(orb.Polygon); g != nil && (area || !areas) {
			edges = in(g).Bound()
			break
		}
	}
	if wide := edges.Max[0] > edges.Min[0] && edges.Max[1] > edges.Min[1]; wide && w.r.IntN(3) == 0 {
		return edges
	}
	width, height := size*(0.01+w.r.Float64()), size*(0.01+w.r.Float64())/2
	at := edges.Min
	switch w.r.IntN(3) {
	case 0: // it ends where the feature begins
		return orb.Bound{Min: orb.Point{at[0] - width, at[1] - height/2}, Max: orb.Point{at[0], at[1] + height/2}}
	case 1:
		at = orb.Point{at[0] - width*w.r.Float64(), at[1] - height*w.r.Float64()}
	}
	return orb.Bound{Min: at, Max: orb.Point{at[0] + width, at[1] + height}}
}

// relations are those of the standard (OGC 06-103r4 §6.1.15) between a shape and
// a box, each from three answers that a box makes easy: whether the two have a
// point in common, whether their interiors do, and which of them holds the other.
var relations = map[string]func(orb.Geometry, orb.Bound) bool{
	"s_intersects": touches,
	"s_disjoint":   func(g orb.Geometry, b orb.Bound) bool { return !touches(g, b) },
	"s_touches":    func(g orb.Geometry, b orb.Bound) bool { return touches(g, b) && !enters(g, b) },
	"s_within":     func(g orb.Geometry, b orb.Bound) bool { return isHeld(g, b) && enters(g, b) },
	"s_contains":   func(g orb.Geometry, b orb.Bound) bool { return holdsBox(g, b) },
	"s_equals":     func(g orb.Geometry, b orb.Bound) bool { return isHeld(g, b) && holdsBox(g, b) },
	"s_crosses": func(g orb.Geometry, b orb.Bound) bool {
		return g.Dimensions() < 2 && enters(g, b) && !isHeld(g, b) && !isPoint(g)
	},
	"s_overlaps": func(g orb.Geometry, b orb.Bound) bool {
		return g.Dimensions() == 2 && enters(g, b) && !isHeld(g, b) && !holdsBox(g, b)
	},
}

func isPoint(g orb.Geometry) bool { _, ok := g.(orb.Point); return ok }

// isHeld reports whether a box, which is convex, holds a shape.
func isHeld(g orb.Geometry, b orb.Bound) bool { return b.Union(g.Bound()) == b }

// enters reports whether a shape has a point of its interior inside a box, not on
// its edge.
func enters(g orb.Geometry, b orb.Bound) bool {
	switch g := g.(type) {
	case orb.Point:
		return strictlyIn(g.Bound(), b)
	case orb.LineString:
		for i := range g[1:] {
			if passesInside(g[i], g[i+1], b) {
				return true
			}
		}
	case orb.MultiLineString:
		return slices.ContainsFunc(g, func(l orb.LineString) bool { return enters(l, b) })
	case orb.Polygon:
		for _, ring := range g {
			if enters(orb.LineString(ring), b) {
				return true
			}
		}
		return touches(g, orb.Bound{Min: b.Center(), Max: b.Center()}) // no edge passes through: all of the box is in, or none
	case orb.MultiPolygon:
		return slices.ContainsFunc(g, func(p orb.Polygon) bool { return enters(p, b) })
	}
	return false
}

// holdsBox reports whether an area holds a box: no edge passes through it.
func holdsBox(g orb.Geometry, b orb.Bound) bool {
	p, ok := g.(orb.Polygon)
	if !ok {
		return false
	}
	return !slices.ContainsFunc(p, func(r orb.Ring) bool { return enters(orb.LineString(r), b) }) && enters(p, b)
}

// passesInside reports whether a stretch passes through the inside of a box.
func passesInside(p, q orb.Point, b orb.Bound) bool {
	from, to := 0.0, 1.0
	for axis := range 2 {
		d := q[axis] - p[axis]
		low, high := b.Min[axis]-p[axis], b.Max[axis]-p[axis]
		if d == 0 {
			if low >= 0 || high <= 0 {
				return false
			}
			continue
		}
		if d < 0 {
			low, high = high, low
		}
		from, to = max(from, low/d), min(to, high/d)
	}
	return from < to
}

func (w forest) ofNull(string) tree {
	name, _ := w.pick(feature.Text, feature.Number, feature.Instant)
	is := func(f *feature.Feature) truth { v, _ := w.col.Value(f, name); return known(v.Null) }
	if w.r.IntN(2) == 0 {
		return tree{name + " IS NULL", op("isNull", property(name)), is}
	}
	return tree{name + " IS NOT NULL", op("not", op("isNull", property(name))), func(f *feature.Feature) truth { return yes - is(f) }}
}

func (w forest) ofTruth(string) tree {
	name, v := w.pick(feature.Bool)
	return tree{fmt.Sprintf("%s = %v", name, v.Bool), op("=", property(name), v.Bool), w.on(name, func(x feature.Value) bool { return x.Bool == v.Bool })}
}

func (w forest) ofPattern(string) tree {
	name, v := w.pick(feature.Text)
	runes := []rune(v.Text)
	if len(runes) == 0 {
		return w.ofTruth("")
	}
	from := w.r.IntN(len(runes))
	part := string(runes[from:min(len(runes), from+1+w.r.IntN(5))])
	if strings.ContainsAny(part, `%_\`) {
		return w.ofTruth("")
	}
	if w.r.IntN(2) == 0 {
		return tree{name + " LIKE " + quoted("%"+part+"%"), op("like", property(name), "%"+part+"%"), w.on(name, func(x feature.Value) bool { return strings.Contains(x.Text, part) })}
	}
	upper := strings.ToUpper(part)
	if lower := strings.ToLower(part); strings.ToLower(upper) != lower { // ß and its like fold in their own way
		return w.ofTruth("")
	}
	return tree{"CASEI(" + name + ") LIKE CASEI(" + quoted(upper+"%") + ")", op("like", op("casei", property(name)), op("casei", upper+"%")),
		w.on(name, func(x feature.Value) bool { return strings.HasPrefix(strings.ToLower(x.Text), strings.ToLower(part)) })}
}

func (w forest) ofSet(string) tree {
	name, v := w.pick(feature.Text)
	_, other := w.pick(feature.Text)
	return tree{name + " IN (" + quoted(v.Text) + ", " + quoted(other.Text) + ")", op("in", property(name), []string{v.Text, other.Text}),
		w.on(name, func(x feature.Value) bool { return x.Text == v.Text || x.Text == other.Text })}
}

func TestFiltersAgainstOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	for _, id := range []string{"incidents", "contacts"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			w := forest{oracle: newOracle(t, id), r: rand.New(rand.NewPCG(11, 12))}
			some := 0
			for range 150 {
				f := w.tree(4)
				holds := func(x *feature.Feature) bool { return f.of(x) == yes }
				n := w.compare(t, url.Values{"filter": {f.text}}, holds)
				raw, err := json.Marshal(f.json)
				if err != nil {
					t.Fatal(err)
				}
				w.compare(t, url.Values{"filter": {string(raw)}, "filter-lang": {"cql2-json"}}, holds)
				if n > 0 && n < len(w.all) {
					some++
				}
			}
			if some < 70 {
				t.Errorf("only %d filters tell features apart", some)
			}
		})
	}
}

// What the log looks for by its columns is what the features themselves say.
func TestColumnsAgainstOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	for _, id := range []string{"incidents", "incident_points"} {
		w := forest{newOracle(t, id), rand.New(rand.NewPCG(17, 18)), incidents.ConditionFields}
		some := 0
		for range 150 {
			f := w.tree(4)
			n := w.compare(t, url.Values{"filter": {f.text}}, func(x *feature.Feature) bool { return f.of(x) == yes })
			if n > 0 && n < len(w.all) {
				some++
			}
		}
		if some < 60 {
			t.Errorf("%s: only %d filters tell features apart", id, some)
		}
	}
}

// In a system of its own a filter is about that system's plane: both the features
// and the box are compared there.
func TestFilterSystemsAgainstOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	w := forest{oracle: newOracle(t, "incidents"), r: rand.New(rand.NewPCG(13, 14))}
	some := 0
	for i := range 200 {
		sys := crs.All()[i%len(crs.All())]
		size := math.Pow(10, 4+2.5*w.r.Float64())
		if sys.Degrees {
			size = 20
		}
		b := w.box(sys.Project, size)
		if sys.Degrees && (b.Min[0] < -180 || b.Max[0] > 180 || b.Min[1] < -90 || b.Max[1] > 90) {
			continue
		}
		n := []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		if sys.YFirst {
			n = []float64{b.Min[1], b.Min[0], b.Max[1], b.Max[0]}
		}
		name, _ := w.relation()
		hits := w.compare(t, url.Values{"filter": {strings.ToUpper(name) + "(geometry,BBOX(" + bboxText(n...) + "))"}, "filter-crs": {sys.URI}}, func(f *feature.Feature) bool {
			return f.Geometry != nil && relations[name](sys.Project(f.Geometry), b)
		})
		if hits > 0 && hits < len(w.all) {
			some++
		}
	}
	if some < 60 {
		t.Errorf("only %d filters tell features apart", some)
	}
}

// Each relation is met, by shapes of each kind that can be.
func TestRelationsAgainstOracle(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"incidents", "contacts"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			w := forest{oracle: newOracle(t, id), r: rand.New(rand.NewPCG(15, 16))}
			hits := map[string]int{}
			for range 250 {
				f := w.ofBox("")
				hits[strings.ToLower(f.text[:strings.Index(f.text, "(")])] += w.compare(t, url.Values{"filter": {f.text}}, func(x *feature.Feature) bool { return f.of(x) == yes })
			}
			for name := range relations {
				if hits[name] == 0 && id == "incidents" {
					t.Errorf("%s was never met: %v", name, hits)
				}
			}
			periods := 0
			for range 150 {
				f := w.ofPeriod()
				periods += w.compare(t, url.Values{"filter": {f.text}}, func(x *feature.Feature) bool { return f.of(x) == yes })
			}
			if periods < 150 {
				t.Errorf("only %d features were met by their time", periods)
			}
		})
	}
}
