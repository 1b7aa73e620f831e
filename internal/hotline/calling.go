package hotline

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// CallStart is what a person says to begin a call.
type CallStart struct {
	ID        string   // made by the client, so that a second click begins no second call
	LineID    string   // empty: over no line of the register
	Incidents []string // ids
	Exercise  bool     // of a call about no incident
}

// CallReport is what a person types to end a call. Line, start, incidents and
// exercise are those of the call.
type CallReport struct {
	ContactReport
	RetryAt       string // of an attempt: when to call again; empty: not
	ExpectationID string // made by the client
	ExpectBy      string // answer by; empty with ExpectWhat: none is awaited
	ExpectWhat    string
}

// CallFields is the order of the fields of a call's page.
var CallFields = append(slices.Clone(ContactFields), "retry_at", "expect_by", "expect_what")

const (
	notStarted = "The call was not started."
	notEnded   = "The call is still going on: it was not logged."
)

// StartCall begins a call now. The id that began one already gives it again.
func (d *Desk) StartCall(ctx context.Context, actor access.Actor, st CallStart) (OpenCall, error) {
	if err := actor.Require(access.Write); err != nil {
		return OpenCall{}, err
	}
	id, ok := incidents.ParseID(st.ID)
	if !ok {
		return OpenCall{}, fault.New(fault.Invalid, "The page has lost the id of its call; open it again.")
	}
	rd := d.reader()
	line, err := d.line(ctx, rd, st.LineID)
	if err != nil {
		return OpenCall{}, err
	}
	c := OpenCall{ID: ContactID(id), Owner: actor.Name, Exercise: st.Exercise}
	if line != nil {
		c.LineID = line.ID
	}
	about, err := d.aboutCall(ctx, rd, st.Incidents)
	if err != nil {
		return OpenCall{}, err
	}
	for _, inc := range about {
		c.Incidents, c.Exercise = append(c.Incidents, inc.ID), inc.Record.Exercise
	}
	if err := rd.Err(notStarted, CallFields...); err != nil {
		return OpenCall{}, err
	}
	c, _, err = d.Store.StartCall(ctx, actor, c)
	return c, err
}

// aboutCall reads the incidents that one call is about: each once, all real or
// all exercise.
func (d *Desk) aboutCall(ctx context.Context, rd *contactReader, ids []string) ([]incidents.Incident, error) {
	if len(ids) > maxLinks {
		rd.Add("incidents", fmt.Sprintf("%d incidents are too many for one call; at most %d.", len(ids), maxLinks))
		return nil, nil
	}
	var list []incidents.Incident
	for _, text := range ids {
		if text == "" {
			continue
		}
		inc, err := d.incident(ctx, rd, text)
		if err != nil {
			return nil, err
		}
		if inc == nil || slices.ContainsFunc(list, func(i incidents.Incident) bool { return i.ID == inc.ID }) {
			continue
		}
		if len(list) > 0 && list[0].Record.Exercise != inc.Record.Exercise {
			rd.Add("incidents", fmt.Sprintf("Of %s and %s one is an exercise and the other is real: call about them one after the other.", nameOf(&list[0]), nameOf(inc)))
			continue
		}
		list = append(list, *inc)
	}
	return list, nil
}

// mayEnd refuses a call that somebody else makes; a supervisor may end any.
func mayEnd(actor access.Actor, c OpenCall) error {
	if err := actor.Require(access.Write); err != nil {
		return err
	}
	if c.Owner != actor.Name && !actor.Role.May(access.Manage) {
		return fault.New(fault.Forbidden, "This is the call of "+c.Owner+"; a supervisor may end it.")
	}
	return nil
}

// openCall finds a call that the actor may go on with.
func (d *Desk) openCall(ctx context.Context, actor access.Actor, id ContactID) (OpenCall, error) {
	c, err := d.Store.OpenCall(ctx, id)
	if err != nil {
		return OpenCall{}, err
	}
	return c, mayEnd(actor, c)
}

// KeepNotes keeps what was typed during a call so far.
func (d *Desk) KeepNotes(ctx context.Context, actor access.Actor, id ContactID, notes string, seq int64) (OpenCall, error) {
	if _, err := d.openCall(ctx, actor, id); err != nil {
		return OpenCall{}, err
	}
	if len(notes) > maxText {
		return OpenCall{}, fault.New(fault.Invalid, fmt.Sprintf("The notes are too long: %d bytes; at most %d (64 KiB).", len(notes), maxText))
	}
	return d.Store.SaveCallNotes(ctx, id, notes, seq)
}

// WidenCall makes a call serve further incidents.
func (d *Desk) WidenCall(ctx context.Context, actor access.Actor, id ContactID, more []string) (OpenCall, error) {
	c, err := d.openCall(ctx, actor, id)
	if err != nil {
		return OpenCall{}, err
	}
	rd := d.reader()
	ids := make([]string, 0, len(c.Incidents)+len(more))
	for _, i := range c.Incidents {
		ids = append(ids, string(i))
	}
	if len(more) == 0 {
		rd.Add("incidents", "Enter the number of a further incident, such as 2026-0117.")
	}
	about, err := d.aboutCall(ctx, rd, append(ids, more...))
	if err != nil {
		return OpenCall{}, err
	}
	if len(c.Incidents) == 0 && len(about) > 0 && about[0].Record.Exercise != c.Exercise {
		rd.Add("incidents", fmt.Sprintf("Incident %s and the call must both be real, or both be an exercise.", nameOf(&about[0])))
	}
	if err := rd.Err("The incident was not added.", CallFields...); err != nil {
		return OpenCall{}, err
	}
	wanted := make([]incidents.ID, len(about))
	for i := range about {
		wanted[i] = about[i].ID
	}
	if slices.Equal(wanted, c.Incidents) {
		return c, nil // all of them were there: a second click writes nothing
	}
	return d.Store.SetCallIncidents(ctx, actor, id, wanted)
}

// EndCall writes a call as a contact with its links and with what the other
// side is expected to answer, all or nothing. A call that was ended already
// gives its contact.
func (d *Desk) EndCall(ctx context.Context, actor access.Actor, id ContactID, r CallReport) (Contact, error) {
	c, err := d.openCall(ctx, actor, id)
	if fault.Is(err, fault.NotFound) {
		if k, kerr := d.Store.Contact(ctx, id, 0); kerr == nil {
			return k.Contact, nil // sent twice
		}
	}
	if err != nil {
		return Contact{}, err
	}
	rd := d.reader()
	line, err := d.line(ctx, rd, string(c.LineID))
	if err != nil {
		return Contact{}, err
	}
	k := d.readCall(rd, c, r, line)
	r.Incidents, r.Relations = nil, nil
	for _, i := range c.Incidents {
		r.Incidents = append(r.Incidents, string(i))
	}
	links, err := d.links(ctx, rd, r.ContactReport, &k)
	if err != nil {
		return Contact{}, err
	}
	e := rd.expectation(r, k)
	if err := rd.Err(notEnded, CallFields...); err != nil {
		return Contact{}, err
	}
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		created := false
		if k, created, err = d.Store.FinishCall(ctx, actor, k, links); err != nil || !created || e == nil {
			return err
		}
		_, _, err := d.Store.CreateExpectation(ctx, actor, *e)
		return err
	})
	return k, err
}

// readCall fills the contact that a call becomes.
func (d *Desk) readCall(rd *contactReader, c OpenCall, r CallReport, line *Line) Contact {
	r.ID, r.LineID, r.Exercise = string(c.ID), string(c.LineID), c.Exercise
	r.Start, r.StartPrecision = incidents.FormatDTG(c.StartedAt.Time()), string(incidents.Exact)
	r.End, r.EndPrecision = incidents.FormatDTG(rd.now), string(incidents.Exact)
	k := rd.read(r.ContactReport, Contact{ID: c.ID}, line)
	// The clock of the server measured both: nobody typed them.
	k.Start, k.End = incidents.At(c.StartedAt.Time(), incidents.Exact, ""), incidents.At(rd.now, incidents.Exact, "")
	if k.Outcome == "not_used" || k.Outcome == "announced" {
		rd.Add("outcome", "A call that is going on was made: "+Outcomes.Word(k.Outcome)+" cannot have come of it.")
	}
	if GotThrough(k.Outcome) && k.Summary == "" {
		rd.Add("summary", "They answered: say in a sentence what was said, such as “will look into it”.")
	}
	if IsAttempt(k.Outcome) && !GotThrough(k.Outcome) && strings.TrimSpace(r.RetryAt) != "" {
		at, err := ReadDue(r.RetryAt, rd.now)
		if err != nil {
			rd.Add("retry_at", err.Error())
		}
		k.RetryAt = at
	}
	return k
}

// DropCall forgets a call that was not made, with a reason for the audit.
func (d *Desk) DropCall(ctx context.Context, actor access.Actor, id ContactID, reason string) error {
	if _, err := d.openCall(ctx, actor, id); err != nil {
		return err
	}
	rd := d.reader()
	if reason = rd.line("reason", reason); reason == "" {
		rd.Add("reason", "Say in a few words why it was not made, such as “wrong row”; it stays in the audit.")
	}
	if err := rd.Err("The call was not dropped.", "reason"); err != nil {
		return err
	}
	return d.Store.DropCall(ctx, actor, id, reason)
}

// expectation reads what the other side is expected to answer; nil for nothing,
// or when something is wrong.
func (rd *contactReader) expectation(r CallReport, k Contact) *Expectation {
	what := rd.line("expect_what", r.ExpectWhat)
	if what == "" && strings.TrimSpace(r.ExpectBy) == "" {
		return nil
	}
	e := Expectation{ContactID: k.ID, Text: what, State: "open", Exercise: k.Exercise}
	id, ok := incidents.ParseID(r.ExpectationID)
	if !ok {
		id = incidents.NewID()
	}
	e.ID = ExpectationID(id)
	if what == "" {
		rd.Add("expect_what", "Say what is to be answered, such as “why the transponder was off”.")
	}
	at, err := ReadDue(r.ExpectBy, rd.now)
	if err != nil {
		rd.Add("expect_by", err.Error())
	}
	if k.Outcome != "" && !GotThrough(k.Outcome) {
		rd.Add("expect_by", "Nobody was asked: an answer can be awaited only where somebody was reached. Leave it empty.")
	}
	e.DueAt = at
	return &e
}
