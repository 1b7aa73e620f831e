package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// maxDraft bounds what one unfinished report may hold, bytes.
const maxDraft = 512 << 10

// draftFields are the fields of a form that speak of the draft and not of the
// report: they are left out when it is drawn again.
const (
	draftSeq   = "draft_seq"
	draftPlace = "draft_place"
	draftOwner = "draft_owner"
)

// saveDraft keeps what somebody is typing: PUT /drafts/{key}, the body being
// the form as it would be posted. A page that was drawn for another person
// keeps nothing: it must not put its words into a stranger's name.
func (s *Server) saveDraft(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	if owner := v.Get(draftOwner); owner != "" && owner != actor(c).Name {
		return fault.New(fault.Conflict, "This form was begun by "+owner+", and "+actor(c).Name+" is signed in now.")
	}
	kept, err := s.keepDraft(c, c.Param("key"), v)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"seq": kept.Seq, "at": kept.SavedAt.Time().Format("150405Z")})
}

// keepDraft stores a form under the id that its report will have or changes.
func (s *Server) keepDraft(c echo.Context, id string, v url.Values) (incidents.Unfinished, error) {
	key, ok := incidents.ParseID(id)
	if !ok {
		return incidents.Unfinished{}, fault.New(fault.Invalid, "The form has lost its id; open a new report and paste what you typed.")
	}
	d := incidents.Unfinished{Owner: actor(c).Name, Key: key, Place: v.Get(draftPlace)}
	d.Base, _ = strconv.Atoi(v.Get("base"))
	d.Seq, _ = strconv.ParseInt(v.Get(draftSeq), 10, 64)
	if d.Seq == 0 { // kept by the button, without a script
		d.Seq = s.Now().UnixMilli()
	}
	form := url.Values{}
	for name, values := range v {
		if !strings.HasPrefix(name, "draft_") && name != "add" {
			form[name] = values
		}
	}
	d.Form = form.Encode()
	if len(d.Form)+len(d.Place) > maxDraft {
		return d, fault.New(fault.Invalid, "The report is too long to be kept: at most 512 KiB.")
	}
	ctx := c.Request().Context()
	if d.Base == 0 {
		// A save that was overtaken by the filing of its report must not bring
		// the draft back.
		if _, err := s.Store.Incident(ctx, key, 0); err == nil {
			return d, nil
		} else if !fault.Is(err, fault.NotFound) {
			return d, err
		}
	}
	return s.Store.SaveDraft(ctx, d)
}

// draftOf gives the draft of the one who asks; ok is false when there is none.
func (s *Server) draftOf(c echo.Context, key incidents.ID) (d incidents.Unfinished, ok bool, err error) {
	d, err = s.Store.Draft(c.Request().Context(), actor(c).Name, key)
	if fault.Is(err, fault.NotFound) {
		return d, false, nil
	}
	return d, err == nil, err
}

// reportOfDraft reads the form of a draft as it was typed.
func reportOfDraft(d incidents.Unfinished) report {
	v, _ := url.ParseQuery(d.Form) // we wrote it
	r := reportFrom(v)
	r.ID = string(d.Key)
	return r
}

// keptByButton answers "Keep as draft" of a page without scripts.
func (s *Server) keptByButton(c echo.Context, id string, v url.Values, back string) (done bool, err error) {
	if v.Get("add") != "draft" {
		return false, nil
	}
	if _, err := s.keepDraft(c, id, v); err != nil {
		return true, err
	}
	return true, c.Redirect(http.StatusSeeOther, back)
}

// dropDraft forgets the draft of a report that was filed. The report stands:
// a draft that cannot be forgotten is no failure of it.
func (s *Server) dropDraft(ctx context.Context, who access.Actor, key incidents.ID) {
	if err := s.Store.DropDraft(ctx, who.Name, key); err != nil {
		s.Logger.Error("drop the draft of a filed report", "incident", key, "error", err)
	}
}

// listDrafts shows the reports that one has not filed, and to those who lead a
// watch those of the others.
func (s *Server) listDrafts(c echo.Context) error {
	owner := actor(c).Name
	if actor(c).Role.May(access.Manage) {
		owner = ""
	}
	list, err := s.Store.Drafts(c.Request().Context(), owner)
	if err != nil {
		return err
	}
	p := view.DraftsPage{Frame: s.frame(c, "Not filed yet", "report")}
	for _, d := range list {
		row := s.draftRow(d)
		if d.Owner == actor(c).Name {
			p.Own = append(p.Own, row)
		} else {
			p.Others = append(p.Others, row)
		}
	}
	p.Manages = owner == ""
	return page(c, http.StatusOK, view.Drafts(p))
}

func (s *Server) draftRow(d incidents.Unfinished) view.DraftRow {
	r := reportOfDraft(d)
	row := view.DraftRow{Key: string(d.Key), Owner: d.Owner, Begun: d.BegunAt.Time(), Saved: d.SavedAt.Time(), Ago: since(s.Now(), d.SavedAt),
		Start: r.Start, Position: r.Position, Who: joined(" and ", partyText(r.Intercepting), partyText(r.Intercepted)), Words: firstWords(joined(" · ", r.Title, r.Narrative), 140),
		Href: "/incidents/new?id=" + string(d.Key)}
	if d.Base > 0 {
		row.Change, row.Href = true, "/incidents/"+string(d.Key)+"/edit"
	}
	return row
}

func partyText(p incidents.PartyReport) string {
	return joined(" ", p.Nations, aircraftText(p.Aircraft), p.Callsign)
}

// firstWords cuts a text after some letters.
func firstWords(text string, most int) string {
	letters := []rune(strings.Join(strings.Fields(text), " "))
	if len(letters) <= most {
		return string(letters)
	}
	return string(letters[:most]) + "…"
}

// discardDraft forgets a draft of one's own.
func (s *Server) discardDraft(c echo.Context) error {
	key, ok := incidents.ParseID(c.Param("key"))
	if !ok {
		return fault.New(fault.NotFound, "There is no such draft.")
	}
	if err := s.Store.DropDraft(c.Request().Context(), actor(c).Name, key); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, localPath(c.FormValue("back")))
}

// known gives names that reports have used; they are read again once a minute
// at most, since every form asks for them.
func (s *Server) known(ctx context.Context) (incidents.Known, error) {
	s.knownMu.Lock()
	defer s.knownMu.Unlock()
	if now := s.Now(); s.knownAt.IsZero() || now.Sub(s.knownAt) > time.Minute {
		k, err := s.Store.Known(ctx)
		if err != nil {
			return k, err
		}
		s.knownNames, s.knownAt = k, now
	}
	return s.knownNames, nil
}
