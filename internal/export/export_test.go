package export_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/collection"
	"interceptlog/internal/export"
	"interceptlog/internal/fault"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// source is a log of the places and regions, which need none, and of nothing
// else; what is said to the audit chain is kept.
type source struct {
	collection.Source
	said []string
}

func (s *source) Audit(_ context.Context, _ access.Actor, action, subject string, _ any) error {
	s.said = append(s.said, action+" "+subject)
	return nil
}

func (s *source) ChainHead(context.Context) (access.Entry, error) {
	return access.Entry{Seq: 7, Hash: strings.Repeat("ab", 32)}, nil
}

func job(t testing.TB, id, ext string) export.Job {
	t.Helper()
	col, ok := collection.ByID(id)
	f, known := export.ByExt(ext)
	if !ok || !known {
		t.Fatal(id, ext)
	}
	at := incidents.MillisOf(time.Date(2026, 11, 24, 3, 12, 0, 0, time.UTC))
	return export.Job{Collection: col, Format: f, Query: collection.Query{At: hotline.At{AsOf: at, Now: at}}, Marking: "NATO UNCLASSIFIED"}
}

// The same question about the same moment gives the same bytes in every format,
// so that a manifest can be made of them a second time; the manifest fits, and a
// file that was cut or changed does not.
func TestTheSameBytesEachTime(t *testing.T) {
	for _, f := range export.Formats() {
		t.Run(f.Ext, func(t *testing.T) {
			var files [2]bytes.Buffer
			var m export.Manifest
			src := &source{}
			for i := range files {
				var err error
				if m, err = export.Run(t.Context(), src, access.Actor{Name: "x"}, job(t, "places", f.Ext), &files[i]); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
				t.Error("two exports differ")
			}
			sum := sha256.Sum256(files[0].Bytes())
			if m.SHA256 != hex.EncodeToString(sum[:]) || m.Bytes != int64(files[0].Len()) || m.Count < 50 || m.Chain.Seq != 7 || m.AsOf != "2026-11-24T03:12:00.000Z" {
				t.Errorf("the manifest says %+v of %d bytes", m, files[0].Len())
			}
			if want := "export.start places,export.end places"; strings.Join(src.said[:2], ",") != want {
				t.Errorf("the audit chain holds %v", src.said)
			}
			if err := export.Verify(m, bytes.NewReader(files[0].Bytes())); err != nil {
				t.Error(err)
			}
			raw := files[0].Bytes()
			raw[len(raw)/2] ^= 1
			for name, broken := range map[string][]byte{"cut": raw[:len(raw)-1], "changed": raw} {
				if err := export.Verify(m, bytes.NewReader(broken)); !fault.Is(err, fault.Invalid) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

func TestAFormatOfDegreesTakesNoOther(t *testing.T) {
	j := job(t, "places", "kml")
	var err error
	if j.System, err = crs.Parse("EPSG:3035"); err != nil {
		t.Fatal(err)
	}
	src := &source{}
	if _, err := export.Run(t.Context(), src, access.Actor{}, j, io.Discard); err == nil || !strings.Contains(err.Error(), "WGS 84 only") {
		t.Errorf("%v", err)
	}
	if len(src.said) > 0 {
		t.Error("an export that was refused stands in the audit chain")
	}
}

func TestReadManifest(t *testing.T) {
	for _, text := range []string{"", "[]", "{}", `{"sha256":"ab","bytes":3}`} {
		if _, err := export.ReadManifest(strings.NewReader(text)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
