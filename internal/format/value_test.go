package format

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
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

func TestText(t *testing.T) {
	items := []string{`a "b"`, "<ü>&", "line\n"}
	var back []string
	if s := ListJSON(items); json.Unmarshal([]byte(s), &back) != nil || !reflect.DeepEqual(back, items) || !strings.Contains(s, "<ü>&") {
		t.Errorf("list is %s", s)
	}
	if ListJSON(nil) != "[]" {
		t.Error("no list is no empty one")
	}
	if got := (Meta{Filter: "a&b"}).JSON(); got != `{"filter":"a&b"}` {
		t.Errorf("meta is %s", got)
	}
}
