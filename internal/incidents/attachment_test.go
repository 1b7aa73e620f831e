package incidents

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"interceptlog/internal/preview"
)

func TestCleanName(t *testing.T) {
	long := strings.Repeat("å", 100)
	for in, want := range map[string]string{
		"radar.png":                     "radar.png",
		"Luftbild Öland 14 MAR.jpg":     "Luftbild Öland 14 MAR.jpg",
		"Ту-95.pdf":                     "Ту-95.pdf",
		"/etc/passwd":                   "passwd",
		`C:\Users\x\photo.jpg`:          "photo.jpg",
		`..\..\x/y\z.gif`:               "z.gif",
		"../":                           "unnamed",
		"..":                            "unnamed",
		"":                              "unnamed",
		" . . ":                         "unnamed",
		".htaccess":                     ".htaccess",
		"a\x00b\x1b[31m\r\nc.png":       "ab[31mc.png",
		"photo\u202Egpj.exe":            "photogpj.exe",
		"\u2066\u200Fx\u200E\uFEFF.pdf": "x.pdf",
		"a\u2028b.png":                  "ab.png",
		"\xff\xfe.png":                  ".png",
		"report.pdf. . ":                "report.pdf",
		"  two  spaces  .png ":          "two  spaces  .png",
		long + ".jpeg":                  strings.Repeat("å", 72) + ".jpeg",
		long:                            strings.Repeat("å", 75),
		"x." + long:                     "x." + strings.Repeat("å", 74),
		"a<b>:\"|?*.png":                "a<b>:\"|?*.png",
		"می\u200Cخواهم.pdf":             "می\u200Cخواهم.pdf",
	} {
		if got := CleanName(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// FuzzCleanName: a name is short, one line, no path, not empty, reads in one
// direction only, and is clean when it is cleaned again.
func FuzzCleanName(f *testing.F) {
	for _, seed := range []string{"radar.png", "/etc/passwd", `a\b`, "x\u202Egpj.exe", "..", strings.Repeat("x", 500) + ".jpeg", "\xff\x00. ."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		name := CleanName(in)
		if name == "" || len(name) > maxName || !utf8.ValidString(name) || strings.ContainsAny(name, "/\\") || strings.Trim(name, ".") == "" {
			t.Errorf("%q: %q", in, name)
		}
		for _, r := range name {
			if unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 {
				t.Errorf("%q: %q holds %U", in, name, r)
			}
		}
		if again := CleanName(name); again != name {
			t.Errorf("%q: %q, then %q", in, name, again)
		}
	})
}

func TestFileName(t *testing.T) {
	for _, test := range []struct{ name, kind, want string }{
		{"a.png", preview.PNG, "a.png"}, {"a.PNG", preview.PNG, "a.PNG"}, {"a.jpeg", preview.JPEG, "a.jpeg"}, {"a.JPG", preview.JPEG, "a.JPG"},
		{"a.html", preview.GIF, "a.html.gif"}, {"a.exe", preview.PDF, "a.exe.pdf"}, {"a", preview.WebP, "a.webp"}, {"a.png", preview.JPEG, "a.png.jpg"}, {".png", preview.PNG, ".png"},
	} {
		if got := (Attachment{Name: test.name, Type: test.kind}).FileName(); got != test.want {
			t.Errorf("%s as %s: %s, want %s", test.name, test.kind, got, test.want)
		}
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1 kB", 4140: "4.1 kB", 999_949: "999.9 kB", 999_950: "1 MB", MaxAttachment: "10 MB", 2_345_678: "2.3 MB"} {
		if got := Size(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
