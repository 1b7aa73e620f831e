package ogc

import (
	"strings"
	"time"

	"interceptlog/internal/feature"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// incident writes a feature over a report: what a feature shows comes from it,
// the rest of the report stays. base is the record that the report is of.
func (s sent) incident(r incidents.Report, base incidents.Record) incidents.Report {
	r.Title = s.text("title")
	r.Start, r.StartPrecision = s.start(base.Start, r.Start, r.StartPrecision)
	r.End, r.EndPrecision = s.end(base.End, r.End, r.EndPrecision)
	r.Location, r.SubArea = s.text("location"), s.text("sub_area")
	r.AirspaceKind, r.AirspaceState, r.FIR = s.text("airspace_kind"), s.text("airspace_state"), s.text("fir")
	r.PositionBasis = s.text("position_basis")
	r.Uncertainty = s.text("position_uncertainty_nm")
	r.Shape = s.Shape
	if s.Shape == nil {
		r.Position = ""
	}
	if region := s.text("region"); region != base.Region || region == "" {
		r.Region = region
	}
	if r.Region != "" && r.RegionReason == "" {
		r.RegionReason = "as the feature says"
	}
	r.Intercepting = s.party("intercepting", r.Intercepting)
	r.Intercepted = s.party("intercepted", r.Intercepted)
	r.Transponder, r.FlightPlan, r.RadioContact = s.text("transponder"), s.text("flight_plan"), s.text("radio_contact")
	r.ClosestApproach, r.ViolationDuration = unit(s.text("closest_approach_m"), " m"), unit(s.text("violation_duration_s"), " s")
	r.Behaviours = s.list("behaviours")
	r.Severity, r.SeverityReason = s.text("severity"), s.text("severity_reason")
	r.Absence, r.Marking, r.Exercise = s.text("absence"), s.text("marking"), s.flag("exercise")
	r.Reason = s.text("reason")
	return r
}

func unit(figure, unit string) string {
	if figure == "" {
		return ""
	}
	return figure + unit
}

// party writes one side. Lines of aircraft stay as they are, counts and all, as
// long as the feature names the same ones.
func (s sent) party(side string, p incidents.PartyReport) incidents.PartyReport {
	p.Nations = strings.Join(s.list(side+"_nations"), ", ")
	p.PlatformKind = s.text(side + "_platform")
	p.Count = s.text(side + "_count")
	names := s.list(side + "_aircraft")
	if sameNames(p.Aircraft, names) {
		return p
	}
	p.Aircraft = nil
	for _, name := range names {
		line := incidents.AircraftReport{Designator: name}
		if !incidents.KnownType(name) {
			line = incidents.AircraftReport{Name: name}
		}
		p.Aircraft = append(p.Aircraft, line)
	}
	if len(p.Aircraft) == 1 {
		p.Aircraft[0].Count = p.Count
	}
	return p
}

func sameNames(lines []incidents.AircraftReport, names []string) bool {
	var there []string
	for _, l := range lines {
		if n := feature.NameOf(incidents.Aircraft{Designator: l.Designator, Name: l.Name}); n != "" {
			there = append(there, n)
		}
	}
	return strings.Join(there, "\n") == strings.Join(names, "\n")
}

// start gives the time of the start as the form has it: the words it was
// recorded with if the feature says the same, otherwise its date, or its
// earliest possible start.
func (s sent) start(was incidents.Moment, text, precision string) (string, string) {
	date, from, want := s.text("date"), s.text("start_from"), s.text("time_precision")
	if date != "" {
		if !was.IsZero() && date == string(feature.AppendDate(nil, was)) && (want == "" || want == string(was.Precision)) {
			return text, precision
		}
		first, _, _ := strings.Cut(date, "/")
		return first, want
	}
	if from == "" {
		return "", want
	}
	if want == "" {
		want = width(from, s.text("start_to"))
	}
	return from, want
}

// end gives the time of the end in the same way; how well it is known follows
// from how far its two ends are apart.
func (s sent) end(was incidents.Moment, text, precision string) (string, string) {
	from, to := s.text("end_from"), s.text("end_to")
	if from == "" {
		return "", ""
	}
	if !was.IsZero() && same(from, was.From) && (to == "" || same(to, was.To)) {
		return text, precision
	}
	return from, width(from, to)
}

func same(text string, m incidents.Millis) bool {
	t, err := time.Parse(time.RFC3339, text)
	return err == nil && incidents.MillisOf(t) == m
}

// width is the precision that two ends of an interval stand for.
func width(from, to string) string {
	a, err := time.Parse(time.RFC3339, from)
	b, berr := time.Parse(time.RFC3339, to)
	if err != nil || berr != nil {
		return ""
	}
	switch d := b.Sub(a); {
	case d <= time.Minute:
		return string(incidents.Exact)
	case d <= time.Hour:
		return string(incidents.Hour)
	case d <= 24*time.Hour:
		return string(incidents.Day)
	case d <= 7*24*time.Hour:
		return string(incidents.Week)
	case d <= 31*24*time.Hour:
		return string(incidents.Month)
	}
	return string(incidents.Year)
}

// contact writes a feature over a report of a contact.
func (s sent) contact(r hotline.ContactReport, base hotline.Contact) hotline.ContactReport {
	r.LineID = s.text("line_id")
	r.ChannelName, r.ChannelKind, r.Parties = s.text("channel"), s.text("channel_kind"), strings.Join(s.list("channel_parties"), ", ")
	r.Initiators, r.Answerers = strings.Join(s.list("initiators"), ", "), strings.Join(s.list("answerers"), ", ")
	r.Start, r.StartPrecision = s.start(base.Start, r.Start, r.StartPrecision)
	r.End, r.EndPrecision = s.end(base.End, r.End, r.EndPrecision)
	r.Outcome, r.Purpose, r.Summary = s.text("outcome"), s.text("purpose"), s.text("summary")
	r.Caller, r.Callee = s.text("caller"), s.text("callee")
	r.Marking, r.Exercise = s.text("marking"), s.flag("exercise")
	r.Incidents, r.Relations = s.list("incident_ids"), s.list("relations")
	r.Reason = s.text("reason")
	return r
}
