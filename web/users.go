package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// handedLife is how long a password that was made waits to be shown.
const handedLife = 10 * time.Minute

// handed are passwords on their way to the page that shows them once, by the id
// of the form that asked. They are kept in memory alone: a restart loses them,
// and then another is set.
type handed struct {
	mu   sync.Mutex
	held map[string]handedPassword
}

type handedPassword struct {
	by, name, password string
	until              time.Time
}

// put keeps a password for whoever asked, and forgets those that nobody
// fetched.
func (h *handed) put(id string, p handedPassword, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held == nil {
		h.held = map[string]handedPassword{}
	}
	for k, old := range h.held {
		if now.After(old.until) {
			delete(h.held, k)
		}
	}
	h.held[id] = p
}

// take gives the password once, and only to the one who asked for it.
func (h *handed) take(id, by, name string, now time.Time) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.held[id]
	if p.by != by || p.name != name || now.After(p.until) {
		return ""
	}
	password := p.password
	p.password = ""
	h.held[id] = p
	return password
}

// done reports whether the form has been sent before.
func (h *handed) done(id, by, name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, ok := h.held[id]
	return ok && p.by == by && p.name == name
}

func (s *Server) accounts() access.Accounts { return access.Accounts{Store: s.Store, Now: s.Now} }

func userPath(name string) string { return "/users/" + url.PathEscape(name) }

// userName is the user of an address. The router cuts addresses as they were
// sent where a name has a slash, and then leaves the name as it was sent, too.
func userName(c echo.Context) string {
	name := c.Param("name")
	if c.Request().URL.RawPath != "" {
		if plain, err := url.PathUnescape(name); err == nil {
			return plain
		}
	}
	return name
}

// listUsers shows who may sign in, and the form for one more.
func (s *Server) listUsers(c echo.Context) error {
	return s.usersPage(c, http.StatusOK, view.UsersPage{FormID: string(incidents.NewID())})
}

func (s *Server) usersPage(c echo.Context, status int, p view.UsersPage) error {
	users, err := s.Store.Users(c.Request().Context())
	if err != nil {
		return err
	}
	p.Frame = s.frame(c, "Users", "admin")
	for _, u := range users {
		row := userRow(u)
		row.You = u.Name == actor(c).Name
		p.Rows = append(p.Rows, row)
		if !u.Disabled {
			p.Active++
		}
	}
	p.Roles = roleOptions()
	if len(p.Errors) > 0 {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	p.Frame.Keys = []view.Key{{Key: "J", Label: "K move"}, {Key: "Enter", Label: "open"}}
	return page(c, status, view.Users(p))
}

func userRow(u access.User) view.UserRow {
	return view.UserRow{Name: u.Name, Href: userPath(u.Name), Role: string(u.Role), Disabled: u.Disabled, Created: u.CreatedAt, LastSignIn: u.LastSignIn}
}

// roleOptions are the roles, each with what it may do.
func roleOptions() []view.Option {
	var options []view.Option
	for _, role := range access.Roles() {
		var may []string
		for _, r := range rightWords {
			if role.May(r.right) {
				may = append(may, r.words)
			}
		}
		options = append(options, view.Option{Value: string(role), Label: string(role), Hint: strings.Join(may, ", ")})
	}
	return options
}

// userLabels are the names of the fields of both forms.
var userLabels = map[string]string{"name": "Name", "role": "Role", "password": "Password"}

// postUser adds a user. Without a password one is made, and shown once on the
// page of the user.
func (s *Server) postUser(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	name, id := strings.TrimSpace(v.Get("name")), v.Get("id")
	password, made := passwordOf(v)
	to := userPath(name) + "?added=" + url.QueryEscape(id)
	if s.handed.done(id, actor(c).Name, name) {
		return c.Redirect(http.StatusSeeOther, to)
	}
	err = s.accounts().Add(c.Request().Context(), actor(c), name, access.Role(v.Get("role")), password)
	if fault.Is(err, fault.Conflict) {
		err = &fault.Error{Kind: fault.Invalid, Fields: []fault.Field{{Name: "name", Msg: err.Error() + " Choose another name, or open that one in the list."}}}
	}
	if fault.Is(err, fault.Invalid) {
		fields := fault.Fields(err)
		return s.usersPage(c, http.StatusUnprocessableEntity, view.UsersPage{FormID: id, Name: v.Get("name"), Role: v.Get("role"),
			Errors: view.FieldErrors(fields, userLabels), ErrorTitle: notDone("added", len(fields))})
	}
	if err != nil {
		return err
	}
	s.hand(c, id, name, password, made)
	return c.Redirect(http.StatusSeeOther, to)
}

// passwordOf is the password of a form, or one that is made where none was
// typed.
func passwordOf(v url.Values) (password string, made bool) {
	if typed := v.Get("password"); typed != "" {
		return typed, false
	}
	return access.RandomPassword(), true
}

// hand notes that a form was sent, with the password if it was made here.
func (s *Server) hand(c echo.Context, id, name, password string, made bool) {
	if !made {
		password = ""
	}
	s.handed.put(id, handedPassword{by: actor(c).Name, name: name, password: password, until: s.Now().Add(handedLife)}, s.Now())
}

// userDone says what was done, by the name that the address has for it.
var userDone = map[string]string{
	"role":     "The role is changed.",
	"password": "The password is set. Every session that was open has ended.",
	"disable":  "Disabled. Every session that was open has ended.",
	"enable":   "Enabled: signing in works again.",
	"sign_out": "Signed out everywhere.",
	"revoked":  "The token is revoked: it opens nothing any more.",
	"nothing":  "Nothing was changed: it was so already.",
}

// showUser is the page of one user.
func (s *Server) showUser(c echo.Context) error {
	return s.userPage(c, http.StatusOK, view.UserPage{})
}

func (s *Server) userPage(c echo.Context, status int, p view.UserPage) error {
	name := userName(c)
	users, err := s.Store.Users(c.Request().Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(users, func(u access.User) bool { return u.Name == name })
	if i < 0 {
		return fault.New(fault.NotFound, "There is no user “"+name+"”.")
	}
	p.UserRow = userRow(users[i])
	p.You = name == actor(c).Name
	p.Frame = s.frame(c, name, "admin")
	p.Frame.Flash = userDone[c.QueryParam("done")]
	p.FormID, p.Roles = string(incidents.NewID()), roleOptions()
	if p.NewRole == "" {
		p.NewRole = p.Role
	}
	p.AuditHref = withQuery("/audit", url.Values{"object": {"user/" + name}})
	if id := c.QueryParam("added"); id != "" {
		p.Password, p.Added = s.handed.take(id, actor(c).Name, name, s.Now()), true
	} else if id := c.QueryParam("set"); id != "" {
		p.Password = s.handed.take(id, actor(c).Name, name, s.Now())
	}
	var typed *view.TokenPart
	if p.Tokens.FormID != "" {
		typed = &p.Tokens
	}
	if p.Tokens, err = s.tokenPart(c, users[i], userPath(name), typed); err != nil {
		return err
	}
	if len(p.Errors)+len(p.Tokens.Errors) > 0 {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	return page(c, status, view.UserCard(p))
}

// postUserAct does one thing to a user: role, password, disable, enable or
// sign_out.
func (s *Server) postUserAct(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	ctx, name, act := c.Request().Context(), userName(c), v.Get("act")
	a, query := s.accounts(), url.Values{"done": {act}}
	switch act {
	case "role":
		err = a.SetRole(ctx, actor(c), name, access.Role(v.Get("role")))
	case "password":
		password, made := passwordOf(v)
		id := v.Get("id")
		if !s.handed.done(id, actor(c).Name, name) {
			if err = a.SetPassword(ctx, actor(c), name, password); err == nil {
				s.hand(c, id, name, password, made)
			}
		}
		query.Set("set", id)
	case "disable":
		err = a.Disable(ctx, actor(c), name)
	case "enable":
		err = a.Enable(ctx, actor(c), name)
	case "sign_out":
		err = a.SignOut(ctx, actor(c), name)
	default:
		err = fault.New(fault.Invalid, "That is nothing that can be done to a user; accepted: role, password, disable, enable, sign_out.")
	}
	if fields := fault.Fields(err); len(fields) > 0 {
		return s.userPage(c, http.StatusUnprocessableEntity, view.UserPage{Errors: view.FieldErrors(fields, userLabels), ErrorTitle: notDone("changed", len(fields)), NewRole: v.Get("role")})
	}
	if fault.Is(err, fault.Conflict) {
		return s.userPage(c, http.StatusConflict, view.UserPage{Refused: err.Error(), NewRole: v.Get("role")})
	}
	if err != nil {
		return err
	}
	if err := s.followOwnEra(c, name, act); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, withQuery(userPath(name), query))
}

// followOwnEra keeps the session of somebody who has set their own password:
// only their other ones end.
func (s *Server) followOwnEra(c echo.Context, name, act string) error {
	if name != actor(c).Name || act != "password" {
		return nil
	}
	u, err := s.Store.User(c.Request().Context(), name)
	if err != nil {
		return err
	}
	s.sessions.Put(c.Request().Context(), eraKey, u.Era)
	return nil
}
