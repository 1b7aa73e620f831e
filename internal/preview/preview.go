// Package preview makes a small picture of a file that nobody trusts. It reads
// the kind of a file from its first bytes, never from its name; it asks how
// large a picture says it is before it decodes it; and what it gives was drawn
// anew, so that nothing of the file but its pixels is in it: no place, no
// camera, no text, no script.
//
// Reading order: preview.go (the kinds, Make), shrink.go (making smaller).
package preview

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// The kinds of file that are known, by media type.
const (
	PNG  = "image/png"
	JPEG = "image/jpeg"
	GIF  = "image/gif"
	WebP = "image/webp"
	PDF  = "application/pdf"
)

// Limits of a picture.
const (
	MaxPixels = 40_000_000 // of the whole picture, before it is decoded
	Side      = 480        // pixels: the longer side of a preview is no longer
)

// Errors of Make. All mean that the file is not to be taken.
var (
	ErrKind   = errors.New("not a picture that can be read")
	ErrBroken = errors.New("the picture is broken")
	ErrLarge  = errors.New("the picture has too many pixels")
)

// SniffLen is how many bytes Kind looks at.
const SniffLen = 16

// Kind gives the media type of a file that begins with head, or "" for one
// that is not known. The signatures are those of PNG §5.2, JPEG (ITU-T T.81
// B.1.1.3: SOI and the next marker), GIF89a §17, RFC 9649 §2.4 (WebP) and
// ISO 32000-1 §7.5.2 (PDF; only at the very start).
func Kind(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return GIF
	case len(head) >= 15 && string(head[:4]) == "RIFF" && string(head[8:15]) == "WEBPVP8":
		return WebP
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return PDF
	}
	return ""
}

// Picture is a preview and what was learned of the file.
type Picture struct {
	Width, Height int    // of the file, pixels
	Type          string // of the preview: PNG or JPEG
	Bytes         []byte
	W, H          int // of the preview, pixels
}

// decoders are how each kind says its size and how it is read. A moving GIF is
// read up to its first picture.
var decoders = map[string]struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	PNG:  {png.DecodeConfig, png.Decode},
	JPEG: {jpeg.DecodeConfig, jpeg.Decode},
	GIF:  {gif.DecodeConfig, gif.Decode},
	WebP: {webp.DecodeConfig, webp.Decode},
}

// Make draws the preview of a picture. A progressive JPEG needs some fifteen
// bytes for each pixel while it is decoded, so a caller should make one preview
// at a time.
func Make(file io.ReadSeeker, kind string) (p Picture, err error) {
	how, ok := decoders[kind]
	if !ok {
		return p, ErrKind
	}
	// The decoders are the standard library's and are fuzzed there; should one
	// fall over all the same, it is the file that is refused.
	defer func() {
		if r := recover(); r != nil {
			p, err = Picture{}, fmt.Errorf("%w: the decoder gave up: %v", ErrBroken, r)
		}
	}()
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return p, err
	}
	size, err := how.config(bufio.NewReader(file))
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if size.Width <= 0 || size.Height <= 0 {
		return p, fmt.Errorf("%w: it is %d by %d pixels", ErrBroken, size.Width, size.Height)
	}
	if int64(size.Width)*int64(size.Height) > MaxPixels {
		return p, fmt.Errorf("%w: %d by %d", ErrLarge, size.Width, size.Height)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return p, err
	}
	picture, err := how.decode(bufio.NewReader(file))
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	small := shrink(picture, Side)
	p = Picture{Width: size.Width, Height: size.Height, W: small.Rect.Dx(), H: small.Rect.Dy()}
	var buf bytes.Buffer
	if kind == JPEG {
		p.Type, err = JPEG, jpeg.Encode(&buf, small, &jpeg.Options{Quality: 82})
	} else {
		p.Type, err = PNG, png.Encode(&buf, small)
	}
	p.Bytes = buf.Bytes()
	return p, err
}
