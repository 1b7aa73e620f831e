package main

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// A server that is asked to end lets open requests finish: what it
// acknowledged is in the log, and its exit code is 0.
func TestTerminatedInTheMiddleOfWrites(t *testing.T) {
	p := newProcess(t, buildServer(t))
	ctx, cancel := context.WithTimeout(t.Context(), *soakLimit)
	defer cancel()
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	l := &ledger{sent: map[string]saved{}}
	var all sync.WaitGroup
	for n := range 6 {
		all.Go(func() {
			if err := aWatch(ctx, p, l, n, math.MaxInt); err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("client %d: %v", n, err)
				cancel()
			}
		})
	}
	for l.count() < 60 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	code, err := p.terminate()
	if code != 0 || err != nil || !strings.Contains(p.log.String(), "shutting down") {
		t.Errorf("exit %d, %v\n%s", code, err, p.faults())
	}
	if ctx.Err() != nil {
		t.Errorf("only %d saves", l.count())
	}
	cancel()
	all.Wait()
	if n, _ := checkLog(t, p, l); n != l.acked {
		t.Errorf("%d reports are in the log and %d were acknowledged: an answer was cut off", n, l.acked)
	}
}

// Whoever has signed in is signed in after a kill, even one at that moment.
func TestSessionOutlivesAKill(t *testing.T) {
	p := newProcess(t, buildServer(t))
	ctx, cancel := context.WithTimeout(t.Context(), *soakLimit)
	defer cancel()
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	d := newDesk(p)
	for range 2 {
		if err := d.signIn(ctx); err != nil {
			t.Fatal(err)
		}
		p.kill()
		if err := p.start(); err != nil {
			t.Fatal(err)
		}
		if err := p.answers(ctx); err != nil {
			t.Fatal(err)
		}
		resp, err := d.http.Get(d.base + "/incidents/new")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("the form after the restart: %s, to %q", resp.Status, resp.Header.Get("Location"))
		}
		v := reportForm("After the kill", "")
		if to, err := d.post("/incidents", v); err != nil || to != "/incidents/"+v.Get("id") {
			t.Errorf("a report after the restart: %q %v", to, err)
		}
	}
}
