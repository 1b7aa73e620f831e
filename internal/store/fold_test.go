package store

import (
	"reflect"
	"testing"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Närgånget möte": "narganget mote", "TROMSØ": "tromso", "Łeba Gdańsk": "leba gdansk",
		"İzmir ığdır": "izmir igdir", "Straße": "strasse", "a\u0308": "a", "Чёрное море": "черное море", "№ ①": "no 1", "": "",
	} {
		if got := fold(in); got != want {
			t.Errorf("fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSquash(t *testing.T) {
	for in, want := range map[string]string{"RC-135V/W": "rc135vw", "Su 27": "su27", "— ": "", "Tu‑95МС": "tu95мс"} {
		if got := squash(in); got != want {
			t.Errorf("squash(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	got := words(` RC-135  "near" — Åland* `)
	want := [][]string{{"rc", "135"}, {"near"}, {"aland"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("words are %q, want %q", got, want)
	}
}
