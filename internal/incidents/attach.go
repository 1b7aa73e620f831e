package incidents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/preview"
)

// ErrDamaged means that the content of an attachment is not what was filed.
var ErrDamaged = errors.New("the content does not fit its SHA-256")

const notAttached = "The file was not attached."

// Attach files a picture or a PDF with an incident. What it is is read from
// the content; the name and whatever the sender says of it decide nothing. The
// id was made by the client: posting it again gives the attachment that the
// first try made. Memory is bounded: the content rests in a file that has no
// name while it is looked at.
func (n *Notes) Attach(ctx context.Context, actor access.Actor, incident ID, id, name string, content io.Reader) (Attachment, error) {
	if err := actor.Require(access.Write); err != nil {
		return Attachment{}, err
	}
	uuid, ok := ParseID(id)
	if !ok {
		return Attachment{}, fault.New(fault.Invalid, "The form has lost its id; open the incident again and choose the file once more.")
	}
	a := Attachment{ID: AttachmentID(uuid), IncidentID: incident, Name: CleanName(name)}
	if before, err := n.Store.Attachment(ctx, a.ID); err == nil && before.IncidentID == incident {
		return before, nil // sent twice: the content need not be read again
	}
	if inc, err := n.Store.Incident(ctx, incident, 0); err != nil {
		return Attachment{}, err
	} else if inc.Status == Retracted {
		return Attachment{}, fault.New(fault.Conflict, "This incident has been retracted; nothing can be attached to it.")
	}
	file, err := spool(content, &a)
	if err != nil {
		return Attachment{}, err
	}
	defer file.Close()
	small, err := n.preview(ctx, file, &a)
	if err != nil {
		return Attachment{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return Attachment{}, fmt.Errorf("read attachment again: %w", err)
	}
	a, _, err = n.Store.CreateAttachment(ctx, actor, a, file, small)
	return a, err
}

// restingFile is a file that is gone when it is closed, and where the system
// allows it has no name before that.
type restingFile struct{ *os.File }

func (f restingFile) Close() error {
	err := f.File.Close()
	_ = os.Remove(f.Name()) // gone already, or kept open by another system until now
	return err
}

// spool lays the content down, reads what it is and how large, and hashes it.
func spool(content io.Reader, a *Attachment) (f restingFile, err error) {
	file, err := os.CreateTemp("", "interceptlog-*")
	if err != nil {
		return f, fmt.Errorf("lay the attachment down: %w", err)
	}
	f = restingFile{file}
	_ = os.Remove(file.Name()) // a system that cannot do it removes it at the end
	defer func() {
		if err != nil {
			_ = f.Close()
		}
	}()
	sum := sha256.New()
	head := &firstBytes{}
	a.Size, err = io.Copy(io.MultiWriter(file, sum, head), io.LimitReader(content, MaxAttachment+1))
	if err != nil {
		return f, fmt.Errorf("read attachment: %w", err)
	}
	a.SHA256, a.Type = hex.EncodeToString(sum.Sum(nil)), preview.Kind(head.b)
	switch {
	case a.Size == 0:
		err = refused(notAttached, "file", "Choose a file; this one is empty or none was chosen.")
	case a.Size > MaxAttachment:
		err = refused(notAttached, "file", fmt.Sprintf("This file is larger than %s; accepted: up to %s (%d bytes).", Size(MaxAttachment), Size(MaxAttachment), MaxAttachment))
	case a.Type == "":
		err = refused(notAttached, "file", "The content of this file is none of the kinds that are accepted: PNG, JPEG, GIF, WebP and PDF. Its name does not count.")
	}
	return f, err
}

// firstBytes keeps as much of what is written as tells the kind.
type firstBytes struct{ b []byte }

func (f *firstBytes) Write(p []byte) (int, error) {
	f.b = append(f.b, p[:min(len(p), preview.SniffLen-len(f.b))]...)
	return len(p), nil
}

// preview draws the preview of a picture; a document has none. One is made at
// a time: a large picture needs much memory while it is decoded.
func (n *Notes) preview(ctx context.Context, file io.ReadSeeker, a *Attachment) ([]byte, error) {
	if a.Type == preview.PDF {
		return nil, nil
	}
	select {
	case n.drawing <- struct{}{}:
		defer func() { <-n.drawing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p, err := preview.Make(file, a.Type)
	switch {
	case errors.Is(err, preview.ErrLarge):
		return nil, refused(notAttached, "file", fmt.Sprintf("This picture has more than %d million pixels. Scale it down, then attach it again.", preview.MaxPixels/1_000_000))
	case errors.Is(err, preview.ErrBroken):
		return nil, refused(notAttached, "file", "This picture is broken: it begins like a "+a.TypeWord()+", but cannot be read to its end. Open it, save it anew and attach that.")
	case err != nil:
		return nil, fmt.Errorf("preview attachment: %w", err)
	}
	sum := sha256.Sum256(p.Bytes)
	a.Width, a.Height = p.Width, p.Height
	a.Preview = Preview{Type: p.Type, Width: p.W, Height: p.H, SHA256: hex.EncodeToString(sum[:])}
	return p.Bytes, nil
}

// StrikeAttachment strikes an attachment: its author may, and a supervisor. It
// stays listed; its content is then for supervisors only.
func (n *Notes) StrikeAttachment(ctx context.Context, actor access.Actor, incident ID, id AttachmentID, reason string) error {
	a, err := n.attachment(ctx, incident, id)
	if err != nil {
		return err
	}
	if err := mayStrike(actor, a.Author); err != nil {
		return err
	}
	reason, msg := cleanReason(reason, "Say in a few words why the attachment is struck; the reason stays beside it.")
	if msg != "" {
		return refused("The attachment was not struck.", "reason", msg)
	}
	return n.Store.StrikeAttachment(ctx, actor, id, reason)
}

// Open gives an attachment whose content the actor may read.
func (n *Notes) Open(ctx context.Context, actor access.Actor, incident ID, id AttachmentID) (Attachment, error) {
	a, err := n.attachment(ctx, incident, id)
	if err != nil {
		return Attachment{}, err
	}
	if !MayOpen(actor, a) {
		return Attachment{}, fault.New(fault.Forbidden, "This attachment has been struck by "+a.Struck.By+"; only a supervisor may still read it.")
	}
	return a, nil
}

// MayOpen reports whether the actor may read the content.
func MayOpen(actor access.Actor, a Attachment) bool {
	return actor.Role.May(access.Read) && (a.Struck == nil || actor.Role.May(access.Manage))
}

// Copy writes a part of an attachment to w. Content that is not what was filed
// is not written; it is noted in the chain, and the error is ErrDamaged.
func (n *Notes) Copy(ctx context.Context, actor access.Actor, a Attachment, part Part, w io.Writer) error {
	err := n.Store.Content(ctx, a, part, w)
	if !errors.Is(err, ErrDamaged) {
		return err
	}
	note := map[string]any{"incident": a.IncidentID, "part": part, "sha256": a.SHA256, "found": err.Error()}
	// Noted even when the reader has gone away.
	noted := n.Store.Audit(context.WithoutCancel(ctx), actor, "attachment.damaged", "attachment/"+string(a.ID), note)
	return errors.Join(err, noted)
}

// attachment finds one of an incident.
func (n *Notes) attachment(ctx context.Context, incident ID, id AttachmentID) (Attachment, error) {
	a, err := n.Store.Attachment(ctx, id)
	if err == nil && a.IncidentID != incident {
		err = fault.New(fault.NotFound, "There is no such attachment on this incident.")
	}
	return a, err
}
