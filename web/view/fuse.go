package view

import (
	"math"
	"strconv"
	"time"
)

// Span is a stretch of time in which something lies. The zero Span is nothing
// that could be drawn.
type Span struct{ From, To time.Time }

// IsZero reports whether there is nothing to draw.
func (s Span) IsZero() bool { return s.From.IsZero() && s.To.IsZero() }

// exact reports whether the span is known to the minute and thus a point.
func (s Span) exact() bool { return s.To.Sub(s.From) <= time.Minute }

// FuseTimes is what the fuse of one incident is drawn from.
type FuseTimes struct {
	Now      time.Time
	Start    Span
	Deadline Span   // zero: none
	Tried    []Span // attempts in vain
	Through  []Span // contacts that got through
}

// Fuse is the picture of one incident on the time axis that all of them share:
// now in the middle, 24 h to either side, as square roots, so that an hour and
// a day both show. It is drawn in shares of its width and stretches to any.
type Fuse struct{ marks []fuseMark }

// fuseMark is one stroke: what it is, how it looks, where it begins and ends.
type fuseMark struct{ kind, class, x, x2, width string }

const (
	fuseHalf = 43.3 // per cent of the width between now and 24 h
	fuseEdge = 0.6  // per cent kept free at either end
)

// fuseHours are the hours to either side of now that have a line.
var fuseHours = []float64{1, 3, 6, 12, 24}

// fuseX is where a time from now lies on the axis, in per cent.
func fuseX(hours float64) float64 {
	x := 50 + math.Copysign(math.Sqrt(math.Abs(hours)/24)*fuseHalf, hours)
	return math.Min(100-fuseEdge, math.Max(fuseEdge, x))
}

// DrawFuse draws the picture, what lies behind first.
func DrawFuse(t FuseTimes) Fuse {
	d := fuseDrawer{now: t.Now}
	for _, h := range fuseHours {
		d.add("rule", "f-grid", fuseX(-h), 0)
		d.add("rule", "f-grid", fuseX(h), 0)
	}
	d.run(t)
	d.deadline(t)
	d.start(t.Start)
	for _, s := range t.Tried {
		d.point(s, "cross", "f-x")
	}
	for _, s := range t.Through {
		d.point(s, "ring", "f-thru")
	}
	d.add("rule", "f-now", 50, 0)
	return Fuse{d.marks}
}

type fuseDrawer struct {
	now   time.Time
	marks []fuseMark
}

func (d *fuseDrawer) x(t time.Time) float64 { return fuseX(t.Sub(d.now).Hours()) }

func (d *fuseDrawer) add(kind, class string, from, to float64) {
	d.marks = append(d.marks, fuseMark{kind: kind, class: class, x: percent(from), x2: percent(to), width: percent(math.Max(0, to-from))})
}

// run is the line from the incident to now, and on to the deadline.
func (d *fuseDrawer) run(t FuseTimes) {
	if t.Start.IsZero() {
		return
	}
	end := d.x(d.now)
	if !t.Deadline.IsZero() {
		end = math.Min(end, d.x(t.Deadline.From))
		if t.Deadline.From.After(d.now) {
			d.add("run", "f-left", d.x(d.now), d.x(t.Deadline.From))
		}
	}
	if from := d.x(t.Start.To); from < end {
		d.add("run", "f-run", from, end)
	}
}

// deadline is a tick, or two with the band between them where it is known
// only roughly; what has passed of it, and all behind it up to now, is late.
func (d *fuseDrawer) deadline(t FuseTimes) {
	if t.Deadline.IsZero() {
		return
	}
	from, to, now := d.x(t.Deadline.From), d.x(t.Deadline.To), d.x(d.now)
	late := "f-late"
	if len(t.Tried)+len(t.Through) > 0 {
		late = "f-tried"
	}
	if t.Deadline.exact() {
		to = from
	}
	if now > from {
		d.add("box", late, from, now)
	}
	if to > now && to > from {
		d.add("box", "f-bandd", math.Max(from, now), to)
	}
	d.add("tick", "f-dl", from, 0)
	if to > from {
		d.add("tick", "f-dl", to, 0)
	}
}

// start is the dot of the incident, or the hatched band that holds it.
func (d *fuseDrawer) start(s Span) {
	switch {
	case s.IsZero():
	case s.exact():
		d.add("dot", "f-dot", d.x(s.From), 0)
	default:
		d.add("box", "f-band", d.x(s.From), d.x(s.To))
	}
}

// point is an attempt or a contact; where its time is known only roughly, the
// band that holds it.
func (d *fuseDrawer) point(s Span, kind, class string) {
	switch {
	case s.IsZero():
	case s.exact():
		d.add(kind, class, d.x(s.From), 0)
	default:
		d.add("thin", "f-band", d.x(s.From), d.x(s.To))
		d.add(kind, class, d.x(s.From), 0)
		d.add(kind, class, d.x(s.To), 0)
	}
}

func percent(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) + "%" }
