package sqlite

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"interceptlog/internal/store"
	"interceptlog/internal/store/storetest"
)

// template is an empty migrated log, made once; a test gets a copy of it.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "interceptlog-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := Open(dir, Options{Now: func() time.Time { return storetest.Begin.Add(-time.Hour) }})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, FileName))
})

// newFolder gives a folder with an empty log.
func newFolder(tb testing.TB) string {
	tb.Helper()
	file, err := template()
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	if err := os.WriteFile(filepath.Join(dir, FileName), file, 0o600); err != nil {
		tb.Fatal(err)
	}
	return dir
}

func mustOpen(tb testing.TB, dir string) *store.Store {
	tb.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) *store.Store { return mustOpen(t, newFolder(t)) })
}

func TestWordsAreNotHeld(t *testing.T) { storetest.WordsAreNotHeld(t, mustOpen(t, newFolder(t))) }
