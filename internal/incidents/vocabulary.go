package incidents

import "strings"

// Term is one word of a closed vocabulary: the code that is stored and
// exported (never translated), the word on screens, and what it means.
type Term struct {
	Code, Word, Meaning string
}

// Vocabulary is a closed list of terms.
type Vocabulary []Term

// Has reports whether the code is in the list.
func (v Vocabulary) Has(code string) bool {
	for _, t := range v {
		if t.Code == code {
			return true
		}
	}
	return false
}

// Word gives the word for a code, or the code itself when it is not listed.
func (v Vocabulary) Word(code string) string {
	for _, t := range v {
		if t.Code == code {
			return t.Word
		}
	}
	return code
}

// Codes gives all codes in order.
func (v Vocabulary) Codes() []string {
	codes := make([]string, len(v))
	for i, t := range v {
		codes[i] = t.Code
	}
	return codes
}

// Accepted lists the codes for an error message.
func (v Vocabulary) Accepted() string { return strings.Join(v.Codes(), ", ") }

// Unknown is the value that says that nobody knows; it is chosen and counted,
// never an empty string.
const Unknown = "unknown"

// Severities, after the European Leadership Network's Dangerous Brinkmanship
// (November 2014).
var Severities = Vocabulary{
	{"near_routine", "Near-routine", "Routine or near-routine meeting, standard identification, perhaps more frequent than before."},
	{"serious", "Serious", "Serious incident with escalation risk: aggressive or unusually provocative conduct."},
	{"high_risk", "High risk", "High probability of casualties or of direct military confrontation."},
}

// Precisions of a time, from fine to coarse.
var Precisions = Vocabulary{
	{"exact", "exact", "Known to the minute."},
	{"hour", "hour", "Known to within one hour from the time given."},
	{"day", "day", "A calendar day in UTC."},
	{"week", "week", "Seven days from the date given."},
	{"month", "month", "A calendar month in UTC."},
	{"year", "year", "A calendar year in UTC."},
}

// PositionBases say where a position comes from.
var PositionBases = Vocabulary{
	{"radar", "radar", "Measured by radar or another sensor."},
	{"reported", "reported", "Given as coordinates by a crew or controller."},
	{"stated_place", "stated place", "A place was named."},
	{"stated_distance", "stated distance", "A distance or bearing from a place was named."},
	{"stated_route", "stated route", "A route or track was described."},
	{"stated_area", "stated area", "An area was named."},
	{"inferred", "inferred", "Concluded by the person who made the record."},
	{Unknown, "unknown", "Nobody knows."},
}

// Transponders tell whether the intercepted aircraft sent a transponder code.
var Transponders = Vocabulary{{"on", "on", "A code was transmitted."}, {"off", "off", "No code was transmitted."}, {Unknown, "unknown", "Not stated."}}

// FlightPlans tell whether a flight plan had been filed.
var FlightPlans = Vocabulary{{"filed", "filed", "A flight plan had been filed."}, {"none", "none", "No flight plan had been filed."}, {Unknown, "unknown", "Not stated."}}

// RadioContacts tell whether there was two-way radio contact with air traffic
// control.
var RadioContacts = Vocabulary{{"yes", "yes", "Two-way radio contact."}, {"no", "no", "No two-way radio contact."}, {Unknown, "unknown", "Not stated."}}

// AirspaceKinds say whose airspace it happened in.
var AirspaceKinds = Vocabulary{
	{"international", "international", "Outside every state's territorial airspace."},
	{"territorial", "territorial", "Inside the airspace of the state named."},
	{Unknown, "unknown", "Not stated."},
}

// RegionCodes are the sea regions, and the rest of the world.
var RegionCodes = Vocabulary{
	{"baltic", "Baltic", "Baltic Sea, Skagerrak's Danish and Swedish side, 120 km of coast."},
	{"black", "Black", "Black Sea and Sea of Azov, 120 km of coast."},
	{"norwegian", "Norwegian", "Norwegian Sea and approaches: northern North Sea, Barents Sea west of 40°E, Svalbard."},
	{"outside", "Outside", "In none of the three regions."},
}

// Absences say what it means that no contact is on record.
var Absences = Vocabulary{
	{"own_log", "own log", "We would know of a call: its absence means that none was made."},
	{"public_sources", "public sources", "Only what was published is known: silence proves nothing."},
}

// PlatformKinds say what sort of aircraft, ship or place a party was.
var PlatformKinds = Vocabulary{
	{"fighter", "fighter", "Fighter or attack aircraft."},
	{"bomber", "bomber", "Bomber, maritime strike included."},
	{"recon", "reconnaissance", "Reconnaissance, intelligence or patrol aircraft."},
	{"transport", "transport", "Transport, tanker or state passenger aircraft."},
	{"helicopter", "helicopter", "Helicopter."},
	{"UAV", "unmanned", "Unmanned aircraft."},
	{"civil", "civil", "Civil aircraft."},
	{"ship", "ship", "Warship or other vessel."},
	{"installation", "installation", "A fixed place: radar, platform, base."},
	{"mixed", "mixed", "Several kinds together."},
	{"none", "none", "Nobody intercepted: the record is of a violation or an approach alone."},
	{Unknown, "unknown", "Not stated."},
}

// Behaviours are what was done; a report may name many. Completed from the
// 115 sample records.
var Behaviours = Vocabulary{
	{"identification", "identification", "Visual identification at a safe distance."},
	{"escort", "escort", "Accompanied through an area."},
	{"shadowing", "shadowing", "Followed at a distance."},
	{"near_collision", "near collision", "Collision avoided by chance or late action."},
	{"unsafe_manoeuvre", "unsafe manoeuvre", "Manoeuvre called unsafe or unprofessional by a party."},
	{"low_pass", "low pass", "Pass at low height over a ship or place."},
	{"high_speed_pass", "high-speed pass", "Close pass at high speed."},
	{"overflight", "overflight", "Flight over a ship, unit or place."},
	{"airspace_violation", "airspace violation", "Entry into territorial airspace without permission."},
	{"simulated_attack", "simulated attack", "Attack profile flown without weapons release."},
	{"barrel_roll", "barrel roll", "Rolled round or over the other aircraft."},
	{"jet_wash", "jet wash", "Flew the other aircraft into its wake or exhaust."},
	{"afterburner", "afterburner", "Afterburner lit close ahead of the other aircraft."},
	{"wing_rock", "wing rock", "Rocked wings (ICAO Annex 2: you have been intercepted)."},
	{"flares", "flares", "Flares or chaff dispensed."},
	{"fuel_dump", "fuel dump", "Fuel released on or ahead of the other aircraft."},
	{"weapon_release", "weapon release", "A weapon was released or fired."},
	{"weapon_release_claimed", "weapon release claimed", "One side claims a weapon release, the other denies it."},
	{"armed_display", "armed display", "Weapons shown."},
	{"radar_lock", "radar lock", "Fire-control radar locked on."},
	{"radar_tracking", "radar tracking", "Tracked by radar of a ship or battery."},
	{"jamming", "jamming", "Communications or radar jammed."},
	{"gps_jamming", "GPS jamming", "Satellite navigation jammed."},
	{"radio_threat", "radio threat", "Threat made by radio."},
	{"collision", "collision", "The two touched."},
	{"evasion", "evasion", "One turned away to avoid the other or to avoid interception."},
	{"civil_traffic_conflict", "civil traffic conflict", "Civil traffic had to avoid."},
	{"transponder_off", "transponder off", "Flew without a transponder code; the flag says how sure that is."},
	{"safety_zone_violation", "safety-zone violation", "Entered the safety zone of an offshore installation."},
}

// StatusCodes are the states of a report.
var StatusCodes = Vocabulary{
	{"draft", "draft", "Being written; only its author and supervisors see it."},
	{"submitted", "submitted", "In the log."},
	{"verified", "verified", "Checked by a second person."},
	{"closed", "closed", "Nothing more is expected."},
	{"retracted", "retracted", "Taken back, with a reason; still readable."},
}

// Status is the state of a report.
type Status string

// The states of a report.
const (
	Draft     Status = "draft"
	Submitted Status = "submitted"
	Verified  Status = "verified"
	Closed    Status = "closed"
	Retracted Status = "retracted"
)

// Deescalations are the statuses of the rule (DESIGN §4); package hotline
// derives them and nobody types them.
var Deescalations = Vocabulary{
	{"not_required", "No call needed", "The policy asks for none, and none was made."},
	{"awaiting", "Awaiting", "No contact yet; the deadline lies ahead."},
	{"attempted", "Attempted", "Tried, but nothing that satisfies the policy got through."},
	{"followed", "Followed", "A counting contact got through in time."},
	{"followed_late", "Followed late", "A counting contact got through after the deadline."},
	{"overdue", "Overdue", "The deadline is past and nobody tried."},
	{"not_known", "Not known", "The policy asks for one, none is on record, and public silence proves nothing."},
}
