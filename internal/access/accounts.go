package access

import (
	"context"
	"fmt"
	"slices"
	"time"

	"interceptlog/internal/fault"
)

// NameRule says what the name of a user is like, in words that follow it.
const NameRule = "has 1 to 64 characters, without spaces and colons, such as lind."

// ValidName keeps names to what can be typed and read in a list.
func ValidName(name string) bool {
	ok := name != "" && len(name) <= 64
	for _, r := range name {
		ok = ok && r > ' ' && r != 0x7f && r != ':'
	}
	return ok
}

// Accounts says who may sign in, and as what. Every act needs the right of an
// administrator, and is one transaction with its audit entry.
type Accounts struct {
	Store Store
	Now   func() time.Time
}

const notAdded = "The user was not added."

// Add adds a user, or says everything that is wrong with the name, the role
// and the password.
func (a Accounts) Add(ctx context.Context, actor Actor, name string, role Role, password string) error {
	if err := actor.Require(Admin); err != nil {
		return err
	}
	var p fault.Problems
	if !ValidName(name) {
		p.Add("name", "The name "+NameRule)
	}
	if name == openReader {
		p.Add("name", "The name "+openReader+" is kept for those who read without a token.")
	}
	if !role.Valid() {
		p.Add("role", roleMessage(role))
	}
	if err := CheckPassword(password); err != nil {
		p.Add("password", err.Error())
	}
	if err := p.Err(notAdded, "name", "role", "password"); err != nil {
		return err
	}
	return a.Store.AddUser(ctx, actor, User{Name: name, Role: role, PasswordHash: HashPassword(password), CreatedAt: a.Now()})
}

func roleMessage(role Role) string {
	accepted := ""
	for i, r := range Roles() {
		if i > 0 {
			accepted += ", "
		}
		accepted += string(r)
	}
	return fmt.Sprintf("“%s” is no role; accepted: %s.", role, accepted)
}

// SetRole makes a user something else. Open sessions have the new role with
// their next request.
func (a Accounts) SetRole(ctx context.Context, actor Actor, name string, role Role) error {
	if !role.Valid() {
		return &fault.Error{Kind: fault.Invalid, Msg: "The role was not changed.", Fields: []fault.Field{{Name: "role", Msg: roleMessage(role)}}}
	}
	return a.change(ctx, actor, name, func(all []User, u *User) (Change, error) {
		if u.Role == role {
			return Change{}, nil
		}
		if !role.May(Admin) {
			if err := stays(actor, all, u, "take the role of an administrator from"); err != nil {
				return Change{}, err
			}
		}
		was := u.Role
		u.Role = role
		return Change{"user.role", map[string]any{"was": was, "role": role}}, nil
	})
}

// SetPassword replaces a password, and ends every session of the user: whoever
// knew the old one is out.
func (a Accounts) SetPassword(ctx context.Context, actor Actor, name, password string) error {
	if err := CheckPassword(password); err != nil {
		return &fault.Error{Kind: fault.Invalid, Msg: "The password was not set.", Fields: []fault.Field{{Name: "password", Msg: err.Error()}}}
	}
	hash := HashPassword(password)
	return a.change(ctx, actor, name, func(_ []User, u *User) (Change, error) {
		u.PasswordHash, u.Era = hash, u.Era+1
		return Change{Action: "user.password"}, nil
	})
}

// Disable keeps a user from signing in, and ends every session; what they
// wrote stays theirs.
func (a Accounts) Disable(ctx context.Context, actor Actor, name string) error {
	return a.change(ctx, actor, name, func(all []User, u *User) (Change, error) {
		if u.Disabled {
			return Change{}, nil
		}
		if err := stays(actor, all, u, "disable"); err != nil {
			return Change{}, err
		}
		u.Disabled, u.Era = true, u.Era+1
		return Change{Action: "user.disable"}, nil
	})
}

// Enable lets a disabled user sign in again.
func (a Accounts) Enable(ctx context.Context, actor Actor, name string) error {
	return a.change(ctx, actor, name, func(_ []User, u *User) (Change, error) {
		if !u.Disabled {
			return Change{}, nil
		}
		u.Disabled = false
		return Change{Action: "user.enable"}, nil
	})
}

// SignOut ends every session of a user.
func (a Accounts) SignOut(ctx context.Context, actor Actor, name string) error {
	return a.change(ctx, actor, name, func(_ []User, u *User) (Change, error) {
		u.Era++
		return Change{Action: "user.sign_out"}, nil
	})
}

func (a Accounts) change(ctx context.Context, actor Actor, name string, fn func(all []User, u *User) (Change, error)) error {
	if err := actor.Require(Admin); err != nil {
		return err
	}
	return a.Store.ChangeUser(ctx, actor, name, fn)
}

// stays refuses what would leave a log without an administrator, or lock out
// the one who asks: a slip of the hand that they could not take back.
func stays(actor Actor, all []User, u *User, act string) error {
	admin := func(o User) bool { return o.Role.May(Admin) && !o.Disabled }
	switch {
	case !admin(*u):
		return nil
	case u.Name == actor.Name:
		return fault.New(fault.Conflict, "You cannot "+act+" yourself: you could not take it back. Another administrator can.")
	case !slices.ContainsFunc(all, func(o User) bool { return o.Name != u.Name && admin(o) }):
		return fault.New(fault.Conflict, "You cannot "+act+" "+u.Name+", who is the last administrator. Make somebody else one first.")
	}
	return nil
}
