package store

import (
	"context"
	"errors"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

const firstAttachments = `select rev, ` + attachmentColumns + ` from attachment_rev where revision = 1 order by rev`

// strayContent finds bytes that no attachment stands for.
const strayContent = `select distinct attachment_id from attachment_chunk c
where not exists (select 1 from attachment_rev r where r.id = c.attachment_id)
  or part = 'preview' and exists (select 1 from attachment_rev r where r.id = c.attachment_id and r.preview_type = '')
order by attachment_id limit 1`

// contents reads every attachment against its hashes, which the chain stands
// for, when the chain itself fits.
func (v *verifier) contents(ctx context.Context) error {
	type filed struct {
		rev int64
		incidents.Attachment
	}
	list, err := all(ctx, v.asker, firstAttachments, nil, func(row scanner) (f filed, err error) {
		f.Attachment, err = scanAttachment(scanFirst{row, &f.rev})
		return f, err
	})
	if err != nil {
		return err
	}
	for _, f := range list {
		_, err := v.fits(ctx, f.ID, incidents.WholeFile, f.SHA256)
		if err == nil && f.Preview.Type != "" {
			_, err = v.fits(ctx, f.ID, incidents.PreviewPart, f.Preview.SHA256)
		}
		if errors.Is(err, incidents.ErrDamaged) {
			v.bad.note(v.filed[f.rev], "the content of the attachment that it filed was changed: %s", f.Name)
			v.last = access.Entry{Seq: v.bad.seq - 1}
			return v.bad.fault()
		}
		if err != nil {
			return err
		}
	}
	stray, err := all(ctx, v.asker, strayContent, nil, value[string])
	if err == nil && len(stray) > 0 {
		v.bad.note(v.last.Seq+1, "content of attachment %s stands in the log without it", stray[0])
		return v.bad.fault()
	}
	return err
}

// scanFirst reads a column before those that another scan asks for.
type scanFirst struct {
	scanner
	first any
}

func (s scanFirst) Scan(dest ...any) error { return s.scanner.Scan(append([]any{s.first}, dest...)...) }
