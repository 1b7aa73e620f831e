package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// records are the lines of a log but its header.
func records(t *testing.T, log string) string {
	t.Helper()
	header, rest, _ := strings.Cut(log, "\n")
	if !strings.HasPrefix(header, `{"kind":"header"`) || !strings.Contains(header, "History") {
		t.Fatalf("the header is %s", header)
	}
	return rest
}

// lived makes the sample log one that people have worked with: exercise records,
// an edited record, a checked one, a merged and a retracted one, an undone link,
// an event of a line, an expectation, a draft and a second policy.
func lived(t *testing.T, dir string) {
	t.Helper()
	c := &command{ctx: t.Context(), data: dir, now: time.Now}
	err := c.withStore(func(s *store.Store) error {
		if err := c.importer(s, "NATO UNCLASSIFIED").LoadExercise(t.Context(), time.Now()); err != nil {
			return err
		}
		return live(t.Context(), s)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func live(ctx context.Context, s *store.Store) error {
	lind, berg := access.Actor{Name: "lind", Role: access.Supervisor}, access.Actor{Name: "berg", Role: access.Supervisor}
	log, desk := &incidents.Log{Store: s, Atlas: geo.Default(), Now: time.Now}, &hotline.Desk{Store: s, Now: time.Now}
	var list []incidents.Incident
	err := s.EachCase(ctx, incidents.Filter{}, hotline.At{Now: incidents.MillisOf(time.Now())}, true, func(c *hotline.Case) error {
		if len(c.Contacts) > 0 {
			list = append(list, c.Incident)
		}
		return nil
	})
	if err != nil {
		return err
	}
	report := incidents.ReportOf(list[0].Record)
	report.Narrative, report.Reason = report.Narrative+"\nA line <more> & “one”.", "told later"
	edited, err := log.Revise(ctx, lind, list[0].ID, list[0].Revision, report)
	if err != nil {
		return err
	}
	last, authors, err := desk.ContactsSeen(ctx, edited.ID)
	if err != nil {
		return err
	}
	if _, _, err := desk.Check(ctx, berg, incidents.Checking{Seen: incidents.Seen{ID: edited.ID, Revision: edited.Revision}, Fields: incidents.RiskyFields.Codes(), ContactAuthors: authors}, last); err != nil {
		return err
	}
	if _, err := log.Flag(ctx, lind, edited.ID); err != nil {
		return err
	}
	if _, err := log.Retract(ctx, lind, list[1].ID, list[1].Revision, "entered twice"); err != nil {
		return err
	}
	if _, err := desk.Merge(ctx, lind, incidents.Seen{ID: list[2].ID, Revision: list[2].Revision}, list[3].Number, "the same"); err != nil {
		return err
	}
	c, err := s.Case(ctx, list[4].ID, hotline.At{})
	if err != nil {
		return err
	}
	if err := desk.Unlink(ctx, lind, c.Contacts[0].ID, list[4].ID, "another was meant"); err != nil {
		return err
	}
	if _, _, err := s.CreateExpectation(ctx, lind, hotline.Expectation{ID: hotline.ExpectationID(incidents.NewID()), ContactID: c.Contacts[0].ID, Text: "answer", DueAt: incidents.MillisOf(time.Now()), State: "open"}); err != nil {
		return err
	}
	if _, _, err := s.CreateIncident(ctx, lind, incidents.Incident{ID: incidents.NewID(), Status: incidents.Draft}); err != nil {
		return err
	}
	lines, err := s.Lines(ctx, 0)
	if err != nil {
		return err
	}
	if _, _, err := s.CreateLineEvent(ctx, lind, hotline.LineEvent{ID: hotline.LineEventID(incidents.NewID()), LineID: lines[0].ID, Kind: "fault", From: incidents.MillisOf(time.Now()), Note: "cable"}); err != nil {
		return err
	}
	_, err = s.SetPolicy(ctx, lind, hotline.Policy{Rules: append(hotline.DefaultRules(), hotline.Rule{Severity: "serious", Region: "baltic", Need: hotline.NeedDirect, WithinS: 7200}), Reason: "agreed"})
	return err
}

// TestExportWipeImport: a log that is exported whole and imported into an empty
// one is the same log: it exports the same bytes but for the header, gives the
// same answers, goes on where it was, and its chain verifies.
func TestExportWipeImport(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	from, into := sampleLog(t), t.TempDir()
	lived(t, from)
	first := must(t, "export", "--data", from, "--profile", "log")
	for _, kind := range []string{"policy", "line", "line_event", "incident", "workflow", "contact", "link", "expectation"} {
		if !strings.Contains(first, "\n{\"kind\":\""+kind+"\"") {
			t.Errorf("no %s in the file", kind)
		}
	}
	file := put(t, "log.ndjson", first)
	if out := must(t, "import", "--data", into, "--dry-run", file); !strings.Contains(out, "dry run") {
		t.Error(out)
	}
	if out, want := must(t, "import", "--data", into, file), "incident: 123\n"; !strings.Contains(out, want) {
		t.Errorf("%s, want %s", out, want)
	}
	if again := must(t, "export", "--data", into, "--profile", "log"); records(t, again) != records(t, first) {
		a, b := strings.Split(records(t, first), "\n"), strings.Split(records(t, again), "\n")
		for i := range a {
			if i >= len(b) || a[i] != b[i] {
				t.Fatalf("line %d was %.3000s\nis %.3000s", i+2, a[i], b[i])
			}
		}
		t.Fatalf("%d lines became %d", len(a), len(b))
	}
	// What the rule makes of it is the same, but for when it was recorded.
	for _, collection := range []string{"incidents", "contacts", "lines"} {
		args := []string{"export", "--collection", collection, "--exercise", "include", "--format", "csv", "--as-of", incidents.FormatInstant(incidents.MillisOf(time.Now().Add(time.Minute)))}
		a, b := must(t, append(args, "--data", from)...), must(t, append(args, "--data", into)...)
		if len(strings.Split(a, "\n")) != len(strings.Split(b, "\n")) {
			t.Errorf("%s: %d lines became %d", collection, strings.Count(a, "\n"), strings.Count(b, "\n"))
		}
	}
	must(t, "audit", "--data", into, "verify")
	code, _, errs := do(t, "", "import", "--data", into, file)
	if code != 1 || !strings.Contains(errs, "into an empty one only") {
		t.Errorf("a second time: exit %d %s", code, errs)
	}
	// The next number follows the highest.
	for _, data := range []string{from, into} {
		must(t, "import", "--data", data, put(t, "one.csv", "date,longitude,latitude,intercepting_nations,severity,severity_reason\n2024-05-06,19,57,SE,serious,close\n"))
	}
	a, b := must(t, "export", "--data", from, "--format", "geojsonl", "--from", "2024-05-06", "--to", "2024-05-07"), must(t, "export", "--data", into, "--format", "geojsonl", "--from", "2024-05-06", "--to", "2024-05-07")
	const key = `"number":"`
	numbers := func(s string) (list []string) {
		for _, part := range strings.Split(s, key)[1:] {
			list = append(list, part[:9])
		}
		return list
	}
	if x, y := strings.Join(numbers(a), " "), strings.Join(numbers(b), " "); x != y || x == "" {
		t.Errorf("the numbers are %s and %s", x, y)
	}
}

// TestDamagedLogs: a log that was cut or changed is refused whole.
func TestDamagedLogs(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	log := must(t, "export", "--data", sampleLog(t), "--profile", "log")
	lines := strings.SplitAfter(log, "\n")
	join := func(l ...string) string { return strings.Join(l, "") }
	data := t.TempDir()
	for name, c := range map[string]struct{ text, want string }{
		"cut":             {join(lines[:len(lines)-2]...), "it was cut"},
		"cut in a line":   {log[:len(log)/2], "it was cut"},
		"a line less":     {join(append(append([]string{}, lines[:20]...), lines[21:]...)...), "records, and the file has"},
		"a changed word":  {strings.Replace(log, `"severity":"serious","severity_reason"`, `"severity":"high_risk","severity_reason"`, 1), "was changed after it was written"},
		"a false word":    {strings.Replace(log, `"severity":"serious","severity_reason"`, `"severity":"grave","severity_reason"`, 1), "severity: “grave” is not accepted"},
		"another member":  {strings.Replace(log, `"severity":"serious"`, `"mood":1,"severity":"serious"`, 1), `unknown field "mood"`},
		"another version": {strings.Replace(log, `"version":1`, `"version":2`, 1), "version 2 of the format is not known"},
		"something after": {log + "x", "is not the last line"},
	} {
		code, _, errs := do(t, "", "import", "--data", data, "--format", "log", put(t, "log.ndjson", c.text))
		if code != 1 || !strings.Contains(errs, c.want) || !strings.Contains(errs, "line ") {
			t.Errorf("%s: exit %d, want %s in %s", name, code, c.want, errs)
		}
	}
	if out := must(t, "export", "--data", data, "--format", "geojsonl"); out != "" {
		t.Errorf("in the log is %.500s", out)
	}
	if code, _, errs := do(t, "", "export", "--data", data, "--profile", "log", "--region", "baltic"); code != 1 || !strings.Contains(errs, "whole log") {
		t.Errorf("a filter: exit %d %s", code, errs)
	}
}
