package tables

import (
	"bytes"
	"encoding/json"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/incidents"
)

// The profiles that the document keeps to.
const (
	packageProfile = "https://datapackage.org/profiles/2.0/datapackage.json"
	schemaProfile  = "https://datapackage.org/profiles/2.0/tableschema.json"
)

// howWritten says of the cells what a schema has no words for.
const howWritten = "Tables are joined by the foreign keys below. Times are UTC. The items of a list are parted by semicolons; " +
	"a semicolon or backslash within an item has a backslash before it. " +
	"A text that a spreadsheet would compute has an apostrophe before it, which is no part of it."

// document is datapackage.json.
type document struct {
	Schema      string     `json:"$schema"`
	Name        string     `json:"name"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	AsOf        string     `json:"as_of,omitempty"`
	Filter      string     `json:"filter,omitempty"`
	Marking     string     `json:"marking,omitempty"`
	Resources   []resource `json:"resources"`
}

// resource is one table.
type resource struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Path        string `json:"path"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Format      string `json:"format"`
	MediaType   string `json:"mediatype"`
	Encoding    string `json:"encoding"`
	Bytes       int64  `json:"bytes"`
	Hash        string `json:"hash"`
	Schema      schema `json:"schema"`
}

type schema struct {
	Profile     string       `json:"$schema"`
	Fields      []field      `json:"fields"`
	PrimaryKey  []string     `json:"primaryKey,omitempty"`
	ForeignKeys []foreignKey `json:"foreignKeys,omitempty"`
}

type field struct {
	Name        string       `json:"name"`
	Type        string       `json:"type"`
	Description string       `json:"description,omitempty"`
	Unit        string       `json:"unit,omitempty"`
	Constraints *constraints `json:"constraints,omitempty"`
}

type constraints struct {
	Required bool     `json:"required,omitempty"`
	Enum     []string `json:"enum,omitempty"`
}

type foreignKey struct {
	Fields    []string  `json:"fields"`
	Reference reference `json:"reference"`
}

type reference struct {
	Resource string   `json:"resource"`
	Fields   []string `json:"fields"`
}

// types are those of a Table Schema for each kind.
var types = map[feature.Kind]string{feature.Text: "string", feature.Integer: "integer", feature.Number: "number",
	feature.Bool: "boolean", feature.Instant: "datetime", feature.List: "string"}

func describe(l *format.Layer, s *sum) resource {
	r := resource{Name: l.Name, Type: "table", Path: fileOf(l.Name), Title: l.Title, Description: l.Description,
		Format: "csv", MediaType: "text/csv", Encoding: "utf-8", Bytes: s.n, Hash: s.String(),
		Schema: schema{Profile: schemaProfile, PrimaryKey: l.Key}}
	for _, p := range l.Columns() {
		r.Schema.Fields = append(r.Schema.Fields, fieldOf(p))
	}
	for _, ref := range l.Refs {
		r.Schema.ForeignKeys = append(r.Schema.ForeignKeys, foreignKey{[]string{ref.Property}, reference{ref.Layer, []string{ref.Key}}})
	}
	return r
}

// fieldOf describes a column. An empty text is a missing value in a table, so of
// texts none is required; the schema knows the codes of a text, while those of a
// list stand in the description.
func fieldOf(p feature.Property) field {
	f := field{Name: p.Name, Type: types[p.Kind], Description: p.About(), Unit: p.Unit}
	c := constraints{Required: !p.Nullable && (p.Kind == feature.Integer || p.Kind == feature.Number || p.Kind == feature.Bool)}
	if p.Kind == feature.Text {
		c.Enum = p.Codes
	}
	if c.Required || c.Enum != nil {
		f.Constraints = &c
	}
	return f
}

func (w *writer) dataPackage() ([]byte, error) {
	first := w.done[0]
	doc := document{Schema: packageProfile, Name: "interceptlog-" + first.Name, Title: first.Title, Description: howWritten,
		Filter: w.meta.Filter, Marking: w.meta.Marking, Resources: w.done}
	if w.meta.AsOf != 0 {
		doc.AsOf = incidents.FormatInstant(w.meta.AsOf)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(doc)
	return b.Bytes(), err
}
