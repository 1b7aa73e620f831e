package access_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
)

// desk is a store of users and tokens alone.
type desk struct {
	access.Store
	users  map[string]access.User
	tokens map[string]access.Token
	acts   []string
}

func (d *desk) User(_ context.Context, name string) (access.User, error) {
	if u, ok := d.users[name]; ok {
		return u, nil
	}
	return access.User{}, fault.New(fault.NotFound, "no user")
}

func (d *desk) AddToken(ctx context.Context, actor access.Actor, user string, build func(access.User, int) (access.Token, error)) error {
	u, err := d.User(ctx, user)
	if err != nil {
		return err
	}
	made, err := build(u, len(d.tokens))
	if err == nil {
		d.tokens[made.ID] = made
		d.acts = append(d.acts, actor.Name+" adds for "+user)
	}
	return err
}

func (d *desk) RevokeToken(_ context.Context, actor access.Actor, id string, may func(access.Token) error) error {
	tok := d.tokens[id]
	if err := may(tok); err != nil {
		return err
	}
	tok.RevokedAt = noon
	d.tokens[id] = tok
	d.acts = append(d.acts, actor.Name+" revokes of "+tok.User)
	return nil
}

func (d *desk) Token(_ context.Context, id string) (access.Token, error) {
	if t, ok := d.tokens[id]; ok {
		return t, nil
	}
	return access.Token{}, fault.New(fault.NotFound, "no token")
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// newDesk has a user of every role, named by it.
func newDesk() (*desk, access.Tokens, *time.Time) {
	d := &desk{users: map[string]access.User{}, tokens: map[string]access.Token{}}
	for _, role := range access.Roles() {
		d.users[string(role)] = access.User{Name: string(role), Role: role}
	}
	now := noon
	return d, access.Tokens{Store: d, Now: func() time.Time { return now }, ReadFilter: func(text string) (string, error) {
		if text == "bad" {
			return "", errors.New("cannot be read")
		}
		return "kept " + text, nil
	}}, &now
}

func self(role access.Role) access.Actor { return access.Actor{Name: string(role), Role: role} }

// TestTokenRights holds every set of scopes against every role: a token gives
// what both have, and never the board or administration.
func TestTokenRights(t *testing.T) {
	grants := map[access.Right]access.Scopes{access.Read: access.ScopeRead, access.Export: access.ScopeExport, access.Write: access.ScopeWrite, access.Manage: access.ScopeWrite}
	all := access.ScopeRead | access.ScopeExport | access.ScopeWrite
	checked := 0
	for scopes := access.ScopeRead; scopes <= all; scopes++ {
		for _, role := range access.Roles()[1:] {
			d, tokens, _ := newDesk()
			// The user was an administrator when the token was made.
			d.users["lind"] = access.User{Name: "lind", Role: access.Administrator}
			_, secret, err := tokens.Add(t.Context(), self(access.Administrator), access.TokenOrder{User: "lind", Name: "x", Scopes: scopes.Names()})
			if err != nil {
				t.Fatal(err)
			}
			d.users["lind"] = access.User{Name: "lind", Role: role}
			actor, tok, err := tokens.Check(t.Context(), "lind", secret)
			if err != nil || actor.Name != "lind" || tok.Scopes != scopes {
				t.Fatalf("%s %s: %+v %+v %v", role, scopes, actor, tok, err)
			}
			for _, right := range []access.Right{access.Public, access.Board, access.Read, access.Export, access.Write, access.Manage, access.Admin} {
				want := right == access.Public || role.May(right) && scopes&grants[right] != 0
				if got := actor.May(right); got != want || (actor.Require(right) == nil) != want {
					t.Errorf("%s with %s: may %q is %v", role, scopes, right, got)
				}
				checked++
			}
		}
	}
	if checked != 7*5*7 {
		t.Errorf("%d were held against each other", checked)
	}
}

func TestTokenIsCheckedAnewEachTime(t *testing.T) {
	d, tokens, now := newDesk()
	tok, secret, err := tokens.Add(t.Context(), self(access.Officer), access.TokenOrder{User: "officer", Name: " QGIS ", Scopes: []string{"read"}})
	if err != nil || tok.Name != "QGIS" || !tok.ExpiresAt.Equal(noon.Add(access.TokenLife)) || strings.Contains(tok.Hash, secret) || !access.IsToken(secret) || !strings.HasPrefix(secret, "ilt_"+tok.ID+"_") {
		t.Fatalf("%+v %v", tok, err)
	}
	if _, other, _ := tokens.Add(t.Context(), self(access.Officer), access.TokenOrder{User: "officer", Name: "QGIS", Scopes: []string{"read"}}); other == secret || len(other) != len(secret) {
		t.Errorf("%q and %q", secret, other)
	}
	tampered := secret[:len(secret)-1] + map[bool]string{true: "b", false: "a"}[strings.HasSuffix(secret, "a")]
	set := func(u access.User) func() { return func() { d.users["officer"] = u } }
	for _, c := range []struct {
		what         string
		before       func()
		name, secret string
		words        string // of the refusal; "" where it lets in
		unknown      bool   // the secret is that of no token
	}{
		{"Bearer", nil, "", secret, "", false},
		{"Basic", nil, "officer", secret, "", false},
		{"the name of another", nil, "viewer", secret, "not that of the user “viewer”", false},
		{"another case", nil, "Officer", secret, "not that of", false},
		{"one letter off", nil, "", tampered, "", true},
		{"an unknown id", nil, "", "ilt_" + strings.Repeat("a", 16) + secret[20:], "", true},
		{"no token", nil, "officer", "password-of-a-test", "", true},
		{"nothing", nil, "", "", "", true},
		{"in capitals", nil, "", strings.ToUpper(secret), "", true},
		{"a disabled user", set(access.User{Name: "officer", Role: access.Officer, Disabled: true}), "", secret, "may not use tokens", false},
		{"a user who became a screen", set(access.User{Name: "officer", Role: access.Wall}), "", secret, "may not use tokens", false},
		{"an enabled user", set(access.User{Name: "officer", Role: access.Officer}), "", secret, "", false},
		{"the last moment", func() { *now = tok.ExpiresAt.Add(-1) }, "", secret, "", false},
		{"the end", func() { *now = tok.ExpiresAt }, "", secret, "expired on 2027-02-22 at 12:00Z", false},
		{"revoked", func() { *now = noon; _ = tokens.Revoke(t.Context(), self(access.Officer), tok.ID) }, "", secret, "revoked on 2026-11-24", false},
	} {
		if c.before != nil {
			c.before()
		}
		_, _, err := tokens.Check(t.Context(), c.name, c.secret)
		switch {
		case c.unknown && !errors.Is(err, access.ErrNoToken),
			c.words != "" && (!fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), c.words)),
			!c.unknown && c.words == "" && err != nil:
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

func TestTokenOrders(t *testing.T) {
	scopes := func(names ...string) access.TokenOrder {
		return access.TokenOrder{User: "officer", Name: "QGIS", Scopes: names}
	}
	with := func(o access.TokenOrder, change func(*access.TokenOrder)) access.TokenOrder { change(&o); return o }
	for _, c := range []struct {
		what   string
		order  access.TokenOrder
		fields string // that are wrong
		words  string
	}{
		{"all", scopes("read", "write", "export"), "", ""},
		{"two years", with(scopes("read"), func(o *access.TokenOrder) { o.Life = access.MaxTokenLife }), "", ""},
		{"longer", with(scopes("read"), func(o *access.TokenOrder) { o.Life = access.MaxTokenLife + 1 }), "expires", "two years"},
		{"a past end", with(scopes("read"), func(o *access.TokenOrder) { o.Life = -time.Hour }), "expires", "accepted"},
		{"no scope", scopes(), "scope", "Accepted: read, export, write"},
		{"no such scope", scopes("read", "delete"), "scope", "“delete” is no scope; accepted: read, export, write"},
		{"more than the role", with(scopes("read", "export"), func(o *access.TokenOrder) { o.User = "viewer" }), "scope", "“export” is more than the role viewer may do; accepted: read"},
		{"no name", with(scopes("read"), func(o *access.TokenOrder) { o.Name = " " }), "name", "such as QGIS"},
		{"a long name", with(scopes("read"), func(o *access.TokenOrder) { o.Name = strings.Repeat("é", 101) }), "name", "1 to 100"},
		{"a screen", with(scopes("read"), func(o *access.TokenOrder) { o.User = "wall" }), "user", "has no tokens"},
		{"a filter and write", with(scopes("read", "write"), func(o *access.TokenOrder) { o.Filter = "x" }), "scope", "cannot write; accepted: read,export"},
		{"a bad filter", with(scopes("read"), func(o *access.TokenOrder) { o.Filter = "bad" }), "filter", "cannot be read"},
		{"all at once", access.TokenOrder{User: "officer", Filter: "bad", Scopes: []string{"x"}, Life: 1}, "name scope filter expires", ""},
	} {
		d, tokens, _ := newDesk()
		_, secret, err := tokens.Add(t.Context(), self(access.Administrator), c.order)
		var fields []string
		for _, f := range fault.Fields(err) {
			fields = append(fields, f.Name)
		}
		if got := strings.Join(fields, " "); got != c.fields || (err == nil) != (c.fields == "") || (secret == "") != (err != nil) || (len(d.tokens) == 1) != (err == nil) {
			t.Errorf("%s: %q, %v", c.what, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v, want %q", c.what, err, c.words)
		}
	}
	d, tokens, _ := newDesk()
	for user, want := range map[string]string{"viewer": "read", "officer": "read,export"} {
		tok, _, err := tokens.Add(t.Context(), self(access.Administrator), access.TokenOrder{User: user, Name: "one area", Filter: "region=baltic"})
		if err != nil || tok.Scopes.String() != want || tok.Filter != "kept region=baltic" {
			t.Errorf("%s: %+v, %v", user, tok, err)
		}
	}
	d.users["off"] = access.User{Name: "off", Role: access.Officer, Disabled: true}
	if _, _, err := tokens.Add(t.Context(), self(access.Administrator), access.TokenOrder{User: "off", Name: "x", Scopes: []string{"read"}}); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "disabled") {
		t.Errorf("a disabled user: %v", err)
	}
	for len(d.tokens) < access.MaxTokens {
		if _, _, err := tokens.Add(t.Context(), self(access.Officer), scopes("read")); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := tokens.Add(t.Context(), self(access.Officer), scopes("read")); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "has 50 tokens") {
		t.Errorf("one more than may be: %v", err)
	}
}

func TestWhoKeepsTokens(t *testing.T) {
	d, tokens, _ := newDesk()
	order := access.TokenOrder{User: "officer", Name: "QGIS", Scopes: []string{"read", "write"}}
	tok, secret, err := tokens.Add(t.Context(), self(access.Officer), order)
	if err != nil {
		t.Fatal(err)
	}
	byToken, _, err := tokens.Check(t.Context(), "", secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who access.Actor
		may bool
	}{
		{self(access.Officer), true}, {self(access.Administrator), true}, {self(access.Supervisor), false}, {self(access.Viewer), false},
		{byToken, false}, {access.OpenReader(), false},
	} {
		_, _, err := tokens.Add(t.Context(), c.who, order)
		if (err == nil) != c.may || err != nil && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%+v adds: %v", c.who, err)
		}
		if err := tokens.Revoke(t.Context(), c.who, tok.ID); (err == nil) != c.may || err != nil && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%+v revokes: %v", c.who, err)
		}
	}
	if _, _, err := tokens.Add(t.Context(), self(access.Wall), access.TokenOrder{User: "wall", Name: "x", Scopes: []string{"read"}}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a screen adds for itself: %v", err)
	}
	if want := []string{"officer adds for officer", "officer adds for officer", "officer revokes of officer", "admin adds for officer", "admin revokes of officer"}; !slices.Equal(d.acts, want) {
		t.Errorf("%v", d.acts)
	}
}

func TestOpenReader(t *testing.T) {
	for right, want := range map[access.Right]bool{access.Public: true, access.Read: true, access.Export: true, access.Board: false, access.Write: false, access.Manage: false, access.Admin: false} {
		if got := access.OpenReader().May(right); got != want {
			t.Errorf("may %q: %v", right, got)
		}
	}
	err := access.Accounts{Store: &people{}, Now: time.Now}.Add(t.Context(), self(access.Administrator), access.OpenReader().Name, access.Viewer, "a long password")
	if f := fault.Fields(err); len(f) != 1 || f[0].Name != "name" {
		t.Errorf("a user of that name: %v", err)
	}
}
