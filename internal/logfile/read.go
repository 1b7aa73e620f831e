package logfile

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// maxLine bounds a line, in bytes: the largest record has 2 MB.
const maxLine = 16 << 20

// Store is the log that is written into.
type Store interface {
	Restore(ctx context.Context, actor access.Actor, next func() (record any, err error)) error
}

// Counts are the records of a file, by kind.
type Counts map[string]int

// Kinds are the kinds of records, in the order in which a file has them.
var Kinds = []string{"policy", "line", "line_event", "incident", "workflow", "contact", "link", "expectation"}

// Is reports whether a file begins as Write begins it; start holds its first
// bytes, 512 or more where the file has them.
func Is(start []byte) bool {
	return bytes.HasPrefix(start, []byte(`{"kind":"header","format":"`+formatName+`"`))
}

// Read reads a file into an empty log, in one transaction: all of it, or nothing.
// An Invalid fault names the line and what is wrong with it. progress is told
// after each record and may be nil.
func Read(ctx context.Context, s Store, actor access.Actor, now time.Time, file io.Reader, progress func(records int)) (Counts, error) {
	if err := actor.Require(access.Manage); err != nil {
		return nil, err
	}
	r := &reader{in: bufio.NewReaderSize(file, 1<<16), sum: sha256.New(), counts: Counts{}, check: checker{now: incidents.MillisOf(now.Add(maxAhead)), incidents: map[incidents.ID]bool{}}, progress: progress}
	if err := r.header(); err != nil {
		return nil, err
	}
	err := s.Restore(ctx, actor, r.next)
	if k := fault.Of(err); r.number > 0 && !r.told && (k == fault.Invalid || k == fault.NotFound || k == fault.Conflict && r.records > 0) {
		err = r.wrong(err.Error())
	}
	return r.counts, err
}

type reader struct {
	in       *bufio.Reader
	sum      hash.Hash
	number   int // of the line
	records  int
	counts   Counts
	check    checker
	told     bool // whether the error names the line
	progress func(int)
}

// wrong says what is wrong with the line.
func (r *reader) wrong(msg string) error {
	r.told = true
	return &fault.Error{Kind: fault.Invalid, Msg: "The log was not imported.", Fields: []fault.Field{{Name: fmt.Sprintf("line %d", r.number), Msg: msg}}}
}

// line gives the next line, its end included.
func (r *reader) line() ([]byte, error) {
	r.number++
	var raw []byte
	for {
		part, err := r.in.ReadSlice('\n')
		raw = append(raw, part...)
		switch {
		case len(raw) > maxLine:
			return nil, r.wrong("is longer than 16 MB, the most that is accepted.")
		case err == nil:
			return raw, nil
		case errors.Is(err, io.EOF):
			return nil, r.wrong("the file ends here without its last line: it was cut. Accepted is the whole file, whose last line is of the kind end.")
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, fmt.Errorf("read a log: %w", err)
		}
	}
}

func (r *reader) header() error {
	raw, err := r.line()
	if err != nil {
		return err
	}
	var h Header
	if json.Unmarshal(raw, &h) != nil || h.Kind != "header" || h.Format != formatName {
		return r.wrong("is no header of a log. Accepted is a file that export --profile log has written.")
	}
	if h.Version != formatVersion {
		return r.wrong(fmt.Sprintf("version %d of the format is not known; accepted: %d.", h.Version, formatVersion))
	}
	return nil
}

// next gives the next record, io.EOF when the file was read to its end.
func (r *reader) next() (any, error) {
	raw, err := r.line()
	if err != nil {
		return nil, err
	}
	var l line
	if err := json.Unmarshal(raw, &l); err != nil {
		return nil, r.wrong("is no JSON: " + err.Error() + ".")
	}
	if l.Kind == "end" {
		return nil, r.end(raw)
	}
	r.sum.Write(raw)
	record, err := decode(l)
	if err != nil {
		return nil, r.wrong(err.Error())
	}
	if err := r.check.record(record); err != nil {
		return nil, r.wrong(l.Kind + ": " + err.Error())
	}
	r.counts[l.Kind]++
	if r.records++; r.progress != nil {
		r.progress(r.records)
	}
	return record, nil
}

// end compares the end with what was read.
func (r *reader) end(raw []byte) error {
	var e end
	if err := json.Unmarshal(raw, &e); err != nil {
		return r.wrong("is no end: " + err.Error() + ".")
	}
	if e.Records != r.records {
		return r.wrong(fmt.Sprintf("says %d records, and the file has %d.", e.Records, r.records))
	}
	if e.SHA256 != hex.EncodeToString(r.sum.Sum(nil)) {
		return r.wrong("has another SHA-256 than the records: the file was changed after it was written.")
	}
	if _, err := r.in.ReadByte(); err == nil {
		return r.wrong("is not the last line of the file.")
	}
	if err := r.check.done(); err != nil {
		return r.wrong(err.Error())
	}
	return io.EOF
}

func decode(l line) (any, error) {
	switch l.Kind {
	case "policy":
		return into[hotline.Policy](l.Record)
	case "line":
		return into[hotline.Line](l.Record)
	case "line_event":
		return into[hotline.LineEvent](l.Record)
	case "incident":
		return into[incidents.Incident](l.Record)
	case "workflow":
		f, err := into[flow](l.Record)
		f.Workflow.IncidentID = f.IncidentID
		return f.Workflow, err
	case "contact":
		return into[hotline.Contact](l.Record)
	case "link":
		return into[hotline.Link](l.Record)
	case "expectation":
		return into[hotline.Expectation](l.Record)
	}
	return nil, fmt.Errorf("“%.40s” is no kind of record; accepted: %v", l.Kind, Kinds)
}

// into reads a record; a member that it does not have is an error, so that
// nothing is dropped in silence.
func into[T any](raw json.RawMessage) (v T, err error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	err = dec.Decode(&v)
	return v, err
}
