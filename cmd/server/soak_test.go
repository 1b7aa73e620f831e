package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The size of the soak. `go test` runs the short form, `make soak` the whole.
var (
	soakSaves   = flag.Int("soak.saves", 300, "soak: reports to save")
	soakClients = flag.Int("soak.clients", 8, "soak: clients that save at the same time")
	soakKills   = flag.Int("soak.kills", 4, "soak: times that the server is killed")
	soakSeed    = flag.Uint64("soak.seed", 1, "soak: when to kill, and what to send twice")
	soakLimit   = flag.Duration("soak.limit", 3*time.Minute, "soak: longest time that all may take")
)

// ledger is what the clients know: what they sent, and what was acknowledged.
type ledger struct {
	mu     sync.Mutex
	sent   map[string]saved // by id
	acked  int
	twice  int // reports that were sent twice at the same moment
	lost   int // requests without an answer
	took   []time.Duration
	killed bool // as often as it should be
}

// saved is one report as its client knows it.
type saved struct {
	title, narrative string
	acked            bool
}

// next enters a report that is about to be sent; false when enough are saved.
func (l *ledger) next(saves int, s saved, id string, twice bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.sent) >= saves && l.killed {
		return false
	}
	l.sent[id] = s
	if twice {
		l.twice++
	}
	return true
}

// acknowledge notes that the server said that it has the report.
func (l *ledger) acknowledge(id string, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.sent[id]
	s.acked = true
	l.sent[id] = s
	l.acked++
	l.took = append(l.took, took)
}

func (l *ledger) unanswered() { l.mu.Lock(); l.lost++; l.mu.Unlock() }
func (l *ledger) allKilled()  { l.mu.Lock(); l.killed = true; l.mu.Unlock() }
func (l *ledger) count() int  { l.mu.Lock(); defer l.mu.Unlock(); return l.acked }

// file sends one report until it is acknowledged: the same form again after
// every answer that did not come, and two at once for a double click.
func (l *ledger) file(ctx context.Context, d *desk, title, narrative string, saves int, twice bool) (more bool, err error) {
	v := reportForm(title, narrative)
	id := v.Get("id")
	if !l.next(saves, saved{title: title, narrative: narrative}, id, twice) {
		return false, nil
	}
	begun := time.Now()
	clicks := 1
	if twice {
		clicks = 2
	}
	for {
		answers := make(chan error, clicks)
		for range clicks {
			go func() {
				to, err := d.post("/incidents", v)
				if err == nil && to != "/incidents/"+id {
					err = fmt.Errorf("report %s leads to %s", id, to)
				}
				answers <- err
			}()
		}
		acked := false
		for range clicks {
			switch err := <-answers; {
			case err == nil:
				acked = true
			case errors.Is(err, errNoAnswer):
				l.unanswered()
			default:
				return false, err
			}
		}
		if acked {
			l.acknowledge(id, time.Since(begun))
			return true, nil
		}
		if !pause(ctx) {
			return false, nil
		}
	}
}

// TestSoak saves reports from many desks while the server is killed at random
// and started again: every report that was acknowledged is in the log once,
// with its text, none is there twice, and the audit chain is whole. A session
// that was given out holds through all of it.
func TestSoak(t *testing.T) {
	p := newProcess(t, buildServer(t))
	ctx, cancel := context.WithTimeout(t.Context(), *soakLimit)
	defer cancel()
	begun := time.Now()
	l := &ledger{sent: map[string]saved{}}
	restarts, early, err := []time.Duration(nil), 0, error(nil)
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		defer l.allKilled()
		restarts, early, err = killAtRandom(ctx, p, l)
	})
	for n := range *soakClients {
		all.Go(func() {
			if err := aWatch(ctx, p, l, n, *soakSaves); err != nil {
				t.Errorf("client %d: %v", n, err)
				cancel()
			}
		})
	}
	all.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatalf("not done after %s: %d of %d saves, %d of %d kills", time.Since(begun), l.acked, *soakSaves, len(restarts)+early, *soakKills)
	}
	if code, err := p.terminate(); code != 0 || err != nil {
		t.Errorf("the end: exit %d, %v\n%s", code, err, p.faults())
	}
	_, verified := checkLog(t, p, l)
	t.Logf("%d saves acknowledged by %d clients in %s, %d sent twice at once, %d requests unanswered and sent again",
		l.acked, *soakClients, time.Since(begun).Round(100*time.Millisecond), l.twice, l.lost)
	t.Logf("a save took %s, at most %s", spread(l.took), slices.Max(l.took).Round(time.Millisecond))
	t.Logf("%d kills, %d of them during a start; a start took %s, at most %s, until /healthz answered",
		*soakKills, early, spread(restarts), slices.Max(restarts).Round(time.Millisecond))
	t.Log(verified)
}

// spread tells the median.
func spread(list []time.Duration) string {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2].Round(time.Millisecond).String() + " at the median"
}

// aWatch is one client: it signs in once and files reports until all is done.
// Every fifth client clicks twice.
func aWatch(ctx context.Context, p *process, l *ledger, n, saves int) error {
	d := newDesk(p)
	if err := d.signIn(ctx); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(*soakSeed, uint64(n)))
	for i := 0; ctx.Err() == nil; i++ {
		title := fmt.Sprintf("Report %d of desk %d", i, n)
		narrative := title + strings.Repeat(" – “крен 30°, no answer on 121.5”", random.IntN(60))
		more, err := l.file(ctx, d, title, narrative, saves, n%5 == 0)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// killAtRandom kills the server and starts it again, spread at random over the
// saves; one kill in five falls into the start after the kill before it. It
// gives how long each start took that was left to answer.
func killAtRandom(ctx context.Context, p *process, l *ledger) (restarts []time.Duration, early int, err error) {
	random := rand.New(rand.NewPCG(*soakSeed, 1<<32))
	at := make([]int, *soakKills)
	for i := range at {
		at[i] = random.IntN(*soakSaves)
	}
	slices.Sort(at)
	moment := func(most time.Duration) { time.Sleep(time.Duration(random.Int64N(int64(most)))) }
	for i, n := range at {
		for l.count() < n {
			select {
			case <-ctx.Done():
				return restarts, early, nil
			case <-time.After(time.Millisecond):
			}
		}
		moment(20 * time.Millisecond)
		p.kill()
		begun := time.Now()
		if err := p.start(); err != nil {
			return restarts, early, err
		}
		if i+1 < len(at) && random.IntN(5) == 0 {
			at[i+1] = 0
			early++
			moment(150 * time.Millisecond)
			continue
		}
		if err := p.answers(ctx); err != nil {
			return restarts, early, err
		}
		restarts = append(restarts, time.Since(begun))
	}
	return restarts, early, nil
}

// checkLog reads the stopped log by its own commands and holds it against what
// the clients know. It gives how many reports there are, and what the
// verification of the chain said.
func checkLog(t *testing.T, p *process, l *ledger) (reports int, verified string) {
	t.Helper()
	code, verified := p.command("", "audit", "verify")
	if code != 0 {
		t.Errorf("audit verify: exit %d, %s", code, verified)
	}
	code, out := p.command("", "export", "--format", "geojson", "--profile", "full")
	if code != 0 {
		t.Fatalf("export: exit %d\n%s", code, out)
	}
	var log struct {
		Features []struct {
			ID         string
			Properties struct {
				Number, Title, Narrative string
				Revision                 int
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &log); err != nil {
		t.Fatal(err)
	}
	seen, numbers := map[string]bool{}, map[string]string{}
	for _, f := range log.Features {
		is := f.Properties
		was, ours := l.sent[f.ID]
		switch {
		case !ours:
			t.Errorf("%s is in the log and was never sent", f.ID)
		case seen[f.ID]:
			t.Errorf("%s is in the log twice", f.ID)
		case is.Title != was.title || is.Narrative != was.narrative || is.Revision != 1:
			t.Errorf("%s is not as it was sent: revision %d, %q", f.ID, is.Revision, is.Title)
		case numbers[is.Number] != "" || is.Number == "":
			t.Errorf("%s and %s have the number %q", f.ID, numbers[is.Number], is.Number)
		}
		seen[f.ID], numbers[is.Number] = true, f.ID
	}
	for id, s := range l.sent {
		if s.acked && !seen[id] {
			t.Errorf("%s, %q, was acknowledged and is lost", id, s.title)
		}
	}
	// The number is taken in the transaction of the report, so a kill leaves
	// no gap either. All were filed in one year, or in two at its turn.
	years := map[string]int{}
	for n := range numbers {
		years[n[:4]]++
	}
	for year, n := range years {
		if last := fmt.Sprintf("%s-%04d", year, n); numbers[last] == "" {
			t.Errorf("%d reports of %s, and none has the number %s", n, year, last)
		}
	}
	return len(log.Features), strings.TrimSpace(verified)
}
