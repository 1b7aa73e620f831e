package incidents

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// timeReader reads one text against one now, to the minute.
type timeReader struct {
	now       time.Time
	typed     string
	precision string // asked for beside the text
	warnings  []string
}

// warn says something once.
func (rd *timeReader) warn(msg string) {
	if !contains(rd.warnings, msg) {
		rd.warnings = append(rd.warnings, msg)
	}
}

var (
	aboutBefore = regexp.MustCompile(`^(?:CA\.?|C\.|CIRCA|ABOUT|APPROX(?:\.|IMATELY)?|AROUND|ROUND|SOME TIME AROUND|~)\s*`)
	aboutAfter  = regexp.MustCompile(`\s*(?:CA\.?|APPROX\.?|OR SO|~)$`)
	bothEnds    = regexp.MustCompile(`^(?:BETWEEN (.+?) AND (.+)|FROM (.+?) (?:TO|UNTIL|TILL|-) (.+)|(.+?) (?:TO|UNTIL|TILL|-) (.+)|(.+Z.*)/(.+Z.*)|(\d{2}:?\d{2}Z?)-(\d{2}:?\d{2}.*)|(\d{6}Z?[A-Z]{0,3}\d{0,4})-(\d{6}[A-Z].*))$`)

	relative   = regexp.MustCompile(`^(?:-\s*|T-\s*)?(?:(\d{1,3})\s*(?:D|DAY|DAYS))?\s*(?:(\d{1,4})\s*(?:H|HR|HRS|HOUR|HOURS))?\s*(?:(\d{1,5})\s*(?:M|MIN|MINS|MINUTE|MINUTES)?)?(\s*AGO)?$`)
	dayWords   = regexp.MustCompile(`^(TODAY|YESTERDAY|(?:LAST |ON )?(?:MON|TUES?|WED(?:NES)?|THU(?:RS)?|FRI|SAT(?:UR)?|SUN)(?:DAY)?)(?: (?:AT )?(.+))?$`)
	clockDay   = regexp.MustCompile(`^(\d{2}[:.]?\d{2}\s*(?:H|HRS|HOURS)?\s*(?:Z|ZULU|UTC|GMT|[A-Z]|CES?T|EES?T|MSK|BST|TRT)?) (?:ON )?(TODAY|YESTERDAY|(?:LAST )?(?:MON|TUES?|WED(?:NES)?|THU(?:RS)?|FRI|SAT(?:UR)?|SUN)(?:DAY)?)$`)
	clock      = regexp.MustCompile(`^(\d{2})[:.]?(\d{2}|XX)(?::\d{2})?\s*(?:H|HRS|HOURS)?\s*(Z|ZULU|UTC|GMT|[A-Z]|CES?T|EES?T|MSK|BST|TRT|MOSCOW TIME|LOCAL)?$`)
	shortDTG   = regexp.MustCompile(`^(\d{2})(\d{2})(\d{2}|XX)\s*([A-Z])(?:\s*([A-Z]{3}))?$`)
	dayAndZone = regexp.MustCompile(`^\d{6}[A-Z]$`)
	sixDigit   = regexp.MustCompile(`^(\d{2})(\d{2})(\d{2})$`)
)

// zones are names of zones that are plain; IST and the like are not.
var zones = map[string]time.Duration{"": 0, "Z": 0, "ZULU": 0, "UTC": 0, "GMT": 0, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "MOSCOW TIME": 3, "BST": 1, "TRT": 3}

// read takes a tidied text in capitals.
func (rd *timeReader) read(s string) (stretch, error) {
	if m := bothEnds.FindStringSubmatch(s); m != nil {
		var ends []string
		for _, part := range m[1:] {
			if part != "" {
				ends = append(ends, part)
			}
		}
		if st, ok, err := rd.between(ends[0], ends[1]); ok {
			return st, err
		}
	}
	about := false
	if rest := aboutBefore.ReplaceAllString(s, ""); rest != s {
		s, about = rest, true
	} else if rest := aboutAfter.ReplaceAllString(s, ""); rest != s {
		s, about = rest, true
	}
	st, err := rd.one(s)
	if err != nil || !about {
		return st, err
	}
	return rd.widen(st), nil
}

// widen is what "about" does: half an hour to each side of a minute, three days
// of a day, and one more of whatever else to each side.
func (rd *timeReader) widen(st stretch) stretch {
	from, to := st.from, st.ends().To.Time()
	switch st.finest {
	case Exact:
		from, to = from.Add(-30*time.Minute), from.Add(30*time.Minute)
	case Hour:
		from, to = from.Add(-time.Hour), to.Add(time.Hour)
	case Day:
		from, to = from.AddDate(0, 0, -3), to.AddDate(0, 0, 3)
	case Week:
		from, to = from.AddDate(0, 0, -7), to.AddDate(0, 0, 7)
	case Month:
		from, to = from.AddDate(0, -1, 0), to.AddDate(0, 1, 0)
	default:
		rd.warn("A year is the coarsest that a time can be known.")
		return st
	}
	wide := stretch{from: from, to: to}
	wide.finest, _ = narrowest(wide.ends())
	return wide
}

// between reads two ends; ok is false when they are none.
func (rd *timeReader) between(a, b string) (st stretch, ok bool, err error) {
	end, err := rd.one(b)
	if err != nil {
		return stretch{}, strings.HasPrefix(rd.typed, "between"), err
	}
	start, err := rd.startOf(a, b, end)
	if err != nil {
		return stretch{}, true, err
	}
	to := end.from
	if end.finest != Exact || !end.to.IsZero() {
		to = end.ends().To.Time()
	}
	if !start.from.Before(to) {
		return stretch{}, true, say("%s does not lie before %s. %s", a, b, acceptedTimes)
	}
	st = stretch{from: start.from, to: to}
	var fits bool
	if st.finest, fits = narrowest(st.ends()); !fits {
		return stretch{}, true, say("More than a year lies between %s and %s.", a, b)
	}
	return st, true, nil
}

// startOf reads the first of two ends, which may leave to the second what day
// and zone it is of.
func (rd *timeReader) startOf(a, b string, end stretch) (stretch, error) {
	if rank(end.finest) >= rank(Day) {
		coarse := &timeReader{now: rd.now, typed: rd.typed, precision: string(Year)}
		if st, err := coarse.one(a); err == nil {
			return st, nil
		}
	}
	if m := clock.FindStringSubmatch(a); m != nil && m[2] != "XX" && rank(end.finest) < rank(Day) {
		zone := m[3]
		if zone == "" {
			zone = zoneIn(b)
		}
		t, _, err := rd.clockOn(end.from.Add(zones[zone]*time.Hour), m[1], m[2], zone)
		if err == nil && t.After(end.from) {
			t = t.AddDate(0, 0, -1)
		}
		return stretch{from: t, finest: Exact}, err
	}
	if whole := strings.ReplaceAll(b, " ", ""); dayAndZone.MatchString(a) && dtgPattern.MatchString(whole) {
		return rd.one(a + whole[7:])
	}
	if m := sixDigit.FindStringSubmatch(a); m != nil && len(b) > 6 {
		return rd.one(a + b[6:])
	}
	if _, err := strconv.Atoi(a); err == nil && len(a) <= 2 {
		_, rest, _ := strings.Cut(b, " ")
		return rd.one(a + " " + rest)
	}
	return rd.one(a)
}

// zoneIn is the zone that a clock time is written in, or none.
func zoneIn(s string) string {
	if m := clock.FindStringSubmatch(s); m != nil {
		return m[3]
	}
	return ""
}

// one reads a time that is not between two others.
func (rd *timeReader) one(s string) (stretch, error) {
	if st, ok, err := rd.group(s); ok {
		return st, err
	}
	if st, ok, err := rd.againstNow(s); ok {
		return st, err
	}
	return rd.calendar(s)
}

// againstNow reads what needs a now: ok is false when the text is none of it.
func (rd *timeReader) againstNow(s string) (st stretch, ok bool, err error) {
	switch {
	case s == "NOW":
		st, ok = stretch{from: rd.now, finest: Exact}, true
	case s == "AN HOUR AGO" || s == "HALF AN HOUR AGO":
		minutes := map[string]time.Duration{"AN HOUR AGO": 60, "HALF AN HOUR AGO": 30}[s]
		st, ok = stretch{from: rd.now.Add(-minutes * time.Minute), finest: Exact}, true
	case isRelative(s):
		st, ok = rd.back(relative.FindStringSubmatch(s)), true
	case dayWords.MatchString(s):
		m := dayWords.FindStringSubmatch(s)
		st, err = rd.dayAndClock(rd.dayOf(m[1]), m[2])
		ok = true
	case clockDay.MatchString(s):
		m := clockDay.FindStringSubmatch(s)
		st, err = rd.dayAndClock(rd.dayOf(m[2]), m[1])
		ok = true
	case strings.HasPrefix(s, "TOMORROW"):
		return stretch{}, true, say("“%s” has not happened yet. %s", clip(rd.typed), acceptedTimes)
	case clock.MatchString(s):
		st, err = rd.clockAlone(clock.FindStringSubmatch(s), s)
		ok = true
	case shortDTG.MatchString(s):
		st, err = rd.shortGroup(shortDTG.FindStringSubmatch(s))
		ok = true
	case sixDigit.MatchString(s):
		return stretch{}, true, ask([]string{s + "Z", s[:4] + "Z"}, "“%s” can be day, hour and minute, or hour, minute and second.", clip(rd.typed))
	}
	if ok && rd.now.Year() < 1900 && st.finest != Year {
		return stretch{}, true, say("“%s” means nothing without the day that it was said on. %s", clip(rd.typed), acceptedTimes)
	}
	return st, ok, err
}

// isRelative wants a sign or "ago", and at least one number.
func isRelative(s string) bool {
	m := relative.FindStringSubmatch(s)
	return m != nil && m[1]+m[2]+m[3] != "" && (m[4] != "" || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "T-"))
}

func (rd *timeReader) back(m []string) stretch {
	days, _ := strconv.Atoi(m[1])
	hours, _ := strconv.Atoi(m[2])
	minutes, _ := strconv.Atoi(m[3])
	t := rd.now.AddDate(0, 0, -days).Add(-time.Duration(hours)*time.Hour - time.Duration(minutes)*time.Minute)
	if m[1] != "" && m[2]+m[3] == "" {
		return stretch{from: midnight(t), finest: Day}
	}
	return stretch{from: t, finest: Exact}
}

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }

// dayOf gives the day that a word stands for; a weekday is the last one that
// has begun.
func (rd *timeReader) dayOf(word string) time.Time {
	today := midnight(rd.now)
	switch word {
	case "TODAY":
		return today
	case "YESTERDAY":
		return today.AddDate(0, 0, -1)
	}
	name := strings.TrimPrefix(strings.TrimPrefix(word, "LAST "), "ON ")
	for back := range 7 {
		day := today.AddDate(0, 0, -back)
		if strings.HasPrefix(strings.ToUpper(day.Weekday().String()), name[:3]) {
			if back == 0 && strings.HasPrefix(word, "LAST ") {
				day = day.AddDate(0, 0, -7)
			}
			return day
		}
	}
	return today
}

// dayAndClock reads a clock time on a day that is known; without one it is the
// day.
func (rd *timeReader) dayAndClock(day time.Time, text string) (stretch, error) {
	if text == "" {
		return stretch{from: day, finest: Day}, nil
	}
	about := aboutBefore.ReplaceAllString(text, "")
	m := clock.FindStringSubmatch(about)
	if m == nil {
		return stretch{}, say("“%s” is no clock time. %s", clip(text), acceptedTimes)
	}
	t, p, err := rd.clockOn(day, m[1], m[2], m[3])
	st := stretch{from: t, finest: p}
	if err == nil && about != text {
		st = rd.widen(st)
	}
	return st, err
}

// clockAlone reads 1630: the last such time that is past. Four figures may be a
// year; where both are likely it is asked.
func (rd *timeReader) clockAlone(m []string, s string) (stretch, error) {
	year, err := strconv.Atoi(s)
	if plain := err == nil && len(s) == 4; plain {
		switch {
		case rd.precision == string(Year) || rd.now.Year() < 1900, m[2] > "59" && year >= 1900 && year < 2200:
			t, p, err := date(s, "1", "1", Year)
			return stretch{from: t, finest: p}, err
		case year >= 1950 && year <= rd.now.Year():
			return stretch{}, ask([]string{s + "Z", "year " + s}, "“%s” can be a clock time or a year.", s)
		}
	}
	today := midnight(rd.now)
	t, p, err := rd.clockOn(today, m[1], m[2], m[3])
	if err == nil && t.After(rd.now.Add(maxAhead)) {
		t = t.AddDate(0, 0, -1)
		rd.warn("That time has not come yet today: read as yesterday, " + At(t, Day, "").String() + ".")
	}
	return stretch{from: t, finest: p}, err
}

// clockOn puts a clock time on a day, in Zulu whatever zone it was said in.
func (rd *timeReader) clockOn(day time.Time, hh, mm, zone string) (time.Time, Precision, error) {
	hour, _ := strconv.Atoi(hh)
	minute, p := 0, Hour
	if mm != "XX" {
		minute, _ = strconv.Atoi(mm)
		p = Exact
	}
	if hour > 23 || minute > 59 {
		return time.Time{}, "", say("Hours run from 00 to 23 and minutes from 00 to 59. " + acceptedTimes)
	}
	offset, named := zones[zone]
	offset *= time.Hour
	if !named {
		if zone == "LOCAL" {
			zone = "J"
		}
		var ok bool
		if offset, ok = zoneOffset(zone); !ok {
			return time.Time{}, "", say("Zone letter %s is local time, which nobody can place. Use Z for UTC: %s%sZ.", zone, hh, mm)
		}
	}
	t := midnight(day).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute - offset)
	rd.zoneSaid(zone, offset, t)
	if zone == "" {
		rd.warn("Read as Zulu.")
	}
	return t, p, nil
}

// zoneSaid tells that a time in another zone was converted.
func (rd *timeReader) zoneSaid(zone string, offset time.Duration, t time.Time) {
	if offset == 0 {
		return
	}
	if zone == "L" {
		rd.warn("L is the zone of UTC+11:00, not local time.")
	}
	rd.warn(zone + " is UTC" + t.In(time.FixedZone("", int(offset.Seconds()))).Format("-07:00") + ": " + FormatDTG(t) + " in Zulu.")
}

// shortGroup reads a date-time group without its year, or without month and
// year: the last such day that has begun.
func (rd *timeReader) shortGroup(m []string) (stretch, error) {
	limit := rd.now.Add(maxAhead + 14*time.Hour) // a zone may be that far ahead
	for back := range 60 {
		month := time.Date(rd.now.Year(), rd.now.Month()+1-time.Month(back), 1, 0, 0, 0, 0, time.UTC)
		name := dtgMonths[month.Month()-1]
		if m[5] != "" && m[5] != name {
			if back == 0 && !isMonth(m[5]) {
				return stretch{}, say("“%s” is no month; write JAN, FEB, MAR … DEC.", m[5])
			}
			continue
		}
		day, _ := strconv.Atoi(m[1])
		if day < 1 || time.Date(month.Year(), month.Month(), day, 0, 0, 0, 0, time.UTC).Day() != day {
			if day < 1 || day > 31 {
				return stretch{}, say("There is no day %s. %s", m[1], acceptedTimes)
			}
			continue
		}
		silent := &timeReader{now: rd.now}
		t, p, err := silent.parseDTG([]string{"", m[1], m[2], m[3], m[4], name, strconv.Itoa(month.Year())})
		if err != nil {
			return stretch{}, err
		}
		if t.After(limit) || m[4] == "Z" && t.After(rd.now.Add(maxAhead)) {
			continue
		}
		rd.warnings = append(rd.warnings, silent.warnings...)
		return stretch{from: t, finest: p}, nil
	}
	return stretch{}, say("There was no such day in the last years. " + acceptedTimes)
}

func isMonth(name string) bool {
	for _, m := range dtgMonths {
		if m == name {
			return true
		}
	}
	return false
}
