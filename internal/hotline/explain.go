package hotline

import (
	"fmt"
	"strings"

	"interceptlog/internal/incidents"
)

// Explanation is the answer in words: one sentence for the top of the page,
// and beneath it what the sentence rests on.
type Explanation struct {
	Headline string
	Reasons  []string
}

// Explain puts the assessment of a case into words. With the contacts in the
// case it names the line, and says which of them count for nothing. It says
// what is on record, never what a contact brought about.
func Explain(c Case) Explanation {
	w := wording{Case: c, a: c.Assessment}
	severity := incidents.Severities.Word(orUnknown(c.Incident.Record.Severity))
	return Explanation{
		Headline: capital(severity) + ". " + capital(w.happened()) + "; " + w.asked() + ": " + w.verdict() + ".",
		Reasons:  w.reasons(),
	}
}

// wording holds a case while it is put into words.
type wording struct {
	Case
	a Assessment
}

func (w *wording) public() bool { return w.Incident.Record.Absence == publicSources }

// asks reports whether the policy asks for a contact at all.
func (w *wording) asks() bool { return w.a.Rule.Need == NeedAny || w.a.Rule.Need == NeedDirect }

// satisfied gives the delay of the first contact that the policy is content
// with, or nil.
func (w *wording) satisfied() *Bounds {
	if w.a.Rule.Need == NeedDirect {
		return w.a.FirstDirect
	}
	return w.a.FirstContact
}

// happened says what is on record.
func (w *wording) happened() string {
	switch {
	case w.satisfied() != nil:
		return w.gotThrough(w.a.Rule.Need == NeedDirect, *w.satisfied())
	case w.a.Through > 0:
		return w.gotThrough(false, *w.a.FirstContact) + ", nothing direct did"
	case w.a.Attempts > 0:
		return w.tried()
	case w.public():
		return "none on record, and public sources are silent, which proves nothing"
	case w.a.Worst == NotRequired:
		return "none was made"
	case w.a.Best == Overdue:
		return "nobody tried"
	}
	return "no contact yet"
}

// gotThrough says which contact was first, how long after, over which line.
func (w *wording) gotThrough(direct bool, after Bounds) string {
	first := w.first(direct)
	what := "a contact"
	if direct {
		what = "a direct contact"
	}
	over := ""
	if first != nil {
		what = contactNoun(first.Channel.Kind)
		over = overLine(first.Channel.Name)
	}
	return what + " got through after " + FormatBounds(after) + over
}

// first finds the contact that the headline speaks of, in the order of
// FactsOf; nil when the case came without its contacts.
func (w *wording) first(direct bool) *Linked {
	began := startOf(w.Incident.Record.Start)
	var first *Linked
	var bounds Bounds
	for i := range w.Contacts {
		l := &w.Contacts[i]
		if basis, _ := place(began, l); basis == "" || !GotThrough(l.Outcome) || direct && !IsDirect(l.Channel.Kind) {
			continue
		}
		if b := between(began, startOf(l.Start)); first == nil || earlier(b, l.ID, bounds, first.ID) {
			first, bounds = l, b
		}
	}
	return first
}

// tried says how often nobody was reached, and why where that is known.
func (w *wording) tried() string {
	s := "tried " + times(w.a.Attempts)
	began := startOf(w.Incident.Record.Start)
	var why []string
	for _, t := range Outcomes {
		n := 0
		for i := range w.Contacts {
			if basis, _ := place(began, &w.Contacts[i]); basis != "" && w.Contacts[i].Outcome == t.Code {
				n++
			}
		}
		if n == 1 {
			why = append(why, t.Word)
		} else if n > 1 {
			why = append(why, fmt.Sprintf("%s %s", t.Word, times(n)))
		}
	}
	if len(why) > 0 {
		s += " (" + strings.Join(why, ", ") + ")"
	}
	return s + ", first after " + FormatBounds(*w.a.FirstAttempt) + ", nothing got through"
}

// asked says what the policy asks for.
func (w *wording) asked() string {
	asks := "the policy asks for "
	if w.satisfied() != nil {
		asks = "the policy asked for "
	}
	switch within := FormatWithin(w.a.Rule.WithinS); w.a.Rule.Need {
	case NeedDirect:
		return asks + "a direct contact within " + within
	case NeedAny:
		return asks + "any contact within " + within
	}
	return asks + "none"
}

// verdict says what follows, and how much time is left where that matters.
func (w *wording) verdict() string {
	a := w.a
	if !w.asks() {
		switch a.Worst {
		case Followed:
			return "a contact was made all the same"
		case Attempted:
			return "an attempt was made all the same"
		}
		return "nothing was required"
	}
	s := w.pair(a.Best, a.Worst)
	if a.Best == Followed && a.Worst == FollowedLate && w.satisfied() != nil && w.satisfied().Min > Millis(a.Rule.WithinS)*1000 {
		s = "late, at best in time, since an earlier contact may be unpublished"
	}
	if a.Worst != Followed && a.Worst != FollowedLate {
		s += ", " + w.countdown()
	}
	return s
}

// countdown says how far off the deadline is, or how long ago it was; never
// more precisely than the start of the incident is known.
func (w *wording) countdown() string {
	a := w.a
	precise := w.precise()
	switch {
	case !a.HasDeadline():
		return "and the deadline cannot be told, as the incident's start is not stated"
	case a.Now < a.DeadlineFrom && precise:
		return FormatDuration(a.DeadlineFrom-a.Now) + " left"
	case a.Now < a.DeadlineFrom:
		return "at least " + FormatDuration(a.DeadlineFrom-a.Now) + " left"
	case a.Now < a.DeadlineTo && precise:
		return "the deadline is now"
	case a.Now < a.DeadlineTo:
		return "the earliest possible deadline passed " + FormatDuration(a.Now-a.DeadlineFrom) + " ago, the latest lies " + FormatDuration(a.DeadlineTo-a.Now) + " ahead"
	case precise:
		return "the deadline passed " + FormatDuration(a.Now-a.DeadlineFrom) + " ago"
	}
	return "the deadline passed at least " + FormatDuration(a.Now-a.DeadlineTo) + " ago"
}

// precise reports whether the deadline is known to the minute.
func (w *wording) precise() bool { return w.a.DeadlineTo-w.a.DeadlineFrom <= msPerMinute }

// reasons lists what the headline rests on, the weightiest first.
func (w *wording) reasons() []string {
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	add(w.order())
	if w.a.LateEntry {
		add("Late entry: the deadline had passed before we knew, so it raises no alarm.")
	}
	add(w.imprecision())
	add(w.attempts())
	if w.a.SinceKnown != nil && !w.public() && !w.a.LateEntry {
		add("Since we knew, it took " + FormatBounds(*w.a.SinceKnown) + ".")
	}
	if w.public() && w.a.Attempts == 0 {
		add("Only what was published is known here: a contact may have been made and not published.")
	}
	for _, s := range w.Incident.Record.Searches {
		add(searched(s))
	}
	add(w.idle())
	return out
}

// order says where the order of incident and contact comes from, and what the
// clocks alone would say.
func (w *wording) order() string {
	a := w.a
	if a.Basis != BasisLink {
		return ""
	}
	s := "Order from the link: the times overlap, and the link says that the contact came after. "
	if a.Best == a.StrictBest && a.Worst == a.StrictWorst {
		return s + "By the clocks alone the answer is the same."
	}
	return s + "By the clocks alone: " + w.pair(a.StrictBest, a.StrictWorst) + "."
}

// imprecision says what a coarse start of the incident means for a deadline
// that still matters.
func (w *wording) imprecision() string {
	a, start := w.a, w.Incident.Record.Start
	if !a.HasDeadline() || w.precise() || a.Worst == Followed || a.Worst == FollowedLate {
		return ""
	}
	s := fmt.Sprintf("The start is known to the %s only (%s): the deadline lies between %s and %s", start.Precision, start, formatDeadline(a.DeadlineFrom), formatDeadline(a.DeadlineTo))
	if a.Now < a.DeadlineFrom {
		s += ", and the countdown runs to the earliest"
	}
	return s + "."
}

// attempts counts what counts, where there is more than the headline says.
func (w *wording) attempts() string {
	a := w.a
	if a.Attempts < 2 || a.Through == 0 {
		return ""
	}
	return fmt.Sprintf("First attempt after %s. Contacts that count: %d; got through: %d (direct: %d, diplomatic: %d).", FormatBounds(*a.FirstAttempt), a.Attempts, a.Through, a.Direct, a.Diplomatic)
}

// idle names the contacts that are shown and count for nothing.
func (w *wording) idle() string {
	var why []string
	for _, l := range w.Contacts {
		if _, reason := BasisOf(w.Incident, l); reason != "" {
			why = append(why, reason)
		}
	}
	if len(why) == 0 {
		return ""
	}
	return fmt.Sprintf("Counting for nothing: %d (%s).", len(why), strings.Join(why, ", "))
}

func searched(s incidents.Search) string {
	if s.Outcome != "none_found" {
		return ""
	}
	var parts []string
	for _, p := range []string{s.Who, s.When, s.Where} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return "Searched for a contact, none found."
	}
	return "Searched for a contact, none found: " + strings.Join(parts, ", ") + "."
}

// pair writes a status, or two where they differ.
func (w *wording) pair(best, worst Status) string {
	if best == worst {
		return w.word(best)
	}
	return w.word(best) + " at best, " + w.word(worst) + " at worst"
}

// word says a status in a sentence. Where nothing is asked for nothing is in
// time: there was a contact, or an attempt, or none.
func (w *wording) word(s Status) string {
	switch s {
	case Followed:
		if !w.asks() {
			return "a contact"
		}
		return "in time"
	case FollowedLate:
		return "late"
	case NotRequired:
		return "none"
	case NotKnown:
		return "not known"
	}
	return string(s)
}

// contactNoun names a kind of contact in a sentence, and says whether it was
// direct or diplomatic.
func contactNoun(kind string) string {
	switch kind {
	case "phone", "voip":
		return "a direct call"
	case "vtc":
		return "a direct video conference"
	case "meeting":
		return "a direct meeting"
	case "message":
		return "a diplomatic message"
	case "letter":
		return "a diplomatic letter"
	case "summons":
		return "a diplomatic summons"
	case "naval_attache":
		return "a diplomatic contact through the attachés"
	case "data_exchange":
		return "a diplomatic data exchange"
	}
	return "a diplomatic contact"
}

// overLine names the line. Only what is called a line reads well with "over
// the"; a ministry's channel is put in brackets.
func overLine(name string) string {
	switch lower := strings.ToLower(name); {
	case name == "":
		return ""
	case strings.HasSuffix(lower, "line"), strings.HasSuffix(lower, "link"), strings.HasSuffix(lower, "telephone"):
		return ", over the " + name
	}
	return " (" + name + ")"
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func orUnknown(s string) string {
	if s == "" {
		return "severity unknown"
	}
	return s
}

// capital writes the first letter of a sentence large.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
