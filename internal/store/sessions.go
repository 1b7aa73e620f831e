package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/alexedwards/scs/v2"

	"interceptlog/internal/fault"
)

// Sessions keeps the sessions of the web server. They are no records: they
// have no versions and leave no audit entry.
type Sessions struct{ s *Store }

var (
	_ scs.CtxStore         = Sessions{}
	_ scs.IterableCtxStore = Sessions{}
	_ scs.IterableStore    = Sessions{}
)

// Sessions gives the sessions of the store.
func (s *Store) Sessions() Sessions { return Sessions{s} }

// key is what is stored for a token, so that a copy of the log signs nobody
// in.
func key(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

type found struct {
	token string
	data  []byte
}

const findSession = `select data from session where token = $1 and expiry > $2`

// FindCtx gives the data of a session that has not expired.
func (p Sessions) FindCtx(ctx context.Context, token string) (data []byte, ok bool, err error) {
	data, err = one(ctx, p.s.ask(ctx), "no session", findSession, []any{key(token), p.s.nowMillis()}, value[[]byte])
	if fault.Is(err, fault.NotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

const commitSession = `insert into session (token, data, expiry) values ($1, $2, $3)
on conflict (token) do update set data = excluded.data, expiry = excluded.expiry`

// CommitCtx keeps the data of a session.
func (p Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	if data == nil {
		data = []byte{}
	}
	return p.exec(ctx, commitSession, key(token), data, expiry.UnixMilli())
}

// DeleteCtx forgets a session.
func (p Sessions) DeleteCtx(ctx context.Context, token string) error {
	return p.exec(ctx, `delete from session where token = $1`, key(token))
}

// Cleanup forgets the sessions that have expired.
func (p Sessions) Cleanup(ctx context.Context) error {
	return p.exec(ctx, `delete from session where expiry <= $1`, p.s.nowMillis())
}

// AllCtx gives the data of every session that has not expired. Its keys are
// not the tokens, which the log does not know.
func (p Sessions) AllCtx(ctx context.Context) (map[string][]byte, error) {
	list, err := all(ctx, p.s.ask(ctx), `select token, data from session where expiry > $1`, []any{p.s.nowMillis()},
		func(row scanner) (f found, err error) {
			err = row.Scan(&f.token, &f.data)
			return f, err
		})
	sessions := make(map[string][]byte, len(list))
	for _, f := range list {
		sessions[f.token] = f.data
	}
	return sessions, err
}

func (p Sessions) exec(ctx context.Context, text string, args ...any) error {
	if p.s.writer == nil {
		return fault.New(fault.Unavailable, "The log was opened for reading only.")
	}
	_, err := p.s.writer.ExecContext(ctx, text, args...)
	return p.s.fault(err)
}

// Find, Commit, Delete and All are for callers without a context.

// Find is FindCtx.
func (p Sessions) Find(token string) ([]byte, bool, error) {
	return p.FindCtx(context.Background(), token)
}

// Commit is CommitCtx.
func (p Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return p.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx.
func (p Sessions) Delete(token string) error { return p.DeleteCtx(context.Background(), token) }

// All is AllCtx.
func (p Sessions) All() (map[string][]byte, error) { return p.AllCtx(context.Background()) }
