package web_test

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// caseOf keeps the signature of EachCase short.
type caseOf = hotline.Case

// atNow is the log as of the site's clock.
func atNow(s *site) hotline.At { return hotline.At{Now: incidents.MillisOf(s.clock.Now())} }

const contactForm = "form[data-testid=contact-form]"

// addLine puts a line into the register.
func addLine(t *testing.T, s *site, short, kind string) hotline.Line {
	t.Helper()
	l, _, err := s.store.CreateLine(t.Context(), access.Actor{Name: "cli:test", Role: access.Administrator},
		hotline.Line{ID: hotline.LineID(incidents.NewID()), Name: "Line " + short, Short: short, Parties: []string{"NATO", "RU"}, Kind: kind, State: "in_use", Hours: "24 h", TestSchedule: "weekly",
			Languages: []string{"en", "ru"}, Established: "2015-05", Summary: "For the two staffs.", StateNote: "tested", Regions: []string{"baltic"}, Source: "research", SourceID: "ch-" + short,
			Sources: []incidents.Source{{Title: "Where it stands", URL: "https://example.org/line", Publisher: "A paper", Date: "2015"}}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// logged posts a contact that must be accepted, and gives its id and where it
// led.
func logged(t *testing.T, s *site, path string, change url.Values) (id, location string) {
	t.Helper()
	a := s.get(t, access.Officer, path)
	if a.status != http.StatusOK {
		t.Fatalf("%s: %d", path, a.status)
	}
	v := formOf(t, a.doc, contactForm)
	for k, x := range change {
		v[k] = x
	}
	a = s.post(t, access.Officer, "/contacts", v)
	if a.status != http.StatusSeeOther {
		t.Fatalf("logging: %d %s", a.status, saidOf(a))
	}
	return v.Get("id"), a.header.Get("Location")
}

func TestContactFromAnIncident(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	line := addLine(t, s, "NJHQ", "phone")
	path := file(t, s, "/incidents", newReport(t, s))
	inc, err := s.store.Incident(t.Context(), incidents.ID(strings.TrimPrefix(path, "/incidents/")), 0)
	if err != nil {
		t.Fatal(err)
	}
	ask := "/contacts/new?incident=" + string(inc.ID) + "&line=" + string(line.ID)
	a := s.get(t, access.Officer, ask)
	about := a.doc.Find("[data-testid=about]").Text()
	if !strings.Contains(about, inc.Number) || !strings.Contains(about, "Deadline 240331ZNOV26, 18 min left") || !strings.Contains(about, "Awaiting") {
		t.Errorf("about: %s", about)
	}
	effects := map[string]string{}
	a.doc.Find(".outcome").Each(func(_ int, o *selection) {
		effects[o.Find("input").AttrOr("value", "")] = strings.TrimSpace(o.Find(".effect").Text())
	})
	if effects["connected"] != "Followed" || effects["no_answer"] != "Attempted" || effects["announced"] != "Awaiting" {
		t.Errorf("what each outcome would do: %v", effects)
	}
	if v := formOf(t, a.doc, contactForm); v.Get("start") != "240312ZNOV26" || v.Get("incidents") != inc.Number || v.Get("line") != string(line.ID) {
		t.Errorf("the form begins with %v", v)
	}

	id, location := logged(t, s, ask, url.Values{"outcome": {"no_answer"}, "initiators": {"NO"}, "answerers": {"RU"}})
	if location != path {
		t.Errorf("led to %s", location)
	}
	c, err := s.store.Case(t.Context(), inc.ID, atNow(s))
	if err != nil || c.Assessment.Worst != hotline.Attempted || len(c.Contacts) != 1 || string(c.Contacts[0].ID) != id || c.Contacts[0].LineID != line.ID {
		t.Errorf("%+v %v", c.Assessment.Standing, err)
	}
	_, location = logged(t, s, ask, url.Values{"outcome": {"connected"}, "again": {"yes"}})
	if !strings.HasPrefix(location, "/contacts/new?incident=") || !strings.Contains(location, string(line.ID)) {
		t.Errorf("ring again leads to %s", location)
	}
	if c, err = s.store.Case(t.Context(), inc.ID, atNow(s)); err != nil || c.Assessment.Worst != hotline.Followed {
		t.Errorf("%+v %v", c.Assessment.Standing, err)
	}
}

func TestContactAboutSeveralByNumber(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	first, second := file(t, s, "/incidents", newReport(t, s)), file(t, s, "/incidents", newReport(t, s))
	id, location := logged(t, s, "/contacts/new", url.Values{"kind": {"phone"}, "outcome": {"connected"}, "incidents": {" 2026-0001; 2026-0002"}, "relation": {"discussed"}})
	if location != first {
		t.Errorf("led to %s, not %s", location, first)
	}
	k, err := s.store.Contact(t.Context(), hotline.ContactID(id), 0)
	if err != nil || len(k.Incidents) != 2 {
		t.Fatalf("%+v %v", k, err)
	}
	a := s.get(t, access.Viewer, "/contacts/"+id)
	text := a.doc.Find("[data-testid=linked]").Text()
	if !strings.Contains(text, "2026-0001") || !strings.Contains(text, "2026-0002") || !strings.Contains(text, "discussed") {
		t.Errorf("linked: %s", text)
	}
	if a.doc.Find("[data-testid=unlink], [data-testid=link], [data-testid=retract]").Length() > 0 {
		t.Error("a viewer is offered what they may not do")
	}
	_ = second
}

func TestContactKeepsEveryValue(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	blank := formOf(t, s.get(t, access.Officer, "/contacts/new").doc, contactForm)
	sent := url.Values{}
	for _, name := range strings.Fields(`line channel kind parties initiators answerers start start_precision end end_precision purpose outcome summary caller callee translator marking incidents relation`) {
		sent.Set(name, " <i>nonsense & "+name+"</i> ")
	}
	sent.Set("exercise", "yes")
	sent.Set("id", blank.Get("id"))
	for name := range blank {
		if sent[name] == nil {
			t.Errorf("this test sends nothing for %s", name)
		}
	}
	a := s.post(t, access.Officer, "/contacts", sent)
	if a.status != http.StatusUnprocessableEntity || !strings.HasPrefix(a.doc.Find("title").Text(), "Error:") {
		t.Fatalf("%d", a.status)
	}
	back := formOf(t, a.doc, contactForm)
	for name, values := range sent {
		if !reflect.DeepEqual(back[name], values) {
			t.Errorf("%s: sent %q, back came %q", name, values, back[name])
		}
	}
	checkMessages(t, a)
}

func TestContactEditAndConflict(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	addLine(t, s, "NJHQ", "phone")
	id, _ := logged(t, s, "/contacts/new", url.Values{"kind": {"phone"}, "outcome": {"connected"}})
	path := "/contacts/" + id
	mine := formOf(t, s.get(t, access.Officer, path+"/edit").doc, contactForm)
	if a := s.post(t, access.Officer, path, mine); a.status != http.StatusUnprocessableEntity || a.doc.Find("#reason-err").Length() != 1 {
		t.Fatalf("without a reason: %d", a.status)
	}
	theirs := url.Values{}
	for k, v := range mine {
		theirs[k] = v
	}
	theirs.Set("summary", "Theirs")
	theirs.Set("reason", "wrote it down")
	if a := s.post(t, access.Officer, path, theirs); a.status != http.StatusSeeOther || a.header.Get("Location") != path {
		t.Fatalf("%d", a.status)
	}
	mine.Set("caller", "Lt Berg")
	mine.Set("reason", "remembered")
	a := s.post(t, access.Officer, path, mine)
	if a.status != http.StatusConflict || !strings.Contains(a.doc.Find("#conflict").Text(), "Theirs") {
		t.Fatalf("%d %s", a.status, saidOf(a))
	}
	back := formOf(t, a.doc, contactForm)
	if back.Get("caller") != "Lt Berg" || back.Get("summary") != "Theirs" || back.Get("base") != "2" {
		t.Errorf("the form: %v", back)
	}
	if a = s.post(t, access.Officer, path, back); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, saidOf(a))
	}
	history := s.get(t, access.Viewer, path).doc.Find("[data-testid=history]").Text()
	for _, want := range []string{"remembered", "Lt Berg", "wrote it down", "Theirs", "first entry"} {
		if !strings.Contains(history, want) {
			t.Errorf("the history lacks %q", want)
		}
	}
}

func TestUnlinkAndLink(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	incident := file(t, s, "/incidents", newReport(t, s))
	incID := strings.TrimPrefix(incident, "/incidents/")
	id, _ := logged(t, s, "/contacts/new?incident="+incID, url.Values{"kind": {"phone"}, "outcome": {"connected"}})
	path := "/contacts/" + id

	a := s.post(t, access.Officer, path+"/unlink", url.Values{"incident": {incID}, "reason": {"  "}})
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("[id='reason-unlink-"+incID+"-err']").Length() != 1 {
		t.Fatalf("unlink without a reason: %d %s", a.status, saidOf(a))
	}
	checkMessages(t, a)
	a = s.post(t, access.Officer, path+"/unlink", url.Values{"incident": {incID}, "reason": {"another was meant"}, "back": {incident}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != incident {
		t.Fatalf("unlink: %d %s", a.status, saidOf(a))
	}
	if k, err := s.store.Contact(t.Context(), hotline.ContactID(id), 0); err != nil || len(k.Incidents) != 0 {
		t.Errorf("still linked: %+v %v", k.Incidents, err)
	}
	if a = s.post(t, access.Officer, path+"/unlink", url.Values{"incident": {incID}, "reason": {"again"}}); a.status != http.StatusNotFound {
		t.Errorf("unlink what is not linked: %d", a.status)
	}
	a = s.post(t, access.Officer, path+"/link", url.Values{"incident": {"2026-9999"}, "relation": {"discussed"}, "reason": {"<heard>"}})
	back := formOf(t, a.doc, "form[data-testid=link]")
	if a.status != http.StatusUnprocessableEntity || back.Get("incident") != "2026-9999" || back.Get("relation") != "discussed" || back.Get("reason") != "<heard>" {
		t.Errorf("link to nothing: %d %v", a.status, back)
	}
	checkMessages(t, a)
	a = s.post(t, access.Officer, path+"/link", url.Values{"incident": {"2026-0001"}, "relation": {"discussed"}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != path {
		t.Fatalf("link: %d %s", a.status, saidOf(a))
	}
	if a = s.post(t, access.Officer, path+"/link", url.Values{"incident": {"2026-0001"}, "relation": {"coincident"}, "reason": {"not about it"}}); a.status != http.StatusSeeOther {
		t.Fatalf("change the relation: %d %s", a.status, saidOf(a))
	}
	if text := s.get(t, access.Viewer, path).doc.Find("[data-testid=linked]").Text(); !strings.Contains(text, "coincident") || !strings.Contains(text, "Counts for nothing here") {
		t.Errorf("linked: %s", text)
	}
}

func TestContactRetract(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	id, _ := logged(t, s, "/contacts/new", url.Values{"kind": {"phone"}, "outcome": {"connected"}})
	path := "/contacts/" + id
	if a := s.post(t, access.Officer, path+"/retract", url.Values{"base": {"1"}, "reason": {"twice"}}); a.status != http.StatusForbidden {
		t.Errorf("an officer retracts: %d", a.status)
	}
	if a := s.post(t, access.Supervisor, path+"/retract", url.Values{"base": {"1"}}); a.status != http.StatusUnprocessableEntity || a.doc.Find("#reason-retract-err").Length() != 1 {
		t.Errorf("without a reason: %d", a.status)
	}
	if a := s.post(t, access.Supervisor, path+"/retract", url.Values{"base": {"1"}, "reason": {"logged twice"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, saidOf(a))
	}
	a := s.get(t, access.Officer, path)
	if !strings.Contains(a.doc.Find(".notice").Text(), "logged twice") || a.doc.Find("[data-testid=unlink], [data-key=e]").Length() > 0 {
		t.Errorf("a retracted contact: %s", a.doc.Find(".notice").Text())
	}
	if a = s.get(t, access.Officer, path+"/edit"); a.status != http.StatusConflict {
		t.Errorf("edit it: %d", a.status)
	}
	if a = s.get(t, access.Viewer, path+"?as_of=2026-11-24T03:12:00Z"); a.status != http.StatusNotFound {
		t.Errorf("before it was known: %d", a.status)
	}
}

func TestContactsFilter(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	line := addLine(t, s, "NJHQ", "phone")
	logged(t, s, "/contacts/new", url.Values{"kind": {"letter"}, "outcome": {"replied"}})
	logged(t, s, "/contacts/new?line="+string(line.ID), url.Values{"outcome": {"no_answer"}})
	logged(t, s, "/contacts/new?purpose=line_test&line="+string(line.ID), url.Values{"outcome": {"connected"}})
	logged(t, s, "/contacts/new", url.Values{"kind": {"phone"}, "outcome": {"refused"}, "exercise": {"yes"}})
	for query, want := range map[string]string{"": "2", "?tests=include": "3", "?exercise=include": "3", "?exercise=only": "1", "?outcome=no_answer&outcome=replied": "2", "?kind=letter": "1",
		"?line=" + string(line.ID) + "&tests=include": "2", "?as_of=2026-11-24T03:00Z": "0", "?tests=&outcome=": "2"} {
		a := s.get(t, access.Viewer, "/contacts"+query)
		if got := a.doc.Find("[data-testid=total]").Text(); a.status != http.StatusOK || got != want {
			t.Errorf("%q: %d, %s contacts; want %s", query, a.status, got, want)
		}
		rows := a.doc.Find("[data-testid=contacts] tbody tr").Length()
		if want == "0" && (rows != 0 || a.doc.Find(".empty").Length() != 1) {
			t.Errorf("%q: an empty list does not say so", query)
		}
	}
	for _, query := range []string{"?outcome=nope", "?colour=red", "?line=x", "?as_of=yesterday", "?tests=maybe", "?after=x"} {
		if a := s.get(t, access.Viewer, "/contacts"+query); a.status != http.StatusUnprocessableEntity || a.doc.Find("[data-testid=fault-detail]").Length() != 1 {
			t.Errorf("%s: %d", query, a.status)
		}
	}
	if banner := s.get(t, access.Viewer, "/contacts?exercise=only").doc.Find(".marking").Text(); !strings.Contains(banner, "EXERCISE") {
		t.Errorf("banner %q", banner)
	}
}

func TestContactsPaging(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	for range 53 {
		logged(t, s, "/contacts/new", url.Values{"kind": {"letter"}, "outcome": {"replied"}})
	}
	a := s.get(t, access.Viewer, "/contacts?kind=letter")
	next := a.doc.Find("a[rel=next]").AttrOr("href", "")
	if n := a.doc.Find("[data-testid=contacts] tbody tr").Length(); n != 50 || !strings.Contains(next, "kind=letter") {
		t.Fatalf("%d rows, then %q", n, next)
	}
	a = s.get(t, access.Viewer, next)
	if n := a.doc.Find("[data-testid=contacts] tbody tr").Length(); n != 3 || a.doc.Find("a[rel=next]").Length() != 0 {
		t.Errorf("the last page has %d rows", n)
	}
}
