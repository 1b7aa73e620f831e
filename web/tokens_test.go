package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store/sqlite"
	"interceptlog/web"
)

// token makes a token of the user named by a role.
func (s *site) token(t testing.TB, role access.Role, o access.TokenOrder) (id, secret string) {
	t.Helper()
	o.User = string(role)
	if o.Name == "" {
		o.Name = "a test"
	}
	tokens := access.Tokens{Store: s.store, Now: s.clock.Now, ReadFilter: incidents.KeptFilter}
	tok, secret, err := tokens.Add(t.Context(), access.Actor{Name: string(role), Role: role}, o)
	if err != nil {
		t.Fatal(err)
	}
	return tok.ID, secret
}

// program asks as a program does: with no cookie, and no wish for a page.
func (s *site) program(t testing.TB, path string, auth func(*http.Request)) answer {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "*/*")
	if auth != nil {
		auth(req)
	}
	s.clients["program"] = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s.do(t, "program", req)
}

func bearer(secret string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) }
}

func basic(name, secret string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(name, secret) }
}

// wantProblem checks an answer that says no.
func wantProblem(t testing.TB, what string, a answer, status int, words string) {
	t.Helper()
	var p struct {
		Type, Title, Detail, Request string
		Status                       int
	}
	if a.status != status || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: %d %s %s", what, a.status, a.header.Get("Content-Type"), a.body)
		return
	}
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || p.Status != status || p.Type != "about:blank" || p.Request == "" || !strings.Contains(p.Detail, words) {
		t.Errorf("%s: %v %s", what, err, a.body)
	}
	schemes := a.header.Values("WWW-Authenticate")
	if status == http.StatusUnauthorized {
		if len(schemes) != 2 || schemes[0] != `Basic realm="Intercept Log", charset="UTF-8"` || !strings.HasPrefix(schemes[1], `Bearer realm="Intercept Log"`) {
			t.Errorf("%s: asks by %q", what, schemes)
		}
	} else if len(schemes) != 0 {
		t.Errorf("%s: asks by %q", what, schemes)
	}
	if a.header.Get("Set-Cookie") != "" {
		t.Errorf("%s: a cookie was set", what)
	}
}

const exportPath = "/export/incidents.geojson?q=nothing-of-the-kind"

func TestTokensLetProgramsAsk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, secret := s.token(t, access.Officer, access.TokenOrder{Scopes: []string{"export"}})
	_, reads := s.token(t, access.Officer, access.TokenOrder{Scopes: []string{"read", "write"}})
	inc := s.bySource(t, "2023-03-14-mq9-su27-collision")
	one := "/incidents/" + string(inc.ID) + ".geojson"
	for _, c := range []struct {
		what, path string
		auth       func(*http.Request)
		status     int
		words      string
	}{
		{"Bearer", exportPath, bearer(secret), http.StatusOK, ""},
		{"Bearer in small letters", exportPath, func(r *http.Request) { r.Header.Set("Authorization", "bearer "+secret) }, http.StatusOK, ""},
		{"Basic", exportPath, basic("officer", secret), http.StatusOK, ""},
		{"one incident", one, basic("officer", secret), http.StatusOK, ""},
		{"nothing", exportPath, nil, http.StatusUnauthorized, "Give a token"},
		{"nothing, of one incident", one, nil, http.StatusUnauthorized, "Give a token"},
		{"Basic of another", exportPath, basic("viewer", secret), http.StatusUnauthorized, "not that of the user “viewer”"},
		{"a password", exportPath, basic("officer", password), http.StatusUnauthorized, "password of a person"},
		{"in the address", exportPath + "&access_token=" + secret + "&token=" + secret, nil, http.StatusUnauthorized, "Give a token"},
		{"a lesser scope", exportPath, bearer(reads), http.StatusForbidden, "its scopes are read,write"},
		{"a filter that is none", "/export/incidents.geojson?region=pacific", bearer(secret), http.StatusUnprocessableEntity, "accepted: baltic"},
		{"another scheme", exportPath, func(r *http.Request) { r.Header.Set("Authorization", "Digest "+secret) }, http.StatusUnauthorized, "no token"},
	} {
		a := s.program(t, c.path, c.auth)
		if c.status == http.StatusOK {
			if a.status != c.status || a.header.Get("Content-Type") != "application/geo+json" || a.header.Get("Set-Cookie") != "" {
				t.Errorf("%s: %d %s %v", c.what, a.status, a.body, a.header)
			}
			continue
		}
		wantProblem(t, c.what, a, c.status, c.words)
	}
	// Pages are for people: there a token is no sign-in.
	for _, path := range []string{"/incidents", "/profile", "/audit", "/users", "/journal/csv", one[:len(one)-len(".geojson")]} {
		req, _ := http.NewRequest(http.MethodGet, s.URL+path, nil)
		bearer(secret)(req)
		if a := s.do(t, "", req); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/login") {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	// A browser is led to the sign-in, and with a session needs no token.
	if a := s.get(t, "", exportPath); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/login?next=%2Fexport") {
		t.Errorf("a browser: %d", a.status)
	}
	req, _ := http.NewRequest(http.MethodGet, s.URL+exportPath, nil)
	basic("proxy", "password of a proxy")(req)
	if a := s.do(t, access.Analyst, req); a.status != http.StatusOK {
		t.Errorf("a session behind a proxy with a password of its own: %d", a.status)
	}
	// The export is on record as the user's.
	last := ""
	if err := s.store.EachEntry(t.Context(), 1, func(e access.Entry) error {
		if e.Actor == "officer" && strings.HasPrefix(e.Action, "export.") {
			last = e.Action
		}
		return nil
	}); err != nil || last == "" {
		t.Errorf("no export by the officer: %v", err)
	}
}

func TestTokensEnd(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	admin := access.Actor{Name: "admin", Role: access.Administrator}
	accounts := access.Accounts{Store: s.store, Now: s.clock.Now}
	order := access.TokenOrder{Scopes: []string{"read", "export", "write"}}
	_, viewer := s.token(t, access.Supervisor, order)
	revokedID, revoked := s.token(t, access.Officer, order)
	_, expired := s.token(t, access.Officer, access.TokenOrder{Scopes: []string{"export"}, Life: time.Hour})
	_, disabled := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"export"}})
	for _, secret := range []string{viewer, revoked, expired, disabled} {
		if a := s.program(t, exportPath, bearer(secret)); a.status != http.StatusOK {
			t.Fatalf("before: %d %s", a.status, a.body)
		}
	}
	if err := accounts.SetRole(t.Context(), admin, "supervisor", access.Viewer); err != nil {
		t.Fatal(err)
	}
	if err := accounts.Disable(t.Context(), admin, "analyst"); err != nil {
		t.Fatal(err)
	}
	if a := s.post(t, access.Officer, "/profile/tokens/"+revokedID+"/revoke", nil); a.status != http.StatusSeeOther {
		t.Fatalf("revoke: %d", a.status)
	}
	s.clock.Advance(time.Hour)
	wantProblem(t, "expired", s.program(t, exportPath, bearer(expired)), http.StatusUnauthorized, "expired on 2026-11-24 at 04:12Z")
	wantProblem(t, "revoked", s.program(t, exportPath, bearer(revoked)), http.StatusUnauthorized, "was revoked")
	wantProblem(t, "disabled", s.program(t, exportPath, bearer(disabled)), http.StatusUnauthorized, "may not use tokens")
	wantProblem(t, "a lesser role", s.program(t, exportPath, bearer(viewer)), http.StatusForbidden, "Your role, viewer")
	// None of them is a guess: the address is not slowed down.
	for range 20 {
		wantProblem(t, "again", s.program(t, exportPath, bearer(expired)), http.StatusUnauthorized, "expired")
	}
}

func TestTokenWithAFilter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, secret := s.token(t, access.Analyst, access.TokenOrder{Filter: "region=black&region=baltic"})
	all := func(path string, auth func(*http.Request)) []string {
		t.Helper()
		a := s.program(t, path, auth)
		var c featureCollection
		if err := json.Unmarshal([]byte(a.body), &c); err != nil || a.status != http.StatusOK {
			t.Fatalf("%s: %d %v %s", path, a.status, err, a.body)
		}
		var ids []string
		for _, f := range c.Features {
			ids = append(ids, f.ID)
		}
		return ids
	}
	_, open := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"export"}})
	for _, c := range []struct{ asked, same string }{
		{"", "?region=black&region=baltic"},
		{"?region=black", "?region=black"},
		{"?exercise=include", "?region=black&region=baltic"},
		{"?severity=high_risk", "?region=black&region=baltic&severity=high_risk"},
	} {
		got, want := all("/export/incidents.geojson"+c.asked, bearer(secret)), all("/export/incidents.geojson"+c.same, bearer(open))
		if !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%q gives %d, want %d", c.asked, len(got), len(want))
		}
	}
	if got := all("/export/incidents.geojson?region=norwegian", bearer(secret)); len(got) != 0 {
		t.Errorf("beyond the filter: %d", len(got))
	}
	held := s.bySource(t, "2023-03-14-mq9-su27-collision")
	for path, status := range map[string]int{
		"/incidents/" + string(held.ID) + ".geojson": http.StatusOK,
		"/incidents/" + held.Number + ".geojson":     http.StatusSeeOther,
	} {
		if a := s.program(t, path, bearer(secret)); a.status != status {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	hidden := all("/export/incidents.geojson?region=norwegian", bearer(open))[0]
	other, err := s.store.Incident(t.Context(), incidents.ID(hidden), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{hidden, other.Number, "00000000-0000-7000-8000-000000000000"} {
		if a := s.program(t, "/incidents/"+id+".geojson", bearer(secret)); a.status != http.StatusNotFound || strings.Contains(a.body, hidden) {
			t.Errorf("%s: %d %s", id, a.status, a.body)
		}
	}
	// What cannot be narrowed is refused, and not given whole.
	wantProblem(t, "the pack", s.program(t, "/export/pack.zip?from=2023-01-01&to=2023-12-31", bearer(secret)), http.StatusForbidden, "exercise=exclude&region=black&region=baltic")
}

func TestWrongTokensAreThrottled(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	_, secret := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"export"}})
	wrong := secret[:len(secret)-4] + "aaaa"
	for range 6 {
		wantProblem(t, "wrong", s.program(t, exportPath, bearer(wrong)), http.StatusUnauthorized, "no token")
	}
	a := s.program(t, exportPath, basic("analyst", wrong))
	wantProblem(t, "too often", a, http.StatusTooManyRequests, "Too many wrong tokens")
	if n, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || n < 1 || n > 2 {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	// Who is right goes on, with a token as with a password.
	if a := s.program(t, exportPath, bearer(secret)); a.status != http.StatusOK {
		t.Errorf("the right token: %d", a.status)
	}
	s.as(t, access.Officer)
	s.clock.Advance(3 * time.Second)
	wantProblem(t, "after the wait", s.program(t, exportPath, bearer(wrong)), http.StatusUnauthorized, "no token")
}

func TestTokensHaveARate(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	_, first := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"export"}})
	_, second := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"export"}})
	w := s.config() // the same site with a rate that a test can reach
	w.TokenRate, w.TokenBurst = 0.5, 3
	s.serve(t, w)
	for i := range 3 {
		if a := s.program(t, exportPath, bearer(first)); a.status != http.StatusOK {
			t.Fatalf("request %d: %d", i+1, a.status)
		}
	}
	for range 2 { // who is turned away does not wait longer for having asked
		a := s.program(t, exportPath, bearer(first))
		wantProblem(t, "the fourth", a, http.StatusTooManyRequests, "0.5 times a second, and 3 times at once")
		if a.header.Get("Retry-After") != "2" {
			t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
		}
	}
	if a := s.program(t, exportPath, bearer(second)); a.status != http.StatusOK {
		t.Errorf("another token: %d", a.status)
	}
	s.clock.Advance(2 * time.Second)
	if a := s.program(t, exportPath, bearer(first)); a.status != http.StatusOK {
		t.Errorf("after the wait: %d", a.status)
	}
	wantProblem(t, "and again", s.program(t, exportPath, bearer(first)), http.StatusTooManyRequests, "")
}

func TestLastUseIsNotedByTheMinute(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	id, secret := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"read"}})
	used := func() time.Time {
		tok, err := s.store.Token(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return tok.LastUsed
	}
	if !used().IsZero() {
		t.Fatalf("used at %v", used())
	}
	minute := start.Truncate(time.Minute)
	for _, c := range []struct{ after, want time.Duration }{{0, 0}, {20 * time.Second, 0}, {60 * time.Second, time.Minute}, {30 * time.Second, time.Minute}, {5 * time.Minute, 7 * time.Minute}} {
		s.clock.Advance(c.after)
		wantProblem(t, "used", s.program(t, exportPath, bearer(secret)), http.StatusForbidden, "export")
		if got := used().Sub(minute); got != c.want {
			t.Errorf("at %v: noted %v", s.clock.Now().Sub(start), got)
		}
	}
}

// brokenTouch is a store whose disk is full.
type brokenTouch struct {
	web.Store
	mu    sync.Mutex
	tried int
}

func (b *brokenTouch) TouchToken(context.Context, string, time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tried++
	return fault.New(fault.Unavailable, "The disk of the log is full; nothing was written.")
}

func TestUseThatCannotBeNotedHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	_, secret := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"export"}})
	w := s.config()
	broken := &brokenTouch{Store: s.store}
	w.Store = broken
	s.serve(t, w)
	for range 3 {
		if a := s.program(t, exportPath, bearer(secret)); a.status != http.StatusOK {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if broken.tried != 1 {
		t.Errorf("tried %d times in a minute", broken.tried)
	}
}

func TestOpenRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.bySource(t, "2023-03-14-mq9-su27-collision")
	_, secret := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"read"}})
	w := s.config()
	w.OpenRead = true
	s.serve(t, w)
	if a := s.program(t, exportPath, nil); a.status != http.StatusOK || a.header.Get("Set-Cookie") != "" {
		t.Errorf("nobody: %d %s", a.status, a.body)
	}
	for role, path := range map[access.Role]string{"": exportPath, access.Viewer: exportPath, access.Analyst: exportPath} {
		if a := s.get(t, role, path); a.status != http.StatusOK {
			t.Errorf("a browser of %q: %d", role, a.status)
		}
	}
	wantProblem(t, "a token of less", s.program(t, exportPath, bearer(secret)), http.StatusForbidden, "its scopes are read")
	wantProblem(t, "a wrong token", s.program(t, exportPath, bearer("ilt_x")), http.StatusUnauthorized, "no token")
	wantProblem(t, "an incident by itself", s.program(t, "/incidents/"+string(inc.ID)+".geojson", nil), http.StatusUnauthorized, "Give a token")
	if a := s.get(t, "", "/incidents"); a.status != http.StatusSeeOther {
		t.Errorf("a page: %d", a.status)
	}
	if got := s.acts(t, "incidents"); !slices.Contains(got, "open-read export.start") || !slices.Contains(got, "viewer export.end") {
		t.Errorf("%v", got)
	}
}

// TestTokensAreInNoLog: nothing that the server writes or keeps holds a secret.
func TestTokensAreInNoLog(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	id, secret := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"export"}})
	wrong := secret[:len(secret)-4] + "aaaa"
	var said lockedBuffer
	w := s.config()
	w.Logger = slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.serve(t, w)
	for _, sent := range []string{secret, wrong, secret + "x"} {
		s.program(t, exportPath, bearer(sent))
		s.program(t, exportPath, basic("officer", sent))
		s.program(t, "/export/nothing", bearer(sent))
		s.program(t, "/export/incidents.geojson?region=pacific", basic("analyst", sent))
		s.program(t, "/export/incidents.geojson?token="+sent, nil)
	}
	form := url.Values{"id": {"x"}, "name": {"QGIS"}, "scope": {"read"}, "expires": {"1 d"}}
	shown := s.get(t, access.Officer, s.post(t, access.Officer, "/profile/tokens", form).header.Get("Location")).doc.Find("[data-testid=token]").Text()
	log := said.String()
	for _, one := range []string{secret, wrong, shown} {
		if tail := one[21:]; len(tail) != 52 || strings.Contains(log, tail[:20]) || strings.Contains(log, tail[len(tail)-20:]) {
			t.Errorf("%q is in the log:\n%s", one, log)
		}
	}
	if !strings.Contains(log, "token="+id) {
		t.Errorf("the log does not say which token asked:\n%s", log)
	}
	if err := s.store.EachEntry(t.Context(), 1, func(e access.Entry) error {
		if strings.Contains(e.Detail, shown[21:]) || strings.Contains(e.Detail, secret[21:]) {
			t.Errorf("in the audit chain: %+v", e)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

func TestTokenPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		who  access.Role
		page string
	}{{access.Officer, "/profile"}, {access.Administrator, "/users/officer"}} {
		s := newEmptySite(t)
		if a := s.get(t, c.who, c.page); a.doc.Find("[data-testid=no-tokens]").Length() != 1 || a.doc.Find("form[data-testid=add-token]").AttrOr("action", "") != c.page+"/tokens" {
			t.Fatalf("%s: %d %s", c.page, a.status, a.body)
		}
		bad := s.post(t, c.who, c.page+"/tokens", url.Values{"id": {"one"}, "name": {""}, "scope": {"write"}, "filter": {"region=pacific"}, "expires": {"soon"}})
		if bad.status != http.StatusUnprocessableEntity || bad.doc.Find("#errors li").Length() != 4 || bad.doc.Find("#token-filter").AttrOr("value", "") != "region=pacific" ||
			bad.doc.Find("#token-expires-err").Length() != 1 || bad.doc.Find("input[name=scope][value=write]:checked").Length() != 1 || !strings.HasPrefix(bad.doc.Find("title").Text(), "Error:") {
			t.Errorf("%s: %d %s", c.page, bad.status, wordsOf(bad.doc.Find("#errors")))
		}
		for _, link := range bad.doc.Find("#errors a").EachIter() {
			if id := link.AttrOr("href", ""); bad.doc.Find(id).Length() != 1 {
				t.Errorf("%s: %s leads to no field", c.page, id)
			}
		}
		form := url.Values{"id": {"one"}, "name": {"QGIS of the map desk"}, "scope": {"read", "export"}, "filter": {"region=baltic"}, "expires": {"30 d"}}
		a := s.post(t, c.who, c.page+"/tokens", form)
		to := a.header.Get("Location")
		if a.status != http.StatusSeeOther || to != c.page+"?token=one#tokens" {
			t.Fatalf("%s: %d to %q", c.page, a.status, to)
		}
		shown := s.get(t, c.who, to)
		secret := shown.doc.Find("[data-testid=token]").Text()
		if !access.IsToken(secret) || strings.Count(shown.body, secret) != 1 {
			t.Fatalf("%s: token %q", c.page, secret)
		}
		if again := s.get(t, c.who, to); strings.Contains(again.body, secret[21:]) || again.status != http.StatusOK {
			t.Errorf("%s: the token is shown twice", c.page)
		}
		if a = s.post(t, c.who, c.page+"/tokens", form); a.status != http.StatusSeeOther || a.header.Get("Location") != to {
			t.Errorf("%s: the form sent twice: %d", c.page, a.status)
		}
		if a := s.program(t, exportPath, basic("officer", secret)); a.status != http.StatusOK {
			t.Errorf("%s: the token opens nothing: %d %s", c.page, a.status, a.body)
		}
		rows := s.get(t, c.who, c.page).doc.Find("[data-testid=token-row]")
		if want := regexp.MustCompile(`^QGIS of the map desk [a-z2-7]{16} read, export exercise=exclude&region=baltic 240312Z NOV26 240312Z DEC26 240312Z NOV26 Revoke`); rows.Length() != 1 || !want.MatchString(wordsOf(rows)) {
			t.Errorf("%s: the list says %q", c.page, wordsOf(rows))
		}
		a = s.post(t, c.who, rows.Find("form").AttrOr("action", ""), nil)
		if a.status != http.StatusSeeOther || a.header.Get("Location") != c.page+"?done=revoked#tokens" {
			t.Errorf("%s: revoke %d to %q", c.page, a.status, a.header.Get("Location"))
		}
		after := s.get(t, c.who, a.header.Get("Location")).doc
		if !strings.Contains(wordsOf(after.Find("[data-testid=token-row]")), "was revoked on 2026-11-24") || after.Find("[data-testid=token-row] form").Length() != 0 || !strings.Contains(after.Find(".flash").Text(), "revoked") {
			t.Errorf("%s: after revoking %q", c.page, wordsOf(after.Find("[data-testid=token-row]")))
		}
		wantProblem(t, c.page, s.program(t, exportPath, basic("officer", secret)), http.StatusUnauthorized, "was revoked")
		acts := s.acts(t, "user/officer")
		if want := []string{string(c.who) + " token.add", string(c.who) + " token.revoke"}; !slices.Equal(acts[len(acts)-2:], want) {
			t.Errorf("%s: %v", c.page, acts)
		}
	}
}

func TestTokensOfOthersAreNotRevoked(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	id, secret := s.token(t, access.Officer, access.TokenOrder{Scopes: []string{"export"}})
	for role, path := range map[access.Role]string{access.Viewer: "/profile", access.Supervisor: "/profile", access.Administrator: "/users/viewer"} {
		if a := s.post(t, role, path+"/tokens/"+id+"/revoke", nil); a.status != http.StatusNotFound {
			t.Errorf("%s at %s: %d", role, path, a.status)
		}
	}
	if a := s.post(t, access.Supervisor, "/users/officer/tokens/"+id+"/revoke", nil); a.status != http.StatusForbidden {
		t.Errorf("a supervisor: %d", a.status)
	}
	if a := s.program(t, exportPath, bearer(secret)); a.status != http.StatusOK {
		t.Errorf("the token: %d", a.status)
	}
	if a := s.get(t, access.Administrator, "/users/wall"); a.doc.Find("form[data-testid=add-token]").Length() != 0 {
		t.Error("a screen may have a token")
	}
	if a := s.post(t, access.Administrator, "/users/nobody/tokens", url.Values{"name": {"x"}}); a.status != http.StatusNotFound {
		t.Errorf("a token of nobody: %d", a.status)
	}
}

// TestWriterElsewhereHoldsNoProgramUp: while another process writes for long, a
// program reads on.
func TestWriterElsewhereHoldsNoProgramUp(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	_, secret := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"read"}})
	other, err := sqlite.Open(filepath.Dir(s.store.Location()), sqlite.Options{Now: s.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	writing, written, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- other.InTx(context.Background(), func(context.Context) error {
			close(writing)
			<-written
			return nil
		})
	}()
	<-writing
	begun := time.Now()
	wantProblem(t, "meanwhile", s.program(t, exportPath, bearer(secret)), http.StatusForbidden, "export")
	took := time.Since(begun)
	close(written)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if took > 5*time.Second { // a write waits for ten
		t.Errorf("the request took %v", took)
	}
}

// TestTokenWithAFilterAtTheAPI: what the filter does not hold is in no answer.
func TestTokenWithAFilterAtTheAPI(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, secret := s.token(t, access.Analyst, access.TokenOrder{Filter: "region=baltic"})
	_, whole := s.token(t, access.Analyst, access.TokenOrder{Scopes: []string{"read", "export"}})
	ids := func(path, secret string) (list []string) {
		t.Helper()
		a := s.program(t, path, bearer(secret))
		var c featureCollection
		if err := json.Unmarshal([]byte(a.body), &c); err != nil || a.status != http.StatusOK {
			t.Fatalf("%s: %d %v %s", path, a.status, err, a.body)
		}
		for _, f := range c.Features {
			list = append(list, f.ID)
		}
		slices.Sort(list)
		return list
	}
	want := ids("/ogc/collections/incidents/items?limit=1000&region=baltic", whole)
	if got := ids("/ogc/collections/incidents/items?limit=1000", secret); len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("items: %d, want %d", len(got), len(want))
	}
	if got := ids("/ogc/collections/incidents/items?limit=1000&region=norwegian", secret); len(got) != 0 {
		t.Errorf("items beyond the filter: %d", len(got))
	}
	hidden := ids("/ogc/collections/incidents/items?limit=1&region=norwegian", whole)[0]
	for path, status := range map[string]int{
		"/ogc/collections/incidents/items/" + want[0]: http.StatusOK,
		"/ogc/collections/incidents/items/" + hidden:  http.StatusNotFound,
		"/ogc/collections/regions/items":              http.StatusOK,
		"/ogc/collections/lines":                      http.StatusForbidden,
		"/ogc/collections/lines/items":                http.StatusForbidden,
		"/ogc/collections/contacts/items":             http.StatusForbidden,
		"/export/incidents.csv":                       http.StatusOK,
		"/export/lines.csv":                           http.StatusForbidden,
	} {
		a := s.program(t, path, bearer(secret))
		if a.status != status || status == http.StatusOK && strings.Contains(a.body, hidden) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for secret, says := range map[string]bool{secret: false, whole: true} {
		if a := s.program(t, "/ogc/collections/incidents?f=json", bearer(secret)); a.status != http.StatusOK || strings.Contains(a.body, `"extent"`) != says {
			t.Errorf("where all incidents lie is said: want %v, %d %s", says, a.status, a.body)
		}
	}
}

// TestWritingTakesAToken: whatever is open, and whatever else a token may.
func TestWritingTakesAToken(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	_, reads := s.token(t, access.Officer, access.TokenOrder{Scopes: []string{"read", "export"}})
	_, writes := s.token(t, access.Officer, access.TokenOrder{Scopes: []string{"write"}})
	w := s.config()
	w.OpenRead = true
	s.serve(t, w)
	for _, c := range []struct {
		what   string
		auth   func(*http.Request)
		status int
	}{{"nobody", nil, http.StatusUnauthorized}, {"a token that reads", bearer(reads), http.StatusForbidden}, {"a token that writes", bearer(writes), 0}} {
		req, _ := http.NewRequest(http.MethodPost, s.URL+"/ogc/collections/incidents/items", strings.NewReader("{}"))
		req.Header.Set("Content-Type", "application/geo+json")
		req.Header.Set("Accept", "*/*")
		if c.auth != nil {
			c.auth(req)
		}
		a := s.do(t, "", req)
		if c.status != 0 {
			wantProblem(t, c.what, a, c.status, "")
		} else if a.status != http.StatusBadRequest && a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", c.what, a.status, a.body) // let in, and told what is wrong with the feature
		}
	}
}
