package store

import (
	"context"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
)

const insertUser = `insert into person (name, role, password_hash, disabled, created_at)
values ($1, $2, $3, $4, $5) on conflict do nothing`

const userColumns = `name, role, password_hash, disabled, created_at`

func scanUser(row scanner) (u access.User, err error) {
	var created int64
	err = row.Scan(&u.Name, &u.Role, &u.PasswordHash, &u.Disabled, &created)
	u.CreatedAt = time.UnixMilli(created).UTC()
	return u, err
}

// AddUser adds somebody who may sign in.
func (s *Store) AddUser(ctx context.Context, actor access.Actor, u access.User) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		res, err := t.run(ctx, insertUser, u.Name, u.Role, u.PasswordHash, bit(u.Disabled), t.at)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return orConflict(err, "There is already a user “"+u.Name+"”.")
		}
		return t.audit(ctx, actor, "user.add", "user/"+u.Name, map[string]any{"role": u.Role})
	})
}

func orConflict(err error, msg string) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, msg)
}

// SetPassword replaces a password. The audit entry does not hold it.
func (s *Store) SetPassword(ctx context.Context, actor access.Actor, name, hash string) error {
	return s.changeUser(ctx, actor, "user.password", name, `update person set password_hash = $2 where name = $1`, name, hash)
}

// DisableUser keeps somebody from signing in.
func (s *Store) DisableUser(ctx context.Context, actor access.Actor, name string) error {
	return s.changeUser(ctx, actor, "user.disable", name, `update person set disabled = 1 where name = $1`, name)
}

func (s *Store) changeUser(ctx context.Context, actor access.Actor, action, name, text string, args ...any) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		res, err := t.run(ctx, text, args...)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return orFault(err, noUser(name))
		}
		return t.audit(ctx, actor, action, "user/"+name, nil)
	})
}

func noUser(name string) string { return "There is no user “" + name + "”." }

// User gives one user.
func (s *Store) User(ctx context.Context, name string) (access.User, error) {
	return one(ctx, s.ask(ctx), noUser(name), `select `+userColumns+` from person where name = $1`, []any{name}, scanUser)
}

// Users gives all users by name.
func (s *Store) Users(ctx context.Context) ([]access.User, error) {
	return all(ctx, s.ask(ctx), `select `+userColumns+` from person order by name`, nil, scanUser)
}
