package store

import (
	"context"
	"slices"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
)

const insertUser = `insert into person (name, role, password_hash, disabled, created_at)
values ($1, $2, $3, $4, $5) on conflict do nothing`

const userColumns = `name, role, password_hash, disabled, created_at, era`

func scanUser(row scanner) (u access.User, err error) {
	var created int64
	err = row.Scan(&u.Name, &u.Role, &u.PasswordHash, &u.Disabled, &created, &u.Era)
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

const updateUser = `update person set role = $2, password_hash = $3, disabled = $4, era = $5 where name = $1`

// ChangeUser lets change alter a user. The audit entry does not hold the
// password.
func (s *Store) ChangeUser(ctx context.Context, actor access.Actor, name string, change func(all []access.User, u *access.User) (access.Change, error)) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		users, err := s.Users(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(users, func(u access.User) bool { return u.Name == name })
		if i < 0 {
			return fault.New(fault.NotFound, noUser(name))
		}
		u := users[i]
		made, err := change(users, &u)
		if err != nil || made.Action == "" {
			return err
		}
		if _, err := t.run(ctx, updateUser, name, u.Role, u.PasswordHash, bit(u.Disabled), u.Era); err != nil {
			return err
		}
		return t.audit(ctx, actor, made.Action, "user/"+name, made.Detail)
	})
}

func noUser(name string) string { return "There is no user “" + name + "”." }

// User gives one user.
func (s *Store) User(ctx context.Context, name string) (access.User, error) {
	return one(ctx, s.ask(ctx), noUser(name), `select `+userColumns+` from person where name = $1`, []any{name}, scanUser)
}

const selectUsers = `select ` + userColumns + `,
  (select a.at from audit a where a.subject = 'user/' || person.name and a.action = 'user.sign_in' order by a.seq desc limit 1)
from person order by name`

// Users gives all users by name, with when they last signed in.
func (s *Store) Users(ctx context.Context) ([]access.User, error) {
	return all(ctx, s.ask(ctx), selectUsers, nil, func(row scanner) (access.User, error) {
		var last *int64
		u, err := scanUser(scanRest{row, []any{&last}})
		if last != nil {
			u.LastSignIn = time.UnixMilli(*last).UTC()
		}
		return u, err
	})
}
