package imports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb/encoding/wkb"

	"interceptlog/internal/fault"
	"interceptlog/internal/format"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/rowreport"
	"interceptlog/internal/stated"
)

// row is one row as a feature, and whose it is.
type row struct {
	stated.Feature
	record           *format.Record
	number           int64
	id               incidents.ID // made up where the file has none
	own              bool         // whether the id is the file's
	source, sourceID string
	hash             string // of all that it says
}

// faults are what is wrong with a row by itself.
func (r *run) faults(in *row) []stated.Wrong {
	properties, _ := Properties(r.Collection)
	wrong := in.Check(r.Collection, properties)
	if in.flagged() {
		wrong = append(wrong, stated.Wrong{Name: map[string]string{"incidents": "report", "contacts": "retracted"}[r.Collection], Msg: "was taken back in the log that it comes from. Accepted are records that stand."})
	}
	return wrong
}

// reject notes what is wrong with a row, if anything is.
func (r *run) reject(in *row, wrong []stated.Wrong) bool {
	for _, w := range wrong {
		r.wrong(in, w.Name, w.Msg)
	}
	if len(wrong) > 0 {
		r.count().Rejected++
	}
	return len(wrong) > 0
}

// put takes a good row into the log, or only looks at it.
func (r *run) put(ctx context.Context, it *item) error {
	in := it.row
	var err error
	if r.Collection == "contacts" {
		err = r.contact(ctx, in)
	} else {
		err = r.incident(ctx, it)
	}
	switch k := fault.Of(err); {
	case err == nil:
		return nil
	case k != fault.Invalid && k != fault.Conflict && k != fault.NotFound:
		return fmt.Errorf("%s, row %d: %w", r.Name, in.number, err)
	}
	fields := fault.Fields(err)
	if len(fields) == 0 {
		fields = []fault.Field{{Name: "row", Msg: err.Error()}}
	}
	for _, f := range fields {
		r.wrong(in, stated.PropertyOf(f.Name), f.Msg)
	}
	r.count().Rejected++
	return nil
}

// flagged reports whether the row is a record that was retracted elsewhere.
func (in *row) flagged() bool {
	return in.Text("report") == string(incidents.Retracted) || in.Properties["retracted"] == true
}

// read gives a record of a file the names and the types of properties.
func (r *run) read(rec *format.Record) *row {
	in := &row{record: rec, number: rec.Row, Feature: stated.Feature{ID: rec.ID, Shape: r.src.shape(rec.Geometry), Properties: make(map[string]any, len(rec.Properties))}}
	for _, column := range slices.Sorted(maps.Keys(rec.Properties)) {
		name, v := r.as(column), rec.Properties[column]
		if name == "" || r.Format == "csv" && (column == "easting" || column == "northing") {
			continue
		}
		if kind, ok := r.kinds[name]; ok && r.src.table {
			v = stated.Typed(kind, v)
		}
		in.Properties[name] = v
	}
	in.identify(r)
	return in
}

// identify says whose record the row is, so that the same row is found again.
func (in *row) identify(r *run) {
	given := strings.TrimSpace(in.Text("id"))
	if given == "" && r.Format != "gpkg" { // the key of a table is no id elsewhere
		given = strings.TrimSpace(in.ID)
	}
	in.hash = in.sum()
	in.source, in.sourceID = in.Text("source"), in.Text("source_id")
	if in.source == "" || in.sourceID == "" {
		in.source, in.sourceID = r.Source, given
		if given == "" {
			in.sourceID = "row-" + in.hash
		}
	}
	if in.id, in.own = incidents.ParseID(given); !in.own {
		in.id = incidents.NewID()
	}
	in.ID = string(in.id)
}

// sum is a hash of what the row says, whatever the order of its columns; empty
// ones do not count.
func (in *row) sum() string {
	says := map[string]any{}
	for name, v := range in.Properties {
		if v != nil && v != "" {
			says[name] = v
		}
	}
	h := sha256.New()
	_ = json.NewEncoder(h).Encode(says) // values of files are JSON; the keys come sorted
	if in.Shape != nil {
		_ = wkb.NewEncoder(h).Encode(in.Shape) // into a hash: cannot fail
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// twice notes that an earlier row of the file is the same record.
func (r *run) twice(in *row) bool {
	keys := []string{"source " + in.source + "\x00" + in.sourceID}
	if in.own {
		keys = append(keys, "id "+in.ID)
	}
	says := digestOf(in.hash)
	for _, key := range keys {
		key := digestOf(key)
		before, ok := r.seen[key]
		switch {
		case !ok:
			r.seen[key] = seen{in.number, says}
			continue
		case before.says == says:
			r.count().Unchanged++
			r.report.AddWarning(r.at(in, "", fmt.Sprintf("says the same as row %d; it was taken once.", before.row)))
		default:
			r.count().Rejected++
			r.wrong(in, "id", fmt.Sprintf("stands already in row %d, with other content; an id is used once.", before.row))
		}
		return true
	}
	return false
}

func (r *run) at(in *row, property, msg string) rowreport.Problem {
	p := rowreport.Problem{File: r.Name, Line: int(in.number), Msg: msg}
	if property != "" && property != "row" {
		p.Field = r.column(property)
		p.Value = shown(in.Properties[property])
	}
	return p
}

func (r *run) wrong(in *row, property, msg string) { r.report.AddProblem(r.at(in, property, msg)) }

// state says what incident a row states.
func (r *run) state(in *row) (incidents.Incident, error) {
	report := in.Incident(incidents.Report{ID: in.ID}, incidents.Record{})
	report.Source, report.SourceID, report.Reason = in.source, in.sourceID, r.reason(in)
	if report.Marking == "" {
		report.Marking = r.Marking
	}
	return r.Log.Read(r.Actor, report)
}

// incident takes a row as an incident.
func (r *run) incident(ctx context.Context, it *item) error {
	if it.was != nil {
		return r.compareIncident(it.row, *it.was)
	}
	err := it.invalid
	if err == nil && !r.dry {
		_, _, err = r.Log.Store.CreateIncident(ctx, r.Actor, it.incident)
	}
	if err == nil {
		r.report.Incidents.Created++
	}
	return err
}

func (r *run) reason(in *row) string { return in.Reason("Import: " + r.Name) }

// find finds the incidents of a batch that are in the log already, by their ids
// or by whose they are.
func (r *run) find(ctx context.Context, items []item) error {
	if r.Collection != "incidents" {
		return nil
	}
	var ids []incidents.ID
	var origins []incidents.Origin
	for _, it := range items {
		if it.own {
			ids = append(ids, it.id)
		}
		origins = append(origins, it.origin())
	}
	there, err := r.Store.IncidentsKnown(ctx, ids, origins)
	if err != nil {
		return err
	}
	byID, byOrigin := map[incidents.ID]*incidents.Incident{}, map[incidents.Origin]*incidents.Incident{}
	for i := range there {
		was := &there[i]
		byID[was.ID] = was
		byOrigin[incidents.Origin{Source: was.Record.Source, SourceID: was.Record.SourceID}] = was
	}
	for i := range items {
		it := &items[i]
		if it.own {
			it.was = byID[it.id]
		}
		if it.was == nil {
			it.was = byOrigin[it.origin()]
		}
	}
	return nil
}

// origin is whose record the row is.
func (in *row) origin() incidents.Origin {
	return incidents.Origin{Source: in.source, SourceID: in.sourceID}
}

// compareIncident says whether a record that is there says what the row says.
func (r *run) compareIncident(in *row, was incidents.Incident) error {
	if was.Status == incidents.Retracted {
		return r.conflict(in, was.Number, "has been retracted by "+was.RecordedBy+"; it was left as it is.")
	}
	report := in.Incident(incidents.ReportOf(was.Record), was.Record)
	if in.Text("marking") == "" {
		report.Marking = was.Record.Marking
	}
	is, _, err := report.Apply(was.Record, r.Log.Atlas, r.Log.Now(), was.Record.SeveritySource)
	if err != nil {
		return err
	}
	return r.differs(in, was.Number, was.Revision, was.RecordedBy, differences(was.Record, is))
}

// differs counts a row whose record is there.
func (r *run) differs(in *row, what string, revision int, by string, fields []string) error {
	if len(fields) == 0 {
		r.count().Unchanged++
		return nil
	}
	msg := "is in the log already, and differs from the file in " + strings.Join(fields, ", ") + "; it was left as it is."
	if revision > 1 {
		msg = "has been edited by " + by + " since it was entered, and differs from the file in " + strings.Join(fields, ", ") + "; it was left as it is."
	}
	return r.conflict(in, what, msg)
}

func (r *run) conflict(in *row, what, msg string) error {
	r.count().Conflicts++
	p := r.at(in, "", msg)
	p.Field, p.Value = "record", what
	r.report.AddConflict(p)
	return nil
}

// differences names the members in which two records differ as JSON.
func differences(a, b any) (fields []string) {
	members := func(v any) map[string]json.RawMessage {
		var m map[string]json.RawMessage
		raw, err := json.Marshal(v)
		if err == nil {
			err = json.Unmarshal(raw, &m)
		}
		if err != nil { // records are made of what JSON can hold
			panic(err)
		}
		return m
	}
	was, is := members(a), members(b)
	for name := range was {
		if !bytes.Equal(was[name], is[name]) {
			fields = append(fields, name)
		}
	}
	for name := range is {
		if _, ok := was[name]; !ok {
			fields = append(fields, name)
		}
	}
	slices.Sort(fields)
	return fields
}

// contact takes a row as a contact.
func (r *run) contact(ctx context.Context, in *row) error {
	was, err := r.contactThere(ctx, in)
	if err == nil {
		return r.compareContact(ctx, in, was)
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	report := in.Contact(hotline.ContactReport{ID: in.ID}, hotline.Contact{})
	report.Source, report.SourceID, report.Reason = in.source, in.sourceID, r.reason(in)
	if report.Marking == "" {
		report.Marking = r.Marking
	}
	if r.dry {
		_, _, err = r.Desk.ReadContact(ctx, report, hotline.Contact{ID: hotline.ContactID(in.id)})
	} else {
		_, err = r.Desk.LogContact(ctx, r.Actor, report)
	}
	if err == nil {
		r.report.Contacts.Created++
	}
	return err
}

func (r *run) contactThere(ctx context.Context, in *row) (hotline.ContactWithIncidents, error) {
	if in.own {
		if was, err := r.Store.Contact(ctx, hotline.ContactID(in.id), 0); !fault.Is(err, fault.NotFound) {
			return was, err
		}
	}
	c, err := r.Store.ContactBySource(ctx, in.source, in.sourceID)
	if err != nil {
		return hotline.ContactWithIncidents{}, err
	}
	return r.Store.Contact(ctx, c.ID, 0)
}

func (r *run) compareContact(ctx context.Context, in *row, was hotline.ContactWithIncidents) error {
	what := string(was.ID)
	if was.Retracted {
		return r.conflict(in, what, "has been retracted by "+was.RecordedBy+"; it was left as it is.")
	}
	report := in.Contact(hotline.ContactReportOf(was.Contact), was.Contact)
	if in.Text("marking") == "" {
		report.Marking = was.Marking
	}
	is, links, err := r.Desk.ReadContact(ctx, report, was.Contact)
	if err != nil {
		return err
	}
	fields := differences(was.Contact, is)
	var there, stated []string
	for _, l := range was.Incidents {
		there = append(there, string(l.Incident.ID)+" "+l.Link.Relation)
	}
	for _, l := range links {
		stated = append(stated, string(l.IncidentID)+" "+l.Relation)
	}
	slices.Sort(there)
	slices.Sort(stated)
	if !slices.Equal(there, stated) {
		fields = append(fields, "incident_ids")
	}
	return r.differs(in, what, was.Revision, was.RecordedBy, fields)
}
