package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// retractionRows is how many retractions a page shows.
const retractionRows = 200

// showRetractions tells those who took data from the log what no longer
// stands: GET /retractions?since=…&as_of=…&f=json
func (s *Server) showRetractions(c echo.Context) error {
	p := view.RetractionsPage{Frame: s.frame(c, "Retracted and merged", "log"), Since: c.QueryParam("since"), AsOf: c.QueryParam("as_of"), JSON: jsonAddress(c.QueryParams())}
	since, asOf, err := retractionQuery(c.QueryParams())
	asJSON := c.QueryParam("f") == "json"
	if err != nil {
		if asJSON || !fault.Is(err, fault.Invalid) {
			return err
		}
		p.Errors, p.Frame.Title = view.FieldErrors(fault.Fields(err), map[string]string{"since": "Since", "as_of": "As of"}), "Error: "+p.Frame.Title
		return page(c, http.StatusUnprocessableEntity, view.Retractions(p))
	}
	list, err := s.readRetractions(c, since, asOf)
	if err != nil {
		return err
	}
	if asJSON {
		return c.JSON(http.StatusOK, list)
	}
	s.at(&p.Frame, asOf)
	p.Cut = !list.Complete
	for _, r := range list.Retractions {
		p.Rows = append(p.Rows, r.row(asOf))
	}
	s.mark(&p.Frame, list.shown...)
	p.Frame.Keys = []view.Key{{Key: "J", Label: "K move"}, {Key: "Enter", Label: "open"}}
	return page(c, http.StatusOK, view.Retractions(p))
}

// retractions is the answer for programs. Complete is false where there are
// more than it holds: those that were retracted before the last one.
type retractions struct {
	Since       string       `json:"since,omitempty"`
	AsOf        string       `json:"as_of"`
	Complete    bool         `json:"complete"`
	Retractions []retraction `json:"retractions"`

	shown []incidents.Incident
}

type retraction struct {
	ID          string     `json:"id"`
	Number      string     `json:"number"`
	Title       string     `json:"title"`
	Exercise    bool       `json:"exercise"`
	Marking     string     `json:"marking"`
	RetractedAt string     `json:"retracted_at"` // RFC 3339
	RetractedBy string     `json:"retracted_by"`
	Reason      string     `json:"reason"`
	MergedInto  *mergedRef `json:"merged_into"` // null: nothing stands instead

	at incidents.Millis
}

type mergedRef struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Title  string `json:"title"`
}

func (r retraction) row(asOf incidents.Millis) view.RetractionRow {
	row := view.RetractionRow{Href: withAsOf(incidentPath(incidents.ID(r.ID)), asOf), Number: r.Number, Title: r.Title, By: r.RetractedBy, Reason: r.Reason, At: instantOf(r.at), Exercise: r.Exercise}
	if m := r.MergedInto; m != nil {
		row.Into = &view.MergedLink{Number: m.Number, Title: m.Title, Href: withAsOf(incidentPath(incidents.ID(m.ID)), asOf)}
	}
	return row
}

func (s *Server) readRetractions(c echo.Context, since, asOf incidents.Millis) (*retractions, error) {
	ctx := c.Request().Context()
	found, err := s.Store.Retractions(ctx, since, asOf, retractionRows+1)
	if err != nil {
		return nil, err
	}
	moment := asOf
	if moment == 0 {
		moment = incidents.MillisOf(s.Now())
	}
	out := &retractions{AsOf: incidents.FormatInstant(moment), Complete: len(found) <= retractionRows, Retractions: []retraction{}}
	if since != 0 {
		out.Since = incidents.FormatInstant(since)
	}
	for _, inc := range found[:min(len(found), retractionRows)] {
		r := retraction{ID: string(inc.ID), Number: inc.Number, Title: inc.Record.Title, Exercise: inc.Record.Exercise, Marking: inc.Record.Marking,
			RetractedAt: incidents.FormatInstant(inc.RecordedAt), RetractedBy: inc.RecordedBy, Reason: inc.Reason, at: inc.RecordedAt}
		if inc.MergedInto != "" {
			into, err := s.Store.Incident(ctx, inc.MergedInto, asOf)
			if err != nil {
				return nil, err
			}
			r.MergedInto = &mergedRef{string(into.ID), into.Number, into.Record.Title}
		}
		out.Retractions, out.shown = append(out.Retractions, r), append(out.shown, inc)
	}
	return out, nil
}

// retractionQuery reads the address of the list. since takes whatever a filter
// takes for a time, and a day means its beginning.
func retractionQuery(v url.Values) (since, asOf incidents.Millis, err error) {
	filter := url.Values{}
	var p fault.Problems
	for name, values := range v {
		switch {
		case name == "f" && values[len(values)-1] != "json" && values[len(values)-1] != "":
			p.Add("f", "accepted: json, or leave it out.")
		case name == "f":
		case name == "since":
			if text := values[len(values)-1]; text != "" {
				m, err := incidents.ReadBound(text)
				if err != nil {
					p.Add("since", err.Error())
				}
				since = m.From
			}
		case name == "as_of":
			filter["as_of"] = values
		default:
			p.Add(name, "is no filter of this list; accepted: since, as_of, f.")
		}
	}
	f, ferr := incidents.ParseFilter(filter)
	for _, field := range fault.Fields(ferr) {
		p.Add(field.Name, field.Msg)
	}
	return since, f.AsOf, p.Err("The list cannot be read.", "since", "as_of", "f")
}

// jsonAddress is the same list for programs.
func jsonAddress(v url.Values) string {
	out := url.Values{"f": {"json"}}
	for _, name := range []string{"since", "as_of"} {
		if x := v.Get(name); x != "" {
			out.Set(name, x)
		}
	}
	return "/retractions?" + out.Encode()
}
