package store

import (
	"context"
	"strings"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
)

const tokenColumns = `id, owner, name, scopes, filter, hash, created_at, expires_at, last_used, revoked_at`

func scanToken(row scanner) (t access.Token, err error) {
	var scopes string
	var created, expires int64
	var used, revoked *int64
	if err = row.Scan(&t.ID, &t.User, &t.Name, &scopes, &t.Filter, &t.Hash, &created, &expires, &used, &revoked); err != nil {
		return t, err
	}
	t.CreatedAt, t.ExpiresAt = time.UnixMilli(created).UTC(), time.UnixMilli(expires).UTC()
	if used != nil {
		t.LastUsed = time.UnixMilli(*used).UTC()
	}
	if revoked != nil {
		t.RevokedAt = time.UnixMilli(*revoked).UTC()
	}
	t.Scopes, err = access.ParseScopes(strings.Split(scopes, ","))
	return t, err
}

const insertToken = `insert into token (id, owner, name, scopes, filter, hash, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)`

const countTokens = `select count(*) from token where owner = $1 and revoked_at is null and expires_at > $2`

// AddToken implements access.TokenStore.
func (s *Store) AddToken(ctx context.Context, actor access.Actor, user string, build func(u access.User, held int) (access.Token, error)) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		u, err := s.User(ctx, user)
		if err != nil {
			return err
		}
		held, err := one(ctx, asker{s, t}, "", countTokens, []any{user, s.nowMillis()}, value[int])
		if err != nil {
			return err
		}
		made, err := build(u, held)
		if err != nil {
			return err
		}
		if _, err := t.run(ctx, insertToken, made.ID, user, made.Name, made.Scopes.String(), made.Filter, made.Hash, made.CreatedAt.UnixMilli(), made.ExpiresAt.UnixMilli()); err != nil {
			return err
		}
		detail := map[string]any{"token": made.ID, "name": made.Name, "scopes": made.Scopes.Names(), "expires": made.ExpiresAt.UTC().Format(time.RFC3339)}
		if made.Filter != "" {
			detail["filter"] = made.Filter
		}
		return t.audit(ctx, actor, "token.add", "user/"+user, detail)
	})
}

const revokeToken = `update token set revoked_at = $2 where id = $1`

// RevokeToken implements access.TokenStore.
func (s *Store) RevokeToken(ctx context.Context, actor access.Actor, id string, may func(access.Token) error) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		tok, err := s.Token(ctx, id)
		if err != nil {
			return err
		}
		if err := may(tok); err != nil || !tok.RevokedAt.IsZero() {
			return err
		}
		if _, err := t.run(ctx, revokeToken, id, t.at); err != nil {
			return err
		}
		return t.audit(ctx, actor, "token.revoke", "user/"+tok.User, map[string]any{"token": id, "name": tok.Name})
	})
}

// Token implements access.TokenStore.
func (s *Store) Token(ctx context.Context, id string) (access.Token, error) {
	return one(ctx, s.ask(ctx), "There is no token “"+id+"”.", `select `+tokenColumns+` from token where id = $1`, []any{id}, scanToken)
}

// Tokens implements access.TokenStore.
func (s *Store) Tokens(ctx context.Context, user string) ([]access.Token, error) {
	return all(ctx, s.ask(ctx), `select `+tokenColumns+` from token where owner = $1 or $1 = '' order by created_at desc, id`, []any{user}, scanToken)
}

const touchToken = `update token set last_used = $2 where id = $1 and (last_used is null or last_used < $2)`

// TouchToken implements access.TokenStore. It is not worth a transaction of the
// chain: what it writes is no act.
func (s *Store) TouchToken(ctx context.Context, id string, at time.Time) error {
	if s.writer == nil {
		return fault.New(fault.Unavailable, "The log was opened for reading only.")
	}
	_, err := s.writer.ExecContext(ctx, touchToken, id, at.Truncate(time.Minute).UnixMilli())
	return s.fault(err)
}

const selectSecret = `select value from secret where name = $1`

// Secret gives a value that is made once.
func (s *Store) Secret(ctx context.Context, name string, build func() []byte) (kept []byte, err error) {
	read := func(ctx context.Context) ([]byte, error) {
		return one(ctx, s.ask(ctx), "", selectSecret, []any{name}, value[[]byte])
	}
	if kept, err = read(ctx); !fault.Is(err, fault.NotFound) {
		return kept, err
	}
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		// Another process may have been first; then its value stands.
		if _, err := t.run(ctx, `insert into secret (name, value) values ($1, $2) on conflict do nothing`, name, build()); err != nil {
			return err
		}
		kept, err = read(ctx)
		return err
	})
	return kept, err
}
