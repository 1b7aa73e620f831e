package watch

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"interceptlog/internal/incidents"
)

// LongestShift is how long a shift may be; one that is longer is a slip of the
// date.
const LongestShift = 24 * time.Hour

// On reports whether the shift runs at a moment.
func (s Shift) On(now Millis) bool { return !s.Cancelled && s.From <= now && now < s.To }

// Has reports whether somebody is one of its officers.
func (s Shift) Has(name string) bool { return slices.Contains(s.Officers, name) }

// Now gives the shifts that run at a moment, the one that began last first:
// when two overlap it is the newer one that is taking the watch.
func Now(shifts []Shift, now Millis) []Shift {
	var on []Shift
	for _, s := range shifts {
		if s.On(now) {
			on = append(on, s)
		}
	}
	slices.SortFunc(on, func(a, b Shift) int {
		return cmp.Or(cmp.Compare(b.From, a.From), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return on
}

// Next gives the first shift that begins after a moment; nil without one.
func Next(shifts []Shift, after Millis) *Shift {
	var next *Shift
	for i := range shifts {
		if s := &shifts[i]; !s.Cancelled && s.From > after && (next == nil || s.From < next.From) {
			next = s
		}
	}
	return next
}

// Words say who has the watch: "Night watch: hansen, berg until 0600Z", of
// every shift that runs; empty when none does.
func Words(shifts []Shift, now Millis) string {
	var parts []string
	for _, s := range Now(shifts, now) {
		parts = append(parts, s.Name+": "+strings.Join(s.Officers, ", ")+" until "+incidents.FormatDTG(s.To.Time())[2:7])
	}
	return strings.Join(parts, " · ")
}

// Overlaps gives the officers who stand in two shifts at the same time, which
// is worth a word to who plans them.
func Overlaps(s Shift, others []Shift) []string {
	var both []string
	for _, o := range others {
		if o.ID == s.ID || o.Cancelled || o.From >= s.To || s.From >= o.To {
			continue
		}
		for _, name := range s.Officers {
			if o.Has(name) && !slices.Contains(both, name) {
				both = append(both, name)
			}
		}
	}
	return both
}
