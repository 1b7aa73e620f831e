package main

import (
	"fmt"
	"os"

	"interceptlog/internal/export"
)

type verifyCmd struct {
	File     string `arg:"" type:"existingfile" help:"A file that was exported."`
	Manifest string `arg:"" type:"existingfile" help:"Its manifest: the address of the file with .manifest.json behind it."`
}

func (verifyCmd) Help() string {
	return `Compares an exported file with its manifest. It needs no log and no server.

Examples:

    server verify incidents.gpkg incidents.gpkg.manifest.json`
}

// Run compares.
func (cmd verifyCmd) Run(c *command) error {
	mf, err := os.Open(cmd.Manifest)
	if err != nil {
		return err
	}
	defer mf.Close()
	m, err := export.ReadManifest(mf)
	if err != nil {
		return err
	}
	file, err := os.Open(cmd.File)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := export.Verify(m, file); err != nil {
		return err
	}
	filter := m.Filter
	if filter == "" {
		filter = "none"
	}
	_, err = fmt.Fprintf(c.out, "%s holds what its manifest says: %d features of %s, as of %s, filter %s; chain head %d %s\n", cmd.File, m.Count, m.Collection, m.AsOf, filter, m.Chain.Seq, m.Chain.Hash)
	return err
}
