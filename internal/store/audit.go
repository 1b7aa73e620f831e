package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strconv"

	"interceptlog/internal/access"
)

// The hashes of the chain are SHA-256 over text that reads only one way: each
// value is written as its length in bytes, a colon and the value.
//
// An entry: seq, at, actor, action, subject, detail, prev; numbers in decimal.
// The first entry's prev is empty.
//
// A row of a table of versions: for every column but valid_to, which changes
// when the next version comes, and but those that hold null, in the order of
// their names: the name, then i, r, t or b for the kind of value, then the
// value; numbers in decimal, the shortest that reads back the same. Leaving
// out nulls lets a later migration add a column.

func put(h hash.Hash, s string) {
	h.Write(strconv.AppendInt(nil, int64(len(s)), 10))
	h.Write([]byte{':'})
	h.Write([]byte(s))
}

func entryHash(e access.Entry) string {
	h := sha256.New()
	put(h, strconv.FormatInt(e.Seq, 10))
	put(h, strconv.FormatInt(e.At, 10))
	for _, s := range [...]string{e.Actor, e.Action, e.Subject, e.Detail, e.Prev} {
		put(h, s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

const insertEntry = `insert into audit (seq, at, actor, action, subject, detail, prev, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8)`

// audit appends an entry.
func (t *tx) audit(ctx context.Context, actor access.Actor, action, subject string, detail any) error {
	text := ""
	if detail != nil {
		var err error
		if text, err = encode(detail); err != nil {
			return fmt.Errorf("write audit detail of %s: %w", action, err)
		}
	}
	e := access.Entry{Seq: t.head.seq + 1, At: int64(t.at), Actor: actor.Name, Action: action, Subject: subject, Detail: text, Prev: t.head.hash}
	e.Hash = entryHash(e)
	if _, err := t.run(ctx, insertEntry, e.Seq, e.At, e.Actor, e.Action, e.Subject, e.Detail, e.Prev, e.Hash); err != nil {
		return err
	}
	t.head = head{e.Seq, e.Hash}
	return nil
}

// Audit appends an entry of its own.
func (s *Store) Audit(ctx context.Context, actor access.Actor, action, subject string, detail any) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		return t.audit(ctx, actor, action, subject, detail)
	})
}

const selectEntries = `select seq, at, actor, action, subject, detail, prev, hash from audit where seq >= $1 order by seq`

func scanEntry(row scanner) (e access.Entry, err error) {
	err = row.Scan(&e.Seq, &e.At, &e.Actor, &e.Action, &e.Subject, &e.Detail, &e.Prev, &e.Hash)
	return e, err
}

// EachEntry walks the chain in order, from a seq on.
func (s *Store) EachEntry(ctx context.Context, from int64, fn func(access.Entry) error) error {
	return s.ask(ctx).each(ctx, selectEntries, []any{from}, func(row scanner) error {
		e, err := scanEntry(row)
		if err != nil {
			return err
		}
		return fn(e)
	})
}

// ChainHead gives the last entry; the zero Entry for an empty chain. Kept
// elsewhere, it proves that no entry was cut off the end.
func (s *Store) ChainHead(ctx context.Context) (access.Entry, error) {
	e, err := scanEntry(s.ask(ctx).oneRow(ctx, `select seq, at, actor, action, subject, detail, prev, hash
from audit order by seq desc limit 1`))
	if errors.Is(err, sql.ErrNoRows) {
		return access.Entry{}, nil
	}
	return e, s.fault(err)
}
