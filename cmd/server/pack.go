package main

import (
	"errors"
	"fmt"
	"os"

	"interceptlog/internal/fault"
	"interceptlog/internal/format/pack"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

type packCmd struct {
	From string `required:"" help:"First day of the period, such as 2025-01-01."`
	To   string `required:"" help:"Last day of the period, such as 2025-12-31; it belongs to it."`
	Out  string `required:"" help:"File to write, such as pack.zip; it must not exist."`
	AsOf string `name:"as-of" aliases:"as_of" help:"The log as it stood at this moment."`
}

func (packCmd) Help() string {
	return `Writes what a yearly consultation needs as a ZIP that is read without this
program: incidents, claims of both sides, contacts and lines as CSV, a text that
explains them, a manifest and the hash of every file.

Example:

    server pack --data ./var --from 2025-01-01 --to 2025-12-31 --out pack.zip`
}

// Run writes the pack. A file that was not finished is taken away.
func (cmd packCmd) Run(c *command) error {
	var p fault.Problems
	from, err := incidents.ReadBound(cmd.From)
	if err != nil {
		p.Add("--from", err.Error())
	}
	to, err := incidents.ReadBound(cmd.To)
	if err != nil {
		p.Add("--to", err.Error())
	}
	at := hotline.At{Now: incidents.MillisOf(c.now())}
	if cmd.AsOf != "" {
		t, err := incidents.ReadInstant(cmd.AsOf)
		if err != nil {
			p.Add("--as-of", err.Error())
		}
		at = hotline.At{AsOf: incidents.MillisOf(t), Now: incidents.MillisOf(t)}
	}
	if from.From >= to.To && !p.Has("--from") && !p.Has("--to") {
		p.Add("--to", "lies before “--from”.")
	}
	if err := p.Err("The pack was not written.", "--from", "--to", "--as-of"); err != nil {
		return err
	}
	return c.withStore(func(s *store.Store) error {
		f, err := os.OpenFile(cmd.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fault.Wrap(fault.Invalid, "The file cannot be written: "+err.Error()+".", err)
		}
		n, err := pack.Write(c.ctx, s, actor(), pack.Period{From: from.From, To: to.To}, at, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return errors.Join(err, os.Remove(cmd.Out))
		}
		_, err = fmt.Fprintf(c.out, "%d incidents written to %s\n", n, cmd.Out)
		return err
	})
}
