package storetest

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

func testTwoWriters(t *testing.T, s *store.Store) {
	inc := create(t, s, newSource(20).incident())
	const writers, rounds = 2, 15
	var wg sync.WaitGroup
	var conflicts sync.Map
	for w := range writers {
		wg.Go(func() {
			for range rounds {
				for {
					now, err := s.Incident(t.Context(), inc.ID, 0)
					if err != nil {
						t.Error(err)
						return
					}
					if _, err = s.ReviseIncident(t.Context(), officer, now); err == nil {
						break
					}
					if !fault.Is(err, fault.Conflict) {
						t.Error(err)
						return
					}
					conflicts.Store(w, true)
				}
			}
		})
	}
	wg.Wait()
	if got := must(s.Incident(t.Context(), inc.ID, 0))(t); got.Revision != 1+writers*rounds {
		t.Fatalf("%d revisions, want %d", got.Revision, 1+writers*rounds)
	}
	whole(t, s)
}

func testReadersWhileWriting(t *testing.T, s *store.Store) {
	r := newSource(21)
	m := newModel(t, s)
	m.fill(t, s, r, 30)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for ctx.Err() == nil {
				page, err := s.Cases(ctx, incidents.Filter{}, hotline.Page{Limit: 10}, hotline.At{})
				if err == nil && page.Total < len(page.Cases) {
					t.Error("a page and its total are from two states of the log")
				}
				if err == nil {
					err = s.EachCase(ctx, incidents.Filter{}, hotline.At{}, true, func(*hotline.Case) error { return nil })
				}
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	for range 25 {
		create(t, s, r.incident())
	}
	stop()
	wg.Wait()
	whole(t, s)
}

// testFailedWrite: a write that fails leaves no row and no audit entry.
func testFailedWrite(t *testing.T, s *store.Store) {
	r := newSource(22)
	inc := r.incident()
	inc.Record.Source, inc.Record.SourceID = "research", "1"
	create(t, s, inc)
	before := entries(t, s)

	again := r.incident()
	again.Record.Source, again.Record.SourceID = "research", "1"
	_, _, err := s.CreateIncident(t.Context(), officer, again)
	wantKind(t, err, fault.Conflict)
	_, err = s.Incident(t.Context(), again.ID, 0)
	wantKind(t, err, fault.NotFound)

	c := r.contact(inc)
	_, _, err = s.CreateContact(t.Context(), officer, c, []hotline.Link{
		{IncidentID: inc.ID, Relation: "discussed"}, {IncidentID: incidents.NewID(), Relation: "discussed"}})
	wantKind(t, err, fault.NotFound)
	_, err = s.Contact(t.Context(), c.ID, 0)
	wantKind(t, err, fault.NotFound)

	if got := entries(t, s); got != before {
		t.Fatalf("%d entries, want %d", got, before)
	}
	whole(t, s)
}

var errStop = errors.New("stop")

// testSavepoints: inside a batch a bad record lands nothing, and the rest of
// the batch stands.
func testSavepoints(t *testing.T, s *store.Store) {
	r := newSource(23)
	good, bad, last := r.incident(), r.incident(), r.incident()
	check(t, s.InTx(t.Context(), func(ctx context.Context) error {
		if _, _, err := s.CreateIncident(ctx, officer, good); err != nil {
			return err
		}
		err := s.InTx(ctx, func(ctx context.Context) error {
			if _, _, err := s.CreateIncident(ctx, officer, bad); err != nil {
				return err
			}
			c := r.contact(bad)
			if _, _, err := s.CreateContact(ctx, officer, c, []hotline.Link{{IncidentID: good.ID, Relation: "discussed"}}); err != nil {
				return err
			}
			return errStop
		})
		if !errors.Is(err, errStop) {
			t.Errorf("got %v", err)
		}
		// A single failed write inside a transaction is a savepoint too.
		_, _, err = s.CreateContact(ctx, officer, r.contact(good), []hotline.Link{
			{IncidentID: good.ID, Relation: "discussed"}, {IncidentID: incidents.NewID(), Relation: "discussed"}})
		wantKind(t, err, fault.NotFound)
		_, _, err = s.CreateIncident(ctx, officer, last)
		return err
	}))
	_, err := s.Incident(t.Context(), bad.ID, 0)
	wantKind(t, err, fault.NotFound)
	a, b := must(s.Case(t.Context(), good.ID, hotline.At{}))(t), must(s.Case(t.Context(), last.ID, hotline.At{}))(t)
	if len(a.Contacts) != 0 || must(s.Contacts(t.Context(), hotline.ContactFilter{Exercise: "include", Tests: true}))(t).Total != 0 {
		t.Error("a contact landed")
	}
	if a.Incident.RecordedAt != b.Incident.RecordedAt {
		t.Error("one transaction, two moments")
	}
	before := entries(t, s)
	err = s.InTx(t.Context(), func(ctx context.Context) error {
		_, _, err := s.CreateIncident(ctx, officer, bad)
		return errors.Join(err, errStop)
	})
	if !errors.Is(err, errStop) || entries(t, s) != before {
		t.Errorf("got %v and %d entries, want %d", err, entries(t, s), before)
	}
	whole(t, s)
}

// testPolicyTakenBack: after a savepoint that set a policy is taken back, the one
// before is in force.
func testPolicyTakenBack(t *testing.T, s *store.Store) {
	r := newSource(26)
	first := must(s.Policy(t.Context(), 0))(t)
	check(t, s.InTx(t.Context(), func(ctx context.Context) error {
		err := s.InTx(ctx, func(ctx context.Context) error {
			p, err := s.SetPolicy(ctx, supervisor, hotline.Policy{Rules: first.Rules[1:], Reason: "a try"})
			check(t, err)
			if inc, _, err := s.CreateIncident(ctx, officer, r.incident()); err != nil || inc.PolicyVersion != p.Version {
				t.Errorf("policy %d is frozen into an incident, want %d (%v)", inc.PolicyVersion, p.Version, err)
			}
			return errStop
		})
		if !errors.Is(err, errStop) {
			t.Errorf("got %v", err)
		}
		inc, _, err := s.CreateIncident(ctx, officer, r.incident())
		if inc.PolicyVersion != first.Version {
			t.Errorf("policy %d is frozen into an incident, want %d", inc.PolicyVersion, first.Version)
		}
		return err
	}))
	whole(t, s)
}

// WordsAreNotHeld tests, by the heap and so beside no other test, that a
// transaction does not hold what it has written, with and without savepoints.
func WordsAreNotHeld(t *testing.T, s *store.Store) {
	if testing.Short() {
		t.Skip("volume is tested in the first time zone")
	}
	const n, limit = 4000, 24 << 20
	r := newSource(27)
	long := strings.Repeat("gull ", 2000) // 40 MB in all
	var before runtime.MemStats
	i := 0
	grown := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc) - int64(before.HeapAlloc)
	}
	next := func() incidents.Incident {
		if i++; i == n {
			if g := grown(); g > limit {
				t.Errorf("the heap grew by %d MB", g>>20)
			}
		}
		inc := r.incident()
		inc.PolicyVersion, inc.Record.Narrative = 1, long
		return inc
	}
	runtime.GC()
	runtime.ReadMemStats(&before)
	check(t, s.Restore(t.Context(), supervisor, func() (any, error) {
		if i == n {
			return nil, io.EOF
		}
		return next(), nil
	}))
	i = 0
	check(t, s.InTx(t.Context(), func(ctx context.Context) error {
		for i < n {
			if _, _, err := s.CreateIncident(ctx, officer, next()); err != nil {
				return err
			}
		}
		return nil
	}))
}

func testPanicRollsBack(t *testing.T, s *store.Store) {
	r := newSource(24)
	inc := r.incident()
	func() {
		defer func() { _ = recover() }()
		_ = s.InTx(t.Context(), func(ctx context.Context) error {
			_, _, err := s.CreateIncident(ctx, officer, inc)
			check(t, err)
			panic("in the middle")
		})
	}()
	_, err := s.Incident(t.Context(), inc.ID, 0)
	wantKind(t, err, fault.NotFound)
	create(t, s, inc) // and the one writing connection is free again
	whole(t, s)
}

func testCancelled(t *testing.T, s *store.Store) {
	r := newSource(25)
	ctx, cancel := context.WithCancel(t.Context())
	inc := r.incident()
	err := s.InTx(ctx, func(ctx context.Context) error {
		if _, _, err := s.CreateIncident(ctx, officer, inc); err != nil {
			return err
		}
		cancel()
		_, _, err := s.CreateIncident(ctx, officer, r.incident())
		return err
	})
	if err == nil {
		t.Fatal("a cancelled transaction was kept")
	}
	_, err = s.Incident(t.Context(), inc.ID, 0)
	wantKind(t, err, fault.NotFound)
	create(t, s, inc)
	whole(t, s)
}

func testDataVersion(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	first := must(s.DataVersion(t.Context()))(t)
	if again := must(s.DataVersion(t.Context()))(t); again != first {
		t.Fatal("changed without a write")
	}
	create(t, s, newSource(26).incident())
	if after := must(s.DataVersion(t.Context()))(t); after == first {
		t.Fatal("did not change with a write")
	}
}
