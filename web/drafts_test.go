package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

func TestDraftIsKeptAndComesBack(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	v := newReport(t, s)
	key := v.Get("id")
	v.Set("narrative", "half a sent")
	v.Set("draft_seq", "100")
	v.Set("draft_place", "narrative:0:11:11")
	v.Set("draft_owner", "officer")
	if a := s.put(t, access.Officer, "/drafts/"+key, v); a.status != http.StatusOK || !strings.Contains(a.body, `"seq":100`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	v.Set("narrative", "half")
	v.Set("draft_seq", "99")
	s.put(t, access.Officer, "/drafts/"+key, v) // overtaken on its way
	a := s.get(t, access.Officer, "/incidents/new?id="+key)
	back := formOf(t, a.doc, reportForm)
	if back.Get("narrative") != "half a sent" || back.Get("start") != v.Get("start") || back.Get("id") != key {
		t.Errorf("came back as %q %q %q", back.Get("narrative"), back.Get("start"), back.Get("id"))
	}
	if got := a.doc.Find(reportForm).AttrOr("data-draft-place", ""); got != "narrative:0:11:11" {
		t.Errorf("the cursor is at %q", got)
	}
	if a := s.get(t, access.Officer, "/incidents/new"); a.doc.Find("[data-testid=unfinished] a[href='/incidents/new?id="+key+"']").Length() != 1 {
		t.Error("an empty form does not lead back to the draft")
	}
	// Another person neither has it nor writes into it; a supervisor sees it.
	if got := formOf(t, s.get(t, access.Supervisor, "/incidents/new?id="+key).doc, reportForm); got.Get("narrative") != "" {
		t.Error("a draft is shown as another person's own")
	}
	if a := s.put(t, access.Supervisor, "/drafts/"+key, v); a.status != http.StatusConflict {
		t.Errorf("a form of the officer was kept for the supervisor: %d", a.status)
	}
	if a := s.get(t, access.Supervisor, "/drafts"); !strings.Contains(wordsOf(a.doc.Find("main")), "half a sent") {
		t.Error("a supervisor does not see the drafts of the watch")
	}
	// Filed, it is gone, and its address leads to the incident.
	if a := s.post(t, access.Officer, "/incidents", v); a.status != http.StatusSeeOther {
		t.Fatalf("filing: %d", a.status)
	}
	if a := s.get(t, access.Officer, "/drafts"); a.doc.Find("[data-testid=draft]").Length() != 0 {
		t.Error("the draft of a filed report is still there")
	}
	v.Set("draft_seq", "200")
	if a := s.put(t, access.Officer, "/drafts/"+key, v); a.status != http.StatusOK {
		t.Errorf("a save that came after the filing: %d", a.status)
	}
	if a := s.get(t, access.Officer, "/drafts"); a.doc.Find("[data-testid=draft]").Length() != 0 {
		t.Error("a save that came after the filing brought the draft back")
	}
	if a := s.get(t, access.Officer, "/incidents/new?id="+key); a.status != http.StatusSeeOther || a.header.Get("Location") != "/incidents/"+key {
		t.Errorf("going back gives %d %s", a.status, a.header.Get("Location"))
	}
}

func TestDraftByButtonAndOfAChange(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	v := newReport(t, s)
	v.Set("add", "draft")
	a := s.post(t, access.Officer, "/incidents", v)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/incidents/new?id="+v.Get("id") {
		t.Fatalf("%d %s", a.status, a.header.Get("Location"))
	}
	v.Del("add")
	s.post(t, access.Officer, "/incidents", v)
	path := "/incidents/" + v.Get("id")
	e := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	e.Set("narrative", "changed, not filed")
	e.Set("draft_seq", "7")
	if a := s.put(t, access.Officer, "/drafts/"+v.Get("id"), e); a.status != http.StatusOK {
		t.Fatal(a.status)
	}
	a = s.get(t, access.Officer, path+"/edit")
	if got := formOf(t, a.doc, reportForm); got.Get("narrative") != "changed, not filed" || got.Get("base") != "1" {
		t.Errorf("the change came back as %q on %s", got.Get("narrative"), got.Get("base"))
	}
	if a := s.post(t, access.Officer, "/drafts/"+v.Get("id")+"/discard", url.Values{"back": {"/drafts"}}); a.status != http.StatusSeeOther {
		t.Error(a.status)
	}
	if got := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm); got.Get("narrative") == "changed, not filed" {
		t.Error("a discarded change is still drawn")
	}
}

// The same form, open twice and filed with other words, loses neither.
func TestSameFormFiledTwiceWithOtherWords(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	v := newReport(t, s)
	v.Set("narrative", "first tab")
	if a := s.post(t, access.Officer, "/incidents", v); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if a := s.post(t, access.Officer, "/incidents", v); a.status != http.StatusSeeOther {
		t.Fatalf("a retry: %d", a.status)
	}
	v.Set("narrative", "second tab")
	a := s.post(t, access.Officer, "/incidents", v)
	if a.status != http.StatusConflict || formOf(t, a.doc, reportForm).Get("narrative") != "second tab" || !strings.Contains(textOf(a.doc.Find("#conflict")), "first tab") {
		t.Errorf("%d: the words of the second tab are lost", a.status)
	}
	if got := s.get(t, access.Officer, "/incidents/"+v.Get("id")); !strings.Contains(got.body, "first tab") {
		t.Error("the first words were overwritten")
	}
}

func TestDefaultsOfTheShift(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	first := formOf(t, s.get(t, access.Officer, "/incidents/new").doc, reportForm)
	if first.Get("start") != "240312ZNOV26" || first.Get("intercepting_nations") != "" {
		t.Errorf("start %q, own side %q", first.Get("start"), first.Get("intercepting_nations"))
	}
	v := newReport(t, s)
	v.Set("intercepting_base", "Malbork")
	s.post(t, access.Officer, "/incidents", v)
	next := s.get(t, access.Officer, "/incidents/new")
	got := formOf(t, next.doc, reportForm)
	if got.Get("intercepting_nations") != "PL" || got.Get("intercepting_base") != "Malbork" || got.Get("intercepted_nations") != "" || got.Get("position") != "" {
		t.Errorf("the next report begins with %q %q %q %q", got.Get("intercepting_nations"), got.Get("intercepting_base"), got.Get("intercepted_nations"), got.Get("position"))
	}
	if !strings.Contains(next.body, "your last report") {
		t.Error("it is not said where they come from")
	}
	s.clock.Advance(14 * time.Hour)
	s.clients = map[access.Role]*http.Client{}
	if got := formOf(t, s.get(t, access.Officer, "/incidents/new").doc, reportForm); got.Get("intercepting_nations") != "" {
		t.Error("the last report of another shift is taken over")
	}
}

func TestBeginFromAnEarlierReport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.bySource(t, "2014-04-12-donald-cook-black-sea")
	a := s.get(t, access.Officer, "/incidents/new?from="+string(inc.ID))
	v := formOf(t, a.doc, reportForm)
	if v.Get("intercepted_nations") != "US" || v.Get("narrative") != "" || v.Get("start") != "240312ZNOV26" || v.Get("claims_value") != "" || v.Get("sources_title") != "" || v.Get("id") == string(inc.ID) {
		t.Errorf("begun as %v", v)
	}
	v.Set("severity_reason", "again")
	if a := s.post(t, access.Officer, "/incidents", v); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, wordsOf(a.doc.Find("[role=alert]")))
	}
	if got, err := s.store.Incident(t.Context(), incidents.ID(v.Get("id")), 0); err != nil || got.Reason != "begun from "+inc.Number {
		t.Errorf("where it came from is not on record: %q, %v", got.Reason, err)
	}
}

func TestPasteFillsTheForm(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	v := newReport(t, s)
	for _, name := range []string{"start", "position", "intercepting_nations", "intercepted_nations", "narrative", "severity", "severity_reason"} {
		v.Del(name)
	}
	v.Del("intercepting_aircraft_count")
	v.Del("intercepting_aircraft_designator")
	v.Del("intercepting_aircraft_name")
	v.Del("intercepted_aircraft_count")
	v.Del("intercepted_aircraft_designator")
	v.Del("intercepted_aircraft_name")
	text := "At 231630ZNOV26 two Norwegian F-16s intercepted two Russian Tu-95 Bears at 6830N 01015E, transponder off, no flight plan, no radio contact."
	v.Set("paste", text)
	v.Set("add", "fill")
	a := s.post(t, access.Officer, "/incidents", v)
	if a.status != http.StatusOK {
		t.Fatal(a.status)
	}
	got := formOf(t, a.doc, reportForm)
	for name, want := range map[string]string{
		"start": "231630ZNOV26", "position": "6830N 01015E", "intercepting_nations": "NO", "intercepted_nations": "RU",
		"intercepted_aircraft_designator": "TU95", "intercepted_aircraft_count": "2", "transponder": "off", "flight_plan": "none", "radio_contact": "no", "narrative": text, "paste": "",
	} {
		if got.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Get(name), want)
		}
	}
	if words := wordsOf(a.doc.Find("[data-testid=from-text]")); !strings.Contains(words, "two Russian Tu-95 Bears") && !strings.Contains(words, "Tu-95") {
		t.Errorf("the fields do not show their words: %s", words)
	}
	if _, err := s.store.Incident(t.Context(), incidents.ID(v.Get("id")), 0); err == nil {
		t.Error("filling the form filed it")
	}
	// What somebody typed stays.
	v.Set("intercepted_nations", "BY")
	if got := formOf(t, s.post(t, access.Officer, "/incidents", v).doc, reportForm); got.Get("intercepted_nations") != "BY" {
		t.Errorf("a typed field became %q", got.Get("intercepted_nations"))
	}
}

// A pasted text replaces what the form filled by itself, however long ago, and
// never what somebody typed over it.
func TestPasteAndDefaults(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	file(t, s, "/incidents", newReport(t, s)) // the last report of the shift: own side PL
	v := formOf(t, s.get(t, access.Officer, "/incidents/new").doc, reportForm)
	v.Set("paste", "231630ZNOV26 two Norwegian F-16s intercepted two Russian Tu-95 Bears off Norway.")
	v.Set("add", "fill")
	s.clock.Advance(7 * time.Minute)
	got := formOf(t, s.post(t, access.Officer, "/incidents", v).doc, reportForm)
	if got.Get("start") != "231630ZNOV26" || got.Get("intercepting_nations") != "NO" {
		t.Errorf("the defaults stayed: %q %q", got.Get("start"), got.Get("intercepting_nations"))
	}
	v.Set("start", "0230")
	v.Set("intercepting_nations", "SE")
	got = formOf(t, s.post(t, access.Officer, "/incidents", v).doc, reportForm)
	if got.Get("start") != "0230" || got.Get("intercepting_nations") != "SE" {
		t.Errorf("what was typed became %q %q", got.Get("start"), got.Get("intercepting_nations"))
	}
}

func TestFindGoesWhereTheTextMeans(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.bySource(t, "2014-04-12-donald-cook-black-sea")
	_, serial, _ := strings.Cut(inc.Number, "-")
	for q, want := range map[string]string{
		inc.Number: "/incidents/" + string(inc.ID), strings.TrimLeft(serial, "0"): "/incidents/" + string(inc.ID), "#" + serial: "/incidents/" + string(inc.ID),
		"141630ZMAR23": "/incidents?from=2023-03-14T16%3A30Z&to=2023-03-14T16%3A31Z", "Viper 21": "/incidents?q=Viper+21", "": "/incidents?q=",
	} {
		if a := s.get(t, access.Viewer, "/find?q="+url.QueryEscape(q)); a.status != http.StatusSeeOther || a.header.Get("Location") != want {
			t.Errorf("%q leads to %d %s, want %s", q, a.status, a.header.Get("Location"), want)
		}
	}
	lines, err := s.store.Lines(t.Context(), 0)
	if err != nil || len(lines) == 0 {
		t.Fatal(err)
	}
	v := newReport(t, s)
	v.Set("intercepting_callsign", "Viper 21")
	s.post(t, access.Officer, "/incidents", v)
	s.clock.Advance(2 * time.Minute) // callsigns are learned once a minute
	if a := s.get(t, access.Viewer, "/find?q=viper+21"); a.header.Get("Location") != "/incidents/"+v.Get("id") {
		t.Errorf("a callsign leads to %s", a.header.Get("Location"))
	}
	if a := s.get(t, access.Viewer, "/find?q="+url.QueryEscape(strings.ToLower(lines[0].Short))); a.header.Get("Location") != "/lines/"+string(lines[0].ID) {
		t.Errorf("a line leads to %s", a.header.Get("Location"))
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	if a := s.post(t, access.Officer, "/profile", url.Values{"keys": {"off"}, "notation": {"mgrs"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	a := s.get(t, access.Officer, "/profile")
	if html := a.doc.Find("html"); html.AttrOr("data-keys", "") != "off" || html.AttrOr("data-notation", "") != "mgrs" {
		t.Error("the pages do not know the profile")
	}
	if a := s.get(t, access.Officer, "/read/position?text="+url.QueryEscape("5854N 02230E")); !strings.Contains(a.body, "34V") {
		t.Errorf("read back as %s", a.body)
	}
	if a := s.get(t, access.Supervisor, "/profile"); a.doc.Find("html").AttrOr("data-keys", "") != "" {
		t.Error("one person's profile is another's")
	}
	if a := s.post(t, access.Officer, "/profile", url.Values{"notation": {"cuneiform"}}); a.status != http.StatusUnprocessableEntity {
		t.Error(a.status)
	}
}

// What may mean several things comes with its readings, to be picked.
func TestReadingsOfferChoices(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	for path, want := range map[string]string{
		"/read/position?text=" + url.QueryEscape("22.5, 58.9"): `"choices":["58.9N 22.5E","22.5N 58.9E"]`,
		"/read/position?text=Gotlund":                          `"choices":["Gotland"]`,
		"/read/time?text=2023":                                 `"choices":["2023Z","year 2023"]`,
		"/read/time?text=141630ZMAR23":                         `Is the date right?`,
	} {
		if a := s.get(t, access.Officer, path); !strings.Contains(a.body, want) {
			t.Errorf("%s: %s", path, a.body)
		}
	}
}
