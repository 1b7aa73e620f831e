package watch

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Desk keeps the watch: rights, every field checked at once, then one store
// method, which is one transaction.
type Desk struct {
	Store   Store
	Records Records
	Now     func() time.Time
}

const (
	maxText  = 4000 // characters of a text
	maxLine  = 500  // characters of a field of one line
	maxLinks = 20   // records that one entry names
	maxAhead = 5 * time.Minute
)

// EntryFields is the order of the form's fields and of the messages about them.
var EntryFields = []string{"time", "text", "done", "told", "incidents", "lines", "contacts", "marking"}

// EntryReport is what a person types to make an entry: every field as text, so
// that it can be given back exactly as it was.
type EntryReport struct {
	ID                 string // made by the form, so that a retry makes no second entry
	Time               string
	Text, Action, Told string
	Incidents          []string // ids
	Lines, Contacts    []string // ids
	Marking            string
	Exercise           bool
}

// Enter writes an entry into the journal: anybody who may write.
func (d *Desk) Enter(ctx context.Context, actor access.Actor, r EntryReport) (Entry, error) {
	if err := actor.Require(access.Write); err != nil {
		return Entry{}, err
	}
	id, ok := incidents.ParseID(r.ID)
	if !ok {
		return Entry{}, lostID
	}
	rd := reader{}
	e := Entry{ID: EntryID(id), Text: rd.text("text", r.Text), Action: rd.text("done", r.Action), Told: rd.line("told", r.Told), Marking: rd.line("marking", r.Marking), Exercise: r.Exercise}
	if e.Text == "" && !rd.Has("text") {
		rd.Add("text", "Say what happened, such as “Ring from the other side: they ask for the position again.”")
	}
	now := d.Now().UTC()
	var err error
	if e.Time, err = incidents.ReadTime(r.Time, "", now); err != nil {
		rd.Add("time", err.Error())
	} else if e.Time.From > incidents.MillisOf(now.Add(maxAhead)) {
		rd.Add("time", fmt.Sprintf("%s lies in the future; it is %s now. What is still to come belongs into the handover.", e.Time, incidents.FormatDTG(now)))
	}
	if err := d.link(ctx, &rd, r, &e); err != nil {
		return Entry{}, err
	}
	if err := rd.Err("The entry was not made.", EntryFields...); err != nil {
		return Entry{}, err
	}
	stored, _, err := d.Store.CreateEntry(ctx, actor, e)
	return stored, err
}

var lostID = fault.New(fault.Invalid, "The form has lost its id; open a new one and paste what you typed.")

// link finds the records that an entry names.
func (d *Desk) link(ctx context.Context, rd *reader, r EntryReport, e *Entry) error {
	for _, text := range r.Incidents {
		id, ok := incidents.ParseID(text)
		var inc incidents.Incident
		err := error(fault.New(fault.NotFound, ""))
		if ok {
			inc, err = d.Records.Incident(ctx, id, 0)
		}
		switch {
		case fault.Is(err, fault.NotFound):
			rd.Add("incidents", fmt.Sprintf("There is no incident “%s”: give its number, such as 2026-0117.", clip(text)))
		case err != nil:
			return err
		default:
			e.Incidents = appendOnce(e.Incidents, inc.ID)
			e.Exercise = e.Exercise || inc.Record.Exercise
		}
	}
	for _, text := range r.Lines {
		id, _ := incidents.ParseID(text)
		l, err := d.Records.Line(ctx, hotline.LineID(id), 0)
		switch {
		case fault.Is(err, fault.NotFound):
			rd.Add("lines", fmt.Sprintf("There is no line “%s”: choose one from the list.", clip(text)))
		case err != nil:
			return err
		default:
			e.Lines = appendOnce(e.Lines, l.ID)
		}
	}
	for _, text := range r.Contacts {
		id, _ := incidents.ParseID(text)
		k, err := d.Records.Contact(ctx, hotline.ContactID(id), 0)
		switch {
		case fault.Is(err, fault.NotFound):
			rd.Add("contacts", fmt.Sprintf("There is no contact “%s”: paste the address or the id of its page.", clip(text)))
		case err != nil:
			return err
		default:
			e.Contacts = appendOnce(e.Contacts, k.ID)
		}
	}
	if len(e.Incidents)+len(e.Lines)+len(e.Contacts) > maxLinks {
		rd.Add("incidents", fmt.Sprintf("An entry may name %d records at most; make two entries of it.", maxLinks))
	}
	return nil
}

func appendOnce[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// Strike strikes an entry with a reason: its author may, and a supervisor. It
// stays readable; what should have stood there is a new entry.
func (d *Desk) Strike(ctx context.Context, actor access.Actor, id EntryID, reason string) (Entry, error) {
	e, err := d.Store.Entry(ctx, id, 0)
	if err != nil {
		return Entry{}, err
	}
	if !incidents.MayStrike(actor, e.Author) {
		return Entry{}, fault.New(fault.Forbidden, "An entry is struck by who made it, or by a supervisor.")
	}
	rd := reader{}
	reason = rd.line("reason", reason)
	if reason == "" {
		rd.Add("reason", "Say in a few words why it is struck, such as “wrong line, see the next entry”; the reason stays beside it.")
	}
	if err := rd.Err("The entry was not struck."); err != nil {
		return Entry{}, err
	}
	return d.Store.StrikeEntry(ctx, actor, id, reason)
}

// ShiftFields is the order of the form's fields and of the messages about them.
var ShiftFields = []string{"name", "from", "to", "officers", "reason"}

// ShiftReport is what a person types to plan a shift.
type ShiftReport struct {
	ID             string
	Name, From, To string
	Officers       []string // names of users
	Reason         string   // of a change
}

// Plan plans a shift, or changes one when base is the revision of it that the
// change was made from. Who may write plans shifts in which they stand; those of
// others are planned by a supervisor, since it is others' time.
func (d *Desk) Plan(ctx context.Context, actor access.Actor, base int, r ShiftReport) (Shift, error) {
	if err := actor.Require(access.Write); err != nil {
		return Shift{}, err
	}
	id, ok := incidents.ParseID(r.ID)
	if !ok {
		return Shift{}, lostID
	}
	rd := reader{}
	s := Shift{ID: ShiftID(id), Name: rd.line("name", r.Name)}
	if s.Name == "" {
		rd.Add("name", "Give the shift a name, such as “Night watch”.")
	}
	now := d.Now().UTC()
	s.From, s.To = rd.moment("from", r.From, now), rd.moment("to", r.To, now)
	switch {
	case s.From == 0 || s.To == 0:
	case s.To <= s.From:
		rd.Add("to", fmt.Sprintf("The end, %s, is not after the beginning, %s. Enter a later one such as %s.", dtg(s.To), dtg(s.From), incidents.FormatDTG(s.From.Time().Add(8*time.Hour))))
	case s.To-s.From > Millis(LongestShift.Milliseconds()):
		rd.Add("to", "A shift lasts 24 h at most; check the date, or plan two.")
	}
	if err := d.officers(ctx, &rd, r.Officers, &s); err != nil {
		return Shift{}, err
	}
	if base > 0 {
		if s.Reason = rd.line("reason", r.Reason); s.Reason == "" {
			rd.Add("reason", "Say in a few words why it is changed, such as “hansen is ill”; it stays in the history.")
		}
	}
	if err := rd.Err("The shift was not planned.", ShiftFields...); err != nil {
		return Shift{}, err
	}
	if err := mayPlan(actor, s); err != nil {
		return Shift{}, err
	}
	if base == 0 {
		stored, _, err := d.Store.CreateShift(ctx, actor, s)
		return stored, err
	}
	was, err := d.Store.Shift(ctx, s.ID, 0)
	if err != nil {
		return Shift{}, err
	}
	if err := mayPlan(actor, was); err != nil {
		return Shift{}, err
	}
	if was.Cancelled {
		return Shift{}, fault.New(fault.Conflict, "This shift has been called off and cannot be changed.")
	}
	s.Meta.Revision = base
	return d.Store.ReviseShift(ctx, actor, s)
}

// Cancel calls a shift off, with a reason; it stays readable.
func (d *Desk) Cancel(ctx context.Context, actor access.Actor, id ShiftID, base int, reason string) (Shift, error) {
	s, err := d.Store.Shift(ctx, id, 0)
	if err != nil {
		return Shift{}, err
	}
	if err := mayPlan(actor, s); err != nil {
		return Shift{}, err
	}
	if s.Cancelled {
		return Shift{}, fault.New(fault.Conflict, "This shift has been called off already.")
	}
	rd := reader{}
	s.Cancelled, s.Reason, s.Revision = true, rd.line("reason", reason), base
	if s.Reason == "" {
		rd.Add("reason", "Say in a few words why it is called off, such as “planned twice”; it stays in the history.")
	}
	if err := rd.Err("The shift was not called off."); err != nil {
		return Shift{}, err
	}
	return d.Store.ReviseShift(ctx, actor, s)
}

// MayPlan reports whether somebody may plan, change or call off a shift.
func MayPlan(actor access.Actor, s Shift) bool { return mayPlan(actor, s) == nil }

func mayPlan(actor access.Actor, s Shift) error {
	if s.Has(actor.Name) {
		return actor.Require(access.Write)
	}
	if !actor.Role.May(access.Manage) {
		return fault.New(fault.Forbidden, "You may plan shifts in which you stand yourself; those of others are planned by a supervisor.")
	}
	return nil
}

// officers reads who stands in a shift: users who may write.
func (d *Desk) officers(ctx context.Context, rd *reader, names []string, s *Shift) error {
	for _, name := range names {
		name = strings.TrimSpace(name)
		if name == "" || slices.Contains(s.Officers, name) {
			continue
		}
		u, err := d.Records.User(ctx, name)
		switch {
		case fault.Is(err, fault.NotFound):
			rd.Add("officers", fmt.Sprintf("Nobody here is called “%s”: give the names by which they sign in, with commas between.", clip(name)))
		case err != nil:
			return err
		case u.Disabled || !u.Role.May(access.Write):
			rd.Add("officers", fmt.Sprintf("%s may not write into the log and cannot have the watch.", name))
		default:
			s.Officers = append(s.Officers, name)
		}
	}
	if len(s.Officers) == 0 && !rd.Has("officers") {
		rd.Add("officers", "Say who has the watch: the name by which they sign in, such as “hansen”.")
	}
	return nil
}

// reader collects what is wrong while a form is read.
type reader struct{ fault.Problems }

func (rd *reader) moment(field, text string, now time.Time) Millis {
	m, err := incidents.ReadTime(text, "", now)
	switch {
	case err != nil:
		rd.Add(field, err.Error())
	case m.Precision != incidents.Exact:
		rd.Add(field, fmt.Sprintf("“%s” is no time to the minute; enter one such as %s.", clip(text), incidents.FormatDTG(now)))
	default:
		return m.From
	}
	return 0
}

func (rd *reader) line(field, s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if n := len([]rune(s)); n > maxLine {
		rd.Add(field, fmt.Sprintf("Too long: %d characters; at most %d.", n, maxLine))
	}
	return s
}

// text reads a text of several lines; what nobody can see is taken out.
func (rd *reader) text(field, s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s))
	if n := len([]rune(s)); n > maxText {
		rd.Add(field, fmt.Sprintf("Too long: %d characters; at most %d.", n, maxText))
	}
	return s
}

// clip shortens what a message repeats of an input, on a whole rune.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func dtg(m Millis) string { return incidents.FormatDTG(m.Time()) }
