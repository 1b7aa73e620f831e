package imports

import (
	"cmp"
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/rowreport"
	"interceptlog/internal/stated"
)

// DefaultSource is whose records they are, where a file does not say.
const DefaultSource = "import"

// A transaction of an import that keeps going takes so many rows: each waits for
// the disk once, and others write in between.
const batch = 500

// Importer loads files into a log.
type Importer struct {
	Store hotline.Store
	Log   *incidents.Log
	Desk  *hotline.Desk
	Actor access.Actor
}

// Options say how a file is taken.
type Options struct {
	Source    string // whose records they are; empty: DefaultSource
	Marking   string // of records without one
	Dry       bool   // nothing is written; the report says what would be
	KeepGoing bool   // good rows are taken though others are bad
	// Batches writes a file that was found good in several transactions, so that
	// others write in between: what breaks off is finished by importing again.
	Batches bool
	// Progress is called after every row: how many of how many, 0 where that is
	// not known. writing is false while a file is only being checked. May be nil.
	Progress func(rows, total int, writing bool)
}

// run is one import under way.
type run struct {
	*Importer
	File
	Options
	kinds  map[string]feature.Kind // of the properties of the collection
	report rowreport.Report
	src    *source
	total  int             // rows of the file; 0: not known
	seen   map[string]seen // by key of a record: the row that has it
	dry    bool            // this walk only looks
}

// seen is a record that an earlier row had.
type seen struct {
	row  int64
	hash string
}

// errUndo ends a transaction of which nothing is to be kept.
var errUndo = errors.New("nothing is to be kept")

// Import reads a file into the log. What is wrong with the file and its rows is
// in the report; the error is for what stops an import: a file that is not
// there, a right that is missing, a log that cannot be written. Without KeepGoing
// it is all or nothing: the file is checked as a whole, then written in one
// transaction. A row that is in the log already stays as it is, so that a second
// import of a file changes nothing.
func (im *Importer) Import(ctx context.Context, f File, o Options) (rowreport.Report, error) {
	if o.Source == "" {
		o.Source = DefaultSource
	}
	r := &run{Importer: im, File: f, Options: o, kinds: map[string]feature.Kind{}}
	properties, ok := Properties(f.Collection)
	for _, p := range properties {
		r.kinds[p.Name] = p.Kind
	}
	if !ok {
		return r.report, &fault.Error{Kind: fault.Invalid, Msg: "The file cannot be imported.", Fields: []fault.Field{{Name: "collection", Msg: "“" + rowreport.Clip(f.Collection) + "” is none that files are read into; accepted: incidents, contacts."}}}
	}
	if err := im.Actor.Require(access.Write); err != nil {
		return r.report, err
	}
	if o.KeepGoing && !o.Dry {
		err := r.walk(ctx, r.inBatches)
		return r.report, err
	}
	r.dry = true
	if err := r.walk(ctx, r.check); err != nil || o.Dry {
		r.report.Dry = o.Dry
		return r.report, err
	}
	if r.report.Failed() {
		r.report.Undo()
		return r.report, nil
	}
	r.dry = false
	if o.Batches {
		r.report = rowreport.Report{}
		err := r.walk(ctx, r.inBatches)
		return r.report, err
	}
	return r.atOnce(ctx)
}

// atOnce writes a file that was found good.
func (r *run) atOnce(ctx context.Context) (rowreport.Report, error) {
	r.report = rowreport.Report{}
	err := r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.walk(ctx, r.oneByOne); err != nil {
			return err
		}
		if r.report.Failed() { // the log, or the file, changed since it was checked
			return errUndo
		}
		return nil
	})
	if errors.Is(err, errUndo) {
		r.report.Undo()
		err = nil
	}
	return r.report, err
}

// walk reads the file from its beginning.
func (r *run) walk(ctx context.Context, keep func(context.Context) (rows int, err error)) error {
	r.seen = map[string]seen{}
	src, err := r.open()
	var wrong *format.RowError
	if errors.As(err, &wrong) {
		r.problem(*wrong)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = src.close() }() // read only
	r.src = src
	for _, w := range r.wrongColumns(src) {
		r.problem(w)
	}
	if r.report.Failed() {
		return nil
	}
	rows, err := keep(ctx)
	r.total = rows
	return err
}

func (r *run) problem(w format.RowError) {
	r.report.AddProblem(rowreport.Problem{File: r.Name, Line: int(w.Row), Field: w.Field, Value: w.Value, Msg: w.Msg})
}

// next gives the next good record; bad ones are noted on the way.
func (r *run) next(ctx context.Context) (*format.Record, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rec, err := r.src.Next()
		var wrong *format.RowError
		if !errors.As(err, &wrong) {
			return rec, err
		}
		if wrong.Row > 0 {
			r.count().Rejected++
		}
		if !wrong.More {
			wrong = &format.RowError{Row: wrong.Row, Field: wrong.Field, Msg: strings.TrimSuffix(wrong.Msg, ".") + ". The rest of the file was not read."}
			r.problem(*wrong)
			return nil, io.EOF
		}
		r.problem(*wrong)
	}
}

func (r *run) count() *rowreport.Count {
	if r.Collection == "contacts" {
		return &r.report.Contacts
	}
	return &r.report.Incidents
}

// readAhead is from where on the bytes that were read tell how many rows there
// may be: readers are up to 64 kB ahead of the row that they give.
const readAhead = 1 << 20

// tell says how far it is.
func (r *run) tell(rows int) {
	if r.Progress == nil {
		return
	}
	total := r.total
	if total == 0 && r.src.read != nil && r.src.size > 0 {
		if n := r.src.read(); n > readAhead {
			total = max(rows, int(float64(rows)*float64(r.src.size)/float64(n)))
		}
	}
	r.Progress(rows, total, !r.dry)
}

// A check looks at so many rows at once, fewer where their shapes are large.
const (
	checkRows   = 256
	checkPoints = 200_000
)

// checked is what a look at one row found, whatever the rows before it say.
type checked struct {
	in     *row
	wrong  []stated.Wrong
	report rowreport.Report
	err    error
}

// check goes through a file of which nothing is written. Rows are looked at side
// by side, and noted in their order.
func (r *run) check(ctx context.Context) (rows int, err error) {
	for more := true; more; {
		var records []*format.Record
		before := len(r.report.Problems)
		for points := 0; len(records) < checkRows && points < checkPoints; {
			rec, err := r.next(ctx)
			if errors.Is(err, io.EOF) {
				more = false
				break
			}
			if err != nil {
				return rows, err
			}
			format.EachPoint(rec.Geometry, func(orb.Point) { points++ })
			records = append(records, rec)
		}
		for _, c := range r.look(ctx, records) {
			if !r.reject(c.in, c.wrong) && !r.twice(c.in) {
				if c.err != nil {
					return rows, c.err
				}
				r.report.Add(c.report)
			}
			rows++
			r.tell(rows)
		}
		// What the reader found wrong was noted while the rows were read.
		slices.SortStableFunc(r.report.Problems[before:], func(a, b rowreport.Problem) int { return cmp.Compare(a.Line, b.Line) })
	}
	return rows, nil
}

// look looks at rows on all processors.
func (r *run) look(ctx context.Context, records []*format.Record) []checked {
	found := make([]checked, len(records))
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(records)) {
		all.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(records); i = next.Add(1) - 1 {
				c := &found[i]
				c.in = r.read(records[i])
				if c.wrong = r.faults(c.in); len(c.wrong) > 0 {
					continue
				}
				alone := *r
				alone.report = rowreport.Report{}
				c.err = alone.take(ctx, c.in)
				c.report = alone.report
			}
		})
	}
	all.Wait()
	return found
}

func (r *run) oneByOne(ctx context.Context) (rows int, err error) {
	for {
		rec, err := r.next(ctx)
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err == nil {
			err = r.keep(ctx, rec)
		}
		if err != nil {
			return rows, err
		}
		rows++
		r.tell(rows)
	}
}

// inBatches reads a batch before its transaction begins: a slow file must not
// hold the log against other writers.
func (r *run) inBatches(ctx context.Context) (rows int, err error) {
	for more := true; more; {
		var records []*format.Record
		for len(records) < batch {
			rec, err := r.next(ctx)
			if errors.Is(err, io.EOF) {
				more = false
				break
			}
			if err != nil {
				return rows, err
			}
			records = append(records, rec)
		}
		err := r.Store.InTx(ctx, func(ctx context.Context) error {
			for _, rec := range records {
				if err := r.keep(ctx, rec); err != nil {
					return err
				}
				rows++
				r.tell(rows)
			}
			return nil
		})
		if err != nil {
			return rows, err
		}
	}
	return rows, nil
}
