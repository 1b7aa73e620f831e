package formattest

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// Encode writes a layer into memory.
func Encode(t testing.TB, f format.Format, l format.Layer, features ...feature.Feature) []byte {
	t.Helper()
	var b bytes.Buffer
	w := f.New(&b, Meta)
	defer w.Abort()
	if err := w.Begin(l); err != nil {
		t.Fatal(err)
	}
	for i := range features {
		if err := w.Write(&features[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Write writes layers into a file and gives its path.
func Write(t testing.TB, f format.Format, layers []format.Layer, features ...[]feature.Feature) string {
	t.Helper()
	var b bytes.Buffer
	w := f.New(&b, Meta)
	defer w.Abort()
	for i, l := range layers {
		if err := w.Begin(l); err != nil {
			t.Fatal(err)
		}
		for j := range features[i] {
			if err := w.Write(&features[i][j]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return File(t, f.Ext, b.Bytes())
}

// File writes bytes to a file named after the test's layer.
func File(t testing.TB, ext string, raw []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "sample."+ext)
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Stream gives a file of n features while it is written.
func Stream(f format.Format, n int) io.Reader {
	out, in := io.Pipe()
	go func() {
		w := f.New(in, Meta)
		defer w.Abort()
		err := w.Begin(Layer())
		for i := 0; i < n && err == nil; i++ {
			one := Feature(i)
			err = w.Write(&one)
		}
		if err == nil {
			err = w.Close()
		}
		in.CloseWithError(err)
	}()
	return out
}

// Cut is a file of n features whose writer was stopped before it closed.
func Cut(t testing.TB, f format.Format, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := f.New(&b, Meta)
	if err := w.Begin(Layer()); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		one := Feature(i)
		if err := w.Write(&one); err != nil {
			t.Fatal(err)
		}
	}
	w.Abort()
	if b.Len() == 0 {
		t.Error("no byte was written before the end")
	}
	return b.Bytes()
}

// Golden compares with a small file under testdata; with update it is written.
func Golden(t *testing.T, name string, got []byte, update bool) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at it, then run the test with -update:\n%s", name, got)
	}
}

// Full is an output that has room for so many bytes.
type Full struct{ Room int }

// Write takes bytes as long as there is room.
func (f *Full) Write(b []byte) (int, error) {
	if f.Room -= len(b); f.Room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// Temporaries are the entries of a folder, such as that for temporary files, if
// the test has it for itself.
func Temporaries(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
