package xlsx

import (
	"archive/zip"
	"fmt"
	"io"
	"math"
)

// archive is a ZIP that refuses a part beyond 4 GB: Excel takes a larger one only
// with a version in its head that archive/zip cannot write.
type archive struct{ *zip.Writer }

func newArchive(w io.Writer) archive { return archive{zip.NewWriter(w)} }

// Create begins a part.
func (a archive) Create(name string) (io.Writer, error) {
	w, err := a.Writer.Create(name)
	return &part{w: w, name: name, left: math.MaxUint32}, err
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
