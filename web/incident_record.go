package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// addRecord puts every field of the record somewhere on the page. A test walks
// the whole of incidents.Record and looks for each of its leaves.
func addRecord(p *view.IncidentPage, r *incidentReads) {
	inc := r.Incident
	rec := &inc.Record
	p.Parties = partyRows(rec.Intercepting, rec.Intercepted)
	p.Conduct = conductFacts(rec)
	p.Where = whereFacts(inc)
	p.Times = timeFacts(inc)
	p.Rating = ratingFacts(rec)
	p.RecordOf = recordFacts(r)
	p.Claims = claimTable(rec.Claims)
	p.Dispute, p.Narrative, p.NoPosition = rec.Dispute, rec.Narrative, rec.Geometry.IsNone()
	p.Sources = sourceLines(rec.Sources)
	for _, s := range rec.Searches {
		p.Searches = append(p.Searches, view.SearchLine{Who: s.Who, When: s.When, Where: s.Where, Outcome: searchOutcome(s.Outcome)})
	}
	p.Basis = incidents.PositionBases.Word(rec.PositionBasis)
}

func searchOutcome(code string) string {
	switch code {
	case "none_found":
		return "Searched, none found"
	case "":
		return "Searched"
	}
	return view.Words(code)
}

// words makes a fact of one text; an empty one is unknown.
func words(label, text string) view.Fact {
	return view.Fact{Label: label, Values: valuesOf(text)}
}

func valuesOf(texts ...string) []view.Value {
	var list []view.Value
	for _, t := range texts {
		if t != "" && t != incidents.Unknown {
			list = append(list, view.Value{Text: t})
		}
	}
	return list
}

func figureOf(label string, x *float64, unit, note string) view.Fact {
	f := view.Fact{Label: label}
	if x != nil {
		f.Values = []view.Value{{Text: strconv.FormatFloat(*x, 'f', -1, 64) + " " + unit, Mono: true, Note: note}}
	} else if note != "" {
		f.Values = valuesOf(note)
	}
	return f
}

// partyRows puts the two sides beside each other.
func partyRows(a, b incidents.Party) []view.PartyRow {
	row := func(label string, of func(incidents.Party) []view.Value) view.PartyRow {
		return view.PartyRow{Label: label, Intercepting: of(a), Intercepted: of(b)}
	}
	text := func(of func(incidents.Party) string) func(incidents.Party) []view.Value {
		return func(p incidents.Party) []view.Value { return valuesOf(of(p)) }
	}
	return []view.PartyRow{
		row("Symbol", symbolValues),
		row("Nations", nationValues),
		row("Aircraft", aircraftValues),
		row("In all", func(p incidents.Party) []view.Value {
			if p.Count == nil {
				return nil
			}
			return []view.Value{{Text: strconv.Itoa(*p.Count), Mono: true}}
		}),
		row("Kind", text(func(p incidents.Party) string { return incidents.PlatformKinds.Word(p.PlatformKind) })),
		row("Base", text(func(p incidents.Party) string { return p.Base })),
		row("Unit", text(func(p incidents.Party) string { return p.Unit })),
		row("Callsign", text(func(p incidents.Party) string { return p.Callsign })),
		row("Note", text(func(p incidents.Party) string { return p.Note })),
	}
}

func nationValues(p incidents.Party) []view.Value {
	var list []view.Value
	for _, n := range p.Nations {
		list = append(list, nationValue(n))
	}
	return list
}

func nationValue(code string) view.Value {
	if name := incidents.NationName(code); name != code {
		return view.Value{Text: name, Note: code}
	}
	return view.Value{Text: code}
}

func aircraftValues(p incidents.Party) []view.Value {
	var list []view.Value
	for _, a := range p.Aircraft {
		v := view.Value{Text: strings.TrimSpace(a.Designator + " " + a.Name)}
		if v.Text == "" {
			v.Text = "type unknown"
		}
		if a.Count != nil {
			v.Text = strconv.Itoa(*a.Count) + " × " + v.Text
		}
		list = append(list, v)
	}
	return list
}

func conductFacts(rec *incidents.Record) []view.Fact {
	var behaviours []string
	for _, b := range rec.Behaviours {
		behaviours = append(behaviours, incidents.Behaviours.Word(b))
	}
	return []view.Fact{
		words("In short", rec.Summary),
		words("Behaviours", strings.Join(behaviours, ", ")),
		words("Transponder", incidents.Transponders.Word(rec.Transponder)),
		words("Flight plan", incidents.FlightPlans.Word(rec.FlightPlan)),
		words("Two-way radio", incidents.RadioContacts.Word(rec.RadioContact)),
		figureOf("Closest approach", rec.ClosestApproachM, "m", rec.ClosestApproachQualifier),
		figureOf("In the airspace", rec.ViolationDurationS, "s", rec.ViolationQualifier),
		{Label: "Airspace", Values: airspaceValues(rec.Airspace)},
		words("FIR", rec.Airspace.FIR),
		words("Airspace note", rec.Airspace.Note),
	}
}

func airspaceValues(a incidents.Airspace) []view.Value {
	list := valuesOf(incidents.AirspaceKinds.Word(a.Kind))
	if a.State != "" {
		list = append(list, nationValue(a.State))
	}
	return list
}

// whereFacts are the position, what was said of it, and what geography makes
// of it.
func whereFacts(inc incidents.Incident) []view.Fact {
	rec, d := &inc.Record, inc.Derived
	facts := []view.Fact{
		{Label: "Position", Values: positionValues(rec.Geometry.Geometry), Name: "position"},
		words("As given", rec.PositionText),
		figureOf("Within", rec.UncertaintyNM, "NM", ""),
		words("Basis", incidents.PositionBases.Word(rec.PositionBasis)),
		words("In words", rec.Location),
		words("Sub-area", rec.SubArea),
		words("Near", d.Near),
	}
	facts = append(facts, regionFacts(inc)...)
	facts = append(facts, words("Sea", d.Sea), figureOf("Nearest coast", d.CoastNM, "NM", "approximate"), within12(inc))
	return append(facts, given("Shape", rec.GeometryHint, "On the shape", rec.GeometryNote, "To the sea named", kilometres(rec.SeaDistanceKM))...)
}

func kilometres(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64) + " km, as imported: to a rough polygon of it"
}

// given makes facts of pairs of label and text, leaving out what is empty:
// fields that only an import brings, whose absence tells nobody anything.
func given(pairs ...string) []view.Fact {
	var list []view.Fact
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list = append(list, words(pairs[i], pairs[i+1]))
		}
	}
	return list
}

// regionFacts say which region counts, and what the geometry alone would say.
func regionFacts(inc incidents.Incident) []view.Fact {
	rec, d := &inc.Record, inc.Derived
	counts := words("Region", regionWord(d.Region))
	if len(counts.Values) > 0 {
		if rec.Region == "" {
			counts.Values[0].Note = "from the position"
		} else {
			counts.Values[0].Note = "as stated"
		}
	}
	facts := []view.Fact{counts}
	if d.GeometryRegion != "" && d.GeometryRegion != d.Region {
		facts = append(facts, words("By position", regionWord(d.GeometryRegion)))
	}
	if rec.Region != "" && rec.Region != d.Region {
		facts = append(facts, words("Stated region", regionWord(rec.Region)))
	}
	return append(facts, given("Why", rec.RegionReason)...)
}

func regionWord(code string) string {
	if code == "" {
		return ""
	}
	return incidents.RegionCodes.Word(code)
}

// regionLabel is where it was, in a few words: Baltic, 35 NM NE of Gotland.
func regionLabel(inc incidents.Incident) string {
	word := regionWord(inc.Derived.Region)
	if place := placeOf(inc); place != "" && word != "" {
		return word + ", " + place
	}
	return word
}

// placeOf names the place within the region.
func placeOf(inc incidents.Incident) string {
	if inc.Record.SubArea != "" {
		return inc.Record.SubArea
	}
	return inc.Derived.Near
}

// regionHref leads to the map of a region that has one.
func regionHref(code string, asOf incidents.Millis) string {
	if code == "" || code == "outside" {
		return ""
	}
	return withAsOf("/regions/"+code, asOf)
}

// within12 says whose 12 NM the position lies in, as far as a simplified coast
// can tell.
func within12(inc incidents.Incident) view.Fact {
	f := view.Fact{Label: "12 NM zone"}
	if inc.Record.Geometry.IsNone() {
		return f
	}
	if len(inc.Derived.Within12NM) == 0 {
		f.Values = []view.Value{{Text: "outside every state’s", Note: "approximate"}}
		return f
	}
	for _, n := range inc.Derived.Within12NM {
		v := nationValue(n)
		v.Text = "inside: " + v.Text
		f.Values = append(f.Values, v)
	}
	f.Values[len(f.Values)-1].Note += " approximate"
	return f
}

// mostPositions is how many positions of a track or an area a page spells out;
// the file holds all.
const mostPositions = 200

// positionValues write a geometry as people say it and as machines do.
func positionValues(g orb.Geometry) []view.Value {
	if g == nil {
		return nil
	}
	points := pointsOf(g)
	list := []view.Value{{Text: geo.FormatGeometry(g, "dm"), Mono: true}}
	if len(points) > 1 {
		kind := map[string]string{"LineString": "Track", "Polygon": "Area"}[g.GeoJSONType()]
		list = []view.Value{{Text: fmt.Sprintf("%s of %d positions", kind, len(points))}}
	}
	var decimal []string
	for i, pt := range points {
		if i == mostPositions {
			decimal = append(decimal, fmt.Sprintf("… and %d more in the GeoJSON", len(points)-i))
			break
		}
		decimal = append(decimal, degrees(pt[1])+", "+degrees(pt[0]))
	}
	return append(list, view.Value{Text: strings.Join(decimal, "\n"), Mono: true, Moved: true, Note: "latitude, longitude"})
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// pointsOf lists the positions of a geometry, rings one after the other.
func pointsOf(g orb.Geometry) []orb.Point {
	switch g := g.(type) {
	case orb.Point:
		return []orb.Point{g}
	case orb.LineString:
		return g
	case orb.Polygon:
		var list []orb.Point
		for _, ring := range g {
			list = append(list, ring...)
		}
		return list
	}
	return []orb.Point{geo.Representative(g)}
}

func timeFacts(inc incidents.Incident) []view.Fact {
	known := view.Fact{Label: "We knew", Values: []view.Value{{Moment: ptr(instantOf(inc.FirstRecordedAt)), Note: "first recorded"}}}
	return []view.Fact{momentFact("Began", inc.Record.Start), momentFact("Ended", inc.Record.End), known}
}

// momentFact is a time as it is read, how well it is known, and how it was
// given.
func momentFact(label string, m incidents.Moment) view.Fact {
	if m.IsZero() {
		return view.Fact{Label: label}
	}
	read := momentOf(m)
	read.Note = ""
	note := precisionNote(m)
	if m.Text != "" && m.Text != m.String() {
		note += "; given as “" + m.Text + "”"
	}
	return view.Fact{Label: label, Values: []view.Value{{Moment: &read, Note: note}}}
}

// precisionNote says how well a time is known, and between which moments it
// lies where that is not plain.
func precisionNote(m incidents.Moment) string {
	if m.Precision == incidents.Exact {
		return string(m.Precision)
	}
	return fmt.Sprintf("%s; between %s and %s", m.Precision, incidents.FormatDTG(m.From.Time()), incidents.FormatDTG(m.To.Time()))
}

func ptr[T any](v T) *T { return &v }

func ratingFacts(rec *incidents.Record) []view.Fact {
	severity := words("Severity", incidents.Severities.Word(rec.Severity))
	for _, t := range incidents.Severities {
		if t.Code == rec.Severity {
			severity.Values[0].Note = t.Meaning
		}
	}
	return []view.Fact{severity, words("Reason", rec.SeverityReason), words("Rated by", rec.SeveritySource), words("Response", rec.ReportedResponse)}
}

// recordFacts are about the record rather than the encounter.
func recordFacts(r *incidentReads) []view.Fact {
	inc := r.Incident
	rec := &inc.Record
	exercise := "no"
	if rec.Exercise {
		exercise = "yes"
	}
	facts := []view.Fact{
		{Label: "Number", Values: []view.Value{{Text: inc.Number, Mono: true}}},
		{Label: "Id", Values: []view.Value{{Text: string(inc.ID), Mono: true}}},
		words("Report", fmt.Sprintf("%s, revision %d", incidents.StatusCodes.Word(string(inc.Status)), inc.Revision)),
		{Label: "Written", Values: []view.Value{{Moment: ptr(instantOf(inc.RecordedAt)), Note: "by " + inc.RecordedBy}}},
	}
	facts = append(facts, given("Reason", inc.Reason)...)
	facts = append(facts,
		view.Fact{Label: "Policy", Values: []view.Value{{Text: fmt.Sprintf("version %d, frozen: %s", inc.PolicyVersion, strings.ToLower(asked(r.Assessment.Rule))), Note: policyNote(r)}}},
		absenceFact(rec.Absence), words("Marking", rec.Marking), words("Exercise", exercise))
	return append(facts, given("Imported from", rec.Source, "Its id there", rec.SourceID)...)
}

// policyNote says since when the frozen policy was in force, and why.
func policyNote(r *incidentReads) string {
	if r.frozen.RecordedAt == 0 {
		return ""
	}
	note := "in force from " + incidents.FormatDTG(r.frozen.RecordedAt.Time())
	if r.frozen.Reason != "" {
		note += ": " + r.frozen.Reason
	}
	return note
}

func absenceFact(code string) view.Fact {
	f := words("Knowledge", incidents.Absences.Word(code))
	for _, t := range incidents.Absences {
		if t.Code == code {
			f.Values[0].Note = t.Meaning
		}
	}
	return f
}

// mostClaimants is how many claimants fit beside each other.
const mostClaimants = 4

// claimTable puts the claims side by side: a column for each claimant, or a row
// for each claim when there are too many.
func claimTable(claims []incidents.Claim) view.ClaimTable {
	t := view.ClaimTable{Count: len(claims)}
	var who, about []string
	for _, c := range claims {
		who, about = appendNew(who, c.Claimant), appendNew(about, c.Field)
	}
	if len(who) > mostClaimants {
		return claimList(claims)
	}
	for _, w := range who {
		t.Claimants = append(t.Claimants, claimantWord(w))
	}
	for _, field := range about {
		row := view.ClaimRow{Field: claimField(field), Cells: make([][]view.Value, len(who))}
		for _, c := range claims {
			if i := indexOf(who, c.Claimant); c.Field == field {
				row.Cells[i] = append(row.Cells[i], view.Value{Text: c.Value, Note: c.Source})
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func claimList(claims []incidents.Claim) view.ClaimTable {
	t := view.ClaimTable{Count: len(claims), Claimants: []string{"Who", "What"}}
	for _, c := range claims {
		t.Rows = append(t.Rows, view.ClaimRow{Field: claimField(c.Field), Cells: [][]view.Value{{{Text: claimantWord(c.Claimant)}}, {{Text: c.Value, Note: c.Source}}}})
	}
	return t
}

func claimField(field string) string {
	if field == "" {
		return "not said"
	}
	return view.Words(field)
}

func claimantWord(who string) string {
	if who == "" {
		return "Nobody named"
	}
	return incidents.NationName(who)
}

func appendNew(list []string, s string) []string {
	if indexOf(list, s) < 0 {
		return append(list, s)
	}
	return list
}

func indexOf(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

// sourceLines write sources; an address that a browser should not follow is
// text.
func sourceLines(sources []incidents.Source) []view.SourceLine {
	var list []view.SourceLine
	for _, s := range sources {
		line := view.SourceLine{Title: s.Title, By: s.Publisher, Date: s.Date}
		switch u, err := url.Parse(s.URL); {
		case s.URL == "":
		case err == nil && (u.Scheme == "http" || u.Scheme == "https"):
			line.URL = s.URL
		default:
			line.Title = strings.TrimSpace(s.Title + " (" + s.URL + ")")
		}
		if line.Title == "" {
			line.Title = s.URL
		}
		list = append(list, line)
	}
	return list
}
