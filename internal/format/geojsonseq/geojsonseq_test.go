package geojsonseq_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"interceptlog/internal/format"
	"interceptlog/internal/format/formattest"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/format/geojsonseq"
)

var update = flag.Bool("update", false, "write the golden files again")

var both = []format.Format{geojsonseq.Format, geojsonseq.Lines}

func TestSequences(t *testing.T) {
	for _, f := range both {
		raw := formattest.Encode(t, f, formattest.Layer(), formattest.Features()...)
		formattest.Golden(t, "sample."+f.Ext, raw, *update)
		for line := range bytes.Lines(raw) {
			if f.Ext == "geojsons" && line[0] != 0x1e || line[len(line)-1] != '\n' || !json.Valid(bytes.TrimPrefix(line, []byte{0x1e})) {
				t.Errorf("%s: the record %q", f.Ext, line)
			}
		}
		for _, src := range []io.Reader{bytes.NewReader(raw), iotest.OneByteReader(bytes.NewReader(raw))} {
			got, err := formattest.ReadAll(geojsonseq.NewReader(src))
			if err != nil {
				t.Fatalf("%s: %v", f.Ext, err)
			}
			formattest.Same(t, got, formattest.Layer(), formattest.Features(), nil)
		}
		name := formattest.File(t, f.Ext, raw)
		formattest.Same(t, formattest.Records(t, formattest.Lines(t, name, "sample")), formattest.Layer(), formattest.Features(), nil)
		if info := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", name); !strings.Contains(info, "Feature Count: 8") || !strings.Contains(info, "Extent: (-3.500000, -4.500000) - (31.000000, 69.750000)") {
			t.Error(info)
		}
		if empty := formattest.Encode(t, f, formattest.Layer()); len(empty) != 0 {
			t.Errorf("%s: an empty layer is %q", f.Ext, empty)
		}
	}
	if got, err := formattest.ReadAll(geojsonseq.NewReader(strings.NewReader(""))); len(got) != 0 || err != nil {
		t.Errorf("an empty file: %v, %v", got, err)
	}
}

func TestWriterIsHeldToItsContract(t *testing.T) {
	for _, f := range both {
		formattest.Contract(t, f)
	}
}

func TestReaderTakesForms(t *testing.T) {
	one := `{"type":"Feature","geometry":null,"properties":{"a":1}}`
	pretty := strings.ReplaceAll(one, ",", ",\n  ")
	for name, doc := range map[string]string{
		"no last LF": one + "\n" + one, "blank lines": "\n\n" + one + "\r\n \r\n" + one + "\n\n", "a mark": "\ufeff" + one + "\n" + one + "\n",
		"a sequence over several lines": "\x1e" + pretty + "\n\x1e" + pretty + "\n", "separators twice": "\x1e\x1e" + one + "\n\x1e\x1e" + one,
	} {
		if got, err := formattest.ReadAll(geojsonseq.NewReader(strings.NewReader(doc))); err != nil || len(got) != 2 || got[1].Row != 2 || got[1].Properties["a"] != int64(1) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestReaderSaysWhatIsWrongAndWhere(t *testing.T) {
	one := `{"type":"Feature","geometry":null,"properties":{"a":1}}`
	formattest.Complains(t, func(r io.Reader) format.Reader { return geojsonseq.NewReader(r) }, map[string]string{
		one + "\n" + one[:20]:                     "row 2: the feature is not complete: it was cut",
		"\x1e" + one + "\n\x1e" + one[:50]:        "row 2: the feature is not complete: it was cut",
		one + "\n{]\n":                            "row 2: not JSON",
		one + "\n7\n":                             "row 2: is no object",
		one + one + "\n":                          "row 1: not JSON",
		one + "\n{\"type\":\"Point\"}\n":          "row 2, type: is \"Point\"",
		strings.Replace(one, `1}`, `1,"a":2}`, 1): "row 1, a: stands twice",
		strings.Repeat("x", 65<<20):               "row 1: is larger than 64 MB",
	})
}

func TestMemoryDoesNotGrow(t *testing.T) {
	for _, f := range both {
		formattest.HeapStays(t, f, 200_000, 1<<20)
		formattest.ReaderHeapStays(t, f, func(r io.Reader) format.Reader { return geojsonseq.NewReader(r) }, 200_000, 1<<20)
	}
}

// FuzzReader: no input panics; what is read reads the same as one collection.
func FuzzReader(f *testing.F) {
	for _, one := range both {
		f.Add(formattest.Encode(f, one, formattest.Layer(), formattest.Features()...))
	}
	f.Add([]byte("\ufeff\x1e\n\x1e{"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := formattest.ReadAll(geojsonseq.NewReader(bytes.NewReader(raw)))
		var row *format.RowError
		if err != nil && !errors.As(err, &row) {
			t.Fatalf("%v is no RowError", err)
		}
		if err != nil || len(got) == 0 || raw[0] == 0x1e || bytes.HasPrefix(raw, []byte("\ufeff")) {
			return
		}
		var lines [][]byte
		for line := range bytes.SplitSeq(raw, []byte("\n")) {
			if len(bytes.Trim(line, " \t\r")) > 0 {
				lines = append(lines, line)
			}
		}
		doc := append(append([]byte(`{"type":"FeatureCollection","features":[`), bytes.Join(lines, []byte(","))...), "]}"...)
		same, err := formattest.ReadAll(geojson.NewReader(bytes.NewReader(doc)))
		if err != nil || fmt.Sprint(len(same), *same[0]) != fmt.Sprint(len(got), *got[0]) {
			t.Errorf("%v, %d and %d features of %q", err, len(got), len(same), raw)
		}
	})
}

func BenchmarkWriter(b *testing.B) { formattest.Bench(b, geojsonseq.Format) }
