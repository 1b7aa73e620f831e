package intake

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"interceptlog/internal/aircraft"
	"interceptlog/internal/geo"
)

// token is a word, a sign, or a whole name of an aircraft.
type token struct {
	start, end int
	low        string         // in small letters, without a possessive s; the sign itself
	upper      bool           // begins with a capital letter
	shout      bool           // has no small letters
	word       bool           // not a sign
	possessive bool           // Norway's
	span       *aircraft.Span // the aircraft that it names
	sentence   int
}

// document is a text taken apart.
type document struct {
	text      string
	tokens    []token
	sentences [][2]int // first token and one past the last
	parties   []party
	events    []event
	atlas     *geo.Atlas
	named     []placeMention // found once
	capitals  bool           // written in capitals, as telegrams are
}

// parse takes a text apart into words, signs, aircraft names and sentences.
func parse(text string, atlas *geo.Atlas) *document {
	d := &document{text: text, atlas: atlas}
	spans := aircraft.Find(parted(text))
	at := 0
	for k := range spans {
		d.scan(at, spans[k].Start)
		s := &spans[k]
		if n := s.End - 2; n > s.Start && text[n] == ' ' && strings.IndexByte("NSEW", text[n+1]) >= 0 && strings.HasPrefix(lower(text[s.End:min(len(text), s.End+4)]), " of ") {
			s.End = n // "Il-20 W of Ventspils"
		}
		d.tokens = append(d.tokens, token{start: s.Start, end: s.End, low: lower(text[s.Start:s.End]), upper: true, word: true, span: s,
			shout: strings.IndexFunc(text[s.Start:s.End], unicode.IsLower) < 0})
		at = s.End
	}
	d.scan(at, len(text))
	d.split()
	d.capitals = d.shouting()
	return d
}

var (
	countedName = regexp.MustCompile(`\b\d{1,2}[xX][A-Za-z]{1,3}-?\d`)
	setHead     = regexp.MustCompile(`//|^[A-Z]{2,12}/`)
)

// parted puts blanks and bars, byte for byte, where a name of an aircraft is
// glued to what is none of it: "2xEF2000", "P8/NO" in a message of sets.
func parted(text string) string {
	b := []byte(text)
	for _, at := range countedName.FindAllStringIndex(text, -1) {
		b[at[0]+bytes.IndexAny(b[at[0]:at[1]], "xX")] = ' '
	}
	if setHead.MatchString(text) {
		b = bytes.ReplaceAll(b, []byte("/"), []byte("|"))
	}
	return string(b)
}

// scan reads words and signs between two offsets.
func (d *document) scan(from, to int) {
	for i := from; i < to; {
		r, n := utf8.DecodeRuneInString(d.text[i:to])
		switch {
		case wordRune(r):
			end := d.wordEnd(i, to)
			d.addWord(i, end)
			i = end
		case r == '\n':
			d.tokens = append(d.tokens, token{start: i, end: i + n, low: "\n"})
			i += n
		case unicode.IsSpace(r):
			i += n
		case strings.HasPrefix(d.text[i:to], "//"):
			d.tokens = append(d.tokens, token{start: i, end: i + 2, low: "//"})
			i += 2
		default:
			d.tokens = append(d.tokens, token{start: i, end: i + n, low: d.text[i : i+n]})
			i += n
		}
	}
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// wordEnd is where the word at i ends: hyphens and apostrophes within it belong
// to it, points only within numbers and abbreviations such as U.S.
func (d *document) wordEnd(i, to int) int {
	start := i
	for i < to {
		r, n := utf8.DecodeRuneInString(d.text[i:to])
		if wordRune(r) {
			i += n
			continue
		}
		next, _ := utf8.DecodeRuneInString(d.text[min(i+n, to):to])
		prev, size := utf8.DecodeLastRuneInString(d.text[start:i])
		inside := wordRune(next)
		switch {
		case (r == '-' || r == '\'' || r == '’' || r == '\u2011') && inside:
		case (r == '.' || r == ',') && inside && unicode.IsDigit(prev) && unicode.IsDigit(next):
		case r == '.' && i-size == start && next == 'm' && (prev == 'a' || prev == 'p'): // 4.42 p.m.
		case r == '.' && (i-size == start || strings.HasPrefix(d.text[start+1:i], ".")) && unicode.IsUpper(prev) && (unicode.IsUpper(next) || i-size > start):
		default:
			return i
		}
		i += n
	}
	return i
}

func (d *document) addWord(start, end int) {
	s := d.text[start:end]
	first, _ := utf8.DecodeRuneInString(s)
	t := token{start: start, end: end, low: lower(s), word: true, upper: unicode.IsUpper(first),
		shout: strings.IndexFunc(s, unicode.IsLower) < 0}
	for _, own := range []string{"'s", "’s"} {
		if strings.HasSuffix(t.low, own) {
			t.low, t.possessive = strings.TrimSuffix(t.low, own), true
		}
	}
	t.low = strings.ReplaceAll(t.low, "\u2011", "-")
	d.tokens = append(d.tokens, t)
}

// abbreviations do not end a sentence with their point.
var abbreviations = set("approx ft yd yds no nr lt col gen maj capt mr mrs dr st vs jan feb mar apr jun jul aug sept sep oct nov dec ca est a.m p.m u.s u.k mt cf e.g i.e")

// longestSentence bounds what is looked through for one word, tokens: longer
// than any sentence that a person writes.
const longestSentence = 250

// split finds the sentences.
func (d *document) split() {
	begin := 0
	for i := range d.tokens {
		d.tokens[i].sentence = len(d.sentences)
		if d.endsSentence(i) || i-begin >= longestSentence {
			d.sentences = append(d.sentences, [2]int{begin, i + 1})
			begin = i + 1
		}
	}
	if begin < len(d.tokens) {
		d.sentences = append(d.sentences, [2]int{begin, len(d.tokens)})
	}
}

func (d *document) endsSentence(i int) bool {
	switch d.tokens[i].low {
	case "!", "?", "//":
		return true
	case ".":
		if i > 0 && (abbreviations[d.tokens[i-1].low] || d.tokens[i-1].end-d.tokens[i-1].start == 1 && d.tokens[i-1].upper) {
			return false
		}
		return i+1 >= len(d.tokens) || !d.tokens[i+1].word || !unicode.IsLower(firstRune(d.text[d.tokens[i+1].start:]))
	case "\n":
		return d.lineEnds(i)
	}
	return false
}

// lineEnds tells a line break that ends a sentence from one that only wraps it:
// a wrapped line is long and the next goes on in small letters or is long too.
func (d *document) lineEnds(i int) bool {
	if i+1 >= len(d.tokens) || i == 0 || !d.tokens[i+1].word || !d.tokens[i-1].word && d.tokens[i-1].low != "," {
		return true
	}
	if unicode.IsLower(firstRune(d.text[d.tokens[i+1].start:])) || d.tokens[i-1].low == "," {
		return false
	}
	begin := strings.LastIndexByte(d.text[:d.tokens[i].start], '\n') + 1
	return d.tokens[i].start-begin < 50
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// low is the word at a token, empty outside the text.
func (d *document) low(i int) string {
	if i < 0 || i >= len(d.tokens) {
		return ""
	}
	return d.tokens[i].low
}

// same reports whether both tokens are of one sentence.
func (d *document) same(i, j int) bool {
	return i >= 0 && j >= 0 && i < len(d.tokens) && j < len(d.tokens) && d.tokens[i].sentence == d.tokens[j].sentence
}

// set makes a set of words.
func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
