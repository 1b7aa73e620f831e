package research_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/research"
)

// elsewhere are the fields of the form whose values do not stand in the stored
// record as they are, and where they went. A path is that of the form without
// the indexes of lists.
var elsewhere = map[string]string{
	"record_type":         "says which kind of record it is: the kind is kept, not the word",
	"lon":                 "of a track, a point that the compiler chose for it; checked against the track, which says more, and not kept",
	"lat":                 "the same",
	"contact_ids":         "stands as a link; the test looks for the contact by its id",
	"linked_incident_ids": "stands as a link; the test looks for the incident by its id",
	"channel_id":          "stands as line_id; the test looks for the line by its id",
	"null, {} and []":     "nothing is stated, and nothing is kept",
}

// words are the values that are kept under another word (docs/import.md); the
// relation of a contact is kept as it is, and mapped in its links.
var words = map[string]string{"channel.kind=ambassador_summons": "summons", "outcome=reply_by_letter": "replied"}

// renamed are the fields that have another name in the record; the others keep
// theirs below the prefix, or are found by value.
var renamed = map[string]string{
	"id": "source_id", "status": "state", "date_time": "start.text", "date_time_start": "start.text", "date_time_end": "end.text",
	"time_precision": "start.precision", "relation": "stated_relation", "contact_status": "searches.outcome",
}

var index = regexp.MustCompile(`\[\d+\]`)

// leaves walks JSON and calls fn with the path and the value of each leaf.
func leaves(t *testing.T, raw []byte, fn func(path, value string)) {
	t.Helper()
	var v any
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				walk(strings.TrimPrefix(path+"."+k, "."), x)
			}
		case []any:
			for i, x := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), x)
			}
		case nil:
		case json.Number: // 25 and 25.0 are one number
			f, err := v.Float64()
			if err != nil {
				t.Fatal(err)
			}
			fn(path, fmt.Sprint(f))
		default:
			fn(path, fmt.Sprint(v))
		}
	}
	walk("", v)
}

// TestNothingIsDropped is the promise of the import: each leaf of each of the
// 173 records stands in the stored record, at the place of its name and with
// its index, or is in the list above.
func TestNothingIsDropped(t *testing.T) {
	l, ctx := newLog(t), context.Background()
	l.load(t, false, sample(t)...)
	used, records, checked := map[string]bool{}, 0, 0
	for _, name := range []string{"incidents.ndjson", "hotline.ndjson"} {
		for raw := range strings.Lines(read(t, name)) {
			records++
			var head struct {
				ID   string `json:"id"`
				Kind string `json:"record_type"`
			}
			if err := json.Unmarshal([]byte(raw), &head); err != nil {
				t.Fatal(err)
			}
			stored, links := l.stored(t, ctx, head.Kind, head.ID)
			have := map[string]string{}
			leaves(t, stored, func(path, value string) { have[path] = value })
			leaves(t, []byte(raw), func(path, value string) {
				checked++
				bare := index.ReplaceAllString(path, "")
				if w, ok := words[bare+"="+value]; ok {
					used[bare+"="+value], value = true, w
				}
				if _, ok := elsewhere[bare]; ok {
					used[bare] = true
					switch bare {
					case "contact_ids", "linked_incident_ids", "channel_id":
						if !links[value] {
							t.Errorf("%s: %s %s is no link of the record: %v", head.ID, path, value, links)
						}
						return
					case "lon", "lat":
						if have["record.geometry.type"] == "Point" {
							path = map[string]string{"lon": "geometry.coordinates[0]", "lat": "geometry.coordinates[1]"}[bare]
							break
						}
						return
					default:
						return
					}
				}
				if other, ok := renamed[bare]; ok {
					path = other
				}
				if !found(have, head.Kind, path, value) {
					t.Errorf("%s: %s = %q is not in the record as %s:\n%s", head.ID, bare, value, path, stored)
				}
			})
		}
	}
	for path := range elsewhere {
		if !used[path] && !strings.HasPrefix(path, "null") {
			t.Errorf("%s is in the list and in no record", path)
		}
	}
	for word := range words {
		if !used[word] {
			t.Errorf("%s is in the list of words and in no record", word)
		}
	}
	if records != 173 || checked < 5000 {
		t.Errorf("%d records with %d leaves were looked at", records, checked)
	}
}

// found looks for a value at its place. A few have two possible places: a region
// that the geometry gives is derived, and a state that is no code is a note.
func found(have map[string]string, kind, path, value string) bool {
	prefix := ""
	if kind == "" {
		prefix = "record."
	}
	places := []string{prefix + path}
	if kind == "channel" { // a line is its channel
		places = append(places, strings.TrimPrefix(path, "channel."))
	}
	switch path {
	case "region":
		places = append(places, "derived.geometry_region")
	case "state":
		places = append(places, "state_note")
	case "searches.outcome":
		places = []string{"record.searches[0].outcome"}
	}
	for _, p := range places {
		if got, ok := have[p]; ok && got == value {
			return true
		}
	}
	return false
}

// stored gives the record as JSON, and the ids at the source of what it is
// linked to.
func (l log) stored(t *testing.T, ctx context.Context, kind, id string) ([]byte, map[string]bool) {
	t.Helper()
	var v any
	var err error
	links := map[string]bool{}
	switch kind {
	case "channel":
		v, err = l.LineBySource(ctx, research.Source, id)
	case "contact":
		c, cerr := l.ContactBySource(ctx, research.Source, id)
		if cerr != nil {
			t.Fatal(cerr)
		}
		var with hotline.ContactWithIncidents
		with, err = l.Contact(ctx, c.ID, 0)
		for _, in := range with.Incidents {
			links[in.Incident.Record.SourceID] = true
		}
		if c.LineID != "" {
			line, lerr := l.Line(ctx, c.LineID, 0)
			if lerr != nil {
				t.Fatal(lerr)
			}
			links[line.SourceID] = true
		}
		v = with
	default:
		inc, ierr := l.IncidentBySource(ctx, research.Source, id)
		if ierr != nil {
			t.Fatal(ierr)
		}
		revisions, lerr := l.LinkRevisions(ctx, inc.ID, 0)
		if lerr != nil {
			t.Fatal(lerr)
		}
		for _, link := range revisions {
			c, cerr := l.Contact(ctx, link.ContactID, 0)
			if cerr != nil {
				t.Fatal(cerr)
			}
			links[c.SourceID] = link.Linked
		}
		v = inc
	}
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw, links
}

// TestDocsNameEveryField: docs/import.md has each field of the sample.
func TestDocsNameEveryField(t *testing.T) {
	docs, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`"([a-z_]+)":`)
	for _, name := range []string{"incidents.ndjson", "hotline.ndjson"} {
		for _, m := range key.FindAllStringSubmatch(read(t, name), -1) {
			if f := m[1]; !strings.Contains(string(docs), "`"+f+"`") && f != "type" && f != "coordinates" {
				t.Errorf("docs/import.md does not name %s", f)
			}
		}
	}
	for _, list := range []incidents.Vocabulary{incidents.Behaviours, incidents.PlatformKinds, incidents.PositionBases, incidents.Precisions, hotline.Kinds, hotline.Outcomes, hotline.Purposes, hotline.Relations, hotline.LineStates} {
		for _, code := range list.Codes() {
			if !strings.Contains(string(docs), "`"+code+"`") {
				t.Errorf("docs/import.md does not name %s", code)
			}
		}
	}
}
