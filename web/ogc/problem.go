package ogc

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/collection"
	"interceptlog/internal/fault"
	"interceptlog/web/view"
)

// problem is an answer to a request that cannot be met (RFC 9457). Beside the
// members of the standard it names the parameter, the value and what is
// accepted; of a feature that was sent, a pointer (RFC 6901) for each field.
type problem struct {
	Type      string       `json:"type"`
	Title     string       `json:"title"`
	Status    int          `json:"status"`
	Detail    string       `json:"detail,omitempty"`
	Instance  string       `json:"instance,omitempty"`
	Parameter string       `json:"parameter,omitempty"`
	Value     string       `json:"value,omitempty"`
	Accepted  string       `json:"accepted,omitempty"`
	Column    int          `json:"column,omitempty"`  // in the filter, from 1
	Pointer   string       `json:"pointer,omitempty"` // in a filter of JSON (RFC 6901)
	Errors    []fieldError `json:"errors,omitempty"`
}

type fieldError struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

func (p *problem) Error() string { return p.Detail }

// bad says that a parameter has a value that is not accepted.
func bad(parameter, value, accepted string) error {
	return &problem{Status: http.StatusBadRequest, Detail: "The value “" + clip(value) + "” of " + parameter + " is not accepted; accepted: " + accepted + ".",
		Parameter: parameter, Value: clip(value), Accepted: accepted}
}

func unknownParameter(name string, known []string) error {
	return &problem{Status: http.StatusBadRequest, Detail: "There is no parameter “" + clip(name) + "” here; there are " + strings.Join(known, ", ") + ".",
		Parameter: clip(name), Accepted: strings.Join(known, ", ")}
}

// statusOf maps kinds of fault to HTTP, as this API has it.
var statusOf = map[fault.Kind]int{
	fault.Internal: http.StatusInternalServerError, fault.Invalid: http.StatusBadRequest, fault.NotFound: http.StatusNotFound,
	fault.Conflict: http.StatusConflict, fault.Forbidden: http.StatusForbidden, fault.Unavailable: http.StatusServiceUnavailable,
}

// problem answers with what went wrong; what is our own fault is logged and not
// told.
func (a *API) problem(c echo.Context, err error) error {
	var p *problem
	var f *fault.Error
	var e *collection.ParameterError
	switch {
	case errors.As(err, &p):
	case errors.As(err, &e):
		p = &problem{Status: http.StatusBadRequest, Detail: e.Msg, Parameter: e.Parameter, Value: e.Value, Accepted: e.Accepted, Column: e.At.Column, Pointer: e.At.Pointer}
	case errors.As(err, &f) && f.Kind != fault.Internal:
		p = &problem{Status: statusOf[f.Kind], Detail: f.Msg}
		for _, field := range f.Fields {
			p.Parameter = field.Name
			p.Detail += " " + field.Name + ": " + field.Msg
		}
	default:
		a.Logger.Error("request failed", "path", c.Request().URL.Path, "error", err)
		p = &problem{Status: http.StatusInternalServerError, Detail: "The server failed; the fault is in its log."}
	}
	if c.Response().Committed {
		panic(http.ErrAbortHandler) // a cut answer must look cut
	}
	if isBrowser(c.Request()) {
		return a.problemPage(c, p)
	}
	return sendProblem(c, *p)
}

// isBrowser tells a person who looks at an address from a program: browsers ask
// for text/html by name and before all else. ?f=html alone does not tell.
func isBrowser(r *http.Request) bool {
	header := strings.Join(r.Header.Values("Accept"), ",")
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(header, typeHTML) && weight(header, typeHTML) > max(weight(header, typeJSON), weight(header, typeGeoJSON))
}

// problemPage says the same as a problem to a person.
func (a *API) problemPage(c echo.Context, p *problem) error {
	page := view.ServedPage{Heading: "Error: " + http.StatusText(p.Status), Text: p.Detail, Crumbs: []view.ServedLink{{Href: Prefix + "?f=html", Label: "OGC API"}}}
	fact := func(label, text string) {
		if text != "" {
			page.Facts = append(page.Facts, view.ServedFact{Label: label, Text: text, Mono: label != "Accepted"})
		}
	}
	fact("Parameter", p.Parameter)
	fact("Value", p.Value)
	if p.Column > 0 {
		fact("Column", strconv.Itoa(p.Column))
	}
	fact("Place in the filter", p.Pointer)
	fact("Accepted", p.Accepted)
	c.Response().Header().Del("ETag")
	return a.Page(c, p.Status, page)
}

func sendProblem(c echo.Context, p problem) error {
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	p.Instance = c.Request().URL.RequestURI()
	raw, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	c.Response().Header().Del("ETag")
	return c.Blob(p.Status, "application/problem+json", append(raw, '\n'))
}
