package formattest

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo/crs"
)

// GDAL runs a tool of GDAL and gives what it says. A complaint fails the test.
func GDAL(t testing.TB, tool string, args ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("GDAL is asked in the first time zone")
	}
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Fatal("install gdal-bin")
	}
	var out, complaints bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err = cmd.Run()
	for line := range strings.Lines(complaints.String()) {
		// The form in which a test asks for the answer has no type for times.
		if !strings.Contains(line, "The output driver does not natively support DateTime") {
			t.Errorf("%s %s: %s", tool, strings.Join(args, " "), line)
		}
	}
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", tool, strings.Join(args, " "), err, out.String())
	}
	return out.String()
}

// Lines gives the features of a layer as GDAL reads them, each as GeoJSON.
func Lines(t testing.TB, name, layer string, options ...string) []string {
	t.Helper()
	args := []string{"-f", "GeoJSONSeq", "/vsistdout/", name, layer, "-lco", "COORDINATE_PRECISION=9"}
	out := strings.TrimSpace(GDAL(t, "ogr2ogr", append(args, options...)...))
	if out == "" {
		return nil
	}
	return strings.Split(out, "\n")
}

// Rows are the features of a layer as GDAL reads them, in the order of their ids;
// options go to ogr2ogr.
func Rows(t testing.TB, path, layer string, options ...string) []*format.Record {
	t.Helper()
	records := Records(t, Lines(t, path, layer, options...))
	SortByID(records)
	return records
}

// python runs the system's Python, whose packages know GDAL, and gives what it
// says. It fails the test where they are missing.
func python(t testing.TB, args ...string) (said string, err error) {
	t.Helper()
	if testing.Short() {
		t.Skip("GDAL is asked in the first time zone")
	}
	const path = "/usr/bin/python3"
	if err := exec.Command(path, "-c", "import osgeo_utils.samples.validate_gpkg, osgeo.gdal").Run(); err != nil {
		t.Fatal("install gdal-bin, and python3-gdal with it")
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// Valid lets the validator of GDAL look at a GeoPackage: every requirement of the
// standard that it knows, warnings too.
func Valid(t testing.TB, path string) {
	t.Helper()
	if said, err := python(t, "-m", "osgeo_utils.samples.validate_gpkg", "-k", "--extra", "--warning-as-error", path); err != nil || said != "" {
		t.Errorf("the validator says (%v): %s", err, said)
	}
}

// relations asks GDAL which layers belong together.
const relations = `import sys
from osgeo import gdal
ds = gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR)
for name in ds.GetRelationshipNames() or []:
    r = ds.GetRelationship(name)
    print("%s.%s>%s.%s" % (r.GetRightTableName(), r.GetRightTableFields()[0], r.GetLeftTableName(), r.GetLeftTableFields()[0]))`

// Relations are those that GDAL finds in a file, each as table.column>table.column,
// in order.
func Relations(t testing.TB, path string) []string {
	t.Helper()
	said, err := python(t, "-c", relations, path)
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	lines := strings.Fields(said)
	slices.Sort(lines)
	return lines
}

// InUTM writes a point in zone 33 of UTM, looks whether GDAL knows the system, and
// gives the path.
func InUTM(t testing.TB, f format.Format, layer string) string {
	t.Helper()
	l := LayerOf(layer, format.Point)
	var err error
	if l.CRS, err = crs.Parse("EPSG:32633"); err != nil {
		t.Fatal(err)
	}
	path := Write(t, f, []format.Layer{l}, []feature.Feature{At(0, orb.Point{500_000, 6_000_000})})
	out := GDAL(t, "ogrinfo", "-ro", "-so", path, layer)
	for _, want := range []string{`ID["EPSG",32633]`, "Extent: (500000.000000, 6000000.000000)"} {
		if !strings.Contains(out, want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, out)
		}
	}
	return path
}
