package intake

// claimedOfOther reports whether a flag is what Moscow says of somebody else's
// aircraft, or one of two accounts: that is a claim, not a fact.
func (d *document) claimedOfOther(i int) bool {
	speaker := d.speaker(i)
	if speaker == "" {
		return false
	}
	own := false
	others := false
	for _, p := range d.parties {
		if p.role == target && p.nation() != "" {
			own = own || bloc(p.nation()) == bloc(speaker)
			others = others || bloc(p.nation()) != bloc(speaker)
		}
	}
	if bloc(speaker) == 1 {
		return others || !own
	}
	return own && others || own && d.speakers() > 1 && !others && bloc(speaker) != 1 && d.rivalSpeaks(i)
}

// rivalSpeaks reports whether Moscow speaks of the same matter as well.
func (d *document) rivalSpeaks(i int) bool {
	for k := range d.tokens {
		if flagWord[d.low(k)] && bloc2(d.speaker(k)) == 1 && k != i {
			return true
		}
	}
	return false
}

var flagWord = set("transponder transponders squawking squawked radio plan iff sqk xpdr fpl rt comms")

// rivalSwitch reports whether the other side says of a transponder that "it was
// on".
func (d *document) rivalSwitch(i int) bool {
	own := bloc2(d.speaker(i))
	for k := range d.tokens {
		if low := d.low(k); low != "on" && low != "off" || k < i {
			continue
		}
		switch d.low(k - 1) {
		case "was", "were", "been", "switched", "turned":
			if other := bloc2(d.speaker(k)); other != 0 && other != own {
				return true
			}
		}
	}
	return false
}

func bloc2(code string) int {
	if code == "" {
		return 0
	}
	return bloc(code)
}

func (d *document) speakers() int {
	seen := map[int]bool{}
	for k := range d.tokens {
		if speech[d.low(k)] {
			seen[bloc2(d.speaker(k))] = true
		}
	}
	return len(seen)
}

// heading is the token of the nation in "Russia's defence ministry: …" that a
// sentence begins with, or -1.
func (d *document) heading(i int) int {
	s := d.sentences[d.tokens[i].sentence]
	nation := -1
	for k := s[0]; k < s[1] && k <= s[0]+12 && k < i; k++ {
		if d.nationAt(k) != "" && nation < 0 {
			nation = k
		}
		if d.low(k) == ":" {
			return nation
		}
	}
	return -1
}

// contested reports whether what stands at i is only Moscow's word.
func (d *document) contested(i int) bool { return d.speaker(i) == "RU" }

var speech = set("said says claimed claims insisted insists alleged alleges asserted maintains argued stated denied described accused reported announced countered replied contended put added responded")

// speaker is the nation of the government that the clause at i quotes, empty
// when the text speaks for itself.
func (d *document) speaker(i int) string {
	if at := d.speakerAt(i); at >= 0 {
		if c := capitals[d.low(at)]; c != "" {
			return c
		}
		return d.nationAt(at)
	}
	return ""
}

// speakerAt is the token that names that government, or -1.
func (d *document) speakerAt(i int) int { return d.quoted(i, true) }

// quoted is speakerAt; back lets "it said" take the speaker of the sentence before.
func (d *document) quoted(i int, back bool) int {
	for k := i; k >= 0 && d.same(k, i); k-- {
		low := d.low(k)
		if low == ";" && k < i {
			return -1
		}
		if !speech[low] || k > i {
			continue
		}
		for j := k - 1; j >= k-8 && d.same(j, i); j-- {
			if c := capitals[d.low(j)]; c != "" {
				return j
			}
			if c := d.nationAt(j); c != "" && (countries[d.low(j)] || d.low(k-1) == "ministry" || d.low(k-1) == "fleet" || d.low(k-1) == "military" || d.low(k-1) == "official" || d.low(k-1) == "forces" || d.low(k-1) == "that" || d.low(k-1) == "force" || d.low(k-1) == "spokesman" || d.low(j) == "fleet" || d.low(j) == "district") {
				return j
			}
		}
		if low := d.low(k - 1); (low == "it" || low == "they" || low == "he" || low == "she") && back && d.tokens[i].sentence > 0 {
			return d.quoted(d.sentences[d.tokens[i].sentence][0]-1, false)
		}
		return -1
	}
	return d.heading(i)
}
