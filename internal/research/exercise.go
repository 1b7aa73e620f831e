package research

import (
	"context"
	"fmt"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/testdata"
)

// ExerciseSource is the name under which exercise records are kept.
const ExerciseSource = "exercise"

// exercise is a real incident of the sample moved to the hours around the first
// start, with the calls that are made up for it.
type exercise struct {
	id        string // of the real record
	ago       time.Duration
	precision incidents.Precision
	calls     []call
}

// call is a made-up contact: so long before the first start, over a line of
// the register.
type call struct {
	ago              time.Duration
	line             string
	outcome, purpose string
	summary          string
}

// exercises are chosen so that the first board shows every kind of waiting:
// deadlines ahead, one tried in vain, one that the hour alone leaves open, one
// known too late, and one where the call was made.
var exercises = []exercise{
	{"2023-05-05-pl-l410-su35", 2*time.Hour + 34*time.Minute, incidents.Exact, nil},
	{"2025-09-19-ee-mig31-vaindloo", 54 * time.Minute, incidents.Exact, []call{
		{41 * time.Minute, "ch-nato-ru-mil", "no_answer", "clarify", "Rang for two minutes; nobody answered."},
		{23 * time.Minute, "ch-nato-ru-mil", "refused", "clarify", "The duty officer answered and would not take the call."}}},
	{"2022-09-29-raf-rc135-missile", 41 * time.Minute, incidents.Exact, nil},
	{"2016-09-22-tu160-icelandic-airliner", 24 * time.Hour, incidents.Day, nil},
	{"2025-09-19-pl-petrobaltic-low-pass", 23*time.Hour + 40*time.Minute, incidents.Hour, nil}, // its deadline is in the hour, or begins within twenty minutes, whatever the clock says
	{"2018-02-14-mock-attack-vardo", 16*time.Hour + 12*time.Minute, incidents.Hour, nil},
	{"2024-06-14-se-su24-gotland", 11*time.Hour + 32*time.Minute, incidents.Exact, []call{
		{10*time.Hour + 5*time.Minute, "ch-nato-ru-mil", "no_answer", "clarify", "No answer."},
		{9*time.Hour + 40*time.Minute, "ch-nato-ru-mil", "connected", "de_escalate", "Both sides gave their account; the other side will look into it."}}},
}

// LoadExercise puts the exercise incidents into the log, their times set around
// now. A log that has any of them keeps what it has.
func (im *Importer) LoadExercise(ctx context.Context, now time.Time) error {
	if _, err := im.Store.IncidentBySource(ctx, ExerciseSource, exercises[0].id); !fault.Is(err, fault.NotFound) {
		return err
	}
	real, err := sampleRecords()
	if err != nil {
		return err
	}
	return im.Store.InTx(ctx, func(ctx context.Context) error {
		for _, ex := range exercises {
			rec, ok := real[ex.id]
			if !ok {
				return fmt.Errorf("exercise: the sample has no record %s", ex.id)
			}
			if err := im.loadOne(ctx, ex, rec, now); err != nil {
				return fmt.Errorf("exercise %s: %w", ex.id, err)
			}
		}
		return nil
	})
}

func (im *Importer) loadOne(ctx context.Context, ex exercise, rec incidents.Record, now time.Time) error {
	rec = moved(rec, ex, now)
	rec.Marking = im.Marking
	r := run{Importer: im}
	place := r.place(&rec)
	reason := importReason + "exercise"
	inc, _, err := im.Store.CreateIncident(ctx, im.Actor, incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted, Record: rec, Derived: place, Reason: reason})
	if err != nil {
		return err
	}
	for i, call := range ex.calls {
		l, err := im.Store.LineBySource(ctx, Source, call.line)
		if err != nil {
			return err
		}
		c := hotline.Contact{ID: hotline.ContactID(newID()), LineID: l.ID, Channel: hotline.Channel{Name: l.Name, Parties: l.Parties, Kind: l.Kind},
			Start: incidents.At(now.Add(-call.ago), incidents.Exact, ""), Direction: "NATO->RU", Initiators: []string{"NATO"}, Answerers: []string{"RU"},
			Outcome: call.outcome, Purpose: call.purpose, Summary: call.summary, Exercise: true, Marking: im.Marking,
			Source: ExerciseSource, SourceID: fmt.Sprintf("%s-call-%d", ex.id, i+1), Meta: hotline.Meta{Reason: reason}}
		link := hotline.Link{IncidentID: inc.ID, Relation: "prompted_by", Linked: true, Meta: hotline.Meta{Reason: reason}}
		if _, _, err := im.Store.CreateContact(ctx, im.Actor, c, []hotline.Link{link}); err != nil {
			return err
		}
	}
	return nil
}

// moved sets a real record into the exercise: its time, whose silence counts,
// and no word of the real answer to it.
func moved(rec incidents.Record, ex exercise, now time.Time) incidents.Record {
	was := rec.Start
	at := now.Add(-ex.ago)
	if ex.precision == incidents.Hour {
		at = at.Truncate(time.Hour)
	}
	rec.Start, rec.End = incidents.At(at, ex.precision, ""), incidents.Moment{}
	rec.Source, rec.SourceID = ExerciseSource, ex.id
	rec.Exercise, rec.Absence = true, "own_log"
	rec.Searches, rec.ReportedResponse = nil, ""
	rec.Narrative = "Exercise: the real incident was on " + was.String() + "; its date was moved and its calls are made up. " + rec.Narrative
	return rec
}

// sampleRecords reads the real incidents of the sample, by id.
func sampleRecords() (map[string]incidents.Record, error) {
	f, err := testdata.Research.Open("research/incidents.ndjson")
	if err != nil {
		return nil, fmt.Errorf("open the sample: %w", err)
	}
	defer f.Close()
	out := map[string]incidents.Record{}
	err = each(File{Name: "incidents.ndjson", Reader: f}, func(e entry) error {
		if e.incident != nil {
			out[e.incident.record.SourceID] = e.incident.record
		}
		return nil
	})
	return out, err
}
