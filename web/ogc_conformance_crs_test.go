package web_test

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo/crs"
)

// crsName is an address of OGC Name Type Specification 09-048r5.
var crsName = regexp.MustCompile(`^http://www\.opengis\.net/def/crs/[A-Z]+/[0-9.]+/[A-Z0-9]+$`)

const noSystem = "http://www.opengis.net/def/crs/OGC/0/unknown"

// systemsConform is class crs of part 2 (18-058r1, annex A).
func systemsConform(t *testing.T, s *suite) {
	t.Run("/conf/crs/crs-uri", func(t *testing.T) {
		lists := [][]string{systemsOf(s.found(t, "/ogc/collections", "application/json"))}
		s.placed(t, func(t *testing.T, id string, col map[string]any) {
			lists = append(lists, systemsOf(col), systemsOf(s.found(t, "/ogc/collections/"+id, "application/json")), []string{text1(col["storageCrs"])})
		})
		if len(lists) < 20 {
			t.Errorf("only %d lists", len(lists))
		}
		for _, list := range lists {
			for _, uri := range list {
				if !crsName.MatchString(uri) {
					t.Errorf("%s is no name of a system", uri)
				}
			}
		}
	})
	t.Run("/conf/crs/default-crs", func(t *testing.T) {
		s.placed(t, func(t *testing.T, _ string, col map[string]any) {
			if list := systemsOf(col); list[0] != crs84 || len(list) < 10 {
				t.Errorf("%v", list)
			}
		})
	})
	t.Run("/conf/crs/storageCrs", func(t *testing.T) {
		s.placed(t, func(t *testing.T, _ string, col map[string]any) {
			if !slices.Contains(systemsOf(col), text1(col["storageCrs"])) {
				t.Errorf("%v is not in the list", col["storageCrs"])
			}
		})
	})
	both := func(t *testing.T, fn func(t *testing.T, col map[string]any, href string)) {
		s.placed(t, func(t *testing.T, id string, col map[string]any) {
			fn(t, col, itemsOf(t, col))
			for _, f := range s.all(t, id) {
				fn(t, col, itemsOf(t, col)+"/"+f.id)
				break
			}
		})
	}
	system := func(t *testing.T, href, want string) apiAnswer {
		t.Helper()
		a := s.get(t, href, geoJSON)
		if a.status != http.StatusOK || a.header.Get("Content-Crs") != "<"+want+">" {
			t.Errorf("%s: %d, %s", href, a.status, a.header.Get("Content-Crs"))
		}
		return a
	}
	t.Run("/conf/crs/crs-parameter", func(t *testing.T) {
		both(t, func(t *testing.T, col map[string]any, href string) {
			for _, uri := range systemsOf(col) {
				system(t, queried(href, "crs", uri), uri)
			}
		})
	})
	t.Run("/conf/crs/crs-parameter-default", func(t *testing.T) {
		both(t, func(t *testing.T, _ map[string]any, href string) { system(t, href, crs84) })
	})
	t.Run("/conf/crs/crs-parameter-invalid", func(t *testing.T) {
		both(t, func(t *testing.T, _ map[string]any, href string) {
			s.refused(t, queried(href, "crs", noSystem))
			s.refused(t, queried(href, "crs", ""))
		})
	})
	t.Run("/conf/crs/crs-parameter-transform", s.turnsCoordinates)
	t.Run("/conf/crs/bbox-crs-parameter", s.boxesOfSystems)
	t.Run("/conf/crs/bbox-crs-parameter-default", func(t *testing.T) {
		s.placed(t, func(t *testing.T, _ string, col map[string]any) {
			const box = "10.0000000,50.0000000,30.0000000,60.0000000"
			with := s.walk(t, queried(itemsOf(t, col), "bbox", box, "bbox-crs", crs84))
			sameIDs(t, box, idsOf(with, nil), idsOf(s.walk(t, queried(itemsOf(t, col), "bbox", box)), nil))
		})
	})
	t.Run("/conf/crs/bbox-crs-parameter-invalid", func(t *testing.T) {
		s.placed(t, func(t *testing.T, _ string, col map[string]any) {
			s.refused(t, queried(itemsOf(t, col), "bbox", "5.0000000,49.0000000,6.0000000,50.0000000", "bbox-crs", noSystem))
		})
	})
}

func systemsOf(doc map[string]any) (list []string) {
	uris, _ := doc["crs"].([]any)
	for _, uri := range uris {
		list = append(list, text1(uri))
	}
	return list
}

// placed runs a test for every collection that has reference systems: whose
// features have positions.
func (s *suite) placed(t *testing.T, fn func(t *testing.T, id string, col map[string]any)) {
	t.Helper()
	some := 0
	s.each(t, func(t *testing.T, id string, col map[string]any) {
		if len(systemsOf(col)) > 0 {
			some++
			fn(t, id, col)
		}
	})
	if some != 7 {
		t.Errorf("%d collections have reference systems", some)
	}
}

// turnsCoordinates turns the coordinates of each system back, in that system's
// order of axes, and compares them with those of CRS84.
func (s *suite) turnsCoordinates(t *testing.T) {
	some := 0
	s.placed(t, func(t *testing.T, id string, col map[string]any) {
		if id == "regions" {
			return // their edges are made finer before they are projected
		}
		plain := map[string]orb.Geometry{}
		for _, f := range s.all(t, id) {
			plain[f.id] = f.shape
		}
		for _, uri := range systemsOf(col) {
			sys, err := crs.Parse(uri)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range itemsIn(s.found(t, queried(itemsOf(t, col), "crs", uri), geoJSON)) {
				was, there := plain[f.id]
				if !there || (was == nil) != (f.shape == nil) {
					t.Errorf("%s in %s: %v, was %v", f.id, uri, f.shape, was)
				}
				if f.shape == nil || !sys.Area.Intersects(was.Bound()) {
					continue
				}
				g := f.shape
				if sys.YFirst {
					g = sys.Swap(g)
				}
				some++
				if back := sys.Unproject(g).Bound(); !near(back.Min, was.Bound().Min) || !near(back.Max, was.Bound().Max) {
					t.Errorf("%s in %s is at %v, was at %v", f.id, uri, back, was.Bound())
				}
			}
		}
	})
	if some < 2000 {
		t.Errorf("only %d geometries", some)
	}
}

func near(a, b orb.Point) bool {
	return math.Abs(a[0]-b[0]) < 0.001 && math.Abs(a[1]-b[1]) < 0.001
}

// boxesOfSystems asks for the extent of each collection in every system, its two
// corners turned as they are: what is found there is found in CRS84, too. In a
// system of degrees nothing is lost.
func (s *suite) boxesOfSystems(t *testing.T) {
	hits := 0
	s.placed(t, func(t *testing.T, id string, col map[string]any) {
		extent, _, _, placed, _ := extentOf(t, col)
		if !placed {
			return
		}
		whole := idsOf(s.walk(t, queried(itemsOf(t, col), "bbox", bboxText(extent.Min[0], extent.Min[1], extent.Max[0], extent.Max[1]))), nil)
		sameIDs(t, "the extent", whole, idsOf(s.all(t, id), nil))
		for _, uri := range systemsOf(col) {
			sys, err := crs.Parse(uri)
			if err != nil {
				t.Fatal(err)
			}
			corners := []orb.Point{extent.Min, extent.Max}
			for i, c := range corners {
				g := sys.Project(c)
				if sys.YFirst {
					g = sys.Swap(g)
				}
				corners[i] = g.(orb.Point)
			}
			text := fmt.Sprintf("%.7f,%.7f,%.7f,%.7f", corners[0][0], corners[0][1], corners[1][0], corners[1][1])
			got := idsOf(s.walk(t, queried(itemsOf(t, col), "bbox", text, "bbox-crs", uri)), nil)
			hits += len(got)
			if extra := without(got, whole); len(extra) > 0 {
				t.Errorf("%s in %s finds %v, which CRS84 does not", text, uri, extra)
			}
			if sys.Degrees {
				sameIDs(t, text+" in "+uri, got, whole)
			}
		}
	})
	if hits < 1000 {
		t.Errorf("only %d features were met", hits)
	}
}
