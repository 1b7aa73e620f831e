package aircraft

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a place in a text that names a type.
type Span struct {
	Start, End int    // byte offsets, End exclusive
	Types      []Type // what the name may mean, most likely first; all names of a run agree
	Plural     bool   // Bears, Su-27s
	Model      bool   // a model or designator was written, not only a name
}

// Designator is that of the type most likely meant.
func (s Span) Designator() string { return s.Types[0].Designator }

// maxJoin is how many words a name may have: "JAS 39 C/D Gripen".
const maxJoin = 5

// word is a run of letters and digits in a text.
type word struct {
	start, end int
	key        string // folded
	upper      bool   // begins with a capital letter or a digit
	shout      bool   // has no small letters
	digits     bool   // has digits
	letters    bool   // has letters
}

// Find finds the aircraft that a running text names: models in any spelling and
// variant (Tu-95MS, SU 27, F-16AM, RC‑135U), their plurals, and names. A name
// that is also an English word counts only with a capital letter and something
// that says that an aircraft is meant: a plural, a number, a nation, a variant
// letter, a word for an aircraft or the model beside it. "Tu-95MS (Bear-H)" is
// one span.
func Find(text string) []Span {
	words := splitWords(text)
	var found []candidate
	for i := 0; i < len(words); i++ {
		c, n := nameAt(text, words, i)
		if n == 0 {
			continue
		}
		c.sure = !c.plain || meansAircraft(text, words, i, i+n, c)
		c.first, c.last = i, i+n-1
		found = append(found, c)
		i += n - 1
	}
	return merge(text, found)
}

// candidate is a name that was seen and whether it is surely an aircraft's.
type candidate struct {
	Span
	types       []int
	plain, sure bool
	variant     bool // a variant letter follows: Bear-F
	first, last int  // words
}

func splitWords(text string) []word {
	var out []word
	start := -1
	for i, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			out = append(out, makeWord(text, start, i))
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, makeWord(text, start, len(text)))
	}
	return out
}

func makeWord(text string, start, end int) word {
	s := text[start:end]
	first, _ := utf8.DecodeRuneInString(s)
	return word{
		start: start, end: end, key: fold(s),
		upper:   unicode.IsUpper(first) || unicode.IsDigit(first),
		shout:   strings.IndexFunc(s, unicode.IsLower) < 0,
		digits:  strings.IndexFunc(s, unicode.IsDigit) >= 0,
		letters: strings.IndexFunc(s, unicode.IsLetter) >= 0,
	}
}

// nameAt reads the longest name that begins at word i, and tells of how many
// words it is.
func nameAt(text string, words []word, i int) (best candidate, n int) {
	if !begins(words[i].key) {
		return best, 0
	}
	key := ""
	for j := i; j < len(words) && j < i+maxJoin; j++ {
		if j > i && !joins(text[words[j-1].end:words[j].start]) {
			break
		}
		key += words[j].key
		if len(key) > longestKey()+6 {
			break
		}
		if c, ok := lookUp(text, words, i, j, key); ok {
			best, n = c, j-i+1
		}
	}
	if n > 0 {
		n += best.extend(text, words, i+n)
	}
	return best, n
}

// joins reports whether what stands between two words may stand within a name.
func joins(gap string) bool {
	switch gap {
	case "-", " ", "/", ".", "\u2010", "\u2011", "\u2012", "\u2013", "\u00a0", "\u202f", "\u00ad":
		return true
	}
	return false
}

// lookUp finds the name spelt by the words i to j.
func lookUp(text string, words []word, i, j int, key string) (candidate, bool) {
	start, end := words[i].start, words[j].end
	base, plural := key, false
	n := nameTable()[key]
	if strings.HasSuffix(text[start:end], "s") && nameTable()[strings.TrimSuffix(key, "s")] != nil {
		base = strings.TrimSuffix(key, "s") // Su-27s are many, though there is a Su-27S
		n, plural = nameTable()[base], true
	}
	if n == nil {
		if j > i && text[words[j-1].end:words[j].start] != "-" && !strings.ContainsAny(words[j].key[:min(1, len(words[j].key))], "0123456789") && len(words[j].key) > 1 {
			return candidate{}, false // SU27/RU, F-16 BODO, MIG31 X2
		}
		if base = variantOf(text[start:end], key); base == "" {
			return candidate{}, false
		}
		n, plural = nameTable()[base], strings.HasSuffix(text[start:end], "s")
	}
	if !spelt(text, words, i, j, n, base) {
		return candidate{}, false
	}
	return candidate{
		Span:  Span{Start: start, End: end, Plural: plural, Model: n.model},
		types: n.types, plain: n.plain,
	}, true
}

// variantOf gives the longest model that the key is a variant of: tu22m of
// Tu-22M3, f16 of F-16AM. The letters added must be capitals.
func variantOf(written, key string) string {
	for cut := len(key) - 1; cut >= 2 && len(key)-cut <= 6; cut-- {
		n := nameTable()[key[:cut]]
		if n == nil || !n.model {
			continue
		}
		tail := strings.TrimSuffix(written[len(written)-(len(key)-cut):], "s")
		if tail == "" || isDigit(key[cut-1]) == isDigit(tail[0]) || strings.IndexFunc(tail, notVariant) >= 0 {
			continue
		}
		if len(tail) > 1 && isDigit(tail[0]) && tail[len(tail)-1] != 'M' {
			continue
		}
		return key[:cut]
	}
	return ""
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func notVariant(r rune) bool { return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }

// spelt refuses what only looks like a name: an 26 (year old), A50 (a road), e 3.
func spelt(text string, words []word, i, j int, n *name, key string) bool {
	if !n.model {
		return words[i].upper || !n.plain && len(key) > 4
	}
	if j == i { // all in one word: TU95, F16, su27
		letters := strings.IndexFunc(key, unicode.IsDigit)
		switch {
		case letters < 0 || letters > 1 || len(key) > 4:
			return true
		case letters == 0:
			return false
		case len(key) == 2 || key[0] == 'a' || key[0] == 'm' || key[0] == 'c':
			return words[i].shout && counted(text, words, i)
		}
		return words[i].upper || counted(text, words, i)
	}
	gap := text[words[i].end:words[i+1].start]
	if !words[i].letters {
		return strings.Contains(key, "737") || strings.Contains(key, "747") || strings.Contains(key, "777")
	}
	if gap != " " && gap != "\u00a0" && gap != "\u202f" && gap != "." {
		return words[i].upper || len(words[j].key) > 1 && words[i].key != "a" || len(words[i].key) > 1 && words[i].key != "an" && words[i].key != "il"
	}
	switch {
	case gap == ".":
		return false
	case len(words[i].key) == 1 && j == i+1:
		return words[i].shout && counted(text, words, i)
	case words[i].key == "an":
		return words[i].shout && !strings.HasPrefix(text[words[j].end:], "-year")
	}
	return words[i].upper || words[i].key == "su" || words[i].key == "tu" || words[i].key == "mig"
}

// extend takes a variant letter that follows a name: Bear-F, Bear H, F-16C/D.
func (c *candidate) extend(text string, words []word, next int) int {
	if next >= len(words) {
		return 0
	}
	w := words[next]
	gap := text[c.End:w.start]
	if !w.shout || w.digits || len(w.key) != 1 || w.end-w.start != 1 {
		return 0
	}
	if gap == "-" || gap == "\u2011" || gap == "/" || gap == " " && !c.Model && !strings.Contains("ais", w.key) {
		if c.Model && gap != "/" {
			return 0
		}
		c.End, c.variant = w.end, true
		return 1
	}
	return 0
}

// merge drops names that may be mere words, and joins neighbours that agree.
func merge(text string, found []candidate) []Span {
	var out []Span
	for k := range found {
		c := &found[k]
		if !c.sure && !(k > 0 && agree(text, &found[k-1], c) || k+1 < len(found) && agree(text, c, &found[k+1])) {
			continue
		}
		if len(out) > 0 && k > 0 && found[k-1].End == c.Start {
			continue
		}
		if k > 0 && len(out) > 0 && out[len(out)-1].End >= found[k-1].End && agree(text, &found[k-1], c) {
			out[len(out)-1].join(text, c)
			c.types = shared(found[k-1].types, c.types)
			continue
		}
		c.Types = typesOf(c.types)
		out = append(out, c.Span)
	}
	return out
}

// join takes a neighbour into a span, with the bracket or quote that closes
// behind it.
func (s *Span) join(text string, c *candidate) {
	opened := strings.ContainsAny(text[s.End:c.Start], "(“\"'‘")
	s.End = c.End
	if opened {
		for _, closing := range []string{")", "”", "\"", "'", "’"} {
			if strings.HasPrefix(text[s.End:], closing) {
				s.End += len(closing)
				break
			}
		}
	}
	s.Plural = s.Plural || c.Plural
	s.Model = s.Model || c.Model
	var types []Type
	for _, t := range s.Types {
		if slices.ContainsFunc(c.types, func(i int) bool { return table()[i].Name == t.Name }) {
			types = append(types, t)
		}
	}
	if len(types) > 0 {
		s.Types = types
	}
}

// agree reports whether two names stand side by side and may mean one type.
func agree(text string, a, b *candidate) bool {
	gap := text[a.End:b.Start]
	if len(gap) > 4 || strings.IndexFunc(gap, func(r rune) bool { return !strings.ContainsRune(" (/-“”\"'‘’\u2011\u00a0", r) }) >= 0 {
		return false
	}
	if b.plain && !b.variant && dateFollows(text[b.End:]) {
		return false
	}
	return len(shared(a.types, b.types)) > 0
}

// dateFollows tells "Il-38 May" from "Il-38 May 2020".
func dateFollows(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	return rest != "" && isDigit(rest[0])
}

// shared gives the types of a that b may mean too, by designator.
func shared(a, b []int) []int {
	var out []int
	for _, i := range a {
		if slices.Contains(b, i) {
			out = append(out, i)
		}
	}
	return out
}

func typesOf(indexes []int) []Type {
	out := make([]Type, len(indexes))
	for k, i := range indexes {
		out[k] = table()[i]
	}
	return out
}
