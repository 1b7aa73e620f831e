package hotline

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
	"time"

	"interceptlog/internal/incidents"
)

// research is the real record: 115 incidents and the contacts linked to them.
func research(t testing.TB) (incs []incidents.Incident, contacts map[incidents.ID][]Linked) {
	t.Helper()
	type row struct {
		RecordType  string `json:"record_type"`
		ID          string `json:"id"`
		Start       string `json:"date_time_start"`
		Time        string `json:"date_time"`
		Precision   string `json:"time_precision"`
		Region      string
		Severity    string
		Outcome     string
		Relation    string
		Channel     Channel
		IncidentIDs []string `json:"linked_incident_ids"`
	}
	read := func(name string, fn func(row)) {
		f, err := os.Open("../../testdata/research/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var r row
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			fn(r)
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	when := func(text, precision string) incidents.Moment {
		for _, layout := range []string{time.RFC3339, "2006-01-02", "2006-01", "2006"} {
			if at, err := time.Parse(layout, text); err == nil {
				return incidents.At(at, incidents.Precision(precision), text)
			}
		}
		t.Fatalf("cannot read time %q", text)
		return incidents.Moment{}
	}
	as := func(code string, words map[string]string) string {
		if w, ok := words[code]; ok {
			return w
		}
		return code
	}
	read("incidents.ndjson", func(r row) {
		incs = append(incs, incidents.Incident{
			ID:      incidents.ID(r.ID),
			Derived: incidents.Place{Region: r.Region},
			Record:  incidents.Record{Start: when(r.Start, r.Precision), Severity: r.Severity, Absence: "public_sources"},
		})
	})
	contacts = map[incidents.ID][]Linked{}
	read("hotline.ndjson", func(r row) {
		if r.RecordType != "contact" {
			return
		}
		r.Channel.Kind = as(r.Channel.Kind, map[string]string{"ambassador_summons": "summons"})
		for _, inc := range r.IncidentIDs {
			l := Linked{
				Contact: Contact{
					ID: ContactID(r.ID), Channel: r.Channel, Start: when(r.Time, r.Precision),
					Outcome: as(r.Outcome, map[string]string{"reply_by_letter": "replied"}), Purpose: incidents.Unknown,
				},
				LinkedAs: Link{
					ContactID: ContactID(r.ID), IncidentID: incidents.ID(inc), Linked: true,
					Relation: as(r.Relation, map[string]string{"followed_incident": "prompted_by", "coincident_not_prompted_by_incident": "coincident", "general": "discussed"}),
				},
			}
			contacts[incidents.ID(inc)] = append(contacts[incidents.ID(inc)], l)
		}
	})
	return incs, contacts
}

// The real record, under the default policy and under one that asks everybody
// for any contact within 24 h (DESIGN §4: 28 of 115 have one that got
// through, and by the clocks alone none is certainly in time).
func TestResearch(t *testing.T) {
	incs, contacts := research(t)
	policy := Policy{Version: 1, Rules: DefaultRules()}
	now := incidents.MillisOf(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	all, through, certain := map[string]int{}, map[string]int{}, 0
	links, byLink, direct := 0, 0, 0
	statuses := map[Status]int{}
	for _, inc := range incs {
		a := Assess(inc, policy.For(inc.Record.Severity, inc.Derived.Region), contacts[inc.ID], now)
		statuses[a.Status()]++
		all[inc.Record.Severity]++
		for _, l := range contacts[inc.ID] {
			if basis, whyNot := BasisOf(inc, l); basis != "" {
				links++
				if basis == BasisLink {
					byLink++
				}
			} else if l.LinkedAs.Relation == "prompted_by" && EndedBefore(l.Contact, inc) {
				t.Errorf("%s was prompted by %s and %s", l.ID, inc.ID, whyNot)
			}
		}
		if a.Through == 0 {
			continue
		}
		through[inc.Record.Severity]++
		first := a.FirstDiplomatic
		if a.FirstDirect != nil && a.FirstDirect.Max <= a.FirstContact.Max {
			first = a.FirstDirect
			direct++
		}
		if *first != *a.FirstContact {
			t.Errorf("%s: first contact %v, yet first of either kind %v", inc.ID, *a.FirstContact, *first)
		}
		if s := Assess(inc, ruleAny, contacts[inc.ID], now); s.StrictWorst == Followed {
			certain++
			t.Logf("%s: within 24 h by the clocks alone, %s", inc.ID, FormatBounds(*a.FirstContact))
		}
		checkWords(t, Explain(Case{Incident: inc, Assessment: a, Contacts: contacts[inc.ID]}))
	}
	for _, tt := range []struct {
		severity     string
		all, through int
	}{{"high_risk", 8, 5}, {"serious", 42, 18}, {"near_routine", 65, 5}} {
		if all[tt.severity] != tt.all || through[tt.severity] != tt.through {
			t.Errorf("%s: %d of %d got through, want %d of %d", tt.severity, through[tt.severity], all[tt.severity], tt.through, tt.all)
		}
	}
	if n := through["high_risk"] + through["serious"] + through["near_routine"]; n != 28 || len(incs) != 115 {
		t.Errorf("%d of %d got through, want 28 of 115", n, len(incs))
	}
	if certain != 0 {
		t.Errorf("%d are certainly within 24 h by the clocks alone, want none", certain)
	}
	t.Logf("counting links %d, of them by the link %d; direct first %d; statuses %v", links, byLink, direct, statuses)
}
