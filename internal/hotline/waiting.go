package hotline

import (
	"context"
	"time"

	"interceptlog/internal/incidents"
)

// farthestDeadline is the longest time that a policy can give: an incident
// older than it has no deadline ahead.
const farthestDeadline = Millis(maxWithinS * time.Second / time.Millisecond)

// EachWaiting calls fn for every case that somebody may still have to call
// about, with its contacts, exercises among them, and for those that were
// entered after their deadline. The worst status finds nearly all; an incident
// from public sources whose time is too coarse may be not known at worst while
// its deadline can still lie ahead.
func EachWaiting(ctx context.Context, r CaseReader, at At, fn func(*Case) error) error {
	f := incidents.Filter{Exercise: "include", AsOf: at.AsOf, Deescalations: []string{string(Overdue), string(Attempted), string(Awaiting)}}
	err := r.EachCase(ctx, f, at, true, func(c *Case) error {
		if c.Open() || c.Assessment.LateEntry {
			return fn(c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	f.Deescalations, f.From = []string{string(NotKnown)}, at.Now-farthestDeadline
	return r.EachCase(ctx, f, at, true, func(c *Case) error {
		if c.Open() {
			return fn(c)
		}
		return nil
	})
}

// OpenCases gives the cases that somebody may still have to call about, with
// their contacts, exercises among them.
func OpenCases(ctx context.Context, r CaseReader, at At) ([]Case, error) {
	var open []Case
	err := EachWaiting(ctx, r, at, func(c *Case) error {
		if c.Open() {
			open = append(open, *c)
		}
		return nil
	})
	return open, err
}
