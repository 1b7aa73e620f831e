package main

import (
	"fmt"
	"net/http"
	"time"

	"interceptlog/internal/replica"
)

type syncCmd struct {
	Address string `arg:"" help:"A collection: https://HOST/ogc/collections/incidents, perhaps with a filter behind it."`
	File    string `arg:"" help:"The GeoPackage in which the copy is kept; it is made when it does not exist." type:"path"`
	Token   string `env:"INTERCEPTLOG_TOKEN" help:"Token of a user. Give it in the environment: a command line can be read by others." placeholder:"TOKEN"`
}

func (syncCmd) Help() string {
	return `Keeps a copy of the incidents of a server in a GeoPackage: the first time it takes
all, later what has changed. The old file stands until the new one is whole.

Examples:

    INTERCEPTLOG_TOKEN=ilt_… server sync https://log.example/ogc/collections/incidents copy.gpkg
    server sync 'http://127.0.0.1:8080/ogc/collections/incidents?region=baltic' baltic.gpkg`
}

// Run brings the copy up to date.
func (cmd syncCmd) Run(c *command) error {
	bar := c.progress("taken", 0)
	sum, err := replica.Sync(c.ctx, replica.Server{Address: cmd.Address, Token: cmd.Token, Client: &http.Client{Timeout: 10 * time.Minute}}, cmd.File, bar.show)
	bar.end()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s: %d added, %d changed, %d gone; %d features as of %s\n", cmd.File, sum.Added, sum.Changed, sum.Gone, sum.Features, sum.AsOf)
	return err
}
