package geojson

import (
	"fmt"

	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const metresPerNM = 1852

// Options choose what a feature carries.
type Options struct {
	Full    bool // profile=full: parties, claims, sources, contacts, and the rest
	NoAudit bool // for the pages' own map: looking is not exporting
}

// AppendFeature appends one feature. Numbers have the units that the table in
// properties.go gives.
func AppendFeature(dst []byte, c *hotline.Case, opts Options) ([]byte, error) {
	dst = append(dst, `{"type":"Feature","id":`...)
	dst = appendString(dst, string(c.Incident.ID))
	dst = append(dst, `,"geometry":`...)
	dst = geo.AppendGeometry(dst, c.Incident.Record.Geometry.Geometry)
	dst = append(dst, `,"properties":{`...)
	o := object{b: dst, first: true}
	identity(&o, &c.Incident)
	when(&o, &c.Incident.Record)
	where(&o, &c.Incident)
	who(&o, &c.Incident.Record)
	what(&o, &c.Incident.Record)
	answer(&o, &c.Assessment)
	if opts.Full {
		if err := full(&o, c); err != nil {
			return dst, fmt.Errorf("encode %s: %w", c.Incident.ID, err)
		}
	}
	return append(o.b, "}}"...), nil
}

func identity(o *object, inc *incidents.Incident) {
	r := &inc.Record
	o.str("id", string(inc.ID))
	o.str("number", inc.Number)
	o.str("source", r.Source)
	o.str("source_id", r.SourceID)
	o.str("title", r.Title)
	o.str("report", string(inc.Status))
	o.int("revision", int64(inc.Revision))
	o.time("first_recorded_at", inc.FirstRecordedAt)
	o.time("recorded_at", inc.RecordedAt)
	o.str("marking", r.Marking)
	o.flag("exercise", r.Exercise)
	o.str("absence", r.Absence)
}

func when(o *object, r *incidents.Record) {
	o.str("date", edtf(r.Start))
	o.str("time_precision", string(r.Start.Precision))
	o.time("start_from", r.Start.From)
	o.time("start_to", r.Start.To)
	o.time("end_from", r.End.From)
	o.time("end_to", r.End.To)
}

// edtf writes a time no finer than it is known: dates, months and years as EDTF
// (ISO 8601-2) has them; to the minute, and as an interval, as ISO 8601-1 does,
// since EDTF knows no time of day without seconds.
func edtf(m incidents.Moment) string {
	t := m.From.Time()
	switch m.Precision {
	case incidents.Exact:
		return t.Format("2006-01-02T15:04Z")
	case incidents.Hour:
		return t.Format("2006-01-02T15:04Z") + "/" + m.To.Time().Format("2006-01-02T15:04Z")
	case incidents.Day:
		return t.Format("2006-01-02")
	case incidents.Week:
		return t.Format("2006-01-02") + "/" + t.AddDate(0, 0, 6).Format("2006-01-02")
	case incidents.Month:
		return t.Format("2006-01")
	case incidents.Year:
		return t.Format("2006")
	}
	return ""
}

func where(o *object, inc *incidents.Incident) {
	r, p := &inc.Record, &inc.Derived
	o.str("region", p.Region)
	o.str("sub_area", r.SubArea)
	o.str("sea", p.Sea)
	o.str("location", r.Location)
	o.str("near", p.Near)
	o.float("coast_nm", p.CoastNM, 1)
	o.list("within_12nm", p.Within12NM)
	o.str("airspace_kind", r.Airspace.Kind)
	o.str("airspace_state", r.Airspace.State)
	o.str("fir", r.Airspace.FIR)
	o.str("position_basis", r.PositionBasis)
	o.float("position_uncertainty_nm", r.UncertaintyNM, 1)
	o.float("position_uncertainty_m", r.UncertaintyNM, metresPerNM)
}

func who(o *object, r *incidents.Record) {
	party := func(nations, aircraft, count, platform string, p *incidents.Party) {
		o.list(nations, p.Nations)
		o.key(aircraft)
		o.b = append(o.b, '[')
		n := 0
		for _, a := range p.Aircraft {
			name := a.Designator
			if name == "" {
				name = a.Name
			}
			if name == "" {
				continue
			}
			if n++; n > 1 {
				o.b = append(o.b, ',')
			}
			o.b = appendString(o.b, name)
		}
		o.b = append(o.b, ']')
		o.optInt(count, p.Count)
		o.str(platform, p.PlatformKind)
	}
	party("intercepting_nations", "intercepting_aircraft", "intercepting_count", "intercepting_platform", &r.Intercepting)
	party("intercepted_nations", "intercepted_aircraft", "intercepted_count", "intercepted_platform", &r.Intercepted)
}

func what(o *object, r *incidents.Record) {
	o.str("transponder", r.Transponder)
	o.str("flight_plan", r.FlightPlan)
	o.str("radio_contact", r.RadioContact)
	o.float("closest_approach_m", r.ClosestApproachM, 1)
	o.float("violation_duration_s", r.ViolationDurationS, 1)
	o.list("behaviours", r.Behaviours)
	o.str("severity", r.Severity)
	o.str("severity_reason", r.SeverityReason)
	o.str("severity_source", r.SeveritySource)
	o.int("source_count", int64(len(r.Sources)))
	o.int("claim_count", int64(len(r.Claims)))
	o.flag("disputed", r.Dispute != "" || len(r.Claims) > 0)
}

func answer(o *object, a *hotline.Assessment) {
	o.str("policy_need", string(a.Rule.Need))
	o.key("policy_within_s")
	if a.Rule.Need == hotline.NeedNone {
		o.b = append(o.b, "null"...)
	} else {
		o.b = fmt.Appendf(o.b, "%d", a.Rule.WithinS)
	}
	o.time("deadline_from", a.DeadlineFrom)
	o.time("deadline_to", a.DeadlineTo)
	o.str("deescalation", string(a.Worst))
	o.str("deescalation_best", string(a.Best))
	o.str("deescalation_worst", string(a.Worst))
	o.str("deescalation_strict", string(a.StrictWorst))
	o.str("deescalation_strict_best", string(a.StrictBest))
	o.flag("deadline_passed", a.DeadlinePassed)
	o.str("order_basis", a.Basis)
	o.flag("late_entry", a.LateEntry)
	bounds := func(least, most string, b *hotline.Bounds) {
		seconds(o, least, b, false)
		seconds(o, most, b, true)
	}
	bounds("first_attempt_min_s", "first_attempt_max_s", a.FirstAttempt)
	bounds("time_to_contact_min_s", "time_to_contact_max_s", a.FirstContact)
	bounds("first_direct_min_s", "first_direct_max_s", a.FirstDirect)
	bounds("first_diplomatic_min_s", "first_diplomatic_max_s", a.FirstDiplomatic)
	bounds("since_known_min_s", "since_known_max_s", a.SinceKnown)
	o.int("contacts_attempted", int64(a.Attempts))
	o.int("contacts_through", int64(a.Through))
	o.int("contacts_direct", int64(a.Direct))
	o.int("contacts_diplomatic", int64(a.Diplomatic))
}

// seconds writes one end of an interval; null when there is none, or when it
// has no end.
func seconds(o *object, name string, b *hotline.Bounds, most bool) {
	o.key(name)
	ms := incidents.Millis(0)
	if b != nil {
		if ms = b.Min; most {
			ms = b.Max
		}
	}
	if b == nil || ms >= incidents.Forever {
		o.b = append(o.b, "null"...)
		return
	}
	o.b = fmt.Appendf(o.b, "%d", ms/1000)
	if rest := ms % 1000; rest != 0 {
		o.b = fmt.Appendf(o.b, ".%03d", rest)
	}
}

// contact is a contact in the full profile.
type contact struct {
	hotline.Contact
	Relation  string `json:"relation"`
	Direct    bool   `json:"direct"`
	StartFrom string `json:"start_from"`
	StartTo   string `json:"start_to"`
}

func full(o *object, c *hotline.Case) error {
	r := &c.Incident.Record
	contacts := make([]contact, 0, len(c.Contacts))
	for _, l := range c.Contacts {
		contacts = append(contacts, contact{l.Contact, l.LinkedAs.Relation, hotline.IsDirect(l.Channel.Kind),
			incidents.FormatInstant(l.Start.From), incidents.FormatInstant(l.Start.To)})
	}
	for _, m := range []struct {
		name  string
		value any
	}{
		{"narrative", r.Narrative}, {"intercepting", r.Intercepting}, {"intercepted", r.Intercepted}, {"claims", r.Claims},
		{"sources", r.Sources}, {"searches", r.Searches}, {"contacts", contacts}, {"record", r}, {"derived", c.Incident.Derived},
		{"recorded_by", c.Incident.RecordedBy}, {"reason", c.Incident.Reason}, {"policy_version", c.Incident.PolicyVersion},
	} {
		if err := o.any(m.name, m.value); err != nil {
			return err
		}
	}
	return nil
}
