package web

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// question is what the address of a list or a map asks for.
type question struct {
	incidents.Filter
	given  url.Values         // as it came
	others []string           // names that belong to the page itself
	path   string             // of the page
	sea    string             // the region that the path names
	err    error              // what cannot be read
	errors []view.FieldError  // the same, for the form
	counts map[string]tallies // by group, where they were asked for
}

// tallies are counts by code.
type tallies map[string]int

func (t tallies) sum() (n int) {
	for _, x := range t {
		n += x
	}
	return n
}

// ask reads the filter in an address; what is wrong with it is kept for the
// form. others are the names that belong to the page itself.
func ask(c echo.Context, others ...string) *question {
	q := &question{given: c.QueryParams(), path: c.Request().URL.Path, others: others}
	var err error
	if q.Filter, err = incidents.ParseFilter(q.given, others...); err != nil {
		q.refuse(err)
	}
	return q
}

// askIn is ask for the page of one sea, whose address names the region.
func askIn(c echo.Context, sea string, others ...string) *question {
	q := ask(c, others...)
	if len(q.Regions) > 0 && q.err == nil {
		q.refuse(&fault.Error{Kind: fault.Invalid, Msg: "The filter cannot be read.",
			Fields: []fault.Field{{Name: "region", Msg: "is given by this address; ask for several seas under /map or /incidents."}}})
	}
	q.sea, q.Regions = sea, []string{sea}
	return q
}

// filterLabels are the names of the fields as the form has them.
var filterLabels = map[string]string{"region": "Region", "severity": "Severity", "deescalation": "De-escalation", "report": "Report",
	"nation": "Nation", "aircraft": "Aircraft", "behaviour": "Behaviour", "number": "Number", "from": "From", "to": "To", "q": "Words", "bbox": "Box",
	"exercise": "Exercises", "as_of": "As of", "until": "Compared with", "page": "Page", "sort": "Order", "after": "Place in the list", "limit": "Rows"}

// refuse notes an error of the address.
func (q *question) refuse(err error) {
	q.err = err
	q.errors = view.FieldErrors(fault.Fields(err), filterLabels)
	for i := range q.errors {
		switch name := q.errors[i].ID; {
		case name == "until": // the difference has a field for it
		case name == "after" || name == "sort" || name == "limit" || name == "number" || !isFilter(name) || name == "region" && q.sea != "":
			q.errors[i].ID = "filters" // no field of its own
			if !isFilter(name) {
				q.errors[i].Field = "“" + q.errors[i].Field + "”"
			}
		}
	}
}

func isFilter(name string) bool {
	for _, n := range incidents.FilterNames {
		if n == name {
			return true
		}
	}
	return false
}

// tidy gives the address without the fields that were left empty, which a form
// sends along; ok is false when there are none.
func (q *question) tidy() (address string, ok bool) {
	v := url.Values{}
	for name, values := range q.given {
		for _, x := range values {
			if strings.TrimSpace(x) == "" {
				ok = true
				continue
			}
			v.Add(name, x)
		}
	}
	return withQuery(q.path, v), ok
}

// values are the filter as an address, without the region where the path says
// it already.
func (q *question) values() url.Values {
	v := q.Filter.Values()
	if q.sea != "" {
		v.Del("region")
	}
	return v
}

// whole are the filter as the address of a page whose path says nothing.
func (q *question) whole() url.Values { return q.Filter.Values() }

// withQuery joins a path and its query.
func withQuery(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// count works out how many cases there are beside each choice: a group is
// counted as if nothing of it had been chosen, so that a figure says what
// choosing would bring.
func (s *Server) count(ctx context.Context, q *question, at hotline.At, groups ...string) error {
	q.counts = map[string]tallies{}
	for _, g := range groups {
		f := q.Filter
		switch g {
		case "region":
			f.Regions = nil
		case "severity":
			f.Severities = nil
		case "deescalation":
			f.Deescalations = nil
		case "report":
			f.Reports = incidents.StatusCodes.Codes()
		}
		n, err := s.Store.CountBy(ctx, f, g, at)
		if err != nil {
			return err
		}
		q.counts[g] = n
	}
	return nil
}

// Orders of the choices: the worst first.
var (
	severityOrder = []string{"high_risk", "serious", "near_routine"}
	statusOrder   = []string{"overdue", "attempted", "awaiting", "not_known", "followed_late", "followed", "not_required"}
	seaOrder      = []string{"baltic", "norwegian", "black", "outside"}
	reportOrder   = []string{"submitted", "verified", "closed", "retracted", "draft"}
)

// form makes the filter a form again, with whatever was typed.
func (q *question) form() view.FilterForm {
	f := view.FilterForm{
		Action: q.path, Clear: q.path, Errors: q.errors,
		Q: q.last("q"), From: q.last("from"), To: q.last("to"), BBox: q.last("bbox"), AsOf: q.last("as_of"), Exercise: q.last("exercise"),
		Severities: q.choices("severity", severityOrder, view.SeverityWord),
		Statuses:   q.choices("deescalation", statusOrder, view.StatusWord),
		Reports:    q.choices("report", reportOrder, incidents.StatusCodes.Word),
		Nations:    q.typed("nation"), Aircraft: q.typed("aircraft"), Behaviours: q.typed("behaviour"),
		NationNames: nationOptions(), Behaviour: behaviourOptions(q.typed("behaviour")),
	}
	if q.sea == "" {
		f.Regions = q.choices("region", seaOrder, incidents.RegionCodes.Word)
	}
	for _, name := range q.others {
		if x := q.last(name); x != "" && name != "after" {
			f.Carried = append(f.Carried, view.Pair{Name: name, Value: x})
		}
	}
	for _, x := range q.typed("number") {
		f.Carried = append(f.Carried, view.Pair{Name: "number", Value: x})
	}
	if q.err == nil {
		f.Chips = q.chips()
	}
	return f
}

// typed are the values of a name as they came, empty ones left out.
func (q *question) typed(name string) []string {
	var list []string
	for _, x := range q.given[name] {
		if x = strings.TrimSpace(x); x != "" {
			list = append(list, x)
		}
	}
	return list
}

func (q *question) last(name string) string {
	if list := q.typed(name); len(list) > 0 {
		return list[len(list)-1]
	}
	return ""
}

// choices are a closed list; what was asked for and is not in it stays, so
// that it can be seen and taken out.
func (q *question) choices(name string, codes []string, word func(string) string) []view.Choice {
	typed := q.typed(name)
	counts, counted := q.counts[name]
	var list []view.Choice
	for _, code := range codes {
		c := view.Choice{Value: code, Label: word(code), Count: -1, Checked: indexOf(typed, code) >= 0}
		if counted {
			c.Count = counts[code]
		}
		list = append(list, c)
	}
	for _, x := range typed {
		if indexOf(codes, x) < 0 {
			list = append(list, view.Choice{Value: x, Label: "“" + x + "”", Count: -1, Checked: true})
		}
	}
	return list
}

func nationOptions() []view.Option {
	var list []view.Option
	for _, code := range incidents.KnownNations() {
		list = append(list, view.Option{Value: code, Label: incidents.NationName(code)})
	}
	return list
}

func behaviourOptions(typed []string) []view.Option {
	list := []view.Option{{Value: "", Label: "any"}}
	for _, t := range incidents.Behaviours {
		list = append(list, view.Option{Value: t.Code, Label: t.Word})
	}
	for _, x := range typed {
		if !incidents.Behaviours.Has(x) {
			list = append(list, view.Option{Value: x, Label: "“" + x + "”"})
		}
	}
	return list
}

// mostChips is how many values of one name have a chip each.
const mostChips = 8

// chips are what is asked, each with the address without it.
func (q *question) chips() []view.Chip {
	words := map[string]func(string) string{
		"region": incidents.RegionCodes.Word, "severity": view.SeverityWord, "deescalation": view.StatusWord,
		"report": incidents.StatusCodes.Word, "nation": incidents.NationName, "behaviour": incidents.Behaviours.Word,
	}
	asked := q.values()
	var list []view.Chip
	for _, name := range incidents.FilterNames {
		if n := len(asked[name]); n > mostChips {
			all := url.Values{}
			maps.Copy(all, asked)
			all.Del(name)
			list = append(list, view.Chip{Label: fmt.Sprintf("%s: any of %d", filterLabels[name], n), Remove: withQuery(q.path, q.without(all, "", ""))})
			continue
		}
		for _, x := range asked[name] {
			text := x
			if word := words[name]; word != nil {
				text = word(x)
			}
			list = append(list, view.Chip{Label: filterLabels[name] + ": " + text, Remove: withQuery(q.path, q.without(asked, name, x))})
		}
	}
	return list
}

// without gives the address with one value less, and the page's own order kept.
func (q *question) without(asked url.Values, name, value string) url.Values {
	v := q.own()
	for n, values := range asked {
		for _, x := range values {
			if n != name || x != value {
				v.Add(n, x)
			}
		}
	}
	return v
}

// own are the order and length of the list where they were asked for; the
// place in it belongs to one filter and is left behind.
func (q *question) own() url.Values {
	v := url.Values{}
	for _, name := range q.others {
		if x := q.last(name); x != "" && name != "after" {
			v.Set(name, x)
		}
	}
	return v
}

// asOfQuery carries the moment of the log along in a link; now needs none.
func asOfQuery(asOf incidents.Millis) string {
	if asOf == 0 {
		return ""
	}
	return "?as_of=" + url.QueryEscape(incidents.FormatInstant(asOf))
}
