package assets

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// readThemes gives the colours of each theme by the name of the token, from the
// source, so that a colour is tested before a stylesheet is built from it. A
// theme is "dusk", "day", "night", "red" or "paper".
func readThemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile("src/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile(`(?s):root\[data-theme(?:="(\w+)")?\] \{(.*?)\}`)
	token := regexp.MustCompile(`--([\w-]+): (#[0-9a-fA-F]{3,8});`)
	themes := map[string]map[string]string{}
	for _, b := range block.FindAllStringSubmatch(string(text), -1) {
		name := b[1]
		if name == "" {
			name = "paper"
		}
		themes[name] = map[string]string{}
		for _, m := range token.FindAllStringSubmatch(b[2], -1) {
			themes[name][m[1]] = m[2]
		}
	}
	return themes
}

// channels gives red, green and blue of #rgb, #rrggbb or #rrggbbaa, 0 to 255;
// the alpha is left out.
func channels(t *testing.T, colour string) (c [3]float64) {
	t.Helper()
	digits := colour[1:]
	if len(digits) == 3 {
		digits = fmt.Sprintf("%c%[1]c%c%[2]c%c%[3]c", digits[0], digits[1], digits[2])
	}
	for i := range c {
		v, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatalf("colour %q: %v", colour, err)
		}
		c[i] = float64(v)
	}
	return c
}

// luminance is the relative luminance of WCAG 2.2, 0 to 1.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, c := range channels(t, colour) {
		c /= 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += c * [3]float64{0.2126, 0.7152, 0.0722}[i]
	}
	return sum
}

// contrast is the ratio of WCAG 2.2 between two colours, 1 to 21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// pairs are the colours that stand on each other somewhere: WCAG asks for 4.5
// where it is text and for 3 where it is a part of a control or a picture.
var pairs = []struct {
	front []string
	on    []string
	least float64
}{
	{[]string{"ink", "ink-2", "ink-3", "you", "due", "late"}, []string{"ground", "panel", "sunk", "lift"}, 4.5},
	{[]string{"on-you"}, []string{"you"}, 4.5},
	{[]string{"on-due"}, []string{"due"}, 4.5},
	{[]string{"on-late"}, []string{"late"}, 4.5},
	{[]string{"ink", "ink-2", "ink-3"}, []string{"water", "land"}, 4.5},
	{[]string{"edge", "hatch"}, []string{"ground", "panel", "sunk", "lift"}, 3},
	{[]string{"coast"}, []string{"land", "water"}, 3},
	{[]string{"you", "due", "late"}, []string{"water", "land"}, 3},
}

func TestContrast(t *testing.T) {
	themes := readThemes(t)
	for _, name := range []string{"day", "dusk", "night", "red", "paper"} {
		theme := themes[name]
		if theme == nil {
			t.Errorf("there is no theme %s", name)
			continue
		}
		for _, p := range pairs {
			for _, front := range p.front {
				for _, on := range p.on {
					if theme[front] == "" || theme[on] == "" {
						t.Errorf("%s has no %s or no %s", name, front, on)
						continue
					}
					if got := contrast(t, theme[front], theme[on]); got < p.least {
						t.Errorf("%s: %s %s on %s %s is %.2f:1, want %.1f", name, front, theme[front], on, theme[on], got, p.least)
					}
				}
			}
		}
	}
}

// TestThemesNameTheSame holds that no theme forgets a colour, which it would
// then take from dusk.
func TestThemesNameTheSame(t *testing.T) {
	themes := readThemes(t)
	for name, theme := range themes {
		for token := range themes["dusk"] {
			if theme[token] == "" {
				t.Errorf("%s lacks %s", name, token)
			}
		}
	}
}

// TestDarkThemes holds the limits of the dark: no colour of night or red is
// brighter than 0.22, and red lights the red channel alone.
func TestDarkThemes(t *testing.T) {
	themes := readThemes(t)
	for _, name := range []string{"night", "red"} {
		for token, colour := range themes[name] {
			if l := luminance(t, colour); l > 0.22 {
				t.Errorf("%s: %s %s has a luminance of %.3f", name, token, colour, l)
			}
		}
	}
	for token, colour := range themes["red"] {
		if c := channels(t, colour); c[1] != 0 || c[2] != 0 {
			t.Errorf("red: %s %s has green or blue in it", token, colour)
		}
	}
}

// TestColoursAreTokens keeps literal colours out of the other stylesheets: a
// theme cannot reach them. Print is black on white whatever the theme.
func TestColoursAreTokens(t *testing.T) {
	entries, err := os.ReadDir("src/css")
	if err != nil {
		t.Fatal(err)
	}
	comment := regexp.MustCompile(`(?s)/\*.*?\*/`)
	literal := regexp.MustCompile(`:[^;{}]*(#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|lab)\(|[ (](?:white|black|gr[ae]y|red|blue|green|orange|yellow)\b)`)
	read := 0
	for _, e := range entries {
		if e.Name() == "tokens.css" || e.Name() == "print.css" {
			continue
		}
		text, err := os.ReadFile("src/css/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		read++
		for _, m := range literal.FindAllString(comment.ReplaceAllString(string(text), ""), -1) {
			t.Errorf("%s: %s", e.Name(), m)
		}
	}
	if read < 15 {
		t.Errorf("only %d stylesheets were read", read)
	}
}
