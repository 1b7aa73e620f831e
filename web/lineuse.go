package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// usePeriods are the stretches over which a line is looked at, in days.
var usePeriods = []struct {
	days         string
	n            int
	label, words string
}{
	{"30", 30, "30 days", "the last 30 days"}, {"365", 365, "a year", "the last year"}, {"1096", 1096, "three years", "the last three years"},
}

// usePeriod reads the days that the address asks for; a year without any.
func usePeriod(days string) (int, error) {
	if days == "" {
		return 1, nil
	}
	for i, p := range usePeriods {
		if p.days == days {
			return i, nil
		}
	}
	return 0, fault.New(fault.Invalid, "Days are 30, 365 or 1096; for instance ?days=365.")
}

// readUse works out how a line was over one of the periods up to a moment.
func (s *Server) readUse(ctx context.Context, revisions []hotline.Line, events []hotline.LineEvent, f hotline.ContactFilter, at hotline.At, period int, link func(days string) string) (view.LineUse, error) {
	from := at.Now - hotline.Millis(usePeriods[period].n)*hotline.Millis(24*time.Hour/time.Millisecond)
	contacts, err := s.contactsSince(ctx, f, from)
	if err != nil {
		return view.LineUse{}, err
	}
	a := hotline.AvailabilityOf(revisions, events, contacts, from, at.Now)
	u := view.LineUse{Words: usePeriods[period].words + ", to " + incidents.FormatDTG(at.Now.Time()), Attempts: shareOf(a.Attempts), Tests: shareOf(a.Tests), All: shareOf(a.All()), Unit: "month"}
	for i, p := range usePeriods {
		u.Periods = append(u.Periods, view.UsePeriod{Label: p.label, Href: link(p.days), Current: i == period})
	}
	for _, t := range hotline.LineStates {
		if in := a.In[t.Code]; in > 0 {
			u.States = append(u.States, view.UseState{Code: t.Code, Word: t.Word, Time: hotline.FormatDuration(in), Percent: percent(float64(in) / float64(a.To-a.From))})
		}
	}
	u.Silence, u.SilenceWhen = "none", ""
	if long := a.SilenceTo - a.SilenceFrom; long > 0 {
		u.Silence = hotline.FormatDuration(long)
		u.SilenceWhen = "from " + incidents.FormatDTG(a.SilenceFrom.Time()) + " to " + incidents.FormatDTG(a.SilenceTo.Time())
		if a.SilenceTo == a.To {
			u.SilenceWhen = "since " + incidents.FormatDTG(a.SilenceFrom.Time())
		}
	}
	times := view.UseTimes{From: from.Time(), To: at.Now.Time()}
	for _, b := range useParts(from, at.Now, barStep(usePeriods[period].n)) {
		times.Bars = append(times.Bars, view.UseBar{From: b[0].Time(), To: b[1].Time(), Shares: sharesIn(a.Spans, b[0], b[1])})
	}
	for _, k := range contacts {
		if m := k.Start.From; !k.Retracted && hotline.IsAttempt(k.Outcome) && m >= from && m < at.Now {
			times.Marks = append(times.Marks, view.UseMark{At: m.Time(), Test: k.Purpose == "line_test", Through: hotline.GotThrough(k.Outcome)})
		}
	}
	u.Wide, u.Narrow = view.DrawUse(times)
	u.Label = fmt.Sprintf("State of the line, calls and tests over %s. The table beneath says the same.", usePeriods[period].words)
	step := nextMonth
	if usePeriods[period].n < 62 {
		u.Unit, step = "week", every(7)
	}
	for _, b := range useParts(from, at.Now, step) {
		u.Rows = append(u.Rows, useRow(revisions, events, contacts, b[0], b[1], u.Unit))
	}
	slices.Reverse(u.Rows)
	return u, nil
}

// contactsSince reads what went over a line since a moment, tests and all.
func (s *Server) contactsSince(ctx context.Context, f hotline.ContactFilter, from incidents.Millis) ([]hotline.Contact, error) {
	f.Tests, f.Limit = true, lookBack
	var list []hotline.Contact
	for {
		found, err := s.Store.Contacts(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, k := range found.Contacts {
			list = append(list, k.Contact)
		}
		if f.After = found.Next; f.After == "" || list[len(list)-1].Start.From < from {
			return list, nil
		}
	}
}

// barStep is what one bar of the picture stands for: a day, a week or a month.
func barStep(days int) func(time.Time) time.Time {
	switch {
	case days < 62:
		return every(1)
	case days < 500:
		return every(7)
	}
	return nextMonth
}

// every goes on by so many days, from midnight to midnight.
func every(days int) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.UTC().Truncate(24*time.Hour).AddDate(0, 0, days) }
}

func nextMonth(t time.Time) time.Time {
	y, m, _ := t.UTC().Date()
	return time.Date(y, m+1, 1, 0, 0, 0, 0, time.UTC)
}

// useParts cuts a stretch of time; the first and the last part may be short.
func useParts(from, to incidents.Millis, next func(time.Time) time.Time) (parts [][2]incidents.Millis) {
	for from < to {
		end := min(to, incidents.MillisOf(next(from.Time())))
		parts = append(parts, [2]incidents.Millis{from, end})
		from = end
	}
	return parts
}

// sharesIn gives what share of a part of the time each state had, in use at
// the bottom.
func sharesIn(spans []hotline.StateSpan, from, to incidents.Millis) (shares []view.UseShare) {
	in := map[string]incidents.Millis{}
	for _, s := range spans {
		if d := min(s.To, to) - max(s.From, from); d > 0 {
			in[s.State] += d
		}
	}
	for _, t := range hotline.LineStates {
		if in[t.Code] > 0 {
			shares = append(shares, view.UseShare{State: t.Code, Share: float64(in[t.Code]) / float64(to-from)})
		}
	}
	return shares
}

// useRow is a row of the table under the picture.
func useRow(revisions []hotline.Line, events []hotline.LineEvent, contacts []hotline.Contact, from, to incidents.Millis, unit string) view.UseRow {
	a := hotline.AvailabilityOf(revisions, events, contacts, from, to)
	row := view.UseRow{Label: strings.ToUpper(from.Time().UTC().Format("Jan 2006")), Attempts: outOf(a.Attempts), Tests: outOf(a.Tests)}
	if unit == "week" {
		row.Label = strings.ToUpper(from.Time().UTC().Format("02 Jan 06"))
	}
	var states []string
	for _, sh := range sharesIn(a.Spans, from, to) {
		states = append(states, hotline.LineStates.Word(sh.State)+" "+percent(sh.Share))
	}
	row.States = strings.Join(states, ", ")
	return row
}

// outOf is "3 of 4", or nothing where nothing was tried.
func outOf(p hotline.Proportion) string {
	if p.Of == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", p.N, p.Of)
}

// percent never says all or nothing of what is only nearly so.
func percent(share float64) string {
	switch {
	case share > 0.995 && share < 1:
		return "over 99 %"
	case share > 0 && share < 0.005:
		return "under 1 %"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

// percentFrom is the least whole that bears a percentage: below it, one call
// more or less would move it by more than five points.
const percentFrom = 20

// shareOf writes a proportion with the bounds of its true share.
func shareOf(p hotline.Proportion) view.Share {
	sh := view.Share{N: p.N, Of: p.Of}
	if p.Of == 0 {
		return sh
	}
	low, high := p.Wilson()
	sh.Bounds = fmt.Sprintf("%.0f to %.0f %%", 100*low, 100*high)
	if p.Of >= percentFrom {
		sh.Percent = fmt.Sprintf("%.0f %%", 100*p.Share())
	}
	return sh
}

// lineQuery is the address of a line's page with what it was asked with.
func lineQuery(id hotline.LineID, f hotline.ContactFilter, days string) string {
	q := url.Values{}
	if f.AsOf != 0 {
		q.Set("as_of", incidents.FormatInstant(f.AsOf))
	}
	if f.Exercise != "" {
		q.Set("exercise", f.Exercise)
	}
	if days != "" {
		q.Set("days", days)
	}
	if len(q) == 0 {
		return linePath(id)
	}
	return linePath(id) + "?" + q.Encode()
}

func linePath(id hotline.LineID) string { return "/lines/" + string(id) }
