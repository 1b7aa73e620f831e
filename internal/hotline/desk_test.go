package hotline

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// memory is the little of a store that the desk needs; a call of anything
// else panics.
type memory struct {
	Store
	lines     map[LineID]Line
	incidents map[incidents.ID]incidents.Incident
	contacts  map[ContactID]ContactWithIncidents
	policies  []Policy
	failWith  error
	writes    int
}

func (m *memory) Line(_ context.Context, id LineID, _ Millis) (Line, error) {
	l, ok := m.lines[id]
	if !ok {
		return Line{}, fault.New(fault.NotFound, "no such line")
	}
	return l, m.failWith
}

func (m *memory) Incident(_ context.Context, id incidents.ID, _ Millis) (incidents.Incident, error) {
	inc, ok := m.incidents[id]
	if !ok {
		return inc, fault.New(fault.NotFound, "no such incident")
	}
	return inc, m.failWith
}

func (m *memory) Contact(_ context.Context, id ContactID, _ Millis) (ContactWithIncidents, error) {
	c, ok := m.contacts[id]
	if !ok {
		return c, fault.New(fault.NotFound, "no such contact")
	}
	c.Incidents = append([]LinkedIncident(nil), c.Incidents...)
	return c, nil
}

func (m *memory) CreateContact(_ context.Context, actor access.Actor, c Contact, links []Link) (Contact, bool, error) {
	if old, ok := m.contacts[c.ID]; ok {
		return old.Contact, false, nil
	}
	m.writes++
	c.Revision, c.RecordedBy = 1, actor.Name
	w := ContactWithIncidents{Contact: c}
	for _, l := range links {
		l.Revision = 1
		w.Incidents = append(w.Incidents, LinkedIncident{Incident: m.incidents[l.IncidentID], Link: l})
	}
	m.contacts[c.ID] = w
	return c, true, nil
}

func (m *memory) ReviseContact(_ context.Context, actor access.Actor, c Contact) (Contact, error) {
	w := m.contacts[c.ID]
	if w.Revision != c.Revision {
		return c, fault.New(fault.Conflict, "changed meanwhile")
	}
	m.writes++
	c.Revision, c.RecordedBy = c.Revision+1, actor.Name
	w.Contact = c
	m.contacts[c.ID] = w
	return c, nil
}

func (m *memory) SetLink(_ context.Context, _ access.Actor, l Link) error {
	m.writes++
	w := m.contacts[l.ContactID]
	l.Revision++
	for i := range w.Incidents {
		if w.Incidents[i].Link.IncidentID == l.IncidentID {
			w.Incidents[i].Link = l
			m.contacts[l.ContactID] = w
			return nil
		}
	}
	w.Incidents = append(w.Incidents, LinkedIncident{Incident: m.incidents[l.IncidentID], Link: l})
	m.contacts[l.ContactID] = w
	return nil
}

func (m *memory) Policy(_ context.Context, version int) (Policy, error) {
	if version == 0 {
		version = len(m.policies)
	}
	return m.policies[version-1], nil
}

func (m *memory) SetPolicy(_ context.Context, actor access.Actor, p Policy) (Policy, error) {
	p.Version, p.RecordedBy = len(m.policies)+1, actor.Name
	m.policies = append(m.policies, p)
	return p, nil
}

const (
	lineID    = "01890a5d-ac96-774b-bcce-b302099a8057"
	lineTwoID = "01890a5d-ac96-774b-bcce-b302099a8058"
	contactID = "01890a5d-ac96-774b-bcce-b302099a8001"
	incNoon   = "01890a5d-ac96-774b-bcce-b302099a8011"
	incDay    = "01890a5d-ac96-774b-bcce-b302099a8012"
	incDrill  = "01890a5d-ac96-774b-bcce-b302099a8013"
	incGone   = "01890a5d-ac96-774b-bcce-b302099a8014"
	nowhere   = "01890a5d-ac96-774b-bcce-b302099a8099"
)

var (
	officer       = access.Actor{Name: "ola", Role: access.Officer}
	supervisor    = access.Actor{Name: "siri", Role: access.Supervisor}
	administrator = access.Actor{Name: "ada", Role: access.Administrator}
)

func newDesk() (*Desk, *memory) {
	m := &memory{contacts: map[ContactID]ContactWithIncidents{}, policies: []Policy{{Version: 1, Rules: DefaultRules()}}}
	m.lines = map[LineID]Line{
		lineID:    {ID: lineID, Name: "Joint HQ–Northern Fleet line", Kind: "voip", Parties: []string{"NO", "RU"}},
		lineTwoID: {ID: lineTwoID, Name: "EUCOM–NDMC line", Kind: "phone", Parties: []string{"US", "RU"}},
	}
	atNoon, onDay := incident("exact", "own_log"), incident("day", "own_log")
	atNoon.ID, atNoon.Number, onDay.ID, onDay.Number = incNoon, "2023-0007", incDay, "2023-0008"
	drill, gone := atNoon, atNoon
	drill.ID, drill.Number, drill.Record.Exercise = incDrill, "2023-0009", true
	gone.ID, gone.Number, gone.Status = incGone, "2023-0010", incidents.Retracted
	m.incidents = map[incidents.ID]incidents.Incident{incNoon: atNoon, incDay: onDay, incDrill: drill, incGone: gone}
	return &Desk{Store: m, Now: func() time.Time { return (noon + 6*hour).Time() }}, m
}

// call is a report in which everything is right.
func call(options ...func(*ContactReport)) ContactReport {
	r := ContactReport{
		ID: contactID, LineID: lineID, Initiators: "no", Answerers: "RU", Start: "141240ZMAR23", End: "141252ZMAR23",
		Outcome: "connected", Purpose: "clarify", Summary: "Asked for  distance.\r\nAgreed.", Caller: " Duty  officer ",
		Marking: "NATO UNCLASSIFIED", Incidents: []string{incNoon}, Relation: "prompted_by",
	}
	for _, o := range options {
		o(&r)
	}
	return r
}

func TestLogContact(t *testing.T) {
	d, m := newDesk()
	ctx := context.Background()
	c, err := d.LogContact(ctx, officer, call(func(r *ContactReport) {
		r.Incidents, r.Relations = []string{incNoon, incDay, incNoon, ""}, []string{"", "discussed"}
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := Contact{
		ID: contactID, Meta: Meta{Revision: 1, RecordedBy: "ola"}, LineID: lineID,
		Channel: Channel{Name: "Joint HQ–Northern Fleet line", Kind: "voip", Parties: []string{"NO", "RU"}},
		Start:   incidents.At((noon + 40*minute).Time(), incidents.Exact, "141240ZMAR23"),
		End:     incidents.At((noon + 52*minute).Time(), incidents.Exact, "141252ZMAR23"),
		Outcome: "connected", Purpose: "clarify", Direction: "NO->RU", Initiators: []string{"NO"}, Answerers: []string{"RU"},
		Summary: "Asked for  distance.\nAgreed.", Caller: "Duty officer", Marking: "NATO UNCLASSIFIED",
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("logged\n got %+v\nwant %+v", c, want)
	}
	links := m.contacts[contactID].Incidents
	if len(links) != 2 || links[0].Link.Relation != "prompted_by" || links[1].Link.Relation != "discussed" || !links[1].Link.Linked {
		t.Errorf("links = %+v", links)
	}
	// A second click makes no second contact.
	if again, err := d.LogContact(ctx, officer, call()); err != nil || again.ID != c.ID || m.writes != 1 {
		t.Errorf("logged again: %v, %d writes", err, m.writes)
	}
}

func TestLogContactProblems(t *testing.T) {
	set := func(f func(*ContactReport)) func(*ContactReport) { return f }
	for _, tt := range []struct {
		name   string
		change func(*ContactReport)
		fields string // in order
		says   string
	}{
		{"no start", set(func(r *ContactReport) { r.Start = "" }), "start", "141630ZMAR23"},
		{"unreadable start", set(func(r *ContactReport) { r.Start = "noonish" }), "start", "“noonish”"},
		{"no zone", set(func(r *ContactReport) { r.Start = "2023-03-14T12:40" }), "start", "zone"},
		{"future", set(func(r *ContactReport) { r.Start, r.End = "141806ZMAR23", "" }), "start", "future"},
		{"future end", set(func(r *ContactReport) { r.End = "141806ZMAR23" }), "end", "future"},
		{"end before start", set(func(r *ContactReport) { r.End = "141239ZMAR23" }), "end", "before the start"},
		{"outcome", set(func(r *ContactReport) { r.Outcome = "busy" }), "outcome", "no_answer"},
		{"no outcome", set(func(r *ContactReport) { r.Outcome = "" }), "outcome", "no_answer"},
		{"purpose", set(func(r *ContactReport) { r.Purpose = "chat" }), "purpose", "clarify"},
		{"kind", set(func(r *ContactReport) { r.ChannelKind = "pigeon" }), "kind", "accepted: phone"},
		{"neither line nor kind", set(func(r *ContactReport) { r.LineID = "" }), "kind", "Choose a line"},
		{"no such line", set(func(r *ContactReport) { r.LineID = nowhere }), "line", "no line"},
		{"no id of a line", set(func(r *ContactReport) { r.LineID = "the red one" }), "line", "“the red one”"},
		{"test of no line", set(func(r *ContactReport) { r.LineID, r.ChannelKind, r.Purpose = "", "phone", "line_test" }), "line", "needs the line"},
		{"other without a word", set(func(r *ContactReport) { r.Purpose, r.Summary = "other", " " }), "summary", "say in a sentence"},
		{"summary too long", set(func(r *ContactReport) { r.Summary = strings.Repeat("x", maxText+1) }), "summary", "Too long"},
		{"channel too long", set(func(r *ContactReport) { r.ChannelName = strings.Repeat("x", maxLine+1) }), "channel", "Too long"},
		{"nations", set(func(r *ContactReport) { r.Initiators, r.Answerers, r.Parties = "NOR", "RU, XX", "QQ" }), "channel initiators answerers", "“NOR” is no nation"},
		{"no such incident", set(func(r *ContactReport) { r.Incidents = []string{nowhere} }), "incidents", "no incident"},
		{"no id of an incident", set(func(r *ContactReport) { r.Incidents = []string{"2023-0007"} }), "incidents", "“2023-0007”"},
		{"retracted incident", set(func(r *ContactReport) { r.Incidents = []string{incGone} }), "incidents", "2023-0010 has been retracted"},
		{"too many incidents", set(func(r *ContactReport) { r.Incidents = make([]string, maxLinks+1) }), "incidents", "at most 50"},
		{"exercise and real", set(func(r *ContactReport) { r.Exercise = true }), "incidents", "is real"},
		{"real and exercise", set(func(r *ContactReport) { r.Incidents = []string{incDrill} }), "incidents", "is an exercise"},
		{"no relation", set(func(r *ContactReport) { r.Relation = "" }), "relation", "prompted_by"},
		{"relation", set(func(r *ContactReport) { r.Relation = "followed" }), "relation", "coincident"},
		{"prompted by what came after", set(func(r *ContactReport) { r.Start, r.End = "141130ZMAR23", "141159ZMAR23" }), "relation", "ended (141159ZMAR23) before incident 2023-0007 began (141200ZMAR23)"},
		{"the same without an end", set(func(r *ContactReport) { r.Start, r.End = "141130ZMAR23", "" }), "relation", "was over (141130ZMAR23)"},
		{"an unreadable end hides no order", set(func(r *ContactReport) { r.Start, r.End = "141130ZMAR23", "soon" }), "end", "“soon”"},
		{"all at once", set(func(r *ContactReport) { *r = ContactReport{ID: contactID, Incidents: []string{nowhere}} }), "start kind outcome incidents relation", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, m := newDesk()
			_, err := d.LogContact(context.Background(), officer, call(tt.change))
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("error = %v, want an Invalid fault", err)
			}
			var names []string
			for _, f := range fault.Fields(err) {
				names = append(names, f.Name)
			}
			if got := strings.Join(names, " "); got != tt.fields || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("fields %q, want %q with %q\n%v", got, tt.fields, tt.says, err)
			}
			if m.writes != 0 {
				t.Error("something was written")
			}
		})
	}
}

func TestLogContactAccepts(t *testing.T) {
	for name, change := range map[string]func(*ContactReport){
		"five minutes ahead":              func(r *ContactReport) { r.Start, r.End = "141805ZMAR23", "" },
		"today":                           func(r *ContactReport) { r.Start, r.StartPrecision, r.End = "2023-03-14", "day", "" },
		"outside any line":                func(r *ContactReport) { r.LineID, r.ChannelKind, r.ChannelName = "", "summons", "Foreign ministry" },
		"unknown nations":                 func(r *ContactReport) { r.Initiators, r.Answerers = "?", "" },
		"no purpose":                      func(r *ContactReport) { r.Purpose = "" },
		"a line test without an incident": func(r *ContactReport) { r.Purpose, r.Incidents, r.Relation = "line_test", nil, "" },
		"coincident, before":              func(r *ContactReport) { r.Start, r.End, r.Relation = "141100ZMAR23", "", "coincident" },
		"discussed, before":               func(r *ContactReport) { r.Start, r.End, r.Relation = "141100ZMAR23", "", "discussed" },
		"prompted, ended the same minute": func(r *ContactReport) { r.Start, r.End = "141100ZMAR23", "141200ZMAR23" },
		"prompted, same day":              func(r *ContactReport) { r.Start, r.End, r.Incidents = "140100ZMAR23", "", []string{incDay} },
		"a drill for a drill":             func(r *ContactReport) { r.Exercise, r.Incidents = true, []string{incDrill} },
		"id in capitals":                  func(r *ContactReport) { r.ID, r.Incidents = strings.ToUpper(r.ID), []string{strings.ToUpper(incNoon)} },
	} {
		t.Run(name, func(t *testing.T) {
			d, m := newDesk()
			c, err := d.LogContact(context.Background(), officer, call(change))
			if err != nil || m.writes != 1 || c.ID != contactID || c.Purpose == "" || c.Channel.Kind == "" {
				t.Errorf("err %v, %d writes, %+v", err, m.writes, c)
			}
		})
	}
}

func TestDeskRights(t *testing.T) {
	ctx := context.Background()
	d, m := newDesk()
	analyst := access.Actor{Name: "anna", Role: access.Analyst}
	_, log := d.LogContact(ctx, analyst, call())
	_, revise := d.ReviseContact(ctx, analyst, 1, call(), "because")
	_, retract := d.RetractContact(ctx, officer, contactID, 1, "because")
	_, policy := d.SetPolicy(ctx, officer, 1, DefaultRules(), "because")
	for name, err := range map[string]error{
		"log": log, "revise": revise, "retract": retract, "policy": policy,
		"link":   d.Link(ctx, analyst, contactID, incNoon, "discussed", ""),
		"unlink": d.Unlink(ctx, analyst, contactID, incNoon, "because"),
	} {
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want Forbidden", name, err)
		}
	}
	if _, err := d.LogContact(ctx, officer, call(func(r *ContactReport) { r.ID = "" })); !fault.Is(err, fault.Invalid) {
		t.Errorf("without an id: %v, want Invalid", err)
	}
	m.failWith = fault.New(fault.Unavailable, "busy")
	if _, err := d.LogContact(ctx, officer, call()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("store busy: %v, want Unavailable as it came", err)
	}
	if m.writes != 0 {
		t.Error("something was written")
	}
}

func TestReviseContact(t *testing.T) {
	ctx := context.Background()
	d, m := newDesk()
	if _, err := d.LogContact(ctx, officer, call()); err != nil {
		t.Fatal(err)
	}
	// What the form does not show is kept.
	w := m.contacts[contactID]
	w.Source, w.SourceID, w.Sources, w.Start.Text, w.Start.Precision, w.Start.To = "research", "x-1", []incidents.Source{{Title: "Press"}}, "about 12:40", "hour", w.Start.From+hour
	m.contacts[contactID] = w
	r := ContactReportOf(w.Contact)
	r.Summary = "Agreed on 500 m."
	c, err := d.ReviseContact(ctx, officer, 1, r, " wrote  down the distance ")
	if err != nil {
		t.Fatal(err)
	}
	want := w.Contact
	want.Revision, want.Summary, want.Reason = 2, "Agreed on 500 m.", "wrote down the distance"
	if !reflect.DeepEqual(c, want) {
		t.Errorf("revised\n got %+v\nwant %+v", c, want)
	}

	// Another line brings its own name, kind and parties.
	r = ContactReportOf(c)
	r.LineID = lineTwoID
	if c, err = d.ReviseContact(ctx, officer, 2, r, "wrong line"); err != nil || c.Channel.Name != "EUCOM–NDMC line" || c.Channel.Kind != "phone" || c.Channel.Parties[0] != "US" {
		t.Errorf("moved to another line: %v, %+v", err, c.Channel)
	}

	_, err = d.ReviseContact(ctx, officer, 2, ContactReportOf(c), "late to it")
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("from an old revision: %v, want Conflict", err)
	}
	r = ContactReportOf(c)
	r.Start, r.StartPrecision, r.End = "141000ZMAR23", "", ""
	_, err = d.ReviseContact(ctx, officer, 3, r, "")
	if f := fault.Fields(err); len(f) != 2 || f[0].Name != "relation" || f[1].Name != "reason" {
		t.Errorf("moved before its incident, without a reason: %v", err)
	}
	r.ID = nowhere
	if _, err = d.ReviseContact(ctx, officer, 3, r, "x"); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such contact: %v, want NotFound", err)
	}
}

func TestRetractContact(t *testing.T) {
	ctx := context.Background()
	d, m := newDesk()
	if _, err := d.LogContact(ctx, officer, call()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.RetractContact(ctx, supervisor, contactID, 1, " "); len(fault.Fields(err)) != 1 || fault.Fields(err)[0].Name != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := d.RetractContact(ctx, supervisor, contactID, 7, "logged twice"); !fault.Is(err, fault.Conflict) {
		t.Errorf("from another revision: %v, want Conflict", err)
	}
	c, err := d.RetractContact(ctx, supervisor, contactID, 1, "logged twice")
	if err != nil || !c.Retracted || c.Reason != "logged twice" || c.Revision != 2 {
		t.Fatalf("retracted: %v, %+v", err, c)
	}
	_, again := d.RetractContact(ctx, supervisor, contactID, 2, "once more")
	_, revise := d.ReviseContact(ctx, officer, 2, ContactReportOf(c), "x")
	for name, err := range map[string]error{"retract": again, "revise": revise, "link": d.Link(ctx, officer, contactID, incDay, "discussed", "")} {
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s what is retracted: %v, want Conflict", name, err)
		}
	}
	if m.writes != 2 {
		t.Errorf("%d writes, want 2", m.writes)
	}
}

func TestLinkAndUnlink(t *testing.T) {
	ctx := context.Background()
	d, m := newDesk()
	if _, err := d.LogContact(ctx, officer, call()); err != nil {
		t.Fatal(err)
	}
	link := func(id incidents.ID) Link {
		for _, l := range m.contacts[contactID].Incidents {
			if l.Link.IncidentID == id {
				return l.Link
			}
		}
		return Link{}
	}
	if err := d.Link(ctx, officer, contactID, incDay, "discussed", ""); err != nil || !link(incDay).Linked || link(incDay).Relation != "discussed" {
		t.Errorf("linked: %v, %+v", err, link(incDay))
	}
	if err := d.Link(ctx, officer, contactID, incDay, "discussed", ""); err != nil || link(incDay).Revision != 1 {
		t.Errorf("linked again: %v, %+v", err, link(incDay))
	}
	if err := d.Link(ctx, officer, contactID, incDay, "coincident", ""); len(fault.Fields(err)) != 1 || fault.Fields(err)[0].Name != "reason" {
		t.Errorf("another relation without a reason: %v", err)
	}
	if err := d.Link(ctx, officer, contactID, incDay, "coincident", "not spoken of"); err != nil || link(incDay).Relation != "coincident" || link(incDay).Revision != 2 || link(incDay).Reason != "not spoken of" {
		t.Errorf("another relation: %v, %+v", err, link(incDay))
	}
	for _, tt := range []struct {
		id       incidents.ID
		relation string
		field    string
	}{{nowhere, "discussed", "incidents"}, {"x", "discussed", "incidents"}, {incGone, "discussed", "incidents"}, {incDrill, "discussed", "incidents"}, {incDay, "", "relation"}, {incDay, "after", "relation"}} {
		err := d.Link(ctx, officer, contactID, tt.id, tt.relation, "x")
		if f := fault.Fields(err); len(f) != 1 || f[0].Name != tt.field {
			t.Errorf("link to %s as %q: %v, want a message on %s", tt.id, tt.relation, err, tt.field)
		}
	}
	inc := m.incidents[incDay]
	inc.Record.Start = moment(3*hour, incidents.Exact)
	m.incidents[incDay] = inc
	if err := d.Link(ctx, officer, contactID, incDay, "prompted_by", "it was"); len(fault.Fields(err)) != 1 || fault.Fields(err)[0].Name != "relation" {
		t.Errorf("prompted by what came after: %v", err)
	}

	if err := d.Unlink(ctx, officer, contactID, incNoon, ""); len(fault.Fields(err)) != 1 || fault.Fields(err)[0].Name != "reason" {
		t.Errorf("unlinked without a reason: %v", err)
	}
	if err := d.Unlink(ctx, officer, contactID, incNoon, "another one was meant"); err != nil || link(incNoon).Linked || link(incNoon).Relation != "prompted_by" || link(incNoon).Reason == "" {
		t.Errorf("unlinked: %v, %+v", err, link(incNoon))
	}
	for _, id := range []incidents.ID{incNoon, nowhere} {
		if err := d.Unlink(ctx, officer, contactID, id, "x"); !fault.Is(err, fault.NotFound) {
			t.Errorf("unlink %s, which is not linked: %v, want NotFound", id, err)
		}
	}
	if err := d.Link(ctx, officer, contactID, incNoon, "prompted_by", ""); err != nil || !link(incNoon).Linked || link(incNoon).Revision != 3 || link(incNoon).Reason != "" {
		t.Errorf("linked once more: %v, %+v", err, link(incNoon))
	}
}

func TestSetPolicy(t *testing.T) {
	ctx := context.Background()
	d, m := newDesk()
	baltic := append(DefaultRules(), Rule{Severity: "serious", Region: "baltic", Need: NeedDirect, WithinS: 7200})
	p, err := d.SetPolicy(ctx, administrator, 1, baltic, "agreed in March")
	if err != nil || p.Version != 2 || len(m.policies[1].Rules) != 4 || p.Reason != "agreed in March" {
		t.Fatalf("set: %v, %+v", err, p)
	}
	if _, err := d.SetPolicy(ctx, administrator, 1, baltic, "x"); !fault.Is(err, fault.Conflict) {
		t.Errorf("from an old version: %v, want Conflict", err)
	}
	_, err = d.SetPolicy(ctx, administrator, 2, []Rule{
		{Severity: "grave", Need: NeedNone},
		{Severity: "serious", Need: NeedAny},
		{Severity: "serious", Need: NeedNone, WithinS: 60},
		{Severity: "high_risk", Region: "kattegat", Need: "some", WithinS: 60},
	}, "")
	var names []string
	for _, f := range fault.Fields(err) {
		names = append(names, f.Name)
	}
	if got, want := strings.Join(names, " "), "rules-0 rules-1 rules-2 rules-2 rules-3 rules-3 rules rules reason"; got != want {
		t.Errorf("fields %q, want %q\n%v", got, want, err)
	}
	if err := CheckRules(DefaultRules()); err != nil {
		t.Errorf("the default rules: %v", err)
	}
	if err := CheckRules(nil); len(fault.Fields(err)) != 3 {
		t.Errorf("no rules at all: %v", err)
	}
}

// Filing a contact as the form shows it changes nothing, whatever its times.
func TestContactReportOf(t *testing.T) {
	for _, p := range incidents.Precisions.Codes() {
		c := contact(hour, known(incidents.Precision(p)), until(5*hour, "hour")).Contact
		c.Initiators, c.Answerers, c.Channel.Parties, c.Direction = []string{"NO"}, []string{"RU"}, []string{"NO", "RU"}, "both"
		rd := &contactReader{now: noon.Time()} // before the contact: what was not touched is not judged anew
		got := rd.read(ContactReportOf(c), c, nil)
		if err := rd.Err("x"); err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", p, err, got, c)
		}
	}
}
