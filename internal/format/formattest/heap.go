package formattest

import (
	"errors"
	"io"
	"runtime"
	"testing"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// HeapStays writes n features and fails when the heap grows meanwhile by more
// than limit bytes.
func HeapStays(t *testing.T, f format.Format, n int, limit uint64) {
	t.Helper()
	if testing.Short() {
		t.Skip("volume is tested in the first time zone")
	}
	w := f.New(io.Discard, Meta)
	defer w.Abort()
	if err := w.Begin(Layer()); err != nil {
		t.Fatal(err)
	}
	var h Heap
	for i := range n {
		one := Feature(i)
		if err := w.Write(&one); err != nil {
			t.Fatal(err)
		}
		h.Look(i, n)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d features, the heap grew by %d KB", n, h.Grown()>>10)
	if h.Grown() > limit {
		t.Errorf("the heap grew by %d bytes over %d features", h.Grown(), n)
	}
}

// ReaderHeapStays reads n features through a pipe and fails when the heap grows
// meanwhile by more than limit bytes.
func ReaderHeapStays(t *testing.T, f format.Format, open func(io.Reader) format.Reader, n int, limit uint64) {
	t.Helper()
	if testing.Short() {
		t.Skip("volume is tested in the first time zone")
	}
	r := open(Stream(f, n))
	var h Heap
	i := 0
	for ; ; i++ {
		if _, err := r.Next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		h.Look(i, n)
	}
	t.Logf("%s: %d features are read, the heap grew by %d KB", f.Ext, i, h.Grown()>>10)
	if i != n || h.Grown() > limit {
		t.Errorf("%s: %d features of %d, the heap grew by %d bytes", f.Ext, i, n, h.Grown())
	}
}

// Heap watches the heap while something is streamed.
type Heap struct{ first, most uint64 }

// Look measures at ten moments of n steps.
func (h *Heap) Look(i, n int) {
	if i%(n/10) != n/200 {
		return
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if h.first == 0 {
		h.first = m.HeapAlloc
	}
	h.most = max(h.most, m.HeapAlloc)
}

// Grown is by how many bytes it grew after the first look.
func (h *Heap) Grown() uint64 { return h.most - h.first }

// Bench writes features of a layer to nowhere.
func Bench(b *testing.B, f format.Format) {
	one := Feature(7)
	w := f.New(io.Discard, Meta)
	defer w.Abort()
	if err := w.Begin(Layer()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(&one); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchIncidents writes incidents to nowhere and tells how many a second.
func BenchIncidents(b *testing.B, f format.Format) {
	b.Helper()
	w := f.New(io.Discard, Meta)
	defer w.Abort()
	if err := w.Begin(format.Layer{Name: "incidents", Properties: feature.IncidentProperties}); err != nil {
		b.Fatal(err)
	}
	one := Incident()
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(&one); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "features/s")
}
