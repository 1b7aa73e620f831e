package web

import (
	"context"

	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// pin gives the address under which a search says the same next year, or, where
// it is such an address, what it differs in today. It is worked out when the
// page is made, so that the address can be copied without a script.
func (s *Server) pin(ctx context.Context, q *question) (view.Pin, error) {
	if q.AsOf != 0 {
		return view.Pin{At: instantOf(q.AsOf), Difference: withQuery("/incidents/difference", q.whole())}, nil
	}
	now, err := s.Store.Settled(ctx)
	if err != nil {
		return view.Pin{}, err
	}
	v := q.values()
	for name, values := range q.own() {
		v[name] = values
	}
	v.Set("as_of", incidents.FormatInstant(now))
	return view.Pin{Href: withQuery(q.path, v)}, nil
}
