package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
	"interceptlog/internal/store/sqlite"
	"interceptlog/internal/watch"
	"interceptlog/web"
)

type serveCmd struct {
	Listen    string   `default:"127.0.0.1:8080" env:"INTERCEPTLOG_LISTEN" help:"Address to listen on." placeholder:"ADDR"`
	Sample    bool     `env:"INTERCEPTLOG_SAMPLE" help:"Load the real sample records, seven exercise incidents and five users whose passwords are printed; refuses to listen beyond this machine."`
	Markings  []string `env:"INTERCEPTLOG_MARKINGS" default:"NATO UNCLASSIFIED,NATO RESTRICTED,NATO CONFIDENTIAL,NATO SECRET" help:"Classifications in use, lowest first; the first is the default."`
	TLSCert   string   `name:"tls-cert" env:"INTERCEPTLOG_TLS_CERT" help:"Certificate file; with --tls-key, serves HTTPS." placeholder:"FILE"`
	TLSKey    string   `name:"tls-key" env:"INTERCEPTLOG_TLS_KEY" help:"Key file." placeholder:"FILE"`
	BehindTLS bool     `name:"behind-tls" env:"INTERCEPTLOG_BEHIND_TLS" help:"A proxy in front speaks HTTPS: send cookies over it only."`
	OpenRead  bool     `name:"open-read" env:"INTERCEPTLOG_OPEN_READ" help:"Let whoever reaches the address read /ogc and /export without a token."`
	CORS      []string `name:"cors-origin" env:"INTERCEPTLOG_CORS_ORIGIN" help:"Let pages of this origin read /ogc and /export with a token, such as https://maps.example; * for all. May be given again." placeholder:"ORIGIN"`
	TokenRate float64  `name:"token-rate" env:"INTERCEPTLOG_TOKEN_RATE" default:"50" help:"How many requests a second one token may make." placeholder:"N"`
	// ClockOffset has no variable, so that none that was left behind bends a clock.
	ClockOffset time.Duration `name:"clock-offset" env:"-" help:"For tests and training, with --sample only: the clock of the server is off by so much, such as 90m or -2h." placeholder:"TIME"`
}

func (serveCmd) Help() string {
	return `A new log gets one administrator with a random password, printed once.

Examples:

    server serve --sample
    server serve --data /var/lib/interceptlog --listen 10.1.2.3:8443 --tls-cert c.pem --tls-key k.pem`
}

// drain is how long open requests may take to end after SIGTERM.
const drain = 20 * time.Second

// Run serves until the context ends.
func (cmd serveCmd) Run(c *command) (err error) {
	if err := errors.Join(cmd.check(), web.Built()); err != nil {
		return err
	}
	if cmd.ClockOffset != 0 {
		now := c.now
		c.now = func() time.Time { return now().Add(cmd.ClockOffset) }
	}
	lock, err := sqlite.Lock(c.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	return c.withStore(func(s *store.Store) error {
		if err := cmd.prepare(c, s); err != nil {
			return err
		}
		return cmd.listen(c, s)
	})
}

// check refuses what would be unsafe before anything is touched.
func (cmd serveCmd) check() error {
	if cmd.TokenRate <= 0 {
		return &fault.Error{Kind: fault.Invalid, Msg: "No token could ask anything.", Fields: []fault.Field{{Name: "--token-rate", Msg: "accepted: a number of requests a second above 0, such as 50 or 0.5."}}}
	}
	if cmd.Sample && !loopback(cmd.Listen) {
		return &fault.Error{Kind: fault.Invalid, Msg: "The sample users' passwords are printed, so --sample serves this machine only.",
			Fields: []fault.Field{{Name: "--listen", Msg: "accepted with --sample: 127.0.0.1:PORT, [::1]:PORT or localhost:PORT."}}}
	}
	if cmd.ClockOffset != 0 && !cmd.Sample {
		return &fault.Error{Kind: fault.Invalid, Msg: "The times of a log are its evidence, so its clock is moved for tests and training only.",
			Fields: []fault.Field{{Name: "--clock-offset", Msg: "accepted with --sample."}}}
	}
	if (cmd.TLSCert == "") != (cmd.TLSKey == "") {
		return &fault.Error{Kind: fault.Invalid, Msg: "HTTPS needs both files.", Fields: []fault.Field{{Name: "--tls-cert, --tls-key", Msg: "give both or none."}}}
	}
	return nil
}

// loopback reports whether an address to listen on is this machine only.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// prepare fills a new log with what it needs to be used.
func (cmd serveCmd) prepare(c *command, s *store.Store) error {
	if cmd.Sample {
		return c.loadSample(s)
	}
	if !loopback(cmd.Listen) {
		if err := refuseSampleUsers(c, s); err != nil {
			return err
		}
	}
	users, err := s.Users(c.ctx)
	if err != nil || len(users) > 0 {
		return err
	}
	password := access.RandomPassword()
	admin := access.User{Name: "admin", Role: access.Administrator, PasswordHash: access.HashPassword(password), CreatedAt: c.now()}
	if err := s.AddUser(c.ctx, actor(), admin); err != nil {
		return err
	}
	return c.sayPassword("first start: user admin (admin)", password, true)
}

// listen serves until the context ends, then lets open requests finish.
func (cmd serveCmd) listen(c *command, s *store.Store) error {
	logger := slog.New(slog.NewTextHandler(c.err, nil))
	ln, err := net.Listen("tcp", cmd.Listen)
	if err != nil {
		return fault.Wrap(fault.Unavailable, "Cannot listen on "+cmd.Listen+".", err)
	}
	site := cmd.site(c, s, logger)
	srv := &http.Server{
		Handler:           site.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(c.ctx) },
	}
	srv.RegisterOnShutdown(site.EndStreams)
	scheme := "http"
	if cmd.TLSCert != "" {
		scheme = "https"
	}
	fmt.Fprintf(c.out, "Intercept Log: %s://%s/\n", scheme, ln.Addr())
	if cmd.OpenRead {
		const open = "Reading is open at /ogc and /export: whoever reaches this address reads the log"
		fmt.Fprintln(c.out, open+".")
		logger.Warn(open, "address", ln.Addr().String())
	}
	go forgetSessions(c.ctx, s, logger)
	defer site.NoteReads()
	defer keepAlarms(c.ctx, &alarm.Keeper{Source: s, Now: c.now, Logger: logger})()
	ended := make(chan error, 1)
	go func() {
		if cmd.TLSCert != "" {
			ended <- srv.ServeTLS(ln, cmd.TLSCert, cmd.TLSKey)
		} else {
			ended <- srv.Serve(ln)
		}
	}()
	select {
	case err := <-ended:
		return err
	case <-c.ctx.Done():
	}
	logger.Info("shutting down; open requests may finish", "within", drain)
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		return errors.Join(err, srv.Close())
	}
	return nil
}

// keepAlarms lets the keeper run; end stops it and waits until it has, for the
// store is closed after that.
func keepAlarms(ctx context.Context, k *alarm.Keeper) (end func()) {
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		k.Run(ctx)
	}()
	return func() {
		stop()
		<-ended
	}
}

// forgetSessions clears sessions that have expired, now and every hour.
func forgetSessions(ctx context.Context, s *store.Store, logger *slog.Logger) {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		if err := s.Sessions().Cleanup(ctx); err != nil && ctx.Err() == nil {
			logger.Error("expired sessions stay", "error", err)
		}
		select {
		case <-hourly.C:
		case <-ctx.Done():
			return
		}
	}
}

// site wires the pages to the store.
func (cmd serveCmd) site(c *command, s *store.Store, logger *slog.Logger) *web.Server {
	atlas := geo.Default()
	return &web.Server{
		Store:    s,
		Log:      &incidents.Log{Store: s, Atlas: atlas, Now: c.now},
		Desk:     &hotline.Desk{Store: s, Now: c.now},
		Watch:    &watch.Desk{Store: s, Records: s, Now: c.now},
		Atlas:    atlas,
		Sessions: s.Sessions(),
		Logger:   logger,
		Now:      c.now,
		Markings: cmd.Markings,
		Secure:   cmd.TLSCert != "" || cmd.BehindTLS,
		OpenRead: cmd.OpenRead, TokenRate: cmd.TokenRate,
		Origins: cmd.CORS,
		Version: version(),
	}
}
