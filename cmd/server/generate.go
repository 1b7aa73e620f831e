package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/generate"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

type generateCmd struct {
	Exercise  bool    `help:"Say that made-up records are wanted: all of them are marked as exercise. Needed."`
	Speed     float64 `default:"120" help:"How many times as fast as a real night; 120 replays ten hours in five minutes. Above 150 no call comes too late, since deadlines are known to the minute." placeholder:"N"`
	Seed      uint64  `default:"1" help:"Another night for another number."`
	Incidents int     `help:"Instead of a night, write so many incidents at once." placeholder:"N"`
	Days      int     `default:"365" help:"With --incidents: how far back they are spread." placeholder:"N"`
}

func (generateCmd) Help() string {
	return `Records go into the log of --data, also while a server serves it.

Examples:

    server generate --data ./var --exercise
    server generate --data ./var --exercise --speed 3600 --seed 7
    server generate --data ./var --exercise --incidents 10000 --days 365`
}

// Run replays a night, or fills the log.
func (cmd generateCmd) Run(c *command) error {
	if err := cmd.check(); err != nil {
		return err
	}
	return c.withStore(func(s *store.Store) error {
		log := &incidents.Log{Store: s, Atlas: geo.Default(), Now: c.now}
		if cmd.Incidents > 0 {
			return generate.Fill(c.ctx, log, actor(), cmd.Seed, cmd.Incidents, time.Duration(cmd.Days)*24*time.Hour, func(written int) {
				fmt.Fprintf(c.err, "%d of %d written\n", written, cmd.Incidents)
			})
		}
		night := generate.Night{Log: log, Desk: &hotline.Desk{Store: s, Now: c.now}, Actor: actor(), Speed: cmd.Speed, Seed: cmd.Seed, Out: c.out, Wait: sleepUntil}
		n, err := night.Run(c.ctx)
		switch {
		case errors.Is(err, context.Canceled):
			fmt.Fprintf(c.out, "ended early: %d steps\n", n)
			return nil // that was asked for
		case err == nil:
			fmt.Fprintf(c.out, "the night is over: %d steps\n", n)
		}
		return err
	})
}

func (cmd generateCmd) check() error {
	f := &fault.Error{Kind: fault.Invalid, Msg: "Nothing was written."}
	if !cmd.Exercise {
		f.Fields = append(f.Fields, fault.Field{Name: "--exercise", Msg: "made-up records are only written as exercise: give --exercise."})
	}
	if !(cmd.Speed >= 1 && cmd.Speed <= 36000) {
		f.Fields = append(f.Fields, fault.Field{Name: "--speed", Msg: "accepted: 1 to 36000."})
	}
	if cmd.Incidents < 0 || cmd.Incidents > 10_000_000 {
		f.Fields = append(f.Fields, fault.Field{Name: "--incidents", Msg: "accepted: 1 to 10000000."})
	}
	if cmd.Days < 1 || cmd.Days > 36_500 {
		f.Fields = append(f.Fields, fault.Field{Name: "--days", Msg: "accepted: 1 to 36500."})
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// sleepUntil waits for a moment or for the end of the command.
func sleepUntil(ctx context.Context, until time.Time) error {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
