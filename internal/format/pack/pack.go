// Package pack writes what a yearly consultation between the two sides needs,
// as a ZIP that is read without the product: tables as CSV, a text that says
// what they are, and the hash of every file. It reads through hotline.Store and
// decides nothing: every status is that of the pages.
//
// No article of an agreement is on record, and none is guessed: incidents are
// counted by what was done, and the column article says unknown.
package pack

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/formula"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Source is where the pack is read from.
type Source interface {
	EachCase(ctx context.Context, f incidents.Filter, at hotline.At, full bool, fn func(*hotline.Case) error) error
	Lines(ctx context.Context, asOf hotline.Millis) ([]hotline.Line, error)
	LineRevisions(ctx context.Context, id hotline.LineID, asOf hotline.Millis) ([]hotline.Line, error)
	LineEvents(ctx context.Context, f hotline.LineEventFilter) ([]hotline.LineEvent, error)
	Contacts(ctx context.Context, f hotline.ContactFilter) (hotline.ContactPage, error)
	Audit(ctx context.Context, actor access.Actor, action, subject string, detail any) error
}

// Period is the incidents that may have begun in [From, To).
type Period struct{ From, To hotline.Millis }

// table is a CSV file that grows.
type table struct {
	name string
	buf  bytes.Buffer
	rows int
}

func newTable(name string, head ...string) *table {
	t := &table{name: name, rows: -1}
	t.add(head...)
	return t
}

// add writes a row.
func (t *table) add(cells ...string) {
	w := csv.NewWriter(&t.buf)
	_ = w.Write(formula.Row(cells...)) // into memory: cannot fail
	w.Flush()
	t.rows++
}

// pack is one that is being made.
type pack struct {
	src       Source
	period    Period
	at        hotline.At
	incidents *table
	claims    *table
	contacts  *table
	lines     *table
	done      map[string]int // incidents by what was done
	statuses  map[string]int // by the worst status
	regions   map[string]int
	markings  map[string]bool
}

// Write writes the pack of a period, as the log stands at a moment, with an
// audit entry before it and one after. It gives the number of incidents.
func Write(ctx context.Context, src Source, actor access.Actor, period Period, at hotline.At, w io.Writer) (count int, err error) {
	if err := actor.Require(access.Export); err != nil {
		return 0, err
	}
	note := map[string]any{"format": "pack", "from": incidents.FormatInstant(period.From), "to": incidents.FormatInstant(period.To)}
	if err := src.Audit(ctx, actor, "export.start", "incidents", note); err != nil {
		return 0, err
	}
	defer func() {
		note["count"], note["complete"] = count, err == nil
		// The end is noted even when the reader has gone away.
		err = errors.Join(err, src.Audit(context.WithoutCancel(ctx), actor, "export.end", "incidents", note))
	}()
	p := &pack{src: src, period: period, at: at, done: map[string]int{}, statuses: map[string]int{}, regions: map[string]int{}, markings: map[string]bool{},
		incidents: newTable("incidents.csv", "number", "id", "revision", "began", "began_from", "began_to", "region", "airspace", "severity", "behaviours", "article", "intercepting", "intercepted", "title",
			"status_best", "status_worst", "asked_for", "within", "first_contact_after", "recorded", "recorded_after", "marking", "narrative"),
		claims:   newTable("claims.csv", "number", "about", "claimed", "by", "source"),
		contacts: newTable("contacts.csv", "number", "contact", "began", "after_incident", "relation", "kind", "direct", "outcome", "got_through", "from", "to", "purpose", "summary"),
		lines:    newTable("lines.csv", "line", "kind", "state_now", "attempts_through", "attempts", "tests_through", "tests", "hours_in_each_state")}
	if err := src.EachCase(ctx, incidents.Filter{From: period.From, To: period.To}, at, true, p.add); err != nil {
		return 0, fmt.Errorf("read the incidents: %w", err)
	}
	if err := p.addLines(ctx); err != nil {
		return 0, err
	}
	return p.incidents.rows, p.zip(actor, w)
}

// add takes an incident with its claims and contacts.
func (p *pack) add(c *hotline.Case) error {
	inc, rec, a := c.Incident, c.Incident.Record, c.Assessment
	number := cmp.Or(inc.Number, string(inc.ID))
	began := hotline.Bounds{Max: hotline.Unbounded}
	from, to := "", ""
	if !rec.Start.IsZero() {
		began = hotline.Between(rec.Start.Interval, incidents.Interval{From: inc.FirstRecordedAt, To: inc.FirstRecordedAt})
		from, to = incidents.FormatInstant(rec.Start.From), incidents.FormatInstant(rec.Start.To)
	}
	first := "none on record"
	if a.FirstContact != nil {
		first = hotline.FormatBounds(*a.FirstContact)
	}
	within := ""
	if a.Rule.Need != hotline.NeedNone {
		within = hotline.FormatWithin(a.Rule.WithinS)
	}
	p.incidents.add(number, string(inc.ID), strconv.Itoa(inc.Revision), rec.Start.String(), from, to, inc.Derived.Region, rec.Airspace.Kind, rec.Severity, strings.Join(rec.Behaviours, " "), "unknown",
		rec.Intercepting.String(), rec.Intercepted.String(), rec.Title, string(a.Best), string(a.Worst), string(a.Rule.Need), within, first,
		incidents.FormatInstant(inc.FirstRecordedAt), hotline.FormatBounds(began), rec.Marking, rec.Narrative)
	for _, k := range rec.Claims {
		p.claims.add(number, k.Field, k.Value, cmp.Or(k.Claimant, "unknown"), k.Source)
	}
	if rec.Dispute != "" {
		p.claims.add(number, "dispute", rec.Dispute, "both sides, in one text", "")
	}
	for _, l := range c.Contacts {
		if l.Retracted || !l.LinkedAs.Linked {
			continue
		}
		after := "unknown"
		if !l.Start.IsZero() && !rec.Start.IsZero() {
			after = hotline.FormatBounds(hotline.Between(rec.Start.Interval, l.Start.Interval))
		}
		p.contacts.add(number, string(l.ID), l.Start.String(), after, l.LinkedAs.Relation, l.Channel.Kind, strconv.FormatBool(hotline.IsDirect(l.Channel.Kind)), l.Outcome,
			strconv.FormatBool(hotline.GotThrough(l.Outcome)), strings.Join(l.Initiators, " "), strings.Join(l.Answerers, " "), l.Purpose, l.Summary)
	}
	for _, b := range rec.Behaviours {
		p.done[b]++
	}
	p.statuses[string(a.Worst)]++
	p.regions[inc.Derived.Region]++
	p.markings[rec.Marking] = true
	return nil
}

// addLines works out how each line was over the period.
func (p *pack) addLines(ctx context.Context) error {
	lines, err := p.src.Lines(ctx, p.at.AsOf)
	if err != nil {
		return fmt.Errorf("read the lines: %w", err)
	}
	until := min(p.period.To, p.at.Now)
	for _, l := range lines {
		if l.Exercise || until <= p.period.From {
			continue
		}
		revisions, err := p.src.LineRevisions(ctx, l.ID, p.at.AsOf)
		if err != nil {
			return fmt.Errorf("read the line %s: %w", l.Short, err)
		}
		events, err := p.src.LineEvents(ctx, hotline.LineEventFilter{LineID: l.ID, AsOf: p.at.AsOf})
		if err != nil {
			return fmt.Errorf("read the events of %s: %w", l.Short, err)
		}
		contacts, err := p.contactsOf(ctx, l.ID)
		if err != nil {
			return fmt.Errorf("read the contacts of %s: %w", l.Short, err)
		}
		a := hotline.AvailabilityOf(revisions, events, contacts, p.period.From, until)
		var in []string
		for _, state := range slices.Sorted(maps.Keys(a.In)) {
			in = append(in, fmt.Sprintf("%s %d", state, a.In[state]/hotline.Millis(time.Hour/time.Millisecond)))
		}
		p.lines.add(l.Name, l.Kind, l.State, strconv.Itoa(a.Attempts.N), strconv.Itoa(a.Attempts.Of), strconv.Itoa(a.Tests.N), strconv.Itoa(a.Tests.Of), strings.Join(in, ", "))
	}
	return nil
}

// contactsOf reads the contacts over a line back to the begin of the period.
func (p *pack) contactsOf(ctx context.Context, line hotline.LineID) ([]hotline.Contact, error) {
	f := hotline.ContactFilter{LineID: line, Tests: true, AsOf: p.at.AsOf, Limit: 500}
	var list []hotline.Contact
	for {
		found, err := p.src.Contacts(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, k := range found.Contacts {
			list = append(list, k.Contact)
		}
		if f.After = found.Next; f.After == "" || list[len(list)-1].Start.From < p.period.From {
			return list, nil
		}
	}
}

// manifest says what the pack holds, of when and for whom.
type manifest struct {
	From       string   `json:"from"`
	To         string   `json:"to"`
	AsOf       string   `json:"as_of"`
	ExportedBy string   `json:"exported_by"`
	Markings   []string `json:"markings"`
	Files      []file   `json:"files"`
}

type file struct {
	Path   string `json:"path"`
	Rows   int    `json:"rows"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// zip writes the files, and their hashes last.
func (p *pack) zip(actor access.Actor, w io.Writer) error {
	asOf := p.at.Now
	if p.at.AsOf != 0 {
		asOf = p.at.AsOf
	}
	m := manifest{From: incidents.FormatInstant(p.period.From), To: incidents.FormatInstant(p.period.To), AsOf: incidents.FormatInstant(asOf), ExportedBy: actor.Name, Markings: slices.Sorted(maps.Keys(p.markings))}
	z := zip.NewWriter(w)
	var sums strings.Builder
	put := func(name string, content []byte, rows int) error {
		out, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: asOf.Time()})
		if err != nil {
			return err
		}
		hash := sha256.Sum256(content)
		sum := hex.EncodeToString(hash[:])
		if rows >= 0 {
			m.Files = append(m.Files, file{name, rows, len(content), sum})
		}
		fmt.Fprintf(&sums, "%s  %s\n", sum, name)
		_, err = out.Write(content)
		return err
	}
	if err := put("README.md", []byte(p.text(m)), 0); err != nil {
		return err
	}
	for _, t := range []*table{p.incidents, p.claims, p.contacts, p.lines} {
		if err := put(t.name, t.buf.Bytes(), t.rows); err != nil {
			return err
		}
	}
	said, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := put("manifest.json", append(said, '\n'), -1); err != nil {
		return err
	}
	out, err := z.CreateHeader(&zip.FileHeader{Name: "SHA256SUMS", Method: zip.Deflate, Modified: asOf.Time()})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, sums.String()); err != nil {
		return err
	}
	return z.Close()
}

// text is the document that explains the tables, with their counts.
func (p *pack) text(m manifest) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Pack for the consultation\n\n%s\n\nIncidents that may have begun from %s to %s, as the log stood at %s.\nWritten by %s. Times are UTC. Exercises, drafts and what was retracted are left out.\n\n", strings.Join(m.Markings, ", "), m.From, m.To, m.AsOf, m.ExportedBy)
	fmt.Fprintf(&b, "| file | rows | what it holds |\n|---|---|---|\n")
	for _, t := range []struct {
		*table
		what string
	}{
		{p.incidents, "each incident: what, where, when, the answer to “did they call”, and how long after its begin it was recorded"},
		{p.claims, "what each side says of it; a dispute that is on record as one text stands as such"},
		{p.contacts, "each contact linked to an incident: outcome, and how long after the begin of the incident"},
		{p.lines, "each line over the period: attempts and tests that got through of all, and hours in each state"},
	} {
		fmt.Fprintf(&b, "| %s | %d | %s |\n", t.name, t.rows, t.what)
	}
	b.WriteString("\nWhere times are known to the day or the hour, times between them are stretches: “9 to 33 h” is the least and the most. status_best and status_worst differ where they leave the answer open.\n")
	b.WriteString("\n## Articles\n\nThe log holds no article of an agreement, so the column article says unknown. What was done is counted below; which article it touches is for the delegations.\n")
	for _, c := range []struct {
		title  string
		counts map[string]int
		words  func(string) string
	}{
		{"What was done (an incident may count more than once)", p.done, incidents.Behaviours.Word},
		{"De-escalation, at worst", p.statuses, incidents.Deescalations.Word},
		{"Region", p.regions, incidents.RegionCodes.Word},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n| | incidents |\n|---|---|\n", c.title)
		for _, code := range slices.Sorted(maps.Keys(c.counts)) {
			fmt.Fprintf(&b, "| %s | %d |\n", c.words(code), c.counts[code])
		}
	}
	b.WriteString("\n## Proof\n\nmanifest.json lists the files; `sha256sum -c SHA256SUMS` checks them.\n")
	return b.String()
}
