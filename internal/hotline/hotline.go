package hotline

import (
	"interceptlog/internal/incidents"
)

// Millis is an instant in UTC, milliseconds since 1970.
type Millis = incidents.Millis

// ContactID and LineID are UUIDv7 texts, like incidents.ID.
type (
	ContactID string
	LineID    string
)

// Kinds of contact. The direct ones are a conversation between the two sides;
// the others are diplomatic (DESIGN §2).
var Kinds = incidents.Vocabulary{
	{Code: "phone", Word: "phone", Meaning: "Telephone call. Direct."},
	{Code: "voip", Word: "voice over IP", Meaning: "Call over an internet or private data line. Direct."},
	{Code: "vtc", Word: "video conference", Meaning: "Video conference. Direct."},
	{Code: "meeting", Word: "meeting", Meaning: "Meeting in person. Direct."},
	{Code: "message", Word: "message", Meaning: "Text over a standing link. Diplomatic."},
	{Code: "letter", Word: "letter", Meaning: "Letter. Diplomatic."},
	{Code: "summons", Word: "summons", Meaning: "Ambassador or chargé d'affaires called in. Diplomatic."},
	{Code: "diplomatic", Word: "diplomatic", Meaning: "Note or other diplomatic channel. Diplomatic."},
	{Code: "naval_attache", Word: "naval attaché", Meaning: "Through the attachés, as INCSEA agreements have it. Diplomatic."},
	{Code: "data_exchange", Word: "data exchange", Meaning: "Automatic exchange of air picture data. Diplomatic."},
	{Code: "procedure", Word: "procedure", Meaning: "An agreed procedure rather than a line. Diplomatic."},
}

// IsDirect reports whether the kind is a conversation between the two sides.
func IsDirect(kind string) bool {
	switch kind {
	case "phone", "voip", "vtc", "meeting":
		return true
	}
	return false
}

// Outcomes of a contact.
var Outcomes = incidents.Vocabulary{
	{Code: "connected", Word: "connected", Meaning: "The other side answered. Got through."},
	{Code: "delivered", Word: "delivered", Meaning: "The message was handed over. Got through."},
	{Code: "replied", Word: "replied", Meaning: "The other side replied. Got through."},
	{Code: "no_answer", Word: "no answer", Meaning: "Nobody answered. An attempt."},
	{Code: "refused", Word: "refused", Meaning: "The other side would not talk. An attempt."},
	{Code: "line_fault", Word: "line fault", Meaning: "The line did not work. An attempt."},
	{Code: "not_used", Word: "not used", Meaning: "Known not to have been used. Neither attempt nor contact."},
	{Code: "announced", Word: "announced", Meaning: "Said to be coming; not known to have been made. Neither."},
}

// GotThrough reports whether the outcome reached the other side.
func GotThrough(outcome string) bool {
	return outcome == "connected" || outcome == "delivered" || outcome == "replied"
}

// IsAttempt reports whether the outcome is at least an attempt.
func IsAttempt(outcome string) bool {
	return GotThrough(outcome) || outcome == "no_answer" || outcome == "refused" || outcome == "line_fault"
}

// Purposes of a contact.
var Purposes = incidents.Vocabulary{
	{Code: "notify", Word: "notify", Meaning: "Tell the other side what happened or will happen."},
	{Code: "clarify", Word: "clarify", Meaning: "Ask for an explanation."},
	{Code: "protest", Word: "protest", Meaning: "Protest."},
	{Code: "de_escalate", Word: "de-escalate", Meaning: "Agree on how to calm the situation."},
	{Code: "line_test", Word: "line test", Meaning: "Test the line. Never counts as de-escalation."},
	{Code: "other", Word: "other", Meaning: "Something else; the summary says what."},
	{Code: incidents.Unknown, Word: "unknown", Meaning: "Not stated."},
}

// Relations of a contact to an incident.
var Relations = incidents.Vocabulary{
	{Code: "prompted_by", Word: "prompted by", Meaning: "Made because of the incident."},
	{Code: "discussed", Word: "discussed", Meaning: "The incident was spoken of."},
	{Code: "coincident", Word: "coincident", Meaning: "At about the same time, but not about it. Shown; counts for nothing."},
}

// LineStates are the states of a line.
var LineStates = incidents.Vocabulary{
	{Code: "in_use", Word: "in use", Meaning: "Standing and working."},
	{Code: "degraded", Word: "degraded", Meaning: "Working, with difficulty."},
	{Code: "down", Word: "down", Meaning: "Not working."},
	{Code: "suspended", Word: "suspended", Meaning: "Stopped by one side."},
	{Code: "ad_hoc", Word: "ad hoc", Meaning: "No standing line; arranged on request."},
	{Code: "inactive", Word: "inactive", Meaning: "No longer used."},
	{Code: "proposed", Word: "proposed", Meaning: "Proposed, not yet agreed."},
	{Code: "not_adopted", Word: "not adopted", Meaning: "Proposed and not taken up."},
	{Code: incidents.Unknown, Word: "unknown", Meaning: "State not verified."},
}

// Meta is what every revision carries.
type Meta struct {
	Revision        int    `json:"revision"`
	FirstRecordedAt Millis `json:"first_recorded_at"`
	RecordedAt      Millis `json:"recorded_at"`
	RecordedBy      string `json:"recorded_by"`
	Reason          string `json:"reason,omitempty"`
}

// Line is a standing channel between two parties, one revision of it.
type Line struct {
	ID LineID `json:"id"`
	Meta
	Name            string             `json:"name"`
	Short           string             `json:"short"` // NJHQ–N FLEET, for the strip of lines
	Parties         []string           `json:"parties"`
	Kind            string             `json:"kind"`
	Regions         []string           `json:"regions"`
	State           string             `json:"state"`
	StateNote       string             `json:"state_note,omitempty"`  // as imported, where it is no code
	StateSince      Millis             `json:"state_since,omitempty"` // when the register was told of State; 0: with the first revision
	Hours           string             `json:"hours,omitempty"`
	Languages       []string           `json:"languages,omitempty"`     // ISO 639-1
	TestSchedule    string             `json:"test_schedule,omitempty"` // in words, as imported or typed
	Tests           Schedule           `json:"tests,omitzero"`          // the same where it can be computed with
	Number          string             `json:"number,omitempty"`        // as it is dialled
	Reach           string             `json:"reach,omitempty"`         // how to reach it: exchange, words to say, who answers
	Notation        string             `json:"notation,omitempty"`      // of positions, as the other side has them: see geo.Reading.In
	Established     string             `json:"established,omitempty"`   // 2015, 2015-05 or 2015-05-07
	EstablishedNote string             `json:"established_note,omitempty"`
	Summary         string             `json:"summary,omitempty"`
	Sources         []incidents.Source `json:"sources,omitempty"`
	Exercise        bool               `json:"exercise"`
	Source          string             `json:"source,omitempty"`
	SourceID        string             `json:"source_id,omitempty"`
}

// Contact is one attempt to communicate, over a line or outside one, one
// revision of it.
type Contact struct {
	ID ContactID `json:"id"`
	Meta
	LineID      LineID             `json:"line_id,omitempty"` // empty: over no line of the register
	Channel     Channel            `json:"channel"`           // as it was; for a line, the line's name and kind
	Start       incidents.Moment   `json:"start"`
	End         incidents.Moment   `json:"end"`                 // zero: not stated
	Direction   string             `json:"direction,omitempty"` // as typed or imported: US->RU, both
	Initiators  []string           `json:"initiators"`          // ISO 3166-1 alpha-2, NATO
	Answerers   []string           `json:"answerers"`
	Outcome     string             `json:"outcome"`
	Purpose     string             `json:"purpose"`
	Summary     string             `json:"summary,omitempty"`
	Caller      string             `json:"caller,omitempty"` // who spoke on the calling side
	Callee      string             `json:"callee,omitempty"` // who answered
	Translator  string             `json:"translator,omitempty"`
	Established string             `json:"established,omitempty"`
	Sources     []incidents.Source `json:"sources,omitempty"`
	Relation    string             `json:"stated_relation,omitempty"` // as imported: followed_incident, general …
	RetryAt     Millis             `json:"retry_at,omitempty"`        // of an attempt: when to call again
	Exercise    bool               `json:"exercise"`
	Marking     string             `json:"marking"`
	Retracted   bool               `json:"retracted"`
	Source      string             `json:"source,omitempty"`
	SourceID    string             `json:"source_id,omitempty"`
}

// Channel is how the two sides were connected.
type Channel struct {
	Name    string   `json:"name,omitempty"`
	Parties []string `json:"parties,omitempty"`
	Kind    string   `json:"kind"`
}

// Link says that a contact has to do with an incident, one revision of it.
// Unlinking is a revision with Linked false and its reason.
type Link struct {
	ContactID  ContactID    `json:"contact_id"`
	IncidentID incidents.ID `json:"incident_id"`
	Relation   string       `json:"relation"`
	Linked     bool         `json:"linked"`
	Meta
}

// Linked is a contact as seen from an incident.
type Linked struct {
	Contact
	LinkedAs Link
}

// Policy is one version of the whole table of rules: for a severity and a
// region, which contact is asked for, and by when.
type Policy struct {
	Version    int    `json:"version"`
	RecordedAt Millis `json:"recorded_at"`
	RecordedBy string `json:"recorded_by"`
	Reason     string `json:"reason,omitempty"`
	Rules      []Rule `json:"rules"`
}

// Rule asks for a contact. A rule with a region goes before one without.
type Rule struct {
	Severity string `json:"severity"`
	Region   string `json:"region,omitempty"` // empty: everywhere
	Need     Need   `json:"need"`
	WithinS  int64  `json:"within_s"` // seconds from the start of the incident
}

// Need is the kind of contact that a rule asks for.
type Need string

// The needs.
const (
	NeedNone   Need = "none"
	NeedAny    Need = "any"
	NeedDirect Need = "direct"
)

// DefaultRules are the policy of a new log (DESIGN §4).
func DefaultRules() []Rule {
	return []Rule{
		{Severity: "near_routine", Need: NeedNone},
		{Severity: "serious", Need: NeedAny, WithinS: 24 * 3600},
		{Severity: "high_risk", Need: NeedDirect, WithinS: 3600},
	}
}

// For gives the rule that holds for a severity in a region; without one,
// nothing is asked for.
func (p Policy) For(severity, region string) Rule {
	best := Rule{Severity: severity, Need: NeedNone}
	found := false
	for _, r := range p.Rules {
		if r.Severity != severity {
			continue
		}
		if r.Region == region {
			return r
		}
		if r.Region == "" && !found {
			best, found = r, true
		}
	}
	return best
}
