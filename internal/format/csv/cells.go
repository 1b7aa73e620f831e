package csv

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"interceptlog/internal/format"
)

const (
	maxRow     = 64 << 20 // bytes
	maxColumns = 16_384   // as a sheet has
)

// cell is one cell as it stands.
type cell struct {
	text   string
	quoted bool // so that an empty one is a text, not null
}

// cells reads rows of cells.
type cells struct {
	r     *bufio.Reader
	sep   byte // 0: still to be found
	row   int64
	raw   []byte // the row that is being read
	ends  []int  // of its cells in raw
	marks []bool // whether they stood in quotation marks
	out   []cell
}

// newCells finds out the encoding: UTF-8, or by its mark UTF-16.
func newCells(r io.Reader, sep byte) *cells {
	b := bufio.NewReaderSize(r, 1<<16)
	if mark, _ := b.Peek(2); string(mark) == "\xff\xfe" || string(mark) == "\xfe\xff" {
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
		b = bufio.NewReaderSize(utf16.NewDecoder().Reader(b), 1<<16)
	}
	for mark, _ := b.Peek(3); string(mark) == "\ufeff"; mark, _ = b.Peek(3) { // joined files have several
		_, _ = b.Discard(3)
	}
	return &cells{r: b, sep: sep}
}

// sniff takes the separator that stands most often in the first line.
func (c *cells) sniff() {
	head, _ := c.r.Peek(1 << 16)
	counts := map[byte]int{}
	quoted := false
	for _, b := range head {
		if b == '"' {
			quoted = !quoted
		}
		if b == '\n' && !quoted {
			break
		}
		if !quoted {
			counts[b]++
		}
	}
	c.sep = ','
	for _, b := range []byte{';', '\t'} {
		if counts[b] > counts[c.sep] {
			c.sep = b
		}
	}
}

func (c *cells) fail(msg string) error { return &format.RowError{Row: c.row, Msg: msg} }

// next gives the cells of the next row, which stay until the next call; an empty
// line is a row of one cell that is empty.
func (c *cells) next() ([]cell, error) {
	if c.sep == 0 {
		c.sniff()
	}
	if _, err := c.r.Peek(1); err != nil {
		return nil, err
	}
	c.row++
	c.raw, c.ends, c.marks = c.raw[:0], c.ends[:0], c.marks[:0]
	for {
		more, err := c.cell()
		if err != nil {
			return nil, err
		}
		if c.ends = append(c.ends, len(c.raw)); len(c.ends) > maxColumns {
			return nil, c.fail(fmt.Sprintf("has more than %d columns, the most that is accepted.", maxColumns))
		}
		if !more {
			break
		}
	}
	if bytes.IndexByte(c.raw, 0) >= 0 {
		return nil, c.fail("holds a byte 0. Accepted are UTF-8, and UTF-16 with its byte order mark.")
	}
	text, from := string(c.raw), 0
	c.out = c.out[:0]
	for i, end := range c.ends {
		if !utf8.ValidString(text[from:end]) {
			return nil, c.fail("is not UTF-8. Accepted are UTF-8, and UTF-16 with its byte order mark.")
		}
		c.out = append(c.out, cell{text[from:end], c.marks[i]})
		from = end
	}
	return c.out, nil
}

// cell reads one cell and what ends it; more says whether that is a separator.
func (c *cells) cell() (more bool, err error) {
	b, err := c.r.ReadByte()
	if quoted := err == nil && b == '"'; quoted {
		c.marks = append(c.marks, true)
		if err := c.quotation(); err != nil {
			return false, err
		}
		b, err = c.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case err == nil && b != c.sep && b != '\r' && b != '\n':
			return false, c.fail("has something behind the quotation mark that ends a cell. A quotation mark within a cell is written twice.")
		}
	} else {
		c.marks = append(c.marks, false)
	}
	for ; err == nil; b, err = c.r.ReadByte() {
		switch b {
		case c.sep:
			return true, nil
		case '\n':
			return false, nil
		case '\r':
			if b, err = c.r.ReadByte(); err != nil || b != '\n' {
				return false, c.fail("has a carriage return alone. Lines end with CR LF or with LF.")
			}
			return false, nil
		case '"':
			return false, c.fail("has a quotation mark within a cell that does not begin with one. Accepted is the whole cell in quotation marks, those within it written twice.")
		}
		if c.raw = append(c.raw, b); len(c.raw) > maxRow {
			return false, c.tooLong()
		}
	}
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	return false, err
}

// quotation reads up to the quotation mark that ends a cell.
func (c *cells) quotation() error {
	for {
		b, err := c.r.ReadByte()
		if err == nil && b == '"' {
			if after, perr := c.r.Peek(1); perr != nil || after[0] != '"' {
				return nil
			}
			b, err = c.r.ReadByte()
		}
		if errors.Is(err, io.EOF) {
			return c.fail("the file ends within quotation marks: it was cut, or one is missing.")
		}
		if err != nil {
			return err
		}
		if c.raw = append(c.raw, b); len(c.raw) > maxRow {
			return c.tooLong()
		}
	}
}

func (c *cells) tooLong() error {
	return c.fail(fmt.Sprintf("is longer than %d MB, the most that is accepted. Is a quotation mark missing?", maxRow>>20))
}
