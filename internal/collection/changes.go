package collection

import (
	"context"
	"reflect"

	"interceptlog/internal/feature"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Kind says what became of a feature.
type Kind string

// The kinds of change.
const (
	Added     Kind = "added"
	Changed   Kind = "changed"
	Retracted Kind = "retracted" // taken back; it stays in the log and says so
	Removed   Kind = "removed"   // no longer what the question asks for
)

// Change is what became of one feature. Of one that is gone the feature is the
// record as it now is, which says why.
type Change struct {
	Kind    Kind
	Feature *feature.Feature
}

// Stretch is the time between two moments of the log.
type Stretch struct {
	Since incidents.Millis // what the copy shows; 0: there is no copy yet
	Until incidents.Millis
	After incidents.ID // go on behind this one
	Limit int          // changes wanted; 0: all
}

// changeBatch is how many incidents are looked for at once.
const changeBatch = 500

// Changes calls fn for every incident that a question finds otherwise at the end
// of a stretch than at its beginning, once each, in order of id: a copy of the
// first to which all are applied is a copy of the last. A status that changed
// because time went by is a change too. It gives the id to go on behind, empty at
// the end.
func (c *Collection) Changes(ctx context.Context, src Source, q Query, s Stretch, fn func(Change) error) (next incidents.ID, err error) {
	n, after := 0, s.After
	for {
		ids, err := src.ChangedCases(ctx, s.Since, s.Until, after, changeBatch)
		if err != nil {
			return "", err
		}
		for _, id := range ids {
			change, err := c.change(ctx, src, q, s, id)
			if err != nil {
				return "", err
			}
			if change.Kind != "" {
				if n++; s.Limit > 0 && n > s.Limit {
					return after, nil
				}
				if err := fn(change); err != nil {
					return "", err
				}
			}
			after = id
		}
		if len(ids) < changeBatch {
			return "", nil
		}
	}
}

// change compares one incident at both ends; no kind: it is the same.
func (c *Collection) change(ctx context.Context, src Source, q Query, s Stretch, id incidents.ID) (Change, error) {
	var was *feature.Feature
	var err error
	if s.Since != 0 {
		if was, err = c.matching(ctx, src, q, id, s.Since); err != nil {
			return Change{}, err
		}
	}
	is, err := c.matching(ctx, src, q, id, s.Until)
	switch {
	case err != nil || was == nil && is == nil:
		return Change{}, err
	case was == nil:
		return Change{Added, is}, nil
	case is == nil:
		return c.gone(ctx, src, id, s.Until, was)
	case reflect.DeepEqual(was, is):
		return Change{}, nil
	}
	return Change{Changed, is}, nil
}

// matching gives an incident as a question finds it at a moment; nil if it does
// not.
func (c *Collection) matching(ctx context.Context, src Source, q Query, id incidents.ID, at incidents.Millis) (hit *feature.Feature, err error) {
	q.Narrow.ID, q.Narrow.AsOf, q.At = id, at, hotline.At{AsOf: at, Now: at}
	q.Sort, q.After, q.Limit, q.Count = "", "", 0, false
	_, err = c.Read(ctx, src, q, func(f *feature.Feature) error { hit = f; return nil })
	return hit, err
}

// gone says why an incident is no longer found.
func (c *Collection) gone(ctx context.Context, src Source, id incidents.ID, at incidents.Millis, was *feature.Feature) (Change, error) {
	k, err := src.Case(ctx, id, hotline.At{AsOf: at, Now: at})
	if err != nil {
		return Change{}, err
	}
	is := feature.OfIncident(&k)
	if k.Incident.Status == incidents.Retracted {
		return Change{Retracted, &is}, nil
	}
	return Change{Removed, &is}, nil
}
