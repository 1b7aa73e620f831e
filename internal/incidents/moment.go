package incidents

import (
	"fmt"
	"time"
)

// Millis is an instant in UTC as milliseconds since 1970, the form in which
// the store keeps every time.
type Millis int64

// MillisOf gives the instant of t.
func MillisOf(t time.Time) Millis { return Millis(t.UnixMilli()) }

// Time gives the instant as a time in UTC.
func (m Millis) Time() time.Time { return time.UnixMilli(int64(m)).UTC() }

// Forever is the end of a version that nothing has replaced.
const Forever Millis = 1<<62 - 1

// Interval is a stretch of time [From, To), in milliseconds UTC: somewhere in
// it lies the instant that a report means. An instant known to the minute is
// an interval of 60 s.
type Interval struct {
	From Millis `json:"from"`
	To   Millis `json:"to"`
}

// Overlaps reports whether the two half-open intervals share an instant.
func (i Interval) Overlaps(o Interval) bool { return i.From < o.To && o.From < i.To }

// Covers reports whether o lies wholly within i.
func (i Interval) Covers(o Interval) bool { return i.From <= o.From && o.To <= i.To }

// Precision says how well a time is known (DESIGN §3).
type Precision string

// The precisions, from fine to coarse.
const (
	Exact Precision = "exact" // 60 s
	Hour  Precision = "hour"  // [t, t+1h)
	Day   Precision = "day"   // a calendar day in UTC
	Week  Precision = "week"  // seven days from the date given
	Month Precision = "month" // a calendar month in UTC
	Year  Precision = "year"  // a calendar year in UTC
)

// Moment is a time as somebody knew it: the interval in which it lies, how
// well it is known, and the words that were typed or imported.
type Moment struct {
	Interval
	Precision Precision `json:"precision"`
	Text      string    `json:"text,omitempty"`
}

// IsZero reports whether the moment is unset (an unknown end, say).
func (m Moment) IsZero() bool { return m.Precision == "" }

// Span gives the interval that t means at a precision. For a day, a month and
// a year it is the calendar one in UTC that holds t; for a week, seven days
// from the day of t; for an hour and exact it begins at t, cut to the minute.
func Span(t time.Time, p Precision) Interval {
	t = t.UTC()
	y, m, d := t.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	var from, to time.Time
	switch p {
	case Hour:
		from = t.Truncate(time.Minute)
		to = from.Add(time.Hour)
	case Day:
		from, to = day, day.AddDate(0, 0, 1)
	case Week:
		from, to = day, day.AddDate(0, 0, 7)
	case Month:
		from = time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		to = from.AddDate(0, 1, 0)
	case Year:
		from = time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
		to = from.AddDate(1, 0, 0)
	default:
		from = t.Truncate(time.Minute)
		to = from.Add(time.Minute)
	}
	return Interval{MillisOf(from), MillisOf(to)}
}

// At makes a moment of t at a precision.
func At(t time.Time, p Precision, text string) Moment {
	return Moment{Interval: Span(t, p), Precision: p, Text: text}
}

var dtgMonths = [...]string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}

// FormatDTG writes an instant as a date-time group in Zulu time,
// 141630ZMAR23 (ACP 121).
func FormatDTG(t time.Time) string {
	t = t.UTC()
	return fmt.Sprintf("%02d%02d%02dZ%s%02d", t.Day(), t.Hour(), t.Minute(), dtgMonths[t.Month()-1], t.Year()%100)
}

// String writes the moment no finer than it is known: 141630ZMAR23 when
// exact, 1416xxZMAR23 for an hour that begins on the hour, 14 MAR 23 for a
// day, "week of 14 MAR 23", MAR 23, 2023; any other interval by its two ends.
// ReadTime reads it back with the moment's precision.
func (m Moment) String() string {
	if m.IsZero() {
		return "unknown"
	}
	t := m.From.Time()
	mon, yy := dtgMonths[t.Month()-1], t.Year()%100
	if m.Precision != Exact && (m.Interval != Span(t, m.Precision) || m.Precision == Hour && t.Minute() != 0) {
		return FormatDTG(t) + " to " + FormatDTG(m.To.Time())
	}
	switch m.Precision {
	case Hour:
		return fmt.Sprintf("%02d%02dxxZ%s%02d", t.Day(), t.Hour(), mon, yy)
	case Day:
		return fmt.Sprintf("%02d %s %02d", t.Day(), mon, yy)
	case Week:
		return fmt.Sprintf("week of %02d %s %02d", t.Day(), mon, yy)
	case Month:
		return fmt.Sprintf("%s %02d", mon, yy)
	case Year:
		return fmt.Sprint(t.Year())
	}
	return FormatDTG(t)
}
