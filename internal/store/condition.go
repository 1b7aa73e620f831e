package store

import (
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// fieldColumns are the fields of a condition; those of the facts begin with f.
// What a column has for “not known” becomes null.
var fieldColumns = map[string]string{
	"id": "r.id", "number": "r.number", "source": "nullif(r.source, '')", "source_id": "nullif(r.source_id, '')",
	"report": "r.status", "revision": "r.revision", "first_recorded_at": "r.first_recorded_at", "recorded_at": "r.valid_from",
	"exercise": "r.exercise", "absence": "nullif(r.absence, '')",
	"start_from": "nullif(r.start_from, -4611686018427387903)",
	"start_to":   "case when r.start_from = -4611686018427387903 then null else r.start_to end",
	"end_from":   "r.end_from", "end_to": "r.end_to",
	"region": "nullif(r.region, '')", "severity": "nullif(r.severity, '')",
	"deadline_from": "f.deadline_from", "deadline_to": "f.deadline_to", "late_entry": "f.late_entry",
	"contacts_attempted": "f.attempts", "contacts_through": "f.through", "contacts_direct": "f.direct", "contacts_diplomatic": "f.diplomatic",
}

// fieldStatuses are the fields that depend on the moment.
var fieldStatuses = map[string]string{
	"deescalation": "worst", "deescalation_worst": "worst", "deescalation_best": "best", "deescalation_strict": "strict_worst", "deescalation_strict_best": "strict_best",
}

// conditionNeedsFacts reports whether a condition names the facts.
func conditionNeedsFacts(c *incidents.Condition) bool {
	if c == nil {
		return false
	}
	for i := range c.Args {
		if conditionNeedsFacts(&c.Args[i]) {
			return true
		}
	}
	return fieldStatuses[c.Field] != "" || strings.HasPrefix(fieldColumns[c.Field], "f.")
}

// condition writes a condition with its values as arguments.
func (w *where) condition(c *incidents.Condition, at hotline.At) string {
	switch c.Op {
	case "and", "or":
		terms := make([]string, len(c.Args))
		for i := range c.Args {
			terms[i] = w.condition(&c.Args[i], at)
		}
		return "(" + strings.Join(terms, " "+c.Op+" ") + ")"
	case "not":
		return "not " + w.condition(&c.Args[0], at)
	}
	column := fieldColumns[c.Field]
	if status := fieldStatuses[c.Field]; status != "" {
		column = w.statusSQL(status, at.Now)
	}
	values := make([]any, len(c.Values))
	for i, v := range c.Values {
		if yes, ok := v.(bool); ok {
			v = bit(yes)
		}
		values[i] = v
	}
	column = "(" + column + ")"
	switch c.Op {
	case "isnull":
		return "(" + column + " is null)"
	case "in":
		return "(" + column + " in " + list(w, values) + ")"
	}
	return "(" + column + " " + c.Op + " " + w.arg(values[0]) + ")"
}
