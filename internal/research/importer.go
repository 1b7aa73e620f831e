package research

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// A transaction takes so many records, or so many bytes of lines: each waits for
// the disk once, and memory holds no more than one of them.
const (
	batch      = 500
	batchBytes = 8 << 20
)

// ahead is how many lines are read while others are being written.
const ahead = 16

// importReason begins the reason of every revision that an import makes; a
// revision without it was made by a person.
const importReason = "Import: "

// Importer loads records of the form into the log.
type Importer struct {
	Store   hotline.Store
	Derive  func(*incidents.Record) incidents.Place // what geography says of a record
	Now     func() time.Time
	Marking string // of the records; the form has none
	Actor   access.Actor
}

// run is one import under way.
type run struct {
	*Importer
	report   Report
	contacts []entry             // held back until every incident is known
	named    map[string][]naming // by contact id: the incidents that name it
	seen     map[string]string   // by key of an entry: the line of this run that has it
}

// naming is an incident's own word that a contact belongs to it.
type naming struct {
	incident string
	line     *line
}

// errUndo ends a transaction of which nothing is to be kept.
var errUndo = errors.New("nothing is to be kept")

// Import reads the files in order. A bad line is reported and left out whole;
// with allOrNothing one bad line keeps everything out. The error is for what
// stops an import: a file or the store that cannot be read or written.
func (im *Importer) Import(ctx context.Context, files []File, allOrNothing bool) (Report, error) {
	r := &run{Importer: im, named: map[string][]naming{}, seen: map[string]string{}}
	if !allOrNothing {
		err := r.files(ctx, files, r.commitBatches)
		return r.report, err
	}
	err := im.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.files(ctx, files, r.oneByOne); err != nil {
			return err
		}
		if r.report.Failed() {
			return errUndo
		}
		return nil
	})
	if errors.Is(err, errUndo) {
		r.report.Undo()
		err = nil
	}
	return r.report, err
}

// keeper writes entries: each alone in its savepoint, so that none half-lands.
type keeper func(ctx context.Context, next func() (entry, bool, error)) error

// files feeds every line of every file to the keeper, contacts last.
func (r *run) files(ctx context.Context, files []File, keep keeper) error {
	for _, f := range files {
		if err := r.file(ctx, f, keep); err != nil {
			return err
		}
	}
	i := 0
	err := keep(ctx, func() (entry, bool, error) {
		if i == len(r.contacts) {
			return entry{}, false, nil
		}
		i++
		return r.contacts[i-1], true, nil
	})
	if err != nil {
		return err
	}
	for _, e := range r.contacts {
		delete(r.named, e.contact.contact.SourceID)
	}
	if len(r.named) == 0 {
		return nil
	}
	return r.Store.InTx(ctx, r.elsewhere)
}

// elsewhere links the contacts that an incident names and that are not in these
// files: they may be in the log already. One that is nowhere is a warning.
func (r *run) elsewhere(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(r.named)) {
		c, err := r.Store.ContactBySource(ctx, Source, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		for _, n := range r.named[id] {
			if err != nil {
				r.report.Warnings = append(r.report.Warnings, Problem{File: n.line.file, Line: n.line.number, Field: "contact_ids", Value: clip(id), Msg: "is no contact of the log; the incident was taken without it. Import the contact, then this file again."})
				continue
			}
			if err := r.linkElsewhere(ctx, c, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) linkElsewhere(ctx context.Context, c hotline.Contact, n naming) error {
	inc, err := r.Store.IncidentBySource(ctx, Source, n.incident)
	if fault.Is(err, fault.NotFound) {
		return nil // its own line was bad
	}
	if err != nil {
		return err
	}
	relation := relationWords[c.Relation]
	if relation == "" {
		relation = "discussed"
	}
	link := hotline.Link{IncidentID: inc.ID, Relation: relation, Linked: true, Meta: hotline.Meta{Reason: importReason + n.line.file}}
	made, err := r.syncLinks(ctx, c.ID, []hotline.Link{link})
	if made {
		r.report.Contacts.Revised++
	}
	return err
}

// file reads one file in a goroutine of its own, a little ahead of the writer.
func (r *run) file(ctx context.Context, f File, keep keeper) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	entries, failed := make(chan entry, ahead), make(chan error, 1)
	go func() {
		defer close(entries)
		failed <- each(f, func(e entry) error {
			select {
			case entries <- e:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	err := keep(ctx, func() (entry, bool, error) {
		for e := range entries {
			if e.contact != nil && len(e.line.problems) == 0 {
				r.contacts = append(r.contacts, e)
				continue
			}
			return e, true, nil
		}
		return entry{}, false, <-failed
	})
	return err
}

// commitBatches keeps entries in transactions of a batch each.
func (r *run) commitBatches(ctx context.Context, next func() (entry, bool, error)) error {
	for {
		// The batch is read before the transaction begins: whoever waits for a
		// slow file must not hold the log against all other writers.
		var entries []entry
		var readErr error
		more := true
		for size := 0; more && len(entries) < batch && size < batchBytes; {
			var e entry
			if e, more, readErr = next(); more {
				entries = append(entries, e)
				size += e.line.size
			}
		}
		if len(entries) > 0 {
			err := r.Store.InTx(ctx, func(ctx context.Context) error {
				for _, e := range entries {
					if err := r.keep(ctx, e); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		if !more {
			return readErr
		}
	}
}

// oneByOne keeps entries in the transaction that the context carries.
func (r *run) oneByOne(ctx context.Context, next func() (entry, bool, error)) error {
	for {
		e, ok, err := next()
		if err != nil || !ok {
			return err
		}
		if err := r.keep(ctx, e); err != nil {
			return err
		}
	}
}

// keep writes one entry in a savepoint, or notes what is wrong with it.
func (r *run) keep(ctx context.Context, e entry) error {
	count := r.countOf(e)
	if len(e.line.problems) == 0 {
		err := r.Store.InTx(ctx, func(ctx context.Context) error { return r.write(ctx, e, count) })
		switch k := fault.Of(err); {
		case err == nil:
			r.report.Warnings = append(r.report.Warnings, e.line.warnings...)
			if key := e.key(); r.seen[key] == "" {
				r.seen[key] = fmt.Sprintf("%s:%d", e.line.file, e.line.number)
			}
			return nil
		case errors.Is(err, errUndo): // the line's problems say why
		case k == fault.Invalid || k == fault.Conflict || k == fault.NotFound:
			e.line.add("record", "", err.Error())
		default:
			return fmt.Errorf("%s:%d: %w", e.line.file, e.line.number, err)
		}
	}
	r.report.Problems = append(r.report.Problems, e.line.problems...)
	if count == nil {
		r.report.Other++
	} else {
		count.Rejected++
	}
	return nil
}

func (r *run) countOf(e entry) *Count {
	switch {
	case e.incident != nil:
		return &r.report.Incidents
	case e.channel != nil:
		return &r.report.Lines
	case e.contact != nil:
		return &r.report.Contacts
	}
	return nil
}

func (r *run) write(ctx context.Context, e entry, count *Count) error {
	switch {
	case e.incident != nil:
		return r.writeIncident(ctx, e, count)
	case e.channel != nil:
		return r.writeLine(ctx, e, count)
	}
	return r.writeContact(ctx, e, count)
}

func (r *run) writeIncident(ctx context.Context, e entry, count *Count) error {
	rec := e.incident.record
	rec.Marking = r.Marking
	if r.future(e.line, "date_time_start", rec.Start) || r.future(e.line, "date_time_end", rec.End) {
		return errUndo
	}
	place := r.place(&rec)
	for _, id := range e.incident.contacts {
		r.named[id] = append(r.named[id], naming{rec.SourceID, e.line})
	}
	was, err := r.Store.IncidentBySource(ctx, Source, rec.SourceID)
	if fault.Is(err, fault.NotFound) {
		_, _, err = r.Store.CreateIncident(ctx, r.Actor, incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted, Record: rec, Derived: place, Reason: importReason + e.line.file})
		return note(&count.Created, err)
	}
	if err != nil {
		return err
	}
	ours := r.imported(was.Reason, was.RecordedBy)
	if ours { // the form has no marking: the one it was imported with stays
		rec.Marking = was.Record.Marking
	}
	if canonical(was.Record) == canonical(rec) && was.Status != incidents.Retracted {
		count.Unchanged++
		return nil
	}
	if r.twice(e) {
		return errUndo
	}
	if !ours {
		return r.conflict(e, count, was.RecordedBy, was.Number)
	}
	was.Record, was.Derived, was.Reason = rec, place, importReason+e.line.file
	_, err = r.Store.ReviseIncident(ctx, r.Actor, was)
	return note(&count.Revised, err)
}

// place derives the geography. A region that the form states and that differs
// from the geometry's is kept as an override with its reason; one that agrees
// is no override.
func (r *run) place(rec *incidents.Record) incidents.Place {
	p := r.Derive(rec)
	switch {
	case rec.Region == "" || p.GeometryRegion == "":
	case rec.Region == p.GeometryRegion:
		rec.Region = ""
	default:
		rec.RegionReason = "as the imported record states it"
	}
	return p
}

// future notes a time that has not come yet; clocks may differ by 5 min.
func (r *run) future(l *line, field string, m incidents.Moment) bool {
	if m.From <= incidents.MillisOf(r.Now().Add(5*time.Minute)) {
		return false
	}
	l.add(field, m.Text, "lies in the future; it is "+incidents.FormatDTG(r.Now())+" now.")
	return true
}

func (r *run) writeLine(ctx context.Context, e entry, count *Count) error {
	l := e.channel.Line
	was, err := r.Store.LineBySource(ctx, Source, l.SourceID)
	if fault.Is(err, fault.NotFound) {
		l.ID, l.Reason = hotline.LineID(newID()), importReason+e.line.file
		_, _, err = r.Store.CreateLine(ctx, r.Actor, l)
		return note(&count.Created, err)
	}
	if err != nil {
		return err
	}
	l.ID, l.Meta = was.ID, was.Meta
	if canonical(l) == canonical(was) {
		count.Unchanged++
		return nil
	}
	if r.twice(e) {
		return errUndo
	}
	if !r.imported(was.Reason, was.RecordedBy) {
		return r.conflict(e, count, was.RecordedBy, was.Short)
	}
	l.Reason = importReason + e.line.file
	_, err = r.Store.ReviseLine(ctx, r.Actor, l)
	return note(&count.Revised, err)
}

func (r *run) writeContact(ctx context.Context, e entry, count *Count) error {
	c := e.contact.contact
	c.Marking = r.Marking
	if r.future(e.line, "date_time", c.Start) || r.future(e.line, "date_time_end", c.End) {
		return errUndo
	}
	if id := e.contact.channelID; id != "" {
		l, err := r.Store.LineBySource(ctx, Source, id)
		if fault.Is(err, fault.NotFound) {
			e.line.add("channel_id", id, "is no channel of the log; import the channel, or give null.")
			return errUndo
		}
		if err != nil {
			return err
		}
		c.LineID = l.ID
	}
	links, err := r.links(ctx, e, c)
	if err != nil {
		return err
	}
	was, err := r.Store.ContactBySource(ctx, Source, c.SourceID)
	if fault.Is(err, fault.NotFound) {
		c.ID, c.Reason = hotline.ContactID(newID()), importReason+e.line.file
		_, _, err = r.Store.CreateContact(ctx, r.Actor, c, links)
		return note(&count.Created, err)
	}
	if err != nil {
		return err
	}
	c.ID, c.Meta = was.ID, was.Meta
	ours := r.imported(was.Reason, was.RecordedBy)
	if ours {
		c.Marking = was.Marking
	}
	same := canonical(c) == canonical(was)
	if !same && r.twice(e) {
		return errUndo
	}
	if !same && !ours {
		return r.conflict(e, count, was.RecordedBy, was.SourceID)
	}
	linked, err := r.syncLinks(ctx, was.ID, links)
	switch {
	case err != nil:
		return err
	case same && !linked:
		count.Unchanged++
		return nil
	case same:
		count.Revised++
		return nil
	}
	c.Reason = importReason + e.line.file
	_, err = r.Store.ReviseContact(ctx, r.Actor, c)
	return note(&count.Revised, err)
}

// links finds the incidents that the contact names, and those that name it.
func (r *run) links(ctx context.Context, e entry, c hotline.Contact) ([]hotline.Link, error) {
	var links []hotline.Link
	seen := map[string]bool{}
	ids := append([]string{}, e.contact.incidents...)
	for _, n := range r.named[c.SourceID] {
		ids = append(ids, n.incident)
	}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		inc, err := r.Store.IncidentBySource(ctx, Source, id)
		if fault.Is(err, fault.NotFound) {
			e.line.add("linked_incident_ids", id, "is no incident of the log; import the incident first or in the same run.")
			return nil, errUndo
		}
		if err != nil {
			return nil, err
		}
		relation := e.contact.relation
		if relation == "" {
			relation = "discussed"
		}
		if relation == "prompted_by" && hotline.EndedBefore(c, inc) {
			e.line.warn("relation", c.Relation, "the contact ended before incident "+id+" began, so it cannot have been prompted by it; it counts for nothing.")
		}
		links = append(links, hotline.Link{IncidentID: inc.ID, Relation: relation, Linked: true, Meta: hotline.Meta{Reason: importReason + e.line.file}})
	}
	return links, nil
}

// syncLinks makes the links that are not there yet, and gives those that an
// import made the relation that the file has now. What a person has done to a
// link, undoing it included, stays.
func (r *run) syncLinks(ctx context.Context, id hotline.ContactID, links []hotline.Link) (made bool, err error) {
	for _, l := range links {
		revisions, err := r.Store.LinkRevisions(ctx, l.IncidentID, 0)
		if err != nil {
			return made, err
		}
		var was *hotline.Link // the newest revision of this link
		for i := range revisions {
			if revisions[i].ContactID == id && (was == nil || revisions[i].Revision > was.Revision) {
				was = &revisions[i]
			}
		}
		if was != nil && (was.Relation == l.Relation || !was.Linked || !r.imported(was.Reason, was.RecordedBy)) {
			continue
		}
		l.ContactID = id
		if err := r.Store.SetLink(ctx, r.Actor, l); err != nil {
			return made, err
		}
		made = true
	}
	return made, nil
}

// conflict notes that a person has edited the record since its import.
func (r *run) conflict(e entry, count *Count, who, what string) error {
	count.Conflicts++
	r.report.Conflicts = append(r.report.Conflicts, Problem{File: e.line.file, Line: e.line.number, Field: "record", Value: what, Msg: "has been edited by " + who + " since it was imported, and differs from the file; it was left as it is."})
	return nil
}

// twice notes that another line of this run has the id with other content: the
// two would overwrite each other at every import.
func (r *run) twice(e entry) bool {
	first, ok := r.seen[e.key()]
	if ok {
		e.line.add("id", e.id(), "stands already in "+first+", with other content; an id is used once.")
	}
	return ok
}

// imported reports whether a revision was made by an import: its reason says
// so, and it was written by this importer or by another command, whose names
// have a colon, which those of users cannot have. A person may type any reason.
func (r *run) imported(reason, by string) bool {
	return strings.HasPrefix(reason, importReason) && (by == r.Actor.Name || strings.Contains(by, ":"))
}

func note(n *int, err error) error {
	if err == nil {
		*n++
	}
	return err
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
