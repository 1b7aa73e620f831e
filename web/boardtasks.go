package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// readTasks reads what has to be done beside the first call about an incident,
// by whoever looks. b.open stands already. The queue is of now and has no past.
func (s *Server) readTasks(ctx context.Context, frame view.Frame, b *board) (err error) {
	b.retries = hotline.RetriesOf(b.open)
	if err := s.readOwed(ctx, b); err != nil {
		return err
	}
	if frame.User != nil && frame.User.CanManage && b.at.AsOf == 0 {
		b.toVerify, b.verifyTotal, err = s.Store.Queue(ctx, "", 1)
	}
	return err
}

// owed is an answer that is awaited, and the contact in which it was asked for.
type owed struct {
	hotline.Expectation
	asked hotline.ContactWithIncidents
}

// readOwed finds the answers that are awaited, the earliest due first.
func (s *Server) readOwed(ctx context.Context, b *board) error {
	open, err := s.Store.Expectations(ctx, hotline.ExpectationFilter{Open: true, AsOf: b.at.AsOf})
	for _, e := range open {
		asked, err := s.Store.Contact(ctx, e.ContactID, b.at.AsOf)
		if err != nil {
			return err
		}
		b.owed = append(b.owed, owed{e, asked})
	}
	return err
}

// testWord says in what state a test is that somebody has to make.
func testWord(t hotline.TestDue) string {
	switch {
	case t.Failed != nil:
		return "test failed"
	case t.Missed:
		return "test missed"
	}
	return "test due"
}

// tasks are the sections under the strips, in the order of need; a section of
// which there is nothing is left out, so that a quiet board stays quiet.
func (s *Server) tasks(b *board) []view.TaskSection {
	var list []view.TaskSection
	add := func(section view.TaskSection) {
		if len(section.Rows) > 0 {
			list = append(list, section)
		}
	}
	again := view.TaskSection{ID: "again", Title: "Call again", Note: "promised after a call that did not get through"}
	for _, r := range b.retries {
		again.Rows = append(again.Rows, s.retryTask(r, b.at))
	}
	add(again)
	answers := view.TaskSection{ID: "answers", Title: "Answers awaited", Note: "that the other side owes"}
	for _, o := range b.owed {
		answers.Rows = append(answers.Rows, owedTask(o, b.at))
	}
	add(answers)
	tests := view.TaskSection{ID: "tests", Title: "Line tests"}
	for _, t := range b.lines.due {
		tests.Rows = append(tests.Rows, testTask(t, b.at))
	}
	add(tests)
	add(b.verifyTasks())
	return list
}

func (s *Server) retryTask(r hotline.Retry, at hotline.At) view.Task {
	inc := r.Incidents[0]
	t := view.Task{Key: "again-" + string(r.Contact.ID), Href: withAsOf(incidentPath(inc.ID), at.AsOf), Title: inc.Record.Title,
		Detail: contactTitle(r.Contact) + " · " + hotline.Outcomes.Word(r.Contact.Outcome), When: briefMoment(r.Contact.Start),
		Word: "Planned", Left: view.Left{Deadline: r.At.Time()}, Due: r.At <= at.Now, Passed: "Call again",
		Act: s.callPath(inc.ID, r.Contact.LineID), ActLabel: "Call", ActKey: "c"}
	if t.Due {
		t.Word = "Call now"
	}
	if n := len(r.Incidents) - 1; n > 0 {
		t.Title += " and " + strconv.Itoa(n) + " more"
	}
	return t
}

func owedTask(o owed, at hotline.At) view.Task {
	t := view.Task{Key: "answer-" + string(o.ID), Href: withAsOf(contactPath(o.ContactID), at.AsOf), Title: o.Text,
		Detail: contactTitle(o.asked.Contact) + " · asked", When: briefMoment(o.asked.Start),
		Word: "Awaited", Left: view.Left{Deadline: o.DueAt.Time()}, Due: o.DueAt <= at.Now, Passed: "No answer"}
	if t.Due {
		t.Word = "No answer"
	}
	return t
}

func testTask(t hotline.TestDue, at hotline.At) view.Task {
	word := testWord(t)
	task := view.Task{Key: "test-" + string(t.Line.ID), Href: withAsOf("/lines/"+string(t.Line.ID), at.AsOf), Title: t.Line.Short, Detail: t.Line.Name,
		Word: strings.ToUpper(word[:1]) + word[1:], Due: true, Left: view.Left{Deadline: t.At.Time()}, Passed: "Test due",
		Act: "/lines/" + string(t.Line.ID) + "/test", ActLabel: "Log test", ActKey: "t"}
	if t.Failed != nil {
		task.Detail += " · " + hotline.Outcomes.Word(t.Failed.Outcome)
	}
	return task
}

// callPath leads to where a call about an incident is begun: to the page of a
// running call, or where there is none to the form of a contact.
func (s *Server) callPath(id incidents.ID, line hotline.LineID) string {
	v := url.Values{"incident": {string(id)}}
	if line != "" {
		v.Set("line", string(line))
	}
	path := "/contacts/new"
	if slices.ContainsFunc(s.table, func(r route) bool { return r.path == "/calls/new" }) {
		path = "/calls/new"
	}
	return path + "?" + v.Encode()
}

// verifyTasks is one row: how many reports wait for a second person, and the
// one that has waited longest.
func (b *board) verifyTasks() view.TaskSection {
	section := view.TaskSection{ID: "unverified", Title: "Reports to verify"}
	if b.verifyTotal == 0 || len(b.toVerify) == 0 {
		return section
	}
	oldest := b.toVerify[0]
	section.Rows = []view.Task{{Key: "unverified", Href: "/verify", Title: waitingReports(b.verifyTotal),
		Detail: strings.TrimSpace(oldest.Incident.Number + " " + oldest.Incident.Record.Title),
		Word:   "Oldest", Age: hotline.FormatDuration(max(0, b.at.Now-oldest.Since))}}
	return section
}

// tell is the head line: who walks up knows after six seconds how many wait,
// which is next, and which lines are down.
func (b *board) tell() view.Tell {
	t := view.Tell{Waiting: len(b.open)}
	if c := b.next(); c != nil {
		t.Next = &view.TellNext{Href: b.href(c.Incident), Title: c.Incident.Record.Title, Left: timeLeft(*c), Severity: c.Incident.Record.Severity}
	}
	for _, l := range b.lines.lines {
		if l.State == "down" || l.State == "suspended" {
			t.Lines = append(t.Lines, l.Short+" "+hotline.LineStates.Word(l.State))
		}
	}
	return t
}

// next is the case whose deadline passes first; where all have passed, the
// first of the board.
func (b *board) next() *hotline.Case {
	var next *hotline.Case
	for i := range b.open {
		a := &b.open[i].Assessment
		if a.HasDeadline() && a.DeadlineFrom > b.at.Now && (next == nil || a.DeadlineFrom < next.Assessment.DeadlineFrom) {
			next = &b.open[i]
		}
	}
	if next == nil && len(b.open) > 0 {
		next = &b.open[0]
	}
	return next
}

func waitingReports(n int) string {
	if n == 1 {
		return "1 report waits for a second person"
	}
	return strconv.Itoa(n) + " reports wait for a second person"
}
