package store

import (
	"context"
	"database/sql"
	"fmt"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// tx is one write transaction. It holds the write lock from its begin, so the
// head of the chain that it reads there is the head until it commits.
type tx struct {
	*sql.Tx
	s        *Store
	at       incidents.Millis // when all that it writes is recorded
	head     head
	depth    int // of savepoints
	stmts    map[string]*sql.Stmt
	policies map[int]hotline.Policy // versions that were read; 0: the one in force

	// words are those of the full text that are not in its index yet, from
	// indexed on. SQLite writes what an index has gathered at every savepoint;
	// many rows at once cost a tenth.
	words   []rowWords
	indexed int
}

// rowWords are the words of a row for an index of full text.
type rowWords struct {
	insert string // takes the row and its words
	row    int64
	words  string
}

// head is the end of the audit chain.
type head struct {
	seq  int64
	hash string
}

// txKey carries a transaction of one store in a context.
type txKey struct{ s *Store }

func (s *Store) txOf(ctx context.Context) *tx {
	t, _ := ctx.Value(txKey{s}).(*tx)
	return t
}

// InTx runs fn in one write transaction: every call made with the context
// that fn gets is part of it. Inside another InTx it is a savepoint: an error
// of fn takes back what fn wrote, and the rest stands.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.write(ctx, func(ctx context.Context, _ *tx) error { return fn(ctx) })
}

// write is InTx for the store's own methods.
func (s *Store) write(ctx context.Context, fn func(ctx context.Context, t *tx) error) (err error) {
	if t := s.txOf(ctx); t != nil {
		return t.nest(ctx, fn)
	}
	if s.writer == nil {
		return fault.New(fault.Unavailable, "The log was opened for reading only.")
	}
	sqlTx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return s.fault(err)
	}
	done := false
	defer func() {
		if !done { // an error, or a panic passing by
			_ = sqlTx.Rollback()
		}
	}()
	t := &tx{Tx: sqlTx, s: s}
	if err := t.begin(ctx); err != nil {
		return err
	}
	if err := fn(context.WithValue(ctx, txKey{s}, t), t); err != nil {
		return err
	}
	if err := t.indexWords(ctx); err != nil {
		return err
	}
	done = true
	return s.fault(sqlTx.Commit())
}

// stmt prepares a text once for the transaction: a batch repeats the same few
// texts for every record, and reading one costs as much as running it. They are
// too short to be broken off one by one, for which the driver would start a
// goroutine each: when the context is done, the transaction ends.
func (t *tx) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if st := t.stmts[text]; st != nil {
		return st, nil
	}
	st, err := t.PrepareContext(ctx, text)
	if err == nil {
		if t.stmts == nil {
			t.stmts = map[string]*sql.Stmt{}
		}
		t.stmts[text] = st
	}
	return st, err
}

// run runs a statement of a fixed text.
func (t *tx) run(ctx context.Context, text string, args ...any) (sql.Result, error) {
	st, err := t.stmt(ctx, text)
	if err != nil {
		return nil, t.s.fault(err)
	}
	res, err := st.ExecContext(context.WithoutCancel(ctx), args...)
	return res, t.s.fault(err)
}

// row asks for one row by a fixed text.
func (t *tx) row(ctx context.Context, text string, args ...any) scanner {
	st, err := t.stmt(ctx, text)
	if err != nil {
		return brokenRow{err}
	}
	return st.QueryRowContext(context.WithoutCancel(ctx), args...)
}

// maxWords is how many rows wait for the index of full text at most.
const maxWords = 1000

// index has words found by full text once they are asked for.
func (t *tx) index(ctx context.Context, insert string, row int64, words string) error {
	t.words = append(t.words, rowWords{insert, row, words})
	if len(t.words)-t.indexed < maxWords {
		return nil
	}
	return t.indexWords(ctx)
}

// indexWords brings the index of full text up to date.
func (t *tx) indexWords(ctx context.Context) error {
	for ; t.indexed < len(t.words); t.indexed++ {
		w := t.words[t.indexed]
		if _, err := t.run(ctx, w.insert, w.row, w.words); err != nil {
			return err
		}
	}
	t.forgetWords()
	return nil
}

// forgetWords lets go of words that are in the index and will stay there: in a
// savepoint they may have to be written again.
func (t *tx) forgetWords() {
	if t.depth == 0 && t.indexed == len(t.words) {
		t.words, t.indexed = t.words[:0], 0
	}
}

// QueryContext asks a question of any text, and so maybe one for words.
func (t *tx) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if err := t.indexWords(ctx); err != nil {
		return nil, err
	}
	return t.Tx.QueryContext(ctx, text, args...)
}

// brokenRow is a row that could not be asked for.
type brokenRow struct{ err error }

func (r brokenRow) Scan(...any) error { return r.err }

// fixed asks by fixed texts. Rows of one text must be closed before it is
// asked again, which a prepared statement cannot do twice at once.
type fixed struct{ *tx }

func (f fixed) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	st, err := f.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(context.WithoutCancel(ctx), args...)
}

const selectHead = `select seq, at, hash from audit order by seq desc limit 1`

// begin reads the head of the chain and settles when all is recorded: now,
// but never at or before anything that is on record.
func (t *tx) begin(ctx context.Context) error {
	t.at = t.s.nowMillis()
	var last incidents.Millis
	err := t.row(ctx, selectHead).Scan(&t.head.seq, &last, &t.head.hash)
	if err == sql.ErrNoRows {
		return nil
	}
	t.at = max(t.at, last+1)
	return t.s.fault(err)
}

// nest runs fn in a savepoint.
func (t *tx) nest(ctx context.Context, fn func(ctx context.Context, t *tx) error) error {
	before, words, indexed := t.head, len(t.words), t.indexed
	t.depth++
	name := fmt.Sprintf("s%d", t.depth)
	kept := false
	defer func() {
		t.depth--
		if kept {
			t.forgetWords()
		} else {
			t.head, t.words, t.indexed, t.policies = before, t.words[:words], indexed, nil
			// The context may be done, and then the whole transaction is
			// rolled back anyway.
			_, _ = t.ExecContext(ctx, "rollback to "+name)
			_, _ = t.ExecContext(ctx, "release "+name)
		}
	}()
	if _, err := t.run(ctx, "savepoint "+name); err != nil {
		return err
	}
	if err := fn(ctx, t); err != nil {
		return err
	}
	if _, err := t.run(ctx, "release "+name); err != nil {
		return err
	}
	kept = true
	return nil
}

// read runs fn on one state of the log: inside a write transaction on what
// that has written so far, otherwise in a read transaction of its own.
func (s *Store) read(ctx context.Context, fn func(q asker) error) error {
	if t := s.txOf(ctx); t != nil {
		return fn(asker{s, t})
	}
	sqlTx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s.fault(err)
	}
	defer func() { _ = sqlTx.Rollback() }()
	return fn(asker{s, sqlTx})
}

// ask gives what a single question of a fixed text is put to.
func (s *Store) ask(ctx context.Context) asker {
	if t := s.txOf(ctx); t != nil {
		return asker{s, t}
	}
	return asker{s, s.readers}
}
