package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/format"
	"interceptlog/internal/imports"
	"interceptlog/internal/rowreport"
)

const (
	loadLife  = time.Hour // how long a file that was sent waits for its import
	loadsHeld = 8         // files that wait at once
)

// load is a file on its way into the log: sent, its columns told, checked,
// imported. It is kept in memory and in a temporary file alone: a restart loses
// it, and then it is sent again.
type load struct {
	id, by string
	until  time.Time

	mu          sync.Mutex
	file        imports.File
	preview     imports.Preview
	step        step
	writing     bool // the report is of an import, not of a check
	rows, total int
	begun       time.Time
	report      rowreport.Report
	failed      error
	cancel      context.CancelFunc // of the work under way
}

// step is how far a load is.
type step uint8

const (
	loadSent step = iota
	loadWorking
	loadChecked
	loadDone
)

// loads are the files on their way.
type loads struct {
	mu   sync.Mutex
	held map[string]*load
}

// put keeps a load, and drops those that nobody has asked for in time.
func (l *loads) put(one *load, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]*load{}
	}
	for id, old := range l.held {
		if now.After(old.until) && !old.working() {
			l.remove(id)
		}
	}
	if len(l.held) >= loadsHeld {
		return fault.New(fault.Unavailable, "Too many files are waiting to be imported; finish or drop one of them, or try again in an hour.")
	}
	one.until = now.Add(loadLife)
	l.held[one.id] = one
	return nil
}

// find gives a load to the one who sent it.
func (l *loads) find(id, by string) (*load, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.held[id]
	if one == nil || one.by != by {
		return nil, fault.New(fault.NotFound, "This file is not waiting to be imported any more; send it again.")
	}
	return one, nil
}

func (l *loads) drop(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(id)
}

func (l *loads) remove(id string) {
	if one := l.held[id]; one != nil {
		one.stop()
		_ = os.Remove(one.file.Path) // a file of ours in a temporary folder
		delete(l.held, id)
	}
}

// end breaks off all work; what was written in whole batches stands.
func (l *loads) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := range l.held {
		l.remove(id)
	}
}

func (o *load) working() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.step == loadWorking
}

func (o *load) stop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.cancel != nil {
		o.cancel()
	}
}

// begin starts the work of a load unless some is under way.
func (o *load) begin(ctx context.Context, im *imports.Importer, opts imports.Options, logger *slog.Logger) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.step == loadWorking || o.step == loadDone {
		return
	}
	ctx, o.cancel = context.WithCancel(context.WithoutCancel(ctx)) // it outlives the request
	o.step, o.writing, o.failed, o.rows, o.total, o.begun = loadWorking, !opts.Dry, nil, 0, 0, time.Now()
	opts.Progress = func(rows, total int, _ bool) {
		o.mu.Lock()
		defer o.mu.Unlock()
		if rows < o.rows {
			o.begun = time.Now() // from checking to writing
		}
		o.rows, o.total = rows, total
	}
	go func(f imports.File) {
		report, err := im.Import(ctx, f, opts)
		if err != nil {
			logger.Error("import broke off", "file", f.Name, "error", err)
		}
		o.ended(report, err, opts.Dry)
	}(o.file)
}

func (o *load) ended(report rowreport.Report, err error, dry bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cancel()
	o.report, o.failed, o.step = report, err, loadChecked
	if err == nil && !dry && !report.Undone {
		o.step = loadDone
	}
}

// wait gives short work the time to end, so that most files show no progress.
func (o *load) wait(at time.Duration) {
	for end := time.Now().Add(at); o.working() && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
}

// progress says how far the work is: rows, rate, time left.
func (o *load) progress() (words string, percent int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	words = fmt.Sprintf("%d rows", o.rows)
	rate := float64(o.rows) / max(time.Since(o.begun).Seconds(), 0.001)
	if o.total > 0 {
		words, percent = fmt.Sprintf("%d of about %d rows", o.rows, o.total), min(100, o.rows*100/o.total)
	}
	words += fmt.Sprintf(", %.0f a second", rate)
	if o.total > o.rows && rate > 0 {
		words += fmt.Sprintf(", %.0f s left", float64(o.total-o.rows)/rate)
	}
	return words, percent
}

// importer takes files in for whoever asks, under the rules of the form.
func (s *Server) importer(a access.Actor) *imports.Importer {
	return &imports.Importer{Store: s.Store, Log: s.Log, Desk: s.Desk, Actor: a}
}

// wrongFile is what a file is refused for.
func wrongFile(err error) string {
	var row *format.RowError
	if errors.As(err, &row) {
		return "This file cannot be read: " + row.Error()
	}
	if fault.Is(err, fault.Invalid) && len(fault.Fields(err)) > 0 {
		return fault.Fields(err)[0].Msg
	}
	return ""
}
