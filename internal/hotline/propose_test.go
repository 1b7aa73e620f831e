package hotline

import (
	"slices"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/incidents"
)

// tuesday is a Tuesday morning.
var tuesday = time.Date(2026, 11, 24, 3, 12, 0, 0, time.UTC)

func lineOf(id, state, parties, regions string, change ...func(*Line)) Line {
	l := Line{ID: LineID(id), Short: id, State: state, Kind: "phone", Parties: strings.Fields(parties), Regions: strings.Fields(regions), Hours: "24/7"}
	for _, c := range change {
		c(&l)
	}
	return l
}

func TestProposeLines(t *testing.T) {
	inc := &incidents.Incident{Derived: incidents.Place{Region: "norwegian"}, Record: incidents.Record{
		Intercepting: incidents.Party{Nations: []string{"NO"}}, Intercepted: incidents.Party{Nations: []string{"RU"}}}}
	kind := func(k string) func(*Line) { return func(l *Line) { l.Kind = k } }
	hours := func(h string) func(*Line) { return func(l *Line) { l.Hours = h } }
	national, nato := lineOf("national", "in_use", "NO RU", "norwegian"), lineOf("nato", "in_use", "NATO RU", "baltic norwegian")
	for name, tt := range map[string]struct {
		lines []Line
		inc   *incidents.Incident
		tried Tried
		want  string
	}{
		"two sides by name, then an alliance":   {[]Line{nato, national}, inc, nil, "national nato"},
		"open to anybody":                       {[]Line{lineOf("a", "in_use", "TR RU", "norwegian"), lineOf("b", "in_use", "any RU", "norwegian")}, inc, nil, "b a"},
		"another sea":                           {[]Line{lineOf("a", "in_use", "NO RU", "black"), nato}, inc, nil, "nato a"},
		"other parties":                         {[]Line{lineOf("a", "in_use", "TR RU", "norwegian"), nato}, inc, nil, "nato a"},
		"in use, then degraded":                 {[]Line{lineOf("a", "degraded", "NO RU", "norwegian"), national}, inc, nil, "national a"},
		"degraded before the wrong parties":     {[]Line{lineOf("a", "in_use", "TR RU", "norwegian"), lineOf("b", "degraded", "NO RU", "norwegian")}, inc, nil, "b a"},
		"down and suspended are never first":    {[]Line{lineOf("a", "down", "NO RU", "norwegian"), lineOf("b", "suspended", "NO RU", "norwegian"), lineOf("c", "unknown", "TR RU", "black")}, inc, nil, "c a b"},
		"ad hoc after those that stand":         {[]Line{lineOf("a", "ad_hoc", "NO RU", "norwegian"), lineOf("b", "degraded", "NATO RU", "norwegian")}, inc, nil, "b a"},
		"what is not there is not proposed":     {[]Line{lineOf("a", "proposed", "NO RU", "norwegian"), lineOf("b", "inactive", "NO RU", "norwegian"), nato}, inc, nil, "nato"},
		"direct before diplomatic":              {[]Line{lineOf("a", "in_use", "NO RU", "norwegian", kind("summons")), lineOf("b", "in_use", "NO RU", "norwegian")}, inc, nil, "b a"},
		"manned, then unknown, then not manned": {[]Line{lineOf("a", "in_use", "NO RU", "norwegian", hours("0800-1600Z")), lineOf("b", "in_use", "NO RU", "norwegian", hours("")), national}, inc, nil, "national b a"},
		"manned and degraded before closed":     {[]Line{lineOf("a", "in_use", "NO RU", "norwegian", hours("0800-1600Z")), lineOf("b", "degraded", "NO RU", "norwegian")}, inc, nil, "b a"},
		"tried in vain: the next one":           {[]Line{national, nato}, inc, Tried{"national": "no answer"}, "nato national"},
		"all tried: the best again":             {[]Line{national, nato}, inc, Tried{"national": "no answer", "nato": "refused"}, "national nato"},
		"about nothing: by state and hours":     {[]Line{lineOf("a", "degraded", "TR RU", "black"), lineOf("b", "in_use", "TR RU", "black")}, nil, nil, "b a"},
		"none":                                  {nil, inc, nil, ""},
	} {
		var got []string
		for _, p := range ProposeLines(tt.lines, tt.inc, tuesday, tt.tried) {
			got = append(got, string(p.Line.ID))
			if len(p.Reasons) == 0 || slices.Contains(p.Reasons, "") {
				t.Errorf("%s: %s says %q", name, p.Line.ID, p.Reasons)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %s, want %s", name, s, tt.want)
		}
	}
}

func TestProposalReasons(t *testing.T) {
	inc := &incidents.Incident{Derived: incidents.Place{Region: "baltic"}, Record: incidents.Record{
		Intercepting: incidents.Party{Nations: []string{"SE"}}, Intercepted: incidents.Party{Nations: []string{"RU"}}}}
	l := lineOf("nato", "in_use", "NATO RU", "black")
	l.Hours = "by appointment"
	p := ProposeLines([]Line{l}, inc, tuesday, Tried{"nato": "no answer 240251ZNOV26"})[0]
	want := []string{"connects NATO and RU", "is not for the Baltic region", "in use", "hours “by appointment”: see whether it is manned now", "tried: no answer 240251ZNOV26"}
	if !slices.Equal(p.Reasons, want) || !p.Works {
		t.Errorf("%q %v", p.Reasons, p.Works)
	}
	l.State = "down"
	if p := ProposeLines([]Line{l}, nil, tuesday, nil)[0]; p.Works {
		t.Error("a line that is down works")
	}
}

func TestOpenAt(t *testing.T) {
	for _, tt := range []struct {
		hours       string
		at          time.Duration // after Tuesday 0312Z
		open, known bool
	}{
		{"24/7", 0, true, true},
		{"24 h", 0, true, true},
		{"Round the clock", 0, true, true},
		{"0800-1600Z", 0, false, true},
		{"0800–1600Z", 5 * time.Hour, true, true},
		{"08:00 - 16:00 UTC", 12*time.Hour + 47*time.Minute, true, true},
		{"08:00 - 16:00 UTC", 12*time.Hour + 48*time.Minute, false, true},
		{"2200-0600Z", 0, true, true},
		{"2200-0600Z", 4 * time.Hour, false, true},
		{"0000-2400Z", 0, true, true},
		{"Mon-Fri 0000-2400Z", 0, true, true},
		{"Mon–Fri 0000-2400Z", 4 * 24 * time.Hour, false, true},
		{"weekdays 0300-0400Z", 0, true, true},
		{"Sat to Mon 0300-0400Z", 5 * 24 * time.Hour, true, true},
		{"Monday 2200-0600Z", 0, true, true},
		{"Tuesday 2200-0600Z", 0, false, true},
		{"0800-0900Z; 0300-0400Z", 0, true, true},
		{"0800-1600", 5 * time.Hour, false, false},
		{"0800-1600Z; by appointment", 5 * time.Hour, false, false},
		{"by appointment", 0, false, false},
		{"2500-2600Z", 0, false, false},
		{"", 0, false, false},
	} {
		open, known := OpenAt(tt.hours, tuesday.Add(tt.at))
		if open != tt.open || known != tt.known {
			t.Errorf("%q after %s: open %v, known %v", tt.hours, tt.at, open, known)
		}
	}
}
