package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestToken(t *testing.T) {
	dir := t.TempDir()
	if code, _, errs := do(t, "correct horse battery\n", "user", "--data", dir, "add", "lind", "--role", "officer", "--password-stdin"); code != 0 {
		t.Fatal(errs)
	}
	must(t, "user", "--data", dir, "add", "wall-1", "--role", "wall")
	code, out, errs := do(t, "", "token", "--data", dir, "add", "--user", "lind", "--scope", "read,write")
	m := regexp.MustCompile(`^ilt_([a-z2-7]{16})_[a-z2-7]{52}\n$`).FindStringSubmatch(out)
	if code != 0 || m == nil || !strings.Contains(errs, "token "+m[1]+" of lind (read,write) until 20") || strings.Contains(errs, strings.TrimSpace(out)) {
		t.Fatalf("exit %d\n%s\n%s", code, out, errs)
	}
	id, secret := m[1], strings.TrimSpace(out)
	for _, c := range []struct {
		what string
		args []string
		code int
		out  string
		errs string
	}{
		{"a filter", []string{"add", "--user", "lind", "--filter", "region=baltic&exercise=exclude", "--name", "one sea", "--expires", "1 d"}, 0, `^ilt_`, `\(read,export\)`},
		{"nobody's", []string{"add", "--user", "nobody", "--scope", "read"}, 1, `^$`, `nobody`},
		{"a screen's", []string{"add", "--user", "wall-1", "--scope", "read"}, 1, `^$`, `--user: .*has no tokens`},
		{"no scope", []string{"add", "--user", "lind"}, 1, `^$`, `--scope: .*Accepted: read, export, write`},
		{"a bad filter", []string{"add", "--user", "lind", "--filter", "region=pacific"}, 1, `^$`, `--filter: region .*accepted: baltic`},
		{"too long", []string{"add", "--user", "lind", "--scope", "read", "--expires", "3000d"}, 1, `^$`, `--expires: .*two years`},
		{"no time at all", []string{"add", "--user", "lind", "--scope", "read", "--expires", "0d"}, 1, `^$`, `--expires: .*two years`},
		{"no time", []string{"add", "--user", "lind", "--scope", "read", "--expires", "soon"}, 1, `^$`, `--expires: .*no time`},
		{"list", []string{"list"}, 0, `(?m)one sea  +read,export +exercise=exclude&region=baltic +until \S+ +used never +good\n` + id + ` +lind +from the command line +read,write +all +until \S+ +used never +good$`, `^$`},
		{"list of one user", []string{"list", "--user", "wall-1"}, 0, `^$`, `^$`},
		{"list of nobody", []string{"list", "--user", "nobody"}, 1, `^$`, `nobody`},
		{"revoke by the secret", []string{"revoke", secret}, 1, `^$`, `is the token itself`},
		{"revoke", []string{"revoke", id}, 0, `revoked ` + id, `^$`},
		{"revoke again", []string{"revoke", id}, 0, `revoked ` + id, `^$`},
		{"revoke none", []string{"revoke", "none"}, 1, `^$`, `no token`},
		{"list with one revoked", []string{"list"}, 0, id + `.*was revoked on 20`, `^$`},
	} {
		code, out, errs := do(t, "", append([]string{"token", "--data", dir}, c.args...)...)
		if code != c.code || !regexp.MustCompile(c.out).MatchString(out) || !regexp.MustCompile(c.errs).MatchString(errs) {
			t.Errorf("%s: exit %d\n%s\n%s", c.what, code, out, errs)
		}
		if strings.Contains(errs+out, secret) {
			t.Errorf("%s: the token is printed again", c.what)
		}
	}
	audit := must(t, "audit", "--data", dir, "list")
	if strings.Contains(audit, secret) || strings.Contains(audit, secret[21:]) || strings.Count(audit, "\ttoken.add\tuser/lind\t") != 2 || strings.Count(audit, "\ttoken.revoke\tuser/lind\t") != 1 {
		t.Errorf("the audit chain:\n%s", audit)
	}
}

func TestOpenReadIsSaidAtStart(t *testing.T) {
	const words = "Reading is open at /ogc and /export: whoever reaches this address reads the log"
	for _, args := range [][]string{{"--open-read"}, nil} {
		address, out, stop := serving(t, append([]string{"--data", t.TempDir()}, args...)...)
		resp, err := http.Get(address + "/export/incidents.geojson")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		stop()
		want := map[bool]int{true: http.StatusOK, false: http.StatusUnauthorized}[args != nil]
		if resp.StatusCode != want || strings.Contains(out.String(), words) != (args != nil) {
			t.Errorf("%v: %s\n%s", args, resp.Status, out)
		}
	}
}

// What was read shortly before the end is in the chain all the same.
func TestReadsOutliveTheEnd(t *testing.T) {
	dir := t.TempDir()
	address, _, stop := serving(t, "--data", dir, "--open-read")
	resp, err := http.Get(address + "/ogc/collections/places/items?limit=7")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	stop()
	audit := must(t, "audit", "--data", dir, "list")
	if want := "\topen-read\tread\tplaces\t"; strings.Count(audit, want) != 1 || !strings.Contains(audit, `"address":"127.0.0.1","requests":1,"features":7,"asked":{"":7}`) {
		t.Errorf("status %s; no %q in\n%s", resp.Status, want, audit)
	}
}
