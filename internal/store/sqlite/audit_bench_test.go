package sqlite

import (
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"interceptlog/internal/access"
)

// longAudit is a log with a million entries, made once: two people write nearly
// all of it, every tenth entry has a reason, one in a hundred thousand is rare.
// The entries are no chain, which only a check of the chain would notice.
var longAudit = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "interceptlog-audit")
	if err != nil {
		return "", err
	}
	longDir = dir
	s, err := Open(dir, Options{})
	if err != nil {
		return "", err
	}
	if err := s.Close(); err != nil {
		return "", err
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	if err != nil {
		return "", err
	}
	defer db.Close()
	for _, text := range []string{`pragma journal_mode = wal`, `pragma synchronous = off`, `pragma cache_size = -200000`,
		`insert into audit (seq, at, actor, action, subject, detail, prev, hash)
with recursive n (i) as (select 2 union all select i + 1 from n where i < 1000000)
select i, 1700000000000 + i * 1000,
  case when i % 100000 = 0 then 'berg' when i % 3 = 0 then 'hansen' else 'lind' end,
  case when i % 100000 = 0 then 'policy.set' when i % 2 = 0 then 'incident.revise' else 'contact.create' end,
  case when i % 100000 = 0 then 'policy/' || i when i % 2 = 0 then 'incident/' || (i / 20) else 'contact/' || i end,
  '{"revision":1,"reason":"corrected the time","rows":[{"table":"x","rev":1,"sha256":"0123456789012345678901234567890123456789012345678901234567890123"}]}',
  '0123456789012345678901234567890123456789012345678901234567890123', '0123456789012345678901234567890123456789012345678901234567890123'
from n`,
		`insert into audit_text (rowid, body) select seq, 'corrected the time' from audit where seq % 10 = 0`,
		`insert into audit_text (rowid, body) values (77777, 'rare')`} {
		if _, err := db.Exec(text); err != nil {
			return "", err
		}
	}
	return dir, nil
})

var longDir string

// BenchmarkAuditEntries is a page of a long audit log, by filters that find
// much, little and nothing.
func BenchmarkAuditEntries(b *testing.B) {
	dir, err := longAudit()
	fatal(b, err)
	s := mustOpen(b, dir)
	for _, c := range []struct {
		name string
		f    access.AuditFilter
		rows int
	}{
		{"newest", access.AuditFilter{}, 50},
		{"oldest", access.AuditFilter{Before: 52}, 50},
		{"actor", access.AuditFilter{Actor: "hansen"}, 50},
		{"actor and kind", access.AuditFilter{Actor: "lind", Kind: "contact"}, 50},
		{"rare action of a busy actor", access.AuditFilter{Actor: "lind", Action: "policy.set"}, 0},
		{"rare kind of a busy actor", access.AuditFilter{Actor: "lind", Kind: "policy"}, 0},
		{"busy kind of a rare actor", access.AuditFilter{Actor: "berg", Kind: "incident"}, 0},
		{"object", access.AuditFilter{Subjects: []string{"incident/40000", "contact/40000"}}, 9},
		{"object of a busy actor", access.AuditFilter{Subjects: []string{"incident/40000"}, Actor: "lind", Action: "incident.revise"}, 6},
		{"long ago", access.AuditFilter{From: 1700000000000, To: 1700000100000, Actor: "hansen"}, 33},
		{"common words", access.AuditFilter{Words: "corrected time"}, 50},
		{"common words of nobody", access.AuditFilter{Words: "corrected", Actor: "nobody"}, 0},
		{"common words of a busy actor", access.AuditFilter{Words: "corrected", Actor: "hansen"}, 50},
		{"rare word of a busy actor", access.AuditFilter{Words: "rare", Kind: "contact"}, 1},
		{"rare word", access.AuditFilter{Words: "rare"}, 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				begun := time.Now()
				page, err := s.AuditEntries(b.Context(), c.f)
				fatal(b, err)
				if len(page.Entries) != c.rows {
					b.Fatalf("%d entries, want %d", len(page.Entries), c.rows)
				}
				if took := time.Since(begun); took > time.Second {
					b.Errorf("took %s", took)
				}
			}
		})
	}
	b.Run("words to filter by", func(b *testing.B) {
		for b.Loop() {
			found, err := s.AuditWords(b.Context())
			fatal(b, err)
			if len(found.Actors) != 4 {
				b.Fatal(found.Actors)
			}
		}
	})
}
