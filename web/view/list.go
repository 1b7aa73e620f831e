package view

import (
	"strconv"
	"time"
)

// ListPage is the log as a table.
type ListPage struct {
	Frame              Frame
	Filter             FilterForm
	Heads              []ListHead
	Rows               []ListRow
	Paging             Paging
	Total              int
	Pin                Pin
	Export, Files, Map string // addresses with the same filter
	Chosen             []Pair // what the address of chosen rows says beside their numbers
}

// ListHead is the head of a column; Href is empty where it cannot be sorted by.
type ListHead struct {
	Label, Href string
	Sorted      string    // ascending, descending or ""
	Also        *ListHead // the second line of the column
}

// sorted is how the column is ordered, by its first line or its second.
func (h ListHead) sorted() string {
	if h.Sorted == "" && h.Also != nil {
		return h.Also.Sorted
	}
	return h.Sorted
}

// ListRow is one incident in a list.
type ListRow struct {
	ID, Href, Number, Title, Who string
	Start                        string // no finer than it is known
	StartAt                      time.Time
	Precision                    string
	Recorded, Deadline           string
	Region, SubArea              string
	Severity, Status, Best       string
	Open                         bool // somebody may still have to act
	Contact, ContactKind         string
	Exercise, Retracted, Located bool
	Merged, Returned             bool
	Holder                       string // who sees to it
	Intercepting, Intercepted    []Symbol
}

func (p ListPage) total() string {
	if p.Total == 1 {
		return "1 incident"
	}
	return strconv.Itoa(p.Total) + " incidents"
}
