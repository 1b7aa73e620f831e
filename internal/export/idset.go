package export

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"

	"github.com/google/uuid"

	"interceptlog/internal/extsort"
	"interceptlog/internal/format"
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
	sorted *format.Spool
	firsts []uuid.UUID // of each block
	block  []byte
}

func newIDSet() *idSet {
	return &idSet{sorter: extsort.New(idSize), block: make([]byte, blockIDs*idSize)}
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
	if s.sorted, err = format.NewSpool("ids"); err != nil {
		return err
	}
	n := 0
	err = s.sorter.Each(func(record []byte) error {
		if n%blockIDs == 0 {
			s.firsts = append(s.firsts, uuid.UUID(record))
		}
		n++
		_, err := s.sorted.Write(record)
		return err
	})
	if err == nil {
		err = s.sorted.Flush()
	}
	if err != nil {
		return fmt.Errorf("hold the ids of incidents: %w", err)
	}
	return nil
}

// has reports whether an incident is in the set.
func (s *idSet) has(id string) (bool, error) {
	u, err := uuid.Parse(id)
	if err != nil {
		return false, fmt.Errorf("incident %q: %w", id, err)
	}
	at, found := slices.BinarySearchFunc(s.firsts, u, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	if found || at == 0 {
		return found, nil
	}
	n, err := s.sorted.ReadAt(s.block, int64(at-1)*int64(len(s.block)))
	if err != nil && !errors.Is(err, io.EOF) { // the last block may be shorter
		return false, fmt.Errorf("hold the ids of incidents: %w", err)
	}
	_, found = sort.Find(n/idSize, func(i int) int { return bytes.Compare(u[:], s.block[i*idSize:(i+1)*idSize]) })
	return found, nil
}

func (s *idSet) drop() {
	s.sorter.Drop()
	if s.sorted != nil {
		s.sorted.Drop()
	}
}
