package incidents

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
)

// Seen is what a person had before their eyes when they decided: the revisions
// of the incident and of its workflow.
type Seen struct {
	ID       ID
	Revision int
	Workflow int
}

// Checking is the ticks of a person who checks a report.
type Checking struct {
	Seen
	Fields         []string // those that are ticked, all of them
	ContactAuthors []string // who wrote the contacts and their links
	Remark         string   // why it is sent back; only for Return
}

// Check keeps which of the risky fields a second person found right; with all
// of them the report is verified. Who wrote a report never checks it, and who
// wrote a contact does not check the contacts.
func (l *Log) Check(ctx context.Context, actor access.Actor, c Checking) (inc Incident, w Workflow, err error) {
	err = l.Store.InTx(ctx, func(ctx context.Context) error {
		if inc, w, err = l.seen(ctx, actor, StepVerify, c.Seen); err != nil {
			return err
		}
		if err := l.notOneself(ctx, actor, inc.ID); err != nil {
			return err
		}
		ticked, fresh, err := l.ticks(ctx, actor, c, w)
		if err != nil {
			return err
		}
		if len(fresh) > 0 || len(ticked.Checks) != len(w.Checks) {
			ticked.Action, ticked.Reason = "check", ""
			if w, err = l.Store.SetWorkflow(ctx, actor, ticked); err != nil {
				return err
			}
		}
		if !w.Complete() {
			return nil
		}
		inc.Status, inc.Reason = Verified, fmt.Sprintf("All %d fields checked.", len(RiskyFields))
		inc, err = l.Store.ReviseIncident(ctx, actor, inc)
		return err
	})
	return inc, w, err
}

// Return sends a report back to its author with a remark. The ticks of the
// form are kept; a verified report loses all of them.
func (l *Log) Return(ctx context.Context, actor access.Actor, c Checking) (inc Incident, w Workflow, err error) {
	err = l.Store.InTx(ctx, func(ctx context.Context) error {
		if inc, w, err = l.seen(ctx, actor, StepReturn, c.Seen); err != nil {
			return err
		}
		next, _, err := l.ticks(ctx, actor, c, w)
		if err != nil {
			return err
		}
		remark, err := reasonOf("remark", c.Remark, "Say what is to be put right, such as “the position lies on land”; the author sees it.")
		if err != nil {
			return err
		}
		if inc.Status == Verified {
			next.Checks = nil
		}
		next.Returned, next.Action, next.Reason = &Remark{Text: remark, By: actor.Name}, "return", remark
		if w, err = l.Store.SetWorkflow(ctx, actor, next); err != nil || inc.Status == Submitted {
			return err
		}
		inc.Status, inc.Reason = Submitted, "Returned: "+remark
		inc, err = l.Store.ReviseIncident(ctx, actor, inc)
		return err
	})
	return inc, w, err
}

// Close says that nothing more is expected of a verified report.
func (l *Log) Close(ctx context.Context, actor access.Actor, s Seen) (inc Incident, err error) {
	err = l.Store.InTx(ctx, func(ctx context.Context) error {
		if inc, _, err = l.seen(ctx, actor, StepClose, s); err != nil {
			return err
		}
		inc.Status, inc.Reason = Closed, "Nothing more is expected."
		inc, err = l.Store.ReviseIncident(ctx, actor, inc)
		return err
	})
	return inc, err
}

// Reopen takes a closed report up again, with a reason; all its fields are to
// be checked again.
func (l *Log) Reopen(ctx context.Context, actor access.Actor, s Seen, reason string) (inc Incident, err error) {
	err = l.Store.InTx(ctx, func(ctx context.Context) error {
		var w Workflow
		if inc, w, err = l.seen(ctx, actor, StepReopen, s); err != nil {
			return err
		}
		if reason, err = reasonOf("reason", reason, "Say why the incident is taken up again, such as “the ministry published a track”."); err != nil {
			return err
		}
		if len(w.Checks) > 0 {
			w.Checks, w.Action, w.Reason = nil, "reopen", reason
			if _, err = l.Store.SetWorkflow(ctx, actor, w); err != nil {
				return err
			}
		}
		inc.Status, inc.Reason = Submitted, "Reopened: "+reason
		inc, err = l.Store.ReviseIncident(ctx, actor, inc)
		return err
	})
	return inc, err
}

// Hold claims an incident: the actor sees to it. It locks nothing, and whoever
// may write may take it over.
func (l *Log) Hold(ctx context.Context, actor access.Actor, id ID) (w Workflow, err error) {
	err = l.Store.InTx(ctx, func(ctx context.Context) error {
		if w, err = l.holdable(ctx, actor, id); err != nil || w.Holder == actor.Name {
			return err
		}
		w.TakenFrom, w.Holder, w.HeldSince, w.Action, w.Reason = w.Holder, actor.Name, 0, "hold", ""
		w, err = l.Store.SetWorkflow(ctx, actor, w)
		return err
	})
	return w, err
}

// Release lets go of an incident, for oneself or for whoever holds it.
func (l *Log) Release(ctx context.Context, actor access.Actor, id ID) (w Workflow, err error) {
	err = l.Store.InTx(ctx, func(ctx context.Context) error {
		if w, err = l.holdable(ctx, actor, id); err != nil || w.Holder == "" {
			return err
		}
		w.TakenFrom, w.Holder, w.HeldSince, w.Action, w.Reason = w.Holder, "", 0, "release", ""
		w, err = l.Store.SetWorkflow(ctx, actor, w)
		return err
	})
	return w, err
}

// HoldOrRelease is one key for both: it lets go of what the actor holds, and
// claims anything else.
func (l *Log) HoldOrRelease(ctx context.Context, actor access.Actor, id ID) (w Workflow, err error) {
	err = l.Store.InTx(ctx, func(ctx context.Context) error {
		if w, err = l.holdable(ctx, actor, id); err != nil {
			return err
		}
		do := l.Hold
		if w.Holder == actor.Name {
			do = l.Release
		}
		w, err = do(ctx, actor, id)
		return err
	})
	return w, err
}

// Flag sets the strip of an incident askew, so that all see that there is
// something to remember about it; whoever may write may take the flag off.
func (l *Log) Flag(ctx context.Context, actor access.Actor, id ID) (Workflow, error) {
	return l.setFlag(ctx, actor, id, "flag", actor.Name)
}

// Unflag sets the strip straight again.
func (l *Log) Unflag(ctx context.Context, actor access.Actor, id ID) (Workflow, error) {
	return l.setFlag(ctx, actor, id, "unflag", "")
}

// setFlag writes nothing where the flag already stands, or is off, as wanted:
// the first who flagged it stays the one who did.
func (l *Log) setFlag(ctx context.Context, actor access.Actor, id ID, action, by string) (w Workflow, err error) {
	err = l.Store.InTx(ctx, func(ctx context.Context) error {
		if w, err = l.holdable(ctx, actor, id); err != nil || (w.FlaggedBy == "") == (by == "") {
			return err
		}
		w.FlaggedBy, w.FlaggedAt, w.Action, w.Reason = by, 0, action, ""
		w, err = l.Store.SetWorkflow(ctx, actor, w)
		return err
	})
	return w, err
}

func (l *Log) holdable(ctx context.Context, actor access.Actor, id ID) (Workflow, error) {
	if err := actor.Require(access.Write); err != nil {
		return Workflow{}, err
	}
	inc, err := l.Store.Incident(ctx, id, 0)
	if err != nil {
		return Workflow{}, err
	}
	if inc.Status == Retracted {
		return Workflow{}, fault.New(fault.Conflict, "This incident has been retracted; there is nothing left to see to.")
	}
	return l.Store.Workflow(ctx, id, 0)
}

// seen reads an incident and its workflow for a step, and makes sure that they
// are what the person had before their eyes.
func (l *Log) seen(ctx context.Context, actor access.Actor, step StepName, s Seen) (inc Incident, w Workflow, err error) {
	if inc, err = l.Store.Incident(ctx, s.ID, 0); err != nil {
		return inc, w, err
	}
	if err = inc.Status.Take(step, actor); err != nil {
		return inc, w, err
	}
	if w, err = l.Store.Workflow(ctx, s.ID, 0); err != nil {
		return inc, w, err
	}
	if s.Revision != inc.Revision || s.Workflow != w.Revision {
		return inc, w, fault.New(fault.Conflict, "Somebody else changed this incident meanwhile; look at it again.")
	}
	return inc, w, nil
}

// ticks reads the fields that are ticked. A tick that is new must not be on
// one's own work.
func (l *Log) ticks(ctx context.Context, actor access.Actor, c Checking, w Workflow) (Workflow, []string, error) {
	var p fault.Problems
	for _, f := range c.Fields {
		if !RiskyFields.Has(f) {
			p.Add("check", fmt.Sprintf("“%s” is no field to check; accepted: %s.", clip(f), RiskyFields.Accepted()))
		}
	}
	if err := p.Err("The ticks were not kept."); err != nil {
		return w, nil, err
	}
	ticked, fresh := w.tick(c.Fields, actor.Name)
	if len(fresh) == 0 {
		return ticked, nil, nil
	}
	if err := l.notOneself(ctx, actor, c.ID); err != nil {
		return w, nil, err
	}
	if slices.Contains(fresh, "contacts") && slices.Contains(c.ContactAuthors, actor.Name) {
		return w, nil, fault.New(fault.Forbidden, "You wrote or linked a contact of this incident: somebody else must check the contacts. Untick them; the other ticks can be kept.")
	}
	return ticked, fresh, nil
}

// notOneself refuses those who wrote the report.
func (l *Log) notOneself(ctx context.Context, actor access.Actor, id ID) error {
	revisions, err := l.Store.IncidentRevisions(ctx, id, 0)
	if err == nil && slices.Contains(Authors(revisions), actor.Name) {
		return fault.New(fault.Forbidden, "You wrote this report, or changed it since it was last verified: a second person must check it.")
	}
	return err
}

// reasonOf reads a reason in one line; without one the field is at fault.
func reasonOf(field, text, missing string) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	switch n := len([]rune(text)); {
	case n == 0:
		return "", withField(nil, field, missing)
	case n > maxLine:
		return "", withField(nil, field, fmt.Sprintf("Too long: %d characters; at most %d.", n, maxLine))
	}
	return text, nil
}
