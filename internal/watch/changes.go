package watch

import (
	"context"
	"slices"
	"strings"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// DaysBack is how far back one looks who never signed a handover.
const DaysBack = 7

// LastSignOff gives since when somebody asks what has changed: the last handover
// that this person signed, as leaving or as arriving, which is when they last
// knew the state of the watch by their own signature; else seven days ago. What
// somebody merely looked at is not recorded, so that a glance at the board from
// home does not hide what came before it.
func (d *Desk) LastSignOff(ctx context.Context, name string) (since Millis, signed *Handover, err error) {
	h, err := d.Store.LastHandover(ctx, name, 0)
	switch {
	case err == nil:
		return h.SignedAt, &h, nil
	case fault.Is(err, fault.NotFound):
		return incidents.MillisOf(d.Now().AddDate(0, 0, -DaysBack)), nil, nil
	}
	return 0, nil, err
}

// Change is an incident that is not what it was.
type Change struct {
	Incident incidents.Incident // as it was at the end
	Rows     []Row              // what was done to it, oldest first
}

// Clock is an incident whose call somebody began or ceased to wait for.
type Clock struct {
	Case hotline.Case // at the end
	Why  string       // why it stopped: followed, retracted …; empty for one that started
}

// Changes are what changed in the log between two moments.
type Changes struct {
	From, To                Millis
	New, Changed, Retracted []Change
	Contacts, Lines         []Row // oldest first
	Entries                 []Row // of the journal
	Struck                  int   // of them
	Started, Stopped        []Clock
	Cut                     bool // there is more than mostChanges
}

// mostChanges bounds what one page tells.
const mostChanges = 1000

// Changes tells what changed in (from, to]; to 0 is now. An import counts: what
// the log says has changed by it.
func (d *Desk) Changes(ctx context.Context, from, to Millis) (ch Changes, err error) {
	ch.From, ch.To = from, to
	rows, err := d.changedRows(ctx, from, to)
	if err != nil {
		return ch, err
	}
	ch.Cut = len(rows) == mostChanges
	byIncident := map[incidents.ID]*Change{}
	var order []incidents.ID
	for _, r := range rows {
		switch r.Kind {
		case "entry":
			ch.Entries = append(ch.Entries, r)
			if r.Entry.Struck {
				ch.Struck++
			}
		case "contact":
			ch.Contacts = append(ch.Contacts, r)
		case "line":
			ch.Lines = append(ch.Lines, r)
		case "report":
			id := r.Incident.ID
			if byIncident[id] == nil {
				byIncident[id] = &Change{}
				order = append(order, id)
			}
			c := byIncident[id]
			c.Incident, c.Rows = *r.Incident, append(c.Rows, r)
		}
	}
	for _, id := range order {
		switch c := *byIncident[id]; {
		case c.Incident.Status == incidents.Retracted:
			ch.Retracted = append(ch.Retracted, c)
		case c.Incident.FirstRecordedAt > from:
			ch.New = append(ch.New, c)
		default:
			ch.Changed = append(ch.Changed, c)
		}
	}
	return ch, d.clocks(ctx, &ch)
}

// changedRows reads the rows of the journal, imports among them.
func (d *Desk) changedRows(ctx context.Context, from, to Millis) (rows []Row, err error) {
	f := JournalFilter{From: from + 1, Oldest: true, Imports: true, Limit: 500}
	if to != 0 {
		f.To = to + 1
	}
	for len(rows) < mostChanges {
		page, err := d.Store.Journal(ctx, f)
		if err != nil {
			return nil, err
		}
		rows = append(rows, page.Rows...)
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	return rows[:min(len(rows), mostChanges)], nil
}

// clocks compares who was waited for at both moments.
func (d *Desk) clocks(ctx context.Context, ch *Changes) error {
	end := hotline.At{AsOf: ch.To, Now: ch.To}
	if ch.To == 0 {
		end.Now = incidents.MillisOf(d.Now())
	}
	was, err := hotline.OpenCases(ctx, d.Records, hotline.At{AsOf: ch.From, Now: ch.From})
	if err != nil {
		return err
	}
	is, err := hotline.OpenCases(ctx, d.Records, end)
	if err != nil {
		return err
	}
	has := func(list []hotline.Case, id incidents.ID) bool {
		return slices.ContainsFunc(list, func(c hotline.Case) bool { return c.Incident.ID == id })
	}
	for _, c := range is {
		if !has(was, c.Incident.ID) {
			ch.Started = append(ch.Started, Clock{Case: c})
		}
	}
	for _, c := range was {
		if has(is, c.Incident.ID) {
			continue
		}
		now, err := d.Records.Case(ctx, c.Incident.ID, end)
		if err != nil {
			return err
		}
		ch.Stopped = append(ch.Stopped, Clock{Case: now, Why: whyStopped(now)})
	}
	return nil
}

// whyStopped says why nobody waits for a call any more.
func whyStopped(c hotline.Case) string {
	switch {
	case c.Incident.Status == incidents.Retracted:
		return "retracted"
	case c.Assessment.Through > 0:
		return "a call got through"
	}
	return strings.ReplaceAll(string(c.Assessment.Worst), "_", " ")
}
