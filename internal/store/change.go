package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// versions is a table of versions: its name, the columns that say what a row
// is a version of, and the column that numbers the versions.
type versions struct {
	name     string
	key      []string
	revision string
}

// tables are all tables of versions. The audit chain stands for every row of
// them.
var tables = []versions{
	{"policy", nil, "version"},
	{"line_rev", []string{"id"}, "revision"},
	{"incident_rev", []string{"id"}, "revision"},
	{"contact_rev", []string{"id"}, "revision"},
	{"link_rev", []string{"contact_id", "incident_id"}, "revision"},
	{"incident_facts", []string{"incident_id"}, "revision"},
	{"workflow_rev", []string{"incident_id"}, "revision"},
	{"comment_rev", []string{"id"}, "revision"},
	{"attachment_rev", []string{"id"}, "revision"},
	{"line_event_rev", []string{"id"}, "revision"},
	{"expectation_rev", []string{"id"}, "revision"},
	{"sheet_rev", []string{"language"}, "revision"},
	{"journal_rev", []string{"id"}, "revision"},
	{"shift_rev", []string{"id"}, "revision"},
	{"handover_rev", []string{"id"}, "revision"},
	{"alert_rev", []string{"id"}, "revision"},
}

// change is one write to the records and the audit entry that stands for it.
type change struct {
	t               *tx
	actor           access.Actor
	action, subject string
	rows            []rowRef
	reasons         []string // of the rows, each once
}

// rowRef names a row of a table of versions in an audit entry, with the hash
// of all its columns.
type rowRef struct {
	Table  string `json:"table"`
	Rev    int64  `json:"rev"`
	SHA256 string `json:"sha256"`
}

func (t *tx) change(actor access.Actor, action, subject string) *change {
	return &change{t: t, actor: actor, action: action, subject: subject}
}

// insert writes a version; the text ends in "returning *". What is hashed is the
// row as it was stored, so that a check will find the same.
func (c *change) insert(ctx context.Context, table, text string, args ...any) (rev int64, err error) {
	q := asker{c.t.s, fixed{c.t}}
	err = q.hashRows(ctx, text, args, func(row hashedRow) error {
		rev = row.rev
		c.rows = append(c.rows, rowRef{table, row.rev, row.sum})
		if row.reason != "" && !slices.Contains(c.reasons, row.reason) {
			c.reasons = append(c.reasons, row.reason)
		}
		return nil
	})
	return rev, err
}

// exec runs a statement that belongs to the change.
func (c *change) exec(ctx context.Context, text string, args ...any) error {
	_, err := c.t.run(ctx, text, args...)
	return err
}

// done writes the audit entry. What it says beside the rows is for the reader.
func (c *change) done(ctx context.Context, revision int, more map[string]any) error {
	detail := map[string]any{"revision": revision, "rows": c.rows}
	maps.Copy(detail, more)
	if len(c.reasons) == 0 {
		return c.t.audit(ctx, c.actor, c.action, c.subject, detail)
	}
	reason := strings.Join(c.reasons, "; ")
	detail["reason"] = reason
	if err := c.t.audit(ctx, c.actor, c.action, c.subject, detail); err != nil {
		return err
	}
	return c.t.index(ctx, c.t.s.dialect.InsertReason, c.t.head.seq, strings.Join(tokens(reason), " "))
}

// encode writes content as JSON; a struct gives the same bytes every time.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// nullable gives null for a bound that is not there.
func nullable(m incidents.Moment) (from, to any) {
	if m.IsZero() {
		return nil, nil
	}
	return int64(m.From), int64(m.To)
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
