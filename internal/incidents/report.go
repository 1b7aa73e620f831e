package incidents

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
)

// Report is what a person types: every field as text, so that it can be given
// back exactly as it was. Apply reads it; ReportOf writes it from a record.
type Report struct {
	ID                                       string
	Title                                    string
	Start, StartPrecision                    string
	End, EndPrecision                        string
	Position, Uncertainty, PositionBasis     string
	Shape                                    orb.Geometry // from a program, in place of Position: longitude, latitude, WGS 84
	Location, SubArea                        string
	Region, RegionReason                     string // empty region: the geometry's
	AirspaceKind, AirspaceState, FIR         string
	AirspaceNote                             string
	Intercepting, Intercepted                PartyReport
	Summary                                  string
	Transponder, FlightPlan, RadioContact    string
	ClosestApproach, ClosestQualifier        string // 90 m, 20 ft, 200 yd
	ViolationDuration, ViolationQualifier    string // 90 s, 12 min
	Behaviours                               []string
	Severity, SeverityReason, SeveritySource string
	Claims                                   []Claim
	Dispute                                  string
	ReportedResponse                         string
	Narrative                                string
	Sources                                  []Source
	Absence                                  string
	Exercise                                 bool
	Marking                                  string
	Source, SourceID                         string // of a record that an import brings: whose it is, and its id there
	Reason                                   string // why it is changed; for an edit
}

// PartyReport is one side of a report, as typed.
type PartyReport struct {
	Nations      string // NO, SE
	Aircraft     []AircraftReport
	Count        string // from a program: how many in all, where the lines do not say
	PlatformKind string
	Base         string
	Unit         string
	Callsign     string
	Note         string
}

// AircraftReport is one line of aircraft, as typed.
type AircraftReport struct{ Count, Designator, Name string }

// FieldOrder is the order of the form's fields, which is also that of the
// messages about them. Repeated fields carry their row: claims_value-0.
var FieldOrder = []string{"title", "start", "start_precision", "end", "end_precision", "position", "uncertainty", "position_basis", "region", "region_reason", "location",
	"airspace_kind", "airspace_state", "fir", "intercepting_nations", "intercepted_nations", "transponder", "flight_plan", "radio_contact",
	"closest_approach", "violation_duration", "behaviours", "severity", "severity_reason", "narrative", "sources", "claims", "absence", "marking", "reason"}

const (
	maxText  = 64 << 10 // bytes of a text field
	maxLine  = 500      // characters of a one-line field
	maxRows  = 50       // rows of a repeated field
	maxCount = 1000     // aircraft of one side
	maxAhead = 5 * time.Minute
)

// reader collects what is wrong while a report is read.
type reader struct {
	fault.Problems
	atlas *geo.Atlas
	now   time.Time
}

// Apply reads the report over a record (the zero Record for a new one): all
// fields are checked at once, and what the form does not show is kept. rater
// is who rates the severity when it is new or changed.
func (r Report) Apply(base Record, a *geo.Atlas, now time.Time, rater string) (Record, Place, error) {
	rd := &reader{atlas: a, now: now}
	rec := base
	rd.times(r, base, &rec)
	rd.place(r, base, &rec)
	rd.parties(r, &rec)
	rd.conduct(r, &rec)
	rd.rating(r, base, &rec, rater)
	rd.words(r, &rec)
	if rec.Title == "" {
		rec.Title = titleFrom(&rec)
	}
	if err := rd.Err("The report was not filed.", FieldOrder...); err != nil {
		return base, Place{}, err
	}
	place := Derive(a, &rec)
	if rec.Region == place.GeometryRegion {
		// Not an override: the geometry says the same.
		rec.Region, rec.RegionReason = "", ""
	}
	return rec, place, nil
}

func (rd *reader) times(r Report, base Record, rec *Record) {
	was := ReportOf(base)
	if r.Start != was.Start || r.StartPrecision != was.StartPrecision || base.Start.IsZero() {
		m, err := ReadTime(r.Start, r.StartPrecision, rd.now)
		switch {
		case err != nil:
			rd.Add("start", err.Error())
		case m.From > MillisOf(rd.now.Add(maxAhead)):
			rd.Add("start", fmt.Sprintf("%s lies in the future; it is %s now.", m, FormatDTG(rd.now)))
		}
		rec.Start = m
	}
	switch {
	case strings.TrimSpace(r.End) == "":
		rec.End = Moment{}
	case r.End != was.End || r.EndPrecision != was.EndPrecision:
		m, err := ReadTime(r.End, r.EndPrecision, rd.now)
		switch {
		case err != nil:
			rd.Add("end", err.Error())
		case m.From > MillisOf(rd.now.Add(maxAhead)):
			rd.Add("end", fmt.Sprintf("%s lies in the future; it is %s now.", m, FormatDTG(rd.now)))
		}
		rec.End = m
	}
	if !rec.End.IsZero() && !rec.Start.IsZero() && rec.End.To <= rec.Start.From {
		rd.Add("end", fmt.Sprintf("The end, %s, lies before the start, %s.", rec.End, rec.Start))
	}
}

func (rd *reader) place(r Report, base Record, rec *Record) {
	text, basis := strings.TrimSpace(r.Position), Unknown
	switch {
	case r.Shape != nil && base.Geometry.Geometry != nil && orb.Equal(r.Shape, base.Geometry.Geometry):
		text = ReportOf(base).Position
	case r.Shape != nil:
		if err := geo.Validate(r.Shape); err != nil {
			rd.Add("position", err.Error())
			break
		}
		rec.Geometry, rec.PositionText = Geometry{r.Shape}, ""
		text = geo.FormatGeometry(r.Shape, "dm")
	case text == "":
		rec.Geometry, rec.PositionText = Geometry{}, ""
	case base.Geometry.IsNone() || text != ReportOf(base).Position:
		reading, err := geo.ReadPosition(text)
		if err != nil {
			rd.Add("position", err.Error())
			break
		}
		rec.Geometry, rec.PositionText = Geometry{reading.Geometry}, text
		basis = basisOf(reading)
		if strings.TrimSpace(r.Uncertainty) == "" && reading.UncertaintyNM > 0 {
			u := roundTo(reading.UncertaintyNM, 0.01)
			rec.UncertaintyNM = &u
		}
	}
	if s := strings.TrimSpace(r.Uncertainty); s != "" {
		u, err := number(strings.TrimSuffix(strings.TrimSpace(strings.ToLower(s)), "nm"))
		if err != nil || u < 0 || u > 5000 {
			rd.Add("uncertainty", fmt.Sprintf("“%s” is no distance; enter nautical miles from 0 to 5000, such as 25.", clip(s)))
		} else {
			rec.UncertaintyNM = &u
		}
	} else if text == "" || base.UncertaintyNM != nil && !base.Geometry.IsNone() && text == ReportOf(base).Position {
		rec.UncertaintyNM = nil
	}
	rec.PositionBasis = rd.choice("position_basis", r.PositionBasis, PositionBases, Unknown)
	if rec.PositionBasis == Unknown {
		rec.PositionBasis = basis
	}
	rec.Location, rec.SubArea = rd.line("location", r.Location), rd.line("sub_area", r.SubArea)
	rec.Region, rec.RegionReason = strings.TrimSpace(r.Region), rd.line("region_reason", r.RegionReason)
	if rec.Region != "" && !RegionCodes.Has(rec.Region) {
		rd.Add("region", fmt.Sprintf("“%s” is no region; accepted: %s.", clip(rec.Region), RegionCodes.Accepted()))
		return
	}
	if rec.Geometry.IsNone() {
		if text == "" && rec.Region == "" {
			rd.Add("position", "Enter a position such as 5854N 02230E, or leave it empty and choose a region.")
		}
	} else if found := rd.atlas.RegionOf(rec.Geometry.Geometry); rec.Region != "" && rec.Region != found && rec.RegionReason == "" && text != "" {
		rd.Add("region_reason", fmt.Sprintf("The position lies in region %s. Say in a few words why the incident belongs to %s.", RegionCodes.Word(found), RegionCodes.Word(rec.Region)))
	}
	rec.Airspace = Airspace{
		Kind:  rd.choice("airspace_kind", r.AirspaceKind, AirspaceKinds, Unknown),
		State: strings.ToUpper(strings.TrimSpace(r.AirspaceState)),
		FIR:   rd.line("fir", r.FIR), Note: rd.line("airspace_note", r.AirspaceNote),
	}
	switch {
	case rec.Airspace.State != "" && !ValidNation(rec.Airspace.State):
		rd.Add("airspace_state", fmt.Sprintf("“%s” is no state; enter a two-letter ISO 3166-1 code such as EE.", clip(rec.Airspace.State)))
	case rec.Airspace.Kind == "territorial" && rec.Airspace.State == "":
		rd.Add("airspace_state", "Whose airspace? Enter a two-letter code such as EE.")
	case rec.Airspace.Kind != "territorial" && rec.Airspace.State != "":
		rd.Add("airspace_state", "A state goes with territorial airspace only: choose “territorial” or leave the state empty.")
	}
}

// basisOf says what a position rests on when its words tell it: a place, or a
// distance from one.
func basisOf(r geo.Reading) string {
	switch kind := r.Geometry.GeoJSONType(); {
	case r.Notation == "bearing_distance":
		return "stated_distance"
	case r.Notation != "place":
		return Unknown
	case kind == "LineString":
		return "stated_route"
	case kind == "Polygon":
		return "stated_area"
	}
	return "stated_place"
}

func (rd *reader) parties(r Report, rec *Record) {
	rec.Intercepting = rd.party("intercepting", r.Intercepting, rec.Intercepting)
	rec.Intercepted = rd.party("intercepted", r.Intercepted, rec.Intercepted)
	nobody := len(rec.Intercepting.Nations)+len(rec.Intercepted.Nations) == 0
	if nobody && !rd.Has("intercepting_nations") && !rd.Has("intercepted_nations") {
		rd.Add("intercepting_nations", "Enter at least one nation, such as NO or RU (several: NO, SE).")
	}
	rec.Summary = rd.line("who_intercepted_whom", r.Summary)
}

func (rd *reader) party(name string, r PartyReport, base Party) Party {
	p := Party{PlatformKind: rd.choice(name+"_platform", r.PlatformKind, PlatformKinds, Unknown),
		Base: rd.line(name+"_base", r.Base), Unit: rd.line(name+"_unit", r.Unit),
		Callsign: rd.line(name+"_callsign", r.Callsign), Note: rd.line(name+"_note", r.Note)}
	p.Nations = rd.nations(name+"_nations", r.Nations)
	if len(r.Aircraft) > maxRows {
		rd.Add(name+"_nations", "Too many lines of aircraft; at most 50.")
		return p
	}
	total, counted := 0, true
	for i, a := range r.Aircraft {
		at := func(field string) string { return fmt.Sprintf("%s_aircraft_%s-%d", name, field, i) }
		count := strings.TrimSpace(a.Count)
		if count+strings.TrimSpace(a.Designator)+strings.TrimSpace(a.Name) == "" {
			continue
		}
		des, known := "", true
		if strings.TrimSpace(a.Designator) != "" {
			des, known = aircraftType(a.Designator)
		}
		ac := Aircraft{Designator: des, Name: rd.line(at("name"), a.Name)}
		if !known {
			rd.Add(at("designator"), fmt.Sprintf("“%s” is no ICAO type designator (two to four letters and figures, such as TU95 or F35) and no name that is known. Any other name goes into the field beside it.", clip(a.Designator)))
		}
		if count != "" && count != "?" {
			n, err := strconv.Atoi(count)
			if err != nil || n < 1 || n > maxCount {
				rd.Add(at("count"), fmt.Sprintf("“%s” is no number of aircraft; enter 1 to 1000, or leave it empty when nobody knows.", clip(count)))
			} else {
				ac.Count = &n
			}
		}
		if ac.Count == nil {
			counted = false
		} else {
			total += *ac.Count
		}
		p.Aircraft = append(p.Aircraft, ac)
	}
	switch {
	case counted && total > 0:
		p.Count = &total
	case strings.TrimSpace(r.Count) != "":
		n, err := strconv.Atoi(strings.TrimSpace(r.Count))
		if err != nil || n < 1 || n > maxCount {
			rd.Add(name+"_count", fmt.Sprintf("“%s” is no number of aircraft; enter 1 to 1000, or leave it empty when nobody knows.", clip(r.Count)))
		} else {
			p.Count = &n
		}
	case sameAircraft(p.Aircraft, base.Aircraft):
		p.Count = base.Count // stated as a whole; the lines do not say
	}
	return p
}

func sameAircraft(a, b []Aircraft) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Designator != b[i].Designator || a[i].Name != b[i].Name || (a[i].Count == nil) != (b[i].Count == nil) || a[i].Count != nil && *a[i].Count != *b[i].Count {
			return false
		}
	}
	return true
}

func (rd *reader) conduct(r Report, rec *Record) {
	rec.Transponder = rd.choice("transponder", r.Transponder, Transponders, Unknown)
	rec.FlightPlan = rd.choice("flight_plan", r.FlightPlan, FlightPlans, Unknown)
	rec.RadioContact = rd.choice("radio_contact", r.RadioContact, RadioContacts, Unknown)
	rec.ClosestApproachM, rec.ViolationDurationS = nil, nil
	if s := strings.TrimSpace(r.ClosestApproach); s != "" && s != "?" {
		m, err := quantity(s, map[string]float64{"": 1, "m": 1, "ft": 0.3048, "yd": 0.9144, "km": 1000, "nm": 1852})
		if err != nil || m < 0 || m > 500_000 {
			rd.Add("closest_approach", fmt.Sprintf("“%s” is no distance; enter metres, or a number with m, ft, yd, km or NM, such as 20 ft.", clip(s)))
		} else {
			m = roundTo(m, 0.01)
			rec.ClosestApproachM = &m
		}
	}
	if s := strings.TrimSpace(r.ViolationDuration); s != "" && s != "?" {
		d, err := quantity(s, map[string]float64{"": 1, "s": 1, "sec": 1, "min": 60, "h": 3600})
		if err != nil || d < 0 || d > 7*86400 {
			rd.Add("violation_duration", fmt.Sprintf("“%s” is no duration; enter seconds, or a number with s, min or h, such as 12 min.", clip(s)))
		} else {
			rec.ViolationDurationS = &d
		}
	}
	rec.ClosestApproachQualifier, rec.ViolationQualifier = rd.line("closest_approach_qualifier", r.ClosestQualifier), rd.line("violation_duration_qualifier", r.ViolationQualifier)
	rec.Behaviours = nil
	for _, b := range r.Behaviours {
		if !Behaviours.Has(b) {
			rd.Add("behaviours", fmt.Sprintf("“%s” is no behaviour of the list; accepted: %s.", clip(b), Behaviours.Accepted()))
		} else if !contains(rec.Behaviours, b) {
			rec.Behaviours = append(rec.Behaviours, b)
		}
	}
}

func (rd *reader) rating(r Report, base Record, rec *Record, rater string) {
	rec.Severity, rec.SeverityReason = strings.TrimSpace(r.Severity), rd.line("severity_reason", r.SeverityReason)
	switch {
	case rec.Severity == "":
		rd.Add("severity", "Choose a severity: near-routine, serious or high risk.")
	case !Severities.Has(rec.Severity):
		rd.Add("severity", fmt.Sprintf("“%s” is no severity; accepted: %s.", clip(rec.Severity), Severities.Accepted()))
	case rec.SeverityReason == "":
		rd.Add("severity_reason", Severities.Word(rec.Severity)+" needs a reason in one line, such as “crossed 5 m ahead”.")
	}
	if rec.Severity != base.Severity || rec.SeverityReason != base.SeverityReason || rec.SeveritySource == "" {
		rec.SeveritySource = rater
	}
}

func (rd *reader) words(r Report, rec *Record) {
	rec.Title = rd.line("title", r.Title)
	rec.Dispute, rec.ReportedResponse = rd.text("disputed_claims", r.Dispute), rd.text("reported_response", r.ReportedResponse)
	rec.Narrative = rd.text("narrative", r.Narrative)
	rec.Absence = rd.choice("absence", r.Absence, Absences, "own_log")
	rec.Exercise, rec.Marking = r.Exercise, rd.line("marking", r.Marking)
	if r.Source != "" {
		rec.Source, rec.SourceID = rd.line("source", r.Source), rd.line("source_id", r.SourceID)
	}
	rec.Claims, rec.Sources = nil, nil
	for i, c := range r.Claims {
		at := func(f string) string { return fmt.Sprintf("claims_%s-%d", f, i) }
		c = Claim{Field: rd.line(at("field"), c.Field), Value: rd.line(at("value"), c.Value), Claimant: rd.line(at("claimant"), c.Claimant), Source: rd.line(at("source"), c.Source)}
		if c == (Claim{}) {
			continue
		}
		if c.Value == "" {
			rd.Add(at("value"), "Say what is claimed, such as “off”, or empty the whole line.")
		}
		rec.Claims = append(rec.Claims, c)
	}
	for i, s := range r.Sources {
		at := func(f string) string { return fmt.Sprintf("sources_%s-%d", f, i) }
		s = Source{Title: rd.line(at("title"), s.Title), URL: strings.TrimSpace(s.URL), Publisher: rd.line(at("publisher"), s.Publisher), Date: rd.line(at("date"), s.Date)}
		if s == (Source{}) {
			continue
		}
		if s.Title == "" {
			rd.Add(at("title"), "Give the source a title, or empty the whole line.")
		}
		if u, err := url.Parse(s.URL); s.URL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(s.URL) > 2000) {
			rd.Add(at("url"), fmt.Sprintf("“%s” is no web address; it begins with http:// or https://.", clip(s.URL)))
		}
		rec.Sources = append(rec.Sources, s)
	}
	if len(r.Claims) > maxRows || len(r.Sources) > maxRows {
		rd.Add("sources", "At most 50 sources and 50 claims go on one record.")
	}
}

// choice reads one value of a closed list; nothing chosen means the fallback.
func (rd *reader) choice(field, value string, list Vocabulary, fallback string) string {
	value = strings.TrimSpace(value)
	if value == "" || value == "?" {
		return fallback
	}
	if !list.Has(value) {
		rd.Add(field, fmt.Sprintf("“%s” is not accepted; accepted: %s.", clip(value), list.Accepted()))
	}
	return value
}

func (rd *reader) line(field, s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len([]rune(s)) > maxLine {
		rd.Add(field, fmt.Sprintf("Too long: %d characters; at most %d.", len([]rune(s)), maxLine))
	}
	return s
}

func (rd *reader) text(field, s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	if len(s) > maxText {
		rd.Add(field, fmt.Sprintf("Too long: %d bytes; at most %d (64 KiB).", len(s), maxText))
	}
	return s
}

func number(s string) (float64, error) {
	x, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(s), ",", "."), 64)
	if err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
		return 0, strconv.ErrRange
	}
	return x, err
}

var quantityPattern = regexp.MustCompile(`^([0-9]+(?:[.,][0-9]+)?)\s*([a-z]*)$`)

// quantity reads a number with one of the units, in the base unit.
func quantity(s string, units map[string]float64) (float64, error) {
	m := quantityPattern.FindStringSubmatch(strings.ToLower(s))
	if m == nil {
		return 0, strconv.ErrSyntax
	}
	factor, ok := units[m[2]]
	if !ok {
		return 0, strconv.ErrSyntax
	}
	x, err := number(m[1])
	return x * factor, err
}

// titleFrom makes a title from who met whom, when nobody typed one.
func titleFrom(r *Record) string {
	a, b := r.Intercepting.String(), r.Intercepted.String()
	switch {
	case a == "" && b == "":
		return "Incident of " + r.Start.String()
	case b == "":
		return a
	case a == "":
		return b
	}
	return a + " meet " + b
}

// String names the party in short: "PL 2 MiG-29", "NO, SE".
func (p Party) String() string {
	parts := []string{}
	for _, a := range p.Aircraft {
		name := orElse(a.Name, a.Designator)
		if a.Count != nil {
			name = fmt.Sprintf("%d %s", *a.Count, name)
		}
		parts = append(parts, name)
	}
	return strings.TrimSpace(strings.Join(p.Nations, ", ") + " " + strings.Join(parts, ", "))
}

// ReportOf writes a record as the form shows it, so that filing it unchanged
// changes nothing.
func ReportOf(r Record) Report {
	rep := Report{Title: r.Title, Location: r.Location, SubArea: r.SubArea, Region: r.Region, RegionReason: r.RegionReason,
		PositionBasis: r.PositionBasis, AirspaceKind: r.Airspace.Kind, AirspaceState: r.Airspace.State, FIR: r.Airspace.FIR, AirspaceNote: r.Airspace.Note,
		Intercepting: partyReportOf(r.Intercepting), Intercepted: partyReportOf(r.Intercepted), Summary: r.Summary,
		Transponder: r.Transponder, FlightPlan: r.FlightPlan, RadioContact: r.RadioContact,
		ClosestQualifier: r.ClosestApproachQualifier, ViolationQualifier: r.ViolationQualifier, Behaviours: r.Behaviours,
		Severity: r.Severity, SeverityReason: r.SeverityReason, SeveritySource: r.SeveritySource, Claims: r.Claims, Dispute: r.Dispute,
		ReportedResponse: r.ReportedResponse, Narrative: r.Narrative, Sources: r.Sources, Absence: r.Absence, Exercise: r.Exercise, Marking: r.Marking}
	if !r.Start.IsZero() {
		rep.Start, rep.StartPrecision = written(r.Start), string(r.Start.Precision)
	}
	if !r.End.IsZero() {
		rep.End, rep.EndPrecision = written(r.End), string(r.End.Precision)
	}
	if !r.Geometry.IsNone() {
		rep.Position = orElse(r.PositionText, geo.FormatGeometry(r.Geometry.Geometry, "dm"))
	}
	rep.Uncertainty, rep.ClosestApproach, rep.ViolationDuration = figure(r.UncertaintyNM, ""), figure(r.ClosestApproachM, " m"), figure(r.ViolationDurationS, " s")
	return rep
}

// written is the text of a moment as the form shows it: as it was typed, unless
// that was said against the clock of its own day ("now", "yesterday 2210").
func written(m Moment) string {
	if again, err := ReadTime(m.Text, string(m.Precision), time.Time{}); err == nil && again.Interval == m.Interval {
		return m.Text
	}
	return m.String()
}

func partyReportOf(p Party) PartyReport {
	r := PartyReport{Nations: strings.Join(p.Nations, ", "), PlatformKind: p.PlatformKind, Base: p.Base, Unit: p.Unit, Callsign: p.Callsign, Note: p.Note}
	for _, a := range p.Aircraft {
		line := AircraftReport{Designator: a.Designator, Name: a.Name}
		if a.Count != nil {
			line.Count = strconv.Itoa(*a.Count)
		}
		r.Aircraft = append(r.Aircraft, line)
	}
	return r
}

func figure(x *float64, unit string) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64) + unit
}
