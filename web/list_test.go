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
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const rows = "[data-testid=incident-row]"

func attrs(sel *goquery.Selection, name string) []string {
	return sel.Map(func(_ int, s *goquery.Selection) string { return s.AttrOr(name, "") })
}

// page gets an address that must answer, and gives its document.
func (s *site) page(t testing.TB, role access.Role, path string) *goquery.Document {
	t.Helper()
	a := s.get(t, role, path)
	if a.status != http.StatusOK || a.doc == nil {
		t.Fatalf("%s: status %d", path, a.status)
	}
	return a.doc
}

func TestListShowsTheRealRecords(t *testing.T) {
	t.Parallel()
	doc := newSite(t).page(t, access.Viewer, "/incidents")
	if got := text(doc.Find("[data-testid=total]")); got != "115 incidents" {
		t.Errorf("total %q", got)
	}
	if n := doc.Find(rows).Length(); n != 50 {
		t.Errorf("%d rows on the first page", n)
	}
	if doc.Find("table.log thead th[aria-sort=descending]").Length() != 1 {
		t.Error("no column says how the list is ordered")
	}
	if doc.Find("[data-testid=export-link]").Length() != 0 {
		t.Error("a viewer is offered the export")
	}
	first := doc.Find(rows).First()
	if first.AttrOr("data-id", "") == "" || first.Find("th[scope=row] a").AttrOr("href", "") != "/incidents/"+first.AttrOr("data-id", "") {
		t.Error("the first row does not lead to its incident")
	}
}

// Every filter: how many are left (the tally beside the choice must say the
// same), what each row must say, a chip for it, and the same filter on the
// links to the export and the map.
func TestListFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, test := range []struct{ query, cell, want string }{
		{"region=baltic", ".l-where", "Baltic"},
		{"severity=high_risk", ".l-sevw", "High risk"},
		{"deescalation=not_known", ".l-st", "Not known"},
		{"nation=NO", ".met", "NO"},
		{"q=MQ-9", ".l-what", "MQ-9"},
		{"from=2023&to=2023", ".l-when", "23"},
		{"bbox=18,54,24,60", ".l-where", "Baltic"},
		{"aircraft=Su-27", ".met", "Su-27"},
		{"behaviour=low_pass", ".l-what", ""},
		{"exercise=only", ".mark", "exercise"},
		{"region=black&severity=serious", ".l-where", "Black"},
	} {
		t.Run(test.query, func(t *testing.T) {
			doc := s.page(t, access.Analyst, "/incidents?"+test.query)
			cells := doc.Find(rows + " " + test.cell)
			if cells.Length() == 0 {
				t.Fatal("nothing is left")
			}
			for i, got := range texts(cells) {
				if !strings.Contains(got, test.want) {
					t.Errorf("row %d says %q, not %q", i, got, test.want)
				}
			}
			for name := range queryOf(t, "?"+test.query) {
				if !queryOf(t, doc.Find("[data-testid=export-link]").AttrOr("href", "")).Has(name) {
					t.Errorf("the export link leaves out %s", name)
				}
			}
			if doc.Find("[data-testid=chips] li").Length() < 2 {
				t.Error("no chip says what is asked")
			}
		})
	}
}

// queryOf reads the query of an address on a page.
func queryOf(t testing.TB, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// Taking the last chip out leads back to the whole log.
func TestListChipsTakeOneThingOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	doc := s.page(t, access.Viewer, "/incidents?nation=NO&nation=RU&severity=serious&sort=number")
	removes := attrs(doc.Find("[data-testid=chips] li a:not(.all)"), "href")
	if len(removes) != 3 {
		t.Fatalf("chips lead to %q", removes)
	}
	for _, href := range removes {
		v := queryOf(t, href)
		if left := len(v["nation"]) + len(v["severity"]); left != 2 || v.Get("sort") != "number" {
			t.Errorf("a chip leads to %q", href)
		}
	}
}

// A choice brings as many as the figure beside it says.
func TestListCountsHold(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	doc := s.page(t, access.Viewer, "/incidents?region=baltic")
	doc.Find("fieldset[data-group=severity] label").Each(func(_ int, choice *goquery.Selection) {
		code := choice.Find("input").AttrOr("value", "")
		got := s.page(t, access.Viewer, "/incidents?region=baltic&severity="+code)
		if n := choice.Find(".n").Text(); text(got.Find("[data-testid=total] b")) != n {
			t.Errorf("%s: the choice says %s, the list %s", code, n, text(got.Find("[data-testid=total]")))
		}
	})
}

// The pages of a list hold every incident once, whatever the order.
func TestListPagesHoldEachOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	for _, sort := range []string{"", "number", "-severity", "title"} {
		seen := map[string]bool{}
		path, pages := "/incidents?limit=40&sort="+sort, 0
		if sort == "" {
			path = "/incidents?limit=40"
		}
		for path != "" && pages < 9 {
			doc := s.page(t, access.Viewer, path)
			for _, id := range attrs(doc.Find(rows), "data-id") {
				if seen[id] {
					t.Fatalf("sort %q: %s stands on two pages", sort, id)
				}
				seen[id] = true
			}
			path, pages = doc.Find("a[rel=next]").AttrOr("href", ""), pages+1
		}
		if len(seen) != 115 || pages != 3 {
			t.Errorf("sort %q: %d incidents on %d pages", sort, len(seen), pages)
		}
	}
}

func TestListHeadsTurnTheOrder(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	up := s.page(t, access.Viewer, "/incidents?sort=number")
	href := up.Find("th[aria-sort=ascending] a").AttrOr("href", "")
	if queryOf(t, href).Get("sort") != "-number" {
		t.Fatalf("the head leads to %q", href)
	}
	first := attrs(up.Find(rows), "data-id")
	last := attrs(s.page(t, access.Viewer, href).Find(rows), "data-id")
	if slices.Equal(first, last) {
		t.Error("both orders begin alike")
	}
}

func TestListKeepsWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, test := range []struct{ query, field, typed string }{
		{"from=yesterdayish", "from", "yesterdayish"},
		{"bbox=1,2,3", "bbox", "1,2,3"},
		{"as_of=soon", "as_of", "soon"},
		{"severity=awful", "severity", ""},
		{"sort=colour", "", ""},
		{"limit=9999", "", ""},
		{"after=nonsense", "", ""},
		{"colour=red", "", ""},
	} {
		t.Run(test.query, func(t *testing.T) {
			a := s.get(t, access.Viewer, "/incidents?"+test.query+"&q=Bear")
			if a.status != http.StatusUnprocessableEntity || a.doc == nil {
				t.Fatalf("status %d", a.status)
			}
			if got := a.doc.Find("#f-q").AttrOr("value", ""); got != "Bear" {
				t.Errorf("the words are now %q", got)
			}
			if test.typed != "" && a.doc.Find("[name="+test.field+"]").AttrOr("value", "") != test.typed {
				t.Error("what was typed is gone")
			}
			for _, href := range attrs(a.doc.Find(".errsum a"), "href") {
				if a.doc.Find(href).Length() != 1 {
					t.Errorf("the summary leads to %s, which is not there", href)
				}
			}
			if a.doc.Find(rows).Length() != 0 {
				t.Error("rows of a filter that cannot be read")
			}
		})
	}
}

func TestListLeadsToANumber(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	row := s.page(t, access.Viewer, "/incidents").Find(rows).First()
	a := s.get(t, access.Viewer, "/incidents?q="+text(row.Find(".l-no")))
	if got := a.header.Get("Location"); a.status != http.StatusSeeOther || got != "/incidents/"+row.AttrOr("data-id", "") {
		t.Errorf("status %d to %q", a.status, got)
	}
	if n := s.page(t, access.Viewer, "/incidents?q=1999-0001").Find(rows).Length(); n != 0 {
		t.Errorf("%d rows for a number that nobody has", n)
	}
}

// The log as of a moment before an incident does not hold it, and its links
// stay at that moment.
func TestListAsOf(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	before := incidents.FormatInstant(incidents.MillisOf(s.clock.Now().Add(time.Minute)))
	s.clock.Advance(2 * time.Hour)
	s.putIncident(t, "A new one", "serious", s.clock.Now(), incidents.Exact, nil)
	if got := text(s.page(t, access.Viewer, "/incidents").Find("[data-testid=total] b")); got != "116" {
		t.Fatalf("now there are %s", got)
	}
	doc := s.page(t, access.Analyst, "/incidents?as_of="+url.QueryEscape(before))
	if got := text(doc.Find("[data-testid=total] b")); got != "115" {
		t.Errorf("as of before it there were %s", got)
	}
	for _, href := range attrs(doc.Find(rows+" th a, [data-testid=export-link], .right a"), "href") {
		if queryOf(t, href).Get("as_of") == "" {
			t.Errorf("%s leaves the moment", href)
		}
	}
}

// A number leads to its incident, and a page of the past to the past.
func TestListNumberLeadsToTheIncident(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.bySource(t, "2014-03-03-tr-f16-il20")
	moment := "2026-11-24T03:30:59.999Z" // a minute is meant to its end
	for path, want := range map[string]string{
		"/incidents?q=" + inc.Number:                         "/incidents/" + string(inc.ID),
		"/incidents?as_of=2026-11-24T03:30Z&q=" + inc.Number: "/incidents/" + string(inc.ID) + "?as_of=" + url.QueryEscape(moment),
	} {
		a := s.get(t, access.Viewer, path)
		if a.status != http.StatusSeeOther || want != "" && a.header.Get("Location") != want {
			t.Errorf("%s: %d to %q, not %q", path, a.status, a.header.Get("Location"), want)
		}
	}
	if a := s.get(t, access.Viewer, "/incidents?q=1999-0001"); a.status != http.StatusOK || a.doc.Find(".empty").Length() != 1 {
		t.Errorf("a number that there is not: %d", a.status)
	}
}

// Every order of the list has its head to press.
func TestListHeadsHoldEveryOrder(t *testing.T) {
	t.Parallel()
	doc := newSite(t).page(t, access.Viewer, "/incidents?sort=deadline")
	var orders []string
	for _, href := range attrs(doc.Find("table.log thead a"), "href") {
		orders = append(orders, strings.TrimPrefix(queryOf(t, href).Get("sort"), "-"))
	}
	for _, sort := range hotline.Sorts {
		if !slices.Contains(orders, sort) {
			t.Errorf("no head sorts by %s", sort)
		}
	}
	if doc.Find("th[aria-sort=ascending] a.by").Length() != 1 {
		t.Error("no head says that it is the order")
	}
}
