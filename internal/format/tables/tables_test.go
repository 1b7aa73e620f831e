package tables

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/csv"
	"interceptlog/internal/format/formattest"
)

// items is a table that is joined to the layer of formattest by its id.
var items = format.Layer{Name: "items", Title: "Items", Geometry: format.None, Key: []string{"of", "item"}, Refs: []format.Ref{{Property: "of", Layer: "sample", Key: "id"}},
	Properties: []feature.Property{{Name: "of", Kind: feature.Text, Meaning: "Whose."}, {Name: "item", Kind: feature.Integer, Meaning: "Which."}, {Name: "text", Kind: feature.Text, Nullable: true, Meaning: "What."}}}

// itemsOf gives each feature as many items as it has letters in its title.
func itemsOf(features []feature.Feature) (out []feature.Feature) {
	for i := range features {
		for n := range len(features[i].Values[2].Text) {
			out = append(out, feature.Feature{Values: []feature.Value{{Text: features[i].ID}, {Int: int64(n + 1)}, {Text: "=1+1"}}})
		}
	}
	return out
}

func sample() format.Layer {
	l := formattest.Layer()
	l.Key = []string{"id"}
	return l
}

// TestGDALReadsIt: each table opens where it lies in the ZIP, with as many rows
// as were written; so does a table without rows.
func TestGDALReadsIt(t *testing.T) {
	features := formattest.Features()
	rows := itemsOf(features)
	path := formattest.Write(t, Format, []format.Layer{sample(), items, formattest.LayerOf("empty", format.Point)}, features, rows, nil)
	for name, want := range map[string]int{"sample": len(features), "items": len(rows)} {
		out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", "/vsizip/"+path+"/"+name+".csv", "-oo", "GEOM_POSSIBLE_NAMES=geometry_wkt")
		if !strings.Contains(out, fmt.Sprintf("Feature Count: %d\n", want)) {
			t.Errorf("%s has not %d rows: %s", name, want, out)
		}
	}
	out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", "/vsizip/"+path+"/empty.csv", "-oo", "HEADERS=YES")
	if !strings.Contains(out, "Feature Count: 0\n") || !strings.Contains(out, "geometry_wkt: String") {
		t.Errorf("empty: %s", out)
	}
}

// entries are the files of a ZIP by name.
func entries(t *testing.T, raw []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		if f.Modified.UTC().Format("2006-01-02T15:04") != "2026-03-14T14:53" {
			t.Errorf("%s is of %v, not of the moment that the file shows", f.Name, f.Modified)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestTablesAreThoseOfCSV: byte for byte, so that formulas are defused and every
// text comes back.
func TestTablesAreThoseOfCSV(t *testing.T) {
	features := formattest.Features()
	files := entries(t, formattest.Encode(t, Format, sample(), features...))
	if want := formattest.Encode(t, csv.Format, sample(), features...); !bytes.Equal(files["sample.csv"], want) {
		t.Errorf("the table is %q, want %q", files["sample.csv"], want)
	}
	if len(files) != 2 {
		t.Errorf("%d files", len(files))
	}
}

// TestPackageSaysWhatItHolds: types, units, codes, keys, and the moment.
func TestPackageSaysWhatItHolds(t *testing.T) {
	features := formattest.Features()
	var b bytes.Buffer
	w := Format.New(&b, formattest.Meta)
	if err := errors.Join(w.Begin(sample()), w.Write(&features[0]), w.Begin(items), w.Close()); err != nil {
		t.Fatal(err)
	}
	var doc document
	raw := entries(t, b.Bytes())["datapackage.json"]
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.AsOf != "2026-03-14T14:53:20.250Z" || doc.Filter != formattest.Meta.Filter || doc.Marking != formattest.Meta.Marking || len(doc.Resources) != 2 {
		t.Errorf("%+v", doc)
	}
	got := map[string]field{}
	for _, f := range doc.Resources[0].Schema.Fields {
		got[f.Name] = f
	}
	for name, want := range map[string]string{"id": "string", "start_from": "datetime", "whole": "integer", "share": "number", "open": "boolean", "names": "string", "geometry_wkt": "string", "longitude": "number"} {
		if got[name].Type != want {
			t.Errorf("%s is a %s, want %s", name, got[name].Type, want)
		}
	}
	if s := got["severity"]; s.Constraints == nil || len(s.Constraints.Enum) != 3 || got["share"].Unit != "metres" || !strings.HasPrefix(s.Description, "How grave.") || len(got) != 14 {
		t.Errorf("%+v", got)
	}
	for _, want := range []string{
		`"primaryKey":["id"]`, `"primaryKey":["of","item"]`, `"foreignKeys":[{"fields":["of"],"reference":{"resource":"sample","fields":["id"]}}]`,
		`"path":"items.csv"`, `{"name":"item","type":"integer","description":"Which.","constraints":{"required":true}}`,
	} {
		var flat bytes.Buffer
		if err := json.Compact(&flat, raw); err != nil || !strings.Contains(flat.String(), want) {
			t.Errorf("the package does not say %s (%v)", want, err)
		}
	}
	for name, content := range entries(t, b.Bytes()) {
		for _, r := range doc.Resources {
			s := &sum{hash: sha256.New()}
			if _, err := s.Write(content); err == nil && r.Path == name && (r.Bytes != int64(len(content)) || r.Hash != s.String()) {
				t.Errorf("%s has %d bytes, %s", name, len(content), s)
			}
		}
	}
}

func TestWriterIsHeldToItsContract(t *testing.T) {
	formattest.Contract(t, Format)
	w := Format.New(io.Discard, format.Meta{})
	for _, name := range []string{"", "../up", "A", "a b", "a.csv"} {
		l := sample()
		l.Name = name
		if err := w.Begin(l); err == nil {
			t.Errorf("a layer may be called %q", name)
		}
	}
	if err := errors.Join(w.Begin(sample()), w.Begin(sample())); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("two layers of one name: %v", err)
	}
}

// TestCutIsRecognisable: a file that lost its end opens nowhere, and an output
// that fails is an error.
func TestCutIsRecognisable(t *testing.T) {
	raw := formattest.Encode(t, Format, sample(), formattest.Features()...)
	if _, err := zip.NewReader(bytes.NewReader(raw[:len(raw)-30]), int64(len(raw)-30)); err == nil {
		t.Error("a part is a ZIP")
	}
	formattest.FullDisk(t, Format)
}

// TestMemoryIsBounded: rows go out as they come.
func TestMemoryIsBounded(t *testing.T) { formattest.HeapStays(t, Format, 200_000, 2<<20) }

// TestFirstRowsGoOutEarly: the first table is on its way long before it ends.
func TestFirstRowsGoOutEarly(t *testing.T) {
	var b bytes.Buffer
	w := Format.New(&b, formattest.Meta)
	if err := w.Begin(sample()); err != nil {
		t.Fatal(err)
	}
	for i := range 5000 {
		f := formattest.Feature(i)
		if err := w.Write(&f); err != nil {
			t.Fatal(err)
		}
		if b.Len() > 0 {
			return
		}
	}
	t.Error("no byte of 5000 rows has gone out")
}

func BenchmarkWrite(b *testing.B) { formattest.BenchIncidents(b, Format) }
