package store

import (
	"encoding/base64"
	"encoding/json"

	"interceptlog/internal/fault"
)

// cursor is a place in a list: after (or, with Back, before) the row with this
// key and id. Rows that come or go meanwhile do not move it.
type cursor struct {
	Sort string    `json:"s"`
	Key  cursorKey `json:"k"`
	ID   string    `json:"i"`
	Back bool      `json:"b,omitempty"`
	End  bool      `json:"e,omitempty"` // with Back: from the end of the list
}

// cursorKey is the value that a list is sorted by, a number or a text.
type cursorKey struct {
	N *int64  `json:"n,omitempty"`
	T *string `json:"t,omitempty"`
}

func intKey(n int64) cursorKey { return cursorKey{N: &n} }

// keyOf takes what the driver gave for a sort column.
func keyOf(v any) cursorKey {
	switch v := v.(type) {
	case int64:
		return cursorKey{N: &v}
	case []byte:
		s := string(v)
		return cursorKey{T: &s}
	case string:
		return cursorKey{T: &v}
	}
	return cursorKey{}
}

func (k cursorKey) value() any {
	if k.T != nil {
		return *k.T
	}
	return *k.N
}

// String writes the cursor for an address.
func (c cursor) String() string {
	b, _ := json.Marshal(c) // numbers and texts: cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

// maxCursor bounds what is read; a title is the longest key.
const maxCursor = 8192

// readCursor reads a cursor of a list that is sorted so.
func readCursor(s, sort string) (cursor, error) {
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil && len(b) <= maxCursor {
		err = json.Unmarshal(b, &c)
	}
	whole := c.End && c.Back || c.ID != "" && (c.Key.N == nil) != (c.Key.T == nil)
	if err != nil || !whole || c.Sort != sort {
		return c, &fault.Error{Kind: fault.Invalid, Msg: "The place in the list cannot be read; begin at its first page.",
			Fields: []fault.Field{{Name: "after", Msg: "belongs to another list or order."}}, Err: err}
	}
	return c, nil
}
