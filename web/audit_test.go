package web_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
)

func TestAuditFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.bySource(t, "2023-03-14-mq9-su27-collision")
	if a := s.post(t, access.Supervisor, "/incidents/"+string(inc.ID)+"/retract", url.Values{"reason": {"filed twice by mistake"}, "base": {"1"}}); a.status != http.StatusSeeOther {
		t.Fatalf("retract: %d %s", a.status, wordsOf(a.doc.Find("main")))
	}
	texts := func(query string) (rows []string, a answer) {
		t.Helper()
		a = s.get(t, access.Administrator, "/audit?"+query)
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", query, a.status, wordsOf(a.doc.Find("#errors")))
		}
		a.doc.Find("[data-testid=entry]").Each(func(_ int, row *selection) { rows = append(rows, wordsOf(row)) })
		return rows, a
	}
	for query, want := range map[string]string{
		"q=TWICE+mist":                             "supervisor incident.retracted",
		"object=" + inc.Number:                     "supervisor incident.retracted",
		"object=incident/" + string(inc.ID):        "supervisor incident.retracted",
		"object=" + string(inc.ID) + "&who=nobody": "",
		"who=supervisor&kind=user":                 "supervisor user.sign_in",
		"did=incident.retracted":                   "supervisor incident.retracted",
		"did=incident.retracted&to=2026-01-01":     "",
		"did=incident.retracted&from=2026-01-01":   "supervisor incident.retracted",
	} {
		rows, _ := texts(query)
		if want == "" != (len(rows) == 0) || want != "" && !strings.Contains(rows[0], want) {
			t.Errorf("%s: %q, want %q first", query, rows, want)
		}
	}
	rows, a := texts("did=incident.retracted")
	link := a.doc.Find("[data-testid=entry] a").First()
	if link.AttrOr("href", "") != "/incidents/"+string(inc.ID) || !strings.Contains(link.Text(), inc.Number) || !strings.Contains(rows[0], "“filed twice by mistake”") {
		t.Errorf("%q leads to %q", rows, link.AttrOr("href", ""))
	}
	// Every way from the first page of each kind of object leads somewhere.
	_, a = texts("")
	for _, kind := range a.doc.Find("#kind option").Map(func(_ int, o *selection) string { return o.AttrOr("value", "") }) {
		_, of := texts("kind=" + kind)
		href := of.doc.Find("[data-testid=entry] a").First().AttrOr("href", "")
		if href == "" && (kind == "incident" || kind == "contact" || kind == "line" || kind == "user") {
			t.Errorf("%s has no way", kind)
		}
		if href != "" {
			if there := s.get(t, access.Administrator, href); there.status != http.StatusOK {
				t.Errorf("%s leads to %s: %d", kind, href, there.status)
			}
		}
	}
	older := a.doc.Find("a[rel=next]").AttrOr("href", "")
	second := s.get(t, access.Administrator, older)
	first, next := a.doc.Find("[data-testid=entry]").Last().AttrOr("id", ""), second.doc.Find("[data-testid=entry]").First().AttrOr("id", "")
	if back := second.doc.Find("a[rel=prev]").AttrOr("href", ""); first == next || s.get(t, access.Administrator, back).doc.Find("[data-testid=entry]").Last().AttrOr("id", "") != first {
		t.Errorf("from %s to %s and back by %s", first, next, back)
	}
}

func TestAuditFilterErrors(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	a := s.get(t, access.Administrator, "/audit?from=soon&to=32+MAR&colour=red&who=admin")
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors li").Length() != 3 || a.doc.Find("#from").AttrOr("value", "") != "soon" || a.doc.Find("#from-err").Length() != 1 {
		t.Errorf("%d %s", a.status, wordsOf(a.doc.Find("#errors")))
	}
}

func TestAuditCheckOnRequest(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	state := func() string {
		return wordsOf(s.get(t, access.Administrator, "/audit").doc.Find("[data-testid=chain]"))
	}
	if text := state(); !strings.Contains(text, "has not been checked") {
		t.Errorf("before: %s", text)
	}
	if a := s.post(t, access.Administrator, "/audit/verify", nil); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if text := state(); !strings.Contains(text, "The chain is whole: ") || !strings.Contains(text, "by admin; 0 written since") {
		t.Errorf("after: %s", text)
	}
	if _, err := s.store.SetPolicy(t.Context(), access.Actor{Name: "berg", Role: access.Supervisor}, hotline.Policy{Rules: hotline.DefaultRules(), Reason: "again"}); err != nil {
		t.Fatal(err)
	}
	if text := state(); !strings.Contains(text, "1 written since") {
		t.Errorf("later: %s", text)
	}
}

func TestAuditExport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if _, err := s.store.SetPolicy(t.Context(), access.Actor{Name: "berg", Role: access.Supervisor}, hotline.Policy{Rules: hotline.DefaultRules(), Reason: "=1+1, \"agreed\""}); err != nil {
		t.Fatal(err)
	}
	var chain []access.Entry
	keep := func(e access.Entry) error { chain = append(chain, e); return nil }
	s.get(t, access.Administrator, "/audit") // signed in, so that the chain stands still
	if err := s.store.EachEntry(t.Context(), 1, keep); err != nil {
		t.Fatal(err)
	}
	a := s.get(t, access.Administrator, "/audit/export.ndjson")
	lines := strings.Split(strings.TrimSpace(a.body), "\n")
	if a.header.Get("Content-Type") != "application/x-ndjson" || len(lines) != len(chain) {
		t.Fatalf("%d lines of %d, %s", len(lines), len(chain), a.header.Get("Content-Type"))
	}
	for i, text := range lines {
		var line struct {
			Seq    int64
			Hash   string
			Detail json.RawMessage
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		if e := chain[len(chain)-1-i]; line.Seq != e.Seq || line.Hash != e.Hash || string(line.Detail) != e.Detail {
			t.Fatalf("line %d: %s for %+v", i, text, e)
		}
	}
	a = s.get(t, access.Administrator, "/audit/export.csv?did=policy.set")
	table, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(table) != 3 || table[0][0] != "seq" || table[1][5] != `'=1+1, "agreed"` || table[2][2] != "system" {
		t.Errorf("%v: %q", err, table)
	}
	if acts := s.acts(t, "audit"); len(acts) != 4 || acts[3] != "admin export.end" {
		t.Errorf("%v", acts)
	}
	if a = s.get(t, access.Administrator, "/audit/export.csv?from=soon"); a.status != http.StatusUnprocessableEntity || a.header.Get("Content-Disposition") != "" {
		t.Errorf("a filter that cannot be read: %d", a.status)
	}
}
