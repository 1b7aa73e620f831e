package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	stays, gone := s.report(t, access.Officer, "the one that stays", incidents.Submitted), s.report(t, access.Officer, "the duplicate", incidents.Submitted)
	shared := s.putContact(t, stays, "phone", "connected", s.clock.Now().Add(time.Minute))
	if err := s.store.SetLink(t.Context(), officer, hotline.Link{ContactID: shared.ID, IncidentID: gone.ID, Relation: "discussed", Linked: true}); err != nil {
		t.Fatal(err)
	}
	only := s.putContact(t, gone, "vtc", "connected", s.clock.Now().Add(5*time.Minute))
	early := s.putContact(t, gone, "phone", "refused", s.clock.Now().Add(-time.Hour)) // before both began
	draft, retracted := s.report(t, access.Officer, "a draft", incidents.Draft), s.report(t, access.Officer, "retracted", incidents.Retracted)
	exercise := s.putIncident(t, "played", "serious", s.clock.Now(), incidents.Exact, func(r *incidents.Record) { r.Exercise = true })
	path := "/incidents/" + string(gone.ID)
	merge := func(into string) answer {
		v := s.seen(t, gone.ID)
		v.Set("into", into)
		v.Set("reason", "same track number")
		return s.post(t, access.Supervisor, path+"/merge", v)
	}
	for into, want := range map[string]string{"": "Enter the number", "2026-9999": "There is no incident", gone.Number: "the incident itself", string(draft.ID): "a draft", retracted.Number: "itself been retracted", exercise.Number: "exercise"} {
		a := merge(into)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(saidOf(a), want) || a.doc.Find("[data-testid=merge][open]").Length() != 1 || a.doc.Find("#into").AttrOr("value", "?") != into {
			t.Errorf("into %q: %d %s", into, a.status, saidOf(a))
		}
	}
	if _, err := s.store.SetWorkflow(t.Context(), officer, incidents.Workflow{IncidentID: stays.ID, Action: "check", Checks: []incidents.Check{{Field: "contacts", By: "admin"}}}); err != nil {
		t.Fatal(err)
	}
	before := s.clock.Now()
	s.clock.Advance(time.Minute)
	if a := merge(" " + stays.Number + " "); a.status != http.StatusSeeOther || a.header.Get("Location") != path {
		t.Fatalf("merge: %d %s", a.status, saidOf(a))
	}

	now, _ := s.state(t, gone.ID)
	if now.Status != incidents.Retracted || now.MergedInto != stays.ID || now.Reason != "Duplicate of "+stays.Number+": same track number" {
		t.Errorf("the duplicate is %s, into %q: %q", now.Status, now.MergedInto, now.Reason)
	}
	if a := s.get(t, access.Viewer, "/incidents/"+gone.Number); a.status != http.StatusSeeOther || a.header.Get("Location") != path {
		t.Errorf("the old number: %d to %q", a.status, a.header.Get("Location"))
	}
	a := s.get(t, access.Viewer, path)
	if got := text(a.doc.Find("[data-testid=merged]")); a.status != http.StatusOK || !strings.Contains(got, "For the same encounter stands "+stays.Number+" the one that stays") || !strings.Contains(got, "same track number") {
		t.Errorf("the old page says %d %q", a.status, got)
	}
	if a.doc.Find("[data-testid=retracted]").Length() != 0 || text(a.doc.Find("[data-testid=narrative]")) != "They met." || a.doc.Find("[data-testid=contact]").Length() != 3 {
		t.Error("the old page does not stay readable")
	}
	a = s.get(t, access.Viewer, "/incidents/"+string(stays.ID))
	if got := text(a.doc.Find("[data-testid=merged-from]")); !strings.Contains(got, gone.Number+" the duplicate") {
		t.Errorf("the one that stays says %q", got)
	}
	one, err := s.store.Case(t.Context(), stays.ID, hotline.At{})
	if err != nil {
		t.Fatal(err)
	}
	relations := map[hotline.ContactID]string{}
	for _, l := range one.Contacts {
		relations[l.ID] = l.LinkedAs.Relation
	}
	if want := (map[hotline.ContactID]string{shared.ID: "prompted_by", only.ID: "prompted_by", early.ID: "coincident"}); fmt.Sprint(relations) != fmt.Sprint(want) {
		t.Errorf("contacts of the one that stays: %v, want %v", relations, want)
	}
	if _, w := s.state(t, stays.ID); w.Checked("contacts") != nil {
		t.Error("the contacts count as checked although some came")
	}
	past := s.get(t, access.Viewer, path+"?as_of="+url.QueryEscape(before.Format(time.RFC3339)))
	if past.doc.Find("[data-testid=merged]").Length() != 0 {
		t.Error("as of before it was merged already")
	}
	if got := text(s.get(t, access.Viewer, path+"/history").doc.Find("[data-testid=event] h2").First()); got != "Revision 2: merged into another" {
		t.Errorf("the history says %q", got)
	}
	if got := text(s.get(t, access.Viewer, "/incidents?report=retracted").doc.Find("[data-row] .mark")); !strings.Contains(got, "merged") {
		t.Errorf("the list says %q", got)
	}

	var file struct {
		Features []struct {
			ID         string
			Properties map[string]any
		}
	}
	if err := json.Unmarshal([]byte(s.get(t, access.Analyst, "/export/incidents.geojson?report=retracted&profile=full").body), &file); err != nil {
		t.Fatal(err)
	}
	for _, f := range file.Features {
		want := any(nil)
		if f.ID == string(gone.ID) {
			want = string(stays.ID)
		}
		if f.Properties["merged_into"] != want || f.Properties["report"] != "retracted" {
			t.Errorf("the file says of %v: %v, %v", f.Properties["title"], f.Properties["report"], f.Properties["merged_into"])
		}
	}
	if len(file.Features) != 2 {
		t.Errorf("%d features", len(file.Features))
	}

	// What stands may itself be merged; the oldest page leads to the end.
	last := s.report(t, access.Officer, "the last", incidents.Submitted)
	v := s.seen(t, stays.ID)
	v.Set("into", last.Number)
	if a := s.post(t, access.Administrator, "/incidents/"+string(stays.ID)+"/merge", v); a.status != http.StatusSeeOther {
		t.Fatalf("merge again: %d %s", a.status, saidOf(a))
	}
	if got := text(s.get(t, access.Viewer, path).doc.Find("[data-testid=merged]")); !strings.Contains(got, "That was itself merged into "+last.Number) {
		t.Errorf("the oldest page says %q", got)
	}
	s.whole(t)
}

func TestRetractions(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	stays, gone, wrong := s.report(t, access.Officer, "stays", incidents.Submitted), s.report(t, access.Officer, "gone", incidents.Submitted), s.report(t, access.Officer, "wrong", incidents.Submitted)
	if got := s.get(t, access.Viewer, "/retractions").body; !strings.Contains(got, "Nothing was retracted") {
		t.Error("an empty list is not said to be one")
	}
	v := s.seen(t, gone.ID)
	v.Set("into", stays.Number)
	s.post(t, access.Supervisor, "/incidents/"+string(gone.ID)+"/merge", v)
	s.clock.Advance(time.Hour)
	between := s.clock.Now()
	s.clock.Advance(time.Hour)
	s.post(t, access.Supervisor, "/incidents/"+string(wrong.ID)+"/retract", url.Values{"base": {"1"}, "reason": {"never happened"}})

	a := s.get(t, access.Viewer, "/retractions")
	var rows []string
	a.doc.Find("[data-testid=retraction]").Each(func(_ int, r *selection) { rows = append(rows, wordsOf(r)) })
	if len(rows) != 2 || !strings.Contains(rows[0], "wrong") || !strings.Contains(rows[0], "supervisor never happened nothing") || !strings.Contains(rows[1], "Duplicate of "+stays.Number) || !strings.Contains(rows[1], stays.Number+" stays") {
		t.Errorf("the list:\n%s", strings.Join(rows, "\n"))
	}
	since := url.QueryEscape(between.Format(time.RFC3339))
	for query, want := range map[string]int{"?since=" + since: 1, "?since=240200ZNOV26": 2, "?since=2026-11-25": 0, "?as_of=" + since: 1, "?since=&as_of=": 2} {
		if n := s.get(t, access.Viewer, "/retractions"+query).doc.Find("[data-testid=retraction]").Length(); n != want {
			t.Errorf("%s: %d rows, want %d", query, n, want)
		}
	}
	var out struct {
		Since       string `json:"since"`
		Complete    bool   `json:"complete"`
		Retractions []struct {
			ID, Number, Reason string
			RetractedAt        string                       `json:"retracted_at"`
			RetractedBy        string                       `json:"retracted_by"`
			MergedInto         *struct{ ID, Number string } `json:"merged_into"`
		} `json:"retractions"`
	}
	a = s.get(t, access.Viewer, "/retractions?f=json&since=240200ZNOV26")
	if err := json.Unmarshal([]byte(a.body), &out); err != nil || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		t.Fatalf("%v %s", err, a.header.Get("Content-Type"))
	}
	if len(out.Retractions) != 2 || !out.Complete || out.Since != "2026-11-24T02:00:00.000Z" {
		t.Fatalf("%+v", out)
	}
	if r := out.Retractions[0]; r.ID != string(wrong.ID) || r.Reason != "never happened" || r.RetractedBy != "supervisor" || r.MergedInto != nil || !strings.HasPrefix(r.RetractedAt, "2026-11-24T05:12:20") {
		t.Errorf("%+v", r)
	}
	if r := out.Retractions[1]; r.MergedInto == nil || r.MergedInto.ID != string(stays.ID) || r.MergedInto.Number != stays.Number {
		t.Errorf("%+v", r)
	}
	if !strings.Contains(s.get(t, access.Viewer, "/retractions?f=json&since=2027").body, `"retractions":[]`) {
		t.Error("an empty answer has no empty list")
	}
	for query, want := range map[string]string{"?since=yesterday": "since", "?as_of=2026": "as_of", "?region=baltic": "region", "?f=xml": "f"} {
		if a := s.get(t, access.Viewer, "/retractions"+query); a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors").Length() != 1 {
			t.Errorf("%s (%s): %d", query, want, a.status)
		}
	}
	if a := s.get(t, access.Viewer, "/retractions?f=json&since=yesterday"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a program’s mistake: %d", a.status)
	}
	if s.get(t, access.Analyst, "/help").doc.Find("#files a[href='/retractions']").Length() != 1 {
		t.Error("the help on files does not lead here")
	}
}
