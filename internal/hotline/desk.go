package hotline

import (
	"context"
	"fmt"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// Desk logs contacts and links them to incidents: rights, every field checked
// at once, then one store method, which is one transaction.
type Desk struct {
	Store Store
	Now   func() time.Time
}

const (
	notLogged  = "The contact was not logged."
	notChanged = "The contact was not changed."
	notLinked  = "The link was not changed."
)

// LogContact logs a contact and links it to the incidents that the report
// names. The report's id was made by the client: logging it again gives the
// contact that the first try made.
func (d *Desk) LogContact(ctx context.Context, actor access.Actor, r ContactReport) (Contact, error) {
	if err := actor.Require(access.Write); err != nil {
		return Contact{}, err
	}
	id, ok := incidents.ParseID(r.ID)
	if !ok {
		return Contact{}, fault.New(fault.Invalid, "The form has lost its id; open a new one and paste what you typed.")
	}
	c, links, err := d.ReadContact(ctx, r, Contact{ID: ContactID(id)})
	if err != nil {
		return Contact{}, err
	}
	stored, _, err := d.Store.CreateContact(ctx, actor, c, links)
	return stored, err
}

// ReadContact reads a report over a contact (for a new one, nothing but its id)
// as LogContact would, and writes nothing. An Invalid fault names every field
// that is wrong.
func (d *Desk) ReadContact(ctx context.Context, r ContactReport, base Contact) (Contact, []Link, error) {
	rd := d.reader()
	line, err := d.line(ctx, rd, r.LineID)
	if err != nil {
		return Contact{}, nil, err
	}
	c := rd.read(r, base, line)
	links, err := d.links(ctx, rd, r, &c)
	if err != nil {
		return Contact{}, nil, err
	}
	return c, links, rd.Err(notLogged, ContactFields...)
}

// ReviseContact changes a contact. base is the revision that the change was
// made from. The links stay as they are, and are checked against the new
// times: a call cannot become one that was prompted by an incident after it.
func (d *Desk) ReviseContact(ctx context.Context, actor access.Actor, base int, r ContactReport, reason string) (Contact, error) {
	if err := actor.Require(access.Write); err != nil {
		return Contact{}, err
	}
	was, err := d.contact(ctx, r.ID)
	if err != nil {
		return Contact{}, err
	}
	if was.Retracted {
		return Contact{}, fault.New(fault.Conflict, "This contact has been retracted and cannot be changed.")
	}
	rd := d.reader()
	line, err := d.line(ctx, rd, r.LineID)
	if err != nil {
		return Contact{}, err
	}
	c := rd.read(r, was.Contact, line)
	for i := range was.Incidents {
		if l := &was.Incidents[i]; l.Link.Linked {
			rd.link(&c, &l.Incident, l.Link.Relation)
		}
	}
	c.Reason = rd.reason(reason, "corrected the time")
	if err := rd.Err(notChanged, ContactFields...); err != nil {
		return Contact{}, err
	}
	if base != was.Revision {
		return Contact{}, fault.New(fault.Conflict, "Somebody else changed this contact while you were editing.")
	}
	return d.Store.ReviseContact(ctx, actor, c)
}

// RetractContact takes a contact back, with a reason; it stays readable and
// counts for nothing any more. Like an incident, it needs a supervisor.
func (d *Desk) RetractContact(ctx context.Context, actor access.Actor, id ContactID, base int, reason string) (Contact, error) {
	if err := actor.Require(access.Manage); err != nil {
		return Contact{}, err
	}
	was, err := d.contact(ctx, string(id))
	if err != nil {
		return Contact{}, err
	}
	if was.Retracted {
		return Contact{}, fault.New(fault.Conflict, "This contact has already been retracted.")
	}
	rd := d.reader()
	c := was.Contact
	c.Retracted, c.Reason = true, rd.reason(reason, "logged twice")
	if err := rd.Err("The contact was not retracted.", ContactFields...); err != nil {
		return Contact{}, err
	}
	if base != was.Revision {
		return Contact{}, fault.New(fault.Conflict, "Somebody else changed this contact meanwhile; look at it again.")
	}
	return d.Store.ReviseContact(ctx, actor, c)
}

// Link says that a contact has to do with an incident, or that it has to do
// with it in another way than was said; the latter needs a reason.
func (d *Desk) Link(ctx context.Context, actor access.Actor, contactID ContactID, incidentID incidents.ID, relation, reason string) error {
	if err := actor.Require(access.Write); err != nil {
		return err
	}
	c, err := d.contact(ctx, string(contactID))
	if err != nil {
		return err
	}
	if c.Retracted {
		return fault.New(fault.Conflict, "This contact has been retracted and cannot be linked.")
	}
	rd := d.reader()
	l := Link{ContactID: c.ID, IncidentID: incidentID, Linked: true}
	was := linkTo(c, incidentID)
	if was != nil {
		l.Meta, l.IncidentID = was.Link.Meta, was.Link.IncidentID
	}
	inc, err := d.incident(ctx, rd, string(incidentID))
	if err != nil {
		return err
	}
	l.Relation = rd.relation(relation)
	if inc != nil {
		l.IncidentID = inc.ID
		rd.link(&c.Contact, inc, l.Relation)
	}
	if was != nil && was.Link.Linked && was.Link.Relation != l.Relation {
		l.Reason = rd.reason(reason, "they spoke of it only in passing")
	} else {
		l.Reason = rd.line("reason", reason)
	}
	if err := rd.Err(notLinked, ContactFields...); err != nil {
		return err
	}
	if was != nil && was.Link.Linked && was.Link.Relation == l.Relation {
		return nil // said already: a second click writes no second revision
	}
	return d.Store.SetLink(ctx, actor, l)
}

// Unlink says that a contact has nothing to do with an incident after all.
func (d *Desk) Unlink(ctx context.Context, actor access.Actor, contactID ContactID, incidentID incidents.ID, reason string) error {
	if err := actor.Require(access.Write); err != nil {
		return err
	}
	c, err := d.contact(ctx, string(contactID))
	if err != nil {
		return err
	}
	was := linkTo(c, incidentID)
	if was == nil || !was.Link.Linked {
		return fault.New(fault.NotFound, "This contact is not linked to that incident.")
	}
	rd := d.reader()
	l := was.Link
	l.Linked, l.Reason = false, rd.reason(reason, "another incident was meant")
	if err := rd.Err(notLinked, ContactFields...); err != nil {
		return err
	}
	return d.Store.SetLink(ctx, actor, l)
}

func (d *Desk) reader() *contactReader { return &contactReader{now: d.Now().UTC()} }

// contact finds the contact that is to be changed.
func (d *Desk) contact(ctx context.Context, id string) (ContactWithIncidents, error) {
	u, ok := incidents.ParseID(id)
	if !ok {
		return ContactWithIncidents{}, fault.New(fault.NotFound, "There is no such contact.")
	}
	return d.Store.Contact(ctx, ContactID(u), 0)
}

// line finds the line that a report names. A line that does not exist is a
// mistake in the field, not a missing page.
func (d *Desk) line(ctx context.Context, rd *contactReader, id string) (*Line, error) {
	if id == "" {
		return nil, nil
	}
	if u, ok := incidents.ParseID(id); ok {
		line, err := d.Store.Line(ctx, LineID(u), 0)
		if err == nil {
			return &line, nil
		}
		if !fault.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	rd.Add("line", fmt.Sprintf("There is no line “%s”: choose one from the list, or leave it empty and say how they were connected.", clip(id)))
	return nil, nil
}

// incident finds an incident that a report names; nil, with a message noted,
// where there is none that could be linked.
func (d *Desk) incident(ctx context.Context, rd *contactReader, id string) (*incidents.Incident, error) {
	if u, ok := incidents.ParseID(id); ok {
		inc, err := d.Store.Incident(ctx, u, 0)
		switch {
		case err == nil && inc.Status == incidents.Retracted:
			rd.Add("incidents", fmt.Sprintf("Incident %s has been retracted; choose another.", nameOf(&inc)))
			return nil, nil
		case err == nil:
			return &inc, nil
		case !fault.Is(err, fault.NotFound):
			return nil, err
		}
	}
	rd.Add("incidents", fmt.Sprintf("There is no incident “%s”: choose one from the list, by its number such as 2026-0117.", clip(id)))
	return nil, nil
}

// links reads which incidents the contact is linked to, and how.
func (d *Desk) links(ctx context.Context, rd *contactReader, r ContactReport, c *Contact) ([]Link, error) {
	if len(r.Incidents) > maxLinks {
		rd.Add("incidents", fmt.Sprintf("%d incidents are too many for one contact; at most %d.", len(r.Incidents), maxLinks))
		return nil, nil
	}
	var links []Link
	seen := map[incidents.ID]bool{}
	reason := rd.line("reason", r.Reason)
	for i, id := range r.Incidents {
		if id == "" {
			continue
		}
		inc, err := d.incident(ctx, rd, id)
		if err != nil {
			return nil, err
		}
		relation := r.Relation
		if i < len(r.Relations) && r.Relations[i] != "" {
			relation = r.Relations[i]
		}
		relation = rd.relation(relation)
		if inc == nil || seen[inc.ID] {
			continue
		}
		seen[inc.ID] = true
		rd.link(c, inc, relation)
		links = append(links, Link{ContactID: c.ID, IncidentID: inc.ID, Relation: relation, Linked: true, Meta: Meta{Reason: reason}})
	}
	return links, nil
}

// linkTo finds the link of a contact to an incident, undone ones included.
func linkTo(c ContactWithIncidents, id incidents.ID) *LinkedIncident {
	if u, ok := incidents.ParseID(string(id)); ok {
		id = u
	}
	for i := range c.Incidents {
		if c.Incidents[i].Link.IncidentID == id {
			return &c.Incidents[i]
		}
	}
	return nil
}
