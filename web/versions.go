package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// fact is what a report says of one thing and what is chosen as a whole: a time
// with how well it is known, a position with its uncertainty, a list.
type fact struct {
	name, label string
	text        func(*report) string // in words; empty when nothing is said
	same        func(a, b *report) bool
	take        func(to *report, from report)
	add         func(to *report, from report) // take, or put to what is there
}

// withLeader are the fields that say nothing without another.
var withLeader = map[string]string{"start_precision": "start", "end_precision": "end", "uncertainty": "position", "position_basis": "position",
	"region_reason": "region", "airspace_state": "airspace_kind", "closest_approach_qualifier": "closest_approach",
	"violation_duration_qualifier": "violation_duration", "severity_reason": "severity"}

// reportFacts are the facts of a report in the order of the form.
var reportFacts = factsOfReport()

func factsOfReport() []fact {
	parts := map[string][]reportText{}
	for _, f := range reportTexts {
		leader := f.name
		if l := withLeader[f.name]; l != "" {
			leader = l
		}
		parts[leader] = append(parts[leader], f)
	}
	var facts []fact
	for _, f := range reportTexts {
		if f.name != "id" && f.name != "reason" && withLeader[f.name] == "" {
			facts = append(facts, factOfTexts(f, parts[f.name]))
		}
	}
	for _, l := range reportLists {
		facts = append(facts, factOfList(l))
	}
	slices.SortStableFunc(facts, func(a, b fact) int { return int(a.label[0]) - int(b.label[0]) })
	for i := range facts {
		facts[i].label = strings.TrimLeft(facts[i].label, "12345678 ")
	}
	return facts
}

func factOfTexts(leader reportText, parts []reportText) fact {
	take := func(to *report, from report) {
		for _, p := range parts {
			*p.at(to) = *p.at(&from)
		}
	}
	return fact{name: leader.name, label: leader.label, take: take, add: take,
		text: func(r *report) string {
			var words []string
			for _, p := range parts {
				words = append(words, partWords(p, r))
			}
			return joined(", ", words...)
		},
		same: func(a, b *report) bool {
			for _, p := range parts {
				if !same(partWords(p, a), partWords(p, b)) {
					return false
				}
			}
			return true
		}}
}

// partWords says one part of a fact; what is unknown, and how well an absent
// time is known, is nothing.
func partWords(p reportText, r *report) string {
	value := strings.TrimSpace(*p.at(r))
	switch {
	case value == "" || p.words != nil && value == incidents.Unknown:
		return ""
	case p.name == "start_precision" && strings.TrimSpace(r.Start) == "", p.name == "end_precision" && strings.TrimSpace(r.End) == "":
		return ""
	case strings.HasSuffix(p.name, "_precision"):
		return "known to the " + strings.Replace(p.words.Word(value), "exact", "minute", 1)
	case p.name == "uncertainty":
		return "within " + value + " NM"
	}
	return wordOr(p.words, *p.at(r))
}

func factOfList(l reportList) fact {
	f := fact{name: l.name, label: l.label, text: l.text, take: l.take, add: l.take,
		same: func(a, b *report) bool { return same(l.text(a), l.text(b)) }}
	switch l.name {
	case "behaviours":
		f.add = func(to *report, from report) { to.Behaviours = union(to.Behaviours, from.Behaviours) }
	case "claims":
		f.add = func(to *report, from report) { to.Claims = union(to.Claims, from.Claims) }
	case "sources":
		f.add = func(to *report, from report) { to.Sources = union(to.Sources, from.Sources) }
	}
	return f
}

// union is a list with what another has more; empty rows are left out.
func union[T comparable](a, b []T) []T {
	var list []T
	var empty T
	for _, x := range slices.Concat(a, b) {
		if x != empty && !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}

// reportValues writes a report as reportFrom reads it.
func reportValues(r report) url.Values {
	v := url.Values{}
	for _, f := range reportTexts {
		if s := *f.at(&r); s != "" {
			v.Set(f.name, s)
		}
	}
	for name, list := range map[string][]incidents.AircraftReport{"intercepting_aircraft": r.Intercepting.Aircraft, "intercepted_aircraft": r.Intercepted.Aircraft} {
		for _, a := range list {
			v.Add(name+"_count", a.Count)
			v.Add(name+"_designator", a.Designator)
			v.Add(name+"_name", a.Name)
		}
	}
	for _, c := range r.Claims {
		v.Add("claims_field", c.Field)
		v.Add("claims_value", c.Value)
		v.Add("claims_claimant", c.Claimant)
		v.Add("claims_source", c.Source)
	}
	for _, c := range r.Sources {
		v.Add("sources_title", c.Title)
		v.Add("sources_url", c.URL)
		v.Add("sources_publisher", c.Publisher)
		v.Add("sources_date", c.Date)
	}
	if len(r.Behaviours) > 0 {
		v["behaviours"] = r.Behaviours
	}
	if r.Exercise {
		v.Set("exercise", "yes")
	}
	return v
}

// mergeReport lays a change over a newer revision than the one it was made
// from. What only one side changed is merged; what both changed stays as the
// person has it until they choose. The answer shows was, theirs and yours.
func mergeReport(mine *report, base, newest incidents.Incident) *view.Conflict {
	was, theirs, yours := incidents.ReportOf(base.Record), incidents.ReportOf(newest.Record), *mine
	for _, f := range reportFacts {
		if f.same(&yours, &was) {
			f.take(mine, theirs)
		}
	}
	return conflictOf(*mine, was, yours, base.Revision, newest)
}

// conflictOf shows a change that met another: the form as it stands, what both
// were made from, and what the person had typed when they met.
func conflictOf(form, was, yours report, base int, newest incidents.Incident) *view.Conflict {
	theirs := incidents.ReportOf(newest.Record)
	c := &view.Conflict{By: newest.RecordedBy, At: incidents.FormatDTG(newest.RecordedAt.Time()), Base: base, Revision: newest.Revision, Reason: newest.Reason,
		Fresh: incidentPath(newest.ID) + "/edit", Yours: reportValues(yours).Encode()}
	for _, f := range reportFacts {
		if f.same(&yours, &theirs) {
			continue
		}
		switch mineToo, theirsToo := !f.same(&yours, &was), !f.same(&theirs, &was); {
		case mineToo && theirsToo:
			row := view.ConflictRow{Name: f.name, Label: f.label, Was: f.text(&was), Picked: pickOf(f, &form, "theirs", &theirs, "yours", &yours)}
			row.Theirs, row.Yours = diffTexts(f.text(&theirs), f.text(&yours))
			c.Rows = append(c.Rows, row)
		case mineToo:
			c.Merged = append(c.Merged, view.MergedRow{Name: f.name, Label: f.label, Was: f.text(&was), Is: f.text(&yours), By: "you"})
		case theirsToo:
			c.Merged = append(c.Merged, view.MergedRow{Name: f.name, Label: f.label, Was: f.text(&was), Is: f.text(&theirs), By: newest.RecordedBy})
		}
	}
	c.MergedTitle = mergedWords(len(c.Merged))
	return c
}

func mergedWords(n int) string {
	if n == 1 {
		return "1 field was changed by one side only and is merged"
	}
	return strconv.Itoa(n) + " fields were changed by one side only and are merged"
}

// diffTexts marks the words in which two texts differ; a side that says nothing
// has no lines.
func diffTexts(a, b string) (one, other []view.DiffLine) {
	lines := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	return diffLines(lines(a), lines(b))
}

// pickOf tells which of two versions of a fact the form has; neither when it
// was typed over.
func pickOf(f fact, form *report, a string, inA *report, b string, inB *report) string {
	switch {
	case f.same(form, inB):
		return b
	case f.same(form, inA):
		return a
	}
	return ""
}

// settle does what was chosen in the tables above a form, and keeps the tables
// for the page that answers. A field that was typed over since stays as typed.
func (s *Server) settle(ctx context.Context, v url.Values, sh *sheet) error {
	if !v.Has("yours") && !v.Has("second") {
		return nil
	}
	revisions, err := s.Store.IncidentRevisions(ctx, sh.of.ID, 0)
	if err != nil {
		return err
	}
	theirs, ok := revisionOf(revisions, sh.base)
	if !ok {
		return nil // a conflict, which the log will find
	}
	was, err := strconv.Atoi(v.Get("was"))
	base, ok := revisionOf(revisions, was)
	if typed, bad := url.ParseQuery(v.Get("yours")); v.Has("yours") && err == nil && bad == nil && (ok || was == 0) {
		s.settleConflict(v, sh, base, theirs, reportFrom(typed))
	}
	if v.Has("second") {
		s.settleOffer(v, sh, incidents.ReportOf(theirs.Record))
	}
	return nil
}

// revisionOf finds a revision by its number. One that is not there is empty:
// what was made from nothing differs in all it says.
func revisionOf(revisions []incidents.Incident, n int) (incidents.Incident, bool) {
	for _, r := range revisions {
		if r.Revision == n {
			return r, true
		}
	}
	return incidents.Incident{}, false
}

func (s *Server) settleConflict(v url.Values, sh *sheet, base, newest incidents.Incident, yours report) {
	theirs, was := incidents.ReportOf(newest.Record), incidents.ReportOf(base.Record)
	for _, f := range reportFacts {
		switch pick := v.Get("pick." + f.name); {
		case pick == "theirs" && f.same(&sh.report, &yours):
			f.take(&sh.report, theirs)
		case pick == "yours" && f.same(&sh.report, &theirs):
			f.take(&sh.report, yours)
		}
	}
	sh.conflict = conflictOf(sh.report, was, yours, base.Revision, newest)
}

func (s *Server) settleOffer(v url.Values, sh *sheet, mine report) {
	second := secondReport(v)
	for _, f := range reportFacts {
		with := mine
		f.add(&with, second)
		switch take := v.Get("take." + f.name); {
		case take == "take" && f.same(&sh.report, &mine):
			f.take(&sh.report, with)
		case take == "keep" && f.same(&sh.report, &with):
			f.take(&sh.report, mine)
		}
	}
	sh.offer = s.offerOf(*sh, second)
}

// unasked are the facts that a form states without anybody having typed them.
var unasked = []string{"absence", "exercise", "narrative"}

// offered lists the facts that a second report has to add to an incident.
func (s *Server) offered(mine, second report) []fact {
	var list []fact
	for _, f := range reportFacts {
		with := mine
		f.add(&with, second)
		switch {
		case slices.Contains(unasked, f.name), f.text(&second) == "", f.same(&mine, &with), s.meansSame(f.name, &mine, &second):
		case f.name == "marking" && second.Marking == s.marking(nil):
		default:
			list = append(list, f)
		}
	}
	return list
}

// meansSame tells whether two reports say the same of a time, a place or the
// nations in other letters.
func (s *Server) meansSame(name string, a, b *report) bool {
	told := func(r *report) string {
		switch name {
		case "start":
			m, _ := incidents.ReadTime(r.Start, r.StartPrecision, s.Now())
			return m.String()
		case "end":
			m, _ := incidents.ReadTime(r.End, r.EndPrecision, s.Now())
			return m.String()
		case "position":
			p, err := geo.ReadPosition(r.Position)
			if err != nil {
				return ""
			}
			return p.Text + " " + strings.TrimSpace(r.Uncertainty)
		case "intercepting_nations":
			return nationsText(r.Intercepting.Nations)
		case "intercepted_nations":
			return nationsText(r.Intercepted.Nations)
		}
		return ""
	}
	said := told(a)
	return said != "" && said != (incidents.Moment{}).String() && said == told(b)
}

func nationsText(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToUpper(s), func(c rune) bool { return strings.ContainsRune(", ;/", c) }), ", ")
}

// amend lays a second report over the form of an incident: what the incident
// does not say is filled in, and its words are put below the incident's.
func (s *Server) amend(form *report, second report, by string) {
	mine := *form
	for _, f := range s.offered(mine, second) {
		if f.text(&mine) == "" {
			f.take(form, second)
		}
	}
	if words := strings.TrimSpace(second.Narrative); words != "" && !strings.Contains(spaced(form.Narrative), spaced(words)) {
		head := "Second report, by " + by + ", " + incidents.FormatDTG(s.Now()) + ":"
		form.Narrative = strings.TrimLeft(strings.TrimRight(form.Narrative, " \r\n")+"\n\n"+head+"\n"+words, "\n")
	}
	form.Reason = "Second report of the same incident"
}

// spaced is a text with one blank where it has several.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// offerOf shows what a second report says beside what the incident says.
func (s *Server) offerOf(sh sheet, second report) *view.Offer {
	mine := incidents.ReportOf(sh.of.Record)
	o := &view.Offer{Number: sh.of.Number, Href: incidentPath(sh.of.ID), Second: reportValues(second).Encode(), Narrative: strings.TrimSpace(second.Narrative)}
	for _, f := range s.offered(mine, second) {
		if sh.conflict != nil && slices.ContainsFunc(sh.conflict.Rows, func(r view.ConflictRow) bool { return r.Name == f.name }) {
			continue // asked above, and one question has one answer
		}
		with := mine
		f.add(&with, second)
		row := view.OfferRow{Name: f.name, Label: f.label, New: f.text(&mine) == "", Picked: pickOf(f, &sh.report, "keep", &mine, "take", &with)}
		row.Has, row.Says = diffTexts(f.text(&mine), f.text(&second))
		o.Rows = append(o.Rows, row)
	}
	return o
}
