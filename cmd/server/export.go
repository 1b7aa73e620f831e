package main

import (
	"bufio"
	"net/url"

	"interceptlog/internal/format/geojson"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

type exportCmd struct {
	Format       string   `default:"geojson" help:"geojson."`
	Region       []string `help:"baltic, black, norwegian or outside; several are parted by commas or given again, like all filters."`
	Severity     []string `help:"near_routine, serious or high_risk."`
	Deescalation []string `help:"not_required, awaiting, attempted, followed, followed_late, overdue or not_known."`
	Report       []string `help:"draft, submitted, verified, closed or retracted."`
	Nation       []string `help:"ISO 3166-1 alpha-2 code of either party, or NATO."`
	Aircraft     []string `sep:"none" help:"ICAO designator or name, of either party."`
	Behaviour    []string `help:"What was done."`
	From         string   `help:"Incidents from this time on."`
	To           string   `help:"Incidents before this time."`
	Q            string   `name:"q" help:"Words to be found."`
	Bbox         string   `help:"west,south,east,north in degrees."`
	Exercise     string   `help:"include or only; without it exercise records are left out."`
	AsOf         string   `name:"as-of" aliases:"as_of" help:"The log as it stood at this moment."`
	Profile      string   `help:"full adds parties, claims, sources and contacts." enum:",full" default:""`
}

func (exportCmd) Help() string {
	return `Writes the incidents to standard output, with the same filters as the pages.

Examples:

    server export --data ./var --format geojson > incidents.geojson
    server export --data ./var --format geojson --region baltic --severity high_risk
    server export --data ./var --as-of 2026-11-24T03:12Z --profile full > then.geojson`
}

// filter is the same object that a page reads from its address.
func (cmd exportCmd) filter() (incidents.Filter, error) {
	v := url.Values{"region": cmd.Region, "severity": cmd.Severity, "deescalation": cmd.Deescalation, "report": cmd.Report,
		"nation": cmd.Nation, "aircraft": cmd.Aircraft, "behaviour": cmd.Behaviour, "from": {cmd.From}, "to": {cmd.To}, "q": {cmd.Q},
		"bbox": {cmd.Bbox}, "exercise": {cmd.Exercise}, "as_of": {cmd.AsOf}}
	return incidents.ParseFilter(v)
}

// Run streams the export.
func (cmd exportCmd) Run(c *command) error {
	if cmd.Format != "geojson" {
		return unknownFormat(cmd.Format, "geojson")
	}
	f, err := cmd.filter()
	if err != nil {
		return err
	}
	at := hotline.At{AsOf: f.AsOf, Now: incidents.MillisOf(c.now())}
	if f.AsOf != 0 {
		at.Now = f.AsOf
	}
	return c.withStore(func(s *store.Store) error {
		w := bufio.NewWriterSize(c.out, 64<<10)
		if _, err := geojson.Export(c.ctx, s, actor(), f, at, geojson.Options{Full: cmd.Profile == "full"}, w); err != nil {
			return err
		}
		return w.Flush()
	})
}
