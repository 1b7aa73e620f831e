package export

import (
	"bytes"
	"fmt"
	"os"
	"slices"

	"github.com/google/uuid"

	"interceptlog/internal/extsort"
)

const (
	idSize = len(uuid.UUID{})
	// blockIDs is how many ids are read for a question: 4 kB, a page of the disk.
	blockIDs = 256
)

// idSet are the ids of the incidents of an export, on disk. In memory stands one
// of each block: 16 bytes for 256 incidents.
type idSet struct {
	sorter *extsort.Sorter
	file   *os.File
	firsts []uuid.UUID // of each block
	block  []byte
}

func newIDSet() *idSet {
	return &idSet{sorter: extsort.New(idSize), block: make([]byte, 0, blockIDs*idSize)}
}

func (s *idSet) add(id string) error {
	u, err := uuid.Parse(id)
	if err != nil {
		return fmt.Errorf("incident %q: %w", id, err)
	}
	return s.sorter.Add(u[:])
}

// settle makes the set ready to be asked. Nothing may be added after it.
func (s *idSet) settle() error {
	var err error
	if s.file, err = os.CreateTemp("", "interceptlog-ids-"); err != nil {
		return fmt.Errorf("make a temporary file: %w", err)
	}
	write := func() error {
		if _, err := s.file.Write(s.block); err != nil {
			return fmt.Errorf("write a temporary file: %w", err)
		}
		s.block = s.block[:0]
		return nil
	}
	err = s.sorter.Each(func(record []byte) error {
		if len(s.block) == 0 {
			s.firsts = append(s.firsts, uuid.UUID(record))
		}
		if s.block = append(s.block, record...); len(s.block) < blockIDs*idSize {
			return nil
		}
		return write()
	})
	if err == nil {
		err = write()
	}
	return err
}

// has reports whether an incident is in the set.
func (s *idSet) has(id string) (bool, error) {
	u, err := uuid.Parse(id)
	if err != nil {
		return false, fmt.Errorf("incident %q: %w", id, err)
	}
	compare := func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
	at, found := slices.BinarySearchFunc(s.firsts, u, compare)
	if found || at == 0 {
		return found, nil
	}
	n, err := s.file.ReadAt(s.block[:blockIDs*idSize], int64(at-1)*blockIDs*int64(idSize))
	if n == 0 {
		return false, fmt.Errorf("read a temporary file: %w", err)
	}
	ids := s.block[:n]
	lo, hi := 0, n/idSize
	for lo < hi {
		mid := (lo + hi) / 2
		switch c := bytes.Compare(ids[mid*idSize:(mid+1)*idSize], u[:]); {
		case c == 0:
			return true, nil
		case c < 0:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return false, nil
}

func (s *idSet) drop() {
	s.sorter.Drop()
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name()) // what cannot be removed is the system's to clear
	}
}
