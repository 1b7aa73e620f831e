package hotline

import (
	"context"
	"time"

	"interceptlog/internal/incidents"
)

// longestPolicy is the longest time that a policy can give: an incident older
// than it has no deadline ahead.
const longestPolicy = Millis(366 * 24 * time.Hour / time.Millisecond)

// OpenCases gives the cases that somebody may still have to call about, with
// their contacts, exercises among them, by their start. The worst status finds
// nearly all; an incident from public sources whose time is too coarse may be
// not known at worst while its deadline can still lie ahead.
func OpenCases(ctx context.Context, r CaseReader, at At) ([]Case, error) {
	var open []Case
	f := incidents.Filter{Exercise: "include", AsOf: at.AsOf, Deescalations: []string{string(Overdue), string(Attempted), string(Awaiting)}}
	take := func(c *Case) error {
		if c.Open() {
			open = append(open, *c)
		}
		return nil
	}
	if err := r.EachCase(ctx, f, at, true, take); err != nil {
		return nil, err
	}
	f.Deescalations, f.From = []string{string(NotKnown)}, at.Now-longestPolicy
	return open, r.EachCase(ctx, f, at, true, take)
}
