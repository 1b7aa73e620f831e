package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

func (s *Server) tokens() access.Tokens {
	return access.Tokens{Store: s.Store, Now: s.Now, ReadFilter: incidents.KeptFilter}
}

// handedToken keeps the secret of a token apart from a password that waits for
// the same page.
func handedToken(id string) string { return "token " + id }

// tokenPart makes the part of a page that is about the tokens of a user, who has
// the page at a path. typed is the form that was not accepted.
func (s *Server) tokenPart(c echo.Context, user access.User, path string, typed *view.TokenPart) (view.TokenPart, error) {
	p := view.TokenPart{Scopes: []string{"read"}, Expires: "90 d"}
	if typed != nil {
		p = *typed
	}
	p.User, p.Action = user.Name, path+"/tokens"
	p.Mine = user.Name == actor(c).Name
	if p.FormID == "" {
		p.FormID = string(incidents.NewID())
	}
	for _, name := range access.ScopeNames() {
		p.ScopeOptions = append(p.ScopeOptions, view.Option{Value: name, Label: name, Hint: scopeHints[name]})
	}
	list, err := s.Store.Tokens(c.Request().Context(), user.Name)
	if err != nil {
		return p, err
	}
	now := s.Now()
	for _, t := range list {
		p.Rows = append(p.Rows, view.TokenRow{ID: t.ID, Name: t.Name, Scopes: strings.Join(t.Scopes.Names(), ", "), Filter: t.Filter,
			Created: t.CreatedAt, Expires: t.ExpiresAt, LastUsed: t.LastUsed, Ended: t.Ended(now), RevokeAction: path + "/tokens/" + t.ID + "/revoke"})
	}
	p.CanAdd = user.Role != access.Wall && !user.Disabled
	if id := c.QueryParam("token"); id != "" {
		p.Secret = s.handed.take(handedToken(id), actor(c).Name, user.Name, now)
	}
	return p, nil
}

var scopeHints = map[string]string{"read": "look at what is there", "export": "take files", "write": "report and amend; retract, if the user may"}

var tokenLabels = map[string]string{"user": "User", "name": "What it is for", "scope": "Scopes", "filter": "Filter", "expires": "Lasts"}

// addToken makes a token of a form. Done is where to go on to; without it the
// form was not accepted, and typed says why.
func (s *Server) addToken(c echo.Context, user, path string) (done string, typed *view.TokenPart, err error) {
	v, err := formValues(c)
	if err != nil {
		return "", nil, err
	}
	id := v.Get("id")
	if id == "" {
		id = string(incidents.NewID())
	}
	done = withQuery(path, url.Values{"token": {id}}) + "#tokens"
	if s.handed.done(handedToken(id), actor(c).Name, user) {
		return done, nil, nil
	}
	typed = &view.TokenPart{FormID: id, Name: v.Get("name"), Scopes: v["scope"], Filter: v.Get("filter"), Expires: v.Get("expires")}
	o := access.TokenOrder{User: user, Name: typed.Name, Scopes: typed.Scopes, Filter: strings.TrimSpace(typed.Filter), Life: -1}
	seconds, badLife := hotline.ReadWithin(typed.Expires)
	if badLife == nil && seconds > 0 {
		o.Life = time.Duration(seconds) * time.Second
	}
	_, secret, err := s.tokens().Add(c.Request().Context(), actor(c), o)
	if fields := fault.Fields(err); len(fields) > 0 {
		for i := range fields {
			if fields[i].Name == "expires" && badLife != nil {
				fields[i].Msg = badLife.Error()
			}
		}
		typed.Errors = view.FieldErrors(fields, tokenLabels)
		for i := range typed.Errors {
			typed.Errors[i].ID = "token-" + typed.Errors[i].ID
		}
		typed.ErrorTitle = notDone("added", len(fields))
		return "", typed, nil
	}
	if err != nil {
		return "", nil, err
	}
	s.handed.put(handedToken(id), handedPassword{by: actor(c).Name, name: user, password: secret, until: s.Now().Add(handedLife)}, s.Now())
	return done, nil, nil
}

// postOwnToken adds a token of the one who asks.
func (s *Server) postOwnToken(c echo.Context) error {
	done, typed, err := s.addToken(c, actor(c).Name, "/profile")
	if err != nil {
		return err
	}
	if typed != nil {
		return s.profilePage(c, http.StatusUnprocessableEntity, typed)
	}
	return c.Redirect(http.StatusSeeOther, done)
}

// postUserToken adds a token of anybody.
func (s *Server) postUserToken(c echo.Context) error {
	name := userName(c)
	done, typed, err := s.addToken(c, name, userPath(name))
	if err != nil {
		return err
	}
	if typed != nil {
		return s.userPage(c, http.StatusUnprocessableEntity, view.UserPage{Tokens: *typed})
	}
	return c.Redirect(http.StatusSeeOther, done)
}

// revoke ends a token of a user.
func (s *Server) revoke(c echo.Context, user, path string) error {
	ctx, id := c.Request().Context(), c.Param("id")
	tok, err := s.Store.Token(ctx, id)
	if err == nil && tok.User != user {
		err = fault.New(fault.NotFound, "There is no such token of “"+user+"”.")
	}
	if err != nil {
		return err
	}
	if err := s.tokens().Revoke(ctx, actor(c), id); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, withQuery(path, url.Values{"done": {"revoked"}})+"#tokens")
}

func (s *Server) postOwnRevoke(c echo.Context) error { return s.revoke(c, actor(c).Name, "/profile") }

func (s *Server) postUserRevoke(c echo.Context) error {
	name := userName(c)
	return s.revoke(c, name, userPath(name))
}
