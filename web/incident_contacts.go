package web

import (
	"fmt"
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// contactBlock is one contact with everything that is known of it.
func contactBlock(c hotline.Case, l hotline.Linked, asOf incidents.Millis) view.ContactBlock {
	b := view.ContactBlock{
		ID: string(l.ID), Href: withAsOf(contactPath(l.ID), asOf), Title: contactTitle(l.Contact),
		Outcome: hotline.Outcomes.Word(l.Outcome), Kind: sortOf(l.Channel.Kind), Remark: contactMeaning(c, l),
		When: momentOf(l.Start), Summary: l.Summary, UnlinkID: "unlink-" + string(l.ID), Sources: sourceLines(l.Sources),
	}
	b.Facts = append(contactWays(l.Contact, asOf), contactTimes(l.Contact)...)
	b.Facts = append(b.Facts, contactPeople(l.Contact)...)
	b.Facts = append(b.Facts, linkFact(l), contactRecord(l.Contact))
	return b
}

// contactWays say over what the two sides spoke.
func contactWays(c hotline.Contact, asOf incidents.Millis) []view.Fact {
	kind := kindWord(c.Channel.Kind) + ", " + sortOf(c.Channel.Kind)
	facts := []view.Fact{words("Kind", kind), words("Purpose", hotline.Purposes.Word(c.Purpose))}
	if c.LineID != "" {
		facts = append(facts, view.Fact{Label: "Line", Values: []view.Value{{Text: contactTitle(c), Href: withAsOf("/lines/"+string(c.LineID), asOf)}}})
	}
	if between := nationList(c.Channel.Parties); between != "" && !sameNations(c.Channel.Parties, c.Initiators, c.Answerers) {
		facts = append(facts, words("Channel between", between))
	}
	return append(facts, directionFact(c))
}

// sameNations reports whether the parties of a channel are those that spoke
// over it.
func sameNations(parties, from, to []string) bool {
	spoke := append(append([]string{}, from...), to...)
	for _, p := range parties {
		if indexOf(spoke, p) < 0 {
			return false
		}
	}
	return true
}

// directionFact says who called whom, and how that was given.
func directionFact(c hotline.Contact) view.Fact {
	from, to := nationList(c.Initiators), nationList(c.Answerers)
	switch {
	case from != "" && to != "":
		return view.Fact{Label: "Direction", Values: []view.Value{{Text: from + " to " + to, Note: c.Direction}}}
	case from+to != "":
		return view.Fact{Label: "Direction", Values: []view.Value{{Text: strings.TrimSpace("from " + orUnknown(from) + " to " + orUnknown(to)), Note: c.Direction}}}
	}
	return words("Direction", c.Direction)
}

func orUnknown(s string) string {
	if s == "" {
		return incidents.Unknown
	}
	return s
}

func nationList(codes []string) string {
	names := make([]string, len(codes))
	for i, n := range codes {
		names[i] = incidents.NationName(n)
	}
	return strings.Join(names, ", ")
}

func contactTimes(c hotline.Contact) []view.Fact {
	facts := []view.Fact{momentFact("Began", c.Start)}
	if !c.End.IsZero() {
		facts = append(facts, momentFact("Ended", c.End))
	}
	return facts
}

func contactPeople(c hotline.Contact) []view.Fact {
	return given("Spoke", c.Caller, "Answered", c.Callee, "Translator", c.Translator, "Channel set up", c.Established)
}

// linkFact says how the contact belongs to this incident, and who says so.
func linkFact(l hotline.Linked) view.Fact {
	k := l.LinkedAs
	note := fmt.Sprintf("linked by %s, %s", k.RecordedBy, incidents.FormatDTG(k.RecordedAt.Time()))
	if k.Reason != "" {
		note += ": " + k.Reason
	}
	f := view.Fact{Label: "Relation", Values: []view.Value{{Text: hotline.Relations.Word(k.Relation), Note: note}}}
	if l.Relation != "" {
		f.Values = append(f.Values, view.Value{Text: "stated as " + view.Words(l.Relation)})
	}
	return f
}

// contactRecord is about the record of the contact.
func contactRecord(c hotline.Contact) view.Fact {
	var parts []string
	if c.Retracted {
		parts = append(parts, "retracted")
	}
	parts = append(parts, fmt.Sprintf("revision %d by %s, %s", c.Revision, c.RecordedBy, incidents.FormatDTG(c.RecordedAt.Time())))
	if c.Reason != "" {
		parts = append(parts, "“"+c.Reason+"”")
	}
	if c.FirstRecordedAt != c.RecordedAt {
		parts = append(parts, "first recorded "+incidents.FormatDTG(c.FirstRecordedAt.Time()))
	}
	if c.Marking != "" {
		parts = append(parts, c.Marking)
	}
	if c.Exercise {
		parts = append(parts, "exercise")
	}
	if c.Source != "" {
		parts = append(parts, "imported from "+c.Source+", its id there "+c.SourceID)
	}
	return words("Record", strings.Join(parts, "; "))
}
