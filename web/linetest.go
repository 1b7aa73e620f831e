package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// showLineTest is the page between the two keys of a test.
func (s *Server) showLineTest(c echo.Context) error {
	return s.lineTest(c, http.StatusOK, view.LineTestPage{ID: string(incidents.NewID()), From: c.QueryParam("from")})
}

// afterTest is where one goes on: where one came from.
func afterTest(line hotline.LineID, from string) string {
	switch from {
	case "board":
		return "/"
	case "lines":
		return "/lines"
	}
	return linePath(line)
}

func (s *Server) lineTest(c echo.Context, status int, p view.LineTestPage) error {
	line, err := s.lineOf(c, 0)
	if err != nil {
		return err
	}
	g, err := s.readRegister(c.Request().Context(), hotline.At{Now: incidents.MillisOf(s.Now())})
	if err != nil {
		return err
	}
	p.Frame, p.Line = s.frame(c, "Test of "+line.Short, "lines"), line
	now := line
	now.State = g.standing[line.ID].State
	p.Glyph, p.State, p.Schedule = g.chip(now).Glyph, g.stateOf(now), scheduleWords(line.Tests, incidents.MillisOf(s.Now()))
	if k, ok := g.tests[line.ID]; ok {
		p.Last = lastContact(k, 0)
	}
	p.Back = afterTest(line.ID, p.From)
	p.Other = "/contacts/new?" + url.Values{"line": {string(line.ID)}, "purpose": {"line_test"}}.Encode()
	p.Frame.Exercise = line.Exercise
	if status >= http.StatusBadRequest {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "O", Label: "it works"}, {Key: "F", Label: "line fault"}, {Key: "N", Label: "no answer"}}
	return page(c, status, view.LineTest(p))
}

// postLineTest logs a test as of now. One that failed leads to the line, where
// a fault is offered; one that got through leads back.
func (s *Server) postLineTest(c echo.Context) error {
	line, err := s.lineOf(c, 0)
	if err != nil {
		return err
	}
	p := view.LineTestPage{ID: c.FormValue("id"), From: c.FormValue("from"), Note: c.FormValue("note")}
	k, err := s.Desk.LogTest(c.Request().Context(), actor(c), p.ID, line, c.FormValue("outcome"), p.Note, s.marking(nil))
	if fault.Is(err, fault.Invalid) {
		if _, ok := incidents.ParseID(p.ID); !ok {
			p.ID = string(incidents.NewID())
		}
		fields := byField(err)
		p.Errors, p.ErrorTitle = view.FieldErrors(fields, map[string]string{"outcome": "What came of it", "summary": "Note"}), notDone("logged", len(fields))
		return s.lineTest(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	if !hotline.GotThrough(k.Outcome) {
		return c.Redirect(http.StatusSeeOther, linePath(line.ID))
	}
	return c.Redirect(http.StatusSeeOther, afterTest(line.ID, p.From))
}
