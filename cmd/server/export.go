package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"strings"

	"interceptlog/internal/collection"
	"interceptlog/internal/export"
	"interceptlog/internal/fault"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/logfile"
	"interceptlog/internal/store"
)

type exportCmd struct {
	Format       string   `default:"geojson" help:"geojson, geojsons, geojsonl, gpkg, fgb, shp.zip, csv, tables.zip, xlsx or kml."`
	Collection   string   `default:"incidents" help:"incidents, incident_points, incident_tracks, incident_areas, contacts, lines, regions or places."`
	Manifest     string   `help:"Write what the file holds, with its SHA-256, to this file." placeholder:"FILE"`
	Region       []string `help:"baltic, black, norwegian or outside; several are parted by commas or given again, like all filters."`
	Severity     []string `help:"near_routine, serious or high_risk."`
	Deescalation []string `help:"not_required, awaiting, attempted, followed, followed_late, overdue or not_known."`
	Report       []string `help:"draft, submitted, verified, closed or retracted."`
	Nation       []string `help:"ISO 3166-1 alpha-2 code of either party, or NATO."`
	Aircraft     []string `sep:"none" help:"ICAO designator or name, of either party."`
	Behaviour    []string `help:"What was done."`
	Number       []string `help:"Single incidents, such as 2026-0012."`
	From         string   `help:"Incidents from this time on."`
	To           string   `help:"Incidents before this time."`
	Q            string   `name:"q" help:"Words to be found."`
	Bbox         string   `help:"west,south,east,north in degrees."`
	Exercise     string   `help:"include or only; without it exercise records are left out."`
	AsOf         string   `name:"as-of" aliases:"as_of" help:"The log as it stood at this moment."`
	Datetime     string   `help:"An instant or an interval of RFC 3339, such as 2024-01-01/.."`
	Filter       string   `help:"A filter of CQL2, such as \"severity = 'high_risk'\"."`
	Crs          string   `name:"crs" help:"Reference system, such as EPSG:3035."`
	Profile      string   `help:"full adds parties, claims, sources and contacts; log writes every record of the log as NDJSON." enum:",full,log" default:""`
}

func (exportCmd) Help() string {
	return `Writes a collection to standard output, with the same filters as the pages and
the API.

Examples:

    server export --data ./var --format geojson > incidents.geojson
    server export --data ./var --format geojson --region baltic --severity high_risk
    server export --data ./var --format gpkg --manifest log.json > log.gpkg
    server export --data ./var --collection contacts --format csv > contacts.csv
    server export --data ./var --as-of 2026-11-24T03:12Z --profile full > then.geojson
    server export --data ./var --profile log > log.ndjson

--profile log is the whole log in one file that import reads into an empty one:
policies, lines and their events, incidents, contacts, links and expectations,
exercise and retracted records included, each complete in its current revision.
` + logfile.LeftOut
}

// query is what an address would have.
func (cmd exportCmd) query() url.Values {
	v := url.Values{}
	for name, values := range map[string][]string{"region": cmd.Region, "severity": cmd.Severity, "deescalation": cmd.Deescalation, "report": cmd.Report,
		"nation": cmd.Nation, "aircraft": cmd.Aircraft, "behaviour": cmd.Behaviour, "number": cmd.Number, "from": {cmd.From}, "to": {cmd.To}, "q": {cmd.Q},
		"bbox": {cmd.Bbox}, "exercise": {cmd.Exercise}, "datetime": {cmd.Datetime}, "filter": {cmd.Filter}, "crs": {cmd.Crs}} {
		for _, s := range values {
			if s != "" {
				v.Add(name, s)
			}
		}
	}
	return v
}

// Run streams the export.
func (cmd exportCmd) Run(c *command) error {
	switch cmd.Profile {
	case "full":
		return cmd.runFull(c)
	case "log":
		return cmd.runLog(c)
	}
	j, err := cmd.job()
	if err != nil {
		var e *collection.ParameterError
		if errors.As(err, &e) {
			return &fault.Error{Kind: fault.Invalid, Msg: "The export cannot be made.", Fields: []fault.Field{{Name: "--" + e.Parameter, Msg: e.Msg}}}
		}
		return err
	}
	asOf, err := cmd.moment()
	if err != nil {
		return err
	}
	return c.withStore(func(s *store.Store) error {
		now, err := s.Settled(c.ctx)
		if err != nil {
			return err
		}
		j.Query.At = export.At(asOf, now)
		j.Query.Narrow.AsOf = j.Query.At.AsOf
		total, err := s.CountCases(c.ctx, j.Query.Narrow, j.Query.At)
		if err != nil {
			return err
		}
		bar := c.progress("exported", total)
		j.Progress = bar.show
		defer bar.end()
		w := bufio.NewWriterSize(c.out, 64<<10)
		m, err := export.Run(c.ctx, s, actor(), j, w)
		if err != nil {
			return err
		}
		if err := w.Flush(); err != nil {
			return err
		}
		if cmd.Manifest == "" {
			return nil
		}
		m.File = cmd.Collection + "." + j.Format.Ext
		raw, err := json.MarshalIndent(m, "", "  ")
		if err != nil {
			return err
		}
		return os.WriteFile(cmd.Manifest, append(raw, '\n'), 0o644)
	})
}

// job reads what is asked for.
func (cmd exportCmd) job() (export.Job, error) {
	var j export.Job
	var ok bool
	if j.Format, ok = export.ByExt(cmd.Format); !ok {
		var all []string
		for _, f := range export.Formats() {
			all = append(all, f.Ext)
		}
		return j, unknownFormat(cmd.Format, strings.Join(all, ", "))
	}
	if j.Collection, ok = collection.ByID(cmd.Collection); !ok {
		var all []string
		for _, col := range collection.All() {
			all = append(all, col.ID)
		}
		return j, &fault.Error{Kind: fault.Invalid, Msg: "The export cannot be made.", Fields: []fault.Field{{Name: "--collection", Msg: "“" + cmd.Collection + "” is none; accepted: " + strings.Join(all, ", ") + "."}}}
	}
	v := cmd.query()
	var err error
	if j.Query, err = collection.ReadQuery(j.Collection, v); err != nil {
		return j, err
	}
	if j.System, err = collection.ReadSystem("crs", cmd.Crs, cmd.Crs != ""); err != nil {
		return j, err
	}
	j.Filter = v.Encode()
	return j, j.Check()
}

// moment is the one of --as-of; 0 for now.
func (cmd exportCmd) moment() (incidents.Millis, error) {
	f, err := incidents.ParseFilter(url.Values{"as_of": {cmd.AsOf}})
	return f.AsOf, err
}

// runFull streams incidents with everything that belongs to them.
func (cmd exportCmd) runFull(c *command) error {
	if cmd.Format != "geojson" || cmd.Collection != "incidents" {
		return &fault.Error{Kind: fault.Invalid, Msg: "The export cannot be made.", Fields: []fault.Field{{Name: "--profile", Msg: "full is there for incidents as geojson only."}}}
	}
	v := cmd.query()
	v.Set("as_of", cmd.AsOf)
	f, err := incidents.ParseFilter(v)
	if err != nil {
		return err
	}
	return c.withStore(func(s *store.Store) error {
		w := bufio.NewWriterSize(c.out, 64<<10)
		if _, err := geojson.Export(c.ctx, s, actor(), f, hotline.At(export.At(f.AsOf, incidents.MillisOf(c.now()))), geojson.Options{Full: true}, w); err != nil {
			return err
		}
		return w.Flush()
	})
}

// runLog streams every record of the log.
func (cmd exportCmd) runLog(c *command) error {
	if len(cmd.query()) > 0 || cmd.Manifest != "" {
		return &fault.Error{Kind: fault.Invalid, Msg: "The export cannot be made.", Fields: []fault.Field{{Name: "--profile", Msg: "log writes the whole log, and its last line says what the file holds; accepted beside it: --as-of."}}}
	}
	asOf, err := cmd.moment()
	if err != nil {
		return err
	}
	return c.withStore(func(s *store.Store) error {
		head, err := s.ChainHead(c.ctx)
		if err != nil {
			return err
		}
		at := export.At(asOf, max(incidents.MillisOf(c.now()), incidents.Millis(head.At)))
		bar := c.progress("exported", 0)
		defer bar.end()
		w := bufio.NewWriterSize(c.out, 64<<10)
		if _, err := logfile.Write(c.ctx, s, actor(), version(), at.AsOf, w, bar.show); err != nil {
			return err
		}
		return w.Flush()
	})
}
