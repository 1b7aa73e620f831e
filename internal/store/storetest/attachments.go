package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// noise is n bytes that no two neighbours of which are the same.
func noise(r source, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.IntN(256))
	}
	return b
}

// newAttachment is one of the given content and preview.
func newAttachment(on incidents.ID, content, preview []byte) incidents.Attachment {
	a := incidents.Attachment{ID: incidents.AttachmentID(incidents.NewID()), IncidentID: on, Name: "Å radar.png", Type: "image/png", Size: int64(len(content)), SHA256: hexSum(content)}
	if len(preview) > 0 {
		a.Width, a.Height = 1440, 900
		a.Preview = incidents.Preview{Type: "image/png", Width: 480, Height: 300, SHA256: hexSum(preview)}
	}
	return a
}

func attach(t *testing.T, s *store.Store, a incidents.Attachment, content, preview []byte) incidents.Attachment {
	t.Helper()
	stored, created, err := s.CreateAttachment(t.Context(), officer, a, bytes.NewReader(content), preview)
	check(t, err)
	if !created {
		t.Fatal("it was there already")
	}
	return stored
}

// testAttachments: every size comes back byte for byte, in pieces; it is
// listed as of a moment, struck once, and never erased.
func testAttachments(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx, r := t.Context(), newSource(80)
	inc := create(t, s, r.incident())
	var all []incidents.Attachment
	for _, size := range []int{1, 256<<10 - 1, 256 << 10, 256<<10 + 1, 700_001} {
		content, preview := noise(r, size), noise(r, size/2)
		a := attach(t, s, newAttachment(inc.ID, content, preview), content, preview)
		for part, want := range map[incidents.Part][]byte{incidents.WholeFile: content, incidents.PreviewPart: preview} {
			var got pieces
			err := s.Content(ctx, a, part, &got)
			if len(want) == 0 {
				if !errors.Is(err, incidents.ErrDamaged) {
					t.Errorf("no preview: %v", err)
				}
				continue
			}
			if check(t, err); !bytes.Equal(got.Bytes(), want) || got.most > 256<<10 {
				t.Errorf("%s of %d bytes came back as %d, at most %d at once", part, len(want), got.Len(), got.most)
			}
		}
		all = append(all, a)
	}
	same(t, "all", must(s.Attachments(ctx, inc.ID, 0))(t), all)
	same(t, "as of the second", must(s.Attachments(ctx, inc.ID, all[1].At))(t), all[:2])

	first := all[0]
	before := entries(t, s)
	again, created, err := s.CreateAttachment(ctx, supervisor, incidents.Attachment{ID: first.ID, IncidentID: inc.ID}, strings.NewReader("x"), nil)
	if err != nil || created || again != first || entries(t, s) != before {
		t.Errorf("sent twice: %v %v %+v", created, err, again)
	}
	check(t, s.StrikeAttachment(ctx, supervisor, first.ID, "the wrong picture"))
	wantKind(t, s.StrikeAttachment(ctx, supervisor, first.ID, "again"), fault.Conflict)
	wantKind(t, s.StrikeAttachment(ctx, supervisor, "nothing", "x"), fault.NotFound)
	struck := must(s.Attachment(ctx, first.ID))(t)
	if struck.Struck == nil || struck.Struck.By != "berg" || struck.Struck.Reason != "the wrong picture" || struck.SHA256 != first.SHA256 || struck.Author != "hansen" || struck.Revision != 2 {
		t.Errorf("%+v %+v", struck, struck.Struck)
	}
	check(t, s.Content(ctx, struck, incidents.WholeFile, &pieces{}))
	same(t, "before the strike", must(s.Attachments(ctx, inc.ID, struck.Struck.At-1))(t), all)
	whole(t, s)
}

// pieces keeps what is written and how much came at once.
type pieces struct {
	bytes.Buffer
	most int
}

func (p *pieces) Write(b []byte) (int, error) {
	p.most = max(p.most, len(b))
	return p.Buffer.Write(b)
}

// testAttachmentsRefused: what is not what was promised leaves nothing.
func testAttachmentsRefused(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx, r := t.Context(), newSource(81)
	inc, other := create(t, s, r.incident()), create(t, s, r.incident())
	content := noise(r, 300_000)
	before := entries(t, s)
	for what, sent := range map[string][]byte{"cut": content[:299_999], "longer": append(content[:300_000:300_000], 1), "changed": append([]byte{content[0] ^ 1}, content[1:]...), "nothing": nil} {
		if _, _, err := s.CreateAttachment(ctx, officer, newAttachment(inc.ID, content, nil), bytes.NewReader(sent), nil); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
	_, _, err := s.CreateAttachment(ctx, officer, newAttachment(incidents.NewID(), content, nil), bytes.NewReader(content), nil)
	wantKind(t, err, fault.NotFound)
	if got := entries(t, s); got != before || len(must(s.Attachments(ctx, inc.ID, 0))(t)) != 0 {
		t.Errorf("%d entries, want %d", got, before)
	}
	whole(t, s) // and no bytes of them are left

	var list []incidents.Attachment
	for i := range incidents.MaxAttachments {
		small := []byte(fmt.Sprint("content ", i))
		list = append(list, attach(t, s, newAttachment(inc.ID, small, nil), small, nil))
	}
	_, _, err = s.CreateAttachment(ctx, officer, incidents.Attachment{ID: list[0].ID, IncidentID: other.ID}, strings.NewReader("x"), nil)
	wantKind(t, err, fault.Conflict)
	one := newAttachment(inc.ID, content, nil)
	_, _, err = s.CreateAttachment(ctx, officer, one, bytes.NewReader(content), nil)
	wantKind(t, err, fault.Invalid)
	attach(t, s, newAttachment(other.ID, content, nil), content, nil)
	check(t, s.StrikeAttachment(ctx, officer, list[3].ID, "makes room"))
	attach(t, s, one, content, nil)

	n := 0
	check(t, s.EachEntry(ctx, 1, func(e access.Entry) error {
		if e.Action == "attachment.add" {
			if n++; !strings.Contains(e.Detail, `"sha256":"`) || countRows(e.Detail, "attachment_rev") != 1 {
				t.Errorf("entry %s", e.Detail)
			}
		}
		return nil
	}))
	if n != incidents.MaxAttachments+2 {
		t.Errorf("%d entries", n)
	}
	whole(t, s)
}
