package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// formOf reads a form of a page as a browser would send it, without a button.
func formOf(t *testing.T, doc *goquery.Document, selector string) url.Values {
	t.Helper()
	form := doc.Find(selector)
	if form.Length() != 1 {
		t.Fatalf("%d forms fit %q", form.Length(), selector)
	}
	v := url.Values{}
	form.Find("input, textarea, select").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("name", "")
		if name == "" || s.Closest("template").Length() > 0 {
			return
		}
		switch goquery.NodeName(s) {
		case "textarea":
			v.Add(name, s.Text())
			return
		case "select":
			picked := s.Find("option[selected]")
			if picked.Length() == 0 {
				picked = s.Find("option").First()
			}
			v.Add(name, picked.AttrOr("value", ""))
			return
		}
		_, checked := s.Attr("checked")
		if kind := s.AttrOr("type", "text"); (kind == "radio" || kind == "checkbox") && !checked {
			return
		}
		v.Add(name, s.AttrOr("value", ""))
	})
	return v
}

const reportForm = "form[data-testid=report-form]"

// newReport is a form that is good to file.
func newReport(t *testing.T, s *site) url.Values {
	t.Helper()
	a := s.get(t, access.Officer, "/incidents/new")
	if a.status != http.StatusOK {
		t.Fatalf("the form: %d", a.status)
	}
	v := formOf(t, a.doc, reportForm)
	v.Set("start", "240231ZNOV26")
	v.Set("position", "5512N 01848E")
	v.Set("intercepting_nations", "PL")
	v.Set("intercepted_nations", "RU")
	v["intercepting_aircraft_count"] = []string{"2", ""}
	v["intercepting_aircraft_designator"] = []string{"MG29", ""}
	v["intercepting_aircraft_name"] = []string{"MiG-29", ""}
	v.Set("severity", "high_risk")
	v.Set("severity_reason", "crossed 5 m ahead")
	return v
}

// file posts a report that must be accepted, and gives its page's address.
func file(t *testing.T, s *site, path string, v url.Values) string {
	t.Helper()
	a := s.post(t, access.Officer, path, v)
	if a.status != http.StatusSeeOther {
		t.Fatalf("filing: %d\n%s", a.status, saidOf(a))
	}
	return a.header.Get("Location")
}

// saidOf gives what a page says is wrong.
func saidOf(a answer) string {
	if a.doc == nil {
		return a.body
	}
	return strings.Join(strings.Fields(a.doc.Find("#errors, #conflict, [data-testid=fault]").Text()), " ")
}

func TestReportIsFiledOnce(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	v := newReport(t, s)
	first, second := file(t, s, "/incidents", v), file(t, s, "/incidents", v)
	if first != second || first != "/incidents/"+v.Get("id") {
		t.Errorf("the same form made %s and %s", first, second)
	}
	inc, err := s.store.Incident(t.Context(), incidents.ID(v.Get("id")), 0)
	if err != nil || inc.Revision != 1 || inc.Record.Title != "PL 2 MiG-29 meet RU" || inc.RecordedBy != "officer" || inc.Derived.Region != "baltic" {
		t.Errorf("%+v %v", inc, err)
	}
}

// nonsense is a value for every field of the report form, most of them wrong.
func nonsense() url.Values {
	v := url.Values{}
	for _, name := range strings.Fields(`title start end position uncertainty location sub_area region_reason airspace_state fir airspace_note
		intercepting_nations intercepting_base intercepting_unit intercepting_callsign intercepting_note
		intercepted_nations intercepted_base intercepted_unit intercepted_callsign intercepted_note who_intercepted_whom
		closest_approach closest_approach_qualifier violation_duration violation_duration_qualifier severity_reason
		disputed_claims reported_response narrative marking reason paste
		start_precision end_precision position_basis region airspace_kind intercepting_platform intercepted_platform
		transponder flight_plan radio_contact severity absence`) {
		v.Set(name, "  <b>nonsense & "+name+"</b> ")
	}
	for _, name := range strings.Fields(`intercepting_aircraft_count intercepting_aircraft_designator intercepting_aircraft_name
		intercepted_aircraft_count intercepted_aircraft_designator intercepted_aircraft_name
		claims_field claims_value claims_claimant claims_source sources_title sources_url sources_publisher sources_date`) {
		v[name] = []string{"first " + name, "", "third “" + name + "”"}
	}
	v["behaviours"] = []string{"escort", "juggling"}
	v.Set("exercise", "yes")
	return v
}

func TestReportKeepsEveryValue(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	blank := formOf(t, s.get(t, access.Officer, "/incidents/new").doc, reportForm)
	sent := nonsense()
	sent.Set("id", blank.Get("id"))
	for _, own := range []string{"defaults", "draft_step"} {
		blank.Del(own) // of the page, not of the report
	}
	for name := range blank {
		if sent[name] == nil {
			t.Errorf("this test sends nothing for %s", name)
		}
	}
	a := s.post(t, access.Officer, "/incidents", sent)
	if a.status != http.StatusUnprocessableEntity {
		t.Fatalf("%d\n%s", a.status, a.body)
	}
	back := formOf(t, a.doc, reportForm)
	for name, values := range sent {
		if name == "reason" { // of an edit only
			continue
		}
		if !reflect.DeepEqual(back[name], values) {
			t.Errorf("%s: sent %q, back came %q", name, values, back[name])
		}
	}
	if title := a.doc.Find("title").Text(); !strings.HasPrefix(title, "Error: ") {
		t.Errorf("title %q", title)
	}
	checkMessages(t, a)
}

// checkMessages checks that each message of the summary leads to a field that
// is there and says the same beside it.
func checkMessages(t *testing.T, a answer) {
	t.Helper()
	links := a.doc.Find("#errors a")
	if links.Length() == 0 {
		t.Error("no summary of what is wrong")
	}
	links.Each(func(_ int, l *goquery.Selection) {
		id := strings.TrimPrefix(l.AttrOr("href", ""), "#")
		field := a.doc.Find("[id='" + id + "']")
		if field.Length() != 1 {
			t.Errorf("the message %q leads to #%s: %d of it", l.Text(), id, field.Length())
			return
		}
		at := a.doc.Find("[id='" + field.AttrOr("aria-describedby", "none") + "']")
		for _, d := range strings.Fields(field.AttrOr("aria-describedby", "")) {
			if strings.HasSuffix(d, "-err") {
				at = a.doc.Find("[id='" + d + "']")
			}
		}
		if !strings.Contains(at.Text(), l.Text()) || field.AttrOr("aria-invalid", "") != "true" {
			t.Errorf("#%s says %q beside it, the summary %q", id, at.Text(), l.Text())
		}
		if field.Closest("details").Length() > 0 && field.Closest("details:not([open])").Length() > 0 {
			t.Errorf("#%s is wrong and folded away", id)
		}
	})
}

func TestReportSummaryCounts(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	v := newReport(t, s)
	v.Set("start", "310860ZOCT25")
	v.Set("position", "5512N 19848E")
	v.Set("severity", "serious")
	v.Set("severity_reason", "")
	a := s.post(t, access.Officer, "/incidents", v)
	if h := a.doc.Find("#errors h2").Text(); a.status != http.StatusUnprocessableEntity || h != "Not filed: three fields need you" {
		t.Fatalf("%d %q", a.status, h)
	}
	for id, want := range map[string]string{"start": "310900ZOCT25", "position": "01848E", "severity_reason": "reason in one line"} {
		if got := a.doc.Find("#" + id + "-err").Text(); !strings.Contains(got, want) {
			t.Errorf("%s: %q", id, got)
		}
	}
	if said := a.doc.Find("#readback mark").Text(); !strings.Contains(said, "Time not read") || !strings.Contains(said, "position not read") {
		t.Errorf("readback %q", said)
	}
	if due := a.doc.Find("#readback .due").Text(); !strings.Contains(due, "24 h") {
		t.Errorf("the policy for serious: %q", due)
	}
}

func TestReportIsReadBack(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	v := newReport(t, s)
	v.Set("uncertainty", "50")
	v.Set("airspace_kind", "international")
	v.Set("intercepting_base", "Malbork")
	v["behaviours"] = []string{"escort", "identification"}
	v.Set("add", "readback")
	a := s.post(t, access.Officer, "/incidents", v)
	said := strings.Join(strings.Fields(a.doc.Find("#readback .txt").Text()), " ")
	want := "At 240231ZNOV26, over the Baltic within 50 NM of 55°12.0'N 018°48.0'E in international airspace, 2 MiG-29 of Poland from Malbork met Russia. " +
		"Transponder unknown, flight plan unknown, radio contact unknown. Identification, escort. High risk: crossed 5 m ahead. Not stated: FIR, callsigns, closest approach."
	if a.status != http.StatusOK || said != want {
		t.Errorf("%d\n got %s\nwant %s", a.status, said, want)
	}
	if due := a.doc.Find("#readback .due").Text(); !strings.Contains(due, "A direct call will be due within 1 h") {
		t.Errorf("due: %q", due)
	}
	if _, err := s.store.Incident(t.Context(), incidents.ID(v.Get("id")), 0); err == nil {
		t.Error("reading back filed the report")
	}
}

func TestReportAddsARow(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	v := newReport(t, s)
	for _, what := range []string{"intercepting_aircraft", "intercepted_aircraft", "claims", "sources"} {
		v.Set("add", what)
		a := s.post(t, access.Officer, "/incidents", v)
		name := map[string]string{"claims": "claims_value", "sources": "sources_title"}[what]
		if name == "" {
			name = what + "_count"
		}
		before, after := len(v[name]), len(formOf(t, a.doc, reportForm)[name])
		if a.status != http.StatusOK || after != before+1 {
			t.Errorf("%s: %d, %d rows became %d", what, a.status, before, after)
		}
		if a.doc.Find("#errors").Length() > 0 {
			t.Errorf("%s: asking for a row is no filing", what)
		}
	}
}

func TestReportWithoutItsID(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	v := newReport(t, s)
	v.Set("id", "lost")
	a := s.post(t, access.Officer, "/incidents", v)
	back := formOf(t, a.doc, reportForm)
	if _, ok := incidents.ParseID(back.Get("id")); a.status != http.StatusUnprocessableEntity || !ok || back.Get("start") != v.Get("start") {
		t.Fatalf("%d, id %q", a.status, back.Get("id"))
	}
	file(t, s, "/incidents", back)
}

// TestEditUnchanged files the form of every tenth sample record as it was
// drawn: nothing but the revision may change.
func TestEditUnchanged(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	for i, inc := range allIncidents(t, s) {
		if i%10 != 0 {
			continue
		}
		unchangedByEdit(t, s, inc)
	}
}

// TestEditUnchangedOfARichRecord does the same with one that has everything.
func TestEditUnchangedOfARichRecord(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newEmptySite(t)
	n, two, u := 12, 2, 12.5
	rec := incidents.Record{
		Title: "Tu-95s & their “escort”", Start: incidents.At(time.Date(2015, 2, 18, 0, 0, 0, 0, time.UTC), incidents.Week, "week of 18 February"),
		End: incidents.At(time.Date(2015, 2, 27, 0, 0, 0, 0, time.UTC), incidents.Day, ""), Region: "norwegian", RegionReason: "flew on to the north", SubArea: "Skagerrak", Location: "off <Bornholm>",
		Geometry:     incidents.Geometry{Geometry: orb.Polygon{{{18, 55}, {19, 55}, {19.1234567, 56}, {18, 55}}}},
		PositionText: "", UncertaintyNM: &u, PositionBasis: "stated_area", GeometryHint: "rough", Airspace: incidents.Airspace{Kind: "territorial", State: "DK", FIR: "EKDK", Note: "for 90 s"},
		Intercepting: incidents.Party{Nations: []string{"DK", "SE"}, Aircraft: []incidents.Aircraft{{Designator: "F16", Name: "F-16", Count: &two}, {Name: "a ship"}, {Designator: "JAS39"[:4], Count: &two}}, Count: &n, PlatformKind: "mixed", Base: "Skrydstrup", Unit: "727", Callsign: "VIKING", Note: "scrambled"},
		Intercepted:  incidents.Party{Nations: []string{"RU"}, Aircraft: []incidents.Aircraft{}, PlatformKind: "bomber"}, Summary: "DK and SE met RU",
		Transponder: "off", FlightPlan: "none", RadioContact: "no", ClosestApproachM: &u, ClosestApproachQualifier: "less than", ViolationDurationS: &u, ViolationQualifier: "about",
		Behaviours: []string{"wing_rock", "identification"}, Severity: "serious", SeverityReason: "civil traffic turned away", SeveritySource: "somebody else",
		Claims:  []incidents.Claim{{Field: "transponder", Value: "on", Claimant: "RU", Source: "TASS"}, {Value: "off"}},
		Dispute: "One says\nthis.", ReportedResponse: "None.", Narrative: "First line.\n\n  Second, indented.", Sources: []incidents.Source{{Title: "A", URL: "https://example.org/?a=1&b=2", Publisher: "B", Date: "2015"}},
		Searches: []incidents.Search{{Who: "we", When: "2026", Where: "here", Outcome: "none_found"}}, Absence: "public_sources", Marking: "NATO RESTRICTED REL SWE", Source: "research", SourceID: "rich",
	}
	place := incidents.Derive(s.web.Atlas, &rec)
	inc, _, err := s.store.CreateIncident(t.Context(), access.Actor{Name: "cli:test", Role: access.Administrator}, incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted, Record: rec, Derived: place})
	if err != nil {
		t.Fatal(err)
	}
	if inc, err = s.store.Incident(t.Context(), inc.ID, 0); err != nil {
		t.Fatal(err)
	}
	unchangedByEdit(t, s, inc)
}

// unchangedByEdit files the edit form of an incident as it was drawn.
func unchangedByEdit(t *testing.T, s *site, inc incidents.Incident) {
	t.Helper()
	path := "/incidents/" + string(inc.ID)
	v := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	v.Set("reason", "nothing, to see")
	file(t, s, path, v)
	after, err := s.store.Incident(t.Context(), inc.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	if after.Revision != inc.Revision+1 {
		t.Errorf("%s: revision %d", inc.Number, after.Revision)
	}
	was, is := jsonOf(t, inc.Record), jsonOf(t, after.Record)
	if was != is || !reflect.DeepEqual(after.Derived, inc.Derived) {
		t.Errorf("%s changed:\nwas %s\n is %s", inc.Number, was, is)
	}
}

// jsonOf writes a record; a list with nothing in it is the same as none.
func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(`"aircraft":null`, `"aircraft":[]`, `"behaviours":null`, `"behaviours":[]`, `"nations":null`, `"nations":[]`).Replace(string(b))
}

func TestEditNeedsAReason(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	v := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	v.Set("title", "  Mine  ")
	a := s.post(t, access.Officer, path, v)
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("#reason-err").Length() != 1 {
		t.Fatalf("%d %s", a.status, saidOf(a))
	}
	if back := formOf(t, a.doc, reportForm); back.Get("title") != "  Mine  " || back.Get("base") != "1" {
		t.Errorf("back came %q on %q", back.Get("title"), back.Get("base"))
	}
}

func TestEditConflict(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	mine := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	theirs := url.Values{}
	for k, v := range mine {
		theirs[k] = v
	}
	theirs.Set("title", "Theirs")
	theirs.Set("intercepting_base", "Minsk Mazowiecki")
	theirs.Set("reason", "got the base")
	file(t, s, path, theirs)

	mine.Set("title", "Mine")
	mine.Set("closest_approach", "20 ft")
	mine.Set("reason", "heard the tape")
	a := s.post(t, access.Officer, path, mine)
	if a.status != http.StatusConflict || !strings.HasPrefix(a.doc.Find("title").Text(), "Error:") {
		t.Fatalf("%d %s", a.status, saidOf(a))
	}
	rows := map[string][]string{}
	a.doc.Find("#conflict tbody tr").Each(func(_ int, r *goquery.Selection) {
		var cells []string
		r.Find("td").Each(func(_ int, d *goquery.Selection) {
			cells = append(cells, strings.TrimSpace(d.Find("fieldset").Remove().End().Text()))
		})
		rows[strings.TrimSpace(r.Find("th").Text())] = cells[:3]
	})
	if want := map[string][]string{"Title": {"PL 2 MiG-29 meet RU", "Theirs", "Mine"}}; !reflect.DeepEqual(rows, want) {
		t.Errorf("was, theirs, yours: %v", rows)
	}
	merged := strings.Join(strings.Fields(a.doc.Find("#conflict details").Text()), " ")
	if want := "2 fields were changed by one side only and are mergedInterceptor, base: was “unknown”, now “Minsk Mazowiecki”, by officerClosest approach: was “unknown”, now “20 ft”, by you"; merged != want {
		t.Errorf("merged: %q", merged)
	}
	back := formOf(t, a.doc, reportForm)
	if back.Get("base") != "2" || back.Get("title") != "Mine" || back.Get("closest_approach") != "20 ft" || back.Get("intercepting_base") != "Minsk Mazowiecki" || back.Get("reason") != "heard the tape" {
		t.Errorf("the form: %v", back)
	}
	file(t, s, path, back)
	inc, err := s.store.Incident(t.Context(), incidents.ID(strings.TrimPrefix(path, "/incidents/")), 0)
	if err != nil || inc.Revision != 3 || inc.Record.Title != "Mine" || inc.Record.Intercepting.Base != "Minsk Mazowiecki" {
		t.Errorf("%+v %v", inc, err)
	}
}

func TestReportRights(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	for _, role := range []access.Role{access.Viewer, access.Analyst} {
		for _, p := range []string{"/incidents/new", path + "/edit", "/contacts/new"} {
			if a := s.get(t, role, p); a.status != http.StatusForbidden {
				t.Errorf("%s gets %s: %d", role, p, a.status)
			}
		}
		for _, p := range []string{"/incidents", path, "/contacts"} {
			if a := s.post(t, role, p, url.Values{"title": {"x"}}); a.status != http.StatusForbidden {
				t.Errorf("%s posts to %s: %d", role, p, a.status)
			}
		}
	}
}

func TestFormsHaveLabels(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	for _, p := range []string{"/incidents/new", path + "/edit", "/contacts/new?incident=" + strings.TrimPrefix(path, "/incidents/"), "/contacts", "/login"} {
		a := s.get(t, access.Officer, p)
		if a.status == http.StatusSeeOther {
			continue // signed in already
		}
		var ids []string
		a.doc.Find("[id]").Each(func(_ int, e *goquery.Selection) {
			if e.Closest("template").Length() == 0 {
				ids = append(ids, e.AttrOr("id", ""))
			}
		})
		sort.Strings(ids)
		for i := 1; i < len(ids); i++ {
			if ids[i] == ids[i-1] {
				t.Errorf("%s: two elements have the id %q", p, ids[i])
			}
		}
		a.doc.Find("main input:not([type=hidden]), main select, main textarea").Each(func(_ int, e *goquery.Selection) {
			if a.doc.Find("label[for='"+e.AttrOr("id", "")+"']").Length() == 0 && e.Closest("label").Length() == 0 && e.Closest("template").Length() == 0 {
				t.Errorf("%s: %s has no label", p, e.AttrOr("name", ""))
			}
		})
		if strings.Contains(a.body, `type="date"`) || strings.Contains(a.body, `type="datetime`) {
			t.Errorf("%s: times are typed as text", p)
		}
	}
}

// allIncidents gives every incident of the log, exercises too, oldest first.
func allIncidents(t *testing.T, s *site) []incidents.Incident {
	t.Helper()
	var list []incidents.Incident
	err := s.store.EachCase(t.Context(), incidents.Filter{Exercise: "include"}, atNow(s), false, func(c *caseOf) error {
		list = append(list, c.Incident)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
