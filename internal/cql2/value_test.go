package cql2

import "testing"

// Values of types that cannot be compared are not the same.
func TestOtherTypesAreNotEqual(t *testing.T) {
	words := OfList([]Value{OfText("shadowing"), OfText("escort")})
	for _, c := range []struct {
		a, b Value
		same bool
	}{
		{OfText("escort"), OfText("escort"), true}, {OfText("1"), OfNumber(1), false}, {OfBool(true), OfNumber(1), false},
		{words, OfList([]Value{OfText("shadowing"), OfText("escort")}), true}, {words, OfList([]Value{OfNumber(1), OfNumber(2)}), false},
	} {
		if same, _ := equal(c.a, c.b); same != c.same {
			t.Errorf("%v and %v: %v", c.a, c.b, same)
		}
	}
	if holdsOne(words.List, OfNumber(1)) || !holdsOne(words.List, OfText("escort")) {
		t.Error("a list holds what is not in it, or not what is")
	}
}
