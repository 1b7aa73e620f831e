package access

import (
	"sync"
	"time"
)

// Throttle slows down guessing of passwords: after a few failures for one key
// (an account, an address) the next try has to wait, twice as long each time.
// It is kept in memory: a restart forgives.
type Throttle struct {
	Free  int           // failures that cost nothing
	First time.Duration // the first wait
	Most  time.Duration // the longest wait; a key quiet for twice as long is forgotten
	Now   func() time.Time

	mu   sync.Mutex
	seen map[string]*failures
}

type failures struct {
	count int
	last  time.Time
	until time.Time
}

// maxKeys bounds the memory that strangers can make the throttle use.
const maxKeys = 10_000

// Wait gives how long the keys must still wait; 0 means go on.
func (t *Throttle) Wait(keys ...string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wait time.Duration
	for _, k := range keys {
		if f := t.seen[k]; f != nil {
			wait = max(wait, f.until.Sub(t.Now()))
		}
	}
	return max(wait, 0)
}

// Fail notes a failure for each key.
func (t *Throttle) Fail(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.Now()
	if t.seen == nil {
		t.seen = map[string]*failures{}
	}
	for k, f := range t.seen {
		if now.Sub(f.last) > 2*t.Most {
			delete(t.seen, k)
		}
	}
	for _, k := range keys {
		f := t.seen[k]
		if f == nil {
			if len(t.seen) >= maxKeys {
				continue
			}
			f = &failures{}
			t.seen[k] = f
		}
		f.count, f.last = f.count+1, now
		if over := f.count - t.Free; over > 0 {
			wait := t.First << min(over-1, 20)
			f.until = now.Add(min(wait, t.Most))
		}
	}
}

// Forget clears the keys after a success.
func (t *Throttle) Forget(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		delete(t.seen, k)
	}
}
