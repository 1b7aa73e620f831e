package web

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/formula"
	"interceptlog/internal/incidents"
)

// auditChunk is how many entries are held while the audit log is written out.
const auditChunk = 500

// auditWriter writes entries in a format.
type auditWriter interface {
	entry(e access.AuditEntry) error
	end() error
}

func (s *Server) exportAuditCSV(c echo.Context) error {
	return s.exportAudit(c, "csv", "text/csv; charset=utf-8", func(w io.Writer) auditWriter { return &auditCSV{out: csv.NewWriter(w)} })
}

func (s *Server) exportAuditNDJSON(c echo.Context) error {
	return s.exportAudit(c, "ndjson", "application/x-ndjson", func(w io.Writer) auditWriter { return auditNDJSON{json.NewEncoder(w)} })
}

// exportAudit streams the entries of a filter, newest first, up to those that
// are there when it begins. It reads stretch by stretch, so that neither memory
// grows nor a reader that is slow keeps the log from being tidied.
func (s *Server) exportAudit(c echo.Context, format, media string, to func(io.Writer) auditWriter) error {
	ctx := c.Request().Context()
	q, err := s.askAudit(c)
	if err != nil {
		return err
	}
	head, err := s.Store.ChainHead(ctx)
	if err != nil {
		return err
	}
	note := map[string]any{"format": format, "filter": q.values.Encode()}
	if err := s.Store.Audit(ctx, actor(c), "export.start", "audit", note); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, media)
	h.Set(echo.HeaderContentDisposition, `attachment; filename="interceptlog-audit-`+s.Now().UTC().Format("20060102T150405Z")+"."+format+`"`)
	w := &stream{response: c.Response(), control: http.NewResponseController(c.Response())}
	f := q.AuditFilter
	f.Before, f.After, f.Limit = head.Seq+1, 0, auditChunk
	n, werr := s.writeAudit(ctx, f, w, to)
	note["count"], note["complete"] = n, werr == nil
	// The end is noted even when the client has gone away.
	err = errors.Join(werr, s.Store.Audit(context.WithoutCancel(ctx), actor(c), "export.end", "audit", note))
	if err == nil {
		return nil
	}
	if !w.begun {
		h.Del(echo.HeaderContentDisposition)
		return err
	}
	s.Logger.Error("export cut", "request", requestID(c), "error", err)
	panic(http.ErrAbortHandler)
}

func (s *Server) writeAudit(ctx context.Context, f access.AuditFilter, w io.Writer, to func(io.Writer) auditWriter) (n int, err error) {
	buf := bufio.NewWriterSize(w, 64<<10)
	out := to(buf)
	for {
		found, err := s.Store.AuditEntries(ctx, f)
		if err != nil {
			return n, err
		}
		for _, e := range found.Entries {
			if err := out.entry(e); err != nil {
				return n, err
			}
			n++
		}
		if !found.Older {
			break
		}
		f.Before = found.Entries[len(found.Entries)-1].Seq
	}
	return n, errors.Join(out.end(), buf.Flush())
}

// auditCSV writes a table with a head.
type auditCSV struct {
	out   *csv.Writer
	begun bool
}

func (a *auditCSV) head() error {
	if a.begun {
		return nil
	}
	a.begun = true
	return a.out.Write([]string{"seq", "at", "actor", "action", "subject", "reason", "detail", "prev", "hash"})
}

func (a *auditCSV) entry(e access.AuditEntry) error {
	if err := a.head(); err != nil {
		return err
	}
	return a.out.Write(formula.Row(strconv.FormatInt(e.Seq, 10), incidents.FormatInstant(incidents.Millis(e.At)), e.Actor, e.Action, e.Subject, e.Reason, e.Detail, e.Prev, e.Hash))
}

func (a *auditCSV) end() error {
	err := a.head()
	a.out.Flush()
	return errors.Join(err, a.out.Error())
}

// auditNDJSON writes an object a line. detail is the object that the hash was
// made over, byte by byte.
type auditNDJSON struct{ out *json.Encoder }

func (a auditNDJSON) entry(e access.AuditEntry) error {
	line := struct {
		Seq     int64           `json:"seq"`
		At      string          `json:"at"`
		Actor   string          `json:"actor"`
		Action  string          `json:"action"`
		Subject string          `json:"subject"`
		Reason  string          `json:"reason,omitempty"`
		Detail  json.RawMessage `json:"detail,omitempty"`
		Prev    string          `json:"prev"`
		Hash    string          `json:"hash"`
	}{e.Seq, incidents.FormatInstant(incidents.Millis(e.At)), e.Actor, e.Action, e.Subject, e.Reason, json.RawMessage(e.Detail), e.Prev, e.Hash}
	return a.out.Encode(line)
}

func (a auditNDJSON) end() error { return nil }
