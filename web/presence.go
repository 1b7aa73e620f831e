package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// Limits of what is remembered of who looks at what.
const (
	presenceLife    = 30 * time.Second // after the last sign of life
	presenceRecords = 200
	presencePeople  = 50 // open pages of one record
	presenceWord    = 60 // characters of the name of a field
)

// presence remembers who looks at which incident. It is kept in memory only: a
// restart forgets it, and the next signs of life bring it back.
type presence struct {
	now     func() time.Time
	mu      sync.Mutex
	records map[incidents.ID]map[desk]look
}

// desk is one open page of one person.
type desk struct{ name, tab string }

// look is what somebody is doing there.
type look struct {
	since, last time.Time
	editing     string
}

// person is somebody else who is here.
type person struct {
	Name    string    `json:"name"`
	Editing string    `json:"editing"` // the field, in the words of the form; "" for only looking
	Since   time.Time `json:"since"`
}

// newPresence remembers nobody yet.
func newPresence(now func() time.Time) *presence {
	return &presence{now: now, records: map[incidents.ID]map[desk]look{}}
}

// seen notes a sign of life and gives the others, in order of their names. A
// record or a person too many is not remembered, but is told of the others.
func (p *presence) seen(id incidents.ID, who desk, editing string) []person {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget()
	here := p.records[id]
	if here == nil && len(p.records) < presenceRecords {
		here = map[desk]look{}
		p.records[id] = here
	}
	if l, ok := here[who]; ok || here != nil && len(here) < presencePeople {
		if !ok {
			l.since = p.now()
		}
		l.last, l.editing = p.now(), editing
		here[who] = l
	}
	return others(here, who.name)
}

// gone notes that a page was left.
func (p *presence) gone(id incidents.ID, who desk) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.records[id], who)
	p.forget()
}

// forget drops those of whom nothing was heard, and records without anybody.
func (p *presence) forget() {
	for id, here := range p.records {
		for who, l := range here {
			if p.now().Sub(l.last) >= presenceLife {
				delete(here, who)
			}
		}
		if len(here) == 0 {
			delete(p.records, id)
		}
	}
}

// others gives everybody but one, once each however many pages they have open.
// Whoever edits on one of them is editing.
func others(here map[desk]look, but string) []person {
	byName := map[string]person{}
	for who, l := range here {
		if who.name == but {
			continue
		}
		o, ok := byName[who.name]
		if !ok || l.since.Before(o.Since) {
			o.Since = l.since
		}
		o.Name, o.Editing = who.name, max(o.Editing, l.editing)
		byName[who.name] = o
	}
	list := []person{}
	for _, o := range byName {
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b person) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// sign is what a page says of itself. The revision is the one that it shows.
type sign struct {
	Revision int    `json:"revision"`
	Editing  string `json:"editing"`
	Tab      string `json:"tab"`
	Gone     bool   `json:"gone"`
}

// postPresence takes a sign of life and says who else is here, and which
// revision stands by now. It changes nothing of the record.
func (s *Server) postPresence(c echo.Context) error {
	var in sign
	if err := json.NewDecoder(http.MaxBytesReader(c.Response(), c.Request().Body, 4096)).Decode(&in); err != nil {
		return fault.Wrap(fault.Invalid, "A sign of presence is JSON: {\"revision\": 3, \"editing\": \"\"}.", err)
	}
	inc, err := s.incidentOf(c)
	if err != nil {
		return err
	}
	who := desk{actor(c).Name, word(in.Tab)}
	if in.Gone {
		s.presence.gone(inc.ID, who)
		return c.NoContent(http.StatusNoContent)
	}
	return c.JSON(http.StatusOK, map[string]any{
		"others": s.presence.seen(inc.ID, who, word(in.Editing)), "revision": inc.Revision, "by": inc.RecordedBy,
	})
}

// word is a short text in one line, without what cannot be seen.
func word(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && r != ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	runes := []rune(strings.TrimSpace(text))
	return string(runes[:min(len(runes), presenceWord)])
}
