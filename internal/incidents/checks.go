package incidents

import (
	"bytes"
	"reflect"
	"slices"

	"interceptlog/internal/geo"
)

// RiskyFields are what a second person checks one by one before a report is
// verified: what is easily wrong, and costly when it is.
var RiskyFields = Vocabulary{
	{"time", "time", "Start and end, and how well they are known."},
	{"position", "position", "Shape, uncertainty, where it comes from, and the region."},
	{"nations", "nations", "The nations of both sides."},
	{"severity", "severity", "The rating and its reason."},
	{"contacts", "contacts", "Every contact that is linked, or that there is none."},
}

// Workflow is what is known of the handling of one incident, one revision of
// it: who checked which field, whether it was sent back, and who holds it. The
// state of the report itself is Incident.Status.
type Workflow struct {
	IncidentID ID     `json:"-"`
	Revision   int    `json:"-"` // 0: nothing was written yet
	RecordedAt Millis `json:"-"`
	RecordedBy string `json:"-"`
	Action     string `json:"-"` // check, return, hold, release, flag, unflag, change …
	Reason     string `json:"-"`

	Checks    []Check `json:"checks,omitempty"` // in the order of RiskyFields
	Returned  *Remark `json:"returned,omitempty"`
	Holder    string  `json:"holder,omitempty"`
	HeldSince Millis  `json:"held_since,omitempty"`
	TakenFrom string  `json:"taken_from,omitempty"` // who held it before

	// FlaggedBy set the strip askew on the board: there is something about this
	// incident that must not be forgotten.
	FlaggedBy string `json:"flagged_by,omitempty"`
	FlaggedAt Millis `json:"flagged_at,omitempty"`
}

// Check says that a person found one field right.
type Check struct {
	Field string `json:"field"`
	By    string `json:"by"`
	At    Millis `json:"at"` // 0: when it is recorded
}

// Remark is what was said when a report was sent back.
type Remark struct {
	Text string `json:"text"`
	By   string `json:"by"`
	At   Millis `json:"at"` // 0: when it is recorded
}

// Waiting is a report in the queue for verification.
type Waiting struct {
	Incident Incident
	Since    Millis // since when it has been waiting
	Author   string // who first wrote it
	Workflow Workflow
}

// Flagged is an incident that somebody set askew, with its handling.
type Flagged struct {
	Incident Incident
	Workflow Workflow
}

// Checked gives the check of a field, or nil.
func (w *Workflow) Checked(field string) *Check {
	for i := range w.Checks {
		if w.Checks[i].Field == field {
			return &w.Checks[i]
		}
	}
	return nil
}

// Complete reports whether all five fields are checked.
func (w *Workflow) Complete() bool { return len(w.Checks) == len(RiskyFields) }

// without gives the workflow with no check of the fields; dropped is whether
// that took one away.
func (w Workflow) without(fields ...string) (rest Workflow, dropped bool) {
	rest = w
	rest.Checks = slices.DeleteFunc(slices.Clone(w.Checks), func(c Check) bool { return slices.Contains(fields, c.Field) })
	return rest, len(rest.Checks) < len(w.Checks)
}

// tick makes the checks those of the fields named: what was checked stays with
// whom it was checked by. fresh lists the fields that are new.
func (w Workflow) tick(fields []string, by string) (ticked Workflow, fresh []string) {
	ticked = w
	ticked.Checks = nil
	for _, f := range RiskyFields {
		if !slices.Contains(fields, f.Code) {
			continue
		}
		if was := w.Checked(f.Code); was != nil {
			ticked.Checks = append(ticked.Checks, *was)
			continue
		}
		ticked.Checks = append(ticked.Checks, Check{Field: f.Code, By: by})
		fresh = append(fresh, f.Code)
	}
	return ticked, fresh
}

// RiskyChanges lists the risky fields in which two revisions differ. Contacts
// are no part of a revision: see AfterContacts.
func RiskyChanges(old, new Incident) []string {
	var fields []string
	a, b := &old.Record, &new.Record
	note := func(field string, differs bool) {
		if differs {
			fields = append(fields, field)
		}
	}
	note("time", !sameMoment(a.Start, b.Start) || !sameMoment(a.End, b.End))
	note("position", !sameGeometry(a.Geometry, b.Geometry) || !sameFigure(a.UncertaintyNM, b.UncertaintyNM) || a.PositionBasis != b.PositionBasis ||
		a.Location != b.Location || old.Derived.Region != new.Derived.Region)
	note("nations", !slices.Equal(a.Intercepting.Nations, b.Intercepting.Nations) || !slices.Equal(a.Intercepted.Nations, b.Intercepted.Nations))
	note("severity", a.Severity != b.Severity || a.SeverityReason != b.SeverityReason)
	return fields
}

func sameMoment(a, b Moment) bool { return a.Interval == b.Interval && a.Precision == b.Precision }

func sameFigure(a, b *float64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// sameGeometry compares shapes as they are kept, to the last figure that is.
func sameGeometry(a, b Geometry) bool {
	return bytes.Equal(geo.AppendWhole(nil, a.Geometry), geo.AppendWhole(nil, b.Geometry))
}

// sameRecord reports whether two revisions say the same, the words in which a
// time was typed included.
func sameRecord(a, b Record) bool {
	if !sameGeometry(a.Geometry, b.Geometry) {
		return false
	}
	a.Geometry, b.Geometry = Geometry{}, Geometry{}
	return reflect.DeepEqual(a, b)
}

// AfterRevision says what a new revision does to the state of the report and
// to its workflow: a field that differs is checked no more, and a report that
// rested on it is submitted again; what was sent back has been answered; and
// nobody holds or flags what was taken back. changed is whether the workflow
// differs.
func AfterRevision(old, new Incident, w Workflow) (status Status, after Workflow, changed bool) {
	status = new.Status
	risky := RiskyChanges(old, new)
	if len(risky) > 0 && (status == Verified || status == Closed) && old.Status != Draft {
		status = Submitted
	}
	after, changed = w.without(risky...)
	if after.Returned != nil && !sameRecord(old.Record, new.Record) {
		after.Returned, changed = nil, true
	}
	if status == Retracted && (after.Holder != "" || after.FlaggedBy != "") {
		after.Holder, after.HeldSince, after.TakenFrom, changed = "", 0, "", true
		after.FlaggedBy, after.FlaggedAt = "", 0
	}
	after.Action, after.Reason = "change", new.Reason
	return status, after, changed
}

// AfterContacts says what a change of a contact or of its link does: where the
// contacts were checked they are checked no more, and a report that rested on
// it is submitted again. Where they were not, nothing changes.
func AfterContacts(status Status, w Workflow) (Status, Workflow, bool) {
	after, changed := w.without("contacts")
	if changed && (status == Verified || status == Closed) {
		status = Submitted
	}
	after.Action, after.Reason = "change", "The contacts have changed since they were checked."
	return status, after, changed
}

// Authors lists who wrote what a second person has to check: the author of the
// first revision, and of every later one that changed the record since it was
// last verified. Who moved the report a step on wrote none of it.
func Authors(revisions []Incident) []string {
	var authors []string
	verified := 0
	for i, r := range revisions {
		if r.Status == Verified && (i == 0 || revisions[i-1].Status != Verified) {
			verified = i
		}
	}
	for i, r := range revisions {
		if i > 0 && (i <= verified || sameRecord(revisions[i-1].Record, r.Record)) {
			continue
		}
		if !slices.Contains(authors, r.RecordedBy) {
			authors = append(authors, r.RecordedBy)
		}
	}
	return authors
}

// Median gives the middle of durations, the mean of the middle two where their
// number is even; 0 for none.
func Median(list []Millis) Millis {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	mid := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[mid]
	}
	return sorted[mid-1] + (sorted[mid]-sorted[mid-1])/2
}
