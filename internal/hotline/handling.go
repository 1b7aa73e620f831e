package hotline

import (
	"context"
	"slices"
	"strings"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// Check keeps which fields of a report a second person found right; see
// incidents.Log.Check. contacts is what ContactsSeen gave when the person
// looked: contacts that have changed since are not checked unseen.
func (d *Desk) Check(ctx context.Context, actor access.Actor, c incidents.Checking, contacts Millis) (inc incidents.Incident, w incidents.Workflow, err error) {
	return d.checking(ctx, c, contacts, func(ctx context.Context, l *incidents.Log, c incidents.Checking) (incidents.Incident, incidents.Workflow, error) {
		return l.Check(ctx, actor, c)
	})
}

// Return sends a report back with a remark and keeps the ticks of the form;
// see incidents.Log.Return.
func (d *Desk) Return(ctx context.Context, actor access.Actor, c incidents.Checking, contacts Millis) (inc incidents.Incident, w incidents.Workflow, err error) {
	return d.checking(ctx, c, contacts, func(ctx context.Context, l *incidents.Log, c incidents.Checking) (incidents.Incident, incidents.Workflow, error) {
		return l.Return(ctx, actor, c)
	})
}

type checkFunc func(context.Context, *incidents.Log, incidents.Checking) (incidents.Incident, incidents.Workflow, error)

// checking adds to a check what only this package knows: the contacts.
func (d *Desk) checking(ctx context.Context, c incidents.Checking, contacts Millis, do checkFunc) (inc incidents.Incident, w incidents.Workflow, err error) {
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		seen, authors, err := d.ContactsSeen(ctx, c.ID)
		if err != nil {
			return err
		}
		if seen != contacts && slices.Contains(c.Fields, "contacts") {
			return fault.New(fault.Conflict, "The contacts of this incident have changed meanwhile; look at them again.")
		}
		c.ContactAuthors = authors
		inc, w, err = do(ctx, &incidents.Log{Store: d.Store, Now: d.Now}, c)
		return err
	})
	return inc, w, err
}

// ContactsSeen says when the contacts of an incident and their links were last
// written, 0 where there are none, and who wrote those that are linked.
func (d *Desk) ContactsSeen(ctx context.Context, id incidents.ID) (last Millis, authors []string, err error) {
	links, err := d.Store.LinkRevisions(ctx, id, 0)
	if err != nil {
		return 0, nil, err
	}
	for _, l := range links {
		last = max(last, l.RecordedAt)
	}
	c, err := d.Store.Case(ctx, id, At{})
	if err != nil {
		return 0, nil, err
	}
	for _, l := range c.Contacts {
		last = max(last, l.RecordedAt)
		for _, by := range []string{l.RecordedBy, l.LinkedAs.RecordedBy} {
			if !slices.Contains(authors, by) {
				authors = append(authors, by)
			}
		}
	}
	return last, authors, nil
}

const notMerged = "The incident was not merged."

// Merge says that an incident stands in the log twice: the one seen becomes
// retracted and points to the other, given by its number or id, which gets its
// contacts. Both stay readable, and the old number still answers.
func (d *Desk) Merge(ctx context.Context, actor access.Actor, seen incidents.Seen, into, reason string) (gone incidents.Incident, err error) {
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		if gone, err = d.Store.Incident(ctx, seen.ID, 0); err != nil {
			return err
		}
		if err := gone.Status.Take(incidents.StepMerge, actor); err != nil {
			return err
		}
		if seen.Revision != gone.Revision {
			return fault.New(fault.Conflict, "Somebody else changed this incident meanwhile; look at it again.")
		}
		rd := d.reader()
		stays, err := d.survivor(ctx, rd, &gone, into)
		if err != nil {
			return err
		}
		reason = rd.line("reason", reason)
		if err := rd.Err(notMerged, "into", "reason"); err != nil {
			return err
		}
		if err := d.moveContacts(ctx, actor, &gone, &stays); err != nil {
			return err
		}
		gone.Status, gone.MergedInto = incidents.Retracted, stays.ID
		gone.Reason = strings.TrimSuffix("Duplicate of "+nameOf(&stays)+": "+reason, ": ")
		gone, err = d.Store.ReviseIncident(ctx, actor, gone)
		return err
	})
	return gone, err
}

// survivor finds the incident that stays, or notes why it cannot be the one.
func (d *Desk) survivor(ctx context.Context, rd *contactReader, gone *incidents.Incident, into string) (stays incidents.Incident, err error) {
	into = strings.TrimSpace(into)
	if id, ok := incidents.ParseID(into); ok {
		stays, err = d.Store.Incident(ctx, id, 0)
	} else {
		stays, err = d.Store.IncidentByNumber(ctx, into)
	}
	switch {
	case into == "":
		rd.Add("into", "Enter the number of the incident that stays, such as 2026-0117.")
		return stays, nil
	case fault.Is(err, fault.NotFound):
		rd.Add("into", "There is no incident “"+clip(into)+"”; enter a number such as 2026-0117.")
		return stays, nil
	case err != nil:
		return stays, err
	case stays.ID == gone.ID:
		rd.Add("into", "This is the incident itself; enter the number of the other one.")
	case stays.Status == incidents.Retracted:
		rd.Add("into", "Incident "+nameOf(&stays)+" has itself been retracted; enter one that stands.")
	case stays.Status == incidents.Draft:
		rd.Add("into", "That is a draft; it must be filed before another report is merged into it.")
	case stays.Record.Exercise != gone.Record.Exercise:
		rd.Add("into", "One of the two is an exercise and the other is real: they cannot be the same encounter.")
	}
	return stays, nil
}

// moveContacts links what is linked to the duplicate to the incident that
// stays. The links of the duplicate are kept: its page stays as it was. A
// contact that the other incident has, or had and was taken off, stays as a
// person decided there.
func (d *Desk) moveContacts(ctx context.Context, actor access.Actor, gone, stays *incidents.Incident) error {
	c, err := d.Store.Case(ctx, gone.ID, At{})
	if err != nil {
		return err
	}
	links, err := d.Store.LinkRevisions(ctx, stays.ID, 0)
	if err != nil {
		return err
	}
	for _, l := range c.Contacts {
		if slices.ContainsFunc(links, func(there Link) bool { return there.ContactID == l.ID }) {
			continue
		}
		link := Link{ContactID: l.ID, IncidentID: stays.ID, Relation: l.LinkedAs.Relation, Linked: true, Meta: Meta{Reason: "Came from the duplicate " + nameOf(gone) + "."}}
		if link.Relation == "prompted_by" && EndedBefore(l.Contact, *stays) {
			// By the times of the incident that stays it cannot be so.
			link.Relation = "coincident"
			link.Reason += " It ended before this incident began, by the times on record."
		}
		if err := d.Store.SetLink(ctx, actor, link); err != nil {
			return err
		}
	}
	return nil
}
