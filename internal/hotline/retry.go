package hotline

import (
	"cmp"
	"slices"

	"interceptlog/internal/incidents"
)

// Retry is a call that did not get through and is to be made again.
type Retry struct {
	Contact   Contact // the attempt that asks for it
	At        Millis  // when to call again
	Incidents []incidents.Incident
}

// RetriesOf gives the retries of cases that are still open, the earliest
// first. The newest attempt about an incident decides: a later call, through
// or not, takes the place of an earlier promise to call again. The cases have
// their contacts.
func RetriesOf(cases []Case) []Retry {
	var out []Retry
	for _, c := range cases {
		if !c.Open() {
			continue
		}
		last := lastAttempt(c)
		if last == nil || last.RetryAt == 0 || GotThrough(last.Outcome) {
			continue
		}
		i := slices.IndexFunc(out, func(r Retry) bool { return r.Contact.ID == last.ID })
		if i < 0 {
			out = append(out, Retry{Contact: last.Contact, At: last.RetryAt})
			i = len(out) - 1
		}
		out[i].Incidents = append(out[i].Incidents, c.Incident)
	}
	slices.SortStableFunc(out, func(a, b Retry) int { return cmp.Compare(a.At, b.At) })
	return out
}

// lastAttempt is the newest contact about an incident that was tried; nil for
// none. Tests and what was only coincident are not about it.
func lastAttempt(c Case) *Linked {
	var last *Linked
	for i := range c.Contacts {
		k := &c.Contacts[i]
		if k.Retracted || k.Purpose == "line_test" || k.LinkedAs.Relation == "coincident" || !IsAttempt(k.Outcome) {
			continue
		}
		if last == nil || k.Start.From > last.Start.From || k.Start.From == last.Start.From && k.FirstRecordedAt > last.FirstRecordedAt {
			last = k
		}
	}
	return last
}
