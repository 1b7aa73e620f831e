package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/store"
)

func testTokens(t *testing.T, s *store.Store) {
	c := setClock(s, 0)
	ctx := t.Context()
	check(t, s.AddUser(ctx, supervisor, access.User{Name: "olsen", Role: access.Officer}))
	check(t, s.AddUser(ctx, supervisor, access.User{Name: "Olsen", Role: access.Officer}))
	before := entries(t, s)
	token := func(id string) access.Token {
		return access.Token{ID: id, User: "olsen", Name: "map desk", Scopes: access.ScopeRead | access.ScopeWrite, Filter: "region=baltic",
			CreatedAt: s.Now().UTC(), ExpiresAt: s.Now().UTC().Add(time.Hour), Hash: "hash-of-the-secret"}
	}
	add := func(id string, wantHeld int, refusal error) error {
		return s.AddToken(ctx, supervisor, "olsen", func(u access.User, held int) (access.Token, error) {
			if u.Name != "olsen" || u.Role != access.Officer || held != wantHeld {
				t.Errorf("%s: asked of %+v with %d, want %d", id, u, held, wantHeld)
			}
			return token(id), refusal
		})
	}
	check(t, add("one", 0, nil))
	stop := errors.New("stop")
	if err := add("two", 1, stop); !errors.Is(err, stop) {
		t.Errorf("refused: %v", err)
	}
	wantKind(t, add("one", 1, nil), fault.Conflict)
	wantKind(t, s.AddToken(ctx, supervisor, "OLSEN", func(access.User, int) (access.Token, error) { return token("x"), nil }), fault.NotFound)
	same(t, "stored", must(s.Token(ctx, "one"))(t), token("one"))
	_, err := s.Token(ctx, "ONE")
	wantKind(t, err, fault.NotFound)
	if n := entries(t, s) - before; n != 1 {
		t.Errorf("%d entries, want 1", n)
	}

	c.set(Begin.Add(time.Minute))
	check(t, add("two", 1, nil))
	list := must(s.Tokens(ctx, "olsen"))(t)
	if len(list) != 2 || list[0].ID != "two" || len(must(s.Tokens(ctx, ""))(t)) != 2 || len(must(s.Tokens(ctx, "Olsen"))(t)) != 0 {
		t.Errorf("tokens %+v", list)
	}
	// What has ended does not count: one is an hour old, two an hour and a minute.
	c.set(Begin.Add(time.Hour))
	check(t, add("three", 1, nil))

	stays := func(access.Token) error { return stop }
	if err := s.RevokeToken(ctx, supervisor, "two", stays); !errors.Is(err, stop) {
		t.Errorf("refused: %v", err)
	}
	goes := func(tok access.Token) error {
		if tok.User != "olsen" {
			t.Errorf("asked of %+v", tok)
		}
		return nil
	}
	check(t, s.RevokeToken(ctx, supervisor, "two", goes))
	ended := must(s.Token(ctx, "two"))(t).RevokedAt
	c.set(Begin.Add(2 * time.Hour))
	check(t, s.RevokeToken(ctx, supervisor, "two", goes))
	if again := must(s.Token(ctx, "two"))(t).RevokedAt; ended.IsZero() || again != ended {
		t.Errorf("revoked at %v, then %v", ended, again)
	}
	wantKind(t, s.RevokeToken(ctx, supervisor, "none", goes), fault.NotFound)

	var acts []string
	check(t, s.EachEntry(ctx, before+1, func(e access.Entry) error {
		acts = append(acts, e.Action+" "+e.Subject)
		if strings.Contains(e.Detail, "hash-of-the-secret") {
			t.Error("the hash of a secret is in the audit log")
		}
		return nil
	}))
	if got := strings.Join(acts, ", "); got != "token.add user/olsen, token.add user/olsen, token.add user/olsen, token.revoke user/olsen" {
		t.Errorf("entries: %s", got)
	}
	whole(t, s)
}

func testTouchToken(t *testing.T, s *store.Store) {
	setClock(s, 0)
	ctx := t.Context()
	check(t, s.AddUser(ctx, supervisor, access.User{Name: "olsen", Role: access.Officer}))
	check(t, s.AddToken(ctx, supervisor, "olsen", func(access.User, int) (access.Token, error) {
		return access.Token{ID: "one", Scopes: access.ScopeRead, CreatedAt: Begin, ExpiresAt: Begin.Add(time.Hour)}, nil
	}))
	before := entries(t, s)
	if used := must(s.Token(ctx, "one"))(t).LastUsed; !used.IsZero() {
		t.Errorf("used at %v", used)
	}
	for _, c := range []struct{ at, want time.Duration }{{90 * time.Second, time.Minute}, {110 * time.Second, time.Minute}, {30 * time.Second, time.Minute}, {2 * time.Minute, 2 * time.Minute}} {
		check(t, s.TouchToken(ctx, "one", Begin.Add(c.at)))
		if used := must(s.Token(ctx, "one"))(t).LastUsed; !used.Equal(Begin.Add(c.want)) {
			t.Errorf("used after %v: %v", c.at, used)
		}
	}
	if entries(t, s) != before {
		t.Error("use of a token left an audit entry")
	}
}

func testSecrets(t *testing.T, s *store.Store) {
	ctx := t.Context()
	made := 0
	build := func() []byte { made++; return []byte{byte(made), 0, 255} }
	for range 2 {
		if v := must(s.Secret(ctx, "cursor", build))(t); string(v) != "\x01\x00\xff" {
			t.Errorf("secret %x", v)
		}
	}
	if v := must(s.Secret(ctx, "other", build))(t); v[0] != 2 || made != 2 {
		t.Errorf("another secret %x, made %d times", v, made)
	}
}
