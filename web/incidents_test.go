package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// filler gives every field of a value something of its own to say, so that a
// field that is added to a record is looked for on the page without anybody
// remembering to.
type filler struct{ n int }

func (f *filler) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		f.n++
		v.SetString(fmt.Sprintf("leaf%03d", f.n))
	case reflect.Int, reflect.Int64:
		f.n++
		v.SetInt(int64(7000 + f.n))
	case reflect.Float64:
		f.n++
		v.SetFloat(float64(4000+f.n) + 0.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i))
		}
	}
}

// richRecord is a record of which every field is stated.
func richRecord(now time.Time) incidents.Record {
	var rec incidents.Record
	f := &filler{}
	v := reflect.ValueOf(&rec).Elem()
	for i := range v.NumField() {
		switch v.Type().Field(i).Name {
		case "Start", "End", "Geometry":
		default:
			f.fill(v.Field(i))
		}
	}
	rec.Start = incidents.At(now.AddDate(0, 0, -3), incidents.Day, "the third of the month")
	rec.End = incidents.At(now.AddDate(0, 0, -2), incidents.Hour, "an hour later")
	rec.Geometry = incidents.Geometry{Geometry: orb.LineString{{20.25, 57.5}, {20.75, 57.875}}}
	rec.Severity, rec.Region, rec.Absence = "serious", "norwegian", "public_sources"
	for i := range rec.Sources {
		rec.Sources[i].URL = fmt.Sprintf("https://leaf-source-%d.example/page", i)
	}
	return rec
}

// richContact is a contact of which every field is stated.
func richContact(now time.Time) hotline.Contact {
	var c hotline.Contact
	f := &filler{n: 500}
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		switch v.Type().Field(i).Name {
		case "ID", "Meta", "Start", "End", "LineID", "Retracted":
		default:
			f.fill(v.Field(i))
		}
	}
	c.ID = hotline.ContactID(incidents.NewID())
	c.Start = incidents.At(now.AddDate(0, 0, -1), incidents.Week, "a week or so")
	c.End = incidents.At(now.Add(-time.Hour), incidents.Exact, "at five")
	c.Channel.Kind, c.Outcome, c.Purpose = "phone", "connected", "clarify"
	for i := range c.Sources {
		c.Sources[i].URL = "javascript:alert('leaf" + strconv.Itoa(i) + "')"
	}
	return c
}

// leaves lists the values of a piece of JSON with their paths; a time and a
// geometry are one value each, looked at elsewhere.
func leaves(path string, v any, each func(path, value string)) {
	switch v := v.(type) {
	case map[string]any:
		if _, isMoment := v["precision"]; isMoment && v["from"] != nil {
			each(path+".precision", v["precision"].(string))
			if text, ok := v["text"].(string); ok {
				each(path+".text", text)
			}
			for _, end := range []string{"from", "to"} {
				if v["precision"] != "exact" && v["precision"] != "" {
					each(path+"."+end, incidents.FormatDTG(incidents.Millis(v[end].(float64)).Time()))
				}
			}
			return
		}
		for name, inner := range v {
			leaves(path+"."+name, inner, each)
		}
	case []any:
		for _, inner := range v {
			leaves(path, inner, each)
		}
	case string:
		each(path, v)
	case float64:
		each(path, strconv.FormatFloat(v, 'f', -1, 64))
	}
}

// spellings are the ways in which a page may write a value: as it is, as the
// word of a code, as the name of a nation.
func spellings(value string) []string {
	list := []string{value, view.Words(value), incidents.NationName(value)}
	for _, v := range []incidents.Vocabulary{incidents.Severities, incidents.PositionBases, incidents.Transponders, incidents.FlightPlans, incidents.RadioContacts, incidents.AirspaceKinds,
		incidents.RegionCodes, incidents.Absences, incidents.PlatformKinds, incidents.Behaviours, incidents.StatusCodes, hotline.Kinds, hotline.Outcomes, hotline.Purposes, hotline.Relations} {
		if v.Has(value) {
			list = append(list, v.Word(value))
		}
	}
	return append(list, map[string]string{"none_found": "none found", "Point": "Position", "LineString": "Track of", "Polygon": "Area of"}[value])
}

// missing lists the leaves of a value that the page does not show.
func missing(t testing.TB, doc *goquery.Document, value any) []string {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	shown := strings.Join(strings.Fields(doc.Find("main").Text()), " ")
	doc.Find("main [href]").Each(func(_ int, s *goquery.Selection) { shown += "\n" + s.AttrOr("href", "") })
	var list []string
	leaves("", tree, func(path, value string) {
		value = strings.Join(strings.Fields(value), " ")
		if value == "" {
			return
		}
		for _, s := range spellings(value) {
			if s != "" && strings.Contains(shown, s) {
				return
			}
		}
		list = append(list, path+" = "+value)
	})
	return list
}

func TestIncidentShowsEveryField(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	now := s.clock.Now()
	rec := richRecord(now)
	inc, _, err := s.store.CreateIncident(context.Background(), officer, incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted, Record: rec, Derived: incidents.Derive(geo.Default(), &rec)})
	if err != nil {
		t.Fatal(err)
	}
	c := richContact(now)
	link := hotline.Link{ContactID: c.ID, IncidentID: inc.ID, Relation: "discussed", Linked: true, Meta: hotline.Meta{Reason: "why it was linked"}}
	if c, _, err = s.store.CreateContact(context.Background(), officer, c, []hotline.Link{link}); err != nil {
		t.Fatal(err)
	}
	inc.Reason = "why it was changed"
	if inc, err = s.store.ReviseIncident(context.Background(), officer, inc); err != nil {
		t.Fatal(err)
	}
	a := s.get(t, access.Supervisor, "/incidents/"+string(inc.ID))
	if a.status != 200 {
		t.Fatalf("status %d", a.status)
	}
	for _, m := range missing(t, a.doc, rec) {
		t.Errorf("of the record the page leaves out %s", m)
	}
	for _, m := range missing(t, a.doc, inc.Derived) {
		t.Errorf("of the derived place the page leaves out %s", m)
	}
	for _, m := range missing(t, a.doc, c) {
		if !strings.Contains(m, "_at") {
			t.Errorf("of the contact the page leaves out %s", m)
		}
	}
	for _, want := range []string{inc.Number, string(inc.ID), "why it was changed", "why it was linked", "officer", "57.5, 20.25", "57.875, 20.75"} {
		if !strings.Contains(a.doc.Find("main").Text(), want) {
			t.Errorf("the page leaves out %q", want)
		}
	}
	if a.doc.Find(`a[href^="javascript"]`).Length() != 0 {
		t.Error("a source can run a script")
	}
}

// Every field of every one of the real records is on its page.
func TestSampleIsShownWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	pages := 0
	err := s.store.EachCase(context.Background(), incidents.Filter{Exercise: "include"}, hotline.At{Now: incidents.MillisOf(s.clock.Now())}, true, func(c *hotline.Case) error {
		pages++
		a := s.get(t, access.Viewer, "/incidents/"+string(c.Incident.ID))
		if a.status != 200 {
			t.Fatalf("%s: status %d", c.Incident.Number, a.status)
		}
		for _, m := range missing(t, a.doc, c.Incident.Record) {
			t.Errorf("%s: the page leaves out %s", c.Incident.Number, m)
		}
		for _, l := range c.Contacts {
			for _, m := range missing(t, a.doc, l.Contact) {
				if !strings.Contains(m, "_at") && !strings.HasPrefix(m, ".line_id") {
					t.Errorf("%s: the page leaves out %s of contact %s", c.Incident.Number, m, l.SourceID)
				}
			}
		}
		if got := text(a.doc.Find("[data-testid=answer]")); got != hotline.Explain(*c).Headline {
			t.Errorf("%s: the answer reads %q", c.Incident.Number, got)
		}
		return nil
	})
	if err != nil || pages < 115 {
		t.Fatalf("%d pages, %v", pages, err)
	}
}

func TestIncidentByNumber(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "by number", "serious", s.clock.Now(), incidents.Exact, nil)
	for path, want := range map[string]string{
		"/incidents/" + inc.Number:                      "/incidents/" + string(inc.ID),
		"/incidents/" + inc.Number + "?as_of=2027":      "/incidents/" + string(inc.ID) + "?as_of=2027",
		"/incidents/" + inc.Number + "/history":         "/incidents/" + string(inc.ID) + "/history",
		"/incidents/" + strings.ToUpper(string(inc.ID)): "",
	} {
		a := s.get(t, access.Viewer, path)
		if want == "" {
			if a.status != 200 {
				t.Errorf("%s: status %d", path, a.status)
			}
			continue
		}
		if a.status != 303 || a.header.Get("Location") != want {
			t.Errorf("%s: %d to %q, want 303 to %q", path, a.status, a.header.Get("Location"), want)
		}
	}
	for _, path := range []string{"/incidents/1999-0001", "/incidents/nothing", "/incidents/" + string(incidents.NewID()), "/incidents/1999-0001/history"} {
		if a := s.get(t, access.Viewer, path); a.status != 404 {
			t.Errorf("%s: status %d, want 404", path, a.status)
		}
	}
}

func TestIncidentAnswer(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	now := s.clock.Now()
	inc := s.putIncident(t, "answered", "high_risk", now.Add(-30*time.Minute), incidents.Exact, nil)
	s.putContact(t, inc, "phone", "no_answer", now.Add(-20*time.Minute))
	s.putContact(t, inc, "phone", "connected", now.Add(-10*time.Minute))
	s.putContact(t, inc, "summons", "delivered", now.Add(-5*time.Minute))
	a := s.get(t, access.Viewer, "/incidents/"+string(inc.ID))
	if got := text(a.doc.Find("[data-testid=status]")); got != "Followed" {
		t.Errorf("status: %q", got)
	}
	want := []string{"9 to 11 min phone, 240252ZNOV26", "19 to 21 min phone, 240302ZNOV26", "19 to 21 min phone, 240302ZNOV26", "2 of 3 through 1 direct, 1 diplomatic"}
	if got := texts(a.doc.Find(".verdict dd")); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("figures:\n%s", strings.Join(got, "\n"))
	}
	if n := a.doc.Find("[data-testid=contact]").Length(); n != 3 {
		t.Errorf("%d contacts", n)
	}
	rows := texts(a.doc.Find("[data-testid=figures] tbody tr"))
	if len(rows) != 5 || !strings.Contains(rows[3], "direct, in time") || !strings.Contains(rows[4], "diplomatic, direct asked for") {
		t.Errorf("rows of the table:\n%s", strings.Join(rows, "\n"))
	}
	if got := a.doc.Find("svg[data-testid=timeline]").AttrOr("aria-label", ""); !strings.Contains(got, "deadline 240342Z") {
		t.Errorf("the timeline says %q", got)
	}
	if n := a.doc.Find("main h1").Length(); n != 1 {
		t.Errorf("%d main headings", n)
	}
}

func TestIncidentButtons(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "buttons", "serious", s.clock.Now(), incidents.Exact, nil)
	c := s.putContact(t, inc, "phone", "refused", s.clock.Now())
	id := string(inc.ID)
	all := map[string]string{
		"log":     `a[href="/calls/new?incident=` + id + `"][data-key=c]`,
		"edit":    `a[href="/incidents/` + id + `/edit"][data-key=e]`,
		"geojson": `a[href="/incidents/` + id + `.geojson"]`,
		"retract": `form[action="/incidents/` + id + `/retract"]`,
		"unlink":  `form[action="/contacts/` + string(c.ID) + `/unlink"] input[name=incident][value="` + id + `"]`,
	}
	for role, want := range map[access.Role]string{
		access.Viewer:     "",
		access.Analyst:    "geojson",
		access.Officer:    "edit geojson log unlink",
		access.Supervisor: "edit geojson log retract unlink",
	} {
		a := s.get(t, role, "/incidents/"+id)
		for name, selector := range all {
			if has := a.doc.Find(selector).Length() > 0; has != strings.Contains(" "+want+" ", " "+name+" ") {
				t.Errorf("%s: %s is there: %v", role, name, has)
			}
		}
	}
}

func TestRetract(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "a mistake", "serious", s.clock.Now(), incidents.Exact, nil)
	path := "/incidents/" + string(inc.ID)
	if a := s.post(t, access.Officer, path+"/retract", url.Values{"base": {"1"}, "reason": {"no"}}); a.status != 403 {
		t.Errorf("an officer retracts: status %d", a.status)
	}
	a := s.post(t, access.Supervisor, path+"/retract", url.Values{"base": {"1"}, "reason": {"  "}})
	if a.status != 422 || a.doc.Find("#errors a[href='#reason']").Length() != 1 || a.doc.Find("#reason[aria-invalid=true]").Length() != 1 {
		t.Errorf("without a reason: status %d", a.status)
	}
	if _, open := a.doc.Find("[data-testid=retract]").Attr("open"); !open {
		t.Error("the form is shut over its message")
	}
	if a := s.post(t, access.Supervisor, path+"/retract", url.Values{"base": {"7"}, "reason": {"twice"}}); a.status != 409 {
		t.Errorf("from a wrong revision: status %d", a.status)
	}
	if a := s.post(t, access.Supervisor, path+"/retract", url.Values{"base": {"1"}, "reason": {"entered twice"}}); a.status != 303 || a.header.Get("Location") != path {
		t.Errorf("retracted: status %d to %q", a.status, a.header.Get("Location"))
	}
	a = s.get(t, access.Supervisor, path)
	if got := text(a.doc.Find("[data-testid=retracted]")); !strings.Contains(got, "entered twice") || !strings.Contains(got, "supervisor") {
		t.Errorf("the banner says %q", got)
	}
	if a.doc.Find("[data-testid=retract], a[data-key=e], a[data-key=c]").Length() != 0 {
		t.Error("a retracted incident can still be changed")
	}
}

func TestIncidentAsOf(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "first title", "serious", s.clock.Now(), incidents.Exact, nil)
	first := inc.RecordedAt
	s.clock.Advance(time.Hour)
	inc.Record.Title, inc.Reason = "second title", "a better title"
	if _, err := s.store.ReviseIncident(context.Background(), officer, inc); err != nil {
		t.Fatal(err)
	}
	s.putContact(t, inc, "phone", "connected", s.clock.Now())
	path := "/incidents/" + string(inc.ID)
	a := s.get(t, access.Supervisor, path+"?as_of="+url.QueryEscape(incidents.FormatInstant(first)))
	if got := text(a.doc.Find("h1")); got != "first title" {
		t.Errorf("as of the first revision the title is %q", got)
	}
	if a.doc.Find("[data-testid=contact]").Length() != 0 || a.doc.Find("[data-testid=revisions] li").Length() != 1 {
		t.Error("the past knows what came after")
	}
	if a.doc.Find("main form[method=post], a[data-key=e], a[data-key=c]").Length() != 0 {
		t.Error("the past can be changed")
	}
	if href := a.doc.Find(`a[data-key="]"]`).AttrOr("href", ""); href != path {
		t.Errorf("the next revision is %q, want %q", href, path)
	}
	now := s.get(t, access.Supervisor, path)
	if href := now.doc.Find(`a[data-key="["]`).AttrOr("href", ""); !strings.Contains(href, "as_of=2026-11-24T03") {
		t.Errorf("the revision before is %q", href)
	}
	if a := s.get(t, access.Supervisor, path+"?as_of=yesterday"); a.status != 422 {
		t.Errorf("as_of=yesterday: status %d", a.status)
	}
	if a := s.get(t, access.Supervisor, path+"?as_of=2020-01-01T00:00Z"); a.status != 404 {
		t.Errorf("before the first report: status %d", a.status)
	}
}

func TestIncidentUnderTodaysPolicy(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "re-judged", "serious", s.clock.Now().Add(-3*time.Hour), incidents.Exact, nil)
	s.putContact(t, inc, "summons", "delivered", s.clock.Now().Add(-time.Hour))
	path := "/incidents/" + string(inc.ID)
	if n := s.get(t, access.Viewer, path).doc.Find("[data-testid=what-if]").Length(); n != 0 {
		t.Error("a what-if although the policy is the same")
	}
	rules := hotline.DefaultRules()
	rules[1] = hotline.Rule{Severity: "serious", Need: hotline.NeedDirect, WithinS: 600}
	if _, err := s.store.SetPolicy(context.Background(), access.Actor{Name: "supervisor", Role: access.Supervisor}, hotline.Policy{Version: 1, Rules: rules, Reason: "stricter"}); err != nil {
		t.Fatal(err)
	}
	a := s.get(t, access.Viewer, path)
	if got := text(a.doc.Find("[data-testid=what-if]")); !strings.HasPrefix(got, "Under today’s policy, version 2:") || !strings.Contains(got, "within 10 min") {
		t.Errorf("the what-if reads %q", got)
	}
	if got := text(a.doc.Find("[data-testid=status]")); got != "Followed" {
		t.Errorf("the status under the frozen policy is %q", got)
	}
}

func TestClaimsSideBySide(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "disputed", "serious", s.clock.Now(), incidents.Exact, func(r *incidents.Record) {
		r.Claims = []incidents.Claim{{Field: "transponder", Value: "on", Claimant: "US"}, {Field: "transponder", Value: "off", Claimant: "RU", Source: "TASS"}, {Field: "collision", Value: "none", Claimant: "RU"}}
	})
	a := s.get(t, access.Viewer, "/incidents/"+string(inc.ID))
	if got := texts(a.doc.Find("[data-testid=claims] thead th")); strings.Join(got, "|") != "About|United States|Russia" {
		t.Errorf("columns: %q", got)
	}
	if got := texts(a.doc.Find("[data-testid=claims] tbody tr")); strings.Join(got, "|") != "transponderonoff TASS|collisionnot statednone" {
		t.Errorf("rows: %q", got)
	}
}
