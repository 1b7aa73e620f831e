package hotline

import (
	"context"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// OpenExpectation says that the other side owes an answer since a contact that
// reached it. The id was made by the client: sent twice it makes one.
func (d *Desk) OpenExpectation(ctx context.Context, actor access.Actor, contactID ContactID, id, what, by string) (Expectation, error) {
	if err := actor.Require(access.Write); err != nil {
		return Expectation{}, err
	}
	if _, ok := incidents.ParseID(id); !ok {
		return Expectation{}, fault.New(fault.Invalid, "The form has lost its id; open the contact again and paste what you typed.")
	}
	k, err := d.contact(ctx, string(contactID))
	if err != nil {
		return Expectation{}, err
	}
	if k.Retracted {
		return Expectation{}, fault.New(fault.Conflict, "This contact has been retracted; nothing is awaited from it.")
	}
	rd := d.reader()
	e := rd.expectation(CallReport{ExpectationID: id, ExpectBy: by, ExpectWhat: what}, k.Contact)
	if e == nil {
		rd.Add("expect_what", "Say what is to be answered, such as “why the transponder was off”.")
		rd.Add("expect_by", "Say by when, such as 2 h or 1800Z.")
	}
	if err := rd.Err("Nothing is awaited.", "expect_what", "expect_by"); err != nil {
		return Expectation{}, err
	}
	stored, _, err := d.Store.CreateExpectation(ctx, actor, *e)
	return stored, err
}

// AnswerExpectation says which contact brought the answer. base is the revision
// that was seen.
func (d *Desk) AnswerExpectation(ctx context.Context, actor access.Actor, id ExpectationID, base int, answer, remark string) (Expectation, error) {
	return d.settle(ctx, actor, id, base, "The expectation was not answered.", func(rd *contactReader, e *Expectation) error {
		e.State, e.Reason = "answered", rd.line("reason", remark)
		u, ok := incidents.ParseID(answer)
		if ok {
			k, err := d.Store.Contact(ctx, ContactID(u), 0)
			switch {
			case fault.Is(err, fault.NotFound):
				ok = false
			case err != nil:
				return err
			case k.Retracted || !GotThrough(k.Outcome):
				rd.Add("answer", "This contact reached nobody: choose one that got through.")
			case k.ID != e.ContactID && k.Exercise != e.Exercise:
				rd.Add("answer", "One of the two is an exercise and the other is real: choose another contact.")
			}
			e.AnswerID = ContactID(u)
		}
		if !ok {
			rd.Add("answer", "Choose the contact that brought the answer from the list; log it first if it is not there.")
		}
		return nil
	})
}

// DropExpectation says that nobody waits for the answer any more, and why.
func (d *Desk) DropExpectation(ctx context.Context, actor access.Actor, id ExpectationID, base int, reason string) (Expectation, error) {
	return d.settle(ctx, actor, id, base, "The expectation was not dropped.", func(rd *contactReader, e *Expectation) error {
		e.State, e.Reason = "dropped", rd.reason(reason, "answered in public")
		return nil
	})
}

// settle ends an expectation that is still open.
func (d *Desk) settle(ctx context.Context, actor access.Actor, id ExpectationID, base int, not string, do func(*contactReader, *Expectation) error) (Expectation, error) {
	if err := actor.Require(access.Write); err != nil {
		return Expectation{}, err
	}
	e, err := d.Store.Expectation(ctx, id, 0)
	if err != nil {
		return Expectation{}, err
	}
	if e.State != "open" {
		return Expectation{}, fault.New(fault.Conflict, "Nobody waits for this any more: it was "+ExpectationStates.Word(e.State)+" by "+e.RecordedBy+".")
	}
	if base != e.Revision {
		return Expectation{}, fault.New(fault.Conflict, "Somebody else changed this expectation meanwhile; look at it again.")
	}
	rd := d.reader()
	if err := do(rd, &e); err != nil {
		return Expectation{}, err
	}
	if err := rd.Err(not, "answer", "reason"); err != nil {
		return Expectation{}, err
	}
	return d.Store.ReviseExpectation(ctx, actor, e)
}
