package research

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"interceptlog/testdata"
)

// FuzzReadLine: no line makes the reader panic, and whatever is wrong with one
// is said of a field, on one line of the report.
func FuzzReadLine(f *testing.F) {
	for _, name := range []string{"incidents", "hotline"} {
		b, err := fs.ReadFile(testdata.Research, "research/"+name+".ndjson")
		if err != nil {
			f.Fatal(err)
		}
		for i, raw := range bytes.Split(b, []byte("\n")) {
			if i%10 == 0 {
				f.Add(raw)
			}
		}
	}
	for _, s := range []string{`{"":1}`, `{"id":"\ud800"}`, `{"a":1,"a":2}`, `[]`, `null`, `{"geometry":{"type":"Polygon","coordinates":[[]]}}`,
		`{"record_type":"contact","direction":"->","channel":[]}`, `{"lon":1e400,"lat":0}`, "{\"a\u2028\":\"\x00\"}", `{"record_type":{}}`, `{"date_time_start":"a\u001b\nb"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		err := each(File{Name: "f", Reader: bytes.NewReader(raw)}, func(e entry) error {
			kinds := 0
			for _, set := range []bool{e.incident != nil, e.channel != nil, e.contact != nil} {
				if set {
					kinds++
				}
			}
			if kinds > 1 || kinds == 0 && len(e.line.problems) == 0 {
				t.Errorf("%d records in an entry with %d problems", kinds, len(e.line.problems))
			}
			for _, p := range e.line.problems {
				if p.Field == "" || p.Msg == "" || p.Line < 1 || strings.ContainsAny(p.Field+p.Value+p.Msg, "\n\x1b") {
					t.Errorf("problem %+v", p)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
