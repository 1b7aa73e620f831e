package alarm

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const (
	// keeperPace is how often the keeper asks whether anybody has written.
	keeperPace = 500 * time.Millisecond
	// keeperBeat is how long it lets the clock run at most before it looks
	// again.
	keeperBeat = 5 * time.Second
)

// system is who raises and ends alerts in the audit.
var system = access.Actor{Name: "system", Role: access.Officer}

// Source is what the keeper reads, and where it writes.
type Source interface {
	Store
	hotline.CaseReader
	Lines(ctx context.Context, asOf Millis) ([]hotline.Line, error)
	LineEvents(ctx context.Context, f hotline.LineEventFilter) ([]hotline.LineEvent, error)
	Contact(ctx context.Context, id hotline.ContactID, asOf Millis) (hotline.ContactWithIncidents, error)
	Expectations(ctx context.Context, f hotline.ExpectationFilter) ([]hotline.Expectation, error)
	// LastTests gives the newest test of each line that was not taken back.
	LastTests(ctx context.Context, asOf Millis) (map[hotline.LineID]hotline.Contact, error)
	// DataVersion gives a number that changes with every write to the log.
	DataVersion(ctx context.Context) (int64, error)
}

// Keeper raises, escalates, returns and ends alerts as the log and the clock
// go on. What it did stands in the log, so that one which begins anew goes on
// from there and says nothing twice. Its methods are for one goroutine.
type Keeper struct {
	Source Source
	Now    func() time.Time
	Logger *slog.Logger
	// Uptime is a clock that nobody sets; nil: that of the process.
	Uptime func() time.Duration

	begun   time.Time
	version int64
	state   *State
	waiting map[string]wait
}

// wait is since when, by the uptime, an alert is as it is.
type wait struct {
	raised, shelved Millis
	since           time.Duration
}

// Run keeps the alerts until the context ends.
func (k *Keeper) Run(ctx context.Context) {
	pace := time.NewTicker(keeperPace)
	defer pace.Stop()
	var last time.Time
	for {
		version, err := k.Source.DataVersion(ctx)
		if err == nil && (version != k.version || time.Since(last) >= keeperBeat) {
			err = k.Pass(ctx)
			last = time.Now()
		}
		if err != nil && ctx.Err() == nil {
			k.Logger.Error("the alarms are not up to date", "error", err)
		}
		select {
		case <-pace.C:
		case <-ctx.Done():
			return
		}
	}
}

// Pass looks once. Alerts that could be written are, whatever becomes of the
// others.
func (k *Keeper) Pass(ctx context.Context) error {
	now := incidents.MillisOf(k.Now())
	if err := k.read(ctx, now); err != nil {
		return err
	}
	standing, err := k.Source.Alerts(ctx, 0)
	if err != nil {
		return err
	}
	alerts := map[string]Alert{}
	for _, a := range standing {
		alerts[a.ID] = a
	}
	joined, holds := map[string]bool{}, map[string]bool{}
	var errs []error
	for _, s := range Situations(now, *k.state) {
		id := IDOf(s.Key)
		holds[id] = true
		for _, part := range s.Parts {
			joined[IDOf(part)] = true
		}
		a, ok := alerts[id]
		if !ok {
			if a, err = k.Source.Alert(ctx, id, 0); err != nil && !fault.Is(err, fault.NotFound) {
				errs = append(errs, err)
				continue
			}
		}
		errs = append(errs, k.step(ctx, a, &s, false, now))
	}
	for id, a := range alerts {
		if !holds[id] {
			errs = append(errs, k.step(ctx, a, nil, joined[id], now))
		}
	}
	k.forget(alerts)
	return errors.Join(errs...)
}

// read reads the log when somebody has written to it.
func (k *Keeper) read(ctx context.Context, now Millis) (err error) {
	version, err := k.Source.DataVersion(ctx)
	if err != nil || k.state != nil && version == k.version {
		return err
	}
	var st State
	err = hotline.EachWaiting(ctx, k.Source, hotline.At{Now: now}, func(c *hotline.Case) error {
		if c.Open() {
			st.Cases = append(st.Cases, *c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if st.Lines, err = k.Source.Lines(ctx, 0); err != nil {
		return err
	}
	if st.Events, err = k.Source.LineEvents(ctx, hotline.LineEventFilter{}); err != nil {
		return err
	}
	if st.Owed, err = k.owed(ctx); err != nil {
		return err
	}
	if st.Tests, err = k.Source.LastTests(ctx, 0); err != nil {
		return err
	}
	if st.Heard, err = k.Source.LastHeard(ctx); err != nil {
		return err
	}
	k.version, k.state = version, &st
	return nil
}

// owed reads the answers that are awaited, with what they are about.
func (k *Keeper) owed(ctx context.Context) ([]Owed, error) {
	open, err := k.Source.Expectations(ctx, hotline.ExpectationFilter{Open: true})
	if err != nil {
		return nil, err
	}
	owed := make([]Owed, len(open))
	for i, e := range open {
		owed[i].Expectation = e
		about, err := k.Source.Contact(ctx, e.ContactID, 0)
		if err != nil {
			return nil, err
		}
		for _, l := range about.Incidents {
			if l.Link.Linked {
				owed[i].Incidents = append(owed[i].Incidents, l.Incident)
			}
		}
	}
	return owed, nil
}

// step writes what becomes of one alert. Another who wrote first is right: the
// next pass sees what they did.
func (k *Keeper) step(ctx context.Context, a Alert, s *Situation, joined bool, now Millis) error {
	next, changed := Next(a, s, joined, now, k.waited(a))
	if !changed {
		return nil
	}
	if _, err := k.Source.WriteAlert(ctx, system, next); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	return nil
}

// waited is how long an alert has been as it is, as far as this process saw.
func (k *Keeper) waited(a Alert) time.Duration {
	if k.Uptime == nil {
		k.begun = time.Now()
		k.Uptime = func() time.Duration { return time.Since(k.begun) }
	}
	if a.ID == "" {
		return 0
	}
	if k.waiting == nil {
		k.waiting = map[string]wait{}
	}
	w, ok := k.waiting[a.ID]
	if !ok || w.raised != a.RaisedAt || w.shelved != a.ShelvedAt {
		w = wait{a.RaisedAt, a.ShelvedAt, k.Uptime()}
		k.waiting[a.ID] = w
	}
	return k.Uptime() - w.since
}

// forget drops what is known of alerts that stand no longer.
func (k *Keeper) forget(standing map[string]Alert) {
	for id := range k.waiting {
		if _, ok := standing[id]; !ok {
			delete(k.waiting, id)
		}
	}
}
