package web

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/collection"
	"interceptlog/internal/export"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/web/ogc"
)

// manifestSuffix stands after the address of a file and asks what it holds.
const manifestSuffix = ".manifest.json"

// exportFile streams a collection in a format, or says what the file holds:
// GET /export/{collection}.{ext}?… and /export/{collection}.{ext}.manifest.json?…
func (s *Server) exportFile(c echo.Context) error {
	name, manifest := strings.CutSuffix(c.Param("file"), manifestSuffix)
	id, ext, _ := strings.Cut(name, ".")
	col, ok := collection.ByID(id)
	if !ok {
		return fault.New(fault.NotFound, "There is no collection “"+id+"” to export.")
	}
	if profile := c.QueryParam("profile"); profile != "" {
		if profile != "full" || name != "incidents.geojson" || manifest {
			return &fault.Error{Kind: fault.Invalid, Msg: "The export cannot be made.", Fields: []fault.Field{{Name: "profile", Msg: "accepted: full, of incidents.geojson, or leave it out."}}}
		}
		return s.exportIncidents(c)
	}
	j, query, err := s.exportJob(c, col, ext)
	if err != nil {
		return asInvalid(err)
	}
	if manifest {
		return s.exportManifest(c, j, name, query)
	}
	if c.Request().Method == http.MethodHead {
		c.Response().Header().Set(echo.HeaderContentType, j.Format.MediaType)
		return c.NoContent(http.StatusOK)
	}
	query.Set("as_of", incidents.FormatInstant(j.Query.At.AsOf))
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, j.Format.MediaType)
	h.Set("Content-Disposition", `attachment; filename="interceptlog-`+col.ID+"-"+j.Query.At.AsOf.Time().UTC().Format("20060102T150405Z")+"."+j.Format.Ext+`"`)
	h.Set("Link", "</export/"+name+manifestSuffix+"?"+query.Encode()+`>; rel="describedby"; type="application/json"`)
	w := &stream{response: c.Response(), control: http.NewResponseController(c.Response())}
	j.Progress = func(int) { w.begin(j.Format.Begins) }
	buffered := bufio.NewWriterSize(w, 4<<10) // so that what fails at once is an ordinary answer; formats gather for themselves
	_, err = export.Run(c.Request().Context(), s.Store, actor(c), j, buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		if !w.begun {
			for _, name := range []string{"Content-Disposition", "Link", echo.HeaderContentType} {
				h.Del(name)
			}
			return asInvalid(err)
		}
		s.Logger.Error("export cut", "request", requestID(c), "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// exportJob reads what is asked for; query is what identifies the file.
func (s *Server) exportJob(c echo.Context, col *collection.Collection, ext string) (export.Job, url.Values, error) {
	j := export.Job{Collection: col, Marking: s.Markings[0]}
	var ok bool
	if j.Format, ok = export.ByExt(ext); !ok {
		return j, nil, export.UnknownFormat(ext)
	}
	v := url.Values{}
	known := collection.Params(col)
	for name, values := range c.QueryParams() {
		switch {
		case slices.Contains([]string{"limit", "cursor", "skipGeometry", "f"}, name) || !slices.Contains(known, name):
			return j, nil, &collection.ParameterError{Parameter: name, Accepted: strings.Join(known, ", "), Msg: "There is no parameter “" + name + "” of an export; accepted: " + strings.Join(known, ", ") + "."}
		case len(nonEmptyValues(values)) > 0:
			v[name] = values
		}
	}
	var err error
	if j.Query, err = collection.ReadQuery(col, v); err != nil {
		return j, nil, err
	}
	asOf, err := asOfParam(c)
	if err != nil {
		return j, nil, err
	}
	now, err := s.Store.Settled(c.Request().Context())
	if err != nil {
		return j, nil, err
	}
	j.Query.At = export.At(asOf, now)
	j.Query.Narrow.AsOf = j.Query.At.AsOf
	if j.Query.Narrow.Within = scopeWithin(c); j.Query.Narrow.Within != nil {
		if j.Alone = true; col.Recorded() && !col.Incidents() {
			return j, nil, fault.New(fault.Forbidden, "This token is for incidents of a filter; it does not open "+col.ID+".")
		}
	}
	if j.System, err = collection.ReadSystem("crs", v.Get("crs"), v.Has("crs")); err != nil {
		return j, nil, err
	}
	if j.Pick, err = collection.ReadPick(col, v); err != nil {
		return j, nil, err
	}
	filter := url.Values{}
	for name, values := range v {
		if name != "as_of" {
			filter[name] = values
		}
	}
	j.Filter = filter.Encode()
	return j, v, j.Check()
}

func nonEmptyValues(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(s string) bool { return strings.TrimSpace(s) == "" })
}

// exportManifest makes the file once more, keeps nothing of it but its hash, and
// says what it holds.
func (s *Server) exportManifest(c echo.Context, j export.Job, name string, query url.Values) error {
	control := http.NewResponseController(c.Response())
	j.Progress = func(int) {
		// A recorder in a test has no deadline to set; a real connection has.
		_ = control.SetWriteDeadline(time.Now().Add(writeDeadline))
	}
	m, err := export.Run(c.Request().Context(), s.Store, actor(c), j, io.Discard)
	if err != nil {
		return asInvalid(err)
	}
	query.Set("as_of", m.AsOf)
	m.File, m.Address = name, "/export/"+name+"?"+query.Encode()
	return c.JSONPretty(http.StatusOK, m, "  ")
}

// asInvalid turns a parameter that is not accepted into what a page shows.
func asInvalid(err error) error {
	var e *collection.ParameterError
	if errors.As(err, &e) {
		return &fault.Error{Kind: fault.Invalid, Msg: "The export cannot be made.", Fields: []fault.Field{{Name: e.Parameter, Msg: e.Msg}}}
	}
	return err
}

// exportLinks are the files of a collection.
func exportLinks(id string) []ogc.Link {
	var links []ogc.Link
	for _, f := range export.Formats() {
		links = append(links, ogc.Link{Href: "/export/" + id + "." + f.Ext, Rel: "enclosure", Type: f.MediaType, Title: f.Title})
	}
	return links
}
