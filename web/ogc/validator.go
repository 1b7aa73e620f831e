package ogc

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// etagOf is a strong validator of a content (RFC 9110 §8.8.3).
func etagOf(content []byte) string {
	sum := sha256.Sum256(content)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// sameTag compares a tag of a request with one of ours, as If-None-Match does.
// A compressed answer carries the same content in another coding, and its tag
// has the coding as a suffix.
func sameTag(sent, ours string) bool {
	sent = strings.TrimPrefix(strings.TrimSpace(sent), "W/")
	for _, coding := range []string{"-gzip", "-zstd"} {
		sent = strings.Replace(sent, coding+`"`, `"`, 1)
	}
	return sent == ours
}

// anyTag reports whether a list of tags names ours.
func anyTag(header, ours string) bool {
	if strings.TrimSpace(header) == "*" {
		return true
	}
	for tag := range strings.SplitSeq(header, ",") {
		if sameTag(tag, ours) {
			return true
		}
	}
	return false
}

// send answers with a content, or with 304 to whoever has it already.
func send(c echo.Context, mediaType string, content []byte, etag string) error {
	h := c.Response().Header()
	h.Set("ETag", etag)
	h.Set("Cache-Control", "private, no-cache") // kept, but asked for again each time
	req := c.Request()
	if given := req.Header.Get("If-None-Match"); given != "" {
		if anyTag(given, etag) {
			return c.NoContent(http.StatusNotModified)
		}
	} else if since, err := http.ParseTime(req.Header.Get("If-Modified-Since")); err == nil {
		if last, err := http.ParseTime(h.Get("Last-Modified")); err == nil && !last.After(since) {
			return c.NoContent(http.StatusNotModified)
		}
	}
	return c.Blob(http.StatusOK, mediaType, content)
}

// stampAge is how long an answer counts as the same one as before.
const stampAge = time.Minute

// stamps remembers when an answer was first made. The time of an answer stands
// in it, and in the cursor to its next page; without this no two would be the
// same, and nobody could be told that nothing has changed.
type stamps struct {
	now func() time.Time

	mu   sync.Mutex
	made map[string]time.Time
}

// of gives the time of an answer: that of the same answer if it was made a
// moment ago, and at otherwise.
func (s *stamps) of(content string, at time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if t, ok := s.made[content]; ok && now.Sub(t) < stampAge && !now.Before(t) {
		return t
	}
	if s.made == nil || len(s.made) >= 1000 {
		s.made = map[string]time.Time{}
	}
	s.made[content] = at
	return at
}
