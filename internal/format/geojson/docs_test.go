package geojson

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"interceptlog/internal/feature"
	"interceptlog/internal/hotline"
)

var update = flag.Bool("update", false, "write docs/geojson.md and the golden files again")

const (
	docsFile = "../../../docs/geojson.md"
	begin    = "<!-- properties: begin; made from internal/feature and internal/format/geojson/properties.go -->\n"
	end      = "<!-- properties: end -->\n"
)

// everyFeature is the table of the properties that every feature has.
func everyFeature() []Property {
	var out []Property
	for _, p := range feature.IncidentProperties {
		out = append(out, Property{p.Name, p.Type(), p.Unit, p.Values(), p.Meaning})
	}
	return out
}

// tables writes what stands between the two marks of docs/geojson.md.
func tables() string {
	var b strings.Builder
	for _, t := range []struct {
		title string
		list  []Property
	}{{"Every feature", everyFeature()}, {"With profile=full, besides", FullProperties}} {
		b.WriteString("\n### " + t.title + "\n\n| property | type | unit | values | meaning |\n|---|---|---|---|---|\n")
		for _, p := range t.list {
			b.WriteString("| `" + p.Name + "` | " + p.Type + " | " + p.Unit + " | " + p.Vocabulary + " | " + p.Meaning + " |\n")
		}
	}
	return b.String() + "\n"
}

func TestDocsAreCurrent(t *testing.T) {
	raw, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(raw), begin)
	made, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has lost its marks", docsFile)
	}
	switch {
	case made == tables():
	case *update:
		if err := os.WriteFile(docsFile, []byte(head+begin+tables()+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is stale: go test ./internal/format/geojson -update", docsFile)
	}
}

// names gives the keys of an object in the order in which they stand.
func names(t *testing.T, object json.RawMessage) []string {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(object))
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	var out []string
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, key.(string))
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestTableIsWhatIsWritten: the table has each name once and in order, says of
// each what it is, and its type is the one that is written, for a case of which
// everything is known and for one of which nothing is.
func TestTableIsWhatIsWritten(t *testing.T) {
	for _, opts := range []Options{{}, {Full: true}} {
		table := everyFeature()
		if opts.Full {
			table = append(everyFeature(), FullProperties...)
		}
		for _, c := range []hotline.Case{fullCase(), {}} {
			f := encoded(t, &c, opts)
			got := names(t, f.Properties)
			if len(got) != len(table) {
				t.Errorf("%d properties are written, %d are in the table", len(got), len(table))
			}
			var values map[string]any
			if err := json.Unmarshal(f.Properties, &values); err != nil {
				t.Fatal(err)
			}
			for i, p := range table {
				if i < len(got) && got[i] != p.Name {
					t.Fatalf("property %d is %s, in the table %s", i, got[i], p.Name)
				}
				if p.Meaning == "" || p.Type == "" || strings.ContainsAny(p.Meaning+p.Vocabulary, "|\n") {
					t.Errorf("%s: row %+v", p.Name, p)
				}
				// An empty case breaks rules that every stored record keeps, so
				// its null may stand where the table has none.
				if is := kindOf(values[p.Name]); !strings.Contains(p.Type, is) && (is != "null" || c.Incident.ID != "") {
					t.Errorf("%s is %s, in the table %s", p.Name, is, p.Type)
				}
				if c.Incident.ID != "" && values[p.Name] == nil {
					t.Errorf("%s is null in the case of which everything is known", p.Name)
				}
			}
		}
	}
}

func kindOf(v any) string {
	switch v := v.(type) {
	case string:
		return "text"
	case bool:
		return "boolean"
	case float64:
		if v == float64(int64(v)) {
			return "" // an integer is a number too
		}
		return "number"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	}
	return "null"
}
