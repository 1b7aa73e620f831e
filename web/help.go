package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// vocabularies are all closed lists of the product, in the order in which a
// report meets them. They are shown from the code itself, so that the page
// cannot be wrong.
var vocabularies = []struct {
	id, title, note string
	list            incidents.Vocabulary
}{
	{"severity", "Severity", "How bad an incident was, after the European Leadership Network’s Dangerous Brinkmanship (2014). It always comes with a reason and with who rated it.", incidents.Severities},
	{"deescalation", "De-escalation status", "Worked out by the rule above, never typed. Where best and worst differ, the worst is the one that lists and filters go by.", incidents.Deescalations},
	{"precision", "Precision of a time", "A time is kept as the stretch in which it lies.", incidents.Precisions},
	{"region", "Region", "Found from the position; a person may say otherwise, with a reason.", incidents.RegionCodes},
	{"position_basis", "Where a position comes from", "", incidents.PositionBases},
	{"airspace", "Airspace", "", incidents.AirspaceKinds},
	{"transponder", "Transponder", "The three flags of the weekly air policing reports do not depend on each other.", incidents.Transponders},
	{"flight_plan", "Flight plan", "", incidents.FlightPlans},
	{"radio_contact", "Two-way radio contact", "", incidents.RadioContacts},
	{"platform", "Platform", "", incidents.PlatformKinds},
	{"behaviour", "Behaviours", "A report may name many.", incidents.Behaviours},
	{"absence", "What it means that no call is on record", "", incidents.Absences},
	{"report", "State of a report", "", incidents.StatusCodes},
	{"check", "Fields that a second person checks", "One by one; a report is verified when all five are found right. A later change of one takes its check away, and the report back to submitted.", incidents.RiskyFields},
	{"kind", "Kind of a contact", "A direct one is a conversation between the two sides; the others are diplomatic.", hotline.Kinds},
	{"outcome", "Outcome of a contact", "", hotline.Outcomes},
	{"purpose", "Purpose of a contact", "", hotline.Purposes},
	{"relation", "Relation of a contact to an incident", "", hotline.Relations},
	{"line_state", "State of a line", "", hotline.LineStates},
}

// exampleTimes and examplePositions are read by the readers of the form when
// the page is drawn: what stands beside them is what the form would say.
var (
	exampleTimes     = []string{"141630ZMAR23", "141630BMAR23", "1416xxZMAR23", "2023-03-14T16:30Z", "2023-03-14T18:30+02:00", "14 MAR 23", "2023-03-14", "MAR 23", "2023-W11", "year 2023", "1630", "141630Z", "now", "-25m", "yesterday 2210", "ca 1630", "between 1600 and 1700"}
	examplePositions = []string{"5854N 02230E", "58.9, 22.5", "58.9N 22.5E", "58°54′N 022°30′E", "585400N 0223000E", "5854N 02230E to 5910N 02300E", "area 58N 22E; 59N 22E; 59N 23E", "circle 20NM at 5854N 02230E", "Gotland", "EYSA", "050/35NM BORNHOLM", "35 NM NE of Gotland", "30 km south of Malmö", "050 Bornholm 200 Visby"}
)

// rightWords say what each right lets one do.
var rightWords = []struct {
	right access.Right
	words string
}{
	{access.Board, "the board on the wall"}, {access.Read, "read pages"}, {access.Export, "save files"}, {access.Write, "report, edit, log contacts, link"}, {access.Manage, "check, return, close, merge, retract, policy"}, {access.Admin, "users, audit"},
}

// showHelp explains the words, the rule, the rights and the keys.
func (s *Server) showHelp(c echo.Context) error {
	policy, err := s.Store.Policy(c.Request().Context(), 0)
	if err != nil {
		return err
	}
	p := view.HelpPage{Frame: s.frame(c, "Help", "help"), Policy: policyRows(policy), PolicyVersion: policy.Version, PolicyBy: policy.RecordedBy, PolicyAt: policy.RecordedAt.Time(),
		Roles: roleRows(), Steps: workflowRows(), Times: s.readTimes(), Positions: readPositions(), Markings: s.Markings, Filters: incidents.FilterNames, Version: s.Version}
	for _, r := range rightWords {
		p.Rights = append(p.Rights, r.words)
	}
	for _, v := range vocabularies {
		p.Vocabularies = append(p.Vocabularies, view.VocabularySection{ID: v.id, Title: v.title, Note: v.note, Terms: v.list})
	}
	return page(c, http.StatusOK, view.Help(p))
}

// needWords are what a rule asks for, in words.
var needWords = map[hotline.Need]string{hotline.NeedNone: "none", hotline.NeedAny: "any contact", hotline.NeedDirect: "a direct contact"}

// policyRows writes the rules of a policy.
func policyRows(p hotline.Policy) []view.PolicyRow {
	rows := make([]view.PolicyRow, len(p.Rules))
	for i, r := range p.Rules {
		rows[i] = view.PolicyRow{Severity: r.Severity, Region: "everywhere", Need: needWords[r.Need]}
		if r.Region != "" {
			rows[i].Region = incidents.RegionCodes.Word(r.Region)
		}
		if r.Need != hotline.NeedNone {
			rows[i].Within = hotline.FormatDuration(hotline.Millis(r.WithinS) * 1000)
		}
	}
	return rows
}

func roleRows() []view.RoleRow {
	var rows []view.RoleRow
	for _, role := range access.Roles() {
		row := view.RoleRow{Role: string(role)}
		for _, r := range rightWords {
			row.May = append(row.May, role.May(r.right))
		}
		rows = append(rows, row)
	}
	return rows
}

func (s *Server) readTimes() []view.ReadExample {
	var list []view.ReadExample
	for _, text := range exampleTimes {
		if m, err := incidents.ReadTime(text, "", s.Now()); err == nil {
			list = append(list, view.ReadExample{Typed: text, Read: spanWords(m)})
		}
	}
	return list
}

// spanWords says from when to when a moment may be.
func spanWords(m incidents.Moment) string {
	if m.Precision == incidents.Exact {
		return incidents.FormatDTG(m.From.Time()) + ", exact"
	}
	return "from " + incidents.FormatDTG(m.From.Time()) + " to " + incidents.FormatDTG(m.To.Time()) + ", one " + string(m.Precision)
}

func readPositions() []view.ReadExample {
	var list []view.ReadExample
	for _, text := range examplePositions {
		if p, err := geo.ReadPosition(text); err == nil {
			list = append(list, view.ReadExample{Typed: text, Read: p.Text})
		}
	}
	return list
}
