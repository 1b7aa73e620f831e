package web

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/web/view"
)

// userKey is the session's content that matters most: who signed in.
const userKey = "user"

// eraKey is the era of the user when they signed in; in a later one the session
// is over.
const eraKey = "era"

// A screen on the wall has nobody beside it who could sign in again. Its
// session goes on for as long as it asks for its page once in wallLife, which
// is about the longest that a browser keeps a cookie (400 days).
const (
	wallKey  = "wall" // in the session of a screen: it was opened as one
	wallLife = 390 * 24 * time.Hour
	wallPace = 24 * time.Hour // the session is written anew no oftener
)

// allow wraps a handler with the right that its route needs.
func (s *Server) allow(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		user, err := s.signedIn(c)
		if err != nil {
			return err
		}
		programs := forPrograms(c.Request().URL.Path)
		// A proxy in front may ask people for a password of its own, and hand that
		// on: beside a session only what looks like a token is one.
		if name, secret, given := credentials(c.Request()); programs && given && (user.Name == "" || access.IsToken(secret)) {
			return s.allowToken(c, r, name, secret)
		}
		if user.Name != "" {
			c.Set("user", user)
		}
		if r.right == access.Public {
			return r.handle(c)
		}
		if !user.Actor().May(r.right) && s.letsRead(c, r.right) {
			by := access.OpenReader()
			if user.Name != "" {
				by.Name = user.Name
			}
			c.Set("actor", by)
			return r.handle(c)
		}
		if user.Name == "" {
			if c.Request().Method == http.MethodGet && wantsPage(c) {
				return c.Redirect(http.StatusSeeOther, "/login?next="+url.QueryEscape(c.Request().URL.RequestURI()))
			}
			if programs {
				return s.challenge(c, "Give a token: as Bearer, or as the password beside the name of its user.", false)
			}
			return echo.NewHTTPError(http.StatusUnauthorized)
		}
		if err := user.Actor().Require(r.right); err != nil {
			return err
		}
		return r.handle(c)
	}
}

// signedIn gives the user of the session, read anew each time, so that a
// disabled user is out at once; the zero User when nobody is signed in.
func (s *Server) signedIn(c echo.Context) (access.User, error) {
	return s.userOf(c.Request().Context())
}

// userOf is signedIn for a context that holds a session.
func (s *Server) userOf(ctx context.Context) (access.User, error) {
	name := s.sessions.GetString(ctx, userKey)
	if name == "" {
		return access.User{}, nil
	}
	u, err := s.Store.User(ctx, name)
	if fault.Is(err, fault.NotFound) || err == nil && !s.holds(ctx, u) {
		return access.User{}, nil
	}
	return u, err
}

// holds reports whether a session is still good for its user. The long one of a
// screen is never that of a person, should the role change.
func (s *Server) holds(ctx context.Context, u access.User) bool {
	return !u.Disabled && u.Era == s.sessions.GetInt(ctx, eraKey) && (u.Role == access.Wall) == s.sessions.GetBool(ctx, wallKey)
}

// keepWall moves the end of a screen's session on.
func (s *Server) keepWall(ctx context.Context) {
	end := s.Now().Add(wallLife)
	if s.sessions.Deadline(ctx).Before(end.Add(-wallPace)) {
		s.sessions.SetDeadline(ctx, end)
	}
}

// actor gives who is asking. By a token, or where reading is open, nobody is
// signed in: then there is no user in the context, and a page has nothing around
// its content.
func actor(c echo.Context) access.Actor {
	if by, ok := c.Get("actor").(access.Actor); ok {
		return by
	}
	u, _ := c.Get("user").(access.User)
	return u.Actor()
}

func (s *Server) showLogin(c echo.Context) error {
	if u, _ := c.Get("user").(access.User); u.Name != "" {
		return c.Redirect(http.StatusSeeOther, localPath(c.QueryParam("next")))
	}
	return s.loginPage(c, http.StatusOK, view.LoginPage{Next: c.QueryParam("next")})
}

func (s *Server) loginPage(c echo.Context, status int, p view.LoginPage) error {
	p.Frame = s.frame(c, "Sign in", "")
	p.Frame.User, p.Frame.Lines = nil, nil
	return page(c, status, view.Login(p))
}

func (s *Server) postLogin(c echo.Context) error {
	ctx := c.Request().Context()
	name, password := strings.TrimSpace(c.FormValue("name")), c.FormValue("password")
	p := view.LoginPage{Name: name, Next: c.FormValue("next")}
	byAccount, byAddress := "account:"+name, "address:"+address(c.Request())
	user, fits, wait, err := s.checkPassword(ctx, name, password, byAccount, byAddress)
	switch {
	case err != nil:
		return err
	case wait > 0:
		secs := int(math.Ceil(wait.Seconds()))
		c.Response().Header().Set("Retry-After", strconv.Itoa(secs))
		p.Error = fmt.Sprintf("Too many wrong tries. Wait %d s, then try again.", secs)
		return s.loginPage(c, http.StatusTooManyRequests, p)
	case !fits:
		p.Error = "The name and the password do not fit together. Check both; capital letters count."
		return s.loginPage(c, http.StatusUnprocessableEntity, p)
	}
	s.throttle.Forget(byAccount)
	// The session is changed last: once it is, nothing but the redirect may
	// follow, since it is written to the store together with the answer.
	if err := s.Store.Audit(ctx, user.Actor(), "user.sign_in", "user/"+user.Name, map[string]string{"address": address(c.Request())}); err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, userKey, user.Name)
	s.sessions.Put(ctx, eraKey, user.Era)
	s.sessions.Put(ctx, wallKey, user.Role == access.Wall)
	if user.Role == access.Wall {
		s.keepWall(ctx)
	}
	return c.Redirect(http.StatusSeeOther, localPath(p.Next))
}

// passwordsAtOnce is how many passwords are checked at the same time. Each
// takes 64 MiB and two cores for a moment; fifty people who come back after a
// restart take their turns.
const passwordsAtOnce = 2

// checkPassword reports whether the password is the user's, or how long the
// keys must wait before it is looked at. It counts a wrong one before it looks
// at the next but one, so that guesses sent all at once are throttled too.
func (s *Server) checkPassword(ctx context.Context, name, password string, keys ...string) (user access.User, fits bool, wait time.Duration, err error) {
	select {
	case s.checking <- struct{}{}:
		defer func() { <-s.checking }()
	case <-ctx.Done():
		return user, false, 0, fault.Wrap(fault.Unavailable, "Signing in took too long; try again.", ctx.Err())
	}
	if wait = s.throttle.Wait(keys...); wait > 0 {
		return user, false, wait, nil
	}
	user, err = s.Store.User(ctx, name)
	known := err == nil && !user.Disabled
	if err != nil && !fault.Is(err, fault.NotFound) {
		return user, false, 0, err
	}
	hash := user.PasswordHash
	if !known {
		hash = access.DummyHash // the same work, whoever asks
	}
	if !access.PasswordMatches(password, hash) || !known {
		s.throttle.Fail(keys...)
		return user, false, 0, nil
	}
	return user, true, 0, nil
}

// failSession answers a request whose session cannot be read, or cannot be
// kept; then the answer that was on its way must not go out.
func (s *Server) failSession(e *echo.Echo) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		_ = securityHeaders(func(c echo.Context) error {
			for _, name := range []string{"Location", "Content-Encoding", "Content-Length"} {
				c.Response().Header().Del(name)
			}
			s.fail(fmt.Errorf("session: %w", err), c)
			return nil
		})(e.NewContext(r, w))
	}
}

func (s *Server) postLogout(c echo.Context) error {
	if err := s.sessions.Destroy(c.Request().Context()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/login")
}

// postTheme remembers the look of this desk, not of this person, for a year.
func (s *Server) postTheme(c echo.Context) error {
	theme := c.FormValue("theme")
	if !view.IsTheme(theme) {
		return &fault.Error{Kind: fault.Invalid, Msg: "There is no such theme.", Fields: []fault.Field{{Name: "theme", Msg: "accepted: " + view.ThemeNames() + "."}}}
	}
	c.SetCookie(&http.Cookie{Name: "theme", Value: theme, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.Secure})
	if !wantsPage(c) {
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, localPath(c.FormValue("back")))
}

// localPath keeps a redirect on this site.
func localPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n") {
		return "/"
	}
	return p
}

// address is the client's, without its port.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
