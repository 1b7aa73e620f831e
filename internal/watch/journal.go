package watch

import (
	"strconv"
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Kinds are the sorts of rows of the journal.
var Kinds = incidents.Vocabulary{
	{Code: "entry", Word: "written", Meaning: "Written by a person. Numbered."},
	{Code: "report", Word: "reports", Meaning: "A report was filed, edited, verified, closed or retracted. From the log itself."},
	{Code: "contact", Word: "calls", Meaning: "A call or message was logged, corrected or taken back. From the log itself."},
	{Code: "line", Word: "lines", Meaning: "Something changed on a line. From the log itself."},
	{Code: "handover", Word: "handovers", Meaning: "A handover was signed. From the log itself."},
}

// Row is a row of the journal: an entry, or what the log itself tells.
type Row struct {
	Seq      int64  // of the audit entry
	At       Millis // when it was written down
	Actor    string
	Kind     string // code of Kinds
	Action   string // of the audit entry: incident.revise
	Subject  string // of the audit entry: incident/<id>
	Revision int    // that it wrote

	Entry    *Entry // of kind entry, as it stands
	Incident *incidents.Incident
	Contact  *hotline.Contact
	Line     *hotline.Line
	Was      *hotline.Line // the line before, of a revision
	Happened *hotline.LineEvent
	Handover *Handover
}

// KindOf gives the kind of row that an audit entry makes; empty for one that
// the journal passes over (holds, single ticks, exports, savings of a draft).
func KindOf(action string) string {
	switch action {
	case "journal.create":
		return "entry"
	case "incident.create", "incident.revise", "incident.submitted", "incident.verified", "incident.closed", "incident.retracted",
		"incident.verify", "incident.close", "incident.reopen", "incident.return", "incident.merge", "incident.retract":
		return "report"
	case "contact.create", "contact.revise":
		return "contact"
	case "handover.offer", "handover.sign":
		return "handover"
	}
	if strings.HasPrefix(action, "line.") {
		return "line"
	}
	return ""
}

// Mark names the row: the number of an entry, or A and the number in the audit
// chain.
func (r Row) Mark() string {
	if r.Entry != nil {
		return strconv.Itoa(r.Entry.Number)
	}
	return "A" + strconv.FormatInt(r.Seq, 10)
}

// Time gives the time of what happened; of a row that the log tells, when it
// was written down.
func (r Row) Time() incidents.Moment {
	if r.Entry != nil {
		return r.Entry.Time
	}
	return incidents.At(r.At.Time(), incidents.Exact, "")
}

// Event says what happened, in a line or, for an entry, as it was written.
func (r Row) Event() string {
	switch {
	case r.Entry != nil:
		return r.Entry.Text
	case r.Incident != nil:
		return reportVerb(r.Action) + " " + r.Incident.Number + ": " + r.Incident.Record.Title
	case r.Contact != nil:
		return contactEvent(r)
	case r.Line != nil:
		return lineEvent(r)
	case r.Handover != nil && r.Action == "handover.offer":
		return "Handover signed by " + r.Handover.Leaving
	case r.Handover != nil:
		return "Handover from " + r.Handover.Leaving + " to " + r.Handover.Arriving + ", signed by both"
	}
	return r.Action
}

var reportVerbs = map[string]string{
	"create": "Report", "submitted": "Report filed", "revise": "Report edited", "verified": "Report verified", "verify": "Report verified",
	"closed": "Report closed", "close": "Report closed", "reopen": "Report reopened", "return": "Report sent back", "retracted": "Report retracted",
	"retract": "Report retracted", "merge": "Report merged",
}

func reportVerb(action string) string { return reportVerbs[strings.TrimPrefix(action, "incident.")] }

func contactEvent(r Row) string {
	c := r.Contact
	what := "Call"
	switch {
	case c.Purpose == "line_test":
		what = "Line test"
	case !hotline.IsDirect(c.Channel.Kind):
		what = "Message"
	}
	switch {
	case c.Retracted:
		what += " taken back"
	case r.Action == "contact.revise":
		what += " corrected"
	}
	over := c.Channel.Name
	if over == "" {
		over = hotline.Kinds.Word(c.Channel.Kind)
	}
	return what + " " + over + ": " + hotline.Outcomes.Word(c.Outcome)
}

func lineEvent(r Row) string {
	name := r.Line.Short
	if name == "" {
		name = r.Line.Name
	}
	switch {
	case r.Happened != nil:
		return "Line " + name + ": " + happened(*r.Happened)
	case r.Action == "line.create":
		return "Line " + name + " entered, " + hotline.LineStates.Word(r.Line.State)
	case r.Was != nil && r.Was.State != r.Line.State:
		return "Line " + name + ": " + hotline.LineStates.Word(r.Was.State) + ", now " + hotline.LineStates.Word(r.Line.State)
	}
	return "Line " + name + ": " + lineWords(r.Action)
}

// happened says an event of a line with its times.
func happened(e hotline.LineEvent) string {
	text := hotline.LineEventKinds.Word(e.Kind) + " from " + incidents.FormatDTG(e.From.Time())
	if e.Kind == "restored" {
		text = "restored at " + incidents.FormatDTG(e.From.Time())
	}
	if e.To != 0 {
		text += " to " + incidents.FormatDTG(e.To.Time())
	}
	switch {
	case e.Retracted:
		text += ", taken back"
	case e.Revision > 1:
		text += ", corrected"
	}
	return text
}

// lineWords says a change of a line that is no change of the register's state.
func lineWords(action string) string {
	if action == "line.revise" {
		return "particulars changed"
	}
	return strings.NewReplacer("_", " ", ".", " ").Replace(strings.TrimPrefix(action, "line."))
}

// Done says what was done about it, and whom one told: the fourth column of DA
// Form 1594.
func (r Row) Done() string {
	switch {
	case r.Entry != nil:
		told := ""
		if r.Entry.Told != "" {
			told = "Told " + r.Entry.Told
		}
		return joined(". ", r.Entry.Action, told)
	case r.Incident != nil && r.Revision > 1:
		return r.Incident.Reason
	case r.Contact != nil && r.Action == "contact.revise":
		return r.Contact.Reason
	case r.Contact != nil:
		return r.Contact.Summary
	case r.Happened != nil && r.Happened.Revision > 1:
		return r.Happened.Reason
	case r.Happened != nil:
		return joined(". ", r.Happened.Note, r.Happened.Who)
	case r.Line != nil:
		return r.Line.Reason
	case r.Handover != nil && r.Handover.SHA256 != "":
		return "SHA-256 " + r.Handover.SHA256[:16] + "…"
	}
	return ""
}

// Exercise reports whether the row is of an exercise.
func (r Row) Exercise() bool {
	switch {
	case r.Entry != nil:
		return r.Entry.Exercise
	case r.Incident != nil:
		return r.Incident.Record.Exercise
	case r.Contact != nil:
		return r.Contact.Exercise
	case r.Line != nil:
		return r.Line.Exercise
	}
	return false
}

// Marking gives the marking of what the row is about; empty where it has none.
func (r Row) Marking() string {
	switch {
	case r.Entry != nil:
		return r.Entry.Marking
	case r.Incident != nil:
		return r.Incident.Record.Marking
	case r.Contact != nil:
		return r.Contact.Marking
	}
	return ""
}

// Initials shorten the name of a user for the fifth column: "lind" is LIND, "k.lind"
// and "Kari Lind" are KL; a name of one word keeps four letters.
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(c rune) bool { return strings.ContainsRune(" .-_:@", c) })
	switch len(words) {
	case 0:
		return ""
	case 1:
		r := []rune(strings.ToUpper(words[0]))
		return string(r[:min(len(r), 4)])
	}
	out := ""
	for _, w := range words {
		out += strings.ToUpper(string([]rune(w)[:1]))
	}
	return out
}

// joined puts the texts that are there one after the other.
func joined(sep string, texts ...string) string {
	var there []string
	for _, t := range texts {
		if t != "" {
			there = append(there, strings.TrimSuffix(t, "."))
		}
	}
	return strings.Join(there, sep)
}
