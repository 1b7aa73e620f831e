package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// policy is a version of the rules, and the region to look under while the
// form does not say one.
type policy struct {
	hotline.Policy
	region string
}

// teller puts a sentence together, part by part.
type teller struct {
	parts  []view.ReadPart
	absent []string // what was not stated
}

func (t *teller) say(text string) { t.parts = append(t.parts, view.ReadPart{Text: text}) }
func (t *teller) data(text string) {
	t.parts = append(t.parts, view.ReadPart{Text: text, Mark: "data"})
}
func (t *teller) none(text string) {
	t.parts = append(t.parts, view.ReadPart{Text: text, Mark: "none"})
}
func (t *teller) bad(text string) { t.parts = append(t.parts, view.ReadPart{Text: text, Mark: "bad"}) }

// readback says the report back as it will be logged, as a pilot and a
// controller do: a mistake is seen sooner in a sentence than in a field.
func (s *Server) readback(r report, p policy) view.Readback {
	t := &teller{}
	t.when(r, s)
	region := t.where(r, s)
	t.who(r)
	t.conduct(r)
	t.severity(r)
	rb := view.Readback{Parts: t.parts, Absent: strings.Join(t.absent, ", "), Chart: s.positionChart(r)}
	if region == "" {
		region = p.region
	}
	if incidents.Severities.Has(r.Severity) {
		rb.Status, rb.Due = dueWords(p.For(r.Severity, region))
	}
	return rb
}

// positionChart draws where the report says that it was; nil while that cannot
// be read.
func (s *Server) positionChart(r report) templ.Component {
	p, err := geo.ReadPosition(r.Position)
	if err != nil {
		return nil
	}
	rec := incidents.Record{Geometry: incidents.Geometry{Geometry: p.Geometry}, PositionBasis: r.PositionBasis, Severity: r.Severity, Region: strings.TrimSpace(r.Region)}
	if u, err := strconv.ParseFloat(strings.TrimSpace(r.Uncertainty), 64); err == nil && u > 0 {
		rec.UncertaintyNM = &u
	}
	return s.smallChart(incidents.Incident{Record: rec, Derived: incidents.Derive(s.Atlas, &rec)})
}

// dueWords says what the policy will ask for, with the status of an incident
// that just began.
func dueWords(rule hotline.Rule) (status, words string) {
	within := hotline.FormatDuration(hotline.Millis(rule.WithinS) * 1000)
	switch rule.Need {
	case hotline.NeedDirect:
		return string(hotline.Awaiting), "A direct call will be due within " + within + " of the start"
	case hotline.NeedAny:
		return string(hotline.Awaiting), "A call will be due within " + within + " of the start"
	}
	return string(hotline.NotRequired), "No call required for " + strings.ToLower(incidents.Severities.Word(rule.Severity))
}

func (t *teller) when(r report, s *Server) {
	m, err := incidents.InterpretTime(r.Start, r.StartPrecision, s.Now())
	switch {
	case strings.TrimSpace(r.Start) == "":
		t.none("No time yet")
		t.say(", ")
		return
	case err != nil:
		t.bad("Time not read")
		t.say(", ")
		return
	}
	switch m.Precision {
	case incidents.Exact:
		t.say("At ")
		t.data(m.String())
	case incidents.Hour:
		t.between(m.Moment)
	case incidents.Day:
		t.say("On ")
		t.data(m.String())
	default:
		if m.Interval != incidents.Span(m.From.Time(), m.Precision) {
			t.between(m.Moment)
			break
		}
		t.say("In the " + string(m.Precision) + " ")
		t.data(strings.TrimPrefix(m.String(), "week of "))
	}
	for _, w := range m.Warnings {
		if strings.HasSuffix(w, "?") { // it is asked back
			t.say(" ")
			t.bad(strings.ToLower(w[:1]) + w[1:])
		}
	}
	if end, err := incidents.ReadTime(r.End, r.EndPrecision, s.Now()); err == nil {
		t.say(", until ")
		t.data(end.String())
	} else if strings.TrimSpace(r.End) != "" {
		t.say(", until ")
		t.bad("end not read")
	}
	t.say(", ")
}

// between says both ends of a time.
func (t *teller) between(m incidents.Moment) {
	t.say("Between ")
	t.data(incidents.FormatDTG(m.From.Time()))
	t.say(" and ")
	t.data(incidents.FormatDTG(m.To.Time()))
}

// where tells the place and gives the region that will count.
func (t *teller) where(r report, s *Server) (region string) {
	p, err := geo.ReadPosition(r.Position)
	region = strings.TrimSpace(r.Region)
	if err == nil && region == "" {
		region = s.Atlas.RegionOf(p.Geometry)
	}
	if incidents.RegionCodes.Has(region) && region != "outside" {
		t.say("over the ")
		t.data(incidents.RegionCodes.Word(region))
		t.say(" ")
	} else if region == "outside" {
		t.data("outside")
		t.say(" the three regions ")
	}
	switch {
	case strings.TrimSpace(r.Position) == "" && region != "":
		t.say("at an unknown position")
	case strings.TrimSpace(r.Position) == "":
		t.none("no position yet")
	case err != nil:
		t.bad("position not read")
	default:
		if u := strings.TrimSpace(r.Uncertainty); u != "" {
			t.say("within " + u + " NM of ")
		} else {
			t.say("at ")
		}
		t.data(p.Text)
	}
	t.airspace(r)
	return region
}

func (t *teller) airspace(r report) {
	switch r.AirspaceKind {
	case "international":
		t.say(" in international airspace, ")
	case "territorial":
		t.say(" in the airspace of ")
		if state := strings.ToUpper(strings.TrimSpace(r.AirspaceState)); incidents.ValidNation(state) {
			t.data(incidents.NationName(state))
		} else {
			t.bad("state not read")
		}
		t.say(", ")
	default:
		t.say(", ")
		t.absent = append(t.absent, "airspace")
	}
	if strings.TrimSpace(r.FIR) == "" {
		t.absent = append(t.absent, "FIR")
	}
}

func (t *teller) who(r report) {
	t.party(r.Intercepting)
	t.say(" met ")
	t.party(r.Intercepted)
	t.say(". ")
	if strings.TrimSpace(r.Intercepting.Callsign+r.Intercepted.Callsign) == "" {
		t.absent = append(t.absent, "callsigns")
	}
}

func (t *teller) party(p incidents.PartyReport) {
	var names []string
	for _, a := range p.Aircraft {
		name := strings.TrimSpace(a.Name)
		if name == "" {
			name = strings.ToUpper(strings.TrimSpace(a.Designator))
		}
		if s := joined(" ", a.Count, name); s != "" {
			names = append(names, s)
		}
	}
	var nations []string
	for _, n := range strings.FieldsFunc(strings.ToUpper(p.Nations), func(c rune) bool { return strings.ContainsRune(", ;/", c) }) {
		nations = append(nations, incidents.NationName(n))
	}
	switch {
	case len(names)+len(nations) == 0:
		t.none("somebody unknown")
		return
	case len(names) == 0:
		t.data(strings.Join(nations, ", "))
	case len(nations) == 0:
		t.data(strings.Join(names, ", "))
	default:
		t.data(strings.Join(names, ", "))
		t.say(" of ")
		t.data(strings.Join(nations, ", "))
	}
	if base := strings.TrimSpace(p.Base); base != "" {
		t.say(" from " + base)
	}
}

func (t *teller) conduct(r report) {
	t.flag("Transponder ", incidents.Transponders, r.Transponder)
	t.flag(", flight plan ", incidents.FlightPlans, r.FlightPlan)
	t.flag(", radio contact ", incidents.RadioContacts, r.RadioContact)
	t.say(". ")
	if d := strings.TrimSpace(r.ClosestApproach); d != "" && d != "?" {
		t.say("Closest approach ")
		t.data(d)
		t.say(". ")
	} else {
		t.absent = append(t.absent, "closest approach")
	}
	if b := behaviourText(r.Behaviours); b != "" {
		t.data(strings.ToUpper(b[:1]) + b[1:])
		t.say(". ")
	}
}

func (t *teller) flag(name string, list incidents.Vocabulary, value string) {
	t.say(name)
	if value == "" {
		value = incidents.Unknown
	}
	t.data(list.Word(value))
}

func (t *teller) severity(r report) {
	if !incidents.Severities.Has(r.Severity) {
		t.none("No severity yet")
		t.say(".")
		return
	}
	t.data(incidents.Severities.Word(r.Severity))
	if reason := strings.TrimSpace(r.SeverityReason); reason != "" {
		t.say(": " + strings.TrimRight(reason, "."))
	}
	t.say(".")
}

// timeReading says how a time was read; nothing while there is none, or one
// that has its message beside it.
func (s *Server) timeReading(text, precision string) string {
	m, err := incidents.ReadTime(text, precision, s.Now())
	if err != nil {
		return ""
	}
	return timeWords(m, s.Now())
}

// timeWords says a time with its day of the week, and how long ago it was.
func timeWords(m incidents.Moment, now time.Time) string {
	words := m.String() + ", the whole " + string(m.Precision) + " in UTC"
	switch m.Precision {
	case incidents.Exact:
		words = m.From.Time().Format("Mon 2 Jan 2006 1504Z")
	case incidents.Hour:
		words = m.From.Time().Format("Mon 2 Jan 2006 1504Z") + " to " + m.To.Time().Format("1504Z")
	}
	switch ago := incidents.MillisOf(now) - m.From; {
	case m.Precision == incidents.Exact && ago >= 0 && ago < 60_000:
		words += ", now"
	case ago >= 0:
		words += ", " + since(now, m.From) + " ago"
	}
	return words
}

// positionReading says how a position was read, and where that is.
func (s *Server) positionReading(text, notation string) string {
	p, err := geo.ReadPosition(text)
	if err != nil {
		return ""
	}
	return s.placeWords(p, notation)
}

// placeWords says a position in one notation, with its region and what is
// near.
func (s *Server) placeWords(p geo.Reading, notation string) string {
	rec := incidents.Record{Geometry: incidents.Geometry{Geometry: p.Geometry}}
	place := incidents.Derive(s.Atlas, &rec)
	return joined(", ", p.In(notation), incidents.RegionCodes.Word(place.Region), place.Near)
}
