package hotline

import (
	"context"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// WhatIf holds incidents against two tables of rules, and tells what the second
// would have made of them. It changes nothing: every incident keeps the policy
// that was in force when it was reported.
type WhatIf struct {
	From, To  Millis // the incidents that may have begun in [From, To)
	Incidents int
	Otherwise int // of them, reported under another version than the first table
	Before    map[Status]Range
	After     map[Status]Range
	Changed   int          // how many change
	Changes   []WhatIfCase // of them, the first ones in order of their start

	old, new Policy
	now      Millis
}

// Range is how many for certain, and at most. They differ where times are too
// coarse to tell.
type Range struct{ Certain, Possible int }

// WhatIfCase is an incident whose standing another policy changes.
type WhatIfCase struct {
	Incident incidents.Incident
	Old, New Assessment
}

// mostChanges bounds the list; the count goes on.
const mostChanges = 200

// NewWhatIf begins to compare two policies, at a moment.
func NewWhatIf(old Policy, rules []Rule, now Millis) *WhatIf {
	return &WhatIf{Before: map[Status]Range{}, After: map[Status]Range{}, old: old, new: Policy{Rules: rules}, now: now}
}

// Add takes an incident with its contacts into the comparison.
func (w *WhatIf) Add(inc incidents.Incident, contacts []Linked) {
	w.Incidents++
	if inc.PolicyVersion != w.old.Version {
		w.Otherwise++
	}
	old := w.assess(inc, contacts, w.old, w.Before)
	now := w.assess(inc, contacts, w.new, w.After)
	if old.Best == now.Best && old.Worst == now.Worst {
		return
	}
	if w.Changed++; len(w.Changes) < mostChanges {
		w.Changes = append(w.Changes, WhatIfCase{Incident: inc, Old: old, New: now})
	}
}

// assess answers for an incident under a policy and counts the answer.
func (w *WhatIf) assess(inc incidents.Incident, contacts []Linked, p Policy, counts map[Status]Range) Assessment {
	facts, worlds := factsOf(inc, p.For(inc.Record.Severity, inc.Derived.Region), contacts)
	possible := worlds.possible(facts.ahead(w.now), facts.past(w.now))
	for s := range possible {
		r := counts[s]
		r.Possible++
		if len(possible) == 1 {
			r.Certain++
		}
		counts[s] = r
	}
	return facts.At(w.now)
}

// ahead reports whether a possible deadline may lie ahead of a moment, past
// whether one may lie behind it, as Facts.At has it.
func (f Facts) ahead(now Millis) bool { return !f.HasDeadline() || now < f.DeadlineTo }
func (f Facts) past(now Millis) bool  { return !f.HasDeadline() || now >= f.DeadlineFrom }

// possible are the statuses of all worlds in which the links are as stated.
func (w *worlds) possible(ahead, past bool) map[Status]bool {
	found := map[Status]bool{}
	for world := range 1 << 2 {
		atMost, isPast := world&1 != 0, world&2 != 0
		if isPast && !past || !isPast && !ahead {
			continue
		}
		s := w.status(true, true, atMost, isPast)
		found[s], found[w.unpublished(s)] = true, true
	}
	return found
}

// Year gives the calendar year of a moment, UTC.
func Year(y int) (from, to Millis) {
	return incidents.MillisOf(time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)), incidents.MillisOf(time.Date(y+1, 1, 1, 0, 0, 0, 0, time.UTC))
}

// WhatIf compares the policy in force with other rules, over last year's
// incidents; without any, over those of the last year that has some, this year
// included. Exercises, drafts and what was retracted are left out, and so is
// what has no start, for which no year can be told.
func (d *Desk) WhatIf(ctx context.Context, actor access.Actor, old Policy, rules []Rule) (*WhatIf, error) {
	if err := actor.Require(access.Manage); err != nil {
		return nil, err
	}
	now := d.Now().UTC()
	w := NewWhatIf(old, rules, incidents.MillisOf(now))
	at := At{Now: w.now}
	year := now.Year() - 1
	_, end := Year(year)
	newest, err := d.Store.Cases(ctx, incidents.Filter{From: 1, To: end}, Page{Sort: "-start", Limit: 1}, at)
	if err != nil {
		return nil, err
	}
	if len(newest.Cases) == 0 {
		year++
	} else {
		year = min(year, newest.Cases[0].Incident.Record.Start.From.Time().Year())
	}
	w.From, w.To = Year(year)
	err = d.Store.EachCase(ctx, incidents.Filter{From: w.From, To: w.To}, at, true, func(c *Case) error {
		if !c.Incident.Record.Start.IsZero() {
			w.Add(c.Incident, c.Contacts)
		}
		return nil
	})
	return w, err
}
