package storetest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/store"
)

// countRows counts the rows of a table that an audit entry stands for.
func countRows(detail, table string) (n int) {
	var d struct{ Rows []struct{ Table string } }
	_ = json.Unmarshal([]byte(detail), &d)
	for _, r := range d.Rows {
		if r.Table == table {
			n++
		}
	}
	return n
}

func testUsers(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	before := entries(t, s)
	check(t, s.AddUser(ctx, supervisor, access.User{Name: "olsen", Role: access.Officer, PasswordHash: "$argon2id$secret"}))
	check(t, s.AddUser(ctx, supervisor, access.User{Name: "Olsen", Role: access.Viewer, Disabled: true}))
	wantKind(t, s.AddUser(ctx, supervisor, access.User{Name: "olsen"}), fault.Conflict)
	u := must(s.User(ctx, "olsen"))(t)
	if u.Role != access.Officer || u.PasswordHash != "$argon2id$secret" || u.Disabled || u.CreatedAt.Before(Begin) {
		t.Fatalf("stored as %+v", u)
	}
	change := func(as access.Change, err error) func([]access.User, *access.User) (access.Change, error) {
		return func(all []access.User, u *access.User) (access.Change, error) {
			if len(all) != 2 || u.Name != "olsen" {
				t.Errorf("%s of %d may be changed", u.Name, len(all))
			}
			u.PasswordHash, u.Disabled, u.Era, u.Role = "$argon2id$other", true, 3, access.Analyst
			return as, err
		}
	}
	check(t, s.ChangeUser(ctx, supervisor, "olsen", change(access.Change{}, nil)))
	wantKind(t, s.ChangeUser(ctx, supervisor, "olsen", change(access.Change{Action: "user.role"}, fault.New(fault.Conflict, "no"))), fault.Conflict)
	if now := must(s.User(ctx, "olsen"))(t); now != u {
		t.Fatalf("changed without an act: %+v", now)
	}
	check(t, s.ChangeUser(ctx, supervisor, "olsen", change(access.Change{Action: "user.role", Detail: map[string]any{"was": "officer"}}, nil)))
	check(t, s.Audit(ctx, officer, "user.sign_in", "user/olsen", nil))
	check(t, s.Audit(ctx, officer, "user.other", "user/olsen", nil))
	u = must(s.User(ctx, "olsen"))(t)
	if !u.Disabled || u.PasswordHash != "$argon2id$other" || u.Era != 3 || u.Role != access.Analyst {
		t.Fatalf("changed to %+v", u)
	}
	wantKind(t, s.ChangeUser(ctx, supervisor, "nobody", change(access.Change{}, nil)), fault.NotFound)
	_, err := s.User(ctx, "OLSEN")
	wantKind(t, err, fault.NotFound)
	list := must(s.Users(ctx))(t)
	if len(list) != 2 || list[0].Name != "Olsen" || !list[0].LastSignIn.IsZero() || list[1].LastSignIn.Before(Begin) {
		t.Errorf("users %+v", list)
	}
	if n := entries(t, s) - before; n != 5 {
		t.Errorf("%d entries, want 5", n)
	}
	check(t, s.EachEntry(ctx, 0, func(e access.Entry) error {
		if strings.Contains(e.Detail, "argon2id") {
			t.Error("a password hash is in the audit log")
		}
		return nil
	}))
	whole(t, s)
}

func testSessions(t *testing.T, s *store.Store) {
	c := setClock(s, 0)
	p := s.Sessions()
	ctx := t.Context()
	before := entries(t, s)
	check(t, p.CommitCtx(ctx, "token1", []byte("one"), Begin.Add(time.Hour)))
	check(t, p.Commit("token2", nil, Begin.Add(2*time.Hour)))
	check(t, p.CommitCtx(ctx, "token1", []byte("uno"), Begin.Add(time.Hour)))
	find := func(token string, want string, there bool) {
		t.Helper()
		data, ok, err := p.FindCtx(ctx, token)
		check(t, err)
		if ok != there || string(data) != want {
			t.Errorf("%s: %q %v, want %q %v", token, data, ok, want, there)
		}
	}
	find("token1", "uno", true)
	find("token2", "", true)
	find("token3", "", false)
	all := must(p.All())(t)
	if _, ok := all["token1"]; ok || len(all) != 2 {
		t.Errorf("all: %v", all)
	}
	c.set(Begin.Add(time.Hour))
	find("token1", "", false)
	find("token2", "", true)
	check(t, p.Cleanup(ctx))
	c.set(Begin)
	find("token1", "", false)
	check(t, p.Delete("token2"))
	check(t, p.Delete("token2"))
	find("token2", "", false)
	if all := must(p.AllCtx(ctx))(t); all == nil || len(all) != 0 {
		t.Errorf("all: %v", all)
	}
	if entries(t, s) != before {
		t.Error("sessions left audit entries")
	}
}

func testAudit(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	check(t, s.Audit(ctx, officer, "export.start", "export/geojson", map[string]any{"filter": "region=baltic"}))
	check(t, s.Audit(ctx, officer, "export.end", "export/geojson", nil))
	m := newModel(t, s)
	m.fill(t, s, newSource(60), 10)
	var list []access.Entry
	check(t, s.EachEntry(ctx, 0, func(e access.Entry) error {
		list = append(list, e)
		return nil
	}))
	for i, e := range list {
		if e.Seq != int64(i+1) || i > 0 && (e.Prev != list[i-1].Hash || e.At < list[i-1].At) {
			t.Fatalf("entry %d: %+v", i+1, e)
		}
	}
	if e := list[1]; e.Actor != "hansen" || e.Action != "export.start" || e.Detail != `{"filter":"region=baltic"}` {
		t.Errorf("entry %+v", e)
	}
	same(t, "head", must(s.ChainHead(ctx))(t), list[len(list)-1])
	n := 0
	err := s.EachEntry(ctx, 4, func(e access.Entry) error {
		if n++; e.Seq != 4 {
			t.Errorf("began at %d", e.Seq)
		}
		return errStop
	})
	if n != 1 || !errors.Is(err, errStop) {
		t.Errorf("%v after %d", err, n)
	}
	whole(t, s)
}
