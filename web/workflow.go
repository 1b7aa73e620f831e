package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// addFlow fills the panel of an incident page: who checked, returned and holds
// the report, what was merged, and the steps that this reader may take.
func (s *Server) addFlow(ctx context.Context, p *view.IncidentPage, r *incidentReads) error {
	inc := r.Incident
	w, err := s.Store.Workflow(ctx, inc.ID, r.at.AsOf)
	if err != nil {
		return err
	}
	f := view.FlowPanel{ID: string(inc.ID), Base: inc.Revision, Flow: w.Revision, Returned: remarkOf(w), Holder: w.Holder, HeldSince: instantOf(w.HeldSince),
		Flagged: w.FlaggedBy, FlaggedAt: instantOf(w.FlaggedAt)}
	if w.Holder != "" {
		f.TakenFrom = w.TakenFrom
	}
	if inc.Status != incidents.Draft && inc.Status != incidents.Retracted {
		f.Checks, f.Done, f.CheckedBy = checkMarks(w)
	}
	if inc.MergedInto != "" {
		if f.Into, err = s.mergedInto(ctx, inc.MergedInto, r.at.AsOf); err != nil {
			return err
		}
	}
	from, err := s.Store.MergedFrom(ctx, inc.ID, r.at.AsOf)
	if err != nil {
		return err
	}
	for _, m := range from {
		f.From = append(f.From, mergedLink(m, r.at.AsOf))
	}
	if p.Frame.AsOf == nil && p.Frame.User != nil {
		mayTake(&f, inc.Status, p.Frame.User)
	}
	p.Flow = f
	return nil
}

// mayTake says which steps a reader may take.
func mayTake(f *view.FlowPanel, status incidents.Status, u *view.User) {
	role := access.Role(u.Role)
	f.Mine = f.Holder == u.Name
	f.MayHold = u.CanWrite && status != incidents.Retracted
	f.MayCheck = status.Allows(incidents.StepVerify, role)
	f.MayReturn = status == incidents.Verified && status.Allows(incidents.StepReturn, role) // a submitted one is returned from the page of its check
	f.MayClose = status.Allows(incidents.StepClose, role)
	f.MayReopen = status.Allows(incidents.StepReopen, role)
	f.MayMerge = status.Allows(incidents.StepMerge, role)
}

func remarkOf(w incidents.Workflow) *view.Retraction {
	if w.Returned == nil {
		return nil
	}
	return &view.Retraction{At: instantOf(w.Returned.At), By: w.Returned.By, Reason: w.Returned.Text}
}

// checkMarks is one mark for each risky field, how many were found right, and
// by whom.
func checkMarks(w incidents.Workflow) (marks []view.CheckMark, done int, by string) {
	var who []string
	for _, f := range incidents.RiskyFields {
		m := view.CheckMark{Field: f.Code, Label: strings.ToUpper(f.Word[:1]) + f.Word[1:]}
		if c := w.Checked(f.Code); c != nil {
			m.By, m.At = c.By, instantOf(c.At)
			who = appendNew(who, c.By)
		}
		marks = append(marks, m)
	}
	return marks, len(w.Checks), strings.Join(who, ", ")
}

func mergedLink(inc incidents.Incident, asOf incidents.Millis) view.MergedLink {
	return view.MergedLink{Number: inc.Number, Title: inc.Record.Title, Href: withAsOf(incidentPath(inc.ID), asOf)}
}

// longestChain is how many mergers a page follows to what stands in the end.
const longestChain = 20

// mergedInto names the incident that a duplicate points to and, where that was
// merged in its turn, the one that stands in the end.
func (s *Server) mergedInto(ctx context.Context, id incidents.ID, asOf incidents.Millis) (*view.MergedInto, error) {
	first, err := s.Store.Incident(ctx, id, asOf)
	if err != nil {
		return nil, err
	}
	link := mergedLink(first, asOf)
	into := &view.MergedInto{Number: link.Number, Title: link.Title, Href: link.Href}
	last := first
	for i := 0; last.MergedInto != "" && i < longestChain; i++ {
		if last, err = s.Store.Incident(ctx, last.MergedInto, asOf); err != nil {
			return nil, err
		}
	}
	if last.ID != first.ID {
		next := mergedLink(last, asOf)
		into.Next = &next
	}
	return into, nil
}

// addHandling says in the rows of a list who holds a record and what was sent
// back.
func (s *Server) addHandling(ctx context.Context, rows []view.ListRow, asOf incidents.Millis) error {
	ids := make([]incidents.ID, len(rows))
	for i, r := range rows {
		ids[i] = incidents.ID(r.ID)
	}
	flows, err := s.Store.Workflows(ctx, ids, asOf)
	for i := range rows {
		w := flows[ids[i]]
		rows[i].Holder, rows[i].Returned = w.Holder, w.Returned != nil
	}
	return err
}

// addHandlingToStrips is addHandling for the board.
func (s *Server) addHandlingToStrips(ctx context.Context, bands []view.Band, asOf incidents.Millis) error {
	var ids []incidents.ID
	for _, b := range bands {
		for _, strip := range b.Strips {
			ids = append(ids, incidents.ID(strip.ID))
		}
	}
	flows, err := s.Store.Workflows(ctx, ids, asOf)
	for i := range bands {
		for j := range bands[i].Strips {
			strip := &bands[i].Strips[j]
			w := flows[incidents.ID(strip.ID)]
			strip.Holder, strip.Returned, strip.Flagged = w.Holder, w.Returned != nil, w.FlaggedBy
		}
	}
	return err
}

// seenOf reads which state of an incident a form was made from.
func seenOf(c echo.Context, id incidents.ID) (incidents.Seen, error) {
	base, err1 := strconv.Atoi(c.FormValue("base"))
	flow, err2 := strconv.Atoi(c.FormValue("flow"))
	if err1 != nil || err2 != nil {
		return incidents.Seen{}, fault.New(fault.Invalid, "The form has lost the revision that it was made from; open the incident again.")
	}
	return incidents.Seen{ID: id, Revision: base, Workflow: flow}, nil
}

// step is a handler that takes a step with an incident and goes back to its
// page. do gives the page with what was typed when the form is at fault.
func (s *Server) step(do func(c echo.Context, id incidents.ID, seen incidents.Seen) (typed view.FlowForm, ids map[string]string, err error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := s.incidentID(c, "")
		if err != nil || id == "" {
			return err
		}
		seen, err := seenOf(c, id)
		if err != nil {
			return err
		}
		typed, ids, err := do(c, id, seen)
		if fault.Is(err, fault.Invalid) && len(fault.Fields(err)) > 0 {
			return s.stepRefused(c, id, typed, ids, err)
		}
		if err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, incidentPath(id))
	}
}

// stepRefused shows the page of the incident again with the form open.
func (s *Server) stepRefused(c echo.Context, id incidents.ID, typed view.FlowForm, ids map[string]string, cause error) error {
	p, err := s.incidentPage(c, id)
	if err != nil {
		return err
	}
	labels := map[string]string{"remark": "Remark", "reason": "Reason", "into": "Number"}
	p.Flow.Form, p.Flow.Errors = typed, view.FieldErrors(fault.Fields(cause), labels)
	for i, e := range p.Flow.Errors {
		if to := ids[e.ID]; to != "" {
			p.Flow.Errors[i].ID = to
		}
	}
	p.Flow.ErrorTitle, p.Frame.Title = "Nothing was changed", "Error: "+p.Frame.Title
	return page(c, http.StatusUnprocessableEntity, view.Incident(p))
}

func (s *Server) postClose(c echo.Context) error {
	return s.step(func(c echo.Context, _ incidents.ID, seen incidents.Seen) (view.FlowForm, map[string]string, error) {
		_, err := s.Log.Close(c.Request().Context(), actor(c), seen)
		return view.FlowForm{}, nil, err
	})(c)
}

func (s *Server) postReopen(c echo.Context) error {
	return s.step(func(c echo.Context, _ incidents.ID, seen incidents.Seen) (view.FlowForm, map[string]string, error) {
		reason := c.FormValue("reason")
		_, err := s.Log.Reopen(c.Request().Context(), actor(c), seen, reason)
		return view.FlowForm{Reopen: reason}, map[string]string{"reason": "reopen-reason"}, err
	})(c)
}

func (s *Server) postMerge(c echo.Context) error {
	return s.step(func(c echo.Context, _ incidents.ID, seen incidents.Seen) (view.FlowForm, map[string]string, error) {
		into, reason := c.FormValue("into"), c.FormValue("reason")
		_, err := s.Desk.Merge(c.Request().Context(), actor(c), seen, into, reason)
		return view.FlowForm{Into: into, Merge: reason}, map[string]string{"reason": "merge-reason"}, err
	})(c)
}

// postHold claims an incident; it needs nothing but the press. The board, which
// is the same for all, asks with toggle to let go of what is one's own.
func (s *Server) postHold(c echo.Context) error {
	if c.FormValue("toggle") != "" {
		return s.claim(c, s.Log.HoldOrRelease)
	}
	return s.claim(c, s.Log.Hold)
}

func (s *Server) postRelease(c echo.Context) error {
	return s.claim(c, s.Log.Release)
}

func (s *Server) postFlag(c echo.Context) error {
	return s.claim(c, s.Log.Flag)
}

func (s *Server) postUnflag(c echo.Context) error {
	return s.claim(c, s.Log.Unflag)
}

// claim goes back to the page of the incident, or to where the form stood.
func (s *Server) claim(c echo.Context, do func(context.Context, access.Actor, incidents.ID) (incidents.Workflow, error)) error {
	id, err := s.incidentID(c, "")
	if err != nil || id == "" {
		return err
	}
	if _, err := do(c.Request().Context(), actor(c), id); err != nil {
		return err
	}
	if back := c.FormValue("back"); back != "" {
		return c.Redirect(http.StatusSeeOther, localPath(back))
	}
	return c.Redirect(http.StatusSeeOther, incidentPath(id))
}

// flowEvent is one revision of a workflow in the history of its incident.
func flowEvent(old, w incidents.Workflow) view.HistoryEvent {
	e := view.HistoryEvent{Kind: "flow", By: w.RecordedBy, Reason: w.Reason}
	ticked, fell := checkDiff(old, w), checkDiff(w, old)
	switch w.Action {
	case "hold":
		e.What = "Held by " + w.Holder
		if w.TakenFrom != "" {
			e.Note = "Taken over from " + w.TakenFrom + "."
		}
	case "release":
		e.What = "Let go"
		if w.TakenFrom != w.RecordedBy {
			e.Note = "It was held by " + w.TakenFrom + "."
		}
	case "flag":
		e.What = "Flagged"
	case "unflag":
		e.What = "Flag taken off"
		if old.FlaggedBy != w.RecordedBy {
			e.Note = "It was flagged by " + old.FlaggedBy + "."
		}
	case "return":
		e.What = "Returned to its author"
	case "check":
		e.What = "Checked"
		if len(ticked) == 0 {
			e.What = "Check taken back"
		}
	case "reopen":
		e.What = "Checks fell: reopened"
	default:
		e.What = "Handling"
		if len(fell) > 0 {
			e.What = "Checks fell"
		} else if old.Returned != nil && w.Returned == nil {
			e.What = "The remark was answered"
		} else if old.Holder != "" && w.Holder == "" {
			e.What = "No longer held by " + old.Holder
		}
	}
	var notes []string
	if len(ticked) > 0 {
		notes = append(notes, "Found right: "+strings.Join(ticked, ", ")+".")
	}
	if len(fell) > 0 {
		notes = append(notes, "To be checked again: "+strings.Join(fell, ", ")+".")
	}
	e.Note = strings.TrimSpace(e.Note + " " + strings.Join(notes, " "))
	return e
}

// checkDiff lists the fields that are checked in one revision and were not in
// the other.
func checkDiff(old, w incidents.Workflow) (fields []string) {
	for _, c := range w.Checks {
		if old.Checked(c.Field) == nil {
			fields = append(fields, incidents.RiskyFields.Word(c.Field))
		}
	}
	return fields
}

// workflowRows is the table of steps as the code has it, rows that differ only
// in where they start put together.
func workflowRows() []view.StepRow {
	var rows []view.StepRow
	same := map[incidents.Step]int{}
	for _, step := range incidents.Steps {
		from := "new"
		if step.From != "" {
			from = incidents.StatusCodes.Word(string(step.From))
		}
		key := step
		key.From = ""
		if i, ok := same[key]; ok {
			rows[i].From += ", " + from
			continue
		}
		same[key] = len(rows)
		rows = append(rows, view.StepRow{Step: string(step.Name), From: from, To: incidents.StatusCodes.Word(string(step.To)), Who: whoMay(step), Needs: step.Needs, Words: step.Words})
	}
	return rows
}

func whoMay(step incidents.Step) string {
	var roles []string
	for _, r := range access.Roles() {
		if r.May(step.Right) {
			roles = append(roles, string(r))
		}
	}
	who := strings.Join(roles, ", ")
	if step.Other {
		who += "; never who wrote it"
	}
	return who
}

// isOwn reports whether a person wrote what somebody else has to check.
func (s *Server) isOwn(ctx context.Context, id incidents.ID, name string) (bool, error) {
	revisions, err := s.Store.IncidentRevisions(ctx, id, 0)
	return slices.Contains(incidents.Authors(revisions), name), err
}

// waited is how long a report has been in the queue.
func (s *Server) waited(since incidents.Millis) string {
	return hotline.FormatDuration(max(0, incidents.MillisOf(s.Now())-since))
}
