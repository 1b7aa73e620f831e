package web

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

const (
	// hubPace is how often the hub asks whether anybody has written. Another
	// process may have, so being told by our own handlers is not enough.
	hubPace = 150 * time.Millisecond
	// mostSubjects is how many subjects an event names; a screen that is told
	// of more reads everything again.
	mostSubjects = 50
	// mostMissed is how many entries are read for a screen that comes back.
	mostMissed = 1000
)

// change is what screens are told: which kinds of record were written up to an
// entry of the audit chain.
type change struct {
	Seq      int64    `json:"seq"`                // the last entry
	Now      string   `json:"now"`                // the server's clock, RFC 3339 in UTC
	Topics   []string `json:"topics,omitempty"`   // incident, contact, line, policy …
	Subjects []string `json:"subjects,omitempty"` // "incident/<id>"; none where there were too many
	after    int64    // the entry before the first that it tells of
}

// silent are the actions that change no page.
var silent = []string{"export.", "read", "user.sign_in"}

// hub tells open screens of changes. It looks at the log only while anybody
// listens, and one look serves all of them.
type hub struct {
	store  access.Store
	watch  func(context.Context) (int64, error) // a number that changes with every write
	now    func() time.Time
	logger *slog.Logger

	mu        sync.Mutex
	listeners map[*listener]bool
	stop      context.CancelFunc // of the look; nil while nobody listens
	ended     bool
}

// listener is one open screen. A change that it did not take yet is widened by
// the next one, so that a slow screen costs no memory and holds up nobody.
type listener struct {
	mu      sync.Mutex
	pending *change
	wake    chan struct{} // holds one
	done    chan struct{} // closed when the server ends
}

// take gives the change that waits, or nil.
func (l *listener) take() *change {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.pending
	l.pending = nil
	return c
}

func (l *listener) tell(c change) {
	l.mu.Lock()
	if l.pending != nil {
		c = l.pending.and(c)
	}
	l.pending = &c
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// and is both changes in one.
func (c change) and(later change) change {
	later.after = c.after
	later.Topics = union(c.Topics, later.Topics)
	if len(c.Subjects) == 0 || len(later.Subjects) == 0 {
		later.Subjects = nil
	} else {
		later.Subjects = union(c.Subjects, later.Subjects)
	}
	if len(later.Subjects) > mostSubjects {
		later.Subjects = nil
	}
	return later
}

// listen begins to tell a screen of what comes after an entry of the chain that
// was its last a moment ago. leave ends it.
func (h *hub) listen(last int64) (l *listener, leave func()) {
	l = &listener{wake: make(chan struct{}, 1), done: make(chan struct{})}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		close(l.done)
		return l, func() {}
	}
	h.listeners[l] = true
	if h.stop == nil {
		ctx, stop := context.WithCancel(context.Background())
		h.stop = stop
		go h.look(ctx, last)
	}
	return l, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.listeners, l)
		if len(h.listeners) == 0 && h.stop != nil {
			h.stop()
			h.stop = nil
		}
	}
}

// end lets every screen go, so that a server that stops need not wait for them.
func (h *hub) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	for l := range h.listeners {
		close(l.done)
	}
	h.listeners = map[*listener]bool{}
	if h.stop != nil {
		h.stop()
		h.stop = nil
	}
}

// look watches the log until nobody listens.
func (h *hub) look(ctx context.Context, seq int64) {
	version := int64(-1)
	tick := time.NewTicker(hubPace)
	defer tick.Stop()
	for {
		if v, err := h.watch(ctx); err != nil {
			h.complain(ctx, err)
		} else if v != version {
			if last, err := h.pass(ctx, seq); err != nil {
				h.complain(ctx, err)
			} else {
				version, seq = v, last
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (h *hub) complain(ctx context.Context, err error) {
	if ctx.Err() == nil {
		h.logger.Error("cannot see what has changed", "error", err)
	}
}

// pass tells everybody what was written after an entry, and gives the last one.
func (h *hub) pass(ctx context.Context, seq int64) (int64, error) {
	c, err := h.since(ctx, seq)
	if err != nil || len(c.Topics) == 0 {
		return max(c.Seq, seq), err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		l.tell(c)
	}
	return c.Seq, nil
}

// errEnough stops a walk along the chain.
var errEnough = errors.New("enough")

// since says what was written after an entry. After very many entries it says
// that anything may have changed.
func (h *hub) since(ctx context.Context, seq int64) (change, error) {
	c := change{Seq: seq, after: seq}
	n := 0
	err := h.store.EachEntry(ctx, seq+1, func(e access.Entry) error {
		if n++; n > mostMissed {
			return errEnough
		}
		c.Seq = e.Seq
		if slices.ContainsFunc(silent, func(s string) bool { return strings.HasPrefix(e.Action, s) }) {
			return nil
		}
		topic, _, _ := strings.Cut(e.Subject, "/")
		if topic == "" {
			topic, _, _ = strings.Cut(e.Action, ".")
		}
		c.Topics, c.Subjects = append(c.Topics, topic), append(c.Subjects, e.Subject)
		return nil
	})
	if errors.Is(err, errEnough) {
		head, herr := h.store.ChainHead(ctx)
		c.Seq, c.Topics, c.Subjects, err = head.Seq, []string{"all"}, nil, herr
	}
	c.Topics, c.Subjects = union(c.Topics, nil), union(c.Subjects, nil)
	if len(c.Subjects) > mostSubjects {
		c.Subjects = nil
	}
	c.Now = h.clock()
	return c, err
}

// clock is the server's time as screens are told it: to the millisecond.
func (h *hub) clock() string {
	return incidents.MillisOf(h.now()).Time().Format("2006-01-02T15:04:05.000Z")
}
