package web_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
	"interceptlog/web"
)

// broken is a store whose contacts cannot be read.
type broken struct {
	web.Store
	err error
}

func (b broken) Contacts(context.Context, hotline.ContactFilter) (hotline.ContactPage, error) {
	return hotline.ContactPage{}, b.err
}

// breakContacts puts a broken store under the site.
func breakContacts(t *testing.T, s *site, err error) {
	t.Helper()
	w := &web.Server{Store: broken{s.store, err}, Log: s.web.Log, Desk: s.web.Desk, Atlas: s.web.Atlas, Sessions: s.web.Sessions, Logger: s.web.Logger, Now: s.web.Now, Markings: s.web.Markings, Version: "test"}
	s.Server.Close()
	s.Server = httptest.NewServer(w.Handler())
	s.clients = map[access.Role]*http.Client{}
}

func TestFaultPages(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	if a := s.post(t, access.Supervisor, path+"/retract", url.Values{"base": {"1"}, "reason": {"not ours"}}); a.status != http.StatusSeeOther {
		t.Fatalf("retract: %d", a.status)
	}
	headings := map[string]bool{}
	for _, c := range []struct {
		role   access.Role
		path   string
		status int
		way    string
	}{
		{access.Viewer, "/incidents/00000000-0000-7000-8000-000000000000", http.StatusNotFound, "form[action='/incidents'] input[name=q]"},
		{access.Viewer, "/contacts/nothing", http.StatusNotFound, "a[href='/incidents']"},
		{access.Viewer, "/incidents/new", http.StatusForbidden, "form[action='/logout']"},
		{access.Viewer, "/contacts?outcome=nope", http.StatusUnprocessableEntity, "[data-testid=fault-detail] li:contains('accepted')"},
		{access.Officer, path + "/edit", http.StatusConflict, "a[href='/']"},
	} {
		a := s.get(t, c.role, c.path)
		if a.status != c.status || a.doc.Find("[data-testid=fault]").Length() != 1 {
			t.Errorf("%s: %d", c.path, a.status)
			continue
		}
		if a.doc.Find("main "+c.way).Length() == 0 || a.doc.Find("[data-testid=ways-on] a").Length() == 0 {
			t.Errorf("%s: no way on: %s", c.path, c.way)
		}
		if !strings.HasPrefix(a.doc.Find("title").Text(), "Error: ") || a.doc.Find("h1").Length() != 1 {
			t.Errorf("%s: title %q", c.path, a.doc.Find("title").Text())
		}
		headings[a.doc.Find("h1").Text()] = true
		if a.doc.Find("[data-testid=request-id]").Length() != 0 {
			t.Errorf("%s: a request id where nothing is wrong with the server", c.path)
		}
	}
	if len(headings) != 4 {
		t.Errorf("four kinds of page have the headings %v", headings)
	}
	if a := s.get(t, "", "/nowhere"); a.status != http.StatusNotFound || a.doc.Find("main a[href='/login']").Length() != 1 {
		t.Errorf("nobody, nowhere: %d", a.status)
	}
}

func TestFaultOfOurs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error
		status int
	}{
		"internal":    {errors.New("select * from secrets: disk I/O error"), http.StatusInternalServerError},
		"unavailable": {fault.Wrap(fault.Unavailable, "The store is busy.", errors.New("secrets are locked")), http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			s := newEmptySite(t)
			breakContacts(t, s, c.err)
			a := s.get(t, access.Viewer, "/contacts")
			id := a.doc.Find("[data-testid=request-id]").Text()
			if a.status != c.status || id == "" || id != a.header.Get("X-Request-Id") {
				t.Fatalf("%d, request %q", a.status, id)
			}
			if strings.Contains(a.body, "secrets") {
				t.Error("the page shows the insides")
			}
		})
	}
}

// brokenSessions cannot be read, or cannot be written to.
type brokenSessions struct {
	store.Sessions
	find, commit error
}

func (b brokenSessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	if b.find != nil {
		return nil, false, b.find
	}
	return b.Sessions.FindCtx(ctx, token)
}

func (b brokenSessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	if b.commit != nil {
		return b.commit
	}
	return b.Sessions.CommitCtx(ctx, token, data, expiry)
}

// A session that cannot be read or kept is told on the page of a fault, and
// nobody is led on as if it were there.
func TestFaultOfASession(t *testing.T) {
	t.Parallel()
	busy := fault.Wrap(fault.Unavailable, "The log is busy; try again.", errors.New("secrets are locked"))
	for name, c := range map[string]struct {
		sessions brokenSessions
		status   int
	}{
		"cannot be read": {brokenSessions{find: busy}, http.StatusServiceUnavailable},
		"cannot be kept": {brokenSessions{commit: busy}, http.StatusServiceUnavailable},
		"broken":         {brokenSessions{commit: errors.New("secrets: disk I/O error")}, http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			s := newEmptySite(t)
			c.sessions.Sessions = s.store.Sessions()
			s.web.Sessions = c.sessions
			s.Server.Close()
			s.Server = httptest.NewServer(s.web.Handler())
			base, err := url.Parse(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			s.as(t, "").Jar.SetCookies(base, []*http.Cookie{{Name: "interceptlog", Value: "of before"}})
			a := s.post(t, "", "/login", url.Values{"name": {"officer"}, "password": {password}})
			if a.status != c.status || a.doc.Find("[data-testid=fault]").Length() != 1 || strings.Contains(a.body, "secrets") {
				t.Errorf("%d\n%s", a.status, a.body)
			}
			if a.header.Get("Location") != "" || a.header.Get("Set-Cookie") != "" || a.header.Get("Content-Security-Policy") == "" {
				t.Errorf("headers: %v", a.header)
			}
		})
	}
}

func TestLoginPage(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	a := s.get(t, "", "/login?next=/lines")
	if a.doc.Find("[data-testid=login] input[name=password][aria-invalid]").Length() != 0 || a.doc.Find(".nav").Length() != 0 {
		t.Error("a page that nobody has used yet says that something is wrong, or shows the navigation")
	}
	a = s.post(t, "", "/login", url.Values{"name": {" officer "}, "password": {"wrong"}})
	field := a.doc.Find("#password")
	if a.status != http.StatusUnprocessableEntity || field.AttrOr("aria-invalid", "") != "true" || a.doc.Find("#"+field.AttrOr("aria-describedby", "none")).Length() != 1 {
		t.Errorf("%d: the message is not by the password", a.status)
	}
	if field.AttrOr("value", "") != "" || a.doc.Find("#name").AttrOr("value", "") != "officer" {
		t.Error("the name is lost, or the password is sent back")
	}
	for range 6 {
		a = s.post(t, "", "/login", url.Values{"name": {"officer"}, "password": {"wrong"}})
	}
	if a.status != http.StatusTooManyRequests || !strings.Contains(a.doc.Find("#password-err").Text(), "Wait") {
		t.Errorf("throttled: %d %q", a.status, a.doc.Find("#password-err").Text())
	}
}

// A reader who leaves before the answer is no fault of the server.
func TestLeavingIsNoError(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	var said lockedBuffer
	w := s.config()
	w.Logger = slog.New(slog.NewTextHandler(&said, nil))
	left, leave := context.WithCancel(t.Context())
	leave()
	for _, path := range []string{"/board", "/events", "/ogc/collections/incidents/items"} {
		w.Handler().ServeHTTP(httptest.NewRecorder(), s.request(t, access.Officer, path).WithContext(left))
	}
	if log := said.String(); strings.Contains(log, "ERROR") || !strings.Contains(log, "canceled") {
		t.Errorf("the log says:\n%s", log)
	}
}

// slow is a store that takes long to count, and notes when it was done.
type slow struct {
	web.Store
	done *time.Time
}

func (s slow) CountCases(ctx context.Context, f incidents.Filter, at hotline.At) (int, error) {
	n, err := s.Store.CountCases(ctx, f, at)
	time.Sleep(20 * time.Millisecond)
	*s.done = time.Now()
	return n, err
}

// dated is a recorder that notes when it was given a deadline.
type dated struct {
	*httptest.ResponseRecorder
	set []time.Time
}

func (d *dated) SetWriteDeadline(time.Time) error {
	d.set = append(d.set, time.Now())
	return nil
}

// An answer that took long to work out has its whole time to be written, too.
func TestDeadlinesBeginWithTheAnswer(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	var done time.Time
	w := s.config()
	w.Store = slow{s.store, &done}
	for _, path := range []string{"/ogc/collections/incidents/items?f=json", "/export"} {
		answer := &dated{ResponseRecorder: httptest.NewRecorder()}
		w.Handler().ServeHTTP(answer, s.request(t, access.Analyst, path))
		if answer.Code != http.StatusOK || len(answer.set) < 2 || answer.set[len(answer.set)-1].Before(done) {
			t.Errorf("%s: %d, deadlines set at %v, the answer was known at %v", path, answer.Code, answer.set, done)
		}
	}
}
