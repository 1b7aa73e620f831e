package feature

import (
	"cmp"
	"math"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const (
	nations = "ISO 3166-1 alpha-2, or NATO"
	instant = "RFC 3339, UTC"
)

// IncidentProperties are those of every incident, in the order in which they
// stand. Null means that nothing is known or stated, unless the meaning says
// otherwise.
var IncidentProperties = []Property{
	{Name: "id", Kind: Text, Vocabulary: "UUID (RFC 9562)", Meaning: "The id of the incident, also the id of the feature; the same in every export."},
	{Name: "number", Kind: Text, Nullable: true, Vocabulary: "YYYY-NNNN", Meaning: "What people call it; never used twice. Null: a draft has none."},
	{Name: "source", Kind: Text, Nullable: true, Vocabulary: "research, exercise", Meaning: "Where an imported record came from. Null: it was entered here."},
	{Name: "source_id", Kind: Text, Nullable: true, Meaning: "Its id there; unique together with source."},
	{Name: "title", Kind: Text, Meaning: "The incident in one line."},
	{Name: "report", Kind: Text, Codes: incidents.StatusCodes.Codes(), Meaning: "State of the report."},
	{Name: "revision", Kind: Integer, Vocabulary: "1, 2, 3 …", Meaning: "Revision of the record that this is."},
	{Name: "first_recorded_at", Kind: Instant, Vocabulary: instant, Meaning: "When the log first held the incident."},
	{Name: "recorded_at", Kind: Instant, Vocabulary: instant, Meaning: "When this revision was written."},
	{Name: "marking", Kind: Text, Nullable: true, Vocabulary: "as configured", Meaning: "Classification and releasability of the record."},
	{Name: "exercise", Kind: Bool, Meaning: "True: an exercise record, no real incident."},
	{Name: "absence", Kind: Text, Codes: incidents.Absences.Codes(), Meaning: "What it means that no contact is on record."},

	{Name: "date", Kind: Text, Nullable: true, Vocabulary: "ISO 8601: time to the minute, date, month, year, or start/end (date, month, year as in ISO 8601-2 EDTF)", Meaning: "Start of the incident, written no finer than it is known."},
	{Name: "time_precision", Kind: Text, Nullable: true, Codes: incidents.Precisions.Codes(), Meaning: "How well the start is known."},
	{Name: "start_from", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "Earliest possible start."},
	{Name: "start_to", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "End of the possible starts, itself not among them."},
	{Name: "end_from", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "Earliest possible end. Null: no end is stated."},
	{Name: "end_to", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "End of the possible ends, itself not among them."},

	{Name: "region", Kind: Text, Nullable: true, Codes: incidents.RegionCodes.Codes(), Meaning: "The sea region that counts: the one stated by hand, otherwise the geometry's."},
	{Name: "sub_area", Kind: Text, Nullable: true, Meaning: "Part of the sea, in the words of the record."},
	{Name: "sea", Kind: Text, Nullable: true, Vocabulary: "IHO S-23", Meaning: "Sea area in which the geometry lies. Null: no position, or no sea of the list."},
	{Name: "location", Kind: Text, Nullable: true, Meaning: "The place in the words of the record."},
	{Name: "near", Kind: Text, Nullable: true, Meaning: "Bearing and distance from the nearest named place: 35 NM NE of Gotland. Approximate."},
	{Name: "coast_nm", Kind: Number, Nullable: true, Unit: "nautical miles", Meaning: "Distance to the nearest land, to 0.1. Approximate."},
	{Name: "within_12nm", Kind: List, Vocabulary: "ISO 3166-1 alpha-2", Meaning: "States within 12 NM of whose coast it lies. Approximate and no legal finding."},
	{Name: "airspace_kind", Kind: Text, Codes: incidents.AirspaceKinds.Codes(), Meaning: "Whose airspace it happened in, as the record states it."},
	{Name: "airspace_state", Kind: Text, Nullable: true, Vocabulary: "ISO 3166-1 alpha-2", Meaning: "The state whose airspace it was."},
	{Name: "fir", Kind: Text, Nullable: true, Vocabulary: "ICAO Doc 7910 location indicator, or as imported", Meaning: "Flight information region."},
	{Name: "position_basis", Kind: Text, Codes: incidents.PositionBases.Codes(), Meaning: "What the position rests on."},
	{Name: "position_uncertainty_nm", Kind: Number, Nullable: true, Unit: "nautical miles", Meaning: "Radius around the geometry within which it happened."},
	{Name: "position_uncertainty_m", Kind: Number, Nullable: true, Unit: "metres", Meaning: "The same (1 NM = 1852 m), to 0.1, for buffers in a GIS."},

	{Name: "intercepting_nations", Kind: List, Vocabulary: nations, Meaning: "Nations of the intercepting side."},
	{Name: "intercepting_aircraft", Kind: List, Vocabulary: "ICAO Doc 8643 designator, otherwise the name", Meaning: "Its types of aircraft or ships."},
	{Name: "intercepting_count", Kind: Integer, Nullable: true, Meaning: "How many in all, where stated."},
	{Name: "intercepting_platform", Kind: Text, Codes: incidents.PlatformKinds.Codes(), Meaning: "What sort of platform."},
	{Name: "intercepted_nations", Kind: List, Vocabulary: nations, Meaning: "Nations of the intercepted side."},
	{Name: "intercepted_aircraft", Kind: List, Vocabulary: "ICAO Doc 8643 designator, otherwise the name", Meaning: "Its types of aircraft or ships."},
	{Name: "intercepted_count", Kind: Integer, Nullable: true, Meaning: "How many in all, where stated."},
	{Name: "intercepted_platform", Kind: Text, Codes: incidents.PlatformKinds.Codes(), Meaning: "What sort of platform."},

	{Name: "transponder", Kind: Text, Codes: incidents.Transponders.Codes(), Meaning: "Whether the intercepted aircraft sent a transponder code."},
	{Name: "flight_plan", Kind: Text, Codes: incidents.FlightPlans.Codes(), Meaning: "Whether a flight plan had been filed."},
	{Name: "radio_contact", Kind: Text, Codes: incidents.RadioContacts.Codes(), Meaning: "Whether there was two-way radio contact with air traffic control."},
	{Name: "closest_approach_m", Kind: Number, Nullable: true, Unit: "metres", Meaning: "Least distance between the two."},
	{Name: "violation_duration_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Time spent in the airspace without permission."},
	{Name: "behaviours", Kind: List, Codes: incidents.Behaviours.Codes(), Meaning: "What was done."},
	{Name: "severity", Kind: Text, Codes: incidents.Severities.Codes(), Meaning: "How grave it was."},
	{Name: "severity_reason", Kind: Text, Meaning: "Why, in one line."},
	{Name: "severity_source", Kind: Text, Nullable: true, Meaning: "Who rated it."},
	{Name: "source_count", Kind: Integer, Meaning: "Publications and reports that the record rests on."},
	{Name: "claim_count", Kind: Integer, Meaning: "Claims that the parties make."},
	{Name: "disputed", Kind: Bool, Meaning: "True: claims or a disagreement are on record."},

	{Name: "policy_need", Kind: Text, Codes: []string{"none", "any", "direct"}, Meaning: "The contact that the policy frozen into the incident asks for."},
	{Name: "policy_within_s", Kind: Integer, Nullable: true, Unit: "seconds", Meaning: "Time from the start within which it asks for one. Null: it asks for none."},
	{Name: "deadline_from", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "Earliest possible deadline. Null: none, or none that can be told."},
	{Name: "deadline_to", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "End of the possible deadlines."},
	{Name: "deescalation", Kind: Text, Codes: incidents.Deescalations.Codes(), Meaning: "The status: the worst that the times allow. Same as deescalation_worst."},
	{Name: "deescalation_best", Kind: Text, Codes: incidents.Deescalations.Codes(), Meaning: "The best that the times and the links allow."},
	{Name: "deescalation_worst", Kind: Text, Codes: incidents.Deescalations.Codes(), Meaning: "The worst that the times and the links allow."},
	{Name: "deescalation_strict", Kind: Text, Codes: incidents.Deescalations.Codes(), Meaning: "The worst by the clocks alone, without the order that links state."},
	{Name: "deescalation_strict_best", Kind: Text, Codes: incidents.Deescalations.Codes(), Meaning: "The best by the clocks alone."},
	{Name: "deadline_passed", Kind: Bool, Meaning: "True: the earliest possible deadline is past at as_of."},
	{Name: "order_basis", Kind: Text, Nullable: true, Codes: []string{"clock", "link"}, Meaning: "What the order of incident and contacts rests on. Null: no contact counts."},
	{Name: "late_entry", Kind: Bool, Meaning: "True: the deadline had certainly passed before the log held the incident."},
	{Name: "open", Kind: Bool, Meaning: "True: somebody may still have to call; never for a late entry or a retracted report."},
	{Name: "first_attempt_min_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Least time from the incident to the first attempt, failed ones included. Null: no attempt."},
	{Name: "first_attempt_max_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Most time. Null: no attempt, or no bound."},
	{Name: "time_to_contact_min_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Least time to the first contact that got through. Null: none."},
	{Name: "time_to_contact_max_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Most time. Null: none, or no bound."},
	{Name: "first_direct_min_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Least time to the first direct contact (phone, voip, vtc, meeting) that got through. Null: none."},
	{Name: "first_direct_max_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Most time. Null: none, or no bound."},
	{Name: "first_diplomatic_min_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Least time to the first contact of another kind that got through. Null: none."},
	{Name: "first_diplomatic_max_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Most time. Null: none, or no bound."},
	{Name: "since_known_min_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Least time from first_recorded_at to the first contact that got through; 0 when it came before. Null: none."},
	{Name: "since_known_max_s", Kind: Number, Nullable: true, Unit: "seconds", Meaning: "Most time. Null: none, or no bound."},
	{Name: "contacts_attempted", Kind: Integer, Meaning: "Contacts that count, failed ones included."},
	{Name: "contacts_through", Kind: Integer, Meaning: "Of them, those that got through."},
	{Name: "contacts_direct", Kind: Integer, Meaning: "Of those, direct ones."},
	{Name: "contacts_diplomatic", Kind: Integer, Meaning: "Of those, diplomatic ones."},
}

// Incident gives the values of an incident to a sink, in the order of
// IncidentProperties.
func Incident(s Sink, c *hotline.Case) {
	identity(s, &c.Incident)
	when(s, &c.Incident.Record)
	where(s, &c.Incident)
	party(s, "intercepting_nations", "intercepting_aircraft", "intercepting_count", "intercepting_platform", &c.Incident.Record.Intercepting)
	party(s, "intercepted_nations", "intercepted_aircraft", "intercepted_count", "intercepted_platform", &c.Incident.Record.Intercepted)
	what(s, &c.Incident.Record)
	answer(s, c)
}

// OfIncident is the feature of an incident.
func OfIncident(c *hotline.Case) Feature {
	v := make(values, 0, len(IncidentProperties))
	Incident(&v, c)
	return Feature{ID: string(c.Incident.ID), Geometry: c.Incident.Record.Geometry.Geometry, Values: v, Record: &c.Incident.Record}
}

func identity(s Sink, inc *incidents.Incident) {
	r := &inc.Record
	s.Text("id", string(inc.ID))
	s.Text("number", inc.Number)
	s.Text("source", r.Source)
	s.Text("source_id", r.SourceID)
	s.Text("title", r.Title)
	s.Text("report", string(inc.Status))
	s.Int("revision", int64(inc.Revision), true)
	moment(s, "first_recorded_at", inc.FirstRecordedAt)
	moment(s, "recorded_at", inc.RecordedAt)
	s.Text("marking", r.Marking)
	s.Bool("exercise", r.Exercise)
	s.Text("absence", r.Absence)
}

// moment gives an instant; 0 is not known.
func moment(s Sink, name string, m incidents.Millis) {
	s.Time(name, m, m != 0 && m < incidents.Forever)
}

// period gives the two ends of an interval.
func period(s Sink, from, to string, stated bool, i incidents.Interval) {
	s.Time(from, i.From, stated)
	s.Time(to, i.To, stated)
}

func when(s Sink, r *incidents.Record) {
	s.Date("date", r.Start)
	s.Text("time_precision", string(r.Start.Precision))
	period(s, "start_from", "start_to", !r.Start.IsZero(), r.Start.Interval)
	period(s, "end_from", "end_to", !r.End.IsZero(), r.End.Interval)
}

// AppendDate writes a time no finer than it is known: dates, months and years as
// EDTF (ISO 8601-2) has them; to the minute, and as an interval, as ISO 8601-1
// does, since EDTF knows no time of day without seconds. Of a time that is not
// stated it writes nothing.
func AppendDate(b []byte, m incidents.Moment) []byte {
	const day, minute = "2006-01-02", "2006-01-02T15:04Z"
	t := m.From.Time()
	switch m.Precision {
	case incidents.Exact:
		return t.AppendFormat(b, minute)
	case incidents.Hour:
		return m.To.Time().AppendFormat(append(t.AppendFormat(b, minute), '/'), minute)
	case incidents.Day:
		return t.AppendFormat(b, day)
	case incidents.Week:
		return t.AddDate(0, 0, 6).AppendFormat(append(t.AppendFormat(b, day), '/'), day)
	case incidents.Month:
		return t.AppendFormat(b, "2006-01")
	case incidents.Year:
		return t.AppendFormat(b, "2006")
	}
	return b
}

// NameOf is the designator of an aircraft (ICAO Doc 8643), otherwise its name.
func NameOf(a incidents.Aircraft) string { return cmp.Or(a.Designator, a.Name) }

func where(s Sink, inc *incidents.Incident) {
	r, p := &inc.Record, &inc.Derived
	s.Text("region", p.Region)
	s.Text("sub_area", r.SubArea)
	s.Text("sea", p.Sea)
	s.Text("location", r.Location)
	s.Text("near", p.Near)
	number(s, "coast_nm", p.CoastNM)
	s.List("within_12nm", p.Within12NM)
	s.Text("airspace_kind", r.Airspace.Kind)
	s.Text("airspace_state", r.Airspace.State)
	s.Text("fir", r.Airspace.FIR)
	s.Text("position_basis", r.PositionBasis)
	number(s, "position_uncertainty_nm", r.UncertaintyNM)
	if u := r.UncertaintyNM; u != nil { // a converted value is no finer than a tenth
		s.Number("position_uncertainty_m", math.Round(*u*metresPerNM*10)/10, Finite(*u))
	} else {
		s.Number("position_uncertainty_m", 0, false)
	}
}

const metresPerNM = 1852

func number(s Sink, name string, x *float64) {
	if x == nil {
		s.Number(name, 0, false)
		return
	}
	s.Number(name, *x, Finite(*x))
}

func party(s Sink, nations, aircraft, many, platform string, p *incidents.Party) {
	s.List(nations, p.Nations)
	s.Aircraft(aircraft, p.Aircraft)
	count(s, many, p.Count)
	s.Text(platform, p.PlatformKind)
}

// count gives a whole number; nil is not known.
func count(s Sink, name string, n *int) {
	if n == nil {
		s.Int(name, 0, false)
		return
	}
	s.Int(name, int64(*n), true)
}

func what(s Sink, r *incidents.Record) {
	s.Text("transponder", r.Transponder)
	s.Text("flight_plan", r.FlightPlan)
	s.Text("radio_contact", r.RadioContact)
	number(s, "closest_approach_m", r.ClosestApproachM)
	number(s, "violation_duration_s", r.ViolationDurationS)
	s.List("behaviours", r.Behaviours)
	s.Text("severity", r.Severity)
	s.Text("severity_reason", r.SeverityReason)
	s.Text("severity_source", r.SeveritySource)
	s.Int("source_count", int64(len(r.Sources)), true)
	s.Int("claim_count", int64(len(r.Claims)), true)
	s.Bool("disputed", r.Dispute != "" || len(r.Claims) > 0)
}

func answer(s Sink, c *hotline.Case) {
	a := &c.Assessment
	s.Text("policy_need", string(a.Rule.Need))
	s.Int("policy_within_s", a.Rule.WithinS, a.Rule.Need != hotline.NeedNone)
	period(s, "deadline_from", "deadline_to", a.HasDeadline(), incidents.Interval{From: a.DeadlineFrom, To: a.DeadlineTo})
	s.Text("deescalation", string(a.Worst))
	s.Text("deescalation_best", string(a.Best))
	s.Text("deescalation_worst", string(a.Worst))
	s.Text("deescalation_strict", string(a.StrictWorst))
	s.Text("deescalation_strict_best", string(a.StrictBest))
	s.Bool("deadline_passed", a.DeadlinePassed)
	s.Text("order_basis", a.Basis)
	s.Bool("late_entry", a.LateEntry)
	s.Bool("open", c.Open())
	bounds(s, "first_attempt_min_s", "first_attempt_max_s", a.FirstAttempt)
	bounds(s, "time_to_contact_min_s", "time_to_contact_max_s", a.FirstContact)
	bounds(s, "first_direct_min_s", "first_direct_max_s", a.FirstDirect)
	bounds(s, "first_diplomatic_min_s", "first_diplomatic_max_s", a.FirstDiplomatic)
	bounds(s, "since_known_min_s", "since_known_max_s", a.SinceKnown)
	s.Int("contacts_attempted", int64(a.Attempts), true)
	s.Int("contacts_through", int64(a.Through), true)
	s.Int("contacts_direct", int64(a.Direct), true)
	s.Int("contacts_diplomatic", int64(a.Diplomatic), true)
}

// bounds gives the two ends of a span in seconds; an end that is not bounded is
// not known.
func bounds(s Sink, least, most string, b *hotline.Bounds) {
	if b == nil {
		b = &hotline.Bounds{Min: incidents.Forever, Max: incidents.Forever}
	}
	s.Number(least, float64(b.Min)/1000, b.Min < incidents.Forever)
	s.Number(most, float64(b.Max)/1000, b.Max < incidents.Forever)
}
