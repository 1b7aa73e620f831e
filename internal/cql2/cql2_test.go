package cql2

import (
	"errors"
	"strings"
	"testing"

	"github.com/peterstace/simplefeatures/geom"
)

type row map[string]Value

func (r row) Property(name string) Value { return r[name] }

var schema = Schema{
	"title": Text, "severity": Text, "count": Number, "depth": Number, "open": Boolean, "start": Instant, "day": Date,
	"period": Interval, "geometry": Geometry, "nations": Array, "nothing": Text, "eo:cloud": Number, "a b": Text,
}

func wkt(t testing.TB, s string) Value {
	t.Helper()
	g, err := geom.UnmarshalWKT(s)
	if err != nil {
		t.Fatal(err)
	}
	return OfGeometry(g)
}

func instant(t testing.TB, s string) Value {
	t.Helper()
	v, ok := ParseTime(s)
	if !ok {
		t.Fatalf("no time: %s", s)
	}
	return v
}

func sample(t testing.TB) row {
	march := instant(t, "2023-03-14T06:03:00Z")
	return row{
		"title": OfText("Österreich's MQ-9 struck by a Su-27"), "severity": OfText("high_risk"), "count": OfNumber(3), "depth": OfNumber(-2.5),
		"open": OfBool(true), "start": march, "day": instant(t, "2023-03-14"), "period": OfInterval(march.From, march.From+3600_000),
		"geometry": wkt(t, "POINT(31.5 44)"), "nations": OfList([]Value{OfText("US"), OfText("RU")}), "eo:cloud": OfNumber(1), "a b": OfText("x"),
	}
}

func TestText(t *testing.T) {
	for _, tc := range []struct {
		filter string
		want   bool
	}{
		{"severity = 'high_risk'", true},
		{"severity <> 'high_risk'", false},
		{"count > 2 AND count <= 3", true},
		{"not open", false},
		{"open = true", true},
		{"count * 2 - 1 = 5", true},
		{"2 ^ 3 ^ 2 = 512", true},
		{"count / 0 IS NULL", true},
		{"7 div 2 = 3 AND 7 % 2 = 1", true},
		{"-depth = 2.5", true},
		{"- (depth + 1) = 1.5", true},
		{"depth BETWEEN -3 AND -2", true},
		{"count NOT BETWEEN 1 AND 2", true},
		{"severity IN ('serious', 'high_risk')", true},
		{"severity NOT IN ('serious')", true},
		{"nothing IS NULL", true},
		{"nothing IS NOT NULL", false},
		{"nothing = 'x'", false},
		{"NOT nothing = 'x'", false},
		{"nothing = 'x' OR open", true},
		{"NOT (nothing = 'x' AND NOT open)", true},
		{"title LIKE '%MQ-9%'", true},
		{"title LIKE 'MQ%'", false},
		{"title LIKE '_sterreich''s%'", true},
		{`title LIKE '%Su\_27'`, false},
		{`title LIKE '%Su\-27'`, true},
		{"title NOT LIKE '%MQ-9%'", false},
		{"CASEI(title) LIKE casei('%mq-9%')", true},
		{"title ILIKE '%mq-9%' AND title NOT ILIKE 'MQ%' AND title NOT LIKE '%mq-9%'", true},
		{"ACCENTI(title) LIKE ACCENTI('Österreich%')", true},
		{"accenti(title) LIKE 'Osterreich%'", true},
		{"start > TIMESTAMP('2023-03-14T00:00:00Z')", true},
		{"start > '2023-03-15'", false},
		{"start >= DATE('2023-03-14')", true},
		{"day = DATE('2023-03-14')", true},
		{"start BETWEEN DATE('2023-01-01') AND DATE('2023-12-31')", true},
		{"T_DURING(start, DATE('2023-03-14'))", true},
		{"T_INTERSECTS(period, INTERVAL('2023-03-14T06:30:00Z', '..'))", true},
		{"T_BEFORE(period, INTERVAL('2023-03-14T07:30:00Z', '..'))", true},
		{"T_AFTER(period, DATE('2023-03-13'))", true},
		{"T_STARTS(start, period)", true},
		{"T_MEETS(DATE('2023-03-14'), DATE('2023-03-15'))", true},
		{"T_OVERLAPS(INTERVAL('2023-03-01','2023-03-14'), INTERVAL('2023-03-10','2023-03-20'))", true},
		{"T_CONTAINS(INTERVAL(day, '..'), start)", true},
		{"S_INTERSECTS(geometry, BBOX(31, 43, 32, 45))", true},
		{"S_INTERSECTS(geometry, BBOX(170, 43, -170, 45))", false},
		{"S_WITHIN(geometry, POLYGON((30 40, 40 40, 40 50, 30 50, 30 40)))", true},
		{"S_DISJOINT(geometry, POINT Z (0 0 5))", true},
		{"S_EQUALS(geometry, POINT(31.5 44.0))", true},
		{"S_TOUCHES(geometry, LINESTRING(31.5 44, 32 44))", true},
		{"S_CROSSES(LINESTRING(31 44, 32 44), LINESTRING(31.5 43, 31.5 45))", true},
		{"S_OVERLAPS(BBOX(0,0,2,2), BBOX(1,1,3,3))", true},
		{"S_CONTAINS(GEOMETRYCOLLECTION(POLYGON((30 40, 40 40, 40 50, 30 50, 30 40))), geometry)", true},
		{"A_CONTAINS(nations, ('US'))", true},
		{"A_CONTAINEDBY(nations, ('US', 'RU', 'PL'))", true},
		{"A_EQUALS(nations, ('RU', 'US'))", true},
		{"A_OVERLAPS(nations, ('PL', 'SE'))", false},
		{"A_CONTAINS(nations, ())", true},
		{"size(nations) = 2 AND year(start) = 2023", true},
		{`"a b" = 'x' AND "eo:cloud" = 1 AND eo:cloud = 1`, true},
		{"(((open)))", true},
		{"true", true},
		{"count <> 3 OR 'a' < 'b'", true},
		{"1e3 = 1000 AND .5 = 0.5", true},
	} {
		n, err := ParseText(tc.filter)
		if err != nil {
			t.Errorf("%s: %v", tc.filter, err)
			continue
		}
		check(t, tc.filter, n, tc.want)
	}
}

func check(t *testing.T, name string, n *Node, want bool) {
	t.Helper()
	f, err := Compile(n, schema)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	got, err := f.Match(sample(t))
	if err != nil || got != want {
		t.Errorf("%s: got %v, %v; want %v", name, got, err, want)
	}
}

func TestJSON(t *testing.T) {
	for _, tc := range []struct {
		filter string
		want   bool
	}{
		{`{"op":"=","args":[{"property":"severity"},"high_risk"]}`, true},
		{`{"op":"and","args":[{"op":">","args":[{"property":"count"},2]},{"op":"not","args":[{"op":"isNull","args":[{"property":"title"}]}]}]}`, true},
		{`{"op":"between","args":[{"property":"count"},1,3]}`, true},
		{`{"op":"in","args":[{"property":"severity"},["serious","high_risk"]]}`, true},
		{`{"op":"like","args":[{"op":"casei","args":[{"property":"title"}]},{"op":"casei","args":["%MQ-9%"]}]}`, true},
		{`{"op":"t_intersects","args":[{"property":"period"},{"interval":["2023-03-14",".."]}]}`, true},
		{`{"op":"t_during","args":[{"property":"start"},{"date":"2023-03-14"}]}`, true},
		{`{"op":"<","args":[{"property":"start"},{"timestamp":"2024-01-01T00:00:00Z"}]}`, true},
		{`{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[31,43,32,45]}]}`, true},
		{`{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[30,40],[40,40],[40,50],[30,50],[30,40]]]}]}`, true},
		{`{"op":"a_contains","args":[{"property":"nations"},["US"]]}`, true},
		{`{"op":"=","args":[{"op":"+","args":[{"property":"count"},1]},4]}`, true},
		{`{"op":"=","args":[{"op":"-","args":[{"property":"depth"}]},2.5]}`, true},
		{`true`, true},
	} {
		n, err := ParseJSON([]byte(tc.filter))
		if err != nil {
			t.Errorf("%s: %v", tc.filter, err)
			continue
		}
		check(t, tc.filter, n, tc.want)
	}
}

// TestErrors: each says where, and what is accepted.
func TestErrors(t *testing.T) {
	for _, tc := range []struct {
		filter string
		column int
		says   string
	}{
		{"", 1, "filter ends"},
		{"severity = ", 12, "filter ends"},
		{"severty = 'x'", 1, `there is no property "severty"; there are a b, count`},
		{"count = 3 AND sevérité = 'x'", 15, "no property"},
		{"count = 'three'", 9, "a text cannot be compared with a number"},
		{"count LIKE 'x'", 1, "like takes a text here"},
		{"title = 'x", 9, "no closing quote"},
		{"title = 'x' title", 13, "unexpected"},
		{"count = 3 = 4", 11, "unexpected"},
		{"start > 'noon'", 9, "is no time"},
		{"DATE('2023-02-30') = day", 6, "expected a date"},
		{"TIMESTAMP('2023-02-03') = day", 11, "expected a timestamp"},
		{"T_AFTER(start, INTERVAL('2024-01-01', '2023-01-01'))", 0, ""},
		{"S_INTERSECTS(geometry, BBOX(1,2,3))", 24, "a box has 4 numbers"},
		{"S_INTERSECTS(geometry, BBOX(1,5,3,2))", 24, "lies north"},
		{"S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))", 24, "cannot be read"},
		{"S_INTERSECTS(geometry, count)", 24, "takes a geometry"},
		{"S_INTERSECTS(geometry)", 1, "takes 2 arguments, not 1"},
		{"area(geometry) > 1", 1, `there is no function "area"; there are accenti`},
		{"count", 1, "a filter is true or false; this is a number"},
		{"nations = 'US'", 1, "A_EQUALS"},
		{"geometry = geometry", 1, "S_EQUALS"},
		{"title; DROP TABLE x", 6, "unexpected character"},
		{"count IN ()", 7, "at least one value"},
		{"NOT", 4, "filter ends"},
		{strings.Repeat("(", 100) + "open" + strings.Repeat(")", 100), 65, "nested more than 64"},
		{strings.Repeat("NOT ", 100) + "open", 257, "nested more than 64"},
		{strings.Repeat("open OR ", 5000) + "open", 32001, "more than 4000 parts"},
		{"title = '" + strings.Repeat("x", MaxLength) + "'", 0, "at most 65536"},
	} {
		n, err := ParseText(tc.filter)
		var f *Filter
		if err == nil {
			f, err = Compile(n, schema)
		}
		if err == nil {
			_, err = f.Match(sample(t))
		}
		var e *Error
		name := tc.filter[:min(len(tc.filter), 60)]
		if !errors.As(err, &e) {
			t.Errorf("%s: got %v, want an *Error", name, err)
			continue
		}
		if !strings.Contains(e.Msg, tc.says) || tc.column > 0 && e.At.Column != tc.column {
			t.Errorf("%s: got column %d, %s; want column %d, %s", name, e.At.Column, e.Msg, tc.column, tc.says)
		}
	}
	for filter, want := range map[string]string{
		`{"op":"and","args":[true,{"op":"=","args":[{"property":"nope"},1]}]}`: `at /args/1/args/0: there is no property "nope"`,
		`{"op":"=","args":[null,1]}`:                    "at /args/0: null is no value",
		`{"op":"=","args":[{"date":"yesterday"},1]}`:    `at /args/0: "yesterday" is no date`,
		`{"op":"in","args":[{"property":"title"},"x"]}`: "in takes a value and a list",
		`{"interval":["..","..",".."]}`:                 "an interval has two ends",
		`{`:                                             "the filter is not JSON",
		`{} {}`:                                         "followed by something else",
		`{"what":1}`:                                    "expected an object with op",
		`{"op":"or"}`:                                   "needs args",
	} {
		n, err := ParseJSON([]byte(filter))
		if err == nil {
			_, err = Compile(n, schema)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", filter, err, want)
		}
	}
}

// TestLikeIsQuick: no pattern makes matching slow.
func TestLikeIsQuick(t *testing.T) {
	s, pattern := []rune(strings.Repeat("a", 20000)), []rune(strings.Repeat("%a", 200)+"b")
	if matches(s, pattern) {
		t.Error("matched")
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"count > 1", "S_INTERSECTS(geometry, BBOX(1,2,3,4))", "A_CONTAINS(nations, ('a', ('b')))", "T_AFTER(start, INTERVAL('..', '2023-01-01'))", "NOT (title LIKE '%x' AND open)", "POINT(nan 1e999)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) { mustNotPanic(t, src, ParseText) })
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"op":"=","args":[{"property":"count"},1]}`, `{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2,3,4]}]}`, `{"interval":["..",".."]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		mustNotPanic(t, src, func(s string) (*Node, error) { return ParseJSON([]byte(s)) })
	})
}

func mustNotPanic(t *testing.T, src string, parse func(string) (*Node, error)) {
	n, err := parse(src)
	if err != nil {
		var e *Error
		if !errors.As(err, &e) || e.Msg == "" {
			t.Fatalf("%q: %v", src, err)
		}
		return
	}
	filter, err := Compile(n, schema)
	if err != nil {
		return
	}
	_, _ = filter.Match(sample(t))
	_, _ = filter.Match(row{})
}
