package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"interceptlog/internal/access"
	"interceptlog/internal/collection"
	"interceptlog/internal/export"
)

// TestExportPage: every format of every collection is offered, each link leads to
// a file, and the filter goes along where it says something.
func TestExportPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	doc := s.page(t, access.Analyst, "/export?severity=high_risk&region=black&as_of=2026-11-24T03:12:59Z")
	formats := len(export.Formats())
	if n := doc.Find("[data-testid=formats] tbody tr").Length(); n != formats {
		t.Errorf("%d formats, want %d", n, formats)
	}
	if n := doc.Find("[data-testid=collections] .files a").Length(); n != formats*(len(collection.All())-1) {
		t.Errorf("%d files of other collections", n)
	}
	rows := s.page(t, access.Analyst, doc.Find(".ph a").First().AttrOr("href", "")).Find("[data-testid=incident-row]").Length()
	if got := doc.Find("[data-testid=total] b").Text(); rows == 0 || got != strconv.Itoa(rows) {
		t.Errorf("the page counts %s, the list has %d", got, rows)
	}
	if n := doc.Find("[data-testid=chips] a").Length(); n != 4 {
		t.Errorf("%d chips", n)
	}
	doc.Find("[data-testid=formats] a, [data-testid=collections] .files a").Each(func(_ int, link *goquery.Selection) {
		href := link.AttrOr("href", "")
		if a := s.ask(t, access.Analyst, http.MethodHead, href, ""); a.status != http.StatusOK {
			t.Errorf("%s: status %d", href, a.status)
		}
		ofIncidents, ofLog := strings.HasPrefix(href, "/export/incident"), strings.HasPrefix(href, "/export/contacts") || strings.HasPrefix(href, "/export/lines")
		if strings.Contains(href, "region=black") != ofIncidents || strings.Contains(href, "as_of=") != (ofIncidents || ofLog) {
			t.Errorf("%s has the wrong part of the filter", href)
		}
	})
	if a := s.get(t, access.Analyst, "/export?region=arctic"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong filter: status %d", a.status)
	}
}
