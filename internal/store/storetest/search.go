package storetest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

func at(t *testing.T, s *store.Store, r source, g orb.Geometry) incidents.ID {
	inc := r.incident()
	inc.Status, inc.Record.Exercise, inc.Record.Geometry = incidents.Submitted, false, incidents.Geometry{Geometry: g}
	return create(t, s, inc).ID
}

func inBox(t *testing.T, s *store.Store, west, south, east, north float64) []incidents.ID {
	t.Helper()
	f := incidents.Filter{BBox: &incidents.BBox{West: west, South: south, East: east, North: north}}
	return ids(eachCase(t, s, f, hotline.At{}, false))
}

// testBoxEdges: a shape on the edge of a box is in it, and one a hair beside
// it is not, also where 32 bits cannot tell them apart.
func testBoxEdges(t *testing.T, s *store.Store) {
	r := newSource(34)
	const lon, lat = 18.1234567890123, 57.6543210987654
	id := at(t, s, r, orb.Point{lon, lat})
	nowhere := at(t, s, r, nil)
	const hair = 1e-9
	for _, box := range []struct {
		west, south, east, north float64
		in                       bool
	}{
		{lon, lat, lon, lat, true},
		{lon, 50, 20, 60, true}, {lon + hair, 50, 20, 60, false},
		{10, 50, lon, 60, true}, {10, 50, lon - hair, 60, false},
		{10, lat, 20, 60, true}, {10, lat + hair, 20, 60, false},
		{10, 50, 20, lat, true}, {10, 50, 20, lat - hair, false},
		{-180, -90, 180, 90, true},
	} {
		if got := inBox(t, s, box.west, box.south, box.east, box.north); slices.Contains(got, id) != box.in || !slices.Contains(got, nowhere) || len(got) > 2 {
			t.Errorf("box %v: %v", box, got)
		}
	}
	// The box follows the newest revision.
	inc := must(s.Incident(t.Context(), id, 0))(t)
	inc.Record.Geometry.Geometry = orb.Point{-30, 70}
	must(s.ReviseIncident(t.Context(), officer, inc))(t)
	if slices.Contains(inBox(t, s, 10, 50, 20, 60), id) || !slices.Contains(inBox(t, s, -31, 69, -29, 71), id) {
		t.Error("the box did not follow")
	}
	// A track meets what it passes through, not all that its own box holds.
	track := at(t, s, r, orb.LineString{{0, 0}, {10, 10}})
	area := at(t, s, r, orb.Polygon{{{20, 0}, {30, 0}, {30, 10}, {20, 0}}})
	for _, box := range []struct {
		west, south, east, north float64
		track, area              bool
	}{
		{4, 4, 6, 6, true, false}, {6, 1, 9, 4, false, false}, {5, 5, 5, 5, true, false}, {-1, -1, 0, 0, true, false}, {-1, -1, 11, 11, true, false},
		{28, 1, 29, 2, false, true}, {21, 8, 22, 9, false, false}, {30, 10, 31, 11, false, true}, {9, 1, 27, 2, false, true},
	} {
		got := inBox(t, s, box.west, box.south, box.east, box.north)
		if slices.Contains(got, track) != box.track || slices.Contains(got, area) != box.area {
			t.Errorf("box %v: %v", box, got)
		}
	}
}

func testAntimeridian(t *testing.T, s *store.Store) {
	r := newSource(35)
	east, west := at(t, s, r, orb.Point{179.5, 70}), at(t, s, r, orb.Point{-179.5, 70})
	at(t, s, r, orb.Point{0, 70})
	edge := at(t, s, r, orb.Point{180, 71})
	got := inBox(t, s, 179, 60, -179, 80)
	want := []incidents.ID{east, west, edge}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("across: %v, want %v", got, want)
	}
	if got := inBox(t, s, 179.9, 60, -179.9, 80); !slices.Equal(got, []incidents.ID{edge}) {
		t.Errorf("narrow: %v, want %v", got, edge)
	}
}

func testWords(t *testing.T, s *store.Store) {
	r := newSource(36)
	inc := r.incident()
	inc.Status = incidents.Submitted
	inc.Record = incidents.Record{
		Title: "Närgånget möte", Narrative: "The RC-135's crew said “AND NOT”.", Location: "off Łeba", SubArea: "Gdańsk Bay",
		Source: "research", SourceID: "2014-04-23-rc135",
		Intercepted:  incidents.Party{Nations: []string{"US"}, Aircraft: []incidents.Aircraft{{Designator: "R135", Name: "RC-135V/W Rivet Joint"}}},
		Intercepting: incidents.Party{Nations: []string{"RU"}, Aircraft: []incidents.Aircraft{{Designator: "SU27", Name: "Su-27"}}},
	}
	inc = create(t, s, inc)
	create(t, s, incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted})
	for q, want := range map[string]bool{
		"närgånget": true, "NARGANGET": true, "narg": true, "nar mote": false, "narganget mot": true,
		"rc135": true, "RC-135": true, "rc 135": true, "su27": true, "su-27": true, "SU 27": true, "tu95": false,
		"leba gdansk": true, "2014-04-23-rc135": true, inc.Number: true, "russia": true, "us": true,
		`"AND NOT"`: true, `rivet" OR "x`: false, "body:rivet": false, "rivet*": true, "^rivet": true, "NEAR(a b)": false, "- —": false, "joint crew": true,
		"'; drop table": false,
	} {
		got := eachCase(t, s, incidents.Filter{Q: q}, hotline.At{}, false)
		if (len(got) == 1) != want || len(got) > 1 {
			t.Errorf("%q found %d, want %v", q, len(got), want)
		}
	}
	// Words follow the newest revision, and the old ones as of then.
	old := inc.RecordedAt
	inc.Record.Title = "Renamed"
	must(s.ReviseIncident(t.Context(), officer, inc))(t)
	if len(eachCase(t, s, incidents.Filter{Q: "narganget"}, hotline.At{}, false)) != 0 ||
		len(eachCase(t, s, incidents.Filter{Q: "narganget"}, hotline.At{AsOf: old}, false)) != 1 {
		t.Error("the words did not follow")
	}
}

// testWordsInTransactions: what a transaction wrote is found in it at once, and
// what a savepoint took back never, whether or not it was searched for before.
func testWordsInTransactions(t *testing.T, s *store.Store) {
	r := newSource(37)
	file := func(ctx context.Context, word string) {
		t.Helper()
		inc := r.incident()
		inc.Status, inc.Record.Exercise, inc.Record.Narrative = incidents.Submitted, false, word
		_, _, err := s.CreateIncident(ctx, officer, inc)
		check(t, err)
	}
	found := func(ctx context.Context, want int, word string) {
		t.Helper()
		n := 0
		check(t, s.EachCase(ctx, incidents.Filter{Q: word}, hotline.At{}, false, func(*hotline.Case) error { n++; return nil }))
		if n != want {
			t.Errorf("%d found by %q, want %d", n, word, want)
		}
		if page := must(s.Cases(ctx, incidents.Filter{Q: word}, hotline.Page{}, hotline.At{}))(t); page.Total != want {
			t.Errorf("%d counted by %q, want %d", page.Total, word, want)
		}
	}
	check(t, s.InTx(t.Context(), func(ctx context.Context) error {
		file(ctx, "albatross")
		found(ctx, 1, "albatross")
		file(ctx, "dotterel") // first searched for in what is taken back
		err := s.InTx(ctx, func(ctx context.Context) error {
			file(ctx, "bittern")
			file(ctx, "dotterel")
			found(ctx, 1, "bittern")
			found(ctx, 2, "dotterel")
			return errStop
		})
		if !errors.Is(err, errStop) {
			t.Errorf("got %v", err)
		}
		err = s.InTx(ctx, func(ctx context.Context) error {
			file(ctx, "fulmar") // not searched for
			return errStop
		})
		if !errors.Is(err, errStop) {
			t.Errorf("got %v", err)
		}
		file(ctx, "curlew")
		return nil
	}))
	check(t, s.InTx(t.Context(), func(ctx context.Context) error {
		for range 1100 { // more than wait for the index
			file(ctx, "eider")
		}
		return nil
	}))
	for word, want := range map[string]int{"albatross": 1, "bittern": 0, "curlew": 1, "dotterel": 1, "fulmar": 0, "eider": 1100} {
		found(t.Context(), want, word)
	}
	whole(t, s)
}

// testKnown: incidents are found many at once, by their ids and by whose they are.
func testKnown(t *testing.T, s *store.Store) {
	r := newSource(38)
	var ids []incidents.ID
	var origins []incidents.Origin
	for i := range 1200 { // more than one question names
		inc := r.incident()
		inc.Record.Source, inc.Record.SourceID = "register "+strconv.Itoa(i%2), strconv.Itoa(i)
		if i%3 == 0 {
			inc = create(t, s, inc)
		}
		if i%6 == 0 {
			inc.Record.Title, inc.Reason = "changed", "why not"
			inc = must(s.ReviseIncident(t.Context(), officer, inc))(t)
		}
		ids = append(ids, inc.ID)
		origins = append(origins, incidents.Origin{Source: inc.Record.Source, SourceID: inc.Record.SourceID})
	}
	create(t, s, r.incident()) // not asked for
	without := r.incident()
	without.Record.Source, without.Record.SourceID = "register 0", ""
	create(t, s, without)
	for name, ask := range map[string]struct {
		ids     []incidents.ID
		origins []incidents.Origin
	}{"ids": {ids, nil}, "origins": {nil, append(origins, incidents.Origin{Source: "register 0"})}, "both": {ids, origins}} {
		got := must(s.IncidentsKnown(t.Context(), ask.ids, ask.origins))(t)
		if len(got) != 400 {
			t.Errorf("by %s: %d found, want 400", name, len(got))
		}
		for _, inc := range got {
			same(t, "by "+name, inc, must(s.Incident(t.Context(), inc.ID, 0))(t))
		}
	}
	if got := must(s.IncidentsKnown(t.Context(), nil, nil))(t); len(got) != 0 {
		t.Errorf("nothing asked, %d found", len(got))
	}
}
