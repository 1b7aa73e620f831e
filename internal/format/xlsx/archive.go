package xlsx

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"interceptlog/internal/format"
)

// sheetPrefix begins the names of the parts that the library gives in no fixed
// order.
const sheetPrefix = "xl/worksheets/"

// archive is a ZIP with its parts in a fixed order, so that the same log gives
// the same file: sheets wait in temporary files until all are there. It refuses a
// part beyond 4 GB: Excel takes a larger one only with a version in its head that
// archive/zip cannot write.
type archive struct {
	*zip.Writer
	sheets map[string]*format.Spool
}

func newArchive(w io.Writer) *archive {
	return &archive{zip.NewWriter(w), map[string]*format.Spool{}}
}

// Create begins a part.
func (a *archive) Create(name string) (io.Writer, error) {
	if strings.HasPrefix(name, sheetPrefix) {
		f, err := format.NewSpool("sheet")
		if err != nil {
			return nil, err
		}
		a.sheets[name] = f
		return &part{w: f, name: name, left: math.MaxUint32}, nil
	}
	if err := a.release(); err != nil {
		return nil, err
	}
	w, err := a.Writer.Create(name)
	return &part{w: w, name: name, left: math.MaxUint32}, err
}

// Close ends the file.
func (a *archive) Close() error { return errors.Join(a.release(), a.Writer.Close()) }

// release writes the sheets that wait.
func (a *archive) release() error {
	for _, name := range slices.Sorted(maps.Keys(a.sheets)) {
		w, err := a.Writer.Create(name)
		if err != nil {
			return err
		}
		sheet, err := a.sheets[name].Reader()
		if err != nil {
			return err
		}
		if _, err := io.Copy(w, sheet); err != nil {
			return err
		}
		a.drop(name)
	}
	return nil
}

// discard removes what still waits, after an error.
func (a *archive) discard() {
	for name := range a.sheets {
		a.drop(name)
	}
}

func (a *archive) drop(name string) {
	a.sheets[name].Drop()
	delete(a.sheets, name)
}

type part struct {
	w    io.Writer
	name string
	left int64
}

func (p *part) Write(b []byte) (int, error) {
	if p.left -= int64(len(b)); p.left < 0 {
		return 0, fmt.Errorf("%s is larger than the 4 GB that Excel takes; ask for fewer features, or for another format", p.name)
	}
	return p.w.Write(b)
}
