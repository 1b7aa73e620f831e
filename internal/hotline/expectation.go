package hotline

import "interceptlog/internal/incidents"

// ExpectationID is a UUIDv7 text, like incidents.ID.
type ExpectationID string

// ExpectationStates are what can become of an expectation.
var ExpectationStates = incidents.Vocabulary{
	{Code: "open", Word: "open", Meaning: "The answer is still awaited."},
	{Code: "answered", Word: "answered", Meaning: "The other side answered; a contact says how."},
	{Code: "dropped", Word: "dropped", Meaning: "Nobody waits for it any more, for the reason given."},
}

// Expectation is an answer that the other side owes since a contact, one
// revision of it: "answer by 1800Z".
type Expectation struct {
	ID ExpectationID `json:"id"`
	Meta
	ContactID ContactID `json:"contact_id"`          // in which it was asked for
	Text      string    `json:"text"`                // what is to be answered
	DueAt     Millis    `json:"due_at"`              // UTC
	State     string    `json:"state"`               // open, answered, dropped
	AnswerID  ContactID `json:"answer_id,omitempty"` // the contact that answered it
	Exercise  bool      `json:"exercise"`
}

// ExpectationFilter asks for expectations; empty means all.
type ExpectationFilter struct {
	ContactID ContactID
	Open      bool // only those still awaited
	AsOf      Millis
}
