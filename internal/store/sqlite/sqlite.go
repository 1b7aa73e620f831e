// Package sqlite keeps the log in one SQLite file: opening it, its migrations,
// what its errors mean, and its own ways to index boxes and words. The SQL of
// the records is in package store.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the driver

	"interceptlog/internal/fault"
	"interceptlog/internal/store"
)

// FileName is the name of the log in its folder.
const FileName = "interceptlog.db"

// Options are what may differ between two openings of a log.
type Options struct {
	Now      func() time.Time // nil: time.Now
	ReadOnly bool             // the folder must exist; nothing is created or migrated
	Readers  int              // connections that read at the same time; 0: 12
}

// busy is how long a write waits for another process.
const busy = 10 * time.Second

// writerPragmas are those of the connection that writes. Its savepoints are
// kept in memory: each record of a batch is one.
var writerPragmas = []string{"journal_mode(wal)", "synchronous(full)", "temp_store(memory)"}

// dsn gives the address of a connection. Every pragma stands in it, since each
// connection of a pool needs them. A page is synced before a write returns.
func dsn(path, txlock string, readOnly bool, pragmas ...string) string {
	v := url.Values{}
	if txlock != "" {
		v.Set("_txlock", txlock)
	}
	for _, p := range append([]string{
		"busy_timeout(" + strconv.FormatInt(busy.Milliseconds(), 10) + ")",
		"foreign_keys(1)",
		"trusted_schema(0)",
		"cache_size(-8000)",
	}, pragmas...) {
		v.Add("_pragma", p)
	}
	if readOnly {
		v.Set("mode", "ro")
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: v.Encode()}
	return u.String()
}

// Open opens the log in a folder, and makes it when there is none.
func Open(dir string, opts Options) (*store.Store, error) {
	ctx := context.Background()
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		return nil, fmt.Errorf("open log in %s: %w", dir, err)
	}
	c := store.Config{Dialect: dialect(), Now: opts.Now, Location: path}
	if opts.ReadOnly {
		if _, err := os.Stat(path); err != nil {
			return nil, fault.Wrap(fault.NotFound, "There is no log in "+dir+".", err)
		}
	} else {
		if err := makeFile(path); err != nil {
			return nil, fault.Wrap(fault.Unavailable, "The log cannot be made in "+dir+".", err)
		}
		if c.Writer, err = open(path, "immediate", false, 1, writerPragmas...); err != nil {
			return nil, err
		}
		if err := migrate(ctx, c.Writer, opts.Now); err != nil {
			c.Writer.Close()
			return nil, err
		}
	}
	n := opts.Readers
	if n == 0 {
		n = 12
	}
	if c.Readers, err = open(path, "", opts.ReadOnly, n, "query_only(1)"); err == nil && opts.ReadOnly {
		err = checkMigrated(ctx, c.Readers)
	}
	if err != nil {
		closeAll(c)
		return nil, err
	}
	s, err := store.New(ctx, c)
	if err != nil {
		closeAll(c)
		return nil, err
	}
	return s, nil
}

func closeAll(c store.Config) {
	for _, db := range [...]*sql.DB{c.Writer, c.Readers} {
		if db != nil {
			db.Close()
		}
	}
}

func open(path, txlock string, readOnly bool, n int, pragmas ...string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, txlock, readOnly, pragmas...))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	// All connections are kept: opening one costs more than keeping it.
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// makeFile makes the folder and the file so that only their owner can read
// them. SQLite gives its other files the mode of this one.
func makeFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}
