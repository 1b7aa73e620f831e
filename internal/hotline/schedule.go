package hotline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"interceptlog/internal/incidents"
)

// Schedule says when a line is tested: at which minutes of which days, all in
// UTC. The zero Schedule asks for no test.
type Schedule struct {
	Days []time.Weekday `json:"days,omitempty"` // none: every day
	At   []int          `json:"at,omitempty"`   // minutes after midnight UTC, ascending
}

// IsZero reports whether no test is asked for.
func (s Schedule) IsZero() bool { return len(s.At) == 0 }

// scheduleAccepted is what a message says about schedules.
const scheduleAccepted = "accepted: “daily 0600Z 1800Z”, “weekly WED 1000Z”, “MON THU 0900Z”, “hourly”, “every 6 h”, or nothing for none"

var weekdays = map[string]time.Weekday{
	"SUN": time.Sunday, "MON": time.Monday, "TUE": time.Tuesday, "WED": time.Wednesday, "THU": time.Thursday, "FRI": time.Friday, "SAT": time.Saturday,
}

// ParseSchedule reads a schedule as a supervisor types it. The error says what
// is accepted.
func ParseSchedule(text string) (Schedule, error) {
	var s Schedule
	words := strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "DAILY" || w == "WEEKLY":
		case w == "HOURLY":
			s.everyHours(1)
		case w == "EVERY" && i+2 < len(words) && words[i+2] == "H":
			n, err := strconv.Atoi(words[i+1])
			if err != nil || n < 1 || 24%n != 0 {
				return Schedule{}, fmt.Errorf("“every %s h” does not divide a day; %s", strings.ToLower(words[i+1]), scheduleAccepted)
			}
			s.everyHours(n)
			i += 2
		case len(w) >= 3 && isWeekday(w):
			s.Days = append(s.Days, weekdays[w[:3]])
		default:
			t, err := time.Parse("1504Z", strings.ReplaceAll(w, ":", ""))
			if err != nil {
				return Schedule{}, fmt.Errorf("“%s” is neither a day nor a time; %s", clip(strings.ToLower(w)), scheduleAccepted)
			}
			s.At = append(s.At, t.Hour()*60+t.Minute())
		}
	}
	slices.Sort(s.At)
	s.At = slices.Compact(s.At)
	slices.Sort(s.Days)
	s.Days = slices.Compact(s.Days)
	if len(words) > 0 && s.IsZero() {
		return Schedule{}, fmt.Errorf("no time of day is given; %s", scheduleAccepted)
	}
	if strings.Contains(strings.ToUpper(text), "WEEKLY") && len(s.Days) == 0 {
		return Schedule{}, fmt.Errorf("a weekly test needs its day; %s", scheduleAccepted)
	}
	return s, nil
}

// isWeekday takes WED as well as WEDNESDAY.
func isWeekday(w string) bool {
	d, ok := weekdays[w[:3]]
	return ok && strings.HasPrefix(strings.ToUpper(d.String()), w)
}

func (s *Schedule) everyHours(n int) {
	for h := 0; h < 24; h += n {
		s.At = append(s.At, h*60)
	}
}

// String writes a schedule as ParseSchedule reads it.
func (s Schedule) String() string {
	if s.IsZero() {
		return ""
	}
	if len(s.At) == 24 && len(s.Days) == 0 && s.At[23] == 23*60 {
		return "hourly"
	}
	words := []string{"daily"}
	if len(s.Days) > 0 {
		words[0] = "weekly"
		for _, d := range s.Days {
			words = append(words, strings.ToUpper(d.String()[:3]))
		}
	}
	for _, m := range s.At {
		words = append(words, fmt.Sprintf("%02d%02dZ", m/60, m%60))
	}
	return strings.Join(words, " ")
}

// Last gives the latest test that was due at or before t, and Next the first
// one after it; 0 where none is asked for.
func (s Schedule) Last(t Millis) Millis { return s.near(t, -1) }

// Next is the first test after t.
func (s Schedule) Next(t Millis) Millis { return s.near(t, 1) }

func (s Schedule) near(t Millis, step int) Millis {
	if s.IsZero() {
		return 0
	}
	day := t.Time().UTC().Truncate(24 * time.Hour)
	for range 9 { // a week, and the days at both of its ends
		if len(s.Days) == 0 || slices.Contains(s.Days, day.Weekday()) {
			for i := range s.At {
				m := s.At[i]
				if step < 0 {
					m = s.At[len(s.At)-1-i]
				}
				at := incidents.MillisOf(day.Add(time.Duration(m) * time.Minute))
				if step < 0 && at <= t || step > 0 && at > t {
					return at
				}
			}
		}
		day = day.AddDate(0, 0, step)
	}
	return 0
}

// How long before its time a test counts as done for it and is shown as due,
// and how long after it as missed.
const (
	TestLead  = Millis(30 * time.Minute / time.Millisecond)
	TestGrace = Millis(30 * time.Minute / time.Millisecond)
)

// TestDue is a test of a line that somebody has to make.
type TestDue struct {
	Line   Line
	At     Millis // when it was or is due
	Missed bool   // more than TestGrace ago
	Failed *Contact
}

// TestsDue gives the tests that are due within TestLead, due now, or missed,
// the oldest first. lastTests holds the newest test of each line that was not
// taken back. A line that nobody can test (suspended, inactive, proposed …) is
// left out. A test that was made and failed satisfies the schedule, and stands
// in Failed until one gets through.
func TestsDue(lines []Line, lastTests map[LineID]Contact, now Millis) []TestDue {
	var due []TestDue
	for _, l := range lines {
		if l.State != "in_use" && l.State != "degraded" && l.State != "down" {
			continue
		}
		last, tested := lastTests[l.ID]
		if tested && IsAttempt(last.Outcome) && !GotThrough(last.Outcome) {
			due = append(due, TestDue{Line: l, At: last.Start.From, Failed: &last})
			continue
		}
		at := l.Tests.Last(now + TestLead)
		if at == 0 || tested && last.Start.From >= at-TestLead || at <= l.FirstRecordedAt {
			continue
		}
		due = append(due, TestDue{Line: l, At: at, Missed: now > at+TestGrace})
	}
	slices.SortStableFunc(due, func(a, b TestDue) int { return int(a.At - b.At) })
	return due
}
