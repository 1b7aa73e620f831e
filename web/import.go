package web

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/imports"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

const (
	importLimit = 64 << 20               // bytes of a file
	importRows  = 5                      // that are shown of it
	importShown = 200                    // problems on the page; the table has all
	importWait  = 700 * time.Millisecond // for work that is soon done
)

// showImport is the form that a file is sent by.
func (s *Server) showImport(c echo.Context) error {
	return s.importPage(c, http.StatusOK, view.ImportPage{Collection: "incidents"})
}

func (s *Server) importPage(c echo.Context, status int, p view.ImportPage) error {
	p.Frame = s.frame(c, "Import", "admin")
	if len(p.Errors) > 0 {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	return page(c, status, view.Import(p))
}

// postImport takes a file. It goes to a temporary file as it comes; nothing holds
// it whole.
func (s *Server) postImport(c echo.Context) error {
	body := patient(c)
	body.left = importLimit + 1<<20
	c.Request().Body = body
	p := view.ImportPage{Collection: "incidents", ErrorTitle: "The file was not taken"}
	one, refused, err := s.takeImport(c, &p)
	if err == nil && refused == "" {
		if one.preview, err = imports.Look(one.file, importRows); err != nil {
			if refused = wrongFile(err); refused != "" {
				err = nil
			}
		}
	}
	if err == nil && refused == "" {
		if err = s.loads.put(one, time.Now()); err == nil {
			return c.Redirect(http.StatusSeeOther, "/import/"+one.id)
		}
	}
	if one != nil && one.file.Path != "" {
		_ = os.Remove(one.file.Path) // ours, and of no more use
	}
	body.drain()
	if err != nil {
		return err
	}
	p.Errors = []view.FieldError{{ID: "file", Field: "File", Msg: refused}}
	return s.importPage(c, http.StatusUnprocessableEntity, p)
}

// takeImport reads the form: what the file is first, as the page sends it.
func (s *Server) takeImport(c echo.Context, p *view.ImportPage) (one *load, refused string, err error) {
	form, err := c.Request().MultipartReader()
	if err != nil {
		return nil, "", fault.Wrap(fault.Invalid, "The form cannot be read; send it again from its page.", err)
	}
	one = &load{id: string(incidents.NewID()), by: actor(c).Name}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return one, "Choose a file; none came with the form.", nil
		}
		if err != nil {
			return one, "", brokenOff(err)
		}
		switch name := part.FormName(); name {
		case "collection", "layer":
			b, err := io.ReadAll(io.LimitReader(part, 200))
			if err != nil {
				return one, "", brokenOff(err)
			}
			if name == "layer" {
				p.Layer = strings.TrimSpace(string(b))
			} else if p.Collection = string(b); p.Collection != "contacts" {
				p.Collection = "incidents"
			}
		case "file":
			if part.FileName() == "" {
				return one, "Choose a file; none came with the form.", nil
			}
			one.file = imports.File{Name: filepath.Base(part.FileName()), Layer: p.Layer, Collection: p.Collection, Format: imports.FormatOf(part.FileName())}
			if one.file.Format == "" {
				return one, "“" + clipped(one.file.Name) + "” is of no kind that is read; accepted: .geojson, .json, .geojsons, .geojsonl, .csv, .gpkg, .shp.zip.", nil
			}
			return s.saveImport(one, part)
		}
	}
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

func (s *Server) saveImport(one *load, in io.Reader) (*load, string, error) {
	f, err := os.CreateTemp("", "interceptlog-import-*")
	if err != nil {
		return one, "", fmt.Errorf("keep a file to import: %w", err)
	}
	one.file.Path = f.Name()
	n, err := io.Copy(f, io.LimitReader(upload{in}, importLimit+1))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil && n > importLimit {
		return one, "The file is larger than 64 MB, the most that this page takes; the command “server import” has no such limit.", nil
	}
	return one, "", err
}

// showLoad shows how far a file is, and what can be done with it.
func (s *Server) showLoad(c echo.Context) error {
	one, err := s.loads.find(c.Param("id"), actor(c).Name)
	if err != nil {
		return err
	}
	one.wait(importWait)
	p := s.loadPage(one)
	p.Frame = s.frame(c, "Import of "+clipped(p.Name), "admin")
	if p.Working {
		// The page asks again by itself, with scripts and without.
		c.Response().Header().Set("Refresh", "1")
	}
	return page(c, http.StatusOK, view.ImportJob(p))
}

func (s *Server) loadPage(one *load) view.ImportJobPage {
	words, percent := one.progress()
	one.mu.Lock()
	defer one.mu.Unlock()
	p := view.ImportJobPage{ID: one.id, Name: one.file.Name, Collection: one.file.Collection, Working: one.step == loadWorking, Writing: one.writing,
		Checked: one.step == loadChecked, Done: one.step == loadDone, Progress: words, Percent: percent}
	if one.failed != nil {
		p.Failed = cmp.Or(wrongFile(one.failed), "The work broke off. What was written stands; import the file again to finish it.")
	}
	r := &one.report
	p.Counts, p.Bad, p.Good = r.Counts(), r.Failed(), max(r.Incidents.Created, r.Contacts.Created)
	p.CanImport = p.Checked && one.failed == nil && p.Good > 0
	problems := slices.Concat(r.Problems, r.Conflicts, r.Warnings)
	kinds := []string{"refused", "in conflict", "worth a look"}
	for i, w := range problems[:min(len(problems), importShown)] {
		k := 0
		if i >= len(r.Problems) {
			k = 1
		}
		if i >= len(r.Problems)+len(r.Conflicts) {
			k = 2
		}
		row := view.ImportProblem{Kind: kinds[k], Column: w.Field, Value: w.Value, Msg: w.Msg}
		if w.Line > 0 {
			row.Row = fmt.Sprint(w.Line)
		}
		p.Problems = append(p.Problems, row)
	}
	p.More = len(problems) - len(p.Problems) + r.Untold
	choices := []view.Option{{Value: "", Label: "(left out)"}}
	for _, name := range one.file.Choices() {
		choices = append(choices, view.Option{Value: name, Label: name})
	}
	for i, name := range one.preview.Columns {
		col := view.ImportColumn{Name: name, Field: fmt.Sprintf("column-%d", i), Value: one.preview.Guesses[name], Options: choices}
		if as, ok := one.file.Columns[name]; ok {
			col.Value = as
		}
		for _, cells := range one.preview.Rows {
			col.Cells = append(col.Cells, clipped(cells[i]))
		}
		p.Columns = append(p.Columns, col)
	}
	return p
}

// postLoad does the next thing with a file: checks it, imports it, drops it.
func (s *Server) postLoad(c echo.Context) error {
	one, err := s.loads.find(c.Param("id"), actor(c).Name)
	if err != nil {
		return err
	}
	v, err := formValues(c)
	if err != nil {
		return err
	}
	o := imports.Options{Marking: s.Markings[0]}
	switch v.Get("do") {
	case "drop":
		s.loads.drop(one.id)
		return c.Redirect(http.StatusSeeOther, "/import")
	case "check":
		columns := map[string]string{}
		for i, name := range one.preview.Columns {
			if field := fmt.Sprintf("column-%d", i); v.Has(field) {
				columns[name] = v.Get(field)
			}
		}
		one.tell(columns)
		o.Dry = true
	case "import":
		o.Batches = true
	case "good":
		o.KeepGoing = true
	default:
		return fault.New(fault.Invalid, "The form cannot be read; send it again from its page.")
	}
	if !o.Dry && !one.checked() {
		return fault.New(fault.Conflict, "The file has to be checked first.")
	}
	one.begin(c.Request().Context(), s.importer(actor(c)), o, s.Logger)
	return c.Redirect(http.StatusSeeOther, "/import/"+one.id)
}

// tell settles what the columns are, unless work is under way with others.
func (o *load) tell(columns map[string]string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.step != loadWorking {
		o.file.Columns = columns
	}
}

func (o *load) checked() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.step != loadSent
}

// loadReport gives what is wrong with a file as a table.
func (s *Server) loadReport(c echo.Context) error {
	one, err := s.loads.find(c.Param("id"), actor(c).Name)
	if err != nil {
		return err
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	var b bytes.Buffer
	if err := one.report.WriteCSV(&b); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="import-report.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
}
