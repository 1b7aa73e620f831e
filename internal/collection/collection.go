// Package collection is what the log serves to geographic information systems:
// which collections there are, and how their features are found, whatever asks
// for them. The API, the exports, and a copy that is kept up to date read the
// same features by the same filter from here.
//
// What a property means is internal/feature's; addresses, parameters and
// encodings are the callers'.
package collection

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"interceptlog/internal/cql2"
	"interceptlog/internal/fault"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Source is what collections are read from.
type Source interface {
	hotline.CaseReader
	EachCaseFrom(ctx context.Context, f incidents.Filter, p hotline.Page, at hotline.At, fn func(c *hotline.Case, place func() string) error) error
	CountCases(ctx context.Context, f incidents.Filter, at hotline.At) (int, error)
	Settled(ctx context.Context) (incidents.Millis, error)
	ChangedCases(ctx context.Context, since, until incidents.Millis, after incidents.ID, limit int) ([]incidents.ID, error)
	Contact(ctx context.Context, id hotline.ContactID, asOf hotline.Millis) (hotline.ContactWithIncidents, error)
	EachContact(ctx context.Context, f hotline.ContactFilter, after hotline.ContactID, fn func(*hotline.ContactWithIncidents) error) error
	Lines(ctx context.Context, asOf hotline.Millis) ([]hotline.Line, error)
	LineEvents(ctx context.Context, f hotline.LineEventFilter) ([]hotline.LineEvent, error)
}

// Collection is one of them.
type Collection struct {
	ID          string
	Title       string
	Description string
	Geometry    format.Geometry
	Properties  []feature.Property
	Timed       bool     // whether its features have start_from, start_to, end_to
	Sorts       []string // the properties that it may be sorted by
	Editable    bool     // whether features may be written

	index map[string]int // where a property stands
	walk  walker
}

// walker calls fn for every feature that may match, in the order asked for,
// from a place on. What it cannot test itself, Read does.
type walker func(ctx context.Context, src Source, c *Collection, q Query, fn found) error

// found takes a feature and what gives the place behind it.
type found func(f *feature.Feature, place func() string) error

// GeometryName is the name of the geometry in filters and schemas.
const GeometryName = "geometry"

const noGeometry = "Features without a position are in it, with a geometry of null."

var all = []*Collection{
	incidentCollection("incidents", "Incidents", "Intercepts and other close encounters, points, tracks and areas as they are. "+noGeometry, format.Mixed),
	incidentCollection("incident_points", "Incidents, points", "Incidents whose position is a point: for clients that take one type of geometry a layer.", format.Point),
	incidentCollection("incident_tracks", "Incidents, tracks", "Incidents whose position is a track.", format.Line),
	incidentCollection("incident_areas", "Incidents, areas", "Incidents whose position is an area.", format.Polygon),
	{ID: "contacts", Title: "Contacts", Description: "Calls and other contacts over a hotline or another channel. The geometry is the hull of the incidents that a contact is linked to, or null.",
		Properties: feature.ContactProperties, Timed: true, Editable: true, walk: walkContacts},
	{ID: "lines", Title: "Hotlines", Description: "The register of lines, each in the state that it is in. Lines have no position.", Geometry: format.None, Properties: feature.LineProperties, walk: inMemory(lines)},
	{ID: "regions", Title: "Sea regions", Description: "The three seas that the log is kept for, with 120 km of their coast.", Geometry: format.Polygon, Properties: feature.RegionProperties, walk: inMemory(regions)},
	{ID: "places", Title: "Places", Description: "Reference points that positions are named after.", Geometry: format.Point, Properties: feature.PlaceProperties, walk: inMemory(places)},
}

func incidentCollection(id, title, description string, g format.Geometry) *Collection {
	return &Collection{ID: id, Title: title, Description: description + " Exercises are left out unless exercise=include asks for them.", Geometry: g,
		Properties: feature.IncidentProperties, Timed: true, Editable: id == "incidents", Sorts: incidentSorts(), walk: walkIncidents}
}

func init() {
	for _, c := range all {
		c.index = map[string]int{}
		for i, p := range c.Properties {
			c.index[p.Name] = i
			if c.Sorts == nil && p.Kind != feature.List {
				defer func() { c.Sorts = append(c.Sorts, p.Name) }()
			}
		}
	}
}

// All gives every collection, in the order in which they are listed.
func All() []*Collection { return all }

// ByID finds a collection.
func ByID(id string) (*Collection, bool) {
	i := slices.IndexFunc(all, func(c *Collection) bool { return c.ID == id })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// Incidents reports whether its features are incidents.
func (c *Collection) Incidents() bool { return strings.HasPrefix(c.ID, "incident") }

// Recorded reports whether its features are records of the log, rather than the
// ground that they stand on.
func (c *Collection) Recorded() bool { return c.ID != "regions" && c.ID != "places" }

// Property finds a property by its name.
func (c *Collection) Property(name string) (feature.Property, bool) {
	i, ok := c.index[name]
	if !ok {
		return feature.Property{}, false
	}
	return c.Properties[i], true
}

// Layer is the collection as a file has it, in a reference system.
func (c *Collection) Layer(sys *crs.System) format.Layer {
	return format.Layer{Name: c.ID, Title: c.Title, Description: c.Description, Properties: c.Properties, Geometry: c.Geometry, CRS: sys}
}

// Schema says what a filter of the collection may name.
func (c *Collection) Schema() cql2.Schema {
	types := map[feature.Kind]cql2.Type{feature.Text: cql2.Text, feature.Integer: cql2.Number, feature.Number: cql2.Number,
		feature.Bool: cql2.Boolean, feature.Instant: cql2.Instant, feature.List: cql2.Array}
	s := cql2.Schema{}
	for _, p := range c.Properties {
		s[p.Name] = types[p.Kind]
	}
	if c.Geometry != format.None {
		s[GeometryName] = cql2.Geometry
	}
	return s
}

// Period is a stretch of time, both ends included, in milliseconds since 1970;
// cql2.Past and cql2.Future leave an end open.
type Period struct{ From, To int64 }

// Equal asks for features in which a property has a value, written as text; of
// a list, one of its members.
type Equal struct {
	Property string
	Values   []string // any of them
}

// Query asks for features of a collection.
type Query struct {
	Narrow    incidents.Filter // of incidents: what the log itself can look for
	Retracted bool             // of contacts: whether those that were taken back are among them
	Box       *Box
	Period    *Period
	Equals    []Equal
	Where     *cql2.Filter
	WhereIn   *crs.System // of the geometries in Where, which are compared in it; nil: CRS84
	Sort      string      // a property, falling with - in front; empty: the collection's own order
	After     string      // a place that an earlier answer gave
	Limit     int         // 0: all
	Count     bool        // whether to count all that match from the place on, beyond the limit too
	At        hotline.At
}

// Page says how a reading went.
type Page struct {
	Returned int
	Matched  int    // of all, if it was asked for
	Next     string // the place to go on from; empty: there is no more
}

// errStop ends a walk early.
var errStop = errors.New("enough features")

// Read calls fn for the features that match, in order. A feature may be kept.
func (c *Collection) Read(ctx context.Context, src Source, q Query, fn func(*feature.Feature) error) (Page, error) {
	var p Page
	exact, err := c.sqlCounts(ctx, src, q, &p)
	if err != nil {
		return p, err
	}
	last := func() string { return "" }
	err = c.walk(ctx, src, c, q, func(f *feature.Feature, place func() string) error {
		if ok, err := c.matches(f, &q); err != nil || !ok {
			return err
		}
		if q.Limit > 0 && p.Returned == q.Limit {
			if p.Next == "" {
				p.Next = last()
			}
			if exact || !q.Count {
				return errStop
			}
			p.Matched++
			return nil
		}
		if !exact {
			p.Matched++
		}
		p.Returned++
		if p.Returned == q.Limit { // the place may be gone with the next row
			at := place()
			last = func() string { return at }
		}
		return fn(f)
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	return p, err
}

// sqlCounts counts by the log's own indexes where they alone decide.
func (c *Collection) sqlCounts(ctx context.Context, src Source, q Query, p *Page) (exact bool, err error) {
	if !q.Count || !c.Incidents() || q.After != "" {
		return false, nil
	}
	f, exact := c.narrow(q)
	if exact {
		p.Matched, err = src.CountCases(ctx, f, q.At)
	}
	return exact, err
}

func (c *Collection) matches(f *feature.Feature, q *Query) (bool, error) {
	if !c.holds(f.Geometry) {
		return false, nil
	}
	if q.Period != nil && !c.during(f, *q.Period) {
		return false, nil
	}
	for _, e := range q.Equals {
		if !c.equals(f, e) {
			return false, nil
		}
	}
	if q.Box != nil && !q.Box.meets(f.Geometry) {
		return false, nil
	}
	if q.Where == nil {
		return true, nil
	}
	ok, err := q.Where.Match(row{c, f, q.WhereIn})
	if at := (*cql2.Error)(nil); errors.As(err, &at) { // two shapes whose relation cannot be told
		err = &ParameterError{Parameter: "filter", Accepted: "a filter that can be worked out for every feature", Msg: "The filter cannot be worked out for " + f.ID + ": " + err.Error() + ".", At: at.At}
	}
	return ok, err
}

// during reports whether a feature's time meets a period: from its earliest
// start to the latest end that is stated, or the latest start. What has no time
// meets every period (OGC 17-069r4, /req/core/fc-time-response C).
func (c *Collection) during(f *feature.Feature, p Period) bool {
	if !c.Timed {
		return true
	}
	from := f.Values[c.index["start_from"]]
	to := f.Values[c.index["end_to"]]
	if to.Null {
		to = f.Values[c.index["start_to"]]
	}
	if from.Null || to.Null {
		return true
	}
	last := max(from.Int, to.Int-1) // the end itself is not part of it
	return from.Int <= p.To && p.From <= last
}

func (c *Collection) equals(f *feature.Feature, e Equal) bool {
	i := c.index[e.Property]
	v := f.Values[i]
	for _, want := range e.Values {
		if c.Properties[i].Kind == feature.List && slices.Contains(v.List, want) {
			return true
		}
		if text, ok := TextOf(c.Properties[i].Kind, v); ok && text == want {
			return true
		}
	}
	return false
}

// Find gives one feature; it is a fault.NotFound if there is none.
func (c *Collection) Find(ctx context.Context, src Source, id string, at hotline.At) (*feature.Feature, error) {
	if c.Incidents() {
		return c.incident(ctx, src, id, at)
	}
	if c.ID == "contacts" {
		k, err := src.Contact(ctx, hotline.ContactID(id), at.AsOf)
		if fault.Is(err, fault.NotFound) {
			return nil, c.missing(id)
		}
		f := feature.OfContact(&k)
		return &f, err
	}
	var hit *feature.Feature
	q := Query{At: at, Retracted: true, Narrow: incidents.Filter{Exercise: "include", AsOf: at.AsOf}}
	err := c.walk(ctx, src, c, q, func(f *feature.Feature, _ func() string) error {
		if f.ID == id {
			hit = f
			return errStop
		}
		return nil
	})
	if err != nil && !errors.Is(err, errStop) {
		return nil, err
	}
	if hit == nil {
		return nil, c.missing(id)
	}
	return hit, nil
}

// inOrder sorts features by a property, those without a value last, then by id.
func (c *Collection) inOrder(list []*feature.Feature, sort string) {
	name, down := strings.CutPrefix(sort, "-")
	i, ok := c.index[name]
	if !ok {
		return
	}
	slices.SortStableFunc(list, func(a, b *feature.Feature) int {
		x, y := a.Values[i], b.Values[i]
		if x.Null || y.Null {
			return cmp.Or(boolOrder(x.Null, y.Null), cmp.Compare(a.ID, b.ID))
		}
		n := cmp.Or(cmp.Compare(x.Text, y.Text), cmp.Compare(x.Number, y.Number), cmp.Compare(x.Int, y.Int), boolOrder(x.Bool, y.Bool))
		if down {
			n = -n
		}
		return cmp.Or(n, cmp.Compare(a.ID, b.ID))
	})
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// Value gives the value of a property of a feature.
func (c *Collection) Value(f *feature.Feature, name string) (feature.Value, bool) {
	i, ok := c.index[name]
	if !ok || i >= len(f.Values) {
		return feature.Value{}, false
	}
	return f.Values[i], true
}
