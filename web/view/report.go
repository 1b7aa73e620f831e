package view

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"interceptlog/internal/incidents"
)

// ReportPage is the form of a report, for a new incident or for a change.
type ReportPage struct {
	Frame         Frame
	Heading, Lead string
	Action, Back  string // where the form goes, and where one gets out
	Edit          bool
	Base          int // revision that a change is made from
	Report        incidents.Report
	Errors        []FieldError
	ErrorTitle    string
	Conflict      *Conflict
	Offer         *Offer
	Similar       Similar
	Markings      []string
	Start, End    string // how the times were read
	Position      string // how the position was read
	Readback      Readback
	Draw          DrawSeas

	Paste        string            // a text still in the box above
	Filled       map[string]string // fields that came from it, with its words
	FilledText   string            // the same for the form to bring back
	Defaults     []string          // fields that the form filled by itself
	DefaultsText string            // the same with their values, for the form to bring back
	DefaultsBy   string            // where they came from, in words
	BegunFrom    string            // id of the earlier report that it was begun from
	Unfinished   []DraftRow        // other reports that one has begun
	Draft        DraftState
	Known        incidents.Known // names that the log knows
}

// DraftState is what the script needs to keep the form: its key, whose it is,
// and the count and cursor of what the server holds.
type DraftState struct {
	Key, Owner, Place string
	Seq               int64
	Posted            bool // the form holds what was just sent, and nothing older may replace it
}

// Readback is the report said back in a sentence.
type Readback struct {
	Parts  []ReadPart
	Absent string          // what was not stated
	Status string          // glyph of the status that it will have
	Due    string          // what the policy will ask for
	Chart  templ.Component // where it was; nil while that cannot be read
}

// ReadPart is a piece of the sentence: plain, data, none for what nobody typed
// yet, or bad for what could not be read.
type ReadPart struct{ Text, Mark string }

// err gives the message against a field.
func (p ReportPage) err(id string) string { return ErrorFor(p.Errors, id) }

// text is an input of the form.
func (p ReportPage) text(name, label, value, width string) Input {
	return Input{Name: name, Label: label, Value: value, Width: width, Err: p.err(name), Autocomplete: "off"}
}

// unknown is an input that may be left out, and says so.
func (p ReportPage) unknown(name, label, value, width string) Input {
	in := p.text(name, label, value, width)
	in.Placeholder = "unknown"
	return in
}

// cell is an input of a repeated row; only the first row shows its labels.
// A row below zero is the pattern from which the script makes another.
func (p ReportPage) cell(name, label, value, width string, row int) Input {
	if row < 0 {
		return Input{Name: name, ID: name + "-__i__", Label: label + ", a further row", Width: width, Autocomplete: "off", HideLabel: true}
	}
	id := name + "-" + strconv.Itoa(row)
	in := Input{Name: name, ID: id, Label: label, Value: value, Width: width, Err: p.err(id), Autocomplete: "off", HideLabel: row > 0}
	if row > 0 {
		in.Label = label + ", row " + strconv.Itoa(row+1)
	}
	return in
}

func mono(in Input) Input { in.Mono = true; return in }

// Options makes the choices of a field from a vocabulary.
func Options(list incidents.Vocabulary) []Option {
	options := make([]Option, len(list))
	for i, t := range list {
		options[i] = Option{Value: t.Code, Label: t.Word}
	}
	return options
}

// withValue adds a value that is none of the choices, so that what was sent is
// still there beside the message about it.
func withValue(options []Option, values ...string) []Option {
	for _, v := range values {
		known := v == ""
		for _, o := range options {
			known = known || o.Value == v
		}
		if !known {
			options = append(options[:len(options):len(options)], Option{Value: v, Label: "“" + v + "”"})
		}
	}
	return options
}

// strangeBehaviours are the codes that were sent and are not in the list.
func strangeBehaviours(values []string) []incidents.Term {
	var terms []incidents.Term
	for _, v := range values {
		if !incidents.Behaviours.Has(v) {
			terms = append(terms, incidents.Term{Code: v, Word: "“" + v + "”"})
		}
	}
	return terms
}

// flagOptions are the three answers to a yes-or-no question, in the order of
// the vocabulary, whose words for yes and no are its own.
func flagOptions(list incidents.Vocabulary) []Option {
	options := Options(list)
	for i, word := range []string{"Yes", "No", "Unknown"} {
		options[i].Label = word
	}
	return options
}

// any reports whether one of the texts is there, or one of the fields has a
// message: then what holds them must be open.
func (p ReportPage) any(names []string, values ...string) bool {
	for _, v := range values {
		if v != "" && v != incidents.Unknown {
			return true
		}
	}
	for _, n := range names {
		if p.err(n) != "" {
			return true
		}
	}
	return false
}

// Rows drawn at least, so that there is room without scripts.
const (
	aircraftRows = 2
	textRows     = 1
)

func aircraftOf(party incidents.PartyReport) []incidents.AircraftReport {
	list := party.Aircraft
	for len(list) < aircraftRows {
		list = append(list[:len(list):len(list)], incidents.AircraftReport{})
	}
	return list
}

func claimsOf(r incidents.Report) []incidents.Claim {
	if len(r.Claims) < textRows {
		return make([]incidents.Claim, textRows)
	}
	return r.Claims
}

func sourcesOf(r incidents.Report) []incidents.Source {
	if len(r.Sources) < textRows {
		return make([]incidents.Source, textRows)
	}
	return r.Sources
}

// shown is how many behaviours stand open; the others are behind a line that
// one opens, and open themselves when one of them is ticked.
const shown = 14

func tickedBeyond(values []string) bool {
	for _, t := range incidents.Behaviours[shown:] {
		if has(values, t.Code) {
			return true
		}
	}
	return false
}

// regionOptions offer the region of the position first, which is the usual.
func regionOptions() []Option {
	return append([]Option{{Value: "", Label: "from the position"}}, Options(incidents.RegionCodes)...)
}

// partyOpen tells whether the lesser fields of a side must be seen.
func (p ReportPage) partyOpen(side string, party incidents.PartyReport) bool {
	if side == "intercepted" {
		return p.any([]string{side + "_base", side + "_unit", side + "_note", "who_intercepted_whom"}, party.Base, party.Unit, party.Note, p.Report.Summary)
	}
	return p.any([]string{side + "_platform", side + "_unit", side + "_note"}, party.PlatformKind, party.Unit, party.Note)
}

func (p ReportPage) claimsOpen() bool {
	return len(p.Report.Claims) > 0 && p.Report.Claims[0] != (incidents.Claim{}) || len(p.Report.Claims) > textRows || p.any([]string{"disputed_claims"}, p.Report.Dispute)
}

func (p ReportPage) sourcesOpen() bool {
	return len(p.Report.Sources) > 0 && p.Report.Sources[0] != (incidents.Source{}) || len(p.Report.Sources) > textRows || p.any([]string{"sources", "reported_response"}, p.Report.ReportedResponse)
}

// readParts writes the sentence without a blank between its parts, which the
// commas could not bear.
func readParts(parts []ReadPart) templ.Component {
	tags := map[string]string{"data": "b", "bad": "mark", "none": "em"}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		for _, p := range parts {
			text := templ.EscapeString(p.Text)
			if tag := tags[p.Mark]; tag != "" {
				text = "<" + tag + ">" + text + "</" + tag + ">"
			}
			b.WriteString(text)
		}
		_, err := io.WriteString(w, b.String()+" ")
		return err
	})
}
