package alarm

import (
	"testing"
	"time"
)

func sit(kind Kind, stage int) *Situation {
	return &Situation{Key: "incident/a", Kind: kind, Stage: stage, Title: "a", Facts: []string{"f"}, Action: "Call", Link: "/"}
}

// alertOf is an active alert that was raised at t0.
func alertOf(kind Kind, stage int, change func(*Alert)) Alert {
	a, _ := Next(Alert{}, sit(kind, stage), false, ms(t0), 0)
	a.Revision = 1
	if change != nil {
		change(&a)
	}
	return a
}

func acked(a *Alert) { a.AckedAt, a.AckedBy, a.Remark = ms(t0), "hansen", "calling" }
func shelved(a *Alert) {
	a.ShelvedAt, a.ShelvedUntil, a.ShelvedBy = ms(t0), ms(t0.Add(15*time.Minute)), "hansen"
}
func escalated(a *Alert) { a.Kind = Alarm }

func TestNext(t *testing.T) {
	other := func(kind Kind, stage int) *Situation {
		s := sit(kind, stage)
		s.Facts = []string{"f", "the line is down"}
		return s
	}
	for _, tt := range []struct {
		name   string
		a      Alert
		s      *Situation
		joined bool
		after  time.Duration
		waited time.Duration
		action Action // empty: nothing changes
		kind   Kind
		waits  bool
		shown  bool
	}{
		{"begins", Alert{}, sit(Warning, 1), false, 0, 0, Raised, Warning, true, true},
		{"a notice waits for nobody", Alert{}, sit(Notice, 0), false, 0, 0, Raised, Notice, false, true},
		{"nothing there", Alert{}, nil, false, 0, 0, "", "", false, false},
		{"goes on", alertOf(Warning, 1, nil), sit(Warning, 1), false, 4 * time.Minute, 0, "", Warning, true, true},
		{"five minutes", alertOf(Warning, 1, nil), sit(Warning, 1), false, EscalateAfter, 0, Escalated, Alarm, true, true},
		{"five minutes by our own clock, the other was set back", alertOf(Warning, 1, nil), sit(Warning, 1), false, -2 * time.Hour, EscalateAfter, Escalated, Alarm, true, true},
		{"a caution does not escalate", alertOf(Caution, 0, nil), sit(Caution, 0), false, time.Hour, time.Hour, "", Caution, false, true},
		{"an alarm does not escalate", alertOf(Alarm, 1, nil), sit(Alarm, 1), false, time.Hour, time.Hour, "", Alarm, true, true},
		{"escalated goes on", alertOf(Warning, 1, escalated), sit(Warning, 1), false, time.Hour, time.Hour, "", Alarm, true, true},
		{"escalated and acknowledged goes on", alertOf(Warning, 1, func(a *Alert) { escalated(a); acked(a) }), sit(Warning, 1), false, time.Hour, time.Hour, "", Alarm, false, true},
		{"acknowledged goes on", alertOf(Warning, 1, acked), sit(Warning, 1), false, time.Hour, time.Hour, "", Warning, false, true},
		{"acknowledged, the deadline passes", alertOf(Warning, 1, acked), sit(Warning, 2), false, time.Hour, 0, Returned, Warning, true, true},
		{"acknowledged, rated higher", alertOf(Warning, 1, acked), sit(Alarm, 1), false, time.Hour, 0, Returned, Alarm, true, true},
		{"acknowledged, one more fact", alertOf(Warning, 1, acked), other(Warning, 1), false, time.Hour, 0, Changed, Warning, false, true},
		{"a notice becomes a warning", alertOf(Notice, 0, nil), sit(Warning, 1), false, time.Hour, 0, Raised, Warning, true, true},
		{"a warning becomes a notice", alertOf(Warning, 1, nil), sit(Notice, 0), false, time.Minute, 0, Changed, Notice, false, true},
		{"on the shelf", alertOf(Warning, 1, shelved), sit(Warning, 1), false, 14 * time.Minute, 0, "", Warning, false, true},
		{"off the shelf", alertOf(Warning, 1, shelved), sit(Warning, 1), false, 15 * time.Minute, 0, Returned, Warning, true, true},
		{"off the shelf by our own clock", alertOf(Warning, 1, shelved), sit(Warning, 1), false, -time.Hour, 15 * time.Minute, Returned, Warning, true, true},
		{"on the shelf, worse", alertOf(Warning, 1, shelved), sit(Warning, 2), false, time.Minute, 0, Returned, Warning, true, true},
		{"over, not seen", alertOf(Warning, 1, nil), nil, false, time.Minute, 0, Rectified, Warning, true, true},
		{"over, seen", alertOf(Warning, 1, acked), nil, false, time.Minute, 0, Rectified, Warning, false, false},
		{"over on the shelf", alertOf(Warning, 1, shelved), nil, false, time.Minute, 0, Rectified, Warning, false, false},
		{"a notice is over", alertOf(Notice, 0, nil), nil, false, time.Minute, 0, Rectified, Notice, false, false},
		{"told by another", alertOf(Warning, 1, nil), nil, true, time.Minute, 0, Joined, Warning, false, false},
		{"over, not seen, then told by another", alertOf(Warning, 1, func(a *Alert) { a.Active, a.Unseen = false, true }), nil, true, 0, 0, Joined, Warning, false, false},
		{"over stays over", alertOf(Warning, 1, func(a *Alert) { a.Active, a.Unseen = false, true }), nil, false, time.Hour, time.Hour, "", Warning, true, true},
		{"comes again", alertOf(Warning, 1, func(a *Alert) { acked(a); a.Active = false }), sit(Warning, 1), false, time.Hour, 0, Raised, Warning, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now := ms(t0.Add(tt.after))
			got, changed := Next(tt.a, tt.s, tt.joined, now, tt.waited)
			if changed != (tt.action != "") || changed && got.Action != tt.action {
				t.Fatalf("changed %v by %q, want %q", changed, got.Action, tt.action)
			}
			if got.Kind != tt.kind || got.Waits() != tt.waits || got.Standing() != tt.shown {
				t.Errorf("kind %s waits %v standing %v, want %s %v %v", got.Kind, got.Waits(), got.Standing(), tt.kind, tt.waits, tt.shown)
			}
			if changed && got.ID != IDOf("incident/a") && tt.a.ID != got.ID {
				t.Errorf("id %q", got.ID)
			}
			if got.ShelvedUntil == 0 && got.ShelvedBy != "" || got.AckedAt == 0 && got.AckedBy != "" {
				t.Errorf("leftovers: %+v", got)
			}
			// Once more at the same moment changes nothing: two runs raise once.
			if again, twice := Next(got, tt.s, tt.joined, now, 0); changed && twice {
				t.Errorf("a second look says %s", again.Action)
			}
		})
	}
}

func TestIDOf(t *testing.T) {
	if a, b := IDOf("line/a"), IDOf("line/b"); a == b || len(a) != 36 || a != IDOf("line/a") {
		t.Errorf("%s %s", a, b)
	}
}
