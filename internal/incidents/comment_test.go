package incidents

import (
	"strings"
	"testing"

	"interceptlog/internal/access"
)

func TestCleanComment(t *testing.T) {
	for name, test := range map[string]struct{ in, want, says string }{
		"as typed":          {"Called twice.\nNo answer.", "Called twice.\nNo answer.", ""},
		"line ends":         {"a\r\nb\rc", "a\nb\nc", ""},
		"spaces around":     {" \n a  b \n ", "a  b", ""},
		"control":           {"a\x00b\x1b[31mc\td", "ab[31mc\td", ""},
		"not UTF-8":         {"a\xffb", "a\uFFFDb", ""},
		"empty":             {" \r\n\t ", "", "empty"},
		"the most":          {strings.Repeat("å", MaxComment), strings.Repeat("å", MaxComment), ""},
		"one more":          {strings.Repeat("å", MaxComment+1), "", "4001 characters; up to 4000"},
		"only control":      {"\x00\x01", "", "empty"},
		"markup is no more": {"<b>x</b>", "<b>x</b>", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, msg := cleanComment(test.in)
			if got != test.want || !strings.Contains(msg, test.says) || (msg == "") != (test.says == "") {
				t.Errorf("%q, %q", got, msg)
			}
		})
	}
}

func TestMayStrike(t *testing.T) {
	for _, test := range []struct {
		name string
		role access.Role
		want bool
	}{
		{"hansen", access.Officer, true}, {"lind", access.Officer, false}, {"lind", access.Supervisor, true},
		{"lind", access.Administrator, true}, {"hansen", access.Viewer, false}, {"hansen", access.Supervisor, true},
	} {
		if got := MayStrike(access.Actor{Name: test.name, Role: test.role}, "hansen"); got != test.want {
			t.Errorf("%s as %s: %v", test.name, test.role, got)
		}
	}
}
