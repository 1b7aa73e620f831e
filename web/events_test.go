package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// event is one event of a stream.
type event struct {
	name, id string
	data     struct {
		Seq      int64
		Now      string
		Topics   []string
		Subjects []string
	}
	at time.Time
}

// follow opens a stream as a role; the events come over the channel, which is
// closed with the stream.
func (s *site) follow(t testing.TB, role access.Role, lastID string) <-chan event {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := s.as(t, role).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || got != "text/event-stream" || resp.Header.Get("Content-Encoding") != "" {
		t.Fatalf("the stream is %s, %s, %s", resp.Status, got, resp.Header.Get("Content-Encoding"))
	}
	events := make(chan event, 100)
	go func() {
		defer close(events)
		defer resp.Body.Close()
		var e event
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			switch name, value, _ := strings.Cut(lines.Text(), ": "); name {
			case "event":
				e.name = value
			case "id":
				e.id = value
			case "data":
				if json.Unmarshal([]byte(value), &e.data) != nil {
					e.name = "broken: " + value
				}
			case "":
				e.at = time.Now()
				events <- e
				e = event{}
			}
		}
	}()
	return events
}

// next waits for the next event of a name; other times of the server pass by.
func next(t testing.TB, events <-chan event, name string) event {
	t.Helper()
	limit := time.After(15 * time.Second)
	for {
		select {
		case e, open := <-events:
			if !open {
				t.Fatalf("the stream ended before a %s", name)
			}
			if e.name == name {
				return e
			}
			if e.name != "time" {
				t.Fatalf("%s came, not %s: %+v", e.name, name, e)
			}
		case <-limit:
			t.Fatalf("no %s came", name)
		}
	}
}

// logCall logs a contact about an incident.
func (s *site) logCall(t testing.TB, about incidents.ID, outcome string) hotline.ContactID {
	t.Helper()
	id := incidents.NewID()
	inc, err := s.store.Incident(t.Context(), about, 0)
	if err != nil {
		t.Fatal(err)
	}
	a := s.post(t, access.Officer, "/contacts", url.Values{"id": {string(id)}, "incidents": {inc.Number}, "relation": {"prompted_by"}, "kind": {"phone"}, "channel": {"test"},
		"start": {incidents.FormatDTG(s.clock.Now())}, "start_precision": {"exact"}, "outcome": {outcome}, "purpose": {"clarify"}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("the call was not logged: %d %s", a.status, a.doc.Find("[data-testid=error-summary]").Text())
	}
	return hotline.ContactID(id)
}

func TestAStreamTellsWhatChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	t.Cleanup(s.web.EndStreams)
	events := s.follow(t, access.Viewer, "")
	hello := next(t, events, "hello")
	if hello.data.Now != "2026-11-24T03:12:20.000Z" {
		t.Errorf("the server's time is %s", hello.data.Now)
	}
	inc := s.bySource(t, "2022-09-29-raf-rc135-missile")
	id := s.logCall(t, inc.ID, "no_answer")
	e := next(t, events, "change")
	if !slices.Contains(e.data.Topics, "contact") || !slices.Contains(e.data.Subjects, "contact/"+string(id)) {
		t.Errorf("told of %v, %v", e.data.Topics, e.data.Subjects)
	}
	if e.id != strconv.FormatInt(e.data.Seq, 10) || e.data.Seq <= hello.data.Seq {
		t.Errorf("the change has id %s and seq %d after %d", e.id, e.data.Seq, hello.data.Seq)
	}

	// A screen that was away while something happened, and one that was not.
	away := s.follow(t, access.Viewer, strconv.FormatInt(hello.data.Seq, 10))
	next(t, away, "hello")
	if again := next(t, away, "change"); again.data.Seq != e.data.Seq {
		t.Errorf("caught up to %d, want %d", again.data.Seq, e.data.Seq)
	}
	here := s.follow(t, access.Viewer, e.id)
	next(t, here, "hello")
	s.logCall(t, inc.ID, "refused")
	for name, events := range map[string]<-chan event{"first": events, "away": away, "here": here} {
		if n := next(t, events, "change"); n.data.Seq <= e.data.Seq {
			t.Errorf("%s: told of %d again", name, n.data.Seq)
		}
	}
}

func TestSignInsAndExportsWakeNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	before := s.poll(t, "")
	s.as(t, access.Analyst)
	s.get(t, access.Analyst, "/export/incidents.geojson")
	after := s.poll(t, "?after="+strconv.FormatInt(before.Seq, 10))
	if len(after.Topics) != 0 || after.Seq <= before.Seq {
		t.Errorf("a screen is told of %v up to %d", after.Topics, after.Seq)
	}
	if a := s.get(t, access.Viewer, "/events/poll?after=x"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "whole number") {
		t.Errorf("after=x gives %d", a.status)
	}
}

// poll asks as a screen does that no stream reaches.
func (s *site) poll(t testing.TB, query string) (c struct {
	Seq    int64
	Topics []string
}) {
	t.Helper()
	a := s.get(t, access.Viewer, "/events/poll"+query)
	if err := json.Unmarshal([]byte(a.body), &c); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return c
}

func TestAStreamEndsWithTheRight(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	t.Cleanup(s.web.EndStreams)
	events := s.follow(t, access.Viewer, "")
	next(t, events, "hello")
	if err := (access.Accounts{Store: s.store, Now: s.clock.Now}).Disable(t.Context(), access.Actor{Name: "admin", Role: access.Administrator}, string(access.Viewer)); err != nil {
		t.Fatal(err)
	}
	next(t, events, "change")
	next(t, events, "bye")
	if _, open := <-events; open {
		t.Error("the stream goes on after bye")
	}
}

func TestAnEndingServerWaitsForNoStream(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	events := s.follow(t, access.Viewer, "")
	next(t, events, "hello")
	s.web.EndStreams()
	if _, open := <-events; open {
		t.Error("the stream goes on")
	}
}

// The promise of the board: with two hundred screens open, a change is on all
// of them within a second. Each screen hears of it and asks for the board.
func TestTwoHundredStreams(t *testing.T) {
	const screens = 200
	s := newSite(t)
	t.Cleanup(s.web.EndStreams)
	inc := s.bySource(t, "2022-09-29-raf-rc135-missile")
	before := heap()
	streams := make([]<-chan event, screens)
	for i := range streams {
		streams[i] = s.follow(t, access.Viewer, "")
		next(t, streams[i], "hello")
	}
	each := (heap() - before) / screens
	officer := s.as(t, access.Viewer)
	s.logCall(t, inc.ID, "no_answer")
	written := time.Now()
	var wg sync.WaitGroup
	told, shown := make([]time.Duration, screens), make([]time.Duration, screens)
	faults := make(chan error, screens)
	for i := range streams {
		wg.Go(func() {
			e := next(t, streams[i], "change")
			told[i] = e.at.Sub(written)
			req, _ := http.NewRequest(http.MethodGet, s.URL+"/?live="+strconv.Itoa(i), nil)
			req.Header.Set("Accept", "text/html")
			req.Header.Set("X-Live", "1")
			resp, err := officer.Do(req)
			if err != nil {
				faults <- err
				return
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				faults <- fmt.Errorf("the board is %s", resp.Status)
			}
			shown[i] = time.Since(written)
		})
	}
	wg.Wait()
	close(faults)
	for err := range faults {
		t.Error(err)
	}
	t.Logf("%d streams: told after %s at most, the board anew after %s at most; %d kB a stream, both ends", screens, slices.Max(told), slices.Max(shown), each>>10)
	if raced {
		return // the detector makes all of it some ten times slower
	}
	if most := slices.Max(told); most > time.Second {
		t.Errorf("the last of %d screens was told after %s", screens, most)
	}
	if most := slices.Max(shown); most > time.Second {
		t.Errorf("the last of %d screens had the board after %s", screens, most)
	}
}

// heap is what is in use after a collection, in bytes.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}
