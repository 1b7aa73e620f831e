package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"time"

	"interceptlog/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

const createMigration = `create table if not exists migration (
  number     integer primary key,
  name       text not null,
  sha256     text not null,
  applied_at integer not null
) strict`

// step is one migration: the n-th file in order of name is number n.
type step struct {
	number          int
	name, text, sum string
}

func steps() ([]step, error) {
	files, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	list := make([]step, len(files))
	for i, f := range files {
		text, err := migrations.ReadFile("migrations/" + f.Name())
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		list[i] = step{i + 1, f.Name(), string(text), hex.EncodeToString(sum[:])}
	}
	return list, nil
}

// migrate brings the tables up to date, each step in a transaction. Steps go
// forward only, and one that was applied is never changed.
func migrate(ctx context.Context, db *sql.DB, now func() time.Time) error {
	if now == nil {
		now = time.Now
	}
	list, err := steps()
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if done, err := applied(ctx, db, list); err == nil && done == len(list) {
		return nil // without taking the write lock, which another process may hold for long
	}
	if _, err := db.ExecContext(ctx, createMigration); err != nil {
		return fmt.Errorf("make table of migrations: %w", toFault(err))
	}
	for _, m := range list {
		if err := apply(ctx, db, list, m, now()); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, toFault(err))
		}
	}
	return nil
}

// apply runs a step unless it, perhaps by another process, has been run.
func apply(ctx context.Context, db *sql.DB, list []step, m step, now time.Time) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	done, err := applied(ctx, tx, list)
	if err != nil || done >= m.number {
		return err
	}
	if _, err := tx.ExecContext(ctx, m.text); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `insert into migration values ($1, $2, $3, $4)`, m.number, m.name, m.sum, now.UnixMilli()); err != nil {
		return err
	}
	return tx.Commit()
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// applied gives how many steps have been run, and checks that they are those
// that this program knows.
func applied(ctx context.Context, q querier, list []step) (n int, err error) {
	rows, err := q.QueryContext(ctx, `select number, name, sha256 from migration order by number`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var number int
		var name, sum string
		if err := rows.Scan(&number, &name, &sum); err != nil {
			return 0, err
		}
		switch n++; {
		case number != n:
			return 0, fault.New(fault.Unavailable, fmt.Sprintf("The log lacks migration %d.", n))
		case n > len(list):
			return 0, fault.New(fault.Unavailable, fmt.Sprintf("The log was made by a newer version of this program (migration %s).", name))
		case list[n-1].sum != sum:
			return 0, fault.New(fault.Unavailable, fmt.Sprintf("Migration %s of the log is not the one that this program knows.", name))
		}
	}
	return n, rows.Err()
}

// checkMigrated refuses to read a log that is not up to date.
func checkMigrated(ctx context.Context, db *sql.DB) error {
	list, err := steps()
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	n, err := applied(ctx, db, list)
	if err != nil {
		return toFault(err)
	}
	if n < len(list) {
		return fault.New(fault.Unavailable, "The log was made by an older version of this program and must be migrated first.")
	}
	return nil
}
