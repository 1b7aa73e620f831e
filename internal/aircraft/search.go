package aircraft

import (
	"slices"
	"strings"
	"sync"
)

// Match is a type found for what was typed, with the name that made it match.
type Match struct {
	Type    Type
	Matched string // "Bear" for the query "bea"; empty when only nation or role matched
	Rank    int    // lower is better: 0 designator, 1 whole name, 2 beginning, 3 within, 4 nation or role
}

// Ranks of a match.
const (
	rankDesignator = iota
	rankWhole
	rankPrefix
	rankWithin
	rankKind
)

// searchName is one name of a type, folded.
type searchName struct{ text, key string }

// searchTable holds the names of every type in the order of All.
var searchTable = sync.OnceValue(func() [][]searchName {
	all := make([][]searchName, len(table()))
	for i, t := range table() {
		for _, n := range append([]string{t.Designator, t.Reporting, t.Name}, t.Names...) {
			if n != "" {
				all[i] = append(all[i], searchName{n, fold(n)})
			}
		}
	}
	return all
})

// maxQuery bounds what is looked at, bytes.
const maxQuery = 64

// Search finds the types for what is typed into a field: a designator or name
// or its beginning ("tu95", "Tu-9", "bear"), and words for a nation or a role
// ("russian bomber"). The best come first, at most limit of them.
func Search(query string, limit int) []Match {
	if len(query) > maxQuery {
		query = query[:maxQuery]
	}
	nations, roles, rest := kinds(query)
	whole := fold(query)
	if whole == "" || limit <= 0 {
		return nil
	}
	var out []Match
	for i, t := range table() {
		m := matchNames(searchTable()[i], whole)
		if m.Rank > rankWithin {
			if !fits(t, nations, roles) {
				continue
			}
			if m = matchNames(searchTable()[i], rest); rest != "" && m.Rank > rankWithin {
				continue
			}
			m.Rank = rankKind
		}
		m.Type = t
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b Match) int { return a.Rank - b.Rank })
	return out[:min(limit, len(out))]
}

// matchNames is the best way in which a folded query meets the names.
func matchNames(names []searchName, query string) Match {
	best := Match{Rank: rankKind}
	if query == "" {
		return best
	}
	for i, n := range names {
		rank := rankKind
		switch {
		case n.key == query && i == 0:
			rank = rankDesignator
		case n.key == query || n.key+"s" == query:
			rank = rankWhole
		case strings.HasPrefix(n.key, query):
			rank = rankPrefix
		case len(query) > 1 && strings.Contains(n.key, query):
			rank = rankWithin
		}
		if rank < best.Rank {
			best = Match{Matched: n.text, Rank: rank}
		}
	}
	return best
}

// kinds takes the words for nations and roles out of a query; rest is what
// remains, folded.
func kinds(query string) (nations, roles []string, rest string) {
	for _, w := range strings.Fields(strings.ToLower(query)) {
		single := strings.TrimSuffix(w, "s")
		switch {
		case nationWords[w] != "":
			nations = append(nations, nationWords[w])
		case roleWords[w] != "":
			roles = append(roles, roleWords[w])
		case roleWords[single] != "":
			roles = append(roles, roleWords[single])
		case w != "aircraft" && w != "plane" && w != "planes":
			rest += fold(w)
		}
	}
	return nations, roles, rest
}

// fits reports whether a type has one of the nations and one of the roles asked
// for, and whether any was asked for.
func fits(t Type, nations, roles []string) bool {
	if len(nations) == 0 && len(roles) == 0 {
		return false
	}
	flown := len(nations) == 0 || slices.ContainsFunc(nations, func(n string) bool { return slices.Contains(t.Nations, n) })
	return flown && (len(roles) == 0 || slices.Contains(roles, t.Role))
}

// roleWords are what people type for a role.
var roleWords = map[string]string{
	"fighter": "fighter", "jet": "fighter", "interceptor": "fighter", "attack": "fighter",
	"bomber": "bomber", "strategic": "bomber",
	"recon": "recon", "reconnaissance": "recon", "patrol": "recon", "spy": "recon", "surveillance": "recon",
	"awacs": "recon", "intelligence": "recon", "sigint": "recon", "maritime": "recon",
	"transport": "transport", "cargo": "transport", "tanker": "transport", "airlifter": "transport",
	"helicopter": "helicopter", "helo": "helicopter",
	"drone": "UAV", "uav": "UAV", "unmanned": "UAV", "rpa": "UAV",
	"civil": "civil", "airliner": "civil", "passenger": "civil", "civilian": "civil",
}

// nationWords are what people type for a nation.
var nationWords = map[string]string{
	"russian": "RU", "russia": "RU", "belarusian": "BY", "belarus": "BY", "ukrainian": "UA", "ukraine": "UA",
	"american": "US", "us": "US", "usaf": "US", "british": "GB", "uk": "GB", "raf": "GB", "german": "DE", "germany": "DE",
	"french": "FR", "france": "FR", "norwegian": "NO", "norway": "NO", "swedish": "SE", "sweden": "SE",
	"finnish": "FI", "finland": "FI", "danish": "DK", "denmark": "DK", "polish": "PL", "poland": "PL",
	"turkish": "TR", "turkey": "TR", "türkiye": "TR", "romanian": "RO", "romania": "RO", "bulgarian": "BG", "bulgaria": "BG",
	"italian": "IT", "italy": "IT", "spanish": "ES", "spain": "ES", "portuguese": "PT", "portugal": "PT",
	"dutch": "NL", "netherlands": "NL", "belgian": "BE", "belgium": "BE", "canadian": "CA", "canada": "CA",
	"estonian": "EE", "latvian": "LV", "lithuanian": "LT", "icelandic": "IS", "czech": "CZ", "hungarian": "HU",
}
