package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const (
	checkForm = "form[data-testid=check]"
	allFive   = "time position nations severity contacts"
)

// report puts an incident into the log as somebody.
func (s *site) report(t testing.TB, by access.Role, title string, status incidents.Status) incidents.Incident {
	t.Helper()
	inc := s.putIncident(t, title, "serious", s.clock.Now(), incidents.Exact, func(r *incidents.Record) {
		r.SeverityReason, r.Narrative, r.PositionText = "closed to 20 m", "They met.", "5700N 02000E"
	})
	if by != access.Officer || status != incidents.Submitted {
		inc.ID, inc.Status = incidents.NewID(), status
		var err error
		if inc, _, err = s.store.CreateIncident(t.Context(), access.Actor{Name: string(by), Role: by}, inc); err != nil {
			t.Fatal(err)
		}
	}
	return inc
}

// state gives an incident and its workflow as they stand.
func (s *site) state(t testing.TB, id incidents.ID) (incidents.Incident, incidents.Workflow) {
	t.Helper()
	inc, err := s.store.Incident(t.Context(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.store.Workflow(t.Context(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return inc, w
}

// seen is the part of a form that says what it was made from.
func (s *site) seen(t testing.TB, id incidents.ID) url.Values {
	t.Helper()
	inc, w := s.state(t, id)
	return url.Values{"base": {strconv.Itoa(inc.Revision)}, "flow": {strconv.Itoa(w.Revision)}}
}

// check sends the form of a check as its page drew it, with other ticks.
func (s *site) check(t testing.TB, role access.Role, id incidents.ID, fields, to string) answer {
	t.Helper()
	return s.post(t, role, "/incidents/"+string(id)+"/"+to, s.checkValues(t, role, id, fields))
}

func (s *site) checkValues(t testing.TB, role access.Role, id incidents.ID, fields string) url.Values {
	t.Helper()
	a := s.get(t, role, "/incidents/"+string(id)+"/verify")
	if a.status != http.StatusOK {
		t.Fatalf("the page of the check: %d", a.status)
	}
	v := url.Values{}
	a.doc.Find(checkForm + " input[type=hidden]").Each(func(_ int, i *selection) { v.Set(i.AttrOr("name", ""), i.AttrOr("value", "")) })
	v["check"] = strings.Fields(fields)
	return v
}

func (s *site) verified(t testing.TB, title string) incidents.Incident {
	t.Helper()
	inc := s.report(t, access.Officer, title, incidents.Submitted)
	if a := s.check(t, access.Supervisor, inc.ID, allFive, "verify"); a.status != http.StatusSeeOther {
		t.Fatalf("verify: %d %s", a.status, saidOf(a))
	}
	inc, _ = s.state(t, inc.ID)
	return inc
}

func (s *site) whole(t testing.TB) {
	t.Helper()
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestCheckFieldByField(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.report(t, access.Officer, "checked twice", incidents.Submitted)
	s.putContact(t, inc, "phone", "no_answer", s.clock.Now().Add(5*time.Minute))
	path := "/incidents/" + string(inc.ID)
	a := s.get(t, access.Supervisor, path+"/verify")
	if keys := a.doc.Find(checkForm + " label[data-key] input[name=check]").Length(); keys != 5 || a.doc.Find("[data-key='5'] input[value=contacts]").Length() != 1 {
		t.Errorf("%d of five ticks have a key", keys)
	}
	for testid, want := range map[string]string{"field-time": "240312ZNOV26", "field-position": "As typed 5700N 02000E", "field-nations": "Norway intercepting", "field-severity": "Serious", "field-contacts": "Test line"} {
		if got := wordsOf(a.doc.Find("[data-testid=" + testid + "]")); !strings.Contains(got, want) {
			t.Errorf("%s lacks %q: %s", testid, want, got)
		}
	}
	if a := s.check(t, access.Supervisor, inc.ID, "time position severity", "verify"); a.status != http.StatusSeeOther || a.header.Get("Location") != path+"/verify" {
		t.Fatalf("three ticks: %d to %q", a.status, a.header.Get("Location"))
	}
	now, w := s.state(t, inc.ID)
	three := w.RecordedAt.Time()
	if now.Status != incidents.Submitted || now.Revision != inc.Revision || len(w.Checks) != 3 {
		t.Errorf("after three ticks: %s, revision %d, %+v", now.Status, now.Revision, w)
	}
	if got := wordsOf(s.get(t, access.Viewer, path).doc.Find("[data-testid=checks]")); !strings.HasPrefix(got, "3 of 5 checked by supervisor") {
		t.Errorf("the page says %q", got)
	}
	s.clock.Advance(time.Hour)
	if a := s.check(t, access.Administrator, inc.ID, allFive, "verify"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/verify" {
		t.Fatalf("five ticks: %d to %q %s", a.status, a.header.Get("Location"), saidOf(a))
	}
	now, w = s.state(t, inc.ID)
	if now.Status != incidents.Verified || w.Checked("time").By != "supervisor" || w.Checked("contacts").By != "admin" {
		t.Errorf("after five ticks: %s %+v", now.Status, w)
	}
	a = s.get(t, access.Viewer, path)
	if got := wordsOf(a.doc.Find("[data-testid=checks]")); !strings.HasPrefix(got, "All 5 fields checked by supervisor, admin") {
		t.Errorf("the page says %q", got)
	}
	past := s.get(t, access.Supervisor, path+"?as_of="+url.QueryEscape(three.Format("2006-01-02T15:04:05.000Z")))
	if got := wordsOf(past.doc.Find("[data-testid=checks]")); !strings.HasPrefix(got, "3 of 5") || past.doc.Find("main form[method=post]").Length() != 0 {
		t.Errorf("as of three ticks: %q", got)
	}
	if a := s.get(t, access.Supervisor, path+"/verify"); a.status != http.StatusSeeOther {
		t.Errorf("the check of a verified report: %d", a.status)
	}
	history := strings.Join(texts(s.get(t, access.Viewer, path+"/history").doc.Find("[data-testid=event]")), "\n")
	for _, want := range []string{"Found right: time, position, severity.", "Found right: nations, contacts.", "All 5 fields checked."} {
		if !strings.Contains(history, want) {
			t.Errorf("the history lacks %q:\n%s", want, history)
		}
	}
	s.whole(t)
}

// TestChangeAfterTheCheck: a change of a checked field takes its tick and the
// report back; one of the narrative does not.
func TestChangeAfterTheCheck(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.verified(t, "changed later")
	edit := func(field, value string) incidents.Workflow {
		t.Helper()
		path := "/incidents/" + string(inc.ID)
		v := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
		v.Set(field, value)
		v.Set("reason", "found out more")
		file(t, s, path, v)
		var w incidents.Workflow
		inc, w = s.state(t, inc.ID)
		return w
	}
	if w := edit("narrative", "They met again."); inc.Status != incidents.Verified || !w.Complete() {
		t.Errorf("after the narrative: %s, %d ticks", inc.Status, len(w.Checks))
	}
	if w := edit("intercepted_nations", "RU, BY"); inc.Status != incidents.Submitted || w.Checked("nations") != nil || len(w.Checks) != 4 {
		t.Errorf("after the nations: %s %+v", inc.Status, w)
	}
	if a := s.check(t, access.Supervisor, inc.ID, allFive, "verify"); a.status != http.StatusSeeOther {
		t.Fatalf("checked again: %d %s", a.status, saidOf(a))
	}
	s.putContact(t, inc, "phone", "connected", s.clock.Now())
	inc, w := s.state(t, inc.ID)
	if inc.Status != incidents.Submitted || w.Checked("contacts") != nil || len(w.Checks) != 4 {
		t.Errorf("after a contact: %s %+v", inc.Status, w)
	}
	s.whole(t)
}

func TestNobodyChecksTheirOwn(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	own := s.report(t, access.Supervisor, "my own", incidents.Submitted)
	a := s.get(t, access.Supervisor, "/incidents/"+string(own.ID)+"/verify")
	if a.doc.Find("[data-testid=own]").Length() != 1 || a.doc.Find(checkForm+" input[type=checkbox]:not([disabled])").Length() != 0 || a.doc.Find("[data-key=v]").Length() != 0 {
		t.Error("the page lets an author check")
	}
	if a := s.check(t, access.Supervisor, own.ID, "time", "verify"); a.status != http.StatusForbidden || !strings.Contains(a.body, "a second person must check it") {
		t.Errorf("an author checks: %d", a.status)
	}
	if row := wordsOf(s.get(t, access.Supervisor, "/verify").doc.Find("[data-testid=queue-row]")); !strings.Contains(row, "Yours: somebody else must check it") {
		t.Errorf("the queue says %q", row)
	}
	if row := wordsOf(s.get(t, access.Administrator, "/verify").doc.Find("[data-testid=queue-row]")); strings.Contains(row, "Yours") {
		t.Errorf("the queue of another says %q", row)
	}
	if a := s.check(t, access.Administrator, own.ID, allFive, "verify"); a.status != http.StatusSeeOther {
		t.Errorf("another checks: %d", a.status)
	}

	changed := s.report(t, access.Officer, "changed by a supervisor", incidents.Submitted)
	changed.Record.Narrative, changed.Reason = "Otherwise.", "told so"
	changed, err := s.store.ReviseIncident(t.Context(), access.Actor{Name: "supervisor", Role: access.Supervisor}, changed)
	if err != nil {
		t.Fatal(err)
	}
	if a := s.check(t, access.Supervisor, changed.ID, allFive, "verify"); a.status != http.StatusForbidden {
		t.Errorf("who changed it checks: %d", a.status)
	}

	called := s.report(t, access.Officer, "called by a supervisor", incidents.Submitted)
	c := hotline.Contact{ID: hotline.ContactID(incidents.NewID()), Channel: hotline.Channel{Name: "Line", Kind: "phone"}, Start: called.Record.Start, Outcome: "connected", Purpose: "clarify", Marking: "NATO UNCLASSIFIED"}
	if _, _, err := s.store.CreateContact(t.Context(), access.Actor{Name: "supervisor", Role: access.Supervisor}, c, []hotline.Link{{IncidentID: called.ID, Relation: "discussed"}}); err != nil {
		t.Fatal(err)
	}
	if a := s.check(t, access.Supervisor, called.ID, allFive, "verify"); a.status != http.StatusForbidden || !strings.Contains(a.body, "somebody else must check the contacts") {
		t.Errorf("who called checks the contacts: %d", a.status)
	}
	if a := s.check(t, access.Supervisor, called.ID, "time position nations severity", "verify"); a.status != http.StatusSeeOther {
		t.Errorf("who called checks the rest: %d", a.status)
	}
	if a := s.check(t, access.Administrator, called.ID, allFive, "verify"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/verify" {
		t.Errorf("another checks the contacts: %d", a.status)
	}
}

// TestNothingIsCheckedUnseen: what changed after the page was drawn is not
// checked by a press on it.
func TestNothingIsCheckedUnseen(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	for name, change := range map[string]func(incidents.Incident){
		"a contact": func(inc incidents.Incident) { s.putContact(t, inc, "phone", "connected", s.clock.Now()) },
		"a revision": func(inc incidents.Incident) {
			inc.Record.Narrative = "Otherwise."
			if _, err := s.store.ReviseIncident(t.Context(), officer, inc); err != nil {
				t.Fatal(err)
			}
		},
		"another’s ticks": func(inc incidents.Incident) { s.check(t, access.Administrator, inc.ID, "time", "verify") },
	} {
		inc := s.report(t, access.Officer, name, incidents.Submitted)
		v := s.checkValues(t, access.Supervisor, inc.ID, allFive)
		change(inc)
		if a := s.post(t, access.Supervisor, "/incidents/"+string(inc.ID)+"/verify", v); a.status != http.StatusConflict {
			t.Errorf("%s: %d", name, a.status)
		}
		if now, _ := s.state(t, inc.ID); now.Status != incidents.Submitted {
			t.Errorf("%s: it is %s", name, now.Status)
		}
	}
	inc := s.report(t, access.Officer, "made-up field", incidents.Submitted)
	if a := s.check(t, access.Supervisor, inc.ID, "time weather", "verify"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a field that there is not: %d", a.status)
	}
	if a := s.post(t, access.Supervisor, "/incidents/"+string(inc.ID)+"/verify", url.Values{"check": strings.Fields(allFive)}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("without what was seen: %d", a.status)
	}
}

func TestVerificationQueue(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	a := s.get(t, access.Supervisor, "/verify")
	if text(a.doc.Find("[data-testid=to-check]")) != "0" || !strings.Contains(a.body, "Nothing waits") || !strings.Contains(text(a.doc.Find("[data-testid=median]")), "none verified") {
		t.Error("an empty queue is not said to be one")
	}
	old := s.report(t, access.Officer, "the older", incidents.Submitted)
	s.clock.Advance(2 * time.Hour)
	young := s.report(t, access.Officer, "the younger", incidents.Submitted)
	s.putIncident(t, "played", "serious", s.clock.Now(), incidents.Exact, func(r *incidents.Record) { r.Exercise = true })
	s.report(t, access.Officer, "closed already", incidents.Closed) // and one that waits
	s.clock.Advance(31 * time.Minute)
	s.check(t, access.Supervisor, young.ID, "time severity", "verify")

	a = s.get(t, access.Supervisor, "/verify")
	rows := a.doc.Find("[data-testid=queue-row]")
	if got := strings.ReplaceAll(strings.Join(texts(rows.Find("th a")), ", "), "Serious: ", ""); got != "the older, the younger, closed already" {
		t.Fatalf("the queue holds %s", got)
	}
	if first := wordsOf(rows.First()); !strings.Contains(first, "2 h 30") || !strings.Contains(first, "officer") || !strings.Contains(first, old.Number) {
		t.Errorf("the oldest reads %q", first)
	}
	if second := wordsOf(rows.Eq(1)); !strings.Contains(second, "2 of 5 checked by supervisor") || rows.Eq(1).Find(".ticks .on").Length() != 2 {
		t.Errorf("the ticked one reads %q", second)
	}
	if href := rows.First().Find("th a").AttrOr("href", ""); href != "/incidents/"+string(old.ID)+"/verify" {
		t.Errorf("the row leads to %q", href)
	}
	if text(a.doc.Find("[data-testid=to-check]")) != "3" {
		t.Errorf("the navigation counts %s", text(a.doc.Find("[data-testid=to-check]")))
	}
	for _, role := range []access.Role{access.Viewer, access.Analyst, access.Officer} {
		if s.get(t, role, "/").doc.Find("a[href='/verify']").Length() != 0 {
			t.Errorf("%s is led to the queue", role)
		}
	}
	if href := a.doc.Find("a[href='/verify?exercise=include']").Text(); !strings.Contains(href, "1 exercise report waits") {
		t.Errorf("the exercises are not told of: %q", href)
	}
	if n := s.get(t, access.Supervisor, "/verify?exercise=include").doc.Find("[data-testid=queue-row]").Length(); n != 4 {
		t.Errorf("%d rows with exercises", n)
	}
	if a := s.get(t, access.Supervisor, "/verify?exercise=maybe"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a filter that there is not: %d", a.status)
	}
	s.check(t, access.Supervisor, old.ID, allFive, "verify")
	s.clock.Advance(59 * time.Minute)
	s.check(t, access.Supervisor, young.ID, allFive, "verify")
	if got := text(s.get(t, access.Supervisor, "/verify").doc.Find("[data-testid=median]")); got != "Time to verification: 2 h, median of 2 in the last 90 days" {
		t.Errorf("the median reads %q", got)
	}
}

func TestReturn(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.report(t, access.Officer, "sent back", incidents.Submitted)
	path := "/incidents/" + string(inc.ID)
	a := s.check(t, access.Supervisor, inc.ID, "time", "return")
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors a[href='#remark']").Length() != 1 || a.doc.Find("input[value=time][checked]").Length() != 1 {
		t.Fatalf("without a remark: %d %s", a.status, saidOf(a))
	}
	if _, w := s.state(t, inc.ID); w.Revision != 0 {
		t.Error("a refused return kept its ticks")
	}
	v := s.checkValues(t, access.Supervisor, inc.ID, "time")
	v.Set("remark", "the position lies on land")
	if a := s.post(t, access.Supervisor, path+"/return", v); a.status != http.StatusSeeOther {
		t.Fatalf("returned: %d %s", a.status, saidOf(a))
	}
	now, w := s.state(t, inc.ID)
	if now.Status != incidents.Submitted || w.Returned == nil || len(w.Checks) != 1 {
		t.Errorf("returned: %s %+v", now.Status, w)
	}
	if got := text(s.get(t, access.Officer, path).doc.Find("[data-testid=returned]")); !strings.Contains(got, "the position lies on land") || !strings.Contains(got, "supervisor") {
		t.Errorf("its author reads %q", got)
	}
	for _, page := range []string{"/", "/incidents", "/verify"} {
		if got := text(s.get(t, access.Supervisor, page).doc.Find("[data-row] .mark")); !strings.Contains(got, "returned") {
			t.Errorf("%s says %q", page, got)
		}
	}
	f := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	f.Set("narrative", "Put right.")
	f.Set("reason", "as remarked")
	file(t, s, path, f)
	if a := s.get(t, access.Officer, path); a.doc.Find("[data-testid=returned]").Length() != 0 {
		t.Error("the remark stands after it was answered")
	}
	if a := s.get(t, access.Officer, "/incidents"); strings.Contains(text(a.doc.Find("[data-row] .mark")), "returned") {
		t.Error("the list says returned after it was answered")
	}

	verified := s.verified(t, "sent back later")
	path = "/incidents/" + string(verified.ID)
	a = s.post(t, access.Supervisor, path+"/return", s.seen(t, verified.ID))
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors a[href='#remark']").Length() != 1 || a.doc.Find("[data-testid=return][open]").Length() != 1 {
		t.Errorf("a verified one without a remark: %d %s", a.status, saidOf(a))
	}
	v = s.seen(t, verified.ID)
	v.Set("remark", "the ministry says otherwise")
	s.post(t, access.Supervisor, path+"/return", v)
	if now, w := s.state(t, verified.ID); now.Status != incidents.Submitted || len(w.Checks) != 0 || w.Returned == nil || now.Reason != "Returned: the ministry says otherwise" {
		t.Errorf("a verified one: %s %q %+v", now.Status, now.Reason, w)
	}
	s.whole(t)
}

func TestCloseAndReopen(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.verified(t, "closed and reopened")
	path := "/incidents/" + string(inc.ID)
	if a := s.post(t, access.Supervisor, path+"/close", s.seen(t, inc.ID)); a.status != http.StatusSeeOther {
		t.Fatalf("close: %d", a.status)
	}
	v := s.seen(t, inc.ID)
	a := s.post(t, access.Supervisor, path+"/reopen", v)
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors a[href='#reopen-reason']").Length() != 1 || a.doc.Find("#reopen-reason[aria-invalid=true]").Length() != 1 {
		t.Errorf("reopened without a reason: %d %s", a.status, saidOf(a))
	}
	v.Set("reason", "a track was published")
	if a := s.post(t, access.Supervisor, path+"/reopen", v); a.status != http.StatusSeeOther {
		t.Fatalf("reopen: %d", a.status)
	}
	if now, w := s.state(t, inc.ID); now.Status != incidents.Submitted || len(w.Checks) != 0 || now.Reason != "Reopened: a track was published" {
		t.Errorf("reopened: %s %q %+v", now.Status, now.Reason, w)
	}
	if a := s.post(t, access.Supervisor, path+"/reopen", v); a.status != http.StatusConflict {
		t.Errorf("reopened twice: %d", a.status)
	}
}

// TestEveryStepOverTheWire posts every step in every state as every role, and
// holds what comes of it against the table of steps.
func TestEveryStepOverTheWire(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newEmptySite(t)
	stays := s.report(t, access.Officer, "stays", incidents.Submitted)
	steps := map[incidents.StepName]string{incidents.StepVerify: "verify", incidents.StepReturn: "return", incidents.StepClose: "close", incidents.StepReopen: "reopen", incidents.StepMerge: "merge", incidents.StepRetract: "retract"}
	for _, code := range incidents.StatusCodes.Codes() {
		for step, address := range steps {
			for _, role := range access.Roles() {
				from := incidents.Status(code)
				inc := s.report(t, access.Officer, "every step", from)
				v := s.seen(t, inc.ID)
				v["check"], v["contacts"] = strings.Fields(allFive), []string{"0"}
				for _, name := range []string{"remark", "reason"} {
					v.Set(name, "for a test")
				}
				v.Set("into", stays.Number)
				a := s.post(t, role, "/incidents/"+string(inc.ID)+"/"+address, v)
				now, w := s.state(t, inc.ID)
				moved := now.Status != from || now.Revision != inc.Revision || w.Revision != 0
				want := http.StatusConflict
				switch {
				case !role.May(access.Manage):
					want = http.StatusForbidden
				case from.Allows(step, role):
					want = http.StatusSeeOther
				}
				if a.status != want || moved != (want == http.StatusSeeOther) {
					t.Errorf("%s, %s, by %s: %d (want %d), now %s, moved %v: %s", from, step, role, a.status, want, now.Status, moved, saidOf(a))
				}
				if moved && !slices.ContainsFunc(incidents.Steps, func(r incidents.Step) bool { return r.Name == step && r.From == from && r.To == now.Status }) {
					t.Errorf("%s leads from %s to %s, which no row of the table does", step, from, now.Status)
				}
			}
		}
	}
	s.whole(t)
}

func TestHold(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.report(t, access.Officer, "held", incidents.Submitted)
	path := "/incidents/" + string(inc.ID)
	holder := func(role access.Role) string { return wordsOf(s.get(t, role, path).doc.Find("[data-testid=holder]")) }
	if got := holder(access.Viewer); got != "Nobody holds it" {
		t.Errorf("to begin with: %q", got)
	}
	if got := s.get(t, access.Officer, path).doc.Find("form[action$='/hold'] button[data-key=h]").Length(); got != 1 {
		t.Errorf("%d buttons to hold it", got)
	}
	if a := s.post(t, access.Officer, path+"/hold", nil); a.status != http.StatusSeeOther || a.header.Get("Location") != path {
		t.Fatalf("hold: %d", a.status)
	}
	if got := holder(access.Officer); !strings.HasPrefix(got, "Held by officer (you) since 240312Z") || !strings.HasSuffix(got, "Let go H") {
		t.Errorf("held: %q", got)
	}
	for _, page := range []string{"/", "/incidents", "/verify"} {
		if got := wordsOf(s.get(t, access.Supervisor, page).doc.Find("[data-row] .mark")); got != "held by ● officer" {
			t.Errorf("%s says %q", page, got)
		}
	}
	_, first := s.state(t, inc.ID)
	s.clock.Advance(time.Minute)
	if got := holder(access.Supervisor); !strings.HasSuffix(got, "Take over H") {
		t.Errorf("to another: %q", got)
	}
	s.post(t, access.Supervisor, path+"/hold", nil)
	if got := holder(access.Viewer); !strings.Contains(got, "Held by supervisor since 240313Z NOV26 , taken over from officer") {
		t.Errorf("taken over: %q", got)
	}
	before, _ := s.store.ChainHead(t.Context())
	s.post(t, access.Supervisor, path+"/hold", nil)
	if after, _ := s.store.ChainHead(t.Context()); after.Seq != before.Seq {
		t.Error("holding what one holds writes something")
	}
	// It locks nothing.
	f := formOf(t, s.get(t, access.Officer, path+"/edit").doc, reportForm)
	f.Set("narrative", "Written by another.")
	f.Set("reason", "it is not locked")
	file(t, s, path, f)
	s.post(t, access.Officer, path+"/release", nil)
	if got := holder(access.Viewer); got != "Nobody holds it" {
		t.Errorf("let go: %q", got)
	}
	past := s.get(t, access.Officer, path+"?as_of="+url.QueryEscape(incidents.FormatInstant(first.RecordedAt)))
	if got := wordsOf(past.doc.Find("[data-testid=holder]")); !strings.HasPrefix(got, "Held by officer since") {
		t.Errorf("as of the first: %q", got)
	}
	if got := strings.Join(texts(s.get(t, access.Viewer, path+"/history").doc.Find(".of-flow h2, .of-flow .dim")), " "); got != "Let go It was held by supervisor. Held by supervisor Taken over from officer. Held by officer" {
		t.Errorf("the history says %q", got)
	}
	if a := s.post(t, access.Analyst, path+"/hold", nil); a.status != http.StatusForbidden {
		t.Errorf("an analyst holds: %d", a.status)
	}
	s.post(t, access.Officer, path+"/hold", nil)
	s.post(t, access.Supervisor, path+"/retract", url.Values{"base": {"2"}, "reason": {"never happened"}})
	if a := s.post(t, access.Officer, path+"/hold", nil); a.status != http.StatusConflict {
		t.Errorf("holding what was retracted: %d", a.status)
	}
	if _, w := s.state(t, inc.ID); w.Holder != "" {
		t.Errorf("what was retracted is held by %s", w.Holder)
	}
	s.whole(t)
}
