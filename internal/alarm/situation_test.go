package alarm

import (
	"slices"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

var t0 = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

func ms(t time.Time) Millis { return incidents.MillisOf(t) }

// caseOf is an incident that began at t0 and was known a minute later, judged
// by the default policy.
func caseOf(severity string, change func(*incidents.Incident), contacts ...hotline.Linked) hotline.Case {
	inc := incidents.Incident{ID: incidents.ID("inc-" + severity), Number: "2026-0117", Status: incidents.Submitted, FirstRecordedAt: ms(t0.Add(time.Minute)),
		Derived: incidents.Place{Region: "baltic"},
		Record: incidents.Record{Title: "Su-35 near L-410", Severity: severity, Absence: "own_log", Start: incidents.At(t0, incidents.Exact, ""),
			Intercepting: incidents.Party{Nations: []string{"RU"}}, Intercepted: incidents.Party{Nations: []string{"PL"}}}}
	if change != nil {
		change(&inc)
	}
	rule := hotline.Policy{Rules: hotline.DefaultRules()}.For(inc.Record.Severity, inc.Derived.Region)
	return hotline.Case{Incident: inc, Contacts: contacts, Assessment: hotline.Assess(inc, rule, contacts, inc.FirstRecordedAt)}
}

func call(at time.Time, outcome string, retry time.Time) hotline.Linked {
	k := hotline.Linked{Contact: hotline.Contact{ID: "call", Start: incidents.At(at, incidents.Exact, ""), Outcome: outcome, Purpose: "clarify", Channel: hotline.Channel{Kind: "phone"}},
		LinkedAs: hotline.Link{Relation: "prompted_by", Linked: true}}
	if !retry.IsZero() {
		k.RetryAt = ms(retry)
	}
	return k
}

func line(id, state, schedule string) hotline.Line {
	s, err := hotline.ParseSchedule(schedule)
	if err != nil {
		panic(err)
	}
	return hotline.Line{ID: hotline.LineID(id), Short: id, State: state, Tests: s, Regions: []string{"baltic"}, Parties: []string{"NATO", "RU"}}
}

func heard(l hotline.Line, at time.Time, outcome string) map[hotline.LineID]hotline.Contact {
	return map[hotline.LineID]hotline.Contact{l.ID: {ID: "heard", LineID: l.ID, Start: incidents.At(at, incidents.Exact, ""), Outcome: outcome, Purpose: "line_test"}}
}

func TestSituations(t *testing.T) {
	cases := func(list ...hotline.Case) State { return State{Cases: list} }
	lines := func(l hotline.Line) State { return State{Lines: []hotline.Line{l}} }
	day := func(inc *incidents.Incident) { inc.Record.Start = incidents.At(t0, incidents.Day, "") }
	daily, plain := line("A", "in_use", "daily 0300Z"), line("A", "in_use", "")
	for _, tt := range []struct {
		name  string
		state State
		after time.Duration
		want  string // kind key stage action, or nothing
		fact  string // part of the first fact
	}{
		{"high risk, far ahead", cases(caseOf("high_risk", nil)), 44 * time.Minute, "notice incident/inc-high_risk 0 Call", "A direct contact is to be made by 240400ZNOV26."},
		{"high risk, last quarter", cases(caseOf("high_risk", nil)), 45 * time.Minute, "alarm incident/inc-high_risk 1 Call", "is to be made by"},
		{"high risk, past", cases(caseOf("high_risk", nil)), time.Hour, "alarm incident/inc-high_risk 2 Call", "A direct contact was to be made by 240400ZNOV26."},
		{"serious, far ahead", cases(caseOf("serious", nil)), 17*time.Hour + 59*time.Minute, "notice incident/inc-serious 0 Call", ""},
		{"serious, last quarter", cases(caseOf("serious", nil)), 18 * time.Hour, "warning incident/inc-serious 1 Call", "A contact is to be made by 250300ZNOV26."},
		{"serious, past", cases(caseOf("serious", nil)), 25 * time.Hour, "warning incident/inc-serious 2 Call", "was to be made"},
		{"near routine asks for no call", cases(caseOf("near_routine", nil)), 25 * time.Hour, "", ""},
		{"tried in vain", cases(caseOf("high_risk", nil, call(t0.Add(5*time.Minute), "no_answer", time.Time{}))), 50 * time.Minute, "alarm incident/inc-high_risk 1 Call again", ""},
		{"called", cases(caseOf("high_risk", nil, call(t0.Add(5*time.Minute), "connected", time.Time{}))), 50 * time.Minute, "", ""},
		{"retry not due", cases(caseOf("serious", nil, call(t0.Add(5*time.Minute), "no_answer", t0.Add(20*time.Minute)))), 19 * time.Minute, "notice incident/inc-serious 0 Call again", ""},
		{"retry due, serious", cases(caseOf("serious", nil, call(t0.Add(5*time.Minute), "no_answer", t0.Add(20*time.Minute)))), 20 * time.Minute, "warning incident/inc-serious 0 Call again", ""},
		{"retry due, high risk", cases(caseOf("high_risk", nil, call(t0.Add(5*time.Minute), "no_answer", t0.Add(20*time.Minute)))), 20 * time.Minute, "alarm incident/inc-high_risk 0 Call again", ""},
		{"late entry", cases(caseOf("high_risk", func(inc *incidents.Incident) { inc.FirstRecordedAt = ms(t0.Add(2 * time.Hour)) })), 3 * time.Hour, "", ""},
		{"closed", cases(caseOf("high_risk", func(inc *incidents.Incident) { inc.Status = incidents.Closed })), time.Hour, "", ""},
		{"retracted", cases(caseOf("high_risk", func(inc *incidents.Incident) { inc.Status = incidents.Retracted })), time.Hour, "", ""},
		{"public sources, past", cases(caseOf("serious", func(inc *incidents.Incident) { inc.Record.Absence = "public_sources" })), 25 * time.Hour, "", ""},
		// Known to the day only: it began between midnight and midnight, so the
		// earliest possible deadline is at midnight after it.
		{"known to the day, last quarter of the earliest", cases(caseOf("serious", day)), 18 * time.Hour, "warning incident/inc-serious 1 Call", "250000ZNOV26, which is the earliest possible deadline"},
		{"known to the day, between", cases(caseOf("serious", day)), 30 * time.Hour, "warning incident/inc-serious 2 Call", "by 250000ZNOV26 at the earliest, by 260000ZNOV26 at the latest"},

		{"line down", lines(line("A", "down", "")), 0, "warning line/A 0 Have the line restored", "A is down."},
		{"line suspended: nobody here can mend it", lines(line("A", "suspended", "daily 0300Z")), time.Hour, "", ""},
		{"line at fault", State{Lines: []hotline.Line{plain}, Events: []hotline.LineEvent{{ID: "f", LineID: "A", Kind: "fault", From: ms(t0)}}}, time.Minute, "warning line/A 0 Have the line restored", "A is down."},
		{"a fault that is over", State{Lines: []hotline.Line{plain}, Events: []hotline.LineEvent{{ID: "f", LineID: "A", Kind: "fault", From: ms(t0)}, {ID: "r", LineID: "A", Kind: "restored", From: ms(t0.Add(time.Minute))}}}, time.Minute, "", ""},
		{"a planned outage, its test missed", State{Lines: []hotline.Line{daily}, Events: []hotline.LineEvent{{ID: "p", LineID: "A", Kind: "planned_outage", From: ms(t0), To: ms(t0.Add(time.Hour))}}}, 40 * time.Minute, "", ""},
		{"test due", lines(daily), 10 * time.Minute, "notice line/A 0 Test the line", "is due at 240300ZNOV26."},
		{"test missed", lines(daily), 31 * time.Minute, "warning line/A 0 Test the line", "The test of A at 240300ZNOV26 was missed."},
		{"test made", State{Lines: []hotline.Line{daily}, Tests: heard(daily, t0, "connected")}, 31 * time.Minute, "", ""},
		{"test failed", State{Lines: []hotline.Line{daily}, Tests: heard(daily, t0, "line_fault")}, 5 * time.Minute, "warning line/A 0 Test the line", "failed: line fault."},
		{"silent for less than a week", State{Lines: []hotline.Line{plain}, Heard: heard(plain, t0, "connected")}, SilentAfter - time.Minute, "", ""},
		{"silent for a week", State{Lines: []hotline.Line{plain}, Heard: heard(plain, t0, "connected")}, SilentAfter, "caution line/A 0 Test the line", "Nobody has got through on A since 240300ZNOV26."},
		{"never used: silence says nothing", lines(plain), SilentAfter, "", ""},

		{"answer not due", State{Owed: []Owed{owed("open", caseOf("serious", nil))}}, 59 * time.Minute, "", ""},
		{"answer past due, serious", State{Owed: []Owed{owed("open", caseOf("serious", nil))}}, time.Hour, "warning expectation/e 2 Ask for the answer", "The answer was due at 240400ZNOV26."},
		{"answer past due, two incidents", State{Owed: []Owed{owed("open", caseOf("serious", nil), caseOf("high_risk", nil))}}, time.Hour, "alarm expectation/e 2 Ask for the answer", ""},
		{"answer past due, about nothing", State{Owed: []Owed{owed("open")}}, time.Hour, "notice expectation/e 2 Ask for the answer", ""},
		{"answered", State{Owed: []Owed{owed("answered", caseOf("serious", nil))}}, time.Hour, "", ""},
		{"answer past due, its incident closed", State{Owed: []Owed{owed("open", caseOf("serious", func(inc *incidents.Incident) { inc.Status = incidents.Closed }))}}, time.Hour, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Situations(ms(t0.Add(tt.after)), tt.state)
			if tt.want == "" {
				if len(got) != 0 {
					t.Fatalf("%+v", got)
				}
				return
			}
			if len(got) != 1 {
				t.Fatalf("%d situations: %+v", len(got), got)
			}
			s := got[0]
			if is := strings.Join([]string{string(s.Kind), s.Key, string(rune('0' + s.Stage)), s.Action}, " "); is != tt.want {
				t.Errorf("%q, want %q", is, tt.want)
			}
			if len(s.Facts) == 0 || !strings.Contains(s.Facts[0], tt.fact) {
				t.Errorf("facts %q, want %q", s.Facts, tt.fact)
			}
			if s.Action == "" || !strings.HasPrefix(s.Link, "/") || s.Title == "" {
				t.Errorf("no act: %+v", s)
			}
		})
	}
}

func owed(state string, about ...hotline.Case) Owed {
	o := Owed{Expectation: hotline.Expectation{ID: "e", ContactID: "k", Text: "who ordered it", DueAt: ms(t0.Add(time.Hour)), State: state}}
	for _, c := range about {
		o.Incidents = append(o.Incidents, c.Incident)
	}
	return o
}

// TestOneAlertForASituation: an incident whose line is down is one, with both
// facts; the line speaks for itself again when the incident no longer does.
func TestOneAlertForASituation(t *testing.T) {
	down, other := line("A", "down", ""), line("B", "down", "")
	other.Regions = []string{"norwegian"}
	st := State{Cases: []hotline.Case{caseOf("high_risk", nil)}, Lines: []hotline.Line{down, other}}
	keys := func(at time.Duration) (out []string) {
		for _, s := range Situations(ms(t0.Add(at)), st) {
			out = append(out, s.Key)
		}
		return out
	}
	got := Situations(ms(t0.Add(50*time.Minute)), st)
	if want := []string{"incident/inc-high_risk", "line/B"}; !slices.Equal(keys(50*time.Minute), want) {
		t.Fatalf("%v, want %v", keys(50*time.Minute), want)
	}
	if s := got[0]; len(s.Facts) != 2 || s.Facts[1] != "A is down." || !slices.Equal(s.Parts, []string{"line/A"}) || s.Action != "Call over another line" {
		t.Errorf("%+v", s)
	}
	if want := []string{"line/A", "line/B", "incident/inc-high_risk"}; !slices.Equal(keys(10*time.Minute), want) {
		t.Errorf("while nothing is due: %v, want %v", keys(10*time.Minute), want)
	}
	st.Lines[0].Regions = nil
	st.Cases[0].Contacts = []hotline.Linked{call(t0.Add(time.Minute), "line_fault", time.Time{})}
	st.Cases[0].Contacts[0].LineID = "A"
	if got := Situations(ms(t0.Add(50*time.Minute)), st); len(got[0].Parts) != 1 {
		t.Errorf("the line of the last call: %+v", got[0])
	}
}

// TestSituationsAreCalm: what is said does not change with every minute, or the
// log would fill with it.
func TestSituationsAreCalm(t *testing.T) {
	st := State{Cases: []hotline.Case{caseOf("high_risk", nil)}}
	a, b := Situations(ms(t0.Add(46*time.Minute)), st), Situations(ms(t0.Add(59*time.Minute)), st)
	if !sameWords(a[0], b[0]) {
		t.Errorf("%+v\n%+v", a[0], b[0])
	}
}
