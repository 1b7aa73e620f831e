package incidents

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// acceptedTimes ends every message about a time that cannot be read.
const acceptedTimes = "Enter a time as 141630ZMAR23 or 2023-03-14T16:30Z, or a date as 14 MAR 23 or 2023-03-14."

// TimeError is a sentence that tells a person what is wrong with a time and
// what is accepted; it goes on the form as it is.
type TimeError string

func (e TimeError) Error() string { return string(e) }

func say(format string, args ...any) error { return TimeError(fmt.Sprintf(format, args...)) }

var (
	dtgPattern   = regexp.MustCompile(`^(\d{2})(\d{2})(\d{2}|XX)([A-Z])\s*([A-Z]{3})\s*(\d{2}|\d{4})$`)
	datePattern  = regexp.MustCompile(`^(\d{1,2})\s*([A-Z]{3,9})\s*(\d{4}|\d{2})$`)
	monthPattern = regexp.MustCompile(`^([A-Z]{3,9})\s*(\d{4}|\d{2})$`)
	isoPattern   = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):?(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?)?$`)
)

// ReadTime reads a time as a person types it: a date-time group
// (141630ZMAR23, 1416xxZMAR23), ISO 8601 with its zone, or a date alone (14
// MAR 23, 2023-03-14, MAR 23, 2023). precision, when given, widens or names
// how well it is known; it may not claim more than the text says. A clock time
// without a zone is refused, never assumed. The error is fit for the form.
func ReadTime(text, precision string, _ time.Time) (Moment, error) {
	t, finest, err := parseTime(text)
	if err != nil {
		return Moment{}, err
	}
	p := finest
	if precision != "" {
		if !Precisions.Has(precision) {
			return Moment{}, say("“%s” is no precision; accepted: %s.", clip(precision), Precisions.Accepted())
		}
		p = Precision(precision)
		if rank(p) < rank(finest) {
			return Moment{}, say("“%s” is known to the %s only, not to the %s: choose “%s” or coarser, or give the time of day.", clip(strings.TrimSpace(text)), finest, precisionWord(p), finest)
		}
	}
	return At(t, p, strings.TrimSpace(text)), nil
}

func precisionWord(p Precision) string {
	if p == Exact {
		return "minute"
	}
	return string(p)
}

// rank orders precisions from fine (0) to coarse.
func rank(p Precision) int {
	for i, t := range Precisions {
		if t.Code == string(p) {
			return i
		}
	}
	return -1
}

// parseTime gives the instant at which the stated stretch begins and the
// finest precision that the text supports.
func parseTime(text string) (time.Time, Precision, error) {
	s := strings.ToUpper(strings.Join(strings.Fields(text), " "))
	switch {
	case s == "":
		return time.Time{}, "", say("No time was given. " + acceptedTimes)
	case len(s) > 64:
		return time.Time{}, "", say("Too long for a time. " + acceptedTimes)
	}
	if m := dtgPattern.FindStringSubmatch(strings.ReplaceAll(s, " ", "")); m != nil {
		return parseDTG(m)
	}
	if m := isoPattern.FindStringSubmatch(s); m != nil {
		return parseISO(m)
	}
	if m := datePattern.FindStringSubmatch(s); m != nil {
		return date(m[3], m[2], m[1], Day)
	}
	if m := monthPattern.FindStringSubmatch(s); m != nil {
		return date(m[2], m[1], "1", Month)
	}
	return time.Time{}, "", say("“%s” is no time that can be read. %s", clip(strings.TrimSpace(text)), acceptedTimes)
}

func parseDTG(m []string) (time.Time, Precision, error) {
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

// ReadBound reads one end of a period in a filter: any time that ReadTime
// reads; its interval's start is what counts.
func ReadBound(text string) (Moment, error) { return ReadTime(text, "", time.Time{}) }

// ReadInstant reads a moment of the log's own life, for as_of: a full ISO 8601
// time with its zone (seconds and milliseconds allowed), or a DTG. A DTG or a
// time to the minute means the end of that minute, since as_of is inclusive.
func ReadInstant(text string) (time.Time, error) {
	s := strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s)); err == nil {
		return t.UTC(), nil
	}
	m, err := ReadTime(s, "", time.Time{})
	if err != nil {
		return time.Time{}, err
	}
	if m.Precision != Exact {
		return time.Time{}, say("“%s” is no moment; accepted: 2026-11-24T03:12Z or 240312ZNOV26.", clip(s))
	}
	return (m.To - 1).Time(), nil
}

// FormatInstant writes a moment so that ReadInstant gives the same
// millisecond.
func FormatInstant(m Millis) string { return m.Time().Format("2006-01-02T15:04:05.000Z") }
