// Package replica keeps a copy of a collection in a GeoPackage: it asks a server
// what has changed since the last time, and writes the copy anew with that in it.
// The file holds the token of the next question, so that nothing else need be
// kept beside it.
package replica

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"interceptlog/internal/collection"
	"interceptlog/internal/fault"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/format/gpkg"
	"interceptlog/internal/incidents"
)

// Server is whom to ask.
type Server struct {
	Address string // of a collection, perhaps with a filter: https://log/ogc/collections/incidents?region=baltic
	Token   string // of a user; empty where reading is open
	Client  *http.Client
}

// Summary says what became of the copy.
type Summary struct {
	Added, Changed, Gone int
	Features             int    // that the copy has now
	AsOf                 string // the moment that it shows
}

// stateLayer is the table in the file that says how far the copy is.
var stateLayer = format.Layer{Name: "sync", Title: "Sync", Description: "How far the copy is; for the command that keeps it.", Geometry: format.None, Properties: []feature.Property{
	{Name: "address", Kind: feature.Text, Meaning: "The collection that it is a copy of."},
	{Name: "as_of", Kind: feature.Text, Meaning: "The moment that it shows."},
	{Name: "token", Kind: feature.Text, Meaning: "What the next question is asked with."},
}}

// limits of an answer.
const (
	pageLimit = 5000
	maxAnswer = 256 << 20 // bytes of one page
)

// Sync brings the copy in a file up to date; one that is not there yet is made.
// The old file stands until the new one is whole. progress is called with how
// many changes have come, and may be nil.
func Sync(ctx context.Context, s Server, path string, progress func(int)) (sum Summary, err error) {
	at, col, err := s.collection()
	if err != nil {
		return sum, err
	}
	token, err := tokenIn(path, at)
	if err != nil {
		return sum, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".sync-*.gpkg")
	if err != nil {
		return sum, err
	}
	defer func() {
		tmp.Close()
		_ = os.Remove(tmp.Name()) // it is gone already when all went well
	}()
	c := &copying{server: s, at: at, col: col, since: token, progress: progress}
	if err := c.write(ctx, path, tmp); err != nil {
		return c.sum, err
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return c.sum, err
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil {
		return c.sum, err
	}
	return c.sum, os.Rename(tmp.Name(), path)
}

// collection reads the address.
func (s Server) collection() (*url.URL, *collection.Collection, error) {
	wrong := func(msg string) error {
		return &fault.Error{Kind: fault.Invalid, Msg: "The copy cannot be made.", Fields: []fault.Field{{Name: "ADDRESS", Msg: msg}}}
	}
	u, err := url.Parse(strings.TrimSuffix(s.Address, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, nil, wrong("“" + s.Address + "” is no address; accepted: https://HOST/ogc/collections/incidents, perhaps with a filter behind it.")
	}
	if u.User != nil {
		return nil, nil, wrong("holds a password, which would stand in logs; a token is given in the environment.")
	}
	id := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	col, ok := collection.ByID(id)
	if !ok || !col.Incidents() {
		return nil, nil, wrong("“" + id + "” is no collection whose changes are told; accepted: incidents, incident_points, incident_tracks, incident_areas.")
	}
	return u, col, nil
}

// tokenIn gives the token that a copy holds; empty where there is no copy.
func tokenIn(path string, at *url.URL) (string, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	r, err := gpkg.Open(path, stateLayer.Name)
	if err != nil {
		return "", fmt.Errorf("%s is no copy that this command made: %w", path, err)
	}
	defer r.Close()
	rec, err := r.Next()
	if err != nil {
		return "", fmt.Errorf("%s does not say how far it is: %w", path, err)
	}
	if address, _ := rec.Properties["address"].(string); address != at.String() {
		return "", fault.New(fault.Invalid, fmt.Sprintf("%s is a copy of %s, not of %s; name another file.", path, address, at))
	}
	token, _ := rec.Properties["token"].(string)
	return token, nil
}

// copying is one run.
type copying struct {
	server   Server
	at       *url.URL
	col      *collection.Collection
	since    string
	asOf     string
	sum      Summary
	progress func(int)
}

// write writes the new copy. A first one is streamed; later ones hold what has
// changed in memory, and stream the rest from the old file.
func (c *copying) write(ctx context.Context, old string, w io.Writer) (err error) {
	out := gpkg.Format.New(w, format.Meta{AsOf: incidents.MillisOf(time.Now()), Filter: c.at.RawQuery})
	defer func() {
		if err != nil {
			out.Abort()
		}
	}()
	if err := out.Begin(c.col.Layer(nil)); err != nil {
		return err
	}
	keep := func(f *feature.Feature) error { c.sum.Features++; return out.Write(f) }
	if c.since == "" {
		err = c.ask(ctx, func(ch collection.Change) error { c.sum.Added++; return keep(ch.Feature) })
	} else {
		err = c.merge(ctx, old, keep)
	}
	if err != nil {
		return err
	}
	if err := out.Begin(stateLayer); err != nil {
		return err
	}
	state := feature.Feature{ID: "1", Values: []feature.Value{{Text: c.at.String()}, {Text: c.asOf}, {Text: c.since}}}
	if err := out.Write(&state); err != nil {
		return err
	}
	c.sum.AsOf = c.asOf
	return out.Close()
}

func (c *copying) merge(ctx context.Context, old string, keep func(*feature.Feature) error) error {
	changed := map[string]*feature.Feature{} // nil: gone
	err := c.ask(ctx, func(ch collection.Change) error {
		switch ch.Kind {
		case collection.Added, collection.Changed:
			changed[ch.Feature.ID] = ch.Feature
		case collection.Retracted, collection.Removed:
			changed[ch.Feature.ID] = nil
		default:
			return fmt.Errorf("the server tells of a change %q, which this version does not know", ch.Kind)
		}
		return nil
	})
	if err != nil {
		return err
	}
	r, err := gpkg.Open(old, c.col.ID)
	if err != nil {
		return err
	}
	defer r.Close()
	for {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		id, _ := rec.Properties["id"].(string)
		f, touched := changed[id]
		switch {
		case touched && f == nil:
			c.sum.Gone++
		case touched:
			c.sum.Changed++
			err = keep(f)
		default:
			f, err = c.feature(id, rec)
			if err == nil {
				err = keep(f)
			}
		}
		if err != nil {
			return err
		}
		delete(changed, id)
	}
	for _, f := range changed {
		if f != nil {
			c.sum.Added++
			if err := keep(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// answer is one page of changes.
type answer struct {
	Features []json.RawMessage `json:"features"`
	AsOf     string            `json:"as_of"`
	Token    string            `json:"token"`
	Complete bool              `json:"complete"`
}

// ask takes all changes, page after page.
func (c *copying) ask(ctx context.Context, fn func(collection.Change) error) error {
	n := 0
	for {
		page, err := c.page(ctx)
		if err != nil {
			return err
		}
		for _, raw := range page.Features {
			n++
			var kind struct {
				Change collection.Kind `json:"change"`
			}
			if err := json.Unmarshal(raw, &kind); err != nil {
				return fmt.Errorf("the server's answer cannot be read: %w", err)
			}
			rec, err := geojson.ReadFeature(int64(n), raw)
			if err != nil {
				return fmt.Errorf("the server's answer cannot be read: %w", err)
			}
			f, err := c.feature(rec.ID, rec)
			if err == nil {
				err = fn(collection.Change{Kind: kind.Change, Feature: f})
			}
			if err != nil {
				return err
			}
		}
		if c.progress != nil {
			c.progress(n)
		}
		c.since, c.asOf = page.Token, page.AsOf
		if page.Complete {
			return nil
		}
	}
}

func (c *copying) page(ctx context.Context) (a answer, err error) {
	u := *c.at
	u.Path += "/changes"
	v := u.Query()
	v.Set("limit", fmt.Sprint(pageLimit))
	if c.since != "" {
		v.Set("since", c.since)
	}
	u.RawQuery = v.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return a, err
	}
	req.Header.Set("Accept", "application/geo+json")
	if c.server.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.server.Token)
	}
	resp, err := c.server.Client.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	body := io.LimitReader(resp.Body, maxAnswer)
	if resp.StatusCode != http.StatusOK {
		var problem struct{ Detail string }
		_ = json.NewDecoder(body).Decode(&problem) // a proxy may answer otherwise
		return a, fault.New(fault.Invalid, strings.TrimSpace("The server answered "+resp.Status+". "+problem.Detail))
	}
	if err := json.NewDecoder(body).Decode(&a); err != nil {
		return a, fmt.Errorf("the server's answer was cut or cannot be read: %w", err)
	}
	if a.Token == "" || a.AsOf == "" {
		return a, fault.New(fault.Invalid, "The server's answer has no token: it does not tell changes.")
	}
	return a, nil
}

// feature reads a record as one of the collection; a property that it does not
// have is null.
func (c *copying) feature(id string, rec *format.Record) (*feature.Feature, error) {
	f := &feature.Feature{ID: id, Geometry: rec.Geometry, Values: make([]feature.Value, len(c.col.Properties))}
	for i, p := range c.col.Properties {
		v, ok := feature.ValueOf(p.Kind, rec.Properties[p.Name])
		if !ok {
			return nil, fmt.Errorf("feature %s: %s is no %s", id, p.Name, p.Type())
		}
		f.Values[i] = v
	}
	return f, nil
}
