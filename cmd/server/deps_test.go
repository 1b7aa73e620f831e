package main

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// arrows is who may import whom within the module; what is not listed is not
// allowed. Arrows point down only: the web never sees the store, the store
// never sees the web, and only this package sees both.
var arrows = map[string]string{
	"cmd/server":                 "replica collection export fault geo incidents intake hotline watch access store store/sqlite research rowreport imports logfile generate format/geojson format/pack web testdata alarm",
	"internal/fault":             "",
	"internal/geo":               "",
	"internal/geo/crs":           "geo",
	"internal/geo/makeland":      "",
	"internal/access":            "fault",
	"internal/preview":           "",
	"internal/aircraft":          "",
	"internal/intake":            "geo incidents aircraft",
	"internal/incidents":         "fault geo access aircraft preview",
	"internal/hotline":           "fault access incidents geo",
	"internal/watch":             "fault access incidents hotline",
	"internal/store":             "fault geo access incidents hotline watch alarm",
	"internal/store/sqlite":      "fault geo store access incidents hotline watch alarm",
	"internal/store/storetest":   "fault geo access incidents hotline store watch alarm",
	"internal/imports":           "fault access feature format format/csv format/geojson format/geojsonseq format/gpkg format/shapefile geo/crs hotline incidents rowreport stated",
	"internal/logfile":           "access fault geo hotline incidents",
	"internal/extsort":           "",
	"internal/formula":           "",
	"internal/rowreport":         "formula",
	"internal/research":          "fault geo access incidents hotline rowreport testdata",
	"internal/format":            "feature geo/crs incidents",
	"internal/format/csv":        "feature format formula",
	"internal/format/formattest": "feature format format/geojson geo/crs hotline incidents",
	"internal/format/geojson":    "fault geo geo/crs access incidents hotline feature format",
	"internal/format/geojsonseq": "feature format format/geojson",
	"internal/format/kml":        "feature format incidents",
	"internal/format/xlsx":       "feature format incidents",
	"internal/format/tables":     "feature format format/csv incidents",
	"internal/format/pack":       "access formula incidents hotline",
	"internal/cql2":              "",
	"internal/feature":           "incidents hotline geo",
	"internal/stated":            "feature format hotline incidents",
	"internal/generate":          "access incidents hotline",
	"web":                        "export collection web/ogc fault formula geo incidents intake aircraft hotline watch access format/geojson format/pack imports rowreport format web/view web/assets alarm",
	"web/view":                   "aircraft fault geo incidents hotline watch access web/assets alarm",
	"internal/alarm":             "fault access incidents hotline",
	"web/assets":                 "",
	"web/assets/build":           "",
	"internal/collection":        "cql2 fault feature format geo geo/crs hotline incidents",
	"web/ogc":                    "access collection cql2 fault feature format format/geojson geo geo/crs hotline incidents stated web/view",
	"internal/format/gpkg":       "feature format geo/crs incidents",
	"internal/format/flatgeobuf": "extsort feature format geo/crs incidents",
	"internal/format/shapefile":  "feature format geo/crs incidents",
	"internal/replica":           "collection fault feature format format/geojson format/gpkg incidents",
	"internal/export":            "access collection extsort fault feature format format/csv format/flatgeobuf format/geojson format/geojsonseq format/gpkg format/kml format/shapefile format/tables format/xlsx geo/crs hotline incidents",
	"testdata":                   "",
}

// heavy are modules that only the named places may use, so that a newcomer knows
// where to look and a replacement is one change.
var heavy = map[string]string{
	"modernc.org/sqlite":                   "internal/store/sqlite internal/format/gpkg",
	"github.com/google/flatbuffers":        "internal/format/flatgeobuf",
	"github.com/evanw/esbuild":             "web/assets/build",
	"github.com/alecthomas/kong":           "cmd/server",
	"github.com/labstack/echo/v4":          "web web/ogc",
	"github.com/alexedwards/scs/v2":        "web internal/store",
	"golang.org/x/crypto/argon2":           "internal/access",
	"golang.org/x/image":                   "internal/preview",
	"github.com/peterstace/simplefeatures": "internal/cql2",
	"github.com/twpayne/go-kml/v3":         "internal/format/kml",
	"github.com/xuri/excelize/v2":          "internal/format/xlsx",
	"github.com/paulmach/orb/geojson":      "nowhere",
	"github.com/paulmach/orb/encoding/mvt": "nowhere",
}

func TestArrowsPointDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "interceptlog/...", "interceptlog/testdata").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for dec.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		seen++
		from := strings.TrimPrefix(p.ImportPath, "interceptlog/")
		allowed, listed := arrows[from]
		if !listed {
			t.Errorf("%s is not in the table of arrows: what lives there, and whom may it import?", from)
		}
		for _, imp := range p.Imports {
			if to, ok := strings.CutPrefix(imp, "interceptlog/"); ok && !allows(allowed, to) {
				t.Errorf("%s imports %s, which no arrow allows", from, to)
			}
			for module, home := range heavy {
				if (imp == module || strings.HasPrefix(imp, module+"/")) && !allows(home, from) {
					t.Errorf("%s imports %s; only %s may", from, imp, home)
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d packages were looked at", seen)
	}
}

func allows(list, to string) bool {
	for _, name := range strings.Fields(list) {
		if to == name || to == "internal/"+name {
			return true
		}
	}
	return false
}
