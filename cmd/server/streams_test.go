package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// screen is one open screen as the server sees it: a stream of events that is
// opened again, with the id of the last event, whenever it ends.
type screen struct {
	mu     sync.Mutex
	last   int64          // the id of the last change
	opened int            // how often the stream began
	told   map[string]int // how often of each subject
	faults []string
}

func (s *screen) at() (last int64, opened int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last, s.opened
}

// follow reads events until the context ends.
func (s *screen) follow(ctx context.Context, d *desk) {
	for {
		if err := s.stream(ctx, d); err != nil && ctx.Err() == nil {
			s.mu.Lock()
			s.faults = append(s.faults, err.Error())
			s.mu.Unlock()
		}
		if !pause(ctx) {
			return
		}
	}
}

// stream reads one stream to its end. A server that is away is no fault.
func (s *screen) stream(ctx context.Context, d *desk) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+"/events", nil)
	if err != nil {
		return err
	}
	last, _ := s.at()
	req.Header.Set("Last-Event-ID", strconv.FormatInt(last, 10))
	resp, err := d.http.Do(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the stream is %s", resp.Status)
	}
	var name, id string
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		switch field, value, _ := strings.Cut(lines.Text(), ": "); field {
		case "event":
			name, id = value, ""
		case "id":
			id = value
		case "data":
			if err := s.take(name, id, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// take holds an event against what came before it.
func (s *screen) take(name, id, data string) error {
	var e struct {
		Seq      int64
		Subjects []string
	}
	if err := json.Unmarshal([]byte(data), &e); err != nil {
		return fmt.Errorf("%s: %w", data, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch name {
	case "hello":
		s.opened++
	case "change":
		if id != strconv.FormatInt(e.Seq, 10) || e.Seq <= s.last {
			return fmt.Errorf("told of %d, with the id %q, after %d", e.Seq, id, s.last)
		}
		s.last = e.Seq
		for _, subject := range e.Subjects {
			s.told[subject]++
		}
	}
	return nil
}

// With two hundred screens open the server is killed in the middle of writes,
// and a command writes while none runs: after the restart every screen has been
// told of everything, of nothing twice, and knows the newest number.
func TestTwoHundredStreamsOutliveAKill(t *testing.T) {
	const screens = 200
	p := newProcess(t, buildServer(t))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	start := func() {
		t.Helper()
		if err := p.start(); err != nil {
			t.Fatal(err)
		}
		if err := p.answers(ctx); err != nil {
			t.Fatal(err)
		}
	}
	start()
	d := newDesk(p)
	if err := d.signIn(ctx); err != nil {
		t.Fatal(err)
	}
	streams := newDesk(p)
	streams.http.Jar, streams.http.Timeout = d.http.Jar, 0
	begin := head(t, d)
	open := make([]*screen, screens)
	following, leave := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer leave()
	for i := range open {
		open[i] = &screen{told: map[string]int{}, last: begin}
		all.Go(func() { open[i].follow(following, streams) })
	}
	everyScreen(t, ctx, open, "sees the first server", func(_ int64, opened int) bool { return opened == 1 })

	// Reports are filed one after another; the kill falls between the writing
	// of one and the telling of it.
	var filed []string
	file := func(n int) {
		t.Helper()
		for range n {
			v := reportForm("Filed around a kill", "")
			if _, err := d.post("/incidents", v); err != nil {
				t.Fatal(err)
			}
			filed = append(filed, "incident/"+v.Get("id"))
		}
	}
	file(5)
	everyScreen(t, ctx, open, "is told of the first reports", func(last int64, _ int) bool { return last > begin })
	file(5)
	p.kill()
	if code, out := p.command("", "generate", "--exercise", "--incidents", "5", "--days", "1"); code != 0 {
		t.Fatalf("generate: exit %d\n%s", code, out)
	}
	start()
	answered := time.Now()
	file(5)
	newest := head(t, d)
	everyScreen(t, ctx, open, "has caught up", func(last int64, opened int) bool { return last >= newest && opened == 2 })
	t.Logf("%d streams, the server killed under them: all had caught up %s after the new one answered", screens, time.Since(answered).Round(time.Millisecond))
	leave()
	all.Wait()
	for i, s := range open {
		if len(s.faults) > 0 {
			t.Errorf("screen %d: %s", i, strings.Join(s.faults, "; "))
		}
		incidents := 0
		for subject, n := range s.told {
			// An alarm of the made-up reports may be raised and rise meanwhile: two
			// entries of the chain about one subject. All else is written once.
			if n != 1 && !strings.HasPrefix(subject, "alarm/") {
				t.Errorf("screen %d was told of %s %d times", i, subject, n)
			}
			if strings.HasPrefix(subject, "incident/") {
				incidents++
			}
		}
		if missing := slices.DeleteFunc(slices.Clone(filed), func(subject string) bool { return s.told[subject] == 1 }); len(missing) > 0 || incidents != len(filed)+5 {
			t.Errorf("screen %d was told of %d incidents, not of %v", i, incidents, missing)
		}
	}
}

// everyScreen waits until something holds for all of them.
func everyScreen(t *testing.T, ctx context.Context, open []*screen, what string, holds func(last int64, opened int) bool) {
	t.Helper()
	for {
		left := slices.DeleteFunc(slices.Clone(open), func(s *screen) bool { return holds(s.at()) })
		if len(left) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			last, opened := left[0].at()
			t.Fatalf("%d of %d screens: none of them %s; the first is at %d, opened %d times, %v", len(left), len(open), what, last, opened, left[0].faults)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// head asks what the newest entry of the log is.
func head(t *testing.T, d *desk) int64 {
	t.Helper()
	resp, err := d.http.Get(d.base + "/events/poll")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var e struct{ Seq int64 }
	if err := json.NewDecoder(resp.Body).Decode(&e); err != nil {
		t.Fatal(err)
	}
	return e.Seq
}
