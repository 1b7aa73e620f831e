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

// register is the little of a store that lines and their events need.
type register struct {
	memory
	events map[LineEventID]LineEvent
}

func (m *register) CreateLine(_ context.Context, actor access.Actor, l Line) (Line, bool, error) {
	m.writes++
	l.Revision, l.RecordedBy = 1, actor.Name
	m.lines[l.ID] = l
	return l, true, nil
}

func (m *register) ReviseLine(_ context.Context, _ access.Actor, l Line) (Line, error) {
	m.writes++
	l.Revision++
	m.lines[l.ID] = l
	return l, nil
}

func (m *register) LineEvent(_ context.Context, id LineEventID, _ Millis) (LineEvent, error) {
	e, ok := m.events[id]
	if !ok {
		return e, fault.New(fault.NotFound, "no such event")
	}
	return e, nil
}

func (m *register) CreateLineEvent(_ context.Context, _ access.Actor, e LineEvent) (LineEvent, bool, error) {
	m.writes++
	e.Revision = 1
	m.events[e.ID] = e
	return e, true, nil
}

func (m *register) ReviseLineEvent(_ context.Context, _ access.Actor, e LineEvent) (LineEvent, error) {
	m.writes++
	e.Revision++
	m.events[e.ID] = e
	return e, nil
}

var lineNow = time.Date(2026, 11, 24, 10, 0, 30, 0, time.UTC)

func newRegister() (*Desk, *register) {
	m := &register{memory: memory{lines: map[LineID]Line{}, contacts: map[ContactID]ContactWithIncidents{}}, events: map[LineEventID]LineEvent{}}
	return &Desk{Store: m, Now: func() time.Time { return lineNow }}, m
}

var viewer = access.Actor{Name: "olsen", Role: access.Viewer}

func goodLine() LineReport {
	return LineReport{ID: string(incidents.NewID()), Name: "Joint HQ – Northern Fleet", Short: "NJHQ–N FLEET", Parties: "no, ru", Kind: "voip", Regions: []string{"norwegian"},
		Hours: "24 h", Languages: "EN, ru", Number: "+47 1", Reach: "ask for the duty officer", Notation: "dms", TestSchedule: "weekly, in the morning", Tests: "weekly WED 1000Z", State: "in_use"}
}

func fieldsOf(err error) (names []string) {
	for _, f := range fault.Fields(err) {
		names = append(names, f.Name)
	}
	return names
}

func TestLinesAreEntered(t *testing.T) {
	d, m := newRegister()
	r := goodLine()
	if _, err := d.CreateLine(t.Context(), officer, r); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an officer: %v", err)
	}
	l, err := d.CreateLine(t.Context(), supervisor, r)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(l.Parties, []string{"NO", "RU"}) || !reflect.DeepEqual(l.Languages, []string{"en", "ru"}) || l.Tests.String() != "weekly WED 1000Z" || l.TestSchedule != "weekly, in the morning" || l.StateSince != 0 {
		t.Errorf("entered %+v", l)
	}
	again := LineReportOf(l)
	again.Reason = "nothing"
	if same, err := d.ReviseLine(t.Context(), supervisor, 1, again); err != nil || !reflect.DeepEqual(LineReportOf(same), LineReportOf(l)) || same.StateSince != 0 {
		t.Errorf("unchanged: %+v %v", same, err)
	}
	again.State = "suspended"
	if _, err := d.ReviseLine(t.Context(), supervisor, 1, again); !fault.Is(err, fault.Conflict) {
		t.Errorf("an old revision: %v", err)
	}
	changed, err := d.ReviseLine(t.Context(), supervisor, 2, again)
	if err != nil || changed.State != "suspended" || changed.StateSince != incidents.MillisOf(lineNow) {
		t.Errorf("another state: %+v %v", changed, err)
	}
	again.ID = string(incidents.NewID())
	if _, err := d.ReviseLine(t.Context(), supervisor, 2, again); !fault.Is(err, fault.NotFound) {
		t.Errorf("no line: %v", err)
	}
	writes := m.writes
	bad := LineReport{ID: r.ID, Short: strings.Repeat("x", 25), Parties: "NO, XX", Kind: "smoke", Regions: []string{"atlantic"}, Languages: "english", Notation: "roman", Tests: "regularly", State: "asleep"}
	_, err = d.CreateLine(t.Context(), supervisor, bad)
	if got := strings.Join(fieldsOf(err), " "); got != "name short parties kind regions state languages notation tests" {
		t.Errorf("all at once: %s", got)
	}
	if _, err = d.CreateLine(t.Context(), supervisor, LineReport{ID: r.ID, Name: "x", Short: "x", Parties: "any, RU", Kind: "summons"}); err != nil {
		t.Errorf("a line of any: %v", err)
	}
	if _, err = d.ReviseLine(t.Context(), supervisor, 1, goodLine()); !fault.Is(err, fault.NotFound) || m.writes != writes+1 {
		t.Errorf("%v, %d writes", err, m.writes-writes)
	}
}

func TestLineEventsAreLogged(t *testing.T) {
	d, m := newRegister()
	line := string(incidents.NewID())
	report := func(kind, from, to string) LineEventReport {
		return LineEventReport{ID: string(incidents.NewID()), LineID: line, Kind: kind, From: from, To: to}
	}
	if _, err := d.LogLineEvent(t.Context(), viewer, report("fault", "", "")); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a reader: %v", err)
	}
	now := incidents.MillisOf(lineNow)
	at := func(h, m int) Millis { return incidents.MillisOf(time.Date(2026, 11, 24, h, m, 0, 0, time.UTC)) }
	for _, c := range []struct {
		name, kind, from, to string
		want                 []string // fields refused
		begins, ends         Millis
	}{
		{"now", "fault", "", "", nil, now, 0},
		{"since a time", "degraded", "240900ZNOV26", "", nil, at(9, 0), 0},
		{"over already", "suspended", "240900ZNOV26", "240930ZNOV26", nil, at(9, 0), at(9, 30)},
		{"planned", "planned_outage", "241800ZNOV26", "242000ZNOV26", nil, at(18, 0), at(20, 0)},
		{"planned without an end", "planned_outage", "241800ZNOV26", "", nil, at(18, 0), 0},
		{"a fault to come", "fault", "241800ZNOV26", "", []string{"from"}, 0, 0},
		{"the wrong way round", "planned_outage", "242000ZNOV26", "241800ZNOV26", []string{"to"}, 0, 0},
		{"restored for a time", "restored", "", "241800ZNOV26", []string{"to"}, 0, 0},
		{"nothing said", "", "soon", "later", []string{"kind", "from", "to"}, 0, 0},
		{"no kind of event", "flood", "", "", []string{"kind"}, 0, 0},
	} {
		writes := m.writes
		e, err := d.LogLineEvent(t.Context(), officer, report(c.kind, c.from, c.to))
		if !reflect.DeepEqual(fieldsOf(err), c.want) || e.From != c.begins || e.To != c.ends || m.writes-writes != 1-min(1, len(c.want)) {
			t.Errorf("%s: %+v, %v", c.name, e, err)
		}
	}
}

func TestLineEventsAreCorrected(t *testing.T) {
	d, _ := newRegister()
	e, err := d.LogLineEvent(t.Context(), officer, LineEventReport{ID: string(incidents.NewID()), LineID: string(incidents.NewID()), Kind: "fault", Note: "a digger"})
	if err != nil {
		t.Fatal(err)
	}
	r := LineEventReportOf(e)
	if _, err = d.ReviseLineEvent(t.Context(), officer, 1, r); !reflect.DeepEqual(fieldsOf(err), []string{"reason"}) {
		t.Errorf("without a reason: %v", err)
	}
	r.Reason, r.To = "it was over", "241005ZNOV26"
	if _, err = d.ReviseLineEvent(t.Context(), officer, 9, r); !fault.Is(err, fault.Conflict) {
		t.Errorf("from another revision: %v", err)
	}
	next, err := d.ReviseLineEvent(t.Context(), officer, 1, r)
	if err != nil || next.From != e.From || next.To == 0 || next.Note != "a digger" {
		t.Errorf("corrected %+v, %v", next, err)
	}
	if _, err = d.RetractLineEvent(t.Context(), officer, 2, string(e.ID), " "); !reflect.DeepEqual(fieldsOf(err), []string{"reason"}) {
		t.Errorf("taken back without a reason: %v", err)
	}
	back, err := d.RetractLineEvent(t.Context(), officer, 2, string(e.ID), "another line")
	if err != nil || !back.Retracted || back.To != next.To {
		t.Errorf("taken back %+v, %v", back, err)
	}
	if _, err = d.ReviseLineEvent(t.Context(), officer, 3, r); !fault.Is(err, fault.Conflict) {
		t.Errorf("changed after that: %v", err)
	}
}

// TestATestOfALine: it takes an outcome and nothing else.
func TestATestOfALine(t *testing.T) {
	d, m := newRegister()
	line := Line{ID: LineID(incidents.NewID()), Name: "x", Kind: "phone", Parties: []string{"NO", "RU"}, Exercise: true}
	m.lines[line.ID] = line
	id := string(incidents.NewID())
	k, err := d.LogTest(t.Context(), officer, id, line, "connected", "", "NATO UNCLASSIFIED")
	if err != nil || k.Purpose != "line_test" || k.Outcome != "connected" || k.LineID != line.ID || !k.Exercise || k.Start.From.Time().Format("1504") != "1000" {
		t.Errorf("%+v, %v", k, err)
	}
	if again, err := d.LogTest(t.Context(), officer, id, line, "line_fault", "", ""); err != nil || again.Outcome != "connected" || m.writes != 1 {
		t.Errorf("sent twice: %+v, %v", again, err)
	}
	if _, err := d.LogTest(t.Context(), officer, string(incidents.NewID()), line, "", "", ""); !reflect.DeepEqual(fieldsOf(err), []string{"outcome"}) {
		t.Errorf("without an outcome: %v", err)
	}
}
