package research

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

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
	Problems                   []Problem // bad lines; each was left out whole
	Conflicts                  []Problem // records that a person has edited since; left as they are
	Warnings                   []Problem // taken, but worth a look
	Undone                     bool      // all or nothing: there were problems, nothing was kept
}

// Failed reports whether any line was left out because it was bad.
func (r Report) Failed() bool { return len(r.Problems) > 0 }

// Print writes the report for a terminal or a log file.
func (r Report) Print(w io.Writer) error {
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
	for _, c := range []struct {
		word string
		n    Count
	}{{"incidents", r.Incidents}, {"lines", r.Lines}, {"contacts", r.Contacts}} {
		if s := c.n.String(); s != "" {
			fmt.Fprintf(b, "%s: %s\n", c.word, s)
		}
	}
	if r.Other > 0 {
		fmt.Fprintf(b, "lines that are no record: %d\n", r.Other)
	}
	if r.Undone {
		fmt.Fprintln(b, "all or nothing: nothing was kept")
	}
	return b.Flush()
}
