package intake

// publishedAt reports whether a date is that of a publication, a statement or
// an answer, not of the incident.
func (d *document) publishedAt(i int) bool {
	for k := i - 1; k >= i-6 && d.same(k, i); k-- {
		if d.low(k) == "took" && d.low(k+1) == "off" {
			return false
		}
		switch d.low(k) {
		case "published", "updated", "posted", "publication", "press", "issued", "dated", "disclosed", "revealed", "announced", "statement", "answered",
			"summoned", "released", "said", "told", "reported", "confirmed", "protested", "until", "since", "wrote", "replied", "copyright", "©", "retrieved", "printed", "denied", "handed", "publicly", "public", "photo", "file", "arrived", "deployed", "began", "took":
			return !(d.low(k) == "reported" && d.low(k+1) == "that")
		case "when", "after", "intercepted", "scrambled", "entered", "violated", "occurred", "happened":
			return false
		}
		if d.low(k) == "," {
			break
		}
	}
	return false
}

// dateline reports whether a date stands alone in its line or opens the text
// before a dash: "Vilnius, 18 February 2019 –".
func (d *document) dateline(i int) bool {
	s := d.sentences[d.tokens[i].sentence]
	words, label := 0, false
	for k := s[0]; k < s[1]; k++ {
		t := d.tokens[k]
		if (t.low == "–" || t.low == "—" || t.low == "-" || t.low == "(" || t.low == "|") && k > i && k-s[0] <= 9 && words <= 7 && (k-i <= 6) && dayNumber(d.low(k+1)) == 0 {
			return i-s[0] <= 5
		}
		if t.low == ":" && k > i && k-i <= 3 && i > s[0] && words <= 6 && k+1 < len(d.tokens) && d.tokens[k+1].upper && dayNumber(d.low(k+1)) == 0 && !label {
			return true // "ERR News, 24 June 2025: A Russian …"
		}
		if t.word {
			words++
		}
		if t.low == "date" || t.low == "time" || t.low == "when" || t.low == "dtg" || t.low == "on" || t.low == "of" || t.low == "datum" || t.low == "day" {
			label = true
		}
	}
	for k := s[0]; k < s[1]; k++ {
		if c, ok := d.clockAt(k); ok && c.zoned {
			return false
		}
	}
	return words <= 7 && !label && !d.eventIn(i) && !d.incidentWord(i)
}

// afterwards reports whether what happened on the date is an answer: "the
// ambassador was summoned on", "flights resumed on".
func (d *document) afterwards(x dated) bool {
	if d.eventBefore(x.first) {
		return false
	}
	s := d.sentences[d.tokens[x.first].sentence]
	for k := s[0]; k < s[1]; k++ {
		switch d.low(k) {
		case "summoned", "ambassador", "note", "published", "resumed", "announced", "statement", "chargé", "footage", "conference", "parliament", "minister", "took", "rotation":
			return !d.eventIn(x.first)
		}
	}
	return false
}

func (d *document) eventBefore(i int) bool {
	for _, e := range d.events {
		if d.same(e.at, i) && e.at < i {
			return true
		}
	}
	return false
}

// incidentWord reports whether the sentence says that it happened then.
func (d *document) incidentWord(i int) bool {
	s := d.sentences[d.tokens[i].sentence]
	for k := s[0]; k < s[1]; k++ {
		switch d.low(k) {
		case "incident", "occurred", "happened", "intercept", "interception", "violation", "encounter", "date", "dtg", "took-place", "time", "when":
			return true
		}
	}
	return false
}
