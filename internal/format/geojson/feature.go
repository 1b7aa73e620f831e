package geojson

import (
	"fmt"
	"strconv"

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
	answer(&o, c)
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
	o.key("date")
	if r.Start.IsZero() {
		o.b = append(o.b, "null"...)
	} else {
		o.b = append(appendDate(append(o.b, '"'), r.Start), '"')
	}
	o.str("time_precision", string(r.Start.Precision))
	o.period("start_from", "start_to", !r.Start.IsZero(), r.Start.Interval)
	o.period("end_from", "end_to", !r.End.IsZero(), r.End.Interval)
}

// appendDate writes a time no finer than it is known: dates, months and years as EDTF
// (ISO 8601-2) has them; to the minute, and as an interval, as ISO 8601-1 does,
// since EDTF knows no time of day without seconds.
func appendDate(b []byte, m incidents.Moment) []byte {
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

func answer(o *object, c *hotline.Case) {
	a := &c.Assessment
	o.str("policy_need", string(a.Rule.Need))
	o.key("policy_within_s")
	if a.Rule.Need == hotline.NeedNone {
		o.b = append(o.b, "null"...)
	} else {
		o.b = strconv.AppendInt(o.b, a.Rule.WithinS, 10)
	}
	o.period("deadline_from", "deadline_to", a.HasDeadline(), incidents.Interval{From: a.DeadlineFrom, To: a.DeadlineTo})
	o.str("deescalation", string(a.Worst))
	o.str("deescalation_best", string(a.Best))
	o.str("deescalation_worst", string(a.Worst))
	o.str("deescalation_strict", string(a.StrictWorst))
	o.str("deescalation_strict_best", string(a.StrictBest))
	o.flag("deadline_passed", a.DeadlinePassed)
	o.str("order_basis", a.Basis)
	o.flag("late_entry", a.LateEntry)
	o.flag("open", c.Open())
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
	o.b = strconv.AppendInt(o.b, int64(ms/1000), 10)
	if rest := byte(ms % 1000 / 100); ms%1000 != 0 {
		o.b = append(o.b, '.', '0'+rest, '0'+byte(ms/10%10), '0'+byte(ms%10))
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
	o.str("merged_into", string(c.Incident.MergedInto))
	return nil
}
