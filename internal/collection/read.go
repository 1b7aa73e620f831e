package collection

import (
	"context"
	"maps"
	"slices"
	"strings"

	"interceptlog/internal/fault"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// bySort says in which order of the log a property sorts incidents.
var bySort = map[string]string{
	"start_from": "start", "number": "number", "severity": "severity", "recorded_at": "recorded", "deadline_from": "deadline",
	"title": "title", "region": "region", "deescalation": "deescalation",
}

func incidentSorts() []string { return slices.Sorted(maps.Keys(bySort)) }

// walkIncidents reads incidents by the indexes of the log as far as they reach.
func walkIncidents(ctx context.Context, src Source, c *Collection, q Query, fn found) error {
	f, _ := c.narrow(q)
	p := hotline.Page{Sort: "start", After: q.After}
	if q.Sort != "" {
		name, down := strings.CutPrefix(q.Sort, "-")
		p.Sort = bySort[name]
		if down {
			p.Sort = "-" + p.Sort
		}
	}
	if q.Limit > 0 && !q.Count {
		p.Limit = q.Limit + 1
	}
	return src.EachCaseFrom(ctx, f, p, q.At, func(k *hotline.Case, place func() string) error {
		one := feature.OfIncident(k)
		return fn(&one, place)
	})
}

// shapes are what the log calls the types of geometry.
var shapes = map[format.Geometry]string{format.Point: "point", format.Line: "track", format.Polygon: "area"}

// narrow is as much of a question as the log itself can look for; exact says that
// it is all of it. A box is a hair wider.
func (c *Collection) narrow(q Query) (f incidents.Filter, exact bool) {
	f, exact = q.Narrow, true
	f.Shape = shapes[c.Geometry]
	if q.Box != nil {
		f.BBox, exact = q.Box.narrow(), false
	}
	if q.Period != nil {
		f.During = &incidents.Interval{From: incidents.Millis(q.Period.From), To: incidents.Millis(q.Period.To)}
	}
	var all []incidents.Condition
	add := func(one *incidents.Condition, ok bool) {
		if exact = exact && ok; one != nil {
			all = append(all, *one)
		}
	}
	for _, e := range q.Equals {
		add(c.equality(e))
	}
	if q.Where != nil {
		add(c.condition(q.Where.Root))
	}
	if len(all) > 0 {
		f.Where = &incidents.Condition{Op: "and", Args: all}
	}
	return f, exact
}

// incident gives one incident, whatever the state of its report.
func (c *Collection) incident(ctx context.Context, src Source, id string, at hotline.At) (*feature.Feature, error) {
	known, ok := incidents.ParseID(id)
	if !ok {
		return nil, c.missing(id)
	}
	k, err := src.Case(ctx, known, at)
	if err != nil {
		return nil, err
	}
	f := feature.OfIncident(&k)
	if !c.holds(f.Geometry) {
		return nil, c.missing(id)
	}
	return &f, nil
}

func (c *Collection) missing(id string) error {
	return &fault.Error{Kind: fault.NotFound, Msg: "There is no feature “" + clip(id) + "” in " + c.ID + "."}
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// inMemory walks a collection that is small enough to be held: it is read
// whole, put in order, and gone through from the place on.
func inMemory(read func(ctx context.Context, src Source, q Query) ([]*feature.Feature, error)) walker {
	return func(ctx context.Context, src Source, c *Collection, q Query, fn found) error {
		list, err := read(ctx, src, q)
		if err != nil {
			return err
		}
		c.inOrder(list, q.Sort)
		if q.After != "" {
			at := slices.IndexFunc(list, func(f *feature.Feature) bool { return f.ID == q.After })
			if at < 0 {
				return &fault.Error{Kind: fault.Invalid, Msg: "The place in the list cannot be read; begin at its first page.", Fields: []fault.Field{{Name: "cursor", Msg: "belongs to another list."}}}
			}
			list = list[at+1:]
		}
		for _, f := range list {
			if err := fn(f, func() string { return f.ID }); err != nil {
				return err
			}
		}
		return nil
	}
}

// walkContacts reads the contacts, tests of lines among them, one after the
// other, the newest first. In another order, for which the log has no index,
// they are held.
func walkContacts(ctx context.Context, src Source, c *Collection, q Query, fn found) error {
	if q.Sort != "" {
		return inMemory(contacts)(ctx, src, c, q, fn)
	}
	return eachContact(ctx, src, q, func(f *feature.Feature) error {
		return fn(f, func() string { return f.ID })
	})
}

func contacts(ctx context.Context, src Source, q Query) (list []*feature.Feature, err error) {
	q.After = "" // a place in the order that they are put in
	err = eachContact(ctx, src, q, func(f *feature.Feature) error {
		list = append(list, f)
		return nil
	})
	return list, err
}

func eachContact(ctx context.Context, src Source, q Query, fn func(*feature.Feature) error) error {
	f := hotline.ContactFilter{Tests: true, Exercise: q.Narrow.Exercise, AsOf: q.At.AsOf}
	return src.EachContact(ctx, f, hotline.ContactID(q.After), func(k *hotline.ContactWithIncidents) error {
		if k.Retracted && !q.Retracted {
			return nil
		}
		one := feature.OfContact(k)
		return fn(&one)
	})
}

func lines(ctx context.Context, src Source, q Query) ([]*feature.Feature, error) {
	stored, err := src.Lines(ctx, q.At.AsOf)
	if err != nil {
		return nil, err
	}
	events, err := src.LineEvents(ctx, hotline.LineEventFilter{From: q.At.Now, AsOf: q.At.AsOf})
	if err != nil {
		return nil, err
	}
	var list []*feature.Feature
	for _, l := range hotline.LinesAt(stored, events, q.At.Now) {
		if q.Narrow.Exercise == "include" || l.Exercise == (q.Narrow.Exercise == "only") {
			one := feature.OfLine(&l)
			list = append(list, &one)
		}
	}
	return list, nil
}

func regions(context.Context, Source, Query) ([]*feature.Feature, error) {
	var list []*feature.Feature
	for _, r := range geo.Default().Regions() {
		one := feature.OfRegion(&r)
		list = append(list, &one)
	}
	return list, nil
}

func places(context.Context, Source, Query) ([]*feature.Feature, error) {
	var list []*feature.Feature
	for _, p := range geo.Default().Places() {
		one := feature.OfPlace(&p)
		list = append(list, &one)
	}
	return list, nil
}
