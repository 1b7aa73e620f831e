package feature

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

func TestDateIsNoFinerThanKnown(t *testing.T) {
	at := time.Date(2026, 3, 14, 16, 30, 0, 0, time.UTC)
	for p, want := range map[incidents.Precision]string{incidents.Exact: "2026-03-14T16:30Z", incidents.Hour: "2026-03-14T16:30Z/2026-03-14T17:30Z",
		incidents.Day: "2026-03-14", incidents.Week: "2026-03-14/2026-03-20", incidents.Month: "2026-03", incidents.Year: "2026", "": ""} {
		m := incidents.Moment{}
		if p != "" {
			m = incidents.At(at, p, "")
		}
		if got := string(AppendDate(nil, m)); got != want {
			t.Errorf("%s is %q, want %q", p, got, want)
		}
	}
}

// TestValuesFitTheTable: the values come in the order of the table, under its
// names and with its kinds.
func TestValuesFitTheTable(t *testing.T) {
	var s checker
	Incident(&s, &hotline.Case{})
	if len(s) != len(IncidentProperties) {
		t.Fatalf("%d values, %d properties", len(s), len(IncidentProperties))
	}
	for i, p := range IncidentProperties {
		if s[i].Name != p.Name || s[i].Kind != p.Kind {
			t.Errorf("value %d is %s of kind %d, the table has %s of kind %d", i, s[i].Name, s[i].Kind, p.Name, p.Kind)
		}
	}
	f := OfIncident(&hotline.Case{})
	for i, v := range f.Values {
		if v.Null && !IncidentProperties[i].Nullable && IncidentProperties[i].Kind != Text && IncidentProperties[i].Kind != Instant {
			t.Errorf("%s is null, and the table says that it never is", IncidentProperties[i].Name)
		}
	}
}

// checker is a sink that keeps what it was given.
type checker []Property

func (c *checker) add(name string, k Kind)                      { *c = append(*c, Property{Name: name, Kind: k}) }
func (c *checker) Text(name, _ string)                          { c.add(name, Text) }
func (c *checker) Bool(name string, _ bool)                     { c.add(name, Bool) }
func (c *checker) Int(name string, _ int64, _ bool)             { c.add(name, Integer) }
func (c *checker) Number(name string, _ float64, _ bool)        { c.add(name, Number) }
func (c *checker) List(name string, _ []string)                 { c.add(name, List) }
func (c *checker) Time(name string, _ incidents.Millis, _ bool) { c.add(name, Instant) }
func (c *checker) Date(name string, _ incidents.Moment)         { c.add(name, Text) }
func (c *checker) Aircraft(name string, _ []incidents.Aircraft) { c.add(name, List) }

// TestPartsSpellOutTheRecord: a row for each item of the record, of as many
// values as the table has, under the id of the incident and a place of its own.
func TestPartsSpellOutTheRecord(t *testing.T) {
	two := 2
	c := hotline.Case{Incident: incidents.Incident{ID: "i", Record: incidents.Record{
		Intercepting: incidents.Party{Nations: []string{"SE", "FI"}, Aircraft: []incidents.Aircraft{{Designator: "JAS39", Count: &two}}},
		Intercepted:  incidents.Party{Nations: []string{"RU"}, Aircraft: []incidents.Aircraft{{Name: "Il-20"}, {}}},
		Behaviours:   []string{"shadowing"},
		Claims:       []incidents.Claim{{Field: "airspace", Value: "international", Claimant: "RU", Source: "TASS"}},
		Sources:      []incidents.Source{{Title: "News", URL: "https://example.org/1", Publisher: "Agency", Date: "2014-05"}, {Title: "More"}},
		Searches:     []incidents.Search{{Who: "staff", When: "2015", Where: "archive", Outcome: "none_found"}},
	}}}
	f := OfIncident(&c)
	want := map[string]string{
		"nations":    "i 1 intercepting SE|i 2 intercepting FI|i 3 intercepted RU",
		"aircraft":   "i 1 intercepting JAS39 - 2|i 2 intercepted - Il-20 -|i 3 intercepted - - -",
		"behaviours": "i 1 shadowing",
		"claims":     "i 1 airspace international RU TASS",
		"sources":    "i 1 News https://example.org/1 Agency 2014-05|i 2 More - - -",
		"searches":   "i 1 staff 2015 archive none_found",
	}
	for _, p := range IncidentParts {
		var rows []string
		for _, row := range p.Rows(&f) {
			if len(row.Values) != len(p.Properties) {
				t.Fatalf("%s: %d values, %d properties", p.Name, len(row.Values), len(p.Properties))
			}
			var cells []string
			for i, v := range row.Values {
				switch {
				case v.Null && !p.Properties[i].Nullable:
					t.Errorf("%s: %s is null, and the table says that it never is", p.Name, p.Properties[i].Name)
				case v.Null:
					cells = append(cells, "-")
				case p.Properties[i].Kind == Integer:
					cells = append(cells, strconv.FormatInt(v.Int, 10))
				default:
					cells = append(cells, v.Text)
				}
			}
			rows = append(rows, strings.Join(cells, " "))
		}
		if got := strings.Join(rows, "|"); got != want[p.Name] {
			t.Errorf("%s: %s, want %s", p.Name, got, want[p.Name])
		}
		for _, name := range p.Of {
			if !slices.ContainsFunc(IncidentProperties, func(q Property) bool { return q.Name == name }) {
				t.Errorf("%s spells out %s, which no incident has", p.Name, name)
			}
		}
		bare := Feature{ID: "x"}
		if len(p.Rows(&bare)) > 0 {
			t.Errorf("%s has rows of what is no incident", p.Name)
		}
	}
	if len(IncidentParts) != len(want) {
		t.Errorf("%d parts, %d are looked at", len(IncidentParts), len(want))
	}
}
