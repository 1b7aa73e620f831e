package crs

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// authority is what names the system: OGC:CRS84, EPSG:3035.
func (s *System) authority() string {
	if s == CRS84 {
		return "OGC:CRS84"
	}
	return fmt.Sprintf("EPSG:%d", s.EPSG)
}

// named is every spelling that Parse takes.
var named = func() map[string]*System {
	out := map[string]*System{}
	for _, s := range systems {
		code := s.authority()
		urn := "urn:ogc:def:crs:" + strings.Replace(code, ":", "::", 1)
		if s == CRS84 {
			urn = "urn:ogc:def:crs:OGC:1.3:CRS84"
		}
		for _, name := range []string{s.URI, "https" + strings.TrimPrefix(s.URI, "http"), code, "[" + code + "]", urn} {
			out[name] = s
		}
	}
	return out
}()

// longestGiven is how much of what was asked for an error repeats, characters.
const longestGiven = 80

// Parse finds a system by its address, over http or https; by its CURIE, with
// and without brackets (EPSG:3035, [EPSG:3035]); or by its URN. The text must be
// just that: capitals count, nothing may stand round it, and the version of the
// EPSG registry is 0. The error says what was given and what is taken.
func Parse(text string) (*System, error) {
	if s, ok := named[text]; ok {
		return s, nil
	}
	if utf8.RuneCountInString(text) > longestGiven {
		text = string([]rune(text)[:longestGiven]) + "…"
	}
	codes := make([]string, len(systems))
	for i, s := range systems {
		codes[i] = s.authority()
	}
	return nil, fmt.Errorf("no reference system %q: there are %s, each written so, or in brackets as [EPSG:3035], "+
		"or as http://www.opengis.net/def/crs/EPSG/0/3035 or urn:ogc:def:crs:EPSG::3035 "+
		"(%s and urn:ogc:def:crs:OGC:1.3:CRS84 for OGC:CRS84)",
		text, strings.Join(codes, ", "), CRS84.URI)
}
