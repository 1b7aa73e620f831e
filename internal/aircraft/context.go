package aircraft

import (
	"strings"
)

// meansAircraft reports whether what stands round a name that is also a word
// says that the aircraft is meant. The name is the words from first up to end.
func meansAircraft(text string, words []word, first, end int, c candidate) bool {
	if !words[first].upper {
		return false
	}
	next := ""
	if end < len(words) && strings.Trim(text[c.End:words[end].start], " -\u2011") == "" {
		next = words[end].key
	}
	key := words[first].key
	switch {
	case placeWords[next]:
		return false
	case c.variant:
		return true
	case key == "may": // the month, unless the model stands beside it
		return false
	case c.Plural || aircraftWords[next] || len(next) == 2 && next[0] == 'x' && isNumber(next[1:]):
		return true
	}
	return counted(text, words, first) || flownBy(text, words, first)
}

// counted reports whether a number stands before word i: "two", "2x", "4 ×", "a pair of".
func counted(text string, words []word, i int) bool {
	for back := 1; back <= 3 && i-back >= 0; back++ {
		w := words[i-back]
		gap := text[w.end:words[i-back+1].start]
		if strings.Trim(gap, " ×-\u00a0") != "" {
			return false
		}
		if isNumber(w.key) {
			return true
		}
		if _, nation := nationWords[w.key]; !nation && w.key != "x" && w.key != "of" && w.key != "raf" {
			return false
		}
	}
	return false
}

func isNumber(key string) bool {
	if key == "" {
		return false
	}
	if numberWords[key] {
		return true
	}
	digits := strings.TrimRight(key, "x")
	return len(digits) > 0 && len(digits) <= 2 && strings.Trim(digits, "0123456789") == ""
}

// flownBy reports whether a nation or a force stands before word i.
func flownBy(text string, words []word, i int) bool {
	if i == 0 || text[words[i-1].end:words[i].start] != " " {
		return false
	}
	_, nation := nationWords[words[i-1].key]
	return nation && words[i-1].upper || forceWords[words[i-1].key]
}

var (
	numberWords = wordSet("two three four five six seven eight nine ten eleven twelve pair several both")
	forceWords  = wordSet("qra nato luftwaffe usaf raf vks escorting allied alert")
	// aircraftWords follow a name when an aircraft is meant.
	aircraftWords = wordSet(`aircraft fighter fighters jet jets bomber bombers plane planes airplane helicopter helicopters
		interceptor interceptors drone drones uav tanker tankers transport transports crew pilot pilots mpa pair formation
		multirole strategic maritime reconnaissance patrol fgr4 escort escorts`)
	// placeWords follow it when something else is.
	placeWords = wordSet("island islands gap bay sea strait river street class submarine storm season warning cup market")
)
