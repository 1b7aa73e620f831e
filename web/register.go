package web

import (
	"context"
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// register is what is known of all lines at a moment.
type register struct {
	lines    []hotline.Line // each in the state that it is in then
	standing map[hotline.LineID]hotline.LineStanding
	tests    map[hotline.LineID]hotline.Contact // the newest of each line
	due      []hotline.TestDue
}

// readRegister reads the lines with what happens to them and their tests.
func (s *Server) readRegister(ctx context.Context, at hotline.At) (register, error) {
	var g register
	lines, err := s.Store.Lines(ctx, at.AsOf)
	if err != nil {
		return g, err
	}
	events, err := s.Store.LineEvents(ctx, hotline.LineEventFilter{From: at.Now, AsOf: at.AsOf})
	if err != nil {
		return g, err
	}
	if g.tests, err = s.Store.LastTests(ctx, at.AsOf); err != nil {
		return g, err
	}
	g.lines, g.standing = hotline.LinesAt(lines, events, at.Now), map[hotline.LineID]hotline.LineStanding{}
	for _, l := range lines {
		g.standing[l.ID] = hotline.StateAt(l, events, at.Now)
	}
	g.due = hotline.TestsDue(g.lines, g.tests, at.Now)
	return g, nil
}

// dueOf is the test of a line that somebody has to make; nil for none.
func (g register) dueOf(id hotline.LineID) *hotline.TestDue {
	for i := range g.due {
		if g.due[i].Line.ID == id {
			return &g.due[i]
		}
	}
	return nil
}

// chip shows a line as the strip does: what somebody must see to goes before
// the state, and the state says since when.
func (g register) chip(l hotline.Line) view.LineChip {
	chip := lineChip(l)
	standing, due := g.standing[l.ID], g.dueOf(l.ID)
	if e := standing.Event; e != nil && e.Kind != "restored" {
		chip.State = stateWords(*e)
	}
	if standing.Coming != nil {
		chip.Note = "planned outage " + dayTime(standing.Coming.From)
	}
	switch {
	case due == nil:
	case chip.Fault:
		chip.Note = testWords(*due)
	case due.Failed != nil:
		chip.State, chip.Glyph, chip.Fault = testWords(*due), "fault", true
	default:
		chip.State, chip.Glyph, chip.Attention = testWords(*due), "due", true
	}
	return chip
}

// stateWords says what an event makes of a line: since when, or until when
// where that is known.
func stateWords(e hotline.LineEvent) string {
	word := hotline.LineEventKinds.Word(e.Kind)
	if e.To != 0 {
		return word + " until " + dayTime(e.To)
	}
	return word + " since " + dayTime(e.From)
}

// testWords says how it stands with a test that is to be made.
func testWords(d hotline.TestDue) string {
	return testWord(d) + " " + dayTime(d.At)
}

// dayTime is a moment in the little room that a strip has: 241000Z.
func dayTime(m incidents.Millis) string { return m.Time().UTC().Format("021504Z") }

// chips are the lines of the strip at the head.
func (g register) chips() []view.LineChip {
	var chips []view.LineChip
	for _, l := range g.lines {
		chips = append(chips, g.chip(l))
	}
	return chips
}

// scheduleWords says when the next test is due, for those who set a schedule.
func scheduleWords(s hotline.Schedule, now incidents.Millis) string {
	if s.IsZero() {
		return "no test is asked for"
	}
	next := s.Next(now)
	return strings.TrimSpace(s.String()) + ": next " + next.Time().UTC().Format("Mon 2 Jan 1504Z") + ", then " + s.Next(next).Time().UTC().Format("Mon 2 Jan 1504Z")
}
