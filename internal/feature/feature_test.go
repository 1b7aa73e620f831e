package feature

import "testing"

func TestAboutAndWords(t *testing.T) {
	p := Property{Name: "closest_approach_m", Meaning: "How far.", Unit: "metres", Codes: []string{"a", "b"}}
	if got := p.About(); got != "How far. Unit: metres. Values: a, b." {
		t.Errorf("about is %q", got)
	}
	if got := Words(p.Name); got != "closest approach m" {
		t.Errorf("the name is %q", got)
	}
}
