package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

func shift(name string, officers ...string) url.Values {
	return url.Values{"id": {string(incidents.NewID())}, "name": {name}, "from": {"240200ZNOV26"}, "to": {"241000ZNOV26"}, "officers": officers}
}

func TestShifts(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	if a := s.get(t, access.Viewer, "/"); !strings.Contains(a.doc.Find("#onwatch").Text(), "nobody is entered") {
		t.Error("the frame does not say that nobody has the watch")
	}
	f := shift("Night watch", "officer")
	for range 2 { // the second is the same shift
		if a := s.post(t, access.Officer, "/shifts", f); a.status != 303 {
			t.Fatal(a.status, a.doc.Find("#errors").Text())
		}
	}
	a := s.get(t, access.Viewer, "/shifts")
	if rows := a.doc.Find("[data-testid=shifts] tbody tr"); rows.Length() != 1 || !rows.HasClass("on") || rows.Find("a").Length() != 0 {
		t.Errorf("a viewer sees %s", rows.Text())
	}
	for _, page := range []string{"/", "/lines", "/incidents", "/help"} {
		if got := s.get(t, access.Viewer, page).doc.Find("[data-testid=watch]").Text(); got != "Night watch: officer until 1000Z" {
			t.Errorf("%s says %q", page, got)
		}
	}
	// An officer plans own shifts only, a supervisor all.
	if a := s.post(t, access.Officer, "/shifts", shift("Day watch", "supervisor")); a.status != 403 {
		t.Errorf("an officer plans another's shift: %d", a.status)
	}
	if a := s.post(t, access.Supervisor, "/shifts", shift("Second desk", "officer", "supervisor")); a.status != 303 {
		t.Errorf("a supervisor does not: %d", a.status)
	}
	if got := s.get(t, access.Viewer, "/shifts").doc.Find(".dueT").First().Text(); got != "officer in two shifts" {
		t.Errorf("who stands in two shifts: %q", got)
	}
	path := "/shifts/" + f.Get("id")
	f.Set("to", "241200ZNOV26")
	f.Set("base", "1")
	if a := s.post(t, access.Officer, path, f); a.status != 422 || a.doc.Find("#reason[aria-invalid]").Length() != 1 {
		t.Errorf("changed without a reason: %d", a.status)
	}
	f.Set("reason", "hansen is late")
	if a := s.post(t, access.Officer, path, f); a.status != 303 {
		t.Errorf("changed: %d", a.status)
	}
	if a := s.post(t, access.Officer, path, f); a.status != 409 {
		t.Errorf("changed from an old version: %d", a.status)
	}
	s.clock.Advance(5 * time.Minute)
	if a := s.post(t, access.Officer, path+"/cancel", url.Values{"reason": {"planned twice"}}); a.status != 303 {
		t.Errorf("called off: %d", a.status)
	}
	if got := s.get(t, access.Viewer, "/").doc.Find("[data-testid=watch]").Text(); strings.Contains(got, "Night watch") {
		t.Errorf("a shift that was called off has the watch: %q", got)
	}
	if a := s.get(t, access.Viewer, "/shifts?as_of=240313ZNOV26"); a.doc.Find("del").Length() != 0 {
		t.Error("as of before, it is called off")
	}
}

func TestShiftRefused(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	for name, test := range map[string]struct {
		set  url.Values
		want string
	}{
		"no name":             {url.Values{"name": {""}}, "name"},
		"backwards":           {url.Values{"to": {"240100ZNOV26"}}, "to"},
		"two days":            {url.Values{"to": {"260100ZNOV26"}}, "to"},
		"a day only":          {url.Values{"from": {"24 NOV 26"}}, "from"},
		"nobody":              {url.Values{"officers": nil}, "officers"},
		"a stranger":          {url.Values{"officers": {"nobody"}}, "officers"},
		"one who may not":     {url.Values{"officers": {"viewer"}}, "officers"},
		"not a time at all":   {url.Values{"to": {"soon"}}, "to"},
		"longer than a field": {url.Values{"name": {strings.Repeat("x", 501)}}, "name"},
	} {
		f := shift("Night watch", "supervisor")
		for k, v := range test.set {
			f[k] = v
		}
		a := s.post(t, access.Supervisor, "/shifts", f)
		if a.status != 422 || a.doc.Find(`#errors a[href="#`+test.want+`"]`).Length() != 1 {
			t.Errorf("%s: %d %s", name, a.status, a.doc.Find("#errors").Text())
		}
		if v := a.doc.Find("#from").AttrOr("value", ""); v != f.Get("from") {
			t.Errorf("%s: what was typed is gone: %q", name, v)
		}
	}
}
