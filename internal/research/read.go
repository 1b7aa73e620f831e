package research

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"interceptlog/internal/hotline"
)

// maxLineBytes bounds a line; a longer one is reported and passed over without
// being held in memory.
const maxLineBytes = 4 << 20

// File is one file to import.
type File struct {
	Name   string // as the report shows it
	Reader io.Reader
}

// entry is what one good line holds; exactly one of the three is set.
type entry struct {
	line     *line
	incident *incidentLine
	channel  *channelLine
	contact  *contactLine
}

// id is the record's own.
func (e entry) id() string {
	switch {
	case e.incident != nil:
		return e.incident.record.SourceID
	case e.channel != nil:
		return e.channel.SourceID
	}
	return e.contact.contact.SourceID
}

// key tells records apart: each kind has ids of its own.
func (e entry) key() string {
	switch {
	case e.incident != nil:
		return "incident " + e.id()
	case e.channel != nil:
		return "channel " + e.id()
	}
	return "contact " + e.id()
}

// each reads a file line by line. fn gets every line that is not blank, its
// problems included; it stops at the first error.
func each(f File, fn func(entry) error) error {
	r := bufio.NewReaderSize(f.Reader, 64<<10)
	for number := 1; ; number++ {
		raw, long, err := readLine(r)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read %s: %w", f.Name, err)
		}
		if number == 1 {
			raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
		}
		raw = bytes.TrimSpace(raw)
		l := &line{file: f.Name, number: number, size: len(raw)}
		switch {
		case long:
			l.add("record", "", fmt.Sprintf("is longer than %d bytes (4 MiB), the most that a line may have.", maxLineBytes))
			if err := fn(entry{line: l}); err != nil {
				return err
			}
		case len(raw) > 0:
			if err := fn(l.read(raw)); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

// readLine reads up to the end of a line; of one that is too long only that
// fact is kept.
func readLine(r *bufio.Reader) (raw []byte, long bool, err error) {
	for {
		piece, err := r.ReadSlice('\n')
		if !long {
			raw = append(raw, piece...)
		}
		if len(bytes.TrimRight(raw, "\r\n")) > maxLineBytes {
			raw, long = nil, true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return raw, long, err
		}
	}
}

// channelLine is a line that is a line of the register.
type channelLine struct{ hotline.Line }

// read maps one line.
func (l *line) read(raw []byte) entry {
	e := entry{line: l}
	if !utf8.Valid(raw) {
		l.add("record", "", "is not UTF-8; save the file as UTF-8.")
		return e
	}
	if !json.Valid(raw) {
		var v any
		l.add("record", string(raw), fmt.Sprintf("is no JSON: %v.", json.Unmarshal(raw, &v)))
		return e
	}
	o := l.parse("", raw)
	if len(l.problems) > 0 {
		return e
	}
	switch kind := o.str("record_type"); kind {
	case "", "incident":
		in := l.incident(o)
		e.incident = &in
	case "channel":
		e.channel = &channelLine{l.channel(o)}
	case "contact":
		c := l.contact(o)
		e.contact = &c
	default:
		l.add("record_type", kind, "is no kind of record; accepted: incident (or none), channel, contact.")
	}
	return e
}
