package feature

import (
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
