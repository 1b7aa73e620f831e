package sqlite

import (
	"context"
	"errors"
	"strings"

	driver "modernc.org/sqlite"
	code "modernc.org/sqlite/lib"

	"interceptlog/internal/fault"
	"interceptlog/internal/store"
)

func dialect() store.Dialect {
	return store.Dialect{
		Fault:        toFault,
		InsertBox:    `insert into incident_box (rev, west, east, south, north) values ($1, $2, $3, $4, $5)`,
		WhereBox:     `r.rev in (select rev from incident_box where west <= %[3]s and east >= %[1]s and south <= %[4]s and north >= %[2]s)`,
		WhereMeets:   meetsFunction + `(%[5]s, %[1]s, %[2]s, %[3]s, %[4]s)`,
		ShapeType:    `json_extract(%s, '$.geometry.type')`,
		InsertText:   `insert into incident_text (rowid, body) values ($1, $2)`,
		WhereText:    `r.rev in (select rowid from incident_text where incident_text match %s)`,
		InsertReason: `insert into audit_text (rowid, body) values ($1, $2)`,
		FromReason:   `(select rowid as seq from audit_text where audit_text match %s) t`,
		Match:        match,
		DataVersion:  `pragma data_version`,
		Checkpoint:   `pragma wal_checkpoint(truncate)`,
	}
}

// match writes an FTS5 question (https://sqlite.org/fts5.html §3): each word a
// phrase in quotes, which is never read as an operator, the last one open at
// its end.
func match(words [][]string) string {
	phrases := make([]string, len(words))
	for i, w := range words {
		phrases[i] = `"` + strings.Join(w, " ") + `"`
	}
	return strings.Join(phrases, " ") + " *"
}

// toFault gives an error of the driver its meaning.
func toFault(err error) error {
	var e *driver.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case code.SQLITE_CONSTRAINT_UNIQUE, code.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fault.Wrap(fault.Conflict, "A record with this id, or with this id at its source, exists already.", err)
	case code.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fault.Wrap(fault.Conflict, "The record refers to one that does not exist.", err)
	}
	switch e.Code() & 0xff {
	case code.SQLITE_BUSY, code.SQLITE_LOCKED:
		return fault.Wrap(fault.Unavailable, "The log is busy; try again.", err)
	case code.SQLITE_FULL:
		return fault.Wrap(fault.Unavailable, "The disk of the log is full; nothing was written.", err)
	case code.SQLITE_READONLY, code.SQLITE_CANTOPEN:
		return fault.Wrap(fault.Unavailable, "The log cannot be written to.", err)
	case code.SQLITE_INTERRUPT:
		return errors.Join(context.Canceled, err)
	}
	return err
}
