package hotline

import (
	"testing"

	"interceptlog/internal/incidents"
)

func TestOpenIsWhoeverMayStillHaveToCall(t *testing.T) {
	for _, tt := range []struct {
		best, worst Status
		need        Need
		late        bool
		report      incidents.Status
		want        bool
	}{
		{Awaiting, Awaiting, NeedAny, false, incidents.Submitted, true},
		{Awaiting, Overdue, NeedAny, false, incidents.Submitted, true},
		{Awaiting, NotKnown, NeedAny, false, incidents.Submitted, true},
		{Attempted, Attempted, NeedDirect, false, incidents.Verified, true},
		{Overdue, Overdue, NeedDirect, false, incidents.Submitted, true},
		{Overdue, Overdue, NeedDirect, true, incidents.Submitted, false},
		{Overdue, Overdue, NeedDirect, false, incidents.Retracted, false},
		{NotKnown, NotKnown, NeedAny, false, incidents.Submitted, false},
		{Followed, FollowedLate, NeedAny, false, incidents.Submitted, false},
		{NotRequired, NotRequired, NeedNone, false, incidents.Submitted, false},
		{Attempted, Attempted, NeedNone, false, incidents.Submitted, false},
	} {
		c := Case{Incident: incidents.Incident{Status: tt.report}, Assessment: Assessment{Facts: Facts{Rule: Rule{Need: tt.need}, LateEntry: tt.late}, Standing: Standing{Best: tt.best, Worst: tt.worst}}}
		if got := c.Open(); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}
