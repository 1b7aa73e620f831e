package hotline

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"interceptlog/internal/incidents"
)

// Proposal is a line that a call may go over, with what speaks for and against
// it in words fit for the page.
type Proposal struct {
	Line    Line
	Reasons []string
	Works   bool // nothing is known that would keep the call from going through
}

// Tried says which lines were tried in vain already, and what came of it:
// "no answer 240312ZNOV26".
type Tried map[LineID]string

// unproposed are the states of lines that nobody can call over.
var unproposed = []string{"inactive", "proposed", "not_adopted"}

// alliance are the nations for which a line of NATO speaks.
const alliance = " BE BG CA CZ DE DK EE ES FI FR GB GR HU IS IT LT LV NL NO PL PT RO SE TR US "

// ProposeLines orders the lines for a call about an incident (nil: about none),
// the best first. A line that works goes before one on request and that before
// one that is down; then it should connect the two sides and serve the sea of
// the incident, not have been tried in vain, be direct, be open now, and be in
// use rather than degraded. Lines that are no longer or not yet there are left
// out.
func ProposeLines(lines []Line, inc *incidents.Incident, now time.Time, tried Tried) []Proposal {
	type ranked struct {
		Proposal
		rank []int
	}
	var list []ranked
	for _, l := range lines {
		if slices.Contains(unproposed, l.State) {
			continue
		}
		var p Proposal
		p.Line = l
		class := stateClass(l.State)
		parties, region := 0, 0
		if inc != nil {
			parties, region = p.fit(inc)
		}
		p.say(LineStates.Word(l.State))
		hours := p.hours(now)
		again := 0
		if said, ok := tried[l.ID]; ok {
			again = 1
			p.say("tried: " + said)
		}
		direct := 0
		if !IsDirect(l.Kind) {
			direct = 1
			p.say("diplomatic, not a direct conversation")
		}
		p.Works = class == 0 && hours < 2
		suits := 0
		if parties == 2 || region > 0 {
			suits = 1
		}
		list = append(list, ranked{p, []int{class, suits, again, parties, direct, hours, slices.Index(LineStates.Codes(), l.State)}})
	}
	slices.SortStableFunc(list, func(a, b ranked) int {
		return cmp.Or(slices.Compare(a.rank, b.rank), cmp.Compare(a.Line.Short, b.Line.Short))
	})
	out := make([]Proposal, len(list))
	for i, r := range list {
		out[i] = r.Proposal
	}
	return out
}

// stateClass is 0 for a line that stands, 1 for one that has to be arranged or
// asked about, 2 for one that does not work.
func stateClass(state string) int {
	switch state {
	case "in_use", "degraded":
		return 0
	case "down", "suspended":
		return 2
	}
	return 1
}

func (p *Proposal) say(reason string) {
	if reason != "" {
		p.Reasons = append(p.Reasons, reason)
	}
}

// fit says how well a line suits an incident: parties is 0 when it connects its
// two sides by name, 1 when an alliance speaks for one of them or only one side
// is known, and 2 otherwise; region is 0 where the line serves its sea.
func (p *Proposal) fit(inc *incidents.Incident) (parties, region int) {
	a, b := inc.Record.Intercepting.Nations, inc.Record.Intercepted.Nations
	both := append(slices.Clone(a), b...)
	named, allied, strangers := 0, 0, 0
	for _, party := range p.Line.Parties {
		switch {
		case slices.Contains(both, party):
			named++
		case party == "any":
			allied++
		case party == "NATO" && slices.ContainsFunc(both, func(n string) bool { return strings.Contains(alliance, " "+n+" ") }):
			allied++
		default:
			strangers++
		}
	}
	between := strings.Join(p.Line.Parties, ", ")
	if len(p.Line.Parties) == 2 {
		between = strings.Join(p.Line.Parties, " and ")
	}
	switch {
	case named >= 2 && strangers == 0:
		p.say("connects " + between)
	case named+allied >= 2:
		parties = 1
		p.say("connects " + between)
	case len(both) == 0 || len(p.Line.Parties) == 0:
		parties = 1
		p.say("parties unknown")
	default:
		parties = 2
		p.say("connects " + between + ", not the two sides")
	}
	sea := inc.Derived.Region
	switch {
	case sea == "" || len(p.Line.Regions) == 0:
		p.say("region unknown")
	case slices.Contains(p.Line.Regions, sea):
		p.say("serves the " + regionName(sea))
	default:
		region = 1
		p.say("is not for the " + regionName(sea))
	}
	return parties, region
}

func regionName(code string) string {
	if code == "outside" {
		return "seas outside the three regions"
	}
	return incidents.RegionCodes.Word(code) + " region"
}

// hours says whether the line is manned now: 0 yes, 1 nobody knows, 2 no.
func (p *Proposal) hours(now time.Time) int {
	open, known := OpenAt(p.Line.Hours, now)
	switch {
	case p.Line.Hours == "":
		p.say("hours unknown")
		return 1
	case !known:
		p.say("hours “" + p.Line.Hours + "”: see whether it is manned now")
		return 1
	case open:
		p.say("manned now (" + p.Line.Hours + ")")
		return 0
	}
	p.say("not manned now (" + p.Line.Hours + ")")
	return 2
}

var (
	alwaysOpen = regexp.MustCompile(`^(24/7|24 ?h(ours|rs)?|h24|24x7|round[ -]the[ -]clock|always|continuous(ly)?)( a day| daily)?$`)
	openHours  = regexp.MustCompile(`^(?:(daily|weekdays|mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*)(?:\s*(?:-|to)\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*)?,?\s+)?(\d\d):?(\d\d)\s*(?:z|utc)?\s*(?:-|to)\s*(\d\d):?(\d\d)\s*(?:z|utc)$`)
	weekDays   = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
)

// OpenAt reports whether a line with such hours is manned at a moment, and
// whether that could be told: "24/7", "0800-1600Z", "Mon-Fri 08:00-16:00 UTC",
// several with ";" between. A clock time without its zone tells nothing.
func OpenAt(hours string, now time.Time) (open, known bool) {
	s := strings.ToLower(strings.Join(strings.Fields(strings.NewReplacer("–", "-", "—", "-").Replace(hours)), " "))
	if s == "" {
		return false, false
	}
	known = true
	for part := range strings.SplitSeq(s, ";") {
		o, k := openDuring(strings.TrimSpace(part), now.UTC())
		known = known && k
		open = open || o
	}
	return open && known, known
}

func openDuring(s string, now time.Time) (open, known bool) {
	if alwaysOpen.MatchString(s) {
		return true, true
	}
	m := openHours.FindStringSubmatch(s)
	if m == nil {
		return false, false
	}
	from, to := clockMinutes(m[3], m[4]), clockMinutes(m[5], m[6])
	if from < 0 || to < 0 {
		return false, false
	}
	at, day := now.Hour()*60+now.Minute(), int(now.Weekday())
	if from < to {
		return onDay(m[1], m[2], day) && from <= at && at < to, true
	}
	// Past midnight: the morning belongs to the day before.
	return onDay(m[1], m[2], day) && at >= from || onDay(m[1], m[2], (day+6)%7) && at < to, true
}

// clockMinutes is a clock time in minutes, -1 for none; 2400 ends a day.
func clockMinutes(h, m string) int {
	hour, minute := int(h[0]-'0')*10+int(h[1]-'0'), int(m[0]-'0')*10+int(m[1]-'0')
	if hour > 24 || minute > 59 || hour == 24 && minute > 0 {
		return -1
	}
	return hour*60 + minute
}

// onDay reports whether a day of the week, 0 being Sunday, is among the days
// from first to last.
func onDay(first, last string, day int) bool {
	switch first {
	case "", "daily":
		return true
	case "weekdays":
		return day >= 1 && day <= 5
	}
	a := slices.Index(weekDays, first)
	b := a
	if last != "" {
		b = slices.Index(weekDays, last)
	}
	if a <= b {
		return a <= day && day <= b
	}
	return day >= a || day <= b
}
