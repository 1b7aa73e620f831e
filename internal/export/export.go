// Package export writes collections into files: one reading of the log, one
// format, an entry in the audit chain at its start and its end, and a manifest
// that says what the file holds.
//
// What a file looks like is internal/format's, which features there are is
// internal/collection's.
package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"

	"interceptlog/internal/access"
	"interceptlog/internal/collection"
	"interceptlog/internal/fault"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/csv"
	"interceptlog/internal/format/flatgeobuf"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/format/geojsonseq"
	"interceptlog/internal/format/gpkg"
	"interceptlog/internal/format/kml"
	"interceptlog/internal/format/shapefile"
	"interceptlog/internal/format/tables"
	"interceptlog/internal/format/xlsx"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Formats are all that there are, in the order in which they are offered.
func Formats() []format.Format {
	return []format.Format{geojson.Format, geojsonseq.Format, geojsonseq.Lines, gpkg.Format, flatgeobuf.Format, shapefile.Format, csv.Format, tables.Format, xlsx.Format, kml.Format}
}

// ByExt finds a format by how a file's name ends.
func ByExt(ext string) (format.Format, bool) {
	for _, f := range Formats() {
		if f.Ext == ext {
			return f, true
		}
	}
	return format.Format{}, false
}

// Source is what an export reads, and where it says so.
type Source interface {
	collection.Source
	Audit(ctx context.Context, actor access.Actor, action, subject string, detail any) error
	ChainHead(ctx context.Context) (access.Entry, error)
}

// Job is one export.
type Job struct {
	Collection *collection.Collection
	Format     format.Format
	Query      collection.Query // At settles the moment
	Filter     string           // the query as an address has it
	System     *crs.System      // nil: CRS84
	Pick       []int            // of the collection's properties; nil: all
	Marking    string
	Alone      bool           // without the contacts of the incidents, which no filter of incidents covers
	Progress   func(rows int) // called now and then; may be nil
}

// audited is what the audit chain keeps of an export.
type audited struct {
	Filter   string `json:"filter"`
	Format   string `json:"format"`
	AsOf     string `json:"as_of"`
	Count    int    `json:"count"`
	SHA256   string `json:"sha256,omitempty"`
	Complete bool   `json:"complete"`
}

// Manifest says what a file holds (see Verify).
type Manifest struct {
	File       string `json:"file"`
	Collection string `json:"collection"`
	MediaType  string `json:"media_type"`
	Filter     string `json:"filter"`
	AsOf       string `json:"as_of"`
	Count      int    `json:"count"`
	Bytes      int64  `json:"bytes"`
	SHA256     string `json:"sha256"`
	Chain      Chain  `json:"chain"`
	Address    string `json:"address,omitempty"` // where the same bytes come from
}

// Chain is where the audit chain stood.
type Chain struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// Check refuses what a format cannot hold, before anything is written.
func (j *Job) Check() error {
	if j.Format.WGS84 && j.System != nil && !(j.System.Degrees && j.System.EPSG == 4326) {
		return &collection.ParameterError{Parameter: "crs", Value: j.System.URI, Accepted: crs.CRS84.URI,
			Msg: j.Format.Title + " holds longitude and latitude on WGS 84 only; accepted as crs: " + crs.CRS84.URI + "."}
	}
	return nil
}

// Run writes the file, and gives its manifest. Both its start and its end are in
// the audit chain, the end even when the reader has gone away. After an error the
// caller must make sure that what was written looks cut.
func Run(ctx context.Context, src Source, actor access.Actor, j Job, w io.Writer) (m Manifest, err error) {
	if err := j.Check(); err != nil {
		return m, err
	}
	head, err := src.ChainHead(ctx)
	if err != nil {
		return m, err
	}
	note := audited{Filter: j.Filter, Format: j.Format.Ext, AsOf: incidents.FormatInstant(j.Query.At.AsOf)}
	if err := src.Audit(ctx, actor, "export.start", j.Collection.ID, note); err != nil {
		return m, err
	}
	defer func() {
		note.Count, note.SHA256, note.Complete = m.Count, m.SHA256, err == nil
		if aerr := src.Audit(context.WithoutCancel(ctx), actor, "export.end", j.Collection.ID, note); err == nil {
			err = aerr
		}
	}()
	sum := &summed{w: w, hash: sha256.New()}
	m = Manifest{Collection: j.Collection.ID, MediaType: j.Format.MediaType, Filter: j.Filter, AsOf: note.AsOf, Chain: Chain{head.Seq, head.Hash}}
	m.Count, err = j.write(ctx, src, sum)
	m.Bytes, m.SHA256 = sum.n, hex.EncodeToString(sum.hash.Sum(nil))
	return m, err
}

// write gives the number of features of the collection; what stands beside them
// in a file of several layers is not counted.
func (j *Job) write(ctx context.Context, src Source, w io.Writer) (n int, err error) {
	out := j.Format.New(w, format.Meta{AsOf: j.Query.At.AsOf, Filter: j.Filter, Marking: j.Marking})
	defer func() {
		if err != nil {
			out.Abort()
		}
	}()
	more, err := j.besides()
	if err != nil {
		return 0, err
	}
	defer more.drop()
	pick := j.Pick
	if more.any() && pick != nil && !slices.Contains(pick, 0) {
		pick = append([]int{0}, pick...) // the id, by which the tables beside it are joined
	}
	layer := j.Collection.Layer(j.System)
	if pick != nil {
		layer.Properties = nil
		for _, i := range pick {
			layer.Properties = append(layer.Properties, j.Collection.Properties[i])
		}
	}
	if len(layer.Properties) > 0 && layer.Properties[0].Name == idColumn {
		layer.Key = []string{idColumn}
	}
	if err := out.Begin(layer); err != nil {
		return 0, err
	}
	_, err = j.Collection.Read(ctx, src, j.Query, func(f *feature.Feature) error {
		if n++; j.Progress != nil && n%100 == 0 {
			j.Progress(n)
		}
		if err := more.take(f); err != nil {
			return err
		}
		return out.Write(j.of(f, pick))
	})
	if err != nil {
		return n, err
	}
	if err := more.write(ctx, src, j, out); err != nil {
		return n, err
	}
	if j.Progress != nil {
		j.Progress(n)
	}
	return n, out.Close()
}

// of gives a feature in the job's reference system, with the properties picked.
func (j *Job) of(f *feature.Feature, pick []int) *feature.Feature {
	out := *f
	if j.System != nil && f.Geometry != nil {
		out.Geometry = j.System.Project(f.Geometry)
	}
	if pick != nil {
		out.Values = make([]feature.Value, len(pick))
		for i, k := range pick {
			out.Values[i] = f.Values[k]
		}
	}
	return &out
}

// At is the moment of an export: the one asked for, or now.
func At(asOf, now incidents.Millis) hotline.At {
	if asOf != 0 {
		now = asOf
	}
	return hotline.At{AsOf: now, Now: now}
}

// UnknownFormat says that no file of such an ending is made.
func UnknownFormat(ext string) error {
	list := ""
	for i, f := range Formats() {
		if i > 0 {
			list += ", "
		}
		list += f.Ext
	}
	return &fault.Error{Kind: fault.NotFound, Msg: "There is no format “" + ext + "”; there are " + list + "."}
}
