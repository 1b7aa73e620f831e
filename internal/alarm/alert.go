package alarm

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Action is what made a revision of an alert.
type Action string

// The actions. People acknowledge and shelve; the server does the rest.
const (
	Raised       Action = "raised"       // the situation holds, or has become worse
	Acknowledged Action = "acknowledged" // somebody has seen it
	Shelved      Action = "shelved"      // somebody wants to hear of it later
	Returned     Action = "returned"     // it still holds, or has become worse, after that
	Escalated    Action = "escalated"    // nobody acknowledged the warning in time
	Changed      Action = "changed"      // what is known of it has changed
	Rectified    Action = "rectified"    // it holds no longer
	Joined       Action = "joined"       // another alert tells it from now on
)

// Actions are the actions with their words.
var Actions = incidents.Vocabulary{
	{Code: string(Raised), Word: "raised", Meaning: "The situation holds, or has become more urgent."},
	{Code: string(Acknowledged), Word: "acknowledged", Meaning: "A person has seen it and said what is being done."},
	{Code: string(Shelved), Word: "shelved", Meaning: "A person wants to hear of it again after a time."},
	{Code: string(Returned), Word: "returned", Meaning: "It still holds after it was shelved, or has become worse since it was acknowledged."},
	{Code: string(Escalated), Word: "escalated", Meaning: "Nobody acknowledged the warning for five minutes: it is an alarm now."},
	{Code: string(Changed), Word: "changed", Meaning: "What is known of it has changed."},
	{Code: string(Rectified), Word: "rectified", Meaning: "It holds no longer. One that nobody acknowledged stays until somebody has seen it."},
	{Code: string(Joined), Word: "joined", Meaning: "Another alert tells it together with its own."},
}

// EscalateAfter is how long a warning waits to be acknowledged before it
// becomes an alarm.
const EscalateAfter = 5 * time.Minute

// Alert is what the log keeps of a situation, one revision of it. There is one
// alert for a situation: when it comes again, so does its alert.
type Alert struct {
	ID string `json:"id"`
	hotline.Meta
	Action    Action    `json:"action"`
	Situation Situation `json:"situation"` // as last seen
	Kind      Kind      `json:"kind"`      // that of the situation, or higher
	Active    bool      `json:"active"`    // the situation holds
	Unseen    bool      `json:"unseen"`    // it does no longer, and nobody had seen it
	RaisedAt  Millis    `json:"raised_at"` // when it last called for somebody
	AckedAt   Millis    `json:"acked_at,omitempty"`
	AckedBy   string    `json:"acked_by,omitempty"`
	Remark    string    `json:"remark,omitempty"`
	// ShelvedUntil is when a shelved alert comes back if it still holds; 0: it
	// is not shelved.
	ShelvedAt    Millis `json:"shelved_at,omitempty"`
	ShelvedUntil Millis `json:"shelved_until,omitempty"`
	ShelvedBy    string `json:"shelved_by,omitempty"`
}

// IDOf is the id of the alert of a situation. It follows from the key, so that
// whoever raises the alert, and however often, means the same one.
func IDOf(key string) string {
	h := sha256.Sum256([]byte("alarm " + key))
	h[6], h[8] = h[6]&0x0f|0x80, h[8]&0x3f|0x80 // a UUID of version 8, RFC 9562
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// Standing reports whether the alert is still to be shown.
func (a Alert) Standing() bool { return a.Active || a.Unseen }

// Waits reports whether somebody has still to acknowledge the alert.
func (a Alert) Waits() bool {
	return a.Kind.Loud() && a.AckedAt == 0 && a.ShelvedUntil == 0 && a.Standing()
}

// Next is what the clock and the situation make of an alert: the next revision
// without its meta, and false when nothing has changed. a is the zero Alert
// where there is none yet; s is nil when the situation does not hold; joined
// says that another situation tells it. waited is how long the alert has waited
// by a clock that nobody sets: since it was raised or shelved, as far as this
// process saw it. The later of the two clocks counts, so that a step of the one
// silences nothing.
func Next(a Alert, s *Situation, joined bool, now Millis, waited time.Duration) (Alert, bool) {
	if s == nil {
		return a.over(joined)
	}
	was := a.Situation
	a.Situation = *s
	if !a.Active {
		return Alert{ID: IDOf(s.Key), Meta: a.Meta, Action: Raised, Situation: *s, Kind: s.Kind, Active: true, RaisedAt: now}, true
	}
	worse := s.Kind.Rank() < was.Kind.Rank() || s.Stage > was.Stage && s.Kind.Loud()
	handled := a.AckedAt != 0 || a.ShelvedUntil != 0
	kind := s.Kind
	if a.Kind == Alarm && was.Kind == Warning && kind == Warning {
		kind = Alarm // it was escalated
	}
	since := func(m Millis) time.Duration { return max(waited, time.Duration(now-m)*time.Millisecond) }
	switch {
	case handled && worse:
		return a.again(Returned, s.Kind, now, "It has become worse."), true
	case a.ShelvedUntil != 0 && since(a.ShelvedAt) >= time.Duration(a.ShelvedUntil-a.ShelvedAt)*time.Millisecond:
		return a.again(Returned, s.Kind, now, "The time on the shelf is over and it still holds."), true
	case worse && kind.Rank() < a.Kind.Rank():
		return a.again(Raised, kind, now, "It has become more urgent."), true
	case a.Waits() && a.Kind == Warning && kind == Warning && since(a.RaisedAt) >= EscalateAfter:
		a.Action, a.Kind, a.Reason = Escalated, Alarm, "Nobody acknowledged it for five minutes."
		return a, true
	case kind != a.Kind || !sameWords(was, *s):
		a.Action, a.Kind, a.Reason = Changed, kind, ""
		return a, true
	}
	return a, false
}

// over is an alert whose situation does not hold any more.
func (a Alert) over(joined bool) (Alert, bool) {
	switch {
	case !a.Active && !(a.Unseen && joined):
		return a, false
	case joined:
		a.Action, a.Reason, a.Unseen = Joined, "Another alert tells it together with its own.", false
	default:
		a.Action, a.Reason, a.Unseen = Rectified, "", a.Waits()
	}
	a.Active, a.ShelvedAt, a.ShelvedUntil, a.ShelvedBy = false, 0, 0, ""
	return a, true
}

// again calls for somebody once more.
func (a Alert) again(action Action, kind Kind, now Millis, reason string) Alert {
	a.Action, a.Kind, a.Reason, a.RaisedAt = action, kind, reason, now
	a.AckedAt, a.AckedBy, a.Remark = 0, "", ""
	a.ShelvedAt, a.ShelvedUntil, a.ShelvedBy = 0, 0, ""
	return a
}

// sameWords reports whether two situations are told in the same words.
func sameWords(a, b Situation) bool {
	return a.Title == b.Title && a.Action == b.Action && a.Link == b.Link && a.Deadline == b.Deadline && a.Latest == b.Latest && a.Stage == b.Stage &&
		a.Exercise == b.Exercise && a.Marking == b.Marking && slices.Equal(a.Facts, b.Facts) && slices.Equal(a.Parts, b.Parts)
}
