package view

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// TimelineTimes is what the timeline of one incident is drawn from.
type TimelineTimes struct {
	Start      Span
	End        Span   // when the incident ended; zero: not stated
	StartText  string // 140603Z
	Deadline   Span   // zero: none
	DeadlineAt string // 140703Z
	Now        time.Time
	Open       bool // somebody still waits for a call
	Rows       []TimelineRow
}

// TimelineRow is one contact: when, over what, and what it means.
type TimelineRow struct {
	Title, Note    string
	Figure, Remark string
	Start, End     Span   // End zero: not stated
	Kind           string // direct, diplomatic, attempt or idle
}

// Timeline is the picture of one incident and its contacts, drawn twice, so
// that its text keeps its size on wide and on small screens.
type Timeline struct {
	Label        string
	Wide, Narrow TimelineDrawing
	Open         bool
	Ahead        bool // the deadline lies ahead
}

// TimelineDrawing is one of the two.
type TimelineDrawing struct {
	Width, Height int
	shapes        []shape
}

// shape is one stroke or word of a drawing.
type shape struct {
	kind, class, text, anchor string
	x, y, w, h                float64
}

// IsEmpty reports whether there is nothing to draw.
func (t Timeline) IsEmpty() bool { return len(t.Wide.shapes) == 0 }

// DrawTimeline draws what the incident page shows under its answer. An
// incident that nobody called about and for which no call was asked for has
// no picture.
func DrawTimeline(t TimelineTimes) Timeline {
	from, to, ok := t.extent()
	if !ok {
		return Timeline{}
	}
	wide := timelinePen{times: t, from: from, to: to, left: 236, right: 884}
	narrow := timelinePen{times: t, from: from, to: to, left: 8, right: 358, narrowWords: true}
	return Timeline{Label: t.label(), Open: t.Open, Ahead: t.Now.Before(t.Deadline.From), Wide: wide.wide(), Narrow: narrow.narrow()}
}

// extent is the stretch of time that holds everything, with a little room on
// either side.
func (t TimelineTimes) extent() (from, to time.Time, ok bool) {
	if t.Start.IsZero() || t.Deadline.IsZero() && len(t.Rows) == 0 {
		return from, to, false
	}
	from, to = t.Start.From, t.Start.To
	take := func(s Span) {
		if s.IsZero() {
			return
		}
		if s.From.Before(from) {
			from = s.From
		}
		if s.To.After(to) {
			to = s.To
		}
	}
	take(t.Deadline)
	take(t.End)
	for _, r := range t.Rows {
		take(r.Start)
		take(r.End)
	}
	if t.Open && !t.Now.IsZero() && t.Now.Sub(to) < 4*to.Sub(from)+24*time.Hour {
		take(Span{t.Now, t.Now})
	}
	room := max(to.Sub(from)/25, 5*time.Minute)
	return from.Add(-room), to.Add(room), true
}

// label says in words what the picture shows.
func (t TimelineTimes) label() string {
	parts := []string{"incident " + t.StartText}
	if !t.Deadline.IsZero() {
		parts = append(parts, "deadline "+t.DeadlineAt)
	}
	for _, r := range t.Rows {
		parts = append(parts, r.Title+", "+r.Figure+" after, "+r.Remark)
	}
	return "Timeline: " + strings.Join(parts, "; ") + "."
}

// timelinePen draws into one of the two pictures.
type timelinePen struct {
	times       TimelineTimes
	from, to    time.Time
	left, right float64 // edges of the axis, in pixels
	narrowWords bool    // words stand above the lines, not beside them
	shapes      []shape
}

const (
	timelineTop  = 30.0 // where the rows begin in the wide picture
	timelineRow  = 40.0
	timelineRowS = 60.0 // of the narrow one, where the words stand above
	barHeight    = 14.0
)

func (p *timelinePen) x(t time.Time) float64 {
	share := float64(t.Sub(p.from)) / float64(p.to.Sub(p.from))
	return math.Min(p.right, math.Max(p.left, p.left+share*(p.right-p.left)))
}

func (p *timelinePen) text(class, text, anchor string, x, y float64) {
	p.shapes = append(p.shapes, shape{kind: "text", class: class, text: text, anchor: anchor, x: x, y: y})
}

func (p *timelinePen) line(class string, x, y, x2, y2 float64) {
	p.shapes = append(p.shapes, shape{kind: "line", class: class, x: x, y: y, w: x2, h: y2})
}

func (p *timelinePen) rect(class string, x, y, w, h float64) {
	p.shapes = append(p.shapes, shape{kind: "rect", class: class, x: x, y: y, w: math.Max(w, 1), h: h})
}

func (p *timelinePen) sign(kind, class string, x, y float64) {
	p.shapes = append(p.shapes, shape{kind: kind, class: class, x: x, y: y})
}

// wide draws the words beside the rows.
func (p *timelinePen) wide() TimelineDrawing {
	t := p.times
	bottom := timelineTop + math.Max(1, float64(len(t.Rows)))*timelineRow
	p.zone(timelineTop-2, bottom)
	p.axis(timelineTop-2, bottom, bottom, 60)
	if len(t.Rows) == 0 {
		p.text("h", "No contact on record", "", 0, timelineTop+24)
	}
	for i, r := range t.Rows {
		y := timelineTop + float64(i)*timelineRow
		p.text("b", clipText(r.Title, 33), "", 0, y+16)
		p.text("", clipText(r.Note, 35), "", 0, y+32)
		p.text("m b", clipText(r.Figure, 27), "", p.right+14, y+16)
		p.text("", clipText(r.Remark, 34), "", p.right+14, y+32)
		p.band(r, y+14)
	}
	p.startWords(0, 20)
	p.head(16, bottom)
	return TimelineDrawing{Width: 1100, Height: int(bottom) + 36, shapes: p.shapes}
}

// narrow draws the words above the rows.
func (p *timelinePen) narrow() TimelineDrawing {
	t := p.times
	const top = 44.0
	bottom := top + math.Max(0.5, float64(len(t.Rows)))*timelineRowS
	for i := range t.Rows {
		y := top + float64(i)*timelineRowS + 34
		p.zone(y, y+22)
	}
	p.axis(0, 0, bottom, 70)
	for i, r := range t.Rows {
		y := top + float64(i)*timelineRowS
		p.text("b", clipText(r.Title, 48), "", 4, y+12)
		p.text("", clipText(r.Figure+", "+r.Remark, 58), "", 4, y+27)
		p.deadlineMark(y+34, y+56)
		p.band(r, y+38)
	}
	p.startWords(4, 12)
	p.head(27, 38)
	if len(t.Rows) == 0 {
		p.text("h", "No contact on record", "", 4, top+10)
	}
	return TimelineDrawing{Width: 366, Height: int(bottom) + 38, shapes: p.shapes}
}

func (p *timelinePen) startWords(x, y float64) {
	p.text("m b", p.times.StartText, "", x, y)
	p.text("m h", "incident", "", x+10+7.3*float64(len([]rune(p.times.StartText))), y)
}

// zone shades what lies behind the deadline.
func (p *timelinePen) zone(top, bottom float64) {
	d := p.times.Deadline
	if d.IsZero() {
		return
	}
	x := p.x(d.From)
	p.rect("zone", x, top, p.right-x, bottom-top)
}

// head is the line of the incident itself, with its deadline, whose words
// stand at its right, or beside the axis where there is no room.
func (p *timelinePen) head(y, bottom float64) {
	t := p.times
	p.incident(y)
	if t.Deadline.IsZero() {
		return
	}
	from, to := p.x(t.Deadline.From), p.x(t.Deadline.To)
	if t.Deadline.exact() {
		to = from
	} else {
		p.rect("dlband", from, y-5, to-from, 10)
	}
	p.line("ax", math.Min(p.x(t.Start.To), from), y, from, y)
	p.deadlineMark(y-8, bottom)
	if p.narrowWords {
		p.text("m late", t.DeadlineAt+" deadline", "end", p.right, 12)
		return
	}
	words, x := t.DeadlineAt+" deadline", to+8
	if x+7.4*float64(len([]rune(words))) > p.right {
		x = p.right + 14
	}
	p.text("m late", words, "", x, 20)
}

// incident is a dot and a line to its end, or the hatched band that holds its
// start.
func (p *timelinePen) incident(y float64) {
	t := p.times
	if !t.End.IsZero() && t.End.To.After(t.Start.To) {
		p.line("run", p.x(t.Start.From), y, p.x(t.End.To), y)
	}
	if t.Start.exact() {
		p.sign("dot", "bandd", p.x(t.Start.From), y)
		return
	}
	p.rect("bando", p.x(t.Start.From), y-5, p.x(t.Start.To)-p.x(t.Start.From), 10)
}

// deadlineMark is the tick of the deadline, both where it is known roughly.
func (p *timelinePen) deadlineMark(top, bottom float64) {
	d := p.times.Deadline
	if d.IsZero() {
		return
	}
	p.line("dl", p.x(d.From), top, p.x(d.From), bottom)
	if !d.exact() {
		p.line("dl2", p.x(d.To), top, p.x(d.To), bottom)
	}
}

// band draws when a contact was: solid when direct, hatched when diplomatic,
// dashed when tried in vain, faint when it counts for nothing. Known to the
// minute it is a sign, with a bar for as long as it lasted.
func (p *timelinePen) band(r TimelineRow, y float64) {
	if r.Start.IsZero() {
		p.text("unk", "time unknown", "", p.left+6, y+11)
		return
	}
	class := map[string]string{"direct": "bandd", "diplomatic": "bando", "attempt": "bandx"}[r.Kind]
	if class == "" {
		class = "bandi"
	}
	from, to := p.x(r.Start.From), p.x(r.Start.To)
	if !r.Start.exact() {
		p.rect(class, from, y, to-from, barHeight)
		if r.Kind == "attempt" {
			p.sign("cross", "x", from, y+barHeight/2)
			p.sign("cross", "x", to, y+barHeight/2)
		}
		return
	}
	if !r.End.IsZero() {
		p.rect(class, from, y, p.x(r.End.To)-from, barHeight)
	}
	switch r.Kind {
	case "direct", "diplomatic":
		p.sign("ring", "thru "+r.Kind, from, y+barHeight/2)
	case "attempt":
		p.sign("cross", "x", from, y+barHeight/2)
	default:
		p.sign("ring", "thru idle", from, y+barHeight/2)
	}
}

// axis draws the scale in UTC, with lines through the rows between top and
// bottom; at most one tick for every room pixels.
func (p *timelinePen) axis(top, bottom, base, room float64) {
	step := stepFor(p.to.Sub(p.from), int((p.right-p.left)/room))
	for _, t := range step.ticks(p.from, p.to) {
		x := p.x(t)
		class := "gr"
		if step.strong(t) {
			class = "ax"
		}
		if bottom > top {
			p.line(class, x, top, x, bottom)
		}
		p.line("ax", x, base, x, base+4)
		if x > p.left+14 && x < p.right-14 {
			label := "m h"
			if step.strong(t) {
				label = "m b"
			}
			p.text(label, step.label(t), "middle", x, base+16)
		}
	}
	p.line("ax", p.left, base, p.right, base)
	for _, b := range step.bands(p.from, p.to) {
		from, to := p.x(b.From), p.x(b.To)
		if words := step.bandLabel(b.From); to-from > 7.6*float64(len(words)) {
			p.text("m", words, "middle", (from+to)/2, base+31)
		}
	}
	if n := p.times.Now; p.times.Open && n.After(p.from) && n.Before(p.to) {
		p.line("nowl", p.x(n), math.Max(top, 20), p.x(n), base)
		p.text("m b nowt", "NOW", "end", p.x(n)-4, base-4)
	}
}

// timelineStep is one grain of the axis.
type timelineStep struct {
	length time.Duration
	months int // for steps of the calendar
}

var timelineSteps = []timelineStep{
	{5 * time.Minute, 0}, {15 * time.Minute, 0}, {30 * time.Minute, 0}, {time.Hour, 0}, {2 * time.Hour, 0}, {3 * time.Hour, 0}, {6 * time.Hour, 0}, {12 * time.Hour, 0},
	{day, 0}, {2 * day, 0}, {7 * day, 0}, {30 * day, 1}, {91 * day, 3}, {365 * day, 12}, {5 * 365 * day, 60},
}

const day = 24 * time.Hour

// stepFor gives the finest grain with no more ticks than there is room for.
func stepFor(length time.Duration, most int) timelineStep {
	for _, s := range timelineSteps {
		if int(length/s.length) <= max(most, 2) {
			return s
		}
	}
	return timelineSteps[len(timelineSteps)-1]
}

// ticks are the round moments between two others.
func (s timelineStep) ticks(from, to time.Time) []time.Time {
	t := from.UTC().Truncate(s.length)
	next := func(t time.Time) time.Time { return t.Add(s.length) }
	if s.length >= 7*day && s.months == 0 {
		t = from.UTC().Truncate(day)
	}
	if s.months > 0 {
		first := (int(from.UTC().Month()) - 1) / min(s.months, 12) * min(s.months, 12)
		t = time.Date(from.UTC().Year(), time.Month(first+1), 1, 0, 0, 0, 0, time.UTC)
		next = func(t time.Time) time.Time { return t.AddDate(0, s.months, 0) }
	}
	var list []time.Time
	for ; !t.After(to); t = next(t) {
		if !t.Before(from) {
			list = append(list, t)
		}
	}
	return list
}

// strong reports whether a tick begins something that has its own label.
func (s timelineStep) strong(t time.Time) bool {
	switch {
	case s.months >= 12:
		return false
	case s.length >= day:
		return t.Day() == 1 && (s.months == 0 || t.Month() == time.January)
	}
	return t.Hour() == 0 && t.Minute() == 0
}

func (s timelineStep) label(t time.Time) string {
	switch {
	case s.months >= 12:
		return t.Format("2006")
	case s.months > 0:
		return strings.ToUpper(t.Format("Jan"))
	case s.length >= day:
		return strings.ToUpper(t.Format("02 Jan"))
	case s.length >= time.Hour:
		return t.Format("15Z")
	}
	return t.Format("1504Z")
}

// bands are the days, or for long stretches the years, under the ticks.
func (s timelineStep) bands(from, to time.Time) []Span {
	var list []Span
	if s.months >= 12 {
		return nil
	}
	y, m, d := from.UTC().Date()
	t, next := time.Date(y, m, d, 0, 0, 0, 0, time.UTC), func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
	if s.length >= day {
		t, next = time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }
	}
	for ; t.Before(to); t = next(t) {
		list = append(list, Span{t, next(t)})
	}
	return list
}

func (s timelineStep) bandLabel(t time.Time) string {
	if s.length >= day {
		return t.Format("2006")
	}
	return strings.ToUpper(t.Format("02 Jan 06"))
}

// clipText shortens a text to so many characters; the whole of it stands in
// the table under the picture.
func clipText(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return strings.TrimRight(string(r[:most-1]), " ,.–-") + "…"
}

// px writes a coordinate.
func px(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

func viewBox(d TimelineDrawing) string {
	return "0 0 " + strconv.Itoa(d.Width) + " " + strconv.Itoa(d.Height)
}
