package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/format/pack"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// exportPack gives the pack for a yearly consultation:
// GET /export/pack.zip?from=2025-01-01&to=2025-12-31. The last day belongs to it.
func (s *Server) exportPack(c echo.Context) error {
	var p fault.Problems
	from, err := incidents.ReadBound(c.QueryParam("from"))
	if err != nil || c.QueryParam("from") == "" {
		p.Add("from", "Give the first day of the period, such as 2025-01-01.")
	}
	to, err := incidents.ReadBound(c.QueryParam("to"))
	if err != nil || c.QueryParam("to") == "" {
		p.Add("to", "Give the last day of the period, such as 2025-12-31.")
	}
	asOf, err := asOfOf(c.QueryParam("as_of"))
	if err != nil {
		p.Add("as_of", err.Error())
	}
	if from.From >= to.To && !p.Has("from") && !p.Has("to") {
		p.Add("to", "lies before “from”.")
	}
	if err := p.Err("The pack cannot be made.", "from", "to", "as_of"); err != nil {
		return err
	}
	at := hotline.At{AsOf: asOf, Now: incidents.MillisOf(s.Now())}
	if asOf != 0 {
		at.Now = asOf
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "application/zip")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="interceptlog-pack-`+from.From.Time().Format("20060102")+"-"+to.From.Time().Format("20060102")+`.zip"`)
	w := &stream{response: c.Response(), control: http.NewResponseController(c.Response())}
	if _, err := pack.Write(c.Request().Context(), s.Store, actor(c), pack.Period{From: from.From, To: to.To}, at, w); err != nil {
		if !w.begun {
			h.Del(echo.HeaderContentDisposition)
			return err
		}
		s.Logger.Error("export cut", "request", requestID(c), "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// asOfOf reads a moment of the log's own life; empty is now.
func asOfOf(text string) (incidents.Millis, error) {
	if text == "" {
		return 0, nil
	}
	t, err := incidents.ReadInstant(text)
	return incidents.MillisOf(t), err
}
