package incidents

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
)

// Strike says that a comment or an attachment no longer stands. What was
// struck is kept: nothing is erased.
type Strike struct {
	By     string
	At     Millis
	Reason string
}

// NoteStore is what comments and attachments need of storage. Every write is
// one transaction that holds the version and its audit entry.
type NoteStore interface {
	CommentStore
	AttachmentStore
	// Incident and Audit are those of Store and access.Store.
	Incident(ctx context.Context, id ID, asOf Millis) (Incident, error)
	Audit(ctx context.Context, actor access.Actor, action, subject string, detail any) error
}

// CommentStore keeps comments.
type CommentStore interface {
	// CreateComment writes a comment. An id that exists is answered with what
	// stands and created=false; it is a Conflict fault when it belongs to
	// another incident.
	CreateComment(ctx context.Context, actor access.Actor, c Comment) (stored Comment, created bool, err error)
	// StrikeComment strikes a comment, once.
	StrikeComment(ctx context.Context, actor access.Actor, id CommentID, reason string) error
	// Comment gives one comment as it stands.
	Comment(ctx context.Context, id CommentID) (Comment, error)
	// Comments gives those of an incident at a moment (0: now), oldest first.
	Comments(ctx context.Context, id ID, asOf Millis) ([]Comment, error)
}

// AttachmentStore keeps attachments and their content.
type AttachmentStore interface {
	// CreateAttachment writes an attachment with its content, whose size and
	// hash a must already say, and its preview. An id that exists is answered
	// as with comments; one more than MaxAttachments is an Invalid fault.
	CreateAttachment(ctx context.Context, actor access.Actor, a Attachment, content io.Reader, preview []byte) (stored Attachment, created bool, err error)
	// StrikeAttachment strikes an attachment, once. Its content stays.
	StrikeAttachment(ctx context.Context, actor access.Actor, id AttachmentID, reason string) error
	// Attachment gives one attachment as it stands.
	Attachment(ctx context.Context, id AttachmentID) (Attachment, error)
	// Attachments gives those of an incident at a moment (0: now), oldest
	// first.
	Attachments(ctx context.Context, id ID, asOf Millis) ([]Attachment, error)
	// Content writes the content of an attachment to w, or its preview. All
	// of it is held against its hash before the first byte is written; what
	// does not fit is ErrDamaged.
	Content(ctx context.Context, a Attachment, part Part, w io.Writer) error
}

// Notes are what is kept beside the record of an incident: comments and
// attachments.
type Notes struct {
	Store NoteStore

	drawing chan struct{} // holds one while a preview is made
}

// NewNotes gives the notes of a store.
func NewNotes(s NoteStore) *Notes { return &Notes{Store: s, drawing: make(chan struct{}, 1)} }

// mayStrike reports whether somebody may strike what the author added: its
// author may, and a supervisor.
func mayStrike(actor access.Actor, author string) error {
	if actor.Name == author {
		return actor.Require(access.Write)
	}
	return actor.Require(access.Manage)
}

// MayStrike reports whether the actor may strike what the author added.
func MayStrike(actor access.Actor, author string) bool { return mayStrike(actor, author) == nil }

// refused is an Invalid fault about one field.
func refused(what, field, msg string) error {
	return &fault.Error{Kind: fault.Invalid, Msg: what, Fields: []fault.Field{{Name: field, Msg: msg}}}
}

// maxReason is how many characters the reason of a strike may have.
const maxReason = 500

// cleanReason gives the reason of a strike in one line, or what is wrong.
func cleanReason(reason, missing string) (clean, msg string) {
	reason = strings.Join(strings.Fields(strings.ToValidUTF8(reason, "\uFFFD")), " ")
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return "", missing
	case n > maxReason:
		return "", fmt.Sprintf("This reason has %d characters; up to %d are accepted.", n, maxReason)
	}
	return reason, ""
}
