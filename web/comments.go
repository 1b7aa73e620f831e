package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// addNotes puts what stands below the record on the page of an incident: as it
// was at the moment that is read.
func (s *Server) addNotes(c echo.Context, p *view.IncidentPage, id incidents.ID, at hotline.At) error {
	p.Notes = view.Notes{Incident: incidentPath(id), AsOf: at.AsOf != 0, CanWrite: actor(c).Role.May(access.Write)}
	p.Notes.Files.Closed = p.Retracted != nil
	if err := s.addAttachments(c, &p.Notes, id, at); err != nil {
		return err
	}
	return s.addComments(c, &p.Notes, id, at)
}

func (s *Server) addComments(c echo.Context, n *view.Notes, id incidents.ID, at hotline.At) error {
	list, err := s.Store.Comments(c.Request().Context(), id, at.AsOf)
	if err != nil {
		return err
	}
	n.Comments.FormID, n.Comments.Max = string(incidents.NewID()), incidents.MaxComment
	for _, k := range list {
		n.Comments.List = append(n.Comments.List, view.Comment{
			ID: string(k.ID), Href: n.Incident + "/comments/" + string(k.ID) + "/strike",
			Author: k.Author, Text: k.Text, At: instantOf(k.At), Struck: strikeOf(k.Struck),
			MayStrike: !n.AsOf && k.Struck == nil && incidents.MayStrike(actor(c), k.Author),
		})
	}
	return nil
}

func strikeOf(s *incidents.Strike) *view.Strike {
	if s == nil {
		return nil
	}
	return &view.Strike{By: s.By, Reason: s.Reason, At: instantOf(s.At)}
}

// postComment adds a comment. A text that is refused comes back in its field.
func (s *Server) postComment(c echo.Context) error {
	inc, err := s.incidentOf(c)
	if err != nil {
		return err
	}
	v, err := formValues(c)
	if err != nil {
		return err
	}
	k, err := s.notes.Comment(c.Request().Context(), actor(c), inc.ID, v.Get("id"), v.Get("text"))
	if fault.Is(err, fault.Invalid) && len(fault.Fields(err)) > 0 {
		return s.refusedNote(c, inc.ID, func(n *view.Notes) {
			n.Comments.Text, n.Comments.FormID, n.Title = v.Get("text"), v.Get("id"), "The comment was not added"
			n.Errors = []view.FieldError{{ID: "comment-text", Field: "Comment", Msg: fault.Fields(err)[0].Msg}}
		})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, incidentPath(inc.ID)+"#comment-"+string(k.ID))
}

// postStrikeComment strikes a comment. A missing reason opens its form again.
func (s *Server) postStrikeComment(c echo.Context) error {
	inc, err := s.incidentOf(c)
	if err != nil {
		return err
	}
	id, ok := incidents.ParseID(c.Param("cid"))
	if !ok {
		return fault.New(fault.NotFound, "There is no such comment.")
	}
	reason := c.FormValue("reason")
	err = s.notes.StrikeComment(c.Request().Context(), actor(c), inc.ID, incidents.CommentID(id), reason)
	if fault.Is(err, fault.Invalid) && len(fault.Fields(err)) > 0 {
		msg := fault.Fields(err)[0].Msg
		return s.refusedNote(c, inc.ID, func(n *view.Notes) {
			n.Title = "The comment was not struck"
			n.Errors = []view.FieldError{{ID: "comment-" + string(id) + "-reason", Field: "Reason", Msg: msg}}
			for i := range n.Comments.List {
				if k := &n.Comments.List[i]; k.ID == string(id) {
					k.Reason, k.Err = reason, msg
				}
			}
		})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, incidentPath(inc.ID)+"#comment-"+string(id))
}

// refusedNote shows the page of the incident again with what was refused.
func (s *Server) refusedNote(c echo.Context, id incidents.ID, fill func(*view.Notes)) error {
	p, err := s.incidentPage(c, id)
	if err != nil {
		return err
	}
	fill(&p.Notes)
	p.Frame.Title = "Error: " + p.Frame.Title
	return page(c, http.StatusUnprocessableEntity, view.Incident(p))
}
