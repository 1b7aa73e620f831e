package hotline

import (
	"math"
	"slices"

	"interceptlog/internal/incidents"
)

// Proportion is a part of a whole: so many of so many.
type Proportion struct{ N, Of int }

// Add counts one more of the whole, and of the part where it belongs to it.
func (p *Proportion) Add(part bool) {
	p.Of++
	if part {
		p.N++
	}
}

// Share is the part, 0 to 1; 0 of nothing.
func (p Proportion) Share() float64 {
	if p.Of == 0 {
		return 0
	}
	return float64(p.N) / float64(p.Of)
}

// Wilson gives the bounds, 0 to 1, in which the true share lies with 95 %
// confidence. Without any trial it is anything. After E. B. Wilson, Probable
// inference, the law of succession, and statistical inference, 1927.
func (p Proportion) Wilson() (low, high float64) {
	if p.Of == 0 {
		return 0, 1
	}
	const z = 1.959963984540054
	n, share := float64(p.Of), p.Share()
	middle := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}

// StateSpan is a stretch of time, To left out, in which a line was in one
// state. The state is unknown before the line was in the register.
type StateSpan struct {
	From, To Millis
	State    string
}

// StateSpans gives the states of a line from a time to another without a gap:
// what the register held at each moment, with the events over it.
func StateSpans(revisions []Line, events []LineEvent, from, to Millis) []StateSpan {
	if len(revisions) == 0 || from >= to {
		return nil
	}
	moments := []Millis{from}
	note := func(m Millis) {
		if from < m && m < to {
			moments = append(moments, m)
		}
	}
	for _, l := range revisions {
		note(l.RecordedAt)
	}
	for _, e := range events {
		note(e.From)
		note(e.To)
	}
	slices.Sort(moments)
	var spans []StateSpan
	for i, m := range slices.Compact(moments) {
		state := StateAt(revisionAt(revisions, m), events, m).State
		if n := len(spans); n > 0 && spans[n-1].State == state {
			continue
		} else if i > 0 {
			spans[n-1].To = m
		}
		spans = append(spans, StateSpan{From: m, State: state})
	}
	spans[len(spans)-1].To = to
	return spans
}

// revisionAt is the line as the register had it at a moment; before that, a
// line whose state nobody knows.
func revisionAt(revisions []Line, m Millis) Line {
	held := revisions[0]
	held.State = incidents.Unknown
	for _, l := range revisions {
		if l.RecordedAt <= m {
			held = l
		}
	}
	return held
}

// Availability is how a line was over a stretch of time.
type Availability struct {
	From, To Millis
	Attempts Proportion // calls and messages that got through, tests left out
	Tests    Proportion
	Spans    []StateSpan
	In       map[string]Millis // how long in each state
	// SilenceFrom and SilenceTo are the longest stretch in which nothing got
	// through, neither call nor test, since the line was known; both 0 where it
	// was known for no time.
	SilenceFrom, SilenceTo Millis
}

// All is attempts and tests together.
func (a Availability) All() Proportion {
	return Proportion{a.Attempts.N + a.Tests.N, a.Attempts.Of + a.Tests.Of}
}

// AvailabilityOf works out how a line was from a time to another. revisions
// are those of the line, oldest first, events and contacts are its own; what
// was taken back counts for nothing, nor does what was no attempt.
func AvailabilityOf(revisions []Line, events []LineEvent, contacts []Contact, from, to Millis) Availability {
	a := Availability{From: from, To: to, Spans: StateSpans(revisions, events, from, to), In: map[string]Millis{}}
	for _, s := range a.Spans {
		a.In[s.State] += s.To - s.From
	}
	known := to
	if len(revisions) > 0 {
		known = revisions[0].FirstRecordedAt
	}
	var through []Millis
	for _, k := range contacts {
		at := k.Start.From
		if k.Retracted || !IsAttempt(k.Outcome) || at >= to {
			continue
		}
		known = min(known, at)
		if at < from {
			continue
		}
		ok := GotThrough(k.Outcome)
		if k.Purpose == "line_test" {
			a.Tests.Add(ok)
		} else {
			a.Attempts.Add(ok)
		}
		if ok {
			through = append(through, at)
		}
	}
	a.silence(max(known, from), through)
	return a
}

// silence finds the longest stretch between what got through.
func (a *Availability) silence(known Millis, through []Millis) {
	slices.Sort(through)
	last := known
	for _, at := range append(through, a.To) {
		if at-last > a.SilenceTo-a.SilenceFrom {
			a.SilenceFrom, a.SilenceTo = last, at
		}
		last = max(last, at)
	}
}
