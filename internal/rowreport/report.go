// Package rowreport is what an import says of a file: what became of its
// records, and row by row what is wrong, where, and what is accepted. The forms
// of import share it, so that they are read alike.
//
// It knows nothing of records and of formats.
package rowreport

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"interceptlog/internal/formula"
)

// Problem is one thing wrong with one field of one row.
type Problem struct {
	File  string
	Line  int    // the row, from 1; 0: the file as a whole
	Field string // path in the record: intercepted.aircraft[0].count; or a column
	Value string // as it stands in the file, shortened
	Msg   string // what is wrong and what is accepted
}

// String writes the problem as compilers do, so that editors can jump to it.
func (p Problem) String() string {
	s := p.File + ": "
	if p.Line > 0 {
		s = fmt.Sprintf("%s:%d: ", p.File, p.Line)
	}
	if p.Field != "" {
		s += p.Field + ": "
	}
	if p.Value != "" {
		s += p.Value + ": "
	}
	return s + p.Msg
}

// Count is what became of the records of one kind.
type Count struct {
	Created, Revised, Unchanged, Conflicts, Rejected int
}

// String lists what there was: "115 created", "3 unchanged, 1 conflict".
func (c Count) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{c.Created, "created"}, {c.Revised, "revised"}, {c.Unchanged, "unchanged"}, {c.Conflicts, "in conflict"}, {c.Rejected, "rejected"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	return strings.Join(parts, ", ")
}

// Report says what came of an import.
type Report struct {
	Incidents, Lines, Contacts Count
	Other                      int       // lines that are no record at all
	Problems                   []Problem // bad rows; each was left out whole
	Conflicts                  []Problem // records that stand in the log otherwise; left as they are
	Warnings                   []Problem // taken, but worth a look
	Untold                     int       // problems beyond those that are listed
	Undone                     bool      // all or nothing: there were problems, nothing was kept
	Dry                        bool      // only tried: the counts say what would be
}

// maxListed bounds each list of a report, so that a file of a million bad rows
// does not fill the memory.
const maxListed = 10_000

// AddProblem notes a problem; past the most that are listed it is counted.
func (r *Report) AddProblem(p Problem) { r.list(&r.Problems, p) }

// AddConflict notes a record that stands in the log otherwise.
func (r *Report) AddConflict(p Problem) { r.list(&r.Conflicts, p) }

// AddWarning notes what is taken and worth a look.
func (r *Report) AddWarning(p Problem) { r.list(&r.Warnings, p) }

func (r *Report) list(to *[]Problem, p Problem) {
	if len(*to) == maxListed {
		r.Untold++
		return
	}
	*to = append(*to, Problem{File: p.File, Line: p.Line, Field: Clip(p.Field), Value: Clip(p.Value), Msg: Plain(p.Msg)})
}

// Add takes what another report says to this one.
func (r *Report) Add(o Report) {
	for i, c := range []*Count{&r.Incidents, &r.Lines, &r.Contacts} {
		n := [...]Count{o.Incidents, o.Lines, o.Contacts}[i]
		c.Created, c.Revised, c.Unchanged, c.Conflicts, c.Rejected = c.Created+n.Created, c.Revised+n.Revised, c.Unchanged+n.Unchanged, c.Conflicts+n.Conflicts, c.Rejected+n.Rejected
	}
	r.Other, r.Untold = r.Other+o.Other, r.Untold+o.Untold
	for _, p := range o.Problems {
		r.AddProblem(p)
	}
	for _, p := range o.Conflicts {
		r.AddConflict(p)
	}
	for _, p := range o.Warnings {
		r.AddWarning(p)
	}
	r.Undone, r.Dry = r.Undone || o.Undone, r.Dry || o.Dry
}

// Failed reports whether any row was left out because it was bad.
func (r *Report) Failed() bool { return len(r.Problems) > 0 }

// Undo turns what was done into what it would have been.
func (r *Report) Undo() {
	r.Undone = true
	for _, c := range []*Count{&r.Incidents, &r.Lines, &r.Contacts} {
		c.Created, c.Revised = 0, 0
	}
}

// Counts lists what became of the records: "incidents: 115 created".
func (r *Report) Counts() []string {
	var out []string
	for _, c := range []struct {
		word string
		n    Count
	}{{"incidents", r.Incidents}, {"lines", r.Lines}, {"contacts", r.Contacts}} {
		if s := c.n.String(); s != "" {
			out = append(out, c.word+": "+s)
		}
	}
	if r.Other > 0 {
		out = append(out, fmt.Sprintf("lines that are no record: %d", r.Other))
	}
	return out
}

// Print writes the report for a terminal or a log file.
func (r *Report) Print(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, p := range r.Problems {
		fmt.Fprintln(b, p)
	}
	for _, p := range r.Conflicts {
		fmt.Fprintln(b, "conflict:", p)
	}
	for _, p := range r.Warnings {
		fmt.Fprintln(b, "warning:", p)
	}
	if r.Untold > 0 {
		fmt.Fprintf(b, "and %d more that are not listed\n", r.Untold)
	}
	for _, s := range r.Counts() {
		fmt.Fprintln(b, s)
	}
	switch {
	case r.Dry:
		fmt.Fprintln(b, "dry run: nothing was written; the counts say what would be")
	case r.Undone:
		fmt.Fprintln(b, "all or nothing: nothing was kept")
	}
	return b.Flush()
}

// WriteCSV writes every problem, conflict and warning as a row of a table.
func (r *Report) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"kind", "file", "row", "column", "value", "message"}}
	for _, list := range []struct {
		kind     string
		problems []Problem
	}{{"problem", r.Problems}, {"conflict", r.Conflicts}, {"warning", r.Warnings}} {
		for _, p := range list.problems {
			row := ""
			if p.Line > 0 {
				row = strconv.Itoa(p.Line)
			}
			rows = append(rows, formula.Row(list.kind, p.File, row, p.Field, p.Value, p.Msg))
		}
	}
	return out.WriteAll(rows)
}

// Clip shortens what a message repeats of a file, on a whole rune.
func Clip(s string) string {
	if len(s) > 1000 {
		s = s[:1000]
	}
	r := []rune(Plain(s))
	if len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return string(r)
}

// Plain takes control characters out: a problem is one line, and a terminal
// obeys some of them.
func Plain(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return '�'
		}
		return c
	}, strings.ToValidUTF8(s, "�"))
}
