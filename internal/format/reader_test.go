package format

import (
	"testing"
)

func TestRowErrorNamesThePlace(t *testing.T) {
	for want, e := range map[string]*RowError{"cut": {Msg: "cut"}, "crs: other": {Field: "crs", Msg: "other"}, "row 3: short": {Row: 3, Msg: "short"}, "row 3, title: long": {Row: 3, Field: "title", Msg: "long"}} {
		if e.Error() != want {
			t.Errorf("%q, want %q", e.Error(), want)
		}
	}
}
