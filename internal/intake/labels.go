package intake

// Labels of messages in sets and of lists, and whose side they begin:
// "TARGET/2X TU-95//", "Interceptors: 2 F-16".
var (
	ownLabels    = set("interceptor interceptors intcptr fighter fighters ftr ftrs qra own ownforce friendly blue scrambled asset assets intercepting acint")
	targetLabels = set("target targets tgt toi bogey bogeys intruder intruders contact track unknown red opfor intercepted acid unid zombie bandit")
)

// labelNouns may stand behind the word of a label.
var labelNouns = set("aircraft acft forces force side type types details fighters fighter")

// label reports whether a label stands at a token, with a slash or colon behind
// it, and whose side it begins.
func (d *document) label(i int) (role int) {
	end := i
	if labelNouns[d.low(i+1)] || (d.low(i) == "aircraft" || d.low(i) == "acft") && (d.low(i+1) == "intercepted" || d.low(i+1) == "intercepting") {
		end++ // "Own aircraft:", "Target type:"
	}
	if !d.tokens[i].upper || d.valueAfter(end) < 0 || !d.beginsSet(i) && !(d.tokens[i].shout && d.low(end+1) == ":") {
		return nobody
	}
	if d.low(i) == "aircraft" || d.low(i) == "acft" {
		i++ // "Aircraft intercepted:"
	}
	switch low := d.low(i); {
	case ownLabels[low]:
		return interceptor
	case targetLabels[low]:
		return target
	}
	return nobody
}

// labelVotes gives the parties of a labelled set its side.
func (d *document) labelVotes(votes []vote) {
	role := nobody
	sentence := -1
	for i := range d.tokens {
		if d.tokens[i].sentence != sentence {
			role, sentence = nobody, d.tokens[i].sentence
		}
		if r := d.label(i); r != nobody {
			role = r
		}
		if low := d.low(i); low == ";" || low == "|" {
			role = nobody
		}
		if k := d.partyAt(i); k >= 0 && d.parties[k].first == i && i > 0 && d.tokens[i-1].shout && d.tokens[i].shout {
			switch low := d.low(i - 1); { // "TGT 1X IL76", "FTR 2X EF2000"
			case low == "hostile" || targetLabels[low] && low != "track" && low != "red":
				votes[k][target] += 4
			case ownLabels[low] && low != "scrambled":
				votes[k][interceptor] += 4
			}
		}
		if role == nobody {
			continue
		}
		if k := d.partyAt(i); k >= 0 && (d.parties[k].head == i || d.parties[k].kind == kindState && d.parties[k].first == i) {
			votes[k][role] += 4
		}
	}
}

// labelled reports whether the text has a label for each of the two sides, or
// for the target beside a message's own head.
func (d *document) labelled() bool {
	var seen [3]bool
	for i := range d.tokens {
		seen[d.label(i)] = true
	}
	for _, p := range d.parties {
		if k := p.first - 1; p.span != nil && k >= 0 && d.tokens[k].shout && d.tokens[p.first].shout {
			seen[target] = seen[target] || targetLabels[d.low(k)] || d.low(k) == "hostile"
			seen[interceptor] = seen[interceptor] || ownLabels[d.low(k)]
		}
	}
	return seen[target] && (seen[interceptor] || d.messageHead())
}

func (d *document) messageHead() bool {
	for i := range d.tokens {
		switch d.low(i) {
		case "msgid", "misrep", "inflightrep", "opsit", "dtg":
			if d.low(i+1) == "/" || d.low(i+1) == ":" || d.low(i+1) == "//" {
				return true
			}
		}
	}
	return false
}
