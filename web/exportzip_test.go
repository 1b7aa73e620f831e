package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// unzip gives the files of a ZIP by name.
func unzip(t *testing.T, a answer) map[string]string {
	t.Helper()
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/zip" {
		t.Fatalf("%d %s %.300s", a.status, a.header.Get("Content-Type"), a.body)
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(b)
	}
	return files
}

func TestExportZip(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	say(t, s, "officer", path, "xylophone")
	content := picture(t, 300, 200)
	mustSend(t, s, "officer", path, `a<b>:"x".png`, content)
	struck := mustSend(t, s, "officer", path, "struck.pdf", document(3000))
	mustSend(t, s, "officer", path, "report.pdf", document(400_000))
	if a := s.post(t, "officer", struck+"/strike", url.Values{"reason": {"wrong one"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	link := s.get(t, "analyst", path).doc.Find("[data-testid=zip]")
	a := s.get(t, "analyst", link.AttrOr("href", ""))
	files := unzip(t, a)
	if !strings.HasPrefix(a.header.Get("Content-Disposition"), `attachment; filename="interceptlog-2`) || a.header.Get("Content-Encoding") != "" {
		t.Errorf("%v", a.header)
	}
	if files["attachments/1-a_b___x_.png"] != string(content) || files["attachments/3-report.pdf"] != string(document(400_000)) || len(files) != 5 {
		t.Errorf("%d files", len(files))
	}
	var feature struct {
		Type       string
		Properties map[string]any
	}
	if err := json.Unmarshal([]byte(files["incident.geojson"]), &feature); err != nil || feature.Type != "Feature" || len(feature.Properties["contacts"].([]any)) != 3 {
		t.Errorf("record: %v", err)
	}
	var m struct {
		Number, Marking, As_of, Exported_at, Exported_by string
		Revision                                         int
		Attachments, Left_out                            []struct{ Path, Name, SHA256, Struck_reason string }
	}
	if err := json.Unmarshal([]byte(files["manifest.json"]), &m); err != nil || m.Number == "" || m.Revision != 1 || m.Marking != "NATO UNCLASSIFIED" || m.Exported_by != "analyst" || m.Exported_at == "" || m.As_of == "" ||
		len(m.Attachments) != 2 || m.Attachments[0].SHA256 != sumOf(content) || len(m.Left_out) != 1 || m.Left_out[0].Path != "" || m.Left_out[0].Struck_reason != "wrong one" {
		t.Errorf("%v %s", err, files["manifest.json"])
	}
	sums := strings.Split(strings.TrimSpace(files["SHA256SUMS"]), "\n")
	for _, line := range sums {
		if sum, name, _ := strings.Cut(line, "  "); sumOf([]byte(files[name])) != sum {
			t.Errorf("the sum of %s is wrong", name)
		}
	}
	if len(sums) != 4 || strings.Contains(a.body, "xylophone") || strings.Contains(files["incident.geojson"], "xylophone") || strings.Contains(files["manifest.json"], "xylophone") {
		t.Errorf("%d sums, or a comment is enclosed", len(sums))
	}
	if a := s.get(t, "viewer", path+"/export.zip"); a.status != http.StatusForbidden {
		t.Errorf("a viewer: %d", a.status)
	}
	if a := s.get(t, "analyst", path+"/export.zip?as_of=2020-01-01T00:00Z"); a.status != http.StatusNotFound {
		t.Errorf("before it was known: %d", a.status)
	}
	wantExportEntries(t, s, `"attachments":2`, `"complete":true`, `"count":2`)
}

// wantExportEntries looks for the start and the end of one export in the chain.
func wantExportEntries(t *testing.T, s *site, parts ...string) {
	t.Helper()
	var seen []string
	err := s.store.EachEntry(t.Context(), 1, func(e access.Entry) error {
		if strings.HasPrefix(e.Action, "export.") {
			seen = append(seen, e.Actor+" "+e.Action+" "+e.Detail)
		}
		return nil
	})
	if err != nil || len(seen) != 2 || !strings.HasPrefix(seen[0], "analyst export.start") || !strings.HasPrefix(seen[1], "analyst export.end") {
		t.Fatalf("%v %q", err, seen)
	}
	for _, p := range parts {
		if !strings.Contains(seen[1], p) {
			t.Errorf("%s says no %s", seen[1], p)
		}
	}
}

// damagedStore is a log in which the content of one attachment was changed.
type damagedStore struct {
	*store.Store
	after int // how many readings are still whole
}

func (d *damagedStore) Content(ctx context.Context, a incidents.Attachment, part incidents.Part, w io.Writer) error {
	if d.after--; d.after >= 0 {
		return d.Store.Content(ctx, a, part, w)
	}
	return fmt.Errorf("attachment: %w: it is 00", incidents.ErrDamaged)
}

// serveDamaged serves the site over a damaged log.
func serveDamaged(t *testing.T, s *site, after int) {
	t.Helper()
	s.web.Store = &damagedStore{s.store, after}
	s.Server = httptest.NewServer(s.web.Handler())
	t.Cleanup(s.Server.Close)
	s.clients = map[access.Role]*http.Client{}
}

// What is not what was filed is not given out, and the chain says so.
func TestDamagedAttachment(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	content := picture(t, 300, 200)
	at := mustSend(t, s, "officer", path, "a.png", content)
	serveDamaged(t, s, 0)
	for _, href := range []string{at, at + "/preview", path + "/export.zip"} {
		a := s.get(t, "analyst", href)
		if a.status != http.StatusInternalServerError || a.doc == nil || !strings.Contains(a.doc.Find("[data-testid=fault-detail]").Text(), "SHA-256 does not fit") || a.header.Get("Content-Disposition") != "" || strings.Contains(a.body, string(content[:60])) {
			t.Errorf("%s: %d %.300s", href, a.status, a.body)
		}
	}
	n := 0
	if err := s.store.EachEntry(t.Context(), 1, func(e access.Entry) error {
		if e.Action == "attachment.damaged" && strings.HasSuffix(at, strings.TrimPrefix(e.Subject, "attachment/")) {
			n++
		}
		return nil
	}); err != nil || n != 3 {
		t.Errorf("%v, noted %d times", err, n)
	}
}

// Content that breaks while a ZIP is under way cuts the connection.
func TestZipIsCut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	for i := range 2 {
		mustSend(t, s, "officer", path, "a.pdf", document(300_000+i))
	}
	serveDamaged(t, s, 3)
	resp, err := s.as(t, "analyst").Get(s.URL + path + "/export.zip")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, err := io.ReadAll(resp.Body); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("the client read %d bytes to a clean end", len(b))
	}
	wantExportEntries(t, s, `"complete":false`, `"count":1`)
}
