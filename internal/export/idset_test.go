package export

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/uuid"
)

// Counts around a block and around what is sorted in memory.
func TestIDSet(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, n := range []int{0, 1, 255, 256, 257, 512, 5000, 300_000} {
		s := newIDSet()
		source := rand.NewChaCha8([32]byte{byte(n)})
		some := func() string {
			u, err := uuid.NewRandomFromReader(source)
			if err != nil {
				t.Fatal(err)
			}
			return u.String()
		}
		in, out := make([]string, n), make([]string, 1000)
		for i := range in {
			in[i] = some()
			if err := s.add(in[i]); err != nil {
				t.Fatal(err)
			}
		}
		for i := range out {
			out[i] = some()
		}
		out = append(out, uuid.Nil.String(), uuid.Max.String())
		if err := s.settle(); err != nil {
			t.Fatal(err)
		}
		for ids, want := range map[*[]string]bool{&in: true, &out: false} {
			for _, id := range *ids {
				if got, err := s.has(id); err != nil || got != want {
					t.Fatalf("of %d, %s: %v %v, want %v", n, id, got, err, want)
				}
			}
		}
		if _, err := s.has("no id"); err == nil {
			t.Error("what is no id was looked for")
		}
		if s.drop(); n > 1 {
			if _, err := s.has(in[0][:35] + "f"); err == nil {
				t.Error("what cannot be read is taken for not there")
			}
		}
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v %v", left, err)
	}
}

func BenchmarkIDSet(b *testing.B) {
	s := newIDSet()
	defer s.drop()
	source := rand.NewChaCha8([32]byte{})
	var ids []string
	for range 1_000_000 {
		u, err := uuid.NewRandomFromReader(source)
		if err != nil {
			b.Fatal(err)
		}
		ids = append(ids, u.String())
		if err := s.add(ids[len(ids)-1]); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.settle(); err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		if ok, err := s.has(ids[i%len(ids)]); !ok || err != nil {
			b.Fatal(ok, err)
		}
		i++
	}
}
