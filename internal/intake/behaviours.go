package intake

import (
	"slices"
	"strings"

	"interceptlog/internal/incidents"
)

// doings are words that name a behaviour; a star stands for any ending, a slash
// between words for either.
var doings = []struct{ code, words string }{
	{"near_collision", "near-collision"}, {"near_collision", "near collision"}, {"near_collision", "near miss"}, {"near_collision", "near-miss"},
	{"near_collision", "nearly collided"}, {"near_collision", "almost collided"}, {"near_collision", "narrowly avoided"}, {"near_collision", "avoided a collision"},
	{"unsafe_manoeuvre", "unsafe*"}, {"unsafe_manoeuvre", "unprofessional*"}, {"unsafe_manoeuvre", "dangerous manoeuvre*"}, {"unsafe_manoeuvre", "dangerous maneuver*"},
	{"unsafe_manoeuvre", "dangerously close"}, {"unsafe_manoeuvre", "dangerously low"}, {"unsafe_manoeuvre", "reckless*"}, {"unsafe_manoeuvre", "aggressive manoeuvre*"}, {"unsafe_manoeuvre", "aggressive maneuver*"},
	{"low_pass", "low pass*"}, {"low_pass", "low-level pass*"}, {"low_pass", "low-altitude pass*"}, {"low_pass", "low-flying pass*"}, {"low_pass", "buzz*"},
	{"high_speed_pass", "high-speed pass*"}, {"high_speed_pass", "high speed pass*"}, {"high_speed_pass", "fast pass*"}, {"high_speed_pass", "high-speed close pass*"},
	{"overflight", "overflew"}, {"overflight", "overflight*"}, {"overflight", "overflown"}, {"overflight", "overflying"},
	{"simulated_attack", "simulated attack*"}, {"simulated_attack", "feint attack*"}, {"simulated_attack", "dummy attack*"}, {"simulated_attack", "mock attack*"}, {"simulated_attack", "attack profile*"}, {"simulated_attack", "attack formation"},
	{"simulated_attack", "attack run*"}, {"simulated_attack", "simulated a missile"}, {"simulated_attack", "simulated an attack"}, {"simulated_attack", "low mock attack*"},
	{"barrel_roll", "barrel roll*"}, {"barrel_roll", "barrel-roll*"}, {"barrel_roll", "rolled inverted"},
	{"jet_wash", "jet wash"}, {"jet_wash", "jetwash"}, {"jet_wash", "wake turbulence"}, {"jet_wash", "jet blast"}, {"jet_wash", "its exhaust"}, {"jet_wash", "violent turbulence"},
	{"afterburner", "afterburner*"}, {"wing_rock", "rocked its wings"}, {"wing_rock", "rocked their wings"}, {"wing_rock", "rocking its wings"}, {"wing_rock", "rocked his wings"},
	{"wing_rock", "waggled its wings"}, {"wing_rock", "rocking wings"}, {"wing_rock", "wing rock*"},
	{"flares", "flares"}, {"flares", "chaff"},
	{"fuel_dump", "dumped fuel"}, {"fuel_dump", "dumping fuel"}, {"fuel_dump", "fuel dump*"}, {"fuel_dump", "jettisoned fuel"},
	{"weapon_release", "released a missile"}, {"weapon_release", "fired a missile"}, {"weapon_release", "launched a missile"}, {"weapon_release", "dropped * bombs"}, {"weapon_release", "fired warning shots"},
	{"armed_display", "show its missiles"}, {"armed_display", "showed its missiles"}, {"armed_display", "showing its missiles"}, {"armed_display", "displayed its missiles"}, {"armed_display", "displaying its missiles"},
	{"armed_display", "showed its weapons"}, {"armed_display", "displayed its weapons"}, {"armed_display", "showing its weapons"}, {"armed_display", "show its weapons"},
	{"radar_lock", "locked on"}, {"radar_lock", "lock-on"}, {"radar_lock", "radar lock*"}, {"radar_lock", "fire-control radar"},
	{"radar_tracking", "tracked by russian ground radar"}, {"radar_tracking", "tracked by ground radar"}, {"radar_tracking", "tracked by russian radar"},
	{"gps_jamming", "gps jamming"}, {"gps_jamming", "jammed gps"}, {"gps_jamming", "gps interference"}, {"gps_jamming", "gps was jammed"},
	{"jamming", "jammed"}, {"jamming", "jamming"}, {"jamming", "radar jamming"}, {"jamming", "communications jamming"},
	{"radio_threat", "threatened to shoot"}, {"radio_threat", "threatened to destroy"}, {"radio_threat", "threatened by radio"}, {"radio_threat", "threatened over the radio"},
	{"collision", "collided"}, {"collision", "struck its propeller"}, {"collision", "struck the propeller"}, {"collision", "hit the propeller"}, {"collision", "clipped"}, {"collision", "mid-air collision"},
	{"evasion", "evasive action"}, {"evasion", "evasive manoeuvre*"}, {"evasion", "evasive maneuver*"}, {"evasion", "avoiding action"},
	{"civil_traffic_conflict", "airliner had to"}, {"civil_traffic_conflict", "airliner was forced"}, {"civil_traffic_conflict", "passenger jet had to"}, {"civil_traffic_conflict", "civil traffic had to"},
	{"safety_zone_violation", "safety zone"},
	{"near_collision", "narrowly missed"}, {"near_collision", "narrowly missing"}, {"near_collision", "nearly hit"}, {"near_collision", "almost hit"}, {"near_collision", "nearly struck"},
	{"near_collision", "nearly colliding"}, {"near_collision", "almost colliding"}, {"near_collision", "came close to colliding"}, {"near_collision", "came close to a collision"}, {"near_collision", "near collisions"},
	{"low_pass", "low fly-by*"}, {"low_pass", "low flyby*"}, {"low_pass", "low level pass*"}, {"low_pass", "low-level fly-by*"}, {"low_pass", "low , fast pass*"}, {"low_pass", "passed at low level"}, {"low_pass", "passed at low altitude"},
	{"high_speed_pass", "passed at high speed"}, {"high_speed_pass", "flew past at high speed"}, {"high_speed_pass", "passes at high speed"}, {"high_speed_pass", "high-speed fly-by*"}, {"high_speed_pass", "high-speed flyby*"},
	{"high_speed_pass", "high-speed low pass*"}, {"high_speed_pass", "high-speed , low pass*"}, {"high_speed_pass", "supersonic pass*"},
	{"simulated_attack", "simulated bombing*"}, {"simulated_attack", "simulated strike*"}, {"simulated_attack", "simulated a bombing*"}, {"simulated_attack", "simulated a strike*"}, {"simulated_attack", "simulated a torpedo*"},
	{"simulated_attack", "mock bombing*"}, {"simulated_attack", "mock strafing*"}, {"simulated_attack", "dummy bombing*"}, {"simulated_attack", "practice attack*"}, {"simulated_attack", "feigned attack*"}, {"simulated_attack", "feigned an attack"},
	{"barrel_roll", "barrel-rolled"}, {"barrel_roll", "barrel rolled"}, {"barrel_roll", "rolled over the top"},
	{"flares", "fired a flare"}, {"flares", "launched a flare"}, {"flares", "dropped a flare"}, {"flares", "released a flare"},
	{"radar_lock", "locked its radar"}, {"radar_lock", "locked their radar*"}, {"radar_lock", "locked a radar"}, {"radar_lock", "locked onto"}, {"radar_lock", "radar-lock*"}, {"radar_lock", "fire control radar"}, {"radar_lock", "targeting radar"},
	{"weapon_release", "opened fire"}, {"weapon_release", "dropped bombs"}, {"weapon_release", "dropped a bomb"}, {"weapon_release", "released a bomb"}, {"weapon_release", "released a weapon"}, {"weapon_release", "fired * missiles"}, {"weapon_release", "fired * rounds"},
	{"weapon_release", "fired its cannon"}, {"weapon_release", "fired a warning shot"}, {"weapon_release", "fired an air-to-air missile"}, {"weapon_release", "released an air-to-air missile"}, {"weapon_release", "launched an air-to-air missile"},
	{"civil_traffic_conflict", "passenger jet was forced"}, {"civil_traffic_conflict", "passenger plane had to"}, {"civil_traffic_conflict", "passenger plane was forced"}, {"civil_traffic_conflict", "passenger aircraft had to"}, {"civil_traffic_conflict", "passenger aircraft was forced"},
	{"civil_traffic_conflict", "civil aircraft had to"}, {"civil_traffic_conflict", "civilian aircraft had to"}, {"civil_traffic_conflict", "airliner took avoiding"}, {"civil_traffic_conflict", "airliner took evasive"}, {"civil_traffic_conflict", "airliners had to"}, {"civil_traffic_conflict", "airliners were forced"},
	{"civil_traffic_conflict", "airliners were diverted"}, {"civil_traffic_conflict", "airliners were rerouted"}, {"civil_traffic_conflict", "civil flights were rerouted"}, {"civil_traffic_conflict", "civil traffic was rerouted"}, {"civil_traffic_conflict", "civil traffic was diverted"},
	{"jet_wash", "flew through its wake"}, {"wing_rock", "rocked her wings"}, {"wing_rock", "waggled their wings"}, {"wing_rock", "waggled his wings"}, {"wing_rock", "waggling its wings"}, {"wing_rock", "rocking their wings"},
}

var doingsByFirst = byFirst(len(doings), func(i int) string { return doings[i].words })

// deniers make the words behind them say nothing.
var deniers = set("not no without never denied denies avoid avoided nor neither none nothing safe")

// doneWords are verbs of a clause of their own.
var doneWords = set("came flew made performed conducted carried fired passed")

// behaviours gives what was done, each once, in the order of the vocabulary.
func (d *document) behaviours(flags []Field) []Field {
	found := map[string][2]int{}
	add := func(code string, first, last int) {
		if _, have := found[code]; !have {
			found[code] = [2]int{first, last}
		}
	}
	for i := range d.tokens {
		for _, n := range doingsByFirst[firstThree(d.low(i))] {
			do := doings[n]
			if n := d.spells(i, do.words); n > 0 && !d.deniedAt(i, do.code) {
				add(do.code, i, i+n-1)
			}
		}
		d.overShip(i, add)
	}
	d.ofEvents(add)
	for _, f := range flags {
		if f.Name == flagTransponder && f.Value == "off" {
			k := d.tokenAt(f.Start)
			add("transponder_off", k, d.tokenAt(f.End-1))
		}
	}
	if _, gps := found["gps_jamming"]; gps {
		delete(found, "jamming")
	}
	return d.behaviourField(found)
}

// behaviourField makes the list; it rests on the first of the words.
func (d *document) behaviourField(found map[string][2]int) []Field {
	var codes []string
	first := -1
	last := 0
	for _, t := range incidents.Behaviours {
		at, ok := found[t.Code]
		if !ok {
			continue
		}
		codes = append(codes, t.Code)
		if first < 0 || at[0] < first {
			first, last = at[0], at[1]
		}
	}
	if len(codes) == 0 {
		return nil
	}
	return []Field{d.fieldOf("behaviours", codes, first, last)}
}

// ofEvents takes behaviours from the verbs of the meeting.
func (d *document) ofEvents(add func(string, int, int)) {
	for _, e := range d.events {
		if e.class == classViolate {
			if e.subject < 0 || d.parties[e.subject].kind != kindState {
				add("airspace_violation", e.at, e.last)
			}
			continue
		}
		if e.class != classMeet && e.class != classNominal || !d.byInterceptor(e) {
			continue
		}
		switch low := d.low(e.at); {
		case strings.HasPrefix(low, "esc") || strings.HasPrefix(low, "accompan"):
			add("escort", e.at, e.at)
		case strings.HasPrefix(low, "identif") || low == "vid" || low == "id" || low == "id'd" || low == "ided":
			add("identification", e.at, e.at)
		case strings.HasPrefix(low, "shadow") || low == "shdw" || low == "shad" || strings.HasPrefix(low, "follow") || strings.HasPrefix(low, "trail") || strings.HasPrefix(low, "tail"):
			add("shadowing", e.at, e.at)
		}
	}
	for i := range d.tokens {
		if low := d.low(i); low == "identification" && (d.low(i-1) == "visual" || d.missionAfter(i)) && d.eventIn(i) {
			add("identification", i, i)
		}
		if low := d.low(i); low == "shadowing" && d.low(i-1) == "of" {
			add("shadowing", i, i)
		}
	}
}

// byInterceptor reports whether the doer of a verb is not the target itself:
// "Tu-95s escorted by Su-27s" is no escort by interceptors.
func (d *document) byInterceptor(e event) bool {
	doers := []int{e.subject}
	if e.passive || e.class == classNominal {
		doers = e.agents
	}
	for _, k := range doers {
		if k >= 0 && d.parties[k].role == target {
			return false
		}
	}
	if d.inRemarks(e) {
		return true
	}
	if !e.passive && e.class == classMeet && (len(doers) == 0 || doers[0] < 0) && e.object < 0 {
		return false
	}
	if !e.passive && e.class == classMeet && e.object < 0 && !d.pronounFollows(e.at) && !e.base && d.coordinated(e.at) == nil {
		return false
	}
	return !e.passive || len(doers) > 0 || e.subject >= 0 && d.parties[e.subject].role == target
}

// inRemarks reports whether a verb of no subject and object begins a
// sentence or the prose of a message, or goes on there: "NARR/IDENTIFIED AND
// ESCORTED TO THE FIR".
func (d *document) inRemarks(e event) bool {
	if e.class != classMeet || e.passive || e.subject >= 0 || e.object >= 0 || !strings.HasSuffix(d.low(e.at), "ed") {
		return false
	}
	remarks := proseLabels[d.setLabel(e.at)]
	for k := e.at - 1; d.same(k, e.at); k-- {
		if d.low(k) == "\n" {
			return remarks || d.tokens[e.at].upper
		}
		if remarks && (d.valueAfter(k-1) == k+1 || d.valueAfter(k) == k+1) {
			return true
		}
		if low := d.low(k); low != "and" && low != "," && low != "then" && !adverb(low) && verbs[low] == "" {
			return false
		}
	}
	return remarks || d.tokens[d.sentences[d.tokens[e.at].sentence][0]].upper
}

// overShip reads "flew over the frigate" and "passed low over the ship".
func (d *document) overShip(i int, add func(string, int, int)) {
	if d.low(i) != "over" {
		return
	}
	for k := i + 1; k <= i+5 && d.same(k, i); k++ {
		if heads[d.low(k)] == kindShip {
			for j := i - 1; j >= i-6 && d.same(j, i); j-- {
				switch d.low(j) {
				case "flew", "flown", "passed", "passing", "flying", "pass", "passes":
					if !d.negated(j) {
						add("overflight", j, k)
					}
					if d.low(i-1) == "low" || d.low(j+1) == "low" {
						add("low_pass", j, k)
					}
				}
			}
			return
		}
	}
}

// spells tells how many tokens at i spell the words, or 0.
func (d *document) spells(i int, words string) int {
	n := 0
	for rest := words; rest != ""; n++ {
		w, more, _ := strings.Cut(rest, " ")
		got := d.low(i + n)
		if stem, open := strings.CutSuffix(w, "*"); open && got != "" {
			if !strings.HasPrefix(got, stem) {
				return 0
			}
		} else if got != w {
			return 0
		}
		rest = more
	}
	return n
}

// deniedAt reports whether a negation or a denial stands before words.
func (d *document) deniedAt(i int, code string) bool {
	done := false
	for k := i - 1; k >= i-5 && d.same(k, i); k-- {
		low := d.low(k)
		if doneWords[low] && k < i {
			done = true
		}
		if done && (low == "without" || low == "no") {
			return false // "without transponders came dangerously close"
		}
		if deniers[low] || strings.HasSuffix(low, "n't") || modals[low] && low != "may" || low == "avoid" || low == "risk" && code == "collision" {
			return true
		}
		if low == ";" || low == "but" || low == "," && k < i-2 {
			return false
		}
	}
	if code == "collision" && (d.low(i-1) == "nearly" || d.low(i-1) == "almost") {
		return true
	}
	if code == "safety_zone_violation" {
		return !slices.ContainsFunc([]string{"breaking", "violated", "violating", "entered", "breached", "broke", "breaching", "into", "within", "violation"}, func(w string) bool {
			for k := i - 5; k <= i+4; k++ {
				if d.same(k, i) && d.low(k) == w {
					return true
				}
			}
			return false
		})
	}
	return d.speaker(i) == "RU" && (code == "weapon_release" || code == "unsafe_manoeuvre" || code == "collision")
}
