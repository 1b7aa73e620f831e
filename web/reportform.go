package web

import (
	"net/url"
	"strconv"
	"strings"

	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// report is short for what this file is about.
type report = incidents.Report

// reportText is a field of the report form that holds one text: its name, its
// words with the number of its line, and where it stands in a report. One list
// serves reading the form, naming its errors and comparing two versions.
type reportText struct {
	name, label string
	at          func(*report) *string
	words       incidents.Vocabulary // of a closed list
}

var reportTexts = []reportText{
	{"id", "", func(r *report) *string { return &r.ID }, nil},
	{"start", "1 Start", func(r *report) *string { return &r.Start }, nil},
	{"start_precision", "1 Start, known to the", func(r *report) *string { return &r.StartPrecision }, incidents.Precisions},
	{"end", "1 End", func(r *report) *string { return &r.End }, nil},
	{"end_precision", "1 End, known to the", func(r *report) *string { return &r.EndPrecision }, incidents.Precisions},
	{"position", "2 Position", func(r *report) *string { return &r.Position }, nil},
	{"uncertainty", "2 Within, NM", func(r *report) *string { return &r.Uncertainty }, nil},
	{"position_basis", "2 Known from", func(r *report) *string { return &r.PositionBasis }, incidents.PositionBases},
	{"region", "2 Region", func(r *report) *string { return &r.Region }, incidents.RegionCodes},
	{"region_reason", "2 Reason for the region", func(r *report) *string { return &r.RegionReason }, nil},
	{"location", "2 Place in words", func(r *report) *string { return &r.Location }, nil},
	{"sub_area", "2 Part of the sea", func(r *report) *string { return &r.SubArea }, nil},
	{"airspace_kind", "2 Airspace", func(r *report) *string { return &r.AirspaceKind }, incidents.AirspaceKinds},
	{"airspace_state", "2 Airspace of", func(r *report) *string { return &r.AirspaceState }, nil},
	{"fir", "2 FIR", func(r *report) *string { return &r.FIR }, nil},
	{"airspace_note", "2 Note on the airspace", func(r *report) *string { return &r.AirspaceNote }, nil},
	{"intercepting_nations", "3 Interceptor, nation", func(r *report) *string { return &r.Intercepting.Nations }, nil},
	{"intercepting_platform", "3 Interceptor, platform", func(r *report) *string { return &r.Intercepting.PlatformKind }, incidents.PlatformKinds},
	{"intercepting_base", "3 Interceptor, base", func(r *report) *string { return &r.Intercepting.Base }, nil},
	{"intercepting_unit", "3 Interceptor, unit", func(r *report) *string { return &r.Intercepting.Unit }, nil},
	{"intercepting_callsign", "3 Interceptor, callsign", func(r *report) *string { return &r.Intercepting.Callsign }, nil},
	{"intercepting_note", "3 Interceptor, note", func(r *report) *string { return &r.Intercepting.Note }, nil},
	{"intercepted_nations", "4 Intercepted, nation", func(r *report) *string { return &r.Intercepted.Nations }, nil},
	{"intercepted_platform", "4 Intercepted, platform", func(r *report) *string { return &r.Intercepted.PlatformKind }, incidents.PlatformKinds},
	{"intercepted_base", "4 Intercepted, base", func(r *report) *string { return &r.Intercepted.Base }, nil},
	{"intercepted_unit", "4 Intercepted, unit", func(r *report) *string { return &r.Intercepted.Unit }, nil},
	{"intercepted_callsign", "4 Intercepted, callsign", func(r *report) *string { return &r.Intercepted.Callsign }, nil},
	{"intercepted_note", "4 Intercepted, note", func(r *report) *string { return &r.Intercepted.Note }, nil},
	{"who_intercepted_whom", "4 Who met whom", func(r *report) *string { return &r.Summary }, nil},
	{"transponder", "5 Transponder on", func(r *report) *string { return &r.Transponder }, incidents.Transponders},
	{"flight_plan", "5 Flight plan filed", func(r *report) *string { return &r.FlightPlan }, incidents.FlightPlans},
	{"radio_contact", "5 Two-way radio contact", func(r *report) *string { return &r.RadioContact }, incidents.RadioContacts},
	{"closest_approach", "5 Closest approach", func(r *report) *string { return &r.ClosestApproach }, nil},
	{"closest_approach_qualifier", "5 Closest approach, as said", func(r *report) *string { return &r.ClosestQualifier }, nil},
	{"violation_duration", "5 Time inside the airspace", func(r *report) *string { return &r.ViolationDuration }, nil},
	{"violation_duration_qualifier", "5 Time inside the airspace, as said", func(r *report) *string { return &r.ViolationQualifier }, nil},
	{"severity", "7 Severity", func(r *report) *string { return &r.Severity }, incidents.Severities},
	{"severity_reason", "7 Reason for the severity", func(r *report) *string { return &r.SeverityReason }, nil},
	{"title", "8 Title", func(r *report) *string { return &r.Title }, nil},
	{"narrative", "8 Narrative", func(r *report) *string { return &r.Narrative }, nil},
	{"reported_response", "8 Response as reported", func(r *report) *string { return &r.ReportedResponse }, nil},
	{"disputed_claims", "8 The disagreement in words", func(r *report) *string { return &r.Dispute }, nil},
	{"absence", "8 No call on record means", func(r *report) *string { return &r.Absence }, incidents.Absences},
	{"marking", "8 Marking", func(r *report) *string { return &r.Marking }, nil},
	{"reason", "Reason for the change", func(r *report) *string { return &r.Reason }, nil},
}

// reportList is a part of a report that is no single text.
type reportList struct {
	name, label string
	text        func(*report) string
	take        func(to *report, from report)
}

var reportLists = []reportList{
	{"intercepting_aircraft_count-0", "3 Interceptor, aircraft",
		func(r *report) string { return aircraftText(r.Intercepting.Aircraft) },
		func(to *report, from report) { to.Intercepting.Aircraft = from.Intercepting.Aircraft }},
	{"intercepted_aircraft_count-0", "4 Intercepted, aircraft",
		func(r *report) string { return aircraftText(r.Intercepted.Aircraft) },
		func(to *report, from report) { to.Intercepted.Aircraft = from.Intercepted.Aircraft }},
	{"behaviours", "6 Behaviours",
		func(r *report) string { return behaviourText(r.Behaviours) },
		func(to *report, from report) { to.Behaviours = from.Behaviours }},
	{"claims", "8 Claims",
		func(r *report) string { return claimText(r.Claims) },
		func(to *report, from report) { to.Claims = from.Claims }},
	{"sources", "8 Sources",
		func(r *report) string { return sourceText(r.Sources) },
		func(to *report, from report) { to.Sources = from.Sources }},
	{"exercise", "8 Exercise",
		func(r *report) string { return map[bool]string{true: "exercise", false: "real"}[r.Exercise] },
		func(to *report, from report) { to.Exercise = from.Exercise }},
}

// reportFrom reads the form as it was typed; nothing is judged or trimmed
// here, so that it can be given back to the letter.
func reportFrom(v url.Values) report {
	var r report
	for _, f := range reportTexts {
		*f.at(&r) = v.Get(f.name)
	}
	r.Intercepting.Aircraft, r.Intercepted.Aircraft = aircraftFrom(v, "intercepting_aircraft"), aircraftFrom(v, "intercepted_aircraft")
	r.Behaviours = v["behaviours"]
	r.Exercise = v.Get("exercise") != ""
	claim := rowsOf(v, "claims_field", "claims_value", "claims_claimant", "claims_source")
	for _, row := range claim {
		r.Claims = append(r.Claims, incidents.Claim{Field: row[0], Value: row[1], Claimant: row[2], Source: row[3]})
	}
	for _, row := range rowsOf(v, "sources_title", "sources_url", "sources_publisher", "sources_date") {
		r.Sources = append(r.Sources, incidents.Source{Title: row[0], URL: row[1], Publisher: row[2], Date: row[3]})
	}
	return r
}

func aircraftFrom(v url.Values, prefix string) []incidents.AircraftReport {
	var list []incidents.AircraftReport
	for _, row := range rowsOf(v, prefix+"_count", prefix+"_designator", prefix+"_name") {
		list = append(list, incidents.AircraftReport{Count: row[0], Designator: row[1], Name: row[2]})
	}
	return list
}

// rowsOf turns parallel lists of values into rows; a list that is too short
// has empty values at its end. Empty rows are kept, since the messages number
// the rows as they stand in the form.
func rowsOf(v url.Values, names ...string) [][]string {
	n := 0
	for _, name := range names {
		n = max(n, len(v[name]))
	}
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = make([]string, len(names))
		for j, name := range names {
			if i < len(v[name]) {
				rows[i][j] = v[name][i]
			}
		}
	}
	return rows
}

// reportErrors turns what is wrong with a report into the summary above it.
func reportErrors(err error, done string) ([]view.FieldError, string) {
	if err == nil {
		return nil, ""
	}
	fields := byField(err)
	if len(fields) == 0 {
		return nil, "Not " + done + ": " + err.Error()
	}
	return view.FieldErrors(fields, reportLabels(fields)), notDone(done, len(fields))
}

// byField gives the messages of a fault, those about one field as one.
func byField(err error) []fault.Field {
	var fields []fault.Field
	at := map[string]int{}
	for _, f := range fault.Fields(err) {
		i, ok := at[f.Name]
		if !ok {
			at[f.Name] = len(fields)
			fields = append(fields, f)
			continue
		}
		fields[i].Msg += " " + f.Msg
	}
	return fields
}

// notDone counts what has to be mended.
func notDone(done string, n int) string {
	if n == 1 {
		return "Not " + done + ": one field needs you"
	}
	return "Not " + done + ": " + numberWord(n) + " fields need you"
}

// numberWord writes small numbers as people say them.
func numberWord(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}

// reportLabels names the fields that a fault speaks of; a repeated one is told
// by its row: claims_value-1 is "8 Claims, row 2".
func reportLabels(fields []fault.Field) map[string]string {
	labels := map[string]string{}
	for _, f := range reportTexts {
		labels[f.name] = f.label
	}
	for _, l := range reportLists {
		labels[l.name] = l.label
	}
	for _, f := range fields {
		name, row, ok := strings.Cut(f.Name, "-")
		n, err := strconv.Atoi(row)
		if !ok || err != nil {
			continue
		}
		group, part := rowNames(name)
		labels[f.Name] = group + ", row " + strconv.Itoa(n+1) + ", " + part
	}
	return labels
}

// rowNames splits the name of a repeated field into its list and its column.
func rowNames(name string) (group, part string) {
	cut := strings.LastIndex(name, "_")
	if cut < 0 {
		return name, ""
	}
	groups := map[string]string{"intercepting_aircraft": "3 Interceptor, aircraft", "intercepted_aircraft": "4 Intercepted, aircraft", "claims": "8 Claims", "sources": "8 Sources"}
	return groups[name[:cut]], name[cut+1:]
}

// same compares two texts as the log would keep them.
func same(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

func wordOr(list incidents.Vocabulary, code string) string {
	if code == "" || list == nil {
		return code
	}
	return list.Word(code)
}

func aircraftText(list []incidents.AircraftReport) string {
	var lines []string
	for _, a := range list {
		if s := joined(" ", a.Count, a.Designator, a.Name); s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "; ")
}

func behaviourText(codes []string) string {
	var words []string
	for _, b := range incidents.Behaviours { // the order of ticking says nothing
		for _, c := range codes {
			if b.Code == c {
				words = append(words, b.Word)
			}
		}
	}
	return strings.Join(words, ", ")
}

func claimText(list []incidents.Claim) string {
	var lines []string
	for _, c := range list {
		if s := joined(", ", c.Field, c.Value, c.Claimant, c.Source); s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "; ")
}

func sourceText(list []incidents.Source) string {
	var lines []string
	for _, c := range list {
		if s := joined(", ", c.Title, c.URL, c.Publisher, c.Date); s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "; ")
}

// joined puts the texts that are there one after the other.
func joined(sep string, texts ...string) string {
	var there []string
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			there = append(there, t)
		}
	}
	return strings.Join(there, sep)
}
