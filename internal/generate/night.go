package generate

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Length is how long the night lasts on its own clock.
const Length = 10 * time.Hour

// step is one thing that happens in the night, so long after its begin.
type step struct {
	after time.Duration
	do    func(context.Context) error
	text  string
}

// attempt is one call about an incident: at which share of the time that is
// left when it is reported, and how it ended. Beyond 1 is after the deadline.
type attempt struct {
	at      float64
	outcome string
}

// plots are the ways in which a watch deals with an incident that asks for a
// call: in time, at the second try, over another line, late, not at all.
var plots = [][]attempt{
	{{0.3, "connected"}},
	{{0.2, "no_answer"}, {0.6, "connected"}},
	{{0.2, "line_fault"}, {0.5, "refused"}, {0.9, "connected"}},
	{{0.7, "no_answer"}, {1.3, "connected"}},
	{},
}

// severities of the night's incidents, in the order in which they come: quiet
// at first, a flood in the middle, quiet towards the morning.
var severities = []string{
	"near_routine", "near_routine", "serious", "near_routine", "near_routine", "high_risk", "serious", "near_routine", "high_risk", "serious",
	"near_routine", "serious", "high_risk", "near_routine", "near_routine", "serious", "near_routine", "near_routine", "near_routine", "near_routine",
}

// leastLeft is the least time from a report to its deadline: an incident that
// is entered after its deadline raises no alarm, and times are known to the
// minute.
const leastLeft = 75 * time.Second

// mostTrue is the highest speed at which the deadlines keep step with the
// night's own clock. They are known to the minute, so that beyond it they pass
// later than they should, and every call that is made comes in time.
const mostTrue = 150

// Night replays a made-up busy night in the exercise part of a log.
//
// The log's clock is never bent: an incident is reported now, and began so long
// ago that its deadline falls where the night's own clock, which is Speed times
// as fast, will be.
type Night struct {
	Log   *incidents.Log
	Desk  *hotline.Desk
	Actor access.Actor
	Speed float64 // 120: ten hours in five minutes
	Seed  uint64
	Out   io.Writer // what happens is told here
	// Wait sleeps until a moment; a test takes the time into its own hands.
	Wait func(ctx context.Context, until time.Time) error
}

// Run replays the night, and gives how many steps it had.
func (n *Night) Run(ctx context.Context) (int, error) {
	begin := n.Log.Now()
	steps, err := n.script(ctx, begin)
	if err != nil {
		return 0, err
	}
	for i, s := range steps {
		if err := n.Wait(ctx, begin.Add(n.real(s.after))); err != nil {
			return i, err
		}
		if err := s.do(ctx); err != nil {
			return i, fmt.Errorf("%s: %w", s.text, err)
		}
		fmt.Fprintf(n.Out, "%s  %s\n", clock(s.after), s.text)
	}
	return len(steps), nil
}

// clock writes the night's own time; it begins at 2000Z.
func clock(after time.Duration) string {
	return time.Date(2000, 1, 1, 20, 0, 0, 0, time.UTC).Add(after).Format("1504Z")
}

func (n *Night) real(d time.Duration) time.Duration { return time.Duration(float64(d) / n.Speed) }

// script makes the steps of the night in the order in which they happen.
func (n *Night) script(ctx context.Context, begin time.Time) ([]step, error) {
	rng := rand.New(rand.NewPCG(n.Seed, 1))
	lines, err := n.callable(ctx)
	if err != nil {
		return nil, err
	}
	policy, err := n.Desk.Store.Policy(ctx, 0)
	if err != nil {
		return nil, err
	}
	var steps []step
	gap := Length / time.Duration(len(severities)+2)
	next := rng.IntN(len(plots)) // in turn, so that a night has them all
	for i, severity := range severities {
		sc := pick(rng, severity)
		reported := time.Duration(i+1) * gap * 8 / 10
		left := time.Duration(2+rng.IntN(3)) * time.Hour
		rule := policy.For(severity, "")
		at := begin.Add(n.real(reported)).Add(-2 * time.Minute)
		if rule.Need != hotline.NeedNone {
			within := time.Duration(rule.WithinS) * time.Second
			// The DTG leaves the seconds out, so a minute is added; then the
			// time left is what it really will be.
			at = begin.Add(n.real(reported) + max(n.real(left), leastLeft) + time.Minute - within).Truncate(time.Minute)
			if n.Speed <= mostTrue {
				left = time.Duration(float64(at.Add(within).Sub(begin)-n.real(reported)) * n.Speed)
			}
		}
		r := report(rng, sc, at)
		steps = append(steps, step{reported, func(ctx context.Context) error { _, err := n.Log.Post(ctx, n.Actor, r); return err }, "report: " + r.Title})
		if rule.Need == hotline.NeedNone || len(lines) == 0 {
			continue
		}
		plot := plots[next%len(plots)]
		next++
		for j, a := range plot {
			line := lines[(i+j)%len(lines)]
			after := reported + time.Duration(a.at*float64(left))
			steps = append(steps, n.call(r.ID, line, after, a.outcome))
		}
	}
	for i, line := range lines {
		steps = append(steps, n.test(line, time.Duration(i+1)*Length/time.Duration(len(lines)+1), "connected"))
	}
	slices.SortStableFunc(steps, func(a, b step) int { return int(a.after - b.after) })
	return steps, nil
}

// callable are the lines over which somebody can be rung.
func (n *Night) callable(ctx context.Context) ([]hotline.Line, error) {
	all, err := n.Desk.Store.Lines(ctx, 0)
	return slices.DeleteFunc(all, func(l hotline.Line) bool { return l.State != "in_use" || !hotline.IsDirect(l.Kind) }), err
}

func (n *Night) call(incident string, line hotline.Line, after time.Duration, outcome string) step {
	id := string(incidents.NewID())
	words := map[string]string{"connected": "Both gave their account; the other side will look into it.", "no_answer": "Rang for two minutes.", "refused": "The duty officer would not take the call.", "line_fault": "A tone, then nothing."}
	return step{after, func(ctx context.Context) error {
		return n.log(ctx, hotline.ContactReport{ID: id, LineID: string(line.ID), Outcome: outcome, Purpose: "clarify", Summary: words[outcome], Incidents: []string{incident}, Relation: "prompted_by"})
	}, "call over " + line.Short + ": " + hotline.Outcomes.Word(outcome)}
}

func (n *Night) test(line hotline.Line, after time.Duration, outcome string) step {
	id := string(incidents.NewID())
	return step{after, func(ctx context.Context) error {
		return n.log(ctx, hotline.ContactReport{ID: id, LineID: string(line.ID), Outcome: outcome, Purpose: "line_test", Summary: "Line test."})
	}, "test of " + line.Short + ": " + hotline.Outcomes.Word(outcome)}
}

// log logs a made-up contact that begins now.
func (n *Night) log(ctx context.Context, r hotline.ContactReport) error {
	r.Start, r.StartPrecision, r.Exercise = incidents.FormatDTG(n.Log.Now()), string(incidents.Exact), true
	r.Initiators, r.Answerers = "NATO", "RU"
	_, err := n.Desk.LogContact(ctx, n.Actor, r)
	return err
}
