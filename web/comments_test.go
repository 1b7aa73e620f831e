package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// say posts a comment and gives its id.
func say(t *testing.T, s *site, role access.Role, path, text string) string {
	t.Helper()
	id := string(incidents.NewID())
	a := s.post(t, role, path+"/comments", url.Values{"id": {id}, "text": {text}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != path+"#comment-"+id {
		t.Fatalf("%d to %q\n%.400s", a.status, a.header.Get("Location"), a.body)
	}
	return id
}

func TestComments(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.bySource(t, "2023-03-14-mq9-su27-collision")
	path := "/incidents/" + string(inc.ID)
	form := s.get(t, "officer", path).doc.Find("form[action$='/comments']")
	id := form.Find("input[name=id]").AttrOr("value", "")
	for range 2 { // a double click
		a := s.post(t, "officer", form.AttrOr("action", ""), url.Values{"id": {id}, "text": {"Asked the tower.\r\n<b>Nobody</b> knew."}})
		if a.status != http.StatusSeeOther {
			t.Fatalf("%d %.300s", a.status, a.body)
		}
	}
	s.clock.Advance(time.Hour)
	before := incidents.FormatInstant(incidents.MillisOf(s.clock.Now()))
	s.clock.Advance(time.Hour)
	say(t, s, "supervisor", path, "A second one.")

	doc := s.get(t, "viewer", path).doc
	list := doc.Find("[data-testid=comment]")
	if list.Length() != 2 || !strings.Contains(list.Eq(0).Text(), "officer") || !strings.Contains(list.Eq(0).Find(".text").Text(), "<b>Nobody</b> knew.") || list.Eq(0).Find("time").Length() != 1 || !strings.Contains(list.Eq(1).Text(), "A second one.") {
		t.Errorf("comments: %q", list.Text())
	}
	if h := doc.Find("#h-comments").Text(); !strings.HasPrefix(h, "Comments, not part of the record") {
		t.Errorf("heading %q", h)
	}
	if doc.Find("form[action$='/comments'], form[action$='/strike']").Length() != 0 {
		t.Error("a viewer is offered a form")
	}
	then := s.get(t, "officer", path+"?as_of="+before).doc
	if n := then.Find("[data-testid=comment]").Length(); n != 1 || then.Find("form[action$='/comments']").Length() != 0 {
		t.Errorf("as of before the second: %d comments", n)
	}
}

func TestCommentRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := "/incidents/" + string(s.bySource(t, "2023-03-14-mq9-su27-collision").ID)
	long := strings.Repeat("x", incidents.MaxComment+1)
	for text, says := range map[string]string{" \n": "it is empty", long: "up to 4000"} {
		id := string(incidents.NewID())
		a := s.post(t, "officer", path+"/comments", url.Values{"id": {id}, "text": {text}})
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.doc.Find("#comment-text-err").Text(), says) || !strings.HasPrefix(a.doc.Find("title").Text(), "Error:") ||
			strings.TrimSpace(a.doc.Find("#comment-text").Text()) != strings.TrimSpace(text) || a.doc.Find("form[action$='/comments'] input[name=id]").AttrOr("value", "") != id || a.doc.Find("#errors a[href='#comment-text']").Length() != 1 {
			t.Errorf("%.20q: %d %q", text, a.status, a.doc.Find("#comment-text-err").Text())
		}
	}
	if a := s.post(t, "officer", path+"/comments", url.Values{"text": {"x"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "lost its id") {
		t.Errorf("without an id: %d", a.status)
	}
	if a := s.post(t, "analyst", path+"/comments", url.Values{"text": {"x"}}); a.status != http.StatusForbidden {
		t.Errorf("an analyst: %d", a.status)
	}
}

func TestStrikeComment(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := "/incidents/" + string(s.bySource(t, "2023-03-14-mq9-su27-collision").ID)
	mine, theirs := say(t, s, "officer", path, "Mine."), say(t, s, "supervisor", path, "Theirs.")
	strike := func(role access.Role, id, reason string) answer {
		return s.post(t, role, path+"/comments/"+id+"/strike", url.Values{"reason": {reason}})
	}
	if a := strike("officer", theirs, "x"); a.status != http.StatusForbidden {
		t.Errorf("an officer strikes a supervisor's: %d", a.status)
	}
	a := strike("officer", mine, " ")
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("#comment-"+mine+" details[open] [aria-invalid=true]").Length() != 1 || a.doc.Find("#errors a[href='#comment-"+mine+"-reason']").Length() != 1 {
		t.Errorf("without a reason: %d", a.status)
	}
	if a := strike("officer", mine, "wrong incident"); a.status != http.StatusSeeOther {
		t.Fatalf("mine: %d %.300s", a.status, a.body)
	}
	if a := strike("supervisor", theirs, "settled"); a.status != http.StatusSeeOther {
		t.Errorf("a supervisor: %d", a.status)
	}
	if a := strike("officer", mine, "again"); a.status != http.StatusConflict {
		t.Errorf("twice: %d", a.status)
	}
	if a := strike("officer", string(incidents.NewID()), "x"); a.status != http.StatusNotFound {
		t.Errorf("none: %d", a.status)
	}
	struck := s.get(t, "viewer", path).doc.Find("#comment-" + mine)
	if struck.Find("del").Text() != "Mine." || !strings.Contains(struck.Text(), "wrong incident") {
		t.Errorf("%q", struck.Text())
	}
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// A comment is in no export and no search.
func TestCommentsAreNotExported(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := "/incidents/" + string(s.bySource(t, "2023-03-14-mq9-su27-collision").ID)
	say(t, s, "officer", path, "xylophone")
	for _, file := range []string{path + ".geojson?profile=full", "/export/incidents.geojson?profile=full", path + "/history"} {
		if a := s.get(t, "analyst", file); a.status != http.StatusOK || strings.Contains(a.body, "xylophone") {
			t.Errorf("%s: %d, holds the comment or cannot be read", file, a.status)
		}
	}
	if a := s.get(t, "analyst", "/export/incidents.geojson?q=xylophone"); !strings.Contains(a.body, `"numberReturned":0`) {
		t.Error("a search finds the comment")
	}
}
