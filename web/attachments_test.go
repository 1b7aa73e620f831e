package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"net/url"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// picture is a PNG of so many pixels.
func picture(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i / 7)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// document is a PDF of exactly so many bytes, as far as anybody looks.
func document(size int) []byte {
	return append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("1 0 obj <<>> endobj\n"), size/20+1)...)[:size]
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// send posts a file as a browser does and gives the answer and its id.
func send(t *testing.T, s *site, role access.Role, path, id, name string, content []byte) answer {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.WriteField("id", id)
	w, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write(content)
	_ = form.Close()
	req, err := http.NewRequest(http.MethodPost, s.URL+path+"/attachments", &b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	return s.do(t, role, req)
}

// mustSend attaches a file and gives its address.
func mustSend(t *testing.T, s *site, role access.Role, path, name string, content []byte) string {
	t.Helper()
	id := string(incidents.NewID())
	a := send(t, s, role, path, id, name, content)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != path+"#attachment-"+id {
		t.Fatalf("%s: %d to %q\n%.500s", name, a.status, a.header.Get("Location"), a.body)
	}
	return path + "/attachments/" + id
}

func incidentUnderTest(t *testing.T, s *site) string {
	t.Helper()
	return "/incidents/" + string(s.bySource(t, "2023-03-14-mq9-su27-collision").ID)
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	form := s.get(t, "officer", path).doc.Find("form[enctype='multipart/form-data']")
	if hint := form.Find(".hint").Text(); !strings.Contains(hint, "10 MB") || !strings.Contains(hint, "20 for an incident") {
		t.Errorf("limits: %q", hint)
	}
	id := form.Find("input[name=id]").AttrOr("value", "")
	content := picture(t, 960, 600)
	for range 2 { // a double click
		if a := send(t, s, "officer", path, id, `C:\Photos\ra<dar "Öland".png`, content); a.status != http.StatusSeeOther {
			t.Fatalf("%d %.300s", a.status, a.body)
		}
	}
	pdf := document(5000)
	mustSend(t, s, "supervisor", path, "report.pdf", pdf)

	files := s.get(t, "viewer", path).doc.Find("[data-testid=attachment]")
	first, second := files.Eq(0), files.Eq(1)
	img := first.Find("img")
	if files.Length() != 2 || first.Find("code").Text() != sumOf(content) || !strings.Contains(first.Text(), "PNG, 960 × 600 pixels") || first.Find(".name").Text() != `ra<dar "Öland".png` ||
		img.AttrOr("width", "") != "480" || img.AttrOr("height", "") != "300" || !strings.Contains(first.Text(), "officer") {
		t.Errorf("first: %q", first.Text())
	}
	if second.Find("svg.sheet").Length() != 1 || second.Find("img").Length() != 0 || !strings.Contains(second.Text(), "PDF, 5 kB") {
		t.Errorf("second: %q", second.Text())
	}
	a := s.get(t, "viewer", first.Find(".name a").AttrOr("href", ""))
	for name, want := range map[string]string{"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'",
		"Content-Length": fmt.Sprint(len(content)), "Content-Disposition": "attachment; filename*=utf-8''ra%3Cdar%20%22%C3%96land%22.png", "Cache-Control": "no-store", "Content-Encoding": ""} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if a.status != http.StatusOK || a.body != string(content) {
		t.Errorf("download: %d, %d bytes", a.status, len(a.body))
	}
	a = s.get(t, "viewer", img.AttrOr("src", ""))
	small, err := png.Decode(strings.NewReader(a.body))
	if err != nil || small.Bounds().Dx() != 480 || a.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(a.header.Get("Content-Security-Policy"), "sandbox") || a.body == string(content) {
		t.Errorf("preview: %d %v", a.status, err)
	}
	if a := s.get(t, "viewer", second.Find(".name a").AttrOr("href", "")+"/preview"); a.status != http.StatusNotFound {
		t.Errorf("preview of a PDF: %d", a.status)
	}
	other := "/incidents/" + string(incidents.NewID()) + strings.TrimPrefix(img.AttrOr("src", ""), path)
	if a := s.get(t, "viewer", other); a.status != http.StatusNotFound {
		t.Errorf("under another incident: %d", a.status)
	}
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// What a file is decides its content; what it is called, and what the sender
// says it is, do not.
func TestAttachmentKinds(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	var photo bytes.Buffer
	m := image.NewRGBA(image.Rect(0, 0, 20, 10))
	m.Set(3, 3, color.White)
	if err := jpeg.Encode(&photo, m, nil); err != nil {
		t.Fatal(err)
	}
	whole := picture(t, 50, 50)
	for name, test := range map[string]struct {
		content []byte
		says    string // "" is taken
		saved   string
	}{
		"photo.html":  {photo.Bytes(), "", `photo.html.jpg`},
		"photo.jpg":   {whole, "", "photo.jpg.png"},
		"broken.png":  {whole[:len(whole)/2], "This picture is broken", ""},
		"page.png":    {[]byte("<html><script>alert(1)</script>"), "none of the kinds", ""},
		"vector.svg":  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "none of the kinds", ""},
		"program.pdf": {[]byte("MZ\x90\x00"), "none of the kinds", ""},
		"empty.png":   {nil, "Choose a file", ""},
		"bomb.gif":    {[]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00;"), "more than 40 million pixels", ""},
		"ten MB.pdf":  {document(incidents.MaxAttachment), "", "ten MB.pdf"},
		"more.pdf":    {document(incidents.MaxAttachment + 1), "larger than 10 MB", ""},
		"much.pdf":    {document(3 * incidents.MaxAttachment), "larger than 10 MB", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if test.says == "" {
				a := s.get(t, "viewer", mustSend(t, s, "officer", path, name, test.content))
				if got := a.header.Get("Content-Disposition"); !strings.Contains(got, test.saved) || a.body != string(test.content) {
					t.Errorf("saved as %q", got)
				}
				return
			}
			id := string(incidents.NewID())
			a := send(t, s, "officer", path, id, name, test.content)
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.doc.Find("#attachment-file-err").Text(), test.says) ||
				a.doc.Find("#errors a[href='#attachment-file']").Length() != 1 || a.doc.Find(".files input[name=id]").AttrOr("value", "") != id {
				t.Errorf("%d %q", a.status, a.doc.Find("#attachment-file-err").Text())
			}
		})
	}
	if a := s.post(t, "officer", path+"/attachments", url.Values{"id": {"x"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no multipart form: %d", a.status)
	}
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// A broken upload leaves nothing behind.
func TestUploadBreaksOff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	body := "--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + string(incidents.NewID()) + "\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7 and then"
	req, _ := http.NewRequest(http.MethodPost, s.URL+path+"/attachments", strings.NewReader(body))
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if a := s.do(t, "officer", req); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "broke off") {
		t.Errorf("%d %.200s", a.status, a.body)
	}
	if n := s.get(t, "officer", path).doc.Find("[data-testid=attachment]").Length(); n != 0 {
		t.Errorf("%d attachments", n)
	}
}

// heapWatch looks at the heap with every megabyte that passes.
type heapWatch struct {
	passed int
	most   uint64
}

func (h *heapWatch) Write(p []byte) (int, error) {
	if before := h.passed / 1_000_000; (h.passed+len(p))/1_000_000 != before {
		h.most = max(h.most, liveHeap())
	}
	h.passed += len(p)
	return len(p), nil
}

// liveHeap is what is in use, without what only waits to be collected. What is
// made during a collection counts as in use, so the least of several is told:
// whoever asks holds up the stream, and the server comes to rest.
func liveHeap() uint64 {
	least := uint64(math.MaxUint64)
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for range 4 {
		runtime.GC()
		metrics.Read(live)
		least = min(least, live[0].Value.Uint64())
	}
	return least
}

// endless is nothing but zeros.
type endless struct{}

func (endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Ten megabytes go in and come out in a few.
func TestAttachmentsInBoundedMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	s := newSite(t)
	path := incidentUnderTest(t, s)
	id := string(incidents.NewID())
	content := func() io.Reader {
		return io.LimitReader(io.MultiReader(strings.NewReader("%PDF-1.7\n"), endless{}), incidents.MaxAttachment)
	}
	sent, got := sha256.New(), sha256.New()
	in, out := &heapWatch{}, &heapWatch{}
	body := io.MultiReader(strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n"+id+"\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n"),
		io.TeeReader(content(), io.MultiWriter(sent, in)), strings.NewReader("\r\n--x--\r\n"))
	req, _ := http.NewRequest(http.MethodPost, s.URL+path+"/attachments", body)
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	s.as(t, "officer")
	before := liveHeap()
	if a := s.do(t, "officer", req); a.status != http.StatusSeeOther {
		t.Fatalf("%d %.300s", a.status, a.body)
	}
	resp, err := s.as(t, "officer").Get(s.URL + path + "/attachments/" + id)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := io.Copy(io.MultiWriter(got, out), resp.Body); err != nil || n != incidents.MaxAttachment || !bytes.Equal(got.Sum(nil), sent.Sum(nil)) {
		t.Fatalf("%d bytes, %v", n, err)
	}
	for way, h := range map[string]*heapWatch{"in": in, "out": out} {
		if grown := int64(h.most) - int64(before); h.most == 0 || grown > 4<<20 {
			t.Errorf("the heap grew by %d bytes while 10 MB went %s", grown, way)
		}
	}
}

func TestStrikeAttachment(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	at := mustSend(t, s, "officer", path, "a.png", picture(t, 30, 30))
	theirs := mustSend(t, s, "supervisor", path, "b.png", picture(t, 31, 30))
	strike := func(role access.Role, href, reason string) answer {
		return s.post(t, role, href+"/strike", url.Values{"reason": {reason}})
	}
	if a := strike("officer", theirs, "x"); a.status != http.StatusForbidden {
		t.Errorf("an officer strikes a supervisor's: %d", a.status)
	}
	if a := strike("officer", at, ""); a.status != http.StatusUnprocessableEntity || a.doc.Find("[data-testid=attachment] details[open] [aria-invalid=true]").Length() != 1 {
		t.Errorf("without a reason: %d", a.status)
	}
	s.clock.Advance(time.Minute)
	before := incidents.FormatInstant(incidents.MillisOf(s.clock.Now()))
	s.clock.Advance(time.Minute)
	if a := strike("officer", at, "shows a face"); a.status != http.StatusSeeOther {
		t.Fatalf("%d %.300s", a.status, a.body)
	}
	for _, query := range []string{"", "?as_of=" + before} { // read as of before the strike, the content is no more open than now
		row := s.get(t, "officer", path+query).doc.Find("[data-testid=attachment]").First()
		if row.Find("img").Length() != 0 || row.Find("code").Length() != 1 || query == "" && (!strings.Contains(row.Text(), "shows a face") || row.Find("del").Length() != 1) {
			t.Errorf("%q: %q", query, row.Text())
		}
	}
	for _, href := range []string{at, at + "/preview"} {
		if a := s.get(t, "officer", href); a.status != http.StatusForbidden {
			t.Errorf("%s for an officer: %d", href, a.status)
		}
		if a := s.get(t, "supervisor", href); a.status != http.StatusOK {
			t.Errorf("%s for a supervisor: %d", href, a.status)
		}
	}
}

func TestTwentyAttachments(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	last := ""
	for i := range incidents.MaxAttachments {
		last = mustSend(t, s, "officer", path, fmt.Sprintf("%d.pdf", i), document(100+i))
	}
	if doc := s.get(t, "officer", path).doc; doc.Find("form[enctype]").Length() != 0 || !strings.Contains(doc.Find(".files").Text(), "takes no more") {
		t.Error("the form is still offered")
	}
	a := send(t, s, "officer", path, string(incidents.NewID()), "x.pdf", document(99))
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.doc.Find("#errors").Text(), "up to 20") {
		t.Errorf("one more: %d", a.status)
	}
	if a := s.post(t, "officer", last+"/strike", url.Values{"reason": {"room"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	mustSend(t, s, "officer", path, "x.pdf", document(99))
}

// Nothing is attached to what was retracted; it can still be talked about.
func TestRetractedTakesNoAttachment(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := incidentUnderTest(t, s)
	if a := s.post(t, "supervisor", path+"/retract", url.Values{"base": {"1"}, "reason": {"never happened"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if doc := s.get(t, "officer", path).doc; doc.Find("form[enctype]").Length() != 0 || doc.Find("form[action$='/comments']").Length() != 1 {
		t.Error("the forms do not fit")
	}
	if a := send(t, s, "officer", path, string(incidents.NewID()), "a.pdf", document(99)); a.status != http.StatusConflict {
		t.Errorf("attached: %d", a.status)
	}
	say(t, s, "officer", path, "Who had reported it?")
}
