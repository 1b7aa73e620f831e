package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

const noIncident = "There is no such incident."

const insertIncident = `insert into incident_rev (
  id, revision, valid_from, valid_to, first_recorded_at, recorded_by, reason, policy_version,
  number, number_key, status, start_from, start_to, end_from, end_to, region, severity, absence,
  exercise, title_key, west, south, east, north, source, source_id, record, derived, merged_into, waiting_since)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
  $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)
returning *`

const closeIncident = `update incident_rev set valid_to = $1 where id = $2 and valid_to = 4611686018427387903`

// incidentColumns is what scanIncident reads.
const incidentColumns = `r.id, r.revision, r.valid_from, r.first_recorded_at, r.recorded_by, r.reason,
  r.policy_version, coalesce(r.number, ''), r.status, coalesce(r.merged_into, ''), r.record, r.derived`

// incidentRow is an incident as it comes from the disk, its content not yet
// read.
type incidentRow struct {
	inc             incidents.Incident
	record, derived []byte
}

func (r *incidentRow) dest() []any {
	i := &r.inc
	return []any{&i.ID, &i.Revision, &i.RecordedAt, &i.FirstRecordedAt, &i.RecordedBy, &i.Reason,
		&i.PolicyVersion, &i.Number, &i.Status, &i.MergedInto, &r.record, &r.derived}
}

// decode reads the content.
func (r *incidentRow) decode() error {
	if err := json.Unmarshal(r.record, &r.inc.Record); err != nil {
		return fmt.Errorf("read incident %s revision %d: %w", r.inc.ID, r.inc.Revision, err)
	}
	if err := json.Unmarshal(r.derived, &r.inc.Derived); err != nil {
		return fmt.Errorf("read the place of incident %s revision %d: %w", r.inc.ID, r.inc.Revision, err)
	}
	return nil
}

func scanIncident(row scanner) (incidents.Incident, error) {
	var r incidentRow
	if err := row.Scan(r.dest()...); err != nil {
		return incidents.Incident{}, err
	}
	err := r.decode()
	return r.inc, err
}

// CreateIncident writes revision 1. An id that exists is answered with the
// incident that stands, so that a retry makes no second one.
func (s *Store) CreateIncident(ctx context.Context, actor access.Actor, inc incidents.Incident) (stored incidents.Incident, created bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		stored, err = s.Incident(ctx, inc.ID, 0)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		policy, err := t.policy(ctx, 0)
		if err != nil {
			return err
		}
		inc.Revision, inc.Number = 1, ""
		inc.FirstRecordedAt, inc.RecordedAt = t.at, t.at
		inc.RecordedBy, inc.PolicyVersion = actor.Name, policy.Version
		stored, created = inc, true
		return t.change(actor, "incident.create", "incident/"+string(stored.ID)).writeIncident(ctx, &stored)
	})
	if err != nil {
		return incidents.Incident{}, false, err
	}
	return stored, created, nil
}

// ReviseIncident writes the next revision. What was settled when the incident
// was first reported (its number, its policy) stays.
func (s *Store) ReviseIncident(ctx context.Context, actor access.Actor, inc incidents.Incident) (incidents.Incident, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		before, err := s.Incident(ctx, inc.ID, 0)
		if err != nil {
			return err
		}
		if inc.Revision != before.Revision {
			return stale("incident", inc.Revision, before.Revision, before.RecordedBy)
		}
		flow, err := s.Workflow(ctx, inc.ID, 0)
		if err != nil {
			return err
		}
		status, flow, changed := incidents.AfterRevision(before, inc, flow)
		inc.Status = status
		action := "incident.revise"
		if inc.Status != before.Status {
			action = "incident." + string(inc.Status)
		}
		c := t.change(actor, action, "incident/"+string(inc.ID))
		c.next(&inc, before)
		if changed {
			if err := c.writeWorkflow(ctx, &flow); err != nil {
				return err
			}
		}
		return c.writeIncident(ctx, &inc)
	})
	if err != nil {
		return incidents.Incident{}, err
	}
	return inc, nil
}

// next makes inc the revision after one; what was settled when the incident was
// first reported stays.
func (c *change) next(inc *incidents.Incident, before incidents.Incident) {
	inc.Revision = before.Revision + 1
	inc.Number, inc.PolicyVersion = before.Number, before.PolicyVersion
	inc.FirstRecordedAt, inc.RecordedAt, inc.RecordedBy = before.FirstRecordedAt, c.t.at, c.actor.Name
}

// stale says that somebody else was faster.
func stale(noun string, from, newest int, by string) error {
	return fault.New(fault.Conflict, fmt.Sprintf("Somebody else changed this %s meanwhile: the change was made from revision %d, the newest is %d, by %s.", noun, from, newest, by))
}

// writeIncident writes the revision with all that is found by it, the facts
// and the audit entry.
func (c *change) writeIncident(ctx context.Context, inc *incidents.Incident) error {
	if err := c.putIncident(ctx, inc); err != nil {
		return err
	}
	return c.done(ctx, inc.Revision, map[string]any{"status": inc.Status, "number": inc.Number})
}

// putIncident is writeIncident as a part of a change that has more to write.
// It gives a number to what is no draft any more.
func (c *change) putIncident(ctx context.Context, inc *incidents.Incident) error {
	if inc.Number == "" && inc.Status != incidents.Draft {
		number, err := c.t.nextNumber(ctx)
		if err != nil {
			return err
		}
		inc.Number = number
	}
	waiting, err := c.waitingSince(ctx, inc)
	if err != nil {
		return err
	}
	if err := c.exec(ctx, closeIncident, c.t.at, inc.ID); err != nil {
		return err
	}
	rev, err := c.insertIncident(ctx, inc, waiting)
	if err != nil {
		return err
	}
	if err := c.t.indexIncident(ctx, rev, inc); err != nil {
		return err
	}
	if inc.Revision == 1 {
		return c.firstFacts(ctx, inc)
	}
	return c.refreshFacts(ctx, inc)
}

const waitingSince = `select coalesce(waiting_since, first_recorded_at) from incident_rev
where id = $1 and status = 'submitted' and valid_to = 4611686018427387903`

// waitingSince says since when a submitted report has been waiting for a check;
// null for any other.
func (c *change) waitingSince(ctx context.Context, inc *incidents.Incident) (any, error) {
	if inc.Status != incidents.Submitted {
		return nil, nil
	}
	since := c.t.at
	err := c.t.row(ctx, waitingSince, inc.ID).Scan(&since)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return since, c.t.s.fault(err)
}

func (c *change) insertIncident(ctx context.Context, inc *incidents.Incident, waiting any) (rev int64, err error) {
	rec := &inc.Record
	record, err := encode(rec)
	if err != nil {
		return 0, fmt.Errorf("write incident %s: %w", inc.ID, err)
	}
	derived, err := encode(inc.Derived)
	if err != nil {
		return 0, fmt.Errorf("write the place of incident %s: %w", inc.ID, err)
	}
	start := startOf(rec.Start)
	endFrom, endTo := nullable(rec.End)
	west, south, east, north := bounds(rec.Geometry)
	var number, merged any
	if inc.Number != "" {
		number = inc.Number
	}
	if inc.MergedInto != "" {
		merged = inc.MergedInto
	}
	return c.insert(ctx, "incident_rev", insertIncident,
		inc.ID, inc.Revision, inc.RecordedAt, incidents.Forever, inc.FirstRecordedAt, inc.RecordedBy, inc.Reason, inc.PolicyVersion,
		number, numberKey(inc.Number), inc.Status, start.From, start.To, endFrom, endTo, inc.Derived.Region, rec.Severity, rec.Absence,
		bit(rec.Exercise), fold(rec.Title), west, south, east, north, rec.Source, rec.SourceID, record, derived, merged, waiting)
}

// startOf gives the interval in which a start lies; one that is not stated
// may lie anywhere.
func startOf(m incidents.Moment) incidents.Interval {
	if m.IsZero() {
		return incidents.Interval{From: -incidents.Forever, To: incidents.Forever}
	}
	return m.Interval
}

// bounds gives the box of a shape, or nulls.
func bounds(g incidents.Geometry) (west, south, east, north any) {
	if g.IsNone() {
		return nil, nil, nil, nil
	}
	b := g.Bound()
	return b.Min[0], b.Min[1], b.Max[0], b.Max[1]
}

const (
	insertNation    = `insert into rev_nation (rev, party, nation) values ($1, $2, $3) on conflict do nothing`
	insertBehaviour = `insert into rev_behaviour (rev, behaviour) values ($1, $2) on conflict do nothing`
	insertAircraft  = `insert into aircraft (designator, name) values ($1, $2) on conflict do nothing`
	linkAircraft    = `insert into rev_aircraft (rev, aircraft)
select $1, id from aircraft where designator = $2 and name = $3 on conflict do nothing`
)

// indexIncident writes what filters find a revision by.
func (t *tx) indexIncident(ctx context.Context, rev int64, inc *incidents.Incident) error {
	var err error
	exec := func(text string, args ...any) {
		if err == nil {
			_, err = t.run(ctx, text, args...)
		}
	}
	rec := &inc.Record
	for _, p := range [...]struct {
		side string
		*incidents.Party
	}{{"intercepting", &rec.Intercepting}, {"intercepted", &rec.Intercepted}} {
		for _, n := range p.Nations {
			exec(insertNation, rev, p.side, n)
		}
		for _, a := range p.Aircraft {
			designator, name := squash(a.Designator), squash(a.Name)
			exec(insertAircraft, designator, name)
			exec(linkAircraft, rev, designator, name)
		}
	}
	for _, b := range rec.Behaviours {
		exec(insertBehaviour, rev, b)
	}
	if west, south, east, north := bounds(rec.Geometry); west != nil {
		exec(t.s.dialect.InsertBox, rev, west, east, south, north)
	}
	if err != nil {
		return err
	}
	return t.index(ctx, t.s.dialect.InsertText, rev, searchText(inc))
}

const nextNumber = `insert into number_counter (year, last) values ($1, 1)
on conflict (year) do update set last = number_counter.last + 1 returning last`

// nextNumber takes the next number of the year in which it is given.
func (t *tx) nextNumber(ctx context.Context) (string, error) {
	year := t.at.Time().Year()
	var n int64
	err := t.row(ctx, nextNumber, year).Scan(&n)
	return fmt.Sprintf("%04d-%04d", year, n), t.s.fault(err)
}

// numberKey orders numbers also beyond the ten thousandth of a year.
func numberKey(number string) int64 {
	var year, n int64
	if _, err := fmt.Sscanf(number, "%d-%d", &year, &n); err != nil {
		return 0
	}
	return year*1e9 + n
}

const incidentByID = `select ` + incidentColumns + ` from incident_rev r
where r.id = $1 and r.valid_from <= $2 and $2 < r.valid_to`

// Incident gives the revision that held at a moment.
func (s *Store) Incident(ctx context.Context, id incidents.ID, asOf incidents.Millis) (incidents.Incident, error) {
	return one(ctx, s.ask(ctx), noIncident, incidentByID, []any{id, asOfOr(asOf)}, scanIncident)
}

const incidentByNumber = `select ` + incidentColumns + ` from incident_rev r
where r.number = $1 and r.valid_to = 4611686018427387903`

// IncidentByNumber finds an incident by what people call it.
func (s *Store) IncidentByNumber(ctx context.Context, number string) (incidents.Incident, error) {
	number = strings.TrimSpace(number)
	if number == "" {
		return incidents.Incident{}, fault.New(fault.NotFound, noIncident)
	}
	return one(ctx, s.ask(ctx), "There is no incident "+number+".", incidentByNumber, []any{number}, scanIncident)
}

const incidentBySource = `select ` + incidentColumns + ` from incident_rev r
where r.source = $1 and r.source_id = $2 and r.valid_to = 4611686018427387903 and r.source_id <> ''`

// IncidentBySource finds an imported incident by its id at the source.
func (s *Store) IncidentBySource(ctx context.Context, source, sourceID string) (incidents.Incident, error) {
	return one(ctx, s.ask(ctx), noIncident, incidentBySource, []any{source, sourceID}, scanIncident)
}

// knownAtOnce is how many values one question names at most.
const knownAtOnce = 500

// IncidentsKnown gives the incidents that have one of the ids, or are one of the
// records elsewhere.
func (s *Store) IncidentsKnown(ctx context.Context, ids []incidents.ID, origins []incidents.Origin) ([]incidents.Incident, error) {
	bySource := map[string][]string{}
	for _, o := range origins {
		if o.SourceID != "" {
			bySource[o.Source] = append(bySource[o.Source], o.SourceID)
		}
	}
	found := map[incidents.ID]incidents.Incident{}
	err := s.read(ctx, func(q asker) error {
		ask := func(w *where) error {
			w.and("r.valid_to = 4611686018427387903")
			return q.each(ctx, `select `+incidentColumns+` from incident_rev r where `+w.String(), w.args, func(row scanner) error {
				inc, err := scanIncident(row)
				found[inc.ID] = inc
				return err
			})
		}
		for part := range slices.Chunk(ids, knownAtOnce) {
			w := &where{}
			w.and("r.id in " + list(w, part))
			if err := ask(w); err != nil {
				return err
			}
		}
		for source, ids := range bySource {
			for part := range slices.Chunk(ids, knownAtOnce) {
				w := &where{}
				w.and("r.source = " + w.arg(source))
				w.and("r.source_id in " + list(w, part))
				w.and("r.source_id <> ''") // so that the index of sources is used
				if err := ask(w); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return slices.Collect(maps.Values(found)), err
}

const incidentRevisions = `select ` + incidentColumns + ` from incident_rev r
where r.id = $1 and r.valid_from <= $2 order by r.revision`

// IncidentRevisions gives every revision up to a moment, oldest first.
func (s *Store) IncidentRevisions(ctx context.Context, id incidents.ID, asOf incidents.Millis) ([]incidents.Incident, error) {
	list, err := all(ctx, s.ask(ctx), incidentRevisions, []any{id, asOfOr(asOf)}, scanIncident)
	return list, orMissing(list, err, noIncident)
}

// orMissing makes an empty history a NotFound fault.
func orMissing[T any](list []T, err error, missing string) error {
	if err == nil && len(list) == 0 {
		return fault.New(fault.NotFound, missing)
	}
	return err
}

// exists reports whether a question has an answer.
func (t *tx) exists(ctx context.Context, text string, args ...any) (bool, error) {
	var one int
	err := t.row(ctx, text, args...).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, t.s.fault(err)
}
