package view

import (
	"strings"
	"time"
)

// LineUse is how a line was over a stretch of time: the figures, the picture,
// and the table that says what the picture does.
type LineUse struct {
	Words           string // the last year, to 301200ZNOV26
	Periods         []UsePeriod
	Attempts, Tests Share
	All             Share
	States          []UseState
	Silence         string // 12 d 4 h
	SilenceWhen     string // from … to …
	Rows            []UseRow
	Unit            string // week or month: what a bar is
	Wide, Narrow    TimelineDrawing
	Label           string
}

// UsePeriod is a stretch of time that one may choose.
type UsePeriod struct {
	Label, Href string
	Current     bool
}

// UseState is how long a line was in a state.
type UseState struct{ Code, Word, Time, Percent string }

// UseRow is one row of the table: a month, or a week where the time is short.
type UseRow struct {
	Label           string
	States          string // in use 100 %
	Attempts, Tests string // 3 of 4
}

// UseTimes is what the picture of a line is drawn from.
type UseTimes struct {
	From, To time.Time
	Bars     []UseBar
	Marks    []UseMark
}

// UseBar is a part of the time and what share of it, 0 to 1, the line was in
// each state, in the order in which they are stacked.
type UseBar struct {
	From, To time.Time
	Shares   []UseShare
}

// UseShare is a part of a bar.
type UseShare struct {
	State string
	Share float64
}

// UseMark is an attempt or a test.
type UseMark struct {
	At            time.Time
	Test, Through bool
}

const (
	useTop    = 6.0  // of the bars
	useHeight = 56.0 // of the bars
	useRow    = 20.0 // between the rows of marks
)

// DrawUse draws the picture for either width. The bars are hatched by state,
// so that no state is told by a hue alone.
func DrawUse(t UseTimes) (wide, narrow TimelineDrawing) {
	return usePen{UseTimes: t, left: 64, right: 890}.draw(900), usePen{UseTimes: t, left: 46, right: 352, narrow: true}.draw(358)
}

type usePen struct {
	UseTimes
	left, right float64
	narrow      bool
	shapes      []shape
}

func (p usePen) x(t time.Time) float64 {
	return p.left + (p.right-p.left)*float64(t.Sub(p.From))/float64(p.To.Sub(p.From))
}

func (p usePen) draw(width int) TimelineDrawing {
	bottom := useTop + useHeight
	calls, tests, axis := bottom+useRow, bottom+2*useRow, bottom+2*useRow+12
	for _, w := range []struct {
		text string
		y    float64
	}{{"state", useTop + useHeight/2 + 4}, {"calls", calls + 4}, {"tests", tests + 4}} {
		p.shapes = append(p.shapes, shape{kind: "text", class: "h", text: w.text, x: p.left - 8, y: w.y, anchor: "end"})
	}
	for _, b := range p.Bars {
		p.bar(b, bottom)
	}
	p.axis(axis)
	for _, m := range p.Marks {
		y := calls
		if m.Test {
			y = tests
		}
		if m.Through {
			p.shapes = append(p.shapes, shape{kind: "tick", class: "ok", x: p.x(m.At), y: y})
		} else {
			p.shapes = append(p.shapes, shape{kind: "cross", class: "x", x: p.x(m.At), y: y})
		}
	}
	return TimelineDrawing{Width: width, Height: int(axis) + 20, shapes: p.shapes}
}

// bar stacks the states from the bottom up, a hair apart from its neighbours.
func (p *usePen) bar(b UseBar, bottom float64) {
	from, to := p.x(b.From), p.x(b.To)
	gap := min(1, (to-from)/5)
	y := bottom
	for _, s := range b.Shares {
		h := s.Share * useHeight
		y -= h
		p.shapes = append(p.shapes, shape{kind: "rect", class: "us " + s.State, x: from + gap/2, y: y, w: to - from - gap, h: h})
	}
}

// axis writes the months, or the days where the time is short.
func (p *usePen) axis(y float64) {
	p.shapes = append(p.shapes, shape{kind: "line", class: "ax", x: p.left, y: y, w: p.right, h: y})
	days := p.To.Sub(p.From).Hours() / 24
	year, month, day := p.From.Date()
	next := func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }
	layout, least := "Jan", 40.0
	t := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case days < 62:
		t = time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		next = func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
		layout, least = "02", 24
	case days > 500:
		layout, least = "Jan 06", 64
	}
	last := p.left - least
	for ; t.Before(p.To); t = next(t) {
		x := p.x(t)
		if x < p.left {
			continue
		}
		p.shapes = append(p.shapes, shape{kind: "line", class: "ax", x: x, y: y, w: x, h: y + 4})
		if x-last >= least && x < p.right-12 {
			p.shapes = append(p.shapes, shape{kind: "text", class: "m", text: strings.ToUpper(t.Format(layout)), x: x + 2, y: y + 15})
			last = x
		}
	}
}
