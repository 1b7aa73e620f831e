package view

import "strconv"

// Pin is how a search becomes an address that says the same next year: Href
// where it does not yet, the moment and the way to the difference where it does.
type Pin struct {
	Href       string
	At         Moment
	Difference string
}

// DifferencePage is what a search gives otherwise at one moment of the log than
// it gave at another.
type DifferencePage struct {
	Frame                        Frame
	Search                       FilterForm // chips, and what the form carries
	Since, Until                 string     // as typed
	Then, Now                    Moment
	Today                        bool // the later moment is now
	Length                       string
	Exact                        string // both moments to the millisecond, as an address has them
	ThenHref, NowHref, TodayHref string // the lists
	Pinned                       string // the address of this page with both moments
	TotalThen, TotalNow, Same    int
	Came, Fell, Changed          DifferencePart
	Prev, Next                   string
	PerPage                      int // rows of each part
	Errors                       []FieldError
}

// DifferencePart is one part: how many, and the rows from First on.
type DifferencePart struct {
	Total, First int
	Rows         []DifferenceRow
}

// DifferenceRow is what became of one incident.
type DifferenceRow struct {
	ID, Number, Title, Severity, Start string
	Exercise                           bool
	Then, Now, History                 string // addresses; Then is empty where there was no record
	Why, By, Reason                    string
	At                                 Moment
	Into, IntoHref                     string
	Changes                            []Change
}

func (p DifferencePage) nothing() bool { return p.Came.Total+p.Fell.Total+p.Changed.Total == 0 }

// shown says how many there are, and which of them stand here.
func (p DifferencePart) shown() string {
	all := strconv.Itoa(p.Total)
	switch {
	case len(p.Rows) == 0:
		return all + ", all on the pages before"
	case len(p.Rows) < p.Total:
		return all + ", here " + strconv.Itoa(p.First) + " to " + strconv.Itoa(p.First+len(p.Rows)-1)
	}
	return all
}

// later is what the second total is called.
func (p DifferencePage) later() string {
	if p.Today {
		return "today"
	}
	return "at the later moment"
}
