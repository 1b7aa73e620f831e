package web_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// wordsOf gives the text of a part of a page with one blank between elements,
// as one reads it.
func wordsOf(s *selection) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for _, n := range s.Nodes {
		walk(n)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestHelpHasEveryWord(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	a := s.get(t, access.Analyst, "/help")
	if a.status != http.StatusOK {
		t.Fatal(a.status)
	}
	words := wordsOf(a.doc.Find(".terms"))
	for name, list := range map[string]incidents.Vocabulary{
		"severities": incidents.Severities, "precisions": incidents.Precisions, "position bases": incidents.PositionBases, "transponders": incidents.Transponders, "flight plans": incidents.FlightPlans,
		"radio": incidents.RadioContacts, "airspace": incidents.AirspaceKinds, "regions": incidents.RegionCodes, "absences": incidents.Absences, "platforms": incidents.PlatformKinds, "behaviours": incidents.Behaviours,
		"reports": incidents.StatusCodes, "checks": incidents.RiskyFields, "statuses": incidents.Deescalations, "kinds": hotline.Kinds, "outcomes": hotline.Outcomes, "purposes": hotline.Purposes, "relations": hotline.Relations, "lines": hotline.LineStates,
	} {
		for _, term := range list {
			if want := term.Word + " " + term.Code + " " + term.Meaning; !strings.Contains(words, strings.Join(strings.Fields(want), " ")) {
				t.Errorf("%s: the page lacks %q", name, want)
			}
		}
	}
	a.doc.Find(".contents a").Each(func(_ int, l *selection) {
		if a.doc.Find(l.AttrOr("href", "#none")).Length() != 1 {
			t.Errorf("%s leads nowhere", l.Text())
		}
	})
}

func TestHelpTellsPolicyRightsAndSteps(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	a := s.get(t, access.Analyst, "/help")
	text := func(testid string) string { return wordsOf(a.doc.Find("[data-testid=" + testid + "]")) }
	for testid, wants := range map[string][]string{
		"policy": {"Near-routine everywhere none", "Serious everywhere any contact 24 h", "High risk everywhere a direct contact 1 h"},
		"roles":  {"wall yes no no no no no", "viewer yes yes no no no no", "analyst you yes yes yes no no no", "supervisor yes yes yes yes yes no", "admin yes yes yes yes yes yes"},
		"workflow": {"submit new, draft submitted officer, supervisor, admin every required field", "verify submitted verified supervisor, admin; never who wrote it all five fields ticked", "return verified submitted supervisor, admin a remark",
			"close verified closed supervisor, admin nothing", "reopen closed submitted supervisor, admin a reason", "merge submitted, verified, closed retracted supervisor, admin the number of the incident that stays", "retract draft, submitted, verified, closed retracted supervisor, admin a reason"},
		"times":     {"141630ZMAR23 141630ZMAR23, exact", "141630BMAR23 141430ZMAR23, exact", "year 2023 from 010000ZJAN23 to 010000ZJAN24, one year"},
		"positions": {"5854N 02230E", "58.9, 22.5"},
	} {
		for _, want := range wants {
			if !strings.Contains(text(testid), want) {
				t.Errorf("%s lacks %q: %s", testid, want, text(testid))
			}
		}
	}
	if a.doc.Find("#files a[href^='/export/']").Length() == 0 {
		t.Error("an analyst is not told of the exports")
	}
	if s.get(t, access.Viewer, "/help").doc.Find("#files a[href^='/export/']").Length() != 0 {
		t.Error("a viewer is sent to exports that are forbidden")
	}
}

// TestHelpHasEveryKey compares the list with the bindings of the script.
func TestHelpHasEveryKey(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	listed := map[string]bool{}
	s.get(t, access.Officer, "/help").doc.Find("[data-testid=keys] kbd").Each(func(_ int, k *selection) { listed[strings.ToLower(k.Text())] = true })
	source, err := os.ReadFile("assets/src/keys.ts")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^  \{ keys: "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		key := strings.NewReplacer("+", " ", "0 … 9", "0–9").Replace(strings.ToLower(m[1]))
		if !listed[key] {
			t.Errorf("the list lacks %q", m[1])
		}
	}
}
