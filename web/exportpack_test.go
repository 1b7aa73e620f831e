package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"net/http"
	"testing"

	"interceptlog/internal/access"
)

func TestExportPack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.get(t, access.Analyst, "/export/pack.zip?from=2025-01-01&to=2025-12-31")
	if a.status != http.StatusOK || a.header.Get("Content-Disposition") != `attachment; filename="interceptlog-pack-20250101-20251231.zip"` {
		t.Fatalf("%d %v %s", a.status, a.header, a.body)
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if list, err := csv.NewReader(r).ReadAll(); err == nil {
			rows[f.Name] = len(list) - 1
		}
	}
	if rows["incidents.csv"] != 12 || rows["contacts.csv"] < 1 || rows["claims.csv"] < 1 || rows["lines.csv"] < 10 {
		t.Errorf("%v", rows)
	}
	if a = s.get(t, access.Analyst, "/export/pack.zip?from=soon"); a.status != http.StatusUnprocessableEntity || a.header.Get("Content-Disposition") != "" {
		t.Errorf("a period that cannot be read: %d", a.status)
	}
	if a = s.get(t, access.Viewer, "/export/pack.zip?from=2025&to=2025"); a.status != http.StatusForbidden {
		t.Errorf("a viewer: %d", a.status)
	}
}
