package hotline

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
)

//go:embed sheets/*.json
var sheetFiles embed.FS

// Sheet is the words of a call sheet in one language, one revision of them:
// sentences to be read out, and the words that go into their slots, such as
// {number}. Revision 0 came with the program.
type Sheet struct {
	Language string `json:"language"` // ISO 639-1
	Meta
	Phrases    map[string]string `json:"phrases"`
	ApprovedBy string            `json:"approved_by,omitempty"` // empty: nobody yet
	ApprovedAt Millis            `json:"approved_at,omitempty"`
}

// SheetLanguages are the languages that call sheets come in, and their names.
var SheetLanguages = incidents.Vocabulary{
	{Code: "en", Word: "English", Meaning: "The words of the log itself."},
	{Code: "ru", Word: "Russian", Meaning: "For lines whose other side speaks Russian."},
}

// Draft reports whether the sheet must not be relied upon: nobody of the unit
// has approved these words. The English words that came with the program are
// those of the log.
func (t Sheet) Draft() bool {
	return t.ApprovedBy == "" && (t.Revision > 0 || t.Language != "en")
}

// sentences are the phrases that are read out as they stand, in their order.
var sentences = []string{"opening", "exercise", "number", "time", "position", "region", "who", "seen", "distance", "ask.high_risk", "ask.serious", "ask.near_routine", "closing"}

// Shipped gives the sheet that came with the program.
func Shipped(language string) (Sheet, bool) {
	text, err := sheetFiles.ReadFile("sheets/" + language + ".json")
	if err != nil {
		return Sheet{}, false
	}
	t := Sheet{Language: language}
	if err := json.Unmarshal(text, &t.Phrases); err != nil {
		return Sheet{}, false // a test reads every one
	}
	return t, true
}

// Keys gives the names of the phrases: the sentences in their order, then the
// words.
func (t Sheet) Keys() []string {
	rank := func(key string) int {
		if i := slices.Index(sentences, key); i >= 0 {
			return i
		}
		return len(sentences)
	}
	return slices.SortedFunc(maps.Keys(t.Phrases), func(a, b string) int {
		return cmp.Or(rank(a)-rank(b), strings.Compare(a, b))
	})
}

// IsSentence reports whether a phrase is read out as it stands.
func IsSentence(key string) bool { return slices.Contains(sentences, key) }

// SheetFacts are what a call sheet is filled with.
type SheetFacts struct {
	Caller, Line string // who speaks, over what; empty: unknown
	Notation     string // of positions: see geo.FormatPoint
	Incidents    []incidents.Incident
}

// SheetPart is what is read out in one go. Title is the number of the incident,
// empty for the opening and the closing.
type SheetPart struct {
	Title string
	Lines []string
}

// Render fills a sheet in. What is unknown is said to be unknown.
func (t Sheet) Render(f SheetFacts) []SheetPart {
	opening := SheetPart{Lines: []string{t.fill("opening", slots{"caller": f.Caller, "line": f.Line})}}
	if slices.ContainsFunc(f.Incidents, func(i incidents.Incident) bool { return i.Record.Exercise }) {
		opening.Lines = append(opening.Lines, t.fill("exercise", nil))
	}
	parts := []SheetPart{opening}
	for i := range f.Incidents {
		parts = append(parts, t.incident(&f.Incidents[i], f.Notation))
	}
	return append(parts, SheetPart{Lines: []string{t.fill("closing", nil)}})
}

// slots are what goes into a phrase.
type slots map[string]string

var slot = regexp.MustCompile(`\{([a-z]+)\}`)

// fill gives a phrase with its slots filled; an empty one is unknown, and so is
// a phrase that is not there.
func (t Sheet) fill(key string, with slots) string {
	phrase, ok := t.Phrases[key]
	if !ok {
		return t.unknown()
	}
	return slot.ReplaceAllStringFunc(phrase, func(s string) string {
		if v := with[s[1:len(s)-1]]; v != "" {
			return v
		}
		return t.unknown()
	})
}

func (t Sheet) unknown() string { return cmp.Or(t.Phrases["unknown"], "unknown") }

// word gives a word of the sheet, or nothing where it has none.
func (t Sheet) word(kind, code string) string { return t.Phrases[kind+"."+code] }

func (t Sheet) incident(inc *incidents.Incident, notation string) SheetPart {
	rec := &inc.Record
	part := SheetPart{Title: inc.Number}
	say := func(key string, with slots) { part.Lines = append(part.Lines, t.fill(key, with)) }
	say("number", slots{"number": inc.Number})
	say("time", slots{"time": t.time(rec.Start)})
	say("position", slots{"position": t.position(rec, notation)})
	say("region", slots{"region": t.word("region", inc.Derived.Region)})
	say("who", slots{"intercepting": t.party(&rec.Intercepting), "intercepted": t.party(&rec.Intercepted)})
	var seen []string
	for _, b := range rec.Behaviours {
		if w := t.word("behaviour", b); w != "" {
			seen = append(seen, w)
		}
	}
	say("seen", slots{"behaviours": strings.Join(seen, ", ")})
	distance := ""
	if m := rec.ClosestApproachM; m != nil {
		distance = strconv.FormatFloat(*m, 'f', -1, 64)
		if rec.ClosestApproachQualifier != "" {
			distance = t.fill("about", slots{"figure": distance})
		}
	}
	say("distance", slots{"distance": distance})
	ask := "ask." + rec.Severity
	if t.Phrases[ask] == "" {
		ask = "ask.serious"
	}
	say(ask, nil)
	return part
}

// time says a time no finer than it is known.
func (t Sheet) time(m incidents.Moment) string {
	if m.IsZero() {
		return ""
	}
	from, to := m.From.Time(), m.To.Time()
	with := slots{"date": t.date(from), "clock": from.Format("15:04"), "end": to.Format("15:04"), "dtg": incidents.FormatDTG(from), "last": t.date(to.Add(-time.Millisecond))}
	switch {
	case m.Precision == incidents.Exact:
		return t.fill("time.exact", with)
	case m.Precision == incidents.Hour && to.Sub(from) <= time.Hour:
		return t.fill("time.hour", with)
	case to.Sub(from) <= 24*time.Hour:
		return t.fill("time.day", with)
	}
	return t.fill("time.span", with)
}

func (t Sheet) date(at time.Time) string {
	return t.fill("date", slots{"day": strconv.Itoa(at.Day()), "month": t.word("month", strconv.Itoa(int(at.Month()))), "year": strconv.Itoa(at.Year())})
}

// hemisphere ends a latitude or a longitude.
var hemisphere = regexp.MustCompile(`[NSEW]\b`)

func (t Sheet) position(rec *incidents.Record, notation string) string {
	point := func(p orb.Point) string {
		text := geo.FormatPoint(p, notation)
		if !strings.Contains(text, "°") {
			return text // a grid
		}
		return hemisphere.ReplaceAllStringFunc(text, func(s string) string {
			if w := t.word("hemisphere", s); w != "" && w != s {
				return " " + w
			}
			return s
		})
	}
	text := ""
	switch g := rec.Geometry.Geometry.(type) {
	case nil:
		return ""
	case orb.Point:
		text = t.fill("position.point", slots{"position": point(g)})
	case orb.LineString:
		text = t.fill("position.track", slots{"first": point(g[0]), "last": point(g[len(g)-1])})
	default:
		text = t.fill("position.area", slots{"position": point(g.Bound().Center())})
	}
	if u := rec.UncertaintyNM; u != nil {
		text = t.fill("position.within", slots{"position": text, "figure": strconv.FormatFloat(*u, 'f', -1, 64)})
	}
	return text
}

// party says who, and with what. Free words of the record are English; in
// another language only what the sheet has a word for is said, and codes.
func (t Sheet) party(p *incidents.Party) string {
	if p.PlatformKind == "none" {
		return t.Phrases["nobody"]
	}
	var nations, types []string
	for _, n := range p.Nations {
		nations = append(nations, cmp.Or(t.word("nation", n), n))
	}
	for _, a := range p.Aircraft {
		name := cmp.Or(t.word("aircraft", a.Designator), a.Designator)
		if t.Language == "en" {
			name = cmp.Or(a.Name, name)
		}
		if name == "" {
			continue
		}
		if a.Count != nil {
			name = t.fill("counted", slots{"type": name, "count": strconv.Itoa(*a.Count)})
		}
		types = append(types, name)
	}
	if len(nations)+len(types) == 0 {
		return ""
	}
	return t.fill("party", slots{"nations": strings.Join(nations, ", "), "aircraft": cmp.Or(strings.Join(types, ", "), t.Phrases["notype"])})
}

// CallSheets gives the sheets as they hold: what was saved here, otherwise what
// came with the program.
func (d *Desk) CallSheets(ctx context.Context) ([]Sheet, error) {
	kept, err := d.Store.Sheets(ctx, 0)
	if err != nil {
		return nil, err
	}
	var list []Sheet
	for _, l := range SheetLanguages {
		t, _ := Shipped(l.Code)
		for _, k := range kept {
			if k.Language == l.Code {
				// A phrase that came with a newer program is taken from it.
				maps.Copy(t.Phrases, k.Phrases)
				k.Phrases = t.Phrases
				t = k
			}
		}
		list = append(list, t)
	}
	return list, nil
}

const sheetNotSaved = "The call sheet was not saved."

// SaveSheet puts other words into a sheet. They are a draft until somebody
// approves them. base is the revision that the change was made from.
func (d *Desk) SaveSheet(ctx context.Context, actor access.Actor, language string, base int, phrases map[string]string, reason string) (Sheet, error) {
	shipped, err := d.sheetToChange(actor, language)
	if err != nil {
		return Sheet{}, err
	}
	rd := d.reader()
	t := Sheet{Language: language, Meta: Meta{Revision: base}, Phrases: map[string]string{}}
	order := shipped.Keys()
	for _, key := range order {
		text := rd.line(key, phrases[key])
		if text == "" {
			rd.Add(key, "Say something here; what came with the program is: "+shipped.Phrases[key])
			continue
		}
		known := slot.FindAllString(shipped.Phrases[key], -1)
		for _, s := range slot.FindAllString(text, -1) {
			if !slices.Contains(known, s) {
				rd.Add(key, fmt.Sprintf("“%s” cannot be filled here; accepted: %s.", s, cmp.Or(strings.Join(known, ", "), "no slot at all")))
			}
		}
		t.Phrases[key] = text
	}
	t.Reason = rd.reason(reason, "agreed with the other side")
	if err := rd.Err(sheetNotSaved, append(order, "reason")...); err != nil {
		return Sheet{}, err
	}
	return d.Store.SaveSheet(ctx, actor, t)
}

// ApproveSheet says that the unit may read a sheet out as it stands. base is
// the revision that was read.
func (d *Desk) ApproveSheet(ctx context.Context, actor access.Actor, language string, base int) (Sheet, error) {
	if _, err := d.sheetToChange(actor, language); err != nil {
		return Sheet{}, err
	}
	sheets, err := d.CallSheets(ctx)
	if err != nil {
		return Sheet{}, err
	}
	for _, t := range sheets {
		if t.Language != language {
			continue
		}
		if t.Revision != base {
			return Sheet{}, fault.New(fault.Conflict, "Somebody else changed this call sheet meanwhile; read it again.")
		}
		if !t.Draft() {
			return Sheet{}, fault.New(fault.Conflict, "This call sheet is approved already.")
		}
		t.ApprovedBy, t.ApprovedAt, t.Reason = actor.Name, incidents.MillisOf(d.Now()), "approved"
		return d.Store.SaveSheet(ctx, actor, t)
	}
	return Sheet{}, fault.New(fault.NotFound, "There is no call sheet in this language.")
}

// sheetToChange gives the shipped sheet of a language to whoever may change it.
func (d *Desk) sheetToChange(actor access.Actor, language string) (Sheet, error) {
	if err := actor.Require(access.Manage); err != nil {
		return Sheet{}, err
	}
	shipped, ok := Shipped(language)
	if !ok || !SheetLanguages.Has(language) {
		return Sheet{}, fault.New(fault.NotFound, "There is no call sheet in this language.")
	}
	return shipped, nil
}
