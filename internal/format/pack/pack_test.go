package pack

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// source holds one incident with a claim and a call after it, and one line.
type source struct {
	inc  incidents.Incident
	call hotline.Linked
	line hotline.Line
	acts []string
}

func (s *source) EachCase(_ context.Context, f incidents.Filter, at hotline.At, full bool, fn func(*hotline.Case) error) error {
	if s.inc.Record.Start.From < f.From || s.inc.Record.Start.From >= f.To || !full {
		return nil
	}
	k := []hotline.Linked{s.call}
	return fn(&hotline.Case{Incident: s.inc, Contacts: k, Assessment: hotline.Assess(s.inc, hotline.Rule{Need: hotline.NeedDirect, WithinS: 3600}, k, at.Now)})
}
func (s *source) Lines(context.Context, hotline.Millis) ([]hotline.Line, error) {
	return []hotline.Line{s.line}, nil
}
func (s *source) LineRevisions(context.Context, hotline.LineID, hotline.Millis) ([]hotline.Line, error) {
	return []hotline.Line{s.line}, nil
}
func (s *source) LineEvents(context.Context, hotline.LineEventFilter) ([]hotline.LineEvent, error) {
	return nil, nil
}
func (s *source) Contacts(context.Context, hotline.ContactFilter) (hotline.ContactPage, error) {
	return hotline.ContactPage{Contacts: []hotline.ContactWithIncidents{{Contact: s.call.Contact}}}, nil
}
func (s *source) Audit(_ context.Context, _ access.Actor, action, _ string, _ any) error {
	s.acts = append(s.acts, action)
	return nil
}

func TestPack(t *testing.T) {
	began := time.Date(2025, 3, 14, 12, 0, 0, 0, time.UTC)
	s := &source{
		inc: incidents.Incident{ID: "i", Number: "2025-0001", Revision: 2, FirstRecordedAt: incidents.MillisOf(began.Add(2 * time.Hour)), Record: incidents.Record{Start: incidents.At(began, incidents.Exact, ""),
			Title: "=a pass", Severity: "high_risk", Behaviours: []string{"low_pass"}, Claims: []incidents.Claim{{Field: "transponder", Value: "off", Claimant: "NO"}, {Field: "transponder", Value: "on", Claimant: "RU"}}, Marking: "NATO UNCLASSIFIED"},
			Derived: incidents.Place{Region: "baltic"}},
		call: hotline.Linked{Contact: hotline.Contact{ID: "c", Channel: hotline.Channel{Kind: "phone"}, Start: incidents.At(began.Add(30*time.Minute), incidents.Exact, ""), Outcome: "connected", Purpose: "clarify"},
			LinkedAs: hotline.Link{ContactID: "c", IncidentID: "i", Relation: "prompted_by", Linked: true}},
		line: hotline.Line{ID: "l", Name: "A line", Kind: "phone", State: "in_use", Meta: hotline.Meta{RecordedAt: incidents.MillisOf(began.AddDate(-2, 0, 0)), FirstRecordedAt: incidents.MillisOf(began.AddDate(-2, 0, 0))}},
	}
	from, to := hotline.Year(2025)
	var buf bytes.Buffer
	n, err := Write(t.Context(), s, access.Actor{Name: "ann", Role: access.Analyst}, Period{from, to}, hotline.At{Now: incidents.MillisOf(began.AddDate(1, 0, 0))}, &buf)
	if err != nil || n != 1 || strings.Join(s.acts, " ") != "export.start export.end" {
		t.Fatalf("%d, %v, %v", n, err, s.acts)
	}
	z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
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
	for name, content := range files {
		sum := sha256.Sum256([]byte(content))
		if name != "SHA256SUMS" && !strings.Contains(files["SHA256SUMS"], hex.EncodeToString(sum[:])+"  "+name+"\n") {
			t.Errorf("no hash of %s", name)
		}
	}
	for name, want := range map[string]string{
		"incidents.csv": "2025-0001|i|2|141200ZMAR25|2025-03-14T12:00:00.000Z", "claims.csv": "2025-0001|transponder|on|RU|",
		"contacts.csv": "2025-0001|c|141230ZMAR25|29 to 31 min|prompted_by|phone|true|connected|true", "lines.csv": "A line|phone|in_use|1|1|0|0|in_use 8760",
	} {
		rows, err := csv.NewReader(strings.NewReader(files[name])).ReadAll()
		if err != nil || len(rows) < 2 || !strings.HasPrefix(strings.Join(rows[len(rows)-1], "|"), want) {
			t.Errorf("%s: %v %q, want %q", name, err, rows, want)
		}
	}
	for _, want := range []string{"'=a pass|followed|followed|direct|1 h|29 to 31 min|", "|1 h 59 to 2 h|NATO UNCLASSIFIED|"} {
		if !strings.Contains(strings.ReplaceAll(files["incidents.csv"], ",", "|"), want) {
			t.Errorf("incidents.csv lacks %q: %s", want, files["incidents.csv"])
		}
	}
	for _, want := range []string{"| low pass | 1 |", "from 2025-01-01", "article says unknown", "NATO UNCLASSIFIED"} {
		if !strings.Contains(files["README.md"], want) {
			t.Errorf("README.md lacks %q:\n%s", want, files["README.md"])
		}
	}
	if _, err := Write(t.Context(), s, access.Actor{Name: "vi", Role: access.Viewer}, Period{from, to}, hotline.At{}, io.Discard); err == nil {
		t.Error("a viewer takes a pack")
	}
}
