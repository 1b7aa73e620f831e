package access_test

import (
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
)

func TestRightsGrowWithTheRole(t *testing.T) {
	want := map[access.Role]string{
		access.Wall: "board", access.Viewer: "board read", access.Analyst: "board read export", access.Officer: "board read export write",
		access.Supervisor: "board read export write manage", access.Administrator: "board read export write manage admin", "": "", "stranger": "",
	}
	for role, rights := range want {
		var got []string
		for _, r := range []access.Right{access.Board, access.Read, access.Export, access.Write, access.Manage, access.Admin} {
			if role.May(r) {
				got = append(got, string(r))
			}
		}
		if strings.Join(got, " ") != rights {
			t.Errorf("%s: got %v, want %s", role, got, rights)
		}
		if !role.May(access.Public) {
			t.Errorf("%s may not see what is public", role)
		}
	}
}

func TestPasswords(t *testing.T) {
	hash := access.HashPassword("correct horse battery")
	if !access.PasswordMatches("correct horse battery", hash) {
		t.Error("the right password does not match")
	}
	for _, wrong := range []string{"", "correct horse batterz", "correct horse battery "} {
		if access.PasswordMatches(wrong, hash) {
			t.Errorf("%q matches", wrong)
		}
	}
	for _, broken := range []string{"", "x", "$argon2id$v=19$m=99999999,t=1,p=1$AAAA$AAAA", "$argon2i$v=19$m=1,t=1,p=1$AAAA$AAAA"} {
		if access.PasswordMatches("x", broken) {
			t.Errorf("hash %q matches", broken)
		}
	}
	if hash == access.HashPassword("correct horse battery") {
		t.Error("two hashes of one password are the same: no salt")
	}
	if a, b := access.RandomPassword(), access.RandomPassword(); a == b || len(a) != 20 || access.CheckPassword(a) != nil {
		t.Errorf("random passwords %q and %q", a, b)
	}
	if access.CheckPassword("short") == nil {
		t.Error("a short password is taken")
	}
}

func TestThrottleWaitsLongerEachTime(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	th := access.Throttle{Free: 2, First: time.Second, Most: 4 * time.Second, Now: func() time.Time { return now }}
	for i, want := range []time.Duration{0, 0, 1, 2, 4, 4} {
		th.Fail("account:lind", "address:10.0.0.1")
		if got := th.Wait("account:lind"); got != want*time.Second {
			t.Errorf("after %d failures: wait %s, want %ds", i+1, got, want)
		}
	}
	if th.Wait("account:other") != 0 || th.Wait("account:other", "address:10.0.0.1") == 0 {
		t.Error("keys are not apart")
	}
	th.Forget("account:lind")
	if th.Wait("account:lind") != 0 || th.Wait("address:10.0.0.1") == 0 {
		t.Error("forgetting one key forgets the other or itself not")
	}
	now = now.Add(time.Minute)
	if th.Wait("address:10.0.0.1") != 0 {
		t.Error("the wait does not end")
	}
}
