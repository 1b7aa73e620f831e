package hotline

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"interceptlog/internal/incidents"
)

var (
	dueIn    = regexp.MustCompile(`^(?:in |\+)? ?(?:(\d{1,3}) ?(d|days?))? ?(?:(\d{1,3}) ?(h|hours?|hrs?))? ?(?:(\d{1,3}) ?(m|min|minutes?)?)?$`)
	dueClock = regexp.MustCompile(`^\d\d:?\d\d ?z?$`)
)

// mostAhead bounds a time to come: beyond it a date is more likely a slip.
const mostAhead = 366 * 24 * time.Hour

// dueError is a sentence for the form.
type dueError string

func (e dueError) Error() string { return string(e) }

func dueErrorf(format string, args ...any) error { return dueError(fmt.Sprintf(format, args...)) }

// ReadDue reads a time to come as a person types it: "10 min", "2 h", "1 h 30",
// "1 d" from now, 1800Z for the next such time, or any exact time that
// incidents.ReadTime reads. The error is fit for the form.
func ReadDue(text string, now time.Time) (Millis, error) {
	s := strings.ToLower(strings.Join(strings.Fields(text), " "))
	var at time.Time
	switch m := dueIn.FindStringSubmatch(s); {
	case s == "":
		return 0, dueErrorf("No time was given. Enter 10 min, 2 h, 1800Z or 241800ZNOV26.")
	case m != nil && m[1]+m[3]+m[5] != "":
		number := func(s string) time.Duration { n, _ := strconv.Atoi(s); return time.Duration(n) }
		at = now.Add(number(m[1])*24*time.Hour + number(m[3])*time.Hour + number(m[5])*time.Minute)
	default:
		read, err := incidents.ReadTime(text, "", now)
		if err != nil {
			return 0, dueErrorf("“%s” is no time to come. Enter 10 min, 2 h, 1800Z or 241800ZNOV26.", clip(strings.TrimSpace(text)))
		}
		if read.Precision != incidents.Exact {
			return 0, dueErrorf("%s is too rough to be counted down to. Enter a time to the minute, such as 241800ZNOV26, or 2 h.", read)
		}
		at = read.From.Time()
		if dueClock.MatchString(s) && at.Before(now) {
			at = at.Add(24 * time.Hour)
		}
	}
	switch {
	case at.Before(now):
		return 0, dueErrorf("%s is past; it is %s now. Enter a time to come, such as 10 min or 1800Z.", incidents.FormatDTG(at), incidents.FormatDTG(now))
	case at.After(now.Add(mostAhead)):
		return 0, dueErrorf("%s is more than a year ahead. Enter 10 min, 2 h, 1800Z or 241800ZNOV26.", incidents.FormatDTG(at))
	}
	return incidents.MillisOf(at), nil
}
