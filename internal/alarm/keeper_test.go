package alarm_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
	"interceptlog/internal/store/sqlite"
)

var (
	begin   = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	officer = access.Actor{Name: "hansen", Role: access.Officer}
)

// desk is a keeper on a real log, with clocks that the test moves.
type desk struct {
	t      *testing.T
	folder string
	store  *store.Store
	keeper *alarm.Keeper
	panel  *alarm.Panel
	now    time.Time
	up     time.Duration
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, folder: t.TempDir(), now: begin}
	d.open()
	t.Cleanup(func() { d.store.Close() })
	return d
}

func (d *desk) open() {
	d.t.Helper()
	clock := func() time.Time { return d.now }
	st, err := sqlite.Open(d.folder, sqlite.Options{Now: clock})
	if err != nil {
		d.t.Fatal(err)
	}
	d.store, d.panel = st, &alarm.Panel{Store: st, Now: clock}
	d.keeper = &alarm.Keeper{Source: st, Now: clock, Logger: slog.New(slog.DiscardHandler), Uptime: func() time.Duration { return d.up }}
}

// restart ends the program and begins it again.
func (d *desk) restart() {
	d.t.Helper()
	if err := d.store.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.open()
}

// wait lets both clocks go on and looks.
func (d *desk) wait(by time.Duration) {
	d.now, d.up = d.now.Add(by), d.up+by
	d.pass()
}

func (d *desk) pass() {
	d.t.Helper()
	for range 2 { // a second look must change nothing
		if err := d.keeper.Pass(context.Background()); err != nil {
			d.t.Fatal(err)
		}
	}
}

// report files an incident that begins now.
func (d *desk) report(severity string, change func(*incidents.Record)) incidents.Incident {
	d.t.Helper()
	rec := incidents.Record{Title: "Su-35 near L-410", Severity: severity, Absence: "own_log", Start: incidents.At(d.now, incidents.Exact, ""), Marking: "NATO UNCLASSIFIED",
		Intercepting: incidents.Party{Nations: []string{"RU"}}, Intercepted: incidents.Party{Nations: []string{"PL"}}}
	if change != nil {
		change(&rec)
	}
	inc, _, err := d.store.CreateIncident(context.Background(), officer, incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted, Record: rec, Derived: incidents.Place{Region: "baltic"}})
	if err != nil {
		d.t.Fatal(err)
	}
	return inc
}

func (d *desk) call(inc incidents.Incident, outcome string) {
	d.t.Helper()
	k := hotline.Contact{ID: hotline.ContactID(incidents.NewID()), Channel: hotline.Channel{Kind: "phone"}, Start: incidents.At(d.now, incidents.Exact, ""), Outcome: outcome, Purpose: "clarify"}
	if _, _, err := d.store.CreateContact(context.Background(), officer, k, []hotline.Link{{ContactID: k.ID, IncidentID: inc.ID, Relation: "prompted_by", Linked: true}}); err != nil {
		d.t.Fatal(err)
	}
}

// log gives what became of the alert of a key, oldest first.
func (d *desk) log(key string) []string {
	d.t.Helper()
	page, err := d.store.AlertLog(context.Background(), alarm.LogFilter{AlertID: alarm.IDOf(key), Exercise: "include", Limit: 500})
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for _, a := range page.Entries {
		out = append(out, fmt.Sprintf("%s %s %s", a.Action, a.Kind, a.RecordedBy))
	}
	slices.Reverse(out)
	return out
}

func (d *desk) want(key string, want ...string) {
	d.t.Helper()
	if got := d.log(key); !slices.Equal(got, want) {
		d.t.Errorf("%s:\n  %s\nwant\n  %s", key, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func (d *desk) alert(key string) alarm.Alert {
	d.t.Helper()
	a, err := d.store.Alert(context.Background(), alarm.IDOf(key), 0)
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

func (d *desk) ack(key string) {
	d.t.Helper()
	a := d.alert(key)
	if _, err := d.panel.Acknowledge(context.Background(), officer, a.ID, a.Revision, "calling now"); err != nil {
		d.t.Fatal(err)
	}
}

func TestKeeper(t *testing.T) {
	d := newDesk(t)
	inc := d.report("serious", nil)
	key := "incident/" + string(inc.ID)
	d.wait(time.Minute)
	d.want(key, "raised notice system")
	d.wait(18 * time.Hour)
	d.want(key, "raised notice system", "raised warning system")
	facts, err := d.store.Case(context.Background(), inc.ID, hotline.At{Now: incidents.MillisOf(d.now)})
	if err != nil {
		t.Fatal(err)
	}
	d.ack(key)
	after, err := d.store.Case(context.Background(), inc.ID, hotline.At{Now: incidents.MillisOf(d.now)})
	if err != nil || after.Assessment.Standing != facts.Assessment.Standing || after.Assessment.DeadlineFrom != facts.Assessment.DeadlineFrom || after.Incident.Revision != facts.Incident.Revision {
		t.Errorf("acknowledging has changed the incident: %v", err)
	}
	d.wait(time.Hour)
	d.restart()
	d.wait(4 * time.Hour)
	d.want(key, "raised notice system", "raised warning system", "acknowledged warning hansen")
	d.wait(time.Hour) // the deadline passes
	d.wait(alarm.EscalateAfter)
	d.call(inc, "connected")
	d.pass()
	d.want(key, "raised notice system", "raised warning system", "acknowledged warning hansen", "returned warning system", "escalated alarm system", "rectified alarm system")
	if a := d.alert(key); !a.Standing() || !a.Waits() {
		t.Errorf("nobody has seen it, and it is gone: %+v", a)
	}
	d.ack(key)
	d.wait(time.Hour)
	if list, err := d.store.Alerts(context.Background(), 0); err != nil || len(list) != 0 {
		t.Errorf("%v %+v", err, list)
	}
	if _, err := d.store.VerifyAudit(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestKeeperRaisesNothing(t *testing.T) {
	d := newDesk(t)
	late := func(r *incidents.Record) { r.Start = incidents.At(d.now.Add(-3*time.Hour), incidents.Exact, "") }
	d.report("high_risk", late)
	d.report("near_routine", nil)
	d.report("serious", func(r *incidents.Record) {
		r.Absence, r.Start = "public_sources", incidents.At(d.now.AddDate(-3, 0, 0), incidents.Day, "")
	})
	gone := d.report("high_risk", nil)
	gone.Status, gone.Reason = incidents.Retracted, "logged twice"
	if _, err := d.store.ReviseIncident(context.Background(), officer, gone); err != nil {
		t.Fatal(err)
	}
	d.wait(50 * time.Minute)
	d.wait(48 * time.Hour)
	if page, err := d.store.AlertLog(context.Background(), alarm.LogFilter{Exercise: "include"}); err != nil || page.Total != 0 {
		t.Errorf("%v %+v", err, page.Entries)
	}
}

// TestKeeperClockSteps: a clock that is set back neither raises twice nor keeps
// an alarm from coming.
func TestKeeperClockSteps(t *testing.T) {
	d := newDesk(t)
	line, _, err := d.store.CreateLine(context.Background(), officer, hotline.Line{ID: hotline.LineID(incidents.NewID()), Name: "A", Short: "A", State: "down"})
	if err != nil {
		t.Fatal(err)
	}
	key := "line/" + string(line.ID)
	d.wait(time.Minute)
	d.now = d.now.Add(-6 * time.Hour) // set back
	d.pass()
	d.want(key, "raised warning system")
	d.wait(alarm.EscalateAfter)
	d.want(key, "raised warning system", "escalated alarm system")
	a := d.alert(key)
	if _, err := d.panel.Shelve(context.Background(), officer, a.ID, a.Revision, "15", "the technician is on her way"); err != nil {
		t.Fatal(err)
	}
	d.pass()
	d.wait(14 * time.Minute)
	d.now = d.now.Add(-6 * time.Hour)
	d.wait(time.Minute)
	d.want(key, "raised warning system", "escalated alarm system", "shelved alarm hansen", "returned warning system")
	d.now = d.now.Add(24 * time.Hour) // and forward
	d.restart()
	d.pass()
	if got := d.log(key); len(got) != 5 || got[4] != "escalated alarm system" {
		t.Errorf("%v", got)
	}
}

// TestKeeperJoins: the alert of a line ends without being seen when the alert
// of an incident tells it.
func TestKeeperJoins(t *testing.T) {
	d := newDesk(t)
	line, _, err := d.store.CreateLine(context.Background(), officer, hotline.Line{ID: hotline.LineID(incidents.NewID()), Name: "A", Short: "A", State: "down", Regions: []string{"baltic"}, Parties: []string{"NATO", "RU"}})
	if err != nil {
		t.Fatal(err)
	}
	inc := d.report("high_risk", nil)
	d.wait(time.Minute)
	d.ack("line/" + string(line.ID))
	d.wait(46 * time.Minute)
	d.want("line/"+string(line.ID), "raised warning system", "acknowledged warning hansen", "joined warning system")
	list, err := d.store.Alerts(context.Background(), 0)
	if err != nil || len(list) != 1 || len(list[0].Situation.Facts) != 2 {
		t.Errorf("%v %+v", err, list)
	}
	d.call(inc, "connected")
	d.pass()
	d.want("line/"+string(line.ID), "raised warning system", "acknowledged warning hansen", "joined warning system", "raised warning system")
}

// TestKeeperOwed: an answer that does not come is as urgent as what it is about.
func TestKeeperOwed(t *testing.T) {
	d := newDesk(t)
	inc := d.report("serious", nil)
	d.call(inc, "connected")
	calls, err := d.store.Contacts(context.Background(), hotline.ContactFilter{})
	if err != nil || len(calls.Contacts) != 1 {
		t.Fatal(err)
	}
	e := hotline.Expectation{ID: hotline.ExpectationID(incidents.NewID()), ContactID: calls.Contacts[0].ID, Text: "who ordered it", State: "open", DueAt: incidents.MillisOf(d.now.Add(time.Hour))}
	if e, _, err = d.store.CreateExpectation(context.Background(), officer, e); err != nil {
		t.Fatal(err)
	}
	key := "expectation/" + string(e.ID)
	d.wait(59 * time.Minute)
	d.want(key)
	d.wait(time.Minute)
	d.want(key, "raised warning system")
	d.ack(key)
	e.State, e.Reason = "dropped", "it came by letter"
	if _, err := d.store.ReviseExpectation(context.Background(), officer, e); err != nil {
		t.Fatal(err)
	}
	d.pass()
	d.want(key, "raised warning system", "acknowledged warning hansen", "rectified warning system")
}

// TestKeeperRuns: what is written is alarmed about without anybody asking.
func TestKeeperRuns(t *testing.T) {
	d := newDesk(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { d.keeper.Run(ctx); close(ended) }()
	if _, _, err := d.store.CreateLine(ctx, officer, hotline.Line{ID: "line", Name: "A", State: "down"}); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if list, err := d.store.Alerts(ctx, 0); err == nil && len(list) == 1 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	<-ended
	d.want("line/line", "raised warning system")
}

func TestPanel(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	if _, _, err := d.store.CreateLine(ctx, officer, hotline.Line{ID: "line", Name: "A", State: "down"}); err != nil {
		t.Fatal(err)
	}
	d.report("serious", nil)
	d.wait(time.Minute)
	a := d.alert("line/line")
	viewer := access.Actor{Name: "v", Role: access.Viewer}
	berg := access.Actor{Name: "berg", Role: access.Supervisor}
	for _, tt := range []struct {
		name  string
		do    func() error
		kind  fault.Kind
		field string
	}{
		{"a viewer", func() error { _, err := d.panel.Acknowledge(ctx, viewer, a.ID, 1, "x"); return err }, fault.Forbidden, ""},
		{"no such alert", func() error { _, err := d.panel.Acknowledge(ctx, officer, "x", 1, "x"); return err }, fault.NotFound, ""},
		{"no remark", func() error { _, err := d.panel.Acknowledge(ctx, officer, a.ID, 1, " "); return err }, fault.Invalid, "remark"},
		{"a long remark", func() error {
			_, err := d.panel.Acknowledge(ctx, officer, a.ID, 1, strings.Repeat("x", 501))
			return err
		}, fault.Invalid, "remark"},
		{"no reason", func() error { _, err := d.panel.Shelve(ctx, officer, a.ID, 1, "5", ""); return err }, fault.Invalid, "reason"},
		{"two hours", func() error { _, err := d.panel.Shelve(ctx, officer, a.ID, 1, "120", "x"); return err }, fault.Invalid, "minutes"},
		{"another revision", func() error { _, err := d.panel.Shelve(ctx, officer, a.ID, 7, "5", "x"); return err }, fault.Conflict, ""},
	} {
		err := tt.do()
		if !fault.Is(err, tt.kind) || tt.field != "" && fault.Fields(err)[0].Name != tt.field {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	for _, s := range must(d.store.Alerts(ctx, 0))(t) {
		if s.Kind == alarm.Notice {
			_, err := d.panel.Acknowledge(ctx, officer, s.ID, s.Revision, "x")
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("a notice: %v", err)
			}
		}
	}
	d.wait(alarm.EscalateAfter)
	first := must(d.panel.Acknowledge(ctx, officer, a.ID, 1, "  the technician\nis called "))(t) // it was escalated meanwhile
	if first.Remark != "the technician is called" || first.AckedBy != "hansen" || first.Kind != alarm.Alarm || first.Waits() {
		t.Errorf("%+v", first)
	}
	if again := must(d.panel.Acknowledge(ctx, officer, a.ID, first.Revision-1, "the technician is called"))(t); again.Revision != first.Revision {
		t.Error("sent twice, kept twice")
	}
	_, err := d.panel.Acknowledge(ctx, berg, a.ID, first.Revision, "me too")
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "hansen") {
		t.Errorf("acknowledged by another: %v", err)
	}
	// What was acknowledged may still be shelved, and then waits no longer
	// under the name of the first.
	put := must(d.panel.Shelve(ctx, berg, a.ID, first.Revision, "60", "nothing to do before 0500Z"))(t)
	if put.ShelvedUntil-put.ShelvedAt != 3_600_000 || put.ShelvedBy != "berg" || put.AckedBy != "" {
		t.Errorf("%+v", put)
	}
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
