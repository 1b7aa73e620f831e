package shapefile

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"interceptlog/internal/geo/crs"
)

// What a ZIP may hold. Nothing of it is written to the disk.
const (
	maxEntries  = 1000
	maxUnpacked = 1 << 30 // bytes of all that is read, 1 GB
	maxRatio    = 500     // bytes out of one, where more than freeRatio comes out
	freeRatio   = 16 << 20
	maxSmall    = 1 << 20 // of .prj, .cpg and the table of fields
)

// archive is the sets in a ZIP.
type archive struct {
	sets   []*source
	fields map[string]map[string]property // layer → column → what it is
}

// property is what a table of fields says of a column.
type property struct {
	name string
	list bool
}

// source is one set: its table, and what else there is of it.
type source struct {
	name               string
	dbf, shp, prj, cpg *zip.File
	names              map[string]property
}

func openArchive(file io.ReaderAt, size int64) (*archive, error) {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, err
	}
	if len(z.File) > maxEntries {
		return nil, fmt.Errorf("the ZIP has %d files, more than %d", len(z.File), maxEntries)
	}
	entries := map[string]*zip.File{}
	var order []string
	total := uint64(0)
	for _, f := range z.File {
		if f.NonUTF8 {
			if f.Name, err = charmap.CodePage437.NewDecoder().String(f.Name); err != nil {
				return nil, fmt.Errorf("the name of a file: %w", err)
			}
		}
		if strings.HasSuffix(f.Name, "/") || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue // a folder; what the Finder adds
		}
		low := strings.ToLower(f.Name)
		switch {
		case !fs.ValidPath(f.Name) || strings.ContainsAny(f.Name, "\\:\x00"):
			return nil, fmt.Errorf("the ZIP holds a file with the name %q", f.Name)
		case f.Flags&1 != 0:
			return nil, fmt.Errorf("%s is encrypted", f.Name)
		case entries[low] != nil:
			return nil, fmt.Errorf("the ZIP holds %s twice", f.Name)
		case f.UncompressedSize64 > maxUnpacked || total+f.UncompressedSize64 > maxUnpacked:
			return nil, fmt.Errorf("the ZIP would unpack to more than %d MB", maxUnpacked>>20)
		case f.UncompressedSize64 > freeRatio && f.UncompressedSize64/maxRatio > f.CompressedSize64:
			return nil, fmt.Errorf("%s would unpack to more than %d times its size", f.Name, maxRatio)
		}
		total += f.UncompressedSize64
		entries[low] = f
		order = append(order, low)
	}
	a := &archive{fields: map[string]map[string]property{}}
	for _, low := range order {
		if base, ok := strings.CutSuffix(low, fieldsFile); ok {
			if a.fields[base], err = readFields(entries[low]); err != nil {
				return nil, err
			}
		}
	}
	for _, low := range order {
		if base, ok := strings.CutSuffix(low, ".dbf"); ok {
			f := entries[low]
			s := &source{name: f.Name[:len(f.Name)-len(".dbf")], dbf: f, shp: entries[base+".shp"], prj: entries[base+".prj"], cpg: entries[base+".cpg"]}
			s.names = a.fields[strings.ToLower(a.layerOf(s.name))]
			a.sets = append(a.sets, s)
		}
	}
	return a, nil
}

// layerOf is the layer that a set is part of, where this package wrote several
// for one; otherwise the set itself.
func (a *archive) layerOf(set string) string {
	if a.fields[strings.ToLower(set)] != nil {
		return set
	}
	for _, suffix := range suffixes {
		if base, ok := strings.CutSuffix(set, suffix); ok && a.fields[strings.ToLower(base)] != nil {
			return base
		}
	}
	return set
}

// entry opens a file of the ZIP. It gives no more bytes than the directory of the
// ZIP says, whatever the file itself unpacks to.
func entry(f *zip.File) (io.ReadCloser, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(r, int64(f.UncompressedSize64)), r}, nil
}

// small reads one of the small files; nil is an empty one.
func small(f *zip.File) ([]byte, error) {
	if f == nil {
		return nil, nil
	}
	if f.UncompressedSize64 > maxSmall {
		return nil, fmt.Errorf("%s has more than %d kB", f.Name, maxSmall>>10)
	}
	r, err := entry(f)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return raw, nil
}

// readFields reads which property each column is.
func readFields(f *zip.File) (map[string]property, error) {
	raw, err := small(f)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path.Base(f.Name), err)
	}
	out := map[string]property{}
	for i, row := range rows {
		if len(row) < 3 || i == 0 && row[0] != "column" {
			return nil, fmt.Errorf("%s is no table of fields: its columns are column, property, type …", path.Base(f.Name))
		}
		if i > 0 {
			out[row[0]] = property{name: row[1], list: strings.HasPrefix(row[2], "list ")}
		}
	}
	return out, nil
}

// authority finds the code of the whole system, which stands at the end of its
// definition.
var authority = regexp.MustCompile(`(?i)AUTHORITY\[\s*"EPSG"\s*,\s*"?(\d{1,9})"?\s*\]\s*\]\s*$`)

// system reads the reference system. Definitions by Esri have no code.
func (s *source) system() (wkt string, epsg int, err error) {
	raw, err := small(s.prj)
	if err != nil {
		return "", 0, err
	}
	wkt = strings.TrimSpace(strings.TrimPrefix(string(raw), "\ufeff"))
	if m := authority.FindStringSubmatch(wkt); m != nil {
		epsg, err = strconv.Atoi(m[1])
		return wkt, epsg, err
	}
	return wkt, knownAs(wkt), nil
}

// knownAs is the code of a definition without one: that of the system that Esri
// defines so, or of WGS 84, which is known by its datum; 0 is none.
func knownAs(wkt string) int {
	for _, s := range crs.All() {
		if s.ESRI == wkt {
			return s.EPSG
		}
	}
	if strings.HasPrefix(wkt, `GEOGCS[`) && strings.Contains(wkt, `DATUM["D_WGS_1984"`) {
		return 4326
	}
	return 0
}

var errNoRows = errors.New("the table ends before its last row")
