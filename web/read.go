package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
)

// reading is what the form's fields show while one types: what was understood,
// or what was wrong and what is accepted.
type reading struct {
	Reading  string   `json:"reading,omitempty"`
	Error    string   `json:"error,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	Choices  []string `json:"choices,omitempty"` // texts to put in its place: the readings of what is ambiguous, or what was probably meant
}

// readTime says how a time is read: GET /read/time?text=…&precision=…
func (s *Server) readTime(c echo.Context) error {
	now := s.Now()
	m, err := incidents.InterpretTime(c.QueryParam("text"), c.QueryParam("precision"), now)
	if err != nil {
		r := reading{Error: err.Error()}
		var asked *incidents.TimeError
		if errors.As(err, &asked) && len(asked.Readings) > 0 {
			r.Error, r.Choices = asked.Msg, asked.Readings
		}
		return c.JSON(http.StatusOK, r)
	}
	return c.JSON(http.StatusOK, reading{Reading: timeWords(m.Moment, now), Warnings: m.Warnings})
}

// placeReading is a reading of a position with what a map needs to draw it.
type placeReading struct {
	reading
	Geometry      json.RawMessage `json:"geometry,omitempty"`       // GeoJSON, degrees
	UncertaintyNM float64         `json:"uncertainty_nm,omitempty"` // what the text itself leaves open
	Region        string          `json:"region,omitempty"`         // of the three, or outside
}

// readPosition says how a position is read: GET /read/position?text=…
func (s *Server) readPosition(c echo.Context) error {
	p, err := geo.ReadPosition(c.QueryParam("text"))
	if err != nil {
		r := reading{Error: err.Error()}
		var refused *geo.PositionError
		if errors.As(err, &refused) && refused.Part == "position" && len(refused.Suggestions) > 0 {
			r.Error, r.Choices = refused.Msg, refused.Suggestions
		}
		return c.JSON(http.StatusOK, r)
	}
	r := placeReading{reading: reading{Reading: s.placeWords(p, s.notation(c)), Warnings: p.Warnings},
		Geometry: geo.AppendGeometry(nil, p.Geometry), UncertaintyNM: p.UncertaintyNM, Region: s.Atlas.RegionOf(p.Geometry)}
	return c.JSON(http.StatusOK, r)
}

// geoLayer serves a reference layer to the map. The layers are part of the
// binary and change only with it.
func (s *Server) geoLayer(c echo.Context) error {
	layers := map[string]func() []byte{"land.json": geo.LandJSON, "regions.json": geo.RegionsJSON, "places.json": geo.PlacesJSON, "territorial.json": geo.TerritorialJSON}
	layer := layers[c.Param("layer")]
	if layer == nil {
		return fault.New(fault.NotFound, "There is no such layer; there are land.json, regions.json, places.json and territorial.json.")
	}
	tag := strconv.Quote(s.Version + "-" + c.Param("layer"))
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, max-age=3600")
	if has := strings.NewReplacer("-gzip\"", "\"", "-zstd\"", "\""); has.Replace(c.Request().Header.Get("If-None-Match")) == tag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, "application/geo+json", layer())
}

// health answers without signing in: the server runs and its store can be
// read.
func (s *Server) health(c echo.Context) error {
	if _, err := s.Store.ChainHead(c.Request().Context()); err != nil {
		return fault.Wrap(fault.Unavailable, "The store cannot be read.", err)
	}
	return c.JSON(http.StatusOK, map[string]string{"status": "ok", "version": s.Version})
}
