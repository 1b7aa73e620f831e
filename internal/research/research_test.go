package research_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/research"
	"interceptlog/internal/store"
	"interceptlog/internal/store/sqlite"
	"interceptlog/testdata"
)

var now = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

type log struct {
	*store.Store
	importer *research.Importer
}

func newLog(t *testing.T) log {
	t.Helper()
	s, err := sqlite.Open(t.TempDir(), sqlite.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return log{s, &research.Importer{Store: s, Now: func() time.Time { return now }, Marking: "NATO UNCLASSIFIED",
		Actor:  access.Actor{Name: "importer", Role: access.Supervisor},
		Derive: func(rec *incidents.Record) incidents.Place { return incidents.Derive(geo.Default(), rec) }}}
}

func (l log) load(t *testing.T, allOrNothing bool, files ...research.File) research.Report {
	t.Helper()
	r, err := l.importer.Import(context.Background(), files, allOrNothing)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func file(name, text string) research.File {
	return research.File{Name: name, Reader: strings.NewReader(text)}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := fs.ReadFile(testdata.Research, "research/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func sample(t *testing.T) []research.File {
	return []research.File{file("incidents.ndjson", read(t, "incidents.ndjson")), file("hotline.ndjson", read(t, "hotline.ndjson"))}
}

// print gives the report as a terminal shows it.
func print(t *testing.T, r research.Report) string {
	t.Helper()
	var b strings.Builder
	if err := r.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// incidentLine makes a good line; edits replace or remove ("-") members.
func incidentLine(id string, edits ...string) string {
	return edited(`{"id":"`+id+`","title":"A meeting","date_time_start":"2024-05-06T10:00:00Z","time_precision":"exact","region":"baltic","severity":"serious","severity_reason":"close","geometry":{"type":"Point","coordinates":[19,57]}}`, edits)
}

func contactLine(id string, edits ...string) string {
	return edited(`{"record_type":"contact","id":"`+id+`","channel":{"name":"A call","parties":["NO","RU"],"kind":"phone"},"date_time":"2024-05-06T12:00:00Z","time_precision":"exact","direction":"NO->RU","outcome":"connected"}`, edits)
}

func channelLine(id string, edits ...string) string {
	return edited(`{"record_type":"channel","id":"`+id+`","channel":{"name":"A line","parties":["NO","RU"],"kind":"phone"},"status":"in_use"}`, edits)
}

// edited sets members of an object; edits are name, JSON value, name, value …
func edited(line string, edits []string) string {
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(line), &m); err != nil {
		panic(err)
	}
	for i := 0; i < len(edits); i += 2 {
		if edits[i+1] == "-" {
			delete(m, edits[i])
		} else {
			m[edits[i]] = json.RawMessage(edits[i+1])
		}
	}
	b, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestSampleImportsAndAgainChangesNothing(t *testing.T) {
	l := newLog(t)
	for i, want := range []string{
		"incidents: 115 created\nlines: 15 created\ncontacts: 43 created\n",
		"incidents: 115 unchanged\nlines: 15 unchanged\ncontacts: 43 unchanged\n",
		"incidents: 115 unchanged\nlines: 15 unchanged\ncontacts: 43 unchanged\n",
	} {
		if got := print(t, l.load(t, i == 2, sample(t)...)); got != want {
			t.Errorf("import %d says\n%swant\n%s", i+1, got, want)
		}
	}
}

func TestConflictRevisionAndUndo(t *testing.T) {
	l, ctx := newLog(t), context.Background()
	text := incidentLine("a") + "\n" + incidentLine("b") + "\n" + channelLine("ch") + "\n" + contactLine("c") + "\n"
	l.load(t, false, file("f", text))

	a, err := l.IncidentBySource(ctx, research.Source, "a")
	if err != nil {
		t.Fatal(err)
	}
	a.Record.Title, a.Reason = "As a person has it", "corrected by the watch"
	if a, err = l.ReviseIncident(ctx, access.Actor{Name: "officer", Role: access.Officer}, a); err != nil {
		t.Fatal(err)
	}
	changed := incidentLine("a") + "\n" + incidentLine("b", "title", `"A meeting, corrected"`) + "\n" +
		channelLine("ch", "summary", `"more is known"`) + "\n" + contactLine("c", "outcome", `"no_answer"`) + "\n"

	// All or nothing, with one bad line: no revision is kept, good as it was.
	r := l.load(t, true, file("f", changed+"{\n"))
	if !r.Undone || !r.Failed() || !strings.Contains(print(t, r), "all or nothing: nothing was kept") {
		t.Errorf("undone %v, failed %v:\n%s", r.Undone, r.Failed(), print(t, r))
	}
	if b, err := l.IncidentBySource(ctx, research.Source, "b"); err != nil || b.Revision != 1 {
		t.Errorf("b is at revision %d (%v) after an import of which nothing was to be kept", b.Revision, err)
	}

	want := "conflict: f:1: record: " + a.Number + ": has been edited by officer since it was imported, and differs from the file; it was left as it is.\n" +
		"incidents: 1 revised, 1 in conflict\nlines: 1 revised\ncontacts: 1 revised\n"
	r = l.load(t, false, file("f", changed))
	if got := print(t, r); got != want || r.Failed() {
		t.Errorf("failed %v, says\n%swant\n%s", r.Failed(), got, want)
	}
	if left, err := l.IncidentBySource(ctx, research.Source, "a"); err != nil || left.Revision != a.Revision || left.Record.Title != a.Record.Title {
		t.Errorf("the edited record is %q at revision %d (%v)", left.Record.Title, left.Revision, err)
	}
	if b, err := l.IncidentBySource(ctx, research.Source, "b"); err != nil || b.Revision != 2 || b.Record.Title != "A meeting, corrected" {
		t.Errorf("the record that changed at its source is %q at revision %d (%v)", b.Record.Title, b.Revision, err)
	}
}

func TestAllOrNothingKeepsNothing(t *testing.T) {
	l := newLog(t)
	r := l.load(t, true, append(sample(t), file("bad", incidentLine("x", "severity", `"grave"`)))...)
	if got := print(t, r); !strings.HasSuffix(got, "incidents: 1 rejected\nall or nothing: nothing was kept\n") {
		t.Error(got)
	}
	if p, err := l.Cases(context.Background(), incidents.Filter{}, hotline.Page{}, hotline.At{Now: incidents.MillisOf(now)}); err != nil || p.Total != 0 {
		t.Errorf("%d incidents are in the log (%v)", p.Total, err)
	}
	if lines, err := l.Lines(context.Background(), 0); err != nil || len(lines) != 0 {
		t.Errorf("%d lines are in the log (%v)", len(lines), err)
	}
}

// TestBadLines: each is named by file, line and field, is left out whole, and
// the good lines before and after it are kept.
func TestBadLines(t *testing.T) {
	l := newLog(t)
	positions := strings.TrimSuffix(strings.Repeat("[1,60],", 10_001), ",")
	for name, c := range map[string]struct{ line, field, says string }{
		"wrong type":                  {incidentLine("x", "title", `7`), "title", "is no text"},
		"list for a text":             {incidentLine("x", "narrative", `["a"]`), "narrative", "is no text"},
		"object for a list":           {incidentLine("x", "sources", `{}`), "sources", "is no list"},
		"text for an object":          {incidentLine("x", "airspace", `"EE"`), "airspace", "is no JSON object"},
		"unknown field":               {incidentLine("x", "weather", `"fog"`), "weather", "is no field of the research form; accepted here: airspace,"},
		"unknown field within":        {incidentLine("x", "intercepted", `{"aircraft":[{"tail":"1"}]}`), "intercepted.aircraft[0].tail", "accepted here: count, designator, name"},
		"a field without a name":      {incidentLine("x", "", `1`), `""`, "is no field"},
		"duplicate key":               {strings.Replace(incidentLine("x"), "{", `{"title":"B",`, 1), "title", "stands twice"},
		"duplicate key within":        {incidentLine("x", "airspace", `{"fir":"A","fir":"B"}`), "airspace.fir", "stands twice"},
		"bad vocabulary":              {incidentLine("x", "severity", `"grave"`), "severity", "near_routine, serious, high_risk"},
		"bad behaviour":               {incidentLine("x", "behaviours", `["waving"]`), "behaviours", "identification"},
		"bad nation":                  {incidentLine("x", "intercepting", `{"nations":["UK"]}`), "intercepting.nations", "ISO 3166-1"},
		"bad state":                   {incidentLine("x", "airspace", `{"state":"Estonia"}`), "airspace.state", "ISO 3166-1"},
		"bad designator":              {incidentLine("x", "intercepted", `{"aircraft":[{"designator":"Tu-95"}]}`), "intercepted.aircraft[0].designator", "TU95"},
		"bad web address":             {incidentLine("x", "sources", `[{"title":"T","url":"javascript:1"}]`), "sources[0].url", "https://"},
		"no id":                       {incidentLine("x", "id", `""`), "id", "is missing"},
		"no reason for the severity":  {incidentLine("x", "severity_reason", `null`), "severity_reason", "is missing"},
		"no place at all":             {incidentLine("x", "geometry", `null`, "region", `null`), "region", "baltic, black"},
		"bad date":                    {incidentLine("x", "date_time_start", `"2024-02-30"`, "time_precision", `"day"`), "date_time_start", ""},
		"no date":                     {incidentLine("x", "date_time_start", "-"), "date_time_start", "is missing"},
		"time without zone":           {incidentLine("x", "date_time_start", `"2024-05-06T10:00"`), "date_time_start", ""},
		"finer than the date":         {incidentLine("x", "date_time_start", `"2024-05-06"`), "date_time_start", "known to the day only"},
		"future":                      {incidentLine("x", "date_time_start", `"2031-01-01T00:00:00Z"`), "date_time_start", "lies in the future; it is 240900ZNOV26 now"},
		"end in the future":           {incidentLine("x", "date_time_end", `"2031-01-01T00:00:00Z"`), "date_time_end", "lies in the future"},
		"end before start":            {incidentLine("x", "date_time_end", `"2024-05-06T09:00:00Z"`), "date_time_end", "lies before date_time_start"},
		"NaN":                         {strings.Replace(incidentLine("x"), "{", `{"closest_approach_m":NaN,`, 1), "record", "is no JSON"},
		"a number too great":          {incidentLine("x", "closest_approach_m", `1e999`), "closest_approach_m", "0 to 500000"},
		"a negative number":           {incidentLine("x", "position_uncertainty_nm", `-1`), "position_uncertainty_nm", "0 to 5000"},
		"a number as text":            {incidentLine("x", "violation_duration_s", `"60"`), "violation_duration_s", "accepted: a number"},
		"half an aircraft":            {incidentLine("x", "intercepted", `{"count":1.5}`), "intercepted.count", "no whole number"},
		"unknown kind of geometry":    {incidentLine("x", "geometry", `{"type":"Circle","coordinates":[1,2]}`), "geometry", "Point"},
		"latitude beyond the pole":    {incidentLine("x", "geometry", `{"type":"Point","coordinates":[57,190]}`), "geometry", "latitude"},
		"open ring":                   {incidentLine("x", "geometry", `{"type":"Polygon","coordinates":[[[1,60],[2,60],[2,61],[1,61]]]}`), "geometry", "not closed"},
		"10,001 positions":            {incidentLine("x", "geometry", `{"type":"LineString","coordinates":[`+positions+`]}`), "geometry", "10000 positions"},
		"64 KiB of text and one":      {incidentLine("x", "narrative", `"`+strings.Repeat("a", 64<<10+1)+`"`), "narrative", "64 KiB"},
		"lon without lat":             {incidentLine("x", "lon", `19`), "lat", "go together"},
		"lon and lat elsewhere":       {incidentLine("x", "lon", `18`, "lat", `57`), "geometry", "is not where lon and lat say"},
		"unknown field of a geometry": {incidentLine("x", "geometry", `{"type":"Point","coordinates":[19,57],"crs":"x"}`), "geometry.crs", "accepted here: coordinates, type"},
		"geometry with two types":     {incidentLine("x", "geometry", `{"type":"LineString","type":"Point","coordinates":[19,57]}`), "geometry.type", "stands twice"},
		"half a character":            {incidentLine("x", "title", `"a\ud800b"`), "title", "half a character"},
		"half a character at the end": {incidentLine("x", "title", `"a\ud800"`), "title", "half a character"},
		"control character":           {incidentLine("x", "narrative", `"a\u0000b"`), "narrative", "U+0000"},
		"invalid UTF-8":               {strings.Replace(incidentLine("x"), "A meeting", "A \xff meeting", 1), "record", "UTF-8"},
		"cut JSON":                    {incidentLine("x")[:80], "record", "is no JSON"},
		"two records in a line":       {incidentLine("x") + incidentLine("y"), "record", "is no JSON"},
		"a number for a record":       {`7`, "record", "is no JSON object"},
		"unknown kind of record":      {incidentLine("x", "record_type", `"flight"`), "record_type", "incident (or none), channel, contact"},
		"unknown channel":             {contactLine("x", "channel_id", `"ch-none"`), "channel_id", "is no channel of the log"},
		"unknown linked incident":     {contactLine("x", "relation", `"general"`, "linked_incident_ids", `["none"]`), "linked_incident_ids", "is no incident of the log"},
		"links without a relation":    {contactLine("x", "linked_incident_ids", `["before"]`), "relation", "followed_incident"},
		"bad direction":               {contactLine("x", "direction", `"NO to RU"`), "direction", "US->RU"},
		"direction of nobody":         {contactLine("x", "direction", `"->RU"`), "direction", "US->RU"},
		"bad outcome":                 {contactLine("x", "outcome", `"busy"`), "outcome", "reply_by_letter"},
		"a call not made yet":         {contactLine("x", "date_time", `"2031-01-01T00:00:00Z"`), "date_time", "lies in the future"},
		"a call that ends too soon":   {contactLine("x", "date_time_end", `"2024-05-06T11:00:00Z"`), "date_time_end", "lies before date_time"},
		"a channel with a time":       {channelLine("x", "date_time", `"2024"`), "date_time", "belongs to a contact"},
		"a channel of no party":       {channelLine("x", "channel", `{"name":"L","kind":"phone","parties":["USSR"]}`), "channel.parties", "is no party"},
		"a channel of no kind":        {channelLine("x", "channel", `{"name":"L"}`), "channel.kind", "ambassador_summons"},
	} {
		t.Run(name, func(t *testing.T) {
			r := l.load(t, false, file("f.ndjson", incidentLine("before")+"\n"+c.line+"\n"+incidentLine("after")+"\n"))
			if len(r.Problems) == 0 {
				t.Fatalf("no problem: %+v", r)
			}
			found := false
			for _, p := range r.Problems {
				if p.File != "f.ndjson" || p.Line != 2 || len([]rune(p.Value)) > 81 || p.Msg == "" {
					t.Errorf("problem %+v", p)
				}
				found = found || p.Field == c.field && strings.Contains(p.Msg, c.says)
			}
			if !found {
				t.Errorf("no problem of %s that says %q:\n%s", c.field, c.says, print(t, r))
			}
			if r.Incidents.Created+r.Incidents.Unchanged != 2 || !r.Failed() || r.Incidents.Rejected+r.Lines.Rejected+r.Contacts.Rejected+r.Other != 1 {
				t.Errorf("%s", print(t, r))
			}
			if _, err := l.IncidentBySource(context.Background(), research.Source, "x"); err == nil {
				t.Error("the bad record is in the log")
			}
		})
	}
}

func TestFilesThatAreAccepted(t *testing.T) {
	a, b := incidentLine("a", "title", `"\ud83d\ude80 \\ud800 \t \n \ufffd"`), incidentLine("b", "intercepting", `{"count":0}`)
	long := `{"id":"` + strings.Repeat("a", 5<<20) + `"}`
	c := contactLine("c", "relation", `"prompted_by"`, "linked_incident_ids", `["a"]`)
	early := contactLine("e", "date_time", `"2024-05-05T12:00:00Z"`, "relation", `"followed_incident"`, "linked_incident_ids", `["a"]`)
	for name, test := range map[string]struct{ text, want string }{
		"byte order mark":           {"\ufeff" + a + "\n", "incidents: 1 created\n"},
		"CRLF":                      {a + "\r\n" + b + "\r\n", "incidents: 2 created\n"},
		"blank lines":               {"\n\n" + a + "\n  \n\n" + b + "\n\n", "incidents: 2 created\n"},
		"no final newline":          {a + "\n" + b, "incidents: 2 created\n"},
		"nothing":                   {"", ""},
		"incidents named as such":   {incidentLine("a", "record_type", `"incident"`), "incidents: 1 created\n"},
		"a contact before the rest": {c + "\n" + channelLine("ch") + "\n" + a, "incidents: 1 created\nlines: 1 created\ncontacts: 1 created\n"},
		"a line too long": {a + "\n" + long + "\n" + b, "f:2: record: is longer than 4194304 bytes (4 MiB), the most that a line may have.\n" +
			"incidents: 2 created\nlines that are no record: 1\n"},
		"a call before its incident": {a + "\n" + early, "warning: f:2: relation: followed_incident: the contact ended before incident a began, so it cannot have been prompted by it; it counts for nothing.\n" +
			"incidents: 1 created\ncontacts: 1 created\n"},
		"a contact that is nowhere": {incidentLine("a", "contact_ids", `["nowhere"]`), "warning: f:1: contact_ids: nowhere: is no contact of the log; the incident was taken without it. Import the contact, then this file again.\n" +
			"incidents: 1 created\n"},
		"one line twice": {a + "\n" + a, "incidents: 1 created, 1 unchanged\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := print(t, newLog(t).load(t, false, file("f", test.text))); got != test.want {
				t.Errorf("says\n%swant\n%s", got, test.want)
			}
		})
	}
	// The longest line that is accepted: blanks fill it up to the byte.
	for extra, want := range []string{"incidents: 1 created\n", "lines that are no record: 1\n"} {
		full := a[:1] + strings.Repeat(" ", 4<<20-len(a)+extra) + a[1:]
		if got := print(t, newLog(t).load(t, false, file("f", full+"\r\n"))); !strings.HasSuffix(got, want) {
			t.Errorf("4 MiB and %d bytes: %s", extra, got)
		}
	}
}

// TestLinkNamedByTheIncident: a contact that came with an earlier import is
// linked when an incident names it later.
func TestLinkNamedByTheIncident(t *testing.T) {
	l := newLog(t)
	l.load(t, false, file("f", contactLine("c", "relation", `"general"`)))
	text := incidentLine("a", "contact_ids", `["c"]`)
	if got, want := print(t, l.load(t, false, file("g", text))), "incidents: 1 created\ncontacts: 1 revised\n"; got != want {
		t.Errorf("says\n%swant\n%s", got, want)
	}
	if got, want := print(t, l.load(t, false, file("g", text))), "incidents: 1 unchanged\n"; got != want {
		t.Errorf("again says\n%swant\n%s", got, want)
	}
	c, err := l.ContactBySource(context.Background(), research.Source, "c")
	if err != nil {
		t.Fatal(err)
	}
	with, err := l.Contact(context.Background(), c.ID, 0)
	if err != nil || len(with.Incidents) != 1 || with.Incidents[0].Link.Relation != "discussed" {
		t.Fatalf("linked %+v (%v)", with.Incidents, err)
	}
	// What a person unlinks stays unlinked, whatever the file says.
	link := with.Incidents[0].Link
	link.Linked, link.Reason = false, "another incident was meant"
	if err := l.SetLink(context.Background(), access.Actor{Name: "officer", Role: access.Officer}, link); err != nil {
		t.Fatal(err)
	}
	l.load(t, false, file("g", text+"\n"+contactLine("c", "relation", `"general"`, "linked_incident_ids", `["a"]`)))
	if with, err = l.Contact(context.Background(), c.ID, 0); err != nil || len(with.Incidents) != 0 {
		t.Errorf("linked again %+v (%v)", with.Incidents, err)
	}
}

// TestReportStaysOnItsLines: what a file holds does not reach the terminal as
// control characters, and one line cannot flood the report.
func TestReportStaysOnItsLines(t *testing.T) {
	l := newLog(t)
	r := l.load(t, false, file("f", incidentLine("x", "severity", `"a\n\u009b2Jb"`)+"\n"+
		incidentLine("y", "behaviours", "["+strings.TrimSuffix(strings.Repeat("1,", 5000), ",")+"]")))
	if got := print(t, r); strings.ContainsAny(got, "\u009b\x1b") || strings.Count(got, "\n") != 2+101+1 {
		t.Errorf("%d lines:\n%.2000q", strings.Count(got, "\n"), got)
	}
}

func TestExerciseMakesALiveBoard(t *testing.T) {
	l, ctx := newLog(t), context.Background()
	l.load(t, false, sample(t)...)
	for range 2 {
		if err := l.importer.LoadExercise(ctx, now); err != nil {
			t.Fatal(err)
		}
	}
	seen, total := map[hotline.Status]int{}, 0
	at := hotline.At{Now: incidents.MillisOf(now)}
	err := l.EachCase(ctx, incidents.Filter{Exercise: "only"}, at, false, func(c *hotline.Case) error {
		total++
		seen[c.Assessment.Worst]++
		r := c.Incident.Record
		if r.Absence != "own_log" || !r.Exercise || r.Source != research.ExerciseSource || !strings.HasPrefix(r.Narrative, "Exercise: the real incident was on ") {
			return fmt.Errorf("%s is no exercise record: %+v", c.Incident.Number, r)
		}
		return nil
	})
	if err != nil || total != 7 {
		t.Errorf("%d exercise incidents (%v)", total, err)
	}
	for _, s := range []hotline.Status{hotline.Overdue, hotline.Attempted, hotline.Awaiting, hotline.Followed} {
		if seen[s] == 0 {
			t.Errorf("nothing is %s: %v", s, seen)
		}
	}
	// The real records are as they were.
	if p, err := l.Cases(ctx, incidents.Filter{}, hotline.Page{}, at); err != nil || p.Total != 115 {
		t.Errorf("%d real incidents (%v)", p.Total, err)
	}
}

// TestStatedRegion: a region that the geometry gives too is no override, so that
// a later correction of the position moves it; one that differs is kept with its
// reason.
func TestStatedRegion(t *testing.T) {
	l := newLog(t)
	none := []string{"geometry", `null`}
	l.load(t, false, file("f", incidentLine("same")+"\n"+incidentLine("other", "region", `"black"`)+"\n"+incidentLine("none", none...)))
	for id, want := range map[string][4]string{ // stated, reason, of the geometry, that counts
		"same":  {"", "", "baltic", "baltic"},
		"other": {"black", "as the imported record states it", "baltic", "black"},
		"none":  {"baltic", "", "", "baltic"},
	} {
		inc, err := l.IncidentBySource(context.Background(), research.Source, id)
		if err != nil {
			t.Fatal(err)
		}
		if got := [4]string{inc.Record.Region, inc.Record.RegionReason, inc.Derived.GeometryRegion, inc.Derived.Region}; got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
