package research

import (
	"fmt"
	"regexp"
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// The form's own words, and ours.
var (
	kindWords     = map[string]string{"ambassador_summons": "summons"}
	outcomeWords  = map[string]string{"reply_by_letter": "replied"}
	relationWords = map[string]string{
		"followed_incident": "prompted_by", "coincident_not_prompted_by_incident": "coincident", "general": "discussed",
		"prompted_by": "prompted_by", "discussed": "discussed", "coincident": "coincident",
	}
)

// shortNames are what the lines of the sample are called in the strip under
// the head; others are named after their id.
var shortNames = map[string]string{
	"ch-nato-ru-mil": "NATO–RU MIL", "ch-no-nf": "NJHQ–N FLEET", "ch-no-fsb-annual": "NJHQ–FSB", "ch-us-ru-deconf": "EUCOM–NDMC",
	"ch-us-ru-ministers": "SECDEF–MOD", "ch-us-ru-chiefs": "CJCS–CGS", "ch-dcl": "DCL", "ch-nrrc": "NRRC", "ch-incsea-us": "INCSEA US",
	"ch-incsea-allies": "INCSEA ALLIES", "ch-dma": "DMA", "ch-cai": "CAI", "ch-no-ru-proposed": "OSLO–MOSCOW",
	"ch-baltic-transponder": "BALTIC AIR SAFETY", "ch-embassy": "SUMMONS",
}

// contactLine is a line that is a contact.
type contactLine struct {
	contact   hotline.Contact
	channelID string   // id of the line in the form; empty: over none
	incidents []string // ids of incidents in the form
	relation  string   // ours
}

// channel maps a line of the register.
func (l *line) channel(o object) hotline.Line {
	id := o.need("id", "a text that is never used twice")
	ch := l.channelOf(o.obj("channel"))
	h := hotline.Line{Source: Source, SourceID: id, Name: ch.Name, Short: shortName(id), Parties: ch.Parties, Kind: ch.Kind,
		Regions: l.codes(o, "regions", incidents.RegionCodes), TestSchedule: o.str("test_schedule"),
		Established: o.str("established"), EstablishedNote: o.str("established_note"), Summary: o.str("summary"), Sources: l.sources(o)}
	if h.Name == "" {
		l.add("channel.name", "", "is missing; accepted: what the line is called.")
	}
	h.Tests = scheduleIn(h.TestSchedule)
	h.State = o.str("status")
	if !hotline.LineStates.Has(h.State) {
		h.StateNote, h.State = h.State, incidents.Unknown
	}
	for _, name := range []string{"date_time", "direction", "outcome"} {
		if raw, ok := o.value(name); ok {
			l.add(name, string(raw), "belongs to a contact, not to a channel; accepted: null.")
		}
	}
	if ids := o.strs("linked_incident_ids"); len(ids) > 0 {
		l.add("linked_incident_ids", strings.Join(ids, ", "), "belongs to a contact, not to a channel; accepted: [].")
	}
	o.str("record_type")
	o.done()
	return h
}

var (
	scheduleWord = regexp.MustCompile(`(?i)\b(?:weekly|daily|(?:sun|mon|tues|wednes|thurs|fri|satur)days?)\b`)
	scheduleTime = regexp.MustCompile(`(?i)\b(\d{1,2}):?(\d{2}) ?(?:utc|gmt|z)\b`)
)

// scheduleIn finds in the words of a register when a line is tested: as
// hotline.ParseSchedule reads it, or by its days and its hours in UTC, whatever
// else is said around them. Words that leave the hour open give none.
func scheduleIn(text string) hotline.Schedule {
	if s, err := hotline.ParseSchedule(text); err == nil {
		return s
	}
	var words []string
	for _, w := range scheduleWord.FindAllString(text, -1) {
		words = append(words, strings.TrimSuffix(strings.ToLower(w), "s"))
	}
	for _, t := range scheduleTime.FindAllStringSubmatch(text, -1) {
		words = append(words, fmt.Sprintf("%02s%sZ", t[1], t[2]))
	}
	s, err := hotline.ParseSchedule(strings.Join(words, " "))
	if err != nil {
		return hotline.Schedule{}
	}
	return s
}

func shortName(id string) string {
	if s := shortNames[id]; s != "" {
		return s
	}
	r := []rune(strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(id, "ch-"), "-", " ")))
	if len(r) > 20 {
		r = r[:20]
	}
	return string(r)
}

func (l *line) channelOf(o object) hotline.Channel {
	ch := hotline.Channel{Name: o.str("name"), Parties: o.strs("parties"), Kind: l.code(o, "kind", hotline.Kinds, kindWords, "")}
	for _, p := range ch.Parties {
		if p != "any" && !incidents.ValidNation(p) {
			l.add(o.at("parties"), p, "is no party; accepted: ISO 3166-1 alpha-2 codes, NATO, any.")
		}
	}
	o.done()
	return ch
}

// contact maps an attempt to communicate.
func (l *line) contact(o object) contactLine {
	c := hotline.Contact{Source: Source, SourceID: o.need("id", "a text that is never used twice"), Channel: l.channelOf(o.obj("channel")),
		Established: o.str("established"), Direction: o.str("direction"), Outcome: l.code(o, "outcome", hotline.Outcomes, outcomeWords, ""),
		Purpose: l.code(o, "purpose", hotline.Purposes, nil, incidents.Unknown), Summary: o.str("summary"), Sources: l.sources(o), Relation: o.str("relation")}
	precision := l.code(o, "time_precision", incidents.Precisions, nil, "")
	c.Start = l.moment(o, "date_time", precision, true)
	c.End = l.moment(o, "date_time_end", precision, false)
	if !c.End.IsZero() && !c.Start.IsZero() && c.End.To <= c.Start.From {
		l.add("date_time_end", c.End.Text, "lies before date_time.")
	}
	c.Initiators, c.Answerers = l.direction(c.Direction, c.Channel.Parties)
	in := contactLine{contact: c, channelID: o.str("channel_id"), incidents: o.strs("linked_incident_ids")}
	if c.Relation != "" || len(in.incidents) > 0 {
		var ok bool
		if in.relation, ok = relationWords[c.Relation]; !ok {
			l.add("relation", c.Relation, "is no relation; accepted: followed_incident, coincident_not_prompted_by_incident, general, prompted_by, discussed, coincident.")
		}
	}
	o.str("record_type")
	o.done()
	return in
}

// direction reads who turned to whom: "US->RU", "SE,DK->RU", or "both" for all
// parties on both ends.
func (l *line) direction(text string, parties []string) (from, to []string) {
	if text == "" {
		return []string{}, []string{}
	}
	if text == "both" {
		return append([]string{}, parties...), append([]string{}, parties...)
	}
	a, b, ok := strings.Cut(text, "->")
	from, to = split(a), split(b)
	bad := !ok || len(from) == 0 || len(to) == 0
	for _, code := range append(append([]string{}, from...), to...) {
		bad = bad || !incidents.ValidNation(code)
	}
	if bad {
		l.add("direction", text, "is no direction; accepted: US->RU, SE,DK->RU, both, or null.")
	}
	return from, to
}

func split(s string) []string {
	out := []string{}
	for _, part := range strings.Split(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
