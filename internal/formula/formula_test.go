package formula_test

import (
	"strings"
	"testing"

	"interceptlog/internal/formula"
)

func TestDefuse(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "Il-20": "Il-20", "1+1": "1+1", "'quoted'": "'quoted'", " =1": " =1",
		"=1+1": "'=1+1", "+47 22": "'+47 22", "-25m": "'-25m", "@SUM": "'@SUM", "\tx": "'\tx", "\r=1": "'\r=1",
		"'=1": "''=1", "''-": "'''-",
	} {
		if got := formula.Defuse(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := strings.Join(formula.Row("a", "=b", "-"), "|"); got != "a|'=b|'-" {
		t.Errorf("a row became %s", got)
	}
}

func FuzzDefuse(f *testing.F) {
	f.Add("=1")
	f.Add("'")
	f.Add("''@")
	f.Fuzz(func(t *testing.T, s string) {
		d := formula.Defuse(s)
		if d != "" && strings.ContainsRune("=+-@\t\r", rune(d[0])) {
			t.Errorf("%q is computed", d)
		}
		if back := formula.Restore(d); back != s {
			t.Errorf("%q came back as %q", s, back)
		}
	})
}
