// Package view holds the pages, written in templ. A page takes one struct and
// has no rules: what it prints was decided elsewhere, what it looks like is
// decided in web/assets/src. Read view.go (what every page needs), then
// layout.templ (the frame) and parts.templ (the pieces).
package view

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"interceptlog/internal/fault"
)

// Frame is what every page says around its content.
type Frame struct {
	Title        string // "Board"; pages with errors put "Error: " before it
	Description  string
	Nav          string // where we are: board, report, log, map, lines, contacts or help
	Marking      string // "NATO UNCLASSIFIED"
	Exercise     bool
	ExerciseNote string // what is exercised: "real reports, dates moved"
	Now          time.Time
	User         *User // nil on the pages seen before signing in
	Theme        string
	Lines        []LineChip
	Alarms       AlarmBar
	Path         string     // the current address, query included
	AsOf         *time.Time // set when the log is read as of a moment
	Keys         []Key      // the hints at the foot
	Scripts      []string   // further bundles: "map.js" brings "map.css" along
	Flash        string     // said once, after something was done
	KeysOff      bool       // single letters are no shortcuts for this person
	Notation     string     // in which this person wants positions read back
	Seq          string     // the last entry of the audit chain that the page can show; empty where it stands still
	Reload       int        // without scripts, the page is asked for again after so many seconds; 0 for never
	Wall         bool       // a screen that many look at: no way to other pages, and no controls
	Watch        WatchStrip // who has the watch
	Calls        []OpenCall // going on now
	ToCheck      string     // how many reports wait for a check; empty for those who check none
}

// User is the person at the desk.
type User struct {
	Name, Role                     string
	CanWrite, CanExport, CanManage bool
	CanAdmin                       bool
}

// LineChip is one line in the strip under the head. Attention colours it as
// due, Fault as late; both keep it in sight on small screens.
type LineChip struct {
	Short, Href, Glyph, State, Note string
	Attention, Fault                bool
}

// Key is one hint of the bar at the foot: the key and what it does.
type Key struct{ Key, Label string }

// navItem is one place of the main navigation with its two-key shortcut.
type navItem struct{ id, label, href, keys string }

// navItems are in the order of the watch: what waits, what was, where, how.
var navItems = []navItem{
	{"board", "Board", "/", "g b"},
	{"log", "Log", "/incidents", "g a"},
	{"map", "Map", "/map", "g m"},
	{"lines", "Lines", "/lines", "g l"},
	{"contacts", "Contacts", "/contacts", "g c"},
}

// themes are the looks one can choose, from the brightest to the darkest; the
// key b goes through them in this order. See docs/decisions/0011.
var themes = []Option{
	{Value: "day", Label: "Day", Hint: "black on paper, for a lit room"},
	{Value: "dusk", Label: "Dusk", Hint: "light on dark, for a room half lit"},
	{Value: "night", Label: "Night", Hint: "dim, for a dark room"},
	{Value: "red", Label: "Red", Hint: "red alone, for a room lit red"},
}

// defaultTheme is the look that nobody chose.
const defaultTheme = "dusk"

// IsTheme reports whether there is such a look.
func IsTheme(value string) bool {
	return slices.ContainsFunc(themes, func(t Option) bool { return t.Value == value })
}

// ThemeNames are the looks as POST /theme takes them, for a message.
func ThemeNames() string {
	names := make([]string, len(themes))
	for i, t := range themes {
		names[i] = t.Value
	}
	return strings.Join(names, ", ")
}

// theme is the chosen look, or the default for anything we do not have.
func (f Frame) theme() string {
	if IsTheme(f.Theme) {
		return f.Theme
	}
	return defaultTheme
}

// themeLabel is the word of the look that is on.
func (f Frame) themeLabel() string {
	return themes[slices.IndexFunc(themes, func(t Option) bool { return t.Value == f.theme() })].Label
}

// scheme is what the browser draws by itself before the stylesheet is there:
// without it a page of the night begins with a white flash.
func (f Frame) scheme() string {
	if f.theme() == "day" {
		return "light"
	}
	return "dark"
}

// nextTheme is the look that the key b brings.
func (f Frame) nextTheme() string {
	i := slices.IndexFunc(themes, func(t Option) bool { return t.Value == f.theme() })
	return themes[(i+1)%len(themes)].Value
}

// marking is the banner: exercise first, because it changes how all is read.
func (f Frame) marking() string {
	var parts []string
	if f.Exercise {
		parts = append(parts, "EXERCISE")
	}
	if f.Marking != "" {
		parts = append(parts, f.Marking)
	}
	return strings.Join(parts, " · ")
}

// now is the address of this page read as of now.
func (f Frame) now() string {
	u, err := url.Parse(f.Path)
	if err != nil {
		return "/"
	}
	q := u.Query()
	q.Del("as_of")
	u.RawQuery = q.Encode()
	return u.String()
}

// quietLines counts the lines that need nobody.
func (f Frame) quietLines() (n int) {
	for _, l := range f.Lines {
		if !l.needy() {
			n++
		}
	}
	return n
}

// needy tells whether somebody must see to the line.
func (l LineChip) needy() bool { return l.Attention || l.Fault }

// stripLines are the lines that the strip names: first those that need someone,
// then those that are up. The rest (on request, inactive, proposed) is counted
// as more, so that the strip stays one row.
func (f Frame) stripLines() (named []LineChip, more int) {
	var up []LineChip
	for _, l := range f.Lines {
		switch {
		case l.needy():
			named = append(named, l)
		case l.Glyph == "up":
			up = append(up, l)
		default:
			more++
		}
	}
	return append(named, up...), more
}

// query is what the search box of the head held, so that it stays in it.
func (f Frame) query() string {
	u, err := url.Parse(f.Path)
	if err != nil {
		return ""
	}
	return u.Query().Get("q")
}

// FieldError is one thing wrong with a form: the id to jump to, the name of
// the field as the form has it, and what to do about it.
type FieldError struct{ ID, Field, Msg string }

// FieldErrors turns the fields of a fault into those of a form; labels gives
// the words for the names, and a name without a label is shown as it is.
func FieldErrors(fields []fault.Field, labels map[string]string) []FieldError {
	errs := make([]FieldError, len(fields))
	for i, f := range fields {
		label := labels[f.Name]
		if label == "" {
			label = Words(f.Name)
		}
		errs[i] = FieldError{ID: f.Name, Field: label, Msg: f.Msg}
	}
	return errs
}

// ErrorFor gives the message that stands against a field, or "".
func ErrorFor(errs []FieldError, id string) string {
	for _, e := range errs {
		if e.ID == id {
			return e.Msg
		}
	}
	return ""
}

// Option is one choice of a closed list.
type Option struct{ Value, Label, Hint string }

// Input is one field of a form. Only Name and Label are needed.
type Input struct {
	Name, Label, Value string
	ID                 string // Name when empty
	Hint               string // one line under the label
	Err                string // message under the field
	Type               string // "text" when empty
	Width              string // w-xs w-s w-m w-l w-xl grow; "" fills the line
	Placeholder        string // "unknown" for what may be left out
	Autocomplete       string
	InputMode          string
	List               string // id of a datalist
	Key                string // shortcut that puts the cursor here
	Read               string // "time" or "position": read back while typed
	Reading            string // how the server read Value
	Mono, Big          bool   // figures; the one field that matters most
	Required           bool
	HideLabel          bool // keep the label for screen readers only
	Off                bool // shown, not to be changed
	MaxLen, Rows       int
}

// id is where an error summary jumps to.
func (in Input) id() string {
	if in.ID != "" {
		return in.ID
	}
	return in.Name
}

// kind is the type of the input element.
func (in Input) kind() string {
	if in.Type == "" {
		return "text"
	}
	return in.Type
}

// class is the list of classes of the input element.
func (in Input) class() string {
	c := "in"
	if in.Mono {
		c += " mono"
	}
	if in.Big {
		c += " big"
	}
	return c
}

// describedBy lists the ids of what explains the field.
func (in Input) describedBy() string { return describedBy(in.id(), in.Hint, in.Err) }

func describedBy(id, hint, err string) string {
	var ids []string
	if hint != "" {
		ids = append(ids, id+"-hint")
	}
	if err != "" {
		ids = append(ids, id+"-err")
	}
	return strings.Join(ids, " ")
}

// optionID numbers the choices of a group; the first has the name itself, so
// that an error summary lands on something that can be pressed.
func optionID(name string, i int) string {
	if i == 0 {
		return name
	}
	return name + "-" + strconv.Itoa(i)
}

func has(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// Paging says which rows of a list are shown and where the others are. Total
// below zero means not counted.
type Paging struct {
	From, To, Total int
	Prev, Next      string // addresses, "" where there is no more
}

var statusWords = map[string]string{
	"overdue":       "Overdue",
	"attempted":     "Attempted",
	"awaiting":      "Awaiting",
	"followed":      "Followed",
	"followed_late": "Followed late",
	"not_required":  "Not required",
	"not_known":     "Not known",
}

// StatusWord is the English word of a de-escalation status.
func StatusWord(code string) string { return wordOf(statusWords, code) }

// StatusWords says a status that hangs on unknown hours in one sentence.
func StatusWords(code, best string) string {
	if best == "" || best == code {
		return StatusWord(code)
	}
	return "At best " + strings.ToLower(StatusWord(best)) + ", at worst " + strings.ToLower(StatusWord(code))
}

var severityWords = map[string]string{
	"high_risk":    "High risk",
	"serious":      "Serious",
	"near_routine": "Near-routine",
}

// SeverityWord is the English word of a severity.
func SeverityWord(code string) string { return wordOf(severityWords, code) }

var lineWords = map[string]string{
	"up":       "up",
	"due":      "test due",
	"fault":    "fault",
	"adhoc":    "ad hoc",
	"inactive": "inactive",
	"proposed": "proposed",
}

// LineWord is the English word of the state of a line, as its glyph shows it.
func LineWord(glyph string) string { return wordOf(lineWords, glyph) }

func wordOf(table map[string]string, code string) string {
	if w, ok := table[code]; ok {
		return w
	}
	return Words(code)
}

// Words makes a code readable: "near_collision" is "near collision".
func Words(code string) string { return strings.ReplaceAll(code, "_", " ") }

// dtgParts splits a moment into the part that is read and the part, month and
// year, that is mostly known. Coarser precisions have no dim part.
func dtgParts(t time.Time, precision string) (head, tail string) {
	t = t.UTC()
	month := strings.ToUpper(t.Format("Jan"))
	switch precision {
	case "year":
		return t.Format("2006"), ""
	case "month":
		return month + t.Format(" 06"), ""
	case "week":
		return "week of " + t.Format("02 ") + month + t.Format(" 06"), ""
	case "day":
		return t.Format("02 ") + month + t.Format(" 06"), ""
	case "hour":
		return t.Format("0215") + "xxZ", month + t.Format("06")
	}
	return t.Format("021504") + "Z", month + t.Format("06")
}

// DTGText is a moment as a date-time group, no finer than it is known.
func DTGText(t time.Time, precision string) string {
	head, tail := dtgParts(t, precision)
	return head + tail
}

// isoOf is the machine's spelling of a moment, no finer than it is known.
func isoOf(t time.Time, precision string) string {
	t = t.UTC()
	switch precision {
	case "year":
		return t.Format("2006")
	case "month":
		return t.Format("2006-01")
	case "week", "day":
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02T15:04Z")
}

// HM writes a duration as the board does: "1 h 34", and days past a hundred hours.
func HM(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	m := int(d / time.Minute)
	if m >= 100*60 {
		return strconv.Itoa(m/1440) + " d " + pad2(m%1440/60) + " h"
	}
	return strconv.Itoa(m/60) + " h " + pad2(m%60)
}

// TimeLeft is a countdown at one moment: the figure and whether it is left or
// late. web/assets/src/countdown.ts goes on from it by the same rule.
func TimeLeft(deadline, now time.Time) (figure, sense string) {
	d := deadline.Sub(now)
	switch {
	case d < 0:
		return HM(d), "late"
	case d < 10*time.Minute:
		s := int(d / time.Second)
		return strconv.Itoa(s/60) + ":" + pad2(s%60), "left"
	}
	return HM(d), "left"
}

func pad2(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// glyphOf names the glyph of a status: split where best and worst differ.
func glyphOf(code, best string) string {
	if best != "" && best != code {
		return "split"
	}
	return code
}

func dtgHead(t time.Time, precision string) string { h, _ := dtgParts(t, precision); return h }
func dtgTail(t time.Time, precision string) string { _, s := dtgParts(t, precision); return s }

func leftFigure(deadline, now time.Time) string { f, _ := TimeLeft(deadline, now); return f }
func leftSense(deadline, now time.Time) string  { _, s := TimeLeft(deadline, now); return s }

func rowsOf(n int) string {
	if n == 0 {
		n = 3
	}
	return strconv.Itoa(n)
}

// flagLetters reports whether a segment is one of the yes, no, unknown kind,
// whose letters are shown because they are typed.
func flagLetters(options []Option) bool {
	for _, o := range options {
		if o.Label != "Yes" && o.Label != "No" && o.Label != "Unknown" {
			return false
		}
	}
	return len(options) > 0
}

// firstSentence and restOf split a text after its first full stop.
func firstSentence(text string) string {
	head, _, _ := strings.Cut(text, ". ")
	if head != text {
		head += "."
	}
	return head
}

func restOf(text string) string {
	_, rest, _ := strings.Cut(text, ". ")
	return rest
}
