package hotline

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"interceptlog/internal/incidents"
)

const (
	msPerMinute = Millis(60_000)
	msPerHour   = 60 * msPerMinute
	msPerDay    = 24 * msPerHour
)

// daysFrom is where durations are written in days rather than hours. Three
// days, because policies are set in hours and "33 h" compares with "24 h"
// where "1 d 9 h" does not.
const daysFrom = 3 * msPerDay

// wholeDaysFrom is where hours no longer matter beside the days.
const wholeDaysFrom = 10 * msPerDay

// FormatDuration writes a duration as people say it: "57 min", "9 h",
// "17 h 57", from three days on "3 d 4 h", and from ten on "61 d". It drops
// what is finer, so a countdown never promises more than is left; a negative
// one is 0.
func FormatDuration(ms Millis) string {
	ms = max(0, ms)
	switch {
	case ms >= daysFrom:
		d, h := ms/msPerDay, ms%msPerDay/msPerHour
		if h == 0 || ms >= wholeDaysFrom {
			return fmt.Sprintf("%d d", d)
		}
		return fmt.Sprintf("%d d %d h", d, h)
	case ms >= msPerHour:
		h, m := ms/msPerHour, ms%msPerHour/msPerMinute
		if m == 0 {
			return fmt.Sprintf("%d h", h)
		}
		return fmt.Sprintf("%d h %02d", h, m)
	}
	return fmt.Sprintf("%d min", ms/msPerMinute)
}

// FormatBounds writes the least and the most time: "9 to 33 h", "45 min to
// 2 h", "57 min" where both are the same. The lower one is rounded down and
// the upper one up, so that what is written holds what is meant. Without an
// upper one it is "at least 9 h" or "an unknown time".
func FormatBounds(b Bounds) string {
	if b.Max >= Unbounded {
		if b.Min < msPerMinute {
			return "an unknown time"
		}
		return "at least " + FormatDuration(b.Min)
	}
	top := roundUp(b.Max)
	low, high := FormatDuration(b.Min), FormatDuration(top)
	if low == high {
		return low
	}
	if b.Min < msPerMinute { // nothing is nothing in every unit
		return "0 to " + high
	}
	for _, unit := range []Millis{msPerMinute, msPerHour, msPerDay} {
		if sole(top, unit) && sole(b.Min, unit) {
			return fmt.Sprintf("%d to %s", b.Min/unit, high)
		}
	}
	return low + " to " + high
}

// roundUp rounds up to what FormatDuration writes.
func roundUp(ms Millis) Millis {
	step := msPerMinute
	switch {
	case ms > wholeDaysFrom-msPerHour:
		step = msPerDay
	case ms > daysFrom-msPerMinute:
		step = msPerHour
	}
	return (ms + step - 1) / step * step
}

// sole reports whether FormatDuration writes the duration as a number of this
// unit alone.
func sole(ms, unit Millis) bool {
	switch unit {
	case msPerMinute:
		return ms < msPerHour
	case msPerHour:
		return ms >= msPerHour && ms < daysFrom && ms%msPerHour < msPerMinute
	}
	return ms >= wholeDaysFrom || ms >= daysFrom && ms%msPerDay < msPerHour
}

// FormatWithin writes the limit of a policy: in hours, as it was set.
func FormatWithin(seconds int64) string {
	ms := Millis(seconds) * 1000
	if ms%msPerHour == 0 && ms > 0 {
		return fmt.Sprintf("%d h", ms/msPerHour)
	}
	return FormatDuration(ms)
}

// formatDeadline writes a deadline as a date-time group.
func formatDeadline(m Millis) string { return incidents.FormatDTG(m.Time()) }

// within is days, hours and minutes, each with its unit; minutes after hours
// may do without.
var within = regexp.MustCompile(`^(?:(\d{1,4}) ?d(?:ays?)?)? ?(?:(\d{1,5}) ?h(?:ours?)?)? ?(?:(\d{1,6})( ?m(?:in(?:utes?)?)?)?)?$`)

// ReadWithin reads the limit of a policy as FormatWithin and FormatDuration
// write it, in seconds: "24 h", "90 min", "1 h 30", "3 d".
func ReadWithin(text string) (seconds int64, err error) {
	const accepted = "Accepted: a number of days, hours or minutes with its unit, such as 24 h, 90 min or 3 d."
	clean := strings.ToLower(strings.Join(strings.Fields(text), " "))
	m := within.FindStringSubmatch(clean)
	switch {
	case clean == "" || m == nil:
		return 0, fmt.Errorf("“%s” is no time. %s", clip(text), accepted)
	case m[3] != "" && m[4] == "" && m[2] == "":
		return 0, fmt.Errorf("“%s” has no unit. %s", clip(text), accepted)
	}
	for i, unit := range []int64{24 * 3600, 3600, 60} {
		if m[i+1] != "" {
			n, _ := strconv.ParseInt(m[i+1], 10, 64) // a few digits: fits
			seconds += n * unit
		}
	}
	return seconds, nil
}
