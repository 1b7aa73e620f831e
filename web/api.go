package web

import (
	"context"
	"crypto/rand"
	"net/http"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/web/ogc"
	"interceptlog/web/view"
)

// api makes the interface for geographic information systems.
func (s *Server) api() *ogc.API {
	key, err := s.Store.Secret(context.Background(), "cursor", func() []byte {
		key := make([]byte, 32)
		rand.Read(key)
		return key
	})
	if err != nil { // cursors then end with this process
		s.Logger.Error("no key for cursors is kept", "error", err)
		key = make([]byte, 32)
		rand.Read(key)
	}
	return &ogc.API{
		Source: s.Store, Now: s.Now, Logger: s.Logger, Key: key, Secure: s.Secure, Open: s.OpenRead, Within: scopeWithin,
		Version: func(ctx context.Context) (int64, error) { return s.Store.DataVersion(ctx) },
		Page: func(c echo.Context, status int, p view.ServedPage) error {
			p.Frame = s.frame(c, p.Heading, "")
			return page(c, status, view.Served(p))
		},
		Log: s.Log, Desk: s.Desk, Actor: actor,
		MayWrite: func(c echo.Context) bool { return actor(c).May(access.Write) },
		Exports:  exportLinks,
		Noted:    s.noteRead,
	}
}

// apiRoutes are its addresses with the right that each needs.
func (s *Server) apiRoutes() []route {
	var list []route
	for _, r := range s.api().Routes() {
		right := access.Read
		if r.Writes {
			right = access.Write
		}
		if r.Method == http.MethodOptions {
			right = access.Public
		}
		list = append(list, route{r.Method, r.Path, right, r.Handle})
	}
	return list
}
