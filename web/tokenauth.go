package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Programs ask without a session: by a token, or, where reading is open, by
// nothing at all. They may ask for a few addresses only. The rest of the site is
// for people, and there a token opens nothing.

// forPrograms reports whether programs may ask for an address.
func forPrograms(path string) bool {
	if opened(path) {
		return true
	}
	rest, ok := strings.CutPrefix(path, "/incidents/")
	return ok && (strings.HasSuffix(rest, ".geojson") || strings.HasSuffix(rest, "/geojson"))
}

// opened reports whether --open-read opens an address.
func opened(path string) bool {
	return path == "/ogc" || strings.HasPrefix(path, "/ogc/") || strings.HasPrefix(path, "/export/")
}

// narrowed are the routes, and what is below them, whose handlers give only what
// the filter of a token holds. Everywhere else such a token is refused: an
// address that forgets to narrow must not leak.
var narrowed = []string{"/ogc", "/export/:file", "/incidents/:id/geojson"}

func isNarrowed(route string) bool {
	return slices.ContainsFunc(narrowed, func(n string) bool { return route == n || strings.HasPrefix(route, n+"/") })
}

// credentials are the user and the secret of a request's header. A Bearer token
// comes without a user (RFC 6750 §2.1); with Basic it is the password, which is
// all that the dialogs of a GIS have a field for. It is never looked for in the
// address, which others keep.
func credentials(r *http.Request) (name, secret string, given bool) {
	header := r.Header.Get("Authorization")
	scheme, rest, _ := strings.Cut(header, " ")
	if strings.EqualFold(scheme, "Bearer") {
		return "", strings.TrimSpace(rest), true
	}
	name, secret, _ = r.BasicAuth()
	return name, secret, header != ""
}

// allowToken answers a request that brings a token.
func (s *Server) allowToken(c echo.Context, r route, name, secret string) error {
	ctx, now := c.Request().Context(), s.Now()
	by, tok, err := s.tokens().Check(ctx, name, secret)
	switch {
	case errors.Is(err, access.ErrNoToken):
		return s.refuseGuess(c)
	case fault.Is(err, fault.Forbidden):
		// The secret is right, so that nobody guesses.
		return s.challenge(c, err.Error(), true)
	case err != nil:
		return err
	}
	c.Set("token", tok)
	if wait := s.pace.wait(tok.ID, now); wait > 0 {
		return s.slowDown(c, wait, fmt.Sprintf("This token may ask %v times a second, and %d times at once.", float64(s.pace.rate), s.pace.burst))
	}
	s.touch(c, tok, now)
	c.Set("actor", by)
	if err := by.Require(r.right); err != nil {
		return s.problem(c, http.StatusForbidden, err.Error())
	}
	if tok.Filter != "" {
		if !isNarrowed(c.Path()) {
			return s.problem(c, http.StatusForbidden, "This token holds the filter "+tok.Filter+", and this address gives more than a filter can hold back.")
		}
		within, err := incidents.ParseKept(tok.Filter)
		if err != nil {
			return fmt.Errorf("filter of token %s: %w", tok.ID, err) // it opens nothing rather than all
		}
		c.Set("within", &within)
	}
	return r.handle(c)
}

// refuseGuess answers a secret that is that of no token. Guesses of one address
// are slowed down as those of passwords are, but counted by themselves, so that
// a GIS with a mistyped token keeps nobody beside it from signing in. Tokens
// that are right go on meanwhile: there are too many secrets to find one.
func (s *Server) refuseGuess(c echo.Context) error {
	key := "tokens of " + address(c.Request())
	if wait := s.throttle.Wait(key); wait > 0 {
		return s.slowDown(c, wait, "Too many wrong tokens came from this address.")
	}
	s.throttle.Fail(key)
	return s.challenge(c, "That is no token of this log, or not in full. The password of a person does not work here: make a token on the page Profile.", true)
}

// touchLimit is how long a request waits for the use of its token to be written,
// while somebody else writes.
const touchLimit = 250 * time.Millisecond

// touch notes that a token was used. The answer does not depend on it.
func (s *Server) touch(c echo.Context, tok access.Token, now time.Time) {
	if !s.pace.touches(tok.ID, tok.LastUsed, now) {
		return
	}
	ctx, stop := context.WithTimeout(c.Request().Context(), touchLimit)
	defer stop()
	if err := s.Store.TouchToken(ctx, tok.ID, now); err != nil {
		s.Logger.Warn("use of a token is not noted", "request", requestID(c), "token", tok.ID, "error", err)
	}
}

// scopeWithin gives the filter of the token that asks, for Filter.Within; nil
// where none narrows the answer. exercise is always in it.
func scopeWithin(c echo.Context) *incidents.Filter {
	w, _ := c.Get("within").(*incidents.Filter)
	return w
}

// inScope gives a NotFound fault for an incident, by its id or number, that the
// filter of the token that asks does not hold.
func (s *Server) inScope(c echo.Context, text string, at hotline.At) error {
	within := scopeWithin(c)
	if within == nil {
		return nil
	}
	ctx := c.Request().Context()
	id, err := s.findIncident(ctx, text)
	if err != nil {
		return err
	}
	one := *within
	one.ID = incidents.ID(id)
	if n, err := s.Store.CountCases(ctx, one, at); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.NotFound, "There is no such incident.")
}

// letsRead reports whether a request may go on because reading is open.
func (s *Server) letsRead(c echo.Context, right access.Right) bool {
	switch c.Request().Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return s.OpenRead && opened(c.Request().URL.Path) && access.OpenReader().May(right)
	}
	return false
}

// challenge asks for a token (RFC 7617 §2, RFC 6750 §3). Basic comes first: it is
// what a GIS asks a person for.
func (s *Server) challenge(c echo.Context, detail string, wrong bool) error {
	bearer := `Bearer realm="Intercept Log"`
	if wrong {
		bearer += `, error="invalid_token"`
	}
	h := c.Response().Header()
	h.Set(echo.HeaderWWWAuthenticate, `Basic realm="Intercept Log", charset="UTF-8"`)
	h.Add(echo.HeaderWWWAuthenticate, bearer)
	return s.problem(c, http.StatusUnauthorized, detail)
}

// slowDown says when to come back (RFC 6585 §4).
func (s *Server) slowDown(c echo.Context, wait time.Duration, why string) error {
	seconds := max(1, int(math.Ceil(wait.Seconds())))
	c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(seconds))
	return s.problem(c, http.StatusTooManyRequests, why+" Try again in "+strconv.Itoa(seconds)+" s.")
}
