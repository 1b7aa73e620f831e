// Command makeland makes the land layer of the charts, data/land.json.gz, from
// Natural Earth 10 m land as the npm package world-atlas carries it (TopoJSON).
// The same input gives the same bytes, so a test can tell when it is stale.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
)

func main() {
	in := flag.String("in", "", "TopoJSON `file` with the object \"land\"")
	out := flag.String("out", "", "GeoJSON `file`, gzipped")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "makeland:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	raw, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	text, err := landJSON(raw)
	if err != nil {
		return fmt.Errorf("read %s: %w", in, err)
	}
	zipped, err := squeeze(text)
	if err != nil {
		return err
	}
	return os.WriteFile(out, zipped, 0o644)
}

// squeeze gzips with an empty header: no name and no time, so that the result
// depends on the text alone.
func squeeze(text []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
