package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// testAsOf changes a log in every way and keeps what it said each time; then
// it asks the log what it had said.
func testAsOf(t *testing.T, s *store.Store) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	c := setClock(s, time.Minute)
	r := newSource(32)
	m := newModel(t, s)
	type state struct {
		at incidents.Millis
		*model
	}
	var past []state
	keep := func() {
		at := incidents.MillisOf(s.Now())
		past = append(past, state{at, m.copy()})
	}
	keep() // nothing
	m.fill(t, s, r, 20)
	keep()
	for i := range 60 {
		m.change(t, s, r)
		if i%4 == 3 {
			keep()
		}
	}
	for _, p := range past {
		for _, f := range []incidents.Filter{everything, {}, r.filter(), r.filter()} {
			want := p.cases(f, p.at)
			same(t, fmt.Sprintf("as of %v, filter %v", p.at.Time(), f.Values()), eachCase(t, s, f, hotline.At{AsOf: p.at}, true), want)
			f.AsOf = p.at
			page := must(s.Cases(t.Context(), f, hotline.Page{Sort: "start", Limit: 500}, hotline.At{}))(t)
			if !slices.Equal(ids(page.Cases), ids(want)) {
				t.Fatalf("page as of %v, filter %v", p.at.Time(), f.Values())
			}
		}
		for id, k := range p.contacts {
			got := must(s.Contact(t.Context(), id, p.at))(t)
			same(t, "contact as of", got.Contact, k)
			linked := 0
			for _, l := range p.links {
				if l.ContactID == id && l.Linked {
					linked++
				}
			}
			if len(got.Incidents) != linked {
				t.Fatalf("contact with %d incidents, want %d", len(got.Incidents), linked)
			}
			for _, li := range got.Incidents {
				same(t, "incident of a contact as of", li.Incident, p.incidents[li.Incident.ID])
			}
		}
		if got := must(s.Contacts(t.Context(), hotline.ContactFilter{Tests: true, Exercise: "include", AsOf: p.at}))(t); got.Total != len(p.contacts) {
			t.Fatalf("%d contacts as of, want %d", got.Total, len(p.contacts))
		}
	}
	c.step.Store(0)
	now := incidents.MillisOf(s.Now()) + 1000
	same(t, "as of now and now", eachCase(t, s, everything, hotline.At{AsOf: now}, true), eachCase(t, s, everything, hotline.At{Now: now}, true))
	whole(t, s)
}

// change does one random thing to a log and to the model.
func (m *model) change(t *testing.T, s *store.Store, r source) {
	t.Helper()
	var all []incidents.Incident
	for _, inc := range m.incidents {
		all = append(all, inc)
	}
	slices.SortFunc(all, func(a, b incidents.Incident) int { return cmp.Compare(a.ID, b.ID) })
	var contacts []hotline.Contact
	for _, k := range m.contacts {
		contacts = append(contacts, k)
	}
	slices.SortFunc(contacts, func(a, b hotline.Contact) int { return cmp.Compare(a.ID, b.ID) })
	ctx := t.Context()
	switch r.IntN(6) {
	case 0:
		inc := create(t, s, r.incident())
		m.incidents[inc.ID] = inc
	case 1, 2:
		inc, other := pick(r, all...), r.incident()
		inc.Record, inc.Derived, inc.Reason = other.Record, other.Derived, "found out more"
		m.incidents[inc.ID] = must(s.ReviseIncident(ctx, officer, inc))(t)
	case 3:
		p := m.policies[len(m.policies)]
		p.Rules = []hotline.Rule{{Severity: "serious", Need: "direct", WithinS: 60 * int64(1+r.IntN(600))}, {Severity: "high_risk", Region: "baltic", Need: "any", WithinS: 7200}}
		p = must(s.SetPolicy(ctx, supervisor, p))(t)
		m.policies[p.Version] = p
	case 4:
		k, other := pick(r, contacts...), r.contact(pick(r, all...))
		other.ID, other.Meta = k.ID, k.Meta
		m.contacts[k.ID] = must(s.ReviseContact(ctx, officer, other))(t)
	case 5:
		l := hotline.Link{ContactID: pick(r, contacts...).ID, IncidentID: pick(r, all...).ID, Relation: r.relation(), Linked: r.IntN(3) > 0}
		check(t, s.SetLink(ctx, officer, l))
		history := must(s.LinkRevisions(ctx, l.IncidentID, 0))(t)
		for _, h := range history {
			if h.ContactID == l.ContactID {
				m.link(h)
			}
		}
	}
}
