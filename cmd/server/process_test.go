package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"interceptlog/internal/incidents"
)

// buildServer builds the binary as make build does, into a folder of the test.
func buildServer(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "server")
	cmd := exec.Command("go", "build", "-trimpath", "-o", binary, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// process is the binary on a data folder of its own, and the one address that
// it serves again after every start.
type process struct {
	binary, data, listen string

	cmd   *exec.Cmd // the server that was started last
	log   *syncBuffer
	ended chan struct{} // closed when it has
}

// officer is who signs in to a process.
const officer, officerPassword = "lind", "correct horse battery"

// newProcess gives a folder with one officer and an address; nothing runs yet.
func newProcess(t *testing.T, binary string) *process {
	t.Helper()
	p := &process{binary: binary, data: filepath.Join(t.TempDir(), "log"), listen: freeAddress(t), log: &syncBuffer{}}
	if code, out := p.command(officerPassword+"\n", "user", "add", officer, "--role", "officer", "--password-stdin"); code != 0 {
		t.Fatalf("user add: exit %d\n%s", code, out)
	}
	t.Cleanup(p.kill)
	return p
}

// freeAddress gives an address below the ports that the system hands out to
// clients. Of those, one that retries long enough is given the very port that
// it asks for, is then connected to itself, and the server cannot come back.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(10000))
		if ln, err := net.Listen("tcp", address); err == nil {
			ln.Close()
			return address
		}
	}
	t.Fatal("no free port from 20000 to 29999")
	return ""
}

// environment is that of the test without what would change the binary's ways.
func environment() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "INTERCEPTLOG_") {
			env = append(env, e)
		}
	}
	return env
}

// command runs another command of the binary on the folder.
func (p *process) command(stdin string, args ...string) (code int, out string) {
	cmd := exec.Command(p.binary, append(args, "--data", p.data)...)
	cmd.Env, cmd.Stdin = environment(), strings.NewReader(stdin)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	b, err := cmd.Output()
	if err != nil {
		return cmd.ProcessState.ExitCode(), string(b) + stderr.String() + err.Error()
	}
	return 0, string(b)
}

// start starts the server and returns before it answers.
func (p *process) start() error {
	cmd := exec.Command(p.binary, "serve", "--data", p.data, "--listen", p.listen)
	cmd.Env, cmd.Stdout, cmd.Stderr = environment(), io.Discard, p.log
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	p.cmd, p.ended = cmd, ended
	go func() {
		_ = cmd.Wait() // how it ended is in its state
		close(ended)
	}()
	return nil
}

// answers waits until the server says that it is well. A server that ended
// instead, because the folder was still locked or the log broken, is an error.
func (p *process) answers(ctx context.Context) error {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.listen+"/healthz", nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-p.ended:
			return fmt.Errorf("the server ended by itself, %s:\n%s", p.cmd.ProcessState, p.faults())
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w\n%s", ctx.Err(), p.faults())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// kill ends the server at once, as kill -9 does, and waits until it is gone.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.ended
}

// terminate asks the server to end and gives its exit code.
func (p *process) terminate() (code int, err error) {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	<-p.ended
	return p.cmd.ProcessState.ExitCode(), nil
}

// faults gives what the server wrote on standard error but for its requests.
func (p *process) faults() string {
	var lines []string
	for line := range strings.Lines(p.log.String()) {
		if !strings.Contains(line, "level=INFO") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-20):], "")
}

// desk is one officer's browser: its own session and connections.
type desk struct {
	base string
	http *http.Client
}

func newDesk(p *process) *desk {
	jar, _ := cookiejar.New(nil) // never fails
	return &desk{"http://" + p.listen, &http.Client{
		Jar:           jar,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 2},
		Timeout:       time.Minute, // then it is sent again
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// errNoAnswer is a request whose outcome nobody knows: the server was away,
// went away, or asked to come again.
var errNoAnswer = errors.New("no answer")

// post sends a form and gives where the answer leads. Any answer but 303 and
// 503 is a defect of the server.
func (d *desk) post(path string, v url.Values) (location string, err error) {
	req, err := http.NewRequest(http.MethodPost, d.base+path, strings.NewReader(v.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "text/html")
	resp, err := d.http.Do(req)
	if err != nil {
		return "", errors.Join(errNoAnswer, err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusSeeOther:
		return resp.Header.Get("Location"), nil
	case http.StatusServiceUnavailable:
		return "", errNoAnswer
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 8<<10))
	return "", fmt.Errorf("POST %s: %s\n%s", path, resp.Status, body)
}

// signIn signs in, as often as it takes.
func (d *desk) signIn(ctx context.Context) error {
	for {
		to, err := d.post("/login", url.Values{"name": {officer}, "password": {officerPassword}})
		switch {
		case err == nil && to != "/":
			return fmt.Errorf("signing in leads to %s", to)
		case !errors.Is(err, errNoAnswer):
			return err
		case !pause(ctx):
			return ctx.Err()
		}
	}
}

// pause waits a moment before the next try; false when time is up.
func pause(ctx context.Context) bool {
	select {
	case <-time.After(time.Duration(5+rand.IntN(25)) * time.Millisecond):
		return true
	case <-ctx.Done():
		return false
	}
}

// reportForm is a report that is good to file.
func reportForm(title, narrative string) url.Values {
	return url.Values{
		"id": {string(incidents.NewID())}, "title": {title}, "narrative": {narrative},
		"start": {"240231ZNOV23"}, "start_precision": {"exact"}, "position": {"5512N 01848E"}, "position_basis": {"unknown"},
		"intercepting_nations": {"PL"}, "intercepting_platform": {"unknown"}, "intercepted_nations": {"RU"}, "intercepted_platform": {"unknown"},
		"intercepting_aircraft_count": {"2"}, "intercepting_aircraft_designator": {"MG29"}, "intercepting_aircraft_name": {"MiG-29"},
		"airspace_kind": {"unknown"}, "transponder": {"unknown"}, "flight_plan": {"unknown"}, "radio_contact": {"unknown"},
		"severity": {"serious"}, "severity_reason": {"crossed ahead"}, "absence": {"own_log"}, "marking": {"NATO UNCLASSIFIED"},
	}
}
