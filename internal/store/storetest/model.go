package storetest

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/paulmach/orb"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// model is what a store should hold, in plain Go.
type model struct {
	incidents map[incidents.ID]incidents.Incident
	contacts  map[hotline.ContactID]hotline.Contact
	links     map[[2]string]hotline.Link
	policies  map[int]hotline.Policy
}

func newModel(t *testing.T, s *store.Store) *model {
	p := must(s.Policy(t.Context(), 0))(t)
	return &model{map[incidents.ID]incidents.Incident{}, map[hotline.ContactID]hotline.Contact{}, map[[2]string]hotline.Link{}, map[int]hotline.Policy{p.Version: p}}
}

// copy is the model as it stands, to be asked later.
func (m *model) copy() *model {
	return &model{maps.Clone(m.incidents), maps.Clone(m.contacts), maps.Clone(m.links), maps.Clone(m.policies)}
}

// fill writes n random incidents and their contacts to both.
func (m *model) fill(t *testing.T, s *store.Store, r source, n int) {
	t.Helper()
	check(t, s.InTx(t.Context(), func(ctx context.Context) error {
		var filed []incidents.Incident
		for range n {
			inc, _, err := s.CreateIncident(ctx, officer, r.incident())
			if err != nil {
				return err
			}
			filed = append(filed, inc)
			m.incidents[inc.ID] = inc
		}
		for range n * 2 / 3 {
			inc, other := pick(r, filed...), pick(r, filed...)
			c := r.contact(inc)
			links := []hotline.Link{{IncidentID: inc.ID, Relation: r.relation()}}
			if other.ID != inc.ID {
				links = append(links, hotline.Link{IncidentID: other.ID, Relation: r.relation()})
			}
			stored, _, err := s.CreateContact(ctx, officer, c, links)
			if err != nil {
				return err
			}
			m.contacts[c.ID] = stored
			for _, l := range links {
				m.link(hotline.Link{ContactID: c.ID, IncidentID: l.IncidentID, Relation: l.Relation, Linked: true, Meta: stored.Meta})
			}
		}
		return nil
	}))
}

func (m *model) link(l hotline.Link) {
	m.links[[2]string{string(l.ContactID), string(l.IncidentID)}] = l
}

// linked gives the contacts of an incident.
func (m *model) linked(id incidents.ID) []hotline.Linked {
	var list []hotline.Linked
	for _, l := range m.links {
		if l.IncidentID == id && l.Linked {
			list = append(list, hotline.Linked{Contact: m.contacts[l.ContactID], LinkedAs: l})
		}
	}
	slices.SortFunc(list, func(a, b hotline.Linked) int {
		return cmp.Or(cmp.Compare(a.Start.From, b.Start.From), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// cases gives what a filter should find at a moment, in order of start and id.
func (m *model) cases(f incidents.Filter, now incidents.Millis) []hotline.Case {
	var list []hotline.Case
	for id, inc := range m.incidents {
		linked := m.linked(id)
		rule := m.policies[inc.PolicyVersion].For(inc.Record.Severity, inc.Derived.Region)
		c := hotline.Case{Incident: inc, Assessment: hotline.Assess(inc, rule, linked, now), Contacts: linked}
		if matches(f, c) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b hotline.Case) int {
		return cmp.Or(cmp.Compare(a.Incident.Record.Start.From, b.Incident.Record.Start.From), cmp.Compare(a.Incident.ID, b.Incident.ID))
	})
	return list
}

// matches says in Go what a filter means.
func matches(f incidents.Filter, c hotline.Case) bool {
	rec := &c.Incident.Record
	among := func(list []string, v ...string) bool {
		return len(list) == 0 || slices.ContainsFunc(v, func(s string) bool { return slices.Contains(list, s) })
	}
	reports := f.Reports
	if len(reports) == 0 {
		reports = []string{"submitted", "verified", "closed"}
	}
	return among(reports, string(c.Incident.Status)) &&
		(f.Exercise == "include" || rec.Exercise == (f.Exercise == "only")) &&
		among(f.Regions, c.Incident.Derived.Region) &&
		among(f.Severities, rec.Severity) &&
		among(f.Numbers, c.Incident.Number) &&
		among(f.Deescalations, string(c.Assessment.Status())) &&
		among(f.Nations, append(slices.Clone(rec.Intercepting.Nations), rec.Intercepted.Nations...)...) &&
		among(f.Behaviours, rec.Behaviours...) &&
		(f.From == 0 || rec.Start.To > f.From) && (f.To == 0 || rec.Start.From < f.To) &&
		hasShape(f.Shape, rec.Geometry) && during(f.During, rec) &&
		hasAircraft(f.Aircraft, rec) && hasWords(f.Q, &c.Incident) && meets(f.BBox, rec.Geometry)
}

func hasShape(shape string, g incidents.Geometry) bool {
	return shape == "" || !g.IsNone() && map[string]string{"Point": "point", "LineString": "track", "Polygon": "area"}[g.GeoJSONType()] == shape
}

// during reports whether a time may meet a period: a start that is not stated
// meets every one, an end is not part of it.
func during(p *incidents.Interval, rec *incidents.Record) bool {
	if p == nil || rec.Start.IsZero() {
		return true
	}
	end := rec.Start.To
	if !rec.End.IsZero() {
		end = rec.End.To
	}
	return rec.Start.From <= p.To && p.From <= max(rec.Start.From, end-1)
}

// meets clips each side of a shape to the box (Liang and Barsky); a box without
// a side in it may lie within an area.
func meets(b *incidents.BBox, g incidents.Geometry) bool {
	if b == nil || g.IsNone() {
		return true
	}
	if b.West > b.East {
		return meets(&incidents.BBox{West: b.West, South: b.South, East: 180, North: b.North}, g) || meets(&incidents.BBox{West: -180, South: b.South, East: b.East, North: b.North}, g)
	}
	switch x := g.Geometry.(type) {
	case orb.Point:
		return clipped(b, x, x)
	case orb.LineString:
		return anySide(b, x)
	case orb.Polygon:
		corner, inside := orb.Point{b.West, b.South}, false
		for i := 1; i < len(x[0]); i++ {
			p, q := x[0][i-1], x[0][i]
			if (p[1] > corner[1]) != (q[1] > corner[1]) && corner[0] < p[0]+(corner[1]-p[1])*(q[0]-p[0])/(q[1]-p[1]) {
				inside = !inside
			}
		}
		return inside || anySide(b, orb.LineString(x[0]))
	}
	panic("the model has no " + g.GeoJSONType())
}

func anySide(b *incidents.BBox, l orb.LineString) bool {
	for i := 1; i < len(l); i++ {
		if clipped(b, l[i-1], l[i]) {
			return true
		}
	}
	return false
}

// clipped reports whether something of the way from p to q lies in the box.
func clipped(b *incidents.BBox, p, q orb.Point) bool {
	from, to := 0.0, 1.0
	for _, edge := range [][2]float64{{p[0] - q[0], p[0] - b.West}, {q[0] - p[0], b.East - p[0]}, {p[1] - q[1], p[1] - b.South}, {q[1] - p[1], b.North - p[1]}} {
		switch d, room := edge[0], edge[1]; {
		case d == 0:
			if room < 0 {
				return false
			}
		case d < 0:
			from = max(from, room/d)
		default:
			to = min(to, room/d)
		}
	}
	return from <= to
}

// plain is text without case, marks, and what is neither letter nor digit;
// keep stands in the place of the latter.
func plain(s, keep string) string {
	s = strings.NewReplacer("ø", "o", "ł", "l").Replace(strings.ToLower(s))
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteString(keep)
		}
	}
	return b.String()
}

func aircraftOf(rec *incidents.Record) []incidents.Aircraft {
	return append(slices.Clone(rec.Intercepting.Aircraft), rec.Intercepted.Aircraft...)
}

func hasAircraft(asked []string, rec *incidents.Record) bool {
	for _, name := range asked {
		key := plain(name, "")
		for _, a := range aircraftOf(rec) {
			if key != "" && (plain(a.Designator, "") == key || strings.Contains(plain(a.Name, ""), key)) {
				return true
			}
		}
	}
	return len(asked) == 0
}

func hasWords(q string, inc *incidents.Incident) bool {
	if q == "" {
		return true
	}
	rec := &inc.Record
	text := []string{inc.Number, rec.Title, rec.Narrative, rec.Location, rec.SubArea, rec.SourceID}
	for _, a := range aircraftOf(rec) {
		text = append(text, a.Designator, a.Name, plain(a.Designator, ""), plain(a.Name, ""))
		for _, w := range strings.Fields(a.Name) {
			text = append(text, plain(w, ""))
		}
	}
	for _, n := range append(slices.Clone(rec.Intercepting.Nations), rec.Intercepted.Nations...) {
		text = append(text, n, incidents.NationName(n))
	}
	all := " " + strings.Join(strings.Fields(plain(strings.Join(text, " "), " ")), " ") + " "
	asked := strings.Fields(q)
	found := 0
	for i, w := range asked {
		phrase := " " + strings.Join(strings.Fields(plain(w, " ")), " ")
		if phrase == " " {
			continue
		}
		found++
		last := !slices.ContainsFunc(asked[i+1:], func(s string) bool { return plain(s, "") != "" })
		if !last {
			phrase += " "
		}
		if !strings.Contains(all, phrase) {
			return false
		}
	}
	return found > 0
}

// asJSON is a value in a form that can be compared and read: an empty list and
// none are the same.
func asJSON(v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// same compares two values as JSON and shows where they part.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, w := strings.Split(asJSON(got), "\n"), strings.Split(asJSON(want), "\n")
	for i := range max(len(g), len(w)) {
		if i < len(g) && i < len(w) && g[i] == w[i] {
			continue
		}
		around := func(l []string) string { return strings.Join(l[max(0, min(i-3, len(l))):min(len(l), i+3)], "\n") }
		t.Fatalf("%s differs at line %d:\ngot\n%s\nwant\n%s", what, i+1, around(g), around(w))
	}
}

// ids lists the ids of cases.
func ids(cases []hotline.Case) []incidents.ID {
	list := make([]incidents.ID, len(cases))
	for i, c := range cases {
		list[i] = c.Incident.ID
	}
	return list
}

// eachCase collects a stream.
func eachCase(t *testing.T, s *store.Store, f incidents.Filter, at hotline.At, full bool) []hotline.Case {
	t.Helper()
	var list []hotline.Case
	check(t, s.EachCase(t.Context(), f, at, full, func(c *hotline.Case) error {
		list = append(list, *c)
		return nil
	}))
	return list
}
