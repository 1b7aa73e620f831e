package store

import (
	"context"
	"encoding/json"
	"fmt"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

const insertWorkflow = `insert into workflow_rev (
  incident_id, revision, valid_from, valid_to, recorded_by, reason, action, content)
values ($1, $2, $3, $4, $5, $6, $7, $8) returning *`

const closeWorkflow = `update workflow_rev set valid_to = $1 where incident_id = $2 and valid_to = 4611686018427387903`

const workflowColumns = `w.incident_id, w.revision, w.valid_from, w.recorded_by, w.reason, w.action, w.content`

func scanWorkflow(row scanner) (w incidents.Workflow, err error) {
	var content []byte
	if err := row.Scan(&w.IncidentID, &w.Revision, &w.RecordedAt, &w.RecordedBy, &w.Reason, &w.Action, &content); err != nil {
		return w, err
	}
	if err := json.Unmarshal(content, &w); err != nil {
		return w, fmt.Errorf("read the workflow of incident %s: %w", w.IncidentID, err)
	}
	return w, nil
}

const workflowAt = `select ` + workflowColumns + ` from workflow_rev w
where w.incident_id = $1 and w.valid_from <= $2 and $2 < w.valid_to`

// Workflow gives the workflow of an incident at a moment. One of which nothing
// was written has revision 0.
func (s *Store) Workflow(ctx context.Context, id incidents.ID, asOf incidents.Millis) (incidents.Workflow, error) {
	w, err := one(ctx, s.ask(ctx), "", workflowAt, []any{id, asOfOr(asOf)}, scanWorkflow)
	if fault.Is(err, fault.NotFound) {
		return incidents.Workflow{IncidentID: id}, nil
	}
	return w, err
}

// Workflows gives the workflows of several incidents at a moment, those of
// which anything was written.
func (s *Store) Workflows(ctx context.Context, ids []incidents.ID, asOf incidents.Millis) (map[incidents.ID]incidents.Workflow, error) {
	return s.ask(ctx).workflows(ctx, ids, asOf)
}

// workflowBatch is how many ids one question names.
const workflowBatch = 500

func (q asker) workflows(ctx context.Context, ids []incidents.ID, asOf incidents.Millis) (map[incidents.ID]incidents.Workflow, error) {
	found := make(map[incidents.ID]incidents.Workflow, len(ids))
	for len(ids) > 0 {
		batch := ids[:min(len(ids), workflowBatch)]
		ids = ids[len(batch):]
		w := &where{}
		w.and("w.incident_id in " + list(w, batch))
		w.and(w.version("w", asOf))
		err := q.each(ctx, `select `+workflowColumns+` from workflow_rev w where `+w.String(), w.args, func(row scanner) error {
			flow, err := scanWorkflow(row)
			found[flow.IncidentID] = flow
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

const workflowRevisions = `select ` + workflowColumns + ` from workflow_rev w
where w.incident_id = $1 and w.valid_from <= $2 order by w.revision`

// WorkflowRevisions gives the history of a workflow up to a moment, oldest
// first.
func (s *Store) WorkflowRevisions(ctx context.Context, id incidents.ID, asOf incidents.Millis) ([]incidents.Workflow, error) {
	return all(ctx, s.ask(ctx), workflowRevisions, []any{id, asOfOr(asOf)}, scanWorkflow)
}

// SetWorkflow writes the next revision of a workflow.
func (s *Store) SetWorkflow(ctx context.Context, actor access.Actor, w incidents.Workflow) (incidents.Workflow, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		if ok, err := t.exists(ctx, incidentExists, w.IncidentID); err != nil || !ok {
			return orFault(err, noIncident)
		}
		before, err := s.Workflow(ctx, w.IncidentID, 0)
		if err != nil {
			return err
		}
		if w.Revision != before.Revision {
			return stale("incident", w.Revision, before.Revision, before.RecordedBy)
		}
		c := t.change(actor, "incident."+w.Action, "incident/"+string(w.IncidentID))
		if err := c.writeWorkflow(ctx, &w); err != nil {
			return err
		}
		return c.done(ctx, w.Revision, nil)
	})
	if err != nil {
		return incidents.Workflow{}, err
	}
	return w, nil
}

// writeWorkflow writes the next revision of a workflow as part of a change.
// What has no time yet happened now.
func (c *change) writeWorkflow(ctx context.Context, w *incidents.Workflow) error {
	now := c.t.at
	w.Revision, w.RecordedAt, w.RecordedBy = w.Revision+1, now, c.actor.Name
	checks := append([]incidents.Check(nil), w.Checks...)
	for i := range checks {
		if checks[i].At == 0 {
			checks[i].At = now
		}
	}
	w.Checks = checks
	if w.Returned != nil && w.Returned.At == 0 {
		remark := *w.Returned
		remark.At, w.Returned = now, &remark
	}
	if w.Holder != "" && w.HeldSince == 0 {
		w.HeldSince = now
	}
	if w.FlaggedBy != "" && w.FlaggedAt == 0 {
		w.FlaggedAt = now
	}
	content, err := encode(w)
	if err != nil {
		return fmt.Errorf("write the workflow of incident %s: %w", w.IncidentID, err)
	}
	if err := c.exec(ctx, closeWorkflow, now, w.IncidentID); err != nil {
		return err
	}
	_, err = c.insert(ctx, "workflow_rev", insertWorkflow,
		w.IncidentID, w.Revision, now, incidents.Forever, w.RecordedBy, w.Reason, w.Action, content)
	return err
}

// contactsChanged takes the check of the contacts away from an incident whose
// contacts have changed, and gives the incident as it then stands.
func (c *change) contactsChanged(ctx context.Context, inc incidents.Incident) (incidents.Incident, error) {
	w, err := c.t.s.Workflow(ctx, inc.ID, 0)
	if err != nil {
		return inc, err
	}
	status, after, changed := incidents.AfterContacts(inc.Status, w)
	if !changed {
		return inc, nil
	}
	if err := c.writeWorkflow(ctx, &after); err != nil || status == inc.Status {
		return inc, err
	}
	before := inc
	inc.Status, inc.Reason = status, after.Reason
	c.next(&inc, before)
	return inc, c.putIncident(ctx, &inc)
}

// flagged finds the mark in the text of a workflow. Within a string JSON writes
// a quotation mark with a backslash, so that no remark is taken for it.
const flagged = `%"flagged_by":"%`

// Flagged gives the incidents that were flagged at a moment and stood open.
func (s *Store) Flagged(ctx context.Context, asOf incidents.Millis) (list []incidents.Flagged, err error) {
	w := &where{}
	w.and(w.version("w", asOf))
	w.and("w.content like " + w.arg(flagged))
	w.and(w.version("r", asOf))
	w.and("r.status in ('submitted', 'verified')")
	text := `select ` + incidentColumns + ` from workflow_rev w join incident_rev r on r.id = w.incident_id where ` + w.String() + `
order by r.number_key, r.id`
	err = s.read(ctx, func(q asker) error {
		found, err := all(ctx, q, text, w.args, scanIncident)
		if err != nil {
			return err
		}
		var ids []incidents.ID
		for _, inc := range found {
			ids = append(ids, inc.ID)
		}
		flows, err := q.workflows(ctx, ids, asOf)
		for _, inc := range found {
			list = append(list, incidents.Flagged{Incident: inc, Workflow: flows[inc.ID]})
		}
		return err
	})
	return list, err
}

// queueWhere are the reports that wait for a check.
func queueWhere(exercise string) *where {
	w := &where{}
	w.and("r.valid_to = 4611686018427387903 and r.status = 'submitted'")
	w.exercise("r", exercise)
	return w
}

// Queue gives the reports that wait for a check, those that have waited
// longest first.
func (s *Store) Queue(ctx context.Context, exercise string, limit int) (queue []incidents.Waiting, total int, err error) {
	w := queueWhere(exercise)
	count, countArgs := `select count(*) from incident_rev r where `+w.String(), w.args
	text := `select ` + incidentColumns + `, coalesce(r.waiting_since, r.first_recorded_at),
  (select f.recorded_by from incident_rev f where f.id = r.id and f.revision = 1)
from incident_rev r where ` + w.String() + `
order by coalesce(r.waiting_since, r.first_recorded_at), r.id limit ` + w.arg(limit)
	err = s.read(ctx, func(q asker) error {
		if err := q.oneRow(ctx, count, countArgs...).Scan(&total); err != nil {
			return s.fault(err)
		}
		var ids []incidents.ID
		err := q.each(ctx, text, w.args, func(row scanner) error {
			var one incidents.Waiting
			var err error
			one.Incident, err = scanIncident(scanRest{row, []any{&one.Since, &one.Author}})
			queue, ids = append(queue, one), append(ids, one.Incident.ID)
			return err
		})
		if err != nil {
			return err
		}
		flows, err := q.workflows(ctx, ids, 0)
		for i := range queue {
			queue[i].Workflow = flows[queue[i].Incident.ID]
		}
		return err
	})
	return queue, total, err
}

// QueueCount counts the reports that wait for a check and are no exercise, up
// to a number.
func (s *Store) QueueCount(ctx context.Context, most int) (n int, err error) {
	w := queueWhere("")
	text := `select count(*) from (select 1 from incident_rev r where ` + w.String() + ` limit ` + w.arg(most) + `)`
	err = s.ask(ctx).oneRow(ctx, text, w.args...).Scan(&n)
	return n, s.fault(err)
}

// verificationTimes leaves out what came into the log verified: nobody waited
// for that.
const verificationTimes = `select v.at - coalesce(
    (select min(f.valid_from) from incident_rev f where f.id = v.id and f.status = 'submitted'), v.at) as took
from (select id, min(valid_from) as at from incident_rev where status = 'verified' group by id having min(valid_from) >= $1) v
where took > 0`

// VerificationTimes gives how long reports waited that were first verified
// since a moment.
func (s *Store) VerificationTimes(ctx context.Context, since incidents.Millis) ([]incidents.Millis, error) {
	return all(ctx, s.ask(ctx), verificationTimes, []any{since}, value[incidents.Millis])
}

// Retractions gives what was once in the log and is retracted, newest first. A
// draft that was thrown away was never there.
func (s *Store) Retractions(ctx context.Context, since, asOf incidents.Millis, limit int) ([]incidents.Incident, error) {
	w := &where{}
	w.and("r.status = 'retracted'")
	w.and(w.version("r", asOf))
	w.and("r.valid_from >= " + w.arg(since))
	w.and("exists (select 1 from incident_rev e where e.id = r.id and e.status in ('submitted', 'verified', 'closed'))")
	text := `select ` + incidentColumns + ` from incident_rev r where ` + w.String() + `
order by r.valid_from desc, r.id desc limit ` + w.arg(limit)
	return all(ctx, s.ask(ctx), text, w.args, scanIncident)
}

// MergedFrom gives the duplicates that point to an incident, in the order of
// their numbers.
func (s *Store) MergedFrom(ctx context.Context, id incidents.ID, asOf incidents.Millis) ([]incidents.Incident, error) {
	w := &where{}
	w.and("r.merged_into = " + w.arg(id))
	w.and(w.version("r", asOf))
	text := `select ` + incidentColumns + ` from incident_rev r where ` + w.String() + ` order by r.number_key, r.id`
	return all(ctx, s.ask(ctx), text, w.args, scanIncident)
}
