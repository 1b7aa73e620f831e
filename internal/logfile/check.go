package logfile

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// maxAhead is how far a clock may be ahead of ours.
const maxAhead = 5 * time.Minute

// checker refuses records that no log can hold. A file may come from anywhere,
// and what a form would never let in must not come this way; that a record says
// what somebody once entered is taken on trust, as with any copy of a log.
type checker struct {
	now       incidents.Millis // the latest that anything may be known since
	incidents map[incidents.ID]bool
	merged    []incidents.ID
}

// words are values that must come from a list.
type words []struct {
	name, value string
	list        incidents.Vocabulary
	may         bool // be empty
}

func (w words) check() error {
	for _, x := range w {
		if !x.list.Has(x.value) && !(x.may && x.value == "") {
			return fmt.Errorf("%s: “%.40s” is not accepted; accepted: %s", x.name, x.value, x.list.Accepted())
		}
	}
	return nil
}

func checkID[T ~string](name string, id T) error {
	if u, ok := incidents.ParseID(string(id)); !ok || string(u) != string(id) {
		return fmt.Errorf("%s: “%.40s” is no id; accepted: a UUID in lower case", name, string(id))
	}
	return nil
}

func (c *checker) meta(m hotline.Meta) error { return c.known(m.FirstRecordedAt, m.RecordedBy) }

func (c *checker) known(since incidents.Millis, by string) error {
	switch {
	case since <= 0 || since > c.now:
		return errors.New("first_recorded_at: accepted is a time in milliseconds since 1970 that is not in the future")
	case by == "":
		return errors.New("recorded_by: is missing")
	}
	return nil
}

func (c *checker) record(record any) error {
	switch r := record.(type) {
	case hotline.Policy:
		return hotline.CheckRules(r.Rules)
	case hotline.Line:
		return errors.Join(checkID("id", r.ID), c.meta(r.Meta), words{{"kind", r.Kind, hotline.Kinds, false}, {"state", r.State, hotline.LineStates, false}}.check())
	case hotline.LineEvent:
		return errors.Join(checkID("id", r.ID), checkID("line_id", r.LineID), c.meta(r.Meta), words{{"kind", r.Kind, hotline.LineEventKinds, false}}.check())
	case incidents.Incident:
		return c.incident(&r)
	case incidents.Workflow:
		if !c.incidents[r.IncidentID] {
			return errors.New("incident_id: is no incident of the file")
		}
		for _, k := range r.Checks {
			if err := (words{{"checks", k.Field, incidents.RiskyFields, false}}).check(); err != nil {
				return err
			}
		}
	case hotline.Contact:
		if r.LineID != "" {
			if err := checkID("line_id", r.LineID); err != nil {
				return err
			}
		}
		return errors.Join(checkID("id", r.ID), c.meta(r.Meta), words{{"kind", r.Channel.Kind, hotline.Kinds, false}, {"outcome", r.Outcome, hotline.Outcomes, false}, {"purpose", r.Purpose, hotline.Purposes, false}}.check())
	case hotline.Link:
		return errors.Join(checkID("contact_id", r.ContactID), checkID("incident_id", r.IncidentID), c.meta(r.Meta), words{{"relation", r.Relation, hotline.Relations, false}}.check())
	case hotline.Expectation:
		return errors.Join(checkID("id", r.ID), checkID("contact_id", r.ContactID), c.meta(r.Meta), words{{"state", r.State, hotline.ExpectationStates, false}}.check())
	}
	return nil
}

// number is what people call an incident.
var number = regexp.MustCompile(`^[0-9]{4}-[0-9]{4,9}$`)

func (c *checker) incident(inc *incidents.Incident) error {
	c.incidents[inc.ID] = true
	if inc.MergedInto != "" {
		c.merged = append(c.merged, inc.MergedInto)
	}
	rec, draft := &inc.Record, inc.Number == ""
	if !draft && !number.MatchString(inc.Number) {
		return fmt.Errorf("number: “%.40s” is not accepted; accepted: 2026-0117, or none for a draft", inc.Number)
	}
	if draft && inc.Status != incidents.Draft && inc.Status != incidents.Retracted {
		return errors.New("number: is missing")
	}
	if err := geo.Validate(rec.Geometry.Geometry); err != nil {
		return fmt.Errorf("geometry: %w", err)
	}
	for _, b := range rec.Behaviours {
		if err := (words{{"behaviours", b, incidents.Behaviours, false}}).check(); err != nil {
			return err
		}
	}
	return errors.Join(checkID("id", inc.ID), c.known(inc.FirstRecordedAt, inc.RecordedBy), words{
		{"status", string(inc.Status), incidents.StatusCodes, false}, {"severity", rec.Severity, incidents.Severities, draft},
		{"region", rec.Region, incidents.RegionCodes, true}, {"position_basis", rec.PositionBasis, incidents.PositionBases, draft},
		{"airspace.kind", rec.Airspace.Kind, incidents.AirspaceKinds, draft}, {"transponder", rec.Transponder, incidents.Transponders, draft},
		{"flight_plan", rec.FlightPlan, incidents.FlightPlans, draft}, {"radio_contact", rec.RadioContact, incidents.RadioContacts, draft},
		{"absence", rec.Absence, incidents.Absences, draft},
	}.check())
}

// done checks what can be told at the end only.
func (c *checker) done() error {
	for _, id := range c.merged {
		if !c.incidents[id] {
			return fmt.Errorf("an incident is said to be merged into %s, which is not in the file", id)
		}
	}
	return nil
}
