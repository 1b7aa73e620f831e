package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/imports"
	"interceptlog/internal/incidents"
	"interceptlog/internal/logfile"
	"interceptlog/internal/research"
	"interceptlog/internal/rowreport"
	"interceptlog/internal/store"
)

type importCmd struct {
	Format       string   `help:"geojson, geojsons, geojsonl, csv, gpkg, shp.zip, log, or research; without it, as the name of the file ends. A log is known by its first line."`
	Collection   string   `default:"incidents" help:"What the rows are: incidents or contacts."`
	Layer        string   `help:"Layer of a GeoPackage or a ZIP that holds several."`
	Map          []string `sep:"none" help:"Which property a column is; may be given again. Without a property the column is left out." placeholder:"COLUMN=PROPERTY"`
	Source       string   `default:"import" help:"Whose records they are, where the file does not say: ids of different files with one source must not mean different things."`
	DryRun       bool     `help:"Write nothing; say what would be."`
	KeepGoing    bool     `help:"Take the good rows though others are bad."`
	AllOrNothing bool     `help:"Of the research form: keep nothing when any line is bad. Other files are taken so anyway."`
	Report       string   `help:"Write what is wrong, row by row, to this file as CSV." placeholder:"FILE"`
	Marking      string   `default:"NATO UNCLASSIFIED" help:"Marking of records that have none."`
	File         []string `arg:"" help:"Files to read; - is standard input." placeholder:"FILE"`
}

func (importCmd) Help() string {
	return `Reads incidents or contacts from GeoJSON (.geojson, .json), GeoJSON Text Sequences
(.geojsons, .geojsonl), CSV (.csv), GeoPackage (.gpkg) and zipped shapefiles
(.shp.zip, .zip), with the properties that export writes and under the rules of
the report form. The whole file is checked first, and any bad row keeps all of it
out; with --keep-going the good rows are taken. Each bad row is reported with its
row, column, value and what is accepted. Columns of other names are said with
--map. A row that is in the log already is left as it is: unchanged when it says
the same, in conflict when not. So a second import of a file makes no doubles.
Several files are taken one after the other.

With --format research, reads incidents, lines and contacts from NDJSON files in
the research form (docs/import.md): good lines are kept and bad ones are reported,
unless --all-or-nothing.

A file of export --profile log is read into an empty log, all of it or nothing.
` + logfile.LeftOut + `

Exit code 1 when any row was bad.

Examples:

    server import --data ./var incidents.geojson
    server import --data ./var --dry-run --report wrong.csv \
      --map Datum=date --map Lat=latitude --map Lon=longitude --map Remark= night.csv
    server import --data ./var --collection contacts --keep-going calls.csv
    server import --data ./var --layer intercepts --source squadron-7 survey.gpkg
    server import --data ./var --format research incidents.ndjson hotline.ndjson
    server import --data ./new log.ndjson`
}

// Run imports the files.
func (cmd importCmd) Run(c *command) error {
	if cmd.Format == "research" {
		return cmd.research(c)
	}
	if cmd.Format == "log" || cmd.Format == "" && len(cmd.File) == 1 && isLog(cmd.File[0]) {
		return cmd.log(c)
	}
	columns, err := cmd.columns()
	if err != nil {
		return err
	}
	return c.withStore(func(s *store.Store) error {
		var all rowreport.Report
		for _, name := range cmd.File {
			report, err := cmd.file(c, s, name, columns)
			if err != nil {
				return err
			}
			if len(cmd.File) > 1 {
				fmt.Fprintln(c.out, name+":")
			}
			if err := report.Print(c.out); err != nil {
				return err
			}
			all.Add(report)
		}
		return cmd.end(c, &all)
	})
}

// end writes the report as a file, and says whether all was taken.
func (cmd importCmd) end(c *command, report *rowreport.Report) error {
	if cmd.Report != "" {
		var b bytes.Buffer
		if err := report.WriteCSV(&b); err != nil {
			return err
		}
		if err := os.WriteFile(cmd.Report, b.Bytes(), 0o644); err != nil {
			return fault.Wrap(fault.Invalid, "The report cannot be written: "+cmd.Report, err)
		}
	}
	if report.Failed() {
		fmt.Fprintln(c.err, "server: not every row was kept; see the report")
		return errReported
	}
	return nil
}

// columns reads --map.
func (cmd importCmd) columns() (map[string]string, error) {
	columns := map[string]string{}
	for _, m := range cmd.Map {
		i := strings.LastIndexByte(m, '=') // a column may have one in its name, a property has none
		if i < 1 {
			return nil, &fault.Error{Kind: fault.Invalid, Msg: "The import cannot be made.", Fields: []fault.Field{{Name: "--map", Msg: "“" + m + "” names no column and property; accepted: COLUMN=PROPERTY, such as Datum=date."}}}
		}
		columns[m[:i]] = strings.TrimSpace(m[i+1:])
	}
	return columns, nil
}

// file imports one file.
func (cmd importCmd) file(c *command, s *store.Store, name string, columns map[string]string) (rowreport.Report, error) {
	f := imports.File{Name: name, Path: name, Format: cmd.Format, Layer: cmd.Layer, Collection: cmd.Collection, Columns: columns}
	if f.Format == "" {
		f.Format = imports.FormatOf(name)
	}
	if f.Format == "" {
		return rowreport.Report{}, &fault.Error{Kind: fault.Invalid, Msg: "The import cannot be made.", Fields: []fault.Field{{Name: "--format", Msg: "what " + name + " is cannot be told by its name; accepted: " + strings.Join(imports.Formats, ", ") + ", research."}}}
	}
	if name == "-" {
		path, err := spooled(c.in)
		if err != nil {
			return rowreport.Report{}, err
		}
		defer os.Remove(path)
		f.Name, f.Path = "standard input", path
	}
	bar := c.progress("checked", 0)
	defer func() { bar.end() }()
	writing := false
	o := imports.Options{Source: cmd.Source, Marking: cmd.Marking, Dry: cmd.DryRun, KeepGoing: cmd.KeepGoing, Progress: func(rows, total int, now bool) {
		if now && !writing { // what was checked is now written
			bar.end()
			writing, bar = true, c.progress("imported", total)
		}
		bar.total = total
		bar.show(rows)
	}}
	im := imports.Importer{Store: s, Log: &incidents.Log{Store: s, Atlas: geo.Default(), Now: c.now}, Desk: &hotline.Desk{Store: s, Now: c.now}, Actor: actor()}
	return im.Import(c.ctx, f, o)
}

// spooled puts standard input into a file, since it is read twice.
func spooled(in io.Reader) (path string, err error) {
	f, err := os.CreateTemp("", "interceptlog-import-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, in)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return f.Name(), err
}

// isLog reports whether a file begins as a whole log does.
func isLog(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false // whoever opens it next says why
	}
	defer f.Close()
	start := make([]byte, 512)
	n, _ := io.ReadFull(f, start) // a shorter file is what it is; one that cannot be read says so when it is imported
	return logfile.Is(start[:n])
}

// log imports a whole log.
func (cmd importCmd) log(c *command) error {
	if len(cmd.File) != 1 {
		return fault.New(fault.Invalid, "One log is imported, from one file.")
	}
	in, name := c.in, cmd.File[0]
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return fault.Wrap(fault.NotFound, "A file cannot be read: "+name, err)
		}
		defer f.Close()
		in = f
	}
	return c.withStore(func(s *store.Store) error {
		bar := c.progress("imported", 0)
		var counts logfile.Counts
		load := func(ctx context.Context) (err error) {
			counts, err = logfile.Read(ctx, s, actor(), c.now(), in, bar.show)
			if err == nil && cmd.DryRun {
				err = errDry
			}
			return err
		}
		err := s.InTx(c.ctx, load)
		bar.end()
		if err != nil && !errors.Is(err, errDry) {
			return err
		}
		for _, kind := range logfile.Kinds {
			if n := counts[kind]; n > 0 {
				fmt.Fprintf(c.out, "%s: %d\n", kind, n)
			}
		}
		if cmd.DryRun {
			fmt.Fprintln(c.out, "dry run: nothing was written; the counts say what would be")
		}
		return nil
	})
}

// errDry ends a transaction in which something was only tried.
var errDry = errors.New("dry run")

// research imports files of the research form.
func (cmd importCmd) research(c *command) error {
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
		files = append(files, research.File{Name: name, Reader: bufio.NewReader(f)})
	}
	return c.withStore(func(s *store.Store) (err error) {
		var report research.Report
		load := func(ctx context.Context) error {
			report, err = c.importer(s, cmd.Marking).Import(ctx, files, cmd.AllOrNothing)
			return err
		}
		if cmd.DryRun {
			err = s.InTx(c.ctx, func(ctx context.Context) error {
				if err := load(ctx); err != nil {
					return err
				}
				return errDry
			})
			if report.Dry = true; errors.Is(err, errDry) {
				err = nil
			}
		} else {
			err = load(c.ctx)
		}
		if err != nil {
			return err
		}
		if err := report.Print(c.out); err != nil {
			return err
		}
		return cmd.end(c, &report)
	})
}

func (c *command) importer(s *store.Store, marking string) *research.Importer {
	atlas := geo.Default()
	return &research.Importer{Store: s, Now: c.now, Marking: marking, Actor: actor(),
		Derive: func(rec *incidents.Record) incidents.Place { return incidents.Derive(atlas, rec) }}
}
