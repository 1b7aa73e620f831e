package incidents

// Condition narrows incidents by comparisons, joined by and, or and not. It has
// three values, as SQL and CQL2 have: of what is not known no comparison is true,
// and none is false.
type Condition struct {
	Op     string      // and, or, not; isnull; =, <>, <, <=, >, >=; in
	Args   []Condition // of and, or, not
	Field  string      // of the others: one of ConditionFields
	Values []any       // string, float64, int64 (milliseconds since 1970 in UTC) or bool; of in several, of isnull none
}

// ConditionFields are what a condition may name, by the names that exports and
// the API have for it.
var ConditionFields = []string{
	"id", "number", "source", "source_id", "report", "revision", "first_recorded_at", "recorded_at", "exercise", "absence",
	"start_from", "start_to", "end_from", "end_to", "region", "severity",
	"deadline_from", "deadline_to", "deescalation", "deescalation_best", "deescalation_worst", "deescalation_strict", "deescalation_strict_best",
	"late_entry", "contacts_attempted", "contacts_through", "contacts_direct", "contacts_diplomatic",
}
