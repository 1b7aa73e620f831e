package web_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
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
	r *rand.Rand
}

func (w forest) pick(kinds ...feature.Kind) (name string, value feature.Value) {
	for range 10_000 {
		p := w.col.Properties[w.r.IntN(len(w.col.Properties))]
		if !slices.Contains(kinds, p.Kind) {
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
		return tree{"T_AFTER(" + name + ", TIMESTAMP('" + at + "'))", op("t_after", property(name), stamp), w.on(name, func(x feature.Value) bool { return x.Int > v.Int })}
	}
	return tree{name + " " + sign + " TIMESTAMP('" + at + "')", op(sign, property(name), stamp), w.on(name, func(x feature.Value) bool { return ordered(sign, order(x.Int, v.Int)) })}
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

func (w forest) ofBox(string) tree {
	x, y := -20+60*w.r.Float64(), 35+40*w.r.Float64()
	b := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + 20*w.r.Float64(), y + 10*w.r.Float64()}}
	n := []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	name, says := "s_intersects", true
	if w.r.IntN(3) == 0 {
		name, says = "s_disjoint", false
	}
	return tree{strings.ToUpper(name) + "(geometry, BBOX(" + bboxText(n...) + "))", op(name, property("geometry"), map[string]any{"bbox": n}), func(f *feature.Feature) truth {
		if f.Geometry == nil {
			return null
		}
		return known(touches(f.Geometry, b) == says)
	}}
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
			w := forest{newOracle(t, id), rand.New(rand.NewPCG(11, 12))}
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
