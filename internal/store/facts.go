package store

import (
	"context"
	"database/sql"
	"errors"
	"reflect"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const insertFacts = `insert into incident_facts (
  incident_id, revision, valid_from, valid_to, rule_severity, rule_region, rule_need, within_s,
  deadline_from, deadline_to,
  p0_best, p0_worst, p0_strict_best, p0_strict_worst,
  p1_best, p1_worst, p1_strict_best, p1_strict_worst,
  p2_best, p2_worst, p2_strict_best, p2_strict_worst,
  first_attempt_min, first_attempt_max, first_contact_min, first_contact_max,
  first_direct_min, first_direct_max, first_diplomatic_min, first_diplomatic_max,
  since_known_min, since_known_max, first_contact_id,
  attempts, through, direct, diplomatic, basis, late_entry)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
  $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39)
returning *`

const closeFacts = `update incident_facts set valid_to = $1
where incident_id = $2 and valid_to = 4611686018427387903`

// factsColumns is what factsRow reads.
const factsColumns = `f.rule_severity, f.rule_region, f.rule_need, f.within_s, f.deadline_from, f.deadline_to,
  f.p0_best, f.p0_worst, f.p0_strict_best, f.p0_strict_worst,
  f.p1_best, f.p1_worst, f.p1_strict_best, f.p1_strict_worst,
  f.p2_best, f.p2_worst, f.p2_strict_best, f.p2_strict_worst,
  f.first_attempt_min, f.first_attempt_max, f.first_contact_min, f.first_contact_max,
  f.first_direct_min, f.first_direct_max, f.first_diplomatic_min, f.first_diplomatic_max,
  f.since_known_min, f.since_known_max, f.first_contact_id,
  f.attempts, f.through, f.direct, f.diplomatic, f.basis, f.late_entry`

// factsRow is facts with room for what may be null.
type factsRow struct {
	hotline.Facts
	deadline [2]sql.NullInt64
	bounds   [5][2]sql.NullInt64
}

func (r *factsRow) dest() []any {
	f := &r.Facts
	d := make([]any, 0, 36)
	d = append(d, &f.Rule.Severity, &f.Rule.Region, &f.Rule.Need, &f.Rule.WithinS, &r.deadline[0], &r.deadline[1])
	for i := range f.Phase {
		p := &f.Phase[i]
		d = append(d, &p.Best, &p.Worst, &p.StrictBest, &p.StrictWorst)
	}
	for i := range r.bounds {
		d = append(d, &r.bounds[i][0], &r.bounds[i][1])
	}
	return append(d, &f.FirstContactID, &f.Attempts, &f.Through, &f.Direct, &f.Diplomatic, &f.Basis, &f.LateEntry)
}

// boundsOf lists the bounds of facts in the order of their columns.
func boundsOf(f *hotline.Facts) [5]**hotline.Bounds {
	return [...]**hotline.Bounds{&f.FirstAttempt, &f.FirstContact, &f.FirstDirect, &f.FirstDiplomatic, &f.SinceKnown}
}

// facts gives what was read.
func (r *factsRow) facts() hotline.Facts {
	r.DeadlineFrom, r.DeadlineTo = hotline.Millis(r.deadline[0].Int64), hotline.Millis(r.deadline[1].Int64)
	for i, b := range boundsOf(&r.Facts) {
		if v := r.bounds[i]; v[0].Valid {
			*b = &hotline.Bounds{Min: hotline.Millis(v[0].Int64), Max: hotline.Millis(v[1].Int64)}
		}
	}
	return r.Facts
}

// factsArgs is the other direction, for insertFacts from $5 on.
func factsArgs(f hotline.Facts) []any {
	args := []any{f.Rule.Severity, f.Rule.Region, f.Rule.Need, f.Rule.WithinS}
	if f.HasDeadline() {
		args = append(args, f.DeadlineFrom, f.DeadlineTo)
	} else {
		args = append(args, nil, nil)
	}
	for _, p := range f.Phase {
		args = append(args, p.Best, p.Worst, p.StrictBest, p.StrictWorst)
	}
	for _, b := range boundsOf(&f) {
		if *b == nil {
			args = append(args, nil, nil)
		} else {
			args = append(args, (*b).Min, (*b).Max)
		}
	}
	return append(args, f.FirstContactID, f.Attempts, f.Through, f.Direct, f.Diplomatic, f.Basis, bit(f.LateEntry))
}

const currentFacts = `select ` + factsColumns + `, f.revision from incident_facts f
where f.incident_id = $1 and f.valid_to = 4611686018427387903`

// firstFacts asks the rule about an incident that is new: no contact is linked
// to it yet.
func (c *change) firstFacts(ctx context.Context, inc *incidents.Incident) error {
	facts, err := c.factsOf(ctx, inc, nil)
	if err != nil {
		return err
	}
	return c.insertFacts(ctx, inc.ID, 1, facts)
}

// refreshFacts asks the rule again about an incident as it now stands. What
// has not changed gets no new version.
func (c *change) refreshFacts(ctx context.Context, inc *incidents.Incident) error {
	t := c.t
	linked, err := asker{t.s, t}.linkedTo(ctx, []incidents.ID{inc.ID}, 0)
	if err != nil {
		return err
	}
	facts, err := c.factsOf(ctx, inc, linked[inc.ID])
	if err != nil {
		return err
	}
	var before factsRow
	revision := 0
	err = t.row(ctx, currentFacts, inc.ID).Scan(append(before.dest(), &revision)...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return t.s.fault(err)
	case reflect.DeepEqual(before.facts(), facts):
		return nil
	default:
		if err := c.exec(ctx, closeFacts, t.at, inc.ID); err != nil {
			return err
		}
	}
	return c.insertFacts(ctx, inc.ID, revision+1, facts)
}

func (c *change) factsOf(ctx context.Context, inc *incidents.Incident, linked []hotline.Linked) (hotline.Facts, error) {
	policy, err := c.t.policy(ctx, inc.PolicyVersion)
	if err != nil {
		return hotline.Facts{}, err
	}
	return hotline.FactsOf(*inc, policy.For(inc.Record.Severity, inc.Derived.Region), linked), nil
}

func (c *change) insertFacts(ctx context.Context, id incidents.ID, revision int, facts hotline.Facts) error {
	args := append([]any{id, revision, c.t.at, incidents.Forever}, factsArgs(facts)...)
	_, err := c.insert(ctx, "incident_facts", insertFacts, args...)
	return err
}

// refreshFactsOf asks the rule about several incidents, after a contact of
// theirs has changed, and takes away the check of the contacts.
func (c *change) refreshFactsOf(ctx context.Context, ids []incidents.ID) error {
	for _, id := range ids {
		inc, err := c.t.s.Incident(ctx, id, 0)
		if err != nil {
			return err
		}
		if inc, err = c.contactsChanged(ctx, inc); err != nil {
			return err
		}
		if err := c.refreshFacts(ctx, &inc); err != nil {
			return err
		}
	}
	return nil
}
