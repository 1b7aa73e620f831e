package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
)

// A GIS asks many times a minute. What one reader read of a collection within
// readsWait becomes one entry of the audit chain, so that a map that is moved
// about does not bury what people did; a crash loses that stretch at most.
const (
	readsWait  = 10 * time.Second
	readsAsked = 200 // different questions of one entry
)

// reader is who read, by which token, or from which address where reading is
// open to all, and what.
type reader struct {
	actor                      access.Actor
	token, address, collection string
}

// readNote is what the chain keeps of it: features by question.
type readNote struct {
	Token    string         `json:"token,omitempty"`
	Address  string         `json:"address,omitempty"`
	Requests int            `json:"requests"`
	Features int            `json:"features"`
	Asked    map[string]int `json:"asked"`
}

// reads holds what was read and is not in the chain yet.
type reads struct {
	store interface {
		Audit(ctx context.Context, actor access.Actor, action, subject string, detail any) error
	}
	logger *slog.Logger

	mu      sync.Mutex
	held    map[reader]*readNote
	waiting *time.Timer
}

// note takes in that features were given out.
func (r *reads) note(by reader, asked string, features int) {
	if full := r.add(by, asked, features); full != nil {
		r.write(by, full)
	}
}

// add gives back a note that holds no more questions.
func (r *reads) add(by reader, asked string, features int) (full *readNote) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.held[by]
	if n == nil {
		n = &readNote{Token: by.token, Address: by.address, Asked: map[string]int{}}
		if r.held == nil {
			r.held = map[reader]*readNote{}
		}
		r.held[by] = n
	}
	n.Requests++
	n.Features += features
	n.Asked[asked] += features
	if len(n.Asked) >= readsAsked {
		delete(r.held, by)
		return n
	}
	if r.waiting == nil {
		r.waiting = time.AfterFunc(readsWait, r.flush)
	}
	return nil
}

// flush writes all that is held.
func (r *reads) flush() {
	r.mu.Lock()
	held := r.held
	r.held = nil
	if r.waiting != nil {
		r.waiting.Stop()
		r.waiting = nil
	}
	r.mu.Unlock()
	for by, n := range held {
		r.write(by, n)
	}
}

func (r *reads) write(by reader, n *readNote) {
	if err := r.store.Audit(context.Background(), by.actor, "read", by.collection, n); err != nil {
		r.logger.Error("what was read is not in the audit chain", "reader", by.actor.Name, "collection", by.collection, "features", n.Features, "error", err)
	}
}

// NoteReads puts into the audit chain what was read and is not there yet. Call
// it when no more requests come, before the store is closed.
func (s *Server) NoteReads() { s.reads.flush() }

// noteRead notes an answer of the interface for GIS that gave features out, not
// one that said that nothing is new, or what there would be. The page of a walk
// and the form of the answer do not change what was asked.
func (s *Server) noteRead(c echo.Context, collection string, query url.Values, features int) {
	if c.Request().Method != http.MethodGet || c.Response().Status != http.StatusOK {
		return
	}
	by := reader{actor: actor(c), collection: collection}
	if tok, ok := c.Get("token").(access.Token); ok {
		by.token = tok.ID
	}
	if by.actor == access.OpenReader() {
		by.address = address(c.Request())
	}
	asked := url.Values{}
	for name, values := range query {
		switch name {
		case "cursor", "since", "limit", "f":
		default:
			asked[name] = values
		}
	}
	text, err := url.QueryUnescape(asked.Encode())
	if err != nil {
		text = asked.Encode()
	}
	if fid := c.Param("fid"); fid != "" {
		text = "id=" + fid
	}
	s.reads.note(by, text, features)
}
