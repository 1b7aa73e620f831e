package research

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
)

// Source is the name under which records of this form are kept; with the
// record's own id it is unique.
const Source = "research"

// incidentLine is a line that is an incident.
type incidentLine struct {
	record   incidents.Record
	contacts []string // ids of contacts that the incident itself names
}

// incident maps an incident of the form. What it cannot map is a problem of
// the line.
func (l *line) incident(o object) incidentLine {
	r := incidents.Record{Source: Source, SourceID: o.need("id", "a text that is never used twice"), Absence: "public_sources",
		Title: o.need("title", "a short text"), SubArea: o.str("sub_area"), Location: o.str("location"),
		GeometryHint: o.str("geometry_hint"), GeometryNote: o.str("geometry_note"),
		Summary: o.str("who_intercepted_whom"), SeverityReason: o.str("severity_reason"), SeveritySource: o.str("severity_source"),
		Dispute: o.str("disputed_claims"), ReportedResponse: o.str("reported_response"), Narrative: o.str("narrative"),
		ClosestApproachQualifier: o.str("closest_approach_qualifier"), ViolationQualifier: o.str("violation_duration_qualifier"),
		UncertaintyNM:      o.num("position_uncertainty_nm", 0, 5000, "distance in nautical miles"),
		SeaDistanceKM:      o.num("distance_to_named_sea_km", 0, 20_000, "distance in kilometres"),
		ClosestApproachM:   o.num("closest_approach_m", 0, 500_000, "distance in metres"),
		ViolationDurationS: o.num("violation_duration_s", 0, 7*86_400, "duration in seconds"),
		PositionBasis:      l.code(o, "position_basis", incidents.PositionBases, nil, incidents.Unknown),
		Transponder:        l.code(o, "transponder", incidents.Transponders, nil, incidents.Unknown),
		FlightPlan:         l.code(o, "flight_plan", incidents.FlightPlans, nil, incidents.Unknown),
		RadioContact:       l.code(o, "radio_contact", incidents.RadioContacts, nil, incidents.Unknown),
		Severity:           l.code(o, "severity", incidents.Severities, nil, ""),
		Region:             l.code(o, "region", incidents.RegionCodes, nil, incidents.Unknown),
	}
	if r.Region == incidents.Unknown {
		r.Region = ""
	}
	if r.SeverityReason == "" {
		l.add("severity_reason", "", "is missing; accepted: one line that says why.")
	}
	precision := l.code(o, "time_precision", incidents.Precisions, nil, "")
	r.Start = l.moment(o, "date_time_start", precision, true)
	r.End = l.moment(o, "date_time_end", precision, false)
	if !r.End.IsZero() && !r.Start.IsZero() && r.End.To <= r.Start.From {
		l.add("date_time_end", r.End.Text, "lies before date_time_start.")
	}
	r.Geometry = l.geometry(o)
	if r.Geometry.IsNone() && r.Region == "" {
		l.add("region", "", "is missing, and so is the geometry; accepted: "+incidents.RegionCodes.Accepted()+".")
	}
	r.Airspace = l.airspace(o.obj("airspace"))
	r.Intercepting, r.Intercepted = l.party(o.obj("intercepting")), l.party(o.obj("intercepted"))
	r.Behaviours = l.codes(o, "behaviours", incidents.Behaviours)
	r.Sources = l.sources(o)
	r.Claims = claims(r.Dispute)
	if s := o.str("contact_status"); s != "" {
		r.Searches = []incidents.Search{{Who: "compiler of the record", Where: "public sources", Outcome: s}}
	}
	in := incidentLine{record: r, contacts: o.strs("contact_ids")}
	o.str("record_type")
	o.done()
	return in
}

// code reads one value of a closed list, after the form's own words were put
// into ours. Nothing stated is the fallback; an empty fallback means that the
// field is needed.
func (l *line) code(o object, name string, list incidents.Vocabulary, ours map[string]string, fallback string) string {
	s := o.str(name)
	if w, ok := ours[s]; ok {
		s = w
	}
	switch {
	case s == "" && fallback != "":
		return fallback
	case !list.Has(s):
		accepted := list.Accepted()
		for w := range ours {
			accepted += ", " + w
		}
		l.add(o.at(name), s, "is not in the list; accepted: "+accepted+".")
	}
	return s
}

func (l *line) codes(o object, name string, list incidents.Vocabulary) []string {
	values := o.strs(name)
	for _, s := range values {
		if !list.Has(s) {
			l.add(o.at(name), s, "is not in the list; accepted: "+list.Accepted()+".")
		}
	}
	return values
}

// moment reads a time. The precision of the record holds; an end that is a date
// only is known to the day at best.
func (l *line) moment(o object, name, precision string, needed bool) incidents.Moment {
	text := o.str(name)
	if text == "" {
		if needed {
			l.add(o.at(name), "", "is missing; accepted: 2023-03-14T16:30:00Z, 2023-03-14, 2023-03 or 2023.")
		}
		return incidents.Moment{}
	}
	m, err := incidents.ReadTime(text, precision, time.Time{})
	if err != nil && !needed {
		m, err = incidents.ReadTime(text, "", time.Time{})
	}
	if err != nil {
		l.add(o.at(name), text, err.Error())
	}
	return m
}

// geometry reads the shape; lon and lat alone are a point, and beside a point
// they must say the same.
func (l *line) geometry(o object) incidents.Geometry {
	lon, lat := o.num("lon", -180, 180, "longitude in degrees"), o.num("lat", -90, 90, "latitude in degrees")
	var g incidents.Geometry
	if raw, ok := o.value("geometry"); ok {
		l.geometryMembers(raw)
		shape, err := geo.ParseGeometry(raw)
		if err != nil {
			l.add("geometry", string(raw), err.Error())
			return g
		}
		g.Geometry = shape
	}
	if (lon == nil) != (lat == nil) {
		l.add("lat", "", "lon and lat go together; give both or none.")
		return g
	}
	if lon == nil {
		return g
	}
	p := orb.Point{*lon, *lat}
	if g.IsNone() {
		g.Geometry = p
	}
	if q, ok := g.Geometry.(orb.Point); ok {
		if math.Abs(q[0]-p[0]) > 1e-6 || math.Abs(q[1]-p[1]) > 1e-6 {
			l.add("geometry", string(geo.AppendGeometry(nil, q)), "is not where lon and lat say.")
		}
		return g
	}
	// Beside a track or an area, lon and lat are a point that somebody chose for
	// it: it may lie beside the shape, and is worth a look elsewhere.
	if !geo.Bounds(g.Geometry).Pad(2).Contains(p) {
		l.warn("lon", fmt.Sprintf("%g, %g", p[0], p[1]), "lies far from the geometry; the geometry was taken, lon and lat are not kept.")
	}
	return g
}

// geometryMembers looks for what reading a geometry would drop in silence.
func (l *line) geometryMembers(raw json.RawMessage) {
	o := l.parse("geometry", raw)
	o.value("type")
	if c, ok := o.value("coordinates"); ok && hasHeight(c) {
		l.warn("geometry.coordinates", string(c), "has heights; longitude and latitude were taken, heights are not kept.")
	}
	o.done()
}

// hasHeight reports whether a position of well-formed coordinates has three
// numbers: two commas between the innermost brackets.
func hasHeight(coordinates []byte) bool {
	commas := 0
	for _, c := range coordinates {
		switch c {
		case '[':
			commas = 0
		case ',':
			commas++
		case ']':
			if commas == 2 {
				return true
			}
			commas = -1 << 30 // the end of a list of lists is no position
		}
	}
	return false
}

func (l *line) airspace(o object) incidents.Airspace {
	a := incidents.Airspace{Kind: l.code(o, "kind", incidents.AirspaceKinds, nil, incidents.Unknown), State: o.str("state"), FIR: o.str("fir"), Note: o.str("note")}
	if a.State != "" && !incidents.ValidNation(a.State) {
		l.add(o.at("state"), a.State, "is no state; accepted: ISO 3166-1 alpha-2 codes such as EE, or null.")
	}
	o.done()
	return a
}

var designatorPattern = regexp.MustCompile(`^[A-Z0-9]{2,4}$`)

func (l *line) party(o object) incidents.Party {
	p := incidents.Party{Nations: l.nations(o, "nations"), Count: o.count("count"), PlatformKind: l.code(o, "platform_kind", incidents.PlatformKinds, nil, incidents.Unknown),
		Base: o.str("base"), Unit: o.str("unit"), Callsign: o.str("callsign"), Note: o.str("note")}
	for _, a := range o.objs("aircraft") {
		ac := incidents.Aircraft{Designator: a.str("designator"), Name: a.str("name"), Count: a.count("count")}
		if ac.Designator != "" && !designatorPattern.MatchString(ac.Designator) {
			l.add(a.at("designator"), ac.Designator, "is no ICAO type designator; accepted: two to four capital letters and figures such as TU95, or null.")
		}
		a.done()
		p.Aircraft = append(p.Aircraft, ac)
	}
	o.done()
	return p
}

func (l *line) nations(o object, name string) []string {
	codes := o.strs(name)
	for _, c := range codes {
		if !incidents.ValidNation(c) {
			l.add(o.at(name), c, "is no nation; accepted: ISO 3166-1 alpha-2 codes such as NO or RU, and NATO.")
		}
	}
	return codes
}

func (l *line) sources(o object) []incidents.Source {
	var out []incidents.Source
	for _, s := range o.objs("sources") {
		src := incidents.Source{Title: s.need("title", "a text"), URL: s.str("url"), Publisher: s.str("publisher"), Date: s.str("date")}
		if src.URL != "" && !strings.HasPrefix(src.URL, "https://") && !strings.HasPrefix(src.URL, "http://") {
			l.add(s.at("url"), src.URL, "is no web address; accepted: http://… or https://…, or null.")
		}
		s.done()
		out = append(out, src)
	}
	return out
}

// claimants are the openings of a clause that name who claims it; anything else
// leaves the claimant unknown, since a wrong one is worse.
var claimants = []struct{ opening, code string }{
	{"Russia ", "RU"}, {"Russia: ", "RU"}, {"Russian media: ", "RU"}, {"UK ", "GB"}, {"US ", "US"}, {"SAS ", "SAS"}, {"WSJ ", "WSJ"}, {"AirLive ", "AirLive"},
}

// claims takes the text of a disagreement apart into one claim a clause. The
// text itself is kept beside them, word for word.
func claims(dispute string) []incidents.Claim {
	var out []incidents.Claim
	for _, clause := range strings.Split(dispute, ";") {
		clause = strings.TrimSpace(clause)
		if clause == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(clause, "transponder: "); ok {
			for _, part := range strings.Split(rest, ", ") {
				who, value, ok := strings.Cut(part, " says ")
				if !ok {
					out = append(out, incidents.Claim{Field: "transponder", Value: part})
					continue
				}
				out = append(out, incidents.Claim{Field: "transponder", Value: value, Claimant: claimant(who + " ")})
			}
			continue
		}
		out = append(out, incidents.Claim{Value: clause, Claimant: claimant(clause)})
	}
	return out
}

func claimant(clause string) string {
	for _, c := range claimants {
		if strings.HasPrefix(clause, c.opening) {
			return c.code
		}
	}
	return ""
}

// canonical is the content by which two imports of a record are compared.
func canonical(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
