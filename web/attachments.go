package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// Limits of one upload.
const (
	uploadLimit = incidents.MaxAttachment + 64<<10 // the file, and the form around it
	drainLimit  = 64 << 20                         // how much more is read and dropped, so that the refusal can be shown
	uploadPiece = 30 * time.Second                 // within which the next piece must come
	uploadAll   = 10 * time.Minute                 // within which all of it must
)

// fileCSP is the policy of what others sent in: should a browser show it all
// the same, nothing in it runs or loads.
const fileCSP = "sandbox; default-src 'none'"

// isUpload tells the addresses that take more than a form.
func isUpload(c echo.Context) bool {
	path := c.Request().URL.Path
	return c.Request().Method == http.MethodPost && (strings.HasSuffix(path, "/attachments") || path == "/import")
}

func (s *Server) addAttachments(c echo.Context, n *view.Notes, id incidents.ID, at hotline.At) error {
	ctx := c.Request().Context()
	list, err := s.Store.Attachments(ctx, id, at.AsOf)
	if err != nil {
		return err
	}
	now := list
	if at.AsOf != 0 {
		if now, err = s.Store.Attachments(ctx, id, 0); err != nil {
			return err
		}
	}
	n.Files.FormID, n.Files.MaxBytes = string(incidents.NewID()), incidents.MaxAttachment
	n.Files.MaxSize, n.Files.Most = incidents.Size(incidents.MaxAttachment), incidents.MaxAttachments
	for i, a := range list {
		f := fileOf(n.Incident, a)
		f.No = i + 1
		f.MayOpen = incidents.MayOpen(actor(c), now[i]) // whatever was then
		f.MayStrike = !n.AsOf && a.Struck == nil && incidents.MayStrike(actor(c), a.Author)
		n.Files.List = append(n.Files.List, f)
		if a.Struck == nil {
			n.Files.Standing++
		}
	}
	return nil
}

func fileOf(incident string, a incidents.Attachment) view.File {
	href := incident + "/attachments/" + string(a.ID)
	f := view.File{ID: string(a.ID), Name: a.Name, Kind: a.TypeWord(), Size: incidents.Size(a.Size), SHA256: a.SHA256, Href: href,
		Author: a.Author, At: instantOf(a.At), Struck: strikeOf(a.Struck)}
	if a.Width > 0 {
		f.Pixels = strconv.Itoa(a.Width) + " × " + strconv.Itoa(a.Height) + " pixels"
	}
	if a.Preview.Type != "" {
		f.Preview, f.PreviewW, f.PreviewH = href+"/preview", a.Preview.Width, a.Preview.Height
	}
	return f
}

// postAttachment takes one file. It is read as it comes; nothing holds it whole.
func (s *Server) postAttachment(c echo.Context) error {
	inc, err := s.incidentOf(c)
	if err != nil {
		return err
	}
	body := patient(c)
	c.Request().Body = body
	form, err := c.Request().MultipartReader()
	if err != nil {
		return fault.Wrap(fault.Invalid, "The form cannot be read; send it again from its page.", err)
	}
	a, id, err := s.takeFile(c, form, inc.ID)
	body.drain()
	if fault.Is(err, fault.Invalid) && len(fault.Fields(err)) > 0 {
		return s.refusedNote(c, inc.ID, func(n *view.Notes) {
			if id != "" {
				n.Files.FormID = id
			}
			n.Title = "The file was not attached"
			n.Errors = []view.FieldError{{ID: "attachment-file", Field: "File", Msg: fault.Fields(err)[0].Msg}}
		})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, incidentPath(inc.ID)+"#attachment-"+string(a.ID))
}

// takeFile reads the form: the id first, as the page sends it, then the file.
func (s *Server) takeFile(c echo.Context, form *multipart.Reader, incident incidents.ID) (a incidents.Attachment, id string, err error) {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return a, id, brokenOff(err)
		}
		switch part.FormName() {
		case "id":
			b, err := io.ReadAll(io.LimitReader(part, 100))
			if err != nil {
				return a, id, brokenOff(err)
			}
			id = string(b)
		case "file":
			a, err = s.notes.Attach(c.Request().Context(), actor(c), incident, id, part.FileName(), upload{part})
			return a, id, err
		}
	}
	return a, id, &fault.Error{Kind: fault.Invalid, Msg: "The file was not attached.", Fields: []fault.Field{{Name: "file", Msg: "Choose a file; none came with the form."}}}
}

// brokenOff is the fault of a file that did not come to its end.
func brokenOff(err error) error {
	return fault.Wrap(fault.Invalid, "The upload broke off before its end. Nothing was attached; send it again.", err)
}

// upload says of an error that it is the sender's.
type upload struct{ io.Reader }

func (u upload) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = brokenOff(err)
	}
	return n, err
}

// patientBody is a body that may come slowly, but must keep coming. Each piece
// moves the deadlines of the request and of its answer.
type patientBody struct {
	io.ReadCloser
	control *http.ResponseController
	last    time.Time
	left    int64
}

func patient(c echo.Context) *patientBody {
	return &patientBody{c.Request().Body, http.NewResponseController(c.Response()), time.Now().Add(uploadAll), uploadLimit + drainLimit}
}

func (b *patientBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errors.New("more than an upload may hold")
	}
	until := time.Now().Add(uploadPiece)
	if until.After(b.last) {
		until = b.last
	}
	// A recorder in a test has no deadlines to set; a real connection has.
	_ = b.control.SetReadDeadline(until)
	_ = b.control.SetWriteDeadline(until.Add(writeDeadline))
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// drain reads what was not asked for: a browser that is still sending does not
// look at the answer.
func (b *patientBody) drain() { _, _ = io.Copy(io.Discard, b) }

// postStrikeAttachment strikes an attachment. A missing reason opens its form
// again.
func (s *Server) postStrikeAttachment(c echo.Context) error {
	incident, id, err := attachmentIDs(c)
	if err != nil {
		return err
	}
	reason := c.FormValue("reason")
	err = s.notes.StrikeAttachment(c.Request().Context(), actor(c), incident, id, reason)
	if fault.Is(err, fault.Invalid) && len(fault.Fields(err)) > 0 {
		msg := fault.Fields(err)[0].Msg
		return s.refusedNote(c, incident, func(n *view.Notes) {
			n.Title = "The attachment was not struck"
			n.Errors = []view.FieldError{{ID: "attachment-" + string(id) + "-reason", Field: "Reason", Msg: msg}}
			for i := range n.Files.List {
				if f := &n.Files.List[i]; f.ID == string(id) {
					f.Reason, f.Err = reason, msg
				}
			}
		})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, incidentPath(incident)+"#attachment-"+string(id))
}

// attachmentIDs reads both ids in the address.
func attachmentIDs(c echo.Context) (incidents.ID, incidents.AttachmentID, error) {
	incident, ok := incidents.ParseID(c.Param("id"))
	id, also := incidents.ParseID(c.Param("aid"))
	if !ok || !also {
		return "", "", fault.New(fault.NotFound, "There is no such attachment.")
	}
	return incident, incidents.AttachmentID(id), nil
}

// getAttachment gives the file as it was sent in, to be saved and never shown.
func (s *Server) getAttachment(c echo.Context) error {
	return s.sendPart(c, incidents.WholeFile, func(h http.Header, a incidents.Attachment) {
		h.Set(echo.HeaderContentType, a.Type)
		h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": a.FileName()}))
		h.Set(echo.HeaderContentLength, strconv.FormatInt(a.Size, 10))
	})
}

// getPreview gives the small picture that was drawn from the file.
func (s *Server) getPreview(c echo.Context) error {
	return s.sendPart(c, incidents.PreviewPart, func(h http.Header, a incidents.Attachment) {
		h.Set(echo.HeaderContentType, a.Preview.Type)
	})
}

// sendPart sends a part of an attachment. The headers are set when the content
// has been found whole, so that a refusal is an ordinary page.
func (s *Server) sendPart(c echo.Context, part incidents.Part, head func(http.Header, incidents.Attachment)) error {
	incident, id, err := attachmentIDs(c)
	if err != nil {
		return err
	}
	a, err := s.notes.Open(c.Request().Context(), actor(c), incident, id)
	if err != nil {
		return err
	}
	if part == incidents.PreviewPart && a.Preview.Type == "" {
		return fault.New(fault.NotFound, "A "+a.TypeWord()+" has no preview.")
	}
	h := c.Response().Header()
	w := &checked{stream: stream{response: c.Response(), control: http.NewResponseController(c.Response())}, head: func() {
		h.Set("Content-Security-Policy", fileCSP)
		h.Set(echo.HeaderXContentTypeOptions, "nosniff")
		head(h, a)
	}}
	err = s.notes.Copy(c.Request().Context(), actor(c), a, part, w)
	if err != nil && w.begun {
		s.Logger.Error("attachment cut", "request", requestID(c), "error", err)
		panic(http.ErrAbortHandler)
	}
	if errors.Is(err, incidents.ErrDamaged) {
		return s.damagedPage(c, a, err)
	}
	return err
}

// checked is a stream whose headers are set with its first piece.
type checked struct {
	stream
	head func()
}

func (w *checked) Write(p []byte) (int, error) {
	if !w.begun {
		w.head()
	}
	return w.stream.Write(p)
}

// damagedPage says that the content is not what was filed, and gives none of
// it.
func (s *Server) damagedPage(c echo.Context, a incidents.Attachment, err error) error {
	s.Logger.Error("attachment damaged", "request", requestID(c), "attachment", a.ID, "error", err)
	p := view.FaultPage{Status: http.StatusInternalServerError, RequestID: requestID(c), Frame: s.frame(c, "", ""),
		Detail: "The content of “" + a.Name + "” is not what " + a.Author + " filed at " + incidents.FormatDTG(a.At.Time()) + ": its SHA-256 does not fit any more, so it is not given out.\n" +
			"This has been noted in the audit log. Whoever keeps the server can bring the file back from a backup."}
	return page(c, http.StatusInternalServerError, view.Fault(p))
}

// wholeAttachments reads every one of the attachments against its hash.
func (s *Server) wholeAttachments(ctx context.Context, c echo.Context, list []incidents.Attachment) (damaged *incidents.Attachment, err error) {
	for _, a := range list {
		if err := s.notes.Copy(ctx, actor(c), a, incidents.WholeFile, io.Discard); err != nil {
			return &a, err
		}
	}
	return nil, nil
}
