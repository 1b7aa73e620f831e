package web_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
)

// entriesOf are the entries of the chain for an action.
func (s *site) entriesOf(t testing.TB, action string) (list []access.Entry) {
	t.Helper()
	if err := s.store.EachEntry(t.Context(), 1, func(e access.Entry) error {
		if e.Action == action {
			list = append(list, e)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

type readDetail struct {
	Token, Address     string
	Requests, Features int
	Asked              map[string]int
}

// What a GIS reads stands in the chain: who, by which token, which question, how
// many features. What gave nothing out does not.
func TestReadsAreAudited(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id, secret := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"read"}})
	ask := func(path string, auth func(*http.Request)) answer {
		t.Helper()
		a := s.program(t, path, auth)
		if a.status != http.StatusOK && a.status != http.StatusNotModified {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
		return a
	}
	next := "/ogc/collections/incidents/items?region=baltic&limit=20"
	want, requests := 0, 0
	var first answer
	for next != "" {
		a := ask(next, bearer(secret))
		if first.header == nil {
			first = a
		}
		var page struct {
			NumberReturned int
			Links          []struct{ Rel, Href string }
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil {
			t.Fatal(err)
		}
		want, requests, next = want+page.NumberReturned, requests+1, ""
		for _, l := range page.Links {
			if l.Rel == "next" {
				next = strings.TrimPrefix(l.Href, s.URL)
			}
		}
	}
	if requests < 3 {
		t.Fatalf("a walk of %d pages proves little", requests)
	}
	ask("/ogc/collections/incidents/items?region=baltic&limit=20", func(r *http.Request) {
		bearer(secret)(r)
		r.Header.Set("If-None-Match", first.header.Get("ETag"))
	})
	ask("/ogc/collections/lines/items", bearer(secret))
	ask("/ogc/collections", bearer(secret)) // holds no features
	if n := len(s.entriesOf(t, "read")); n != 0 {
		t.Errorf("%d entries before the stretch is over: a moving map would bury the chain", n)
	}
	s.web.NoteReads()
	got := map[string]readDetail{}
	for _, e := range s.entriesOf(t, "read") {
		var d readDetail
		if err := json.Unmarshal([]byte(e.Detail), &d); err != nil {
			t.Fatal(err)
		}
		if e.Actor != string(access.Analyst) || d.Token != id || d.Address != "" {
			t.Errorf("entry of %s by token %q from %q", e.Actor, d.Token, d.Address)
		}
		got[e.Subject] = d
	}
	if d := got["incidents"]; len(got) != 2 || d.Requests != requests || d.Features != want || d.Asked["region=baltic"] != want || len(d.Asked) != 1 {
		t.Errorf("of %d requests and %d features the chain says %+v", requests, want, got)
	}
	s.web.NoteReads()
	if n := len(s.entriesOf(t, "read")); n != 2 {
		t.Errorf("%d entries: what was noted was noted again", n)
	}
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	text := s.page(t, access.Administrator, "/audit?did=read").Find("main").Text()
	if !strings.Contains(text, "region=baltic") || !strings.Contains(text, "requests 1") {
		t.Errorf("the page of the chain does not say what was read:\n%s", text)
	}
}

// One that asks other things all the time does not fill the memory.
func TestManyQuestionsAreWrittenInParts(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	_, secret := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"read"}})
	const questions = 450
	for i := range questions {
		s.clock.Advance(time.Second) // a token may ask so many times a second
		if a := s.program(t, "/ogc/collections/places/items?limit=1&bbox=0,0,9,"+strconv.FormatFloat(float64(i)/10, 'g', -1, 64), bearer(secret)); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	s.web.NoteReads()
	asked := 0
	for _, e := range s.entriesOf(t, "read") {
		var d readDetail
		if err := json.Unmarshal([]byte(e.Detail), &d); err != nil {
			t.Fatal(err)
		}
		if len(d.Asked) > 200 {
			t.Errorf("an entry of %d questions", len(d.Asked))
		}
		asked += len(d.Asked)
	}
	if asked != questions {
		t.Errorf("%d of %d questions are in the chain", asked, questions)
	}
}
