package view

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/keys.md again")

// keyName brings the spellings of a key in pages, scripts and the list
// together.
func keyName(s string) string {
	return strings.NewReplacer("+", " ", " … ", "–").Replace(strings.ToLower(s))
}

// TestEveryKeyIsListed holds the list of keys, which /help and docs/keys.md
// show, against the bindings themselves: those of the script, and every
// data-key of a page.
func TestEveryKeyIsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, g := range keyGroups() {
		for _, k := range g.keys {
			listed[keyName(k.Key)] = true
		}
	}
	pages, err := filepath.Glob("*.templ")
	if err != nil || len(pages) == 0 {
		t.Fatal(err, pages)
	}
	bound := 0
	for file, pattern := range map[string]*regexp.Regexp{"../assets/src/keys.ts": regexp.MustCompile(`(?m)^  \{ keys: "([^"]+)"`), "": regexp.MustCompile(`data-key="([^"]+)"`)} {
		files := []string{file}
		if file == "" {
			files = pages
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
				bound++
				if !listed[keyName(m[1])] {
					t.Errorf("%s binds %q, which the list of keys lacks", f, m[1])
				}
			}
		}
	}
	if bound < 20 {
		t.Errorf("only %d bindings were found", bound)
	}
}

// TestKeysPage keeps docs/keys.md, the keys on one page, as the list has them.
func TestKeysPage(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("# The keys on one page\n\nMade from the list that `/help` shows, which a test holds against the bindings\n(`go test ./web/view -update` writes it again). Single letters never act inside\na text field, and can be turned off in the profile; keys with Ctrl or Alt stay.\n")
	for _, g := range keyGroups() {
		fmt.Fprintf(&b, "\n## %s\n\n| key | what it does |\n|---|---|\n", g.title)
		for _, k := range g.keys {
			fmt.Fprintf(&b, "| `%s` | %s |\n", strings.ReplaceAll(k.Key, "|", "\\|"), k.Label)
		}
	}
	const path = "../../docs/keys.md"
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(have, b.Bytes()) {
		t.Errorf("docs/keys.md is not what the list says: %v", err)
	}
}
