package web_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// kept is what somebody keeps who asks for changes.
type kept struct {
	token    string
	features map[string]map[string]any
	seen     map[string]int // of the last question: how often each came
}

// follow takes all changes, in pages of a few, and applies them.
func (k *kept) follow(t *testing.T, s *site, question url.Values) (asOf string) {
	t.Helper()
	k.seen = map[string]int{}
	v := url.Values{"limit": {"7"}}
	for name, values := range question {
		v[name] = values
	}
	for {
		if k.token != "" {
			v.Set("since", k.token)
		}
		a := s.ask(t, access.Analyst, http.MethodGet, "/ogc/collections/incidents/changes?"+v.Encode(), "")
		if a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
		for _, f := range a.doc["features"].([]any) {
			f := f.(map[string]any)
			id, kind := f["id"].(string), f["change"].(string)
			k.seen[id]++
			delete(f, "change")
			switch _, had := k.features[id]; {
			case kind == "added" && had, kind != "added" && !had:
				t.Errorf("%s is %s, and the copy had it: %v", id, kind, had)
			case kind == "retracted" || kind == "removed":
				if report := f["properties"].(map[string]any)["report"]; kind == "retracted" && report != "retracted" {
					t.Errorf("%s is retracted and says %v", id, report)
				}
				delete(k.features, id)
			default:
				k.features[id] = f
			}
		}
		k.token = a.doc["token"].(string)
		if a.doc["complete"].(bool) {
			return a.doc["as_of"].(string)
		}
	}
}

// A copy that is kept by the changes equals a fresh export, whatever is written:
// random reports, corrections, retractions, calls, and time that goes by.
func TestChangesKeepACopy(t *testing.T) {
	t.Parallel()
	for name, question := range map[string]url.Values{"all": {}, "a region": {"region": {"baltic"}}, "a filter": {"filter": {"deescalation <> 'overdue' AND contacts_attempted < 2"}, "exercise": {"include"}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			rnd := rand.New(rand.NewPCG(7, 11))
			k := &kept{features: map[string]map[string]any{}}
			const items = "/ogc/collections/incidents/items"
			for round := range 12 {
				asOf := k.follow(t, s, question)
				for id, n := range k.seen {
					if n > 1 {
						t.Errorf("round %d: %s came %d times", round, id, n)
					}
				}
				v := url.Values{"as_of": {asOf}}
				for name, values := range question {
					v[name] = values
				}
				fresh := map[string]map[string]any{}
				for _, f := range s.features(t, items+"?"+v.Encode()) {
					fresh[f["id"].(string)] = f
				}
				compareCopies(t, round, k.features, fresh)
				if t.Failed() {
					return
				}
				s.writeAtRandom(t, rnd)
				s.clock.Advance(time.Duration(rnd.IntN(8)) * time.Hour)
			}
			if k.follow(t, s, question); len(k.seen) > 0 {
				again := len(k.seen)
				if k.follow(t, s, question); len(k.seen) > 0 {
					t.Errorf("nothing was written, and %d then %d have changed", again, len(k.seen))
				}
			}
		})
	}
}

func compareCopies(t *testing.T, round int, got, want map[string]map[string]any) {
	t.Helper()
	for id, f := range want {
		if g, ok := got[id]; !ok {
			t.Errorf("round %d: the copy lacks %s", round, id)
		} else if d := differences(f["properties"].(map[string]any), g["properties"].(map[string]any)); len(d) > 0 {
			t.Errorf("round %d: %s differs:\n%s", round, id, strings.Join(d, "\n"))
		}
	}
	for id := range got {
		if _, ok := want[id]; !ok {
			t.Errorf("round %d: the copy has %s, which is gone", round, id)
		}
	}
}

// writeAtRandom does a few things that people do.
func (s *site) writeAtRandom(t *testing.T, rnd *rand.Rand) {
	t.Helper()
	const items = "/ogc/collections/incidents/items"
	all := s.features(t, items+"?exercise=include")
	pick := func() map[string]any { return all[rnd.IntN(len(all))] }
	for range 1 + rnd.IntN(4) {
		f := pick()
		id := f["id"].(string)
		switch rnd.IntN(5) {
		case 0:
			f["id"] = string(incidents.NewID())
			p := f["properties"].(map[string]any)
			p["exercise"], p["severity"] = rnd.IntN(4) == 0, "high_risk"
			p["date"], p["time_precision"] = incidents.FormatInstant(incidents.MillisOf(s.clock.Now().Add(-time.Hour))), "exact"
			for _, n := range []string{"start_from", "start_to", "end_from", "end_to"} {
				delete(p, n)
			}
			if a := s.write(t, http.MethodPost, items, f); a.status != http.StatusCreated {
				t.Fatalf("%d %s", a.status, a.body)
			}
		case 1:
			a := s.write(t, http.MethodPatch, items+"/"+id, map[string]any{"properties": map[string]any{"title": fmt.Sprint("Changed ", rnd.IntN(1000))}})
			if a.status != http.StatusOK && a.status != http.StatusConflict {
				t.Fatalf("%d %s", a.status, a.body)
			}
		case 2:
			if a := s.ask(t, access.Supervisor, http.MethodDelete, items+"/"+id+"?reason=made+up", ""); a.status != http.StatusNoContent && a.status != http.StatusConflict {
				t.Fatalf("%d %s", a.status, a.body)
			}
		case 3:
			p := f["properties"].(map[string]any)
			if p["report"] != "retracted" && p["exercise"] == false {
				s.logCallFor(t, incidents.ID(id), []string{"no_answer", "connected"}[rnd.IntN(2)])
			}
		case 4:
			if a := s.write(t, http.MethodPatch, items+"/"+id, map[string]any{"geometry": map[string]any{"type": "Point", "coordinates": []float64{18 + rnd.Float64()*3, 56 + rnd.Float64()*3}},
				"properties": map[string]any{"region": nil}}); a.status != http.StatusOK && a.status != http.StatusConflict {
				t.Fatalf("%d %s", a.status, a.body)
			}
		}
	}
}

// logCallFor logs a call about an incident through the API.
func (s *site) logCallFor(t *testing.T, id incidents.ID, outcome string) {
	t.Helper()
	a := s.write(t, http.MethodPost, "/ogc/collections/contacts/items", map[string]any{"type": "Feature", "id": string(incidents.NewID()), "geometry": nil, "properties": map[string]any{
		"date": incidents.FormatInstant(incidents.MillisOf(s.clock.Now())), "time_precision": "exact", "channel_kind": "phone", "channel": "test", "outcome": outcome, "purpose": "clarify",
		"initiators": []string{"NO"}, "answerers": []string{"RU"}, "incident_ids": []string{string(id)}, "relations": []string{"prompted_by"}}})
	if a.status != http.StatusCreated {
		t.Fatalf("the call was not logged: %d %s", a.status, a.body)
	}
}

func TestTokensAreRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const at = "/ogc/collections/incidents/changes"
	first := s.ask(t, access.Analyst, http.MethodGet, at+"?region=baltic", "")
	token := first.doc["token"].(string)
	for _, query := range []string{"since=x", "since=" + token[1:], "since=", "since=" + token /* of another question */, "since=" + token + "&region=black", "as_of=2026-01-01T00:00Z"} {
		if a := s.ask(t, access.Analyst, http.MethodGet, at+"?"+query, ""); a.status != http.StatusBadRequest || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	if a := s.ask(t, access.Analyst, http.MethodGet, at+"?region=baltic&since="+token, ""); a.status != http.StatusOK || len(a.doc["features"].([]any)) != 0 {
		t.Errorf("%d %s", a.status, a.body)
	}
	names := slices.Sorted(func(yield func(string) bool) {
		for n := range first.doc {
			if !yield(n) {
				return
			}
		}
	})
	if want := []string{"as_of", "complete", "features", "links", "numberReturned", "token", "type"}; !slices.Equal(names, want) {
		t.Errorf("the answer has %v", names)
	}
}
