package intake

import (
	"bufio"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/geo"
)

var update = flag.Bool("update", false, "write testdata/intake/figures.txt")

const labelledDir = "../../testdata/intake"

// sample is one labelled text.
type sample struct {
	ID     string         `json:"id"`
	Text   string         `json:"text"`
	Now    time.Time      `json:"now"`
	Fields map[string]any `json:"fields"`
}

// heldOut is the third of the set that the rules were not made from.
func (s sample) heldOut() bool {
	h := fnv.New32a()
	h.Write([]byte(s.ID))
	return h.Sum32()%3 == 0
}

func samples(t *testing.T) []sample {
	t.Helper()
	files, err := filepath.Glob(labelledDir + "/*.ndjson")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files in %s: %v", len(files), labelledDir, err)
	}
	var out []sample
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var s sample
			if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			out = append(out, s)
		}
		f.Close()
	}
	return out
}

// score counts, of one field, what was right, wrong and missed.
type score struct{ right, wrong, missed int }

func (s score) precision() float64 {
	if s.right+s.wrong == 0 {
		return 1
	}
	return float64(s.right) / float64(s.right+s.wrong)
}

func (s score) recall() float64 {
	if s.right+s.missed == 0 {
		return 1
	}
	return float64(s.right) / float64(s.right+s.missed)
}

func (s *score) add(o score) {
	s.right, s.wrong, s.missed = s.right+o.right, s.wrong+o.wrong, s.missed+o.missed
}

// judge compares a field found with the one expected; either may be absent.
// Behaviours count one by one, every other field as a whole.
func judge(name string, got, want any) score {
	if name == "behaviours" {
		return judgeList(got, want)
	}
	switch {
	case got == nil && want == nil:
		return score{}
	case got == nil:
		return score{missed: 1}
	case want == nil:
		return score{wrong: 1}
	case same(got, want):
		return score{right: 1}
	}
	return score{wrong: 1, missed: 1}
}

func judgeList(got, want any) score {
	var s score
	g, _ := got.([]any)
	w, _ := want.([]any)
	for _, x := range g {
		if slices.Contains(w, x) {
			s.right++
		} else {
			s.wrong++
		}
	}
	for _, x := range w {
		if !slices.Contains(g, x) {
			s.missed++
		}
	}
	return s
}

// same compares values as they stand in JSON: lists in any order, coordinates
// within a hundredth of a degree.
func same(got, want any) bool {
	switch w := want.(type) {
	case float64:
		g, ok := got.(float64)
		return ok && math.Abs(g-w) < .02
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		if len(w) > 0 {
			if _, number := w[0].(float64); number {
				return same(g[0], w[0]) && same(g[1], w[1])
			}
		}
		byText := func(a, b any) int { return cmp.Compare(text(a), text(b)) }
		g, w = slices.Clone(g), slices.Clone(w)
		slices.SortFunc(g, byText)
		slices.SortFunc(w, byText)
		return text(g) == text(w)
	case map[string]any:
		g, ok := got.(map[string]any)
		return ok && reflect.DeepEqual(g["type"], w["type"]) && same(g["coordinates"], w["coordinates"])
	}
	return reflect.DeepEqual(got, want)
}

func text(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

// found is what Read gives, as it stands in JSON.
func foundIn(t *testing.T, s sample) map[string]any {
	t.Helper()
	out := map[string]any{}
	for _, f := range Read(s.Text, s.Now, geo.Default()) {
		var v any
		raw, err := json.Marshal(f.Value)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		if _, twice := out[f.Name]; twice {
			t.Errorf("%s: field %s stands twice", s.ID, f.Name)
		}
		out[f.Name] = v
	}
	return out
}

// TestMeasured reads every labelled text and holds the figures: precision of at
// least 0.95 overall and 0.90 for each field. figures.txt is the table as it
// last was; -update writes it anew.
func TestMeasured(t *testing.T) {
	part := map[bool]map[string]*score{false: {}, true: {}}
	texts := map[bool]int{}
	for _, s := range samples(t) {
		got := foundIn(t, s)
		texts[s.heldOut()]++
		for _, name := range order {
			r := judge(name, got[name], s.Fields[name])
			if part[s.heldOut()][name] == nil {
				part[s.heldOut()][name] = &score{}
			}
			part[s.heldOut()][name].add(r)
			if r.wrong > 0 || r.missed > 0 && testing.Verbose() {
				t.Logf("%s: %s = %s, want %s", s.ID, name, text(got[name]), text(s.Fields[name]))
			}
		}
	}
	table := figures(t, part, texts)
	t.Log("\n" + table)
	golden(t, table)
}

// figures makes the table and holds the limits.
func figures(t *testing.T, part map[bool]map[string]*score, texts map[bool]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d texts to develop on, %d held out\n\n", texts[false], texts[true])
	fmt.Fprintf(&b, "%-22s %9s %6s   %9s %6s   %9s %6s %5s\n", "", "developed", "", "held out", "", "all", "", "")
	fmt.Fprintf(&b, "%-22s %9s %6s   %9s %6s   %9s %6s %5s\n", "field", "precision", "recall", "precision", "recall", "precision", "recall", "n")
	var sum [3]score
	row := func(name string, dev, held score) {
		all := dev
		all.add(held)
		fmt.Fprintf(&b, "%-22s %9.3f %6.3f   %9.3f %6.3f   %9.3f %6.3f %5d\n", name, dev.precision(), dev.recall(), held.precision(), held.recall(), all.precision(), all.recall(), all.right+all.missed)
	}
	for _, name := range order {
		dev, held := *part[false][name], *part[true][name]
		all := dev
		all.add(held)
		row(name, dev, held)
		if all.precision() < .90 {
			t.Errorf("%s: precision %.3f is below 0.90", name, all.precision())
		}
		sum[0].add(dev)
		sum[1].add(held)
		sum[2].add(all)
	}
	row("all fields", sum[0], sum[1])
	if sum[2].precision() < .95 {
		t.Errorf("precision %.3f overall is below 0.95", sum[2].precision())
	}
	return b.String()
}

func golden(t *testing.T, table string) {
	t.Helper()
	name := labelledDir + "/figures.txt"
	if *update {
		if err := os.WriteFile(name, []byte(table), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	was, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(was) != table {
		t.Errorf("the figures differ from %s; when they are no worse, run with -update", name)
	}
}
