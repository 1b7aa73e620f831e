package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// do runs a command line and gives its exit code and what it wrote.
func do(t testing.TB, stdin string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, streams{strings.NewReader(stdin), &o, &e})
	return code, o.String(), e.String()
}

// must runs a command line that has to succeed.
func must(t testing.TB, args ...string) string {
	t.Helper()
	code, out, errs := do(t, "", args...)
	if code != 0 {
		t.Fatalf("%v: exit %d\n%s\n%s", args, code, out, errs)
	}
	return out
}

const sample = "../../testdata/research/"

func TestCommandLine(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	dir := t.TempDir()
	tests := []struct {
		name, stdin string
		args        []string
		code        int
		out, errs   string // what is said, as a pattern
	}{
		{"nothing", "", nil, 0, `Usage: server <command>`, ``},
		{"version", "", []string{"version"}, 0, `^interceptlog .*go1`, ``},
		{"help", "", []string{"import", "--help"}, 0, `(?s)all-or-nothing.*Examples`, ``},
		{"no such command", "", []string{"fly"}, 2, ``, `fly`},
		{"no such flag", "", []string{"version", "--fast"}, 2, ``, `--fast`},
		{"add", "correct horse battery\n", []string{"user", "--data", dir, "add", "lind", "--role", "officer", "--password-stdin"}, 0, `added lind \(officer\)`, ``},
		{"add again", "correct horse battery\n", []string{"user", "add", "lind", "--role", "officer", "--password-stdin", "--data", dir}, 1, ``, `lind`},
		{"made password", "", []string{"--data", dir, "user", "add", "berg", "--role=viewer"}, 0, `password, shown once: \w{20}`, ``},
		{"bad role", "", []string{"user", "--data", dir, "add", "x", "--role", "king"}, 1, ``, `accepted: wall, viewer, analyst, officer, supervisor, admin`},
		{"a screen on the wall", "a password for walls\n", []string{"user", "--data", dir, "add", "wall-1", "--role", "wall", "--password-stdin"}, 0, `added wall-1 \(wall\)`, ``},
		{"short password", "short\n", []string{"user", "--data", dir, "add", "x", "--role", "viewer", "--password-stdin"}, 1, ``, `at least 10`},
		{"bad name", "", []string{"user", "--data", dir, "add", "a b", "--role", "viewer"}, 1, ``, `without spaces`},
		{"list", "", []string{"user", "--data", dir, "list"}, 0, `(?s)berg +viewer +active.*lind +officer +active`, ``},
		{"passwd", "another good one\n", []string{"user", "--data", dir, "passwd", "lind", "--password-stdin"}, 0, `password set for lind`, ``},
		{"passwd of nobody", "", []string{"user", "--data", dir, "passwd", "nobody"}, 1, ``, `nobody`},
		{"disable", "", []string{"user", "--data", dir, "disable", "lind"}, 0, `disabled lind`, ``},
		{"list disabled", "", []string{"user", "--data", dir, "list"}, 0, `lind +officer +disabled`, ``},
		{"import format", "", []string{"import", "--data", dir, "--format", "xml", sample + "incidents.ndjson"}, 1, ``, `accepted: geojson`},
		{"import nothing", "", []string{"import", "--data", dir, "--format", "research", dir + "/none"}, 1, ``, `cannot be read`},
		{"import", "", []string{"import", "--data", dir, "--format", "research", sample + "hotline.ndjson", sample + "incidents.ndjson"}, 0, `(?s)115 created`, ``},
		{"import again", "", []string{"import", "--data", dir, "--format", "research", sample + "incidents.ndjson", sample + "hotline.ndjson"}, 0, `(?s)115 unchanged`, ``},
		{"import a bad line", `{"id":"x","title":"no time"}` + "\n", []string{"import", "--data", dir, "--format", "research", "-"}, 1, `standard input:1: `, `not every row`},
		{"export", "", []string{"export", "--data", dir, "--format", "geojson", "--region", "black", "--severity", "high_risk"}, 0, `^\{"type":"FeatureCollection"`, ``},
		{"export format", "", []string{"export", "--data", dir, "--format", "dxf"}, 1, ``, `accepted: geojson`},
		{"export filter", "", []string{"export", "--data", dir, "--region", "pacific"}, 1, ``, `accepted: baltic, black, norwegian, outside`},
		{"verify", "", []string{"audit", "--data", dir, "verify"}, 0, `^\d+ entries verified; head [0-9a-f]{64}`, ``},
		{"list audit", "", []string{"audit", "--data", dir, "list"}, 0, `(?m)^\d+\t.*\tcli:\S+\tuser\.`, ``},
		{"read position", "", []string{"read", "position", "5854N 02230E", "--json"}, 0, `^\{"geometry":\{"type":"Point","coordinates":\[22.5,58.9\]\},"uncertainty_nm":0.5,"notation":"dm","reading":"58°54.0'N 022°30.0'E","warnings":\[\]\}\n$`, `^$`},
		{"read a southern position", "", []string{"read", "position", "--json", "-33.5 151.2"}, 0, `"coordinates":\[151.2,-33.5\]`, `^$`},
		{"read position for a person", "", []string{"read", "position", "near Visby"}, 0, `(?s)place, within 15 NM.*How far off`, `^$`},
		{"read no position", "", []string{"read", "position", "nowhere", "--json"}, 1, `^$`, `(?s)“nowhere” is not a position.*5854N 02230E`},
		{"read a position of two meanings", "", []string{"read", "position", "22.5, 58.9", "--json"}, 2, `^$`, `(?m)^  58.9N 22.5E\n  22.5N 58.9E$`},
		{"read time", "", []string{"read", "time", "141630ZMAR23", "--now", "2023-03-15T00:00:00Z", "--json"}, 0, `^\{"from":"2023-03-14T16:30:00Z","to":"2023-03-14T16:31:00Z","precision":"exact","reading":"141630ZMAR23","warnings":\[\]\}\n$`, `^$`},
		{"read a time back", "", []string{"read", "time", "-25m", "--now=2026-11-24T03:12:00Z", "--json"}, 0, `"from":"2026-11-24T02:47:00Z"`, `^$`},
		{"read no time", "", []string{"read", "time", "soon", "--now", "2026-11-24T03:12:00Z"}, 1, `^$`, `Enter a time as 141630ZMAR23`},
		{"read a time of two meanings", "", []string{"read", "time", "2023", "--now", "2026-11-24T03:12:00Z"}, 2, `^$`, `(?m)^  2023Z\n  year 2023$`},
		{"read report", "At 141630ZMAR23 two Norwegian F-16s intercepted two Tu-95 Bears off Norway. No flight plan.", []string{"read", "report", "--now", "2023-03-15T00:00:00Z", "--json"}, 0, `^\{"fields":\[\{"field":"from","value":"2023-03-14T16:30:00Z","text":"[^"]*141630ZMAR23","start":\d+,"end":\d+\}.*"intercepted.aircraft","value":\[\{"designator":"TU95","count":2\}\]`, `^$`},
		{"read no report", "Boil the pasta for nine minutes.", []string{"read", "report", "--json"}, 0, `^\{"fields":\[\]\}\n$`, `^$`},
		{"read what is no text", "\xff\xfe", []string{"read", "report"}, 1, `^$`, `not UTF-8`},
		{"serve sample beyond this machine", "", []string{"serve", "--data", dir, "--sample", "--listen", "0.0.0.0:0"}, 1, ``, `this machine only`},
		{"serve and let no token ask", "", []string{"serve", "--data", dir, "--token-rate", "0"}, 1, ``, `accepted: a number of requests a second above 0`},
		{"serve a log with a moved clock", "", []string{"serve", "--data", dir, "--clock-offset", "1h"}, 1, ``, `accepted with --sample`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errs := do(t, tt.stdin, tt.args...)
			if code != tt.code || !regexp.MustCompile(tt.out).MatchString(out) || !regexp.MustCompile(tt.errs).MatchString(errs) {
				t.Errorf("exit %d, want %d\n%s\n%s", code, tt.code, out, errs)
			}
		})
	}
}

func TestDataFolderFromTheEnvironment(t *testing.T) {
	t.Setenv("INTERCEPTLOG_DATA", filepath.Join(t.TempDir(), "deep", "log"))
	must(t, "user", "add", "lind", "--role", "officer")
	if out := must(t, "user", "list"); !strings.Contains(out, "lind") {
		t.Error(out)
	}
}

// Every command explains itself with an example.
func TestHelpHasExamples(t *testing.T) {
	for _, command := range []string{"serve", "import", "export", "user", "user add", "user list", "user disable", "user passwd", "audit", "audit verify", "audit list", "token", "token add", "token list", "token revoke", "version"} {
		if out := must(t, append(strings.Fields(command), "--help")...); !strings.Contains(out, "Example") || !strings.Contains(out, "    server "+strings.Fields(command)[0]) {
			t.Errorf("%s --help has no example:\n%s", command, out)
		}
	}
}

// Every flag also comes by environment.
func TestFlagsFromTheEnvironment(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	dir := t.TempDir()
	t.Setenv("INTERCEPTLOG_DATA", dir)
	t.Setenv("INTERCEPTLOG_FORMAT", "research")
	t.Setenv("INTERCEPTLOG_ROLE", "viewer")
	must(t, "import", sample+"incidents.ndjson", sample+"hotline.ndjson")
	must(t, "user", "add", "berg")
	t.Setenv("INTERCEPTLOG_FORMAT", "geojson")
	t.Setenv("INTERCEPTLOG_REGION", "black,baltic")
	if n := features(t, must(t, "export")); n != 80 {
		t.Errorf("%d incidents of two regions", n)
	}
	if n := features(t, must(t, "export", "--region", "norwegian")); n != 35 {
		t.Errorf("%d incidents; a flag goes before the environment", n)
	}
}

func TestAllOrNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	dir := t.TempDir()
	good, err := os.ReadFile(sample + "incidents.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "mixed.ndjson")
	if err := os.WriteFile(file, append(good, []byte(`{"id":"broken"}`+"\n")...), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "log")
	if code, _, _ := do(t, "", "import", "--data", data, "--format", "research", "--all-or-nothing", file); code != 1 {
		t.Errorf("exit %d", code)
	}
	if n := features(t, must(t, "export", "--data", data)); n != 0 {
		t.Errorf("%d incidents were kept", n)
	}
	if code, _, _ := do(t, "", "import", "--data", data, "--format", "research", file); code != 1 {
		t.Errorf("exit %d", code)
	}
	if n := features(t, must(t, "export", "--data", data)); n != 115 {
		t.Errorf("%d incidents were kept, want the 115 good ones", n)
	}
}

func features(t *testing.T, collection string) int {
	t.Helper()
	var c struct{ Features []json.RawMessage }
	if err := json.Unmarshal([]byte(collection), &c); err != nil {
		t.Fatal(err)
	}
	return len(c.Features)
}

// syncBuffer is a buffer that a test reads while a server writes.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *syncBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

// serving starts a server, waits for its address, and gives a way to stop it
// that checks its exit code.
func serving(t *testing.T, args ...string) (address string, out *syncBuffer, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out = &syncBuffer{}
	logged := &syncBuffer{}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), streams{strings.NewReader(""), out, logged})
	}()
	pattern := regexp.MustCompile(`Intercept Log: (http://\S+)/`)
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(20 * time.Millisecond) {
		if m := pattern.FindStringSubmatch(out.String()); m != nil {
			address = m[1]
			break
		}
	}
	if address == "" {
		t.Fatalf("no address:\n%s\n%s", out, logged)
	}
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if code := <-ended; code != 0 {
				t.Errorf("exit %d\n%s", code, logged)
			}
		})
	}
	t.Cleanup(stop)
	return address, out, stop
}

func TestServe(t *testing.T) {
	dir := t.TempDir()
	address, out, stop := serving(t, "--data", dir, "--sample")
	for _, want := range []string{"115 created", "officer", "sample-officer"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q was not printed:\n%s", want, out)
		}
	}
	resp, err := http.Get(address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s %v", resp.Status, body, err)
	}
	if code, _, errs := do(t, "", "serve", "--data", dir, "--listen", "127.0.0.1:0"); code != 1 || !strings.Contains(errs, "nother server") {
		t.Errorf("a second server on the folder: exit %d, %s", code, errs)
	}
	// A command may work beside the server.
	if out := must(t, "import", "--data", dir, "--format", "research", sample+"incidents.ndjson"); !strings.Contains(out, "115 unchanged") {
		t.Error(out)
	}
	stop()
	must(t, "audit", "--data", dir, "verify")
	// Started again, the log is as it was; the sample is not loaded twice.
	_, out, stop = serving(t, "--data", dir, "--sample")
	if !strings.Contains(out.String(), "115 unchanged") {
		t.Error(out)
	}
	stop()
	// Sample passwords are printed, so no other machine may reach them.
	if code, _, errs := do(t, "", "serve", "--data", dir, "--listen", "0.0.0.0:0"); code != 1 || !strings.Contains(errs, "sample user") {
		t.Errorf("sample users beyond this machine: exit %d, %s", code, errs)
	}
}

func TestFirstStartMakesOneAdmin(t *testing.T) {
	dir := t.TempDir()
	_, out, stop := serving(t, "--data", dir)
	stop()
	if !regexp.MustCompile(`first start: user admin \(admin\); password, shown once: \w{20}`).MatchString(out.String()) {
		t.Error(out)
	}
	_, out, stop = serving(t, "--data", dir)
	stop()
	if strings.Contains(out.String(), "password") {
		t.Errorf("a password was printed again:\n%s", out)
	}
}
