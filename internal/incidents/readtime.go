package incidents

import (
	"fmt"
	"strings"
	"time"
)

// acceptedTimes ends every message about a time that cannot be read.
const acceptedTimes = "Enter a time as 141630ZMAR23, 1630, -25m, yesterday 2210 or 2023-03-14T16:30Z, or a date as 14 MAR 23 or 2023-03-14."

// TimeError is a sentence that tells a person what is wrong with a time and
// what is accepted; it goes on the form as it is. With Readings it is a question:
// the text may mean any of them.
type TimeError struct {
	Msg      string
	Readings []string // texts that say which one is meant
}

func (e *TimeError) Error() string {
	if len(e.Readings) > 0 {
		return e.Msg + " Choose " + strings.Join(e.Readings, " or ") + "."
	}
	return e.Msg
}

func say(format string, args ...any) error { return &TimeError{Msg: fmt.Sprintf(format, args...)} }

func ask(readings []string, format string, args ...any) error {
	return &TimeError{Msg: fmt.Sprintf(format, args...), Readings: readings}
}

// TimeReading is a time as it was understood, with what a person should look at
// again: another zone, another day than today, the future, more than a week ago.
type TimeReading struct {
	Moment
	Warnings []string
}

// ReadTime reads a time as a person types it; see InterpretTime, whose moment
// it gives. The error is fit for the form.
func ReadTime(text, precision string, now time.Time) (Moment, error) {
	r, err := InterpretTime(text, precision, now)
	return r.Moment, err
}

// InterpretTime reads a time as a person types it:
//
//   - a date-time group, 141630ZMAR23 (ACP 121), with the minutes as xx when only
//     the hour is known, without the year, or without month and year; other zone
//     letters than Z are converted and said so;
//   - ISO 8601 with its zone, 2023-03-14T16:30Z, and dates, 2023-03-14, 2023-W11;
//   - a date in words, 14 MAR 23, week of 14 MAR 23, MAR 23, with or without a
//     clock time;
//   - against now: 1630, now, -25m, 2 hours ago, yesterday 2210, Tuesday 0930.
//
// "ca" before it widens a time, "between 1600 and 1700" names both ends. Clock
// times without a zone are Zulu, as the whole log is; an ISO 8601 time without
// one means local time and is refused. precision, when given, widens or names
// how well the time is known; it may not claim more than the text says. With a
// zero now nothing is read that needs one.
func InterpretTime(text, precision string, now time.Time) (TimeReading, error) {
	typed := strings.TrimSpace(text)
	s := strings.ToUpper(strings.Join(strings.Fields(timeSigns.Replace(text)), " "))
	switch {
	case s == "":
		return TimeReading{}, say("No time was given. " + acceptedTimes)
	case len(s) > 96:
		return TimeReading{}, say("Too long for a time. " + acceptedTimes)
	}
	rd := timeReader{now: now.UTC().Truncate(time.Minute), typed: typed, precision: precision}
	st, err := rd.read(s)
	if err != nil {
		return TimeReading{}, err
	}
	m, err := st.moment(typed, precision)
	if err != nil {
		return TimeReading{}, err
	}
	return TimeReading{m, append(rd.warnings, askBack(m, now)...)}, nil
}

var timeSigns = strings.NewReplacer("–", "-", "—", "-", "−", "-", "\u00a0", " ", ",", " ")

// stretch is what a text says before its precision is named: an instant or a
// calendar unit that begins at from, or any two ends.
type stretch struct {
	from, to time.Time // to is zero when finest alone says how long
	finest   Precision // the finest that the text supports
}

// ends gives the interval of a stretch.
func (st stretch) ends() Interval {
	if st.to.IsZero() {
		return Span(st.from, st.finest)
	}
	return Interval{MillisOf(st.from), MillisOf(st.to)}
}

// moment names the precision, the one asked for where the text supports it.
func (st stretch) moment(typed, precision string) (Moment, error) {
	p := st.finest
	if precision != "" {
		if !Precisions.Has(precision) {
			return Moment{}, say("“%s” is no precision; accepted: %s.", clip(precision), Precisions.Accepted())
		}
		p = Precision(precision)
		if rank(p) < rank(st.finest) {
			return Moment{}, say("“%s” is known to the %s only, not to the %s: choose “%s” or coarser, or give the time of day.", clip(typed), st.finest, precisionWord(p), st.finest)
		}
	}
	if st.to.IsZero() {
		return At(st.from, p, typed), nil
	}
	m := Moment{Interval: st.ends(), Precision: p, Text: typed}
	if p != st.finest {
		wide := Span(st.from, p)
		m.From, m.To = min(m.From, wide.From), max(m.To, wide.To)
	}
	return m, nil
}

// narrowest is the finest precision that is at least as wide as an interval;
// nothing is wider than a year.
func narrowest(i Interval) (Precision, bool) {
	const minute, hour, day = 60_000, 3_600_000, 86_400_000
	switch width := i.To - i.From; {
	case width <= minute:
		return Exact, true
	case width <= hour:
		return Hour, true
	case width <= day:
		return Day, true
	case width <= 7*day:
		return Week, true
	case width <= 31*day:
		return Month, true
	case width <= 366*day:
		return Year, true
	}
	return "", false
}

// askBack says what may be a slip: a time to come, or one of more than a week
// ago.
func askBack(m Moment, now time.Time) []string {
	if now.IsZero() {
		return nil
	}
	n := MillisOf(now)
	switch week := Millis(7 * 86_400_000); {
	case m.From > n+Millis(maxAhead.Milliseconds()):
		return []string{"That lies in the future. Is the date right?"}
	case m.To < n-week:
		return []string{fmt.Sprintf("That was %s ago. Is the date right?", ago(n-m.To))}
	}
	return nil
}

func ago(d Millis) string {
	days := int(d / 86_400_000)
	if days < 60 {
		return fmt.Sprintf("%d days", days)
	}
	if days < 730 {
		return fmt.Sprintf("%d months", days/30)
	}
	return fmt.Sprintf("%d years", days/365)
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
