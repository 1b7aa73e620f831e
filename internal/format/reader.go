package format

import (
	"fmt"

	"github.com/paulmach/orb"
)

// Record is one feature as a file has it.
type Record struct {
	Row        int64          // the row in the file, from 1; for JSON the number of the feature
	ID         string         // of the feature; empty: none
	Geometry   orb.Geometry   // nil: none
	Properties map[string]any // string, float64, int64, bool, nil, []any, map[string]any
}

// Reader gives the features of a file one after the other, io.EOF after the last.
// After an error it gives the same again, unless that is a RowError with More.
type Reader interface {
	Next() (*Record, error)
	Close() error
}

// RowError says what is wrong with a file, where, and what is accepted.
type RowError struct {
	Row   int64  // as in Record; 0: the file as a whole
	Field string // a column or a member; empty: the row as a whole
	Value string // as it stands in the file, where the message is about one cell
	Msg   string
	More  bool // only this row is bad: Next gives the one after it
}

// Error puts the place before the message.
func (e *RowError) Error() string {
	msg := e.Msg
	if e.Value != "" {
		msg = fmt.Sprintf("%.40q %s", e.Value, msg)
	}
	switch {
	case e.Row == 0 && e.Field == "":
		return msg
	case e.Row == 0:
		return e.Field + ": " + msg
	case e.Field == "":
		return fmt.Sprintf("row %d: %s", e.Row, msg)
	}
	return fmt.Sprintf("row %d, %s: %s", e.Row, e.Field, msg)
}
