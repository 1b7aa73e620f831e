package intake

import (
	"regexp"
	"strconv"
	"time"
)

// clock is a time of day that the text names.
type clock struct {
	hour, minute int
	first, last  int
	zoned        bool // its zone is plain
	zulu         bool // UTC
	about        bool // about, around, just before
	fixed        time.Duration
	europe       int // hours from UTC in winter, for zones with summer time; -1 for none
	until        *clock
}

var (
	clockForm = regexp.MustCompile(`^(\d{1,2})[:.](\d{2})(z)?$`)
	plainForm = regexp.MustCompile(`^(\d{2})(\d{2})(z)?$`)
)

// fixedZones are the zones that are the same all year.
var fixedZones = map[string]time.Duration{
	"utc": 0, "gmt": 0, "z": 0, "zulu": 0, "cet": time.Hour, "cest": 2 * time.Hour, "eet": 2 * time.Hour, "eest": 3 * time.Hour,
	"bst": time.Hour, "msk": 3 * time.Hour, "moscow": 3 * time.Hour, "trt": 3 * time.Hour, "turkish": 3 * time.Hour, "russian": 3 * time.Hour,
}

// summerZones are the hours from UTC in winter of zones that keep summer time.
var summerZones = map[string]int{
	"norwegian": 1, "swedish": 1, "danish": 1, "polish": 1, "german": 1, "finnish": 2, "estonian": 2, "latvian": 2, "lithuanian": 2, "romanian": 2,
	"bulgarian": 2, "ukrainian": 2, "oslo": 1, "stockholm": 1, "copenhagen": 1, "warsaw": 1, "helsinki": 2, "tallinn": 2, "riga": 2, "vilnius": 2,
	"bucharest": 2, "kyiv": 2, "london": 0, "british": 0, "uk": 0,
}

// overWords before a time say that it was over then, or has no part in it.
var overWords = set("by until till rtb landed recovered eta report reported tor off-task terminated")

// clocks finds the times of day, in order.
func (d *document) clocks() []clock {
	var out []clock
	for i := 0; i < len(d.tokens); i++ {
		c, ok := d.clockAt(i)
		if !ok {
			continue
		}
		i = c.last
		if before := d.low(c.first - 1); overWords[before] || (before == "at" || before == ":" || before == "/") && overWords[d.low(c.first-2)] {
			continue // when it was over
		}
		c.about = d.approximate(c.first)
		if next, ok := d.rangeEnd(c); ok {
			c.until = &next
			if !c.zoned {
				c.zoned, c.zulu, c.fixed, c.europe = next.zoned, next.zulu, next.fixed, next.europe
			}
			i = next.last
		}
		out = append(out, c)
	}
	return out
}

// rangeEnd is the second time of "between 1600 and 1700Z", "08:52 to 09:23 UTC".
func (d *document) rangeEnd(c clock) (clock, bool) {
	k := c.last + 1
	switch low := d.low(k); {
	case low == "-" || low == "–" || low == "to" || low == "until":
	case low == "and" && d.low(c.first-1) == "between":
	default:
		return clock{}, false
	}
	return d.clockAt(k + 1)
}

func (d *document) approximate(i int) bool {
	for k := i - 1; k >= i-3; k-- {
		switch d.low(k) {
		case "about", "around", "approximately", "roughly", "circa", "approx", "before", "after", "shortly", "just", "c", "~":
			return true
		case "at", ".", "local", "the":
			continue
		}
		return false
	}
	return false
}

// clockAt reads the time of day at a token with its zone: 16:30 UTC, 1630Z,
// 4.42 pm Finnish time, 07:03 CET.
func (d *document) clockAt(i int) (clock, bool) {
	if i >= len(d.tokens) || !d.tokens[i].word {
		return clock{}, false
	}
	m, colon := clockForm.FindStringSubmatch(d.low(i)), true
	last := i
	if m == nil && d.low(i+1) == ":" && len(d.low(i)) <= 2 && len(d.low(i+2)) >= 2 && d.tokens[i].end == d.tokens[i+1].start && d.tokens[i+1].end == d.tokens[i+2].start {
		m = clockForm.FindStringSubmatch(d.low(i) + ":" + d.low(i+2))
		last = i + 2
	}
	if m == nil {
		m, colon = plainForm.FindStringSubmatch(d.low(i)), false
	}
	if m == nil {
		return clock{}, false
	}
	c := clock{first: i, last: last, europe: -1}
	c.hour, _ = strconv.Atoi(m[1])
	c.minute, _ = strconv.Atoi(m[2])
	if c.hour > 23 || c.minute > 59 {
		return clock{}, false
	}
	pm := d.halfDay(&c)
	if m[3] == "z" {
		c.zoned, c.zulu = true, true
	} else {
		d.zone(&c)
	}
	dotted := colon && last == i && d.text[d.tokens[i].start+len(m[1])] == '.'
	if !colon && !c.zulu && !(c.zoned && d.low(i-1) != "in") && !d.hoursWord(c) || dotted && !c.zoned && !pm && d.low(i-1) != "at" {
		return clock{}, d.inRange(i) && !colon && !isYear(d.low(i)) && false
	}
	return c, true
}

func (d *document) inRange(i int) bool { return d.low(i-1) == "between" }

// hoursWord lets "between 1600 and 1700Z" and "1630 hrs" pass as times.
func (d *document) hoursWord(c clock) bool {
	next := d.low(c.last + 1)
	if next == "hrs" || next == "hours" {
		return true
	}
	if d.low(c.first-1) == "between" && next == "and" || d.low(c.first-1) == "from" && (next == "to" || next == "until") {
		low := d.low(c.last + 2)
		return plainForm.MatchString(low) && low[len(low)-1] == 'z' || plainForm.MatchString(low) && (d.low(c.last+3) == "utc" || d.low(c.last+3) == "z" || d.low(c.last+3) == "gmt")
	}
	if (next == "-" || next == "–") && plainForm.MatchString(d.low(c.last+2)) {
		low := d.low(c.last + 2)
		return low[len(low)-1] == 'z' || d.low(c.last+3) == "utc"
	}
	return false
}

// halfDay takes a.m. and p.m.
func (d *document) halfDay(c *clock) bool {
	next := d.low(c.last + 1)
	if next == "p.m" || next == "pm" || next == "p.m." {
		if c.hour < 12 {
			c.hour += 12
		}
		c.last++
	} else if next == "a.m" || next == "am" || next == "a.m." {
		if c.hour == 12 {
			c.hour = 0
		}
		c.last++
	} else {
		return false
	}
	if d.low(c.last+1) == "." {
		c.last++
	}
	return true
}

// zone takes the words for a zone behind a time: UTC, UTC+3, Moscow time.
func (d *document) zone(c *clock) {
	k := c.last + 1
	if d.low(k) == "hrs" || d.low(k) == "hours" || d.low(k) == "(" || d.low(k) == "h" {
		k++
	}
	low := d.low(k)
	if low == "local" && d.low(k+1) == "time" && d.low(k+2) == "(" {
		k, low = k+3, d.low(k+3)
	}
	if off, ok := fixedZones[low]; ok {
		if (low == "moscow" || low == "turkish" || low == "russian") && d.low(k+1) != "time" {
			return
		}
		c.zoned, c.fixed, c.last = true, off, k
		c.zulu = off == 0
		if low == "utc" || low == "gmt" {
			if sign := d.low(k + 1); (sign == "+" || sign == "-") && d.tokens[k].end == d.tokens[k+1].start {
				if h, err := strconv.Atoi(d.low(k + 2)); err == nil && h <= 14 {
					if sign == "-" {
						h = -h
					}
					c.fixed, c.zulu, c.last = time.Duration(h)*time.Hour, false, k+2
				}
			}
		}
		if d.low(c.last+1) == "time" {
			c.last++
		}
		return
	}
	if h, ok := summerZones[low]; ok && d.low(k+1) == "time" {
		c.zoned, c.europe, c.last = true, h, k+1
	}
}

// offset is the clock's distance from UTC on a day.
func (c clock) offset(day time.Time) time.Duration {
	if c.europe < 0 {
		return c.fixed
	}
	h := time.Duration(c.europe) * time.Hour
	if day.After(lastSunday(day.Year(), time.March)) && !day.After(lastSunday(day.Year(), time.October).AddDate(0, 0, -1)) || day.Equal(lastSunday(day.Year(), time.March)) && c.hour > 3 {
		h += time.Hour
	}
	return h
}

// lastSunday is when summer time begins and ends in Europe.
func lastSunday(year int, month time.Month) time.Time {
	t := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
	return t.AddDate(0, 0, -int(t.Weekday()))
}
