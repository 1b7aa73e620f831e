package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// mostAnswers bounds the contacts that are offered as an answer.
const mostAnswers = 30

// addExpected puts what is awaited since a contact on its page.
func (s *Server) addExpected(ctx context.Context, p *view.ContactPage, k hotline.Contact, asOf incidents.Millis, said remark) error {
	list, err := s.Store.Expectations(ctx, hotline.ExpectationFilter{ContactID: k.ID, AsOf: asOf})
	if err != nil {
		return err
	}
	open := false
	for _, e := range list {
		p.Expected = append(p.Expected, view.ExpectedOf(e))
		open = open || e.State == "open"
	}
	p.CanExpect = p.CanChange && hotline.GotThrough(k.Outcome)
	p.Expect = view.ExpectForm{ID: string(incidents.NewID())}
	if said.form == "expect" {
		p.Expect = view.ExpectForm{ID: said.incident, What: said.relation, By: said.reason}
	} else if said.form != "" {
		p.Expect.On, p.Expect.Answer, p.Expect.Reason = said.form, said.relation, said.reason
	}
	if !open || !p.CanChange {
		return nil
	}
	p.Expect.Answers = []view.Option{{Value: "", Label: "choose it"}}
	exercise := ""
	if k.Exercise {
		exercise = "only"
	}
	found, err := s.Store.Contacts(ctx, hotline.ContactFilter{Outcomes: []string{"connected", "delivered", "replied"}, Exercise: exercise, Limit: mostAnswers})
	for _, a := range found.Contacts {
		if a.Start.From >= k.Start.From && !a.Retracted {
			p.Expect.Answers = append(p.Expect.Answers, view.Option{Value: string(a.ID), Label: joined(", ", a.Start.String(), hotline.Outcomes.Word(a.Outcome), firstWords(contactSummary(a.Contact), 60))})
		}
	}
	return err
}

// postExpect opens an expectation on the page of a contact.
func (s *Server) postExpect(c echo.Context) error {
	k, err := s.contactOf(c, 0)
	if err != nil {
		return err
	}
	said := remark{form: "expect", incident: c.FormValue("id"), relation: c.FormValue("expect_what"), reason: c.FormValue("expect_by")}
	_, err = s.Desk.OpenExpectation(c.Request().Context(), actor(c), k.ID, said.incident, said.relation, said.reason)
	return s.expected(c, k.ID, said, err)
}

// postSettle answers an expectation, or drops it.
func (s *Server) postSettle(c echo.Context) error {
	ctx := c.Request().Context()
	id, ok := incidents.ParseID(c.Param("id"))
	if !ok {
		return fault.New(fault.NotFound, "There is no such expectation.")
	}
	e, err := s.Store.Expectation(ctx, hotline.ExpectationID(id), 0)
	if err != nil {
		return err
	}
	base, _ := strconv.Atoi(c.FormValue("base")) // no number is no revision: a conflict
	said := remark{form: string(e.ID), relation: c.FormValue("answer"), reason: c.FormValue("reason")}
	if c.FormValue("do") == "drop" {
		_, err = s.Desk.DropExpectation(ctx, actor(c), e.ID, base, said.reason)
	} else {
		_, err = s.Desk.AnswerExpectation(ctx, actor(c), e.ID, base, said.relation, said.reason)
	}
	return s.expected(c, e.ContactID, said, err)
}

// expected goes back to the contact, or draws its page around what is wrong.
func (s *Server) expected(c echo.Context, id hotline.ContactID, said remark, err error) error {
	if fault.Is(err, fault.Invalid) && len(byField(err)) > 0 {
		said.err = err
		c.SetParamNames("id")
		c.SetParamValues(string(id))
		return s.contactCard(c, http.StatusUnprocessableEntity, 0, said)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, contactPath(id)+"#expected")
}
