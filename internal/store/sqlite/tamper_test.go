package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
	"interceptlog/internal/watch"
)

var actor = access.Actor{Name: "hansen", Role: access.Officer}

func fatal(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// raw opens the file beside the store, as somebody with a SQLite shell would.
func raw(tb testing.TB, dir string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, FileName), "", false))
	fatal(tb, err)
	tb.Cleanup(func() { db.Close() })
	return db
}

func run(tb testing.TB, db *sql.DB, text string, args ...any) {
	tb.Helper()
	if _, err := db.Exec(text, args...); err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
}

// dropTriggers takes the belt off, as somebody who tampers would.
func dropTriggers(tb testing.TB, db *sql.DB) {
	tb.Helper()
	rows, err := db.Query(`select name from sqlite_schema where type = 'trigger'`)
	fatal(tb, err)
	var names []string
	for rows.Next() {
		var n string
		fatal(tb, rows.Scan(&n))
		names = append(names, n)
	}
	fatal(tb, rows.Close())
	if len(names) < 16*3+5 {
		tb.Fatalf("%d triggers", len(names))
	}
	for _, n := range names {
		run(tb, db, `drop trigger `+n)
	}
}

// fill writes a small log that has a row in every table, and some with two
// versions.
func fill(tb testing.TB, s *store.Store) {
	tb.Helper()
	ctx := context.Background()
	_, _, err := s.CreateLine(ctx, actor, hotline.Line{ID: "line", Name: "NJHQ", State: "in_use"})
	fatal(tb, err)
	for i := range 3 {
		inc, _, err := s.CreateIncident(ctx, actor, sample(i))
		fatal(tb, err)
		k, _, err := s.CreateContact(ctx, actor, hotline.Contact{
			ID: hotline.ContactID(fmt.Sprint("contact", i)), LineID: "line", Channel: hotline.Channel{Kind: "phone"}, Outcome: "connected", Purpose: "clarify",
			Start: incidents.At(inc.Record.Start.From.Time().Add(time.Hour), incidents.Exact, ""),
		}, []hotline.Link{{IncidentID: inc.ID, Relation: "prompted_by"}})
		fatal(tb, err)
		inc.Record.Title, inc.Reason = "changed", "for the test"
		_, err = s.ReviseIncident(ctx, actor, inc)
		fatal(tb, err)
		k.Outcome = "no_answer"
		_, err = s.ReviseContact(ctx, actor, k)
		fatal(tb, err)
		fatal(tb, s.SetLink(ctx, actor, hotline.Link{ContactID: k.ID, IncidentID: inc.ID, Relation: "discussed", Linked: true}))
		w, err := s.SetWorkflow(ctx, actor, incidents.Workflow{IncidentID: inc.ID, Action: "hold", Holder: "hansen"})
		fatal(tb, err)
		w.Action, w.Checks = "check", []incidents.Check{{Field: "time", By: "berg"}}
		_, err = s.SetWorkflow(ctx, actor, w)
		fatal(tb, err)
	}
	_, err = s.SetPolicy(ctx, actor, hotline.Policy{Rules: hotline.DefaultRules()})
	fatal(tb, err)
	fatal(tb, s.Audit(ctx, actor, "export.end", "export/csv", map[string]int{"count": 3}))
	fillNotes(tb, s)
	e, _, err := s.CreateLineEvent(ctx, actor, hotline.LineEvent{ID: "event", LineID: "line", Kind: "fault", From: 1})
	fatal(tb, err)
	e.To, e.Reason = 2, "for the test"
	_, err = s.ReviseLineEvent(ctx, actor, e)
	fatal(tb, err)
	fillAlerts(tb, s)
	fillCalls(tb, s)
	fillWatch(tb, s)
}

// fillCalls adds two expectations, one of which is dropped, two versions of a
// call sheet, and a call that is going on.
func fillCalls(tb testing.TB, s *store.Store) {
	tb.Helper()
	ctx := context.Background()
	for i := range 2 {
		e, _, err := s.CreateExpectation(ctx, actor, hotline.Expectation{ID: hotline.ExpectationID(fmt.Sprint("expectation", i)), ContactID: hotline.ContactID(fmt.Sprint("contact", i)), Text: "for the test", DueAt: 1, State: "open"})
		fatal(tb, err)
		if i == 1 {
			e.State, e.Reason = "dropped", "for the test"
			_, err = s.ReviseExpectation(ctx, actor, e)
			fatal(tb, err)
		}
	}
	sheet, err := s.SaveSheet(ctx, actor, hotline.Sheet{Language: "ru", Phrases: map[string]string{"opening": "for the test"}})
	fatal(tb, err)
	sheet.ApprovedBy, sheet.ApprovedAt = "hansen", 1
	_, err = s.SaveSheet(ctx, actor, sheet)
	fatal(tb, err)
	_, _, err = s.StartCall(ctx, actor, hotline.OpenCall{ID: "call", Owner: "hansen"})
	fatal(tb, err)
}

// fillWatch adds entries of the journal, one of which is struck, a shift that
// was changed, and a handover that both signed.
func fillWatch(tb testing.TB, s *store.Store) {
	tb.Helper()
	ctx := context.Background()
	for i := range 2 {
		e, _, err := s.CreateEntry(ctx, actor, watch.Entry{ID: watch.EntryID(fmt.Sprint("entry", i)), Text: "for the test"})
		fatal(tb, err)
		if i == 1 {
			_, err := s.StrikeEntry(ctx, actor, e.ID, "for the test")
			fatal(tb, err)
		}
	}
	sh, _, err := s.CreateShift(ctx, actor, watch.Shift{ID: "shift", Name: "Night watch", From: 1, To: 2, Officers: []string{"hansen"}})
	fatal(tb, err)
	sh.Name = "Late watch"
	_, err = s.ReviseShift(ctx, actor, sh)
	fatal(tb, err)
	h, err := s.SaveHandover(ctx, actor, watch.Handover{ID: "handover", State: watch.Draft})
	fatal(tb, err)
	h.State, h.Leaving = watch.Offered, "hansen"
	h, err = s.SaveHandover(ctx, actor, h)
	fatal(tb, err)
	h.State, h.Arriving = watch.Signed, "berg"
	_, err = s.SaveHandover(ctx, actor, h)
	fatal(tb, err)
}

// fillAlerts adds two alerts, one of which was acknowledged.
func fillAlerts(tb testing.TB, s *store.Store) {
	tb.Helper()
	for i := range 2 {
		key := fmt.Sprint("line/", i)
		a, err := s.WriteAlert(context.Background(), actor, alarm.Alert{ID: alarm.IDOf(key), Action: alarm.Raised, Kind: alarm.Warning, Active: true, Situation: alarm.Situation{Key: key, Kind: alarm.Warning}})
		fatal(tb, err)
		if i == 1 {
			a.Action, a.AckedBy = alarm.Acknowledged, "hansen"
			_, err = s.WriteAlert(context.Background(), actor, a)
			fatal(tb, err)
		}
	}
}

// fillNotes adds two comments and two attachments, one of which is struck.
func fillNotes(tb testing.TB, s *store.Store) {
	tb.Helper()
	ctx := context.Background()
	for i := range 2 {
		c, _, err := s.CreateComment(ctx, actor, incidents.Comment{ID: incidents.CommentID(fmt.Sprint("comment", i)), IncidentID: sample(i).ID, Text: "for the test"})
		fatal(tb, err)
		if i == 1 {
			fatal(tb, s.StrikeComment(ctx, actor, c.ID, "for the test"))
		}
		content, small := strings.Repeat("0123456789abcde", 40_000), "small"
		a, _, err := s.CreateAttachment(ctx, actor, incidents.Attachment{
			ID: incidents.AttachmentID(fmt.Sprint("attachment", i)), IncidentID: sample(i).ID, Name: "a.png", Type: "image/png", Size: int64(len(content)), SHA256: hexSum(content),
			Width: 4, Height: 4, Preview: incidents.Preview{Type: "image/png", Width: 2, Height: 2, SHA256: hexSum(small)},
		}, strings.NewReader(content), []byte(small))
		fatal(tb, err)
		if i == 1 {
			fatal(tb, s.StrikeAttachment(ctx, actor, a.ID, "for the test"))
		}
	}
}

func hexSum(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }

// sample is the i-th report of a made-up year.
func sample(i int) incidents.Incident {
	r := rand.New(rand.NewPCG(uint64(i), 7))
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(365*24*60)) * time.Minute)
	two := 2
	return incidents.Incident{
		ID: incidents.ID(fmt.Sprintf("01900000-0000-7000-8000-%012x", i)), Status: incidents.Submitted,
		Derived: incidents.Place{Region: incidents.RegionCodes[r.IntN(3)].Code, Near: "35 NM NE of Gotland", Sea: "Baltic Sea"},
		Record: incidents.Record{
			Title: fmt.Sprintf("Su-27 intercepts RC-135 no. %d", i), Start: incidents.At(start, incidents.Exact, "as typed"),
			End: incidents.At(start.Add(time.Hour), incidents.Exact, ""), Location: "35 NM NE of Gotland", Geometry: point(r),
			Intercepting: incidents.Party{Nations: []string{"RU"}, Aircraft: []incidents.Aircraft{{Designator: "SU27", Name: "Su-27 Flanker", Count: &two}}},
			Intercepted:  incidents.Party{Nations: []string{"US"}, Aircraft: []incidents.Aircraft{{Designator: "R135", Name: "RC-135V Rivet Joint"}}},
			Behaviours:   []string{"identification", "near_collision"}, Severity: incidents.Severities[r.IntN(3)].Code,
			Narrative: strings.Repeat("Closed to ten metres, rocked wings and followed the coast. ", 12),
			Absence:   "own_log", Source: "research", SourceID: fmt.Sprint(i), Marking: "UNCLASSIFIED",
			Sources: []incidents.Source{{Title: "Statement of the ministry", URL: "https://example.org/statement", Publisher: "Ministry", Date: "2026-01-05"}},
		},
	}
}

// rowSeq gives the entry that stands for a row.
func rowSeq(tb testing.TB, s *store.Store, table string, rev int64) (seq int64) {
	tb.Helper()
	fatal(tb, s.EachEntry(context.Background(), 0, func(e access.Entry) error {
		var d struct {
			Rows []struct {
				Table string
				Rev   int64
			}
		}
		_ = json.Unmarshal([]byte(e.Detail), &d)
		for _, r := range d.Rows {
			if r.Table == table && r.Rev == rev {
				seq = e.Seq
			}
		}
		return nil
	}))
	return seq
}

// wantBad checks that the chain is said to fail at an entry.
func wantBad(t *testing.T, s *store.Store, what string, seq int64) {
	t.Helper()
	n, err := s.VerifyAudit(t.Context())
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), fmt.Sprintf("entry %d does", seq)) {
		t.Errorf("%s: got %v, want a fault at entry %d", what, err, seq)
		return
	}
	if n != max(0, seq-1) {
		t.Errorf("%s: %d entries fit, want %d", what, n, seq-1)
	}
}

// TestTamperColumns changes every column of a middle row of every table of
// versions, one at a time, and puts it back.
func TestTamperColumns(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	dir := newFolder(t)
	s := mustOpen(t, dir)
	fill(t, s)
	db := raw(t, dir)
	dropTriggers(t, db)
	run(t, db, `pragma foreign_keys = 0`)
	db.SetMaxOpenConns(1)
	columns := 0
	for _, table := range []string{"policy", "line_rev", "incident_rev", "contact_rev", "link_rev", "incident_facts", "workflow_rev", "comment_rev", "attachment_rev", "line_event_rev", "expectation_rev", "sheet_rev", "journal_rev", "shift_rev", "handover_rev", "alert_rev"} {
		var rev int64
		fatal(t, db.QueryRow(`select (max(rev) + 1) / 2 from `+table).Scan(&rev))
		seq := rowSeq(t, s, table, rev)
		rows, err := db.Query(`select name, type from pragma_table_info($1)`, table)
		fatal(t, err)
		types := map[string]string{}
		for rows.Next() {
			var name, kind string
			fatal(t, rows.Scan(&name, &kind))
			types[name] = kind
		}
		fatal(t, rows.Close())
		for name, kind := range types {
			if name == "rev" {
				continue
			}
			columns++
			change := `coalesce(` + name + `, 0) + 1`
			switch {
			case kind == "TEXT":
				change = `coalesce(` + name + `, '') || 'x'`
			case name == "exercise" || name == "retracted" || name == "linked" || name == "late_entry" || name == "struck" || name == "cancelled" || name == "standing":
				change = `1 - ` + name
			case name == "version" || name == "revision":
				change = name + ` + 100`
			}
			var was any
			fatal(t, db.QueryRow(`select `+name+` from `+table+` where rev = $1`, rev).Scan(&was))
			run(t, db, `update `+table+` set `+name+` = `+change+` where rev = $1`, rev)
			wantBad(t, s, table+"."+name, seq)
			run(t, db, `update `+table+` set `+name+` = $1 where rev = $2`, was, rev)
		}
	}
	if columns < 100 {
		t.Errorf("only %d columns tried", columns)
	}
	if n, err := s.VerifyAudit(t.Context()); err != nil {
		t.Errorf("put back: %v after %d", err, n)
	}
}

// TestTamper does what else can be done to the chain and to its versions.
func TestTamper(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	last := func(s *store.Store) int64 {
		head, err := s.ChainHead(context.Background())
		fatal(t, err)
		return head.Seq
	}
	firstFile := func(s *store.Store) int64 { return rowSeq(t, s, "attachment_rev", 1) }
	const copyRow = `insert into incident_rev select %s, id, %s, valid_from, valid_to + 1, first_recorded_at, recorded_by, reason, policy_version,
		number, number_key, status, start_from, start_to, end_from, end_to, region, severity, absence, exercise, title_key, west, south, east, north,
		source, source_id, record, derived, merged_into, waiting_since from incident_rev where rev = 2`
	for name, test := range map[string]struct {
		sql  []string
		want func(s *store.Store) int64
	}{
		"actor edited":         {[]string{`update audit set actor = 'nobody' where seq = 5`}, nil},
		"detail edited":        {[]string{`update audit set detail = '{}' where seq = 5`}, nil},
		"at edited":            {[]string{`update audit set at = at + 1 where seq = 5`}, nil},
		"action edited":        {[]string{`update audit set action = 'x' where seq = 5`}, nil},
		"subject edited":       {[]string{`update audit set subject = 'x' where seq = 5`}, nil},
		"hash edited":          {[]string{`update audit set hash = 'x' where seq = 5`}, nil},
		"prev edited":          {[]string{`update audit set prev = 'x' where seq = 5`}, nil},
		"first entry removed":  {[]string{`delete from audit where seq = 1`}, func(*store.Store) int64 { return 1 }},
		"entry removed":        {[]string{`delete from audit where seq = 5`}, nil},
		"entry put in":         {[]string{`insert into audit select 0, at, actor, action, subject, detail, prev, hash from audit where seq = 1`}, func(*store.Store) int64 { return 0 }},
		"removed and closed":   {[]string{`delete from audit where seq = 5`, `update audit set seq = seq - 1 where seq > 5`}, nil},
		"two entries swapped":  {[]string{`update audit set seq = -1 where seq = 5`, `update audit set seq = 5 where seq = 6`, `update audit set seq = 6 where seq = -1`}, nil},
		"check removed":        {[]string{`delete from workflow_rev where rev = 3`}, func(s *store.Store) int64 { return rowSeq(t, s, "workflow_rev", 3) }},
		"end cut off":          {[]string{`delete from audit where seq >= 18`}, func(*store.Store) int64 { return 18 }},
		"version removed":      {[]string{`delete from incident_rev where rev = 3`}, func(s *store.Store) int64 { return rowSeq(t, s, "incident_rev", 3) }},
		"last version removed": {[]string{`delete from incident_rev where rev = 6`}, func(s *store.Store) int64 { return rowSeq(t, s, "incident_rev", 6) }},
		"all versions removed": {[]string{`delete from link_rev`}, func(s *store.Store) int64 { return rowSeq(t, s, "link_rev", 1) }},
		"version put in":       {[]string{fmt.Sprintf(copyRow, "7", "3")}, func(s *store.Store) int64 { return last(s) + 1 }},
		"version put in front": {[]string{fmt.Sprintf(copyRow, "-5", "3")}, func(s *store.Store) int64 { return rowSeq(t, s, "incident_rev", 1) }},
		"end of a version":     {[]string{`update incident_rev set valid_to = valid_to - 1 where rev = 1`}, func(s *store.Store) int64 { return rowSeq(t, s, "incident_rev", 1) }},
		"current version ended": {[]string{`update contact_rev set valid_to = valid_from + 5 where rev = 6`},
			func(s *store.Store) int64 { return rowSeq(t, s, "contact_rev", 6) }},
		"content changed":  {[]string{`update attachment_chunk set bytes = zeroblob(262144) where attachment_id = 'attachment0' and part = 'content' and no = 1`}, firstFile},
		"content cut off":  {[]string{`delete from attachment_chunk where attachment_id = 'attachment0' and part = 'content' and no = 2`}, firstFile},
		"content erased":   {[]string{`delete from attachment_chunk where attachment_id = 'attachment0'`}, firstFile},
		"content swapped":  {[]string{`update attachment_chunk set no = 9 - no where attachment_id = 'attachment0' and part = 'content'`}, firstFile},
		"content added to": {[]string{`insert into attachment_chunk values ('attachment0', 'content', 3, zeroblob(1))`}, firstFile},
		"preview changed":  {[]string{`update attachment_chunk set bytes = cast('other' as blob) where attachment_id = 'attachment0' and part = 'preview'`}, firstFile},
		"content put in":   {[]string{`insert into attachment_chunk values ('nobody', 'content', 0, zeroblob(9))`}, func(s *store.Store) int64 { return last(s) + 1 }},
		"ended version current": {[]string{`update incident_facts set valid_to = 4611686018427387903 where rev = 1`},
			func(s *store.Store) int64 { return rowSeq(t, s, "incident_facts", 1) }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newFolder(t)
			s := mustOpen(t, dir)
			fill(t, s)
			want := int64(5)
			if test.want != nil {
				want = test.want(s)
			}
			if n, err := s.VerifyAudit(t.Context()); err != nil || n != last(s) {
				t.Fatalf("before: %v after %d", err, n)
			}
			db := raw(t, dir)
			db.SetMaxOpenConns(1)
			dropTriggers(t, db)
			run(t, db, `pragma foreign_keys = 0`)
			for _, text := range test.sql {
				run(t, db, text)
			}
			wantBad(t, s, name, want)
		})
	}
}

const factsRest = `rule_severity, rule_region, rule_need, within_s, deadline_from, deadline_to, p0_best, p0_worst, p0_strict_best, p0_strict_worst,
	p1_best, p1_worst, p1_strict_best, p1_strict_worst, p2_best, p2_worst, p2_strict_best, p2_strict_worst, first_attempt_min, first_attempt_max,
	first_contact_min, first_contact_max, first_direct_min, first_direct_max, first_diplomatic_min, first_diplomatic_max, since_known_min,
	since_known_max, first_contact_id, attempts, through, direct, diplomatic, basis, late_entry`

// TestTriggers: with the belt on, none of it can be done.
func TestTriggers(t *testing.T) {
	dir := newFolder(t)
	s := mustOpen(t, dir)
	fill(t, s)
	db := raw(t, dir)
	for _, text := range []string{
		`update audit set actor = 'x' where seq = 1`, `delete from audit where seq = 1`,
		`delete from incident_rev where rev = 1`, `delete from link_rev`, `delete from workflow_rev where rev = 1`, `update workflow_rev set content = '{}'`,
		`update incident_rev set merged_into = 'x' where rev = 1`, `update incident_rev set waiting_since = 1 where rev = 1`, `delete from policy where version = 2`,
		`update incident_rev set record = '{}' where rev = 2`, `update contact_rev set content = '{}'`,
		`update incident_facts set p0_worst = 'followed'`, `update incident_rev set valid_to = 5 where rev = 1`,
		`update comment_rev set text = 'x' where rev = 1`, `delete from comment_rev`, `update attachment_rev set name = 'x'`, `delete from attachment_rev`,
		`update expectation_rev set state = 'answered'`, `delete from expectation_rev`, `update sheet_rev set phrases = '{}'`, `delete from sheet_rev`,
		`update attachment_chunk set bytes = zeroblob(5)`, `delete from attachment_chunk where no = 0`,
		`update line_rev set rev = 9`, `update line_event_rev set begins = 5`, `delete from line_event_rev`, `update line_event_rev set valid_to = 5 where rev = 1`, `insert into incident_facts select rev + 100, incident_id, revision + 100, valid_from, valid_to, ` + factsRest + ` from incident_facts where valid_to > 4e18`,
		`update journal_rev set content = '{}' where rev = 1`, `delete from journal_rev`, `update shift_rev set ends_at = 9`, `delete from shift_rev`,
		`update handover_rev set content = '{}'`, `delete from handover_rev where rev = 1`, `update handover_rev set valid_to = 5 where state = 'signed'`,
		`update alert_rev set content = '{}'`, `delete from alert_rev`, `update alert_rev set valid_to = 5 where rev = 2`,
		`update line_rev set rev = 9`, `insert into incident_facts select rev + 100, incident_id, revision + 100, valid_from, valid_to, ` + factsRest + ` from incident_facts where valid_to > 4e18`,
	} {
		if _, err := db.Exec(text); err == nil || !strings.Contains(err.Error(), "never") && !strings.Contains(err.Error(), "ended") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestDamagedContent: what was changed under the log is never given out, not
// even the part before the change.
func TestDamagedContent(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	for name, text := range map[string]string{
		"changed at the end": `update attachment_chunk set bytes = zeroblob(length(bytes)) where attachment_id = 'attachment0' and no = 2`,
		"one bit":            `update attachment_chunk set bytes = cast('1' || substr(bytes, 2) as blob) where attachment_id = 'attachment0' and no = 0 and part = 'content'`,
		"cut off":            `delete from attachment_chunk where attachment_id = 'attachment0' and no = 2`,
		"gone":               `delete from attachment_chunk where attachment_id = 'attachment0'`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := newFolder(t)
			s := mustOpen(t, dir)
			fill(t, s)
			a, err := s.Attachment(t.Context(), "attachment0")
			fatal(t, err)
			var out strings.Builder
			fatal(t, s.Content(t.Context(), a, incidents.WholeFile, &out))
			if int64(out.Len()) != a.Size {
				t.Errorf("before: %d bytes", out.Len())
			}
			db := raw(t, dir)
			db.SetMaxOpenConns(1)
			dropTriggers(t, db)
			run(t, db, text)
			out.Reset()
			if err := s.Content(t.Context(), a, incidents.WholeFile, &out); !errors.Is(err, incidents.ErrDamaged) || out.Len() != 0 {
				t.Errorf("%v, and %d bytes were given out", err, out.Len())
			}
		})
	}
}
