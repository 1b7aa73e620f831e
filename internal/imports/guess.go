package imports

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// synonyms are names that columns have elsewhere, without blanks and in lower
// case.
var synonyms = map[string]string{
	"lat": "latitude", "y": "latitude", "breite": "latitude", "lon": "longitude", "long": "longitude", "lng": "longitude", "x": "longitude", "länge": "longitude",
	"wkt": "geometry_wkt", "geom": "geometry_wkt", "geometry": "geometry_wkt", "thegeom": "geometry_wkt",
	"time": "date", "datetime": "date", "start": "date", "when": "date", "begin": "date", "datum": "date", "timestamp": "date", "dtg": "date", "event_date": "date", "eventdate": "date",
	"precision": "time_precision", "end": "end_from", "name": "title", "headline": "title", "event": "title", "titel": "title", "summary": "title",
	"place": "location", "ort": "location", "sea": "region", "area": "sub_area", "interceptor": "intercepting_nations", "interceptedby": "intercepting_nations",
	"intercepter": "intercepting_nations", "nation": "intercepted_nations", "country": "intercepted_nations", "aircraft": "intercepted_aircraft", "type": "intercepted_aircraft",
	"squawk": "transponder", "distance": "closest_approach_m", "distancem": "closest_approach_m", "cpa": "closest_approach_m", "duration": "violation_duration_s",
	"behaviour": "behaviours", "behavior": "behaviours", "behaviors": "behaviours", "gravity": "severity", "rating": "severity", "why": "severity_reason",
	"classification": "marking", "result": "outcome", "kind": "channel_kind", "line": "channel", "hotline": "channel", "incidents": "incident_ids", "relation": "relations",
	"uncertainty": "position_uncertainty_nm", "uuid": "id",
}

// bare is a name without what spellings differ in.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// guess is what a column may be by its name; empty where nothing comes to mind.
func guess(column string, properties []feature.Property, csv bool) string {
	has := func(name string) bool {
		return csv && slices.Contains(places, name) || slices.ContainsFunc(properties, func(p feature.Property) bool { return p.Name == name })
	}
	name := bare(column)
	for _, p := range properties {
		if bare(p.Name) == name {
			return p.Name
		}
	}
	for _, p := range places {
		if csv && bare(p) == name {
			return p
		}
	}
	if s := synonyms[name]; has(s) {
		return s
	}
	return ""
}

// Choices are what a column of the file may be.
func (f *File) Choices() []string {
	properties, _ := Properties(f.Collection)
	var names []string
	if f.Format == "csv" {
		names = append(names, places...)
	}
	for _, p := range properties {
		names = append(names, p.Name)
	}
	return names
}

// Preview is the beginning of a file.
type Preview struct {
	Columns []string
	Guesses map[string]string // column → what it may be; "" where nothing comes to mind
	Rows    [][]string        // of the columns, as texts
}

// Look reads the columns of a file and its first rows, at most so many. What is
// wrong with the file is a *format.RowError.
func Look(f File, rows int) (p Preview, err error) {
	s, err := f.open()
	if err != nil {
		return p, err
	}
	defer func() { _ = s.close() }() // read only
	p.Columns = slices.Clone(s.columns)
	var records []*format.Record
	for len(records) < rows {
		rec, err := s.Next()
		var row *format.RowError
		if errors.As(err, &row) && row.More {
			continue
		}
		if errors.Is(err, io.EOF) || row != nil && len(records) > 0 {
			break
		}
		if err != nil {
			return p, err
		}
		records = append(records, rec)
		if s.columns == nil {
			var more []string
			for name := range rec.Properties {
				if !slices.Contains(p.Columns, name) {
					more = append(more, name)
				}
			}
			slices.Sort(more)
			p.Columns = append(p.Columns, more...)
		}
	}
	properties, _ := Properties(f.Collection)
	p.Guesses = map[string]string{}
	taken := map[string]bool{}
	for _, c := range p.Columns {
		if g := guess(c, properties, f.Format == "csv"); g != "" && !taken[g] {
			p.Guesses[c], taken[g] = g, true
		}
	}
	for _, rec := range records {
		cells := make([]string, len(p.Columns))
		for i, c := range p.Columns {
			if v, ok := rec.Properties[c]; ok && v != nil {
				cells[i] = shown(v)
			}
		}
		p.Rows = append(p.Rows, cells)
	}
	return p, nil
}

// shown is a value as a report shows it.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = fmt.Sprint(m)
		}
		return strings.Join(parts, "; ")
	}
	return fmt.Sprint(v)
}
