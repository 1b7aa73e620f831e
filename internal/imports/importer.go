package imports

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math"
	"runtime"
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

// A file is read in batches of so many rows, fewer where their shapes are large.
// One that is taken in several transactions is taken a batch at a time: each waits
// for the disk once, and others write in between.
const (
	batchRows   = 500
	batchPoints = 200_000
)

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
	total  int               // rows of the file; 0: not known
	kept   int               // rows that were kept so far
	bytes  int64             // of the file that were read for the batch in hand
	bad    []format.RowError // of the batch in hand, not noted yet
	seen   map[digest]seen   // by the hash of a key of a record: the row that has it
	dry    bool              // this walk only looks
}

// seen is a record that an earlier row had, and what the row said. With its key it
// is all that is held of a row: 40 bytes.
type seen struct {
	row  int64
	says digest
}

// digest is a hash that tells what people write apart.
type digest [16]byte

func digestOf(s string) digest {
	sum := sha256.Sum256([]byte(s))
	return digest(sum[:16])
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
		err := r.walk(ctx, r.inTurn)
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
		err := r.walk(ctx, r.inTurn)
		return r.report, err
	}
	return r.atOnce(ctx)
}

// atOnce writes a file that was found good.
func (r *run) atOnce(ctx context.Context) (rowreport.Report, error) {
	r.report = rowreport.Report{}
	err := r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.walk(ctx, r.take); err != nil {
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

// walk reads the file from its beginning, and keeps a batch while the next one is
// read.
func (r *run) walk(ctx context.Context, keep func(context.Context, []item) error) error {
	r.seen = map[digest]seen{}
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
	ahead, stop := context.WithCancel(ctx)
	batches := make(chan batch, 1)
	var reading sync.WaitGroup
	reading.Go(func() { r.ahead(ahead, batches) })
	defer reading.Wait() // before the file is closed
	defer stop()
	rows := 0
	for b := range batches {
		if b.err != nil {
			return b.err
		}
		r.kept, r.bad, r.bytes = rows, b.bad, b.bytes
		if err := keep(ctx, b.items); err != nil {
			return err
		}
		r.misread(math.MaxInt64)
		rows += len(b.items)
	}
	r.total = rows
	return ctx.Err()
}

// batch is a stretch of the file.
type batch struct {
	items []item
	bad   []format.RowError // what could not be read of it
	bytes int64             // of the file so far; 0: not known
	err   error             // of the reader; nothing follows
}

// item is a row and what is found of it, whatever the rows before it say.
type item struct {
	*row
	faults   []stated.Wrong
	incident incidents.Incident  // that it states, where it is one
	invalid  error               // why it states none
	was      *incidents.Incident // the one that is in the log already
	report   rowreport.Report    // of a check
	err      error               // of a check
}

// ahead reads the file, and finds of its rows what needs no log.
func (r *run) ahead(ctx context.Context, to chan<- batch) {
	defer close(to)
	for more := true; more; {
		var b batch
		b, more = r.gather(ctx)
		each(b.items, r.prepare)
		select {
		case to <- b:
		case <-ctx.Done():
			return
		}
	}
}

// gather reads a batch; more says whether another follows.
func (r *run) gather(ctx context.Context) (b batch, more bool) {
	for points := 0; len(b.items) < batchRows && points < batchPoints; {
		if b.err = ctx.Err(); b.err != nil {
			return b, false
		}
		rec, err := r.src.Next()
		var wrong *format.RowError
		switch {
		case err == nil:
			format.EachPoint(rec.Geometry, func(orb.Point) { points++ })
			b.items = append(b.items, item{row: &row{number: rec.Row, record: rec}})
			continue
		case errors.Is(err, io.EOF):
			return b, false
		case !errors.As(err, &wrong):
			b.err = err
			return b, false
		}
		w := *wrong
		if !w.More {
			w.Msg = strings.TrimSuffix(w.Msg, ".") + ". The rest of the file was not read."
		}
		if b.bad = append(b.bad, w); !w.More {
			return b, false
		}
	}
	if r.src.read != nil {
		b.bytes = r.src.read()
	}
	return b, true
}

// each calls fn for all rows of a batch, on all processors.
func each(items []item, fn func(*item)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(items)) {
		all.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(items); i = next.Add(1) - 1 {
				fn(&items[i])
			}
		})
	}
	all.Wait()
}

// prepare finds what is wrong with a row by itself, and what it states.
func (r *run) prepare(it *item) {
	it.row = r.read(it.record)
	if it.faults = r.faults(it.row); len(it.faults) == 0 && r.Collection == "incidents" {
		it.incident, it.invalid = r.state(it.row)
	}
}

// check looks at a batch of which nothing is written. Rows are looked at side by
// side, and noted in their order.
func (r *run) check(ctx context.Context, items []item) error {
	if err := r.find(ctx, items); err != nil {
		return err
	}
	each(items, func(it *item) {
		if len(it.faults) == 0 {
			alone := *r
			alone.report = rowreport.Report{}
			it.err = alone.put(ctx, it)
			it.report = alone.report
		}
	})
	return r.inOrder(items, func(it *item) error {
		r.report.Add(it.report)
		return it.err
	})
}

// take writes a batch.
func (r *run) take(ctx context.Context, items []item) error {
	if err := r.find(ctx, items); err != nil {
		return err
	}
	return r.inOrder(items, func(it *item) error { return r.put(ctx, it) })
}

// inTurn writes a batch in a transaction of its own.
func (r *run) inTurn(ctx context.Context, items []item) error {
	return r.Store.InTx(ctx, func(ctx context.Context) error { return r.take(ctx, items) })
}

// inOrder calls fn for each good row that no earlier one has said, and notes the
// others.
func (r *run) inOrder(items []item, fn func(*item) error) error {
	for i := range items {
		it := &items[i]
		r.misread(it.number)
		if !r.reject(it.row, it.faults) && !r.twice(it.row) {
			if err := fn(it); err != nil {
				return err
			}
		}
		r.kept++
		r.tell()
	}
	return nil
}

// misread notes what could not be read before a row.
func (r *run) misread(before int64) {
	for ; len(r.bad) > 0 && r.bad[0].Row < before; r.bad = r.bad[1:] {
		if r.bad[0].Row > 0 {
			r.count().Rejected++
		}
		r.problem(r.bad[0])
	}
}

func (r *run) problem(w format.RowError) {
	r.report.AddProblem(rowreport.Problem{File: r.Name, Line: int(w.Row), Field: w.Field, Value: w.Value, Msg: w.Msg})
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
func (r *run) tell() {
	if r.Progress == nil {
		return
	}
	total := r.total
	if total == 0 && r.src.size > 0 && r.bytes > readAhead {
		total = max(r.kept, int(float64(r.kept)*float64(r.src.size)/float64(r.bytes)))
	}
	r.Progress(r.kept, total, !r.dry)
}
