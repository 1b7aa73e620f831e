package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// asker puts questions and turns what goes wrong into faults.
type asker struct {
	s *Store
	querier
}

// scanner is a row to be read.
type scanner interface{ Scan(dest ...any) error }

// each is the one loop over rows: it calls scan for every row, closes, and
// never takes a broken read for the end.
func (q asker) each(ctx context.Context, text string, args []any, scan func(row scanner) error) (err error) {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return q.s.fault(err)
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = q.s.fault(e)
		}
	}()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return q.s.fault(err)
		}
	}
	return q.s.fault(rows.Err())
}

// oneRow puts a question that has one row for an answer.
func (q asker) oneRow(ctx context.Context, text string, args ...any) scanner {
	if t, ok := q.querier.(*tx); ok {
		if err := t.indexWords(ctx); err != nil {
			return brokenRow{err}
		}
	}
	return q.QueryRowContext(ctx, text, args...)
}

// all collects what scan reads of each row.
func all[T any](ctx context.Context, q asker, text string, args []any, scan func(row scanner) (T, error)) ([]T, error) {
	var list []T
	err := q.each(ctx, text, args, func(row scanner) error {
		v, err := scan(row)
		list = append(list, v)
		return err
	})
	return list, err
}

// one reads a single row; without one the answer is a NotFound fault with the
// message.
func one[T any](ctx context.Context, q asker, missing, text string, args []any, scan func(row scanner) (T, error)) (T, error) {
	var row scanner
	if t, ok := q.querier.(*tx); ok {
		row = t.row(ctx, text, args...) // its row is closed when it is read
	} else {
		row = q.QueryRowContext(ctx, text, args...)
	}
	v, err := scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		return v, fault.New(fault.NotFound, missing)
	}
	return v, q.s.fault(err)
}

// value reads a single column.
func value[T any](row scanner) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// where gathers conditions and their arguments.
type where struct {
	terms []string
	args  []any
}

// arg takes an argument and gives its placeholder.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) and(term string) { w.terms = append(w.terms, term) }

// list gives placeholders for values.
func list[T any](w *where, values []T) string {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = w.arg(v)
	}
	return "(" + strings.Join(marks, ", ") + ")"
}

// in asks for one of the values; none means that nothing is asked.
func (w *where) in(column string, values []string) {
	if len(values) > 0 {
		w.and(column + " in " + list(w, values))
	}
}

// version asks for what held at a moment; 0 is now. The number is written out
// since an index of current versions is only used for a constant.
func (w *where) version(alias string, asOf incidents.Millis) string {
	if asOf == 0 {
		return alias + ".valid_to = 4611686018427387903"
	}
	p := w.arg(asOf)
	return alias + ".valid_from <= " + p + " and " + p + " < " + alias + ".valid_to"
}

func (w *where) String() string { return strings.Join(w.terms, "\n  and ") }

// asOfOr gives a moment for texts that always ask as of one: for now, the last
// before incidents.Forever.
func asOfOr(asOf incidents.Millis) incidents.Millis {
	if asOf == 0 {
		return incidents.Forever - 1
	}
	return asOf
}
