package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
)

const noEntry = "There is no such entry."

const insertJournal = `insert into journal_rev (
  id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason, number, author, struck, words, content)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning *`

const closeJournal = `update journal_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

func scanJournal(row scanner) (watch.Entry, error) { return scanContent[watch.Entry](row, "entry") }

// CreateEntry writes an entry and gives it the next number.
func (s *Store) CreateEntry(ctx context.Context, actor access.Actor, e watch.Entry) (stored watch.Entry, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.Entry(ctx, e.ID, 0)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		if err := t.row(ctx, `select coalesce(max(number), 0) + 1 from journal_rev where revision = 1`).Scan(&e.Number); err != nil {
			return s.fault(err)
		}
		e.Meta, e.Author, e.Struck = t.firstMeta(actor, ""), actor.Name, false
		stored, created = e, true
		return t.writeEntry(ctx, actor, "journal.create", &e)
	})
	if err != nil {
		return watch.Entry{}, false, err
	}
	return stored, created, nil
}

// StrikeEntry strikes an entry; its words stay.
func (s *Store) StrikeEntry(ctx context.Context, actor access.Actor, id watch.EntryID, reason string) (e watch.Entry, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		if e, err = s.Entry(ctx, id, 0); err != nil {
			return err
		}
		if e.Struck {
			return fault.New(fault.Conflict, "This entry has been struck already, by "+e.RecordedBy+".")
		}
		e.Meta, e.Struck = t.nextMeta(actor, e.Meta, reason), true
		return t.writeEntry(ctx, actor, "journal.strike", &e)
	})
	return e, err
}

func (t *tx) writeEntry(ctx context.Context, actor access.Actor, action string, e *watch.Entry) error {
	content, err := encode(e)
	if err != nil {
		return fmt.Errorf("write entry %s: %w", e.ID, err)
	}
	c := t.change(actor, action, "journal/"+string(e.ID))
	if err := c.exec(ctx, closeJournal, t.at, e.ID); err != nil {
		return err
	}
	words := strings.Join(tokens(entryText(e)), " ")
	if _, err := c.insert(ctx, "journal_rev", insertJournal, e.ID, e.Revision, e.RecordedAt, incidents.Forever, e.FirstRecordedAt, e.RecordedBy, e.Reason,
		e.Number, e.Author, bit(e.Struck), words, content); err != nil {
		return err
	}
	return c.done(ctx, e.Revision, map[string]any{"number": e.Number})
}

// entryText is what a question's words are looked for in.
func entryText(e *watch.Entry) string {
	return strings.Join([]string{fmt.Sprint(e.Number), e.Text, e.Action, e.Told, e.Author}, " ")
}

const entryByID = `select content from journal_rev where id = $1 and valid_from <= $2 and $2 < valid_to`

// Entry gives the revision that held at a moment.
func (s *Store) Entry(ctx context.Context, id watch.EntryID, asOf watch.Millis) (watch.Entry, error) {
	return one(ctx, s.ask(ctx), noEntry, entryByID, []any{id, asOfOr(asOf)}, scanJournal)
}

const (
	journalSort  = "journal"
	journalBatch = 500 // audit entries read at a time
	// journalReach is how many audit entries are looked through for words
	// before the page is given as it is.
	journalReach = 10_000
)

// journalActions are all that make a row of the journal, by kind.
var journalActions = map[string]string{
	"entry":    "a.action = 'journal.create'",
	"report":   "a.action like 'incident.%'",
	"contact":  "a.action in ('contact.create', 'contact.revise')",
	"line":     "a.action like 'line.%'",
	"handover": "a.action in ('handover.offer', 'handover.sign')",
}

// notImported leaves out what a command read in: an import is an event of no
// watch. What a command logs by itself (an exercise that is replayed) is.
const notImported = `not (a.actor like 'cli:%' and (
    exists (select 1 from incident_rev i where i.id = substr(a.subject, 10) and i.revision = 1 and i.source <> '')
    or exists (select 1 from contact_rev k where k.id = substr(a.subject, 9) and k.revision = 1 and k.source <> '')
    or exists (select 1 from line_rev l where l.id = substr(a.subject, 6) and l.revision = 1 and l.source <> '')))`

// Journal gives a stretch of the journal: a reading of the audit chain.
func (s *Store) Journal(ctx context.Context, f watch.JournalFilter) (page watch.JournalPage, err error) {
	limit, err := pageLimit(f.Limit)
	if err != nil {
		return page, err
	}
	var after int64
	if f.After != "" {
		c, err := readCursor(f.After, journalSort)
		if err != nil {
			return page, err
		}
		if c.Key.N == nil {
			return page, fault.New(fault.Invalid, "The place in the journal cannot be read; begin at its first page.")
		}
		after = *c.Key.N
	}
	question := words(f.Q)
	if f.Q != "" && len(question) == 0 {
		return page, nil // no letter and no digit: nothing fits
	}
	batch := journalBatch
	if len(question) == 0 {
		batch = 2*limit + 1 // some of it, such as a hold, makes no row
	}
	err = s.read(ctx, func(q asker) error {
		for looked := 0; ; {
			rows, err := q.journalRows(ctx, f, question, after, batch)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if len(page.Rows) == limit {
					page.Next = cursor{Sort: journalSort, Key: intKey(after), ID: "seq"}.String()
					return nil
				}
				after = r.Seq
				if watch.KindOf(r.Action) != "" && (len(question) == 0 || r.Entry != nil || holds(r.Event()+" "+r.Done()+" "+r.Actor, question)) {
					page.Rows = append(page.Rows, r)
				}
			}
			if len(rows) < batch {
				return nil
			}
			if looked += len(rows); looked >= journalReach {
				page.Next = cursor{Sort: journalSort, Key: intKey(after), ID: "seq"}.String()
				return nil
			}
		}
	})
	return page, err
}

// holds reports whether a text has every word of a question; the last letters
// of a word may be missing in the question.
func holds(text string, question [][]string) bool {
	have := " " + strings.Join(tokens(text), " ")
	for _, word := range question {
		if !strings.Contains(have, " "+strings.Join(word, " ")) {
			return false
		}
	}
	return true
}

// journalRows reads a batch of rows after a seq, with what they are about.
func (q asker) journalRows(ctx context.Context, f watch.JournalFilter, question [][]string, after int64, limit int) ([]watch.Row, error) {
	w := &where{}
	kinds := f.Kinds
	if len(kinds) == 0 {
		kinds = watch.Kinds.Codes()
	}
	var actions []string
	for _, k := range kinds {
		if a, ok := journalActions[k]; ok {
			actions = append(actions, a)
		}
	}
	if len(actions) == 0 {
		return nil, nil
	}
	w.and("(" + strings.Join(actions, " or ") + ")")
	if !f.Imports {
		w.and(notImported)
	}
	if f.Who != "" {
		w.and("a.actor = " + w.arg(f.Who))
	}
	if f.From != 0 {
		w.and("a.at >= " + w.arg(f.From))
	}
	to := f.To
	if f.AsOf != 0 && (to == 0 || to > f.AsOf) {
		to = f.AsOf + 1
	}
	if to != 0 {
		w.and("a.at < " + w.arg(to))
	}
	for _, word := range question {
		w.and("(a.action <> 'journal.create' or exists (select 1 from journal_rev j where j.id = substr(a.subject, 9) and j.revision = 1 and ' ' || j.words like " +
			w.arg("% "+strings.Join(word, " ")+"%") + "))")
	}
	order, beyond := "desc", "<"
	if f.Oldest {
		order, beyond = "asc", ">"
	}
	if after != 0 {
		w.and("a.seq " + beyond + " " + w.arg(after))
	}
	text := `select a.seq, a.at, a.actor, a.action, a.subject, a.detail from audit a where ` + w.String() + ` order by a.seq ` + order + ` limit ` + w.arg(limit)
	rows, err := all(ctx, q, text, w.args, func(row scanner) (r watch.Row, err error) {
		var detail string
		err = row.Scan(&r.Seq, &r.At, &r.Actor, &r.Action, &r.Subject, &detail)
		var d struct {
			Revision int
			Event    hotline.LineEventID
		}
		if detail != "" && json.Unmarshal([]byte(detail), &d) == nil {
			r.Revision = d.Revision
			if d.Event != "" {
				r.Happened = &hotline.LineEvent{ID: d.Event}
			}
		}
		r.Kind = watch.KindOf(r.Action)
		return r, err
	})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := q.fillRow(ctx, &rows[i], f.AsOf); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// fillRow reads what a row is about: an entry as it stands, anything else as it
// was when the row was written.
func (q asker) fillRow(ctx context.Context, r *watch.Row, asOf watch.Millis) error {
	_, id, _ := strings.Cut(r.Subject, "/")
	switch r.Kind {
	case "entry":
		e, err := one(ctx, q, noEntry, entryByID, []any{id, asOfOr(asOf)}, scanJournal)
		r.Entry = &e
		return err
	case "report":
		inc, err := one(ctx, q, noIncident, incidentByID, []any{id, r.At}, scanIncident)
		r.Incident = &inc
		return err
	case "contact":
		c, err := one(ctx, q, noContact, contactByID, []any{id, r.At}, scanContact)
		r.Contact = &c
		return err
	case "handover":
		h, err := one(ctx, q, noHandover, handoverByID, []any{id, r.At}, scanHandover)
		r.Handover = &h
		return err
	case "line":
		l, err := one(ctx, q, noLine, lineByID, []any{id, r.At}, scanLine)
		if err != nil {
			return err
		}
		r.Line = &l
		if r.Happened != nil {
			e, err := one(ctx, q, noLineEvent, lineEventByID, []any{r.Happened.ID, r.At}, scanLineEvent)
			r.Happened = &e
			return err
		}
		if r.Action != "line.revise" {
			return nil
		}
		was, err := one(ctx, q, noLine, lineByID, []any{id, r.At - 1}, scanLine)
		if fault.Is(err, fault.NotFound) {
			return nil // made and changed in one transaction
		}
		r.Was = &was
		return err
	}
	return nil
}
