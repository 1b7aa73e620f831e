package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// here is what a sign of presence is answered with.
type here struct {
	Others []struct {
		Name, Editing string
		Since         time.Time
	}
	Revision int
	By       string
}

// sign gives a sign of presence and reads the answer.
func sign(t *testing.T, s *site, role access.Role, path, body string) (answer, here) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, s.URL+path+"/presence", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	a := s.do(t, role, req)
	var h here
	if a.status == http.StatusOK {
		if err := json.Unmarshal([]byte(a.body), &h); err != nil {
			t.Fatal(err)
		}
	}
	return a, h
}

// names lists the others as the page would.
func (h here) names() string {
	var list []string
	for _, o := range h.Others {
		list = append(list, strings.TrimSuffix(o.Name+":"+o.Editing, ":"))
	}
	return strings.Join(list, " ")
}

func TestPresence(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	other := "/incidents/" + string(s.bySource(t, "2014-03-03-tr-f16-il20").ID)
	steps := []struct {
		wait time.Duration
		role access.Role
		path string
		body string
		want string
	}{
		{0, "officer", path, `{"revision":1}`, ""},
		{time.Second, "supervisor", path, `{"revision":1,"editing":"position","tab":"a"}`, "officer"},
		{time.Second, "officer", path, `{"revision":1}`, "supervisor:position"},
		{time.Second, "supervisor", path, `{"revision":1,"tab":"b"}`, "officer"}, // a second page of theirs
		{time.Second, "viewer", path, `{"revision":1}`, "officer supervisor:position"},
		{time.Second, "viewer", other, `{"revision":1}`, ""},
		{time.Second, "supervisor", path, `{"gone":true,"tab":"a"}`, ""},
		{time.Second, "officer", path, `{"revision":1}`, "supervisor viewer"},
		{25 * time.Second, "officer", path, `{"revision":1}`, "supervisor viewer"},
		{5 * time.Second, "officer", path, `{"revision":1}`, ""}, // nothing was heard of them
		{time.Second, "viewer", path, `{"editing":"a\u202e\n` + strings.Repeat("x", 80) + `"}`, "officer"},
		{time.Second, "officer", path, `{}`, "viewer:a" + strings.Repeat("x", 59)},
	}
	for i, step := range steps {
		s.clock.Advance(step.wait)
		a, h := sign(t, s, step.role, step.path, step.body)
		if strings.Contains(step.body, "gone") {
			if a.status != http.StatusNoContent {
				t.Errorf("step %d: goodbye: %d", i, a.status)
			}
			continue
		}
		if got := h.names(); got != step.want || h.Revision != 1 || h.By == "" {
			t.Errorf("step %d: %s sees %q, want %q; revision %d by %q", i, step.role, got, step.want, h.Revision, h.By)
		}
	}
	for _, body := range []string{"", "x", `[]`, `{"editing":"` + strings.Repeat("x", 5000) + `"}`} {
		if a, _ := sign(t, s, "officer", path, body); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%.20q: %d", body, a.status)
		}
	}
	if a, _ := sign(t, s, "officer", "/incidents/"+string(incidents.NewID()), `{}`); a.status != http.StatusNotFound {
		t.Errorf("no incident: %d", a.status)
	}
}

// A newer revision is told with who wrote it, and presence itself writes none.
func TestPresenceTellsOfRevisions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	inc := s.bySource(t, "2023-03-14-mq9-su27-collision")
	before, err := s.store.ChainHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sign(t, s, "viewer", path, `{"revision":1,"editing":"x"}`)
	if after, err := s.store.ChainHead(t.Context()); err != nil || after.Seq > before.Seq+1 { // the sign-in
		t.Errorf("presence wrote to the log: %v", err)
	}
	inc.Record.Title, inc.Reason = "changed", "for the test"
	if _, err := s.store.ReviseIncident(t.Context(), access.Actor{Name: "berg", Role: access.Officer}, inc); err != nil {
		t.Fatal(err)
	}
	if _, h := sign(t, s, "viewer", path, `{"revision":1}`); h.Revision != 2 || h.By != "berg" {
		t.Errorf("%+v", h)
	}
	for page, want := range map[string]int{path: 1, path + "/edit": 1, path + "?as_of=" + incidents.FormatInstant(inc.RecordedAt): 0, "/incidents/new": 0, path + "/history": 0} {
		line := s.get(t, "officer", page).doc.Find("[data-presence]")
		if line.Length() != want {
			t.Errorf("%s has %d lines of presence", page, line.Length())
		}
		if want == 1 && (line.AttrOr("data-revision", "") != "2" || line.AttrOr("data-presence", "") != string(inc.ID) || line.Find("a").AttrOr("href", "") != path+"/history") {
			t.Errorf("%s: revision %q of %q", page, line.AttrOr("data-revision", ""), line.AttrOr("data-presence", ""))
		}
	}
}

// Memory is bounded however many pages say that they are there.
func TestPresenceIsBounded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	for i := range 60 {
		sign(t, s, "viewer", path, fmt.Sprintf(`{"tab":"%d","editing":"%02d"}`, i, i))
	}
	if _, h := sign(t, s, "officer", path, `{}`); h.names() != "viewer:49" {
		t.Errorf("of sixty pages of one person: %s", h.names())
	}
	s.clock.Advance(31 * time.Second)
	if _, h := sign(t, s, "officer", path, `{}`); h.names() != "" {
		t.Errorf("after a while: %s", h.names())
	}
	if _, h := sign(t, s, "viewer", path, `{}`); h.names() != "officer" {
		t.Errorf("and then: %s", h.names())
	}
}
