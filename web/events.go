package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
)

const (
	// beat is how often a stream says what the time is. A screen that hears
	// nothing for two of them knows that it is cut off.
	beat = 5 * time.Second
	// recheck is how often a stream makes sure that its reader may still read.
	recheck = 10 * time.Second
)

// events is the stream of an open screen (HTML Living Standard §9.2). It begins
// with hello and what was missed since Last-Event-ID or ?after; then come
// change, as the log changes, and time every five seconds. The id of a change
// is the number of the last audit entry that it tells of.
func (s *Server) events(c echo.Context) error {
	ctx := c.Request().Context()
	after, err := lastSeen(c)
	if err != nil {
		return err
	}
	head, err := s.Store.ChainHead(ctx)
	if err != nil {
		return err
	}
	// What is written from here on is told; what was written before is read
	// below. What comes twice is dropped by its number.
	l, leave := s.hub.listen(head.Seq)
	defer leave()
	if after < 0 || after > head.Seq {
		after = head.Seq
	}
	h := c.Response().Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no") // nginx would wait for a full buffer
	w := eventStream{c.Response(), http.NewResponseController(c.Response())}
	c.Response().WriteHeader(http.StatusOK)
	if err := w.say("hello", -1, change{Seq: after, Now: s.hub.clock()}); err != nil {
		return nil // the reader has left, which is no fault
	}
	missed, err := s.hub.since(ctx, after)
	if err != nil {
		return err
	}
	if len(missed.Topics) > 0 {
		after = missed.Seq
		if w.say("change", after, missed) != nil {
			return nil
		}
	}
	return s.follow(ctx, w, l, after, c)
}

// follow writes until the reader leaves, may not read any more, or the server
// ends.
func (s *Server) follow(ctx context.Context, w eventStream, l *listener, after int64, c echo.Context) error {
	beats, checks := time.NewTicker(beat), time.NewTicker(recheck)
	defer beats.Stop()
	defer checks.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-l.done:
			return nil
		case <-l.wake:
			ch := l.take()
			if ch == nil || ch.Seq <= after {
				continue
			}
			if ch.after != after { // it begins with what this screen was told when it came, or after what it was not
				if *ch, err = s.hub.since(ctx, after); err == nil && len(ch.Topics) == 0 {
					continue
				}
			}
			if err != nil {
				return nil // the screen comes back and asks for what it missed
			}
			after = ch.Seq
			err = w.say("change", after, *ch)
		case <-beats.C:
			err = w.say("time", -1, change{Seq: after, Now: s.hub.clock()})
		case <-checks.C:
			if !s.mayStillRead(ctx, c) {
				_ = w.say("bye", -1, change{Seq: after, Now: s.hub.clock()})
				return nil
			}
		}
		if err != nil {
			return nil // the reader has left, which is no fault
		}
	}
}

// mayStillRead reads the session and its user anew: a stream outlives both.
func (s *Server) mayStillRead(ctx context.Context, c echo.Context) bool {
	cookie, err := c.Cookie(s.sessions.Cookie.Name)
	if err != nil {
		return false
	}
	fresh, err := s.sessions.Load(context.WithoutCancel(ctx), cookie.Value)
	if err != nil {
		return true // the log is busy; the next check decides
	}
	user, err := s.userOf(fresh)
	return err != nil || user.Name != "" && user.Role.May(access.Board)
}

// pollEvents is what a screen asks that no stream reaches: the same, once.
func (s *Server) pollEvents(c echo.Context) error {
	after, err := lastSeen(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if after < 0 {
		head, err := s.Store.ChainHead(ctx)
		if err != nil {
			return err
		}
		after = head.Seq
	}
	ch, err := s.hub.since(ctx, after)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, ch)
}

// lastSeen reads after which audit entry a screen wants to know; -1 for from
// now on.
func lastSeen(c echo.Context) (int64, error) {
	text := c.Request().Header.Get("Last-Event-ID")
	if text == "" {
		text = c.QueryParam("after")
	}
	if text == "" {
		return -1, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, &fault.Error{Kind: fault.Invalid, Msg: "There is no such event.", Fields: []fault.Field{{Name: "after", Msg: "accepted: the id of an event, a whole number."}}}
	}
	return n, nil
}

// eventStream writes events.
type eventStream struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
}

// say writes one event at once; an id below zero is none.
func (s eventStream) say(event string, id int64, ch change) error {
	data, err := json.Marshal(ch)
	if err != nil {
		return err
	}
	text := "event: " + event + "\n"
	if id >= 0 {
		text += "id: " + strconv.FormatInt(id, 10) + "\n"
	}
	// A recorder in a test has no deadline to set; a real connection has.
	_ = s.ctl.SetWriteDeadline(time.Now().Add(writeDeadline))
	if _, err := fmt.Fprintf(s.w, "%sdata: %s\n\n", text, data); err != nil {
		return err
	}
	return s.ctl.Flush()
}
