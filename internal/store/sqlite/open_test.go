package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

func point(r *rand.Rand) incidents.Geometry {
	return incidents.Geometry{Geometry: orb.Point{r.Float64()*60 - 20, 42 + r.Float64()*30}}
}

func TestOpenMakesFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b", "log?x=1#y%20")
	s := mustOpen(t, dir)
	fill(t, s)
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, FileName): 0o600, filepath.Join(dir, FileName+"-wal"): 0o600} {
		info, err := os.Stat(path)
		fatal(t, err)
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
	if s.Location() != filepath.Join(dir, FileName) {
		t.Errorf("location %s", s.Location())
	}
	fatal(t, s.Ping(t.Context()))
}

// TestOpenAgain: what was written is there, and nothing is begun twice.
func TestOpenAgain(t *testing.T) {
	dir := newFolder(t)
	s, err := Open(dir, Options{})
	fatal(t, err)
	fill(t, s)
	before, err := s.ChainHead(t.Context())
	fatal(t, err)
	fatal(t, s.Close())
	if _, err := os.Stat(filepath.Join(dir, FileName+"-wal")); !os.IsNotExist(err) {
		t.Errorf("not tidied up: %v", err)
	}
	s = mustOpen(t, dir)
	if after, err := s.ChainHead(t.Context()); err != nil || after != before {
		t.Errorf("the head was %+v, is %+v, %v", before, after, err)
	}
}

// TestPragmas: every connection of both pools has what it needs.
func TestPragmas(t *testing.T) {
	path := filepath.Join(newFolder(t), FileName)
	for name, want := range map[string]string{"foreign_keys": "1", "busy_timeout": "10000", "journal_mode": "wal", "synchronous": "2", "trusted_schema": "0"} {
		db, err := open(path, "immediate", false, 3, writerPragmas...)
		fatal(t, err)
		for range 3 {
			conn, err := db.Conn(t.Context())
			fatal(t, err)
			var got string
			fatal(t, conn.QueryRowContext(t.Context(), "pragma "+name).Scan(&got))
			if got != want {
				t.Errorf("%s = %s, want %s", name, got, want)
			}
		}
		db.Close()
	}
}

func TestReadOnly(t *testing.T) {
	_, err := Open(t.TempDir(), Options{ReadOnly: true})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("an empty folder: %v", err)
	}
	dir := newFolder(t)
	w := mustOpen(t, dir)
	fill(t, w)
	s, err := Open(dir, Options{ReadOnly: true})
	fatal(t, err)
	defer s.Close()
	if n, err := s.VerifyAudit(t.Context()); err != nil || n == 0 {
		t.Errorf("%d, %v", n, err)
	}
	if _, _, err := s.CreateIncident(t.Context(), actor, sample(77)); !fault.Is(err, fault.Unavailable) {
		t.Errorf("wrote: %v", err)
	}
	if err := s.Sessions().Delete("x"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("wrote a session: %v", err)
	}
	alone := newFolder(t)
	r, err := Open(alone, Options{ReadOnly: true})
	fatal(t, err)
	if n, err := r.VerifyAudit(t.Context()); err != nil || n != 1 {
		t.Errorf("alone: %d, %v", n, err)
	}
	fatal(t, r.Close())
	if err := os.WriteFile(filepath.Join(dir, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(dir, "x"), Options{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a file as folder: %v", err)
	}
}

func TestMigrationsAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		`update migration set sha256 = 'x'`:                                            "is not the one",
		`insert into migration values (999, 'later', 'x', 0)`:                          "lacks migration",
		`insert into migration select max(number) + 1, 'later', 'x', 0 from migration`: "newer version",
		`delete from migration`:                                                        "already exists",
	} {
		dir := newFolder(t)
		runOn(t, dir, text)
		_, err := Open(dir, Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	dir := newFolder(t)
	runOn(t, dir, `delete from migration`)
	if _, err := Open(dir, Options{ReadOnly: true}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("read only and not migrated: %v", err)
	}
}

func runOn(t *testing.T, dir, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, FileName), "", false))
	fatal(t, err)
	defer db.Close()
	run(t, db, text)
}

// TestNotALog: a file that is no log is refused in words, and kept.
func TestNotALog(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	fatal(t, os.WriteFile(path, []byte(strings.Repeat("this is no database\n", 400)), 0o600))
	if _, err := Open(dir, Options{}); err == nil {
		t.Error("opened")
	}
	if b, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(b), "this is no") {
		t.Error("the file was changed")
	}
}

// TestTwoStores: two openings of one folder write in turn and keep one chain.
func TestTwoStores(t *testing.T) {
	dir := newFolder(t)
	a, b := mustOpen(t, dir), mustOpen(t, dir)
	for i := range 10 {
		s, other := a, b
		if i%2 == 1 {
			s, other = b, a
		}
		before, err := other.DataVersion(t.Context())
		fatal(t, err)
		inc, _, err := s.CreateIncident(t.Context(), actor, sample(i))
		fatal(t, err)
		if after, err := other.DataVersion(t.Context()); err != nil || after == before {
			t.Errorf("the other store did not notice: %v", err)
		}
		inc.Record.Title = "changed by the other"
		_, err = other.ReviseIncident(t.Context(), actor, inc)
		fatal(t, err)
	}
	for _, s := range []*store.Store{a, b} {
		if n, err := s.VerifyAudit(t.Context()); err != nil || n != 21 {
			t.Errorf("%d entries fit, %v", n, err)
		}
	}
}

// TestWriterProcess is the other process of TestTwoProcesses.
func TestWriterProcess(t *testing.T) {
	dir := os.Getenv("INTERCEPTLOG_TEST_DIR")
	if dir == "" {
		t.Skip("only run by TestTwoProcesses")
	}
	var from int
	fmt.Sscan(os.Getenv("INTERCEPTLOG_TEST_FROM"), &from)
	s := mustOpen(t, dir)
	for i := range 40 {
		_, _, err := s.CreateIncident(t.Context(), actor, sample(from+i))
		fatal(t, err)
	}
}

// TestTwoProcesses: two processes open a new folder and write at once.
func TestTwoProcesses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	var commands []*exec.Cmd
	var said [2]bytes.Buffer
	for i := range 2 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestWriterProcess$")
		cmd.Env = append(os.Environ(), "INTERCEPTLOG_TEST_DIR="+dir, fmt.Sprint("INTERCEPTLOG_TEST_FROM=", i*1000))
		cmd.Stdout, cmd.Stderr = &said[i], &said[i]
		fatal(t, cmd.Start())
		commands = append(commands, cmd)
	}
	for i, cmd := range commands {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %s", err, &said[i])
		}
	}
	s := mustOpen(t, dir)
	if n, err := s.VerifyAudit(t.Context()); err != nil || n != 81 {
		t.Errorf("%d entries fit, %v", n, err)
	}
	page, err := s.Cases(t.Context(), incidents.Filter{}, hotline.Page{Sort: "-number", Limit: 1}, hotline.At{})
	fatal(t, err)
	if page.Total != 80 || !strings.HasSuffix(page.Cases[0].Incident.Number, "-0080") {
		t.Errorf("%d incidents, the last is %s", page.Total, page.Cases[0].Incident.Number)
	}
}

func TestLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	held, err := Lock(dir)
	fatal(t, err)
	_, err = Lock(dir)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("a second server: %v", err)
	}
	mustOpen(t, dir) // a command does not care
	fatal(t, held.Close())
	again, err := Lock(dir)
	fatal(t, err)
	fatal(t, again.Close())
}

// TestPlans: the lists that everybody looks at read an index and do not sort.
func TestPlans(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	dir := newFolder(t)
	s := mustOpen(t, dir)
	db := raw(t, dir)
	fatal(t, s.InTx(t.Context(), func(ctx context.Context) error {
		for i := range 200 {
			if _, _, err := s.CreateIncident(ctx, actor, sample(i)); err != nil {
				return err
			}
		}
		return nil
	}))
	const list = `explain query plan select r.rev, f.rev, f.p0_worst from incident_rev r cross join incident_facts f
where r.valid_to = 4611686018427387903 and r.status in ('submitted', 'verified') and r.exercise = 0
  and f.incident_id = r.id and f.valid_to = 4611686018427387903
  and (r.start_from, r.id) < (5, 'x') order by r.start_from desc, r.id desc limit 51`
	const tests = `explain query plan select c.content from line_rev l join contact_rev c on c.rev = (
  select k.rev from contact_rev k
  where k.line_id = l.id and k.purpose = 'line_test' and k.retracted = 0 and k.exercise <= l.exercise and k.valid_from <= 9 and 9 < k.valid_to
  order by k.start_from desc, k.id desc limit 1) where l.valid_from <= 9 and 9 < l.valid_to`
	for text, wanted := range map[string][]string{
		list:  {"USING COVERING INDEX incident_start", "USING COVERING INDEX facts_status"},
		tests: {"USING COVERING INDEX contact_test (line_id=?)", "SEARCH c USING INTEGER PRIMARY KEY"},
	} {
		plan := planOf(t, db, text)
		for _, want := range wanted {
			if !strings.Contains(plan, want) {
				t.Errorf("no %q in\n%s", want, plan)
			}
		}
		if strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("sorts:\n%s", plan)
		}
	}
}

func planOf(t *testing.T, db *sql.DB, text string) (plan string) {
	rows, err := db.Query(text)
	fatal(t, err)
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		fatal(t, rows.Scan(&id, &parent, &unused, &step))
		plan += step + "\n"
	}
	return plan
}
