package feature

import (
	"github.com/paulmach/orb"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// ContactProperties are those of every contact over a hotline or another
// channel, in the order in which they stand.
var ContactProperties = []Property{
	{Name: "id", Kind: Text, Vocabulary: "UUID (RFC 9562)", Meaning: "The id of the contact, also the id of the feature."},
	{Name: "source", Kind: Text, Nullable: true, Vocabulary: "research, exercise", Meaning: "Where an imported record came from. Null: it was entered here."},
	{Name: "source_id", Kind: Text, Nullable: true, Meaning: "Its id there; unique together with source."},
	{Name: "revision", Kind: Integer, Vocabulary: "1, 2, 3 …", Meaning: "Revision of the record that this is."},
	{Name: "first_recorded_at", Kind: Instant, Vocabulary: instant, Meaning: "When the log first held the contact."},
	{Name: "recorded_at", Kind: Instant, Vocabulary: instant, Meaning: "When this revision was written."},
	{Name: "marking", Kind: Text, Nullable: true, Vocabulary: "as configured", Meaning: "Classification and releasability of the record."},
	{Name: "exercise", Kind: Bool, Meaning: "True: an exercise record, no real contact."},
	{Name: "retracted", Kind: Bool, Meaning: "True: the record was taken back."},

	{Name: "date", Kind: Text, Nullable: true, Vocabulary: "ISO 8601: time to the minute, date, month, year, or start/end (date, month, year as in ISO 8601-2 EDTF)", Meaning: "Start of the contact, written no finer than it is known."},
	{Name: "time_precision", Kind: Text, Nullable: true, Codes: incidents.Precisions.Codes(), Meaning: "How well the start is known."},
	{Name: "start_from", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "Earliest possible start."},
	{Name: "start_to", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "End of the possible starts, itself not among them."},
	{Name: "end_from", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "Earliest possible end. Null: no end is stated."},
	{Name: "end_to", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "End of the possible ends, itself not among them."},

	{Name: "line_id", Kind: Text, Nullable: true, Meaning: "The line of the register that was used. Null: none of them."},
	{Name: "channel", Kind: Text, Nullable: true, Meaning: "Name of the channel, as it was then."},
	{Name: "channel_kind", Kind: Text, Codes: hotline.Kinds.Codes(), Meaning: "What sort of channel."},
	{Name: "channel_parties", Kind: List, Vocabulary: nations, Meaning: "Whom the channel joins."},
	{Name: "direct", Kind: Bool, Meaning: "True: two people could speak (phone, voip, vtc, meeting)."},
	{Name: "initiators", Kind: List, Vocabulary: nations, Meaning: "Who called."},
	{Name: "answerers", Kind: List, Vocabulary: nations, Meaning: "Who was called."},
	{Name: "outcome", Kind: Text, Codes: hotline.Outcomes.Codes(), Meaning: "What came of it."},
	{Name: "purpose", Kind: Text, Codes: hotline.Purposes.Codes(), Meaning: "What it was for."},
	{Name: "summary", Kind: Text, Nullable: true, Meaning: "What was said."},
	{Name: "caller", Kind: Text, Nullable: true, Meaning: "Who spoke on the calling side."},
	{Name: "callee", Kind: Text, Nullable: true, Meaning: "Who answered."},
	{Name: "retry_at", Kind: Instant, Nullable: true, Vocabulary: instant, Meaning: "Of an attempt: when to call again."},
	{Name: "source_count", Kind: Integer, Meaning: "Publications that the record rests on."},

	{Name: "incident_ids", Kind: List, Vocabulary: "ids of incidents", Meaning: "The incidents that the contact is linked to."},
	{Name: "incident_numbers", Kind: List, Vocabulary: "YYYY-NNNN", Meaning: "Their numbers, in the same order."},
	{Name: "relations", Kind: List, Codes: hotline.Relations.Codes(), Meaning: "How the contact stands to each, in the same order."},
}

// Contact gives the values of a contact to a sink, in the order of
// ContactProperties.
func Contact(s Sink, k *hotline.ContactWithIncidents) {
	s.Text("id", string(k.ID))
	s.Text("source", k.Source)
	s.Text("source_id", k.SourceID)
	s.Int("revision", int64(k.Revision), true)
	moment(s, "first_recorded_at", k.FirstRecordedAt)
	moment(s, "recorded_at", k.RecordedAt)
	s.Text("marking", k.Marking)
	s.Bool("exercise", k.Exercise)
	s.Bool("retracted", k.Retracted)
	s.Date("date", k.Start)
	s.Text("time_precision", string(k.Start.Precision))
	period(s, "start_from", "start_to", !k.Start.IsZero(), k.Start.Interval)
	period(s, "end_from", "end_to", !k.End.IsZero(), k.End.Interval)
	s.Text("line_id", string(k.LineID))
	s.Text("channel", k.Channel.Name)
	s.Text("channel_kind", k.Channel.Kind)
	s.List("channel_parties", k.Channel.Parties)
	s.Bool("direct", hotline.IsDirect(k.Channel.Kind))
	s.List("initiators", k.Initiators)
	s.List("answerers", k.Answerers)
	s.Text("outcome", k.Outcome)
	s.Text("purpose", k.Purpose)
	s.Text("summary", k.Summary)
	s.Text("caller", k.Caller)
	s.Text("callee", k.Callee)
	moment(s, "retry_at", k.RetryAt)
	s.Int("source_count", int64(len(k.Sources)), true)
	ids, numbers, relations := make([]string, len(k.Incidents)), make([]string, len(k.Incidents)), make([]string, len(k.Incidents))
	for i, l := range k.Incidents {
		ids[i], numbers[i], relations[i] = string(l.Incident.ID), l.Incident.Number, l.Link.Relation
	}
	s.List("incident_ids", ids)
	s.List("incident_numbers", numbers)
	s.List("relations", relations)
}

// OfContact is the feature of a contact; its geometry is the convex hull of the
// incidents that it is linked to, or none.
func OfContact(k *hotline.ContactWithIncidents) Feature {
	v := make(values, 0, len(ContactProperties))
	Contact(&v, k)
	var shapes orb.Collection
	for _, l := range k.Incidents {
		if g := l.Incident.Record.Geometry.Geometry; g != nil {
			shapes = append(shapes, g)
		}
	}
	return Feature{ID: string(k.ID), Geometry: hull(shapes), Values: v}
}

// LinkProperties are those of every link of a contact with an incident: the
// table that joins the two in a file with several layers.
var LinkProperties = []Property{
	{Name: "contact_id", Kind: Text, Vocabulary: "ids of contacts", Meaning: "The contact."},
	{Name: "incident_id", Kind: Text, Vocabulary: "ids of incidents", Meaning: "The incident."},
	{Name: "relation", Kind: Text, Codes: hotline.Relations.Codes(), Meaning: "How the contact stands to the incident."},
}

// OfLink is the row of a link; it has no geometry.
func OfLink(contact, incident, relation string) Feature {
	return Feature{ID: contact + "/" + incident, Values: []Value{{Text: contact}, {Text: incident}, {Text: relation}}}
}
