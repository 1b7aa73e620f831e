package incidents

import (
	"strings"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
)

// StepName is one thing that can be done with a report.
type StepName string

// The steps of a report.
const (
	StepDraft   StepName = "draft"
	StepSubmit  StepName = "submit"
	StepRevise  StepName = "revise"
	StepVerify  StepName = "verify"
	StepReturn  StepName = "return"
	StepClose   StepName = "close"
	StepReopen  StepName = "reopen"
	StepMerge   StepName = "merge"
	StepRetract StepName = "retract"
)

// Step is one row of the workflow: from a state of a report to another, the
// right it takes, and what it needs besides.
type Step struct {
	Name     StepName
	From, To Status       // From is empty for a report that is not in the log yet
	Right    access.Right // the least that may
	Other    bool         // never somebody who wrote the report
	Needs    string       // what must come with it, in words; empty: nothing
	Words    string       // what it does
}

// Steps is the whole workflow of a report (DESIGN §2), in the order of its
// life. MayBecome, the log and the help page all go by it.
var Steps = []Step{
	{StepDraft, "", Draft, access.Write, false, "", "Kept while it is being written."},
	{StepDraft, Draft, Draft, access.Write, false, "", "Written on."},
	{StepSubmit, "", Submitted, access.Write, false, "every required field", "Filed; it gets its number."},
	{StepSubmit, Draft, Submitted, access.Write, false, "every required field", "Filed; it gets its number."},
	{StepRevise, Submitted, Submitted, access.Write, false, "a reason", "Changed; fields that differ are to be checked again."},
	{StepRevise, Verified, Submitted, access.Write, false, "a reason, and a change of a field that is checked", "What a second person checked is no longer what stands there."},
	{StepRevise, Verified, Verified, access.Write, false, "a reason, and no change of a field that is checked", "Changed in what nobody has to check, such as the narrative."},
	{StepRevise, Closed, Submitted, access.Write, false, "a reason, and a change of a field that is checked", "What a second person checked is no longer what stands there."},
	{StepRevise, Closed, Closed, access.Write, false, "a reason, and no change of a field that is checked", "Changed in what nobody has to check, such as the narrative."},
	{StepVerify, Submitted, Verified, access.Manage, true, "all five fields ticked", "Checked by a second person, field by field."},
	{StepReturn, Submitted, Submitted, access.Manage, false, "a remark", "Sent back to its author, who sees the remark."},
	{StepReturn, Verified, Submitted, access.Manage, false, "a remark", "Sent back to its author; all five fields are checked again."},
	{StepClose, Verified, Closed, access.Manage, false, "", "Nothing more is expected."},
	{StepReopen, Closed, Submitted, access.Manage, false, "a reason", "Taken up again; all five fields are checked again."},
	{StepMerge, Submitted, Retracted, access.Manage, false, "the number of the incident that stays", "The same encounter stands in the log twice: this one points to the other, which gets its contacts."},
	{StepMerge, Verified, Retracted, access.Manage, false, "the number of the incident that stays", "The same encounter stands in the log twice: this one points to the other, which gets its contacts."},
	{StepMerge, Closed, Retracted, access.Manage, false, "the number of the incident that stays", "The same encounter stands in the log twice: this one points to the other, which gets its contacts."},
	{StepRetract, Draft, Retracted, access.Manage, false, "a reason", "Taken back; it stays readable."},
	{StepRetract, Submitted, Retracted, access.Manage, false, "a reason", "Taken back; it stays readable."},
	{StepRetract, Verified, Retracted, access.Manage, false, "a reason", "Taken back; it stays readable."},
	{StepRetract, Closed, Retracted, access.Manage, false, "a reason", "Taken back; it stays readable."},
}

// past says what a step did, for messages.
var past = map[StepName]string{
	StepDraft: "kept as a draft", StepSubmit: "submitted", StepRevise: "changed", StepVerify: "verified", StepReturn: "returned",
	StepClose: "closed", StepReopen: "reopened", StepMerge: "merged into another", StepRetract: "retracted",
}

// MayBecome reports whether some step leads from state s to state to.
func (s Status) MayBecome(to Status) bool {
	for _, step := range Steps {
		if step.From == s && step.To == to {
			return true
		}
	}
	return false
}

// Allows reports whether the step starts from state s and the role may take it.
func (s Status) Allows(name StepName, role access.Role) bool {
	for _, step := range Steps {
		if step.Name == name && step.From == s && role.May(step.Right) {
			return true
		}
	}
	return false
}

// Take gives a Forbidden fault when the role may not take the step from
// anywhere, and a Conflict fault that says from where it is possible when it
// cannot be taken from state s.
func (s Status) Take(name StepName, actor access.Actor) error {
	var from []string
	taken := false
	for _, step := range Steps {
		if step.Name != name {
			continue
		}
		if err := actor.Require(step.Right); err != nil {
			return err
		}
		if step.From == s {
			return nil
		}
		taken = taken || step.To == s
		if word := stateWord(step.From); len(from) == 0 || from[len(from)-1] != word {
			from = append(from, word)
		}
	}
	if word := StatusCodes.Word(string(s)); taken && word == past[name] {
		return fault.New(fault.Conflict, "This incident has been "+word+" already.")
	}
	return fault.New(fault.Conflict, "An incident that is "+stateWord(s)+" cannot be "+past[name]+"; it must be "+orList(from)+".")
}

// stateWord names a state in a sentence.
func stateWord(s Status) string {
	switch s {
	case "":
		return "new"
	case Draft:
		return "a draft"
	}
	return StatusCodes.Word(string(s))
}

// orList writes a choice: "submitted, verified or closed".
func orList(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
	return strings.Join(words, "")
}
