package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

const noAttachment = "There is no such attachment."

const insertAttachment = `insert into attachment_rev (
  id, incident_id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason, author, struck,
  name, type, size, sha256, width, height, preview_type, preview_width, preview_height, preview_sha256)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) returning *`

const closeAttachment = `update attachment_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

const attachmentColumns = `id, incident_id, revision, valid_from, first_recorded_at, recorded_by, reason, author, struck,
  name, type, size, sha256, width, height, preview_type, preview_width, preview_height, preview_sha256`

func scanAttachment(row scanner) (a incidents.Attachment, err error) {
	var struck bool
	var s incidents.Strike
	p := &a.Preview
	err = row.Scan(&a.ID, &a.IncidentID, &a.Revision, &s.At, &a.At, &s.By, &s.Reason, &a.Author, &struck,
		&a.Name, &a.Type, &a.Size, &a.SHA256, &a.Width, &a.Height, &p.Type, &p.Width, &p.Height, &p.SHA256)
	if struck {
		a.Struck = &s
	}
	return a, err
}

// insertAttachment writes a version; by, at and why are the first's or those
// of the strike.
func (c *change) insertAttachment(ctx context.Context, a *incidents.Attachment, by, why string) error {
	p := &a.Preview
	_, err := c.insert(ctx, "attachment_rev", insertAttachment,
		a.ID, a.IncidentID, a.Revision, c.t.at, incidents.Forever, a.At, by, why, a.Author, bit(a.Struck != nil),
		a.Name, a.Type, a.Size, a.SHA256, a.Width, a.Height, p.Type, p.Width, p.Height, p.SHA256)
	return err
}

const standingAttachments = `select count(*) from attachment_rev
where incident_id = $1 and struck = 0 and valid_to = 4611686018427387903`

// CreateAttachment writes an attachment with its content and its preview. An
// id that exists is answered with the attachment that stands.
func (s *Store) CreateAttachment(ctx context.Context, actor access.Actor, a incidents.Attachment, content io.Reader, preview []byte) (stored incidents.Attachment, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.Attachment(ctx, a.ID)
		if err == nil && stored.IncidentID != a.IncidentID {
			return fault.New(fault.Conflict, "An attachment of another incident has this id already; open the incident again.")
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		if err := t.roomFor(ctx, a.IncidentID); err != nil {
			return err
		}
		a.Revision, a.Author, a.At, a.Struck = 1, actor.Name, t.at, nil
		stored, created = a, true
		if err := t.writeContent(ctx, &a, content, preview); err != nil {
			return err
		}
		ch := t.change(actor, "attachment.add", "attachment/"+string(a.ID))
		if err := ch.insertAttachment(ctx, &a, actor.Name, ""); err != nil {
			return err
		}
		return ch.done(ctx, 1, map[string]any{"incident": a.IncidentID, "name": a.Name, "type": a.Type, "size": a.Size, "sha256": a.SHA256})
	})
	if err != nil {
		return incidents.Attachment{}, false, err
	}
	return stored, created, nil
}

// roomFor reports whether the incident is there and takes one more attachment.
func (t *tx) roomFor(ctx context.Context, id incidents.ID) error {
	if ok, err := t.exists(ctx, incidentExists, id); err != nil || !ok {
		return orFault(err, noIncident)
	}
	n, err := one(ctx, asker{t.s, t}, "", standingAttachments, []any{id}, value[int])
	if err == nil && n >= incidents.MaxAttachments {
		err = &fault.Error{Kind: fault.Invalid, Msg: "The file was not attached.", Fields: []fault.Field{{Name: "file",
			Msg: fmt.Sprintf("This incident has %d attachments; accepted: up to %d. Strike one that is not needed.", n, incidents.MaxAttachments)}}}
	}
	return err
}

// chunk is how many bytes of a content are one row: few enough to hold in
// memory, enough that a row costs little beside them.
const chunk = 256 << 10

const insertChunk = `insert into attachment_chunk (attachment_id, part, no, bytes) values ($1, $2, $3, $4)`

// writeContent writes the bytes in pieces. What comes must be what was hashed
// before, so that no version ever stands for other bytes.
func (t *tx) writeContent(ctx context.Context, a *incidents.Attachment, content io.Reader, preview []byte) error {
	sum := sha256.New()
	buf := make([]byte, chunk)
	var size int64
	for no := 0; ; no++ {
		n, err := io.ReadFull(content, buf)
		if n > 0 {
			if _, err := t.run(ctx, insertChunk, a.ID, incidents.WholeFile, no, buf[:n]); err != nil {
				return err
			}
			sum.Write(buf[:n])
			size += int64(n)
		}
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read attachment: %w", err)
		}
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != a.SHA256 || size != a.Size {
		return fmt.Errorf("write attachment %s: %d bytes with SHA-256 %s came, %d with %s were promised", a.ID, size, got, a.Size, a.SHA256)
	}
	for no := 0; len(preview) > 0; no++ {
		n := min(len(preview), chunk)
		if _, err := t.run(ctx, insertChunk, a.ID, incidents.PreviewPart, no, preview[:n]); err != nil {
			return err
		}
		preview = preview[n:]
	}
	return nil
}

// StrikeAttachment strikes an attachment; its content stays.
func (s *Store) StrikeAttachment(ctx context.Context, actor access.Actor, id incidents.AttachmentID, reason string) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		a, err := s.Attachment(ctx, id)
		if err != nil {
			return err
		}
		if a.Struck != nil {
			return fault.New(fault.Conflict, "This attachment has been struck already, by "+a.Struck.By+".")
		}
		a.Revision++
		a.Struck = &incidents.Strike{By: actor.Name, At: t.at, Reason: reason}
		ch := t.change(actor, "attachment.strike", "attachment/"+string(id))
		if err := ch.exec(ctx, closeAttachment, t.at, id); err != nil {
			return err
		}
		if err := ch.insertAttachment(ctx, &a, actor.Name, reason); err != nil {
			return err
		}
		return ch.done(ctx, a.Revision, map[string]any{"incident": a.IncidentID, "name": a.Name, "sha256": a.SHA256})
	})
}

const attachmentByID = `select ` + attachmentColumns + ` from attachment_rev where id = $1 and valid_to = 4611686018427387903`

// Attachment gives one attachment as it stands.
func (s *Store) Attachment(ctx context.Context, id incidents.AttachmentID) (incidents.Attachment, error) {
	return one(ctx, s.ask(ctx), noAttachment, attachmentByID, []any{id}, scanAttachment)
}

const attachmentsOf = `select ` + attachmentColumns + ` from attachment_rev
where incident_id = $1 and valid_from <= $2 and $2 < valid_to order by first_recorded_at, id`

// Attachments gives those of an incident at a moment, oldest first.
func (s *Store) Attachments(ctx context.Context, id incidents.ID, asOf incidents.Millis) ([]incidents.Attachment, error) {
	return all(ctx, s.ask(ctx), attachmentsOf, []any{id, asOfOr(asOf)}, scanAttachment)
}

const chunkAt = `select bytes from attachment_chunk where attachment_id = $1 and part = $2 and no = $3`

// Content writes a part of an attachment to w. It is read twice: first against
// its hash, then out, a piece at a time, so that a slow reader keeps nobody from
// the log. The second reading is hashed as well, and what differs there ends in
// an error before the last piece.
func (s *Store) Content(ctx context.Context, a incidents.Attachment, part incidents.Part, w io.Writer) error {
	want := a.SHA256
	if part == incidents.PreviewPart {
		want = a.Preview.SHA256
	}
	q := s.ask(ctx)
	pieces, err := q.fits(ctx, a.ID, part, want)
	if err != nil {
		return err
	}
	sum := sha256.New()
	for no := range pieces {
		b, err := one(ctx, q, "A piece of the attachment is gone.", chunkAt, []any{a.ID, part, no}, value[[]byte])
		if err != nil {
			return err
		}
		sum.Write(b)
		if got := hex.EncodeToString(sum.Sum(nil)); no == pieces-1 && got != want {
			return damaged(a.ID, got)
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func damaged(id incidents.AttachmentID, got string) error {
	return fmt.Errorf("attachment %s: %w: it is %s", id, incidents.ErrDamaged, got)
}

const chunksOf = `select bytes from attachment_chunk where attachment_id = $1 and part = $2 order by no`

// fits holds a content against its hash and gives the number of its pieces.
func (q asker) fits(ctx context.Context, id incidents.AttachmentID, part incidents.Part, want string) (pieces int, err error) {
	sum := sha256.New()
	err = q.each(ctx, chunksOf, []any{id, part}, func(row scanner) error {
		b, err := value[[]byte](row)
		pieces++
		sum.Write(b)
		return err
	})
	if err != nil {
		return 0, err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want || pieces == 0 {
		return 0, damaged(id, got)
	}
	return pieces, nil
}
