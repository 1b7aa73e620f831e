package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

const (
	newestPerRegion = 4
	mostLateEntries = 8
	boardReload     = 30 // seconds, for a browser without scripts
	recentDays      = 7
)

// seas are the regions that have a chart on the board, in its order.
var seas = []string{"baltic", "norwegian", "black"}

// showBoard is the first page of a watch: who still waits for a call.
func (s *Server) showBoard(c echo.Context) error {
	if me := actor(c); c.QueryParam("wall") == "1" {
		return s.showWall(c)
	} else if !me.Role.May(access.Read) {
		if c.Path() == "/" {
			return c.Redirect(http.StatusSeeOther, "/board?wall=1")
		}
		return me.Require(access.Read)
	}
	asOf, err := asOfParam(c)
	if err != nil {
		return err
	}
	if c.Request().Header.Get(liveHeader) != "" && asOf == 0 {
		return s.liveBoard(c)
	}
	frame, at := s.boardFrame(c, asOf)
	p, err := s.fillBoard(c.Request().Context(), frame, at)
	if err != nil {
		return err
	}
	return page(c, http.StatusOK, view.Board(p))
}

// boardFrame is the frame of the board, and the moment that it shows.
func (s *Server) boardFrame(c echo.Context, asOf incidents.Millis) (view.Frame, hotline.At) {
	frame := s.frame(c, "Board", "board")
	frame.Reload = boardReload
	at := s.at(&frame, asOf)
	frame.Keys = []view.Key{{Key: "J", Label: "K move"}, {Key: "Enter", Label: "open"}, {Key: "/", Label: "find"}, {Key: "G", Label: "then B A M L C: go to"}}
	if frame.AsOf == nil && frame.User != nil && frame.User.CanWrite {
		frame.Keys = append([]view.Key{{Key: "N", Label: "new report"}, {Key: "C", Label: "call"}, {Key: "H", Label: "hold"}, {Key: "U", Label: "flag"}}, frame.Keys...)
	}
	return frame, at
}

// fillBoard reads the page in.
func (s *Server) fillBoard(ctx context.Context, frame view.Frame, at hotline.At) (view.BoardPage, error) {
	b, err := s.readBoard(ctx, at)
	if err != nil {
		return view.BoardPage{}, err
	}
	if err := s.readTasks(ctx, frame, b); err != nil {
		return view.BoardPage{}, err
	}
	s.mark(&frame, b.shown()...)
	p := s.boardPage(frame, b)
	return p, s.addHandlingToStrips(ctx, p.Bands, at.AsOf)
}

// liveHeader is sent by a screen that keeps itself up to date: it needs the
// parts of the page that change, and no more.
const liveHeader = "X-Live"

// liveBoard gives the parts of the board that change. They are the same for
// all who have the same rights, so that one reading serves all the screens that
// were told of a change at the same time.
func (s *Server) liveBoard(c echo.Context) error {
	role := actor(c).Role
	rights := fmt.Sprint(role.May(access.Write), role.May(access.Manage))
	return s.liveParts(c, &s.boards, rights, hotline.At{Now: incidents.MillisOf(s.Now())}, func(ctx context.Context) (templ.Component, error) {
		frame, at := s.boardFrame(c, 0) // read with the rest, so that it is no older than what it is kept under
		p, err := s.fillBoard(ctx, frame, at)
		return view.BoardLive(p), err
	})
}

// liveParts gives what fill makes, once a change and second for all who have
// the same rights.
func (s *Server) liveParts(c echo.Context, made *latest, rights string, at hotline.At, fill func(context.Context) (templ.Component, error)) error {
	version, err := s.Store.DataVersion(c.Request().Context())
	if err != nil {
		return err
	}
	parts, err := made.get(fmt.Sprint(version, at.Now/1000, rights), func() ([]byte, error) {
		// The reading serves others too, and must not end with this request.
		ctx := context.WithoutCancel(c.Request().Context())
		component, err := fill(ctx)
		if err != nil {
			return nil, err
		}
		var buf bytes.Buffer
		err = component.Render(ctx, &buf)
		return buf.Bytes(), err
	})
	if err != nil {
		return err
	}
	return c.HTMLBlob(http.StatusOK, parts)
}

// latest keeps the newest of something that is costly to make and the same for
// many. While it is made, those who want it wait for it.
type latest struct {
	mu    sync.Mutex
	key   string
	bytes []byte
}

func (l *latest) get(key string, fill func() ([]byte, error)) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.key == key && l.bytes != nil {
		return l.bytes, nil
	}
	made, err := fill()
	if err == nil {
		l.key, l.bytes = key, made
	}
	return made, err
}

// board is what the page shows, read from one moment of the log.
type board struct {
	at       hotline.At
	open     []hotline.Case // waiting, in order
	late     []hotline.Case // entered after their deadline, newest first, cut
	lateAll  int
	newest   map[string][]hotline.Case
	week     map[string]int
	total    map[string]int
	statuses map[string]int
	lines    register

	retries     []hotline.Retry
	owed        []owed
	toVerify    []incidents.Waiting // the oldest
	verifyTotal int
}

// withExercise asks for real and exercise records, as of a moment: on the
// board, and only there, both stand without asking.
func (b *board) withExercise() incidents.Filter {
	return incidents.Filter{Exercise: "include", AsOf: b.at.AsOf}
}

func (s *Server) readBoard(ctx context.Context, at hotline.At) (*board, error) {
	b := &board{at: at, newest: map[string][]hotline.Case{}}
	if err := s.readOpen(ctx, b); err != nil {
		return nil, err
	}
	if err := s.readNewest(ctx, b); err != nil {
		return nil, err
	}
	var err error
	week := b.withExercise()
	week.From = at.Now - incidents.Millis(recentDays*24*time.Hour/time.Millisecond)
	if b.week, err = s.Store.CountBy(ctx, week, "region", at); err != nil {
		return nil, err
	}
	if b.total, err = s.Store.CountBy(ctx, b.withExercise(), "region", at); err != nil {
		return nil, err
	}
	if b.statuses, err = s.Store.CountBy(ctx, b.withExercise(), "deescalation", at); err != nil {
		return nil, err
	}
	b.lines, err = s.readRegister(ctx, at)
	return b, err
}

// readOpen finds who waits, and what was entered too late to wait for.
func (s *Server) readOpen(ctx context.Context, b *board) error {
	err := hotline.EachWaiting(ctx, s.Store, b.at, func(c *hotline.Case) error {
		if c.Open() {
			b.open = append(b.open, *c)
		} else {
			b.addLate(*c)
		}
		return nil
	})
	slices.SortStableFunc(b.open, inBoardOrder)
	return err
}

// addLate keeps the newest of the late entries, so that a log that was filled
// from an archive does not fill the memory.
func (b *board) addLate(c hotline.Case) {
	b.lateAll++
	b.late = append(b.late, c)
	slices.SortStableFunc(b.late, func(x, y hotline.Case) int {
		return cmp.Or(cmp.Compare(y.Incident.FirstRecordedAt/1000/3600, x.Incident.FirstRecordedAt/1000/3600), cmp.Compare(y.Incident.Record.Start.From, x.Incident.Record.Start.From))
	})
	b.late = b.late[:min(len(b.late), mostLateEntries)]
}

// inBoardOrder puts high risk first, then the earliest possible deadline. It
// does not look at the status: the order must not jump when that changes.
func inBoardOrder(x, y hotline.Case) int {
	return cmp.Or(
		cmp.Compare(severityRank(y.Incident.Record.Severity), severityRank(x.Incident.Record.Severity)),
		cmp.Compare(x.Assessment.DeadlineFrom, y.Assessment.DeadlineFrom),
		cmp.Compare(x.Incident.Number, y.Incident.Number),
	)
}

func severityRank(code string) int { return indexOf(incidents.Severities.Codes(), code) }

// readNewest reads the latest reports of each sea. Those that wait stand above
// already, so as many more are asked for.
func (s *Server) readNewest(ctx context.Context, b *board) error {
	for _, region := range seas {
		f := b.withExercise()
		f.Regions = []string{region}
		limit := min(newestPerRegion+len(b.open), 500)
		got, err := s.Store.Cases(ctx, f, hotline.Page{Sort: "-start", Limit: limit}, b.at)
		if err != nil {
			return err
		}
		for _, c := range got.Cases {
			if !c.Open() && len(b.newest[region]) < newestPerRegion {
				b.newest[region] = append(b.newest[region], c)
			}
		}
	}
	return nil
}

// shown are the incidents on the page, for its banners.
func (b *board) shown() []incidents.Incident {
	var list []incidents.Incident
	add := func(cases []hotline.Case) {
		for _, c := range cases {
			list = append(list, c.Incident)
		}
	}
	add(b.open)
	add(b.late)
	for _, region := range seas {
		add(b.newest[region])
	}
	for _, w := range b.toVerify {
		list = append(list, w.Incident)
	}
	for _, o := range b.owed {
		for _, l := range o.asked.Incidents {
			list = append(list, l.Incident)
		}
	}
	return list
}

func (s *Server) boardPage(frame view.Frame, b *board) view.BoardPage {
	p := view.BoardPage{Frame: frame, Bands: bandsOf(b.open, b.at), LateTotal: b.lateAll, Silent: b.statuses[string(hotline.NotKnown)]}
	p.Waits = waitsOf(b.open)
	for _, c := range b.open {
		if c.Assessment.Worst == hotline.NotKnown {
			p.Silent--
		}
	}
	p.Tell, p.Tasks = b.tell(), s.tasks(b)
	p.LateHref = b.logHref(url.Values{"deescalation": {string(hotline.Overdue), string(hotline.Attempted)}})
	p.SilentHref = b.logHref(url.Values{"deescalation": {string(hotline.NotKnown)}})
	for _, c := range b.late {
		p.Late = append(p.Late, b.lateEntry(c))
	}
	for _, region := range seas {
		r := b.region(region)
		r.Chart = s.regionChart(region, b)
		p.Regions = append(p.Regions, r)
	}
	p.Outside = b.region("outside")
	for _, l := range b.lines.lines {
		row := view.BoardLine{Href: withAsOf("/lines/"+string(l.ID), b.at.AsOf), Short: l.Short, Between: strings.Join(l.Parties, "–"), State: hotline.LineStates.Word(l.State)}
		chip := b.lines.chip(l)
		if row.Glyph = chip.Glyph; chip.Attention || chip.Fault {
			row.State = chip.State
		}
		p.Lines = append(p.Lines, row)
	}
	return p
}

// waitsOf counts by status; where best and worst differ the time is too coarse.
func waitsOf(open []hotline.Case) (n view.Waits) {
	for _, c := range open {
		switch a := c.Assessment; {
		case a.Best != a.Worst:
			n.Unsure++
		case a.Worst == hotline.Overdue:
			n.Overdue++
		case a.Worst == hotline.Attempted:
			n.Attempted++
		default:
			n.Awaiting++
		}
	}
	return n
}

// logHref leads to the list with the same records that the board counts.
func (b *board) logHref(v url.Values) string {
	v.Set("exercise", "include")
	if b.at.AsOf != 0 {
		v.Set("as_of", incidents.FormatInstant(b.at.AsOf))
	}
	return "/incidents?" + v.Encode()
}

func (b *board) region(code string) view.BoardRegion {
	r := view.BoardRegion{ID: code, Name: incidents.RegionCodes.Word(code), Href: regionHref(code, b.at.AsOf), LastWeek: b.week[code], Total: b.total[code]}
	for _, c := range b.open {
		if c.Incident.Derived.Region == code {
			r.Open++
			if c.Assessment.Best == hotline.Overdue || c.Assessment.Best == hotline.Attempted && c.Assessment.DeadlinePassed {
				r.Overdue++
			}
		}
	}
	for _, again := range b.retries {
		if again.Incidents[0].Derived.Region == code {
			r.Again++
		}
	}
	r.TotalHref = b.logHref(url.Values{"region": {code}})
	week := b.at.Now.Time().AddDate(0, 0, -recentDays)
	r.WeekHref = b.logHref(url.Values{"region": {code}, "from": {week.Format(time.RFC3339)}})
	for _, c := range b.newest[code] {
		r.Newest = append(r.Newest, view.BoardReport{Href: b.href(c.Incident), Text: whoMetWhom(c.Incident.Record), Severity: c.Incident.Record.Severity,
			Status: string(c.Assessment.Worst), Best: string(c.Assessment.Best), Start: briefMoment(c.Incident.Record.Start), Exercise: c.Incident.Record.Exercise})
	}
	return r
}

func (b *board) href(inc incidents.Incident) string {
	return withAsOf(incidentPath(inc.ID), b.at.AsOf)
}

func (b *board) lateEntry(c hotline.Case) view.LateEntry {
	rec := c.Incident.Record
	return view.LateEntry{Href: b.href(c.Incident), Title: rec.Title, Who: whoMetWhom(rec), Severity: rec.Severity,
		Status: string(c.Assessment.Worst), Best: string(c.Assessment.Best), Start: briefMoment(rec.Start), Entered: instantOf(c.Incident.FirstRecordedAt)}
}

// bandsOf puts the strips under their severities; they are in order already.
func bandsOf(open []hotline.Case, at hotline.At) []view.Band {
	var bands []view.Band
	for _, c := range open {
		severity := c.Incident.Record.Severity
		if n := len(bands); n == 0 || bands[n-1].Severity != severity {
			bands = append(bands, view.Band{Severity: severity, Asked: lowerFirst(asked(c.Assessment.Rule))})
		}
		band := &bands[len(bands)-1]
		if lowerFirst(asked(c.Assessment.Rule)) != band.Asked {
			band.Asked = "by the policy of each"
		}
		band.Strips = append(band.Strips, stripOf(c, at))
	}
	return bands
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func stripOf(c hotline.Case, at hotline.At) view.Strip {
	inc, a := c.Incident, c.Assessment
	return view.Strip{
		ID: string(inc.ID), Href: withAsOf(incidentPath(inc.ID), at.AsOf), Contact: "/calls/new?incident=" + string(inc.ID),
		Title: inc.Record.Title, Who: whoMetWhom(inc.Record), Severity: inc.Record.Severity, Status: string(a.Worst), Best: string(a.Best),
		Start: briefMoment(inc.Record.Start), Deadline: stripDeadline(c), Region: regionWord(inc.Derived.Region), Place: stripPlace(inc),
		Left: timeLeft(c), Fuse: view.DrawFuse(fuseOf(c)),
	}
}

// whoMetWhom names the two sides in one line.
func whoMetWhom(rec incidents.Record) string {
	a, b := rec.Intercepting.String(), rec.Intercepted.String()
	if a == "" || b == "" {
		return a + b
	}
	return a + " → " + b
}

// stripPlace is the place in the little room that a strip has.
func stripPlace(inc incidents.Incident) string {
	if inc.Record.PositionBasis == "inferred" {
		return "place inferred"
	}
	return placeOf(inc)
}

// stripDeadline is the second line under the time of a strip.
func stripDeadline(c hotline.Case) string {
	if !c.Assessment.HasDeadline() {
		return "deadline unknown"
	}
	if note := momentOf(c.Incident.Record.Start).Note; note != "" {
		return note
	}
	return "deadline " + deadlineText(c.Assessment)
}

// timeLeft is the figure of a strip. It runs to the earliest possible deadline
// while that lies ahead; between the earliest and the latest it says the most
// that can be left, and how late it is at worst.
func timeLeft(c hotline.Case) view.Left {
	a := c.Assessment
	if !a.HasDeadline() {
		return view.Left{After: "deadline cannot be told"}
	}
	from, to := a.DeadlineFrom.Time(), a.DeadlineTo.Time()
	precise := a.DeadlineTo-a.DeadlineFrom <= 60_000
	tried := ""
	if a.Attempts > 0 {
		tried = ", tried " + strconv.Itoa(a.Attempts) + "×"
	}
	switch {
	case precise:
		return view.Left{Deadline: from, After: tried}
	case a.Now < a.DeadlineFrom:
		return view.Left{Deadline: from, Before: "to", Second: to, After: "left" + tried}
	case a.Now < a.DeadlineTo:
		return view.Left{Sign: "≤", Deadline: to, Before: "at worst", Second: from, After: "late" + tried}
	}
	return view.Left{Sign: "≥", Deadline: to, Sense: "late", After: tried}
}

// fuseOf gives the picture of a strip its times.
func fuseOf(c hotline.Case) view.FuseTimes {
	a := c.Assessment
	t := view.FuseTimes{Now: a.Now.Time(), Start: spanOf(c.Incident.Record.Start)}
	if a.HasDeadline() {
		t.Deadline = view.Span{From: a.DeadlineFrom.Time(), To: a.DeadlineTo.Time()}
	}
	for _, l := range c.Contacts {
		switch {
		case delayOf(c.Incident, l) == nil:
		case hotline.GotThrough(l.Outcome):
			t.Through = append(t.Through, spanOf(l.Start))
		default:
			t.Tried = append(t.Tried, spanOf(l.Start))
		}
	}
	return t
}
