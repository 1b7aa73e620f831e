package web_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/web"
)

var update = flag.Bool("update", false, "write the golden files again")

// golden compares with a file of testdata/golden, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs (go test ./web -update writes it again):\n%s", name, got)
	}
}

// TestRights walks the table of routes with every role and with none.
func TestRights(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	s.web.EndStreams() // a stream that is let in would not end by itself
	inc := s.bySource(t, "2023-03-14-mq9-su27-collision")
	lines, err := s.store.Lines(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	roles := append([]access.Role{""}, access.Roles()...)
	var b strings.Builder
	fmt.Fprintf(&b, "%-7s %-46s", "", "")
	for _, r := range roles {
		if r == "" {
			r = "nobody"
		}
		fmt.Fprintf(&b, " %-10s", r)
	}
	b.WriteString("\n")
	for _, route := range s.web.RouteTable() {
		fmt.Fprintf(&b, "%-7s %-46s", route.Method, route.Path)
		for _, role := range roles {
			path := strings.NewReplacer("/lines/:id", "/lines/"+string(lines[0].ID), "/contacts/:id", "/contacts/00000000-0000-7000-8000-000000000000",
				"/users/:name", "/users/viewer", ":id", string(inc.ID), ":key", string(inc.ID), ":region", "baltic", ":layer", "regions.json", ":collection", "incidents", ":fid", string(inc.ID), ":file", "incidents.geojson").Replace(route.Path)
			var a answer
			if route.Method == http.MethodPost {
				if path == "/logout" {
					delete(s.clients, role)
				}
				a = s.post(t, role, path, url.Values{})
				if path == "/logout" {
					delete(s.clients, role)
				}
			} else if route.Method == http.MethodPut {
				a = s.put(t, role, path, url.Values{})
			} else if route.Method == http.MethodGet {
				a = s.get(t, role, path)
			} else {
				asked := s.ask(t, role, route.Method, path, "")
				a = answer{status: asked.status, header: asked.header}
			}
			fmt.Fprintf(&b, " %-10s", verdict(role, path, a))
		}
		b.WriteString("\n")
		s.clock.Advance(16 * time.Minute) // wrong tries to sign in are forgiven
	}
	golden(t, "rights.txt", b.String())
}

// verdict is whether the role was let in, whatever came of it.
func verdict(role access.Role, path string, a answer) string {
	switch {
	case a.status == http.StatusForbidden:
		return "forbidden"
	case a.status == http.StatusUnauthorized, a.status == http.StatusSeeOther && role == "" && strings.HasPrefix(a.header.Get("Location"), "/login") && path != "/logout":
		return "sign in"
	case a.status >= 500:
		return "FAULT"
	}
	return "yes"
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	a := s.get(t, "", "/incidents?region=baltic")
	if loc := a.header.Get("Location"); a.status != http.StatusSeeOther || loc != "/login?next=%2Fincidents%3Fregion%3Dbaltic" {
		t.Fatalf("%d to %q", a.status, loc)
	}
	a = s.post(t, "", "/login", url.Values{"name": {"officer"}, "password": {"wrong"}, "next": {"/lines"}})
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("input[name=name]").AttrOr("value", "") != "officer" || a.doc.Find("input[name=next]").AttrOr("value", "") != "/lines" {
		t.Errorf("wrong password: %d\n%s", a.status, a.body)
	}
	if !strings.HasPrefix(a.doc.Find("title").Text(), "Error:") {
		t.Errorf("title %q", a.doc.Find("title").Text())
	}
	a = s.post(t, "", "/login", url.Values{"name": {"officer"}, "password": {password}, "next": {"//evil.example/"}})
	cookie := a.header.Get("Set-Cookie")
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/" || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("%d to %q with %q", a.status, a.header.Get("Location"), cookie)
	}
	if a = s.get(t, "", "/"); a.status != http.StatusOK {
		t.Errorf("signed in: %d", a.status)
	}
	if err := (access.Accounts{Store: s.store, Now: s.clock.Now}).Disable(t.Context(), access.Actor{Name: "cli:test", Role: access.Administrator}, "officer"); err != nil {
		t.Fatal(err)
	}
	if a = s.get(t, "", "/"); a.status != http.StatusSeeOther {
		t.Errorf("a disabled user is still in: %d", a.status)
	}
}

func TestSignInIsThrottled(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	for range 6 {
		s.post(t, "", "/login", url.Values{"name": {"officer"}, "password": {"wrong"}})
	}
	a := s.post(t, "", "/login", url.Values{"name": {"officer"}, "password": {password}})
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Fatalf("%d, Retry-After %q", a.status, a.header.Get("Retry-After"))
	}
	s.clock.Advance(web.SessionLife / 2)
	if a = s.post(t, "", "/login", url.Values{"name": {"officer"}, "password": {password}}); a.status != http.StatusSeeOther {
		t.Errorf("after waiting: %d", a.status)
	}
}

func TestHeadersAndOrigins(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	a := s.get(t, "viewer", "/")
	for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"} {
		if got := a.header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if strings.Contains(a.header.Get("Content-Security-Policy"), "unsafe") {
		t.Error("the policy allows something unsafe")
	}
	req, _ := http.NewRequest(http.MethodPost, s.URL+"/theme", strings.NewReader("theme=day"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if a = s.do(t, "viewer", req); a.status != http.StatusForbidden {
		t.Errorf("a form from another site: %d", a.status)
	}
}

func TestHealthNeedsNoSignIn(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	if a := s.get(t, "", "/healthz"); a.status != http.StatusOK || !strings.Contains(a.body, `"status":"ok"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestTheme(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	if a := s.post(t, "viewer", "/theme", url.Values{"theme": {"day"}, "back": {"/lines"}}); a.status != http.StatusSeeOther || a.header.Get("Location") != "/lines" {
		t.Fatalf("%d to %q", a.status, a.header.Get("Location"))
	}
	if a := s.get(t, "viewer", "/"); a.doc.Find("html").AttrOr("data-theme", "") != "day" {
		t.Error("the theme was not kept")
	}
	// The button after the one that is on is the one that b presses; it goes round.
	for _, c := range []struct{ theme, scheme, next string }{{"day", "light", "dusk"}, {"dusk", "dark", "night"}, {"night", "dark", "red"}, {"red", "dark", "day"}} {
		s.post(t, "viewer", "/theme", url.Values{"theme": {c.theme}})
		d := s.get(t, "viewer", "/").doc
		if got := d.Find("html").AttrOr("data-theme", ""); got != c.theme {
			t.Errorf("theme %q, want %q", got, c.theme)
		}
		if got := d.Find("meta[name=color-scheme]").AttrOr("content", ""); got != c.scheme {
			t.Errorf("%s: color scheme %q, want %q", c.theme, got, c.scheme)
		}
		if got := d.Find(".who button[aria-keyshortcuts=B]").AttrOr("value", ""); got != c.next {
			t.Errorf("%s: b leads to %q, want %q", c.theme, got, c.next)
		}
	}
	if a := s.post(t, "viewer", "/theme", url.Values{"theme": {"pink"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no such theme: %d", a.status)
	}
}

// Guesses that are sent all at once wait for each other: each is counted before
// the next is looked at, and the memory that checking takes stays small.
func TestGuessesAtOnceAreThrottled(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	const guesses = 24
	answers := make(chan int, guesses)
	for range guesses {
		go func() {
			resp, err := http.PostForm(s.URL+"/login", url.Values{"name": {"officer"}, "password": {"wrong"}})
			if err != nil {
				answers <- 0
				return
			}
			resp.Body.Close()
			answers <- resp.StatusCode
		}()
	}
	got := map[int]int{}
	for range guesses {
		got[<-answers]++
	}
	// Five are free, the sixth makes the rest wait, and one may be on its way.
	if checked := got[http.StatusUnprocessableEntity]; checked < 6 || checked > 7 || checked+got[http.StatusTooManyRequests] != guesses {
		t.Errorf("answers to %d guesses: %v", guesses, got)
	}
}
