package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/collection"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
	"interceptlog/web/assets"
)

// Store is what the pages read and write, directly or through the log and the
// desk.
type Store interface {
	hotline.Store
	access.Store
	incidents.DraftStore
	incidents.NoteStore
	watch.Store
	alarm.Store
	collection.Source
	// DataVersion gives a number that changes whenever anybody, this process
	// or another, has written to the log.
	DataVersion(ctx context.Context) (int64, error)
	// CountCases counts the cases of a filter.
	CountCases(ctx context.Context, f incidents.Filter, at hotline.At) (int, error)
	// EachDifference calls fn for every incident that a filter gives otherwise
	// at the end of a stretch than at its beginning, the newest first.
	EachDifference(ctx context.Context, f incidents.Filter, since, until incidents.Millis, fn func(hotline.CaseDifference) error) error
}

// Server answers requests. All fields but the unexported ones are given by
// cmd/server (or a test) before Handler is called.
type Server struct {
	Store    Store
	Log      *incidents.Log
	Desk     *hotline.Desk
	Watch    *watch.Desk
	Atlas    *geo.Atlas
	Sessions scs.Store
	Logger   *slog.Logger
	Now      func() time.Time
	Markings []string // classifications, lowest first; the first is the default of new records
	Secure   bool     // served over TLS: cookies are sent there only
	Version  string
	Origins  []string // whose pages may read /ogc and /export; * for all
	OpenRead bool     // whoever reaches the address reads /ogc and /export

	// Requests a second of one token, and how many at once; 0 for the usual, which
	// is 50, and five seconds' worth at once.
	TokenRate  float64
	TokenBurst int

	table    []route // every address, made with the handler
	sessions *scs.SessionManager
	throttle *access.Throttle

	knownMu    sync.Mutex
	knownNames incidents.Known
	knownAt    time.Time
	pace       pace
	checking   chan struct{} // holds one for every password that is looked at
	notes      *incidents.Notes
	presence   *presence
	hub        *hub
	panel      *alarm.Panel
	boards     latest
	walls      latest
	handed     handed
	loads      loads
	reads      reads
	checked    chainCheck
}

// Limits of one request and of one answer.
const (
	bodyLimit     = "2M"
	writeDeadline = 30 * time.Second // rolling: a stream moves it with every piece
)

// SessionLife is how long one sign-in lasts: a watch of twelve hours and its
// handover.
const SessionLife = 13 * time.Hour

// csp allows nothing from another host and no inline script or style
// (DESIGN §6). data: and blob: pictures are the map's own symbols.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Built reports whether the binary carries its styles and scripts; without them
// a page is no page, and a server that starts all the same misleads.
func Built() error { return assets.Check() }

// Handler gives the whole site.
func (s *Server) Handler() http.Handler {
	s.sessions = scs.New()
	s.sessions.Store = s.Sessions
	s.sessions.Lifetime = SessionLife
	s.sessions.Cookie.Name = "interceptlog"
	s.sessions.Cookie.HttpOnly = true
	s.sessions.Cookie.SameSite = http.SameSiteLaxMode
	s.sessions.Cookie.Secure = s.Secure
	s.throttle = &access.Throttle{Free: 5, First: 2 * time.Second, Most: 15 * time.Minute, Now: s.Now}
	s.pace = newPace(s.TokenRate, s.TokenBurst)
	s.checking = make(chan struct{}, passwordsAtOnce)
	s.reads = reads{store: s.Store, logger: s.Logger}
	s.panel = &alarm.Panel{Store: s.Store, Now: s.Now}
	s.notes, s.presence = incidents.NewNotes(s.Store), newPresence(s.Now)
	s.hub = &hub{store: s.Store, watch: s.Store.DataVersion, now: s.Now, logger: s.Logger, listeners: map[*listener]bool{}}

	e := echo.New()
	s.sessions.ErrorFunc = s.failSession(e)
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Pre(featureAddress)
	e.Use(s.recover, s.logRequest, securityHeaders, middleware.BodyLimitWithConfig(middleware.BodyLimitConfig{Limit: bodyLimit, Skipper: isUpload}))
	s.table = append(s.routes(), s.apiRoutes()...)
	for _, r := range s.table {
		e.Add(r.method, r.path, s.allow(r))
	}
	e.GET(assets.Prefix+"*", echo.WrapHandler(assets.Handler()))
	protect := http.NewCrossOriginProtection()
	return s.crossOrigin(protect.Handler(deadlines(compressed(s.sessions.LoadAndSave(e)))))
}

// EndStreams lets every live screen go, and breaks off imports. Screens come back by themselves; a server
// that stops would otherwise wait for them.
func (s *Server) EndStreams() {
	s.hub.end()
	s.loads.end()
}

// isAsset tells files that are compressed already, or by their own handler.
func isAsset(c echo.Context) bool { return strings.HasPrefix(c.Request().URL.Path, assets.Prefix) }

// featureAddress turns /incidents/X.geojson into /incidents/X/geojson, so that
// the router can tell it from the page of X.
func featureAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		if rest, ok := strings.CutPrefix(u.Path, "/incidents/"); ok && !strings.Contains(rest, "/") {
			if id, ok := strings.CutSuffix(rest, ".geojson"); ok {
				u.Path, u.RawPath = "/incidents/"+id+"/geojson", ""
			}
		}
		return next(c)
	}
}

// deadlines gives every answer its first write deadline.
func deadlines(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A recorder in a test has no deadline to set; a real connection has.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writeDeadline))
		next.ServeHTTP(w, r)
	})
}

func securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		// Of an answer that took long to work out the reader has the whole time, too.
		c.Response().Before(func() {
			_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(writeDeadline))
		})
		h := c.Response().Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if h.Get("Cache-Control") == "" && !isAsset(c) {
			// Pages tell who saw what: no proxy and no disk keeps them.
			h.Set("Cache-Control", "no-store")
		}
		return next(c)
	}
}
