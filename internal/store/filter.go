package store

import (
	"fmt"
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// moment settles when the log is read and against which time deadlines are
// judged.
func (s *Store) moment(f incidents.Filter, at hotline.At) hotline.At {
	if at.AsOf == 0 {
		at.AsOf = f.AsOf
	}
	if at.AsOf != 0 {
		at.Now = at.AsOf
	}
	if at.Now == 0 {
		at.Now = s.nowMillis()
	}
	return at
}

// statusSQL resolves a column of the standings at a moment, as Facts.At does.
func (w *where) statusSQL(column string, now incidents.Millis) string {
	p := w.arg(now)
	return fmt.Sprintf(`case when f.deadline_from is null or %[1]s < f.deadline_from then f.p0_%[2]s
    when %[1]s < f.deadline_to then f.p1_%[2]s else f.p2_%[2]s end`, p, column)
}

// joinFacts asks for the facts of each incident.
func (w *where) joinFacts(at hotline.At) {
	w.and("f.incident_id = r.id")
	w.and(w.version("f", at.AsOf))
}

// exercise leaves exercises out unless they are asked for.
func (w *where) exercise(alias, mode string) {
	switch mode {
	case "include":
	case "only":
		w.and(alias + ".exercise = 1")
	default:
		w.and(alias + ".exercise = 0")
	}
}

// shownReports are the reports that a filter without any asks for.
var shownReports = []string{string(incidents.Submitted), string(incidents.Verified), string(incidents.Closed)}

// incidents takes a filter into the conditions. Where it asks for a status,
// the facts must be joined: see needsFacts.
func (w *where) incidents(d Dialect, f incidents.Filter, at hotline.At) {
	w.and(w.version("r", at.AsOf))
	reports := f.Reports
	if len(reports) == 0 {
		reports = shownReports
	}
	w.in("r.status", reports)
	w.exercise("r", f.Exercise)
	w.in("r.region", f.Regions)
	w.in("r.severity", f.Severities)
	w.in("r.number", f.Numbers)
	if len(f.Deescalations) > 0 {
		w.in(w.statusSQL("worst", at.Now), f.Deescalations)
	}
	if f.From != 0 {
		w.and("r.start_to > " + w.arg(f.From))
	}
	if f.To != 0 {
		w.and("r.start_from < " + w.arg(f.To))
	}
	if len(f.Nations) > 0 {
		w.and("exists (select 1 from rev_nation n where n.rev = r.rev and n.nation in " + list(w, f.Nations) + ")")
	}
	if len(f.Behaviours) > 0 {
		w.and("exists (select 1 from rev_behaviour b where b.rev = r.rev and b.behaviour in " + list(w, f.Behaviours) + ")")
	}
	w.aircraft(f.Aircraft)
	w.words(d, f.Q)
	w.box(d, f.BBox)
	if f.ID != "" {
		w.and("r.id = " + w.arg(f.ID))
	}
	w.shape(d, f.Shape)
	w.during(f.During)
	if f.Where != nil {
		w.and(w.condition(f.Where, at))
	}
	if f.Within != nil {
		w.incidents(d, *f.Within, at)
	}
}

// shape asks for positions of one type. A shape that is no point has an extent:
// geo.Validate refuses others, so that points are told without reading records.
func (w *where) shape(d Dialect, shape string) {
	switch shape {
	case "":
	case "point":
		w.and("r.west = r.east and r.south = r.north")
	default:
		kind := map[string]string{"track": "LineString", "area": "Polygon"}[shape]
		w.and("(r.west < r.east or r.south < r.north) and " + fmt.Sprintf(d.ShapeType, "r.record") + " = " + w.arg(kind))
	}
}

// during asks for times that may meet a period: from the earliest start to the
// latest end, or the latest start where no end is stated. What has no start may
// lie anywhere.
func (w *where) during(p *incidents.Interval) {
	if p == nil {
		return
	}
	from := w.arg(p.From)
	w.and("(r.start_from = " + w.arg(-incidents.Forever) + " or r.start_from <= " + w.arg(p.To) +
		" and (" + from + " <= r.start_from or " + from + " < coalesce(r.end_to, r.start_to)))")
}

// needsFacts reports whether the conditions of a filter name the facts.
func needsFacts(f incidents.Filter) bool {
	return len(f.Deescalations) > 0 || conditionNeedsFacts(f.Where) || f.Within != nil && needsFacts(*f.Within)
}

// aircraft asks for a designator or a part of a name.
func (w *where) aircraft(names []string) {
	if len(names) == 0 {
		return
	}
	var any []string
	for _, n := range names {
		if key := squash(n); key != "" {
			p := w.arg(key)
			any = append(any, "a.designator = "+p+" or a.name like '%' || "+p+" || '%'")
		}
	}
	if len(any) == 0 {
		any = []string{"1 = 0"}
	}
	w.and("exists (select 1 from rev_aircraft x where x.rev = r.rev and x.aircraft in (select a.id from aircraft a where " +
		strings.Join(any, " or ") + "))")
}

// words asks for all words of a question; one without any letter finds
// nothing.
func (w *where) words(d Dialect, q string) {
	if strings.TrimSpace(q) == "" {
		return
	}
	list := words(q)
	if len(list) == 0 {
		w.and("1 = 0")
		return
	}
	w.and(fmt.Sprintf(d.WhereText, w.arg(d.Match(list))))
}

// box asks for shapes that meet the box asked for, edges included, and for all
// that have none: where they were is not known, and the standard of the API has
// it so (OGC 17-069r4, /req/core/fc-bbox-response). A box across the antimeridian
// is two.
func (w *where) box(d Dialect, b *incidents.BBox) {
	if b == nil {
		return
	}
	half := func(west, east float64) string {
		p := []any{w.arg(west), w.arg(b.South), w.arg(east), w.arg(b.North), "r.record"}
		return fmt.Sprintf("("+d.WhereBox+" and r.west <= %[3]s and r.east >= %[1]s and r.south <= %[4]s and r.north >= %[2]s"+
			" and (r.west >= %[1]s and r.east <= %[3]s and r.south >= %[2]s and r.north <= %[4]s or "+d.WhereMeets+"))", p...)
	}
	parts := []string{"r.rev in (select rev from incident_rev where west is null)"}
	if b.West <= b.East {
		parts = append(parts, half(b.West, b.East))
	} else {
		parts = append(parts, half(b.West, 180), half(-180, b.East))
	}
	w.and("(" + strings.Join(parts, " or ") + ")")
}
