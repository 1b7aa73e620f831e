package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
)

// policyValues is the form of a new version: the policy of a new log, changed
// by pairs of name and value.
func policyValues(base string, pairs ...string) url.Values {
	v := url.Values{"base": {base}, "need-near_routine-all": {"none"}, "need-serious-all": {"any"}, "within-serious-all": {"24 h"}, "need-high_risk-all": {"direct"}, "within-high_risk-all": {"1 h"}}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestWhatIfThenSave(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	begun := time.Now()
	form := s.get(t, access.Supervisor, "/policies/new")
	if form.status != http.StatusOK || form.doc.Find("#within-high_risk-all").AttrOr("value", "") != "1 h" || form.doc.Find("[data-testid=whatif]").Length() != 0 {
		t.Fatalf("the form: %d", form.status)
	}
	asked := policyValues("1", "need-serious-all", "none", "within-serious-all", "", "need-serious-norwegian", "direct", "within-serious-norwegian", "36 h")
	before, err := s.store.ChainHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := s.get(t, access.Supervisor, "/policies/new?"+asked.Encode())
	text := wordsOf(a.doc.Find("[data-testid=whatif]"))
	for _, want := range []string{"What if it had held in 2025?", "12 incidents that may have begun in 2025", "held against version 1", "Serious everywhere any contact within 24 h none", "Serious Norwegian as everywhere a direct contact within 36 h"} {
		if a.status != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%d, lacks %q: %s", a.status, want, text)
		}
	}
	if n := a.doc.Find("[data-testid=changes] tbody tr").Length(); n == 0 || n > 12 {
		t.Errorf("%d change", n)
	}
	if counts := wordsOf(a.doc.Find("[data-testid=counts]")); !strings.Contains(counts, " to ") {
		t.Errorf("no count is a range: %s", counts)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
	if head, err := s.store.ChainHead(t.Context()); err != nil || head != before {
		t.Errorf("looking has written: %+v, %v", head, err)
	}
	asked.Set("reason", "agreed in Stockholm")
	for range 2 { // the second one finds that it was saved
		if a = s.post(t, access.Supervisor, "/policies", asked); a.status != http.StatusSeeOther || a.header.Get("Location") != "/policies?saved=1" {
			t.Fatalf("save: %d %s", a.status, wordsOf(a.doc.Find("main")))
		}
	}
	versions := s.get(t, access.Viewer, "/policies").doc.Find("[data-testid=versions] > li")
	if text := wordsOf(versions.First()); versions.Length() != 2 || !strings.HasPrefix(text, "Version 2 240312Z NOV26 by supervisor “agreed in Stockholm”") || !strings.Contains(text, "Serious Norwegian as everywhere a direct contact within 36 h") {
		t.Errorf("%d versions: %s", versions.Length(), text)
	}
	// The log keeps the version of its time, and the next comparison says so.
	a = s.get(t, access.Supervisor, "/policies/new?"+policyValues("2").Encode())
	if text := wordsOf(a.doc.Find("[data-testid=whatif]")); !strings.Contains(text, "12 were reported under another version") {
		t.Errorf("after saving: %s", text)
	}
}

func TestPolicyFormErrorsAndConflict(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	bad := policyValues("1", "within-serious-all", "24", "need-high_risk-all", "any", "within-high_risk-all", "", "need-serious-black", "none", "within-serious-black", "2 h", "within-near_routine-baltic", "3 d")
	a := s.post(t, access.Supervisor, "/policies", bad)
	for id, want := range map[string]string{"within-serious-all": "no unit", "within-high_risk-all": "24 h", "within-serious-black": "Nothing is asked for", "within-near_routine-baltic": "nothing is asked for", "reason": "why"} {
		if msg := a.doc.Find("#" + id + "-err").Text(); !strings.Contains(msg, want) || a.doc.Find("#errors a[href='#"+id+"']").Length() != 1 || a.doc.Find("#"+id).Length() != 1 {
			t.Errorf("%s: %q", id, msg)
		}
	}
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors li").Length() != 5 || a.doc.Find("#within-serious-all").AttrOr("value", "") != "24" {
		t.Errorf("%d %s", a.status, wordsOf(a.doc.Find("#errors")))
	}
	if a = s.get(t, access.Supervisor, "/policies/new?"+bad.Encode()); a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors li").Length() != 4 {
		t.Errorf("a try needs no reason: %d %s", a.status, wordsOf(a.doc.Find("#errors")))
	}

	rules := append(hotline.DefaultRules(), hotline.Rule{Severity: "serious", Region: "black", Need: hotline.NeedDirect, WithinS: 7200})
	if _, err := s.store.SetPolicy(t.Context(), access.Actor{Name: "berg", Role: access.Supervisor}, hotline.Policy{Rules: rules, Reason: "the Black Sea talks"}); err != nil {
		t.Fatal(err)
	}
	mine := policyValues("1", "within-serious-all", "12 h", "reason", "shorter")
	a = s.post(t, access.Supervisor, "/policies", mine)
	if text := wordsOf(a.doc.Find(".notice")); a.status != http.StatusConflict || !strings.Contains(text, "berg changed the policy") || !strings.Contains(text, "Serious Black as everywhere a direct contact within 2 h") {
		t.Fatalf("%d %s", a.status, text)
	}
	if a.doc.Find("#within-serious-all").AttrOr("value", "") != "12 h" || a.doc.Find("input[name=base]").AttrOr("value", "") != "2" {
		t.Error("what was typed is gone, or the base is the old one")
	}
	mine.Set("base", "2")
	if a = s.post(t, access.Supervisor, "/policies", mine); a.status != http.StatusSeeOther {
		t.Errorf("again: %d", a.status)
	}
	if a = s.get(t, access.Officer, "/policies/new"); a.status != http.StatusForbidden {
		t.Errorf("an officer: %d", a.status)
	}
}

func TestWhatIfWithoutLastYear(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.web.Desk.Now = func() time.Time { return start.AddDate(3, 0, 0) } // 2029: the last year with any is 2026
	text := wordsOf(s.get(t, access.Supervisor, "/policies/new?"+policyValues("1").Encode()).doc.Find("[data-testid=whatif]"))
	for _, want := range []string{"What if it had held in 2026?", "Last year has none; 2026 is the last year that has any.", "The rules are those in force", "0 change."} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q: %s", want, text)
		}
	}
	s = newEmptySite(t)
	if text := wordsOf(s.get(t, access.Supervisor, "/policies/new?"+policyValues("1").Encode()).doc.Find("[data-testid=whatif]")); !strings.Contains(text, "No incident is on record") {
		t.Errorf("an empty log: %s", text)
	}
}
