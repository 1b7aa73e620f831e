package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

const itemsPath = "/ogc/collections/incidents/items"

// nextOf gives the address of the next page; empty if there is none.
func (s *site) nextOf(a apiAnswer) string {
	for _, l := range a.doc["links"].([]any) {
		if l := l.(map[string]any); l["rel"] == "next" {
			return strings.TrimPrefix(l["href"].(string), s.URL)
		}
	}
	return ""
}

// A walk from page to page shows the log as it was at its first page, whatever
// is entered, changed and taken back meanwhile.
func TestWalkUnderWrites(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ collection, query string }{
		{"incidents", ""}, {"incidents", "sortby=-severity"}, {"incidents", "sortby=title&bbox=-10,30,60,80"}, {"contacts", ""}, {"contacts", "filter=outcome%20IS%20NOT%20NULL&sortby=start_from"},
	} {
		t.Run(c.collection+"?"+c.query, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.walkUnderWrites(t, c.collection, c.query)
		})
	}
}

func (s *site) walkUnderWrites(t *testing.T, collection, query string) {
	at := "/ogc/collections/" + collection + "/items"
	was := s.features(t, at+"?"+query)
	next, matched := at+"?limit=7&"+query, -1.0
	var got []map[string]any
	for page := 0; next != ""; page++ {
		a := s.ask(t, access.Analyst, http.MethodGet, next, "")
		if a.status != http.StatusOK {
			t.Fatalf("page %d: %d %s", page, a.status, a.body)
		}
		if n := a.doc["numberMatched"].(float64); matched < 0 {
			matched = n
		} else if n != matched {
			t.Errorf("page %d: numberMatched is %v, was %v", page, n, matched)
		}
		for _, f := range a.doc["features"].([]any) {
			got = append(got, f.(map[string]any))
		}
		next = s.nextOf(a)
		s.disturb(t, at, was, page)
		if page%2 == 1 { // and with no time between, as it may be
			s.clock.Advance(time.Second)
		}
	}
	if int(matched) != len(was) || !bytes.Equal(mustMarshal(t, got), mustMarshal(t, was)) {
		t.Errorf("%d features of %v, want the %d that there were, as they were", len(got), matched, len(was))
	}
	if now := s.features(t, at+"?"+query); bytes.Equal(mustMarshal(t, now), mustMarshal(t, was)) {
		t.Error("nothing was changed meanwhile")
	}
}

// disturb enters a feature, changes one and takes one back, at both ends of a
// list.
func (s *site) disturb(t *testing.T, at string, list []map[string]any, page int) {
	t.Helper()
	if 2*page+1 >= len(list)/2 {
		return
	}
	other := map[string]any{"type": "Feature", "id": string(incidents.NewID()), "geometry": list[page]["geometry"], "properties": list[page]["properties"]}
	if a := s.write(t, http.MethodPost, at, other); a.status != http.StatusCreated {
		t.Fatalf("enter: %d %s", a.status, a.body)
	}
	changed, gone := list[page], list[len(list)-1-page]
	name := "title"
	if strings.Contains(at, "contacts") {
		name = "summary"
	}
	patch := map[string]any{"type": "Feature", "properties": map[string]any{name: fmt.Sprint("Changed on page ", page), "reason": "a test"}}
	if a := s.write(t, http.MethodPatch, at+"/"+changed["id"].(string), patch, "Content-Type", "application/merge-patch+json"); a.status != http.StatusOK {
		t.Fatalf("change: %d %s", a.status, a.body)
	}
	if a := s.ask(t, access.Supervisor, http.MethodDelete, at+"/"+gone["id"].(string), ""); a.status != http.StatusNoContent {
		t.Fatalf("take back: %d %s", a.status, a.body)
	}
}

func TestCursorIsOfItsQuestion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	first := s.ask(t, access.Analyst, http.MethodGet, itemsPath+"?limit=3&region=baltic", "")
	u, err := url.Parse(s.nextOf(first))
	if err != nil {
		t.Fatal(err)
	}
	cursor := u.Query().Get("cursor")
	turned := func(i int) string {
		b := []byte(cursor)
		b[i] ^= 1
		return string(b)
	}
	for what, query := range map[string]string{
		"another question": "region=black&cursor=" + cursor, "less of the question": "cursor=" + cursor, "more of it": "region=baltic&severity=serious&cursor=" + cursor,
		"another signature": "region=baltic&cursor=" + turned(0), "another place": "region=baltic&cursor=" + turned(len(cursor)/2), "a part": "region=baltic&cursor=" + cursor[:20], "nothing": "region=baltic&cursor=",
	} {
		a := s.ask(t, access.Analyst, http.MethodGet, itemsPath+"?limit=3&"+query, "")
		if a.status != http.StatusBadRequest || a.doc["parameter"] != "cursor" {
			t.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
	if a := s.ask(t, access.Analyst, http.MethodGet, "/ogc/collections/contacts/items?cursor="+cursor, ""); a.status != http.StatusBadRequest {
		t.Errorf("of another collection: %d %s", a.status, a.body)
	}
	// how a page looks may change on the way
	if a := s.ask(t, access.Analyst, http.MethodGet, itemsPath+"?limit=5&region=baltic&crs=EPSG:3035&cursor="+cursor, ""); a.status != http.StatusOK || len(a.doc["features"].([]any)) != 5 {
		t.Errorf("another size: %d %s", a.status, a.body)
	}
}

// Every parameter refuses what it does not take, and says what it was, and what
// it takes.
func TestProblemsNameTheParameter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, c := range []struct{ parameter, value string }{
		{"bbox", "1,2,3"}, {"bbox", "1,2,3,x"}, {"bbox", "1,2,3,NaN"}, {"bbox", "1,5,3,4"}, {"bbox", "-181,5,3,6"}, {"bbox", ""}, {"bbox-crs", "EPSG:1"},
		{"datetime", "yesterday"}, {"datetime", "2024-01-01/2023-01-01"}, {"datetime", "2024-13-01"}, {"datetime", "2024-01-01/2024-02-01/2024-03-01"}, {"datetime", ".."}, {"datetime", ""},
		{"limit", "0"}, {"limit", "-1"}, {"limit", "ten"}, {"limit", ""}, {"cursor", "x"}, {"crs", "EPSG:1"}, {"crs", ""}, {"sortby", "nothing"}, {"sortby", "--title"}, {"properties", "nothing"},
		{"skipGeometry", "perhaps"}, {"filter", "severity ="}, {"filter", "nothing = 1"}, {"filter", ""}, {"filter-lang", "sql"}, {"filter-crs", "EPSG:1"}, {"as_of", "now"}, {"f", "xml"},
		{"severity", "mild"}, {"region", "pacific ocean"}, {"exercise", "perhaps"}, {"report", "lost"}, {"from", "x"}, {"to", "x"}, {"revision", "one"}, {"late_entry", "perhaps"}, {"coast_nm", "near"}, {"start_from", "noon"}, {"position_basis", "guess"},
		{"nothing", "1"},
	} {
		a := s.ask(t, access.Analyst, http.MethodGet, itemsPath+"?"+url.Values{c.parameter: {c.value}}.Encode(), "")
		if a.status != http.StatusBadRequest || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s=%s: %d %s", c.parameter, c.value, a.status, a.header.Get("Content-Type"))
			continue
		}
		value, _ := a.doc["value"].(string)
		if accepted, _ := a.doc["accepted"].(string); a.doc["parameter"] != c.parameter || accepted == "" || value != c.value && c.parameter != "nothing" || a.doc["status"] != 400.0 {
			t.Errorf("%s=%s: %s", c.parameter, c.value, a.body)
		}
	}
	if a := s.ask(t, access.Analyst, http.MethodGet, itemsPath+"?limit=1&limit=2", ""); a.status != http.StatusBadRequest || a.doc["parameter"] != "limit" {
		t.Errorf("twice: %d %s", a.status, a.body)
	}
	if a := s.ask(t, access.Analyst, http.MethodGet, itemsPath, "", "Accept", "image/png"); a.status != http.StatusNotAcceptable || a.doc["parameter"] != "Accept" || a.doc["value"] != "image/png" {
		t.Errorf("Accept: %d %s", a.status, a.body)
	}
	for _, path := range []string{"/ogc/collections/nothing", "/ogc/collections/nothing/items", itemsPath + "/nothing"} {
		if a := s.ask(t, access.Analyst, http.MethodGet, path, ""); a.status != http.StatusNotFound || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func TestAllowIsWhatTheRoleMay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := string(s.bySource(t, "2023-03-14-mq9-su27-collision").ID)
	const reads = "GET, HEAD, OPTIONS"
	for _, c := range []struct {
		role access.Role
		path string
		want string
	}{
		{access.Viewer, itemsPath, reads}, {access.Officer, itemsPath, reads + ", POST"}, {access.Officer, itemsPath + "/" + id, reads + ", PUT, PATCH, DELETE"},
		{access.Viewer, itemsPath + "/" + id, reads}, {access.Officer, "/ogc/collections/places/items", reads}, {access.Officer, "/ogc/collections/incident_points/items", reads}, {access.Officer, "/ogc", reads}, {"", itemsPath, reads},
	} {
		a := s.ask(t, c.role, http.MethodOptions, c.path, "")
		if got := a.header.Get("Allow"); a.status != http.StatusOK || got != c.want {
			t.Errorf("%s %s: %d %s", c.role, c.path, a.status, got)
		}
		if c.role == "" || c.path == "/ogc" {
			continue
		}
		if got := s.ask(t, c.role, http.MethodGet, c.path, "").header.Get("Allow"); got != c.want {
			t.Errorf("%s GET %s: %s", c.role, c.path, got)
		}
	}
	// a token that may read only is not offered more than that, whoever's it is
	_, secret := s.token(t, access.Officer, access.TokenOrder{Scopes: []string{"read"}})
	if got := s.program(t, itemsPath, bearer(secret)).header.Get("Allow"); got != reads {
		t.Errorf("a token to read with: %s", got)
	}
}

// raw asks without a client that unpacks by itself.
func (s *site) raw(t testing.TB, method, path string, headers ...string) apiAnswer {
	t.Helper()
	return s.ask(t, access.Analyst, method, path, "", append([]string{"Accept", "application/geo+json"}, headers...)...)
}

func TestCodingsAndValidators(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	one := itemsPath + "/" + string(s.bySource(t, "2023-03-14-mq9-su27-collision").ID)
	for _, path := range []string{itemsPath, itemsPath + "?limit=5", one, "/ogc/collections", "/ogc/collections/incidents/queryables?f=json", "/ogc/api?f=json"} {
		headers := []string{}
		if !strings.HasPrefix(path, itemsPath) {
			headers = []string{"Accept", "*/*"}
		}
		plain := s.raw(t, http.MethodGet, path, append(headers, "Accept-Encoding", "identity")...)
		if plain.status != http.StatusOK || plain.header.Get("ETag") == "" {
			t.Errorf("%s: %d, ETag %s", path, plain.status, plain.header.Get("ETag"))
			continue
		}
		tags := map[string]bool{plain.header.Get("ETag"): true}
		for coding, open := range map[string]func(io.Reader) (io.Reader, error){
			"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
			"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
		} {
			a := s.raw(t, http.MethodGet, path, append(headers, "Accept-Encoding", coding)...)
			r, err := open(bytes.NewReader(a.body))
			if err != nil {
				t.Errorf("%s %s: %v", path, coding, err)
				continue
			}
			if body, err := io.ReadAll(r); err != nil || !bytes.Equal(body, plain.body) {
				t.Errorf("%s %s: %v, another content", path, coding, err)
			}
			if tag := a.header.Get("ETag"); tags[tag] || !strings.HasSuffix(tag, "-"+coding+`"`) {
				t.Errorf("%s %s: the tag is %s", path, coding, tag)
			}
			tags[a.header.Get("ETag")] = true
		}
		for tag := range tags {
			for _, given := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
				if a := s.raw(t, http.MethodGet, path, append(headers, "If-None-Match", given)...); a.status != http.StatusNotModified || len(a.body) > 0 {
					t.Errorf("%s, If-None-Match %s: %d", path, given, a.status)
				}
			}
		}
		if a := s.raw(t, http.MethodGet, path, append(headers, "If-None-Match", `"x"`)...); a.status != http.StatusOK {
			t.Errorf("%s: another tag gets %d", path, a.status)
		}
		head := s.raw(t, http.MethodHead, path, append(headers, "Accept-Encoding", "identity")...)
		if head.status != http.StatusOK || len(head.body) > 0 {
			t.Errorf("HEAD %s: %d, %d bytes", path, head.status, len(head.body))
		}
		for _, name := range []string{"ETag", "Content-Type", "Content-Crs", "Allow", "Cache-Control"} {
			if head.header.Get(name) != plain.header.Get(name) {
				t.Errorf("HEAD %s: %s is %q, want %q", path, name, head.header.Get(name), plain.header.Get(name))
			}
		}
	}
	before := s.raw(t, http.MethodGet, one).header.Get("ETag")
	s.clock.Advance(time.Minute)
	if a := s.write(t, http.MethodPatch, one, map[string]any{"type": "Feature", "properties": map[string]any{"title": "Another title", "reason": "a test"}}, "Content-Type", "application/merge-patch+json"); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := s.raw(t, http.MethodGet, one, "If-None-Match", before); a.status != http.StatusOK {
		t.Errorf("changed, and %d", a.status)
	}
}

func TestAxesOfEachSystem(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.bySource(t, "2023-03-14-mq9-su27-collision")
	one := itemsPath + "/" + string(inc.ID)
	point := func(crs string) (x, y float64) {
		t.Helper()
		a := s.ask(t, access.Analyst, http.MethodGet, one+"?crs="+url.QueryEscape(crs), "")
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", crs, a.status, a.body)
		}
		if got := a.header.Get("Content-Crs"); got != "<"+crs+">" {
			t.Errorf("%s: Content-Crs is %s", crs, got)
		}
		c := a.doc["geometry"].(map[string]any)["coordinates"].([]any)
		return c[0].(float64), c[1].(float64)
	}
	const base = "http://www.opengis.net/def/crs/"
	lon, lat := point(base + "OGC/1.3/CRS84")
	if lon < 25 || lon > 42 || lat < 40 || lat > 47 {
		t.Fatalf("%v %v is not in the Black Sea", lon, lat)
	}
	if a, b := point(base + "EPSG/0/4326"); a != lat || b != lon {
		t.Errorf("4326: %v %v", a, b)
	}
	// 3035 has northing first: at 44°N some 2,300 km, and the easting of 31°E some 6,000 km
	if north, east := point(base + "EPSG/0/3035"); north < 1.9e6 || north > 2.9e6 || east < 5.4e6 || east > 6.6e6 {
		t.Errorf("3035: %v %v", north, east)
	}
	// on the sphere of 3857 the easting is the longitude, stretched
	if east, north := point(base + "EPSG/0/3857"); math.Abs(east-lon*math.Pi/180*6378137) > 0.01 || north < 4.8e6 || north > 6e6 {
		t.Errorf("3857: %v %v", east, north)
	}
	// the same box in three orders of axes
	want := s.ask(t, access.Analyst, http.MethodGet, itemsPath+"?bbox=10,54,25,60", "").doc["numberMatched"]
	for _, q := range []string{"bbox=54,10,60,25&bbox-crs=" + base + "EPSG/0/4326", "bbox=10,54,25,60&bbox-crs=" + base + "OGC/1.3/CRS84", "bbox=10,54,-9,25,60,9"} {
		if got := s.ask(t, access.Analyst, http.MethodGet, itemsPath+"?"+q, "").doc["numberMatched"]; got != want || got == 0.0 {
			t.Errorf("%s: %v, want %v", q, got, want)
		}
	}
}

func TestPageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	query := "limit=4&bbox=-10,30,60,80&datetime=2014-01-01/..&filter=title+IS+NOT+NULL&sortby=-title&properties=title,number&crs=http://www.opengis.net/def/crs/EPSG/0/3857&severity=serious"
	a := s.ask(t, access.Analyst, http.MethodGet, itemsPath+"?"+query, "")
	if a.status != http.StatusOK || a.doc["numberReturned"] != 4.0 || len(a.doc["features"].([]any)) != 4 || a.doc["numberMatched"].(float64) <= 4 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	asked, _ := url.ParseQuery(query)
	for _, l := range a.doc["links"].([]any) {
		l := l.(map[string]any)
		if l["rel"] == "collection" {
			continue
		}
		u, err := url.Parse(l["href"].(string))
		if err != nil {
			t.Fatal(err)
		}
		for name := range asked {
			if u.Query().Get(name) != asked.Get(name) {
				t.Errorf("the link %s has %s=%q", l["rel"], name, u.Query().Get(name))
			}
		}
	}
	for _, limit := range []string{"10000", "10001", "99999999999999999999999"} {
		if a := s.ask(t, access.Analyst, http.MethodGet, itemsPath+"?limit="+limit, ""); a.status != http.StatusOK || a.doc["numberReturned"] != 115.0 {
			t.Errorf("limit=%s: %d, %v features", limit, a.status, a.doc["numberReturned"])
		}
	}
	if p := a.doc["features"].([]any)[0].(map[string]any)["properties"].(map[string]any); len(p) != 2 {
		t.Errorf("the properties are %v", p)
	}
	bare := s.ask(t, access.Analyst, http.MethodGet, itemsPath+"?limit=1&skipGeometry=true", "").doc["features"].([]any)[0].(map[string]any)
	if g, there := bare["geometry"]; g != nil || !there {
		t.Errorf("the geometry is %v", g)
	}
}

func TestAsOfShowsWhatTheLogSaid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.bySource(t, "2023-03-14-mq9-su27-collision")
	one := itemsPath + "/" + string(inc.ID)
	then := "as_of=" + url.QueryEscape(s.clock.Now().Add(30*time.Second).Format(time.RFC3339))
	s.clock.Advance(time.Minute)
	was := s.ask(t, access.Analyst, http.MethodGet, one, "")
	if a := s.write(t, http.MethodPatch, one, map[string]any{"type": "Feature", "properties": map[string]any{"title": "Another title", "reason": "a test"}}, "Content-Type", "application/merge-patch+json"); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	s.clock.Advance(time.Minute)
	if got := s.ask(t, access.Analyst, http.MethodGet, one+"?"+then, ""); title(got.doc) != title(was.doc) {
		t.Errorf("the title was %q, not %q", title(was.doc), title(got.doc))
	}
	if got := s.ask(t, access.Analyst, http.MethodGet, one, ""); title(got.doc) != "Another title" {
		t.Errorf("the title is %q", title(got.doc))
	}
	for q, want := range map[string]int{"q=%22Another+title%22": 1, "q=%22Another+title%22&" + then: 0, then: 115, "as_of=2020-01-01T00:00:00Z": 0} {
		if got := s.features(t, itemsPath+"?limit=50&"+q); len(got) != want {
			t.Errorf("%s: %d features, want %d", q, len(got), want)
		}
	}
}

func title(f map[string]any) string { return fmt.Sprint(f["properties"].(map[string]any)["title"]) }

// A person who mistypes an address in a browser is told on a page of the site; a
// program is told as RFC 9457 says, also where it asks for a page.
func TestProblemsForPeople(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
	for path, c := range map[string]struct {
		status int
		words  []string
	}{
		"/ogc/collections/incidents/items?f=html&bbox=1,2,3": {http.StatusBadRequest, []string{"bbox", "1,2,3", "Accepted"}},
		"/ogc/collections/incidents/items?colour=red":        {http.StatusBadRequest, []string{"colour", "datetime"}},
		"/ogc/collections/ships?f=html":                      {http.StatusNotFound, []string{"ships"}},
		"/ogc/collections/incidents/items/nobody":            {http.StatusNotFound, []string{"nobody"}},
	} {
		a := s.ask(t, access.Analyst, http.MethodGet, path, "", "Accept", browser)
		if got := a.header.Get("Content-Type"); a.status != c.status || !strings.HasPrefix(got, "text/html") || a.header.Get("ETag") != "" {
			t.Errorf("%s: %d %s", path, a.status, got)
		}
		for _, w := range append(c.words, "<h1>Error: ") {
			if !strings.Contains(string(a.body), w) {
				t.Errorf("%s does not say %q", path, w)
			}
		}
		for _, accept := range []string{"*/*", "application/geo+json, text/html;q=0.5", ""} {
			if a := s.ask(t, access.Analyst, http.MethodGet, path, "", "Accept", accept); a.status != c.status || a.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s, Accept %q: %d %s", path, accept, a.status, a.header.Get("Content-Type"))
			}
		}
	}
}
