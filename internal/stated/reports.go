package stated

import (
	"strings"
	"time"

	"interceptlog/internal/feature"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Incident writes a feature over a report: what a feature shows comes from it,
// the rest of the report stays. base is the record that the report is of.
func (s Feature) Incident(r incidents.Report, base incidents.Record) incidents.Report {
	r.Title = s.Text("title")
	r.Start, r.StartPrecision = s.start(base.Start, r.Start, r.StartPrecision)
	r.End, r.EndPrecision = s.end(base.End, r.End, r.EndPrecision)
	r.Location, r.SubArea = s.Text("location"), s.Text("sub_area")
	r.AirspaceKind, r.AirspaceState, r.FIR = s.Text("airspace_kind"), s.Text("airspace_state"), s.Text("fir")
	r.PositionBasis = s.Text("position_basis")
	r.Uncertainty = s.Text("position_uncertainty_nm")
	r.Shape = s.Shape
	if s.Shape == nil {
		r.Position = ""
	}
	if region := s.Text("region"); region != base.Region || region == "" {
		r.Region = region
	}
	if r.Region != "" && r.RegionReason == "" {
		r.RegionReason = "as the feature says"
	}
	r.Intercepting = s.party("intercepting", r.Intercepting)
	r.Intercepted = s.party("intercepted", r.Intercepted)
	r.Transponder, r.FlightPlan, r.RadioContact = s.Text("transponder"), s.Text("flight_plan"), s.Text("radio_contact")
	r.ClosestApproach, r.ViolationDuration = unit(s.Text("closest_approach_m"), " m"), unit(s.Text("violation_duration_s"), " s")
	r.Behaviours = s.list("behaviours")
	r.Severity, r.SeverityReason = s.Text("severity"), s.Text("severity_reason")
	r.Absence, r.Marking, r.Exercise = s.Text("absence"), s.Text("marking"), s.flag("exercise")
	r.Reason = s.Text("reason")
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
func (s Feature) party(side string, p incidents.PartyReport) incidents.PartyReport {
	p.Nations = strings.Join(s.list(side+"_nations"), ", ")
	p.PlatformKind = s.Text(side + "_platform")
	p.Count = s.Text(side + "_count")
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
func (s Feature) start(was incidents.Moment, text, precision string) (string, string) {
	date, from, want := s.Text("date"), s.Text("start_from"), s.Text("time_precision")
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
		want = width(from, s.Text("start_to"))
	}
	return from, want
}

// end gives the time of the end in the same way; how well it is known follows
// from how far its two ends are apart.
func (s Feature) end(was incidents.Moment, text, precision string) (string, string) {
	from, to := s.Text("end_from"), s.Text("end_to")
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

// Contact writes a feature over a report of a contact.
func (s Feature) Contact(r hotline.ContactReport, base hotline.Contact) hotline.ContactReport {
	r.LineID = s.Text("line_id")
	r.ChannelName, r.ChannelKind, r.Parties = s.Text("channel"), s.Text("channel_kind"), strings.Join(s.list("channel_parties"), ", ")
	r.Initiators, r.Answerers = strings.Join(s.list("initiators"), ", "), strings.Join(s.list("answerers"), ", ")
	r.Start, r.StartPrecision = s.start(base.Start, r.Start, r.StartPrecision)
	r.End, r.EndPrecision = s.end(base.End, r.End, r.EndPrecision)
	r.Outcome, r.Purpose, r.Summary = s.Text("outcome"), s.Text("purpose"), s.Text("summary")
	r.Caller, r.Callee = s.Text("caller"), s.Text("callee")
	r.Marking, r.Exercise = s.Text("marking"), s.flag("exercise")
	r.Incidents, r.Relations = s.list("incident_ids"), s.list("relations")
	r.Reason = s.Text("reason")
	return r
}
