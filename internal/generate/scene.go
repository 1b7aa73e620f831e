// Package generate makes up exercise records: a busy night that is replayed
// while one looks at the board, and large logs. All that it makes is marked as
// exercise and goes the way of every report: through the log and the desk, so
// that it obeys their rules. One seed gives the same night every time. What is
// real has no place here; see internal/research for that.
package generate

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"interceptlog/internal/incidents"
)

// Source is the source of all that is made up here.
const Source = "generated exercise"

// scene is a kind of encounter: who meets whom, how bad it is, and in which
// words. A designator is that of ICAO Doc 8643.
type scene struct {
	severity, why string
	own, other    side
	behaviours    []string
	title, words  string // %s: the place
	approach      string // closest, as typed
	airspace      string
	radio         string
}

type side struct {
	nations    []string // one of them
	designator string
	count      int
}

// place is a stretch of sea where encounters happen: degrees east and north of
// its middle, and how far around it they spread.
type place struct {
	region, name string
	lon, lat     float64
	spread       float64 // degrees
}

var places = []place{
	{"baltic", "W of Saaremaa", 20.8, 58.4, 0.4},
	{"baltic", "off Ventspils", 20.6, 57.4, 0.3},
	{"baltic", "S of Gotland", 18.6, 56.4, 0.4},
	{"baltic", "N of Bornholm", 15.2, 55.7, 0.2},
	{"baltic", "off Klaipeda", 20.2, 55.8, 0.3},
	{"norwegian", "NE of Vardø", 33.0, 71.2, 0.8},
	{"norwegian", "N of North Cape", 26.0, 72.6, 1.0},
	{"norwegian", "W of Lofoten", 9.5, 68.2, 1.0},
	{"black", "SW of Crimea", 31.6, 44.1, 0.4},
	{"black", "off Constanta", 30.0, 44.0, 0.3},
	{"black", "S of Sevastopol", 33.4, 43.4, 0.4},
}

var scenes = []scene{
	{severity: "near_routine", why: "identified and escorted, no unsafe act", own: side{[]string{"EE", "LT", "DE"}, "EUFI", 2}, other: side{[]string{"RU"}, "IL20", 1},
		behaviours: []string{"identification", "escort"}, title: "Il-20 identified %s", words: "A pair on alert identified and escorted the aircraft until it left. No contact by radio was sought.", airspace: "international", radio: "unknown"},
	{severity: "near_routine", why: "shadowed at a distance", own: side{[]string{"NO"}, "F35", 2}, other: side{[]string{"RU"}, "T142", 2},
		behaviours: []string{"identification", "shadowing"}, title: "Pair of Tu-142 shadowed %s", words: "Two maritime patrol aircraft followed at five nautical miles. They turned back by themselves.", airspace: "international", radio: "no"},
	{severity: "near_routine", why: "identified, answered on guard", own: side{[]string{"RO", "GB"}, "EUFI", 2}, other: side{[]string{"RU"}, "AN26", 1},
		behaviours: []string{"identification"}, title: "An-26 identified %s", words: "The transport answered on the guard frequency and gave its destination.", airspace: "international", radio: "yes"},
	{severity: "serious", why: "no transponder across an airway", own: side{[]string{"SE", "DK"}, "GRIF", 2}, other: side{[]string{"RU"}, "SU24", 2},
		behaviours: []string{"identification", "civil_traffic_conflict"}, title: "Two Su-24 without transponder %s", words: "Two aircraft crossed an airway dark. A civil flight was turned away by the controller.", airspace: "international", radio: "no"},
	{severity: "serious", why: "repeated passes close to the ship", own: side{[]string{"NL", "US"}, "P8", 1}, other: side{[]string{"RU"}, "SU30", 2},
		behaviours: []string{"shadowing", "unsafe_manoeuvre"}, title: "Su-30 pass close to a P-8 %s", words: "Two fighters passed ahead and below four times in twenty minutes.", approach: "150 m", airspace: "international", radio: "no"},
	{severity: "serious", why: "airspace entered for a minute", own: side{[]string{"PL", "FI"}, "F16", 2}, other: side{[]string{"RU"}, "SU27", 1},
		behaviours: []string{"airspace_violation"}, title: "Su-27 cuts a corner of national airspace %s", words: "The aircraft was inside for about a minute and left when the alert pair came up.", airspace: "international", radio: "unknown"},
	{severity: "high_risk", why: "closed to a few metres, avoiding action", own: side{[]string{"GB", "US"}, "R135", 1}, other: side{[]string{"RU"}, "SU27", 2},
		behaviours: []string{"near_collision", "unsafe_manoeuvre"}, title: "Su-27 closes on an RC-135 %s", words: "One fighter closed from behind to a few metres. The crew broke off to the left.", approach: "15 m", airspace: "international", radio: "no"},
	{severity: "high_risk", why: "flares released ahead of the aircraft", own: side{[]string{"US"}, "MQ9", 1}, other: side{[]string{"RU"}, "SU35", 2},
		behaviours: []string{"unsafe_manoeuvre", "flares"}, title: "Flares ahead of an MQ-9 %s", words: "Two fighters released flares in the path of the unmanned aircraft three times.", approach: "50 m", airspace: "international", radio: "no"},
	{severity: "high_risk", why: "radar lock held for half a minute", own: side{[]string{"NO"}, "P8", 1}, other: side{[]string{"RU"}, "MG31", 2},
		behaviours: []string{"radar_lock", "shadowing"}, title: "Radar lock on a P-8 %s", words: "The crew's warning receiver showed a lock for about thirty seconds.", approach: "1000 m", airspace: "international", radio: "no"},
}

// report writes the report of a made-up encounter that began at a moment.
func report(rng *rand.Rand, sc scene, at time.Time) incidents.Report {
	p := places[rng.IntN(len(places))]
	lon, lat := p.lon+(rng.Float64()*2-1)*p.spread, p.lat+(rng.Float64()*2-1)*p.spread/2
	r := incidents.Report{
		ID: string(incidents.NewID()), Title: fmt.Sprintf(sc.title, p.name),
		Start: incidents.FormatDTG(at), StartPrecision: string(incidents.Exact),
		Position: fmt.Sprintf("%.3f, %.3f", lat, lon), PositionBasis: "radar", Uncertainty: "1", Location: p.name,
		AirspaceKind: sc.airspace,
		Intercepting: sc.own.report(rng), Intercepted: sc.other.report(rng),
		Transponder: "off", FlightPlan: "none", RadioContact: sc.radio,
		ClosestApproach: sc.approach, Behaviours: sc.behaviours,
		Severity: sc.severity, SeverityReason: sc.why, SeveritySource: "watch",
		Narrative: sc.words + " Exercise: made up.", Absence: "own_log", Exercise: true,
	}
	if sc.severity == "high_risk" {
		// The other side is the one that came close.
		r.Intercepting, r.Intercepted = r.Intercepted, r.Intercepting
	}
	return r
}

func (s side) report(rng *rand.Rand) incidents.PartyReport {
	return incidents.PartyReport{
		Nations:  s.nations[rng.IntN(len(s.nations))],
		Aircraft: []incidents.AircraftReport{{Count: strconv.Itoa(s.count), Designator: s.designator}},
	}
}

// pick takes a scene of a severity, so that a night has the mix that is asked
// for.
func pick(rng *rand.Rand, severity string) scene {
	var of []scene
	for _, s := range scenes {
		if s.severity == severity {
			of = append(of, s)
		}
	}
	return of[rng.IntN(len(of))]
}
