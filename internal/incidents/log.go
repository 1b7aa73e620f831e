package incidents

import (
	"context"
	"strings"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
)

// Log posts and changes incidents: rights, every field checked at once,
// geography derived, then one store method, which is one transaction.
type Log struct {
	Store Store
	Atlas *geo.Atlas
	Now   func() time.Time
}

// Post files a new report. The report's id was made by the client: posting it
// again gives the incident that the first try made. A reason is kept with the
// first revision; a report needs none.
func (l *Log) Post(ctx context.Context, actor access.Actor, r Report) (Incident, error) {
	inc, err := l.Read(actor, r)
	if err != nil {
		return Incident{}, err
	}
	inc, _, err = l.Store.CreateIncident(ctx, actor, inc)
	return inc, err
}

// Read checks a new report and gives the incident that Post would file.
func (l *Log) Read(actor access.Actor, r Report) (Incident, error) {
	if err := actor.Require(access.Write); err != nil {
		return Incident{}, err
	}
	id, ok := ParseID(r.ID)
	if !ok {
		return Incident{}, fault.New(fault.Invalid, "The form has lost its id; open a new report and paste what you typed.")
	}
	rec, place, err := r.Apply(Record{}, l.Atlas, l.Now(), actor.Name)
	if err != nil {
		return Incident{}, err
	}
	return Incident{ID: id, Status: Submitted, Record: rec, Derived: place, Reason: strings.Join(strings.Fields(r.Reason), " ")}, nil
}

// Revise changes an incident. base is the revision that the change was made
// from; a reason is required and becomes part of the history.
func (l *Log) Revise(ctx context.Context, actor access.Actor, id ID, base int, r Report) (Incident, error) {
	if err := actor.Require(access.Write); err != nil {
		return Incident{}, err
	}
	inc, err := l.Store.Incident(ctx, id, 0)
	if err != nil {
		return Incident{}, err
	}
	if inc.Status == Retracted {
		return Incident{}, fault.New(fault.Conflict, "This incident has been retracted and cannot be changed.")
	}
	rec, place, err := r.Apply(inc.Record, l.Atlas, l.Now(), actor.Name)
	reason := strings.Join(strings.Fields(r.Reason), " ")
	if reason == "" {
		err = withField(err, "reason", "Say in a few words why the record is changed, such as “corrected the time”.")
	}
	if err != nil {
		return Incident{}, err
	}
	if base != inc.Revision {
		return Incident{}, fault.New(fault.Conflict, "Somebody else changed this incident while you were editing.")
	}
	// What a second person checked and what no longer stands so is seen to by
	// AfterRevision, in the same transaction.
	inc.Record, inc.Derived, inc.Reason = rec, place, reason
	return l.Store.ReviseIncident(ctx, actor, inc)
}

// Retract takes an incident back, with a reason; it stays readable.
func (l *Log) Retract(ctx context.Context, actor access.Actor, id ID, base int, reason string) (Incident, error) {
	if err := actor.Require(access.Manage); err != nil {
		return Incident{}, err
	}
	inc, err := l.Store.Incident(ctx, id, 0)
	if err != nil {
		return Incident{}, err
	}
	if err := inc.Status.Take(StepRetract, actor); err != nil {
		return Incident{}, err
	}
	if reason, err = reasonOf("reason", reason, "Say why the incident is retracted; the reason stays on its page."); err != nil {
		return Incident{}, err
	}
	if base != inc.Revision {
		return Incident{}, fault.New(fault.Conflict, "Somebody else changed this incident meanwhile; look at it again.")
	}
	inc.Status, inc.Reason = Retracted, reason
	return l.Store.ReviseIncident(ctx, actor, inc)
}

// withField adds a field message to an Invalid fault, or makes one.
func withField(err error, field, msg string) error {
	if err == nil {
		return &fault.Error{Kind: fault.Invalid, Msg: "The change was not filed.", Fields: []fault.Field{{Name: field, Msg: msg}}}
	}
	if fault.Is(err, fault.Invalid) {
		return &fault.Error{Kind: fault.Invalid, Msg: "The change was not filed.", Fields: append(append([]fault.Field{}, fault.Fields(err)...), fault.Field{Name: field, Msg: msg})}
	}
	return err
}
