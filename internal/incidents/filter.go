package incidents

import (
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"

	"interceptlog/internal/fault"
)

// Filter asks for incidents. The same names hold on pages, in exports and in
// the API: a repeated name means or, different names mean and, periods match
// when they overlap, and an unknown name or value is an error.
type Filter struct {
	Regions       []string // baltic, black, norwegian, outside
	Severities    []string
	Deescalations []string // worst status, at the moment asked for
	Reports       []string // state of the report; empty: submitted, verified, closed
	Nations       []string // of either party
	Aircraft      []string // designator or part of a name, of either party
	Behaviours    []string
	Numbers       []string // single incidents, by what people call them
	From, To      Millis   // incidents whose start may lie in [From, To); 0: open
	Q             string   // words, all of which must be found
	BBox          *BBox
	Exercise      string // "": real records only; include; only
	AsOf          Millis // 0: now

	// ID asks for one incident, Shape for positions of one type (point, track,
	// area), During for a time that may meet it, both ends included, Where for what
	// a condition is true of, and Within narrows to what another filter holds, too:
	// that of a token. No address of the log's own pages says any of them, and
	// Values leaves them out.
	ID     ID
	Shape  string
	During *Interval
	Where  *Condition
	Within *Filter

	fromText, toText string
}

// BBox is a box in degrees, WGS 84. West > East means that it crosses the
// antimeridian (RFC 7946 §5.2). As a filter it holds what has a point in common
// with it, and what has no position.
type BBox struct{ West, South, East, North float64 }

// FilterNames are the names that ParseFilter takes.
var FilterNames = []string{"region", "severity", "deescalation", "report", "nation", "aircraft", "behaviour", "number", "from", "to", "q", "bbox", "exercise", "as_of"}

// maxQuery bounds the length of a free text or a name in a filter.
const maxQuery = 200

// maxNumbers bounds how many incidents a filter names one by one.
const maxNumbers = 500

// ParseFilter reads a filter from an address. Names listed in others belong to
// the page itself (sort, after, limit …) and are passed over; any other name
// is an error that says what is accepted. Empty values mean "not asked".
func ParseFilter(v url.Values, others ...string) (Filter, error) {
	var f Filter
	var p fault.Problems
	names := make([]string, 0, len(v))
	for n := range v {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, name := range names {
		values := nonEmpty(v[name])
		if len(values) == 0 {
			continue
		}
		switch name {
		case "region":
			f.Regions = fromList(&p, name, values, RegionCodes)
		case "severity":
			f.Severities = fromList(&p, name, values, Severities)
		case "deescalation":
			f.Deescalations = fromList(&p, name, values, Deescalations)
		case "report":
			f.Reports = fromList(&p, name, values, StatusCodes)
		case "behaviour":
			f.Behaviours = fromList(&p, name, values, Behaviours)
		case "nation":
			for _, s := range values {
				c := strings.ToUpper(s)
				if !ValidNation(c) {
					p.Add(name, "“"+clip(s)+"” is no nation; accepted: two-letter ISO 3166-1 codes such as NO, RU, US, or NATO.")
				}
				f.Nations = append(f.Nations, c)
			}
		case "aircraft":
			for _, s := range values {
				if len(s) > maxQuery {
					p.Add(name, "is longer than 200 characters; give a designator such as TU95 or a name such as Bear.")
				}
				f.Aircraft = append(f.Aircraft, s)
			}
		case "number":
			if f.Numbers = values; len(values) > maxNumbers {
				p.Add(name, "names "+strconv.Itoa(len(values))+" incidents; accepted: up to "+strconv.Itoa(maxNumbers)+" numbers, such as 2026-0012.")
			}
		case "from", "to":
			m, err := ReadBound(last(values))
			if err != nil {
				p.Add(name, err.Error())
			} else if name == "from" {
				f.From, f.fromText = m.From, last(values)
			} else {
				f.To, f.toText = m.To, last(values)
			}
		case "q":
			f.Q = last(values)
			if len(f.Q) > maxQuery {
				p.Add(name, "is longer than 200 characters.")
			}
		case "bbox":
			b, msg := ParseBBox(last(values))
			if msg != "" {
				p.Add(name, msg)
			}
			f.BBox = b
		case "exercise":
			if f.Exercise = last(values); f.Exercise != "include" && f.Exercise != "only" && f.Exercise != "exclude" {
				p.Add(name, "“"+clip(f.Exercise)+"” is not accepted; accepted: include, only, exclude.")
			}
			if f.Exercise == "exclude" {
				f.Exercise = ""
			}
		case "as_of":
			t, err := ReadInstant(last(values))
			if err != nil {
				p.Add(name, err.Error())
			}
			f.AsOf = MillisOf(t)
		default:
			if !contains(others, name) {
				p.Add(name, "is no filter; accepted: "+strings.Join(append(append([]string{}, FilterNames...), others...), ", ")+".")
			}
		}
	}
	if f.From != 0 && f.To != 0 && f.From >= f.To {
		p.Add("to", "lies before “from”.")
	}
	return f, p.Err("The filter cannot be read.", FilterNames...)
}

// ParseBBox reads west,south,east,north in degrees (four or six numbers, as
// in RFC 7946 §5). The second value is empty or says what is wrong.
func ParseBBox(s string) (*BBox, string) {
	const accepted = "accepted: west,south,east,north in degrees, such as 18,54,24,60."
	parts := strings.Split(s, ",")
	if len(parts) == 6 {
		parts = []string{parts[0], parts[1], parts[3], parts[4]}
	}
	if len(parts) != 4 {
		return nil, "needs four numbers; " + accepted
	}
	var n [4]float64
	for i, part := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || x != x || x < -360 || x > 360 {
			return nil, "“" + clip(part) + "” is no number of degrees; " + accepted
		}
		n[i] = x
	}
	b := BBox{n[0], n[1], n[2], n[3]}
	switch {
	case b.West < -180 || b.West > 180 || b.East < -180 || b.East > 180:
		return nil, "longitudes run from -180 to 180; " + accepted
	case b.South < -90 || b.North > 90:
		return nil, "latitudes run from -90 to 90; " + accepted
	case b.South > b.North:
		return nil, "south lies north of north; " + accepted
	}
	return &b, ""
}

// String writes the box as ParseBBox reads it.
func (b BBox) String() string {
	f := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	return f(b.West) + "," + f(b.South) + "," + f(b.East) + "," + f(b.North)
}

// Values writes the filter as an address that ParseFilter reads back.
func (f Filter) Values() url.Values {
	v := url.Values{}
	add := func(name string, values []string) {
		for _, s := range values {
			v.Add(name, s)
		}
	}
	add("region", f.Regions)
	add("severity", f.Severities)
	add("deescalation", f.Deescalations)
	add("report", f.Reports)
	add("nation", f.Nations)
	add("aircraft", f.Aircraft)
	add("behaviour", f.Behaviours)
	add("number", f.Numbers)
	one := func(name, s string) {
		if s != "" {
			v.Set(name, s)
		}
	}
	if f.From != 0 {
		one("from", orElse(f.fromText, f.From.Time().Format(time.RFC3339)))
	}
	if f.To != 0 {
		one("to", orElse(f.toText, f.To.Time().Format(time.RFC3339)))
	}
	one("q", f.Q)
	if f.BBox != nil {
		v.Set("bbox", f.BBox.String())
	}
	one("exercise", f.Exercise)
	if f.AsOf != 0 {
		v.Set("as_of", FormatInstant(f.AsOf))
	}
	return v
}

// IsEmpty reports whether nothing is asked but, perhaps, a moment.
func (f Filter) IsEmpty() bool {
	v := f.Values()
	v.Del("as_of")
	return len(v) == 0
}

func fromList(p *fault.Problems, name string, values []string, list Vocabulary) []string {
	for _, s := range values {
		if !list.Has(s) {
			p.Add(name, "“"+clip(s)+"” is not accepted; accepted: "+list.Accepted()+".")
		}
	}
	return values
}

func nonEmpty(values []string) []string {
	var out []string
	for _, s := range values {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func last(values []string) string { return values[len(values)-1] }

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// clip shortens what a message repeats of an input, on a whole rune.
func clip(s string) string {
	r := []rune(s)
	if len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
