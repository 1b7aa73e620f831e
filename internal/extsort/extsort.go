// Package extsort sorts what does not fit into memory: records of one size, by
// their bytes. Full buffers are sorted and laid down in a temporary file, and
// merged when they are asked for (Knuth, TAOCP vol. 3 §5.4).
//
// It knows nothing of what the records mean.
package extsort

import (
	"bufio"
	"bytes"
	"container/heap"
	"fmt"
	"io"
	"os"
	"sort"
)

// buffer is how many bytes of records are sorted in memory, and window how many
// of each sorted run are read at once.
const (
	buffer = 4 << 20
	window = 4 << 10
)

// Sorter gathers records and gives them in order. The zero Sorter is of no use;
// see New. It is not safe for concurrent use.
type Sorter struct {
	size int
	held []byte // records that are in no run yet
	full int    // how long held may become
	file *os.File
	runs []int64 // where each run ends
}

// New makes a sorter of records of so many bytes. Drop must be called in the end.
func New(size int) *Sorter {
	return &Sorter{size: size, full: max(1, buffer/size) * size}
}

// Add takes a record, which the caller may use again.
func (s *Sorter) Add(record []byte) error {
	if len(record) != s.size {
		return fmt.Errorf("sort: a record of %d bytes among those of %d", len(record), s.size)
	}
	if s.held = append(s.held, record...); len(s.held) < s.full {
		return nil
	}
	return s.lay()
}

// lay writes what is held as a sorted run.
func (s *Sorter) lay() error {
	if s.file == nil {
		var err error
		if s.file, err = os.CreateTemp("", "interceptlog-sort-"); err != nil {
			return fmt.Errorf("sort: make a temporary file: %w", err)
		}
	}
	s.sort()
	if _, err := s.file.Write(s.held); err != nil {
		return fmt.Errorf("sort: write a temporary file: %w", err)
	}
	end := int64(len(s.held))
	if n := len(s.runs); n > 0 {
		end += s.runs[n-1]
	}
	s.runs, s.held = append(s.runs, end), s.held[:0]
	return nil
}

func (s *Sorter) sort() {
	sort.Sort(&records{s.held, s.size, make([]byte, s.size)})
}

// Each calls fn with every record in the order of their bytes, and stops at its
// first error. The record is fn's until it returns. Nothing may be added after it.
func (s *Sorter) Each(fn func(record []byte) error) error {
	if s.file == nil { // all are in memory
		s.sort()
		for at := 0; at < len(s.held); at += s.size {
			if err := fn(s.held[at : at+s.size]); err != nil {
				return err
			}
		}
		return nil
	}
	if len(s.held) > 0 {
		if err := s.lay(); err != nil {
			return err
		}
	}
	s.held = nil
	var m merge
	begin := int64(0)
	for _, end := range s.runs {
		r := &run{in: bufio.NewReaderSize(io.NewSectionReader(s.file, begin, end-begin), window), left: (end - begin) / int64(s.size), record: make([]byte, s.size)}
		if err := r.next(); err != nil {
			return err
		}
		m, begin = append(m, r), end
	}
	heap.Init(&m)
	for len(m) > 0 {
		first := m[0]
		if err := fn(first.record); err != nil {
			return err
		}
		if first.left == 0 {
			heap.Pop(&m)
			continue
		}
		if err := first.next(); err != nil {
			return err
		}
		heap.Fix(&m, 0)
	}
	return nil
}

// Drop removes what was laid down.
func (s *Sorter) Drop() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name()) // what cannot be removed is the system's to clear
	}
	s.file, s.held, s.runs = nil, nil, nil
}

// records are those of a buffer, to be sorted in their place.
type records struct {
	raw  []byte
	size int
	hand []byte // for the exchange of two
}

func (r *records) at(i int) []byte    { return r.raw[i*r.size : (i+1)*r.size] }
func (r *records) Len() int           { return len(r.raw) / r.size }
func (r *records) Less(i, j int) bool { return bytes.Compare(r.at(i), r.at(j)) < 0 }
func (r *records) Swap(i, j int) {
	a, b := r.at(i), r.at(j)
	copy(r.hand, a)
	copy(a, b)
	copy(b, r.hand)
}

// run is a sorted run as it is read.
type run struct {
	in     *bufio.Reader
	left   int64 // records that are not read yet
	record []byte
}

func (r *run) next() error {
	r.left--
	if _, err := io.ReadFull(r.in, r.record); err != nil {
		return fmt.Errorf("sort: read a temporary file: %w", err)
	}
	return nil
}

// merge is a heap of runs, the one with the least record first.
type merge []*run

func (m merge) Len() int           { return len(m) }
func (m merge) Less(i, j int) bool { return bytes.Compare(m[i].record, m[j].record) < 0 }
func (m merge) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }
func (m *merge) Push(x any)        { *m = append(*m, x.(*run)) }
func (m *merge) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}
