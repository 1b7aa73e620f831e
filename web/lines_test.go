package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
)

// selection keeps the signatures of walks over a page short.
type selection = goquery.Selection

func TestLines(t *testing.T) {
	s := newEmptySite(t)
	if a := s.get(t, access.Viewer, "/lines"); a.status != http.StatusOK || a.doc.Find(".empty").Length() != 2 {
		t.Fatalf("an empty register: %d", a.status)
	}
	line := addLine(t, s, "NJHQ", "phone")
	other := addLine(t, s, "DCL", "message")
	test, _ := logged(t, s, "/contacts/new?purpose=line_test&line="+string(line.ID), url.Values{"outcome": {"connected"}})
	call, _ := logged(t, s, "/contacts/new?line="+string(line.ID), url.Values{"outcome": {"refused"}})
	a := s.get(t, access.Viewer, "/lines")
	row := a.doc.Find("[data-testid=lines] tbody tr").FilterFunction(func(_ int, r *selection) bool { return strings.Contains(r.Text(), "NJHQ") })
	for label, want := range map[string]string{"Last test": "/contacts/" + test, "Last contact": "/contacts/" + call} {
		if got := row.Find("td[data-l='"+label+"'] a").AttrOr("href", ""); got != want {
			t.Errorf("%s: %q, want %q", label, got, want)
		}
	}
	for _, want := range []string{"in use", "phone", "24 h", "weekly", "Line NJHQ"} {
		if !strings.Contains(row.Text(), want) {
			t.Errorf("the row lacks %q", want)
		}
	}
	if rows := a.doc.Find("[data-testid=contacts] tbody tr").Length(); rows != 1 {
		t.Errorf("%d contacts under the register; the test is one too many", rows)
	}
	_ = other
}

func TestLinePage(t *testing.T) {
	s := newEmptySite(t)
	line := addLine(t, s, "NJHQ", "phone")
	path := "/lines/" + string(line.ID)
	for i, outcome := range []string{"connected", "no_answer", "not_used", "refused"} {
		logged(t, s, "/contacts/new?line="+string(line.ID), url.Values{"outcome": {outcome}, "summary": {outcome + " it was"}})
		if i == 0 {
			logged(t, s, "/contacts/new?purpose=line_test&line="+string(line.ID), url.Values{"outcome": {"connected"}})
		}
	}
	logged(t, s, "/contacts/new?exercise=1&line="+string(line.ID), url.Values{"outcome": {"connected"}})
	a := s.get(t, access.Viewer, path)
	share := strings.Join(strings.Fields(a.doc.Find("[data-testid=share]").Text()), " ")
	if a.status != http.StatusOK || share != "1 of 3" {
		t.Fatalf("%d, got through %q; want 1 of 3 and no percentage", a.status, share)
	}
	if tests := strings.TrimSpace(a.doc.Find("[data-testid=share-tests]").Text()); tests != "1 of 1" {
		t.Errorf("tests %q", tests)
	}
	for _, want := range []string{"Line NJHQ", "24 h", "weekly", "en, ru", "2015-05", "For the two staffs.", "tested", "Baltic", "NATO – Russia", "Where it stands", "A paper", "ch-NJHQ", string(line.ID), "first entry", "no_answer it was"} {
		if !strings.Contains(a.doc.Find("main").Text(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if link := a.doc.Find("a[href='https://example.org/line']"); link.AttrOr("rel", "") != "noopener noreferrer" {
		t.Error("the source is no safe link")
	}
	with := s.get(t, access.Viewer, path+"?exercise=include")
	if share = strings.Join(strings.Fields(with.doc.Find("[data-testid=share]").Text()), " "); share != "2 of 4" || !strings.Contains(with.doc.Find(".marking").Text(), "EXERCISE") {
		t.Errorf("with exercises: %q", share)
	}
	changed := line
	changed.State, changed.Reason = "down", "no carrier"
	if _, err := s.store.ReviseLine(t.Context(), access.Actor{Name: "cli:test", Role: access.Administrator}, changed); err != nil {
		t.Fatal(err)
	}
	history := s.get(t, access.Viewer, path).doc.Find("[data-testid=history]").Text()
	if !strings.Contains(history, "no carrier") || !strings.Contains(history, "not working") && !strings.Contains(history, "down") {
		t.Errorf("history: %s", history)
	}
	for _, p := range []string{"/lines/x", "/lines/00000000-0000-7000-8000-000000000000"} {
		if a := s.get(t, access.Viewer, p); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", p, a.status)
		}
	}
}

func TestLineShareBearsAPercentage(t *testing.T) {
	s := newEmptySite(t)
	line := addLine(t, s, "NJHQ", "phone")
	for i := range 20 {
		outcome := "connected"
		if i%4 == 0 {
			outcome = "no_answer"
		}
		logged(t, s, "/contacts/new?line="+string(line.ID), url.Values{"outcome": {outcome}})
	}
	if share := strings.Join(strings.Fields(s.get(t, access.Viewer, "/lines/"+string(line.ID)).doc.Find("[data-testid=share]").Text()), " "); share != "15 of 20 75 %" {
		t.Errorf("got through %q", share)
	}
	_ = hotline.Line{}
}
