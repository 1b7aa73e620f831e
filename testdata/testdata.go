// Package testdata holds the sample records that the binary carries, so that
// `serve --sample` needs no file beside it. The golden files of the tests lie
// beside them; README.md says where everything came from.
package testdata

import "embed"

// Research holds research/incidents.ndjson (115 real incidents) and
// research/hotline.ndjson (15 lines and 43 contacts) in the research form.
//
//go:embed research/*.ndjson
var Research embed.FS
