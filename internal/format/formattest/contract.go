package formattest

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo/crs"
)

// Contract holds a writer to what format.Writer promises: no feature and no end
// without a layer, as many layers as the format says, no reference system that it
// does not hold, and no feature without its values.
func Contract(t *testing.T, f format.Format) {
	t.Helper()
	one := Feature(1)
	w := f.New(io.Discard, Meta)
	defer w.Abort()
	if err := w.Write(&one); !errors.Is(err, format.ErrNoLayer) {
		t.Errorf("%s: a feature before a layer: %v", f.Ext, err)
	}
	if err := w.Close(); !errors.Is(err, format.ErrNoLayer) {
		t.Errorf("%s: a file without a layer: %v", f.Ext, err)
	}
	w = f.New(io.Discard, Meta)
	defer w.Abort()
	metres := LayerOf("metres", format.Mixed)
	metres.CRS = &crs.System{EPSG: 3035}
	if err := w.Begin(metres); f.WGS84 && !errors.Is(err, format.ErrNotWGS84) {
		t.Errorf("%s: metres: %v", f.Ext, err)
	}
	w = f.New(io.Discard, Meta)
	defer w.Abort()
	if err := w.Begin(Layer()); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(&feature.Feature{ID: "x"}); err == nil || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("%s: a feature without its values: %v", f.Ext, err)
	}
	err := w.Begin(LayerOf("second", format.Mixed))
	if f.Layers && err != nil || !f.Layers && !errors.Is(err, format.ErrOneLayer) {
		t.Errorf("%s: a second layer: %v", f.Ext, err)
	}
}

// Refuses holds a writer to refusing features that were changed so that a layer
// cannot hold them: with the reason and the id of the feature. When it is aborted
// after that, twice, no byte and no temporary file is left.
func Refuses(t *testing.T, f format.Format, l format.Layer, changes map[string]func(*feature.Feature)) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for want, change := range changes {
		var out bytes.Buffer
		w := f.New(&out, Meta)
		if err := w.Begin(l); err != nil {
			t.Fatal(err)
		}
		one := At(7, orb.Point{1, 2})
		change(&one)
		if err := w.Write(&one); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), one.ID) {
			t.Errorf("%s: error is %v, want %q and the id", f.Ext, err, want)
		}
		w.Abort()
		w.Abort()
		if left := Temporaries(t, dir); len(left) > 0 || out.Len() > 0 {
			t.Errorf("%s: left behind are %v, %d bytes", f.Ext, left, out.Len())
		}
	}
}

// Placed changes a feature to have a geometry.
func Placed(g orb.Geometry) func(*feature.Feature) {
	return func(f *feature.Feature) { f.Geometry = g }
}

// FullDisk holds a writer to saying that its output is full, and to leaving no
// temporary file then.
func FullDisk(t *testing.T, f format.Format) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	w := f.New(&Full{Room: 20}, Meta)
	one := Feature(1)
	if err := errors.Join(w.Begin(Layer()), w.Write(&one)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("%s: close into a full disk: %v", f.Ext, err)
	}
	w.Abort()
	if left := Temporaries(t, dir); len(left) > 0 {
		t.Errorf("%s: left behind are %v", f.Ext, left)
	}
}

// Complains holds a reader to what format.Reader promises of files that are
// wrong: a RowError with what is wanted in it, the same again unless only one row
// is bad, and the error of whatever it reads from.
func Complains(t *testing.T, open func(io.Reader) format.Reader, wanted map[string]string) {
	t.Helper()
	for doc, want := range wanted {
		r := open(strings.NewReader(doc))
		_, err := ReadAll(r)
		var row *format.RowError
		if !errors.As(err, &row) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80q: %v, want %s", doc, err, want)
			continue
		}
		if _, again := r.Next(); !row.More && (again == nil || again.Error() != err.Error()) {
			t.Errorf("%.80q: after %v comes %v", doc, err, again)
		}
	}
	if _, err := open(iotest.ErrReader(io.ErrClosedPipe)).Next(); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a reader that fails: %v", err)
	}
}

// Endless is a text without an end.
type Endless struct{}

// Read gives more of it.
func (Endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}
