package intake

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"interceptlog/internal/geo"
)

var pasted = time.Date(2023, 3, 15, 8, 0, 0, 0, time.UTC)

// TestContract holds the JSON that others rely on to the letter.
func TestContract(t *testing.T) {
	got, err := json.Marshal(Read("Norwegian jets intercepted two Tu-95 Bears.", pasted, geo.Default())[2])
	want := `{"field":"intercepted.aircraft","value":[{"designator":"TU95","count":2}],"text":"two Tu-95 Bears","start":27,"end":42}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
	if raw, _ := json.Marshal(Read("Bake for 20 minutes.", pasted, geo.Default())); string(raw) != "[]" {
		t.Errorf("a recipe gives %s, want []", raw)
	}
}

// TestClocks reads times of day with their zones, on 14 March 2023 and in summer.
func TestClocks(t *testing.T) {
	tests := []struct{ words, from, precision string }{
		{"on 14 March 2023 at 16:30 UTC", "2023-03-14T16:30:00Z", "exact"},
		{"at 1630Z on 14 March 2023", "2023-03-14T16:30:00Z", "exact"},
		{"at 07:03 CET on March 14, 2023", "2023-03-14T06:03:00Z", "exact"},
		{"at 4.42 p.m. Finnish time on 6 October 2016", "2016-10-06T13:42:00Z", "exact"},
		{"at 16:42 Finnish time on 6 December 2016", "2016-12-06T14:42:00Z", "exact"},
		{"at 19:30 Moscow time on 14 March 2023", "2023-03-14T16:30:00Z", "exact"},
		{"at 19:30 (UTC+3) on 14 March 2023", "2023-03-14T16:30:00Z", "exact"},
		{"at about 17:00 EET on 14 March 2023", "2023-03-14T15:00:00Z", "hour"},
		{"at about 17:00 local time on 14 March 2023", "2023-03-14T00:00:00Z", "day"},
		{"on 14.3.2023", "2023-03-14T00:00:00Z", "day"},
		{"on 2023-03-14", "2023-03-14T00:00:00Z", "day"},
		{"in March 2023", "2023-03-01T00:00:00Z", "month"},
		{"on 6–12 March 2023", "2023-03-06T00:00:00Z", "week"},
		{"yesterday", "2023-03-14T00:00:00Z", "day"},
		{"on Tuesday", "2023-03-14T00:00:00Z", "day"},
		{"at 141630ZMAR23", "2023-03-14T16:30:00Z", "exact"},
		{"at 2023-03-14T16:30Z", "2023-03-14T16:30:00Z", "exact"},
		{"on a Tuesday", "", ""},
		{"on 14 March 2023 and on 16 March 2023", "", ""},
	}
	for _, tt := range tests {
		got := fieldsOf("Norwegian F-35s intercepted a Tu-95 " + tt.words + ".")
		if from, _ := got["from"].(string); from != tt.from {
			t.Errorf("%s: from %q, want %q", tt.words, from, tt.from)
		}
		if p, _ := got["time_precision"].(string); p != tt.precision {
			t.Errorf("%s: precision %q, want %q", tt.words, p, tt.precision)
		}
	}
}

func fieldsOf(text string) map[string]any {
	out := map[string]any{}
	for _, f := range Read(text, pasted, geo.Default()) {
		out[f.Name] = f.Value
	}
	return out
}

// TestSides tells who intercepted whom.
func TestSides(t *testing.T) {
	tests := []struct{ text, interceptor, target string }{
		{"Norwegian F-16s intercepted two Russian Tu-95.", "NO", "RU"},
		{"Two Russian Tu-95 were intercepted by Norwegian F-16s.", "NO", "RU"},
		{"A Russian Il-20 was met and escorted by Danish F-16s.", "DK", "RU"},
		{"Typhoons of the Royal Air Force were scrambled to intercept a Tu-160.", "GB", "RU"},
		{"A MiG-31 fighter was scrambled to identify a Norwegian P-8A.", "RU", "NO"},
		{"A Russian Su-27 flew within 5 metres of a US RC-135.", "RU", "US"},
		{"A Russian Su-24 entered Estonian airspace.", "", "RU"},
		{"Russia said its fighters approached two US bombers.", "RU", "US"},
		{"Sweden sent up two Gripens to identify a Russian An-26.", "SE", "RU"},
		{"The interception of a Tu-142 by Norwegian F-35s took an hour.", "NO", "RU"},
		{"Two Tu-95 escorted by Su-27s were identified by Norwegian F-35s.", "NO", "RU"},
		{"NATO fighters identified a Russian Tu-134.", "NATO", "RU"},
	}
	for _, tt := range tests {
		got := fieldsOf(tt.text)
		for name, want := range map[string]string{"intercepting.nations": tt.interceptor, "intercepted.nations": tt.target} {
			codes, _ := got[name].([]string)
			if strings.Join(codes, " ") != want {
				t.Errorf("%s %s = %v, want %q", tt.text, name, codes, want)
			}
		}
	}
}

// TestFlags reads the three flags in the mixes that are met.
func TestFlags(t *testing.T) {
	tests := []struct{ words, transponder, plan, radio string }{
		{"without transponder, flight plan or radio contact", "off", "none", "no"},
		{"on a filed plan and in radio contact but not squawking", "off", "filed", "yes"},
		{"with its transponder on but no flight plan and no contact with controllers", "on", "none", "no"},
		{"with its transponder switched off", "off", "", ""},
		{"with no xpdr, no FPL, no comms", "off", "none", "no"},
		{"squawking, on a flight plan and talking to Malmö control", "on", "filed", "yes"},
	}
	for _, tt := range tests {
		got := fieldsOf("Danish F-16s intercepted a Russian Il-20 " + tt.words + ".")
		for name, want := range map[string]string{flagTransponder: tt.transponder, flagPlan: tt.plan, flagRadio: tt.radio} {
			if v, _ := got[name].(string); v != want {
				t.Errorf("%s: %s = %q, want %q", tt.words, name, v, want)
			}
		}
	}
	got := fieldsOf("A Russian Su-27 intercepted a US P-8A. Moscow said the transponder was off; Washington said it was on.")
	if v, have := got[flagTransponder]; have {
		t.Errorf("a disputed transponder is %v, want no field", v)
	}
}

// TestRelativePosition hands "35 NM NE of Gotland" to geo: when geo reads it
// there is a position, when it does not there is none.
func TestRelativePosition(t *testing.T) {
	got := fieldsOf("Swedish Gripens intercepted an Il-20 35 NM NE of Gotland.")
	_, err := geo.ReadPosition("35 NM NE of Gotland")
	if _, have := got["position"]; have != (err == nil) {
		t.Errorf("position %v, but ReadPosition says %v", got["position"], err)
	}
	if got["region"] != "baltic" {
		t.Errorf("region %v, want baltic", got["region"])
	}
}

func TestReadLong(t *testing.T) {
	text := strings.Repeat("ä", MaxText)
	if got := Read(text, pasted, geo.Default()); len(got) != 0 {
		t.Errorf("%d fields", len(got))
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"141630Z 2x Tu-95 Bear-F intercepted by 2 F-16 BODO QRA 6830N 01015E, no xpdr, no FPL, no comms",
		"MSGID/MISREP/CAOC//\nDTG/141630ZMAR23//\nTGT/2X SU27/RU//\nFTR/2X F16/PT/AMARI//XPDR/OFF//",
		"On 28 January – 3 February 2019, at 4.42 p.m. Finnish time, within 20 ft. of “a Su-27’s” wing",
		"Two hundred a half dozen feet apart, a minute and a half, 11–17 May, \xff\xfe, İ",
		"if not no without and or nor , and / : ( x 2 of the", "Estonia’s F-16s; its fighters said Moscow said it flew 5 m from a Tu-95",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, field := range Read(s, pasted, geo.Default()) {
			if field.Start < 0 || field.End > len(s) || field.Start >= field.End || s[field.Start:field.End] != field.Text {
				t.Fatalf("%q: %s from %d to %d", s, field.Name, field.Start, field.End)
			}
			if utf8.ValidString(s) && !utf8.ValidString(field.Text) {
				t.Fatalf("%q: %s cuts a character: %q", s, field.Name, field.Text)
			}
			if _, err := json.Marshal(field); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	text := strings.Repeat("On 14 March 2023 at 16:30 UTC two Norwegian F-35s from Evenes intercepted two Tu-95 Bears off Finnmark, without transponder, flight plan or radio contact. ", 420)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Read(text, pasted, geo.Default())
	}
}
