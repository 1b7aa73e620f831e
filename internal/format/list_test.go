package format

import (
	"slices"
	"testing"
)

func TestListsComeBack(t *testing.T) {
	for want, items := range map[string][]string{"": nil, "a": {"a"}, "a;b": {"a", "b"}, `a\;b`: {"a;b"}, `a\\;\;`: {`a\`, ";"}, ";": {"", ""}, "a;": {"a", ""}, `\\`: {`\`}} {
		got := JoinList(items)
		if back := SplitList(got); got != want || !slices.Equal(back, items) {
			t.Errorf("%q became %q, want %q, and reads as %q", items, got, want, back)
		}
	}
	if got := SplitList(`a\`); !slices.Equal(got, []string{`a\`}) {
		t.Errorf("a backslash at the end: %q", got)
	}
}

func TestRowErrorNamesThePlace(t *testing.T) {
	for want, e := range map[string]*RowError{"cut": {Msg: "cut"}, "crs: other": {Field: "crs", Msg: "other"}, "row 3: short": {Row: 3, Msg: "short"}, "row 3, title: long": {Row: 3, Field: "title", Msg: "long"}} {
		if e.Error() != want {
			t.Errorf("%q, want %q", e.Error(), want)
		}
	}
}
