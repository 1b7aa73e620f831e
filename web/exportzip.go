package web

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/format/geojson"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// manifest says in the ZIP of one incident what it holds, of when and for whom.
type manifest struct {
	Number     string         `json:"number"`
	ID         incidents.ID   `json:"id"`
	Revision   int            `json:"revision"`
	Title      string         `json:"title"`
	Marking    string         `json:"marking"`
	Exercise   bool           `json:"exercise"`
	AsOf       string         `json:"as_of"`
	ExportedAt string         `json:"exported_at"`
	ExportedBy string         `json:"exported_by"`
	Record     string         `json:"record"` // path of the record
	Files      []manifestFile `json:"attachments"`
	LeftOut    []manifestFile `json:"left_out"` // struck: listed, not enclosed
	Note       string         `json:"note"`
}

// manifestFile is one attachment. Path is empty for one that is left out.
type manifestFile struct {
	Path         string `json:"path,omitempty"`
	Name         string `json:"name"`
	Type         string `json:"type"`
	Size         int64  `json:"size"`
	SHA256       string `json:"sha256"`
	AttachedBy   string `json:"attached_by"`
	AttachedAt   string `json:"attached_at"`
	StruckBy     string `json:"struck_by,omitempty"`
	StruckReason string `json:"struck_reason,omitempty"`
}

// bundle is what the ZIP of one incident is made from.
type bundle struct {
	one       hotline.Case
	feature   []byte
	enclosed  []incidents.Attachment // in the order of the manifest
	manifest  manifest
	at        hotline.At
	exportAt  time.Time
	filesRead int // how many attachments went out, for the audit
}

// exportZip gives one incident whole: GET /incidents/{id}/export.zip. Comments
// are no part of it.
func (s *Server) exportZip(c echo.Context) error {
	id, err := s.incidentID(c, "/export.zip")
	if err != nil || id == "" {
		return err
	}
	asOf, err := asOfParam(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	b, err := s.bundleOf(c, id, asOf)
	if err != nil {
		return err
	}
	if bad, err := s.wholeAttachments(ctx, c, b.enclosed); errors.Is(err, incidents.ErrDamaged) {
		return s.damagedPage(c, *bad, err)
	} else if err != nil {
		return err
	}
	return s.sendBundle(c, b)
}

// bundleOf reads the record and lists its attachments. One that has been struck
// is left out: at the moment that is read, or since, for those who may not
// read it any more.
func (s *Server) bundleOf(c echo.Context, id incidents.ID, asOf incidents.Millis) (*bundle, error) {
	ctx := c.Request().Context()
	b := &bundle{at: hotline.At{AsOf: asOf, Now: incidents.MillisOf(s.Now())}, exportAt: s.Now().UTC()}
	if asOf != 0 {
		b.at.Now = asOf
	}
	var err error
	if b.one, err = s.Store.Case(ctx, id, b.at); err != nil {
		return nil, err
	}
	if b.feature, err = geojson.AppendFeature(nil, &b.one, geojson.Options{Full: true}); err != nil {
		return nil, fmt.Errorf("export one incident: %w", err)
	}
	list, err := s.Store.Attachments(ctx, id, asOf)
	if err != nil {
		return nil, err
	}
	now, err := s.Store.Attachments(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	inc := b.one.Incident
	b.manifest = manifest{Number: inc.Number, ID: inc.ID, Revision: inc.Revision, Title: inc.Record.Title, Marking: inc.Record.Marking, Exercise: inc.Record.Exercise,
		AsOf: incidents.FormatInstant(b.at.Now), ExportedAt: incidents.FormatInstant(incidents.MillisOf(b.exportAt)), ExportedBy: actor(c).Name, Record: "incident.geojson",
		Files: []manifestFile{}, LeftOut: []manifestFile{},
		Note: "SHA256SUMS holds the hash of every file: sha256sum -c SHA256SUMS. Comments are no part of the record and not enclosed."}
	for i, a := range list {
		f := manifestFile{Name: a.Name, Type: a.Type, Size: a.Size, SHA256: a.SHA256, AttachedBy: a.Author, AttachedAt: incidents.FormatInstant(a.At)}
		struck := a.Struck
		if struck == nil && !incidents.MayOpen(actor(c), now[i]) {
			struck = now[i].Struck
		}
		if struck != nil {
			f.StruckBy, f.StruckReason = struck.By, struck.Reason
			b.manifest.LeftOut = append(b.manifest.LeftOut, f)
			continue
		}
		f.Path = "attachments/" + strconv.Itoa(i+1) + "-" + portable(a.FileName())
		b.manifest.Files = append(b.manifest.Files, f)
		b.enclosed = append(b.enclosed, a)
	}
	return b, nil
}

// portable replaces what some systems do not allow in the name of a file.
func portable(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, name)
}

// sendBundle streams the ZIP. Nothing of it is held whole; an error after the
// first byte cuts the connection.
func (s *Server) sendBundle(c echo.Context, b *bundle) (err error) {
	ctx := c.Request().Context()
	inc := b.one.Incident
	note := map[string]any{"format": "zip", "profile": "full", "revision": inc.Revision, "as_of": b.manifest.AsOf, "attachments": len(b.enclosed)}
	subject := "incident/" + string(inc.ID)
	if err := s.Store.Audit(ctx, actor(c), "export.start", subject, note); err != nil {
		return err
	}
	name := inc.Number
	if name == "" {
		name = string(inc.ID)
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "application/zip")
	h.Set(echo.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="interceptlog-%s-r%d.zip"`, name, inc.Revision))
	w := &stream{response: c.Response(), control: http.NewResponseController(c.Response())}
	werr := s.writeBundle(ctx, c, b, w)
	note["count"], note["complete"] = b.filesRead, werr == nil
	// The end is noted even when the client has gone away.
	err = errors.Join(werr, s.Store.Audit(context.WithoutCancel(ctx), actor(c), "export.end", subject, note))
	if err == nil {
		return nil
	}
	if !w.begun {
		h.Del(echo.HeaderContentDisposition)
		return err
	}
	s.Logger.Error("export cut", "request", requestID(c), "error", err)
	panic(http.ErrAbortHandler)
}

// writeBundle writes the files one after the other, and their hashes last.
func (s *Server) writeBundle(ctx context.Context, c echo.Context, b *bundle, to io.Writer) error {
	buf := bufio.NewWriterSize(to, 64<<10)
	z := zip.NewWriter(buf)
	var sums strings.Builder
	put := func(path string, method uint16, write func(io.Writer) error) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: path, Method: method, Modified: b.exportAt})
		if err != nil {
			return err
		}
		sum := sha256.New()
		if err := write(io.MultiWriter(w, sum)); err != nil {
			return fmt.Errorf("export %s: %w", path, err)
		}
		fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(sum.Sum(nil)), path)
		return nil
	}
	text := func(b []byte) func(io.Writer) error {
		return func(w io.Writer) error { _, err := w.Write(append(b, '\n')); return err }
	}
	said, err := json.MarshalIndent(b.manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := put("manifest.json", zip.Deflate, text(said)); err != nil {
		return err
	}
	if err := put("incident.geojson", zip.Deflate, text(b.feature)); err != nil {
		return err
	}
	for i, a := range b.enclosed {
		// Pictures and documents are packed already.
		err := put(b.manifest.Files[i].Path, zip.Store, func(w io.Writer) error { return s.notes.Copy(ctx, actor(c), a, incidents.WholeFile, w) })
		if err != nil {
			return err
		}
		b.filesRead++
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: "SHA256SUMS", Method: zip.Deflate, Modified: b.exportAt})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, sums.String()); err != nil {
		return err
	}
	return errors.Join(z.Close(), buf.Flush())
}
