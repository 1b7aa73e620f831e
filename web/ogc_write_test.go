package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// apiAnswer is what the API said.
type apiAnswer struct {
	status int
	header http.Header
	body   []byte
	doc    map[string]any
}

// ask sends a request to the API as a role; headers are given in pairs.
func (s *site) ask(t testing.TB, role access.Role, method, path, body string, headers ...string) apiAnswer {
	t.Helper()
	req, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodGet {
		req.Header.Set("Accept", "application/geo+json, application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.as(t, role).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	a := apiAnswer{status: resp.StatusCode, header: resp.Header}
	if a.body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(a.body, &a.doc) // a page, or nothing, is no document
	return a
}

const geoJSON = "application/geo+json"

// write sends a feature.
func (s *site) write(t testing.TB, method, path string, feature map[string]any, headers ...string) apiAnswer {
	t.Helper()
	raw, err := json.Marshal(feature)
	if err != nil {
		t.Fatal(err)
	}
	return s.ask(t, access.Supervisor, method, path, string(raw), append([]string{"Content-Type", geoJSON}, headers...)...)
}

// features gives every feature of an address, page after page.
func (s *site) features(t testing.TB, path string) (list []map[string]any) {
	t.Helper()
	for path != "" {
		a := s.ask(t, access.Analyst, http.MethodGet, path, "")
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
		for _, f := range a.doc["features"].([]any) {
			list = append(list, f.(map[string]any))
		}
		path = ""
		for _, l := range a.doc["links"].([]any) {
			if l := l.(map[string]any); l["rel"] == "next" {
				path = strings.TrimPrefix(l["href"].(string), s.URL)
			}
		}
	}
	return list
}

// worked out are the properties that the log works out itself, or that belong to
// the record rather than to the incident.
var workedOut = []string{"id", "number", "source", "source_id", "report", "revision", "first_recorded_at", "recorded_at", "severity_source", "source_count", "claim_count", "disputed",
	"deescalation", "deescalation_best", "deescalation_worst", "deescalation_strict", "deescalation_strict_best", "deadline_passed", "order_basis", "late_entry", "open", "retracted", "retry_at",
	"contacts_attempted", "contacts_through", "contacts_direct", "contacts_diplomatic"}

func stated(f map[string]any) map[string]any {
	out := maps.Clone(f["properties"].(map[string]any))
	for name := range out {
		if slices.Contains(workedOut, name) || strings.HasSuffix(name, "_min_s") || strings.HasSuffix(name, "_max_s") {
			delete(out, name)
		}
	}
	out["geometry"] = f["geometry"]
	return out
}

// differences names the properties in which two features differ.
func differences(a, b map[string]any) (list []string) {
	for name := range a {
		if !reflect.DeepEqual(a[name], b[name]) {
			list = append(list, fmt.Sprintf("%s: %v, was %v", name, b[name], a[name]))
		}
	}
	slices.Sort(list)
	return list
}

// A feature as the server gives it, with a new id, is a feature that it takes:
// for every real record.
func TestFeaturesComeBack(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	for _, collection := range []string{"incidents", "contacts"} {
		at := "/ogc/collections/" + collection + "/items"
		list := s.features(t, at+"?exercise=include")
		if len(list) < 40 {
			t.Fatalf("only %d %s", len(list), collection)
		}
		for _, f := range list {
			was := stated(f)
			f["id"] = string(incidents.NewID())
			a := s.write(t, http.MethodPost, at, f, "Accept-Encoding", "identity")
			if a.status != http.StatusCreated {
				t.Errorf("%v: %d %s", f["properties"].(map[string]any)["source_id"], a.status, a.body)
				continue
			}
			if want := s.URL + at + "/" + f["id"].(string); a.header.Get("Location") != want {
				t.Errorf("it is at %s, want %s", a.header.Get("Location"), want)
			}
			got := s.ask(t, access.Analyst, http.MethodGet, at+"/"+f["id"].(string), "", "Accept-Encoding", "identity")
			if d := differences(was, stated(got.doc)); len(d) > 0 {
				t.Errorf("%v came back with\n%s", was["title"], strings.Join(d, "\n"))
			}
			if got.header.Get("ETag") != a.header.Get("ETag") {
				t.Error("POST and GET give other tags")
			}
		}
	}
}

// A feature that is put back unchanged changes nothing that it shows, and
// nothing that it does not.
func TestReplaceByTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	const at = "/ogc/collections/incidents/items"
	for _, f := range s.features(t, at) {
		id := incidents.ID(f["id"].(string))
		before, err := s.store.Incident(t.Context(), id, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{http.MethodPut, http.MethodPatch} {
			if a := s.write(t, method, at+"/"+string(id), f); a.status != http.StatusOK {
				t.Errorf("%s %s: %d %s", method, before.Record.Title, a.status, a.body)
			}
		}
		after, err := s.store.Incident(t.Context(), id, 0)
		if err != nil {
			t.Fatal(err)
		}
		was, is := mustJSON(t, before.Record), mustJSON(t, after.Record)
		if !bytes.Equal(was, is) {
			t.Errorf("%s:\nwas %s\nis  %s", before.Record.Title, was, is)
		}
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
