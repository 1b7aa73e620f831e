package aircraft

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestTable wants a table that can be relied on.
func TestTable(t *testing.T) {
	if len(All()) < 90 {
		t.Errorf("%d types, want 90 or more", len(All()))
	}
	roles := []string{"fighter", "bomber", "recon", "transport", "helicopter", "UAV", "civil"}
	seen := map[string]bool{}
	for _, a := range All() {
		if len(a.Designator) < 2 || len(a.Designator) > 4 || strings.ToUpper(a.Designator) != a.Designator {
			t.Errorf("%s: designator %q", a.Name, a.Designator)
		}
		if !slices.Contains(roles, a.Role) || len(a.Nations) == 0 || a.Source == "" {
			t.Errorf("%s: role %q, nations %v, source %q", a.Name, a.Role, a.Nations, a.Source)
		}
		for _, n := range a.Nations {
			if len(n) != 2 || strings.ToUpper(n) != n {
				t.Errorf("%s: nation %q", a.Name, n)
			}
		}
		if seen[a.Name] {
			t.Errorf("%s stands twice", a.Name)
		}
		seen[a.Name] = true
	}
}

func TestReadTypesRefuses(t *testing.T) {
	for _, text := range []string{"h\nSU27\tSu-27", "h\n\tSu-27\t\t\tfighter\tRU\tx", "h\nSU27\tSu-27\t\t\t\tRU\tx"} {
		if _, err := readTypes(text); err == nil {
			t.Errorf("readTypes(%q) found nothing wrong", text)
		}
	}
}

// untyped are names in the sample that go with a designator but name no type.
var untyped = []string{
	"Norwegian QRA fighters", "Turkish fighters", "Swedish fighters",
	"Finnish Air Force operational flight", "Finnish alert fighters",
}

// TestSample finds every designator and every name of the sample incidents.
func TestSample(t *testing.T) {
	f, err := os.Open("../../testdata/research/incidents.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	looked := 0
	for lines.Scan() {
		type party struct {
			Aircraft []struct{ Designator, Name string }
		}
		var r struct{ Intercepting, Intercepted party }
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		for _, a := range append(r.Intercepting.Aircraft, r.Intercepted.Aircraft...) {
			if a.Designator == "" {
				continue
			}
			looked++
			if len(ByDesignator(a.Designator)) == 0 {
				t.Errorf("designator %s of %q is not in the table", a.Designator, a.Name)
			}
			spans := Find(a.Name)
			if len(spans) == 0 {
				bare, _, _ := strings.Cut(a.Name, " (")
				m := Search(bare, 1)
				if (len(m) == 0 || m[0].Type.Designator != a.Designator) && !slices.Contains(untyped, a.Name) {
					t.Errorf("Search(%q) = %v, want %s", bare, m, a.Designator)
				}
			}
			if len(spans) > 0 && spans[0].Designator() != a.Designator {
				t.Errorf("Find(%q) = %v, want %s", a.Name, spans, a.Designator)
			}
		}
	}
	if looked < 150 {
		t.Errorf("only %d aircraft were looked at", looked)
	}
}

func TestFind(t *testing.T) {
	tests := []struct {
		text string
		want string // "words=DESIGNATOR; …", an * behind a plural
	}{
		{"two Tu-95 Bears met", "Tu-95 Bears=TU95*"},
		{"2x Tu-95MS (Bear-H) and Su‑27s", "Tu-95MS (Bear-H)=TU95; Su‑27s=SU27*"},
		{"Su 27, SU27 and su-27", "Su 27=SU27; SU27=SU27; su-27=SU27"},
		{"Su-27P, F-16AM, Tu-22M3, P-8A, RC-135U", "Su-27P=SU27; F-16AM=F16; Tu-22M3=T22M; P-8A=P8; RC-135U=R135"},
		{"F/A-18C/D and F-35As", "F/A-18C/D=F18; F-35As=F35*"},
		{"RC-135V/W Rivet Joint", "RC-135V/W Rivet Joint=R135"},
		{"Eurofighter Typhoon from Lossiemouth", "Eurofighter Typhoon=EUFI"},
		{"RAF Typhoon FGR4", "Typhoon FGR4=EUFI"},
		{"JAS 39 Gripen and two Gripens", "JAS 39 Gripen=SB39; Gripens=SB39*"},
		{"Bear-F, Bear H and Bears", "Bear-F=TU95; Bear H=TU95; Bears=TU95*"},
		{"Bear Island and a brown bear", ""},
		{"two bears in the woods", ""},
		{"the Tu-142MR and the Tu-142", "Tu-142MR=TU95; Tu-142=TU95"},
		{"an Il-38 May over the sea", "Il-38 May=IL38"},
		{"an Il-38 in May 2020, on 5 May and in early May", "Il-38=IL38"},
		{"the Il-38 May 2020", "Il-38=IL38"},
		{"Typhoon Haiyan came ashore", ""},
		{"a QRA Typhoon took off", "Typhoon=EUFI"},
		{"Mail was late, the Hip bone, a Cub scout, the Frog", ""},
		{"a Russian Coot-A", "Coot-A=IL18"},
		{"the A50 road", ""},
		{"an A-50 Mainstay", "A-50 Mainstay=A50"},
		{"An 26-year-old man", ""},
		{"1 x AN 26", "AN 26=AN26"},
		{"C17 and e 3 and P8 paper", ""},
		{"2 P8 from Evenes", "P8=P8"},
		{"2X SU27/RU by F-16 BODO", "SU27=SU27; F-16=F16"},
		{"MQ-9A Reaper", "MQ-9A Reaper=Q9"},
		{"Mirage 2000-5F", "Mirage 2000-5F=MIR2"},
		{"MG31 and T22M in the message", "MG31=MG31; T22M=T22M"},
		{"four Flankers, one Flanker-E", "Flankers=SU27*; Flanker-E=SU35"},
		{"The phoney 737-800 price", "737-800=B738"},
	}
	for _, tt := range tests {
		var got []string
		for _, s := range Find(tt.text) {
			w := tt.text[s.Start:s.End] + "=" + s.Designator()
			if s.Plural {
				w += "*"
			}
			got = append(got, w)
		}
		if strings.Join(got, "; ") != tt.want {
			t.Errorf("Find(%q)\n got %s\nwant %s", tt.text, strings.Join(got, "; "), tt.want)
		}
	}
}

func TestSearch(t *testing.T) {
	tests := []struct{ query, designator string }{
		{"bear", "TU95"}, {"tu95", "TU95"}, {"Tu-95", "TU95"}, {"TU 95", "TU95"}, {"flanker", "SU27"},
		{"russian bomber", "TU95"}, {"norwegian patrol", "P3"}, {"rivet", "R135"}, {"gripen", "SB39"},
		{"EUFI", "EUFI"}, {"typhoons", "EUFI"}, {"foxh", "MG31"}, {"swedish recon", "GLEX"}, {"a50", "A50"},
		{"Tupolev Tu-22", "T22M"}, {"phénix", "A332"}, {"russian bear", "TU95"},
	}
	for _, tt := range tests {
		got := Search(tt.query, 3)
		if len(got) == 0 || got[0].Type.Designator != tt.designator {
			t.Errorf("Search(%q) = %v, want %s first", tt.query, got, tt.designator)
		}
		if len(got) > 3 {
			t.Errorf("Search(%q) gave %d, more than the limit", tt.query, len(got))
		}
	}
	for _, query := range []string{"", "   ", "zeppelin", "aircraft", "zzz zzz", strings.Repeat("x", 500)} {
		if got := Search(query, 5); len(got) != 0 {
			t.Errorf("Search(%q) = %v, want nothing", query, got)
		}
	}
	if got := Search("bear", 0); len(got) != 0 {
		t.Errorf("a limit of 0 gave %v", got)
	}
}

func TestSearchRanks(t *testing.T) {
	got := Search("su27", 10)
	if len(got) < 2 || got[0].Rank != rankDesignator || got[0].Matched != "SU27" {
		t.Fatalf("Search(su27) = %+v", got)
	}
	if !slices.IsSortedFunc(got, func(a, b Match) int { return a.Rank - b.Rank }) {
		t.Errorf("not by rank: %+v", got)
	}
}

func TestByDesignator(t *testing.T) {
	if got := ByDesignator(" tu95 "); len(got) != 2 {
		t.Errorf("TU95 has %d types, want Tu-95 and Tu-142", len(got))
	}
	if got := ByDesignator("XXXX"); got != nil {
		t.Errorf("XXXX = %v", got)
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"two Tu-95 Bears", "Su‑27", "Il-38 May", "F/A-18C/D", "“Bear” (Tu-95)", "\xff\xfe Tu-95", "İ Akıncı"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, p := range Find(s) {
			if p.Start < end || p.End <= p.Start || p.End > len(s) || len(p.Types) == 0 {
				t.Fatalf("%q: span %d–%d after %d", s, p.Start, p.End, end)
			}
			if utf8.ValidString(s) && !utf8.ValidString(s[p.Start:p.End]) {
				t.Fatalf("%q: %q cuts a character", s, s[p.Start:p.End])
			}
			end = p.End
		}
		Search(s, 5)
	})
}

func BenchmarkSearch(b *testing.B) {
	for b.Loop() {
		Search("russian bomber", 10)
		Search("bear", 10)
	}
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("Two Norwegian F-35s met two Tu-95MS Bears and a MiG-31 in May over the Barents Sea. ", 780)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find(text)
	}
}
