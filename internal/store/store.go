package store

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
)

var (
	_ incidents.Store = (*Store)(nil)
	_ hotline.Store   = (*Store)(nil)
	_ access.Store    = (*Store)(nil)

	_ alarm.Store = (*Store)(nil)

	_ incidents.NoteStore = (*Store)(nil)

	_ watch.Store   = (*Store)(nil)
	_ watch.Records = (*Store)(nil)
)

// Dialect is what the engines do not share.
type Dialect struct {
	// Fault gives an error of the driver its meaning; other errors and nil
	// pass through.
	Fault func(error) error
	// InsertBox takes a rev, west, east, south and north; WhereBox narrows
	// revs to those whose box may meet the box of $1 west, $2 east, $3 south,
	// $4 north, where the numbers are written as %[1]s to %[4]s.
	InsertBox, WhereBox string
	// WhereMeets is whether the shape in the record %[5]s meets that box, not
	// only its own box does.
	WhereMeets string
	// ShapeType is the type of the shape in the record %s, as GeoJSON has it.
	ShapeType string
	// InsertText takes a rev and its folded words; WhereText narrows revs to
	// those that hold what Match says, written as %s.
	InsertText, WhereText string
	// InsertReason takes the seq of an entry and the folded words of its
	// reason; FromReason is a table t of the seqs that hold what Match says,
	// written as %s.
	InsertReason, FromReason string
	// Match writes a question for WhereText and FromReason: all words, the last of which may
	// go on. Each word is a run of one or more folded tokens.
	Match func(words [][]string) string
	// DataVersion reads a number that changes when another connection has
	// written.
	DataVersion string
	// Checkpoint tidies up before closing; empty for none.
	Checkpoint string
}

// Config is what an engine gives to New.
type Config struct {
	Writer   *sql.DB // one connection, whose transactions take the write lock at once; nil when read only
	Readers  *sql.DB
	Dialect  Dialect
	Now      func() time.Time // nil: time.Now
	Location string           // for messages: the file or the address
}

// Store is the log on disk. It is safe for concurrent use.
type Store struct {
	Now func() time.Time

	writer, readers *sql.DB
	dialect         Dialect
	location        string

	watchMu sync.Mutex
	watch   *sql.Conn // always the same one: its data version can be compared
}

// New makes a store on migrated tables. A log without a policy gets the
// default one.
func New(ctx context.Context, c Config) (*Store, error) {
	s := &Store{Now: c.Now, writer: c.Writer, readers: c.Readers, dialect: c.Dialect, location: c.Location}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.writer == nil {
		return s, nil
	}
	return s, s.beginPolicy(ctx)
}

// Close ends all work on the store. The engine's files are left whole either
// way; closing tidies them.
func (s *Store) Close() error {
	s.watchMu.Lock()
	if s.watch != nil {
		s.watch.Close()
		s.watch = nil
	}
	s.watchMu.Unlock()
	first := s.readers.Close()
	if s.writer == nil {
		return first
	}
	if s.dialect.Checkpoint != "" {
		// Best effort: another process may be reading, and the log is whole
		// without it.
		_, _ = s.writer.Exec(s.dialect.Checkpoint)
	}
	if err := s.writer.Close(); first == nil {
		first = err
	}
	return first
}

// Location says where the log is kept.
func (s *Store) Location() string { return s.location }

// Ping reports whether the store answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.fault(s.readers.QueryRowContext(ctx, `select 1`).Scan(&one))
}

// DataVersion gives a number that changes whenever anybody, this process or
// another, has written to the log.
func (s *Store) DataVersion(ctx context.Context) (int64, error) {
	s.watchMu.Lock()
	defer s.watchMu.Unlock()
	if s.watch == nil {
		conn, err := s.readers.Conn(ctx)
		if err != nil {
			return 0, s.fault(err)
		}
		s.watch = conn
	}
	var v int64
	err := s.watch.QueryRowContext(ctx, s.dialect.DataVersion).Scan(&v)
	return v, s.fault(err)
}

func (s *Store) nowMillis() incidents.Millis { return incidents.MillisOf(s.Now()) }

func (s *Store) fault(err error) error {
	if err == nil {
		return nil
	}
	return s.dialect.Fault(err)
}
