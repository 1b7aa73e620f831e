package incidents_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

const (
	none      = incidents.Status("")
	draft     = incidents.Draft
	submitted = incidents.Submitted
	verified  = incidents.Verified
	closed    = incidents.Closed
	retracted = incidents.Retracted
)

var states = []incidents.Status{none, draft, submitted, verified, closed, retracted}

// TestEveryStateStepAndRole walks every state, step and role, and holds the
// table of steps against what DESIGN §2 allows, written out once more here.
func TestEveryStateStepAndRole(t *testing.T) {
	officers := []access.Role{access.Officer, access.Supervisor, access.Administrator}
	supervisors := officers[1:]
	allowed := map[incidents.StepName]struct {
		who  []access.Role
		from []incidents.Status
	}{
		incidents.StepDraft:   {officers, []incidents.Status{none, draft}},
		incidents.StepSubmit:  {officers, []incidents.Status{none, draft}},
		incidents.StepRevise:  {officers, []incidents.Status{submitted, verified, closed}},
		incidents.StepVerify:  {supervisors, []incidents.Status{submitted}},
		incidents.StepReturn:  {supervisors, []incidents.Status{submitted, verified}},
		incidents.StepClose:   {supervisors, []incidents.Status{verified}},
		incidents.StepReopen:  {supervisors, []incidents.Status{closed}},
		incidents.StepMerge:   {supervisors, []incidents.Status{submitted, verified, closed}},
		incidents.StepRetract: {supervisors, []incidents.Status{draft, submitted, verified, closed}},
	}
	pairs := 0
	for step, rule := range allowed {
		for _, from := range states {
			for _, role := range access.Roles() {
				pairs++
				mayRole, mayFrom := slices.Contains(rule.who, role), slices.Contains(rule.from, from)
				if got := from.Allows(step, role); got != (mayRole && mayFrom) {
					t.Errorf("%s may %s what is %q: %v", role, step, from, got)
				}
				err := from.Take(step, access.Actor{Name: "x", Role: role})
				switch {
				case mayRole && mayFrom && err != nil:
					t.Errorf("%s takes %s from %q: %v", role, step, from, err)
				case !mayRole && !fault.Is(err, fault.Forbidden):
					t.Errorf("%s takes %s from %q: %v, want forbidden", role, step, from, err)
				case mayRole && !mayFrom && !fault.Is(err, fault.Conflict):
					t.Errorf("%s takes %s from %q: %v, want a conflict", role, step, from, err)
				}
			}
		}
	}
	if want := 9 * len(states) * len(access.Roles()); pairs != want {
		t.Errorf("%d pairs tried, want %d", pairs, want)
	}
	for _, s := range incidents.Steps {
		if _, ok := allowed[s.Name]; !ok {
			t.Errorf("the table has a step %q that nobody looked at", s.Name)
		}
		if s.Words == "" || s.Other != (s.Name == incidents.StepVerify) || s.To == retracted && s.Needs == "" {
			t.Errorf("row %+v", s)
		}
	}
}

func TestMayBecome(t *testing.T) {
	may := map[incidents.Status][]incidents.Status{
		none: {draft, submitted}, draft: {draft, submitted, retracted}, submitted: {submitted, verified, retracted},
		verified: {submitted, verified, closed, retracted}, closed: {submitted, closed, retracted}, retracted: {},
	}
	for _, a := range states {
		for _, b := range states {
			if got := a.MayBecome(b); got != slices.Contains(may[a], b) {
				t.Errorf("%q to %q: %v", a, b, got)
			}
		}
	}
}

func TestTakeSaysFromWhere(t *testing.T) {
	for _, test := range []struct {
		from incidents.Status
		step incidents.StepName
		want string
	}{
		{closed, incidents.StepReturn, "An incident that is closed cannot be returned; it must be submitted or verified."},
		{draft, incidents.StepVerify, "An incident that is a draft cannot be verified; it must be submitted."},
		{verified, incidents.StepVerify, "This incident has been verified already."},
		{retracted, incidents.StepRetract, "This incident has been retracted already."},
		{retracted, incidents.StepMerge, "An incident that is retracted cannot be merged into another; it must be submitted, verified or closed."},
	} {
		if err := test.from.Take(test.step, access.Actor{Name: "berg", Role: access.Supervisor}); err == nil || err.Error() != test.want {
			t.Errorf("%s from %s: %v, want %s", test.step, test.from, err, test.want)
		}
	}
}

// base is an incident of which every risky field is stated.
func base() incidents.Incident {
	u := 5.0
	return incidents.Incident{ID: "a", Revision: 1, Status: verified, RecordedBy: "hansen", Derived: incidents.Place{Region: "baltic"},
		Record: incidents.Record{Title: "Bear patrol", Start: incidents.At(time.Date(2026, 3, 14, 16, 30, 0, 0, time.UTC), incidents.Exact, "141630Z"),
			Geometry: incidents.Geometry{Geometry: orb.Point{20, 58}}, UncertaintyNM: &u, PositionBasis: "radar", Location: "off Gotland",
			Intercepting: incidents.Party{Nations: []string{"SE"}}, Intercepted: incidents.Party{Nations: []string{"RU"}},
			Severity: "serious", SeverityReason: "close", Narrative: "They met."}}
}

// allTicked is a workflow in which everything was checked.
func allTicked() (w incidents.Workflow) {
	for _, f := range incidents.RiskyFields {
		w.Checks = append(w.Checks, incidents.Check{Field: f.Code, By: "berg", At: 7})
	}
	return w
}

// TestAfterRevision: a change of a risky field takes its own check away and
// the report back; nothing else does.
func TestAfterRevision(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*incidents.Incident)
		falls  string
	}{
		"nothing":               {func(*incidents.Incident) {}, ""},
		"narrative":             {func(i *incidents.Incident) { i.Record.Narrative = "They met again." }, ""},
		"title":                 {func(i *incidents.Incident) { i.Record.Title = "Two Bears" }, ""},
		"transponder":           {func(i *incidents.Incident) { i.Record.Transponder = "off" }, ""},
		"words of a time":       {func(i *incidents.Incident) { i.Record.Start.Text = "1630 Zulu" }, ""},
		"start":                 {func(i *incidents.Incident) { i.Record.Start.From -= 60_000 }, "time"},
		"precision":             {func(i *incidents.Incident) { i.Record.Start.Precision = incidents.Hour }, "time"},
		"end":                   {func(i *incidents.Incident) { i.Record.End = i.Record.Start }, "time"},
		"shape":                 {func(i *incidents.Incident) { i.Record.Geometry = incidents.Geometry{Geometry: orb.Point{20, 58.5}} }, "position"},
		"shape taken away":      {func(i *incidents.Incident) { i.Record.Geometry = incidents.Geometry{} }, "position"},
		"uncertainty":           {func(i *incidents.Incident) { u := 6.0; i.Record.UncertaintyNM = &u }, "position"},
		"uncertainty unknown":   {func(i *incidents.Incident) { i.Record.UncertaintyNM = nil }, "position"},
		"basis":                 {func(i *incidents.Incident) { i.Record.PositionBasis = "inferred" }, "position"},
		"place in words":        {func(i *incidents.Incident) { i.Record.Location = "off Öland" }, "position"},
		"region":                {func(i *incidents.Incident) { i.Derived.Region = "outside" }, "position"},
		"nations":               {func(i *incidents.Incident) { i.Record.Intercepting.Nations = []string{"SE", "FI"} }, "nations"},
		"the other nations":     {func(i *incidents.Incident) { i.Record.Intercepted.Nations = nil }, "nations"},
		"severity":              {func(i *incidents.Incident) { i.Record.Severity = "high_risk" }, "severity"},
		"reason for severity":   {func(i *incidents.Incident) { i.Record.SeverityReason = "very close" }, "severity"},
		"time and severity":     {func(i *incidents.Incident) { i.Record.Start.To += 1; i.Record.Severity = "high_risk" }, "time severity"},
		"party without nations": {func(i *incidents.Incident) { i.Record.Intercepted.Callsign = "BEAR" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, status := range []incidents.Status{submitted, verified, closed} {
				old, new := base(), base()
				old.Status, new.Status = status, status
				test.change(&new)
				got, w, changed := incidents.AfterRevision(old, new, allTicked())
				want := status
				if test.falls != "" {
					want = submitted
				}
				if got != want || changed != (test.falls != "") {
					t.Errorf("from %s to %s, changed %v", status, got, changed)
				}
				for _, f := range incidents.RiskyFields.Codes() {
					if (w.Checked(f) == nil) != slices.Contains(strings.Fields(test.falls), f) {
						t.Errorf("check of %s: %+v", f, w.Checked(f))
					}
				}
			}
		})
	}
}

func TestRemarkStandsUntilTheNextRevision(t *testing.T) {
	w := incidents.Workflow{Returned: &incidents.Remark{Text: "over land"}, Holder: "hansen"}
	old, new := base(), base()
	new.Status = closed
	if _, after, changed := incidents.AfterRevision(old, new, w); changed || after.Returned == nil || after.Holder == "" {
		t.Error("a step of the report answers a remark")
	}
	new.Record.Narrative = "Put right."
	if _, after, changed := incidents.AfterRevision(old, new, w); !changed || after.Returned != nil || after.Holder != "hansen" {
		t.Errorf("after a revision: %+v", after)
	}
	new = base()
	new.Status = retracted
	if _, after, changed := incidents.AfterRevision(old, new, w); !changed || after.Holder != "" {
		t.Errorf("a retracted incident is held by %q", after.Holder)
	}
}

func TestAfterContacts(t *testing.T) {
	for _, status := range []incidents.Status{submitted, verified, closed} {
		got, w, changed := incidents.AfterContacts(status, allTicked())
		if got != submitted || !changed || w.Checked("contacts") != nil || len(w.Checks) != 4 {
			t.Errorf("from %s to %s with %d checks", status, got, len(w.Checks))
		}
		if got, _, changed := incidents.AfterContacts(status, incidents.Workflow{}); got != status || changed {
			t.Errorf("never checked: from %s to %s", status, got)
		}
	}
}

func TestAuthors(t *testing.T) {
	rev := func(by, narrative string, status incidents.Status) incidents.Incident {
		inc := base()
		inc.RecordedBy, inc.Record.Narrative, inc.Status = by, narrative, status
		return inc
	}
	for name, test := range map[string]struct {
		revisions []incidents.Incident
		want      string
	}{
		"one":                        {[]incidents.Incident{rev("a", "1", submitted)}, "a"},
		"two":                        {[]incidents.Incident{rev("a", "1", submitted), rev("b", "2", submitted), rev("a", "3", submitted)}, "a b"},
		"a step is no authorship":    {[]incidents.Incident{rev("a", "1", draft), rev("b", "1", submitted)}, "a"},
		"before it was verified":     {[]incidents.Incident{rev("a", "1", submitted), rev("b", "2", submitted), rev("c", "2", verified), rev("d", "3", submitted)}, "a d"},
		"verified twice":             {[]incidents.Incident{rev("a", "1", submitted), rev("c", "1", verified), rev("d", "2", submitted), rev("c", "2", verified), rev("e", "3", verified)}, "a e"},
		"verified from the very day": {[]incidents.Incident{rev("a", "1", verified), rev("b", "2", verified)}, "a b"},
	} {
		if got := strings.Join(incidents.Authors(test.revisions), " "); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestMedian(t *testing.T) {
	for want, list := range map[incidents.Millis][]incidents.Millis{0: nil, 5: {5}, 3: {9, 1, 3}, 4: {6, 2}, 7: {10, 4, 100, 1}} {
		if got := incidents.Median(list); got != want {
			t.Errorf("%v: %d, want %d", list, got, want)
		}
	}
}
