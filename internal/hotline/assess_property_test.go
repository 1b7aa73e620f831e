package hotline

import (
	"fmt"
	"math/rand"
	"testing"

	"interceptlog/internal/incidents"
)

// A scene is an incident with its contacts, a rule and a moment.
type scene struct {
	inc      incidents.Incident
	rule     Rule
	contacts []Linked
	now      Millis
}

func (s scene) assess() Assessment { return Assess(s.inc, s.rule, s.contacts, s.now) }

func (s scene) String() string {
	text := fmt.Sprintf("incident [%d,%d) %s need %s within %d, now %d", s.inc.Record.Start.From-noon, s.inc.Record.Start.To-noon, s.inc.Record.Absence, s.rule.Need, s.rule.WithinS*1000, s.now-noon)
	for _, c := range s.contacts {
		text += fmt.Sprintf("\n  %s %s %s [%d,%d)", c.Outcome, c.Channel.Kind, c.LinkedAs.Relation, c.Start.From-noon, c.Start.To-noon)
		if !c.End.IsZero() {
			text += fmt.Sprintf(" to [%d,%d)", c.End.From-noon, c.End.To-noon)
		}
	}
	return text
}

// Times are drawn from a grid of half hours within three days, so that edges
// meet edges, and each interval is one of the precisions or any stretch.
const grid = 30 * minute

func draw(r *rand.Rand, at Millis) incidents.Moment {
	codes := incidents.Precisions.Codes()
	switch r.Intn(3) {
	case 0:
		return incidents.At(at.Time(), incidents.Precision(codes[r.Intn(4)]), "")
	case 1:
		from := at - Millis(r.Intn(8))*grid
		return incidents.Moment{Interval: incidents.Interval{From: from, To: at + Millis(1+r.Intn(8))*grid}, Precision: incidents.Hour}
	}
	return incidents.At(at.Time(), incidents.Exact, "")
}

func drawScene(r *rand.Rand) scene {
	one := func(list ...string) string { return list[r.Intn(len(list))] }
	s := scene{
		inc:  incidents.Incident{ID: "i", FirstRecordedAt: noon + Millis(r.Intn(48))*hour},
		rule: []Rule{ruleNone, ruleAny, ruleDirect, {Need: NeedAny, WithinS: 3600}, {Need: NeedDirect, WithinS: 24 * 3600}, {Need: NeedAny, WithinS: 0}}[r.Intn(6)],
		now:  noon + Millis(r.Intn(300)-48)*grid,
	}
	s.inc.Record.Absence = one("own_log", "public_sources")
	s.inc.Record.Start = draw(r, noon)
	for i := range r.Intn(4) {
		at := noon + Millis(r.Intn(144)-48)*grid
		if r.Intn(2) == 0 {
			at = noon + Millis(r.Intn(8)-4)*grid
		}
		l := contact(0, id(string(rune('a'+i))), kind(one("phone", "phone", "summons")),
			outcome(one("connected", "delivered", "refused", "no_answer", "announced")),
			relation(one("prompted_by", "discussed", "discussed", "coincident")), purpose(one("clarify", "protest", "protest", "line_test")))
		l.Start = draw(r, at)
		if r.Intn(2) == 0 {
			l.End = draw(r, at+Millis(r.Intn(12))*grid)
		}
		s.contacts = append(s.contacts, l)
	}
	return s
}

// coarsen gives the scene with one or more of its times known less well.
func (s scene) coarsen(r *rand.Rand) scene {
	wider := func(m incidents.Moment, mayLose bool) incidents.Moment {
		if m.IsZero() {
			return m
		}
		switch r.Intn(6) {
		case 0, 1: // a calendar precision that covers it
			codes := incidents.Precisions.Codes()
			for _, k := range r.Perm(len(codes)) {
				if c := incidents.At(m.From.Time(), incidents.Precision(codes[k]), ""); c.Covers(m.Interval) {
					return c
				}
			}
		case 2, 3:
			m.From -= Millis(r.Intn(20)) * grid
			m.To += Millis(r.Intn(20)) * grid
		case 4:
			if mayLose && r.Intn(4) == 0 {
				return incidents.Moment{}
			}
		}
		return m
	}
	s.inc.Record.Start = wider(s.inc.Record.Start, true)
	contacts := append([]Linked(nil), s.contacts...)
	for i := range contacts {
		contacts[i].Start = wider(contacts[i].Start, true)
		contacts[i].End = wider(contacts[i].End, false) // an end that is lost is another record: see endOfContact
	}
	s.contacts = contacts
	return s
}

const scenes = 20_000

// Knowing less only widens the strict answer; read the other way round,
// knowing more never turns a certain strict answer into a different one.
func TestCoarseningOnlyWidens(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	widened, certain := 0, 0
	for range scenes {
		fine := drawScene(r)
		coarse := fine.coarsen(r)
		f, c := fine.assess(), coarse.assess()
		if c.StrictBest.Rank() > f.StrictBest.Rank() || c.StrictWorst.Rank() < f.StrictWorst.Rank() {
			t.Fatalf("coarsening narrowed %s…%s to %s…%s\nfine: %v\ncoarse: %v", f.StrictBest, f.StrictWorst, c.StrictBest, c.StrictWorst, fine, coarse)
		}
		if c.StrictBest == c.StrictWorst {
			certain++
			if f.StrictBest != c.StrictBest || f.StrictWorst != c.StrictWorst {
				t.Fatalf("knowing more changed a certain %s into %s…%s\nfine: %v\ncoarse: %v", c.StrictBest, f.StrictBest, f.StrictWorst, fine, coarse)
			}
		}
		if f.StrictBest != c.StrictBest || f.StrictWorst != c.StrictWorst {
			widened++
		}
	}
	if widened < scenes/20 || certain < scenes/20 {
		t.Errorf("the scenes test little: %d widened, %d stayed certain of %d", widened, certain, scenes)
	}
	t.Logf("%d scenes: %d widened, %d certain after coarsening", scenes, widened, certain)
}

// An oracle that knows nothing of bounds: it draws instants inside the
// intervals, judges that one world by the words of DESIGN §4, and the answer
// must lie within the strict pair; with every contact that may have come after
// taken as having come after, within the pair from the links.
func TestSampledWorldsLieWithin(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	reached := 0
	for range scenes / 4 {
		s := drawScene(r)
		a := s.assess()
		best, worst := Overdue, Followed
		for range 40 {
			w := s.sample(r)
			for _, st := range w.judge(s, false) {
				if st.Rank() < a.StrictBest.Rank() || st.Rank() > a.StrictWorst.Rank() {
					t.Fatalf("a world is %s, outside strict %s…%s\n%v\nworld %+v", st, a.StrictBest, a.StrictWorst, s, w)
				}
				if st.Rank() < best.Rank() {
					best = st
				}
				if st.Rank() > worst.Rank() {
					worst = st
				}
			}
			for _, st := range w.judge(s, true) {
				if st.Rank() < a.Best.Rank() || st.Rank() > a.Worst.Rank() {
					t.Fatalf("a world is %s, outside %s…%s\n%v\nworld %+v", st, a.Best, a.Worst, s, w)
				}
			}
		}
		if best == a.StrictBest && worst == a.StrictWorst {
			reached++
		}
	}
	t.Logf("in %d of %d scenes forty worlds reach both ends of the strict pair", reached, scenes/4)
	if reached < scenes/4*8/10 {
		t.Errorf("only %d of %d strict pairs are reached by sampled worlds: they are wider than they need be", reached, scenes/4)
	}
}

// instants are one world: when everything was, to the millisecond.
type instants struct {
	start  Millis
	starts []Millis
	ends   []Millis
}

// sample draws a world, its ends more often than its middle.
func (s scene) sample(r *rand.Rand) instants {
	in := func(from, to Millis) Millis { // [from, to)
		switch r.Intn(3) {
		case 0:
			return from
		case 1:
			return to - 1
		}
		return from + Millis(r.Int63n(int64(to-from)))
	}
	w := instants{start: in(s.inc.Record.Start.From, s.inc.Record.Start.To)}
	for _, c := range s.contacts {
		start, end := Millis(0), Millis(0)
		if c.End.IsZero() {
			start = in(c.Start.From, c.Start.To)
			end = start
		} else {
			start = in(c.Start.From, min(c.Start.To, c.End.To))
			end = in(max(c.End.From, start), c.End.To)
		}
		w.starts, w.ends = append(w.starts, start), append(w.ends, end)
	}
	return w
}

// judge gives the status of the world; two where a late contact in public
// sources may have had an unpublished one before it.
func (w instants) judge(s scene, trustLinks bool) []Status {
	within := Millis(s.rule.WithinS) * 1000
	tried, first := false, Millis(-1)
	for i, c := range s.contacts {
		if c.LinkedAs.Relation == "coincident" || c.Purpose == "line_test" || c.Outcome == "announced" {
			continue
		}
		after := w.ends[i] >= w.start
		if trustLinks { // it came after wherever that is possible at all
			last := c.Start.To
			if !c.End.IsZero() {
				last = c.End.To
			}
			after = last > s.inc.Record.Start.From
		}
		if !after {
			continue
		}
		tried = true
		through := c.Outcome == "connected" || c.Outcome == "delivered"
		if !through || s.rule.Need == NeedDirect && c.Channel.Kind != "phone" {
			continue
		}
		if delay := max(0, w.starts[i]-w.start); first < 0 || delay < first {
			first = delay
		}
	}
	public := s.inc.Record.Absence == "public_sources"
	switch {
	case first >= 0 && (s.rule.Need == NeedNone || first <= within):
		return []Status{Followed}
	case first >= 0 && public:
		return []Status{Followed, FollowedLate}
	case first >= 0:
		return []Status{FollowedLate}
	case tried:
		return []Status{Attempted}
	case s.rule.Need == NeedNone:
		return []Status{NotRequired}
	case s.now < w.start+within:
		return []Status{Awaiting}
	case public:
		return []Status{NotKnown}
	}
	return []Status{Overdue}
}

// The rule takes contacts in groups and bounds at once. A second oracle takes
// every subset of the contacts that rest on the link and every choice of
// bounds, contact by contact, and must find the same four statuses.
func TestEqualsEnumeration(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	seen := map[Standing]int{}
	for range scenes {
		s := drawScene(r)
		a := s.assess()
		if want := s.enumerate(); a.Standing != want {
			t.Fatalf("got %+v, want %+v\n%v", a.Standing, want, s)
		}
		seen[a.Standing]++
	}
	t.Logf("%d different standings", len(seen))
	if len(seen) < 25 {
		t.Errorf("the scenes reach %d different standings only", len(seen))
	}
}

func (s scene) enumerate() Standing {
	within := Millis(s.rule.WithinS) * 1000
	i0, i1 := s.inc.Record.Start.From, s.inc.Record.Start.To
	type candidate struct {
		satisfying, byLink bool
		delay              [2]Millis
	}
	var all []candidate
	for _, c := range s.contacts {
		end := c.End.Interval
		if c.End.IsZero() {
			end = c.Start.Interval
		}
		if c.LinkedAs.Relation == "coincident" || c.Purpose == "line_test" || c.Outcome == "announced" || end.To <= i0 {
			continue
		}
		through := c.Outcome == "connected" || c.Outcome == "delivered"
		all = append(all, candidate{
			satisfying: through && (s.rule.Need != NeedDirect || c.Channel.Kind == "phone"),
			byLink:     end.From < i1 && c.Start.From < i1,
			delay:      [2]Millis{max(0, c.Start.From-i1), max(0, c.Start.To-i0)},
		})
	}
	var link, strict []Status
	for mask := range 1 << (2 * len(all)) {
		for _, deadline := range []Millis{i0 + within, i1 - 1 + within} {
			// At i1+d the deadline is past in every world; a millisecond
			// earlier it is ahead in the last part of the last millisecond.
			past := s.now >= deadline
			if deadline != i0+within {
				past = s.now > deadline
			}
			whole, tried, first := true, false, Millis(-1)
			for k, c := range all {
				in, bound := mask>>(2*k)&1 == 1, mask>>(2*k+1)&1
				if !in && !c.byLink {
					in = true
				}
				whole = whole && in
				if !in {
					continue
				}
				tried = true
				if c.satisfying && (first < 0 || c.delay[bound] < first) {
					first = c.delay[bound]
				}
			}
			var st []Status
			switch {
			case first >= 0 && (s.rule.Need == NeedNone || first <= within):
				st = []Status{Followed}
			case first >= 0:
				st = []Status{FollowedLate}
				if s.inc.Record.Absence == "public_sources" {
					st = append(st, Followed)
				}
			case tried:
				st = []Status{Attempted}
			case s.rule.Need == NeedNone:
				st = []Status{NotRequired}
			case !past:
				st = []Status{Awaiting}
			case s.inc.Record.Absence == "public_sources":
				st = []Status{NotKnown}
			default:
				st = []Status{Overdue}
			}
			strict = append(strict, st...)
			if whole {
				link = append(link, st...)
			}
		}
	}
	extremes := func(list []Status) (best, worst Status) {
		best, worst = Overdue, Followed
		for _, s := range list {
			if s.Rank() < best.Rank() {
				best = s
			}
			if s.Rank() > worst.Rank() {
				worst = s
			}
		}
		return best, worst
	}
	var out Standing
	out.Best, out.Worst = extremes(link)
	out.StrictBest, out.StrictWorst = extremes(strict)
	return out
}

// The answer changes at the two deadlines and nowhere else, and the pair from
// the links lies within the strict one.
func TestPiecewiseConstant(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	for range scenes {
		s := drawScene(r)
		f := FactsOf(s.inc, s.rule, s.contacts)
		if f.HasDeadline() != (s.rule.Need != NeedNone) {
			t.Fatalf("HasDeadline = %v\n%v", f.HasDeadline(), s)
		}
		for _, now := range []Millis{s.now, f.DeadlineFrom - 1, f.DeadlineFrom, f.DeadlineTo - 1, f.DeadlineTo, f.DeadlineTo + 99*day} {
			a := f.At(now)
			want := f.Phase[0]
			if f.HasDeadline() && now >= f.DeadlineFrom {
				want = f.Phase[1]
			}
			if f.HasDeadline() && now >= f.DeadlineTo {
				want = f.Phase[2]
			}
			if a.Standing != want || a.DeadlinePassed != (f.HasDeadline() && now >= f.DeadlineFrom) {
				t.Fatalf("at %d: %+v, want %+v\n%v", now-noon, a, want, s)
			}
			s.now = now
			if again := s.enumerate(); again != a.Standing {
				t.Fatalf("at %d: %+v, worked out anew %+v\n%v", now-noon, a.Standing, again, s)
			}
			if a.StrictBest.Rank() > a.Best.Rank() || a.StrictWorst.Rank() < a.Worst.Rank() || a.Best.Rank() > a.Worst.Rank() {
				t.Fatalf("strict does not hold the other pair: %+v\n%v", a.Standing, s)
			}
			if a.Basis != BasisLink && (a.Best != a.StrictBest || a.Worst != a.StrictWorst) {
				t.Fatalf("by the clock, yet strict differs: %+v\n%v", a.Standing, s)
			}
		}
	}
}

// With public sources nothing is ever overdue, and nothing is late without
// being in time at best; in a log of our own nothing is ever not known.
func TestAbsence(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	for range scenes {
		s := drawScene(r)
		for i, p := range FactsOf(s.inc, s.rule, s.contacts).Phase {
			for _, st := range []Status{p.Best, p.Worst, p.StrictBest, p.StrictWorst} {
				if s.inc.Record.Absence == "public_sources" && st == Overdue || s.inc.Record.Absence == "own_log" && st == NotKnown {
					t.Fatalf("phase %d: %s with %s\n%v", i, st, s.inc.Record.Absence, s)
				}
			}
			if s.inc.Record.Absence == "public_sources" && (p.Best == FollowedLate || p.StrictBest == FollowedLate) {
				t.Fatalf("phase %d: late for certain, of public sources\n%v", i, s)
			}
		}
	}
}

// The order in which contacts come from the store does not matter.
func TestOrderOfContacts(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	text := func(a Assessment) string {
		return fmt.Sprint(a.Standing, a.FirstAttempt, a.FirstContact, a.FirstDirect, a.FirstDiplomatic, a.SinceKnown, a.FirstContactID, a.Attempts, a.Through, a.Direct, a.Diplomatic, a.Basis)
	}
	for range scenes / 10 {
		s := drawScene(r)
		want := text(s.assess())
		r.Shuffle(len(s.contacts), func(i, j int) { s.contacts[i], s.contacts[j] = s.contacts[j], s.contacts[i] })
		if got := text(s.assess()); got != want {
			t.Fatalf("shuffled: %s, want %s\n%v", got, want, s)
		}
	}
}
