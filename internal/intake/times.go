package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"interceptlog/internal/incidents"
)

// months by name and by its first three letters.
var months = map[string]time.Month{}

// weekdays by name.
var weekdays = map[string]time.Weekday{}

func init() {
	for m := time.January; m <= time.December; m++ {
		months[lower(m.String())] = m
		months[lower(m.String()[:3])] = m
	}
	months["sept"] = time.September
	for i, names := range []string{"januari januar", "februari februar", "mars", "", "maj mai", "juni", "juli", "augusti", "", "oktober", "", "desember"} {
		for _, n := range strings.Fields(names) {
			months[n] = time.Month(i + 1) // Swedish and Norwegian
		}
	}
	for w := time.Sunday; w <= time.Saturday; w++ {
		weekdays[lower(w.String())] = w
	}
}

// dated is a day, a stretch of days or a month that the text names.
type dated struct {
	from, to    time.Time // to is the last day of a stretch, zero for one day
	precision   incidents.Precision
	first, last int // tokens
	published   bool
	event       bool // a meeting is told of in its sentence
}

// stamp finds times that are whole in one piece: date-time groups and ISO 8601.
var stamp = regexp.MustCompile(`\b\d{6}[A-Z] ?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]* ?\d{2,4}\b|\b\d{4}xx[A-Z](?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)\d{2}\b|\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})? ?(?:Z|UTC|[+-]\d{2}:?\d{2})`)

// shortStamp is a date-time group without month and year, as in a watch chat.
var shortStamp = regexp.MustCompile(`\b(\d{2})(\d{2})(\d{2})Z\b`)

// times gives when it was. A date on which something was published, said or
// summoned is not that of the incident; several days leave it open.
func (d *document) times(now time.Time) []Field {
	if out, done := d.stamps(now); done {
		return out
	}
	day, ok := d.day(now)
	clocks := d.clocks()
	if !ok {
		return d.clockAlone(clocks, now)
	}
	if day.precision == incidents.Day && len(clocks) > 0 {
		if out := d.withClock(day, clocks); out != nil {
			return out
		}
	}
	start := d.tokens[day.first].start
	end := d.tokens[day.last].end
	out := d.moment(day.from, day.precision, start, end)
	if !day.to.IsZero() && day.to.After(day.from) {
		out = append(out, d.field("to", stampOf(day.to), start, end))
	}
	return out
}

func stampOf(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (d *document) moment(t time.Time, p incidents.Precision, start, end int) []Field {
	return []Field{d.field("from", stampOf(t), start, end), d.field("time_precision", string(p), start, end)}
}

// stamps reads whole times. Two of them are start and end when a dash, "to" or
// "until" stands between; otherwise the first that is no message head counts.
func (d *document) stamps(now time.Time) ([]Field, bool) {
	at := stamp.FindAllStringIndex(d.text, -1)
	var moments []incidents.Moment
	var where [][]int
	for _, a := range at {
		m, err := incidents.ReadTime(strings.Replace(d.text[a[0]:a[1]], "UTC", "Z", 1), "", now)
		if err != nil || d.publishedAt(d.tokenAt(a[0])) || d.notEventTime(a[0]) {
			continue
		}
		moments, where = append(moments, m), append(where, a)
	}
	if len(moments) == 0 {
		return d.shortStamps(now)
	}
	out := d.moment(moments[0].From.Time(), moments[0].Precision, where[0][0], where[0][1])
	if len(moments) > 1 {
		between := strings.ToLower(strings.Trim(d.text[where[0][1]:where[1][0]], " \n"))
		if between == "-" || between == "–" || between == "to" || between == "until" || between == "/" || strings.HasSuffix(between, "end/") || strings.HasSuffix(between, "to/") || strings.HasSuffix(between, "to:") || strings.HasSuffix(between, "end:") {
			if moments[1].From > moments[0].From {
				out = append(out, d.field("to", stampOf(moments[1].From.Time()), where[1][0], where[1][1]))
			}
		} else if moments[1].From != moments[0].From && !d.eventIn(d.tokenAt(where[0][0])) && d.eventIn(d.tokenAt(where[1][0])) {
			out = d.moment(moments[1].From.Time(), moments[1].Precision, where[1][0], where[1][1])
		}
	} else if to, ok := d.untilClock(moments[0].From.Time(), where[0][1]); ok {
		out = append(out, to)
	}
	return out, true
}

// notEventTime reports whether a label before a time says that it is not that
// of the meeting: when the message was sent, or the target was lost.
func (d *document) notEventTime(offset int) bool {
	i := d.tokenAt(offset)
	for k := i - 1; k >= i-3 && k >= 0; k-- {
		switch d.low(k) {
		case "issued", "sent", "msgdtg", "released", "report", "reported", "created", "printed", "valid", "tor", "tof", "rtb", "landed":
			return true
		case "//", "\n":
			return false
		}
	}
	return false
}

// shortStamps reads 141630Z: the last such day of this month or the one before,
// if that is not long ago.
func (d *document) shortStamps(now time.Time) ([]Field, bool) {
	at := shortStamp.FindStringSubmatchIndex(d.text)
	if at == nil || now.IsZero() {
		return nil, false
	}
	num := func(n int) int { v, _ := strconv.Atoi(d.text[at[2*n]:at[2*n+1]]); return v }
	day, hour, minute := num(1), num(2), num(3)
	now = now.UTC()
	for back := 0; back < 2; back++ {
		first := time.Date(now.Year(), now.Month()-time.Month(back), 1, 0, 0, 0, 0, time.UTC)
		t := time.Date(first.Year(), first.Month(), day, hour, minute, 0, 0, time.UTC)
		if t.Day() != day || hour > 23 || minute > 59 || t.After(now.Add(time.Hour)) {
			continue
		}
		return d.moment(t, incidents.Exact, at[0], at[1]), true
	}
	return nil, false
}

// untilClock reads "-1700Z" and "to 1700Z" behind a time.
func (d *document) untilClock(from time.Time, end int) (Field, bool) {
	i := d.tokenAt(end)
	if low := d.low(i); low != "-" && low != "–" && low != "to" && low != "until" {
		return Field{}, false
	}
	c, ok := d.clockAt(i + 1)
	if !ok || !c.zoned {
		return Field{}, false
	}
	t := time.Date(from.Year(), from.Month(), from.Day(), c.hour, c.minute, 0, 0, time.UTC).Add(-c.offset(from))
	if !t.After(from) {
		return Field{}, false
	}
	return d.fieldOf("to", stampOf(t), c.first, c.last), true
}

// withClock puts a clock time on a day; two that belong together are start and
// end. A clock time whose zone is not plain leaves the day.
func (d *document) withClock(day dated, clocks []clock) []Field {
	c := d.bestClock(day, clocks)
	if c == nil || !c.zoned {
		return nil
	}
	t := day.from.Add(time.Duration(c.hour)*time.Hour + time.Duration(c.minute)*time.Minute - c.offset(day.from))
	p := incidents.Exact
	if c.about && c.minute%30 == 0 {
		p = incidents.Hour
	}
	start, end := d.tokens[c.first].start, d.tokens[c.last].end
	if d.same(c.first, day.first) && max(c.first, day.first)-min(c.last, day.last) <= 8 {
		start, end = min(start, d.tokens[day.first].start), max(end, d.tokens[day.last].end)
	}
	out := d.moment(t, p, start, end)
	if c.until != nil {
		to := day.from.Add(time.Duration(c.until.hour)*time.Hour + time.Duration(c.until.minute)*time.Minute - c.offset(day.from))
		if to.After(t) {
			out = append(out, d.fieldOf("to", stampOf(to), c.until.first, c.until.last))
		}
	}
	return out
}

// bestClock is the clock time of the day's own sentence, else of an event's
// sentence, if there is but one.
func (d *document) bestClock(day dated, clocks []clock) *clock {
	var in, other []*clock
	for n := range clocks {
		c := &clocks[n]
		switch {
		case d.same(c.first, day.first) || timeLabels[d.setLabel(c.first)]:
			in = append(in, c)
		case d.eventIn(c.first):
			other = append(other, c)
		}
	}
	for _, set := range [][]*clock{in, other} {
		if len(set) == 1 {
			return set[0]
		}
		if len(set) > 1 {
			for _, c := range set[1:] {
				if c.hour != set[0].hour || c.minute != set[0].minute {
					return nil
				}
			}
			return set[0]
		}
	}
	return nil
}

// clockAlone reads a line that begins with a time in UTC, as a watch chat does:
// the last such time before now.
func (d *document) clockAlone(clocks []clock, now time.Time) []Field {
	if len(clocks) == 0 || now.IsZero() || clocks[0].first > 1 && !timeLabels[d.setLabel(clocks[0].first)] && !(d.capitals && d.eventIn(clocks[0].first)) || !clocks[0].zulu {
		return nil
	}
	c := clocks[0]
	now = now.UTC()
	t := time.Date(now.Year(), now.Month(), now.Day(), c.hour, c.minute, 0, 0, time.UTC)
	if t.After(now.Add(10 * time.Minute)) {
		t = t.AddDate(0, 0, -1)
	}
	return d.moment(t, incidents.Exact, d.tokens[c.first].start, d.tokens[c.last].end)
}
