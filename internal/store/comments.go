package store

import (
	"context"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

const noComment = "There is no such comment."

const insertComment = `insert into comment_rev (
  id, incident_id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason, author, struck, text)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning *`

const closeComment = `update comment_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

const commentColumns = `id, incident_id, revision, valid_from, first_recorded_at, recorded_by, reason, author, struck, text`

func scanComment(row scanner) (c incidents.Comment, err error) {
	var struck bool
	var s incidents.Strike
	err = row.Scan(&c.ID, &c.IncidentID, &c.Revision, &s.At, &c.At, &s.By, &s.Reason, &c.Author, &struck, &c.Text)
	if struck {
		c.Struck = &s
	}
	return c, err
}

// CreateComment writes a comment. An id that exists is answered with the
// comment that stands, so that a retry makes no second one.
func (s *Store) CreateComment(ctx context.Context, actor access.Actor, c incidents.Comment) (stored incidents.Comment, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.Comment(ctx, c.ID)
		if err == nil && stored.IncidentID != c.IncidentID {
			return fault.New(fault.Conflict, "A comment on another incident has this id already; open the incident again.")
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		if ok, err := t.exists(ctx, incidentExists, c.IncidentID); err != nil || !ok {
			return orFault(err, noIncident)
		}
		c.Revision, c.Author, c.At, c.Struck = 1, actor.Name, t.at, nil
		stored, created = c, true
		ch := t.change(actor, "comment.create", "comment/"+string(c.ID))
		_, err := ch.insert(ctx, "comment_rev", insertComment,
			c.ID, c.IncidentID, 1, t.at, incidents.Forever, t.at, actor.Name, "", actor.Name, bit(false), c.Text)
		if err != nil {
			return err
		}
		return ch.done(ctx, 1, map[string]any{"incident": c.IncidentID})
	})
	if err != nil {
		return incidents.Comment{}, false, err
	}
	return stored, created, nil
}

// StrikeComment strikes a comment; its text stays.
func (s *Store) StrikeComment(ctx context.Context, actor access.Actor, id incidents.CommentID, reason string) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		c, err := s.Comment(ctx, id)
		if err != nil {
			return err
		}
		if c.Struck != nil {
			return fault.New(fault.Conflict, "This comment has been struck already, by "+c.Struck.By+".")
		}
		ch := t.change(actor, "comment.strike", "comment/"+string(id))
		if err := ch.exec(ctx, closeComment, t.at, id); err != nil {
			return err
		}
		_, err = ch.insert(ctx, "comment_rev", insertComment,
			c.ID, c.IncidentID, c.Revision+1, t.at, incidents.Forever, c.At, actor.Name, reason, c.Author, bit(true), c.Text)
		if err != nil {
			return err
		}
		return ch.done(ctx, c.Revision+1, map[string]any{"incident": c.IncidentID})
	})
}

const commentByID = `select ` + commentColumns + ` from comment_rev where id = $1 and valid_to = 4611686018427387903`

// Comment gives one comment as it stands.
func (s *Store) Comment(ctx context.Context, id incidents.CommentID) (incidents.Comment, error) {
	return one(ctx, s.ask(ctx), noComment, commentByID, []any{id}, scanComment)
}

const commentsOf = `select ` + commentColumns + ` from comment_rev
where incident_id = $1 and valid_from <= $2 and $2 < valid_to order by first_recorded_at, id`

// Comments gives those of an incident at a moment, oldest first.
func (s *Store) Comments(ctx context.Context, id incidents.ID, asOf incidents.Millis) ([]incidents.Comment, error) {
	return all(ctx, s.ask(ctx), commentsOf, []any{id, asOfOr(asOf)}, scanComment)
}
