package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// hashedRow is a row of a table of versions: its rev, its hash, and why it was
// written where it says so.
type hashedRow struct {
	rev         int64
	sum, reason string
}

// hashRows calls fn with every row of a table of versions that the text
// selects; audit.go says what is hashed.
func (q asker) hashRows(ctx context.Context, text string, args []any, fn func(hashedRow) error) error {
	var h rowHasher
	return q.each(ctx, text, args, func(row scanner) error {
		if h.columns == nil {
			if err := h.prepare(row); err != nil {
				return err
			}
		}
		if err := row.Scan(h.dest...); err != nil {
			return err
		}
		one := hashedRow{sum: h.sum()}
		one.rev, _ = h.values[h.rev].(int64)
		if h.reason >= 0 {
			one.reason, _ = h.values[h.reason].(string)
		}
		return fn(one)
	})
}

// rowHasher hashes rows of one table.
type rowHasher struct {
	columns []string
	order   []int // of the columns by name, those that count
	rev     int   // the column rev
	reason  int   // the column reason; -1 for none
	values  []any
	dest    []any
}

func (h *rowHasher) prepare(row scanner) error {
	columns, err := row.(interface{ Columns() ([]string, error) }).Columns()
	if err != nil {
		return err
	}
	h.reason = slices.Index(columns, "reason")
	h.columns, h.values, h.dest = columns, make([]any, len(columns)), make([]any, len(columns))
	for i, c := range columns {
		h.dest[i] = &h.values[i]
		if c != "valid_to" {
			h.order = append(h.order, i)
		}
		if c == "rev" {
			h.rev = i
		}
	}
	slices.SortFunc(h.order, func(a, b int) int { return strings.Compare(columns[a], columns[b]) })
	return nil
}

func (h *rowHasher) sum() string {
	sum := sha256.New()
	for _, i := range h.order {
		kind, text := "", ""
		switch v := h.values[i].(type) {
		case nil:
			continue
		case int64:
			kind, text = "i", strconv.FormatInt(v, 10)
		case float64:
			kind, text = "r", strconv.FormatFloat(v, 'g', -1, 64)
		case string:
			kind, text = "t", v
		case []byte:
			kind, text = "b", string(v)
		default:
			kind, text = "?", fmt.Sprint(v)
		}
		put(sum, h.columns[i])
		put(sum, kind)
		put(sum, text)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// misfit is the first thing found that does not fit.
type misfit struct {
	found bool
	seq   int64
	why   string
}

// note keeps the earlier of two misfits.
func (m *misfit) note(seq int64, format string, args ...any) {
	if !m.found || seq < m.seq {
		*m = misfit{true, seq, fmt.Sprintf(format, args...)}
	}
}

// verifyBatch is how many entries are held while their rows are read.
const verifyBatch = 1000

// verifier walks the chain and, beside it, every table of versions: rows were
// made in the order of their entries, so both are read once, from the start.
type verifier struct {
	asker
	entries []access.Entry
	refs    map[string][]entryRef // by table, of the batch
	read    map[string]int64      // the last rev of a table that was compared
	last    access.Entry
	bad     misfit
	ends    misfit // a version whose end was moved: told when all else fits
	moved   map[string]map[int64]bool
	filed   map[int64]int64 // rev of an attachment: its entry
}

// entryRef is a row that an entry stands for.
type entryRef struct {
	rowRef
	seq int64
}

// VerifyAudit walks the chain and the versions it stands for. It finds entries
// that were changed, removed, put in or moved, versions that were changed in
// any column, removed or put in, ends of versions that were moved, and contents
// of attachments that are not what was filed. That entries were cut off the end shows by their versions, or by a ChainHead kept
// elsewhere.
func (s *Store) VerifyAudit(ctx context.Context) (count int64, err error) {
	err = s.read(ctx, func(q asker) error {
		v := verifier{asker: q, refs: map[string][]entryRef{}, read: map[string]int64{}, filed: map[int64]int64{}}
		if err := v.findMoved(ctx); err != nil {
			return err
		}
		err := q.each(ctx, selectEntries, []any{int64(math.MinInt64)}, func(row scanner) error {
			e, err := scanEntry(row)
			if err != nil {
				return err
			}
			v.entries = append(v.entries, e)
			if len(v.entries) == verifyBatch {
				return v.batch(ctx)
			}
			return nil
		})
		if err == nil {
			err = v.batch(ctx)
		}
		if err == nil {
			err = v.leftOver(ctx)
		}
		if err == nil {
			err = v.contents(ctx)
		}
		count = v.last.Seq
		return err
	})
	return count, err
}

// batch checks the entries held and the rows they stand for.
func (v *verifier) batch(ctx context.Context) error {
	before := v.last
	for _, e := range v.entries {
		v.link(e)
		if v.bad.found {
			break
		}
	}
	for _, t := range tables {
		if err := v.compare(ctx, t.name); err != nil {
			return err
		}
	}
	v.entries = v.entries[:0]
	if v.bad.found {
		v.last = access.Entry{Seq: max(before.Seq, v.bad.seq-1)}
		return v.bad.fault()
	}
	return nil
}

func (m misfit) fault() error {
	return fault.New(fault.Conflict, fmt.Sprintf("Audit entry %d does not fit: %s.", m.seq, m.why))
}

// link checks an entry against the one before it, and notes the rows that it
// stands for.
func (v *verifier) link(e access.Entry) {
	next := v.last.Seq + 1
	switch {
	case e.Seq > next:
		v.bad.note(next, "it is missing")
	case e.Seq < next:
		v.bad.note(e.Seq, "its number is out of order")
	case e.Prev != v.last.Hash:
		v.bad.note(e.Seq, "it does not follow the entry before it")
	case e.Hash != entryHash(e):
		v.bad.note(e.Seq, "its content was changed")
	case e.At < v.last.At:
		v.bad.note(e.Seq, "it is older than the entry before it")
	}
	if v.bad.found {
		return
	}
	v.last = e
	var detail struct {
		Rows []rowRef `json:"rows"`
	}
	if e.Detail == "" || json.Unmarshal([]byte(e.Detail), &detail) != nil {
		return
	}
	for _, r := range detail.Rows {
		v.refs[r.Table] = append(v.refs[r.Table], entryRef{r, e.Seq})
		if r.Table == "attachment_rev" {
			v.filed[r.Rev] = e.Seq
		}
	}
}

// compare reads the rows of a table that the batch stands for.
func (v *verifier) compare(ctx context.Context, table string) error {
	refs := v.refs[table]
	v.refs[table] = refs[:0]
	if len(refs) == 0 {
		return nil
	}
	from, ok := v.read[table]
	if !ok {
		from = math.MinInt64
	}
	upTo := refs[len(refs)-1].Rev
	v.read[table] = upTo
	i := 0
	err := v.hashRows(ctx, `select * from `+table+` where rev > $1 and rev <= $2 order by rev`, []any{from, upTo}, func(row hashedRow) error {
		rev, sum := row.rev, row.sum
		for i < len(refs) && refs[i].Rev < rev {
			v.bad.note(refs[i].seq, "row %d of %s, which it stands for, is missing", refs[i].Rev, table)
			i++
		}
		switch {
		case i == len(refs) || refs[i].Rev > rev:
			v.bad.note(refs[min(i, len(refs)-1)].seq, "before it, row %d of %s was put in without an entry", rev, table)
			return nil
		case refs[i].SHA256 != sum:
			v.bad.note(refs[i].seq, "row %d of %s, which it stands for, was changed", rev, table)
		case v.moved[table][rev]:
			v.ends.note(refs[i].seq, "the end of row %d of %s, which it stands for, was moved", rev, table)
		}
		i++
		return nil
	})
	if i < len(refs) && err == nil {
		v.bad.note(refs[i].seq, "row %d of %s, which it stands for, is missing", refs[i].Rev, table)
	}
	return err
}

// leftOver looks for rows after the last entry, and tells of moved ends.
func (v *verifier) leftOver(ctx context.Context) error {
	for _, t := range tables {
		from, ok := v.read[t.name]
		if !ok {
			from = math.MinInt64
		}
		revs, err := all(ctx, v.asker, `select rev from `+t.name+` where rev > $1 order by rev limit 1`, []any{from}, value[int64])
		if err != nil {
			return err
		}
		if len(revs) > 0 {
			v.bad.note(v.last.Seq+1, "row %d of %s stands in the log without it", revs[0], t.name)
			return v.bad.fault()
		}
	}
	if v.ends.found {
		v.last = access.Entry{Seq: v.ends.seq - 1}
		return v.ends.fault()
	}
	return nil
}

// findMoved collects the versions that do not end where the next one begins.
func (v *verifier) findMoved(ctx context.Context) error {
	v.moved = map[string]map[int64]bool{}
	for _, t := range tables {
		on := fmt.Sprintf("b.%[1]s = a.%[1]s + 1", t.revision)
		for _, k := range t.key {
			on += fmt.Sprintf(" and b.%[1]s = a.%[1]s", k)
		}
		text := fmt.Sprintf(`select a.rev from %[1]s a left join %[1]s b on %[2]s
where a.valid_to <> coalesce(b.valid_from, %[3]d) order by a.rev limit 1000`, t.name, on, incidents.Forever)
		revs, err := all(ctx, v.asker, text, nil, value[int64])
		if err != nil {
			return err
		}
		v.moved[t.name] = map[int64]bool{}
		for _, rev := range revs {
			v.moved[t.name][rev] = true
		}
	}
	return nil
}
