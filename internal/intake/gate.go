package intake

import (
	"strings"
)

// notAviation are words of texts in which something else is intercepted or met.
var notAviation = set(`quarterback touchdown coach playoff playoffs league goalkeeper midfielder striker halftime innings yardage fullback's cornerback
	cocaine heroin smugglers smuggling smuggled drugs narcotics contraband migrants recipe flour butter oven tablespoon teaspoon simmer ornithologists birds species migration wildlife nest nests
	novel film movie screenplay videogame gameplay fiction episode museum airshow aerobatic aerobatics flypast fly-past van lorry motorway arrested burglars thieves falcon kestrel`)

// statistics are words that make a sentence a count of many cases.
var statistics = set("annually yearly average statistics total totals figures compared")

// isIncident reports whether the text tells of a meeting of aircraft, or of an
// airspace entered, that did take place.
func (d *document) isIncident() bool {
	strange := 0
	for _, t := range d.tokens {
		if notAviation[t.low] {
			strange++
		}
	}
	events, aviation, met := 0, d.aviation(), false
	for _, e := range d.events {
		if d.counts570(e.at) || !d.attached(e) || d.history(e.at) {
			continue
		}
		events++
		met = met || e.class != classScramble || e.object >= 0
	}
	if !met && d.bombardment() {
		events = 0 // fighters that went up while missiles fell
	}
	if d.labelled() && aviation {
		events++
	}
	if n := d.cues(); aviation && events == 0 && d.military() && (n > 1 || n == 1 && d.bothBlocs()) {
		events = 1
	}
	return aviation && events > 0 && strange < 2 && !(strange == 1 && events < 2)
}

// bombardment reports whether the text tells of missiles or strikes on a country.
func (d *document) bombardment() bool {
	for i, t := range d.tokens {
		switch t.low {
		case "missiles", "airstrikes", "bombardment", "shelling":
			return true
		case "shot":
			if d.low(i+1) == "down" {
				return true
			}
		case "strikes":
			if d.low(i-1) == "missile" || d.low(i-1) == "air" || d.low(i+1) == "on" {
				return true
			}
		}
	}
	return false
}

// aviation reports whether the text speaks of aircraft in so many words.
func (d *document) aviation() bool {
	for _, p := range d.parties {
		if p.span != nil || p.kind == kindAir || p.kind == kindFighter || p.kind == kindOther || p.kind == kindCivil {
			return true
		}
	}
	return false
}

// military reports whether somebody other than civil traffic is spoken of.
func (d *document) military() bool {
	for _, p := range d.parties {
		if p.kind == kindFighter || p.kind == kindOther {
			return true
		}
	}
	return false
}

// loose are behaviours whose words are met in texts of other matters.
var loose = set("collision flares jamming gps_jamming safety_zone_violation evasion")

// bothBlocs reports whether nations of both sides of these seas are named.
func (d *document) bothBlocs() bool {
	var seen [3]bool
	for i := range d.tokens {
		seen[bloc2(d.nationAt(i))] = true
	}
	return seen[1] && seen[2]
}

// cues counts what else speaks of a meeting: flags, a close approach, a
// behaviour that has a word of its own.
func (d *document) cues() int {
	n := len(d.flags(false)) + len(d.closest())
	for i := range d.tokens {
		for _, k := range doingsByFirst[firstThree(d.low(i))] {
			do := doings[k]
			if !loose[do.code] && d.spells(i, do.words) > 0 && !d.deniedAt(i, do.code) && !d.drilled(i) && !d.history(i) {
				n++
			}
		}
	}
	return n
}

// attached reports whether an event has somebody who does or suffers it, so
// that it is one of aircraft.
func (d *document) attached(e event) bool {
	if e.class == classHarass {
		return e.subject >= 0 && (e.object >= 0 && d.closeTo(e) || len(e.agents) > 0 && nearVerbs[d.low(e.at)] && d.parties[e.agents[0]].kind != kindState)
	}
	for _, k := range append([]int{e.subject, e.object}, e.agents...) {
		if k < 0 {
			continue
		}
		switch d.parties[k].kind {
		case kindAir, kindFighter, kindOther:
			return !d.drilled(e.at)
		case kindCivil, kindShip:
			return e.class == classMeet && !e.passive || e.class == classViolate && d.parties[k].kind == kindCivil
		}
	}
	return false
}

// closeTo reports whether an event of flying close is one between two sides.
func (d *document) closeTo(e event) bool {
	a, b := d.parties[e.subject], d.parties[e.object]
	if a.kind == kindState || a.kind == kindShip || b.kind == kindState || a.kind == kindCivil {
		return false
	}
	if a.nation() != "" && b.nation() != "" && bloc(a.nation()) == bloc(b.nation()) {
		return false
	}
	return (a.nation() != "" || b.nation() != "" || b.kind == kindShip || opposed(a, b)) && (d.closeBetween(e.at, b.first) || d.measured(e.at))
}

// counts570 reports whether the sentence counts many cases: "scrambled 570
// times in 2022", "more than 300 intercepts".
func (d *document) counts570(i int) bool {
	s := d.sentences[d.tokens[i].sentence]
	for k := s[0]; k < s[1]; k++ {
		low := d.low(k)
		if statistics[low] || low == "times" && d.manyTimes(k) || (low == "year" || low == "year's") && (d.low(k-1) == "a" || d.low(k-1) == "per" || d.low(k-1) == "last" || d.low(k-1) == "each" || d.low(k-1) == "every") {
			return true
		}
		if _, n := number(d.low(k - 1)); low == "years" && n && d.low(k-2) == "for" || low == "decades" && d.low(k-1) == "for" {
			return true // "intercepted Russian aircraft for forty years"
		}
		if (low == "scrambles" || low == "intercepts" || low == "interceptions" || low == "sorties") && len(d.low(k-1)) > 2 && strings.Trim(d.low(k-1), "0123456789,") == "" {
			return true
		}
	}
	return false
}

// history reports whether the sentence tells of Soviet days.
func (d *document) history(i int) bool {
	s := d.sentences[d.tokens[i].sentence]
	for k := s[0]; k < s[1]; k++ {
		low := d.low(k)
		if low == "soviet" || low == "cold" && d.low(k+1) == "war" && d.low(k-1) != "since" && d.low(k-2) != "since" {
			return true
		}
		if before := d.low(k - 1); isYear(low) && low < "1992" && before != "since" && before != "from" && (before == "in" || before == "," || months[before] != 0) {
			return true
		}
	}
	return false
}

// manyTimes reports whether "times" follows a number of three digits, or a year
// stands in the clause behind.
func (d *document) manyTimes(k int) bool {
	n := strings.Trim(d.low(k-1), "0123456789,")
	if n == "" && len(d.low(k-1)) >= 2 {
		return true
	}
	return d.low(k+1) == "in" && isYear(d.low(k+2)) || d.low(k+1) == "last" || d.low(k+1) == "this" && d.low(k+2) == "year" || d.low(k+1) == "during" && isYear(d.low(k+2))
}

func isYear(low string) bool {
	return len(low) == 4 && (strings.HasPrefix(low, "20") || strings.HasPrefix(low, "19")) && strings.Trim(low, "0123456789") == ""
}

// drilled reports whether the sentence tells of an exercise in which the event
// was part of the play.
func (d *document) drilled(i int) bool {
	s := d.sentences[d.tokens[i].sentence]
	for k := s[0]; k < s[1]; k++ {
		switch low := d.low(k); {
		case low == "parade" || low == "ceremony" || low == "funeral" || low == "anniversary" || low == "flypast":
			return true
		case low == "exercise" || low == "drill" || low == "exercises" || low == "drills":
			before := d.low(k - 1)
			if before == "in" && k < i && !d.bothBlocs() {
				return true // "In Exercise Ramstein Alloy"
			}
			if k < i && (d.low(k-2) == "during" || d.low(k-2) == "in" || before == "during" || d.low(k-3) == "of") || k > i && (d.low(k-2) == "in" || d.low(k-2) == "during" || d.low(k-2) == "for" || d.low(k-3) == "of" && d.low(k-4) == "part") {
				return true
			}
		case low == "simulated" && k < i+6 && k > i-6 && verbs[d.low(k+1)] != "" || low == "role" && d.low(k+1) == "of" || low == "posing" || low == "playing" || low == "dogfight" || low == "dogfights" || low == "simulating" && d.low(k+2) != "attack" && d.low(k+1) != "attack" && d.low(k+1) != "attacks" || low == "played" || low == "pretended":
			return true
		}
	}
	return false
}
