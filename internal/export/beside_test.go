package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	_ "modernc.org/sqlite" // the driver

	"interceptlog/internal/access"
	"interceptlog/internal/collection"
	"interceptlog/internal/export"
	"interceptlog/internal/feature"
	"interceptlog/internal/format/formattest"
	"interceptlog/internal/geo"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/research"
	"interceptlog/internal/store"
	"interceptlog/internal/store/sqlite"
	"interceptlog/testdata"
)

// known is when the log of these tests came to know what it holds.
var known = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

// sampleLog is a folder with the 115 real records, the lines and the contacts.
var sampleLog = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "interceptlog-export-"); err != nil {
		return "", err
	}
	made = dir
	now := func() time.Time { return known }
	st, err := sqlite.Open(dir, sqlite.Options{Now: now})
	if err != nil {
		return dir, err
	}
	defer st.Close()
	im := &research.Importer{Store: st, Now: now, Marking: "NATO UNCLASSIFIED", Actor: access.Actor{Name: "cli:test", Role: access.Administrator},
		Derive: func(rec *incidents.Record) incidents.Place { return incidents.Derive(geo.Default(), rec) }}
	for _, name := range []string{"incidents.ndjson", "hotline.ndjson"} {
		f, err := testdata.Research.Open("research/" + name)
		if err != nil {
			return dir, err
		}
		defer f.Close()
		if report, err := im.Import(context.Background(), []research.File{{Name: name, Reader: f}}, false); err != nil || report.Failed() {
			return dir, fmt.Errorf("import %s: %w %+v", name, err, report.Problems)
		}
	}
	return dir, nil
})

// made is that folder, empty until a test asked for it.
var made string

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(made)
	os.Exit(code)
}

// log opens the log; what tests do to it is an entry of the audit chain.
func log(t testing.TB) *store.Store {
	t.Helper()
	dir, err := sampleLog()
	if err != nil {
		t.Fatal(err)
	}
	st, err := sqlite.Open(dir, sqlite.Options{Now: func() time.Time { return known.Add(time.Minute) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// file exports incidents into a file and gives its path.
func file(t testing.TB, st *store.Store, ext string, change func(*export.Job)) (string, export.Manifest) {
	t.Helper()
	j := job(t, "incidents", ext)
	change(&j)
	var b bytes.Buffer
	m, err := export.Run(t.Context(), st, access.Actor{Name: "x"}, j, &b)
	if err != nil {
		t.Fatal(err)
	}
	return formattest.File(t, ext, b.Bytes()), m
}

// table is a CSV table of the ZIP.
type table struct {
	head []string
	rows [][]string
}

func (t *table) column(name string) int { return slices.Index(t.head, name) }

// values are the cells of the columns of each row, with a space between.
func (t *table) values(columns ...string) (out []string) {
	for _, row := range t.rows {
		var cells []string
		for _, c := range columns {
			cells = append(cells, row[t.column(c)])
		}
		out = append(out, strings.Join(cells, " "))
	}
	return out
}

// dataPackage is what a test reads of datapackage.json.
type dataPackage struct {
	Resources []struct {
		Name, Path string
		Schema     struct {
			Fields []struct {
				Name, Type  string
				Constraints struct {
					Required bool
					Enum     []string
				}
			}
			PrimaryKey  []string
			ForeignKeys []struct {
				Fields    []string
				Reference struct {
					Resource string
					Fields   []string
				}
			}
		}
	}
}

// unpack reads the tables, and looks whether each is as the package says: its
// columns, the type of each cell, codes, keys that name one row, and references
// that lead to one.
func unpack(t *testing.T, path string) map[string]*table {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	tables := map[string]*table{}
	var doc dataPackage
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if name, ok := strings.CutSuffix(f.Name, ".csv"); ok {
			rows, err := csv.NewReader(r).ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			tables[name] = &table{rows[0], rows[1:]}
		} else if err := json.NewDecoder(r).Decode(&doc); err != nil {
			t.Fatal(err)
		}
	}
	if len(doc.Resources) != len(tables) {
		t.Errorf("%d tables, the package knows of %d", len(tables), len(doc.Resources))
	}
	for _, r := range doc.Resources {
		tab := tables[r.Name]
		for i, f := range r.Schema.Fields {
			if tab.head[i] != f.Name {
				t.Fatalf("%s: column %d is %s, the package says %s", r.Name, i, tab.head[i], f.Name)
			}
			for _, row := range tab.rows {
				if !fits(row[i], f.Type) || f.Constraints.Required && row[i] == "" || f.Constraints.Enum != nil && row[i] != "" && !slices.Contains(f.Constraints.Enum, row[i]) {
					t.Errorf("%s: %s is %q, which the package does not allow", r.Name, f.Name, row[i])
				}
			}
		}
		keys := tab.values(r.Schema.PrimaryKey...)
		if slices.Sort(keys); len(slices.Compact(slices.Clone(keys))) != len(tab.rows) || len(r.Schema.PrimaryKey) == 0 {
			t.Errorf("%s: the key %v does not name each of %d rows", r.Name, r.Schema.PrimaryKey, len(tab.rows))
		}
		for _, k := range r.Schema.ForeignKeys {
			there := tables[k.Reference.Resource].values(k.Reference.Fields...)
			for _, v := range tab.values(k.Fields...) {
				if !slices.Contains(there, v) {
					t.Errorf("%s: %v is %q, which %s lacks", r.Name, k.Fields, v, k.Reference.Resource)
				}
			}
		}
	}
	return tables
}

// fits tells whether a cell is empty or of a type of a Table Schema.
func fits(cell, kind string) bool {
	var err error
	switch {
	case cell == "":
	case kind == "integer":
		_, err = strconv.ParseInt(cell, 10, 64)
	case kind == "number":
		_, err = strconv.ParseFloat(cell, 64)
	case kind == "boolean":
		return cell == "true" || cell == "false"
	case kind == "datetime":
		_, err = time.Parse(time.RFC3339, cell)
	}
	return err == nil
}

// lists gives what the records say, a text a row as the tables have it.
func lists(t *testing.T, st *store.Store, f incidents.Filter) map[string][]string {
	t.Helper()
	want := map[string][]string{}
	err := st.EachCase(t.Context(), f, hotline.At{Now: incidents.MillisOf(known)}, true, func(c *hotline.Case) error {
		id, r := string(c.Incident.ID), &c.Incident.Record
		add := func(name string, cells ...string) {
			cell := strings.Join(cells, " ")
			want[name] = append(want[name], id+" "+cell)
		}
		for side, p := range map[string]*incidents.Party{"intercepting": &r.Intercepting, "intercepted": &r.Intercepted} {
			for _, n := range p.Nations {
				add("nations", side, n)
			}
			for _, a := range p.Aircraft {
				count := ""
				if a.Count != nil {
					count = strconv.Itoa(*a.Count)
				}
				add("aircraft", side, a.Designator, a.Name, count)
			}
		}
		for _, b := range r.Behaviours {
			add("behaviours", b)
		}
		for _, c := range r.Claims {
			add("claims", c.Field, c.Value, c.Claimant, c.Source)
		}
		for _, s := range r.Sources {
			add("sources", s.Title, s.URL, s.Publisher, s.Date)
		}
		for _, s := range r.Searches {
			add("searches", s.Who, s.When, s.Where, s.Outcome)
		}
		for _, k := range c.Contacts {
			add("links", string(k.ID), k.LinkedAs.Relation)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// columns are those of a table that lists compares.
var columns = map[string][]string{"nations": {"side", "nation"}, "aircraft": {"side", "designator", "name", "count"}, "behaviours": {"behaviour"},
	"claims": {"field", "value", "claimant", "source"}, "sources": {"title", "url", "publisher", "date"}, "searches": {"who", "date", "place", "outcome"}, "links": {"contact_id", "relation"}}

// TestTablesJoinAgain: what the tables say of an incident by its key is what its
// record says, for every incident of a filter and of no other; GDAL counts as
// many rows.
func TestTablesJoinAgain(t *testing.T) {
	st := log(t)
	for _, c := range []struct {
		filter incidents.Filter
		crs    string
		count  int
	}{{incidents.Filter{}, "", 115}, {incidents.Filter{Regions: []string{"baltic"}}, "EPSG:3035", 48}} {
		path, m := file(t, st, "tables.zip", func(j *export.Job) {
			j.Query.Narrow = c.filter
			if c.crs != "" {
				j.System = system(t, c.crs)
			}
		})
		tables := unpack(t, path)
		if len(tables["incidents"].rows) != c.count || m.Count != c.count {
			t.Errorf("%d incidents, the manifest says %d, want %d", len(tables["incidents"].rows), m.Count, c.count)
		}
		if got := tables["incidents"].column("easting") >= 0; got != (c.crs != "") {
			t.Errorf("the columns are %v", tables["incidents"].head)
		}
		want := lists(t, st, c.filter)
		for name, cells := range columns {
			got := tables[name].values(append([]string{feature.IncidentKey}, cells...)...)
			slices.Sort(got)
			slices.Sort(want[name])
			if !slices.Equal(got, want[name]) || len(got) == 0 {
				t.Errorf("%s: %d rows, the records have %d", name, len(got), len(want[name]))
			}
		}
		for name, tab := range tables {
			if out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", "/vsizip/"+path+"/"+name+".csv"); !strings.Contains(out, fmt.Sprintf("Feature Count: %d\n", len(tab.rows))) {
				t.Errorf("%s: GDAL does not count %d rows: %s", name, len(tab.rows), out)
			}
		}
	}
}

func system(t testing.TB, name string) *crs.System {
	t.Helper()
	s, err := crs.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWhatStandsBeside: contacts are left out for who may see incidents alone;
// with chosen properties a part comes with the property that it spells out, and
// the id with it; of another moment there is what was known then.
func TestWhatStandsBeside(t *testing.T) {
	st := log(t)
	incidentsOnly := func(j *export.Job) { j.Alone = true }
	picked := func(names ...string) func(*export.Job) {
		return func(j *export.Job) {
			for i, p := range j.Collection.Properties {
				if slices.Contains(names, p.Name) {
					j.Pick = append(j.Pick, i)
				}
			}
		}
	}
	parts := "aircraft,behaviours,claims,nations,searches,sources"
	for name, c := range map[string]struct {
		change func(*export.Job)
		want   string
		head   string
	}{
		"all":         {func(*export.Job) {}, "contacts,incidents,links," + parts, ""},
		"alone":       {incidentsOnly, "incidents," + parts, ""},
		"picked":      {picked("title", "source_count"), "contacts,incidents,links,sources", "id,title,source_count,geometry_wkt,longitude,latitude"},
		"picked both": {func(j *export.Job) { picked("severity")(j); j.Alone = true }, "incidents", "severity,geometry_wkt,longitude,latitude"},
		"other":       {func(j *export.Job) { j.Collection, _ = collection.ByID("incident_points") }, "incident_points", ""},
		"lines":       {func(j *export.Job) { j.Collection, _ = collection.ByID("lines") }, "lines", ""},
	} {
		t.Run(name, func(t *testing.T) {
			path, _ := file(t, st, "tables.zip", c.change)
			z, err := zip.OpenReader(path)
			if err != nil {
				t.Fatal(err)
			}
			defer z.Close()
			var names []string
			for _, f := range z.File {
				if name, ok := strings.CutSuffix(f.Name, ".csv"); ok {
					names = append(names, name)
				}
			}
			slices.Sort(names)
			want := strings.Split(c.want, ",")
			slices.Sort(want)
			if !slices.Equal(names, want) {
				t.Errorf("tables %v, want %v", names, want)
			}
			if r, err := z.Open("incidents.csv"); c.head != "" && err == nil {
				raw, err := io.ReadAll(r)
				if head, _, _ := strings.Cut(string(raw), "\r\n"); head != c.head || err != nil {
					t.Errorf("columns %s, want %s (%v)", head, c.head, err)
				}
			}
		})
	}
	path, m := file(t, st, "tables.zip", func(j *export.Job) {
		j.Query.At = export.At(incidents.MillisOf(known.Add(-time.Hour)), 0)
		j.Query.Narrow.AsOf = j.Query.At.AsOf
	})
	for name, tab := range unpack(t, path) {
		if len(tab.rows) > 0 || m.Count > 0 {
			t.Errorf("%s had %d rows before anything was known", name, len(tab.rows))
		}
	}
}

// TestGeoPackageOfIncidents: valid with all its tables, in degrees and in metres,
// and GDAL finds out which table belongs to which.
func TestGeoPackageOfIncidents(t *testing.T) {
	st := log(t)
	path, _ := file(t, st, "gpkg", func(*export.Job) {})
	formattest.Valid(t, path)
	metres, _ := file(t, st, "gpkg", func(j *export.Job) { j.System = system(t, "EPSG:3035") })
	formattest.Valid(t, metres)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for question, want := range map[string]int{
		`select count(*) from pragma_foreign_key_check`: 0,
		`select count(*) from gpkg_contents`:            9,
		`select count(*) from incidents i join links l on l.incident_id = i.id join contacts c on c.id = l.contact_id`: len(lists(t, st, incidents.Filter{})["links"]),
		`select count(*) from incidents i where source_count <> (select count(*) from sources where incident_id = id)`: 0,
		`select count(*) from incidents i where claim_count <> (select count(*) from claims where incident_id = id)`:   0,
		`select count(*) from gpkg_data_columns where title is null or description is null or instr(title, '_') > 0`:   0,
	} {
		var got int
		if err := db.QueryRow(question).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, want %d (%v)", question, got, want, err)
		}
	}
	want := strings.Fields(`aircraft.incident_id>incidents.id behaviours.incident_id>incidents.id claims.incident_id>incidents.id links.contact_id>contacts.id
		links.incident_id>incidents.id nations.incident_id>incidents.id searches.incident_id>incidents.id sources.incident_id>incidents.id`)
	if got := formattest.Relations(t, path); !slices.Equal(got, want) {
		t.Errorf("GDAL finds %v, want %v", got, want)
	}
}

// TestWorkbookOfIncidents: a sheet a table, and each with its types.
func TestWorkbookOfIncidents(t *testing.T) {
	st := log(t)
	path, _ := file(t, st, "xlsx", func(*export.Job) {})
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), ","); got != "incidents,contacts,links,nations,aircraft,behaviours,claims,sources,searches,about" {
		t.Errorf("sheets %s", got)
	}
	want := lists(t, st, incidents.Filter{})
	for name := range columns {
		if rows, err := f.GetRows(name); err != nil || len(rows) != len(want[name])+1 {
			t.Errorf("%s has %d rows, the records have %d (%v)", name, len(rows), len(want[name]), err)
		}
	}
}

// TestNothingIsLeftBehind: the rows that wait lie in temporary files, which go
// with the export, whole or cut.
func TestNothingIsLeftBehind(t *testing.T) {
	st := log(t)
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, ext := range []string{"tables.zip", "gpkg", "xlsx", "kml", "shp.zip", "fgb"} {
		for _, room := range []int{1 << 30, 3000} {
			_, err := export.Run(t.Context(), st, access.Actor{Name: "x"}, job(t, "incidents", ext), &formattest.Full{Room: room})
			if (err != nil) != (room == 3000) {
				t.Errorf("%s into %d bytes: %v", ext, room, err)
			}
			if left := formattest.Temporaries(t, dir); len(left) > 0 {
				t.Errorf("%s into %d bytes leaves %v", ext, room, left)
			}
		}
	}
}
