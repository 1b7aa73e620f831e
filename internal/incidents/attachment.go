package incidents

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"interceptlog/internal/preview"
)

// AttachmentID is the id of an attachment: a UUID made by the client, so that
// a form sent twice makes one attachment.
type AttachmentID ID

// Limits of attachments.
const (
	MaxAttachment  = 10_000_000 // bytes of one
	MaxAttachments = 20         // of one incident; those that were struck do not count
	maxName        = 150        // bytes of a name
)

// Attachment is a file that belongs to an incident: a picture or a PDF.
type Attachment struct {
	ID         AttachmentID
	IncidentID ID
	Revision   int    // 1, and 2 when it has been struck
	Name       string // as it was sent, cleaned
	Type       string // media type, read from the content
	Size       int64  // bytes
	SHA256     string // of the content, lower-case hex
	Width      int    // pixels; 0 for a document
	Height     int
	Preview    Preview
	Author     string
	At         Millis  // when it was attached
	Struck     *Strike // nil: it stands
}

// Preview is the small picture of an attachment; the zero Preview is none.
type Preview struct {
	Type          string
	Width, Height int // pixels
	SHA256        string
}

// Part is one of the two things that are kept of an attachment.
type Part string

// The parts.
const (
	WholeFile   Part = "content"
	PreviewPart Part = "preview"
)

// extensions are those that a name may end in for its content to be opened as
// what it is. The first is the one that is put on.
var extensions = map[string][]string{
	preview.PNG:  {".png"},
	preview.JPEG: {".jpg", ".jpeg", ".jpe"},
	preview.GIF:  {".gif"},
	preview.WebP: {".webp"},
	preview.PDF:  {".pdf"},
}

// FileName is the name under which the attachment is saved: its own, and the
// extension of what it really is where that differs, so that no desk opens a
// picture as a page or a program.
func (a Attachment) FileName() string {
	known := extensions[a.Type]
	if len(known) == 0 || slices.Contains(known, strings.ToLower(path.Ext(a.Name))) {
		return a.Name
	}
	return a.Name + known[0]
}

// TypeWord is what people call the type: PNG, JPEG, GIF, WebP, PDF.
func (a Attachment) TypeWord() string {
	switch a.Type {
	case preview.WebP:
		return "WebP"
	case preview.PDF:
		return "PDF"
	}
	return strings.ToUpper(strings.TrimPrefix(a.Type, "image/"))
}

// unseen are characters that change how a name is read and cannot be seen:
// those that turn the direction (UAX #9 §2), joiners of nothing, marks of byte
// order and the separators of lines and paragraphs.
func unseen(r rune) bool {
	switch {
	case r == '\u061C', r == '\u200B', r >= '\u200E' && r <= '\u200F', r >= '\u2028' && r <= '\u202E', r >= '\u2060' && r <= '\u206F', r == '\uFEFF', r == utf8.RuneError:
		return true
	}
	return unicode.IsControl(r)
}

// CleanName gives a file's name as it is kept: without the folders before it
// and without what cannot be seen; otherwise as it was typed. It is never empty
// and never a folder's.
func CleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, name)
	if name = trimEnds(shorten(trimEnds(name), maxName)); name == "" {
		return "unnamed"
	}
	return name
}

// trimEnds takes off spaces around a name and dots behind it, which some
// systems do not keep.
func trimEnds(name string) string {
	return strings.TrimRightFunc(strings.TrimSpace(name), func(r rune) bool { return r == '.' || unicode.IsSpace(r) })
}

// shorten cuts a name to so many bytes before its extension, between
// characters.
func shorten(name string, most int) string {
	if len(name) <= most {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > 12 {
		ext = ""
	}
	cut := name[:most-len(ext)]
	for !utf8.ValidString(cut) {
		cut = cut[:len(cut)-1]
	}
	return cut + ext
}

// Size writes a number of bytes as people say it: 812 bytes, 4.1 kB, 10 MB.
// Figures are decimal.
func Size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 999_950:
		return trimZero(fmt.Sprintf("%.1f", float64(n)/1000)) + " kB"
	}
	return trimZero(fmt.Sprintf("%.1f", float64(n)/1e6)) + " MB"
}

func trimZero(s string) string { return strings.TrimSuffix(s, ".0") }
