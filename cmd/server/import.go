package main

import (
	"fmt"
	"io"
	"os"

	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
	"interceptlog/internal/research"
	"interceptlog/internal/store"
)

type importCmd struct {
	Format       string   `required:"" help:"research."`
	AllOrNothing bool     `help:"Keep nothing when any line is bad."`
	Marking      string   `default:"NATO UNCLASSIFIED" help:"Marking of the records."`
	File         []string `arg:"" help:"Files to read; - is standard input." placeholder:"FILE"`
}

func (importCmd) Help() string {
	return `Reads incidents, lines and contacts from NDJSON files in the research form
(docs/import.md). Good lines are kept and bad ones are reported with file, line,
field, value and what is accepted; with --all-or-nothing any bad line keeps all
out. A second import of the same file changes nothing; a record that a person has
edited since is reported as a conflict and left as it is. Exit code 1 when any
line was bad.

Examples:

    server import --data ./var --format research incidents.ndjson hotline.ndjson
    server import --data ./var --format research --all-or-nothing new.ndjson`
}

// Run imports the files.
func (cmd importCmd) Run(c *command) error {
	if cmd.Format != "research" {
		return unknownFormat(cmd.Format, "research")
	}
	files := make([]research.File, 0, len(cmd.File))
	for _, name := range cmd.File {
		if name == "-" {
			files = append(files, research.File{Name: "standard input", Reader: c.in})
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			return fault.Wrap(fault.NotFound, "A file cannot be read: "+name, err)
		}
		defer f.Close()
		files = append(files, research.File{Name: name, Reader: io.Reader(f)})
	}
	return c.withStore(func(s *store.Store) error {
		report, err := c.importer(s, cmd.Marking).Import(c.ctx, files, cmd.AllOrNothing)
		if err != nil {
			return err
		}
		if err := report.Print(c.out); err != nil {
			return err
		}
		if report.Failed() {
			fmt.Fprintln(c.err, "server: not every line was kept; see the report")
			return errReported
		}
		return nil
	})
}

func (c *command) importer(s *store.Store, marking string) *research.Importer {
	atlas := geo.Default()
	return &research.Importer{Store: s, Now: c.now, Marking: marking, Actor: actor(),
		Derive: func(rec *incidents.Record) incidents.Place { return incidents.Derive(atlas, rec) }}
}
