package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// sendFile sends a file to the import page and gives the answer.
func (s *site) sendFile(t testing.TB, role access.Role, name, text string) answer {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	err := w.WriteField("collection", "incidents")
	if err == nil {
		part, perr := w.CreateFormFile("file", name)
		if err = perr; err == nil {
			_, err = part.Write([]byte(text))
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, s.URL+"/import", &b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return s.do(t, role, req)
}

// loaded waits until the work on a file has ended, and gives its page.
func (s *site) loaded(t testing.TB, path string) *goquery.Document {
	t.Helper()
	for range 100 {
		if p := s.page(t, access.Supervisor, path); p.Find("[data-testid=working]").Length() == 0 {
			return p
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the work does not end")
	return nil
}

const nightTable = "Datum,Lat,Lon,Who,Whom,Grade,Why,Remark\n2024-05-06T10:00Z,57,19,SE,RU,serious,crossed 50 m ahead,x\n2024-05-06T11:00Z,57,19,SE,RU,%GRADE,shadowed,y\n"

// columnsOf is the form of the columns as a person would send it: what was
// guessed, and what was chosen beside it.
func columnsOf(t testing.TB, p *goquery.Document, chosen map[string]string) url.Values {
	t.Helper()
	form := url.Values{"do": {"check"}}
	p.Find("[data-testid=columns] tbody tr").Each(func(_ int, row *goquery.Selection) {
		name := strings.TrimSpace(row.Find("th").Text())
		field, _ := row.Find("select").Attr("name")
		value, _ := row.Find("option[selected]").Attr("value")
		if as, ok := chosen[name]; ok {
			value = as
		}
		form.Set(field, value)
	})
	return form
}

// TestImportPage: a table with names of its own is sent, its columns are told, a
// bad row is shown and keeps nothing out but itself when asked, and the report
// comes as a table.
func TestImportPage(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	count := func() int {
		n, err := s.store.CountCases(t.Context(), incidents.Filter{}, atNow(s))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	chosen := map[string]string{"Who": "intercepting_nations", "Whom": "intercepted_nations", "Grade": "severity", "Why": "severity_reason"}
	a := s.sendFile(t, access.Supervisor, "night.csv", strings.Replace(nightTable, "%GRADE", "grave", 1))
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	path := a.header.Get("Location")
	p := s.page(t, access.Supervisor, path)
	if got, _ := p.Find("select[name=column-0] option[selected]").Attr("value"); got != "date" {
		t.Errorf("Datum is guessed as %q", got)
	}
	if a := s.post(t, access.Supervisor, path, url.Values{"do": {"import"}}); a.status != http.StatusConflict {
		t.Errorf("an import before the check: %d", a.status)
	}
	s.post(t, access.Supervisor, path, columnsOf(t, p, chosen))
	p = s.loaded(t, path)
	if got := strings.Join(strings.Fields(p.Find("[data-testid=problems] tbody tr").Text()), " "); !strings.HasPrefix(got, "3Gradegrave“grave” is no severity; accepted: near_routine") {
		t.Errorf("the report says %q", got)
	}
	if count() != 0 {
		t.Error("the check has written something")
	}
	if r := s.get(t, access.Supervisor, path+"/report.csv"); !strings.Contains(r.body, "problem,night.csv,3,Grade,grave,") {
		t.Errorf("%s", r.body)
	}
	if a := s.get(t, access.Administrator, path); a.status != http.StatusNotFound {
		t.Errorf("another sees it: %d", a.status)
	}
	s.post(t, access.Supervisor, path, url.Values{"do": {"good"}})
	if got := s.loaded(t, path).Find("[data-testid=counts]").Text(); strings.TrimSpace(got) != "incidents: 1 created, 1 rejected" || count() != 1 {
		t.Errorf("%q, %d in the log", got, count())
	}

	// The mended file: one row is there, the other comes in.
	path = s.sendFile(t, access.Supervisor, "night.csv", strings.Replace(nightTable, "%GRADE", "near_routine", 1)).header.Get("Location")
	s.post(t, access.Supervisor, path, columnsOf(t, s.page(t, access.Supervisor, path), chosen))
	if got := s.loaded(t, path).Find("button[value=import]").Text(); got != "Import 1 row" {
		t.Errorf("it offers %q", got)
	}
	s.post(t, access.Supervisor, path, url.Values{"do": {"import"}})
	if got := s.loaded(t, path).Find("[data-testid=counts]").Text(); strings.TrimSpace(got) != "incidents: 1 created, 1 unchanged" || count() != 2 {
		t.Errorf("%q, %d in the log", got, count())
	}
	s.post(t, access.Supervisor, path, url.Values{"do": {"drop"}})
	if a := s.get(t, access.Supervisor, path); a.status != http.StatusNotFound {
		t.Errorf("after it was dropped: %d", a.status)
	}
}

// TestImportPageRefuses: what is no file of a kind that is read is refused at
// once, with what is accepted.
func TestImportPageRefuses(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	for name, c := range map[string]struct{ file, text, want string }{
		"another kind": {"night.xml", "<a/>", "accepted: .geojson"},
		"no GeoJSON":   {"night.geojson", "[]", "the file is no JSON object"},
		"no ZIP":       {"night.shp.zip", "PK", "not a valid zip file"},
		"nothing":      {"night.csv", "", "the file is empty"},
		"too large":    {"night.csv", "date\n" + strings.Repeat(strings.Repeat("x", 1<<10)+"\n", 64<<10), "larger than 64 MB"},
	} {
		a := s.sendFile(t, access.Supervisor, c.file, c.text)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) {
			t.Errorf("%s: %d, want %s in %.3000s", name, a.status, c.want, a.body)
		}
	}
	if a := s.sendFile(t, access.Officer, "night.csv", "date\n"); a.status != http.StatusForbidden {
		t.Errorf("an officer: %d", a.status)
	}
}
