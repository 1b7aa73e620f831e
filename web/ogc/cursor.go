package ogc

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"

	"interceptlog/internal/incidents"
)

// cursor is a place in an answer of several pages. It pins the moment of the
// first page: all pages show the log as it was then, so that a walk meets each
// feature once, whatever is written meanwhile.
type cursor struct {
	Place   string           `json:"p"`
	AsOf    incidents.Millis `json:"t"`
	Matched int              `json:"m"`
	Query   []byte           `json:"q"` // of what question it is a place
}

// macLength is how much of the signature a cursor carries, in bytes.
const macLength = 16

// maxCursor bounds what is read.
const maxCursor = 8192

// seal writes what a client is to give back, with a signature before it.
func (a *API) seal(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // made of numbers and texts here
	}
	return base64.RawURLEncoding.EncodeToString(append(a.mac(raw), raw...))
}

// unseal reads what this server sealed.
func (a *API) unseal(text string, v any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && len(text) <= maxCursor && len(raw) >= macLength && hmac.Equal(raw[:macLength], a.mac(raw[macLength:])) && json.Unmarshal(raw[macLength:], v) == nil
}

func (a *API) mac(raw []byte) []byte {
	m := hmac.New(sha256.New, a.Key)
	m.Write(raw)
	return m.Sum(nil)[:macLength]
}

// readCursor reads a cursor that this server signed for the same question.
func (a *API) readCursor(text string, query url.Values) (cursor, error) {
	var c cursor
	if !a.unseal(text, &c) {
		return c, bad("cursor", text, "the cursor of a link “next”, unchanged")
	}
	if !bytes.Equal(c.Query, question(query)) {
		return c, bad("cursor", text, "the cursor of a link “next” of the same question; only limit and f may change")
	}
	return c, nil
}

// question is a digest of what is asked, page and encoding aside.
func question(query url.Values) []byte {
	q := url.Values{}
	for name, values := range query {
		switch name {
		case "cursor", "limit", "f", "crs", "properties", "skipGeometry": // how a page looks, not what is in it
		default:
			q[name] = values
		}
	}
	sum := sha256.Sum256([]byte(q.Encode()))
	return sum[:8]
}
