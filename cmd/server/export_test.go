package main

import (
	"archive/zip"
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestExportOfTables: the tables of a filter on standard output, the manifest
// beside them, and a verdict on both.
func TestExportOfTables(t *testing.T) {
	data, manifest := sampleLog(t), filepath.Join(t.TempDir(), "m.json")
	raw := must(t, "export", "--data", data, "--format", "tables.zip", "--region", "baltic", "--manifest", manifest)
	z, err := zip.NewReader(bytes.NewReader([]byte(raw)), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	want := strings.Fields("incidents.csv contacts.csv links.csv nations.csv aircraft.csv behaviours.csv claims.csv sources.csv searches.csv datapackage.json")
	if !slices.Equal(names, want) {
		t.Errorf("files %v", names)
	}
	if got := must(t, "verify", put(t, "log.tables.zip", raw), manifest); !strings.Contains(got, "48 features of incidents") {
		t.Errorf("verify says %s", got)
	}
	if code, out, said := do(t, "", "verify", put(t, "cut.tables.zip", raw[:len(raw)-1]), manifest); code == 0 || !strings.Contains(out+said, "cut") {
		t.Errorf("a cut file: %d %s %s", code, out, said)
	}
}
