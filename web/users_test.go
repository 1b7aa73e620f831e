package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// signIn signs a name in by the form and gives a way to ask as them.
func (s *site) signIn(t testing.TB, name, word string) access.Role {
	t.Helper()
	as := access.Role("browser of " + name)
	if _, ok := s.clients[as]; !ok {
		s.clients[as] = s.newClient(t)
	}
	if a := s.post(t, as, "/login", url.Values{"name": {name}, "password": {word}}); a.status != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %d", name, a.status)
	}
	return as
}

// acts are the actions that the log holds on a subject.
func (s *site) acts(t testing.TB, subject string) []string {
	t.Helper()
	var list []string
	if err := s.store.EachEntry(t.Context(), 1, func(e access.Entry) error {
		if e.Subject == subject {
			list = append(list, e.Actor+" "+e.Action)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAddUserWhoSignsIn(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	form := url.Values{"id": {string(incidents.NewID())}, "name": {"a/lind"}, "role": {"officer"}}
	a := s.post(t, access.Administrator, "/users", form)
	to := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(to, "/users/a%2Flind?added=") {
		t.Fatalf("%d to %q", a.status, to)
	}
	if a = s.get(t, access.Supervisor, to); a.status != http.StatusForbidden {
		t.Errorf("a supervisor sees users: %d", a.status)
	}
	word := s.get(t, access.Administrator, to).doc.Find("[data-testid=password]").Text()
	if len(word) != 20 {
		t.Fatalf("password %q", word)
	}
	if again := s.get(t, access.Administrator, to); again.doc.Find("[data-testid=password]").Length() != 0 || again.status != http.StatusOK {
		t.Error("the password is shown twice")
	}
	if a = s.post(t, access.Administrator, "/users", form); a.status != http.StatusSeeOther || a.header.Get("Location") != to {
		t.Errorf("the form sent twice: %d", a.status)
	}
	form.Set("id", string(incidents.NewID()))
	if a = s.post(t, access.Administrator, "/users", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.doc.Find("#name-err").Text(), "already") {
		t.Errorf("a name twice: %d %s", a.status, a.doc.Find("#name-err").Text())
	}
	lind := s.signIn(t, "a/lind", word)
	if a = s.get(t, lind, "/incidents/new"); a.status != http.StatusOK {
		t.Errorf("an officer: %d", a.status)
	}
	row := s.get(t, access.Administrator, "/users").doc.Find("[data-testid=user]").First()
	if text := wordsOf(row); !strings.HasPrefix(text, "a/lind officer 240312Z NOV26 may sign in") {
		t.Errorf("the list says %q", text)
	}
	if got := s.acts(t, "user/a/lind"); !slices.Equal(got, []string{"admin user.add", "a/lind user.sign_in"}) {
		t.Errorf("%v", got)
	}
}

func TestUserFormSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	a := s.post(t, access.Administrator, "/users", url.Values{"name": {"a b"}, "role": {"king"}, "password": {"short"}})
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors li").Length() != 3 || a.doc.Find("#name").AttrOr("value", "") != "a b" || !strings.HasPrefix(a.doc.Find("title").Text(), "Error:") {
		t.Errorf("%d %s", a.status, wordsOf(a.doc.Find("#errors")))
	}
	if strings.Contains(a.body, `value="short"`) {
		t.Error("the password comes back")
	}
}

func TestUserActs(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	act := func(name string, pairs ...string) answer {
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return s.post(t, access.Administrator, "/users/"+name, form)
	}
	officer := s.signIn(t, "officer", password)
	s.as(t, access.Officer)
	if a := act("officer", "act", "role", "role", "viewer"); a.status != http.StatusSeeOther {
		t.Fatalf("role: %d %s", a.status, a.body)
	}
	if a := s.get(t, officer, "/incidents/new"); a.status != http.StatusForbidden {
		t.Errorf("a viewer reports: %d", a.status)
	}
	if a := act("officer", "act", "sign_out"); a.status != http.StatusSeeOther {
		t.Fatalf("sign out: %d", a.status)
	}
	for _, as := range []access.Role{officer, access.Officer} {
		if a := s.get(t, as, "/lines"); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/login") {
			t.Errorf("still in: %d", a.status)
		}
	}
	s.signIn(t, "officer", password)
	if a := s.get(t, officer, "/lines"); a.status != http.StatusOK {
		t.Errorf("in again: %d", a.status)
	}
	act("officer", "act", "disable")
	if a := s.get(t, officer, "/lines"); a.status != http.StatusSeeOther {
		t.Errorf("disabled and in: %d", a.status)
	}
	act("officer", "act", "enable")
	if a := s.get(t, officer, "/lines"); a.status != http.StatusSeeOther {
		t.Errorf("the session of before is back: %d", a.status)
	}
	act("officer", "act", "password", "id", "x", "password", "another-password")
	s.signIn(t, "officer", "another-password")
	want := []string{"admin user.role", "admin user.sign_out", "officer user.sign_in", "admin user.disable", "admin user.enable", "admin user.password", "officer user.sign_in"}
	if got := s.acts(t, "user/officer"); !slices.Equal(got[len(got)-len(want):], want) {
		t.Errorf("%v", got)
	}
	for _, form := range [][]string{{"act", "disable"}, {"act", "role", "role", "officer"}} {
		if a := act("admin", form...); a.status != http.StatusConflict || !strings.Contains(wordsOf(a.doc.Find(".notice")), "yourself") {
			t.Errorf("%v: %d %s", form, a.status, wordsOf(a.doc.Find(".notice")))
		}
	}
	if a := act("nobody", "act", "disable"); a.status != http.StatusNotFound {
		t.Errorf("nobody: %d", a.status)
	}
	if a := act("officer", "act", "crown"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("crown: %d", a.status)
	}
}

func TestOwnPasswordKeepsTheSession(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	elsewhere := s.signIn(t, "admin", password)
	if a := s.post(t, access.Administrator, "/users/admin", url.Values{"act": {"password"}, "id": {"x"}, "password": {"another-password"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if a := s.get(t, access.Administrator, "/users"); a.status != http.StatusOK {
		t.Errorf("own session: %d", a.status)
	}
	if a := s.get(t, elsewhere, "/users"); a.status != http.StatusSeeOther {
		t.Errorf("the session elsewhere: %d", a.status)
	}
}

func TestAdminIndexShowsWhatIsThere(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	routes := map[string]bool{}
	for _, r := range s.web.RouteTable() {
		routes[r.Method+" "+r.Path] = true
	}
	for role, users := range map[access.Role]int{access.Administrator: 1, access.Supervisor: 0} {
		a := s.get(t, role, "/admin")
		if n := a.doc.Find("[data-testid=places] a[href='/users']").Length(); a.status != http.StatusOK || n != users {
			t.Errorf("%s: %d, %d ways to the users", role, a.status, n)
		}
		a.doc.Find("[data-testid=places] a").Each(func(_ int, link *selection) {
			if href := link.AttrOr("href", ""); !routes["GET "+href] {
				t.Errorf("%s leads nowhere", href)
			}
		})
		if a.doc.Find("header a[href='/admin'][data-key='g u']").Length() == 0 {
			t.Errorf("%s: no key leads here", role)
		}
	}
	if a := s.get(t, access.Officer, "/"); a.doc.Find("a[href='/admin']").Length() != 0 {
		t.Error("an officer is sent to administration")
	}
}
