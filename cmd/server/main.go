// Command server is Intercept Log: one binary that serves the log, reads
// records in, writes them out, and keeps its users and its audit chain. One
// file per subcommand; only this package sees both the store and the web.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"os/user"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/store"
	"interceptlog/internal/store/sqlite"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// cli is the whole command line. Each flag may stand before or after the rest,
// and comes by environment too (INTERCEPTLOG_DATA …).
type cli struct {
	Data string `help:"Folder of the log; it is made when it does not exist." default:"./var" env:"INTERCEPTLOG_DATA" placeholder:"DIR"`

	Serve    serveCmd    `cmd:"" help:"Serve the pages."`
	Import   importCmd   `cmd:"" help:"Read records in, also while a server runs."`
	Export   exportCmd   `cmd:"" help:"Write records out."`
	Verify   verifyCmd   `cmd:"" help:"Compare an exported file with its manifest."`
	Sync     syncCmd     `cmd:"" help:"Keep a copy of a server's incidents in a GeoPackage."`
	Generate generateCmd `cmd:"" help:"Make up exercise records: a busy night to watch, or a large log."`
	Pack     packCmd     `cmd:"" help:"Write the pack for a yearly consultation."`
	User     userCmd     `cmd:"" help:"Add, list or disable users, or set a password."`
	Token    tokenCmd    `cmd:"" help:"Add, list or revoke tokens of programs."`
	Audit    auditCmd    `cmd:"" help:"Verify or list the audit chain."`
	Read     readCmd     `cmd:"" help:"Try the readers of the report form."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// command is what every subcommand gets.
type command struct {
	ctx context.Context
	streams
	data string
	now  func() time.Time
}

// errReported is a failure that the command has already told about.
var errReported = errors.New("reported")

// run is the program but for the process around it. It gives the exit code: 0,
// 1 for a failure, 2 for a command line that cannot be read or a text that may
// mean several things.
func run(ctx context.Context, args []string, s streams) (code int) {
	var c cli
	exited := -1
	parser, err := kong.New(&c, kong.Name("server"), kong.Writers(s.out, s.err), kong.DefaultEnvars("INTERCEPTLOG"), kong.Exit(func(n int) { exited = n; panic(errReported) }),
		kong.Description("Intercept Log records military intercepts and answers: after this incident, did anybody pick up the phone, how soon, and did it help?"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Summary: true}), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(s.err, "server:", err)
		return 2
	}
	defer func() {
		// kong leaves --help through Exit; everything else is a real panic.
		if r := recover(); r != nil {
			if r != errReported || exited < 0 {
				panic(r)
			}
			code = exited
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	kctx, err := parser.Parse(behindDashes(args))
	if err != nil {
		fmt.Fprintf(s.err, "server: %v\nTry server --help.\n", err)
		return 2
	}
	err = kctx.Run(&command{ctx: ctx, streams: s, data: c.Data, now: time.Now})
	if errors.Is(err, errAsked) {
		return 2
	}
	if err != nil && !errors.Is(err, errReported) {
		fmt.Fprintln(s.err, "server:", explain(err))
	}
	if err != nil {
		return 1
	}
	return 0
}

// explain writes an error for a terminal: the message, each field on its line,
// and the cause, which here is the user's own machine and no secret.
func explain(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err.Error()
	}
	text := f.Msg
	for _, field := range f.Fields {
		text += "\n  " + field.Name + ": " + field.Msg
	}
	if f.Err != nil {
		text += "\n  cause: " + f.Err.Error()
	}
	return text
}

// open opens the store of the data folder.
func (c *command) open() (*store.Store, error) {
	return sqlite.Open(c.data, sqlite.Options{Now: c.now})
}

// withStore runs fn on the open store and closes it.
func (c *command) withStore(fn func(*store.Store) error) (err error) {
	s, err := c.open()
	if err != nil {
		return err
	}
	defer func() {
		if cerr := s.Close(); err == nil {
			err = cerr
		}
	}()
	return fn(s)
}

// actor is who a command acts as: the user of the machine, with every right,
// since whoever can write the data folder has them anyway.
func actor() access.Actor {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return access.Actor{Name: "cli:" + name, Role: access.Administrator}
}

type versionCmd struct{}

func (versionCmd) Help() string { return "Example:\n\n    server version" }

// Run prints the version of the binary and of Go.
func (versionCmd) Run(c *command) error {
	_, err := fmt.Fprintln(c.out, "interceptlog", version())
	return err
}

// version is the module's version or the commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v, commit, changed := info.Main.Version, "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = " " + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " (changed)"
		}
	}
	return v + commit + changed + " " + info.GoVersion
}
