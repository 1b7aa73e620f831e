package cql2

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	end    kind = iota
	ident       // name or keyword
	quoted      // "name"
	text        // 'text'
	number      // unsigned
	symbol      // ( ) , and operators
)

// token is one word of a filter in text.
type token struct {
	kind  kind
	text  string // of ident, quoted and text: the content
	upper string // of ident: in capitals, as keywords are compared
	from  int    // byte offsets in the source
	to    int
}

// is reports whether the token is a given keyword or symbol.
func (t token) is(word string) bool {
	switch t.kind {
	case ident:
		return t.upper == word
	case symbol:
		return t.text == word
	}
	return false
}

// column counts characters from 1.
func column(src string, offset int) Place {
	return Place{Column: utf8.RuneCountInString(src[:min(offset, len(src))]) + 1}
}

// lex cuts a text into tokens; the last one is the end.
func lex(src string) ([]token, error) {
	var out []token
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRuneInString(src[i:])
		from := i
		switch {
		case unicode.IsSpace(r):
			i += size
			continue
		case r == '\'':
			content, to, err := lexText(src, i)
			if err != nil {
				return nil, err
			}
			out = append(out, token{kind: text, text: content, from: from, to: to})
			i = to
		case r == '"':
			content, to, err := lexQuoted(src, i)
			if err != nil {
				return nil, err
			}
			out = append(out, token{kind: quoted, text: content, from: from, to: to})
			i = to
		case r >= '0' && r <= '9', r == '.' && i+1 < len(src) && src[i+1] >= '0' && src[i+1] <= '9':
			i = numberEnd(src, i)
			out = append(out, token{kind: number, text: src[from:i], from: from, to: i})
		case nameStart(r):
			for i < len(src) {
				r, size := utf8.DecodeRuneInString(src[i:])
				if !namePart(r) {
					break
				}
				i += size
			}
			out = append(out, token{kind: ident, text: src[from:i], upper: strings.ToUpper(src[from:i]), from: from, to: i})
		default:
			word := string(r)
			if i+1 < len(src) && (src[i:i+2] == "<>" || src[i:i+2] == "<=" || src[i:i+2] == ">=") {
				word = src[i : i+2]
			}
			if r == utf8.RuneError || !strings.Contains("()+-*/%^=<>,", string(r)) {
				return nil, fail(column(src, i), "unexpected character %q", r)
			}
			i += len(word)
			out = append(out, token{kind: symbol, text: word, from: from, to: i})
		}
	}
	return append(out, token{kind: end, from: len(src), to: len(src)}), nil
}

// lexText reads a text in single quotes; a quote inside is doubled or follows a
// backslash. A backslash before anything else stays, as LIKE needs it.
func lexText(src string, i int) (content string, to int, err error) {
	var b strings.Builder
	for j := i + 1; j < len(src); j++ {
		switch {
		case src[j] == '\\' && j+1 < len(src) && src[j+1] == '\'':
			b.WriteByte('\'')
			j++
		case src[j] == '\'' && j+1 < len(src) && src[j+1] == '\'':
			b.WriteByte('\'')
			j++
		case src[j] == '\'':
			return b.String(), j + 1, nil
		default:
			b.WriteByte(src[j])
		}
	}
	return "", 0, fail(column(src, i), "this text has no closing quote (')")
}

func lexQuoted(src string, i int) (content string, to int, err error) {
	n := strings.IndexByte(src[i+1:], '"')
	if n < 0 {
		return "", 0, fail(column(src, i), `this name has no closing quote (")`)
	}
	return src[i+1 : i+1+n], i + n + 2, nil
}

func numberEnd(src string, i int) int {
	digits := func() {
		for i < len(src) && src[i] >= '0' && src[i] <= '9' {
			i++
		}
	}
	digits()
	if i < len(src) && src[i] == '.' {
		i++
		digits()
	}
	if i < len(src) && (src[i] == 'e' || src[i] == 'E') {
		mark := i
		i++
		if i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		first := i
		digits()
		if i == first {
			i = mark
		}
	}
	return i
}

func nameStart(r rune) bool { return r == '_' || r == ':' || unicode.IsLetter(r) }

func namePart(r rune) bool { return nameStart(r) || r == '.' || unicode.IsDigit(r) }
