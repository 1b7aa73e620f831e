package preview

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"strings"
	"testing"
)

// chequered is a picture of red and blue squares.
func chequered(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			if (x/8+y/8)%2 == 1 {
				c = color.NRGBA{B: 255, A: 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func encoded(t testing.TB, kind string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch kind {
	case PNG:
		err = png.Encode(&b, m)
	case JPEG:
		err = jpeg.Encode(&b, m, nil)
	case GIF:
		err = gif.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unbase64(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The smallest pictures that there are of both kinds of WebP: one pixel each.
const (
	lossyWebP    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	losslessWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func TestKind(t *testing.T) {
	for head, want := range map[string]string{
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR": PNG, "\xff\xd8\xff\xe0\x00\x10JFIF": JPEG, "GIF89a\x01\x00": GIF, "GIF87a": GIF,
		"RIFF\x22\x00\x00\x00WEBPVP8 ": WebP, "RIFF\x22\x00\x00\x00WEBPVP8L": WebP, "RIFF\x22\x00\x00\x00WEBPVP8X": WebP, "%PDF-1.7\n": PDF,
		"": "", "%PDF": "", "\n%PDF-1.7": "", "RIFF\x22\x00\x00\x00WAVEfmt ": "", "<svg xmlns": "", "<!DOCTYPE html>": "", "PK\x03\x04": "", "MZ": "", "GIF8": "", "\xff\xd8": "", "\x89PNG\n": "", "BM": "", "II*\x00": "",
	} {
		if got := Kind([]byte(head)); got != want {
			t.Errorf("%q: got %q, want %q", head, got, want)
		}
	}
}

func TestMake(t *testing.T) {
	for name, test := range map[string]struct {
		file       []byte
		kind       string
		w, h       int
		preview    string
		pw, ph     int
		looksEmpty bool
	}{
		"small PNG keeps its size":  {encoded(t, PNG, chequered(64, 32)), PNG, 64, 32, PNG, 64, 32, false},
		"wide PNG":                  {encoded(t, PNG, chequered(1440, 720)), PNG, 1440, 720, PNG, 480, 240, false},
		"tall JPEG":                 {encoded(t, JPEG, chequered(600, 1200)), JPEG, 600, 1200, JPEG, 240, 480, false},
		"GIF":                       {encoded(t, GIF, chequered(481, 3)), GIF, 481, 3, PNG, 480, 3, false},
		"one line":                  {encoded(t, PNG, chequered(5000, 1)), PNG, 5000, 1, PNG, 480, 1, false},
		"lossy WebP":                {unbase64(t, lossyWebP), WebP, 1, 1, PNG, 1, 1, true},
		"lossless WebP":             {unbase64(t, losslessWebP), WebP, 1, 1, PNG, 1, 1, true},
		"transparent PNG stays so":  {encoded(t, PNG, image.NewNRGBA(image.Rect(0, 0, 9, 9))), PNG, 9, 9, PNG, 9, 9, true},
		"a picture on another spot": {encoded(t, PNG, chequered(900, 900).(*image.NRGBA).SubImage(image.Rect(100, 100, 700, 400))), PNG, 600, 300, PNG, 480, 240, false},
	} {
		t.Run(name, func(t *testing.T) {
			if kind := Kind(test.file[:min(len(test.file), SniffLen)]); kind != test.kind {
				t.Fatalf("taken for %q", kind)
			}
			p, err := Make(bytes.NewReader(test.file), test.kind)
			if err != nil {
				t.Fatal(err)
			}
			if p.Width != test.w || p.Height != test.h || p.Type != test.preview || p.W != test.pw || p.H != test.ph || Kind(p.Bytes) != p.Type {
				t.Errorf("%d×%d → %s %d×%d", p.Width, p.Height, p.Type, p.W, p.H)
			}
			m, _, err := image.Decode(bytes.NewReader(p.Bytes))
			if err != nil || m.Bounds() != image.Rect(0, 0, p.W, p.H) {
				t.Fatalf("%v %v", err, m)
			}
			if test.looksEmpty {
				return
			}
			red, blue := false, false
			for y := range p.H {
				for x := range p.W {
					r, _, b, a := m.At(x, y).RGBA()
					red, blue = red || r > b && a > 0xf000, blue || b > r && a > 0xf000
				}
			}
			if !red || !blue {
				t.Errorf("red %v, blue %v", red, blue)
			}
		})
	}
}

// What is only in the file stays there.
func TestNothingButPixels(t *testing.T) {
	file := encoded(t, JPEG, chequered(40, 40))
	secret := "Exif\x00\x00 camera of Maj. Hansen 55.1N 18.8E"
	segment := append([]byte{0xff, 0xe1, 0, byte(len(secret) + 2)}, secret...)
	file = append(append(append([]byte{}, file[:2]...), segment...), file[2:]...)
	file = append(file, "<script>alert(1)</script>"...)
	p, err := Make(bytes.NewReader(file), JPEG)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(p.Bytes, []byte("Hansen")) || bytes.Contains(p.Bytes, []byte("Exif")) || bytes.Contains(p.Bytes, []byte("script")) {
		t.Error("the preview holds more than pixels")
	}
}

// pngOf builds a PNG by hand, so that its header may say what it likes.
func pngOf(w, h uint32, depth, colour byte, data []byte) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(name string, body []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(body)))
		sum := crc32.NewIEEE()
		for _, p := range [][]byte{[]byte(name), body} {
			b.Write(p)
			sum.Write(p)
		}
		_ = binary.Write(&b, binary.BigEndian, sum.Sum32())
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	chunk("IHDR", append(head, depth, colour, 0, 0, 0))
	chunk("IDAT", data)
	chunk("IEND", nil)
	return b.Bytes()
}

// zeros is n bytes of nothing, compressed to almost nothing.
func zeros(t *testing.T, n int) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	buf := make([]byte, 1<<20)
	for n > 0 {
		k, err := w.Write(buf[:min(n, len(buf))])
		if err != nil {
			t.Fatal(err)
		}
		n -= k
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A decompression bomb is told by its header, before a byte of it is unpacked.
func TestBombs(t *testing.T) {
	bomb := pngOf(30000, 30000, 1, 0, zeros(t, 30000*3751))
	if len(bomb) > 300_000 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	vp8x := "RIFF\x1a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\x3f\x00\xff\x3f\x00VP8 "
	gifScreen := "GIF89a\xff\xff\xff\xff\x00\x00\x00;"
	var before, after runtime.MemStats
	for name, file := range map[string][]byte{"PNG": bomb, "PNG of 2^31": pngOf(1<<30, 1<<30, 8, 6, nil), "WebP": []byte(vp8x), "GIF": []byte(gifScreen)} {
		runtime.ReadMemStats(&before)
		_, err := Make(bytes.NewReader(file), Kind(file))
		runtime.ReadMemStats(&after)
		if !errors.Is(err, ErrLarge) && !(name == "PNG of 2^31" && errors.Is(err, ErrBroken)) {
			t.Errorf("%s: %v", name, err)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
			t.Errorf("%s: %d bytes were used", name, grown)
		}
	}
}

// The largest that is taken is taken: forty million pixels in one line a byte.
func TestMostPixels(t *testing.T) {
	p, err := Make(bytes.NewReader(pngOf(8000, 5000, 8, 0, zeros(t, 8001*5000))), PNG)
	if err != nil || p.W != 480 || p.H != 300 {
		t.Errorf("%v %d×%d", err, p.W, p.H)
	}
}

func TestBroken(t *testing.T) {
	whole := encoded(t, PNG, chequered(200, 200))
	lossy := unbase64(t, lossyWebP)
	for name, test := range map[string]struct {
		file []byte
		kind string
		want error
	}{
		"cut PNG":             {whole[:len(whole)/2], PNG, ErrBroken},
		"cut JPEG":            {encoded(t, JPEG, chequered(200, 200))[:400], JPEG, ErrBroken},
		"cut GIF":             {encoded(t, GIF, chequered(200, 200))[:40], GIF, ErrBroken},
		"cut WebP":            {lossy[:len(lossy)-8], WebP, ErrBroken},
		"only a signature":    {[]byte("\x89PNG\r\n\x1a\n"), PNG, ErrBroken},
		"another kind":        {whole, JPEG, ErrBroken},
		"a checksum is wrong": {bytes.Replace(whole, []byte("IDAT"), []byte("IDAt"), 1), PNG, ErrBroken},
		"no pixels":           {pngOf(0, 10, 8, 2, nil), PNG, ErrBroken},
		"a document":          {[]byte("%PDF-1.7"), PDF, ErrKind},
		"nothing known":       {[]byte("<svg/>"), "image/svg+xml", ErrKind},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Make(bytes.NewReader(test.file), test.kind); !errors.Is(err, test.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

// FuzzMake: whatever the bytes, the answer is a small picture of the promised
// size or one of the three errors.
func FuzzMake(f *testing.F) {
	for _, kind := range []string{PNG, JPEG, GIF} {
		f.Add(encoded(f, kind, chequered(20, 10)))
	}
	f.Add(unbase64(f, lossyWebP))
	f.Add(unbase64(f, losslessWebP))
	f.Add([]byte("%PDF-1.7"))
	f.Add(pngOf(30000, 30000, 1, 0, nil))
	f.Fuzz(func(t *testing.T, file []byte) {
		kind := Kind(file)
		if kind != Kind(file[:min(len(file), SniffLen)]) {
			t.Errorf("%q: the kind hangs on more than %d bytes", file, SniffLen)
		}
		p, err := Make(bytes.NewReader(file), kind)
		if err != nil {
			if !errors.Is(err, ErrKind) && !errors.Is(err, ErrBroken) && !errors.Is(err, ErrLarge) {
				t.Errorf("%v", err)
			}
			return
		}
		if p.W < 1 || p.H < 1 || p.W > Side || p.H > Side || p.Width*p.Height > MaxPixels || Kind(p.Bytes) != p.Type {
			t.Errorf("%+v", p)
		}
		if m, format, err := image.Decode(bytes.NewReader(p.Bytes)); err != nil || !strings.HasSuffix(p.Type, format) || m.Bounds().Dx() != p.W {
			t.Errorf("the preview of %q cannot be read: %v", file, err)
		}
	})
}
