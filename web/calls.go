package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

const (
	// triedFor is how long a line that was tried in vain stands back behind
	// the others.
	triedFor = time.Hour
	// retryIn is when somebody is to call again, unless another time is typed.
	retryIn = "10 min"
	// mostWaiting bounds the incidents that a call is offered besides its own.
	mostWaiting = 6
)

// newCall proposes a line: GET /calls/new?incident=…&line=…&after=…, where
// after is an attempt that did not get through.
func (s *Server) newCall(c echo.Context) error {
	ids, err := s.incidentIDs(c.Request().Context(), strings.Join(c.QueryParams()["incident"], " "))
	if err != nil {
		return err
	}
	for i, id := range ids {
		if _, ok := incidents.ParseID(id); !ok {
			return fault.New(fault.NotFound, "There is no incident “"+ids[i]+"”.")
		}
	}
	return s.callNewPage(c, http.StatusOK, hotline.CallStart{ID: string(incidents.NewID()), LineID: c.QueryParam("line"), Incidents: ids}, "", nil)
}

// callNewPage draws the page before a call. typed are the incidents as typed,
// where they were not accepted.
func (s *Server) callNewPage(c echo.Context, status int, st hotline.CallStart, typed string, failed error) error {
	ctx := c.Request().Context()
	cases, err := s.casesOf(ctx, slip{report: contactReport{Incidents: known(st.Incidents)}})
	if err != nil {
		return err
	}
	p := view.CallNewPage{Frame: s.frame(c, "Start a call", "contacts"), ID: st.ID, IncidentsText: typed, Exercise: st.Exercise, LogHref: "/contacts/new"}
	shown := make([]incidents.Incident, len(cases))
	var numbers []string
	for i, k := range cases {
		shown[i] = k.Incident
		numbers = append(numbers, numberOf(k.Incident))
		p.About = append(p.About, s.aboutCase(k))
	}
	if len(numbers) > 0 {
		p.LogHref += "?incident=" + url.QueryEscape(string(shown[0].ID))
	}
	if typed == "" {
		p.IncidentsText = strings.Join(numbers, ", ")
	}
	tried := s.tried(cases)
	if p.After, err = s.callAfter(c, tried); err != nil {
		return err
	}
	if p.Lines, err = s.proposals(ctx, shown, st.LineID, tried); err != nil {
		return err
	}
	p.Errors, p.ErrorTitle = callErrors(failed, "started")
	s.mark(&p.Frame, shown...)
	if status >= http.StatusBadRequest {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "Enter", Label: "start the call"}, {Key: "Tab", Label: "to the other lines"}}
	return page(c, status, view.CallNew(p))
}

// known are the ids among what was typed.
func known(texts []string) []string {
	ids := []string{}
	for _, t := range texts {
		if _, ok := incidents.ParseID(t); ok {
			ids = append(ids, t)
		}
	}
	return ids
}

// tried finds the lines over which somebody called in vain of late.
func (s *Server) tried(cases []hotline.Case) hotline.Tried {
	tried := hotline.Tried{}
	since := incidents.MillisOf(s.Now().Add(-triedFor))
	for _, k := range cases {
		for _, l := range k.Contacts {
			if l.LineID != "" && !l.Retracted && hotline.IsAttempt(l.Outcome) && !hotline.GotThrough(l.Outcome) && l.Start.From >= since {
				tried[l.LineID] = hotline.Outcomes.Word(l.Outcome) + " " + l.Start.String()
			}
		}
	}
	return tried
}

// callAfter reads the attempt that led to the page, and notes its line.
func (s *Server) callAfter(c echo.Context, tried hotline.Tried) (*view.CallAfter, error) {
	id, ok := incidents.ParseID(c.QueryParam("after"))
	if !ok {
		return nil, nil
	}
	k, err := s.Store.Contact(c.Request().Context(), hotline.ContactID(id), 0)
	if err != nil {
		return nil, err
	}
	word := hotline.Outcomes.Word(k.Outcome)
	a := &view.CallAfter{Href: contactPath(k.ID), Words: strings.ToUpper(word[:1]) + word[1:] + ": " + joined(", ", k.Channel.Name, k.Start.String())}
	if k.RetryAt != 0 {
		a.RetryAt = k.RetryAt.Time()
	}
	if k.LineID != "" && !hotline.GotThrough(k.Outcome) {
		tried[k.LineID] = word + " " + k.Start.String()
	}
	return a, nil
}

// proposals orders the lines for a call; one that was asked for goes first.
func (s *Server) proposals(ctx context.Context, about []incidents.Incident, asked string, tried hotline.Tried) ([]view.ProposedLine, error) {
	g, err := s.readRegister(ctx, hotline.At{Now: incidents.MillisOf(s.Now())})
	if err != nil {
		return nil, err
	}
	var first *incidents.Incident
	if len(about) > 0 {
		first = &about[0]
	}
	list := []view.ProposedLine{}
	for _, p := range hotline.ProposeLines(g.lines, first, s.Now(), tried) {
		v := proposedLine(p.Line)
		v.Reasons, v.Works = p.Reasons, p.Works
		if v.ID == asked {
			list = slices.Insert(list, 0, v)
		} else {
			list = append(list, v)
		}
	}
	return list, nil
}

func proposedLine(l hotline.Line) view.ProposedLine {
	return view.ProposedLine{ID: string(l.ID), Short: l.Short, Name: l.Name, Href: "/lines/" + string(l.ID), Glyph: lineGlyph(l.State), State: hotline.LineStates.Word(l.State),
		Number: l.Number, Reach: l.Reach, Languages: strings.Join(l.Languages, ", ")}
}

// callErrors turns what is wrong with a call into the summary above it.
func callErrors(err error, done string) ([]view.FieldError, string) {
	fields := byField(err)
	if len(fields) == 0 {
		return nil, ""
	}
	labels := map[string]string{"incidents": "Incidents", "summary": "Notes", "retry_at": "Call again", "expect_what": "They are to answer", "expect_by": "Answer by",
		"outcome": "What came of it", "purpose": "What for", "callee": "Who answered", "caller": "Who spoke", "relation": "How it belongs", "reason": "Why"}
	return view.FieldErrors(fields, labels), notDone(done, len(fields))
}

// postCall starts a call and goes to its page.
func (s *Server) postCall(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	st := hotline.CallStart{ID: v.Get("id"), LineID: v.Get("line"), Exercise: v.Get("exercise") != ""}
	ctx := c.Request().Context()
	if st.Incidents, err = s.incidentIDs(ctx, v.Get("incidents")); err != nil {
		return err
	}
	call, err := s.Desk.StartCall(ctx, actor(c), st)
	switch {
	case fault.Is(err, fault.Invalid) && len(byField(err)) > 0:
		return s.callNewPage(c, http.StatusUnprocessableEntity, st, v.Get("incidents"), err)
	case fault.Is(err, fault.Conflict): // sent twice, and the call is over
		return c.Redirect(http.StatusSeeOther, contactPath(hotline.ContactID(st.ID)))
	case err != nil:
		return err
	}
	return c.Redirect(http.StatusSeeOther, callPath(call.ID))
}

func callPath(id hotline.ContactID) string { return "/calls/" + string(id) }

// callID is the id of the address.
func callID(c echo.Context) (hotline.ContactID, error) {
	id, ok := incidents.ParseID(c.Param("id"))
	if !ok {
		return "", fault.New(fault.NotFound, "There is no such call.")
	}
	return hotline.ContactID(id), nil
}

// showCall is the page of a call that is going on; one that is over is its
// contact.
func (s *Server) showCall(c echo.Context) error {
	id, err := callID(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	call, err := s.Store.OpenCall(ctx, id)
	if fault.Is(err, fault.NotFound) {
		if k, kerr := s.Store.Contact(ctx, id, 0); kerr == nil {
			return c.Redirect(http.StatusSeeOther, contactPath(k.ID))
		}
	}
	if err != nil {
		return err
	}
	return s.callPage(c, http.StatusOK, call, callSlip{report: freshReport(call)})
}

// freshReport is the form of a call before anything but notes was typed.
func freshReport(call hotline.OpenCall) hotline.CallReport {
	return hotline.CallReport{ContactReport: contactReport{Purpose: "clarify", Relation: "prompted_by", Caller: call.Owner, Summary: call.Notes}, RetryAt: retryIn, ExpectationID: string(incidents.NewID())}
}

// callCases reads all that a call is about.
func (s *Server) callCases(ctx context.Context, call hotline.OpenCall) (cases []hotline.Case, shown []incidents.Incident, err error) {
	for _, id := range call.Incidents {
		k, err := s.Store.Case(ctx, id, hotline.At{Now: incidents.MillisOf(s.Now())})
		if err != nil {
			return nil, nil, err
		}
		cases, shown = append(cases, k), append(shown, k.Incident)
	}
	return cases, shown, nil
}

// callSlip is a call's form on its way.
type callSlip struct {
	report    hotline.CallReport
	incidents string
	reason    string // why it was not made
	err       error
}

// callPage draws the page of a call around what was typed.
func (s *Server) callPage(c echo.Context, status int, call hotline.OpenCall, sl callSlip) error {
	ctx := c.Request().Context()
	cases, shown, err := s.callCases(ctx, call)
	if err != nil {
		return err
	}
	p := view.CallPage{Frame: s.frame(c, "In a call", "contacts"), ID: string(call.ID), Owner: call.Owner, Started: call.StartedAt.Time(), Notes: sl.report.Summary, Seq: call.Seq,
		Report: sl.report, IncidentsText: sl.incidents, DropReason: sl.reason}
	p.Mine = call.Owner == actor(c).Name || actor(c).Role.May(access.Manage)
	for _, k := range cases {
		p.About = append(p.About, s.aboutCase(k))
	}
	if p.Waiting, err = s.alsoWaiting(ctx, call, shown); err != nil {
		return err
	}
	var line hotline.Line
	if call.LineID != "" {
		if line, err = s.Store.Line(ctx, call.LineID, 0); err != nil {
			return err
		}
		v := proposedLine(line)
		p.Line = &v
	}
	if p.Sheets, err = s.callSheets(ctx, call, line, shown); err != nil {
		return err
	}
	p.Errors, p.ErrorTitle = callErrors(sl.err, "logged, the call goes on")
	s.mark(&p.Frame, shown...)
	if call.Exercise {
		p.Frame.Exercise = true
	}
	if status >= http.StatusBadRequest {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "A", Label: "connected"}, {Key: "N", Label: "no answer"}, {Key: "R", Label: "refused"}, {Key: "F", Label: "line fault"}, {Key: "D", Label: "delivered"}, {Key: "Ctrl ↵", Label: "connected, from a field"}}
	return page(c, status, view.Call(p))
}

// alsoWaiting finds open cases of the same region that one call could serve.
func (s *Server) alsoWaiting(ctx context.Context, call hotline.OpenCall, about []incidents.Incident) ([]view.AboutCase, error) {
	if len(about) == 0 {
		return nil, nil
	}
	region := about[0].Derived.Region
	b := &board{at: hotline.At{Now: incidents.MillisOf(s.Now())}}
	if err := s.readOpen(ctx, b); err != nil {
		return nil, err
	}
	var list []view.AboutCase
	for _, k := range b.open {
		if k.Incident.Derived.Region == region && k.Incident.Record.Exercise == call.Exercise && !slices.Contains(call.Incidents, k.Incident.ID) && len(list) < mostWaiting {
			list = append(list, s.aboutCase(k))
		}
	}
	return list, nil
}

// callSheets fills the sheets in: English, and the languages of the other side.
// Where nobody has said which they are, Russia's is Russian.
func (s *Server) callSheets(ctx context.Context, call hotline.OpenCall, line hotline.Line, about []incidents.Incident) ([]view.CallSheet, error) {
	sheets, err := s.Desk.CallSheets(ctx)
	if err != nil {
		return nil, err
	}
	facts := hotline.SheetFacts{Caller: call.Owner, Line: line.Short, Notation: line.Notation, Incidents: about}
	var list []view.CallSheet
	for _, t := range sheets {
		spoken := slices.Contains(line.Languages, t.Language) || len(line.Languages) == 0 && t.Language == "ru" && slices.Contains(line.Parties, "RU")
		if t.Language != "en" && !spoken {
			continue
		}
		list = append(list, view.CallSheet{Language: t.Language, Word: hotline.SheetLanguages.Word(t.Language), Draft: t.Draft(), Standing: sheetStanding(t), Parts: t.Render(facts)})
	}
	return list, nil
}

// sheetStanding says whose words a sheet has.
func sheetStanding(t hotline.Sheet) string {
	switch {
	case t.ApprovedBy != "":
		return "approved by " + t.ApprovedBy + " " + incidents.FormatDTG(t.ApprovedAt.Time())
	case t.Draft():
		return "draft, not approved"
	}
	return "as it came with the program"
}

// callSlipFrom reads the form of a call as it was typed.
func callSlipFrom(v url.Values) callSlip {
	r := hotline.CallReport{RetryAt: v.Get("retry_at"), ExpectBy: v.Get("expect_by"), ExpectWhat: v.Get("expect_what"), ExpectationID: v.Get("expectation")}
	r.Outcome, r.Purpose, r.Summary, r.Relation = v.Get("outcome"), v.Get("purpose"), v.Get("summary"), v.Get("relation")
	r.Caller, r.Callee, r.Translator = v.Get("caller"), v.Get("callee"), v.Get("translator")
	return callSlip{report: r, incidents: v.Get("incidents")}
}

// postCallEnd takes the form of a call: what came of it ends the call; the
// other buttons keep the notes or add an incident, and it goes on.
func (s *Server) postCallEnd(c echo.Context) error {
	id, err := callID(c)
	if err != nil {
		return err
	}
	v, err := formValues(c)
	if err != nil {
		return err
	}
	sl, ctx := callSlipFrom(v), c.Request().Context()
	if v.Get("do") != "" || v.Get("add") != "" {
		return s.goOn(c, id, v, sl)
	}
	first, marking, err := s.callAbout(ctx, id)
	if err != nil {
		return err
	}
	sl.report.Marking = marking
	k, err := s.Desk.EndCall(ctx, actor(c), id, sl.report)
	if fault.Is(err, fault.Invalid) {
		call, oerr := s.Store.OpenCall(ctx, id)
		if oerr != nil {
			return oerr
		}
		sl.err = err
		return s.callPage(c, http.StatusUnprocessableEntity, call, sl)
	}
	if err != nil {
		return err
	}
	to, err := s.afterCall(ctx, k, first)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// callAbout gives the incident that a call began with, none where there is
// none, and the highest marking of all that it is about.
func (s *Server) callAbout(ctx context.Context, id hotline.ContactID) (first incidents.ID, marking string, err error) {
	call, err := s.Store.OpenCall(ctx, id)
	if err != nil && !fault.Is(err, fault.NotFound) { // it may have been sent twice
		return "", "", err
	}
	_, shown, err := s.callCases(ctx, call)
	marks := make([]string, len(shown))
	for i, inc := range shown {
		marks[i] = inc.Record.Marking
	}
	if len(shown) > 0 {
		first = shown[0].ID
	}
	return first, s.marking(marks), err
}

// afterCall is where one goes on: the incident where somebody was reached, the
// next line where nobody was.
func (s *Server) afterCall(ctx context.Context, k hotline.Contact, first incidents.ID) (string, error) {
	written, err := s.Store.Contact(ctx, k.ID, 0)
	if err != nil {
		return "", err
	}
	if hotline.GotThrough(k.Outcome) {
		if first == "" && len(written.Incidents) > 0 {
			first = written.Incidents[0].Incident.ID
		}
		if first != "" {
			return incidentPath(first), nil
		}
		return contactPath(k.ID), nil
	}
	q := url.Values{"after": {string(k.ID)}}
	for _, l := range written.Incidents {
		q.Add("incident", string(l.Incident.ID))
	}
	return "/calls/new?" + q.Encode(), nil
}

// goOn keeps the notes, adds the incident that was asked for, and draws the
// page again with all that was typed.
func (s *Server) goOn(c echo.Context, id hotline.ContactID, v url.Values, sl callSlip) error {
	ctx := c.Request().Context()
	call, err := s.Store.OpenCall(ctx, id)
	if err != nil {
		return err
	}
	// What is sent by a button is later than whatever the page sent by itself.
	seq := max(s.Now().UnixMilli(), call.Seq+1)
	if call, err = s.Desk.KeepNotes(ctx, actor(c), id, sl.report.Summary, seq); err != nil {
		return err
	}
	if v.Get("do") == "keep" && v.Get("add") == "" {
		return s.callPage(c, http.StatusOK, call, sl)
	}
	text := v.Get("add")
	if text == "" {
		text = sl.incidents
	}
	more, err := s.incidentIDs(ctx, text)
	if err != nil {
		return err
	}
	wider, err := s.Desk.WidenCall(ctx, actor(c), id, more)
	if fault.Is(err, fault.Invalid) {
		sl.err = err
		return s.callPage(c, http.StatusUnprocessableEntity, call, sl)
	}
	if err != nil {
		return err
	}
	sl.incidents = ""
	return s.callPage(c, http.StatusOK, wider, sl)
}

// putCallNotes keeps what is typed: PUT /calls/{id}/notes.
func (s *Server) putCallNotes(c echo.Context) error {
	id, err := callID(c)
	if err != nil {
		return err
	}
	v, err := formValues(c)
	if err != nil {
		return err
	}
	if owner := v.Get("owner"); owner != "" && owner != actor(c).Name {
		return fault.New(fault.Conflict, "This page is that of "+owner+", and "+actor(c).Name+" is signed in now.")
	}
	seq, err := strconv.ParseInt(v.Get("seq"), 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "The notes came without their number; open the call again.")
	}
	call, err := s.Desk.KeepNotes(c.Request().Context(), actor(c), id, v.Get("summary"), seq)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"seq": call.Seq, "at": s.Now().UTC().Format("150405Z")})
}

// postCallDrop forgets a call that was not made.
func (s *Server) postCallDrop(c echo.Context) error {
	id, err := callID(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	call, err := s.Store.OpenCall(ctx, id)
	if err != nil {
		return err
	}
	reason := c.FormValue("reason")
	err = s.Desk.DropCall(ctx, actor(c), id, reason)
	if fault.Is(err, fault.Invalid) {
		return s.callPage(c, http.StatusUnprocessableEntity, call, callSlip{report: freshReport(call), reason: reason, err: err})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/")
}

// openCalls are the calls that all screens show.
func (s *Server) openCalls(ctx context.Context, lines []hotline.Line) ([]view.OpenCall, error) {
	calls, err := s.Store.OpenCalls(ctx)
	if err != nil {
		return nil, err
	}
	short := map[hotline.LineID]string{}
	for _, l := range lines {
		short[l.ID] = l.Short
	}
	var list []view.OpenCall
	for _, k := range calls {
		v := view.OpenCall{ID: string(k.ID), Who: k.Owner, Line: "no line", Since: k.StartedAt.Time()}
		if name := short[k.LineID]; name != "" {
			v.Line = name
		}
		switch n := len(k.Incidents); {
		case n == 1:
			v.About = "an incident"
		case n > 1:
			v.About = strconv.Itoa(n) + " incidents"
		}
		list = append(list, v)
	}
	return list, nil
}
