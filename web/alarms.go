package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

const (
	alarmLogShown = 20 // entries under the list
	alarmLogPage  = 50
)

// alarmLists are the addresses that answer with the list itself.
var alarmLists = []string{"/alarms", "/alarms/:id/ack", "/alarms/:id/shelve"}

// alarmBar reads what stands. That it cannot be read is itself said where the
// alarms would stand: silence must not pass for calm.
func (s *Server) alarmBar(c echo.Context) view.AlarmBar {
	rows, err := s.alertRows(c.Request().Context(), 0)
	b := view.AlarmBar{CanWrite: actor(c).Role.May(access.Write), OnList: slices.Contains(alarmLists, c.Path())}
	if err != nil {
		s.Logger.Error("read alarms for the frame", "request", requestID(c), "error", err)
		b.CanWrite = false
		b.Rows = []view.AlertRow{{Kind: string(alarm.Alarm), Title: "The alarms cannot be read", Facts: []string{"Look at the board, and tell whoever runs the server."}, State: "known"}}
		return b
	}
	for _, r := range rows {
		switch {
		case r.State == "shelved":
			b.Shelved++
		case r.Kind != string(alarm.Notice):
			b.Rows = append(b.Rows, r)
		}
	}
	return b
}

// alertRows gives what stands at a moment, as it is looked at: what nobody has
// seen first, then by urgency.
func (s *Server) alertRows(ctx context.Context, asOf incidents.Millis) ([]view.AlertRow, error) {
	list, err := s.Store.Alerts(ctx, asOf)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b alarm.Alert) int {
		return cmp.Or(boolRank(b.Waits())-boolRank(a.Waits()), cmp.Compare(a.Kind.Rank(), b.Kind.Rank()), alarm.ByUrgency(a.Situation, b.Situation))
	})
	now := s.Now()
	if asOf != 0 {
		now = asOf.Time()
	}
	rows := make([]view.AlertRow, len(list))
	for i, a := range list {
		rows[i] = alertRow(a, now)
		if m := a.Situation.Marking; m != "" && m != s.marking(nil) {
			rows[i].Marking = m
		}
	}
	return rows, nil
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

func alertRow(a alarm.Alert, now time.Time) view.AlertRow {
	t := a.Situation
	r := view.AlertRow{
		ID: a.ID, Kind: string(a.Kind), Title: t.Title, Facts: t.Facts, Action: t.Action, Link: t.Link, Now: now, Rough: t.Latest != 0, Past: t.Stage == alarm.Past,
		Severity: t.Severity, Exercise: t.Exercise, Revision: a.Revision, Raised: instantOf(a.RaisedAt), State: "known",
	}
	if t.Deadline != 0 {
		r.Deadline = t.Deadline.Time()
	}
	switch {
	case a.ShelvedUntil != 0:
		r.State, r.By, r.At, r.Words = "shelved", a.ShelvedBy, instantOf(a.ShelvedUntil), a.Reason
	case a.AckedAt != 0:
		r.State, r.By, r.At, r.Words = "seen", a.AckedBy, instantOf(a.AckedAt), a.Remark
	case a.Unseen:
		r.State = "over"
	case a.Waits():
		r.State = "waits"
	}
	return r
}

// showAlarms is the list of what needs somebody.
func (s *Server) showAlarms(c echo.Context) error {
	p, err := s.alarmsPage(c)
	if err != nil {
		return err
	}
	if ack := c.QueryParam("ack"); ack != "" {
		p.each(func(r *view.AlertRow) { r.Focus = r.ID == ack })
	}
	switch c.QueryParam("done") {
	case "ack":
		p.Frame.Flash = "Acknowledged. The clock of the incident runs on until a call gets through."
	case "shelve":
		p.Frame.Flash = "Shelved."
	case "sound":
		p.Frame.Flash = "The test of the sound is in the log."
	}
	return page(c, http.StatusOK, view.Alarms(p.AlarmsPage))
}

// alarmsPage is the page with a way to its rows.
type alarmsPage struct{ view.AlarmsPage }

func (p alarmsPage) each(fn func(*view.AlertRow)) {
	for g := range p.Groups {
		for i := range p.Groups[g].Rows {
			fn(&p.Groups[g].Rows[i])
		}
	}
}

func (s *Server) alarmsPage(c echo.Context) (p alarmsPage, err error) {
	ctx := c.Request().Context()
	asOf, err := asOfParam(c)
	if err != nil {
		return p, err
	}
	p.Frame = s.frame(c, "Alarms", "alarms")
	p.Frame.Reload = boardReload
	s.at(&p.Frame, asOf)
	p.CanWrite = p.Frame.User.CanWrite
	rows, err := s.alertRows(ctx, asOf)
	if err != nil {
		return p, err
	}
	p.Groups = alertGroups(rows)
	entries, err := s.Store.AlertLog(ctx, alarm.LogFilter{Exercise: "include", AsOf: asOf, Limit: alarmLogShown})
	if err != nil {
		return p, err
	}
	p.Log = alertEntries(entries.Entries)
	list, err := s.Store.Alerts(ctx, asOf)
	if err != nil {
		return p, err
	}
	s.markAlerts(&p.Frame, append(list, entries.Entries...))
	if p.CanWrite && p.Frame.AsOf == nil {
		p.Frame.Keys = []view.Key{{Key: "X", Label: "acknowledge"}, {Key: "J K", Label: "move"}}
	}
	return p, nil
}

// markAlerts sets the banners from the alerts that are shown.
func (s *Server) markAlerts(f *view.Frame, shown []alarm.Alert) {
	marks := make([]string, len(shown))
	for i, a := range shown {
		marks[i] = a.Situation.Marking
		f.Exercise = f.Exercise || a.Situation.Exercise
	}
	f.Marking = s.marking(marks)
}

// alertGroups parts the rows by what is to be done with them.
func alertGroups(rows []view.AlertRow) []view.AlertGroup {
	groups := []view.AlertGroup{
		{ID: "waits", Title: "Not acknowledged", Note: "say what is being done"},
		{ID: "seen", Title: "Acknowledged", Note: "it holds until the act is done"},
		{ID: "shelved", Title: "Shelved", Note: "comes back by itself"},
		{ID: "known", Title: "To know", Note: "nothing is due"},
	}
	for _, r := range rows {
		id := r.State
		if id == "over" {
			id = "waits"
		}
		i := slices.IndexFunc(groups, func(g view.AlertGroup) bool { return g.ID == id })
		groups[i].Rows = append(groups[i].Rows, r)
	}
	return groups
}

func alertEntries(list []alarm.Alert) []view.AlertEntry {
	rows := make([]view.AlertEntry, len(list))
	for i, a := range list {
		t := a.Situation
		rows[i] = view.AlertEntry{At: instantOf(a.RecordedAt), Kind: alarm.Kinds.Word(string(a.Kind)), Action: alarm.Actions.Word(string(a.Action)), Title: t.Title, By: a.RecordedBy,
			Words: a.Reason, Exercise: t.Exercise, Href: alertSubject(t.Key, t.Link)}
		if a.Action == alarm.Shelved {
			rows[i].Words = fmt.Sprintf("until %s: %s", incidents.FormatDTG(a.ShelvedUntil.Time()), a.Reason)
		}
	}
	return rows
}

// alertSubject is the page of what an alert is about; link is where it asks
// one to go.
func alertSubject(key, link string) string {
	noun, id, _ := strings.Cut(key, "/")
	switch noun {
	case "incident":
		return incidentPath(incidents.ID(id))
	case "line":
		return "/lines/" + id
	}
	return link
}

// postAcknowledge says that the person has seen an alert.
func (s *Server) postAcknowledge(c echo.Context) error {
	return s.handleAlert(c, "ack", func(ctx context.Context, id string, base int, v url.Values) error {
		_, err := s.panel.Acknowledge(ctx, actor(c), id, base, v.Get("remark"))
		return err
	})
}

// postShelve puts an alert away for a time.
func (s *Server) postShelve(c echo.Context) error {
	return s.handleAlert(c, "shelve", func(ctx context.Context, id string, base int, v url.Values) error {
		_, err := s.panel.Shelve(ctx, actor(c), id, base, v.Get("minutes"), v.Get("reason"))
		return err
	})
}

// handleAlert does something with an alert. What is refused comes back in its
// row, with what was typed; what changed meanwhile is shown as it is now.
func (s *Server) handleAlert(c echo.Context, done string, do func(ctx context.Context, id string, base int, v url.Values) error) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	base, _ := strconv.Atoi(v.Get("base")) // no number is no revision: a conflict
	err = do(c.Request().Context(), id, base, v)
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/alarms?done="+done)
	}
	refused := fault.Is(err, fault.Invalid) && len(fault.Fields(err)) > 0
	if !refused && !fault.Is(err, fault.Conflict) {
		return err
	}
	p, perr := s.alarmsPage(c)
	if perr != nil {
		return perr
	}
	shown := false
	p.each(func(r *view.AlertRow) {
		if r.ID != id {
			return
		}
		shown = true
		r.Remark, r.Reason, r.Minutes = v.Get("remark"), v.Get("reason"), v.Get("minutes")
		for _, f := range fault.Fields(err) {
			r.Errors = append(r.Errors, view.FieldError{ID: f.Name + "-" + id, Field: alertFields[f.Name], Msg: f.Msg})
		}
		p.Errors = r.Errors
	})
	if !shown {
		return err
	}
	status := http.StatusUnprocessableEntity
	p.Title = "There is a problem"
	if !refused {
		status = http.StatusConflict
		p.Errors = []view.FieldError{{ID: "alert-" + id, Msg: err.Error()}}
	}
	p.Frame.Title = "Error: " + p.Frame.Title
	return page(c, status, view.Alarms(p.AlarmsPage))
}

// alertFields are the labels of the fields that can be refused.
var alertFields = map[string]string{"remark": "What is being done", "minutes": "For how long", "reason": "Why it can wait"}

// postSoundTest keeps in the log that the sound of a desk was tried.
func (s *Server) postSoundTest(c echo.Context) error {
	if err := s.panel.Tested(c.Request().Context(), actor(c), s.Store, c.FormValue("played") == "yes"); err != nil {
		return err
	}
	if !wantsPage(c) {
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, "/alarms?done=sound")
}

// waiting is what a page that nobody looks at asks for, which has let its
// stream go.
type waiting struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Title  string `json:"title"`
	Fact   string `json:"fact"`
	Raised string `json:"raised"` // RFC 3339: the same alert may call again
}

// waitingAlarms gives the alerts that nobody has acknowledged, for sound and
// desktop notifications.
func (s *Server) waitingAlarms(c echo.Context) error {
	rows, err := s.alertRows(c.Request().Context(), 0)
	if err != nil {
		return err
	}
	list := []waiting{}
	for _, r := range rows {
		if r.State == "waits" {
			list = append(list, waiting{r.ID, r.Kind, r.Title, r.Facts[0], r.Raised.At.Format(time.RFC3339)})
		}
	}
	return c.JSON(http.StatusOK, list)
}

// alarmFilterNames are the names that the log of alarms takes.
var alarmFilterNames = []string{"kind", "action", "by", "from", "to", "exercise", "as_of", "after"}

// parseAlarmFilter reads a filter from the address.
func parseAlarmFilter(v url.Values) (alarm.LogFilter, error) {
	f := alarm.LogFilter{Limit: alarmLogPage, By: strings.TrimSpace(v.Get("by")), After: v.Get("after")}
	var p fault.Problems
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	sort.Strings(names)
	moment := func(name string, to *incidents.Millis) {
		if text := strings.TrimSpace(v.Get(name)); text != "" {
			t, err := incidents.ReadInstant(text)
			if err != nil {
				p.Add(name, err.Error())
				return
			}
			*to = incidents.MillisOf(t)
		}
	}
	for _, name := range names {
		value := v.Get(name)
		switch name {
		case "kind":
			if value != "" && !alarm.Kinds.Has(value) {
				p.Add(name, "“"+value+"” is no kind; accepted: "+alarm.Kinds.Accepted()+".")
			}
			f.Kinds = filledIn(value)
		case "action":
			if value != "" && !alarm.Actions.Has(value) {
				p.Add(name, "“"+value+"” is nothing that happens to an alert; accepted: "+alarm.Actions.Accepted()+".")
			}
			f.Actions = filledIn(value)
		case "exercise":
			if f.Exercise = value; value != "" && value != "include" && value != "only" {
				p.Add(name, "“"+value+"” is not accepted; accepted: include, only, or nothing.")
			}
		case "from":
			moment(name, &f.From)
		case "to":
			moment(name, &f.To)
		case "as_of":
			moment(name, &f.AsOf)
		case "by", "after":
		default:
			p.Add(name, "is no filter; accepted: "+strings.Join(alarmFilterNames, ", ")+".")
		}
	}
	return f, p.Err("The filter cannot be read.", alarmFilterNames...)
}

// filledIn is what a field of a filter asks for: nothing when it is empty.
func filledIn(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// showAlarmLog is everything that became of every alert.
func (s *Server) showAlarmLog(c echo.Context) error {
	v := c.QueryParams()
	f, err := parseAlarmFilter(v)
	p := view.AlarmLogPage{Frame: s.frame(c, "Log of alarms", "alarms"), Kind: v.Get("kind"), Action: v.Get("action"), By: v.Get("by"), From: v.Get("from"), To: v.Get("to"), Exercise: v.Get("exercise"), AsOf: v.Get("as_of"),
		Kinds: vocabularyOptions(alarm.Kinds), Actions: vocabularyOptions(alarm.Actions)}
	p.CanManage = p.Frame.User.CanManage
	if err != nil {
		if !fault.Is(err, fault.Invalid) {
			return err
		}
		p.Errors, p.Frame.Title = view.FieldErrors(fault.Fields(err), nil), "Error: "+p.Frame.Title
		return page(c, http.StatusUnprocessableEntity, view.AlarmLog(p))
	}
	s.at(&p.Frame, f.AsOf)
	found, err := s.Store.AlertLog(c.Request().Context(), f)
	if err != nil {
		return err
	}
	p.Rows, p.Total = alertEntries(found.Entries), found.Total
	s.markAlerts(&p.Frame, found.Entries)
	q := url.Values{}
	for name := range v {
		if name != "after" && v.Get(name) != "" {
			q.Set(name, v.Get(name))
		}
	}
	if f.After != "" {
		p.First = "/alarms/log?" + q.Encode()
	}
	if found.Next != "" {
		q.Set("after", found.Next)
		p.Next = "/alarms/log?" + q.Encode()
	}
	return page(c, http.StatusOK, view.AlarmLog(p))
}

func vocabularyOptions(list incidents.Vocabulary) []view.Option {
	options := []view.Option{{Value: "", Label: "any"}}
	for _, t := range list {
		options = append(options, view.Option{Value: t.Code, Label: t.Word})
	}
	return options
}

// showAlarmFigures holds the last thirty days against the targets.
func (s *Server) showAlarmFigures(c echo.Context) error {
	ctx := c.Request().Context()
	p := view.AlarmFiguresPage{Frame: s.frame(c, "Figures of the alarms", "alarms"), Exercise: c.QueryParam("exercise") == "include"}
	now := incidents.MillisOf(s.Now())
	from := now - incidents.Millis(alarm.FigureDays*24*time.Hour/time.Millisecond)
	first, err := s.Store.FirstAlert(ctx)
	if err != nil {
		return err
	}
	// Before the first alert nothing was watched, and a rate over that time
	// would flatter.
	if first == 0 {
		from = now
	}
	from = max(from, first)
	calls, err := s.Store.AlertCalls(ctx, from, now, p.Exercise)
	if err != nil {
		return err
	}
	f := alarm.FiguresOf(calls, from, now)
	p.From, p.To, p.Days, p.Short = instantOf(f.From), instantOf(f.To), since(s.Now(), f.From), f.Days() < alarm.FigureDays-0.01
	p.Frame.Exercise = p.Exercise
	p.Rows = figureRows(f)
	return page(c, http.StatusOK, view.AlarmFigures(p))
}

// figureRows says each figure with what it should be.
func figureRows(f alarm.Figures) []view.FigureRow {
	row := func(name, figure, target string, over bool) view.FigureRow {
		r := view.FigureRow{Name: name, Figure: figure, Target: target, Over: over, Verdict: "yes"}
		switch {
		case f.All == 0:
			r.Verdict, r.Over = "nothing called", false
		case over:
			r.Verdict = "no: too many"
		}
		return r
	}
	about := func(name string, target float64, kinds ...alarm.Kind) view.FigureRow {
		share := f.Share(kinds...)
		// “About”: half as much again is still about it. Too few is no fault.
		return row(name, view.Percent(share), "about "+view.Percent(target), share > target*1.5)
	}
	return []view.FigureRow{
		row("Calls that sound, in 10 min on average", fmt.Sprintf("%.2f", f.Rate), fmt.Sprintf("%.0f at most", alarm.TargetRate), f.Rate > alarm.TargetRate),
		row("Most of them in any 10 min", fmt.Sprint(f.Peak), fmt.Sprintf("%d at most", alarm.FloodBegins), f.Peak > alarm.FloodBegins),
		row("Time in flood", view.Percent(f.Flood), "under "+view.Percent(alarm.TargetFlood), f.Flood >= alarm.TargetFlood),
		row("Floods", fmt.Sprint(f.Floods), "0", f.Floods > 0),
		about("Alarms, of all calls", alarm.TargetAlarm, alarm.Alarm),
		about("Warnings, of all calls", alarm.TargetWarning, alarm.Warning),
		{Name: "Cautions and notices, of all calls", Figure: view.Percent(f.Share(alarm.Caution, alarm.Notice)), Target: "about " + view.Percent(alarm.TargetRest), Verdict: verdictOfRest(f)},
		{Name: "Calls in all", Figure: fmt.Sprint(f.All), Target: "", Verdict: ""},
	}
}

func verdictOfRest(f alarm.Figures) string {
	switch {
	case f.All == 0:
		return "nothing called"
	case f.Share(alarm.Caution, alarm.Notice) < alarm.TargetRest/1.5:
		return "no: too few"
	}
	return "yes"
}
