package web_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// The tests of CQL2 (21-065r2, annex A). Its tables are about countries, rivers
// and cities that are not here: each has its like over the log's own properties,
// and what is expected is worked out from the features as they are served.

// cql2Text is class cql2-text: what other classes ask in both languages is asked
// in text.
func cql2Text(t *testing.T, s *suite) {
	t.Run("/conf/cql2-text/validate", func(t *testing.T) { s.allPredicates(t, "cql2-text") })
	t.Run("/conf/cql2-text/escaping", func(t *testing.T) {
		for text, want := range map[string]string{`'it''s'`: "it's", `'it\'s'`: "it's", `'a` + "\t\n\a\b\v\f\r" + `b'`: "a\t\n\a\b\v\f\rb", `'"'`: `"`, `''`: "", `'1%2'`: "1%2"} {
			filter := "source_id = " + text + " OR 'x' = " + text + " OR " + text + " = 'x'"
			if got := s.filtered(t, "incidents", "cql2-text", filter); len(got) > 0 {
				t.Errorf("%s finds %d", filter, len(got))
			}
			same := predicate{"LENGTH(" + text + ") = " + fmt.Sprint(len([]rune(want))), op("=", op("length", want), len([]rune(want))), func(item) truth { return yes }}
			s.decides(t, "places", same, languages...)
		}
		quote := slices.IndexFunc(s.whole(t, "incidents"), func(f item) bool { return strings.Contains(text1(f.props["title"]), "'") })
		if quote < 0 {
			t.Skip("no title has a quotation mark")
		}
		title := text1(s.whole(t, "incidents")[quote].props["title"])
		for _, written := range []string{strings.ReplaceAll(title, "'", "''"), strings.ReplaceAll(title, "'", `\'`)} {
			s.decides(t, "incidents", predicate{"title = '" + written + "'", nil, of("title", func(v string) bool { return v == title })}, "cql2-text")
		}
	})
}

// cql2JSON is class cql2-json.
func cql2JSON(t *testing.T, s *suite) {
	t.Run("/conf/cql2-json/validate", func(t *testing.T) { s.allPredicates(t, "cql2-json") })
}

// allPredicates asks every table in one language.
func (s *suite) allPredicates(t *testing.T, lang string) {
	for _, list := range []struct {
		id         string
		predicates []predicate
	}{
		{"incidents", s.basicTable(t)}, {"places", s.patternTable(t)}, {"places", foldedTable()}, {"places", boxTable()}, {"incidents", periodTable()}, {"incidents", arrayTable()}, {"incidents", propertyTable()}, {"incidents", arithmeticTable(t, s)},
	} {
		s.table(t, list.id, list.predicates, lang)
	}
}

func text84(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }

func stampOp(ms int64) any { return map[string]any{"timestamp": text84(ms)} }

func millisOf(v any) (int64, bool) {
	at, err := time.Parse(time.RFC3339, text1(v))
	return at.UnixMilli(), err == nil
}

// basicTable compares a text, a decimal and a whole number, a truth value, an
// instant that all have and one that some have.
func (s *suite) basicTable(t testing.TB) (list []predicate) {
	t.Helper()
	all := s.whole(t, "incidents")
	title, coast, count := sample(all, "title").(string), sample(all, "coast_nm").(float64), sample(all, "source_count").(float64)
	start, _ := millisOf(sample(all, "start_from"))
	end, _ := millisOf(sample(all, "end_from"))
	list = append(list, compared("title", quoted(title), title, orderOf("title", title))...)
	list = append(list, compared("coast_nm", fmt.Sprint(coast), coast, orderOf("coast_nm", coast))...)
	list = append(list, compared("source_count", fmt.Sprint(count), count, orderOf("source_count", count))...)
	list = append(list, compared("disputed", "true", true, orderOf("disputed", true))...)
	list = append(list, compared("start_from", "TIMESTAMP('"+text84(start)+"')", stampOp(start), momentOf("start_from", start))...)
	list = append(list, compared("end_from", "TIMESTAMP('"+text84(end)+"')", stampOp(end), momentOf("end_from", end))...)
	day := start - start%86_400_000
	list = append(list, compared("start_from", "DATE('"+text84(start)[:10]+"')", map[string]any{"date": text84(start)[:10]}, momentOf("start_from", day))...)
	for _, name := range []string{"coast_nm", "end_from", "sub_area", "title"} {
		is := func(f item) truth { return known(f.props[name] == nil) }
		list = append(list, predicate{name + " IS NULL", op("isNull", property(name)), is}, predicate{name + " is not null", op("not", op("isNull", property(name))), func(f item) truth { return yes - is(f) }})
	}
	return list
}

// cql2Basic is class basic-cql2.
func cql2Basic(t *testing.T, s *suite) {
	simple := func(t *testing.T, fn func(id, name string, kind string)) {
		t.Helper()
		some := 0
		for _, id := range []string{"incidents", "regions"} {
			_, props := s.schemaOf(t, id, "queryables")
			for name, p := range props {
				kind := text1(p["type"])
				if p["format"] == "date-time" {
					kind = "instant"
				}
				if kind != "" && kind != "array" {
					some++
					fn(id, name, kind)
				}
			}
		}
		if some < 70 {
			t.Errorf("only %d queryables", some)
		}
	}
	t.Run("/conf/basic-cql2/basic-test", func(t *testing.T) {
		kinds := map[string]int{}
		simple(t, func(_, _, kind string) { kinds[kind]++ })
		for _, kind := range []string{"string", "number", "integer", "boolean", "instant"} {
			if kinds[kind] == 0 {
				t.Errorf("no queryable is %s: %v", kind, kinds)
			}
		}
	})
	t.Run("/conf/basic-cql2/comparison", func(t *testing.T) {
		values := map[string]struct {
			text string
			with any
		}{"string": {"'foo'", "foo"}, "boolean": {"true", true}, "number": {"3.14", 3.14}, "integer": {"1", 1.0}, "instant": {"TIMESTAMP('2022-04-14T14:48:46Z')", nil}}
		at := int64(1649947726000)
		simple(t, func(id, name, kind string) {
			v := values[kind]
			order := orderOf(name, v.with)
			if kind == "instant" {
				order = momentOf(name, at)
			}
			for _, p := range compared(`"`+name+`"`, v.text, nil, order) {
				s.decides(t, id, p, "cql2-text")
			}
		})
	})
	t.Run("/conf/basic-cql2/is-null", func(t *testing.T) {
		simple(t, func(id, name, _ string) {
			a, b := s.filtered(t, id, "cql2-text", name+" IS NULL"), s.filtered(t, id, "cql2-text", name+" is not null")
			if len(a)+len(b) != len(s.whole(t, id)) || len(without(a, b)) != len(a) {
				t.Errorf("%s: %d are null, %d are not, of %d", name, len(a), len(b), len(s.whole(t, id)))
			}
		})
	})
	t.Run("/conf/basic-cql2/boolean", func(t *testing.T) {
		for _, p := range []predicate{{"true", true, func(item) truth { return yes }}, {"false", false, func(item) truth { return no }}} {
			s.decides(t, "incidents", p, languages...)
			s.decides(t, "places", p, languages...)
		}
	})
	t.Run("/conf/basic-cql2/test-data", func(t *testing.T) { s.table(t, "incidents", s.basicTable(t), languages...) })
	t.Run("/conf/basic-cql2/logical", func(t *testing.T) {
		list := s.basicTable(t)
		s.logical(t, "incidents", list, languages...)
		for i := range 12 {
			p1, p2, p3, p4 := list[i%len(list)], list[(7*i+3)%len(list)], list[(11*i+5)%len(list)], list[(13*i+8)%len(list)]
			s.decides(t, "incidents", predicate{"(NOT (" + p2.text + ") AND " + p1.text + ") OR (" + p3.text + " and " + p4.text + ") or not (" + p1.text + " OR " + p4.text + ")",
				op("or", op("and", op("not", p2.json), p1.json), op("and", p3.json, p4.json), op("not", op("or", p1.json, p4.json))),
				func(f item) truth {
					return max(min(yes-p2.of(f), p1.of(f)), min(p3.of(f), p4.of(f)), yes-max(p1.of(f), p4.of(f)))
				}}, languages...)
		}
	})
}

// patternTable is LIKE, BETWEEN and IN over places.
func (s *suite) patternTable(t testing.TB) []predicate {
	t.Helper()
	all := s.whole(t, "places")
	name := sample(all, "name").(string)
	first, third := string([]rune(name)[0]), string([]rune(name)[2])
	like := func(v string) bool {
		r := []rune(v)
		return len(r) > 2 && string(r[0]) == first && string(r[2]) == third
	}
	in := []string{name, "athens", all[0].props["name"].(string), "foo"}
	negated := func(of func(item) truth) func(item) truth { return func(f item) truth { return yes - of(f) } }
	isLike, isIn := of("name", like), of("name", func(v string) bool { return slices.Contains(in, v) })
	words := []string{}
	for _, v := range in {
		words = append(words, quoted(v))
	}
	pattern := first + "_" + third + "%"
	return []predicate{
		{"name LIKE " + quoted(pattern), op("like", property("name"), pattern), isLike},
		{"name NOT LIKE " + quoted(pattern), op("not", op("like", property("name"), pattern)), negated(isLike)},
		{"name like '%'", op("like", property("name"), "%"), of("name", func(string) bool { return true })},
		{"name like ''", op("like", property("name"), ""), of("name", func(v string) bool { return v == "" })},
		{`name like '\%\_'`, op("like", property("name"), `\%\_`), of("name", func(v string) bool { return v == "%_" })},
		{"name IN (" + strings.Join(words, ",") + ")", op("in", property("name"), in), isIn},
		{"name NOT IN (" + strings.Join(words, ",") + ")", op("not", op("in", property("name"), in)), negated(isIn)},
		{"kind in ('city')", op("in", property("kind"), []string{"city"}), of("kind", func(v string) bool { return v == "city" })},
	}
}

// cql2Comparisons is class advanced-comparison-operators.
func cql2Comparisons(t *testing.T, s *suite) {
	of1 := func(id, kind string) (names []string) {
		_, props := s.schemaOf(t, id, "queryables")
		for name, p := range props {
			if p["type"] == kind && (p["format"] == nil) {
				names = append(names, name)
			}
		}
		return names
	}
	t.Run("/conf/advanced-comparison-operators/like", func(t *testing.T) {
		for _, id := range []string{"contacts", "places"} {
			for _, name := range of1(id, "string") {
				for pattern, says := range map[string]func(string) bool{"%": func(string) bool { return true }, "_%": func(v string) bool { return v != "" }, "": func(v string) bool { return v == "" }, "%%": func(string) bool { return true }, `\%\_`: func(v string) bool { return v == "%_" }} {
					s.decides(t, id, predicate{name + " like " + quoted(pattern), nil, of(name, says)}, "cql2-text")
				}
			}
		}
	})
	t.Run("/conf/advanced-comparison-operators/between", func(t *testing.T) {
		for _, kind := range []string{"number", "integer"} {
			for _, name := range of1("incidents", kind) {
				s.decides(t, "incidents", predicate{name + " BETWEEN 0 AND 100", op("between", property(name), 0, 100), of(name, func(v float64) bool { return v >= 0 && v <= 100 })}, languages...)
				s.decides(t, "incidents", predicate{name + " between 100.0 and 1.0", nil, of(name, func(float64) bool { return false })}, "cql2-text")
				s.decides(t, "incidents", predicate{name + " not between 1 and 3", op("not", op("between", property(name), 1, 3)), of(name, func(v float64) bool { return v < 1 || v > 3 })}, languages...)
			}
		}
	})
	t.Run("/conf/advanced-comparison-operators/in", func(t *testing.T) {
		all := s.whole(t, "incidents")
		start := text1(sample(all, "start_from"))
		for _, p := range []predicate{
			{"source_count IN (1, 2, 3)", op("in", property("source_count"), []int{1, 2, 3}), of("source_count", func(v float64) bool { return v >= 1 && v <= 3 })},
			{"severity in ('foo', 'high_risk')", op("in", property("severity"), []string{"foo", "high_risk"}), of("severity", func(v string) bool { return v == "high_risk" })},
			{"disputed in (true)", op("in", property("disputed"), []bool{true}), of("disputed", func(v bool) bool { return v })},
			{"start_from in ('2022-04-14T14:52:56Z', '" + start + "')", op("in", property("start_from"), []any{map[string]any{"timestamp": start}}), of("start_from", func(v string) bool { return v == start })},
			{"start_from not in (TIMESTAMP('" + start + "'))", op("not", op("in", property("start_from"), []any{map[string]any{"timestamp": start}})), of("start_from", func(v string) bool { return v != start })},
		} {
			s.decides(t, "incidents", p, languages...)
		}
	})
	t.Run("/conf/advanced-comparison-operators/test-data", func(t *testing.T) { s.table(t, "places", s.patternTable(t), languages...) })
	t.Run("/conf/advanced-comparison-operators/logical", func(t *testing.T) { s.logical(t, "places", s.patternTable(t), languages...) })
}

// plain is a name without accents, as the standard has København and Kobenhavn
// equal.
func plain(s string) string {
	return strings.NewReplacer("ø", "o", "Ø", "O", "å", "a", "Å", "A", "ä", "a", "Ä", "A", "ö", "o", "Ö", "O", "é", "e", "ł", "l", "Ł", "L", "ń", "n", "ę", "e", "ó", "o", "ą", "a", "ć", "c", "š", "s", "Š", "S", "ž", "z", "ü", "u", "ș", "s", "ț", "t", "ă", "a", "ş", "s", "ı", "ı", "ç", "c", "ğ", "g", "ī", "i", "ē", "e", "ā", "a", "ū", "u", "ģ", "g", "ļ", "l", "ķ", "k", "ņ", "n", "ė", "e", "į", "i", "ų", "u", "č", "c", "đ", "d", "á", "a", "í", "i", "ý", "y", "ú", "u", "Á", "A").Replace(s)
}

// foldedTable is CASEI and ACCENTI over places.
func foldedTable() []predicate {
	fold := func(name, v string) any { return op(name, v) }
	ci, ai := op("casei", property("name")), op("accenti", property("name"))
	equalFold := func(want string) func(item) truth {
		return of("name", func(v string) bool { return strings.EqualFold(v, want) })
	}
	list := []predicate{}
	for _, v := range []string{"BODØ", "bodø", "Bodø"} {
		list = append(list, predicate{"CASEI(name)=casei('" + v + "')", op("=", ci, fold("casei", v)), equalFold(v)})
	}
	for _, v := range []string{"Bodø", "Bodo"} {
		list = append(list, predicate{"ACCENTI(name)=accenti('" + v + "')", op("=", ai, fold("accenti", v)), of("name", func(s string) bool { return plain(s) == "Bodo" })})
	}
	return append(list,
		predicate{"CASEI(name) LIKE casei('B_R%')", op("like", ci, fold("casei", "B_R%")), of("name", func(v string) bool {
			r := []rune(strings.ToLower(v))
			return len(r) > 2 && r[0] == 'b' && r[2] == 'r'
		})},
		predicate{"CASEI(name) IN (casei('BODØ'), casei('foo'))", op("in", ci, []any{fold("casei", "BODØ"), fold("casei", "foo")}), equalFold("bodø")},
		predicate{"ACCENTI(CASEI(name)) LIKE accenti(casei('kØ%'))", op("like", op("accenti", ci), op("accenti", fold("casei", "kØ%"))), of("name", func(v string) bool { return strings.HasPrefix(strings.ToLower(plain(v)), "ko") })},
		predicate{"ACCENTI(CASEI(name)) LIKE accenti(casei('kO%'))", op("like", op("accenti", ci), op("accenti", fold("casei", "kO%"))), of("name", func(v string) bool { return strings.HasPrefix(strings.ToLower(plain(v)), "ko") })},
	)
}

// cql2Case is class case-insensitive-comparison.
func cql2Case(t *testing.T, s *suite) {
	t.Run("/conf/case-insensitive-comparison/casei", func(t *testing.T) {
		for _, id := range []string{"incidents", "places"} {
			for _, name := range []string{"id", map[string]string{"incidents": "title", "places": "name"}[id]} {
				a, b := s.filtered(t, id, "cql2-text", "CASEI("+name+") = casei('foo')"), s.filtered(t, id, "cql2-text", "CASEI("+name+") <> casei('FOO')")
				if len(a)+len(b) != len(s.whole(t, id)) {
					t.Errorf("%d are equal, %d are not", len(a), len(b))
				}
			}
		}
	})
	t.Run("/conf/case-insensitive-comparison/casei-like", func(t *testing.T) {
		a, b := s.filtered(t, "places", "cql2-text", "CASEI(name) LIKE casei('go%')"), s.filtered(t, "places", "cql2-text", "CASEI(name) LIKE casei('GO%')")
		if !slices.Equal(a, b) || len(a) == 0 {
			t.Errorf("%v, %v", a, b)
		}
	})
	t.Run("/conf/case-insensitive-comparison/test-data", func(t *testing.T) { s.table(t, "places", foldedTable(), languages...) })
	t.Run("/conf/case-insensitive-comparison/logical", func(t *testing.T) { s.logical(t, "places", foldedTable(), languages...) })
}

// cql2Accents is class accent-insensitive-comparison.
func cql2Accents(t *testing.T, s *suite) {
	same := func(t *testing.T, a, b string) {
		t.Helper()
		x, y := s.filtered(t, "places", "cql2-text", a), s.filtered(t, "places", "cql2-text", b)
		if !slices.Equal(x, y) {
			t.Errorf("%s finds %v, and %s %v", a, x, b, y)
		}
	}
	t.Run("/conf/accent-insensitive-comparison/accenti", func(t *testing.T) {
		a, b := s.filtered(t, "places", "cql2-text", "ACCENTI(name) = accenti('äöüéáí')"), s.filtered(t, "places", "cql2-text", "ACCENTI(name) <> accenti('aoueai')")
		if len(a)+len(b) != len(s.whole(t, "places")) {
			t.Errorf("%d are equal, %d are not", len(a), len(b))
		}
	})
	t.Run("/conf/accent-insensitive-comparison/accenti-like", func(t *testing.T) { same(t, "ACCENTI(name) LIKE accenti('Ä%')", "ACCENTI(name) LIKE accenti('A%')") })
	t.Run("/conf/accent-insensitive-comparison/accenti-casei", func(t *testing.T) {
		same(t, "ACCENTI(CASEI(name)) = accenti(casei('BODØ'))", "ACCENTI(CASEI(name)) = accenti(casei('bodo'))")
	})
	t.Run("/conf/accent-insensitive-comparison/accenti-casei-like", func(t *testing.T) {
		same(t, "ACCENTI(CASEI(name)) LIKE accenti(casei('Ö%'))", "ACCENTI(CASEI(name)) LIKE accenti(casei('o%'))")
	})
	t.Run("/conf/accent-insensitive-comparison/test-data", func(t *testing.T) { s.table(t, "places", foldedTable(), languages...) })
	t.Run("/conf/accent-insensitive-comparison/logical", func(t *testing.T) { s.logical(t, "places", foldedTable(), languages...) })
}

// met is S_INTERSECTS with a box.
func met(w, south, e, n float64) predicate {
	parts := []orb.Bound{{Min: orb.Point{w, south}, Max: orb.Point{e, n}}}
	if w > e {
		parts = []orb.Bound{{Min: orb.Point{w, south}, Max: orb.Point{180, n}}, {Min: orb.Point{-180, south}, Max: orb.Point{e, n}}}
	}
	return predicate{"S_INTERSECTS(geometry,BBOX(" + bboxText(w, south, e, n) + "))", op("s_intersects", property("geometry"), map[string]any{"bbox": []float64{w, south, e, n}}),
		placedAt(func(g orb.Geometry) bool {
			return slices.ContainsFunc(parts, func(b orb.Bound) bool { return touches(g, b) })
		})}
}

func boxTable() []predicate {
	a, b, c := met(0, 50, 20, 60), met(15, 55, 30, 70), met(150, -90, -150, 90)
	return []predicate{a, b, c, met(-180, -90, 10, 90),
		{a.text + " and " + b.text, op("and", a.json, b.json), both(a.of, b.of)},
		{a.text + " and not " + b.text, op("and", a.json, op("not", b.json)), both(a.of, func(f item) truth { return yes - b.of(f) })},
		{a.text + " or " + c.text, op("or", a.json, c.json), func(f item) truth { return max(a.of(f), c.of(f)) }},
	}
}

// spatialIDs are collections of points, tracks and areas.
var spatialIDs = []string{"incidents", "incident_tracks", "regions", "places"}

// cql2BasicSpatial is class basic-spatial-functions, once basic-spatial-operators.
func cql2BasicSpatial(t *testing.T, s *suite) {
	t.Run("/conf/basic-spatial-functions/s_intersects", func(t *testing.T) {
		for _, id := range spatialIDs {
			s.decides(t, id, met(-180, -90, 180, 90), languages...)
			at := sampleAt(s.whole(t, id))
			s.decides(t, id, predicate{fmt.Sprintf("S_INTERSECTS(geometry,POINT(%v %v))", at[0], at[1]), op("s_intersects", property("geometry"), pointOp(at)),
				placedAt(func(g orb.Geometry) bool { return touches(g, at.Bound()) })}, languages...)
			s.fails(t, id, "S_INTERSECTS(geometry,POINT(90 180))")
			west, east := met(-180, -90, 20, 90), met(10, -90, 180, 90)
			s.decides(t, id, predicate{west.text + " AND " + east.text, op("and", west.json, east.json), both(west.of, east.of)}, languages...)
		}
	})
	t.Run("/conf/basic-spatial-functions/test-data", func(t *testing.T) { s.table(t, "places", boxTable(), languages...) })
	t.Run("/conf/basic-spatial-functions/logical", func(t *testing.T) { s.logical(t, "places", boxTable(), languages...) })
}

// sampleAt is a position of a feature.
func sampleAt(list []item) orb.Point {
	for _, f := range list {
		switch g := f.shape.(type) {
		case orb.Point:
			return g
		case orb.LineString:
			return g[0]
		case orb.Polygon:
			return g[0][0]
		case orb.MultiPolygon:
			return g[0][0][0]
		}
	}
	return orb.Point{}
}

func pointOp(p orb.Point) any {
	return map[string]any{"type": "Point", "coordinates": []float64{p[0], p[1]}}
}

// cql2SpatialPlus is class basic-spatial-functions-plus: every type of literal.
func cql2SpatialPlus(t *testing.T, s *suite) {
	t.Run("/conf/basic-spatial-functions-plus/s_intersects", func(t *testing.T) {
		for _, id := range spatialIDs {
			s.fails(t, id, "S_INTERSECTS(geometry,MULTIPOINT(7.02 49.92, 90 180))")
			at := sampleAt(s.whole(t, id))
			// rectangles and lines along them, which boxes stand for as well
			for _, c := range []struct {
				text string
				json any
				says func(orb.Geometry) bool
			}{
				{fmt.Sprintf("MULTIPOINT(0 -45, %v %v)", at[0], at[1]), map[string]any{"type": "MultiPoint", "coordinates": [][]float64{{0, -45}, {at[0], at[1]}}}, func(g orb.Geometry) bool { return touches(g, at.Bound()) }},
				{fmt.Sprintf("MULTIPOINT((0 -45), (%v %v))", at[0], at[1]), map[string]any{"type": "MultiPoint", "coordinates": [][]float64{{0, -45}, {at[0], at[1]}}}, func(g orb.Geometry) bool { return touches(g, at.Bound()) }},
				{"LINESTRING(-180 57.5, 180 57.5)", map[string]any{"type": "LineString", "coordinates": [][]float64{{-180, 57.5}, {180, 57.5}}}, func(g orb.Geometry) bool { return touches(g, boundOf(-180, 57.5, 180, 57.5)) }},
				{"MULTILINESTRING((-180 -45, 0 -45), (0 43.5, 180 43.5))", map[string]any{"type": "MultiLineString", "coordinates": [][][]float64{{{-180, -45}, {0, -45}}, {{0, 43.5}, {180, 43.5}}}}, func(g orb.Geometry) bool { return touches(g, boundOf(0, 43.5, 180, 43.5)) }},
				{"POLYGON((0 50,20 50,20 60,0 60,0 50))", map[string]any{"type": "Polygon", "coordinates": [][][]float64{{{0, 50}, {20, 50}, {20, 60}, {0, 60}, {0, 50}}}}, func(g orb.Geometry) bool { return touches(g, boundOf(0, 50, 20, 60)) }},
				{"MULTIPOLYGON(((0 50,20 50,20 60,0 60,0 50)),((30 40,35 40,35 45,30 45,30 40)))", map[string]any{"type": "MultiPolygon", "coordinates": [][][][]float64{{{{0, 50}, {20, 50}, {20, 60}, {0, 60}, {0, 50}}}, {{{30, 40}, {35, 40}, {35, 45}, {30, 45}, {30, 40}}}}}, func(g orb.Geometry) bool {
					return touches(g, boundOf(0, 50, 20, 60)) || touches(g, boundOf(30, 40, 35, 45))
				}},
				{"GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 50,20 50,20 60,0 60,0 50)))", map[string]any{"type": "GeometryCollection", "geometries": []any{pointOp(orb.Point{7.02, 49.92}), map[string]any{"type": "Polygon", "coordinates": [][][]float64{{{0, 50}, {20, 50}, {20, 60}, {0, 60}, {0, 50}}}}}}, func(g orb.Geometry) bool {
					return touches(g, boundOf(0, 50, 20, 60)) || touches(g, orb.Point{7.02, 49.92}.Bound())
				}},
			} {
				s.decides(t, id, predicate{"S_INTERSECTS(geometry," + c.text + ")", op("s_intersects", property("geometry"), c.json), placedAt(c.says)}, languages...)
			}
			// an area with a hole finds nothing that lies in the hole
			hole := "S_INTERSECTS(geometry,POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90),(0 50,20 50,20 60,0 60,0 50)))"
			s.decides(t, id, predicate{hole, nil, placedAt(func(g orb.Geometry) bool { return !strictlyIn(g.Bound(), boundOf(0, 50, 20, 60)) })}, "cql2-text")
		}
	})
}

func boundOf(w, s, e, n float64) orb.Bound {
	return orb.Bound{Min: orb.Point{w, s}, Max: orb.Point{e, n}}
}

func strictlyIn(a, b orb.Bound) bool {
	return a.Min[0] > b.Min[0] && a.Max[0] < b.Max[0] && a.Min[1] > b.Min[1] && a.Max[1] < b.Max[1]
}

// cql2Spatial is class spatial-functions. Relations that random tests decide for
// every type of shape are in TestFiltersAgainstOracle; here are those of the
// abstract tests.
func cql2Spatial(t *testing.T, s *suite) {
	box, area, line := "BBOX(-180,-90,180,90)", "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))", "LINESTRING(7 50,10 51)"
	ask := func(t *testing.T, id, fn, arg string) []string {
		t.Helper()
		return s.filtered(t, id, "cql2-text", fn+"(geometry,"+arg+")")
	}
	for name, args := range map[string][]string{"s_intersects": {box, area, line, "POINT(7.02 49.92)"}, "s_disjoint": {box, area, line, "POINT(7.02 49.92)"}, "s_equals": {area, line, "POINT(7.02 49.92)"}, "s_touches": {box, area, line},
		"s_crosses": {box, area, line}, "s_within": {box, area, line, "MULTIPOINT(7 50,10 51)"}, "s_contains": {box, area, line, "MULTIPOINT(7 50,10 51)"}, "s_overlaps": {area, line, "MULTIPOINT(7 50,10 51)"}} {
		t.Run("/conf/spatial-functions/"+name, func(t *testing.T) {
			for _, id := range spatialIDs {
				var sets [][]string
				for _, arg := range args {
					sets = append(sets, ask(t, id, strings.ToUpper(name), arg))
				}
				placed := idsOf(s.whole(t, id), func(f item) bool { return f.shape != nil })
				switch name {
				case "s_intersects", "s_within":
					sameIDs(t, name+" with the whole world", sets[0], placed)
					sameIDs(t, name+" with it as an area", sets[1], placed)
				case "s_disjoint":
					sameIDs(t, "disjoint with the world", slices.Concat(sets[0], sets[1]), nil)
					for i, arg := range args {
						other := ask(t, id, "S_INTERSECTS", arg)
						all := slices.Sorted(slices.Values(slices.Concat(sets[i], other)))
						sameIDs(t, "one or the other", all, placed)
					}
				default:
					if len(slices.Concat(sets...)) > 0 && name != "s_crosses" {
						t.Errorf("%s %s: %v", id, name, sets)
					}
				}
				s.fails(t, id, strings.ToUpper(name)+"(geometry,POINT(90 180))")
			}
		})
	}
	t.Run("/conf/spatial-functions/test-data", func(t *testing.T) {
		at := sampleAt(s.whole(t, "places"))
		here := pointOp(at)
		is := placedAt(func(g orb.Geometry) bool { return g == orb.Geometry(at) })
		corner := fmt.Sprintf("BBOX(%v,%v,%v,%v)", at[0], at[1], at[0]+3, at[1]+3)
		for _, p := range []predicate{
			{fmt.Sprintf("S_EQUALS(geometry,POINT(%v %v))", at[0], at[1]), op("s_equals", property("geometry"), here), is},
			{fmt.Sprintf("S_WITHIN(geometry,POINT(%v %v))", at[0], at[1]), op("s_within", property("geometry"), here), is},
			{fmt.Sprintf("S_CONTAINS(geometry,POINT(%v %v))", at[0], at[1]), op("s_contains", property("geometry"), here), is},
			{"S_TOUCHES(geometry," + corner + ")", op("s_touches", property("geometry"), map[string]any{"bbox": []float64{at[0], at[1], at[0] + 3, at[1] + 3}}), placedAt(func(g orb.Geometry) bool {
				b := boundOf(at[0], at[1], at[0]+3, at[1]+3)
				return touches(g, b) && !strictlyIn(g.Bound(), b)
			})},
			{"S_WITHIN(geometry,BBOX(0,50,20,60))", op("s_within", property("geometry"), map[string]any{"bbox": []float64{0, 50, 20, 60}}), placedAt(func(g orb.Geometry) bool { return strictlyIn(g.Bound(), boundOf(0, 50, 20, 60)) })},
		} {
			if n := s.decides(t, "places", p, languages...); n == 0 {
				t.Errorf("%s finds nothing", p.text)
			}
		}
		// each place, and the regions that contain it
		for i := 0; i < len(s.whole(t, "places")); i += 9 {
			p := s.whole(t, "places")[i].shape.(orb.Point)
			s.decides(t, "regions", predicate{fmt.Sprintf("S_CONTAINS(geometry,POINT(%v %v))", p[0], p[1]), op("s_contains", property("geometry"), pointOp(p)), placedAt(func(g orb.Geometry) bool { return touches(g, p.Bound()) })}, languages...)
		}
	})
	t.Run("/conf/spatial-functions/logical", func(t *testing.T) { s.logical(t, "places", boxTable(), languages...) })
}

// periodTable is the temporal functions over instants and intervals. Both ends of
// an interval belong to it; ms are milliseconds since 1970.
func periodTable() (list []predicate) {
	from, to := int64(1577836800000), int64(1609459199000) // 2020-01-01T00:00:00Z, 2020-12-31T23:59:59Z
	interval := "INTERVAL('" + text84(from) + "','" + text84(to) + "')"
	json := map[string]any{"interval": []string{text84(from), text84(to)}}
	at := "TIMESTAMP('" + text84(from) + "')"
	for name, says := range instantRelations {
		list = append(list,
			predicate{name + "(start_from," + interval + ")", op(strings.ToLower(name), property("start_from"), json), func(f item) truth {
				ms, ok := millisOf(f.props["start_from"])
				return unless(ok, says(ms, ms, from, to))
			}},
			predicate{name + "(start_from," + at + ")", op(strings.ToLower(name), property("start_from"), stampOp(from)), func(f item) truth {
				ms, ok := millisOf(f.props["start_from"])
				return unless(ok, says(ms, ms, from, from))
			}})
	}
	for name, says := range intervalRelations {
		list = append(list, predicate{name + "(INTERVAL(start_from,start_to)," + interval + ")", op(strings.ToLower(name), map[string]any{"interval": []any{property("start_from"), property("start_to")}}, json), func(f item) truth {
			a, ok := millisOf(f.props["start_from"])
			b, okay := millisOf(f.props["start_to"])
			return unless(ok && okay, says(a, b, from, to))
		}})
	}
	open := map[string]any{"interval": []string{"..", text84(from)}}
	return append(list, predicate{"T_AFTER(INTERVAL(end_from,end_to),INTERVAL('..','" + text84(from) + "'))", op("t_after", map[string]any{"interval": []any{property("end_from"), property("end_to")}}, open), func(f item) truth {
		a, ok := millisOf(f.props["end_from"])
		_, okay := millisOf(f.props["end_to"])
		return unless(ok && okay, a > from)
	}})
}

// unless is null where something is not known.
func unless(ok, says bool) truth {
	if !ok {
		return null
	}
	return known(says)
}

// instantRelations are those of 21-065r2 that instants have, as the standard
// writes them: the ends of the one, and the ends of the other.
var instantRelations = map[string]func(a, b, c, d int64) bool{
	"T_AFTER": func(a, _, _, d int64) bool { return a > d }, "T_BEFORE": func(_, b, c, _ int64) bool { return b < c },
	"T_DISJOINT": func(a, b, c, d int64) bool { return b < c || a > d }, "T_INTERSECTS": func(a, b, c, d int64) bool { return b >= c && a <= d },
	"T_EQUALS": func(a, b, c, d int64) bool { return a == c && b == d },
}

// intervalRelations are the rest, Allen's.
var intervalRelations = map[string]func(a, b, c, d int64) bool{
	"T_AFTER": instantRelations["T_AFTER"], "T_BEFORE": instantRelations["T_BEFORE"], "T_DISJOINT": instantRelations["T_DISJOINT"], "T_INTERSECTS": instantRelations["T_INTERSECTS"], "T_EQUALS": instantRelations["T_EQUALS"],
	"T_CONTAINS": func(a, b, c, d int64) bool { return a < c && b > d }, "T_DURING": func(a, b, c, d int64) bool { return a > c && b < d },
	"T_FINISHES": func(a, b, c, d int64) bool { return a > c && b == d }, "T_FINISHEDBY": func(a, b, c, d int64) bool { return a < c && b == d },
	"T_STARTS": func(a, b, c, d int64) bool { return a == c && b < d }, "T_STARTEDBY": func(a, b, c, d int64) bool { return a == c && b > d },
	"T_MEETS": func(_, b, c, _ int64) bool { return b == c }, "T_METBY": func(a, _, _, d int64) bool { return a == d },
	"T_OVERLAPS": func(a, b, c, d int64) bool { return a < c && b > c && b < d }, "T_OVERLAPPEDBY": func(a, b, c, d int64) bool { return a > c && a < d && b > d },
}

// cql2Temporal is class temporal-functions.
func cql2Temporal(t *testing.T, s *suite) {
	t.Run("/conf/temporal-functions/temporal-functions-1", func(t *testing.T) {
		for _, id := range []string{"incidents", "contacts"} {
			_, props := s.schemaOf(t, id, "queryables")
			for name, p := range props {
				if p["format"] != "date-time" {
					continue
				}
				for fn, says := range instantRelations {
					at, from, to := int64(1650787197000), int64(1609459200000), int64(1640995199000)
					s.decides(t, id, predicate{fn + "(" + name + ",TIMESTAMP('2022-04-24T07:59:57Z'))", nil, func(f item) truth {
						ms, ok := millisOf(f.props[name])
						return unless(ok, says(ms, ms, at, at))
					}}, "cql2-text")
					s.decides(t, id, predicate{fn + "(" + name + ",INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z'))", nil, func(f item) truth {
						ms, ok := millisOf(f.props[name])
						return unless(ok, says(ms, ms, from, to))
					}}, "cql2-text")
				}
			}
		}
	})
	t.Run("/conf/temporal-functions/temporal-functions-2", func(t *testing.T) {
		from, to := int64(1609459200000), int64(1640995199000)
		for _, pair := range [][2]string{{"start_from", "start_to"}, {"end_from", "end_to"}, {"start_from", "end_to"}, {"start_from", "recorded_at"}} {
			for fn, says := range intervalRelations {
				s.decides(t, "incidents", predicate{fn + "(INTERVAL(" + pair[0] + "," + pair[1] + "),INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z'))", nil, func(f item) truth {
					a, ok := millisOf(f.props[pair[0]])
					b, okay := millisOf(f.props[pair[1]])
					return unless(ok && okay && a <= b, says(a, b, from, to))
				}}, "cql2-text")
			}
		}
	})
	t.Run("/conf/temporal-functions/test-data", func(t *testing.T) {
		hits := 0
		for _, p := range periodTable() {
			hits += s.decides(t, "incidents", p, languages...)
		}
		if hits < 200 {
			t.Errorf("only %d features were met", hits)
		}
	})
	t.Run("/conf/temporal-functions/logical", func(t *testing.T) { s.logical(t, "incidents", periodTable(), languages...) })
}

// arrayTable is the array functions over nations, behaviours and none.
func arrayTable() (list []predicate) {
	holds := func(a, b []any) bool {
		return !slices.ContainsFunc(b, func(v any) bool { return !slices.Contains(a, v) })
	}
	for _, c := range []struct {
		name string
		list []any
	}{{"intercepting_nations", []any{"RU"}}, {"intercepted_nations", []any{"US", "NO"}}, {"intercepted_nations", []any{}}, {"behaviours", []any{"escort", "unsafe_manoeuvre"}}, {"within_12nm", []any{"foo", "bar"}}} {
		words := []string{}
		for _, v := range c.list {
			words = append(words, quoted(v.(string)))
		}
		for fn, says := range map[string]func([]any) bool{
			"A_CONTAINS": func(v []any) bool { return holds(v, c.list) }, "A_CONTAINEDBY": func(v []any) bool { return holds(c.list, v) },
			"A_EQUALS": func(v []any) bool { return holds(v, c.list) && holds(c.list, v) }, "A_OVERLAPS": func(v []any) bool {
				return slices.ContainsFunc(v, func(one any) bool { return slices.Contains(c.list, one) })
			},
		} {
			list = append(list, predicate{fn + "(" + c.name + ",(" + strings.Join(words, ",") + "))", op(strings.ToLower(fn), property(c.name), c.list), of(c.name, says)})
		}
	}
	return list
}

// cql2Arrays is class array-functions.
func cql2Arrays(t *testing.T, s *suite) {
	t.Run("/conf/array-functions/array-predicates", func(t *testing.T) {
		hits := 0
		for _, p := range arrayTable() {
			hits += s.decides(t, "incidents", p, languages...)
		}
		if hits < 200 {
			t.Errorf("only %d features were met", hits)
		}
	})
	t.Run("/conf/array-functions/logical", func(t *testing.T) { s.logical(t, "incidents", arrayTable(), languages...) })
}

// propertyTable compares values with properties, and properties with each other.
func propertyTable() (list []predicate) {
	for _, sign := range signs {
		list = append(list,
			predicate{"2 " + sign + " source_count", op(sign, 2, property("source_count")), of("source_count", func(v float64) bool { return ordered(sign, order(2, v)) })},
			predicate{"contacts_through " + sign + " contacts_attempted", op(sign, property("contacts_through"), property("contacts_attempted")), func(f item) truth {
				return known(ordered(sign, order(f.props["contacts_through"].(float64), f.props["contacts_attempted"].(float64))))
			}},
			predicate{"deescalation_best " + sign + " deescalation_worst", op(sign, property("deescalation_best"), property("deescalation_worst")), func(f item) truth {
				return known(ordered(sign, strings.Compare(text1(f.props["deescalation_best"]), text1(f.props["deescalation_worst"]))))
			}},
			predicate{"start_to " + sign + " end_from", op(sign, property("start_to"), property("end_from")), func(f item) truth {
				a, ok := millisOf(f.props["start_to"])
				b, okay := millisOf(f.props["end_from"])
				return unless(ok && okay, ordered(sign, order(a, b)))
			}})
	}
	return append(list,
		predicate{"'Bodø' LIKE 'B_dø'", op("like", "Bodø", "B_dø"), func(item) truth { return yes }},
		predicate{"source_count between contacts_through and contacts_attempted", op("between", property("source_count"), property("contacts_through"), property("contacts_attempted")), func(f item) truth {
			n := f.props["source_count"].(float64)
			return known(n >= f.props["contacts_through"].(float64) && n <= f.props["contacts_attempted"].(float64))
		}},
		predicate{"S_INTERSECTS(BBOX(0,50,20,60),geometry)", op("s_intersects", map[string]any{"bbox": []float64{0, 50, 20, 60}}, property("geometry")), met(0, 50, 20, 60).of},
		predicate{"t_after(timestamp('2020-01-01T00:00:00Z'),start_from)", op("t_after", stampOp(1577836800000), property("start_from")), func(f item) truth {
			ms, ok := millisOf(f.props["start_from"])
			return unless(ok, ms < 1577836800000)
		}},
	)
}

// cql2Properties is class property-property.
func cql2Properties(t *testing.T, s *suite) {
	t.Run("/conf/property-property/comparison-value-property", func(t *testing.T) {
		for _, c := range [][2]string{{"title", "'foo'"}, {"disputed", "true"}, {"coast_nm", "3.14"}, {"source_count", "1"}, {"start_from", "TIMESTAMP('2022-04-14T14:48:46Z')"}, {"end_from", "DATE('2022-04-14')"}} {
			for sign, turned := range map[string]string{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="} {
				a, b := s.filtered(t, "incidents", "cql2-text", c[1]+" "+sign+" "+c[0]), s.filtered(t, "incidents", "cql2-text", c[0]+" "+turned+" "+c[1])
				sameIDs(t, c[1]+sign+c[0], a, b)
			}
		}
	})
	t.Run("/conf/property-property/comparison-property-property", func(t *testing.T) {
		for _, name := range []string{"title", "disputed", "coast_nm", "source_count", "start_from", "end_from", "number"} {
			for _, sign := range signs {
				s.decides(t, "incidents", predicate{name + sign + name, op(sign, property(name), property(name)), func(f item) truth { return unless(f.props[name] != nil, ordered(sign, 0)) }}, languages...)
			}
		}
	})
	t.Run("/conf/property-property/comparison-value-value", func(t *testing.T) {
		for _, v := range []string{"'foo'", "true", "3.14", "1", "TIMESTAMP('2022-04-14T14:48:46Z')", "DATE('2022-04-14')"} {
			for _, sign := range signs {
				s.decides(t, "places", predicate{v + sign + v, nil, func(item) truth { return known(ordered(sign, 0)) }}, "cql2-text")
			}
		}
	})
	t.Run("/conf/property-property/test-data", func(t *testing.T) { s.table(t, "incidents", propertyTable(), languages...) })
	t.Run("/conf/property-property/logical", func(t *testing.T) { s.logical(t, "incidents", propertyTable(), languages...) })
}

// arithmeticTable works out what the middle of a property is in several ways.
func arithmeticTable(t testing.TB, s *suite) (list []predicate) {
	n := math.Floor(sample(s.whole(t, "incidents"), "coast_nm").(float64))
	add := func(text string, json any, says func(float64) bool) {
		list = append(list, predicate{text, json, of("coast_nm", says)})
	}
	p := property("coast_nm")
	add(fmt.Sprintf("coast_nm>=%v-2*2^0", n+2), op(">=", p, op("-", n+2, op("*", 2, op("^", 2, 0)))), func(v float64) bool { return v >= n })
	add(fmt.Sprintf("coast_nm>%v-20/10", n+2), op(">", p, op("-", n+2, op("/", 20, 10))), func(v float64) bool { return v > n })
	add(fmt.Sprintf("coast_nm>%v-21 div 10", n+2), op(">", p, op("-", n+2, op("div", 21, 10))), func(v float64) bool { return v > n })
	add(fmt.Sprintf("coast_nm>%v-5%%2", n+1), op(">", p, op("-", n+1, op("%", 5, 2))), func(v float64) bool { return v > n })
	add(fmt.Sprintf("coast_nm<=%v+8*11", n-88), op("<=", p, op("+", n-88, op("*", 8, 11))), func(v float64) bool { return v <= n })
	add(fmt.Sprintf("coast_nm<%v+2^3", n-8), op("<", p, op("+", n-8, op("^", 2, 3))), func(v float64) bool { return v < n })
	add(fmt.Sprintf("coast_nm<>%v-2^1", n+2), op("<>", p, op("-", n+2, op("^", 2, 1))), func(v float64) bool { return v != n })
	add(fmt.Sprintf("coast_nm between 40/4 and (3*(%v+1))", n), op("between", p, op("/", 40, 4), op("*", 3, op("+", n, 1))), func(v float64) bool { return v >= 10 && v <= 3*(n+1) })
	add("coast_nm * 2 + 1 > coast_nm + 21", op(">", op("+", op("*", p, 2), 1), op("+", p, 21)), func(v float64) bool { return v*2+1 > v+21 })
	add(fmt.Sprintf("%v+8<coast_nm", n-8), op("<", op("+", n-8, 8), p), func(v float64) bool { return n < v })
	return list
}

// cql2Arithmetic is class arithmetic.
func cql2Arithmetic(t *testing.T, s *suite) {
	t.Run("/conf/arithmetic/arithmetic", func(t *testing.T) {
		for _, p := range []predicate{
			{"source_count - source_count = 0", op("=", op("-", property("source_count"), property("source_count")), 0), func(item) truth { return yes }},
			{"coast_nm / 0 = 1", op("=", op("/", property("coast_nm"), 0), 1), func(item) truth { return null }},
			{"-coast_nm < 0", op("<", op("*", -1, property("coast_nm")), 0), of("coast_nm", func(v float64) bool { return v > 0 })},
		} {
			s.decides(t, "incidents", p, languages...)
		}
	})
	t.Run("/conf/arithmetic/test-data", func(t *testing.T) { s.table(t, "incidents", arithmeticTable(t, s), languages...) })
	t.Run("/conf/arithmetic/logical", func(t *testing.T) { s.logical(t, "incidents", arithmeticTable(t, s), languages...) })
}

// cql2Functions is class functions: each of the list is called by what the list
// says that it takes.
func cql2Functions(t *testing.T, s *suite) {
	t.Run("/conf/functions/functions", func(t *testing.T) {
		args := map[string]string{"string": "title", "number": "source_count", "datetime": "start_from", "array": "behaviours", "geometry": "geometry", "boolean": "disputed"}
		literals := map[string]string{"string": "'x'", "number": "1", "boolean": "true"}
		list := s.found(t, "/ogc/functions", "application/json")["functions"].([]any)
		for _, one := range list {
			f := one.(map[string]any)
			var given []string
			for _, a := range f["arguments"].([]any) {
				given = append(given, args[text1(a.(map[string]any)["type"].([]any)[0])])
			}
			literal := literals[text1(f["returns"].([]any)[0])]
			if literal == "" || slices.Contains(given, "") {
				t.Errorf("%v", f)
			}
			call := text1(f["name"]) + "(" + strings.Join(given, ",") + ")"
			sum := 0
			for _, sign := range []string{"<", "=", ">"} {
				sum += len(s.filtered(t, "incidents", "cql2-text", call+" "+sign+" "+literal))
			}
			if sum != len(s.whole(t, "incidents")) {
				t.Errorf("%s is less, equal or greater %d times, of %d", call, sum, len(s.whole(t, "incidents")))
			}
		}
		if len(list) < 5 {
			t.Errorf("only %d functions", len(list))
		}
		s.fails(t, "incidents", "no_such_function(title) = 1")
		for _, p := range []predicate{
			{"YEAR(start_from) = 2020", op("=", op("year", property("start_from")), 2020), of("start_from", func(v string) bool { return strings.HasPrefix(v, "2020") })},
			{"SIZE(behaviours) > 1", op(">", op("size", property("behaviours")), 1), of("behaviours", func(v []any) bool { return len(v) > 1 })},
			{"LENGTH(title) < 40", op("<", op("length", property("title")), 40), of("title", func(v string) bool { return len([]rune(v)) < 40 })},
		} {
			if n := s.decides(t, "incidents", p, languages...); n == 0 {
				t.Errorf("%s finds nothing", p.text)
			}
		}
	})
}
