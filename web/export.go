package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// exportIncidents streams the incidents of a filter with all that belongs to
// them: GET /export/incidents.geojson?…&profile=full
func (s *Server) exportIncidents(c echo.Context) error {
	f, opts, err := exportQuery(c)
	if err != nil {
		return err
	}
	name := "interceptlog-incidents-" + s.Now().UTC().Format("20060102T150405Z") + ".geojson"
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return s.streamIncidents(c, f, opts)
}

// exportQuery reads the filter and the profile.
func exportQuery(c echo.Context) (incidents.Filter, geojson.Options, error) {
	f, err := incidents.ParseFilter(c.QueryParams(), "profile")
	f.Within = scopeWithin(c)
	profile := c.QueryParam("profile")
	if err == nil && profile != "" && profile != "full" {
		err = &fault.Error{Kind: fault.Invalid, Msg: "The export cannot be made.", Fields: []fault.Field{{Name: "profile", Msg: "accepted: full, or leave it out."}}}
	}
	return f, geojson.Options{Full: profile == "full"}, err
}

// streamIncidents writes the collection while it is read. An error before the
// first byte is an ordinary answer; after it the connection is cut, so that a
// client never takes a part for the whole.
func (s *Server) streamIncidents(c echo.Context, f incidents.Filter, opts geojson.Options) error {
	at := hotline.At{AsOf: f.AsOf, Now: incidents.MillisOf(s.Now())}
	if f.AsOf != 0 {
		at.Now = f.AsOf
	}
	c.Response().Header().Set(echo.HeaderContentType, geojson.MediaType)
	w := &stream{response: c.Response(), control: http.NewResponseController(c.Response())}
	if _, err := geojson.Export(c.Request().Context(), s.Store, actor(c), f, at, opts, w); err != nil {
		if !w.begun {
			c.Response().Header().Del("Content-Disposition")
			return err
		}
		s.Logger.Error("export cut", "request", requestID(c), "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// stream hands each piece to the client at once and gives it a new deadline.
type stream struct {
	response *echo.Response
	control  *http.ResponseController
	begun    bool
	ahead    string // what was sent already of what is written next
}

// begin sends what a file begins with while the rest is being put together, so
// that whoever waits for it, a proxy too, sees that it comes.
func (w *stream) begin(p string) {
	if w.begun || p == "" {
		return
	}
	if _, err := w.Write([]byte(p)); err == nil { // a connection that is gone is found by the next write
		w.ahead = p
	}
}

func (w *stream) Write(p []byte) (int, error) {
	w.begun = true
	if k := min(len(w.ahead), len(p)); k > 0 {
		if string(p[:k]) != w.ahead[:k] {
			return 0, fmt.Errorf("the file begins with %q, and %q was sent", p[:k], w.ahead[:k])
		}
		w.ahead = w.ahead[k:]
		n, err := w.Write(p[k:])
		return k + n, err
	}
	// A recorder in a test has no deadline to set; a real connection has.
	_ = w.control.SetWriteDeadline(time.Now().Add(writeDeadline))
	n, err := w.response.Write(p)
	if err == nil {
		w.response.Flush()
	}
	return n, err
}

// exportIncident gives one feature: GET /incidents/{id}.geojson
func (s *Server) exportIncident(c echo.Context) error {
	ctx := c.Request().Context()
	f, opts, err := exportQuery(c)
	if err != nil {
		return err
	}
	at := hotline.At{AsOf: f.AsOf, Now: incidents.MillisOf(s.Now())}
	if f.AsOf != 0 {
		at.Now = f.AsOf
	}
	if err := s.inScope(c, c.Param("id"), at); err != nil {
		return err
	}
	id, err := s.incidentID(c, "/geojson")
	if err != nil || id == "" {
		return err
	}
	one, err := s.Store.Case(ctx, id, at)
	if err != nil {
		return err
	}
	raw, err := geojson.AppendFeature(nil, &one, opts)
	if err != nil {
		return fmt.Errorf("export one incident: %w", err)
	}
	if err := s.Store.Audit(ctx, actor(c), "export.one", "incident/"+string(id), map[string]any{"format": "geojson", "revision": one.Incident.Revision}); err != nil {
		return err
	}
	return c.Blob(http.StatusOK, geojson.MediaType, raw)
}
