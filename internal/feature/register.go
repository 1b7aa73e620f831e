package feature

import (
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// LineProperties are those of every hotline of the register. Numbers and how to
// reach a line are for those who call, and stay in the log.
var LineProperties = []Property{
	{Name: "id", Kind: Text, Vocabulary: "UUID (RFC 9562)", Meaning: "The id of the line, also the id of the feature."},
	{Name: "revision", Kind: Integer, Vocabulary: "1, 2, 3 …", Meaning: "Revision of the record that this is."},
	{Name: "recorded_at", Kind: Instant, Vocabulary: instant, Meaning: "When this revision was written."},
	{Name: "name", Kind: Text, Meaning: "The line in full."},
	{Name: "short", Kind: Text, Nullable: true, Meaning: "The line in short, as the board has it."},
	{Name: "parties", Kind: List, Vocabulary: nations, Meaning: "Whom it joins."},
	{Name: "kind", Kind: Text, Codes: hotline.Kinds.Codes(), Meaning: "What sort of channel."},
	{Name: "regions", Kind: List, Codes: incidents.RegionCodes.Codes(), Meaning: "The seas that it is for."},
	{Name: "state", Kind: Text, Codes: hotline.LineStates.Codes(), Meaning: "The state that it is in at as_of, planned outages and faults counted."},
	{Name: "hours", Kind: Text, Nullable: true, Meaning: "When it is answered."},
	{Name: "languages", Kind: List, Vocabulary: "ISO 639-1", Meaning: "What is spoken on it."},
	{Name: "test_schedule", Kind: Text, Nullable: true, Meaning: "How often it is tested, in words."},
	{Name: "established", Kind: Text, Nullable: true, Vocabulary: "year, month or date", Meaning: "Since when it is there."},
	{Name: "summary", Kind: Text, Nullable: true, Meaning: "What it is."},
	{Name: "exercise", Kind: Bool, Meaning: "True: made up for exercises."},
}

// OfLine is the row of a line in the state that it is in; it has no geometry.
func OfLine(l *hotline.Line) Feature {
	v := make(values, 0, len(LineProperties))
	v.Text("id", string(l.ID))
	v.Int("revision", int64(l.Revision), true)
	moment(&v, "recorded_at", l.RecordedAt)
	v.Text("name", l.Name)
	v.Text("short", l.Short)
	v.List("parties", l.Parties)
	v.Text("kind", l.Kind)
	v.List("regions", l.Regions)
	v.Text("state", l.State)
	v.Text("hours", l.Hours)
	v.List("languages", l.Languages)
	v.Text("test_schedule", l.TestSchedule)
	v.Text("established", l.Established)
	v.Text("summary", l.Summary)
	v.Bool("exercise", l.Exercise)
	return Feature{ID: string(l.ID), Values: v}
}

// RegionProperties are those of the three seas.
var RegionProperties = []Property{
	{Name: "id", Kind: Text, Vocabulary: "baltic, black, norwegian", Meaning: "The code that incidents carry as region, also the id of the feature."},
	{Name: "name", Kind: Text, Meaning: "The region in full."},
	{Name: "short_name", Kind: Text, Meaning: "The region in short."},
	{Name: "firs", Kind: List, Vocabulary: "ICAO Doc 7910 location indicators", Meaning: "Flight information regions in it, the largest share first."},
	{Name: "area_km2", Kind: Number, Unit: "square kilometres", Meaning: "Its area on the ellipsoid."},
	{Name: "definition", Kind: Text, Meaning: "How its outline was drawn."},
	{Name: "source", Kind: Text, Meaning: "From what."},
}

// OfRegion is the feature of a region: the sea and 120 km inland.
func OfRegion(r *geo.Region) Feature {
	v := make(values, 0, len(RegionProperties))
	v.Text("id", r.ID)
	v.Text("name", r.Name)
	v.Text("short_name", r.ShortName)
	v.List("firs", r.FIRs)
	v.Number("area_km2", r.AreaKM2, Finite(r.AreaKM2))
	v.Text("definition", r.Definition)
	v.Text("source", r.Source)
	return Feature{ID: r.ID, Geometry: r.Outline, Values: v}
}

// PlaceProperties are those of the reference points that positions are named
// after.
var PlaceProperties = []Property{
	{Name: "id", Kind: Text, Meaning: "The id of the place, also the id of the feature."},
	{Name: "name", Kind: Text, Meaning: "Its name."},
	{Name: "aliases", Kind: List, Meaning: "Other names that are read as it."},
	{Name: "kind", Kind: Text, Codes: []string{"air_base", "cape", "city", "installation", "island", "strait"}, Meaning: "What it is."},
	{Name: "country", Kind: Text, Nullable: true, Vocabulary: "ISO 3166-1 alpha-2", Meaning: "The state that it belongs to."},
	{Name: "icao", Kind: Text, Nullable: true, Vocabulary: "ICAO Doc 7910 location indicator", Meaning: "Of the air base, or of a city's airport."},
	{Name: "region", Kind: Text, Nullable: true, Codes: incidents.RegionCodes.Codes(), Meaning: "The region that it lies in."},
	{Name: "accuracy_km", Kind: Number, Unit: "kilometres", Meaning: "How well the point is known."},
}

// OfPlace is the feature of a place.
func OfPlace(p *geo.Place) Feature {
	v := make(values, 0, len(PlaceProperties))
	v.Text("id", p.ID)
	v.Text("name", p.Name)
	v.List("aliases", p.Aliases)
	v.Text("kind", p.Kind)
	v.Text("country", p.Country)
	v.Text("icao", p.ICAO)
	v.Text("region", p.Region)
	v.Number("accuracy_km", p.AccuracyKM, Finite(p.AccuracyKM))
	return Feature{ID: p.ID, Geometry: p.Point, Values: v}
}
