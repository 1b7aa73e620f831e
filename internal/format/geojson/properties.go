package geojson

import (
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Property documents one property of a feature. The tables of docs/geojson.md
// are made from these.
type Property struct {
	Name, Type, Unit string
	Vocabulary       string // where the values come from: a closed list, or a standard
	Meaning          string
}

// The vocabularies, as the log holds them.
var (
	platforms = codes(incidents.PlatformKinds)
	statuses  = codes(incidents.Deescalations)
)

const (
	nations = "ISO 3166-1 alpha-2, or NATO"
	instant = "RFC 3339, UTC"
)

func codes(v incidents.Vocabulary) string { return strings.Join(v.Codes(), ", ") }

// Properties are those of every feature, in the order in which they stand. Null
// means that nothing is known or stated, unless the meaning says otherwise.
var Properties = []Property{
	{"id", "text", "", "UUID (RFC 9562)", "The id of the incident, also the id of the feature; the same in every export."},
	{"number", "text or null", "", "YYYY-NNNN", "What people call it; never used twice. Null: a draft has none."},
	{"source", "text or null", "", "research, exercise", "Where an imported record came from. Null: it was entered here."},
	{"source_id", "text or null", "", "", "Its id there; unique together with source."},
	{"title", "text", "", "", "The incident in one line."},
	{"report", "text", "", codes(incidents.StatusCodes), "State of the report."},
	{"revision", "integer", "", "1, 2, 3 …", "Revision of the record that this is."},
	{"first_recorded_at", "text", "", instant, "When the log first held the incident."},
	{"recorded_at", "text", "", instant, "When this revision was written."},
	{"marking", "text or null", "", "as configured", "Classification and releasability of the record."},
	{"exercise", "boolean", "", "", "True: an exercise record, no real incident."},
	{"absence", "text", "", codes(incidents.Absences), "What it means that no contact is on record."},

	{"date", "text or null", "", "ISO 8601: time to the minute, date, month, year, or start/end (date, month, year as in ISO 8601-2 EDTF)", "Start of the incident, written no finer than it is known."},
	{"time_precision", "text or null", "", codes(incidents.Precisions), "How well the start is known."},
	{"start_from", "text or null", "", instant, "Earliest possible start."},
	{"start_to", "text or null", "", instant, "End of the possible starts, itself not among them."},
	{"end_from", "text or null", "", instant, "Earliest possible end. Null: no end is stated."},
	{"end_to", "text or null", "", instant, "End of the possible ends, itself not among them."},

	{"region", "text or null", "", codes(incidents.RegionCodes), "The sea region that counts: the one stated by hand, otherwise the geometry's."},
	{"sub_area", "text or null", "", "", "Part of the sea, in the words of the record."},
	{"sea", "text or null", "", "IHO S-23", "Sea area in which the geometry lies. Null: no position, or no sea of the list."},
	{"location", "text or null", "", "", "The place in the words of the record."},
	{"near", "text or null", "", "", "Bearing and distance from the nearest named place: 35 NM NE of Gotland. Approximate."},
	{"coast_nm", "number or null", "nautical miles", "", "Distance to the nearest land, to 0.1. Approximate."},
	{"within_12nm", "list of texts", "", "ISO 3166-1 alpha-2", "States within 12 NM of whose coast it lies. Approximate and no legal finding."},
	{"airspace_kind", "text", "", codes(incidents.AirspaceKinds), "Whose airspace it happened in, as the record states it."},
	{"airspace_state", "text or null", "", "ISO 3166-1 alpha-2", "The state whose airspace it was."},
	{"fir", "text or null", "", "ICAO Doc 7910 location indicator, or as imported", "Flight information region."},
	{"position_basis", "text", "", codes(incidents.PositionBases), "What the position rests on."},
	{"position_uncertainty_nm", "number or null", "nautical miles", "", "Radius around the geometry within which it happened."},
	{"position_uncertainty_m", "number or null", "metres", "", "The same (1 NM = 1852 m), to 0.1, for buffers in a GIS."},

	{"intercepting_nations", "list of texts", "", nations, "Nations of the intercepting side."},
	{"intercepting_aircraft", "list of texts", "", "ICAO Doc 8643 designator, otherwise the name", "Its types of aircraft or ships."},
	{"intercepting_count", "integer or null", "", "", "How many in all, where stated."},
	{"intercepting_platform", "text", "", platforms, "What sort of platform."},
	{"intercepted_nations", "list of texts", "", nations, "Nations of the intercepted side."},
	{"intercepted_aircraft", "list of texts", "", "ICAO Doc 8643 designator, otherwise the name", "Its types of aircraft or ships."},
	{"intercepted_count", "integer or null", "", "", "How many in all, where stated."},
	{"intercepted_platform", "text", "", platforms, "What sort of platform."},

	{"transponder", "text", "", codes(incidents.Transponders), "Whether the intercepted aircraft sent a transponder code."},
	{"flight_plan", "text", "", codes(incidents.FlightPlans), "Whether a flight plan had been filed."},
	{"radio_contact", "text", "", codes(incidents.RadioContacts), "Whether there was two-way radio contact with air traffic control."},
	{"closest_approach_m", "number or null", "metres", "", "Least distance between the two."},
	{"violation_duration_s", "number or null", "seconds", "", "Time spent in the airspace without permission."},
	{"behaviours", "list of texts", "", codes(incidents.Behaviours), "What was done."},
	{"severity", "text", "", codes(incidents.Severities), "How grave it was."},
	{"severity_reason", "text", "", "", "Why, in one line."},
	{"severity_source", "text or null", "", "", "Who rated it."},
	{"source_count", "integer", "", "", "Publications and reports that the record rests on."},
	{"claim_count", "integer", "", "", "Claims that the parties make."},
	{"disputed", "boolean", "", "", "True: claims or a disagreement are on record."},

	{"policy_need", "text", "", "none, any, direct", "The contact that the policy frozen into the incident asks for."},
	{"policy_within_s", "integer or null", "seconds", "", "Time from the start within which it asks for one. Null: it asks for none."},
	{"deadline_from", "text or null", "", instant, "Earliest possible deadline. Null: none, or none that can be told."},
	{"deadline_to", "text or null", "", instant, "End of the possible deadlines."},
	{"deescalation", "text", "", statuses, "The status: the worst that the times allow. Same as deescalation_worst."},
	{"deescalation_best", "text", "", statuses, "The best that the times and the links allow."},
	{"deescalation_worst", "text", "", statuses, "The worst that the times and the links allow."},
	{"deescalation_strict", "text", "", statuses, "The worst by the clocks alone, without the order that links state."},
	{"deescalation_strict_best", "text", "", statuses, "The best by the clocks alone."},
	{"deadline_passed", "boolean", "", "", "True: the earliest possible deadline is past at as_of."},
	{"order_basis", "text or null", "", "clock, link", "What the order of incident and contacts rests on. Null: no contact counts."},
	{"late_entry", "boolean", "", "", "True: the deadline had certainly passed before the log held the incident."},
	{"open", "boolean", "", "", "True: somebody may still have to call; never for a late entry or a retracted report."},
	{"first_attempt_min_s", "number or null", "seconds", "", "Least time from the incident to the first attempt, failed ones included. Null: no attempt."},
	{"first_attempt_max_s", "number or null", "seconds", "", "Most time. Null: no attempt, or no bound."},
	{"time_to_contact_min_s", "number or null", "seconds", "", "Least time to the first contact that got through. Null: none."},
	{"time_to_contact_max_s", "number or null", "seconds", "", "Most time. Null: none, or no bound."},
	{"first_direct_min_s", "number or null", "seconds", "", "Least time to the first direct contact (phone, voip, vtc, meeting) that got through. Null: none."},
	{"first_direct_max_s", "number or null", "seconds", "", "Most time. Null: none, or no bound."},
	{"first_diplomatic_min_s", "number or null", "seconds", "", "Least time to the first contact of another kind that got through. Null: none."},
	{"first_diplomatic_max_s", "number or null", "seconds", "", "Most time. Null: none, or no bound."},
	{"since_known_min_s", "number or null", "seconds", "", "Least time from first_recorded_at to the first contact that got through; 0 when it came before. Null: none."},
	{"since_known_max_s", "number or null", "seconds", "", "Most time. Null: none, or no bound."},
	{"contacts_attempted", "integer", "", "", "Contacts that count, failed ones included."},
	{"contacts_through", "integer", "", "", "Of them, those that got through."},
	{"contacts_direct", "integer", "", "", "Of those, direct ones."},
	{"contacts_diplomatic", "integer", "", "", "Of those, diplomatic ones."},
}

// FullProperties follow them with profile=full.
var FullProperties = []Property{
	{"narrative", "text", "", "", "What happened, in full."},
	{"intercepting", "object", "", "platform_kind: " + platforms, "The intercepting side: nations, aircraft (designator, name, count), count, platform_kind, base, unit, callsign, note."},
	{"intercepted", "object", "", "platform_kind: " + platforms, "The intercepted side, likewise."},
	{"claims", "list of objects or null", "", "", "Facts as one party states them: field, value, claimant, source."},
	{"sources", "list of objects or null", "", "date: year, month or day (ISO 8601)", "What the record rests on: title, url, publisher, date."},
	{"searches", "list of objects or null", "", "", "Searches for a contact that found none: who, when, where, outcome."},
	{"contacts", "list of objects", "", "channel.kind: " + codes(hotline.Kinds) + "; outcome: " + codes(hotline.Outcomes) + "; purpose: " + codes(hotline.Purposes) + "; relation: " + codes(hotline.Relations),
		"The contacts linked to the incident, each as the log holds it; relation, direct, start_from and start_to (RFC 3339) besides."},
	{"record", "object", "times: milliseconds since 1970 in UTC", "", "The whole record of this revision, as the log holds it, the geometry as entered included."},
	{"derived", "object", "coast_nm: nautical miles", "", "What was found from the geometry: region, geometry_region, sea, coast_nm, within_12nm, near."},
	{"recorded_by", "text", "", "", "Who wrote this revision."},
	{"reason", "text", "", "", "Why; empty when no reason was given."},
	{"policy_version", "integer", "", "", "Version of the policy frozen into the incident."},
	{"merged_into", "text or null", "", "", "Id of the incident that stays, of a duplicate; its report is retracted. Null: it is none. Ask with report=retracted, since files leave retracted incidents out; /retractions lists them."},
}
