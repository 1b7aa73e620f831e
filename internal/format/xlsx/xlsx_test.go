package xlsx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/xuri/excelize/v2"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/formattest"
	"interceptlog/internal/format/xlsx"
	"interceptlog/internal/geo/crs"
)

// open reads a workbook with the library that wrote it.
func open(t *testing.T, raw []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestGDALReadsIt(t *testing.T) {
	features := formattest.Features()
	name := formattest.File(t, "xlsx", formattest.Encode(t, xlsx.Format, formattest.Layer(), features...))
	records := formattest.Records(t, formattest.Lines(t, name, "sample", "-oo", "HEADERS=FORCE", "-a_srs", "EPSG:4326"))
	for i, r := range records {
		want := formattest.Null
		if g := features[i].Geometry; g != nil {
			want = wkt.MarshalString(g)
		}
		if got := formattest.PlainRead(r.Properties["geometry_wkt"]); got != want {
			t.Errorf("geometry %d is %s, want %s", i, got, want)
		}
		features[i].Geometry = nil
		for name, v := range r.Properties {
			if s, ok := v.(string); ok && (strings.HasPrefix(name, "start_") || strings.HasPrefix(name, "end_")) {
				r.Properties[name] = strings.NewReplacer("/", "-", " ", "T").Replace(strings.TrimSuffix(s, "+00")) + "Z"
			}
		}
	}
	as := func(p feature.Property, plain string) string {
		if p.Kind == feature.List && plain == "" {
			return formattest.Null
		}
		return plain
	}
	formattest.Same(t, records, formattest.Layer(), features, as)
	if x, y := records[0].Properties["longitude"], records[0].Properties["latitude"]; x != 10.25 || y != 69.5 || records[1].Properties["longitude"] != nil {
		t.Errorf("%v, %v", x, y)
	}
	info := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", name, "-oo", "HEADERS=FORCE")
	for _, want := range []string{"Layer name: sample", "Layer name: about", "Feature Count: 8", "start_from: DateTime", "whole: Integer", "share: Real", "open: Integer(Boolean)", "longitude: Real"} {
		if !strings.Contains(info, want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, info)
		}
	}
}

func TestCellsHaveTypes(t *testing.T) {
	f := open(t, formattest.Encode(t, xlsx.Format, formattest.Layer(), formattest.Features()...))
	for cell, want := range map[string]excelize.CellType{"C4": excelize.CellTypeInlineString, "C8": excelize.CellTypeInlineString, "H2": excelize.CellTypeUnset, "I2": excelize.CellTypeUnset, "J2": excelize.CellTypeBool, "E2": excelize.CellTypeUnset} {
		if got, err := f.GetCellType("sample", cell); err != nil || got != want {
			t.Errorf("%s is of type %v, want %v (%v)", cell, got, want, err)
		}
	}
	for cell, want := range map[string]string{"A1": "id", "C2": formattest.Texts[0], "C4": formattest.Texts[2], "C9": "", "E2": "2026-03-14 14:53", "H2": "-3", "J2": "FALSE", "K3": `a\;b;c\\d`, "L2": "POINT(10.25 69.5)", "M2": "10.25", "M3": ""} {
		if got, err := f.GetCellValue("sample", cell); err != nil || got != want {
			t.Errorf("%s shows %q, want %q (%v)", cell, got, want, err)
		}
		if formula, err := f.GetCellFormula("sample", cell); formula != "" || err != nil {
			t.Errorf("%s computes %q (%v)", cell, formula, err)
		}
	}
	if serial, err := f.GetCellValue("sample", "F2", excelize.Options{RawCellValue: true}); err != nil || !strings.HasPrefix(serial, "46095.62107") {
		t.Errorf("F2 is %s, %v", serial, err)
	}
	if panes, err := f.GetPanes("sample"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("%+v, %v", panes, err)
	}
	names := f.GetDefinedName()
	if len(names) != 1 || names[0].RefersTo != "'sample'!$A$1:$N$9" || names[0].Scope != "sample" {
		t.Errorf("%+v", names)
	}
	if head, err := f.GetHeaderFooter("sample"); err != nil || head.OddHeader != "&CNATO UNCLASSIFIED" {
		t.Errorf("%+v, %v", head, err)
	}
}

func TestSheetsAndAbout(t *testing.T) {
	var b bytes.Buffer
	w := xlsx.NewWriter(&b, formattest.Meta)
	names := []string{"a/b", "A_b", "about", "", strings.Repeat("Ж", 40), strings.Repeat("ж", 40), "it's"}
	for i, name := range names {
		l := formattest.Layer()
		l.Name = name
		if i == 1 {
			l = format.Layer{Name: name, Geometry: format.None, Properties: l.Properties[:2]}
		}
		if i == 2 {
			l.CRS = &crs.System{EPSG: 3035, Name: "LAEA Europe"}
		}
		if err := w.Begin(l); err != nil {
			t.Fatal(err)
		}
		for j := range i {
			f := formattest.Feature(j)
			f.Values = f.Values[:len(l.Properties)]
			if err := w.Write(&f); err != nil {
				t.Fatal(err)
			}
		}
	}
	if b.Len() != 0 {
		t.Errorf("%d bytes before Close", b.Len())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f := open(t, b.Bytes())
	want := []string{"a_b", "A_b (2)", "about (2)", "layer", strings.Repeat("Ж", 31), strings.Repeat("ж", 27) + " (2)", "it_s", "about"}
	if got := f.GetSheetList(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q, want %q", got, want)
	}
	for i, name := range want[:len(names)] {
		if rows, err := f.GetRows(name); err != nil || len(rows) != i+1 {
			t.Errorf("%s has %d rows, want %d (%v)", name, len(rows), i+1, err)
		}
	}
	rows, err := f.GetRows("about")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, r := range rows {
		text.WriteString(strings.Join(r, "|") + "\n")
	}
	for _, line := range []string{"as_of|2026-03-14T14:53:20.250Z", "filter|region=baltic&q=%3D1", "marking|NATO UNCLASSIFIED", "sheet a_b|0 features; Sample; Every kind of value.", "sheet A_b (2)|1 features\n",
		"layer|property|type|unit|values|meaning", "a_b|severity|text or null||near_routine, serious, high_risk|How grave.", "a_b|start_from|date or null||RFC 3339, UTC|Earliest start.", "a_b|share|number or null|metres||A number.",
		"about (2)|easting|number or null|metres||Of a point", "a_b|longitude|number or null|degrees", "about (2)|geometry_wkt|text or null|metres|Well-Known Text (OGC 06-103r4), LAEA Europe"} {
		if !strings.Contains(text.String(), line) {
			t.Errorf("about lacks %q:\n%s", line, text.String())
		}
	}
	if strings.Contains(text.String(), "A_b (2)|geometry_wkt") {
		t.Error("a table without geometry has a column for it")
	}
}

func TestWhatACellCannotHold(t *testing.T) {
	l := format.Layer{Name: "x", Properties: []feature.Property{{Name: "t"}, {Name: "n", Kind: feature.Integer}, {Name: "d", Kind: feature.Instant}, {Name: "x", Kind: feature.Number}}}
	var line orb.LineString
	for i := range 5000 {
		line = append(line, orb.Point{float64(i) / 1024, 1})
	}
	inf := 1.0
	for range 2000 {
		inf *= 10
	}
	raw := formattest.Encode(t, xlsx.Format, l,
		feature.Feature{Geometry: line, Values: []feature.Value{{Text: strings.Repeat("😀", 20_000)}, {Int: 1<<53 + 1}, {Int: -3_000_000_000_000}, {Number: inf}}},
		feature.Feature{Geometry: orb.Point{1, 2}, Values: []feature.Value{{Text: strings.Repeat("Ж", 32_767)}, {Int: 1 << 53}, {Int: 500}, {Number: 1e-7}}},
		feature.Feature{Values: []feature.Value{{Text: " _x0041_\x01\xff\n"}, {}, {}, {}}})
	f := open(t, raw)
	get := func(cell string) string {
		s, err := f.GetCellValue("x", cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := get("A2"); len(utf16.Encode([]rune(s))) > 32_767 || !strings.HasSuffix(s, "😀 … (cut: 40000 characters)") {
		t.Errorf("%d characters, … %s", len(utf16.Encode([]rune(s))), s[len(s)-60:])
	}
	if s := get("E2"); len(s) > 33_000 || !strings.Contains(s, "(cut: ") {
		t.Errorf("a geometry of %d characters", len(s))
	}
	for cell, want := range map[string]string{"A3": strings.Repeat("Ж", 32_767), "B2": "9007199254740993", "C2": "1874-12-07T18:40:00Z", "D2": "", "B3": "9007199254740992", "C3": "25569.00000578704", "D3": "0.0000001", "A4": " _x0041_\ufffd\ufffd\n"} {
		if got := get(cell); got != want {
			t.Errorf("%s is %.60q, want %.60q", cell, got, want)
		}
	}
	if kind, err := f.GetCellType("x", "B2"); err != nil || kind != excelize.CellTypeInlineString {
		t.Errorf("a whole number beyond 2^53 is of type %v (%v)", kind, err)
	}
	rows, err := f.GetRows("about")
	if err != nil || !strings.Contains(fmt.Sprint(rows), "3 features; 2 texts were longer than the 32,767 characters of a cell and are cut") {
		t.Errorf("%v %v", rows, err)
	}
}

func TestWriterIsHeldToItsContract(t *testing.T) {
	formattest.Contract(t, xlsx.Format)
	w := xlsx.NewWriter(io.Discard, format.Meta{})
	defer w.Abort()
	wide := format.Layer{Name: "wide", Properties: make([]feature.Property, 16_384)}
	if err := w.Begin(wide); err == nil || !strings.Contains(err.Error(), "16387 columns") {
		t.Error(err)
	}
	raw := formattest.Encode(t, xlsx.Format, formattest.Layer())
	if info := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", formattest.File(t, "xlsx", raw), "-oo", "HEADERS=FORCE"); !strings.Contains(info, "Layer name: sample") {
		t.Errorf("an empty layer: %s", info)
	}
	if rows, err := open(t, raw).GetRows("sample"); err != nil || len(rows) != 1 { // GDAL takes a header alone for a row
		t.Errorf("an empty layer has %d rows (%v)", len(rows), err)
	}
}

// TestCutFileIsNoZip: a file that lost its end opens nowhere, and one whose
// writer fails says so.
func TestCutFileIsNoZip(t *testing.T) {
	raw := formattest.Encode(t, xlsx.Format, formattest.Layer(), formattest.Features()...)
	if _, err := zip.NewReader(bytes.NewReader(raw[:len(raw)-30]), int64(len(raw)-30)); err == nil {
		t.Error("a part is a ZIP")
	}
	formattest.FullDisk(t, xlsx.Format)
}

// TestMemoryAndTemporaryFiles: rows beyond 16 MB go to a file, the workbook is
// not gathered in memory when it is written, and nothing is left behind.
func TestMemoryAndTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	left := func() int { return len(formattest.Temporaries(t, dir)) }
	// The library holds up to 16 MB of a sheet, and its buffer grows by doubling.
	formattest.HeapStays(t, xlsx.Format, 100_000, 64<<20)
	if n := left(); n != 0 {
		t.Errorf("%d temporary files after Close", n)
	}
	w := xlsx.NewWriter(io.Discard, format.Meta{})
	if err := w.Begin(formattest.Layer()); err != nil {
		t.Fatal(err)
	}
	for i := range 30_000 {
		f := formattest.Feature(i)
		if err := w.Write(&f); err != nil {
			t.Fatal(err)
		}
	}
	if n := left(); n == 0 {
		t.Error("rows are held in memory")
	}
	w.Abort()
	if n := left(); n != 0 {
		t.Errorf("%d temporary files after Abort", n)
	}
}

// TestSheetIsFull: the row that no sheet can hold begins another one.
func TestSheetIsFull(t *testing.T) {
	if testing.Short() {
		t.Skip("volume is tested in the first time zone")
	}
	var b bytes.Buffer
	w := xlsx.NewWriter(&b, format.Meta{})
	defer w.Abort()
	if err := w.Begin(format.Layer{Name: "narrow", Geometry: format.None, Properties: []feature.Property{{Name: "n", Kind: feature.Integer, Nullable: true}}}); err != nil {
		t.Fatal(err)
	}
	f := feature.Feature{Values: []feature.Value{{Null: true}}}
	for range 1_048_575 {
		if err := w.Write(&f); err != nil {
			t.Fatal(err)
		}
	}
	f.Values[0] = feature.Value{Int: 7}
	for range 2 {
		if err := w.Write(&f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	book := open(t, b.Bytes())
	if got := fmt.Sprint(book.GetSheetList()); got != "[narrow narrow (2) about]" {
		t.Fatal(got)
	}
	if rows, err := book.GetRows("narrow (2)"); err != nil || fmt.Sprint(rows) != "[[n] [7] [7]]" {
		t.Error(rows, err)
	}
	rows, err := book.GetRows("about")
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(rows)
	for _, want := range []string{"[sheet narrow 1048575 features]", "[sheet narrow (2) 2 features; goes on with the sheet before]", "[narrow n "} {
		if !strings.Contains(text, want) {
			t.Errorf("about lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "[narrow (2) n ") {
		t.Error("the columns are said twice")
	}
}

func BenchmarkWriter(b *testing.B) {
	one := formattest.Feature(7)
	b.ReportAllocs()
	for b.Loop() { // a thousand rows, since a sheet has an end
		w := xlsx.NewWriter(io.Discard, formattest.Meta)
		if err := w.Begin(formattest.Layer()); err != nil {
			b.Fatal(err)
		}
		for range 1000 {
			if err := w.Write(&one); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
