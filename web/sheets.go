package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// showSheets is the page of the call sheets.
func (s *Server) showSheets(c echo.Context) error {
	sheets, err := s.Desk.CallSheets(c.Request().Context())
	if err != nil {
		return err
	}
	p := view.SheetsPage{Frame: s.frame(c, "Call sheets", "contacts")}
	facts := hotline.SheetFacts{Caller: actor(c).Name, Line: "NATO–RU MIL", Incidents: []incidents.Incident{s.exampleIncident()}}
	for _, t := range sheets {
		card := view.SheetCard{Revision: t.Revision, CanChange: p.Frame.User.CanManage}
		card.CallSheet = view.CallSheet{Language: t.Language, Word: hotline.SheetLanguages.Word(t.Language), Draft: t.Draft(), Standing: sheetStanding(t), Parts: t.Render(facts)}
		for _, key := range t.Keys() {
			card.Phrases = append(card.Phrases, view.Phrase{Key: key, Text: t.Phrases[key]})
		}
		p.Sheets = append(p.Sheets, card)
	}
	return page(c, http.StatusOK, view.Sheets(p))
}

// exampleIncident fills a sheet where there is no incident to fill it.
func (s *Server) exampleIncident() incidents.Incident {
	one, metres := 1, 30.0
	return incidents.Incident{Number: "2026-0000", Derived: incidents.Place{Region: "baltic"}, Record: incidents.Record{
		Start: incidents.At(s.Now(), incidents.Exact, ""), Geometry: incidents.Geometry{Geometry: orb.Point{22.5, 58.9}}, Behaviours: []string{"near_collision"}, ClosestApproachM: &metres,
		Intercepting: incidents.Party{Nations: []string{"RU"}, Aircraft: []incidents.Aircraft{{Designator: "SU27", Name: "Su-27", Count: &one}}},
		Intercepted:  incidents.Party{Nations: []string{"US"}, Aircraft: []incidents.Aircraft{{Designator: "R135", Name: "RC-135", Count: &one}}}, Severity: "high_risk"}}
}

// editSheet draws the form of a sheet's words.
func (s *Server) editSheet(c echo.Context) error {
	sheets, err := s.Desk.CallSheets(c.Request().Context())
	if err != nil {
		return err
	}
	for _, t := range sheets {
		if t.Language == c.Param("lang") {
			return s.sheetForm(c, http.StatusOK, t, "", nil)
		}
	}
	return fault.New(fault.NotFound, "There is no call sheet in this language.")
}

func (s *Server) sheetForm(c echo.Context, status int, t hotline.Sheet, reason string, failed error) error {
	word := hotline.SheetLanguages.Word(t.Language)
	p := view.SheetEditPage{Frame: s.frame(c, "Change the "+word+" call sheet", "contacts"), Language: t.Language, Word: word, Base: t.Revision, Reason: reason}
	if fields := byField(failed); len(fields) > 0 {
		labels := map[string]string{"reason": "Why"}
		for _, f := range fields {
			if labels[f.Name] == "" {
				labels[f.Name] = f.Name
			}
		}
		p.Errors, p.ErrorTitle = view.FieldErrors(fields, labels), notDone("saved", len(fields))
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	shipped, _ := hotline.Shipped(t.Language)
	for _, key := range shipped.Keys() {
		in := view.Input{Name: key, Label: key, Value: t.Phrases[key], Err: view.ErrorFor(p.Errors, key), Width: "full", Rows: 2, Autocomplete: "off"}
		if hotline.IsSentence(key) {
			p.Sentences = append(p.Sentences, in)
		} else {
			in.Width = "w-l"
			p.Words = append(p.Words, in)
		}
	}
	return page(c, status, view.SheetEdit(p))
}

// postSheet saves other words as a draft.
func (s *Server) postSheet(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	language := c.Param("lang")
	phrases := phrasesFrom(v)
	base, _ := strconv.Atoi(v.Get("base")) // no number is no revision: a conflict
	_, err = s.Desk.SaveSheet(c.Request().Context(), actor(c), language, base, phrases, v.Get("reason"))
	if fault.Is(err, fault.Invalid) {
		return s.sheetForm(c, http.StatusUnprocessableEntity, hotline.Sheet{Language: language, Meta: hotline.Meta{Revision: base}, Phrases: phrases}, v.Get("reason"), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/sheets")
}

func phrasesFrom(v url.Values) map[string]string {
	phrases := map[string]string{}
	for name := range v {
		if name != "base" && name != "reason" {
			phrases[name] = v.Get(name)
		}
	}
	return phrases
}

// approveSheet says that the unit may read a sheet out.
func (s *Server) approveSheet(c echo.Context) error {
	base, err := strconv.Atoi(c.FormValue("base"))
	if err != nil {
		return fault.New(fault.Invalid, "The page does not say which words are approved; open the call sheets again.")
	}
	if _, err := s.Desk.ApproveSheet(c.Request().Context(), actor(c), c.Param("lang"), base); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/sheets")
}
