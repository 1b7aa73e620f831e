package hotline

import (
	"context"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

const (
	noSuchLine      = "There is no such line."
	noSuchLineEvent = "There is no such event of a line."
	formLostID      = "The form has lost its id; open a new one and paste what you typed."
	eventNotLogged  = "The event was not logged."
	eventNotChanged = "The event was not changed."
)

// CreateLine puts a line into the register. The report's id was made by the
// client: sending it again gives the line that the first try made.
func (d *Desk) CreateLine(ctx context.Context, actor access.Actor, r LineReport) (Line, error) {
	if err := actor.Require(access.Manage); err != nil {
		return Line{}, err
	}
	id, ok := incidents.ParseID(r.ID)
	if !ok {
		return Line{}, fault.New(fault.Invalid, formLostID)
	}
	rd := d.reader()
	l := rd.readLine(r, Line{ID: LineID(id)})
	l.Reason = rd.line("reason", r.Reason)
	if err := rd.Err("The line was not entered.", LineFields...); err != nil {
		return Line{}, err
	}
	stored, _, err := d.Store.CreateLine(ctx, actor, l)
	return stored, err
}

// ReviseLine changes a line. base is the revision that the change was made
// from.
func (d *Desk) ReviseLine(ctx context.Context, actor access.Actor, base int, r LineReport) (Line, error) {
	if err := actor.Require(access.Manage); err != nil {
		return Line{}, err
	}
	id, ok := incidents.ParseID(r.ID)
	if !ok {
		return Line{}, fault.New(fault.NotFound, noSuchLine)
	}
	was, err := d.Store.Line(ctx, LineID(id), 0)
	if err != nil {
		return Line{}, err
	}
	rd := d.reader()
	l := rd.readLine(r, was)
	l.Reason = rd.reason(r.Reason, "new number")
	if err := rd.Err("The line was not changed.", LineFields...); err != nil {
		return Line{}, err
	}
	if base != was.Revision {
		return Line{}, fault.New(fault.Conflict, "Somebody else changed this line while you were editing.")
	}
	return d.Store.ReviseLine(ctx, actor, l)
}

// LogLineEvent logs what happens to a line: a fault now, an outage that is
// planned, that it works again.
func (d *Desk) LogLineEvent(ctx context.Context, actor access.Actor, r LineEventReport) (LineEvent, error) {
	if err := actor.Require(access.Write); err != nil {
		return LineEvent{}, err
	}
	id, ok := incidents.ParseID(r.ID)
	if !ok {
		return LineEvent{}, fault.New(fault.Invalid, formLostID)
	}
	line, ok := incidents.ParseID(r.LineID)
	if !ok {
		return LineEvent{}, fault.New(fault.NotFound, noSuchLine)
	}
	rd := d.reader()
	e := rd.readEvent(r, LineEvent{ID: LineEventID(id), LineID: LineID(line)})
	if err := rd.Err(eventNotLogged, LineEventFields...); err != nil {
		return LineEvent{}, err
	}
	stored, _, err := d.Store.CreateLineEvent(ctx, actor, e)
	return stored, err
}

// ReviseLineEvent corrects an event. base is the revision that the correction
// was made from.
func (d *Desk) ReviseLineEvent(ctx context.Context, actor access.Actor, base int, r LineEventReport) (LineEvent, error) {
	return d.correctEvent(ctx, actor, base, r.ID, r.Reason, func(rd *contactReader, was LineEvent) LineEvent { return rd.readEvent(r, was) })
}

// RetractLineEvent takes an event back, with a reason; it stays readable and
// says nothing of the line any more.
func (d *Desk) RetractLineEvent(ctx context.Context, actor access.Actor, base int, id, reason string) (LineEvent, error) {
	return d.correctEvent(ctx, actor, base, id, reason, func(_ *contactReader, was LineEvent) LineEvent {
		was.Retracted = true
		return was
	})
}

func (d *Desk) correctEvent(ctx context.Context, actor access.Actor, base int, id, reason string, change func(*contactReader, LineEvent) LineEvent) (LineEvent, error) {
	if err := actor.Require(access.Write); err != nil {
		return LineEvent{}, err
	}
	u, ok := incidents.ParseID(id)
	if !ok {
		return LineEvent{}, fault.New(fault.NotFound, noSuchLineEvent)
	}
	was, err := d.Store.LineEvent(ctx, LineEventID(u), 0)
	if err != nil {
		return LineEvent{}, err
	}
	if was.Retracted {
		return LineEvent{}, fault.New(fault.Conflict, "This event has been taken back and cannot be changed.")
	}
	rd := d.reader()
	e := change(rd, was)
	e.Reason = rd.reason(reason, "the exchange gave another time")
	if err := rd.Err(eventNotChanged, LineEventFields...); err != nil {
		return LineEvent{}, err
	}
	if base != was.Revision {
		return LineEvent{}, fault.New(fault.Conflict, "Somebody else changed this event meanwhile; look at it again.")
	}
	return d.Store.ReviseLineEvent(ctx, actor, e)
}

// LogTest logs a test of a line that was made now, with what came of it and
// nothing more. The id was made by the client.
func (d *Desk) LogTest(ctx context.Context, actor access.Actor, id string, line Line, outcome, summary, marking string) (Contact, error) {
	return d.LogContact(ctx, actor, ContactReport{
		ID: id, LineID: string(line.ID), Start: incidents.FormatDTG(d.Now()), StartPrecision: string(incidents.Exact),
		Outcome: outcome, Purpose: "line_test", Summary: summary, Marking: marking, Exercise: line.Exercise,
	})
}
