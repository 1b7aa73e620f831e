package access_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
)

// people is a store of users alone, and of what was done to them.
type people struct {
	access.Store
	users []access.User
	acts  []string
}

func (p *people) ChangeUser(_ context.Context, _ access.Actor, name string, change func([]access.User, *access.User) (access.Change, error)) error {
	i := slices.IndexFunc(p.users, func(u access.User) bool { return u.Name == name })
	u := p.users[i]
	made, err := change(p.users, &u)
	if err != nil || made.Action == "" {
		return err
	}
	p.users[i], p.acts = u, append(p.acts, made.Action+" "+name)
	return nil
}

func TestAccountsKeepAnAdministrator(t *testing.T) {
	ada := access.Actor{Name: "ada", Role: access.Administrator}
	cli := access.Actor{Name: "cli:root", Role: access.Administrator}
	disable := func(name string) func(access.Accounts, access.Actor) error {
		return func(a access.Accounts, by access.Actor) error { return a.Disable(context.Background(), by, name) }
	}
	demote := func(name string) func(access.Accounts, access.Actor) error {
		return func(a access.Accounts, by access.Actor) error {
			return a.SetRole(context.Background(), by, name, access.Officer)
		}
	}
	for _, c := range []struct {
		what  string
		by    access.Actor
		act   func(access.Accounts, access.Actor) error
		bob   access.Role
		off   bool // bob is disabled
		kind  fault.Kind
		words string // of the refusal; empty where it is done
	}{
		{"disables another", ada, disable("bob"), access.Administrator, false, 0, ""},
		{"demotes another", ada, demote("bob"), access.Administrator, false, 0, ""},
		{"disables herself", ada, disable("ada"), access.Administrator, false, fault.Conflict, "yourself"},
		{"demotes herself", ada, demote("ada"), access.Administrator, false, fault.Conflict, "yourself"},
		{"the command disables the last", cli, disable("ada"), access.Officer, false, fault.Conflict, "last administrator"},
		{"the command demotes the last", cli, demote("ada"), access.Officer, false, fault.Conflict, "last administrator"},
		{"a disabled one does not count", cli, disable("ada"), access.Administrator, true, fault.Conflict, "last administrator"},
		{"the command disables one of two", cli, disable("ada"), access.Administrator, false, 0, ""},
		{"disables an officer", ada, disable("bob"), access.Officer, false, 0, ""},
		{"a supervisor may not", access.Actor{Name: "sue", Role: access.Supervisor}, disable("bob"), access.Officer, false, fault.Forbidden, "right"},
	} {
		p := &people{users: []access.User{{Name: "ada", Role: access.Administrator}, {Name: "bob", Role: c.bob, Disabled: c.off}}}
		err := c.act(access.Accounts{Store: p}, c.by)
		switch {
		case c.words == "" && (err != nil || len(p.acts) != 1):
			t.Errorf("%s: %v, %v", c.what, err, p.acts)
		case c.words != "" && (!fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.words) || len(p.acts) != 0):
			t.Errorf("%s: %v, %v; want %q", c.what, err, p.acts, c.words)
		}
	}
}

func TestAccountsSayAllThatIsWrong(t *testing.T) {
	ada := access.Actor{Name: "ada", Role: access.Administrator}
	err := access.Accounts{Store: &people{}}.Add(t.Context(), ada, "a b", "king", "short")
	if f := fault.Fields(err); len(f) != 3 || f[0].Name != "name" || f[1].Name != "role" || f[2].Name != "password" || !strings.Contains(f[1].Msg, "supervisor") {
		t.Errorf("%v", err)
	}
}

func TestSessionsEnd(t *testing.T) {
	ada := access.Actor{Name: "ada", Role: access.Administrator}
	p := &people{users: []access.User{{Name: "ada", Role: access.Administrator}, {Name: "bob", Role: access.Officer}}}
	a := access.Accounts{Store: p}
	for i, act := range []func() error{
		func() error { return a.SignOut(t.Context(), ada, "bob") },
		func() error { return a.SetPassword(t.Context(), ada, "bob", "a long password") },
		func() error { return a.Disable(t.Context(), ada, "bob") },
	} {
		if err := act(); err != nil || p.users[1].Era != i+1 {
			t.Errorf("act %d: %v, era %d", i, err, p.users[1].Era)
		}
	}
	if err := a.Enable(t.Context(), ada, "bob"); err != nil || p.users[1].Disabled || p.users[1].Era != 3 {
		t.Errorf("enable: %v, %+v", err, p.users[1])
	}
	acts := "user.sign_out bob, user.password bob, user.disable bob, user.enable bob"
	if got := strings.Join(p.acts, ", "); got != acts {
		t.Errorf("%s, want %s", got, acts)
	}
}
