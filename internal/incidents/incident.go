package incidents

import (
	"strings"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// ID is the id of an incident everywhere (feature id too): a UUIDv7 in lower
// case, made by the client so that a retry makes no second record.
type ID string

// NewID makes an id.
func NewID() ID { return ID(uuid.Must(uuid.NewV7()).String()) }

// ParseID reads an id; ok is false when the text is no UUID.
func ParseID(s string) (ID, bool) {
	u, err := uuid.Parse(strings.TrimSpace(s))
	if err != nil || len(strings.TrimSpace(s)) != 36 {
		return "", false
	}
	return ID(u.String()), true
}

// Incident is one revision of one encounter, as the log holds it.
type Incident struct {
	ID       ID     `json:"id"`
	Number   string `json:"number"`   // what people say, 2026-0117; given at submit, never again
	Revision int    `json:"revision"` // 1, 2, 3 …
	Status   Status `json:"status"`   // of the report
	Record   Record `json:"record"`   // what is said of the encounter
	Derived  Place  `json:"derived"`  // found from the geometry at write time

	FirstRecordedAt Millis `json:"first_recorded_at"` // when we first knew
	RecordedAt      Millis `json:"recorded_at"`       // when this revision was written
	RecordedBy      string `json:"recorded_by"`       // who wrote it
	Reason          string `json:"reason,omitempty"`  // why it was changed
	PolicyVersion   int    `json:"policy_version"`    // in force when first reported; frozen

	MergedInto ID `json:"merged_into,omitempty"` // the incident that stays; only of a duplicate, which is retracted
}

// Record is what a report says. Every field may be unknown; pointers and
// empty slices mean that nothing was stated.
type Record struct {
	Title        string `json:"title"`
	Start        Moment `json:"start"`
	End          Moment `json:"end"`                     // zero: not stated
	Region       string `json:"region,omitempty"`        // as stated by hand or import; Derived.Region is what counts
	RegionReason string `json:"region_reason,omitempty"` // why it differs from the geometry's
	SubArea      string `json:"sub_area,omitempty"`
	Location     string `json:"location,omitempty"` // in words

	Geometry      Geometry `json:"geometry"`                // Point, LineString, Polygon or none
	PositionText  string   `json:"position_text,omitempty"` // as typed
	UncertaintyNM *float64 `json:"position_uncertainty_nm"` // nautical miles
	PositionBasis string   `json:"position_basis"`
	GeometryHint  string   `json:"geometry_hint,omitempty"`
	GeometryNote  string   `json:"geometry_note,omitempty"`
	SeaDistanceKM *float64 `json:"distance_to_named_sea_km,omitempty"` // as imported: to a rough polygon of the named sea

	Airspace     Airspace `json:"airspace"`
	Intercepting Party    `json:"intercepting"`
	Intercepted  Party    `json:"intercepted"`
	Summary      string   `json:"who_intercepted_whom,omitempty"`

	Transponder  string `json:"transponder"`
	FlightPlan   string `json:"flight_plan"`
	RadioContact string `json:"radio_contact"`

	ClosestApproachM         *float64 `json:"closest_approach_m"` // metres
	ClosestApproachQualifier string   `json:"closest_approach_qualifier,omitempty"`
	ViolationDurationS       *float64 `json:"violation_duration_s"` // seconds inside the airspace
	ViolationQualifier       string   `json:"violation_duration_qualifier,omitempty"`
	Behaviours               []string `json:"behaviours"`

	Severity       string `json:"severity"`
	SeverityReason string `json:"severity_reason"`
	SeveritySource string `json:"severity_source"` // who rated it

	Claims           []Claim  `json:"claims,omitempty"`
	Dispute          string   `json:"disputed_claims,omitempty"` // the disagreement in one text, as imported
	ReportedResponse string   `json:"reported_response,omitempty"`
	Narrative        string   `json:"narrative,omitempty"`
	Sources          []Source `json:"sources,omitempty"`
	Searches         []Search `json:"searches,omitempty"` // looked for a contact, none found

	Absence  string `json:"absence"` // own_log or public_sources
	Exercise bool   `json:"exercise"`
	Marking  string `json:"marking"` // classification and releasability

	Source   string `json:"source,omitempty"`    // of an imported record: "research"
	SourceID string `json:"source_id,omitempty"` // its id there; unique with Source
}

// Airspace says whose airspace it was, and which flight information region.
type Airspace struct {
	Kind  string `json:"kind"`
	State string `json:"state,omitempty"` // ISO 3166-1 alpha-2, for territorial
	FIR   string `json:"fir,omitempty"`   // ICAO four letters, or as imported
	Note  string `json:"note,omitempty"`
}

// Party is one side of an incident.
type Party struct {
	Nations      []string   `json:"nations"` // ISO 3166-1 alpha-2, or NATO
	Aircraft     []Aircraft `json:"aircraft"`
	Count        *int       `json:"count"` // in all, where stated
	PlatformKind string     `json:"platform_kind"`
	Base         string     `json:"base,omitempty"`
	Unit         string     `json:"unit,omitempty"`
	Callsign     string     `json:"callsign,omitempty"`
	Note         string     `json:"note,omitempty"`
}

// Aircraft is a number of aircraft of one type (or ships: the name says).
type Aircraft struct {
	Designator string `json:"designator,omitempty"` // ICAO Doc 8643
	Name       string `json:"name,omitempty"`
	Count      *int   `json:"count"`
}

// Claim is a fact as one party states it.
type Claim struct {
	Field    string `json:"field,omitempty"`    // what it is about: transponder, airspace, collision …
	Value    string `json:"value"`              // what is claimed
	Claimant string `json:"claimant,omitempty"` // ISO 3166-1 alpha-2, NATO, or a name
	Source   string `json:"source,omitempty"`   // where it was said
}

// Source is a publication or report that the record rests on.
type Source struct {
	Title     string `json:"title"`
	URL       string `json:"url,omitempty"`
	Publisher string `json:"publisher,omitempty"`
	Date      string `json:"date,omitempty"` // as published: 2014, 2014-05 or 2014-05-09
}

// Search says that somebody looked for a contact and found none; it differs
// from silence.
type Search struct {
	Who     string `json:"who"`
	When    string `json:"when"`
	Where   string `json:"where"`
	Outcome string `json:"outcome"` // none_found, or as imported
}

// Place is what geography says of a geometry, worked out at write time.
type Place struct {
	Region         string   `json:"region"`                    // that counts: the override if there is one
	GeometryRegion string   `json:"geometry_region,omitempty"` // that the geometry alone gives
	Sea            string   `json:"sea,omitempty"`             // IHO S-23 sea area
	CoastNM        *float64 `json:"coast_nm,omitempty"`        // to the nearest land, nautical miles, approximate
	Within12NM     []string `json:"within_12nm,omitempty"`     // states within 12 NM of whose coast it lies; approximate
	Near           string   `json:"near,omitempty"`            // 35 NM NE of Gotland
}

// Geometry holds a shape in WGS 84 longitude/latitude, or none (position
// unknown). It is encoded as GeoJSON (RFC 7946 §3.1).
type Geometry struct{ orb.Geometry }

// IsNone reports whether the position is unknown.
func (g Geometry) IsNone() bool { return g.Geometry == nil }

// Has reports whether the behaviour was named.
func (r *Record) Has(behaviour string) bool {
	for _, b := range r.Behaviours {
		if b == behaviour {
			return true
		}
	}
	return false
}
