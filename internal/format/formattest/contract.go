package formattest

import (
	"errors"
	"io"
	"strings"
	"testing"

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
