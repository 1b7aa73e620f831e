package hotline

import (
	"regexp"
	"strings"
	"testing"

	"interceptlog/internal/incidents"
)

// claims are words that would say more than the record does.
var claims = regexp.MustCompile(`(?i)effect|caused|reduced|trend|likely`)

func checkWords(t *testing.T, e Explanation) {
	t.Helper()
	for _, s := range append([]string{e.Headline}, e.Reasons...) {
		if claims.MatchString(s) || strings.Contains(s, "%!") || strings.Contains(s, "  ") || !strings.HasSuffix(s, ".") || strings.HasSuffix(s, "..") {
			t.Errorf("not fit for the page: %q", s)
		}
	}
}

func TestExplain(t *testing.T) {
	const own, public = "own_log", "public_sources"
	over := func(name string) func(*Linked) { return func(l *Linked) { l.Channel.Name = name } }
	summons := []func(*Linked){kind("summons"), outcome("delivered"), over("Foreign-ministry summons / note verbale")}
	rated := func(inc incidents.Incident, severity string) incidents.Incident {
		inc.Record.Severity = severity
		return inc
	}
	lateEntry := incident("exact", own)
	lateEntry.FirstRecordedAt = noon + 9*day
	searchedFor := incident("day", public)
	searchedFor.Record.Searches = []incidents.Search{{Who: "the editors", When: "2026-11", Where: "press and ministries", Outcome: "none_found"}}
	noStart := incident("exact", own)
	noStart.Record.Start = incidents.Moment{}

	for _, tt := range []struct {
		name     string
		inc      incidents.Incident
		rule     Rule
		contacts []Linked
		after    Millis
		want     string
		reasons  []string
	}{
		{"followed", incident("exact", own), ruleDirect, []Linked{contact(30*minute, over("Joint HQ–Northern Fleet line"))}, 2 * hour,
			"A direct call got through after 29 to 31 min, over the Joint HQ–Northern Fleet line; the policy asked for a direct contact within 1 h: in time.",
			[]string{"Since we knew, it took 20 to 21 min."}},
		{"late", incident("hour", own), ruleDirect, []Linked{contact(10*hour, over("Joint HQ–Northern Fleet line"), known("day"), func(l *Linked) { l.Start = moment(20*hour, "day") })}, 2 * day,
			"A direct call got through after 11 to 36 h, over the Joint HQ–Northern Fleet line; the policy asked for a direct contact within 1 h: late.",
			[]string{"Since we knew, it took 11 h 50 to 35 h 50."}},
		{"cannot be told", incident("day", own), ruleAny, []Linked{contact(30*hour, known("day"))}, 9 * day,
			"A direct call got through after 0 to 48 h; the policy asked for any contact within 24 h: in time at best, late at worst.", nil},
		{"public and late", incident("exact", public), ruleDirect, []Linked{contact(30*hour, append(summons, kind("vtc"))...)}, 9 * day,
			"A direct video conference got through after 29 h 59 to 30 h 01 (Foreign-ministry summons / note verbale); the policy asked for a direct contact within 1 h: late, at best in time, since an earlier contact may be unpublished.", nil},
		{"order from the link", incident("day", public), ruleAny, []Linked{contact(0, append(summons, known("day"))...)}, 9 * day,
			"A diplomatic summons got through after 0 to 24 h (Foreign-ministry summons / note verbale); the policy asked for any contact within 24 h: in time.",
			[]string{"Order from the link: the times overlap, and the link says that the contact came after. By the clocks alone: in time at best, not known at worst."}},
		{"order from the link, no matter", incident("day", own), ruleNone, []Linked{contact(0), contact(2*day, id("d"))}, 9 * day,
			"A direct call got through after 0 to 12 h 01; the policy asked for none: a contact was made all the same.",
			[]string{"By the clocks alone the answer is the same.", "First attempt after 0 to 12 h 01. Contacts that count: 2; got through: 2 (direct: 2, diplomatic: 0)."}},
		{"order from the link, none asked for", incident("day", own), ruleNone, []Linked{contact(0)}, 9 * day,
			"A direct call got through after 0 to 12 h 01; the policy asked for none: a contact was made all the same.",
			[]string{"By the clocks alone: a contact at best, none at worst."}},
		{"attempted, counting down", incident("exact", own), ruleDirect, []Linked{contact(5*minute, outcome("refused")), contact(9*minute, id("d"), outcome("no_answer")), contact(12*minute, id("e"), outcome("no_answer"))}, 17 * minute,
			"Tried 3 times (no answer twice, refused), first after 4 to 6 min, nothing got through; the policy asks for a direct contact within 1 h: attempted, 43 min left.", nil},
		{"attempted beside diplomatic", incident("exact", own), ruleDirect, []Linked{contact(50*minute, summons...)}, 4 * hour,
			"A diplomatic summons got through after 49 to 51 min (Foreign-ministry summons / note verbale), nothing direct did; the policy asks for a direct contact within 1 h: attempted, the deadline passed 3 h ago.", nil},
		{"awaiting", incident("exact", own), ruleDirect, nil, 17 * minute,
			"No contact yet; the policy asks for a direct contact within 1 h: awaiting, 43 min left.", nil},
		{"awaiting under an imprecise time", incident("hour", own), ruleDirect, nil, 17 * minute,
			"No contact yet; the policy asks for a direct contact within 1 h: awaiting, at least 43 min left.",
			[]string{"The start is known to the hour only (1412xxZMAR23): the deadline lies between 141300ZMAR23 and 141400ZMAR23, and the countdown runs to the earliest."}},
		{"between the deadlines", incident("hour", own), ruleDirect, nil, hour + 20*minute,
			"No contact yet; the policy asks for a direct contact within 1 h: awaiting at best, overdue at worst, the earliest possible deadline passed 20 min ago, the latest lies 40 min ahead.", nil},
		{"in the minute of the deadline", incident("exact", own), ruleDirect, nil, hour,
			"No contact yet; the policy asks for a direct contact within 1 h: awaiting at best, overdue at worst, the deadline is now.", nil},
		{"overdue", incident("exact", own), ruleDirect, nil, 4 * hour,
			"Nobody tried; the policy asks for a direct contact within 1 h: overdue, the deadline passed 3 h ago.", nil},
		{"overdue, late entry", lateEntry, ruleDirect, nil, 10 * day,
			"Nobody tried; the policy asks for a direct contact within 1 h: overdue, the deadline passed 9 d 23 h ago.",
			[]string{"Late entry: the deadline had passed before we knew, so it raises no alarm."}},
		{"overdue, imprecise", incident("day", own), ruleAny, nil, 10 * day,
			"Nobody tried; the policy asks for any contact within 24 h: overdue, the deadline passed at least 8 d 12 h ago.",
			[]string{"the deadline lies between 150000ZMAR23 and 160000ZMAR23."}},
		{"not known", searchedFor, ruleAny, nil, 10 * day,
			"None on record, and public sources are silent, which proves nothing; the policy asks for any contact within 24 h: not known, the deadline passed at least 8 d 12 h ago.",
			[]string{"Only what was published is known here: a contact may have been made and not published.", "Searched for a contact, none found: the editors, 2026-11, press and ministries."}},
		{"not required", rated(incident("day", own), "near_routine"), ruleNone, []Linked{contact(hour, purpose("line_test")), contact(0, id("d"), relation("coincident"))}, day,
			"Near-routine. None was made; the policy asks for none: nothing was required.",
			[]string{"Counting for nothing: 2 (line test, coincident)."}},
		{"none asked, attempted", rated(incident("exact", own), "near_routine"), ruleNone, []Linked{contact(hour, outcome("line_fault"))}, day,
			"Near-routine. Tried once (line fault), first after 59 min to 1 h 01, nothing got through; the policy asks for none: an attempt was made all the same.", nil},
		{"start not stated", noStart, ruleDirect, nil, day,
			"No contact yet; the policy asks for a direct contact within 1 h: awaiting at best, overdue at worst, and the deadline cannot be told, as the incident's start is not stated.", nil},
		{"start not stated, a call", noStart, ruleDirect, []Linked{contact(0)}, day,
			"A direct call got through after an unknown time; the policy asked for a direct contact within 1 h: in time at best, late at worst.", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.inc.Record.Severity == "" {
				tt.inc = rated(tt.inc, "high_risk")
				tt.want = "High risk. " + tt.want
			}
			a := Assess(tt.inc, tt.rule, tt.contacts, noon+tt.after)
			e := Explain(Case{Incident: tt.inc, Assessment: a, Contacts: tt.contacts})
			checkWords(t, e)
			if e.Headline != tt.want {
				t.Errorf("headline\n got %s\nwant %s", e.Headline, tt.want)
			}
			all := strings.Join(e.Reasons, "\n")
			for _, r := range tt.reasons {
				if !strings.Contains(all, r) {
					t.Errorf("reasons lack %q:\n%s", r, all)
				}
			}
		})
	}

	// Every kind has its noun, and whether it was direct stands before it.
	for _, k := range Kinds.Codes() {
		word := "a diplomatic "
		if IsDirect(k) {
			word = "a direct "
		}
		if got := contactNoun(k); !strings.HasPrefix(got, word) {
			t.Errorf("%s is %q, want %s…", k, got, word)
		}
	}

	// A case from a list comes without its contacts: it still has its answer.
	inc := rated(incident("exact", own), "high_risk")
	a := Assess(inc, ruleDirect, []Linked{contact(30 * minute)}, noon+day)
	want := "High risk. A direct contact got through after 29 to 31 min; the policy asked for a direct contact within 1 h: in time."
	if got := Explain(Case{Incident: inc, Assessment: a}).Headline; got != want {
		t.Errorf("without contacts\n got %s\nwant %s", got, want)
	}
}
