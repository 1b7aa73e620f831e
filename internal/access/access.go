// Package access says who may do what, and who did it: roles and their
// rights, users and their passwords, tokens of programs, and the entries of the
// audit chain. It knows nothing of incidents or calls, and holds no SQL and no
// HTTP.
package access

import "interceptlog/internal/fault"

// Right is one thing that a role may do. Every route of the web server names
// the right it needs.
type Right string

// The rights, from least to most.
const (
	Public Right = ""       // no sign-in needed
	Board  Right = "board"  // the board on the wall, and nothing else
	Read   Right = "read"   // pages
	Export Right = "export" // files
	Write  Right = "write"  // report incidents, log contacts
	Manage Right = "manage" // retract, verify, policy, lines
	Admin  Right = "admin"  // users, audit
)

// Role is what a user is.
type Role string

// The roles.
const (
	Wall          Role = "wall" // a screen, and no person
	Viewer        Role = "viewer"
	Analyst       Role = "analyst"
	Officer       Role = "officer"
	Supervisor    Role = "supervisor"
	Administrator Role = "admin"
)

// Roles lists the roles, least first.
func Roles() []Role { return []Role{Wall, Viewer, Analyst, Officer, Supervisor, Administrator} }

var rights = map[Role]map[Right]bool{
	Wall:          {Board: true},
	Viewer:        {Board: true, Read: true},
	Analyst:       {Board: true, Read: true, Export: true},
	Officer:       {Board: true, Read: true, Export: true, Write: true},
	Supervisor:    {Board: true, Read: true, Export: true, Write: true, Manage: true},
	Administrator: {Board: true, Read: true, Export: true, Write: true, Manage: true, Admin: true},
}

// May reports whether the role has the right.
func (r Role) May(right Right) bool { return right == Public || rights[r][right] }

// Valid reports whether the role exists.
func (r Role) Valid() bool { return rights[r] != nil }

// Actor is who does something: a user of the web server, or "cli:<user>" for
// a command.
type Actor struct {
	Name  string
	Role  Role
	Limit Scopes // of the token that is used; 0 for a person, whom only the role limits
}

// May reports whether the actor has the right: by the role, and by the token
// where one is used.
func (a Actor) May(right Right) bool {
	return a.Role.May(right) && (a.Limit == 0 || a.Limit.grants(right))
}

// Require gives a Forbidden fault when the actor lacks the right.
func (a Actor) Require(right Right) error {
	if a.May(right) {
		return nil
	}
	if a.Role.May(right) {
		return fault.New(fault.Forbidden, "The token may not do this: it needs the right “"+string(right)+"”, and its scopes are "+a.Limit.String()+".")
	}
	return fault.New(fault.Forbidden, "Your role, "+string(a.Role)+", may not do this: it needs the right “"+string(right)+"”.")
}
