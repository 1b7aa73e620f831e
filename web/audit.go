package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// auditNames are the names that the audit log takes in its address.
var auditNames = []string{"who", "did", "kind", "object", "from", "to", "q", "before", "after"}

// auditQuestion is what is asked of the audit log.
type auditQuestion struct {
	access.AuditFilter
	values url.Values // as typed, without the place in the list
	words  access.AuditWords
}

// askAudit reads a filter from the address. An object may be an incident by its
// number, anything by its id, or what the log calls it: user/lind.
func (s *Server) askAudit(c echo.Context) (q auditQuestion, err error) {
	ctx := c.Request().Context()
	if q.words, err = s.Store.AuditWords(ctx); err != nil {
		return q, err
	}
	q.values = url.Values{}
	var p fault.Problems
	names := make([]string, 0, 8)
	for name := range c.QueryParams() {
		names = append(names, name)
	}
	sort.Strings(names)
	object := ""
	for _, name := range names {
		value := strings.TrimSpace(c.QueryParam(name))
		if value == "" {
			continue
		}
		if name != "before" && name != "after" {
			q.values.Set(name, value)
		}
		switch name {
		case "who":
			q.Actor = value
		case "did":
			q.Action = value
		case "kind":
			q.Kind = value
		case "object":
			object = value
		case "q":
			q.Words = value
		case "from", "to":
			m, err := incidents.ReadBound(value)
			if err != nil {
				p.Add(name, err.Error())
			} else if name == "from" {
				q.From = int64(m.From)
			} else {
				q.To = int64(m.From)
			}
		case "before", "after":
			seq, err := strconv.ParseInt(value, 10, 64)
			if err != nil || seq < 1 {
				p.Add(name, "“"+value+"” is no number of an entry; begin at the first page.")
			} else if name == "before" {
				q.Before = seq
			} else {
				q.After = seq
			}
		default:
			p.Add(name, "is no filter; accepted: "+strings.Join(auditNames, ", ")+".")
		}
	}
	if q.From != 0 && q.To != 0 && q.From >= q.To {
		p.Add("to", "lies before “from”.")
	}
	if object != "" {
		if q.Subjects, err = s.subjectsOf(ctx, object, q.words.Kinds); err != nil {
			return q, err
		}
	}
	return q, p.Err("The filter cannot be read.", auditNames...)
}

// subjectsOf gives what an object may be called in the chain.
func (s *Server) subjectsOf(ctx context.Context, object string, kinds []string) ([]string, error) {
	if strings.Contains(object, "/") {
		return []string{object}, nil
	}
	ids := []string{object}
	id, err := s.findIncident(ctx, object)
	if err == nil && id != object {
		ids = append(ids, id)
	} else if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	subjects := []string{object}
	for _, kind := range kinds {
		for _, id := range ids {
			subjects = append(subjects, kind+"/"+id)
		}
	}
	return subjects, nil
}

// auditLabels are the names of the fields of the filter.
var auditLabels = map[string]string{"who": "Who", "did": "What was done", "kind": "Kind of object", "object": "Object", "from": "From", "to": "To", "q": "Words of the reason"}

// showAudit is the audit log, newest first.
func (s *Server) showAudit(c echo.Context) error {
	ctx := c.Request().Context()
	q, err := s.askAudit(c)
	p := view.AuditPage{Frame: s.frame(c, "Audit", "admin")}
	p.Frame.Keys = []view.Key{{Key: "F", Label: "filter"}, {Key: "J", Label: "K move"}, {Key: "Enter", Label: "open"}}
	p.Who, p.Action, p.Kind = choices(q.words.Actors, "anybody"), choices(q.words.Actions, "anything"), choices(q.words.Kinds, "any")
	p.Values = map[string]string{}
	for name := range q.values {
		p.Values[name] = q.values.Get(name)
	}
	status := http.StatusOK
	if fault.Is(err, fault.Invalid) {
		p.Errors = view.FieldErrors(fault.Fields(err), auditLabels)
		p.Frame.Title, status = "Error: "+p.Frame.Title, http.StatusUnprocessableEntity
		return page(c, status, view.Audit(p))
	}
	if err != nil {
		return err
	}
	head, err := s.Store.ChainHead(ctx)
	if err != nil {
		return err
	}
	found, err := s.Store.AuditEntries(ctx, q.AuditFilter)
	if err != nil {
		return err
	}
	p.Total, p.Check = head.Seq, s.checked.said(head.Seq)
	if p.Rows, err = s.auditRows(ctx, found.Entries); err != nil {
		return err
	}
	if n := len(found.Entries); n > 0 {
		turn := func(name string, seq int64) string {
			v := url.Values{name: {strconv.FormatInt(seq, 10)}}
			for k, x := range q.values {
				v[k] = x
			}
			return withQuery("/audit", v)
		}
		if found.Newer {
			p.Newer = turn("after", found.Entries[0].Seq)
		}
		if found.Older {
			p.Older = turn("before", found.Entries[n-1].Seq)
		}
	}
	p.CSV, p.NDJSON = withQuery("/audit/export.csv", q.values), withQuery("/audit/export.ndjson", q.values)
	return page(c, status, view.Audit(p))
}

// choices are the values of a column, with one for not asking.
func choices(values []string, none string) []view.Option {
	options := []view.Option{{Label: none}}
	for _, v := range values {
		options = append(options, view.Option{Value: v, Label: v})
	}
	return options
}

// auditRows makes the rows of a page, each with the way to its object.
func (s *Server) auditRows(ctx context.Context, entries []access.AuditEntry) ([]view.AuditRow, error) {
	rows := make([]view.AuditRow, len(entries))
	objects := map[string]view.AuditObject{}
	for i, e := range entries {
		object, ok := objects[e.Subject]
		if !ok {
			var err error
			if object, err = s.auditObject(ctx, e.Subject); err != nil {
				return nil, err
			}
			objects[e.Subject] = object
		}
		rows[i] = view.AuditRow{Seq: e.Seq, At: time.UnixMilli(e.At).UTC(), Who: e.Actor, Action: e.Action, Object: object, Reason: e.Reason, Detail: detailWords(e.Detail), Hash: e.Hash}
	}
	return rows, nil
}

// auditObject says what an entry is about. What lies on the page of something
// else, such as a comment, leads there; what has no page leads nowhere.
func (s *Server) auditObject(ctx context.Context, subject string) (view.AuditObject, error) {
	kind, id, _ := strings.Cut(subject, "/")
	o := view.AuditObject{Kind: kind, Name: id}
	about := incidents.ID("")
	switch kind {
	case "incident":
		about = incidents.ID(id)
	case "comment":
		k, err := s.Store.Comment(ctx, incidents.CommentID(id))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return o, err
		}
		about = k.IncidentID
	case "attachment":
		a, err := s.Store.Attachment(ctx, incidents.AttachmentID(id))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return o, err
		}
		about = a.IncidentID
	case "user":
		o.Href = userPath(id)
	case "policy":
		if s.page("/policies") != nil {
			o.Href = "/policies#v" + id
		}
	default:
		if id != "" && s.page("/"+kind+"s/:id") != nil {
			o.Href = "/" + kind + "s/" + url.PathEscape(id)
		}
	}
	if about == "" {
		return o, nil
	}
	inc, err := s.Store.Incident(ctx, about, 0)
	switch {
	case fault.Is(err, fault.NotFound):
		return o, nil
	case err != nil:
		return o, err
	}
	o.Href, o.Name, o.Title = incidentPath(about), numberOf(inc), inc.Record.Title
	return o, nil
}

// detailWords writes what an entry says beside the rows that it stands for and
// the reason, which have places of their own.
func detailWords(detail string) string {
	var said map[string]any
	if detail == "" || json.Unmarshal([]byte(detail), &said) != nil {
		return ""
	}
	names := make([]string, 0, len(said))
	for name := range said {
		if name != "rows" && name != "reason" && said[name] != nil {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for i, name := range names {
		value := fmt.Sprint(said[name])
		if list, ok := said[name].([]any); ok {
			value = strings.Trim(fmt.Sprint(list), "[]")
		}
		if counts, ok := said[name].(map[string]any); ok {
			value = countWords(counts)
		}
		names[i] = view.Words(name) + " " + value
	}
	return strings.Join(names, ", ")
}

// countWords writes counts by name, in the order of the names.
func countWords(counts map[string]any) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, fmt.Sprintf("%s: %v", cmp.Or(name, "everything"), counts[name]))
	}
	return strings.Join(list, "; ")
}

// checkTime bounds one check of the whole chain.
const checkTime = 15 * time.Minute

// chainCheck is the last check of the chain. It is kept in memory: a proof is
// asked for again after a restart.
type chainCheck struct {
	running sync.Mutex
	mu      sync.Mutex
	last    *view.ChainCheck
}

// said gives the last check, and how much was written since.
func (k *chainCheck) said(head int64) *view.ChainCheck {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.last == nil {
		return nil
	}
	out := *k.last
	out.Since = head - out.Head
	return &out
}

// postAuditCheck walks the whole chain and what it stands for.
func (s *Server) postAuditCheck(c echo.Context) error {
	if !s.checked.running.TryLock() {
		return fault.New(fault.Unavailable, "The chain is being checked already; look again in a minute.")
	}
	defer s.checked.running.Unlock()
	ctx := c.Request().Context()
	// A recorder in a test has no deadline to set; a real connection has.
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(checkTime))
	head, err := s.Store.ChainHead(ctx)
	if err != nil {
		return err
	}
	n, err := s.Store.VerifyAudit(ctx)
	if err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	result := view.ChainCheck{At: s.Now().UTC(), By: actor(c).Name, Entries: n, Head: max(head.Seq, n), Hash: head.Hash}
	if err != nil {
		result.Misfit = err.Error()
	}
	s.checked.mu.Lock()
	s.checked.last = &result
	s.checked.mu.Unlock()
	return c.Redirect(http.StatusSeeOther, "/audit")
}
