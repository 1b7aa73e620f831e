package web

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
	"interceptlog/web/view"
)

const (
	handoversBeside = 8   // past ones under the open one
	handoversListed = 200 // on their own page
)

// handoverForm is what was typed on the sheet, and what was wrong with it.
type handoverForm struct {
	sheet    watch.Sheet
	name     string // of who signs
	err      error
	conflict string // somebody else was faster
	typed    bool   // the sheet holds what was typed
}

// showHandover is the sheet by which the watch goes to the next officer:
// GET /handover
func (s *Server) showHandover(c echo.Context) error {
	return s.handoverPage(c, http.StatusOK, handoverForm{})
}

// sheetFrom reads the form of the sheet; the items that it showed say which
// fields there are.
func sheetFrom(v url.Values) watch.Sheet {
	sh := watch.Sheet{ID: v.Get("id"), Watch: v.Get("watch"), Seen: v["item"], Notes: map[string]string{}, Cocked: map[string]bool{}, Answers: map[string]string{}, Remarks: map[string]string{}}
	sh.Base, _ = strconv.Atoi(v.Get("base")) // no number is no revision
	for _, key := range sh.Seen {
		sh.Notes[key], sh.Cocked[key] = v.Get(watch.Field("note", key)), v.Get(watch.Field("cocked", key)) != ""
		sh.Answers[key], sh.Remarks[key] = v.Get(watch.Field("answer", key)), v.Get(watch.Field("remark", key))
	}
	return sh
}

// postHandover saves the sheet, or signs it as the leaving officer.
func (s *Server) postHandover(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	f := handoverForm{sheet: sheetFrom(v), name: strings.TrimSpace(v.Get("name")), typed: true}
	if v.Get("do") != "sign" {
		_, f.err = s.Watch.Save(ctx, actor(c), f.sheet)
	} else {
		f.err = s.signed(c, v, func(who access.Actor) error {
			_, err := s.Watch.Offer(ctx, who, f.sheet)
			return err
		})
	}
	return s.afterSheet(c, f, "/handover")
}

// postHandoverSign answers the items and signs as the arriving officer.
func (s *Server) postHandoverSign(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	f := handoverForm{sheet: sheetFrom(v), name: strings.TrimSpace(v.Get("name")), typed: true}
	f.err = s.signed(c, v, func(who access.Actor) error {
		_, err := s.Watch.Sign(c.Request().Context(), who, f.sheet)
		return err
	})
	return s.afterSheet(c, f, handoverPath(watch.HandoverID(f.sheet.ID)))
}

// postHandoverBack takes the first signature back.
func (s *Server) postHandoverBack(c echo.Context) error {
	if _, err := s.Watch.TakeBack(c.Request().Context(), actor(c), c.FormValue("id")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/handover")
}

// postHandoverDrop throws a draft away.
func (s *Server) postHandoverDrop(c echo.Context) error {
	if err := s.Watch.Drop(c.Request().Context(), actor(c), c.FormValue("id")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/handover")
}

// tooManyTries says how long a signer must wait.
type tooManyTries struct{ error }

// signed checks the name and the password of a signer, who need not be the one
// at the desk, and does what is signed in that person's name. What else is wrong
// with the sheet is said together with a wrong password only when that fits, so
// that nothing is told to who cannot sign.
func (s *Server) signed(c echo.Context, v url.Values, do func(access.Actor) error) error {
	name, password := strings.TrimSpace(v.Get("name")), v.Get("password")
	invalid := func(field, msg string) error {
		return &fault.Error{Kind: fault.Invalid, Msg: "The handover was not signed.", Fields: []fault.Field{{Name: field, Msg: msg}}}
	}
	switch {
	case name == "":
		return invalid("name", "Type the name by which you sign in, such as “hansen”.")
	case password == "":
		return invalid("password", "Type your own password: it is your signature.")
	}
	byAccount := "account:" + name
	user, fits, wait, err := s.checkPassword(c.Request().Context(), name, password, byAccount, "address:"+address(c.Request()))
	switch {
	case err != nil:
		return err
	case wait > 0:
		secs := int(math.Ceil(wait.Seconds()))
		c.Response().Header().Set("Retry-After", strconv.Itoa(secs))
		return tooManyTries{invalid("password", fmt.Sprintf("Too many wrong tries. Wait %d s, then try again.", secs))}
	case !fits:
		return invalid("password", "The name and the password do not fit together. Check both; capital letters count.")
	}
	s.throttle.Forget(byAccount)
	if !user.Role.May(access.Write) {
		return invalid("name", fmt.Sprintf("%s is %s and may not have the watch: it needs the right “write”.", user.Name, user.Role))
	}
	return do(user.Actor())
}

// afterSheet goes on after the sheet was saved or signed, or shows it again with
// what was typed.
func (s *Server) afterSheet(c echo.Context, f handoverForm, next string) error {
	switch tries, tooMany := f.err.(tooManyTries); {
	case f.err == nil:
		return c.Redirect(http.StatusSeeOther, next)
	case tooMany:
		f.err = tries.error
		return s.handoverPage(c, http.StatusTooManyRequests, f)
	case fault.Is(f.err, fault.Invalid) && len(fault.Fields(f.err)) > 0:
		return s.handoverPage(c, http.StatusUnprocessableEntity, f)
	case fault.Is(f.err, fault.Conflict):
		f.conflict, f.err = f.err.Error(), nil
		return s.handoverPage(c, http.StatusConflict, f)
	}
	return f.err
}

// handoverPage draws the sheet that is open, around what was typed.
func (s *Server) handoverPage(c echo.Context, status int, f handoverForm) error {
	ctx := c.Request().Context()
	h, err := s.Watch.Draw(ctx)
	if err != nil {
		return err
	}
	who := actor(c)
	p := view.HandoverPage{Frame: s.frame(c, "Handover", "journal"), Sheet: s.sheetOf(h), Open: h.State == watch.Offered, Name: f.name, Conflict: f.conflict,
		CanWrite: who.Role.May(access.Write), CanTakeBack: h.State == watch.Offered && incidents.MayStrike(who, h.Leaving)}
	if h.ID == "" {
		h.ID, p.New = watch.HandoverID(incidents.NewID()), true
		if id, ok := incidents.ParseID(f.sheet.ID); ok && f.conflict == "" {
			h.ID = watch.HandoverID(id) // the one that was typed on
		}
	}
	p.Sheet.ID, p.Sheet.Base = string(h.ID), h.Revision
	if f.typed {
		typedOver(&p.Sheet, f.sheet)
	}
	if f.err != nil {
		p.Errors = s.sheetErrors(h, f.err)
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	if p.Name == "" && p.CanWrite && h.State == watch.Draft {
		p.Name = who.Name
	}
	p.Changes = "/changes?from=" + url.QueryEscape(incidents.FormatInstant(h.From))
	if h.State == watch.Offered {
		p.Since = "/changes?from=" + url.QueryEscape(incidents.FormatInstant(h.OfferedAt))
	}
	s.markSheet(&p.Frame, h)
	past, err := s.Store.Handovers(ctx, 0, handoversBeside)
	if err != nil {
		return err
	}
	p.Past = pastRows(past)
	p.Frame.Keys = []view.Key{{Key: "G W", Label: "journal"}, {Key: "Tab", Label: "next field"}}
	return page(c, status, view.Handover(p))
}

// typedOver puts what was typed into the fields again.
func typedOver(sh *view.Sheet, typed watch.Sheet) {
	sh.Watch = typed.Watch
	for i := range sh.Items {
		it := &sh.Items[i]
		if _, shown := typed.Notes[it.Key]; shown {
			it.Note, it.Cocked, it.Answer, it.Remark = typed.Notes[it.Key], typed.Cocked[it.Key], typed.Answers[it.Key], typed.Remarks[it.Key]
		}
	}
}

// sheetErrors puts the messages to their fields, which carry the key of an item.
func (s *Server) sheetErrors(h watch.Handover, err error) []view.FieldError {
	labels := map[string]string{"name": "Name", "password": "Password", "watch": "What to watch"}
	for _, it := range h.Items {
		for _, field := range []string{"note", "answer", "remark"} {
			labels[watch.Field(field, it.Key)] = it.Name
		}
	}
	return view.FieldErrors(byField(err), labels)
}

// markSheet sets the banners from what the sheet tells of.
func (s *Server) markSheet(f *view.Frame, h watch.Handover) {
	var marks []string
	for _, it := range h.Items {
		marks = append(marks, it.Marking)
		if it.Exercise {
			f.Exercise, f.ExerciseNote = true, "exercise among it"
		}
	}
	f.Marking = s.marking(marks)
}

// sheetOf is a handover as its page shows it.
func (s *Server) sheetOf(h watch.Handover) view.Sheet {
	sh := view.Sheet{ID: string(h.ID), Base: h.Revision, State: string(h.State), Leaving: h.Leaving, Arriving: h.Arriving, Shift: h.Shift, Next: h.Next,
		From: instantOf(h.From), Until: instantOf(h.Until), Made: instantOf(h.MadeAt), Watch: h.Watch, Entries: h.Entries, Offered: instantOf(h.OfferedAt), Signed: instantOf(h.SignedAt), SHA256: h.SHA256}
	for _, it := range h.Items {
		row := view.SheetItem{Key: it.Key, Kind: it.Kind, KindWord: watch.ItemKinds.Word(it.Kind), Name: it.Name, Title: it.Title, Severity: it.Severity, Standing: it.Standing, Best: it.Best, Due: instantOf(it.Due),
			Exercise: it.Exercise, Cocked: it.Cocked, Note: it.Note, Answer: it.Answer, Remark: it.Remark, Href: itemPath(it)}
		if it.DueTo != 0 {
			row.Due.Note = "to " + incidents.FormatDTG(it.DueTo.Time())
		}
		sh.Items = append(sh.Items, row)
	}
	for _, t := range h.Tests {
		sh.Tests = append(sh.Tests, view.SheetTest{Line: t.Line, At: instantOf(t.At)})
	}
	for _, l := range h.Journal {
		sh.Journal = append(sh.Journal, view.SheetLine(l))
	}
	return sh
}

// itemPath is the page of what an item is about.
func itemPath(it watch.Item) string {
	_, id, _ := strings.Cut(it.Key, "/")
	id, _, _ = strings.Cut(id, "/")
	switch it.Kind {
	case "incident":
		return incidentPath(incidents.ID(id))
	case "retry", "expectation":
		return "/contacts/" + id
	case "line", "test":
		return "/lines/" + id
	}
	return ""
}

func pastRows(list []watch.Handover) []view.HandoverRow {
	rows := make([]view.HandoverRow, len(list))
	for i, h := range list {
		rows[i] = view.HandoverRow{Href: handoverPath(h.ID), Signed: instantOf(h.SignedAt), Leaving: h.Leaving, Arriving: h.Arriving, Shift: h.Shift, Next: h.Next, Items: len(h.Items)}
		for _, it := range h.Items {
			if it.Answer == "questioned" {
				rows[i].Questions++
			}
		}
	}
	return rows
}

// listHandovers is every handover that both signed, newest first.
func (s *Server) listHandovers(c echo.Context) error {
	p := view.HandoversPage{Frame: s.frame(c, "Handovers", "journal")}
	list, err := s.Store.Handovers(c.Request().Context(), 0, handoversListed)
	if err != nil {
		return err
	}
	p.Rows = pastRows(list)
	return page(c, http.StatusOK, view.Handovers(p))
}

// pastHandover finds the handover of the address.
func (s *Server) pastHandover(c echo.Context) (watch.Handover, error) {
	id, ok := incidents.ParseID(c.Param("id"))
	if !ok {
		return watch.Handover{}, fault.New(fault.NotFound, "There is no such handover.")
	}
	asOf, err := asOfParam(c)
	if err != nil {
		return watch.Handover{}, err
	}
	return s.Store.Handover(c.Request().Context(), watch.HandoverID(id), asOf)
}

// showPastHandover is a handover as it is stored: GET /handovers/{id}
func (s *Server) showPastHandover(c echo.Context) error {
	h, err := s.pastHandover(c)
	if err != nil {
		return err
	}
	p := view.PastHandoverPage{Frame: s.frame(c, "Handover", "journal"), Sheet: s.sheetOf(h), JSON: handoverPath(h.ID) + "/json"}
	content, err := watch.Canonical(h)
	if err != nil {
		return err
	}
	p.Whole = watch.Hash(content) == h.SHA256
	s.markSheet(&p.Frame, h)
	return page(c, http.StatusOK, view.PastHandover(p))
}

// exportHandover is the stored content whose hash stands on the sheet and in the
// audit chain, byte by byte: GET /handovers/{id}/json
func (s *Server) exportHandover(c echo.Context) error {
	h, err := s.pastHandover(c)
	if err != nil {
		return err
	}
	content, err := watch.Canonical(h)
	if err != nil {
		return err
	}
	if err := s.Store.Audit(c.Request().Context(), actor(c), "export.one", "handover/"+string(h.ID), map[string]any{"format": "json", "sha256": h.SHA256}); err != nil {
		return err
	}
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, content)
}
