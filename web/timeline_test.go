package web_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// TestTimeline: what happened, by when it happened and by when the log knew, on
// the page and as a table.
func TestTimeline(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	begun := s.clock.Now()
	s.clock.Advance(10 * time.Minute)
	inc := s.putIncident(t, "=Su-27 passes P-8", "high_risk", begun, incidents.Exact, nil)
	s.clock.Advance(20 * time.Minute)
	through := s.putContact(t, inc, "phone", "connected", s.clock.Now())
	s.clock.Advance(time.Hour)
	s.putContact(t, inc, "phone", "no_answer", begun.Add(5*time.Minute)) // logged late

	path := "/incidents/" + string(inc.ID) + "/timeline"
	kinds := func(query string) string {
		var out []string
		s.get(t, access.Viewer, path+query).doc.Find("[data-testid=sequence] tbody tr").Each(func(_ int, row *goquery.Selection) {
			kind, _ := row.Attr("data-kind")
			out = append(out, kind)
		})
		return strings.Join(out, " ")
	}
	if got, want := kinds(""), "begin attempt report contact deadline"; got != want {
		t.Errorf("by when it happened: %s, want %s", got, want)
	}
	if got, want := kinds("?order=known"), "begin report contact attempt deadline"; got != want {
		t.Errorf("by when the log knew: %s, want %s", got, want)
	}
	if href, _ := s.get(t, access.Viewer, path).doc.Find("tr[data-kind=contact] a").Attr("href"); href != "/contacts/"+string(through.ID) {
		t.Errorf("the contact is reached at %s", href)
	}
	if a := s.get(t, access.Viewer, path+"?order=size"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "happened, known") {
		t.Errorf("an order that there is not: %d", a.status)
	}
	if links := s.get(t, access.Viewer, path).doc.Find("[data-testid=csv]").Length(); links != 0 {
		t.Error("a viewer who may not export is offered the file")
	}

	a := s.get(t, access.Analyst, path+".csv?order=known")
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d rows, %v: %s", len(rows), err, a.body)
	}
	if begin := rows[1]; begin[0] != "begin" || begin[5] != "'=Su-27 passes P-8" || begin[1] != incidents.FormatInstant(incidents.MillisOf(begun.Truncate(time.Minute))) {
		t.Errorf("the first row is %q", begin)
	}
	if last := rows[5]; last[0] != "deadline" || last[4] != "" {
		t.Errorf("the last row is %q", last)
	}
}
