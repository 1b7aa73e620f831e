package incidents

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	dtgPattern   = regexp.MustCompile(`^(\d{2})(\d{2})(\d{2}|XX)([A-Z])(JANUARY|FEBRUARY|MARCH|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|[A-Z]{3})(\d{4}|\d{2})$`)
	zonelessDTG  = regexp.MustCompile(`^(\d{6})([A-Z]{3}\d{2}(?:\d{2})?)$`)
	basicISO     = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(?:\d{2})?(Z|[+-]\d{2}:?\d{2})$`)
	isoPattern   = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):?(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?)?$`)
	datePattern  = regexp.MustCompile(`^(\d{1,2})(?:ST|ND|RD|TH)?(?: OF)?\s*([A-Z]{3,9})\.?(?:\s*(\d{4}|\d{2}))?$`)
	usPattern    = regexp.MustCompile(`^([A-Z]{3,9})\s*(\d{1,2})(?:ST|ND|RD|TH)?\s+(\d{4})$`)
	monthPattern = regexp.MustCompile(`^([A-Z]{3,9})\s*(\d{4}|\d{2})$`)
	dotPattern   = regexp.MustCompile(`^(\d{1,2})([./])(\d{1,2})[./](\d{4})$`)
	weekPattern  = regexp.MustCompile(`^(?:(\d{4})-?W(\d{2})|WEEK (\d{1,2})(?: OF)? (\d{4}))$`)
	dateClock    = regexp.MustCompile(`^(.+?)(?: AT | |T)(\d{2}[:.]?(?:\d{2}|XX)(?::\d{2})?\s*(?:H|HRS|HOURS)?\s*(?:Z|ZULU|UTC|GMT|[A-Z]|CES?T|EES?T|MSK|BST|TRT|MOSCOW TIME|LOCAL)?)$`)
	clockDate    = regexp.MustCompile(`^(\d{2}[:.]?\d{2}\s*(?:H|HRS|HOURS)?\s*(?:Z|ZULU|UTC|GMT|[A-Z]|CES?T|EES?T|MSK|BST|TRT|MOSCOW TIME|LOCAL)?)(?: ON | )(.+)$`)
)

// group reads a whole date-time group: ok is false when the text is none.
func (rd *timeReader) group(s string) (st stretch, ok bool, err error) {
	s = strings.ReplaceAll(s, " ", "")
	if z := zonelessDTG.FindStringSubmatch(s); z != nil {
		s = z[1] + "Z" + z[2]
		rd.warn("Read as Zulu.")
	}
	m := dtgPattern.FindStringSubmatch(s)
	if m == nil {
		return stretch{}, false, nil
	}
	st.from, st.finest, err = rd.parseDTG(m)
	return st, true, err
}

// calendar reads dates, and clock times on a date that is given.
func (rd *timeReader) calendar(s string) (stretch, error) {
	if m := basicISO.FindStringSubmatch(s); m != nil {
		s = m[1] + "-" + m[2] + "-" + m[3] + "T" + m[4] + ":" + m[5] + m[6]
	}
	if m := isoPattern.FindStringSubmatch(s); m != nil {
		t, p, err := parseISO(m)
		return stretch{from: t, finest: p}, err
	}
	if rest, ok := strings.CutPrefix(s, "YEAR "); ok && len(rest) == 4 {
		t, p, err := date(rest, "1", "1", Year)
		return stretch{from: t, finest: p}, err
	}
	if rest, ok := strings.CutPrefix(s, "WEEK OF "); ok {
		st, err := rd.calendar(rest)
		if err == nil && st.finest != Day {
			return stretch{}, say("A week is named by its first day, as in week of 14 MAR 23.")
		}
		st.finest = Week
		return st, err
	}
	if m := weekPattern.FindStringSubmatch(s); m != nil {
		return isoWeek(m[1]+m[4], m[2]+m[3])
	}
	if st, ok, err := rd.dateAlone(s); ok {
		return st, err
	}
	for _, p := range []struct {
		pattern   *regexp.Regexp
		day, time int
	}{{dateClock, 1, 2}, {clockDate, 2, 1}} {
		if m := p.pattern.FindStringSubmatch(s); m != nil {
			day, err := rd.calendarDay(m[p.day])
			if err == nil {
				return rd.dayAndClock(day, m[p.time])
			}
		}
	}
	return stretch{}, say("“%s” is no time that can be read. %s", clip(rd.typed), acceptedTimes)
}

// calendarDay reads a date that stands beside a clock time.
func (rd *timeReader) calendarDay(s string) (time.Time, error) {
	if m := isoPattern.FindStringSubmatch(s); m != nil && m[4] == "" {
		t, p, err := parseISO(m)
		if err != nil || p != Day {
			return t, say("no day")
		}
		return t, nil
	}
	st, ok, err := rd.dateAlone(s)
	if !ok || err != nil || st.finest != Day {
		return time.Time{}, say("no day")
	}
	return st.from, nil
}

// dateAlone reads a date in words or figures: ok is false when it is none.
func (rd *timeReader) dateAlone(s string) (st stretch, ok bool, err error) {
	if m := datePattern.FindStringSubmatch(s); m != nil {
		if m[3] == "" {
			st, err = rd.yearless(m[1], m[2])
			return st, true, err
		}
		if c := clock.FindStringSubmatch(m[3]); c != nil && !rd.mayBeYear(m[3]) {
			if st, err = rd.yearless(m[1], m[2]); err == nil {
				st, err = rd.dayAndClock(st.from, m[3])
			}
			return st, true, err
		}
		st.from, st.finest, err = date(m[3], m[2], m[1], Day)
		return st, true, err
	}
	if m := usPattern.FindStringSubmatch(s); m != nil {
		st.from, st.finest, err = date(m[3], m[1], m[2], Day)
		return st, true, err
	}
	if m := monthPattern.FindStringSubmatch(s); m != nil {
		st.from, st.finest, err = date(m[2], m[1], "1", Month)
		return st, true, err
	}
	if m := dotPattern.FindStringSubmatch(s); m != nil {
		st, err = dayAndMonth(m)
		return st, true, err
	}
	return stretch{}, false, nil
}

// mayBeYear tells 2023 from the clock time in 14 MAR 1630.
func (rd *timeReader) mayBeYear(s string) bool {
	year, _ := strconv.Atoi(s)
	return len(s) == 2 || rd.now.Year() < 1900 || year >= 1900 && year <= rd.now.Year()+1
}

// yearless gives the last such day that has begun.
func (rd *timeReader) yearless(day, month string) (stretch, error) {
	if rd.now.Year() < 1900 {
		return stretch{}, say("The year is missing. " + acceptedTimes)
	}
	for back := range 9 { // over a leap day that a century leaves out
		t, p, err := date(strconv.Itoa(rd.now.Year()-back), month, day, Day)
		if err != nil && (back == 8 || !strings.HasPrefix(err.Error(), "February")) {
			return stretch{}, err
		}
		if err == nil && !t.After(rd.now) {
			return stretch{from: t, finest: p}, nil
		}
	}
	return stretch{}, say("There was no such day in the last years. " + acceptedTimes)
}

// dayAndMonth reads 14.03.2023, and 14/03/2023 where only one order is
// possible: with slashes some write the month first.
func dayAndMonth(m []string) (stretch, error) {
	day, month := m[1], m[3]
	d, _ := strconv.Atoi(day)
	mo, _ := strconv.Atoi(month)
	if m[2] == "/" && d != mo {
		switch {
		case d <= 12 && mo <= 12 && d > 0 && mo > 0:
			first, _, err := date(m[4], month, day, Day)
			second, _, err2 := date(m[4], day, month, Day)
			if err == nil && err2 == nil {
				return stretch{}, ask([]string{At(first, Day, "").String(), At(second, Day, "").String()}, "“%s” can be read with the day or the month first.", m[0])
			}
		case mo > 12:
			day, month = month, day
		}
	}
	t, p, err := date(m[4], month, day, Day)
	return stretch{from: t, finest: p}, err
}

// isoWeek is the seven days from the Monday of an ISO 8601 week.
func isoWeek(year, week string) (stretch, error) {
	y, _ := strconv.Atoi(year)
	w, _ := strconv.Atoi(week)
	start := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC)
	start = start.AddDate(0, 0, -(int(start.Weekday())+6)%7+7*(w-1))
	if gotYear, gotWeek := start.ISOWeek(); gotYear != y || gotWeek != w || y < 1900 || y > 2199 {
		return stretch{}, say("%s has no week %s. %s", year, week, acceptedTimes)
	}
	return stretch{from: start, finest: Week}, nil
}

// parseDTG reads the parts of a date-time group.
func (rd *timeReader) parseDTG(m []string) (time.Time, Precision, error) {
	zone, ok := zoneOffset(m[4])
	if !ok {
		return time.Time{}, "", say("Zone letter %s is local time, which nobody can place. Use Z for UTC: %s%s%sZ%s%s.", m[4], m[1], m[2], m[3], m[5], m[6])
	}
	day, _, err := date(m[6], m[5], m[1], Day)
	if err != nil {
		return time.Time{}, "", err
	}
	hour, _ := strconv.Atoi(m[2])
	if hour > 23 {
		return time.Time{}, "", say("Hours run from 00 to 23. " + acceptedTimes)
	}
	minute, p := 0, Hour
	if m[3] != "XX" {
		minute, _ = strconv.Atoi(m[3])
		p = Exact
		if minute > 59 {
			next := day.Add(time.Duration(hour+1) * time.Hour)
			return time.Time{}, "", say("Minutes run from 00 to 59. Did you mean %s?", FormatDTG(next))
		}
	}
	t := day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute - zone)
	rd.zoneSaid(m[4], zone, t)
	return t, p, nil
}

// zoneOffset gives what a military zone letter stands for (ACP 121); J is the
// observer's local time and means nothing in a log.
func zoneOffset(letter string) (time.Duration, bool) {
	c := letter[0]
	switch {
	case c == 'Z':
		return 0, true
	case c >= 'A' && c <= 'I':
		return time.Duration(c-'A'+1) * time.Hour, true
	case c >= 'K' && c <= 'M':
		return time.Duration(c-'K'+10) * time.Hour, true
	case c >= 'N' && c <= 'Y':
		return -time.Duration(c-'N'+1) * time.Hour, true
	}
	return 0, false
}

// parseISO reads the parts of an ISO 8601 date or time.
func parseISO(m []string) (time.Time, Precision, error) {
	switch {
	case m[2] == "":
		return date(m[1], "1", "1", Year)
	case m[3] == "":
		return date(m[1], m[2], "1", Month)
	}
	day, p, err := date(m[1], m[2], m[3], Day)
	if err != nil || m[4] == "" {
		return day, p, err
	}
	hour, _ := strconv.Atoi(m[4])
	minute, _ := strconv.Atoi(m[5])
	switch {
	case hour > 23:
		return time.Time{}, "", say("Hours run from 00 to 23. " + acceptedTimes)
	case minute > 59:
		return time.Time{}, "", say("Minutes run from 00 to 59. " + acceptedTimes)
	case m[7] == "":
		return time.Time{}, "", say("The time has no zone, and none is assumed. Add Z for UTC (%sT%s:%sZ) or an offset such as +02:00.", day.Format("2006-01-02"), m[4], m[5])
	}
	sec, _ := strconv.Atoi(orElse(m[6], "0"))
	if sec > 59 {
		return time.Time{}, "", say("Seconds run from 00 to 59. " + acceptedTimes)
	}
	var offset time.Duration
	if m[7] != "Z" {
		z := strings.ReplaceAll(m[7], ":", "")
		oh, _ := strconv.Atoi(z[1:3])
		om, _ := strconv.Atoi(z[3:5])
		if oh > 14 || om > 59 {
			return time.Time{}, "", say("Offsets from UTC run from -12:00 to +14:00.")
		}
		offset = time.Duration(oh)*time.Hour + time.Duration(om)*time.Minute
		if z[0] == '-' {
			offset = -offset
		}
	}
	t := day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(sec)*time.Second - offset)
	return t, Exact, nil
}

// date checks a calendar date; month is a number or an English name or its
// first three letters. Two-figure years are of this century.
func date(year, month, day string, p Precision) (time.Time, Precision, error) {
	y, _ := strconv.Atoi(year)
	if len(year) == 2 {
		y += 2000
	}
	mon, err := strconv.Atoi(month)
	if err != nil {
		mon = 0
		for i := time.January; i <= time.December; i++ {
			if name := strings.ToUpper(i.String()); month == name || month == name[:3] {
				mon = int(i)
			}
		}
		if mon == 0 {
			return time.Time{}, "", say("“%s” is no month; write JAN, FEB, MAR … DEC.", clip(month))
		}
	}
	if mon < 1 || mon > 12 {
		return time.Time{}, "", say("Months run from 01 to 12. " + acceptedTimes)
	}
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(mon), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d || d < 1 {
		return time.Time{}, "", say("%s %d has no day %d. %s", time.Month(mon), y, d, acceptedTimes)
	}
	if y < 1900 || y > 2199 {
		return time.Time{}, "", say("Years run from 1900 to 2199. " + acceptedTimes)
	}
	return t, p, nil
}
