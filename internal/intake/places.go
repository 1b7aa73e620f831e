package intake

import (
	"strings"
	"sync"
	"unicode/utf8"

	"interceptlog/internal/geo"
)

// placeMention is a place of the atlas that the text names.
type placeMention struct {
	first, last int
	place       geo.Place
	name        string // as the form writes it
	raf         bool   // "RAF Lossiemouth"
}

// gazetteer finds places by their folded names, and knows how many words each has.
type gazetteer struct {
	byName map[string]geo.Place
	most   int
}

var (
	gazetteers   sync.Map // *geo.Atlas to *gazetteer
	unaccent     = strings.NewReplacer("ä", "a", "å", "a", "á", "a", "à", "a", "ă", "a", "â", "a", "ą", "a", "ö", "o", "ø", "o", "ó", "o", "õ", "o", "ü", "u", "ū", "u", "ú", "u", "š", "s", "ș", "s", "ş", "s", "ś", "s", "ž", "z", "ė", "e", "é", "e", "ę", "e", "ē", "e", "í", "i", "ī", "i", "ı", "i", "ț", "t", "ţ", "t", "ł", "l", "ń", "n", "ñ", "n", "ć", "c", "æ", "ae", "ß", "ss")
	placeUnwords = set("hel mk stad banak bergen rygge sommers engels ostrov hopen pushkin")
)

func foldPlace(s string) string {
	s = lower(s)
	if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return s
	}
	return unaccent.Replace(s)
}

// byFirst groups phrases by the first three letters of their first word, so
// that each token is compared with few.
func byFirst(n int, words func(int) string) map[string][]int {
	m := map[string][]int{}
	for i := range n {
		w, _, _ := strings.Cut(words(i), " ")
		m[firstThree(strings.TrimSuffix(w, "*"))] = append(m[firstThree(strings.TrimSuffix(w, "*"))], i)
	}
	return m
}

func firstThree(w string) string { return w[:min(3, len(w))] }

var seasByFirst = byFirst(len(seaWords), func(i int) string { return seaWords[i].words })

func (d *document) gazetteer() *gazetteer {
	if g, ok := gazetteers.Load(d.atlas); ok {
		return g.(*gazetteer)
	}
	g := &gazetteer{byName: map[string]geo.Place{}}
	for _, kind := range []string{"air_base", "island", "city", "cape", "installation", "strait"} {
		for _, p := range d.atlas.Places() {
			if p.Kind != kind {
				continue
			}
			names := append([]string{p.Name}, p.Aliases...)
			if bare, _, more := strings.Cut(p.Name, " ("); more {
				names = append(names, bare)
			}
			for _, n := range names {
				key := foldPlace(n)
				if _, have := g.byName[key]; !have && len(key) > 2 && !strings.HasPrefix(key, "f ") && !strings.Contains(key, "fleet") {
					g.byName[key] = p
					g.most = max(g.most, len(strings.Fields(key)))
				}
			}
		}
	}
	for _, p := range d.atlas.Places() { // Fetești (Borcea)
		_, inner, more := strings.Cut(strings.TrimSuffix(p.Name, ")"), " (")
		if _, have := g.byName[foldPlace(inner)]; more && !have && !strings.Contains(inner, " ") {
			g.byName[foldPlace(inner)] = p
		}
	}
	gazetteers.Store(d.atlas, g)
	return g
}

// placeMentions are the places that the text names, in order.
func (d *document) placeMentions() []placeMention {
	if d.atlas == nil || d.named != nil {
		return d.named
	}
	g := d.gazetteer()
	out := []placeMention{}
	for i := 0; i < len(d.tokens); i++ {
		if !d.tokens[i].upper && !(d.low(i-1) == "of" || d.low(i-1) == "near" || d.low(i-1) == "off" || d.low(i-1) == "from") || d.tokens[i].span != nil {
			continue
		}
		for n := min(g.most, len(d.tokens)-i); n > 0; n-- {
			m, ok := d.placeOf(g, i, n)
			if ok {
				out = append(out, m)
				i += n - 1
				break
			}
		}
	}
	d.named = out
	return out
}

func (d *document) placeOf(g *gazetteer, i, n int) (placeMention, bool) {
	var words []string
	for k := i; k < i+n; k++ {
		words = append(words, strings.TrimSuffix(foldPlace(d.low(k)), "-based"))
	}
	key := strings.Join(words, " ")
	p, ok := g.byName[key]
	if !ok || placeUnwords[key] || !d.tokens[i].upper && len(key) < 6 || n == 1 && key == "mail" {
		return placeMention{}, false
	}
	m := placeMention{first: i, last: i + n - 1, place: p, name: p.Name}
	if bare, _, more := strings.Cut(p.Name, " ("); more {
		m.name = bare
	}
	if d.low(i-1) == "raf" || d.low(i) == "raf" {
		m.raf = true
		m.name = "RAF " + strings.TrimPrefix(m.name, "RAF ")
	}
	return m, true
}

// seaWords are names of seas and coasts, longest first where one holds another,
// and their region. What tells less stands lower.
var seaWords = []struct {
	words, region string
	weight        int
}{
	{"baltic sea", "baltic", 4}, {"gulf of finland", "baltic", 4}, {"gulf of bothnia", "baltic", 4}, {"gulf of riga", "baltic", 4},
	{"bay of gdansk", "baltic", 4}, {"kattegat", "baltic", 4}, {"the baltic", "baltic", 3}, {"southern baltic", "baltic", 3}, {"northern baltic", "baltic", 3}, {"central baltic", "baltic", 3}, {"baltic proper", "baltic", 3}, {"ostersjon", "baltic", 4}, {"finska viken", "baltic", 4},
	{"black sea", "black", 4}, {"sea of azov", "black", 4}, {"azov sea", "black", 4}, {"crimea", "black", 2}, {"crimean", "black", 2},
	{"norwegian sea", "norwegian", 4}, {"barents sea", "norwegian", 4}, {"barents and norwegian seas", "norwegian", 4}, {"norwegian and barents seas", "norwegian", 4}, {"north sea", "norwegian", 3}, {"barentshavet", "norwegian", 4}, {"norskehavet", "norwegian", 4},
	{"finnmark", "norwegian", 3}, {"kola peninsula", "norwegian", 1}, {"north norway", "norwegian", 2}, {"northern norway", "norwegian", 2},
	{"baltic air policing", "baltic", 2}, {"kaliningrad", "baltic", 2}, {"coast of norway", "norwegian", 3}, {"norwegian coast", "norwegian", 3},
	{"baltic states", "baltic", 2}, {"estonian airspace", "baltic", 3}, {"latvian airspace", "baltic", 3}, {"lithuanian airspace", "baltic", 3},
	{"estonia's airspace", "baltic", 3}, {"lithuania's airspace", "baltic", 3}, {"romanian coast", "black", 3}, {"bulgarian coast", "black", 3},
	{"crimean coast", "black", 3}, {"swedish baltic", "baltic", 3}, {"shetlands", "norwegian", 3},
	{"north of scotland", "norwegian", 3}, {"shetland islands", "norwegian", 3}, {"lofoten", "norwegian", 3}, {"oland", "baltic", 3}, {"skane", "baltic", 3}, {"blekinge", "baltic", 3},
}

// regionHit is a word that tells a region.
type regionHit struct {
	region      string
	weight      int
	first, last int
}

// regionHits are all words that tell a region.
func (d *document) regionHits() []regionHit {
	var out []regionHit
	for i := range d.tokens {
		for _, n := range seasByFirst[firstThree(foldPlace(d.low(i)))] {
			s := seaWords[n]
			if n := d.phrase(i, s.words); n > 0 && d.low(i+n) != "control" && d.low(i+n) != "fleet" && d.low(i+n) != "atc" {
				out = append(out, regionHit{s.region, s.weight, i, i + n - 1})
				break
			}
		}
	}
	for _, m := range d.placeMentions() {
		if m.place.Region == "" || !d.locates(m) {
			continue
		}
		out = append(out, regionHit{m.place.Region, 3, m.first, m.last})
	}
	return out
}

// phrase tells how many tokens at i spell the folded words, or 0.
func (d *document) phrase(i int, words string) int {
	n := 0
	for rest := words; rest != ""; n++ {
		w, more, _ := strings.Cut(rest, " ")
		got := foldPlace(d.low(i + n))
		if i+n < len(d.tokens) && d.tokens[i+n].possessive {
			got += "'s"
		}
		if got != w {
			return 0
		}
		rest = more
	}
	return n
}

// locates reports whether the words before a place say that the meeting was
// there: over, near, off, south of, in the area of.
func (d *document) locates(m placeMention) bool {
	k := m.first - 1
	for low := d.low(k); low == "the" || low == "island" || low == "islands" || low == "city" || low == "town" || low == "raf" || low == "of" && d.low(k-1) == "island"; low = d.low(k) {
		k--
	}
	switch low := d.low(k); low {
	case "over", "near", "off", "above", "around", "past", "passed", "approached":
		return m.place.Kind != "air_base" || low != "past"
	case "om": // söder om Gotland
		return true
	case "of":
		return directions[d.low(k-1)] || d.low(k-1) == "area" || d.low(k-1) == "vicinity" || d.low(k-1) == "coast" || d.low(k-1) == "off" || d.low(k-1) == "abeam"
	case "between":
		return true
	}
	return d.low(m.last+1) == "area" || d.low(m.last+1) == "coast" || placeLabels[d.setLabel(m.first)] && d.valueAfter(m.first-2) == m.first
}

var directions = set(`north south east west northeast northwest southeast southwest north-east north-west south-east south-west
	n s e w ne nw se sw nne ene ese sse ssw wsw wnw nnw northern southern eastern western outside`)
