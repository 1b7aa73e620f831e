package logfile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Source is the log that is written.
type Source interface {
	// EachRecord gives every record of a moment, see store.Store.
	EachRecord(ctx context.Context, asOf incidents.Millis, fn func(record any) error) error
	ChainHead(ctx context.Context) (access.Entry, error)
	Audit(ctx context.Context, actor access.Actor, action, subject string, detail any) error
}

// Header is the first line of a file.
type Header struct {
	Kind    string `json:"kind"`    // header
	Format  string `json:"format"`  // formatName
	Version int    `json:"version"` // of the format
	Program string `json:"program"` // that wrote it
	AsOf    string `json:"as_of"`
	Chain   Chain  `json:"chain"`
	LeftOut string `json:"left_out"`
}

// Chain is where the audit chain stood.
type Chain struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

const (
	formatName    = "interceptlog log"
	formatVersion = 1
)

// LeftOut says what a file does not carry.
const LeftOut = "History (earlier revisions, and when a revision was written), attachments, comments, journal, shifts, handovers, alerts, answer sheets, unfinished forms, users, tokens and the audit chain are not in this file."

// end is the last line.
type end struct {
	Kind    string `json:"kind"`
	Records int    `json:"records"`
	SHA256  string `json:"sha256"` // of the lines between header and end
}

// line is a record with its kind.
type line struct {
	Kind   string          `json:"kind"`
	Record json.RawMessage `json:"record"`
}

// flow is a workflow with the id that it is of.
type flow struct {
	IncidentID incidents.ID `json:"incident_id"`
	incidents.Workflow
}

// kindOf names the kind of a record, and gives what is written of it.
func kindOf(record any) (kind string, v any) {
	switch r := record.(type) {
	case hotline.Policy:
		return "policy", r
	case hotline.Line:
		return "line", r
	case hotline.LineEvent:
		return "line_event", r
	case incidents.Incident:
		return "incident", r
	case incidents.Workflow:
		return "workflow", flow{r.IncidentID, r}
	case hotline.Contact:
		return "contact", r
	case hotline.Link:
		return "link", r
	case hotline.Expectation:
		return "expectation", r
	}
	return "", nil
}

// Write writes the log as it stood at a moment, and gives how many records that
// were. Its start and its end are in the audit chain. progress is told after each
// record and may be nil.
func Write(ctx context.Context, src Source, actor access.Actor, program string, asOf incidents.Millis, w io.Writer, progress func(records int)) (n int, err error) {
	head, err := src.ChainHead(ctx)
	if err != nil {
		return 0, err
	}
	h := Header{"header", formatName, formatVersion, program, incidents.FormatInstant(asOf), Chain{head.Seq, head.Hash}, LeftOut}
	note := map[string]any{"format": "log", "as_of": h.AsOf}
	if err := src.Audit(ctx, actor, "export.start", "log", note); err != nil {
		return 0, err
	}
	sum := sha256.New()
	defer func() {
		note["count"], note["complete"] = n, err == nil
		note["sha256"] = hex.EncodeToString(sum.Sum(nil))
		if aerr := src.Audit(context.WithoutCancel(ctx), actor, "export.end", "log", note); err == nil {
			err = aerr
		}
	}()
	if err := put(w, h); err != nil {
		return 0, err
	}
	both := io.MultiWriter(w, sum)
	err = src.EachRecord(ctx, asOf, func(record any) error {
		kind, v := kindOf(record)
		if kind == "" {
			return fmt.Errorf("write a log: a %T is no record", record)
		}
		raw, err := current(v)
		if err != nil {
			return err
		}
		if err := put(both, line{kind, raw}); err != nil {
			return err
		}
		if n++; progress != nil {
			progress(n)
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	return n, put(w, end{"end", n, hex.EncodeToString(sum.Sum(nil))})
}

// history are the members that say where a revision stands among others, which
// the file does not carry.
var history = []string{"revision", "recorded_at"}

// current writes a record without its place in the history, its members in the
// order of their names.
func current(v any) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	raw, err := plain(v)
	if err == nil {
		err = json.Unmarshal(raw, &members)
	}
	if err != nil {
		return nil, fmt.Errorf("write a record: %w", err)
	}
	for _, name := range history {
		delete(members, name)
	}
	return plain(members)
}

// plain encodes without the escapes that are for pages.
func plain(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func put(w io.Writer, v any) error {
	raw, err := plain(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(raw, '\n'))
	return err
}
