package generate_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/generate"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
	"interceptlog/internal/store/sqlite"
)

// desk is a new log with two lines, whose time a test moves.
type desk struct {
	*store.Store
	log   *incidents.Log
	desk  *hotline.Desk
	now   time.Time
	actor access.Actor
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{now: time.Date(2026, 11, 24, 20, 0, 30, 0, time.UTC), actor: access.Actor{Name: "cli:test", Role: access.Administrator}}
	clock := func() time.Time { return d.now }
	s, err := sqlite.Open(t.TempDir(), sqlite.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d.Store, d.log, d.desk = s, &incidents.Log{Store: s, Atlas: geo.Default(), Now: clock}, &hotline.Desk{Store: s, Now: clock}
	for _, name := range []string{"First", "Second"} {
		l := hotline.Line{ID: hotline.LineID(incidents.NewID()), Name: name, Short: name, Parties: []string{"NATO", "RU"}, Kind: "phone", State: "in_use"}
		if _, _, err := s.CreateLine(t.Context(), d.actor, l); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func (d *desk) cases(t *testing.T) []hotline.Case {
	t.Helper()
	var all []hotline.Case
	at := hotline.At{Now: incidents.MillisOf(d.now)}
	err := d.EachCase(t.Context(), incidents.Filter{Exercise: "include"}, at, true, func(c *hotline.Case) error { all = append(all, *c); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (d *desk) night(out *bytes.Buffer, seed uint64) generate.Night {
	return generate.Night{Log: d.log, Desk: d.desk, Actor: d.actor, Speed: 120, Seed: seed, Out: out,
		Wait: func(_ context.Context, until time.Time) error { d.now = until; return nil }}
}

func TestANightShowsEveryKindOfAnswer(t *testing.T) {
	d := newDesk(t)
	var out bytes.Buffer
	night := d.night(&out, 1)
	begin := d.now
	if _, err := night.Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if took := d.now.Sub(begin); took < 4*time.Minute || took > 6*time.Minute {
		t.Errorf("ten hours took %s", took)
	}
	d.now = d.now.Add(5 * time.Minute)
	got := map[hotline.Status]int{}
	for _, c := range d.cases(t) {
		got[c.Assessment.Worst]++
		if !c.Incident.Record.Exercise {
			t.Errorf("%s is no exercise", c.Incident.Number)
		}
		if c.Assessment.LateEntry {
			t.Errorf("%s was entered after its deadline", c.Incident.Record.Title)
		}
		if region := c.Incident.Derived.Region; region == "outside" || region == "" {
			t.Errorf("%s lies %s the seas", c.Incident.Record.Title, region)
		}
		for _, k := range c.Contacts {
			if !k.Exercise {
				t.Errorf("the call %s is no exercise", k.ID)
			}
		}
	}
	for _, s := range []hotline.Status{hotline.NotRequired, hotline.Followed, hotline.FollowedLate, hotline.Overdue} {
		if got[s] == 0 {
			t.Errorf("no incident is %s: %v", s, got)
		}
	}
	if !strings.Contains(out.String(), "no answer") || !strings.Contains(out.String(), "test of ") {
		t.Errorf("the night has no failed call or no line test:\n%s", out.String())
	}
}

// A replay that is faster than deadlines can be told still ends with the
// night's own clock, and what is called about is answered.
func TestAVeryFastNight(t *testing.T) {
	d := newDesk(t)
	var out bytes.Buffer
	night := d.night(&out, 1)
	night.Speed = 3600
	begin := d.now
	if _, err := night.Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if took := d.now.Sub(begin); took > 15*time.Second {
		t.Errorf("the night took %s", took)
	}
	got := map[hotline.Status]int{}
	for _, c := range d.cases(t) {
		got[c.Assessment.Worst]++
		if c.Assessment.LateEntry {
			t.Errorf("%s was entered after its deadline", c.Incident.Record.Title)
		}
	}
	if got[hotline.Followed] == 0 || got[hotline.Awaiting] == 0 || got[hotline.FollowedLate]+got[hotline.Overdue] != 0 {
		t.Errorf("the answers are %v", got)
	}
}

func TestOneSeedOneNight(t *testing.T) {
	var told [3]bytes.Buffer
	for i, seed := range []uint64{7, 7, 8} {
		night := newDesk(t).night(&told[i], seed)
		if _, err := night.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if told[0].String() != told[1].String() {
		t.Error("the same seed gave another night")
	}
	if told[0].String() == told[2].String() {
		t.Error("another seed gave the same night")
	}
}

func TestFill(t *testing.T) {
	d := newDesk(t)
	last := 0
	if err := generate.Fill(t.Context(), d.log, d.actor, 1, 700, 30*24*time.Hour, func(n int) { last = n }); err != nil {
		t.Fatal(err)
	}
	all := d.cases(t)
	if len(all) != 700 || last != 700 {
		t.Fatalf("%d incidents, %d told; want 700", len(all), last)
	}
	first := incidents.MillisOf(d.now.AddDate(0, 0, -30).Add(-2 * time.Minute))
	for _, c := range all {
		if c.Incident.Record.Start.From < first || !c.Incident.Record.Exercise {
			t.Fatalf("%s began %s", c.Incident.Number, c.Incident.Record.Start)
		}
	}
}
