package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// wallRows is how many incidents a screen of 1080 lines holds beside the rest.
const wallRows = 5

// wallRoom is how many of them are left when the alarms and more than one row
// of lines take theirs. Two lines stand in a row.
func wallRoom(p view.WallPage) int {
	room := wallRows - max(0, (len(p.Lines)+1)/2-1)
	if p.Alarms != "" {
		room--
	}
	return max(1, room)
}

// showWall is the board for a room: read from far, and touched by nobody. It is
// always of now.
func (s *Server) showWall(c echo.Context) error {
	frame := s.frame(c, "Wall", "board")
	frame.Wall, frame.Reload = true, boardReload
	if theme := c.QueryParam("theme"); view.IsTheme(theme) {
		frame.Theme = theme
	}
	if actor(c).Role == access.Wall {
		s.keepWall(c.Request().Context())
	}
	at := s.at(&frame, 0)
	if c.Request().Header.Get(liveHeader) != "" {
		return s.liveParts(c, &s.walls, "", at, func(ctx context.Context) (templ.Component, error) {
			p, err := s.fillWall(ctx, frame, at)
			return view.WallLive(p), err
		})
	}
	p, err := s.fillWall(c.Request().Context(), frame, at)
	if err != nil {
		return err
	}
	return page(c, http.StatusOK, view.Wall(p))
}

func (s *Server) fillWall(ctx context.Context, frame view.Frame, at hotline.At) (view.WallPage, error) {
	b := &board{at: at}
	if err := s.readOpen(ctx, b); err != nil {
		return view.WallPage{}, err
	}
	var err error
	if b.lines, err = s.readRegister(ctx, at); err != nil {
		return view.WallPage{}, err
	}
	var shown []incidents.Incident
	for _, c := range b.open {
		shown = append(shown, c.Incident)
	}
	s.mark(&frame, shown...)
	p := view.WallPage{Frame: frame, Waits: waitsOf(b.open)}
	if next := b.next(); next != nil {
		row := wallRow(*next)
		p.Next = &row
	}
	p.Lines, p.Quiet = b.wallLines()
	if p.Alarms, err = s.wallAlarms(ctx); err != nil {
		return p, err
	}
	for _, c := range b.open[:min(len(b.open), wallRoom(p))] {
		p.Rows = append(p.Rows, wallRow(c))
	}
	p.More = len(b.open) - len(p.Rows)
	return p, nil
}

// wallAlarms says how many alarms wait to be acknowledged, and names the most
// urgent; empty where none does.
func (s *Server) wallAlarms(ctx context.Context) (string, error) {
	alerts, err := s.Store.Alerts(ctx, 0)
	if err != nil {
		return "", err
	}
	alerts = slices.DeleteFunc(alerts, func(a alarm.Alert) bool { return !a.Waits() })
	if len(alerts) == 0 {
		return "", nil
	}
	first := slices.MinFunc(alerts, func(x, y alarm.Alert) int {
		return cmp.Or(cmp.Compare(x.Kind.Rank(), y.Kind.Rank()), cmp.Compare(x.RaisedAt, y.RaisedAt), cmp.Compare(x.ID, y.ID))
	})
	return strconv.Itoa(len(alerts)) + " not acknowledged: " + first.Situation.Title, nil
}

func wallRow(c hotline.Case) view.WallRow {
	inc, a := c.Incident, c.Assessment
	return view.WallRow{ID: string(inc.ID), Title: inc.Record.Title, Severity: inc.Record.Severity, Status: string(a.Worst), Best: string(a.Best), Left: timeLeft(c)}
}

// wallLines names the lines that need someone, and counts the others.
func (b *board) wallLines() (lines []view.WallLine, quiet []string) {
	counts := map[string]int{}
	for _, l := range b.lines.lines {
		chip := lineChip(l)
		line := view.WallLine{ID: string(l.ID), Short: l.Short, Glyph: chip.Glyph, State: hotline.LineStates.Word(l.State), Fault: chip.Fault}
		if due := b.lines.dueOf(l.ID); due != nil && chip.Fault {
			line.State += ", " + testWord(*due)
		} else if due != nil {
			line.State, line.Glyph, chip.Attention = testWord(*due), b.lines.chip(l).Glyph, true
		}
		if chip.Attention || chip.Fault {
			lines = append(lines, line)
		} else if l.State == "in_use" || l.State == "ad_hoc" {
			counts[hotline.LineStates.Word(l.State)]++
		} else {
			counts["other"]++
		}
	}
	for _, word := range []string{"in use", "ad hoc", "other"} {
		if n := counts[word]; n > 0 {
			quiet = append(quiet, strconv.Itoa(n)+" "+word)
		}
	}
	return lines, quiet
}
