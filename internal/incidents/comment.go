package incidents

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
)

// CommentID is the id of a comment: a UUID made by the client, so that a form
// sent twice makes one comment.
type CommentID ID

// MaxComment is how many characters a comment may have.
const MaxComment = 4000

// Comment is what somebody says about an incident beside its record. It is no
// part of the record: no export, no search and no figure knows of it.
type Comment struct {
	ID         CommentID
	IncidentID ID
	Revision   int // 1, and 2 when it has been struck
	Text       string
	Author     string
	At         Millis  // when it was written
	Struck     *Strike // nil: it stands
}

// Comment adds a comment to an incident. The id was made by the client:
// posting it again gives the comment that the first try made.
func (n *Notes) Comment(ctx context.Context, actor access.Actor, incident ID, id, text string) (Comment, error) {
	if err := actor.Require(access.Write); err != nil {
		return Comment{}, err
	}
	uuid, ok := ParseID(id)
	if !ok {
		return Comment{}, fault.New(fault.Invalid, "The form has lost its id; open the incident again and paste what you typed.")
	}
	text, msg := cleanComment(text)
	if msg != "" {
		return Comment{}, refused("The comment was not added.", "text", msg)
	}
	c, _, err := n.Store.CreateComment(ctx, actor, Comment{ID: CommentID(uuid), IncidentID: incident, Text: text})
	return c, err
}

// StrikeComment strikes a comment: its author may, and a supervisor.
func (n *Notes) StrikeComment(ctx context.Context, actor access.Actor, incident ID, id CommentID, reason string) error {
	c, err := n.Store.Comment(ctx, id)
	if err != nil {
		return err
	}
	if c.IncidentID != incident {
		return fault.New(fault.NotFound, "There is no such comment on this incident.")
	}
	if err := mayStrike(actor, c.Author); err != nil {
		return err
	}
	reason, msg := cleanReason(reason, "Say in a few words why the comment is struck; the reason stays beside it.")
	if msg != "" {
		return refused("The comment was not struck.", "reason", msg)
	}
	return n.Store.StrikeComment(ctx, actor, id, reason)
}

// cleanComment gives the text as it is kept: lines end in \n and characters
// that nobody can see are gone; or what is wrong with it.
func cleanComment(text string) (clean, msg string) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(text, "\uFFFD"))
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, text))
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", "Type the comment; it is empty."
	case n > MaxComment:
		return "", fmt.Sprintf("This comment has %d characters; up to %d are accepted.", n, MaxComment)
	}
	return text, ""
}
