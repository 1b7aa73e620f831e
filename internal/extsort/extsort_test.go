package extsort_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"interceptlog/internal/extsort"
)

// Counts around what one buffer holds, with records that are equal among them.
func TestEach(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, size := range []int{1, 16, 52} {
		held := 4 << 20 / size
		for _, n := range []int{0, 1, 2, 1000, held - 1, held, held + 1, 2*held + 7} {
			if size == 1 && n > 1000 {
				continue // much of the same
			}
			r := rand.New(rand.NewPCG(uint64(size), uint64(n)))
			s := extsort.New(size)
			var want [][]byte
			for range n {
				record := make([]byte, size)
				for i := range record {
					record[i] = byte(r.IntN(4))
				}
				want = append(want, bytes.Clone(record))
				if err := s.Add(record); err != nil {
					t.Fatal(err)
				}
			}
			slices.SortFunc(want, bytes.Compare)
			got := 0
			err := s.Each(func(record []byte) error {
				if got < n && !bytes.Equal(record, want[got]) {
					t.Fatalf("%d records of %d bytes: number %d is %x, want %x", n, size, got, record, want[got])
				}
				got++
				return nil
			})
			if err != nil || got != n {
				t.Errorf("%d records of %d bytes: %d came back, %v", n, size, got, err)
			}
			s.Drop()
		}
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v %v", left, err)
	}
}

func TestRefused(t *testing.T) {
	s := extsort.New(8)
	defer s.Drop()
	if err := s.Add(make([]byte, 7)); err == nil {
		t.Error("a record of another size was taken")
	}
	for i := range uint64(600_000) {
		if err := s.Add(binary.BigEndian.AppendUint64(nil, i*7919%600_000)); err != nil {
			t.Fatal(err)
		}
	}
	stop := errors.New("stop")
	n := 0
	if err := s.Each(func([]byte) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
		t.Errorf("it went on to %d after an error: %v", n, err)
	}
}

// A disk that is full is said, and nothing is left.
func TestNoDisk(t *testing.T) {
	t.Setenv("TMPDIR", "/dev/null")
	s := extsort.New(16)
	defer s.Drop()
	var err error
	for i := 0; err == nil && i < 1<<20; i++ {
		err = s.Add(make([]byte, 16))
	}
	if err == nil {
		t.Error("nobody noticed that there is no disk")
	}
}

func BenchmarkSort(b *testing.B) {
	const n = 1_000_000
	record := make([]byte, 52)
	for b.Loop() {
		s := extsort.New(len(record))
		r := rand.New(rand.NewPCG(1, 2))
		for range n {
			binary.BigEndian.PutUint64(record, r.Uint64())
			if err := s.Add(record); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Each(func([]byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
		s.Drop()
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
