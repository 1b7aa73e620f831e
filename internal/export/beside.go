package export

import (
	"context"
	"slices"

	"interceptlog/internal/collection"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/incidents"
)

// idColumn is the property that names a feature in every collection.
const idColumn = "id"

var ofIncident = format.Ref{Property: feature.IncidentKey, Layer: "incidents", Key: idColumn}

// beside is what a file of several layers holds beside the incidents: their
// contacts with the links to them, and a table for what an incident may have
// several of.
type beside struct {
	contacts bool
	seen     *idSet // the incidents, where contacts are wanted
	parts    []*feature.Part
	spools   []*spool // of the parts
}

// besides gives what the file holds beside its collection; of other collections
// than incidents that is nothing. Where properties are chosen, a part comes with
// the property that it spells out.
func (j *Job) besides() (*beside, error) {
	b := &beside{}
	if !j.Format.Layers || j.Collection.ID != ofIncident.Layer {
		return b, nil
	}
	if b.contacts = !j.Alone; b.contacts {
		b.seen = newIDSet()
	}
	for i := range feature.IncidentParts {
		p := &feature.IncidentParts[i]
		if j.Pick != nil && !slices.ContainsFunc(j.Pick, func(k int) bool { return slices.Contains(p.Of, j.Collection.Properties[k].Name) }) {
			continue
		}
		s, err := newSpool(format.Layer{Name: p.Name, Title: p.Title, Description: p.Description, Geometry: format.None, Properties: p.Properties,
			Key: []string{p.Properties[0].Name, p.Properties[1].Name}, Refs: []format.Ref{ofIncident}})
		if err != nil {
			b.drop()
			return b, err
		}
		b.parts, b.spools = append(b.parts, p), append(b.spools, s)
	}
	return b, nil
}

// any reports whether there is something beside the collection.
func (b *beside) any() bool { return b.contacts || len(b.parts) > 0 }

// take notes what belongs to an incident.
func (b *beside) take(f *feature.Feature) error {
	if b.contacts {
		if err := b.seen.add(f.ID); err != nil {
			return err
		}
	}
	for i, p := range b.parts {
		for _, row := range p.Rows(f) {
			if err := b.spools[i].add(&row); err != nil {
				return err
			}
		}
	}
	return nil
}

// write writes the tables.
func (b *beside) write(ctx context.Context, src Source, j *Job, out format.Writer) error {
	if b.contacts {
		if err := b.seen.settle(); err != nil {
			return err
		}
		if err := j.contacts(ctx, src, out, b.seen); err != nil {
			return err
		}
	}
	for _, s := range b.spools {
		if err := s.write(out); err != nil {
			return err
		}
	}
	return nil
}

func (b *beside) drop() {
	if b.seen != nil {
		b.seen.drop()
	}
	for _, s := range b.spools {
		s.Drop()
	}
}

// contacts writes the contacts of the incidents, and the links between them.
func (j *Job) contacts(ctx context.Context, src Source, out format.Writer, seen *idSet) error {
	col, _ := collection.ByID("contacts")
	layer := col.Layer(nil)
	layer.Geometry, layer.Key = format.None, []string{idColumn}
	if err := out.Begin(layer); err != nil {
		return err
	}
	links, err := newSpool(format.Layer{Name: "links", Title: "Links", Description: "Which contact has to do with which incident, and how.", Geometry: format.None, Properties: feature.LinkProperties,
		Key: []string{"contact_id", feature.IncidentKey}, Refs: []format.Ref{{Property: "contact_id", Layer: col.ID, Key: idColumn}, ofIncident}})
	if err != nil {
		return err
	}
	defer links.Drop()
	q := collection.Query{At: j.Query.At, Narrow: incidents.Filter{Exercise: "include", AsOf: j.Query.At.AsOf}}
	_, err = col.Read(ctx, src, q, func(f *feature.Feature) error {
		linked, _ := col.Value(f, "incident_ids")
		relations, _ := col.Value(f, "relations")
		wanted := false
		for i, id := range linked.List {
			there, err := seen.has(id)
			if err != nil {
				return err
			}
			if !there {
				continue
			}
			wanted = true
			link := feature.OfLink(f.ID, id, relations.List[i])
			if err := links.add(&link); err != nil {
				return err
			}
		}
		if !wanted {
			return nil
		}
		bare := *f
		bare.Geometry = nil
		return out.Write(&bare)
	})
	if err != nil {
		return err
	}
	return links.write(out)
}
