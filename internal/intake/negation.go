package intake

import (
	"strings"
)

// negation reports whether a negation governs the word at i, over a list such
// as "without transponder, flight plan or radio contact", and where it stands.
func (d *document) negation(i int) (first int, affirmed bool) {
	joined := false // "and maintained": a verb of its own, which no "without" before it governs
	for k := i - 1; k >= i-24 && d.same(k, i); k-- {
		low := d.low(k)
		if (finite[low] || low == "in" || low == "on" || low == "with") && (d.low(k-1) == "and" || d.low(k-1) == ",") {
			joined = true
		}
		switch {
		case (low == "nil" || low == "none" || low == "neg") && (flagWord[d.low(k-1)] || d.low(k-1) == "3"):
			return i, true // "SQK NIL FPL FILED"
		case joined && low != "none" && low != "neither" && (low == "without" || low == "no" || low == "not" || low == "lacking"):
			return i, true
		case low == "without" || low == "no" || low == "nil" || low == "not" || low == "none" || low == "neither" || low == "never" || low == "lacking" || low == "lacked" || low == "nor" || low == "cannot" || strings.HasSuffix(low, "n't") || strings.HasSuffix(low, "n’t") || low == "utan":
			return k, low == "not" && d.low(k+1) == "only"
		case low == "off" && d.low(k-1) != "switched" && d.low(k-1) != "turned":
			return i, true
		case !listWords[low]:
			return i, true
		}
	}
	return i, true
}

// finite are verbs that begin a clause of their own behind "and".
var finite = set("maintained established kept had was were talked spoke communicated responded answered flew filed")

// listWords may stand in a list that one negation governs.
var listWords = set(`, and or / a an any its their the transponder transponders flight plan plans radio contact communication communications two-way
	valid published filed pre-filed on-board onboard active activated squawking squawked squawk transmit transmitting transmitted file
	communicate communicated communicating maintain maintained keep hold make establish established have had has having use used using code codes signal signals
	talk talked talking speak spoke spoken to with civil air traffic control controllers service services regional centre been in was were did
	respond responded responding answer answered answering calls of it aircraft that indicating position altitude fpl xpdr comms both all them be being
	working switched turned provided submitted sent made flying operating kept estonian lithuanian latvian finnish swedish danish polish norwegian
	romanian national reply replied of or safety english russian correct correctly proper either even mode ifr proper authorities`)
