package kml

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	gokml "github.com/twpayne/go-kml/v3"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/incidents"
)

// Format is KML 2.2.
var Format = format.Format{Ext: "kml", MediaType: "application/vnd.google-earth.kml+xml", Title: "KML (Google Earth)", WGS84: true,
	Limits: "Holds longitude and latitude on WGS 84 only; a list is one text, and readers may cut whole numbers to 32 bits.",
	New:    func(w io.Writer, m format.Meta) format.Writer { return NewWriter(w, m) }}

// Writer streams a layer as a document. Where a region stands in it, there is a
// folder a region: that of the first feature is streamed, and the others wait in
// temporary files.
type Writer struct {
	enc     *xml.Encoder
	out     *bufio.Writer
	meta    format.Meta
	layer   format.Single
	at      map[string]int // properties by name
	regions []string       // their codes, where there are folders
	first   *string        // the region whose folder is streamed
	waiting map[string]*waiting
}

// NewWriter gives a writer that writes to w.
func NewWriter(w io.Writer, m format.Meta) *Writer {
	out := bufio.NewWriterSize(w, 32<<10)
	return &Writer{out: out, enc: xml.NewEncoder(out), meta: m, at: map[string]int{}, waiting: map[string]*waiting{}}
}

var (
	root     = xml.StartElement{Name: xml.Name{Space: gokml.Namespace, Local: "kml"}}
	document = xml.StartElement{Name: xml.Name{Local: "Document"}}
	newline  = xml.CharData("\n")
)

// Begin writes the document up to its first placemark.
func (w *Writer) Begin(l format.Layer) error {
	if err := w.layer.BeginWGS84(l); err != nil {
		return err
	}
	schema := gokml.NamedSchema("properties", l.Name)
	for i, p := range l.Properties {
		w.at[p.Name] = i
		if p.Name == regionProperty && p.Kind == feature.Text {
			w.regions = p.Codes
		}
		schema.Append(gokml.SimpleField(p.Name, types[p.Kind], gokml.DisplayName(feature.Words(p.Name))))
	}
	elements := []gokml.Element{gokml.Name(l.Name), gokml.Description(w.about())}
	elements = append(elements, styles()...)
	elements = append(elements, gokml.ExtendedData(w.metaData()...), schema)
	for _, t := range []xml.Token{xml.ProcInst{Target: "xml", Inst: []byte(`version="1.0" encoding="UTF-8"`)}, newline, root, document} {
		if err := w.enc.EncodeToken(t); err != nil {
			return err
		}
	}
	return write(w.enc, elements...)
}

// types are those of a Schema for each kind (OGC 07-147r2 §9.3).
var types = map[feature.Kind]string{feature.Text: "string", feature.Integer: "int", feature.Number: "double", feature.Bool: "bool", feature.Instant: "string", feature.List: "string"}

// metaData is the meta for programs; about is the same for people.
func (w *Writer) metaData() []gokml.Element {
	var out []gokml.Element
	for _, m := range w.stated() {
		out = append(out, gokml.Data(m[0], gokml.Value(m[1])))
	}
	return out
}

func (w *Writer) about() string {
	lines := []string{w.layer.Title, w.layer.Description}
	for _, m := range w.stated() {
		lines = append(lines, feature.Words(m[0])+": "+m[1])
	}
	return plain(lines)
}

// stated gives name and value of what the meta states.
func (w *Writer) stated() (out [][2]string) {
	if w.meta.AsOf != 0 {
		out = append(out, [2]string{"as_of", incidents.FormatInstant(w.meta.AsOf)})
	}
	if w.meta.Filter != "" {
		out = append(out, [2]string{"filter", w.meta.Filter})
	}
	if w.meta.Marking != "" {
		out = append(out, [2]string{"marking", w.meta.Marking})
	}
	return out
}

// plain joins lines that are not empty. Google Earth takes what looks like a tag
// for one, so none is left that does.
func plain(lines []string) string {
	var kept []string
	for _, l := range lines {
		if l != "" {
			kept = append(kept, strings.ReplaceAll(l, "<", "&lt;"))
		}
	}
	return strings.Join(kept, "\n")
}

func write(enc *xml.Encoder, elements ...gokml.Element) error {
	for _, e := range elements {
		if err := enc.EncodeToken(newline); err != nil {
			return err
		}
		if err := e.MarshalXML(enc, xml.StartElement{}); err != nil {
			return fmt.Errorf("write KML: %w", err)
		}
	}
	return nil
}

// Write writes a placemark.
func (w *Writer) Write(f *feature.Feature) error {
	if err := w.layer.Fits(f); err != nil {
		return err
	}
	enc, err := w.folderOf(f)
	if err != nil {
		return err
	}
	return write(enc, w.placemark(f))
}

// Close writes the end of the document.
func (w *Writer) Close() error {
	defer w.Abort()
	if err := w.layer.Begun(); err != nil {
		return err
	}
	if err := w.endFolders(); err != nil {
		return err
	}
	for _, t := range []xml.Token{newline, document.End(), root.End(), newline} {
		if err := w.enc.EncodeToken(t); err != nil {
			return err
		}
	}
	if err := w.enc.Close(); err != nil {
		return err
	}
	return w.out.Flush()
}

// Abort removes the temporary files.
func (w *Writer) Abort() {
	for region, f := range w.waiting {
		f.Drop()
		delete(w.waiting, region)
	}
}
