package ogc

import (
	"context"
	"sync"
	"time"
)

// extents keeps the extent of each collection until the log changes. It is
// found by going through the whole, which nobody should wait for twice.
type extents struct {
	mu   sync.Mutex
	kept map[string]keptExtent
}

type keptExtent struct {
	version int64
	spatial *spatial
	span    *temporal
}

func (e *extents) of(id string, version int64, read func() (*spatial, *temporal, error)) (*spatial, *temporal, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if k, ok := e.kept[id]; ok && k.version == version {
		return k.spatial, k.span, nil
	}
	s, t, err := read()
	if err != nil {
		return nil, nil, err
	}
	if e.kept == nil {
		e.kept = map[string]keptExtent{}
	}
	e.kept[id] = keptExtent{version, s, t}
	return s, t, nil
}

// version is a number that changes with every write.
func (a *API) version(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return a.Version(ctx)
}
