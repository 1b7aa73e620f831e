package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// twoAtOnce files a report, has somebody else change it, and posts a change
// made from the first revision; it gives the page that meets the conflict.
func twoAtOnce(t *testing.T, s *site, theirs, mine map[string]string) (path string, a answer) {
	t.Helper()
	path = file(t, s, "/incidents", newReport(t, s))
	form := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	other := copied(form)
	for k, v := range theirs {
		other.Set(k, v)
	}
	other.Set("reason", "theirs")
	for k, v := range mine {
		form.Set(k, v)
	}
	form.Set("reason", "mine")
	file(t, s, path, other)
	if a = s.post(t, access.Officer, path, form); a.status != http.StatusConflict {
		t.Fatalf("%d %s", a.status, saidOf(a))
	}
	return path, a
}

// chosen gives what stands checked in the table of a page, by field.
func chosen(a answer) map[string]string {
	picks := map[string]string{}
	a.doc.Find("#conflict tbody tr").Each(func(_ int, r *goquery.Selection) {
		picks[textOf(r.Find("th"))] = r.Find("input[type=radio][checked]").AttrOr("value", "typed")
	})
	return picks
}

func TestThreeWay(t *testing.T) {
	t.Parallel()
	theirs := map[string]string{"narrative": "They met north of Gdynia at noon.", "severity_reason": "crossed 20 m ahead", "intercepting_base": "Malbork", "closest_approach": "20 m"}
	mine := map[string]string{"narrative": "They met south of Gotland at noon.", "severity_reason": "crossed 200 m ahead", "fir": "EPWW", "closest_approach": "20 m"}
	s := newEmptySite(t)
	path, a := twoAtOnce(t, s, theirs, mine)
	first := formOf(t, a.doc, reportForm)
	if got := chosen(a); len(got) != 2 || got["Severity"] != "yours" || got["Narrative"] != "yours" {
		t.Errorf("chosen %v", got)
	}
	if got := a.doc.Find("#pick-theirs-narrative mark").Text() + "|" + a.doc.Find("#pick-yours-narrative mark").Text(); got != "north of Gdynia |south of Gotland " {
		t.Errorf("marked %q", got)
	}
	if got := textOf(a.doc.Find("#conflict summary")); got != "2 fields were changed by one side only and are merged" {
		t.Errorf("merged: %q", got)
	}
	for name, c := range map[string]struct {
		set   map[string]string
		want  map[string]string // of the form that comes back
		picks map[string]string
	}{
		"nothing":        {want: map[string]string{"narrative": mine["narrative"], "severity_reason": mine["severity_reason"], "intercepting_base": "Malbork", "fir": "EPWW"}, picks: map[string]string{"Severity": "yours", "Narrative": "yours"}},
		"one of theirs":  {set: map[string]string{"pick.severity": "theirs"}, want: map[string]string{"narrative": mine["narrative"], "severity_reason": theirs["severity_reason"]}, picks: map[string]string{"Severity": "theirs", "Narrative": "yours"}},
		"both of theirs": {set: map[string]string{"pick.severity": "theirs", "pick.narrative": "theirs"}, want: map[string]string{"narrative": theirs["narrative"], "severity_reason": theirs["severity_reason"], "fir": "EPWW"}, picks: map[string]string{"Severity": "theirs", "Narrative": "theirs"}},
		"typed over":     {set: map[string]string{"pick.narrative": "theirs", "narrative": "Neither."}, want: map[string]string{"narrative": "Neither."}, picks: map[string]string{"Severity": "yours", "Narrative": "typed"}},
		"nonsense":       {set: map[string]string{"pick.narrative": "ours"}, want: map[string]string{"narrative": mine["narrative"]}, picks: map[string]string{"Severity": "yours", "Narrative": "yours"}},
	} {
		form := copied(first)
		for k, v := range c.set {
			form.Set(k, v)
		}
		form.Set("add", "take")
		a := s.post(t, access.Officer, path, form)
		back := formOf(t, a.doc, reportForm)
		for k, want := range c.want {
			if a.status != http.StatusOK || back.Get(k) != want {
				t.Errorf("%s: %d, %s is %q, want %q", name, a.status, k, back.Get(k), want)
			}
		}
		if back.Get("base") != "2" || back.Get("was") != "1" {
			t.Errorf("%s: made from %s and %s", name, back.Get("base"), back.Get("was"))
		}
		got := chosen(a)
		for k, want := range c.picks {
			if got[k] != want {
				t.Errorf("%s: %s chosen %q, want %q", name, k, got[k], want)
			}
		}
		// And back again: nothing that was typed is lost by choosing theirs.
		if c.picks["Narrative"] != "theirs" {
			continue
		}
		back.Set("pick.narrative", "yours")
		back.Set("pick.severity", "yours")
		back.Set("add", "take")
		again := formOf(t, s.post(t, access.Officer, path, back).doc, reportForm)
		if again.Get("narrative") != mine["narrative"] || again.Get("severity_reason") != mine["severity_reason"] {
			t.Errorf("%s, and back: %v", name, again)
		}
	}

	// Filed without a redraw, the choice counts.
	first.Set("pick.narrative", "theirs")
	file(t, s, path, first)
	inc, err := s.store.Incident(t.Context(), incidents.ID(strings.TrimPrefix(path, "/incidents/")), 0)
	if err != nil || inc.Revision != 3 || inc.Record.Narrative != theirs["narrative"] || inc.Record.SeverityReason != mine["severity_reason"] || inc.Record.Airspace.FIR != "EPWW" || inc.Record.Intercepting.Base != "Malbork" {
		t.Errorf("%+v %v", inc, err)
	}
}

// TestThreeWayOfLists has both change what is no single text.
func TestThreeWayOfLists(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	mine := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	theirs := copied(mine)
	theirs["intercepting_aircraft_count"][0], mine["intercepting_aircraft_count"][0] = "3", "4"
	theirs["behaviours"], mine["behaviours"] = []string{"escort"}, []string{"shadowing"}
	theirs.Set("sources_title", "A tape")
	theirs.Set("reason", "theirs")
	mine.Set("reason", "mine")
	file(t, s, path, theirs)
	a := s.post(t, access.Officer, path, mine)
	form := formOf(t, a.doc, reportForm)
	if a.status != http.StatusConflict || len(chosen(a)) != 2 || form.Get("sources_title") != "A tape" {
		t.Fatalf("%d %v", a.status, chosen(a))
	}
	form.Set("pick.intercepting_aircraft_count-0", "theirs")
	form.Set("pick.behaviours", "theirs")
	file(t, s, path, form)
	inc, err := s.store.Incident(t.Context(), incidents.ID(strings.TrimPrefix(path, "/incidents/")), 0)
	if err != nil || *inc.Record.Intercepting.Aircraft[0].Count != 3 || len(inc.Record.Behaviours) != 1 || inc.Record.Behaviours[0] != "escort" {
		t.Errorf("%+v %v", inc.Record, err)
	}
}

// TestThirdChange has a third person change it while two versions are being
// compared: the typed one meets it anew and is not lost.
func TestThirdChange(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path, a := twoAtOnce(t, s, map[string]string{"title": "Theirs"}, map[string]string{"title": "Mine"})
	form := formOf(t, a.doc, reportForm)
	third := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	third.Set("title", "Third")
	third.Set("reason", "third")
	file(t, s, path, third)
	a = s.post(t, access.Officer, path, form)
	said := textOf(a.doc.Find("#conflict tbody"))
	if a.status != http.StatusConflict || !strings.Contains(said, "Theirs") || !strings.Contains(said, "Third") || !strings.Contains(said, "Mine") {
		t.Fatalf("%d %s", a.status, said)
	}
	if back := formOf(t, a.doc, reportForm); back.Get("title") != "Mine" || back.Get("base") != "3" || back.Get("was") != "2" {
		t.Errorf("%v", back)
	}
}

// TestAmendmentMeetsAChange has somebody change the incident while a second
// report is being laid over it: what the report says is still offered.
func TestAmendmentMeetsAChange(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	v := second(t, s)
	v.Set("closest_approach", "20 ft")
	v.Set("same", strings.TrimPrefix(path, "/incidents/"))
	form := formOf(t, s.post(t, access.Officer, "/incidents/same", v).doc, reportForm)
	other := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	other.Set("closest_approach", "50 m")
	other.Set("reason", "theirs")
	file(t, s, path, other)
	a := s.post(t, access.Officer, path, form)
	offered := a.doc.Find("#offer tbody th").Map(func(_ int, r *goquery.Selection) string { return textOf(r) })
	if a.status != http.StatusConflict || chosen(a)["Closest approach"] != "yours" || strings.Join(offered, "|") != "Position" {
		t.Errorf("%d, chosen %v, offered %v", a.status, chosen(a), offered)
	}
	form = formOf(t, a.doc, reportForm)
	form.Set("take.position", "take")
	form.Set("pick.closest_approach", "theirs")
	file(t, s, path, form)
	inc, err := s.store.Incident(t.Context(), incidents.ID(strings.TrimPrefix(path, "/incidents/")), 0)
	if err != nil || inc.Revision != 3 || inc.Record.PositionText != "5515N 01850E" || *inc.Record.ClosestApproachM != 50 {
		t.Errorf("%+v %v", inc.Record, err)
	}
}

// TestVersionsOfNonsense sends what no page of ours sends.
func TestVersionsOfNonsense(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	path := file(t, s, "/incidents", newReport(t, s))
	form := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	for name, set := range map[string]url.Values{
		"no such revision": {"was": {"7"}, "yours": {"title=x"}, "pick.title": {"yours"}},
		"no number":        {"was": {"one"}, "yours": {"title=x"}},
		"no form":          {"was": {"1"}, "yours": {"%zz"}, "second": {"%zz"}},
		"no base":          {"base": {"9"}, "was": {"1"}, "yours": {"title=x"}, "second": {"title=x"}},
	} {
		v := copied(form)
		for k, list := range set {
			v[k] = list
		}
		v.Set("add", "take")
		if a := s.post(t, access.Officer, path, v); a.status != http.StatusOK || formOf(t, a.doc, reportForm).Get("title") != form.Get("title") {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}
