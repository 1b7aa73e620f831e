package alarm

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// Shelves are the minutes that an alert may be shelved for.
var Shelves = []int{5, 15, 30, 60}

// maxWords is how many characters a remark or a reason may have.
const maxWords = 500

// Panel is where people handle alerts.
type Panel struct {
	Store Store
	Now   func() time.Time
}

// Acknowledge says that somebody has seen an alert and what is being done. It
// changes no clock of the incident. base is the revision that the person saw:
// an alert that has become something else since then is not acknowledged
// unseen.
func (p *Panel) Acknowledge(ctx context.Context, actor access.Actor, id string, base int, remark string) (Alert, error) {
	const refused = "The alert was not acknowledged."
	a, err := p.alert(ctx, actor, id)
	if err != nil {
		return Alert{}, err
	}
	var bad fault.Problems
	remark = words(&bad, "remark", remark, "Say in a few words what is being done, such as “calling the counterpart now”.")
	if err := bad.Err(refused); err != nil {
		return Alert{}, err
	}
	if a.Action == Acknowledged && a.AckedBy == actor.Name && a.Remark == remark && base == a.Revision-1 {
		return a, nil // sent twice
	}
	if err := a.mayHandle(base); err != nil {
		return Alert{}, err
	}
	if a.AckedAt != 0 {
		return Alert{}, fault.New(fault.Conflict, fmt.Sprintf("%s acknowledged this alert already, at %s.", a.AckedBy, incidents.FormatDTG(a.AckedAt.Time())))
	}
	a.Action, a.Reason, a.Unseen = Acknowledged, remark, false
	a.AckedAt, a.AckedBy, a.Remark = incidents.MillisOf(p.Now()), actor.Name, remark
	a.ShelvedAt, a.ShelvedUntil, a.ShelvedBy = 0, 0, ""
	return p.Store.WriteAlert(ctx, actor, a)
}

// Shelve puts an alert away for some minutes, at most an hour, with a reason.
// It comes back when it still holds then, or when it becomes worse.
func (p *Panel) Shelve(ctx context.Context, actor access.Actor, id string, base int, minutes, reason string) (Alert, error) {
	const refused = "The alert was not shelved."
	a, err := p.alert(ctx, actor, id)
	if err != nil {
		return Alert{}, err
	}
	var bad fault.Problems
	n, err := strconv.Atoi(strings.TrimSpace(minutes))
	if err != nil || !slices.Contains(Shelves, n) {
		bad.Add("minutes", "Choose for how long: 5, 15, 30 or 60 minutes.")
	}
	reason = words(&bad, "reason", reason, "Say in a few words why it can wait, such as “the line is tested at 0400Z anyway”.")
	if err := bad.Err(refused, "minutes", "reason"); err != nil {
		return Alert{}, err
	}
	if a.Action == Shelved && a.ShelvedBy == actor.Name && a.Reason == reason && base == a.Revision-1 {
		return a, nil // sent twice
	}
	if err := a.mayHandle(base); err != nil {
		return Alert{}, err
	}
	if !a.Active {
		return Alert{}, fault.New(fault.Conflict, "This alert holds no longer; acknowledge it instead.")
	}
	now := incidents.MillisOf(p.Now())
	a.Action, a.Reason = Shelved, reason
	a.AckedAt, a.AckedBy, a.Remark = 0, "", ""
	a.ShelvedAt, a.ShelvedBy, a.ShelvedUntil = now, actor.Name, now+Millis(n)*60_000
	return p.Store.WriteAlert(ctx, actor, a)
}

// Tested keeps in the audit that somebody tried the sound of a desk, and
// whether the browser played it.
func (p *Panel) Tested(ctx context.Context, actor access.Actor, audit access.Store, played bool) error {
	if err := actor.Require(access.Write); err != nil {
		return err
	}
	return audit.Audit(ctx, actor, "alarm.sound_test", "alarm/sound", map[string]any{"played": played})
}

func (p *Panel) alert(ctx context.Context, actor access.Actor, id string) (Alert, error) {
	if err := actor.Require(access.Write); err != nil {
		return Alert{}, err
	}
	return p.Store.Alert(ctx, id, 0)
}

// mayHandle reports whether the alert is still what the person saw. That it
// was escalated meanwhile makes it no other.
func (a Alert) mayHandle(base int) error {
	switch {
	case !a.Standing():
		return fault.New(fault.Conflict, "This alert is over: its situation holds no longer.")
	case !a.Kind.Loud():
		return fault.New(fault.Conflict, "This is a "+Kinds.Word(string(a.Kind))+": it makes no sound and needs nobody to acknowledge or shelve it.")
	case base != a.Revision && !(a.Action == Escalated && base == a.Revision-1):
		return fault.New(fault.Conflict, fmt.Sprintf("This alert has changed while you looked at it: it was %s at %s. Look at it again.", Actions.Word(string(a.Action)), incidents.FormatDTG(a.RecordedAt.Time())))
	}
	return nil
}

// words gives a text in one line, or notes what is wrong with it.
func words(p *fault.Problems, field, text, missing string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		p.Add(field, missing)
	case n > maxWords:
		p.Add(field, fmt.Sprintf("This has %d characters; up to %d are accepted.", n, maxWords))
	}
	return text
}
