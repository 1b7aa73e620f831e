package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// sampleLog is a log with the sample records.
func sampleLog(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	must(t, "import", "--data", dir, "--format", "research", sample+"incidents.ndjson", sample+"hotline.ndjson")
	return dir
}

// put writes a file and gives its path.
func put(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestFilesComeBack: what export writes import takes, in every format that has a
// reader; the second time nothing is new, and in the log it came from neither.
func TestFilesComeBack(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	from := sampleLog(t)
	for _, format := range []string{"geojson", "geojsons", "geojsonl", "csv", "gpkg", "shp.zip"} {
		t.Run(format, func(t *testing.T) {
			into := t.TempDir()
			path := put(t, "log."+format, must(t, "export", "--data", from, "--format", format))
			for _, step := range []struct{ data, flag, want string }{
				{into, "--dry-run", "incidents: 115 created\ndry run: nothing was written; the counts say what would be\n"},
				{into, "", "incidents: 115 created\n"}, {into, "", "incidents: 115 unchanged\n"}, {from, "", "incidents: 115 unchanged\n"},
			} {
				args := []string{"import", "--data", step.data, path}
				if step.flag != "" {
					args = append(args, step.flag)
				}
				if got := must(t, args...); got != step.want {
					t.Errorf("says %.2000s, want %s", got, step.want)
				}
			}
		})
	}
	contacts := put(t, "contacts.geojson", must(t, "export", "--data", from, "--collection", "contacts"))
	if got, want := must(t, "import", "--data", from, "--collection", "contacts", contacts), "contacts: 43 unchanged\n"; got != want {
		t.Errorf("contacts: %s", got)
	}
}

const nightHead = "Datum,Lat,Lon,Who,Whom,Grade,Why,Remark\n"

var nightMap = []string{"--map", "Datum=date", "--map", "Lat=latitude", "--map", "Lon=longitude", "--map", "Who=intercepting_nations",
	"--map", "Whom=intercepted_nations", "--map", "Grade=severity", "--map", "Why=severity_reason", "--map", "Remark="}

const (
	nightGood = "2024-05-06T10:00Z,57,19,SE,RU,serious,crossed 50 m ahead,x\n"
	nightBad  = "2024-05-06T10:00Z,57,19,SE,RU,grave,crossed 50 m ahead,x\n"
	nightNext = "2024-05-07,57.5,19.5,SE;NO,RU,near_routine,shadowed,y\n"
)

// TestImportOfATable: odd names of columns are said, a bad row is named with its
// column and keeps all out, the good ones are taken when asked for, and what was
// taken is known again.
func TestImportOfATable(t *testing.T) {
	data, table := t.TempDir(), filepath.Join(t.TempDir(), "wrong.csv")
	file := put(t, "night.csv", nightHead+nightGood+nightBad+nightNext+"2024-05-08,57.5,east,SE,RU,serious,close,\n"+"short\n")
	code, out, _ := do(t, "", "import", "--data", data, file)
	if code != 1 || !strings.Contains(out, ":1: Datum: is no property of incidents, perhaps date. Say which one it is") || !strings.Contains(out, "all or nothing: nothing was kept") {
		t.Errorf("exit %d\n%s", code, out)
	}
	code, out, _ = do(t, "", append([]string{"import", "--data", data, "--report", table, file}, nightMap...)...)
	for _, want := range []string{":3: Grade: grave: “grave” is no severity; accepted: near_routine", `:5: Lon: east: is not accepted. Accepted are degrees`, ":6: has 1 cells, the header has 8", "incidents: 3 rejected\nall or nothing: nothing was kept\n"} {
		if code != 1 || !strings.Contains(out, want) {
			t.Errorf("exit %d, want %s in\n%s", code, want, out)
		}
	}
	raw, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil || len(rows) != 4 || strings.Join(rows[1][2:5], "|") != "3|Grade|grave" {
		t.Errorf("%v\n%s", err, raw)
	}
	code, out, _ = do(t, "", append([]string{"import", "--data", data, "--keep-going", file}, nightMap...)...)
	if code != 1 || !strings.HasSuffix(out, "incidents: 2 created, 3 rejected\n") {
		t.Errorf("exit %d\n%s", code, out)
	}
	file = put(t, "night.csv", nightHead+nightGood+nightNext)
	if out := must(t, append([]string{"import", "--data", data, file}, nightMap...)...); out != "incidents: 2 unchanged\n" {
		t.Error(out)
	}
}

// TestImportLeavesWhatIsThere: a row that says otherwise than the log is a
// conflict, and the log stays as it is.
func TestImportLeavesWhatIsThere(t *testing.T) {
	data := t.TempDir()
	feature := func(reason string) string {
		return `{"type":"Feature","id":"A-17","geometry":{"type":"Point","coordinates":[19,57]},"properties":{"date":"2024-05-06","intercepting_nations":["SE"],"severity":"serious","severity_reason":"` + reason + `"}}`
	}
	must(t, "import", "--data", data, put(t, "a.geojson", feature("close")))
	before := must(t, "export", "--data", data, "--format", "geojsonl")
	code, out, _ := do(t, "", "import", "--data", data, put(t, "b.geojson", feature("very close")))
	if code != 0 || !strings.Contains(out, "is in the log already, and differs from the file in severity_reason; it was left as it is.\nincidents: 1 in conflict\n") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if after := must(t, "export", "--data", data, "--format", "geojsonl"); after != before {
		t.Errorf("%s became %s", before, after)
	}
	code, out, _ = do(t, "", "import", "--data", data, put(t, "c.geojsonl", feature("x")+"\n"+feature("y")+"\n"))
	if code != 1 || !strings.Contains(out, "2: id: stands already in row 1, with other content; an id is used once.") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// TestHostileFiles: each is refused where it is wrong, and nothing of it is kept.
func TestHostileFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	data := t.TempDir()
	feature := func(geometry, properties string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[19,57]},"properties":{"date":"2024-05-06","intercepting_nations":["SE"],"severity":"serious","severity_reason":"close"}},` +
			`{"type":"Feature","geometry":` + geometry + `,"properties":{"date":"2024-05-06","intercepting_nations":["SE"],"severity":"serious"` + properties + `}}]}`
	}
	const reason = `,"severity_reason":"close"`
	ring := strings.Builder{}
	for i := range 1_000_000 {
		fmt.Fprintf(&ring, "[%d.5,57],", i%10)
	}
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	w, err := z.Create("a.dbf")
	if err != nil {
		t.Fatal(err)
	}
	blank := make([]byte, 1<<20)
	for range 64 {
		if _, err := w.Write(blank); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ file, text, want string }{
		"1e308":           {"f.geojson", feature(`{"type":"Point","coordinates":[1e308,57]}`, reason), ":2: geometry.coordinates: hold 1e308. Accepted are degrees."},
		"NaN":             {"f.geojson", feature(`{"type":"Point","coordinates":[NaN,57]}`, reason), ":2: not JSON at byte"},
		"a name twice":    {"f.geojson", feature(`null`, reason+reason), ":2: severity_reason: stands twice"},
		"a million":       {"f.geojson", feature(`{"type":"Polygon","coordinates":[[`+ring.String()+`[0.5,57]]]}`, reason), ":2: geometry: "},
		"a column twice":  {"f.csv", "date,date\n1,2\n", ":1: date: stands twice in the header"},
		"NaN in a table":  {"f.csv", "date,longitude,latitude,severity\n2024-05-06,NaN,57,serious\n", ":2: longitude: "},
		"a zip bomb":      {"f.zip", bomb.String(), "would unpack to more than 500 times its size"},
		"no zip":          {"f.shp.zip", "PK", "zip: not a valid zip file"},
		"no GeoPackage":   {"f.gpkg", "SQLite format 2", "it is no GeoPackage"},
		"a cut file":      {"f.geojson", feature(`null`, reason)[:300], "it was cut"},
		"a number too":    {"f.geojson", feature(`null`, reason+`,"region":"baltic","closest_approach_m":1e307`), ":2: closest_approach_m: "},
		"unknown members": {"f.geojson", feature(`null`, reason+`,"region":"baltic","mood":"bad"`), ":2: mood: bad: is no property of incidents"},
	} {
		code, out, errs := do(t, "", "import", "--data", data, put(t, c.file, c.text))
		if code != 1 || !strings.Contains(out, c.want) || !strings.Contains(out, "nothing was kept") {
			t.Errorf("%s: exit %d, want %s in\n%.2000s%s", name, code, c.want, out, errs)
		}
	}
	if out := must(t, "export", "--data", data, "--format", "geojsonl"); out != "" {
		t.Errorf("in the log is %s", out)
	}
}

// TestSpellingsOfATable: what spreadsheets write is read.
func TestSpellingsOfATable(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	text := strings.Replace(nightHead+nightGood, "x\n", "Åland\n", 1)
	wide := func(s string) string {
		b := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	for name, text := range map[string]string{"BOM": "\ufeff" + text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "UTF-16": wide(text), "semicolons": strings.ReplaceAll(text, ",", ";")} {
		if out := must(t, append([]string{"import", "--data", t.TempDir(), put(t, "night.csv", text)}, nightMap...)...); out != "incidents: 1 created\n" {
			t.Errorf("%s: %s", name, out)
		}
	}
	code, out, errs := do(t, nightHead+nightGood, append([]string{"import", "--data", t.TempDir(), "--format", "csv", "-"}, nightMap...)...)
	if code != 0 || out != "incidents: 1 created\n" {
		t.Errorf("standard input: exit %d %s%s", code, out, errs)
	}
}

// TestProblemsStandInTheOrderOfRows: rows are looked at side by side, and the
// report is as if they had been looked at one after the other.
func TestProblemsStandInTheOrderOfRows(t *testing.T) {
	var table strings.Builder
	table.WriteString("id,source,source_id," + nightHead)
	var want []string
	for row := 1; row <= 700; row++ {
		key := fmt.Sprintf(",night,%d,", row)
		switch {
		case row%97 == 0:
			table.WriteString("short\n")
			want = append(want, fmt.Sprintf(":%d: has 1 cells", row+1))
		case row%101 == 0:
			table.WriteString(key + nightBad)
			want = append(want, fmt.Sprintf(":%d: Grade: grave", row+1))
		case row%211 == 0: // says what the row before it says, but for one cell
			table.WriteString(fmt.Sprintf(",night,%d,", row-1) + nightNext)
			want = append(want, fmt.Sprintf(":%d: id: ", row+1))
		default:
			table.WriteString(key + nightGood)
		}
	}
	code, out, _ := do(t, "", append([]string{"import", "--data", t.TempDir(), "--dry-run", put(t, "night.csv", table.String())}, nightMap...)...)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 1 || len(lines) != len(want)+2 || lines[len(want)] != fmt.Sprintf("incidents: %d created, %d rejected", 700-len(want), len(want)) {
		t.Fatalf("exit %d, %d problems, want %d:\n%s", code, len(lines)-2, len(want), out)
	}
	for i, w := range want {
		if !strings.Contains(lines[i], w) {
			t.Errorf("problem %d is %q, want %q", i+1, lines[i], w)
		}
	}
}
