package geojson

import (
	"fmt"
	"sync"

	"interceptlog/internal/feature"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Options choose what a feature carries.
type Options struct {
	Full    bool // profile=full: parties, claims, sources, contacts, and the rest
	NoAudit bool // for the pages' own map: looking is not exporting
}

// objects are used again: behind an interface each would be an allocation a
// feature.
var objects = sync.Pool{New: func() any { return new(object) }}

// AppendFeature appends one feature. Numbers have the units that
// feature.IncidentProperties gives.
func AppendFeature(dst []byte, c *hotline.Case, opts Options) ([]byte, error) {
	dst = append(dst, `{"type":"Feature","id":`...)
	dst = appendString(dst, string(c.Incident.ID))
	dst = append(dst, `,"geometry":`...)
	dst = geo.AppendGeometry(dst, c.Incident.Record.Geometry.Geometry)
	dst = append(dst, `,"properties":{`...)
	o := objects.Get().(*object)
	defer objects.Put(o)
	o.b, o.first = dst, true
	feature.Incident(o, c)
	if opts.Full {
		if err := full(o, c); err != nil {
			return dst, fmt.Errorf("encode %s: %w", c.Incident.ID, err)
		}
	}
	return append(o.b, "}}"...), nil
}

// contact is a contact in the full profile.
type contact struct {
	hotline.Contact
	Relation  string `json:"relation"`
	Direct    bool   `json:"direct"`
	StartFrom string `json:"start_from"`
	StartTo   string `json:"start_to"`
}

func full(o *object, c *hotline.Case) error {
	r := &c.Incident.Record
	contacts := make([]contact, 0, len(c.Contacts))
	for _, l := range c.Contacts {
		contacts = append(contacts, contact{l.Contact, l.LinkedAs.Relation, hotline.IsDirect(l.Channel.Kind),
			incidents.FormatInstant(l.Start.From), incidents.FormatInstant(l.Start.To)})
	}
	for _, m := range []struct {
		name  string
		value any
	}{
		{"narrative", r.Narrative}, {"intercepting", r.Intercepting}, {"intercepted", r.Intercepted}, {"claims", r.Claims},
		{"sources", r.Sources}, {"searches", r.Searches}, {"contacts", contacts}, {"record", r}, {"derived", c.Incident.Derived},
		{"recorded_by", c.Incident.RecordedBy}, {"reason", c.Incident.Reason}, {"policy_version", c.Incident.PolicyVersion},
	} {
		if err := o.any(m.name, m.value); err != nil {
			return err
		}
	}
	o.Text("merged_into", string(c.Incident.MergedInto))
	return nil
}
