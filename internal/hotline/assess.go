package hotline

import "interceptlog/internal/incidents"

// This file is the rule of DESIGN §4, and the only place where it lives.
//
// A report never gives an instant, only an interval that holds it. So the
// rule does not judge one world but all those that the record allows, and
// answers with the best and the worst. Every interval is half-open, [from,
// to): an incident that began in [i0, i1) began at i0 or later and before i1.
// With a contact begun in [c0, c1) and ended in [e0, e1) it follows that
//
//   - the contact ended before the incident began, for certain, when e1 <= i0
//     (its end lies before e1, the start of the incident at i0 or later); then
//     it does not count;
//   - it did not, for certain, when e0 >= i1 or c0 >= i1; then it counts by
//     the clock;
//   - in between the clocks cannot say, and it counts because the link says
//     that it came after;
//   - the delay lies between max(0, c0-i1) and max(0, c1-i0). Neither end is
//     quite reached, so "in time when the upper one is at most the limit" is
//     sharp, and "late when the lower one is above it" gives the benefit of
//     the doubt to a lower one that equals it;
//   - a deadline d after the start lies in [i0+d, i1+d). The exclusive end is
//     no possible deadline itself: it is the first moment at which every
//     possible one is past, and until then one may still lie ahead.
//
// The strict pair takes a contact that rests on the link once in and once
// out. Coarsening a time adds worlds and takes none away, so the strict pair
// can only widen.

// Status is the de-escalation status of an incident (DESIGN §4). It is
// derived, never typed in.
type Status string

// The statuses, from best to worst.
const (
	Followed     Status = "followed"
	FollowedLate Status = "followed_late"
	NotRequired  Status = "not_required"
	Awaiting     Status = "awaiting"
	Attempted    Status = "attempted"
	NotKnown     Status = "not_known"
	Overdue      Status = "overdue"
)

// Standing is the status as far as it can be told: best and worst differ
// where the times are too coarse (or public silence hides an earlier call);
// the strict pair rests on the clocks alone, without the order that the links
// state.
type Standing struct {
	Best        Status `json:"best"`
	Worst       Status `json:"worst"`
	StrictBest  Status `json:"strict_best"`
	StrictWorst Status `json:"strict_worst"`
}

// Bounds are the least and the most time between two events, milliseconds.
type Bounds struct {
	Min Millis `json:"min"`
	Max Millis `json:"max"`
}

// Facts are everything about an incident's contacts that does not depend on
// what time it is. With a time they give an Assessment; the store keeps them
// as columns, so that lists and exports resolve the status while streaming.
type Facts struct {
	Rule         Rule   `json:"rule"`
	DeadlineFrom Millis `json:"deadline_from"` // earliest possible; 0: no deadline
	DeadlineTo   Millis `json:"deadline_to"`   // latest possible
	// Phase holds the standing before the earliest possible deadline, between
	// the two, and from the latest on.
	Phase [3]Standing `json:"phase"`

	FirstAttempt    *Bounds   `json:"first_attempt"`    // from the incident to the first attempt
	FirstContact    *Bounds   `json:"first_contact"`    // to the first contact that got through
	FirstDirect     *Bounds   `json:"first_direct"`     // to the first direct one that got through
	FirstDiplomatic *Bounds   `json:"first_diplomatic"` // to the first diplomatic one that got through
	SinceKnown      *Bounds   `json:"since_known"`      // from when we knew to the first contact that got through
	FirstContactID  ContactID `json:"first_contact_id,omitempty"`

	Attempts   int    `json:"attempts"`        // counting contacts, failed ones included
	Through    int    `json:"through"`         // of them, got through
	Direct     int    `json:"direct"`          // of those, direct
	Diplomatic int    `json:"diplomatic"`      // of those, diplomatic
	Basis      string `json:"basis,omitempty"` // clock, or link when an order that counts rests on the link
	LateEntry  bool   `json:"late_entry"`      // the deadline had certainly passed before we knew
}

// Assessment is the answer at one moment.
type Assessment struct {
	Facts
	Standing
	Now            Millis `json:"now"`
	DeadlinePassed bool   `json:"deadline_passed"` // the earliest possible deadline is past
}

// Status is the one word for lists, filters and exports: the worst.
func (a Assessment) Status() Status { return a.Worst }

// Rank is the place of the status from best, 0, to worst, 6.
func (s Status) Rank() int {
	switch s {
	case Followed:
		return 0
	case FollowedLate:
		return 1
	case NotRequired:
		return 2
	case Awaiting:
		return 3
	case Attempted:
		return 4
	case NotKnown:
		return 5
	}
	return 6
}

// Case is an incident with the answer to the product's question.
type Case struct {
	Incident   incidents.Incident `json:"incident"`
	Assessment Assessment         `json:"assessment"`
	Contacts   []Linked           `json:"contacts,omitempty"` // only where asked for
}

// Open reports whether somebody may still have to call: the policy asks for a
// contact, and at best or at worst it still waits for one. An incident that was
// entered after its deadline raises no alarm (DESIGN §4), and a retracted one
// asks for nothing. Only an open case has a colour on the screens.
func (c Case) Open() bool {
	a := c.Assessment
	if a.Rule.Need == NeedNone || a.LateEntry || c.Incident.Status == incidents.Retracted {
		return false
	}
	return a.Worst.waits() || a.Best.waits()
}

// waits reports whether the status is one that a call would change.
func (s Status) waits() bool { return s == Awaiting || s == Attempted || s == Overdue }

// What a contact's place in time rests on.
const (
	BasisClock = "clock" // the times alone say that it did not end before the incident began
	BasisLink  = "link"  // the times overlap; the link says that it came after
)

// Unbounded stands in Bounds.Max where a time is not stated at all.
const Unbounded = incidents.Forever

// far lies beyond every time on record, and small enough for sums of it not
// to overflow. A time that is not stated lies between -far and far.
const far = incidents.Forever / 4

// publicSources is the absence under which silence proves nothing.
const publicSources = "public_sources"

// Assess answers for one incident at one moment.
func Assess(inc incidents.Incident, rule Rule, contacts []Linked, now Millis) Assessment {
	return FactsOf(inc, rule, contacts).At(now)
}

// HasDeadline reports whether a contact is asked for by a time that can be
// told. It cannot where the start of the incident is not stated.
func (f Facts) HasDeadline() bool { return f.DeadlineFrom != 0 || f.DeadlineTo != 0 }

// At gives the answer at a moment. It changes twice at most: at the earliest
// and at the latest possible deadline.
func (f Facts) At(now Millis) Assessment {
	a := Assessment{Facts: f, Now: now}
	switch {
	case !f.HasDeadline() || now < f.DeadlineFrom:
		a.Standing = f.Phase[0]
	case now < f.DeadlineTo:
		a.Standing = f.Phase[1]
	default:
		a.Standing = f.Phase[2]
	}
	a.DeadlinePassed = f.HasDeadline() && now >= f.DeadlineFrom
	return a
}

// FactsOf works out everything about an incident's contacts that does not
// depend on what time it is. The rule is the one that the policy frozen into
// the incident has for its severity and derived region; another rule gives
// the what-if under another policy.
func FactsOf(inc incidents.Incident, rule Rule, contacts []Linked) Facts {
	f, _ := factsOf(inc, rule, contacts)
	return f
}

// factsOf is FactsOf with the histories that the record allows.
func factsOf(inc incidents.Incident, rule Rule, contacts []Linked) (Facts, *worlds) {
	f := Facts{Rule: rule}
	began := startOf(inc.Record.Start)
	w := &worlds{need: rule.Need, within: Millis(rule.WithinS) * 1000, public: inc.Record.Absence == publicSources}
	if w.need != NeedAny && w.need != NeedDirect {
		w.need = NeedNone
	}

	var first *Linked
	var firstBounds, known Bounds
	throughByLink, attemptByLink := false, false
	for i := range contacts {
		l := &contacts[i]
		basis, _ := place(began, l)
		if basis == "" {
			continue
		}
		byLink := basis == BasisLink
		started := startOf(l.Start)
		delay := between(began, started)
		through, direct := GotThrough(l.Outcome), IsDirect(l.Channel.Kind)

		w.add(through && (w.need != NeedDirect || direct), byLink, delay)
		f.Attempts++
		attemptByLink = attemptByLink || byLink
		widen(&f.FirstAttempt, delay)
		if !through {
			continue
		}
		f.Through++
		throughByLink = throughByLink || byLink
		widen(&f.FirstContact, delay)
		if direct {
			f.Direct++
			widen(&f.FirstDirect, delay)
		} else {
			f.Diplomatic++
			widen(&f.FirstDiplomatic, delay)
		}
		since := between(incidents.Interval{From: inc.FirstRecordedAt, To: inc.FirstRecordedAt}, started)
		if first == nil {
			known = since
		} else {
			known = Bounds{min(known.Min, since.Min), min(known.Max, since.Max)}
		}
		if first == nil || earlier(delay, l.ID, firstBounds, first.ID) {
			first, firstBounds = l, delay
		}
	}
	if first != nil {
		f.FirstContactID = first.ID
		f.SinceKnown = &known
	}
	switch {
	case f.Attempts == 0:
	case throughByLink, f.Through == 0 && attemptByLink:
		f.Basis = BasisLink
	default:
		f.Basis = BasisClock
	}

	if w.need == NeedNone || inc.Record.Start.IsZero() {
		// No deadline, or one that cannot be told: one answer for all times.
		s := w.standing(true, true)
		f.Phase = [3]Standing{s, s, s}
		return f, w
	}
	f.DeadlineFrom, f.DeadlineTo = began.From+w.within, began.To+w.within
	f.Phase = [3]Standing{w.standing(true, false), w.standing(true, true), w.standing(false, true)}
	f.LateEntry = inc.FirstRecordedAt >= f.DeadlineTo
	return f, w
}

// BasisOf says what a contact's place after the incident rests on; it is
// empty when the contact does not count, and then the second value says why,
// in words for the page.
func BasisOf(inc incidents.Incident, l Linked) (basis, whyNot string) {
	return place(startOf(inc.Record.Start), &l)
}

// EndedBefore reports whether the contact for certain ended before the
// incident began. Then it cannot have been prompted by it.
func EndedBefore(c Contact, inc incidents.Incident) bool {
	return endOfContact(&c).To <= startOf(inc.Record.Start).From
}

// place is BasisOf for an incident that began in an interval.
func place(began incidents.Interval, l *Linked) (basis, whyNot string) {
	ended := endOfContact(&l.Contact)
	switch {
	case l.Retracted:
		return "", "retracted"
	case !l.LinkedAs.Linked:
		return "", "no longer linked"
	case l.LinkedAs.Relation == "coincident":
		return "", "coincident"
	case l.Purpose == "line_test":
		return "", "line test"
	case !IsAttempt(l.Outcome):
		return "", Outcomes.Word(l.Outcome)
	case ended.To <= began.From:
		return "", "ended before the incident began"
	case ended.From >= began.To, startOf(l.Start).From >= began.To:
		return BasisClock, ""
	}
	return BasisLink, ""
}

// startOf gives the interval in which a start lies.
func startOf(m incidents.Moment) incidents.Interval {
	if m.IsZero() {
		return incidents.Interval{From: -far, To: far}
	}
	return m.Interval
}

// endOfContact gives the interval in which a contact ended: without a stated
// end, that of its start. An end that for certain lies before the start is a
// mistake of the record (the desk refuses it, an import may bring it) and is
// taken as not stated.
func endOfContact(c *Contact) incidents.Interval {
	started := startOf(c.Start)
	if c.End.IsZero() || c.End.To <= started.From {
		return started
	}
	return c.End.Interval
}

// Between bounds the time from an instant in one interval to an instant in
// another; what came before took no time.
func Between(from, to incidents.Interval) Bounds { return between(from, to) }

// between bounds the time from an instant in one interval to an instant in
// another; a contact that was under way when the incident began took no time.
func between(from, to incidents.Interval) Bounds {
	b := Bounds{Min: max(0, to.From-from.To), Max: max(0, to.To-from.From)}
	if b.Max >= far/2 {
		b.Max = Unbounded
	}
	return b
}

// widen takes the bounds of one more contact into those of the first of all:
// the least lower and the least upper one.
func widen(first **Bounds, b Bounds) {
	if *first == nil {
		*first = &b
		return
	}
	(*first).Min, (*first).Max = min((*first).Min, b.Min), min((*first).Max, b.Max)
}

// earlier orders contacts by lower bound, upper bound and id, so that the
// first one is the same on every reading.
func earlier(a Bounds, aID ContactID, b Bounds, bID ContactID) bool {
	if a.Min != b.Min {
		return a.Min < b.Min
	}
	if a.Max != b.Max {
		return a.Max < b.Max
	}
	return aID < bID
}

// worlds are the histories that a record allows. They differ in whether the
// contacts that rest on the link came after, whether the delays are the least
// or the most possible, and on which side of now the deadline lies.
type worlds struct {
	need   Need
	within Millis
	public bool
	// satisfying contacts got through and are of the kind that is asked for;
	// of the other ones only their number matters. Index 0 counts by the
	// clock, 1 by the link.
	satisfying [2]group
	others     [2]int
}

// group is some satisfying contacts: how many, and the least of each bound.
type group struct {
	n int
	Bounds
}

func (w *worlds) add(satisfying, byLink bool, delay Bounds) {
	i := 0
	if byLink {
		i = 1
	}
	if !satisfying {
		w.others[i]++
		return
	}
	g := &w.satisfying[i]
	if g.n == 0 {
		g.Bounds = delay
	} else {
		g.Bounds = Bounds{min(g.Min, delay.Min), min(g.Max, delay.Max)}
	}
	g.n++
}

// standing is the best and the worst over the worlds, for a moment at which
// the deadline may lie ahead, or be past, or either.
//
// Of the contacts that rest on the link it is enough to take all satisfying
// ones in or out together, and all others likewise: the best needs the least
// delay, which all of them together give; the worst needs either none of the
// satisfying ones or, where the clock has one, no more than that; and of the
// others it only matters whether there is any.
func (w *worlds) standing(ahead, past bool) Standing {
	var link, strict extent
	for world := range 1 << 4 {
		satisfying, others := world&1 != 0, world&2 != 0
		atMost, isPast := world&4 != 0, world&8 != 0
		if isPast && !past || !isPast && !ahead {
			continue
		}
		status := w.status(satisfying, others, atMost, isPast)
		for _, s := range [2]Status{status, w.unpublished(status)} {
			strict.include(s)
			if satisfying && others {
				link.include(s)
			}
		}
	}
	return Standing{Best: link.best, Worst: link.worst, StrictBest: strict.best, StrictWorst: strict.worst}
}

// status is that of one world.
func (w *worlds) status(satisfyingByLink, othersByLink, atMost, past bool) Status {
	n, delay, others := 0, Unbounded, w.others[0]
	for i, g := range w.satisfying {
		if g.n == 0 || i == 1 && !satisfyingByLink {
			continue
		}
		n += g.n
		if atMost {
			delay = min(delay, g.Max)
		} else {
			delay = min(delay, g.Min)
		}
	}
	if othersByLink {
		others += w.others[1]
	}
	switch {
	case n > 0 && (w.need == NeedNone || delay <= w.within):
		return Followed
	case n > 0:
		return FollowedLate
	case others > 0:
		return Attempted
	case w.need == NeedNone:
		return NotRequired
	case !past:
		return Awaiting
	case w.public:
		return NotKnown
	}
	return Overdue
}

// unpublished gives the status of the world that differs from one in a call
// nobody published: where only published contacts are known, a late one may
// have had an earlier one in time before it. It is taken world by world, and
// not from the outcome, as otherwise a coarser time could take it away again.
func (w *worlds) unpublished(s Status) Status {
	if w.public && s == FollowedLate {
		return Followed
	}
	return s
}

// extent is the best and the worst status of the worlds seen so far.
type extent struct{ best, worst Status }

func (e *extent) include(s Status) {
	if e.best == "" || s.Rank() < e.best.Rank() {
		e.best = s
	}
	if e.worst == "" || s.Rank() > e.worst.Rank() {
		e.worst = s
	}
}
