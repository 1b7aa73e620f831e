package research

import (
	"testing"
	"time"

	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// TestExercisesWait: whatever the clock says at the first start, the same
// incidents wait for a call, and still do five minutes later. One that is known to
// the hour once waited in forty minutes of each hour only.
func TestExercisesWait(t *testing.T) {
	real, err := sampleRecords()
	if err != nil {
		t.Fatal(err)
	}
	rules := hotline.Policy{Rules: hotline.DefaultRules()}
	for minute := range 24 * 60 {
		now := time.Date(2026, 11, 24, 0, minute, 30, 0, time.UTC)
		for _, ex := range exercises {
			rec := moved(real[ex.id], ex, now)
			inc := incidents.Incident{Status: incidents.Submitted, Record: rec, Derived: incidents.Derive(geo.Default(), &rec), FirstRecordedAt: incidents.MillisOf(now)}
			rule := rules.For(rec.Severity, inc.Derived.Region)
			for _, at := range []time.Time{now, now.Add(5 * time.Minute)} {
				c := hotline.Case{Incident: inc, Assessment: hotline.Assess(inc, rule, nil, incidents.MillisOf(at))}
				if late := ex.id == "2023-05-05-pl-l410-su35"; c.Open() == late {
					t.Fatalf("%s at %s: open %v (%s to %s, deadline %s to %s)", ex.id, at.Format("15:04"), c.Open(), rec.Start.From.Time(), rec.Start.To.Time(), c.Assessment.DeadlineFrom.Time(), c.Assessment.DeadlineTo.Time())
				}
			}
		}
	}
}
