package incidents

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"interceptlog/internal/geo"
)

// AlikeNM is how far apart two reports of one incident may lie beyond what
// both say of their uncertainty, in nautical miles.
const AlikeNM = 30

// AlikeApart is how far apart the clocks of two reports of one incident may be:
// two who tell of one meeting seldom name the same minute.
const AlikeApart = Millis(30 * 60_000)

// Likeness says why two records may be one incident.
type Likeness struct {
	Why        []string // in words, one a reason
	DistanceNM float64  // between the two; 0 when one has no position
	Placed     bool     // both have a position
	Overlap    Interval // the time that both may share; zero when they are only near
}

// Alike judges whether two records may be reports of one incident: the same
// region counts, the periods overlap or lie within AlikeApart, the positions lie no further apart than
// both uncertainties and AlikeNM, and a nation or an aircraft type was
// intercepted in both. It says the same whichever record comes first.
func Alike(a, b *Record, placeA, placeB Place) (Likeness, bool) {
	var l Likeness
	if placeA.Region == "" || placeA.Region != placeB.Region || a.Start.IsZero() || b.Start.IsZero() {
		return l, false
	}
	pa, pb := a.Period(), b.Period()
	if wide := (Interval{pa.From - AlikeApart, pa.To + AlikeApart}); !wide.Overlaps(pb) {
		return l, false
	}
	when := l.sameTime(pa, pb, a.Start, b.Start)
	where, ok := l.near(a, b, placeA.Region)
	if !ok {
		return l, false
	}
	who := sameParty(a.Intercepted, b.Intercepted)
	if who == "" {
		return l, false
	}
	l.Why = []string{when, where, "same intercepted: " + who}
	return l, true
}

// sameTime says what the two periods share, or how far apart they lie.
func (l *Likeness) sameTime(a, b Interval, starts ...Moment) string {
	if !a.Overlaps(b) {
		apart := max(a.From, b.From) - min(a.To, b.To) + 60_000 // from minute to minute
		return fmt.Sprintf("%d min apart", apart/60_000)
	}
	l.Overlap = Interval{max(a.From, b.From), min(a.To, b.To)}
	return "same time: " + overlapWords(l.Overlap, starts...)
}

// Period is when the incident may have gone on: from the earliest start to the
// latest end, and while no end is stated, as long as the start may lie.
func (r *Record) Period() Interval {
	p := r.Start.Interval
	if !r.End.IsZero() {
		p.To = max(p.To, r.End.To)
	}
	return p
}

// near measures how far the two lie apart and says it, if that is not too far.
func (l *Likeness) near(a, b *Record, region string) (words string, ok bool) {
	if a.Geometry.IsNone() || b.Geometry.IsNone() {
		return "region " + RegionCodes.Word(region) + " in both, one position is unknown", true
	}
	l.Placed = true
	l.DistanceNM = geo.DistanceNM(geo.Representative(a.Geometry.Geometry), geo.Representative(b.Geometry.Geometry))
	if l.DistanceNM > AlikeNM+uncertainty(a)+uncertainty(b) {
		return "", false
	}
	within := fmt.Sprintf("within %d NM", AlikeNM)
	if uncertainty(a)+uncertainty(b) > 0 {
		within += " and both uncertainties"
	}
	return fmt.Sprintf("%.0f NM apart, %s", l.DistanceNM, within), true
}

func uncertainty(r *Record) float64 {
	if r.UncertaintyNM == nil {
		return 0
	}
	return *r.UncertaintyNM
}

// overlapWords names the shared time as one of the two starts does where it is
// that start, and by its ends otherwise.
func overlapWords(o Interval, starts ...Moment) string {
	words := ""
	for _, m := range starts {
		if s := m.String(); m.Interval == o && (words == "" || s < words) {
			words = s
		}
	}
	switch {
	case words != "":
		return words
	case o.To-o.From <= Millis(time.Minute/time.Millisecond):
		return FormatDTG(o.From.Time())
	}
	return FormatDTG(o.From.Time()) + " to " + FormatDTG(o.To.Time())
}

// sameParty names the nations and the aircraft types that two parties share;
// nothing when there are none.
func sameParty(a, b Party) string {
	var nations, types []string
	for _, n := range a.Nations {
		if contains(b.Nations, n) && !contains(nations, n) {
			nations = append(nations, n)
		}
	}
	in := map[string]bool{}
	for _, x := range b.Aircraft {
		in[x.Designator] = true
	}
	for _, x := range a.Aircraft {
		if name := typeName(x.Designator, a, b); x.Designator != "" && in[x.Designator] && !contains(types, name) {
			types = append(types, name)
		}
	}
	sort.Strings(nations)
	sort.Strings(types)
	return strings.TrimSpace(strings.Join(nations, ", ") + " " + strings.Join(types, ", "))
}

// typeName is what the parties call a type; where they differ, its designator.
func typeName(designator string, parties ...Party) string {
	name := ""
	for _, p := range parties {
		for _, x := range p.Aircraft {
			if x.Designator != designator || x.Name == "" || x.Name == name {
				continue
			}
			if name != "" {
				return designator
			}
			name = x.Name
		}
	}
	return orElse(name, designator)
}

// Readable reads what can be read of a report that is not finished yet: what
// Apply would refuse is left out. The place holds only the region.
func (r Report) Readable(a *geo.Atlas, now time.Time) (Record, Place) {
	rd := &reader{atlas: a, now: now}
	var rec Record
	rd.times(r, Record{}, &rec)
	rd.place(r, Record{}, &rec)
	rd.parties(r, &rec)
	rec.Exercise = r.Exercise
	if rd.Has("start") {
		rec.Start = Moment{}
	}
	if rd.Has("end") {
		rec.End = Moment{}
	}
	if rd.Has("region") {
		rec.Region = ""
	}
	place := Place{Region: rec.Region}
	if !rec.Geometry.IsNone() {
		place.GeometryRegion = a.RegionOf(rec.Geometry.Geometry)
		place.Region = orElse(place.Region, place.GeometryRegion)
	}
	return rec, place
}
