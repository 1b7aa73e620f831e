package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/store"
)

type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Add a user."`
	List    userListCmd    `cmd:"" help:"List the users."`
	Disable userDisableCmd `cmd:"" help:"Keep a user from signing in; their records stay theirs."`
	Passwd  userPasswdCmd  `cmd:"" help:"Set a user's password."`
}

func (userCmd) Help() string {
	return `Examples:

    server user --data ./var add lind --role officer
    echo 'correct horse battery' | server user --data ./var add lind --role officer --password-stdin
    server user --data ./var list
    server user --data ./var disable lind
    server user --data ./var passwd lind`
}

// passwordFlag says where a password comes from.
type passwordFlag struct {
	PasswordStdin bool `help:"Read the password from the first line of standard input; without it a random one is made and printed once."`
}

// password gives the password and whether it was made here.
func (f passwordFlag) password(in io.Reader) (password string, made bool, err error) {
	if !f.PasswordStdin {
		return access.RandomPassword(), true, nil
	}
	line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", false, fmt.Errorf("read the password: %w", err)
	}
	password = strings.TrimRight(line, "\r\n")
	return password, false, access.CheckPassword(password)
}

type userAddCmd struct {
	Name string `arg:"" help:"Name to sign in with."`
	Role string `required:"" help:"wall, viewer, analyst, officer, supervisor or admin; wall is for a screen that shows the board and nothing else." placeholder:"ROLE"`
	passwordFlag
}

func (userAddCmd) Help() string {
	return `Examples:

    server user --data ./var add lind --role officer
    echo 'correct horse battery' | server user --data ./var add lind --role officer --password-stdin`
}

// Run adds the user.
func (cmd userAddCmd) Run(c *command) error {
	if !access.ValidName(cmd.Name) {
		return &fault.Error{Kind: fault.Invalid, Msg: "The user was not added.", Fields: []fault.Field{{Name: "NAME", Msg: access.NameRule}}}
	}
	role := access.Role(cmd.Role)
	if !role.Valid() {
		return &fault.Error{Kind: fault.Invalid, Msg: "The user was not added.", Fields: []fault.Field{{Name: "--role", Msg: fmt.Sprintf("“%s” is no role; accepted: wall, viewer, analyst, officer, supervisor, admin.", cmd.Role)}}}
	}
	password, made, err := cmd.password(c.in)
	if err != nil {
		return err
	}
	return c.withStore(func(s *store.Store) error {
		if err := c.accounts(s).Add(c.ctx, actor(), cmd.Name, role, password); err != nil {
			return err
		}
		return c.sayPassword(fmt.Sprintf("added %s (%s)", cmd.Name, role), password, made)
	})
}

// accounts keeps the users of a store.
func (c *command) accounts(s *store.Store) access.Accounts {
	return access.Accounts{Store: s, Now: c.now}
}

func (c *command) sayPassword(what, password string, made bool) error {
	if made {
		what += "; password, shown once: " + password
	}
	_, err := fmt.Fprintln(c.out, what)
	return err
}

type userListCmd struct{}

func (userListCmd) Help() string { return "Example:\n\n    server user --data ./var list" }

// Run lists name, role and whether the user may sign in.
func (userListCmd) Run(c *command) error {
	return c.withStore(func(s *store.Store) error {
		users, err := s.Users(c.ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
		for _, u := range users {
			state := "active"
			if u.Disabled {
				state = "disabled"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", u.Name, u.Role, state, u.CreatedAt.UTC().Format("2006-01-02T15:04Z"))
		}
		return w.Flush()
	})
}

type userDisableCmd struct {
	Name string `arg:"" help:"Name of the user."`
}

func (userDisableCmd) Help() string {
	return "Example:\n\n    server user --data ./var disable lind"
}

// Run disables the user; open sessions end with the next request.
func (cmd userDisableCmd) Run(c *command) error {
	return c.withStore(func(s *store.Store) error {
		if err := c.accounts(s).Disable(c.ctx, actor(), cmd.Name); err != nil {
			return err
		}
		_, err := fmt.Fprintln(c.out, "disabled", cmd.Name)
		return err
	})
}

type userPasswdCmd struct {
	Name string `arg:"" help:"Name of the user."`
	passwordFlag
}

func (userPasswdCmd) Help() string {
	return `Examples:

    server user --data ./var passwd lind
    echo 'correct horse battery' | server user --data ./var passwd lind --password-stdin`
}

// Run sets the password.
func (cmd userPasswdCmd) Run(c *command) error {
	password, made, err := cmd.password(c.in)
	if err != nil {
		return err
	}
	return c.withStore(func(s *store.Store) error {
		if err := c.accounts(s).SetPassword(c.ctx, actor(), cmd.Name, password); err != nil {
			return err
		}
		return c.sayPassword("password set for "+cmd.Name, password, made)
	})
}
