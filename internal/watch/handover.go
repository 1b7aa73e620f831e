package watch

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// State is how far a handover has come.
type State string

// The states. A handover is written by the leaving officer (draft), signed by
// that officer (offered), and answered item by item and signed by the arriving
// one (signed); from then on it never changes.
const (
	Draft   State = "draft"
	Offered State = "offered"
	Signed  State = "signed"
	Dropped State = "dropped" // thrown away before the second signature
)

// Answers are what the arriving officer can say to an item.
var Answers = incidents.Vocabulary{
	{Code: "accepted", Word: "accept", Meaning: "Taken over as it stands."},
	{Code: "questioned", Word: "question", Meaning: "Taken over with a question, which is written down."},
	{Code: "noted", Word: "note", Meaning: "Taken over with a remark, which is written down."},
}

// ItemKinds are the sorts of open matters, in the order of the sheet.
var ItemKinds = incidents.Vocabulary{
	{Code: "incident", Word: "waiting for a call", Meaning: "An incident whose call is still to be made."},
	{Code: "retry", Word: "call again", Meaning: "A call that did not get through and is to be made again."},
	{Code: "expectation", Word: "answer owed", Meaning: "The other side promised an answer."},
	{Code: "line", Word: "line", Meaning: "A line that is down, suspended or degraded."},
	{Code: "test", Word: "line test", Meaning: "A test of a line that is due or was missed."},
}

// Item is one open matter on the sheet.
type Item struct {
	Key      string `json:"key"`  // incident/<id>, retry/<contact>, expectation/<contact>/<id>, line/<id>, test/<line>
	Kind     string `json:"kind"` // code of ItemKinds
	Name     string `json:"name"` // 2026-0117, or the name of a line
	Title    string `json:"title"`
	Standing string `json:"standing,omitempty"` // overdue, down, missed; of an incident at worst
	Best     string `json:"best,omitempty"`     // of an incident at best, where that differs
	Severity string `json:"severity,omitempty"`
	Due      Millis `json:"due,omitempty"`
	DueTo    Millis `json:"due_to,omitempty"` // the latest that the deadline may be, where it is not known to the minute
	Exercise bool   `json:"exercise,omitempty"`
	Marking  string `json:"marking,omitempty"`

	Cocked bool   `json:"cocked,omitempty"` // must be acted on early in the next watch
	Note   string `json:"note,omitempty"`   // of the leaving officer
	Answer string `json:"answer,omitempty"` // of the arriving officer: code of Answers
	Remark string `json:"remark,omitempty"` // with it
}

// Test is a test of a line that is expected in the next watch.
type Test struct {
	Line string `json:"line"`
	At   Millis `json:"at"`
}

// Line is a row of the journal as the sheet shows it.
type Line struct {
	Mark  string `json:"mark"`
	Time  string `json:"time"` // DTG
	Event string `json:"event"`
	Done  string `json:"done,omitempty"`
	By    string `json:"by"`
	Late  string `json:"late,omitempty"`
}

// Handover is the sheet by which the watch goes from one officer to the next,
// one revision of it. What the log says stands in it as it was when the leaving
// officer signed.
type Handover struct {
	ID HandoverID `json:"id"`
	hotline.Meta
	State    State  `json:"state"`
	Leaving  string `json:"leaving,omitempty"` // who signed first
	Arriving string `json:"arriving,omitempty"`
	Shift    string `json:"shift"` // name of the one that ends
	Next     string `json:"next"`  // name of the one that begins
	From     Millis `json:"from"`  // since when it tells
	Until    Millis `json:"until"` // end of the next watch: so far ahead it looks
	MadeAt   Millis `json:"made_at"`

	Items    []Item `json:"items"`
	Tests    []Test `json:"tests,omitempty"`
	Journal  []Line `json:"journal,omitempty"` // entries of the watch, oldest first
	Entries  int    `json:"entries"`           // how many there were
	Watch    string `json:"watch,omitempty"`   // what to watch, in the leaving officer's words
	Exercise bool   `json:"exercise,omitempty"`
	Marking  string `json:"marking,omitempty"`

	OfferedAt Millis `json:"offered_at,omitempty"`
	SignedAt  Millis `json:"signed_at,omitempty"`

	SHA256 string `json:"-"` // of the content as it is stored
}

// Canonical writes a handover as it is stored and hashed: JSON with the names of
// each object in order, without blanks, and no sign written as an escape that
// needs none (RFC 8785, whose rules for broken numbers are never needed here).
func Canonical(h Handover) ([]byte, error) {
	b, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Hash gives the SHA-256 of canonical content in hex.
func Hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Found is what a sheet is made from, read at one moment.
type Found struct {
	Now     Millis
	Open    []hotline.Case // that wait for a call, with their contacts
	Lines   []hotline.Line
	Tests   map[hotline.LineID]hotline.Contact // the newest test of each
	Shifts  []Shift
	Journal []Row     // since From, oldest first
	Before  *Handover // the last that both signed; nil without one
	Owed    []Item    // answers that the other side owes
}

// mostJournal is how many entries of the journal the sheet shows, so that it
// stays on its page; the log has them all.
const mostJournal = 6

// Period says since when a sheet tells and how far ahead it looks: from the last
// handover, else from the beginning of the shift that runs, to the end of the
// shift that comes next.
func Period(shifts []Shift, before *Handover, now Millis) (ending, next *Shift, from, until Millis) {
	const day = Millis(24 * time.Hour / time.Millisecond)
	for _, s := range Now(shifts, now) {
		// The one that has just begun is the next one; the other goes.
		if ending == nil || s.From < ending.From {
			ending = &s
		}
	}
	on := Now(shifts, now)
	switch {
	case len(on) > 1:
		next = &on[0]
	case ending != nil:
		next = Next(shifts, ending.From)
	default:
		next = Next(shifts, now)
	}
	from = now - day
	if ending != nil {
		from = ending.From
	}
	if before != nil && before.SignedAt > now-day {
		from = before.SignedAt
	}
	until = now + day/2
	if next != nil {
		until = next.To
	}
	return ending, next, from, until
}

// Make makes the sheet as the log has it. What the leaving officer wrote about
// an item is kept from saved as long as the item is open.
func Make(f Found, saved Handover) Handover {
	h := saved
	ending, next, from, until := Period(f.Shifts, f.Before, f.Now)
	h.From, h.Until, h.MadeAt = from, until, f.Now
	h.Shift, h.Next = "", ""
	if ending != nil {
		h.Shift = ending.Name
	}
	if next != nil {
		h.Next = next.Name
	}
	h.Items = items(f)
	said := map[string]Item{}
	for _, it := range saved.Items {
		said[it.Key] = it
	}
	for i := range h.Items {
		it := &h.Items[i]
		it.Note, it.Cocked = said[it.Key].Note, said[it.Key].Cocked
		h.Exercise = h.Exercise || it.Exercise
	}
	h.Tests = expected(f.Lines, f.Now, until)
	h.Journal, h.Entries = journalLines(f.Journal)
	return h
}

// items lists the open matters: incidents by severity and deadline, then calls
// to make again, answers owed, lines and their tests.
func items(f Found) []Item {
	var list []Item
	open := slices.Clone(f.Open)
	slices.SortStableFunc(open, func(a, b hotline.Case) int {
		rank := func(c hotline.Case) int {
			return slices.Index(incidents.Severities.Codes(), c.Incident.Record.Severity)
		}
		return cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(a.Assessment.DeadlineFrom, b.Assessment.DeadlineFrom), cmp.Compare(a.Incident.Number, b.Incident.Number))
	})
	for _, c := range open {
		a := c.Assessment
		it := Item{Key: "incident/" + string(c.Incident.ID), Kind: "incident", Name: c.Incident.Number, Title: c.Incident.Record.Title, Standing: string(a.Worst),
			Severity: c.Incident.Record.Severity, Due: a.DeadlineFrom, Exercise: c.Incident.Record.Exercise, Marking: c.Incident.Record.Marking}
		if a.Best != a.Worst {
			it.Best = string(a.Best)
		}
		if a.DeadlineTo-a.DeadlineFrom > 60_000 {
			it.DueTo = a.DeadlineTo
		}
		list = append(list, it)
	}
	for _, r := range hotline.RetriesOf(open) {
		it := Item{Key: "retry/" + string(r.Contact.ID), Kind: "retry", Name: r.Contact.Channel.Name, Title: "Call again", Standing: r.Contact.Outcome, Due: r.At, Exercise: r.Contact.Exercise, Marking: r.Contact.Marking}
		for i, inc := range r.Incidents {
			sep := ", "
			if i == 0 {
				sep = " about "
			}
			it.Title += sep + inc.Number
		}
		list = append(list, it)
	}
	list = append(list, f.Owed...)
	for _, l := range f.Lines {
		if l.State == "down" || l.State == "degraded" || l.State == "suspended" {
			list = append(list, Item{Key: "line/" + string(l.ID), Kind: "line", Name: lineName(l), Title: l.Name, Standing: l.State, Exercise: l.Exercise})
		}
	}
	for _, t := range hotline.TestsDue(f.Lines, f.Tests, f.Now) {
		it := Item{Key: "test/" + string(t.Line.ID), Kind: "test", Name: lineName(t.Line), Title: "Test due", Standing: "due", Due: t.At, Exercise: t.Line.Exercise}
		switch {
		case t.Failed != nil:
			it.Title, it.Standing = "Test made and failed: "+hotline.Outcomes.Word(t.Failed.Outcome), "failed"
		case t.Missed:
			it.Title, it.Standing = "Test missed", "missed"
		}
		list = append(list, it)
	}
	return list
}

func lineName(l hotline.Line) string {
	if l.Short != "" {
		return l.Short
	}
	return l.Name
}

// expected are the tests that come in the next watch and are not due yet.
func expected(lines []hotline.Line, now, until Millis) []Test {
	var list []Test
	for _, l := range lines {
		if l.State == "suspended" || l.State == "inactive" || l.State == "proposed" || l.State == "not_adopted" {
			continue
		}
		for at := l.Tests.Next(now + hotline.TestLead); at != 0 && at < until; at = l.Tests.Next(at) {
			list = append(list, Test{lineName(l), at})
		}
	}
	slices.SortStableFunc(list, func(a, b Test) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Line, b.Line)) })
	return list
}

// journalLines takes the newest entries that people wrote and that stand.
func journalLines(rows []Row) (lines []Line, count int) {
	for _, r := range rows {
		if r.Entry == nil || r.Entry.Struck {
			continue
		}
		lines = append(lines, Line{Mark: r.Mark(), Time: r.Entry.Time.String(), Event: r.Event(), Done: r.Done(), By: r.Entry.Author, Late: r.Entry.LateWords()})
	}
	count = len(lines)
	return lines[max(0, count-mostJournal):], count
}

// Missing says which items have no answer, or an answer without the words that
// it needs; the keys are those of the items. Nothing open can be left without
// one.
func (h Handover) Missing() map[string]string {
	missing := map[string]string{}
	for _, it := range h.Items {
		switch {
		case !Answers.Has(it.Answer):
			missing[it.Key] = fmt.Sprintf("%s is open and has no answer yet: accept it, question it or note something.", it.Name)
		case it.Answer != "accepted" && it.Remark == "":
			word := map[string]string{"questioned": "the question", "noted": "the remark"}[it.Answer]
			missing[it.Key] = fmt.Sprintf("Type %s on %s, such as “who holds the translator?”.", word, it.Name)
		}
	}
	return missing
}
