package incidents_test

import (
	"strings"
	"testing"

	"interceptlog/internal/incidents"
)

func TestKeptFilters(t *testing.T) {
	for text, want := range map[string]string{
		"region=baltic": "exercise=exclude&region=baltic",
		"?severity=serious&region=black&region=baltic": "exercise=exclude&region=black&region=baltic&severity=serious",
		"region=baltic&exercise=include":               "exercise=include&region=baltic",
		"exercise=exclude":                             "exercise=exclude",
		" bbox=18,54,24,60 ":                           "bbox=18%2C54%2C24%2C60&exercise=exclude",
	} {
		kept, err := incidents.KeptFilter(text)
		if err != nil || kept != want {
			t.Errorf("%q: %q, %v", text, kept, err)
		}
		if again, err := incidents.KeptFilter(kept); err != nil || again != kept {
			t.Errorf("%q is read back as %q, %v", kept, again, err)
		}
	}
	for text, words := range map[string]string{
		"":                                      "asks for nothing",
		"region=":                               "asks for nothing",
		"region=pacific":                        "accepted: baltic, black, norwegian, outside",
		"colour=red":                            "is no filter",
		"region=baltic&as_of=2026-01-01T00:00Z": "leave it out",
		"region=%zz":                            "cannot be read",
	} {
		if kept, err := incidents.KeptFilter(text); err == nil || kept != "" || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %q, %v", text, kept, err)
		}
	}
}
