package web

import (
	"cmp"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// tokenRate is how many requests a second a token may make unless the server is
// told otherwise. A GIS that loads a map asks for many tiles and pages at once,
// and then is quiet: what it did not use for burstSeconds it may use at once.
const (
	tokenRate    = 50
	burstSeconds = 5
)

func newPace(perSecond float64, burst int) pace {
	perSecond = cmp.Or(perSecond, tokenRate)
	return pace{rate: rate.Limit(perSecond), burst: cmp.Or(burst, int(math.Ceil(burstSeconds*perSecond)))}
}

// pace holds each token to its rate. Its keys are ids of tokens that were let
// in, of which there are few.
type pace struct {
	rate  rate.Limit
	burst int

	mu   sync.Mutex
	held map[string]*paced
}

type paced struct {
	limit   *rate.Limiter
	touched time.Time // when its use was last written, or tried to be
}

func (p *pace) of(id string) *paced {
	if p.held == nil {
		p.held = map[string]*paced{}
	}
	one := p.held[id]
	if one == nil {
		one = &paced{limit: rate.NewLimiter(p.rate, p.burst)}
		p.held[id] = one
	}
	return one
}

// wait gives how long a token must wait; 0 means go on, and counts.
func (p *pace) wait(id string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.of(id).limit.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now) // who is turned away does not push the next one back
	}
	return wait
}

// touchPace is how often the use of a token is written.
const touchPace = time.Minute

// touches reports whether the use of a token is to be written now. A write that
// fails is not tried again with every request.
func (p *pace) touches(id string, last, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.of(id)
	if now.Sub(last) < touchPace || now.Sub(one.touched) < touchPace {
		return false
	}
	one.touched = now
	return true
}
