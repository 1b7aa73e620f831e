package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress says on a terminal how far long work is: rows, rate, time left. Into
// a file or a pipe it says nothing.
type progress struct {
	out   io.Writer // nil: not a terminal
	what  string
	total int // 0: not known
	begun time.Time
	last  time.Time
}

// progressPace is how often the line is written anew.
const progressPace = 250 * time.Millisecond

func (c *command) progress(what string, total int) *progress {
	p := &progress{what: what, total: total, begun: time.Now()}
	if f, ok := c.err.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.out = f
		}
	}
	return p
}

func (p *progress) show(rows int) {
	now := time.Now()
	if p.out == nil || now.Sub(p.last) < progressPace {
		return
	}
	p.last = now
	fmt.Fprint(p.out, "\r\x1b[K"+p.line(rows, now))
}

// line is what is said: 12000 of 40000 rows exported, 8000/s, 4 s left.
func (p *progress) line(rows int, now time.Time) string {
	s := fmt.Sprintf("%d rows %s", rows, p.what)
	if p.total > 0 {
		s = fmt.Sprintf("%d of %d rows %s", rows, p.total, p.what)
	}
	rate := float64(rows) / max(now.Sub(p.begun).Seconds(), 0.001)
	s += fmt.Sprintf(", %.0f/s", rate)
	if p.total > rows && rate > 0 {
		s += fmt.Sprintf(", %.0f s left", float64(p.total-rows)/rate)
	}
	return s
}

// end takes the line away.
func (p *progress) end() {
	if p.out != nil && !p.last.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
