package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"interceptlog/internal/incidents"
)

// day finds the day, the week or the month of the incident.
func (d *document) day(now time.Time) (dated, bool) {
	all := d.dates(now)
	var events, others []dated
	for _, x := range all {
		switch {
		case x.published:
		case x.event:
			events = append(events, x)
		default:
			others = append(others, x)
		}
	}
	if len(all) > 0 && d.twoDays() {
		return dated{}, false
	}
	for _, list := range [][]dated{events, others} {
		if one, ok := single(list); ok {
			return one, true
		}
		if len(list) > 0 {
			return dated{}, false
		}
	}
	return dated{}, false
}

// twoDays reports whether a second meeting on "the next day" is told of.
func (d *document) twoDays() bool {
	for i := range d.tokens {
		if low := d.low(i); (low == "next" || low == "following") && d.low(i-1) == "the" && d.low(i+1) == "day" {
			if before := d.low(i - 2); (before == "," || before == "and") && d.eventIn(i) && !d.afterwards(dated{first: i}) {
				return d.low(i-3) != "summoned"
			}
		}
	}
	return false
}

// severalDays reports whether meetings on more than one day are told of.
func (d *document) severalDays(now time.Time) bool {
	var first *dated
	for _, x := range d.dates(now) {
		if !x.event || x.published || x.precision != incidents.Day || !x.to.IsZero() {
			continue
		}
		if first != nil && !first.from.Equal(x.from) {
			return true
		}
		first = &x
	}
	return false
}

// single is the one day that a list of dates means: a day within a week or a
// month that is named too is that day; two days leave it open.
func single(list []dated) (dated, bool) {
	if len(list) == 0 {
		return dated{}, false
	}
	best := list[0]
	for _, x := range list[1:] {
		switch {
		case x.from.Equal(best.from) && x.precision == best.precision:
		case best.holds(x):
			best = x
		case x.holds(best):
		default:
			return dated{}, false
		}
	}
	return best, true
}

// holds reports whether another date lies within this one.
func (x dated) holds(y dated) bool {
	i := incidents.Span(x.from, x.precision)
	if !x.to.IsZero() {
		i.To = incidents.MillisOf(x.to.AddDate(0, 0, 1))
	}
	return i.Covers(incidents.Span(y.from, y.precision)) && (y.to.IsZero() || !x.to.IsZero() && !y.to.After(x.to))
}

// dates are all days, stretches and months that the text names.
func (d *document) dates(now time.Time) []dated {
	var out []dated
	year := d.anchorYear()
	for i := 0; i < len(d.tokens); i++ {
		x, ok := d.dateAt(i, year, now)
		if !ok {
			continue
		}
		x.published = d.publishedAt(x.first) || d.dateline(x.first) || d.afterwards(x)
		x.event = d.eventIn(x.first) || d.incidentWord(x.first)
		if x.precision == incidents.Day && d.low(x.first-1) == "of" && d.low(x.first-2) == "week" {
			x.precision = incidents.Week
		}
		out = append(out, x)
		i = max(i, x.last)
	}
	switch {
	case len(out) == 0:
		return d.relativeDays(now)
	case len(out) == 1 && out[0].published && d.dateline(out[0].first) && out[0].precision == incidents.Day:
		return append(out, d.weekdaysBefore(out[0].from)...)
	}
	return out
}

// weekdaysBefore reads "on Wednesday" in a text that opens with the day on which
// it was written: that day or one of the six before.
func (d *document) weekdaysBefore(written time.Time) []dated {
	var out []dated
	for i := range d.tokens {
		w, ok := weekdays[d.low(i)]
		if !ok || !d.tokens[i].upper || d.low(i-1) != "on" || d.low(i+1) == "and" || !d.eventIn(i) || dayNumber(d.low(i+1)) > 0 {
			continue
		}
		back := (int(written.Weekday()) - int(w) + 7) % 7
		out = append(out, dated{from: written.AddDate(0, 0, -back), precision: incidents.Day, first: i, last: i, event: true})
	}
	return out
}

// anchorYear is the year of the only full date in the text, for those without
// one; 0 when there is none or there are two.
func (d *document) anchorYear() int {
	year := 0
	for i, t := range d.tokens {
		if !isYear(t.low) {
			continue
		}
		if _, ok := months[d.low(i-1)]; !ok && !(d.low(i-1) == "," && months[d.low(i-3)] != 0) {
			continue
		}
		y, _ := strconv.Atoi(t.low)
		if year != 0 && year != y {
			return 0
		}
		year = y
	}
	return year
}

var (
	dotted = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.((?:19|20)\d{2})$`)

	isoDay = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`)

	dayNum = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?$`)

	run   = regexp.MustCompile(`^(\d{1,2})([a-z]{3})(\d{2}|\d{4})$`)
	dayTo = regexp.MustCompile(`^(\d{1,2})-(\d{1,2})$`)
)

func dayNumber(low string) int {
	m := dayNum.FindStringSubmatch(low)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	if n > 31 {
		return 0
	}
	return n
}

// dateAt reads the date that begins at a token.
func (d *document) dateAt(i, anchor int, now time.Time) (dated, bool) {
	low := d.low(i)
	if m := isoDay.FindStringSubmatch(low); m != nil {
		y, _ := strconv.Atoi(m[1])
		mon, _ := strconv.Atoi(m[2])
		n, _ := strconv.Atoi(m[3])
		return makeDay(y, time.Month(mon), n, i, i)
	}
	if low != "" && dayNumber(low) == 0 && dayTo.MatchString(low) {
		m := dayTo.FindStringSubmatch(low)
		a, _ := strconv.Atoi(m[1])
		b, _ := strconv.Atoi(m[2])
		if mon, ok := months[d.low(i+1)]; ok {
			return d.stretch(a, b, mon, mon, i, i+1, anchor, now)
		}
		return dated{}, false
	}
	if n := dayNumber(low); n > 0 {
		return d.dayFirst(n, i, anchor, now)
	}
	if m := dotted.FindStringSubmatch(low); m != nil {
		n, _ := strconv.Atoi(m[1])
		mon, _ := strconv.Atoi(m[2])
		y, _ := strconv.Atoi(m[3])
		return makeDay(y, time.Month(mon), n, i, i)
	}
	if m := run.FindStringSubmatch(low); m != nil && months[m[2]] != 0 { // 08FEB23
		n, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[3])
		if y < 100 {
			y += 2000
		}
		return makeDay(y, months[m[2]], n, i, i)
	}
	mon, ok := months[low]
	if !ok || !d.tokens[i].upper {
		return dated{}, false
	}
	after := i + 1
	if d.low(after) == "." && d.same(i, after+1) { // Nov. 25
		after++
	}
	if n := dayNumber(d.low(after)); n > 0 && !strings.HasPrefix(d.low(after), "0") && d.low(after+1) != ":" {
		last := after
		y, at := d.yearAfter(last, anchor, mon, n, now)
		if y == 0 {
			return dated{}, false
		}
		return makeDay(y, mon, n, i, at)
	}
	if isYear(d.low(i+1)) && d.low(i-1) != "since" {
		y, _ := strconv.Atoi(d.low(i + 1))
		return dated{from: time.Date(y, mon, 1, 0, 0, 0, 0, time.UTC), precision: incidents.Month, first: i, last: i + 1}, true
	}
	return dated{}, false
}

// dayFirst reads "14 March 2023", "11–17 February 2019", "11 to 17 February",
// "28 January – 3 February 2019".
func (d *document) dayFirst(n, i, anchor int, now time.Time) (dated, bool) {
	k := i + 1
	if d.low(k) == "of" {
		k++
	}
	if low := d.low(k); low == "-" || low == "–" || low == "—" || low == "to" || low == "and" && d.low(i-1) == "between" {
		m := dayNumber(d.low(k + 1))
		if mon, ok := months[d.low(k+2)]; ok && m > 0 {
			return d.stretch(n, m, mon, mon, i, k+2, anchor, now)
		}
		return dated{}, false
	}
	if mon, ok := months[d.low(k+2)]; ok && d.low(k) == "and" && dayNumber(d.low(k+1)) > 0 {
		if y, _ := d.yearAfter(k+2, anchor, mon, n, now); y != 0 {
			return makeDay(y, mon, n, i, i) // "on 21 and 22 February": the first of two days
		}
	}
	mon, ok := months[d.low(k)]
	if !ok {
		return dated{}, false
	}
	if low := d.low(k + 1); low == "-" || low == "–" || low == "to" {
		m := dayNumber(d.low(k + 2))
		if next, ok := months[d.low(k+3)]; ok && m > 0 {
			return d.stretch(n, m, mon, next, i, k+3, anchor, now)
		}
	}
	y, at := d.yearAfter(k, anchor, mon, n, now)
	if y == 0 {
		return dated{}, false
	}
	return makeDay(y, mon, n, i, at)
}

func makeDay(y int, mon time.Month, n, first, last int) (dated, bool) {
	t := time.Date(y, mon, n, 0, 0, 0, 0, time.UTC)
	if t.Day() != n || mon < 1 || mon > 12 {
		return dated{}, false
	}
	return dated{from: t, precision: incidents.Day, first: first, last: last}, true
}

// stretch makes the days from one to another.
func (d *document) stretch(a, b int, m1, m2 time.Month, first, last, anchor int, now time.Time) (dated, bool) {
	y, at := d.yearAfter(last, anchor, m2, b, now)
	if y == 0 {
		return dated{}, false
	}
	x, ok := makeDay(y, m1, a, first, at)
	end, fine := makeDay(y, m2, b, first, at)
	if !ok || !fine || !end.from.After(x.from) {
		return dated{}, false
	}
	x.to = end.from
	if days := end.from.Sub(x.from).Hours() / 24; days == 6 || days == 7 {
		x.precision = incidents.Week
	}
	return x, true
}

// yearAfter is the year behind a day and month, or else the text's one year, or
// that of the last such day before now if that is not long ago; 0 when unsure.
func (d *document) yearAfter(k, anchor int, mon time.Month, n int, now time.Time) (year, last int) {
	next := k + 1
	if d.low(next) == "," || d.low(next) == "of" || d.low(next) == "." && d.same(k, next+1) {
		next++
	}
	if isYear(d.low(next)) && (next == k+1 || d.same(next, k)) {
		y, _ := strconv.Atoi(d.low(next))
		return y, next
	}
	if low := d.low(k + 1); len(low) == 2 && strings.Trim(low, "0123456789") == "" && d.tokens[k].end+1 == d.tokens[k+1].start && d.low(k+2) != ":" && d.tokens[k].shout {
		y, _ := strconv.Atoi(low)
		return 2000 + y, k + 1
	}
	if anchor != 0 {
		return anchor, k
	}
	if now.IsZero() {
		return 0, k
	}
	t := time.Date(now.Year(), mon, n, 0, 0, 0, 0, time.UTC)
	if t.After(now) {
		t = t.AddDate(-1, 0, 0)
	}
	if now.Sub(t) > 45*24*time.Hour {
		return 0, k
	}
	return t.Year(), k
}

// dayParts belong to the day before them: "yesterday evening".
var dayParts = set("morning afternoon evening night")

// relativeDays reads "yesterday", "today" and "on Tuesday", counted from now,
// when the text names no date.
func (d *document) relativeDays(now time.Time) []dated {
	if now.IsZero() {
		return nil
	}
	today := now.UTC().Truncate(24 * time.Hour)
	var out []dated
	for i := range d.tokens {
		back, last := -1, i
		low := d.low(i)
		switch {
		case low == "yesterday":
			back = 1
		case low == "today":
			back = 0
		case low == "this" && (d.low(i+1) == "morning" || d.low(i+1) == "afternoon"):
			back, last = 0, i+1
		}
		if dayParts[d.low(i+1)] {
			last = i + 1
		}
		if w, ok := weekdays[low]; ok && d.tokens[i].upper && d.low(i-1) != "a" && d.low(i-1) != "and" && d.low(i+1) != "and" && (d.low(i-1) == "on" || d.low(i+1) == "morning" || d.low(i+1) == "afternoon" || d.low(i+1) == "evening") {
			back = (int(today.Weekday()) - int(w) + 7) % 7
			if back == 0 {
				continue // today or a week ago: nobody can tell
			}
		}
		if back < 0 {
			continue
		}
		x := dated{from: today.AddDate(0, 0, -back), precision: incidents.Day, first: i, last: last}
		x.published = d.publishedAt(i) || d.afterwards(x)
		x.event = d.eventIn(i) || d.incidentWord(i)
		if d.eventIn(i) || d.incidentWord(i) || len(d.events) == 0 {
			out = append(out, x)
		}
	}
	return out
}
