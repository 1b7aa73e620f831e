package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// frame makes what every page says around its content. A failure to read the
// lines must not take a page down with it: the strip then says so.
func (s *Server) frame(c echo.Context, title, nav string) view.Frame {
	f := view.Frame{Title: title, Nav: nav, Now: s.Now().UTC(), Path: c.Request().URL.RequestURI(), Marking: s.marking(nil)}
	if cookie, err := c.Cookie("theme"); err == nil {
		f.Theme = cookie.Value
	}
	if u, ok := c.Get("user").(access.User); ok {
		f.User = &view.User{Name: u.Name, Role: string(u.Role), CanWrite: u.Role.May(access.Write), CanExport: u.Role.May(access.Export), CanManage: u.Role.May(access.Manage), CanAdmin: u.Role.May(access.Admin)}
		f.Wall = !u.Role.May(access.Read)
		f.KeysOff, f.Notation = s.preference(c, prefKeys) == "off", s.notation(c)
		if f.User.CanManage {
			f.ToCheck = s.toCheck(c)
		}
		// Read before anything that the page shows: what is written meanwhile is
		// told to the page again rather than never.
		if head, err := s.Store.ChainHead(c.Request().Context()); err == nil {
			f.Seq = strconv.FormatInt(head.Seq, 10)
		}
		f.Watch = s.onWatch(c, u)
		f.Alarms = s.alarmBar(c)
		g, err := s.readRegister(c.Request().Context(), hotline.At{Now: incidents.MillisOf(s.Now())})
		if err != nil {
			s.Logger.Error("read lines for the frame", "request", requestID(c), "error", err)
			f.Lines = []view.LineChip{{Short: "Lines", Href: "/lines", Glyph: "fault", State: "cannot be read", Fault: true}}
		} else {
			f.Lines = g.chips()
		}
		if f.Calls, err = s.openCalls(c.Request().Context(), g.lines); err != nil {
			s.Logger.Error("read calls for the frame", "request", requestID(c), "error", err)
		}
	}
	return f
}

// lineChip shows a line in the strip: its state as a glyph and a word.
func lineChip(l hotline.Line) view.LineChip {
	chip := view.LineChip{Short: l.Short, Href: "/lines/" + string(l.ID), Glyph: lineGlyph(l.State), State: hotline.LineStates.Word(l.State)}
	switch l.State {
	case "in_use":
		chip.State = "up"
	case "degraded":
		chip.Attention = true
	case "down", "suspended":
		chip.Fault = true
	}
	return chip
}

// lineGlyph names the glyph of a line's state.
func lineGlyph(state string) string {
	switch state {
	case "in_use":
		return "up"
	case "degraded":
		return "due"
	case "down", "suspended":
		return "fault"
	case "ad_hoc", incidents.Unknown:
		return "adhoc"
	case "proposed":
		return "proposed"
	}
	return "inactive"
}

// marking gives the highest of the markings, by the order of the configuration;
// text after a known marking (a releasability) is kept. Without any it is the
// lowest.
func (s *Server) marking(marks []string) string {
	best, rank := "", -1
	for _, m := range marks {
		for i, known := range s.Markings {
			if strings.HasPrefix(m, known) && i > rank {
				best, rank = m, i
			}
		}
	}
	if best == "" && len(s.Markings) > 0 {
		best = s.Markings[0]
	}
	return best
}

// mark sets the banners of a page from the incidents that it shows.
func (s *Server) mark(f *view.Frame, shown ...incidents.Incident) {
	marks := make([]string, 0, len(shown))
	for _, inc := range shown {
		marks = append(marks, inc.Record.Marking)
		if inc.Record.Exercise {
			f.Exercise, f.ExerciseNote = true, "real reports, dates moved"
		}
	}
	f.Marking = s.marking(marks)
}

// at reads as_of from the filter: the moment of the log, and the moment against
// which deadlines are judged, which are the same when as_of is given.
func (s *Server) at(f *view.Frame, asOf incidents.Millis) hotline.At {
	if asOf == 0 {
		return hotline.At{Now: incidents.MillisOf(s.Now())}
	}
	t := asOf.Time()
	f.AsOf = &t
	return hotline.At{AsOf: asOf, Now: asOf}
}

// asOfParam reads as_of on a page that has no other filter. Any other name in
// the address is passed over: such a page asks nothing of it.
func asOfParam(c echo.Context) (incidents.Millis, error) {
	v := url.Values{}
	if a := c.QueryParam("as_of"); a != "" {
		v.Set("as_of", a)
	}
	f, err := incidents.ParseFilter(v)
	return f.AsOf, err
}

// since is a duration in words for a moment past.
func since(now time.Time, m incidents.Millis) string {
	return hotline.FormatDuration(incidents.MillisOf(now) - m)
}
