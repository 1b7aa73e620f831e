package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// shownBeside gives the ids that a page shows beside the form as possibly the
// same.
func shownBeside(a answer) []string {
	return a.doc.Find("#similar input[name=beside][form=report]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
}

// second is another report of what newReport tells, by somebody who saw less.
func second(t *testing.T, s *site) url.Values {
	t.Helper()
	v := newReport(t, s)
	v.Set("position", "5515N 01850E")
	v.Set("intercepting_nations", "")
	delete(v, "intercepting_aircraft_count")
	delete(v, "intercepting_aircraft_designator")
	delete(v, "intercepting_aircraft_name")
	return v
}

// beside asks for the form with what is typed into it.
func beside(t *testing.T, s *site, v url.Values) answer {
	t.Helper()
	v = copied(v)
	v.Set("add", "readback")
	a := s.post(t, access.Officer, "/incidents", v)
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, saidOf(a))
	}
	return a
}

func copied(v url.Values) url.Values {
	c := url.Values{}
	for k, list := range v {
		c[k] = slices.Clone(list)
	}
	return c
}

func textOf(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func TestSimilarFollowsTheForm(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	first := strings.TrimPrefix(file(t, s, "/incidents", newReport(t, s)), "/incidents/")
	drill := newReport(t, s)
	drill.Set("exercise", "yes")
	drillID := strings.TrimPrefix(file(t, s, "/incidents", drill), "/incidents/")
	gone := newReport(t, s)
	gone.Set("start", "230231ZNOV26")
	gonePath := file(t, s, "/incidents", gone)
	if a := s.post(t, access.Supervisor, gonePath+"/retract", url.Values{"base": {"1"}, "reason": {"never was"}}); a.status != http.StatusSeeOther {
		t.Fatalf("retract: %d", a.status)
	}
	for name, c := range map[string]struct {
		set  map[string]string
		want []string
	}{
		"the same":              {want: []string{first}},
		"with errors elsewhere": {set: map[string]string{"end": "nonsense", "severity": "", "closest_approach": "near", "intercepting_nations": "XX"}, want: []string{first}},
		"no time yet":           {set: map[string]string{"start": ""}},
		"another hour":          {set: map[string]string{"start": "240120ZNOV26"}},
		"the day":               {set: map[string]string{"start": "24 NOV 26", "start_precision": "day"}, want: []string{first}},
		"far away":              {set: map[string]string{"position": "5700N 01900E"}},
		"no position, region":   {set: map[string]string{"position": "", "region": "baltic"}, want: []string{first}},
		"another nation":        {set: map[string]string{"intercepted_nations": "BY"}},
		"nobody":                {set: map[string]string{"intercepted_nations": ""}},
		"an exercise":           {set: map[string]string{"exercise": "yes"}, want: []string{drillID}},
		"of the retracted one":  {set: map[string]string{"start": "230231ZNOV26"}},
	} {
		v := second(t, s)
		for k, text := range c.set {
			v.Set(k, text)
		}
		if got := shownBeside(beside(t, s, v)); !slices.Equal(got, c.want) {
			t.Errorf("%s: shown %v, want %v", name, got, c.want)
		}
	}
	a := beside(t, s, second(t, s))
	said := textOf(a.doc.Find("#similar li").First())
	for _, part := range []string{"2026-0001, opens in a new tab", "240231ZNOV26", "PL 2 MiG-29 – RU", "Awaiting", "same time: 240231ZNOV26", "3 NM apart, within 30 NM", "same intercepted: RU", "This is the same as 2026-0001"} {
		if !strings.Contains(said, part) {
			t.Errorf("%q is not in %q", part, said)
		}
	}
	if n := a.doc.Find("form #similar-near button[name=same][formaction='/incidents/same']").Length(); n != 1 {
		t.Errorf("%d buttons above those of the form", n)
	}
	if edit := s.get(t, access.Officer, "/incidents/"+first+"/edit"); len(shownBeside(edit)) > 0 {
		t.Error("an edit is no new report")
	}
}

func TestSimilarCarriesItsMarking(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	v := newReport(t, s)
	v.Set("marking", "NATO RESTRICTED")
	file(t, s, "/incidents", v)
	a := beside(t, s, second(t, s))
	if row, banner := textOf(a.doc.Find("#similar .simh")), textOf(a.doc.Find("section.marking").First()); !strings.Contains(row, "NATO RESTRICTED") || banner != "NATO RESTRICTED" {
		t.Errorf("row %q, banner %q", row, banner)
	}
}

func TestSimilarNearestFirstAndFiveAtMost(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	var want []string
	for _, minutes := range []string{"24", "18", "21", "12", "27", "15"} {
		v := newReport(t, s)
		v.Set("position", "55"+minutes+"N 01848E")
		want = append(want, strings.TrimPrefix(file(t, s, "/incidents", v), "/incidents/"))
	}
	v := second(t, s)
	v.Set("position", "5512N 01848E")
	v.Set("uncertainty", "5")
	if got := shownBeside(beside(t, s, v)); !slices.Equal(got, []string{want[3], want[5], want[1], want[2], want[0]}) {
		t.Errorf("shown %v of %v", got, want)
	}
}

// TestSimilarOfOnePlace has records at one place: the finer time comes first,
// and one without a position last.
func TestSimilarOfOnePlace(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	var ids []string
	for _, set := range []map[string]string{{"position": "", "region": "baltic"}, {"start": "NOV 26", "start_precision": "month"}, {}, {"start": "24 NOV 26", "start_precision": "day"}} {
		v := newReport(t, s)
		for k, text := range set {
			v.Set(k, text)
		}
		ids = append(ids, strings.TrimPrefix(file(t, s, "/incidents", v), "/incidents/"))
	}
	v := newReport(t, s)
	a := beside(t, s, v)
	if got := shownBeside(a); !slices.Equal(got, []string{ids[2], ids[3], ids[1], ids[0]}) {
		t.Errorf("shown %v of %v", got, ids)
	}
	if said := textOf(a.doc.Find("#similar li .why").Last()); !strings.Contains(said, "region Baltic in both, one position is unknown") {
		t.Errorf("the last: %q", said)
	}
}

func TestFiledBesideIsKept(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	first := strings.TrimPrefix(file(t, s, "/incidents", newReport(t, s)), "/incidents/")
	v := second(t, s)
	v.Set("intercepting_nations", "SE")
	v["beside"] = shownBeside(beside(t, s, v))
	v["beside"] = append(v["beside"], "nonsense", string(incidents.NewID()))
	v.Set("begun_from", first)
	path := file(t, s, "/incidents", v)
	inc, err := s.store.Incident(t.Context(), incidents.ID(strings.TrimPrefix(path, "/incidents/")), 0)
	if err != nil || inc.Reason != "begun from 2026-0001; filed beside 2026-0001, which may be the same" {
		t.Errorf("%q %v", inc.Reason, err)
	}
	if a := s.get(t, access.Officer, path+"/history"); !strings.Contains(a.body, "; filed beside 2026-0001") {
		t.Error("the history does not say it")
	}
	if inc, err := s.store.Incident(t.Context(), incidents.ID(first), 0); err != nil || inc.Reason != "" {
		t.Errorf("the first one: %q %v", inc.Reason, err)
	}
}

func TestThisIsTheSame(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	v := second(t, s)
	v.Set("intercepted_callsign", "BEAR 1")
	v.Set("closest_approach", "20 ft")
	v.Set("narrative", "Seen from the ferry.")
	v["behaviours"] = []string{"escort"}
	v.Set("same", strings.TrimPrefix(path, "/incidents/"))
	a := s.post(t, access.Officer, "/incidents/same", v)
	if a.status != http.StatusOK || a.doc.Find(reportForm).AttrOr("action", "") != path {
		t.Fatalf("%d %s", a.status, saidOf(a))
	}
	rows := map[string]string{}
	a.doc.Find("#offer tbody tr").Each(func(_ int, r *goquery.Selection) {
		rows[textOf(r.Find("th"))] = textOf(r.Find("td").Eq(0)) + " | " + textOf(r.Find("td").Eq(1)) + " | " + textOf(r.Find("td").Eq(2).Find("label:has(:checked)"))
	})
	for name, want := range map[string]string{
		"Position":                  "5512N 01848E, within 0.5 NM | 5515N 01850E | Keep",
		"Intercepted, callsign new": "unknown | BEAR 1 | Take it",
		"Closest approach new":      "unknown | 20 ft | Take it",
		"Behaviours new":            "unknown | escort | Take it",
	} {
		if rows[name] != want {
			t.Errorf("%s: %q, want %q", name, rows[name], want)
		}
	}
	if len(rows) != 4 {
		t.Errorf("rows %v", rows)
	}
	form := formOf(t, a.doc, reportForm)
	if form.Get("base") != "1" || form.Get("position") != "5512N 01848E" || form.Get("closest_approach") != "20 ft" || form.Get("intercepting_nations") != "PL" || form.Get("reason") != "Second report of the same incident" {
		t.Errorf("the form: %v", form)
	}
	if want := "Second report, by officer, 240312ZNOV26:\nSeen from the ferry."; form.Get("narrative") != want {
		t.Errorf("narrative %q", form.Get("narrative"))
	}
	stored := func() incidents.Incident {
		inc, err := s.store.Incident(t.Context(), incidents.ID(strings.TrimPrefix(path, "/incidents/")), 0)
		if err != nil {
			t.Fatal(err)
		}
		return inc
	}
	if stored().Revision != 1 {
		t.Error("opening it filed something")
	}

	// A redraw does what was chosen and keeps what was typed.
	form.Set("take.position", "take")
	form.Set("take.closest_approach", "keep")
	form.Set("intercepted_callsign", "BEAR 11")
	form.Set("add", "take")
	again := s.post(t, access.Officer, path, form)
	form = formOf(t, again.doc, reportForm)
	if again.status != http.StatusOK || form.Get("position") != "5515N 01850E" || form.Get("closest_approach") != "" || form.Get("intercepted_callsign") != "BEAR 11" || strings.Count(form.Get("narrative"), "Second report") != 1 {
		t.Errorf("%d %v", again.status, form)
	}
	if form.Get("take.position") != "take" || form.Get("take.closest_approach") != "keep" || form.Has("take.intercepted_callsign") {
		t.Errorf("the choices: %v", form)
	}

	// The choice counts when it is filed without a redraw as well.
	form.Set("take.closest_approach", "take")
	file(t, s, path, form)
	inc := stored()
	if inc.Revision != 2 || inc.Record.PositionText != "5515N 01850E" || inc.Record.ClosestApproachM == nil || inc.Record.Intercepted.Callsign != "BEAR 11" || inc.Reason != "Second report of the same incident" {
		t.Errorf("%+v", inc)
	}
	if n := len(allIncidents(t, s)); n != 1 {
		t.Errorf("%d incidents", n)
	}
}

func TestNotTheSameAfterAll(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	v := second(t, s)
	v.Set("title", "  What “we” saw & heard  ")
	v["claims_field"], v["claims_value"], v["claims_claimant"], v["claims_source"] = []string{"", "transponder"}, []string{"", "on"}, []string{"", "RU"}, []string{"", "TASS"}
	v["behaviours"] = []string{"escort", "shadowing"}
	v.Set("same", strings.TrimPrefix(path, "/incidents/"))
	form := formOf(t, s.post(t, access.Officer, "/incidents/same", v).doc, reportForm)
	form.Set("same", "")
	a := s.post(t, access.Officer, "/incidents/same", form)
	back := formOf(t, a.doc, reportForm)
	v.Del("same")
	v.Del("defaults") // what the form filled by itself and nobody touched is a fact by now
	for name, list := range v {
		if got := back[name]; !slices.Equal(strings.Fields(strings.Join(got, " ")), strings.Fields(strings.Join(list, " "))) || name == "title" && got[0] != list[0] {
			t.Errorf("%s: %q became %q", name, list, got)
		}
	}
	if a.doc.Find(reportForm).AttrOr("action", "") != "/incidents" || a.doc.Find("#offer").Length() > 0 {
		t.Error("this is no new report")
	}
}

func TestTheSameAsNothing(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	if a := s.post(t, access.Supervisor, path+"/retract", url.Values{"base": {"1"}, "reason": {"never was"}}); a.status != http.StatusSeeOther {
		t.Fatalf("retract: %d", a.status)
	}
	for _, id := range []string{strings.TrimPrefix(path, "/incidents/"), string(incidents.NewID()), "nonsense"} {
		v := second(t, s)
		v.Set("same", id)
		a := s.post(t, access.Officer, "/incidents/same", v)
		back := formOf(t, a.doc, reportForm)
		if a.status != http.StatusConflict || back.Get("position") != "5515N 01850E" || back.Get("id") != v.Get("id") || !strings.Contains(saidOf(a), "retracted") {
			t.Errorf("%s: %d %s %v", id, a.status, saidOf(a), back)
		}
		if a.doc.Find("[id='"+strings.TrimPrefix(a.doc.Find("#errors a").AttrOr("href", ""), "#")+"']").Length() != 1 {
			t.Error("the message leads nowhere")
		}
	}
}

// TestAmendmentOfADraft has an officer lay a report over an incident that they
// have begun to change: the change comes back with it, and once filed neither
// draft is left.
func TestAmendmentOfADraft(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	change := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	change.Set("fir", "EPWW")
	change.Set("add", "draft")
	if a := s.post(t, access.Officer, path, change); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	v := second(t, s)
	v.Set("closest_approach", "20 ft")
	kept := copied(v)
	kept.Set("add", "draft")
	if a := s.post(t, access.Officer, "/incidents", kept); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	v.Set("same", strings.TrimPrefix(path, "/incidents/"))
	form := formOf(t, s.post(t, access.Officer, "/incidents/same", v).doc, reportForm)
	if form.Get("fir") != "EPWW" || form.Get("closest_approach") != "20 ft" {
		t.Errorf("FIR %q, closest approach %q", form.Get("fir"), form.Get("closest_approach"))
	}
	// Kept as a draft, the choice comes back with the table.
	s.clock.Advance(time.Second)
	form.Set("take.position", "take")
	form.Set("add", "draft")
	if a := s.post(t, access.Officer, path, form); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	a := s.get(t, access.Officer, path+"/edit")
	form = formOf(t, a.doc, reportForm)
	if a.doc.Find("#offer").Length() != 1 || form.Get("position") != "5515N 01850E" || form.Get("take.position") != "take" {
		t.Errorf("the draft: position %q, take %q", form.Get("position"), form.Get("take.position"))
	}
	file(t, s, path, form)
	left, err := s.store.Drafts(t.Context(), "officer")
	if err != nil || len(left) != 0 {
		t.Errorf("%d drafts are left: %v", len(left), err)
	}
}
