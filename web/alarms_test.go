package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// keeper watches the log of a site by its clock.
func (s *site) keeper() *alarm.Keeper {
	begun := s.clock.Now()
	return &alarm.Keeper{Source: s.store, Now: s.clock.Now, Logger: slog.New(slog.DiscardHandler), Uptime: func() time.Duration { return s.clock.Now().Sub(begun) }}
}

// look lets the clock go on and the keeper look.
func (s *site) look(t *testing.T, k *alarm.Keeper, by time.Duration) {
	t.Helper()
	s.clock.Advance(by)
	if err := k.Pass(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func alertID(inc incidents.Incident) string { return alarm.IDOf("incident/" + string(inc.ID)) }

func TestAlarmBarIsCalm(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	s.putIncident(t, "far ahead", "serious", s.clock.Now(), incidents.Exact, nil)
	s.putIncident(t, "known too late", "high_risk", s.clock.Now().Add(-5*time.Hour), incidents.Exact, nil)
	k := s.keeper()
	s.look(t, k, time.Minute)
	for _, path := range []string{"/", "/incidents", "/lines", "/alarms"} {
		bar := s.get(t, access.Officer, path).doc.Find("#alarms")
		if _, hidden := bar.Attr("hidden"); bar.Length() != 1 || !hidden || text(bar) != "" || bar.AttrOr("data-live", "") != "alarm" {
			t.Errorf("%s: a quiet bar says %q", path, text(bar))
		}
	}
	a := s.get(t, access.Officer, "/alarms")
	if got := texts(a.doc.Find("[data-testid=alert] .a-title")); len(got) != 1 || !strings.HasSuffix(got[0], "far ahead") {
		t.Errorf("to know: %q", got)
	}
	if n := a.doc.Find("[data-testid=alert] form").Length(); n != 0 {
		t.Error("a notice can be acknowledged")
	}
}

func TestAlarmAcknowledged(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "Su-35 near L-410", "high_risk", s.clock.Now(), incidents.Exact, nil)
	k := s.keeper()
	s.look(t, k, 46*time.Minute)
	bar := s.get(t, access.Officer, "/lines").doc.Find("#alarms")
	if got := text(bar); !strings.Contains(got, "alarmnot acknowledged 2026-0001 Su-35 near L-410 A direct contact is to be made by 240412ZNOV26.") || !strings.Contains(got, "0 h 14 left") && !strings.Contains(got, "0 h 13 left") {
		t.Errorf("the bar says %q", got)
	}
	if got := bar.Find("[data-testid=alarm-action]"); text(got) != "Call" || !strings.Contains(got.AttrOr("href", ""), string(inc.ID)) {
		t.Errorf("the act is %q to %q", text(got), got.AttrOr("href", ""))
	}
	if got := bar.Find("[data-key=x]").AttrOr("href", ""); got != "/alarms?ack="+alertID(inc) {
		t.Errorf("x leads to %q", got)
	}
	if n := s.get(t, access.Viewer, "/lines").doc.Find("#alarms a.btn").Length(); n != 0 {
		t.Error("a viewer gets buttons")
	}

	list := s.get(t, access.Officer, "/alarms?ack="+alertID(inc))
	form := list.doc.Find("#alert-" + alertID(inc) + " form.ack")
	base := form.Find("[name=base]").AttrOr("value", "")
	if _, focused := form.Find("[name=remark]").Attr("autofocus"); !focused || list.doc.Find("#alarms [data-key=x]").Length() != 0 {
		t.Error("x does not lead to the field")
	}
	path := form.AttrOr("action", "")
	refused := s.post(t, access.Officer, path, url.Values{"base": {base}, "remark": {" "}})
	if refused.status != http.StatusUnprocessableEntity || !strings.HasPrefix(refused.doc.Find("title").Text(), "Error:") || refused.doc.Find("#errors a[href='#remark-"+alertID(inc)+"']").Length() != 1 || refused.doc.Find("#remark-"+alertID(inc)+"-err").Length() != 1 {
		t.Errorf("no remark: %d %s", refused.status, text(refused.doc.Find("#errors")))
	}
	before := s.get(t, access.Officer, "/").doc.Find("[data-testid=strip]").Text()
	for range 2 { // a double click
		if a := s.post(t, access.Officer, path, url.Values{"base": {base}, "remark": {"calling the counterpart"}}); a.status != http.StatusSeeOther {
			t.Fatalf("%d %.400s", a.status, a.body)
		}
	}
	a := s.get(t, access.Officer, "/alarms")
	if got := text(a.doc.Find("#g-seen .a-state")); !strings.HasPrefix(got, "acknowledged by officer 240358ZNOV26 “calling the counterpart”") {
		t.Errorf("acknowledged: %q", got)
	}
	if after := s.get(t, access.Officer, "/").doc.Find("[data-testid=strip]").Text(); after != before {
		t.Error("acknowledging has changed the board")
	}
	if got := s.get(t, access.Officer, "/lines").doc.Find("#alarms"); got.AttrOr("data-waiting", "") != "0" || got.Find("[data-key=x]").Length() != 0 || !strings.Contains(text(got), "acknowledged by officer") {
		t.Errorf("the bar then says %q", text(got))
	}
	late := s.post(t, access.Supervisor, path, url.Values{"base": {base}, "remark": {"me too"}})
	if late.status != http.StatusConflict || !strings.Contains(text(late.doc.Find("#errors")), "has changed while you looked at it") {
		t.Errorf("acknowledged from an old page: %d %q", late.status, text(late.doc.Find("#errors")))
	}
	s.look(t, k, 15*time.Minute) // the deadline passes: it calls again
	if got := s.get(t, access.Officer, "/").doc.Find("#alarms"); got.AttrOr("data-waiting", "") != "1" {
		t.Errorf("after the deadline: %q", text(got))
	}
	s.putContact(t, inc, "phone", "connected", s.clock.Now())
	s.look(t, k, time.Second)
	if got := text(s.get(t, access.Officer, "/").doc.Find("#alarms")); !strings.Contains(got, "not acknowledged, and over by now") {
		t.Errorf("over and not seen: %q", got)
	}
}

func TestAlarmShelved(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	line, _, err := s.store.CreateLine(context.Background(), officer, hotline.Line{ID: hotline.LineID(incidents.NewID()), Name: "NJHQ", Short: "NJHQ", State: "down"})
	if err != nil {
		t.Fatal(err)
	}
	k := s.keeper()
	s.look(t, k, time.Second)
	id := alarm.IDOf("line/" + string(line.ID))
	form := url.Values{"base": {"1"}, "minutes": {"120"}, "reason": {""}}
	a := s.post(t, access.Officer, "/alarms/"+id+"/shelve", form)
	if a.status != http.StatusUnprocessableEntity || len(texts(a.doc.Find("#errors li"))) != 2 {
		t.Fatalf("%d %q", a.status, texts(a.doc.Find("#errors li")))
	}
	form = url.Values{"base": {"1"}, "minutes": {"15"}, "reason": {"the technician is on her way"}}
	if a = s.post(t, access.Officer, "/alarms/"+id+"/shelve", form); a.status != http.StatusSeeOther {
		t.Fatalf("%d %.300s", a.status, a.body)
	}
	s.look(t, k, time.Second)
	if got := text(s.get(t, access.Officer, "/alarms").doc.Find("#g-shelved .a-state")); !strings.HasPrefix(got, "shelved by officer until 240327ZNOV26 “the technician is on her way”") {
		t.Errorf("%q", got)
	}
	if got := text(s.get(t, access.Officer, "/").doc.Find("#alarms")); got != "1 shelved" {
		t.Errorf("the bar says %q", got)
	}
	s.look(t, k, 15*time.Minute)
	bar := s.get(t, access.Officer, "/").doc.Find("#alarms")
	if got := text(bar); !strings.Contains(got, "warningnot acknowledged Line NJHQ NJHQ is down.") {
		t.Errorf("off the shelf: %q", got)
	}
	log := s.get(t, access.Officer, "/alarms/log")
	want := []string{"returned", "shelved", "raised"}
	if got := texts(log.doc.Find("[data-testid=alarm-entry] td:nth-child(3)")); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("log: %q", got)
	}
	for query, n := range map[string]int{"?action=shelved": 1, "?by=officer": 1, "?by=system": 2, "?kind=alarm": 0, "?exercise=only": 0, "?from=2030-01-01T00:00Z": 0, "?to=2030-01-01T00:00Z&kind=warning": 3} {
		a := s.get(t, access.Viewer, "/alarms/log"+query)
		if got := a.doc.Find("[data-testid=alarm-entry]").Length(); a.status != 200 || got != n {
			t.Errorf("%s: %d, %d entries", query, a.status, got)
		}
	}
	bad := s.get(t, access.Viewer, "/alarms/log?kind=loud&from=noon&nothing=1")
	if bad.status != http.StatusUnprocessableEntity || len(texts(bad.doc.Find("#errors li"))) != 3 || bad.doc.Find("[name=from]").AttrOr("value", "") != "noon" {
		t.Errorf("%d %q", bad.status, texts(bad.doc.Find("#errors li")))
	}
}

func TestAlarmsAsOf(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	s.putIncident(t, "Su-35 near L-410", "high_risk", s.clock.Now(), incidents.Exact, nil)
	k := s.keeper()
	s.look(t, k, 20*time.Minute)
	then := s.clock.Now().Add(time.Minute).Format(time.RFC3339)
	s.look(t, k, 30*time.Minute)
	a := s.get(t, access.Officer, "/alarms?as_of="+url.QueryEscape(then))
	if got := texts(a.doc.Find("[data-testid=alert] .al-kind")); len(got) != 1 || got[0] != "notice" {
		t.Errorf("as of then: %q", got)
	}
	if n := a.doc.Find("#alertlist form").Length(); n != 0 {
		t.Error("the past can be acknowledged")
	}
}

func TestAlarmFigures(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	figures := func(query string) (rows []string) {
		s.get(t, access.Supervisor, "/alarms/figures"+query).doc.Find("[data-testid=alarm-figures] tbody tr").Each(func(_ int, row *goquery.Selection) {
			rows = append(rows, strings.Join(texts(row.Find("th, td")), " "))
		})
		return rows
	}
	if got := figures("")[0]; got != "Calls that sound, in 10 min on average 0.00 1 at most nothing called" {
		t.Errorf("nothing: %q", got)
	}
	for range 12 {
		s.putIncident(t, "at once", "high_risk", s.clock.Now().Add(-50*time.Minute), incidents.Exact, nil)
	}
	s.putIncident(t, "an exercise", "high_risk", s.clock.Now().Add(-50*time.Minute), incidents.Exact, func(r *incidents.Record) { r.Exercise = true })
	k := s.keeper()
	s.look(t, k, time.Second)
	s.clock.Advance(2 * time.Hour)
	rows := figures("")
	for i, want := range []string{"Calls that sound, in 10 min on average 1.00 1 at most", "Most of them in any 10 min 12 10 at most no: too many", "Time in flood 8.3 % under 1.0 % no: too many", "Floods 1 0 no: too many", "Alarms, of all calls 100 % about 5.0 % no: too many"} {
		if !strings.HasPrefix(rows[i], want) {
			t.Errorf("%q, want %q", rows[i], want)
		}
	}
	with := figures("?exercise=include")
	if !strings.Contains(with[1], " 13 ") {
		t.Errorf("with exercises: %q", with[1])
	}
}

func TestAlarmSound(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	if a := s.post(t, access.Officer, "/alarms/sound", url.Values{"played": {"yes"}}); a.status != http.StatusSeeOther {
		t.Errorf("%d", a.status)
	}
	head, err := s.store.ChainHead(context.Background())
	if err != nil || head.Action != "alarm.sound_test" || head.Actor != "officer" || !strings.Contains(head.Detail, "true") {
		t.Errorf("%v %+v", err, head)
	}
	s.putIncident(t, "Su-35 near L-410", "high_risk", s.clock.Now(), incidents.Exact, nil)
	s.look(t, s.keeper(), 50*time.Minute)
	a := s.get(t, access.Viewer, "/alarms/waiting")
	if a.status != 200 || !strings.Contains(a.body, `"kind":"alarm","title":"2026-0001 Su-35 near L-410"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
}
