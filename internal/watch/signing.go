package watch

import (
	"context"
	"fmt"
	"strings"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Sheet is what a person types on the sheet of a handover.
type Sheet struct {
	ID     string // made by the form, so that a retry makes no second handover
	Base   int    // revision that it was typed on; 0 for a new one
	Watch  string
	Notes  map[string]string // of the leaving officer, by the key of the item
	Cocked map[string]bool
	Seen   []string // keys of the items that the form showed

	Answers map[string]string // of the arriving officer, by the key of the item
	Remarks map[string]string
}

// Draw gives the handover that is open as its page shows it: a draft as the log
// has it now, with what was saved; one that the leaving officer signed as it was
// signed. Without an open one it is a new draft with no id.
func (d *Desk) Draw(ctx context.Context) (Handover, error) {
	h, err := d.Store.OpenHandover(ctx)
	switch {
	case fault.Is(err, fault.NotFound):
		h = Handover{State: Draft}
	case err != nil:
		return Handover{}, err
	}
	if h.State != Draft {
		return h, nil
	}
	return d.make(ctx, h)
}

// make reads the log and makes the sheet of a draft.
func (d *Desk) make(ctx context.Context, saved Handover) (Handover, error) {
	f, err := d.find(ctx)
	if err != nil {
		return Handover{}, err
	}
	return Make(f, saved), nil
}

// find reads what a sheet is made from.
func (d *Desk) find(ctx context.Context) (f Found, err error) {
	f.Now = incidents.MillisOf(d.Now())
	if f.Open, err = hotline.OpenCases(ctx, d.Records, hotline.At{Now: f.Now}); err != nil {
		return f, err
	}
	lines, err := d.Records.Lines(ctx, 0)
	if err != nil {
		return f, err
	}
	events, err := d.Records.LineEvents(ctx, hotline.LineEventFilter{From: f.Now})
	if err != nil {
		return f, err
	}
	f.Lines = hotline.LinesAt(lines, events, f.Now)
	if f.Tests, err = d.Records.LastTests(ctx, 0); err != nil {
		return f, err
	}
	if err := d.findOwed(ctx, &f); err != nil {
		return f, err
	}
	const day = 86_400_000
	if f.Shifts, err = d.Store.Shifts(ctx, ShiftFilter{From: f.Now - day, To: f.Now + 2*day}); err != nil {
		return f, err
	}
	before, err := d.Store.LastHandover(ctx, "", 0)
	switch {
	case err == nil:
		f.Before = &before
	case !fault.Is(err, fault.NotFound):
		return f, err
	}
	_, _, from, _ := Period(f.Shifts, f.Before, f.Now)
	page, err := d.Store.Journal(ctx, JournalFilter{Kinds: []string{"entry"}, From: from, Limit: 500})
	if err != nil {
		return f, err
	}
	for i := len(page.Rows) - 1; i >= 0; i-- {
		f.Journal = append(f.Journal, page.Rows[i])
	}
	return f, nil
}

// findOwed reads the answers that the other side owes.
func (d *Desk) findOwed(ctx context.Context, f *Found) error {
	open, err := d.Records.Expectations(ctx, hotline.ExpectationFilter{Open: true})
	if err != nil {
		return err
	}
	for _, e := range open {
		k, err := d.Records.Contact(ctx, e.ContactID, 0)
		if err != nil {
			return err
		}
		it := Item{Key: "expectation/" + string(e.ContactID) + "/" + string(e.ID), Kind: "expectation", Name: k.Channel.Name, Title: e.Text, Standing: "owed", Due: e.DueAt, Exercise: e.Exercise, Marking: k.Marking}
		if e.DueAt <= f.Now {
			it.Standing = "late"
		}
		f.Owed = append(f.Owed, it)
	}
	return nil
}

// Save keeps what was typed on the sheet; the other officer sees it too.
func (d *Desk) Save(ctx context.Context, actor access.Actor, s Sheet) (Handover, error) {
	if err := actor.Require(access.Write); err != nil {
		return Handover{}, err
	}
	h, err := d.draft(ctx, s)
	if err != nil {
		return Handover{}, err
	}
	return d.Store.SaveHandover(ctx, actor, h)
}

// draft puts what was typed onto the sheet as the log has it now.
func (d *Desk) draft(ctx context.Context, s Sheet) (Handover, error) {
	id, ok := incidents.ParseID(s.ID)
	if !ok {
		return Handover{}, lostID
	}
	h, err := d.Store.Handover(ctx, HandoverID(id), 0)
	switch {
	case fault.Is(err, fault.NotFound):
		h = Handover{ID: HandoverID(id)}
	case err != nil:
		return Handover{}, err
	case h.State != Draft:
		return Handover{}, signedAlready(h)
	}
	if h, err = d.make(ctx, h); err != nil {
		return Handover{}, err
	}
	h.State, h.Meta.Revision = Draft, s.Base
	rd := reader{}
	h.Watch = rd.text("watch", s.Watch)
	for i := range h.Items {
		it := &h.Items[i]
		it.Note, it.Cocked = rd.line(Field("note", it.Key), s.Notes[it.Key]), s.Cocked[it.Key]
	}
	return h, rd.Err("The handover was not saved.")
}

func signedAlready(h Handover) error {
	switch h.State {
	case Offered:
		return fault.New(fault.Conflict, "This handover was signed by "+h.Leaving+" meanwhile: take the signature back to change it.")
	case Signed:
		return fault.New(fault.Conflict, "This handover was signed by both and is never changed.")
	}
	return fault.New(fault.Conflict, "This handover was thrown away; begin another.")
}

// Field is the name of a form's field about an item: note-incident-<id>.
func Field(name, key string) string { return name + "-" + strings.ReplaceAll(key, "/", "-") }

// Offer is the signature of the leaving officer, whose password was checked: the
// sheet is taken as the log has it now. What became open after the form was
// drawn is shown first, so that nobody signs what they did not see.
func (d *Desk) Offer(ctx context.Context, leaving access.Actor, s Sheet) (Handover, error) {
	if err := leaving.Require(access.Write); err != nil {
		return Handover{}, err
	}
	h, err := d.draft(ctx, s)
	if err != nil {
		return Handover{}, err
	}
	rd := reader{}
	seen := map[string]bool{}
	for _, key := range s.Seen {
		seen[key] = true
	}
	for _, it := range h.Items {
		if !seen[it.Key] {
			rd.Add(Field("note", it.Key), fmt.Sprintf("%s, %s, has come up since this page was drawn: look at it, then sign again.", it.Name, it.Title))
		}
	}
	if err := rd.Err("The handover was not signed."); err != nil {
		return Handover{}, err
	}
	h.State, h.Leaving = Offered, leaving.Name
	return d.Store.SaveHandover(ctx, leaving, h)
}

// Sign is the signature of the arriving officer, whose password was checked: a
// person other than the one who leaves, with an answer to every item. From then
// on the handover is frozen.
func (d *Desk) Sign(ctx context.Context, arriving access.Actor, s Sheet) (Handover, error) {
	if err := arriving.Require(access.Write); err != nil {
		return Handover{}, err
	}
	h, err := d.open(ctx, s.ID, Offered)
	if err != nil {
		return Handover{}, err
	}
	rd := reader{}
	if arriving.Name == h.Leaving {
		rd.Add("name", h.Leaving+" leaves the watch by this sheet and cannot take it over too: the arriving officer signs here.")
	}
	h.answer(s, &rd)
	if err := rd.Err("The handover was not signed."); err != nil {
		return Handover{}, err
	}
	h.State, h.Arriving, h.Meta.Revision = Signed, arriving.Name, s.Base
	return d.Store.SaveHandover(ctx, arriving, h)
}

// answer puts the answers of the arriving officer onto the sheet, and notes what
// is missing, in the order of the items.
func (h *Handover) answer(s Sheet, rd *reader) {
	for i := range h.Items {
		it := &h.Items[i]
		it.Answer, it.Remark = s.Answers[it.Key], rd.line(Field("remark", it.Key), s.Remarks[it.Key])
	}
	missing := h.Missing()
	for _, it := range h.Items {
		msg, ok := missing[it.Key]
		switch {
		case !ok:
		case Answers.Has(it.Answer):
			rd.Add(Field("remark", it.Key), msg)
		default:
			rd.Add(Field("answer", it.Key), msg)
		}
	}
}

// open finds the handover of a form, which must have come so far and no farther.
func (d *Desk) open(ctx context.Context, id string, state State) (Handover, error) {
	u, ok := incidents.ParseID(id)
	if !ok {
		return Handover{}, fault.New(fault.NotFound, "There is no such handover.")
	}
	h, err := d.Store.Handover(ctx, HandoverID(u), 0)
	switch {
	case err != nil:
		return Handover{}, err
	case h.State == state:
		return h, nil
	case h.State == Draft:
		return Handover{}, fault.New(fault.Conflict, "This handover is a draft again: the leaving officer took the signature back.")
	}
	return Handover{}, signedAlready(h)
}

// TakeBack makes a draft of a handover that only the leaving officer has signed:
// that officer may, and a supervisor.
func (d *Desk) TakeBack(ctx context.Context, actor access.Actor, id string) (Handover, error) {
	h, err := d.open(ctx, id, Offered)
	if err != nil {
		return Handover{}, err
	}
	if !incidents.MayStrike(actor, h.Leaving) {
		return Handover{}, fault.New(fault.Forbidden, "A signature is taken back by who gave it, or by a supervisor.")
	}
	h.State = Draft
	return d.Store.SaveHandover(ctx, actor, h)
}

// Drop throws a draft away; its versions stay in the log.
func (d *Desk) Drop(ctx context.Context, actor access.Actor, id string) error {
	if err := actor.Require(access.Write); err != nil {
		return err
	}
	h, err := d.open(ctx, id, Draft)
	if err != nil {
		return err
	}
	h.State = Dropped
	_, err = d.Store.SaveHandover(ctx, actor, h)
	return err
}
