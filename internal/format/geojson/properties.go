package geojson

import (
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Property documents one property that only the full profile has. Nested ones
// have no place in a table of columns, and stand in GeoJSON alone.
type Property struct {
	Name, Type, Unit string
	Vocabulary       string // where the values come from: a closed list, or a standard
	Meaning          string
}

var platforms = codes(incidents.PlatformKinds)

func codes(v incidents.Vocabulary) string { return strings.Join(v.Codes(), ", ") }

// FullProperties follow feature.IncidentProperties with profile=full.
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
