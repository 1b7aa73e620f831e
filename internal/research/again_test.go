package research_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/research"
)

// TestOneIDTwice: two lines of one id and different content would overwrite each
// other at every import; so the first is kept, and again says the same.
func TestOneIDTwice(t *testing.T) {
	l := newLog(t)
	text := incidentLine("a") + "\n" + incidentLine("a", "title", `"Another"`) + "\n" + incidentLine("a") + "\n" +
		channelLine("a") + "\n" + channelLine("a", "summary", `"s"`) + "\n" + contactLine("a") + "\n" + contactLine("a", "summary", `"s"`)
	for _, word := range []string{"created", "unchanged"} {
		got := print(t, l.load(t, false, file("f", text)))
		for _, want := range []string{
			"f:2: id: a: stands already in f:1, with other content; an id is used once.\n",
			"f:5: id: a: stands already in f:4,", "f:7: id: a: stands already in f:6,",
			"lines: 1 " + word + ", 1 rejected\n", "contacts: 1 " + word + ", 1 rejected\n",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in\n%s", want, got)
			}
		}
	}
}

// TestRelationFollowsTheFile: what the file says now holds for a link that an
// import made; what a person has done to a link stays.
func TestRelationFollowsTheFile(t *testing.T) {
	l, ctx := newLog(t), context.Background()
	text := func(relation string) string {
		return incidentLine("a") + "\n" + contactLine("c", "relation", `"`+relation+`"`, "linked_incident_ids", `["a"]`)
	}
	relation := func() string {
		inc, err := l.IncidentBySource(ctx, research.Source, "a")
		if err != nil {
			t.Fatal(err)
		}
		c, err := l.Case(ctx, inc.ID, hotline.At{Now: incidents.MillisOf(now)})
		if err != nil || len(c.Contacts) != 1 {
			t.Fatalf("%d contacts (%v)", len(c.Contacts), err)
		}
		return c.Contacts[0].LinkedAs.Relation
	}
	for _, step := range []struct{ stated, want string }{{"general", "discussed"}, {"followed_incident", "prompted_by"}, {"coincident", "coincident"}} {
		l.load(t, false, file("f", text(step.stated)))
		if got := relation(); got != step.want {
			t.Errorf("%s became %s", step.stated, got)
		}
	}
	inc, err := l.IncidentBySource(ctx, research.Source, "a")
	if err != nil {
		t.Fatal(err)
	}
	c, err := l.ContactBySource(ctx, research.Source, "c")
	if err != nil {
		t.Fatal(err)
	}
	link := hotline.Link{ContactID: c.ID, IncidentID: inc.ID, Relation: "discussed", Linked: true, Meta: hotline.Meta{Reason: "the minutes say so"}}
	if err := l.SetLink(ctx, access.Actor{Name: "lind", Role: access.Officer}, link); err != nil {
		t.Fatal(err)
	}
	l.load(t, false, file("f", text("followed_incident")))
	if got := relation(); got != "discussed" {
		t.Errorf("the link that a person has changed is %s", got)
	}
}

// TestAnyReasonMayBeTyped: a person whose reason reads like that of an import is
// a person all the same.
func TestAnyReasonMayBeTyped(t *testing.T) {
	l, ctx := newLog(t), context.Background()
	l.load(t, false, file("f", incidentLine("a")))
	inc, err := l.IncidentBySource(ctx, research.Source, "a")
	if err != nil {
		t.Fatal(err)
	}
	inc.Record.Title, inc.Reason = "As a person has it", "Import: the title was wrong"
	if _, err := l.ReviseIncident(ctx, access.Actor{Name: "lind", Role: access.Officer}, inc); err != nil {
		t.Fatal(err)
	}
	if r := l.load(t, false, file("f", incidentLine("a"))); r.Incidents.Conflicts != 1 || r.Incidents.Revised != 0 {
		t.Error(print(t, r))
	}
}

// TestMarkingIsNotOfTheForm: importing again under another marking leaves the
// marking of what is in the log.
func TestMarkingIsNotOfTheForm(t *testing.T) {
	l := newLog(t)
	l.load(t, false, sample(t)...)
	l.importer.Marking = "NATO RESTRICTED"
	if got, want := print(t, l.load(t, false, sample(t)...)), "incidents: 115 unchanged\nlines: 15 unchanged\ncontacts: 43 unchanged\n"; got != want {
		t.Errorf("says\n%swant\n%s", got, want)
	}
}

// TestSlowFileHoldsNobodyUp: while an import waits for its file, others write.
func TestSlowFileHoldsNobodyUp(t *testing.T) {
	l := newLog(t)
	r, w := io.Pipe()
	done := make(chan error)
	go func() {
		report, err := l.importer.Import(context.Background(), []research.File{{Name: "f", Reader: r}}, false)
		if err == nil && report.Incidents.Created != 2 {
			err = fmt.Errorf("%+v", report)
		}
		done <- err
	}()
	send := func(s string) {
		if _, err := fmt.Fprintln(w, s); err != nil {
			t.Error(err)
		}
	}
	send(incidentLine("a"))
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := l.InTx(ctx, func(context.Context) error { return nil }); err != nil {
		t.Errorf("another writer: %v", err)
	}
	send(incidentLine("b"))
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestShapesOverTheAntimeridian are kept whole: one that could not be read back
// would stop every list that holds it.
func TestShapesOverTheAntimeridian(t *testing.T) {
	for _, shape := range []string{
		`{"type":"LineString","coordinates":[[170,70],[-170,70]]}`,
		`{"type":"Polygon","coordinates":[[[170,70],[-170,70],[-170,75],[170,75],[170,70]]]}`,
	} {
		l := newLog(t)
		text := incidentLine("a", "region", "null", "geometry", shape)
		for _, word := range []string{"1 created", "1 unchanged"} {
			if got := print(t, l.load(t, false, file("f", text))); !strings.Contains(got, "incidents: "+word) {
				t.Errorf("%s:\n%s", shape, got)
			}
		}
		n := 0
		err := l.EachCase(context.Background(), incidents.Filter{}, hotline.At{Now: incidents.MillisOf(now)}, true, func(*hotline.Case) error { n++; return nil })
		if err != nil || n != 1 {
			t.Errorf("%s: %d cases, %v", shape, n, err)
		}
	}
}

// TestHeightIsNotDroppedInSilence: the record is taken, and the report says what
// of it was not.
func TestHeightIsNotDroppedInSilence(t *testing.T) {
	for shape, warned := range map[string]bool{
		`{"type":"Point","coordinates":[19,57,9000]}`:                           true,
		`{"type":"LineString","coordinates":[[19,57],[19.5,57.5,100],[20,58]]}`: true,
		`{"type":"LineString","coordinates":[[19,57],[19.5,57.5],[20,58]]}`:     false,
		`{"type":"Polygon","coordinates":[[[19,57],[20,57],[20,58],[19,57]],[[19.6,57.2],[19.8,57.2],[19.8,57.4],[19.6,57.2]],[[19.5,57.2],[19.55,57.2],[19.55,57.25],[19.5,57.2]]]}`: false,
	} {
		r := newLog(t).load(t, false, file("f", incidentLine("a", "geometry", shape)))
		if r.Incidents.Created != 1 || (len(r.Warnings) == 1) != warned {
			t.Errorf("%s:\n%s", shape, print(t, r))
		}
	}
}

// TestPointFarFromItsTrack: a track keeps no point that stands for it, so one
// that cannot belong to it is said.
func TestPointFarFromItsTrack(t *testing.T) {
	track := `{"type":"LineString","coordinates":[[18,57],[20,58]]}`
	for lat, warned := range map[string]bool{"57.5": false, "59": false, "47": true} {
		r := newLog(t).load(t, false, file("f", incidentLine("a", "lon", "18", "lat", lat, "geometry", track)))
		if r.Incidents.Created != 1 || (len(r.Warnings) == 1) != warned || warned && r.Warnings[0].Field != "lon" {
			t.Errorf("lat %s:\n%s", lat, print(t, r))
		}
	}
}
