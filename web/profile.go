package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/web/view"
)

// What a person may set for themselves: the name of each preference and the
// values it takes; the first is the one that nobody chose.
const (
	prefKeys     = "keys"     // single letters as shortcuts (WCAG 2.1.4)
	prefNotation = "notation" // in which positions are read back
)

var preferences = map[string][]string{
	prefKeys:     {"on", "off"},
	prefNotation: {"dm", "dd", "dms", "mgrs", "utm", "georef"},
}

// preference gives what the one who asks has set.
func (s *Server) preference(c echo.Context, name string) string {
	u, _ := c.Get("user").(access.User)
	if u.Name == "" {
		return preferences[name][0]
	}
	set, ok := c.Get("preferences").(map[string]string)
	if !ok {
		var err error
		if set, err = s.Store.Preferences(c.Request().Context(), u.Name); err != nil {
			// A page is worth more than how somebody wants it.
			s.Logger.Error("read preferences", "request", requestID(c), "error", err)
			set = map[string]string{}
		}
		c.Set("preferences", set)
	}
	if v := set[name]; v != "" {
		return v
	}
	return preferences[name][0]
}

// notation is how the one who asks wants positions read back.
func (s *Server) notation(c echo.Context) string { return s.preference(c, prefNotation) }

func (s *Server) showProfile(c echo.Context) error {
	return s.profilePage(c, http.StatusOK, nil)
}

// profilePage shows the profile, with the form for a token as it was typed.
func (s *Server) profilePage(c echo.Context, status int, typed *view.TokenPart) (err error) {
	p := view.ProfilePage{Frame: s.frame(c, "Profile", ""), Keys: s.preference(c, prefKeys), Notation: s.notation(c)}
	u, _ := c.Get("user").(access.User)
	if p.Tokens, err = s.tokenPart(c, u, "/profile", typed); err != nil {
		return err
	}
	switch {
	case c.QueryParam("saved") != "":
		p.Frame.Flash = "Saved."
	case c.QueryParam("done") == "revoked":
		p.Frame.Flash = userDone["revoked"]
	}
	if len(p.Tokens.Errors) > 0 {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	return page(c, status, view.Profile(p))
}

// postProfile sets preferences; what is not sent stays as it was.
func (s *Server) postProfile(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	for name, accepted := range preferences {
		value := v.Get(name)
		if value == "" {
			continue
		}
		if !slices.Contains(accepted, value) {
			return &fault.Error{Kind: fault.Invalid, Msg: "The profile was not saved.", Fields: []fault.Field{{Name: name, Msg: "“" + value + "” is not one of the choices."}}}
		}
		if value == accepted[0] {
			value = ""
		}
		if err := s.Store.SetPreference(c.Request().Context(), actor(c).Name, name, value); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, "/profile?saved=1")
}
