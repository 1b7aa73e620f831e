package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/web/view"
)

// statusOf maps kinds of fault to HTTP.
var statusOf = map[fault.Kind]int{
	fault.Internal:    http.StatusInternalServerError,
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Forbidden:   http.StatusForbidden,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// problem answers a program (RFC 9457).
func (s *Server) problem(c echo.Context, status int, detail string) error {
	raw, err := json.Marshal(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail, "request": requestID(c)})
	if err != nil {
		return fmt.Errorf("write a problem: %w", err)
	}
	return c.Blob(status, "application/problem+json", append(raw, '\n'))
}

// page renders a component whole before the first byte goes out, so that a
// page is never cut in the middle by an error.
func page(c echo.Context, status int, component templ.Component) error {
	var buf bytes.Buffer
	if err := component.Render(c.Request().Context(), &buf); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	return c.HTMLBlob(status, buf.Bytes())
}

// requestID names a request in the log and on the page of a fault.
func requestID(c echo.Context) string {
	id, ok := c.Get("request_id").(string)
	if !ok {
		b := make([]byte, 6)
		rand.Read(b)
		id = hex.EncodeToString(b)
		c.Set("request_id", id)
	}
	return id
}

// fail turns an error into its designed page, or into a problem for a client
// that does not read pages. Only faults of our own are logged as errors.
func (s *Server) fail(err error, c echo.Context) {
	if errors.Is(err, http.ErrAbortHandler) {
		panic(err) // a cut download must look cut
	}
	status, msg := http.StatusInternalServerError, ""
	var f *fault.Error
	var he *echo.HTTPError
	switch {
	case errors.As(err, &f):
		status, msg = statusOf[f.Kind], f.Msg
		for _, field := range f.Fields {
			msg += "\n" + field.Name + ": " + field.Msg
		}
		if f.Kind == fault.Internal {
			msg = ""
		}
	case errors.As(err, &he):
		status = he.Code
	}
	id := requestID(c)
	level := slog.LevelInfo
	left := c.Request().Context().Err() != nil && errors.Is(err, context.Canceled)
	if status >= 500 && !left {
		level = slog.LevelError
	}
	s.Logger.Log(c.Request().Context(), level, "request failed", "request", id, "method", c.Request().Method, "path", c.Request().URL.Path, "status", status, "error", err)
	if c.Response().Committed {
		panic(http.ErrAbortHandler)
	}
	if left { // nobody reads an answer
		c.Response().WriteHeader(status)
		return
	}
	if !wantsPage(c) {
		if perr := s.problem(c, status, msg); perr != nil {
			s.Logger.Error("answer failed", "request", id, "error", perr)
		}
		return
	}
	p := view.FaultPage{Status: status, Detail: msg, RequestID: id}
	p.Frame = s.frame(c, "", "")
	if perr := page(c, status, view.Fault(p)); perr != nil {
		s.Logger.Error("answer failed", "request", id, "error", perr)
		if !c.Response().Committed {
			c.Response().WriteHeader(http.StatusInternalServerError)
		}
	}
}

// wantsPage reports whether the client is a person's browser.
func wantsPage(c echo.Context) bool {
	accept := c.Request().Header.Get("Accept")
	path := c.Request().URL.Path
	if forPrograms(path) || strings.HasSuffix(path, ".geojson") || strings.HasPrefix(path, "/read/") || strings.HasPrefix(path, "/geo/") {
		return strings.Contains(accept, "text/html")
	}
	return accept == "" || strings.Contains(accept, "text/html") || strings.Contains(accept, "*/*")
}

// recover turns a panic into a fault page; a deliberate abort goes through.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				if r == http.ErrAbortHandler {
					panic(r)
				}
				s.Logger.Error("panic", "request", requestID(c), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
				err = fmt.Errorf("panic: %v", r)
			}
		}()
		return next(c)
	}
}

// logRequest writes one line a request, without the query, which may hold what
// was searched for.
func (s *Server) logRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		begun := time.Now()
		id := requestID(c)
		c.Response().Header().Set("X-Request-Id", id)
		err := next(c)
		if err != nil {
			c.Error(err) // answered here, so that the status below is the true one
		}
		line := []any{"request", id, "method", c.Request().Method, "path", c.Request().URL.Path, "status", c.Response().Status,
			"bytes", c.Response().Size, "ms", time.Since(begun).Milliseconds()}
		if tok, ok := c.Get("token").(access.Token); ok {
			line = append(line, "token", tok.ID)
		}
		s.Logger.Info("request", line...)
		return nil
	}
}
