package feature

import (
	"strconv"

	"interceptlog/internal/incidents"
)

// Part is what an incident may have several of. In a file of several layers it
// is a table of its own, joined by the id of the incident.
type Part struct {
	Name        string // of the table
	Title       string
	Description string
	Of          []string   // the properties of an incident that it spells out
	Properties  []Property // the first two are the key: incident_id and item
	rows        func(r *incidents.Record) []values
}

// IncidentKey is the column of a part, and of a link, that holds the id of the
// incident.
const IncidentKey = "incident_id"

// partKey are the properties that name a row of a part.
var partKey = []Property{
	{Name: IncidentKey, Kind: Text, Vocabulary: "ids of incidents", Meaning: "The incident that it belongs to."},
	{Name: "item", Kind: Integer, Vocabulary: "1, 2, 3 …", Meaning: "Its place among those of the incident, in the order of the record."},
}

var side = Property{Name: "side", Kind: Text, Codes: []string{"intercepting", "intercepted"}, Meaning: "The side of the incident."}

// IncidentParts are all of them, in the order in which they stand.
var IncidentParts = []Part{
	part("nations", "Nations", "The nations of either side of an incident.", []string{"intercepting_nations", "intercepted_nations"}, nationRows,
		side, Property{Name: "nation", Kind: Text, Vocabulary: nations, Meaning: "The nation."}),
	part("aircraft", "Aircraft", "The aircraft or ships of either side of an incident, a row a type.", []string{"intercepting_aircraft", "intercepted_aircraft"}, aircraftRows,
		side,
		Property{Name: "designator", Kind: Text, Nullable: true, Vocabulary: "ICAO Doc 8643", Meaning: "The type by its designator."},
		Property{Name: "name", Kind: Text, Nullable: true, Meaning: "The type in words."},
		Property{Name: "count", Kind: Integer, Nullable: true, Meaning: "How many of it, where stated."}),
	part("behaviours", "Behaviours", "What was done in an incident.", []string{"behaviours"}, behaviourRows,
		Property{Name: "behaviour", Kind: Text, Codes: incidents.Behaviours.Codes(), Meaning: "What was done."}),
	part("claims", "Claims", "What the parties say of an incident, a row a claim.", []string{"claim_count", "disputed"}, claimRows,
		Property{Name: "field", Kind: Text, Nullable: true, Meaning: "What it is about: transponder, airspace, collision …"},
		Property{Name: "value", Kind: Text, Nullable: true, Meaning: "What is claimed."},
		Property{Name: "claimant", Kind: Text, Nullable: true, Vocabulary: nations + ", or a name", Meaning: "Who claims it."},
		Property{Name: "source", Kind: Text, Nullable: true, Meaning: "Where it was said."}),
	part("sources", "Sources", "The publications and reports that the record of an incident rests on.", []string{"source_count"}, sourceRows,
		Property{Name: "title", Kind: Text, Nullable: true, Meaning: "What it is called."},
		Property{Name: "url", Kind: Text, Nullable: true, Meaning: "Its address."},
		Property{Name: "publisher", Kind: Text, Nullable: true, Meaning: "Who published it."},
		Property{Name: "date", Kind: Text, Nullable: true, Vocabulary: "year, month or date", Meaning: "When, as it states itself."}),
	part("searches", "Searches", "Where somebody looked for a contact about an incident, and what came of it.", []string{"absence"}, searchRows,
		Property{Name: "who", Kind: Text, Nullable: true, Meaning: "Who looked."},
		Property{Name: "date", Kind: Text, Nullable: true, Meaning: "When, in the words of the record."},
		Property{Name: "place", Kind: Text, Nullable: true, Meaning: "In what, in the words of the record."},
		Property{Name: "outcome", Kind: Text, Nullable: true, Vocabulary: "none_found, or as imported", Meaning: "What came of it."}),
}

func part(name, title, description string, of []string, rows func(*incidents.Record) []values, more ...Property) Part {
	return Part{Name: name, Title: title, Description: description, Of: of, rows: rows, Properties: append(partKey[:len(partKey):len(partKey)], more...)}
}

// Rows gives the rows that a feature has in the table of the part; one that is
// no incident has none.
func (p *Part) Rows(f *Feature) []Feature {
	if f.Record == nil {
		return nil
	}
	var out []Feature
	for i, row := range p.rows(f.Record) {
		v := make(values, 0, len(p.Properties))
		v.Text(IncidentKey, f.ID)
		v.Int("item", int64(i+1), true)
		out = append(out, Feature{ID: f.ID + "/" + strconv.Itoa(i+1), Values: append(v, row...)})
	}
	return out
}

// texts is a row of texts, of which an empty one is null.
func texts(items ...string) (v values) {
	for _, s := range items {
		v.Text("", s)
	}
	return v
}

// eachSide gives the sides of an incident with their codes.
func eachSide(r *incidents.Record, fn func(side string, p *incidents.Party)) {
	fn(side.Codes[0], &r.Intercepting)
	fn(side.Codes[1], &r.Intercepted)
}

func nationRows(r *incidents.Record) (rows []values) {
	eachSide(r, func(side string, p *incidents.Party) {
		for _, n := range p.Nations {
			rows = append(rows, texts(side, n))
		}
	})
	return rows
}

func aircraftRows(r *incidents.Record) (rows []values) {
	eachSide(r, func(side string, p *incidents.Party) {
		for _, a := range p.Aircraft {
			row := texts(side, a.Designator, a.Name)
			count(&row, "count", a.Count)
			rows = append(rows, row)
		}
	})
	return rows
}

func behaviourRows(r *incidents.Record) (rows []values) {
	for _, b := range r.Behaviours {
		rows = append(rows, texts(b))
	}
	return rows
}

func claimRows(r *incidents.Record) (rows []values) {
	for _, c := range r.Claims {
		rows = append(rows, texts(c.Field, c.Value, c.Claimant, c.Source))
	}
	return rows
}

func sourceRows(r *incidents.Record) (rows []values) {
	for _, s := range r.Sources {
		rows = append(rows, texts(s.Title, s.URL, s.Publisher, s.Date))
	}
	return rows
}

func searchRows(r *incidents.Record) (rows []values) {
	for _, s := range r.Searches {
		rows = append(rows, texts(s.Who, s.When, s.Where, s.Outcome))
	}
	return rows
}
