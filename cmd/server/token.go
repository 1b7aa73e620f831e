package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

type tokenCmd struct {
	Add    tokenAddCmd    `cmd:"" help:"Add a token, and print it once."`
	List   tokenListCmd   `cmd:"" help:"List the tokens."`
	Revoke tokenRevokeCmd `cmd:"" help:"End a token at once."`
}

func (tokenCmd) Help() string {
	return `A token lets a program ask /ogc, /export and /incidents/*.geojson as its user:
as “Authorization: Bearer”, or as the password beside the name of the user in the
dialogs of QGIS and ArcGIS.

Examples:

    server token --data ./var add --user lind --scope read,export
    server token --data ./var list
    server token --data ./var revoke mhfkcq3zb7txy2oe`
}

type tokenAddCmd struct {
	User    string   `required:"" help:"Whose token it is; it never may more than this user." placeholder:"NAME"`
	Scope   []string `help:"read, export or write; several are parted by commas. write retracts, too, for who may. Needed without --filter." placeholder:"SCOPE"`
	Name    string   `default:"from the command line" help:"What the token is for." placeholder:"TEXT"`
	Expires string   `default:"90d" help:"How long it lasts, two years at most: 12h, 90d." placeholder:"TIME"`
	Filter  string   `help:"Only these incidents, by the names of the list's address; such a token cannot write." placeholder:"FILTER"`
}

func (tokenAddCmd) Help() string {
	return `Prints the token alone on standard output. It is shown this once: the log keeps
its hash.

Examples:

    server token --data ./var add --user lind --scope read,write
    server token --data ./var add --user lind --scope read,export --name 'QGIS of the map desk' --expires 365d
    server token --data ./var add --user lind --filter 'region=baltic&exercise=exclude'
    curl -H "Authorization: Bearer $(server token add --user lind --scope export --expires 1h)" \
      http://127.0.0.1:8080/export/incidents.geojson`
}

// Run adds the token.
func (cmd tokenAddCmd) Run(c *command) error {
	seconds, err := hotline.ReadWithin(cmd.Expires)
	if err != nil {
		return &fault.Error{Kind: fault.Invalid, Msg: "The token was not added.", Fields: []fault.Field{{Name: "--expires", Msg: err.Error()}}}
	}
	life := time.Duration(seconds) * time.Second
	if life == 0 {
		life = -1 // asked for, and not to be taken for the usual time
	}
	return c.withStore(func(s *store.Store) error {
		made, secret, err := c.tokens(s).Add(c.ctx, actor(), access.TokenOrder{User: cmd.User, Name: cmd.Name, Scopes: cmd.Scope, Filter: cmd.Filter, Life: life})
		if err != nil {
			return asFlags(err)
		}
		fmt.Fprintf(c.err, "token %s of %s (%s) until %s; shown once:\n", made.ID, made.User, made.Scopes, minuteOf(made.ExpiresAt))
		_, err = fmt.Fprintln(c.out, secret)
		return err
	})
}

// asFlags names the fields of a fault as the command line has them.
func asFlags(err error) error {
	fields := fault.Fields(err)
	if len(fields) == 0 {
		return err
	}
	named := &fault.Error{Kind: fault.Invalid, Msg: "The token was not added."}
	for _, f := range fields {
		named.Fields = append(named.Fields, fault.Field{Name: "--" + f.Name, Msg: f.Msg})
	}
	return named
}

// tokens keeps the tokens of a store.
func (c *command) tokens(s *store.Store) access.Tokens {
	return access.Tokens{Store: s, Now: c.now, ReadFilter: incidents.KeptFilter}
}

func minuteOf(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02T15:04Z")
}

type tokenListCmd struct {
	User string `help:"Of this user only." placeholder:"NAME"`
}

func (tokenListCmd) Help() string {
	return `Prints id, user, name, scopes, filter, end, last use and state, the newest
first, parted by spaces for reading.

Examples:

    server token --data ./var list
    server token --data ./var list --user lind`
}

// Run lists the tokens.
func (cmd tokenListCmd) Run(c *command) error {
	return c.withStore(func(s *store.Store) error {
		if cmd.User != "" {
			if _, err := s.User(c.ctx, cmd.User); err != nil {
				return err
			}
		}
		tokens, err := s.Tokens(c.ctx, cmd.User)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
		for _, t := range tokens {
			state, filter := t.Ended(c.now()), t.Filter
			if state == "" {
				state = "good"
			}
			if filter == "" {
				filter = "all"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\tuntil %s\tused %s\t%s\n", t.ID, t.User, t.Name, t.Scopes, filter, minuteOf(t.ExpiresAt), minuteOf(t.LastUsed), state)
		}
		return w.Flush()
	})
}

type tokenRevokeCmd struct {
	ID string `arg:"" help:"Id of the token, as token list has it; not the token itself."`
}

func (tokenRevokeCmd) Help() string {
	return "Example:\n\n    server token --data ./var revoke mhfkcq3zb7txy2oe"
}

// Run revokes the token; the next request with it is refused.
func (cmd tokenRevokeCmd) Run(c *command) error {
	if access.IsToken(cmd.ID) {
		// The message must not repeat it.
		return &fault.Error{Kind: fault.Invalid, Msg: "The token was not revoked.", Fields: []fault.Field{{Name: "ID", Msg: "is the token itself; give its id, the part between ilt_ and the next _."}}}
	}
	return c.withStore(func(s *store.Store) error {
		if err := c.tokens(s).Revoke(c.ctx, actor(), cmd.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintln(c.out, "revoked", cmd.ID)
		return err
	})
}
