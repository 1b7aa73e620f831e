package storetest

import (
	"testing"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// report makes a submitted report that is no exercise and has no source.
func (r source) report() incidents.Incident {
	inc := r.incident()
	inc.Status, inc.Record.Exercise, inc.Record.Source, inc.Record.SourceID = incidents.Submitted, false, "", ""
	return inc
}

// checked ticks fields of an incident, as berg.
func checked(t *testing.T, s *store.Store, id incidents.ID, fields ...string) incidents.Workflow {
	t.Helper()
	w := must(s.Workflow(t.Context(), id, 0))(t)
	w.Checks, w.Action = nil, "check"
	for _, f := range fields {
		w.Checks = append(w.Checks, incidents.Check{Field: f, By: "berg"})
	}
	return must(s.SetWorkflow(t.Context(), supervisor, w))(t)
}

func fieldsOf(w incidents.Workflow) (fields []string) {
	for _, c := range w.Checks {
		fields = append(fields, c.Field)
	}
	return fields
}

func testWorkflow(t *testing.T, s *store.Store) {
	setClock(s, time.Minute)
	r := newSource(60)
	inc, other := create(t, s, r.report()), create(t, s, r.report())
	none := must(s.Workflow(t.Context(), inc.ID, 0))(t)
	same(t, "nothing written", none, incidents.Workflow{IncidentID: inc.ID})
	before := none
	before.Action, before.Holder = "hold", "hansen"
	held := must(s.SetWorkflow(t.Context(), officer, before))(t)
	if held.Revision != 1 || held.RecordedBy != "hansen" || held.HeldSince != held.RecordedAt || held.RecordedAt == 0 {
		t.Fatalf("held: %+v", held)
	}
	next := held
	next.Action, next.Reason, next.Returned = "return", "over land", &incidents.Remark{Text: "over land", By: "berg"}
	next.Checks = []incidents.Check{{Field: "time", By: "berg"}, {Field: "nations", By: "lund", At: 5}}
	returned := must(s.SetWorkflow(t.Context(), supervisor, next))(t)
	if returned.Checks[0].At != returned.RecordedAt || returned.Checks[1].At != 5 || returned.Returned.At != returned.RecordedAt || returned.HeldSince != held.RecordedAt {
		t.Fatalf("returned: %+v", returned)
	}
	if next.Checks[0].At != 0 || next.Returned.At != 0 {
		t.Error("what the caller holds was written to")
	}
	same(t, "now", must(s.Workflow(t.Context(), inc.ID, 0))(t), returned)
	same(t, "history", must(s.WorkflowRevisions(t.Context(), inc.ID, 0))(t), []incidents.Workflow{held, returned})
	same(t, "history as of", must(s.WorkflowRevisions(t.Context(), inc.ID, held.RecordedAt))(t), []incidents.Workflow{held})
	for _, at := range []struct {
		asOf incidents.Millis
		want incidents.Workflow
	}{{held.RecordedAt - 1, none}, {held.RecordedAt, held}, {returned.RecordedAt - 1, held}, {returned.RecordedAt, returned}} {
		same(t, "as of", must(s.Workflow(t.Context(), inc.ID, at.asOf))(t), at.want)
	}
	got := must(s.Workflows(t.Context(), []incidents.ID{inc.ID, other.ID}, 0))(t)
	same(t, "of several", got, map[incidents.ID]incidents.Workflow{inc.ID: returned})
	same(t, "of several as of", must(s.Workflows(t.Context(), []incidents.ID{inc.ID}, held.RecordedAt))(t), map[incidents.ID]incidents.Workflow{inc.ID: held})

	entriesBefore := entries(t, s)
	_, err := s.SetWorkflow(t.Context(), supervisor, next)
	wantKind(t, err, fault.Conflict)
	_, err = s.SetWorkflow(t.Context(), supervisor, incidents.Workflow{IncidentID: incidents.NewID(), Action: "hold"})
	wantKind(t, err, fault.NotFound)
	if entries(t, s) != entriesBefore {
		t.Error("a refused change left an entry")
	}
	whole(t, s)
}

// testChecksFall: what a change of the record or of a contact does to the
// checks and to the state of the report is written with it.
func testChecksFall(t *testing.T, s *store.Store) {
	setClock(s, time.Minute)
	r := newSource(61)
	all := incidents.RiskyFields.Codes()
	inc := create(t, s, r.report())
	checked(t, s, inc.ID, all...)
	inc.Status = incidents.Verified
	inc = must(s.ReviseIncident(t.Context(), supervisor, inc))(t)
	verifiedAt := inc.RecordedAt
	if inc.Status != incidents.Verified {
		t.Fatalf("verified: %s", inc.Status)
	}

	inc.Record.Narrative = "In other words."
	inc = must(s.ReviseIncident(t.Context(), officer, inc))(t)
	same(t, "after the narrative", fieldsOf(must(s.Workflow(t.Context(), inc.ID, 0))(t)), all)
	if inc.Status != incidents.Verified {
		t.Errorf("a change of the narrative leaves it %s", inc.Status)
	}

	inc.Record.Severity = map[bool]string{true: "serious", false: "high_risk"}[inc.Record.Severity == "high_risk"]
	inc = must(s.ReviseIncident(t.Context(), officer, inc))(t)
	same(t, "after the severity", fieldsOf(must(s.Workflow(t.Context(), inc.ID, 0))(t)), []string{"time", "position", "nations", "contacts"})
	if inc.Status != incidents.Submitted {
		t.Errorf("a change of the severity leaves it %s", inc.Status)
	}
	same(t, "as of the check", fieldsOf(must(s.Workflow(t.Context(), inc.ID, verifiedAt))(t)), all)
	if was := must(s.Incident(t.Context(), inc.ID, verifiedAt))(t); was.Status != incidents.Verified {
		t.Errorf("as of the check it is %s", was.Status)
	}

	checked(t, s, inc.ID, all...)
	inc.Status = incidents.Verified
	inc = must(s.ReviseIncident(t.Context(), supervisor, inc))(t)
	other := create(t, s, r.report()) // its contacts were never checked
	contact := r.contact(inc)
	stored, _, err := s.CreateContact(t.Context(), officer, contact, []hotline.Link{{IncidentID: inc.ID, Relation: "discussed"}, {IncidentID: other.ID, Relation: "discussed"}})
	check(t, err)
	now := must(s.Incident(t.Context(), inc.ID, 0))(t)
	if now.Status != incidents.Submitted || now.Revision != inc.Revision+1 || now.RecordedBy != "hansen" || now.Reason == "" || now.Number != inc.Number {
		t.Errorf("after a contact: %+v", now)
	}
	if still := must(s.Incident(t.Context(), other.ID, 0))(t); still.Revision != other.Revision {
		t.Error("a contact revised an incident whose contacts were not checked")
	}
	same(t, "after a contact", fieldsOf(must(s.Workflow(t.Context(), inc.ID, 0))(t)), all[:4])

	for name, change := range map[string]func() error{
		"contact": func() error {
			stored.Summary += " More."
			var err error
			stored, err = s.ReviseContact(t.Context(), officer, stored)
			return err
		},
		"link": func() error {
			return s.SetLink(t.Context(), officer, hotline.Link{ContactID: stored.ID, IncidentID: inc.ID, Relation: "coincident", Linked: true})
		},
	} {
		checked(t, s, inc.ID, "time", "contacts")
		check(t, change())
		same(t, "after a change of the "+name, fieldsOf(must(s.Workflow(t.Context(), inc.ID, 0))(t)), []string{"time"})
	}
	whole(t, s)
}

func testQueue(t *testing.T, s *store.Store) {
	setClock(s, time.Minute)
	r := newSource(62)
	first, second, verified := create(t, s, r.report()), create(t, s, r.report()), create(t, s, r.report())
	exercise, draft := r.report(), r.report()
	exercise.Record.Exercise, draft.Status = true, incidents.Draft
	exercise, draft = create(t, s, exercise), create(t, s, draft)
	verified.Status = incidents.Verified
	verified = must(s.ReviseIncident(t.Context(), supervisor, verified))(t)
	first.Record.Narrative = "Written again."
	first = must(s.ReviseIncident(t.Context(), supervisor, first))(t) // has waited as long as before
	ticked := checked(t, s, second.ID, "time")

	queue := func(exercise string, limit int, want int) (got []incidents.ID, list []incidents.Waiting) {
		t.Helper()
		list, total, err := s.Queue(t.Context(), exercise, limit)
		check(t, err)
		if total != want {
			t.Errorf("%d in the queue, want %d", total, want)
		}
		for _, w := range list {
			got = append(got, w.Incident.ID)
		}
		return got, list
	}
	got, list := queue("", 10, 2)
	same(t, "queue", got, []incidents.ID{first.ID, second.ID})
	same(t, "first of the queue", list[0], incidents.Waiting{Incident: first, Since: first.FirstRecordedAt, Author: "hansen"})
	same(t, "second of the queue", list[1], incidents.Waiting{Incident: second, Since: second.FirstRecordedAt, Author: "hansen", Workflow: ticked})
	got, _ = queue("include", 2, 3)
	same(t, "cut queue", got, []incidents.ID{first.ID, second.ID})
	got, _ = queue("only", 10, 1)
	same(t, "exercise queue", got, []incidents.ID{exercise.ID})

	// What was verified and is submitted again has waited from then on.
	verified.Status = incidents.Submitted
	verified = must(s.ReviseIncident(t.Context(), officer, verified))(t)
	draft.Status = incidents.Submitted
	draft = must(s.ReviseIncident(t.Context(), officer, draft))(t)
	got, list = queue("", 10, 4)
	same(t, "queue later", got, []incidents.ID{first.ID, second.ID, verified.ID, draft.ID})
	if list[2].Since != verified.RecordedAt || list[3].Since != draft.RecordedAt {
		t.Errorf("waiting since %d and %d, want %d and %d", list[2].Since, list[3].Since, verified.RecordedAt, draft.RecordedAt)
	}
	for most, want := range map[int]int{10: 4, 3: 3} {
		if n := must(s.QueueCount(t.Context(), most))(t); n != want {
			t.Errorf("count up to %d: %d, want %d", most, n, want)
		}
	}
	whole(t, s)
}

func testVerificationTimes(t *testing.T, s *store.Store) {
	c := setClock(s, 0)
	r := newSource(63)
	verify := func(inc incidents.Incident, after time.Duration) incidents.Incident {
		t.Helper()
		c.set(inc.FirstRecordedAt.Time().Add(after))
		inc.Status = incidents.Verified
		return must(s.ReviseIncident(t.Context(), supervisor, inc))(t)
	}
	at := func(after time.Duration, status incidents.Status) incidents.Incident {
		t.Helper()
		c.set(Begin.Add(after))
		inc := r.report()
		inc.Status = status
		return create(t, s, inc)
	}
	early := verify(at(0, incidents.Submitted), 10*time.Minute)
	draft := at(time.Hour, incidents.Draft)
	c.set(Begin.Add(2 * time.Hour))
	draft.Status = incidents.Submitted
	draft = must(s.ReviseIncident(t.Context(), officer, draft))(t)
	verify(draft, 3*time.Hour) // two of them after it was submitted
	at(5*time.Hour, incidents.Verified)
	at(6*time.Hour, incidents.Submitted)
	// Only the first verification counts.
	early.Status = incidents.Submitted
	early.RecordedAt = 0
	c.set(Begin.Add(7 * time.Hour))
	early = must(s.ReviseIncident(t.Context(), officer, early))(t)
	c.set(Begin.Add(8 * time.Hour))
	early.Status = incidents.Verified
	must(s.ReviseIncident(t.Context(), supervisor, early))(t)

	ms := func(d time.Duration) incidents.Millis { return incidents.Millis(d.Milliseconds()) }
	for since, want := range map[time.Duration][]incidents.Millis{0: {ms(10 * time.Minute), ms(2 * time.Hour)}, time.Hour: {ms(2 * time.Hour)}, 9 * time.Hour: nil} {
		got := must(s.VerificationTimes(t.Context(), incidents.MillisOf(Begin.Add(since))))(t)
		seen := map[incidents.Millis]int{}
		for _, x := range got {
			seen[x]++
		}
		for _, x := range want {
			seen[x]--
		}
		for x, n := range seen {
			if n != 0 {
				t.Errorf("since %v: %v, want %v (%d)", since, got, want, x)
			}
		}
	}
}

func testMergedAndRetracted(t *testing.T, s *store.Store) {
	setClock(s, time.Minute)
	r := newSource(64)
	stays, gone, wrong, draft := create(t, s, r.report()), create(t, s, r.report()), create(t, s, r.report()), r.report()
	draft.Status = incidents.Draft
	draft = create(t, s, draft)
	begun := incidents.MillisOf(s.Now())
	hold := incidents.Workflow{IncidentID: gone.ID, Action: "hold", Holder: "hansen"}
	must(s.SetWorkflow(t.Context(), officer, hold))(t)
	draft.Status = incidents.Retracted
	must(s.ReviseIncident(t.Context(), officer, draft))(t)
	number := gone.Number
	gone.Status, gone.MergedInto, gone.Reason = incidents.Retracted, stays.ID, "Duplicate."
	gone = must(s.ReviseIncident(t.Context(), supervisor, gone))(t)
	wrong.Status, wrong.Reason = incidents.Retracted, "Never happened."
	wrong = must(s.ReviseIncident(t.Context(), supervisor, wrong))(t)

	same(t, "the old number", must(s.IncidentByNumber(t.Context(), number))(t), gone)
	if gone.MergedInto != stays.ID {
		t.Errorf("merged into %q", gone.MergedInto)
	}
	if w := must(s.Workflow(t.Context(), gone.ID, 0))(t); w.Holder != "" || w.Revision != 2 {
		t.Errorf("still held: %+v", w)
	}
	same(t, "what was merged", must(s.MergedFrom(t.Context(), stays.ID, 0))(t), []incidents.Incident{gone})
	same(t, "what was merged before", must(s.MergedFrom(t.Context(), stays.ID, gone.RecordedAt-1))(t), []incidents.Incident(nil))
	for name, test := range map[string]struct {
		since, asOf incidents.Millis
		limit       int
		want        []incidents.Incident
	}{
		"all":          {0, 0, 10, []incidents.Incident{wrong, gone}},
		"newest":       {0, 0, 1, []incidents.Incident{wrong}},
		"since":        {wrong.RecordedAt, 0, 10, []incidents.Incident{wrong}},
		"since later":  {wrong.RecordedAt + 1, 0, 10, nil},
		"as of":        {0, gone.RecordedAt, 10, []incidents.Incident{gone}},
		"as of before": {0, begun, 10, nil},
	} {
		same(t, name, must(s.Retractions(t.Context(), test.since, test.asOf, test.limit))(t), test.want)
	}
	whole(t, s)
}

func testFlagged(t *testing.T, s *store.Store) {
	setClock(s, time.Minute)
	r := newSource(66)
	kept, closed, remarked, gone := create(t, s, r.report()), create(t, s, r.report()), create(t, s, r.report()), create(t, s, r.report())
	flag := func(id incidents.ID) incidents.Workflow {
		return must(s.SetWorkflow(t.Context(), officer, incidents.Workflow{IncidentID: id, Action: "flag", FlaggedBy: "hansen"}))(t)
	}
	before := incidents.MillisOf(s.Now())
	w := flag(kept.ID)
	if w.FlaggedAt != w.RecordedAt {
		t.Errorf("flagged at %d, recorded at %d", w.FlaggedAt, w.RecordedAt)
	}
	flag(closed.ID)
	flag(gone.ID)
	remark := incidents.Workflow{IncidentID: remarked.ID, Action: "return", Returned: &incidents.Remark{Text: `he wrote "flagged_by":"x"`, By: "berg"}}
	must(s.SetWorkflow(t.Context(), supervisor, remark))(t)
	closed.Status = incidents.Closed
	must(s.ReviseIncident(t.Context(), supervisor, closed))(t)
	gone.Status, gone.Reason = incidents.Retracted, "Never happened."
	must(s.ReviseIncident(t.Context(), supervisor, gone))(t)
	same(t, "retracted", must(s.Workflow(t.Context(), gone.ID, 0))(t).FlaggedBy, "")

	want := []incidents.Flagged{{Incident: kept, Workflow: w}}
	same(t, "flagged", must(s.Flagged(t.Context(), 0))(t), want)
	same(t, "before", must(s.Flagged(t.Context(), before))(t), []incidents.Flagged(nil))
	w.FlaggedBy, w.FlaggedAt, w.Action = "", 0, "unflag"
	off := must(s.SetWorkflow(t.Context(), officer, w))(t)
	same(t, "taken off", must(s.Flagged(t.Context(), 0))(t), []incidents.Flagged(nil))
	same(t, "as of before it was taken off", must(s.Flagged(t.Context(), off.RecordedAt-1))(t), want)
}
