package storetest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// source makes random records, the same ones for the same seed.
type source struct{ *rand.Rand }

func newSource(seed uint64) source { return source{rand.New(rand.NewPCG(seed, 1))} }

func (r source) uuid() string {
	n := r.Uint64()
	return fmt.Sprintf("0190%04x-%04x-7%03x-8%03x-%012x", n&0xffff, n>>16&0xffff, n>>32&0xfff, n>>44&0xfff, r.Uint64()&0xffffffffffff)
}

func pick[T any](r source, list ...T) T { return list[r.IntN(len(list))] }

func ptr[T any](v T) *T { return &v }

func (r source) moment(from, to time.Time) incidents.Moment {
	t := from.Add(time.Duration(r.Int64N(int64(to.Sub(from)))))
	p := pick(r, incidents.Exact, incidents.Exact, incidents.Hour, incidents.Day, incidents.Week, incidents.Month, incidents.Year)
	return incidents.At(t, p, "as typed")
}

var (
	firstDay = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	types    = []incidents.Aircraft{
		{Designator: "TU95", Name: "Tu-95MS Bear-H", Count: ptr(2)},
		{Designator: "R135", Name: "RC-135V Rivet Joint", Count: ptr(1)},
		{Designator: "SU27", Name: "Su-27 Flanker"},
		{Designator: "F16", Name: "F-16AM Fighting Falcon"},
		{Name: "Boeing 737 (SAS)"},
		{},
	}
)

// incident makes a report that nobody has filed yet.
func (r source) incident() incidents.Incident {
	rec := incidents.Record{
		Title:         pick(r, "Su-27 intercepts RC-135", "Bear patrol", "ÅLAND overflight", "åland pass", "Zapad escort", "Gdańsk near miss") + fmt.Sprint(" ", r.IntN(40)),
		Start:         r.moment(firstDay, firstDay.AddDate(0, 10, 0)),
		Location:      pick(r, "35 NM NE of Gotland", "off Tromsø", "south of Yalta", ""),
		SubArea:       pick(r, "Gulf of Finland", "Svalbard", ""),
		PositionBasis: "reported",
		Airspace:      incidents.Airspace{Kind: "international"},
		Intercepting:  r.party("NO", "PL", "GB", "NATO", "DE"),
		Intercepted:   r.party("RU", "RU", "US", "BY"),
		Transponder:   pick(r, "on", "off", incidents.Unknown),
		FlightPlan:    "none", RadioContact: "no",
		Severity:       pick(r, incidents.Severities.Codes()...),
		SeverityReason: "closed to 10 m", SeveritySource: "hansen",
		Narrative: pick(r, "Closed to ten metres and rocked wings.", "Followed the coast.", "Radio silence throughout."),
		Absence:   pick(r, incidents.Absences.Codes()...),
		Exercise:  r.IntN(8) == 0,
		Marking:   "UNCLASSIFIED",
	}
	for _, b := range []string{"identification", "near_collision", "escort"} {
		if r.IntN(3) == 0 {
			rec.Behaviours = append(rec.Behaviours, b)
		}
	}
	if r.IntN(2) == 0 {
		rec.End = incidents.At(rec.Start.From.Time().Add(time.Hour), incidents.Exact, "")
	}
	if r.IntN(4) == 0 {
		rec.Source, rec.SourceID = "research", "case-"+r.uuid()[:13]
	}
	rec.Geometry = r.geometry()
	return incidents.Incident{
		ID:      incidents.ID(r.uuid()),
		Status:  pick(r, incidents.Draft, incidents.Submitted, incidents.Submitted, incidents.Submitted, incidents.Verified, incidents.Closed),
		Record:  rec,
		Derived: incidents.Place{Region: pick(r, incidents.RegionCodes.Codes()...)},
	}
}

func (r source) party(nations ...string) incidents.Party {
	p := incidents.Party{Nations: []string{pick(r, nations...)}, PlatformKind: "fighter"}
	if n := pick(r, nations...); n != p.Nations[0] {
		p.Nations = append(p.Nations, n)
	}
	for range 1 + r.IntN(2) {
		p.Aircraft = append(p.Aircraft, pick(r, types...))
	}
	return p
}

func (r source) geometry() incidents.Geometry {
	at := func() orb.Point { return orb.Point{float64(r.IntN(800))/10 - 40, float64(r.IntN(400))/10 + 40} }
	p := at()
	switch r.IntN(4) {
	case 0:
		return incidents.Geometry{}
	case 1:
		return incidents.Geometry{Geometry: orb.LineString{p, {p[0] + 1.5, p[1] + 0.25}, {p[0] + 2, p[1] - 0.5}}}
	case 2:
		return incidents.Geometry{Geometry: orb.Polygon{{p, {p[0] + 1, p[1]}, {p[0] + 1, p[1] + 1}, p}}}
	}
	return incidents.Geometry{Geometry: p}
}

// contact makes a contact that begins within a few days of an incident.
func (r source) contact(inc incidents.Incident) hotline.Contact {
	from := inc.Record.Start.From.Time()
	c := hotline.Contact{
		ID:         hotline.ContactID(r.uuid()),
		Channel:    hotline.Channel{Name: "NJHQ–N FLEET", Kind: pick(r, hotline.Kinds.Codes()...)},
		Start:      r.moment(from.Add(-2*time.Hour), from.Add(36*time.Hour)),
		Initiators: []string{"NO"}, Answerers: []string{"RU"},
		Outcome:   pick(r, hotline.Outcomes.Codes()...),
		Purpose:   pick(r, "clarify", "clarify", "protest", "line_test"),
		Summary:   "Asked for the reason.",
		Exercise:  r.IntN(8) == 0,
		Retracted: r.IntN(12) == 0,
		Marking:   "UNCLASSIFIED",
	}
	if r.IntN(2) == 0 {
		c.End = incidents.At(c.Start.From.Time().Add(5*time.Minute), incidents.Exact, "")
	}
	c.RetryAt = incidents.MillisOf(c.Start.From.Time().Add(10 * time.Minute))
	return c
}

func (r source) relation() string {
	return pick(r, "prompted_by", "prompted_by", "discussed", "coincident")
}

// filter asks for something that some incidents may answer to.
func (r source) filter() incidents.Filter {
	var f incidents.Filter
	some := func(v incidents.Vocabulary) []string { return []string{pick(r, v.Codes()...), pick(r, v.Codes()...)} }
	asked := map[int]bool{r.IntN(16): true, r.IntN(16): true}
	for what := range asked {
		switch what {
		case 0:
			f.Regions = some(incidents.RegionCodes)
		case 1:
			f.Severities = some(incidents.Severities)
		case 2:
			f.Deescalations = some(incidents.Deescalations)
		case 3:
			f.Reports = some(incidents.StatusCodes)
		case 4:
			f.Nations = []string{pick(r, "NO", "PL", "US", "FR")}
		case 5:
			f.Aircraft = []string{pick(r, "RC-135", "rc135v", "bear", "TU-95", "SU27", "tu 95", "rivet joint", "-", "zz"), pick(r, "f16", "boeing")}
		case 6:
			f.Behaviours = []string{pick(r, "identification", "near_collision"), "collision"}
		case 7:
			f.From = incidents.MillisOf(firstDay.AddDate(0, r.IntN(10), r.IntN(20)))
		case 8:
			f.To = incidents.MillisOf(firstDay.AddDate(0, r.IntN(10), r.IntN(20)))
		case 9:
			f.Q = pick(r, "bear", "åland", "ALAND", "gdansk", "rc-135", "RC135", "tromso", "rocked wings", "wings rock", "met", "\"bear\" OR", "10*", "norway", "—")
		case 10:
			west, south := float64(r.IntN(80)-40), float64(r.IntN(40)+35)
			f.BBox = &incidents.BBox{West: west, South: south, East: west + float64(r.IntN(20)), North: south + float64(r.IntN(12))}
		case 11:
			f.Exercise = pick(r, "include", "only")
		case 12:
			for range 1 + r.IntN(20) {
				f.Numbers = append(f.Numbers, fmt.Sprintf("%d-%04d", Begin.Year(), r.IntN(100)))
			}
		case 13:
			f.Shape = pick(r, "point", "track", "area")
		case 14:
			from := incidents.MillisOf(firstDay.AddDate(0, r.IntN(10), r.IntN(20)))
			f.During = &incidents.Interval{From: from, To: from + incidents.Millis(r.IntN(60)*86_400_000)}
			switch r.IntN(4) {
			case 0:
				f.During.From = math.MinInt64
			case 1:
				f.During.To = math.MaxInt64
			}
		}
	}
	return f
}
