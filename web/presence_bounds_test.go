package web

import (
	"testing"
	"time"

	"interceptlog/internal/incidents"
)

// No more records are remembered than there is room for; a full house still
// answers, and empties itself.
func TestPresenceRecordsAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	p := newPresence(func() time.Time { return now })
	for range 3 * presenceRecords {
		p.seen(incidents.NewID(), desk{"lind", ""}, "")
	}
	if len(p.records) != presenceRecords {
		t.Errorf("%d records", len(p.records))
	}
	late := incidents.NewID()
	p.seen(late, desk{"lind", ""}, "")
	if got := p.seen(late, desk{"berg", ""}, ""); len(got) != 0 {
		t.Errorf("one too many was remembered: %v", got)
	}
	now = now.Add(presenceLife)
	p.seen(late, desk{"lind", ""}, "")
	if got := p.seen(late, desk{"berg", ""}, ""); len(got) != 1 || len(p.records) != 1 {
		t.Errorf("%v, %d records", got, len(p.records))
	}
	p.gone(late, desk{"lind", ""})
	p.gone(late, desk{"berg", ""})
	p.gone(incidents.NewID(), desk{"berg", ""})
	if len(p.records) != 0 {
		t.Errorf("%d records are left", len(p.records))
	}
}
