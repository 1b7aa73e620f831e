package geojson

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// fullCase is a case of which everything is known.
func fullCase() hotline.Case {
	f, n := func(x float64) *float64 { return &x }, func(x int) *int { return &x }
	start := time.Date(2026, 3, 14, 16, 30, 0, 0, time.UTC)
	at := incidents.MillisOf(start)
	bounds := &hotline.Bounds{Min: 1_500, Max: 7_200_000}
	party := incidents.Party{Nations: []string{"NO", "NATO"}, Count: n(2), PlatformKind: "fighter", Base: "Ørland", Unit: "332", Callsign: "QRA", Note: "pair",
		Aircraft: []incidents.Aircraft{{Designator: "F35", Name: "F-35A", Count: n(1)}, {Name: "unnamed \"type\""}, {}}}
	return hotline.Case{
		Incident: incidents.Incident{ID: "018f3c1e-0000-7000-8000-000000000001", Number: "2026-0117", Revision: 3, Status: incidents.Verified,
			FirstRecordedAt: at + 60_000, RecordedAt: at + 120_250, RecordedBy: "officer", Reason: "corrected", PolicyVersion: 1, MergedInto: "018f3c1e-0000-7000-8000-000000000002",
			Record: incidents.Record{Title: "Su-27 passes\tP-8 “close”", Start: incidents.At(start, incidents.Exact, "141630ZMAR26"), End: incidents.At(start.Add(time.Hour), incidents.Hour, ""),
				Region: "norwegian", RegionReason: "by hand", SubArea: "Lofoten Basin", Location: "west of Andøya", Geometry: incidents.Geometry{Geometry: orb.LineString{{10, 69.5}, {11.25, 69.75}}},
				UncertaintyNM: f(0.3), PositionBasis: "radar", SeaDistanceKM: f(0), Airspace: incidents.Airspace{Kind: "international", State: "NO", FIR: "ENOR", Note: "high seas"},
				Intercepting: party, Intercepted: party, Summary: "NO met RU", Transponder: "off", FlightPlan: "none", RadioContact: "no", ClosestApproachM: f(30.5), ClosestApproachQualifier: "about",
				ViolationDurationS: f(45), Behaviours: []string{"identification", "barrel_roll"}, Severity: "high_risk", SeverityReason: "close", SeveritySource: "watch",
				Claims: []incidents.Claim{{Field: "transponder", Value: "on", Claimant: "RU", Source: "MoD"}}, Dispute: "RU says on", Narrative: "Line one\nline two",
				Sources: []incidents.Source{{Title: "T", URL: "https://example.org/a?b=1&c=<2>", Publisher: "P", Date: "2026-03"}}, Searches: []incidents.Search{{Who: "w", When: "2026", Where: "log", Outcome: "none_found"}},
				Absence: "own_log", Marking: "NATO RESTRICTED", Source: "research", SourceID: "x"},
			Derived: incidents.Place{Region: "norwegian", GeometryRegion: "norwegian", Sea: "Norwegian Sea", CoastNM: f(11.8), Within12NM: []string{"NO"}, Near: "35 NM W of Andøya"}},
		Assessment: hotline.Assessment{Facts: hotline.Facts{Rule: hotline.Rule{Severity: "high_risk", Need: hotline.NeedDirect, WithinS: 3600}, DeadlineFrom: at + 3_600_000, DeadlineTo: at + 3_660_000,
			FirstAttempt: bounds, FirstContact: bounds, FirstDirect: bounds, FirstDiplomatic: bounds, SinceKnown: bounds, Attempts: 3, Through: 2, Direct: 1, Diplomatic: 1, Basis: hotline.BasisClock},
			Standing: hotline.Standing{Best: hotline.Followed, Worst: hotline.FollowedLate, StrictBest: hotline.Followed, StrictWorst: hotline.Overdue}, DeadlinePassed: true},
		Contacts: []hotline.Linked{{Contact: hotline.Contact{ID: "018f3c1e-0000-7000-8000-000000000002", Channel: hotline.Channel{Name: "NJHQ", Kind: "phone"}, Start: incidents.At(start.Add(time.Hour), incidents.Exact, ""),
			Initiators: []string{"NO"}, Answerers: []string{"RU"}, Outcome: "connected", Purpose: "clarify"}, LinkedAs: hotline.Link{Relation: "prompted_by", Linked: true}}},
	}
}

type written struct {
	Type       string
	ID         string
	Geometry   json.RawMessage
	Properties json.RawMessage
}

func encoded(t *testing.T, c *hotline.Case, opts Options) written {
	t.Helper()
	raw, err := AppendFeature(nil, c, opts)
	if err != nil {
		t.Fatal(err)
	}
	var f written
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return f
}

func TestGoldenFeatures(t *testing.T) {
	bare := hotline.Case{Incident: incidents.Incident{ID: "018f3c1e-0000-7000-8000-000000000003", Revision: 1, Status: incidents.Draft, FirstRecordedAt: 1_773_500_000_000, RecordedAt: 1_773_500_000_000,
		Record: incidents.Record{Title: "Nothing else is known", Start: incidents.At(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), incidents.Week, "")}, Derived: incidents.Place{Region: "black"}},
		Assessment: hotline.Assessment{Facts: hotline.Facts{Rule: hotline.Rule{Need: hotline.NeedNone}}, Standing: hotline.Standing{Best: hotline.NotRequired, Worst: hotline.NotRequired, StrictBest: hotline.NotRequired, StrictWorst: hotline.NotRequired}}}
	for name, c := range map[string]struct {
		hotline.Case
		Options
	}{"full": {fullCase(), Options{Full: true}}, "bare": {bare, Options{}}} {
		raw, err := AppendFeature(nil, &c.Case, c.Options)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := json.Indent(&b, append(raw, '\n'), "", " "); err != nil {
			t.Fatal(err)
		}
		golden := "../../../testdata/golden/feature-" + name + ".json"
		if *update {
			if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s differs; look at it, then go test ./internal/format/geojson -update:\n%s", golden, b.Bytes())
		}
	}
}

func TestStringsAreEscapedAsEncodingJSONReadsThem(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for _, s := range []string{"", `"`, `\`, `a"b\c/d`, "\n\t\r\b\f\x00\x1f\x7f", string(all), "a\xffb", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\u2028<>&", "Ørland – 𝄞", "\ufffd"} {
		raw := appendString(nil, s)
		std, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var got, want string
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Errorf("%q became %s: %v", s, raw, err)
			continue
		}
		if err := json.Unmarshal(std, &want); err != nil {
			t.Fatal(err)
		}
		if got != want || !json.Valid(raw) || !utf8.Valid(raw) {
			t.Errorf("%q became %s, which reads as %q, not %q", s, raw, got, want)
		}
	}
}

func TestUnboundedIsNull(t *testing.T) {
	c := fullCase()
	c.Assessment.FirstContact = &hotline.Bounds{Min: 90_500, Max: hotline.Unbounded}
	c.Assessment.FirstDirect = nil
	raw := string(encoded(t, &c, Options{}).Properties)
	for _, want := range []string{`"time_to_contact_min_s":90.5,"time_to_contact_max_s":null`, `"first_direct_min_s":null,"first_direct_max_s":null`, `"first_attempt_min_s":1.5,"first_attempt_max_s":7200,`} {
		if !strings.Contains(raw, want) {
			t.Errorf("%s is not in %s", want, raw)
		}
	}
}

// fake is a source of n cases that fails after failAt of them.
type fake struct {
	n, failAt int
	audits    []string
	each      func(i int)
}

var errSource = errors.New("the disk is gone")

func (s *fake) EachCase(_ context.Context, _ incidents.Filter, _ hotline.At, _ bool, fn func(*hotline.Case) error) error {
	c := fullCase()
	for i := range s.n {
		if s.failAt > 0 && i == s.failAt {
			return errSource
		}
		if s.each != nil {
			s.each(i)
		}
		if err := fn(&c); err != nil {
			return err
		}
	}
	return nil
}

func (s *fake) Audit(_ context.Context, _ access.Actor, action, _ string, detail any) error {
	raw, err := json.Marshal(detail)
	s.audits = append(s.audits, action+" "+string(raw))
	return err
}

func TestHeadAndAudit(t *testing.T) {
	f := incidents.Filter{Regions: []string{"baltic"}, Q: `a"b`}
	for name, c := range map[string]struct {
		f    incidents.Filter
		at   hotline.At
		n    int
		want string
	}{
		"now, nothing asked": {incidents.Filter{}, hotline.At{Now: 1_773_500_000_000}, 0, `{"type":"FeatureCollection","name":"incidents","as_of":"` + incidents.FormatInstant(1_773_500_000_000) + `","filter":null,"features":[`},
		"then, filtered":     {f, hotline.At{AsOf: 1_700_000_000_000, Now: 1_700_000_000_000}, 3, `"as_of":"` + incidents.FormatInstant(1_700_000_000_000) + `","filter":"q=a%22b\u0026region=baltic",`},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			src := &fake{n: c.n}
			n, err := Export(context.Background(), src, access.Actor{}, c.f, c.at, Options{}, &b)
			var got struct {
				Features       []written
				NumberReturned int
			}
			if jerr := json.Unmarshal(b.Bytes(), &got); err != nil || jerr != nil || n != c.n || got.NumberReturned != n || len(got.Features) != n {
				t.Errorf("%d features (%v, %v): %.300s", n, err, jerr, b.String())
			}
			if want := strings.ReplaceAll(c.want, `\u0026`, "&"); !strings.Contains(b.String(), want) {
				t.Errorf("%s is not in %.300s", want, b.String())
			}
			if len(src.audits) != 2 || !strings.Contains(src.audits[1], fmt.Sprintf(`"count":%d,"complete":true`, n)) {
				t.Errorf("audit %q", src.audits)
			}
		})
	}
}

// TestErrorLeavesTheCollectionOpen: after an error no byte is written that could
// make a part look like the whole, and the audit says that it was cut.
func TestErrorLeavesTheCollectionOpen(t *testing.T) {
	for _, failAt := range []int{1, 500} {
		var b bytes.Buffer
		src := &fake{n: 1000, failAt: failAt}
		n, err := Export(context.Background(), src, access.Actor{}, incidents.Filter{}, hotline.At{}, Options{}, &b)
		if !errors.Is(err, errSource) || n != failAt || strings.Contains(b.String(), "numberReturned") || json.Valid(b.Bytes()) {
			t.Errorf("failing after %d: %d features, %v, ends with %q", failAt, n, err, b.String()[max(0, b.Len()-40):])
		}
		if len(src.audits) != 2 || !strings.Contains(src.audits[1], `"complete":false`) {
			t.Errorf("audit %q", src.audits)
		}
	}
	n, err := Export(context.Background(), &fake{n: 1000}, access.Actor{}, incidents.Filter{}, hotline.At{}, Options{NoAudit: true}, brokenPipe{})
	if !errors.Is(err, io.ErrClosedPipe) || n == 0 || n == 1000 {
		t.Errorf("a writer that fails: %d features, %v", n, err)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestMemoryDoesNotGrow streams 200,000 cases and looks at the heap on the way.
func TestMemoryDoesNotGrow(t *testing.T) {
	var first, most uint64
	src := &fake{n: 200_000, each: func(i int) {
		if i%20_000 != 1000 {
			return
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if first == 0 {
			first = m.HeapAlloc
		}
		most = max(most, m.HeapAlloc)
	}}
	n, err := Export(context.Background(), src, access.Actor{}, incidents.Filter{}, hotline.At{}, Options{}, io.Discard)
	if grown := most - first; err != nil || n != 200_000 || grown > 3<<20 {
		t.Errorf("%d features (%v), the heap grew by %d bytes", n, err, grown)
	}
}

// TestFlatFeatureAllocatesNothing: an export of a million features makes no work
// for the collector.
func TestFlatFeatureAllocatesNothing(t *testing.T) {
	c := fullCase()
	buf := make([]byte, 0, 16<<10)
	if n := testing.AllocsPerRun(100, func() { buf, _ = AppendFeature(buf[:0], &c, Options{}) }); n != 0 {
		t.Errorf("%v allocations a feature", n)
	}
}

// TestFirstDayOf1970: the instant 0 is a time, not a time that is not stated.
func TestFirstDayOf1970(t *testing.T) {
	c := fullCase()
	c.Incident.Record.Start = incidents.At(time.Unix(0, 0), incidents.Day, "")
	if raw := string(encoded(t, &c, Options{}).Properties); !strings.Contains(raw, `"start_from":"1970-01-01T00:00:00Z","start_to":"1970-01-02T00:00:00Z"`) {
		t.Error(raw)
	}
}

func BenchmarkAppendFeature(b *testing.B) {
	for _, opts := range []Options{{}, {Full: true}} {
		b.Run(map[bool]string{false: "flat", true: "full"}[opts.Full], func(b *testing.B) {
			c := fullCase()
			var buf []byte
			var err error
			b.ReportAllocs()
			for b.Loop() {
				if buf, err = AppendFeature(buf[:0], &c, opts); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(len(buf)))
		})
	}
}
