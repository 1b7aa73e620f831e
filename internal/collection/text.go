package collection

import (
	"strconv"
	"strings"

	"interceptlog/internal/feature"
	"interceptlog/internal/incidents"
)

// TextOf writes a value as an address and a table have it; false where there is
// none.
func TextOf(kind feature.Kind, v feature.Value) (string, bool) {
	if v.Null {
		return "", false
	}
	switch kind {
	case feature.Integer:
		return strconv.FormatInt(v.Int, 10), true
	case feature.Number:
		return strconv.FormatFloat(v.Number, 'f', -1, 64), true
	case feature.Bool:
		return strconv.FormatBool(v.Bool), true
	case feature.Instant:
		return incidents.FormatInstant(incidents.Millis(v.Int)), true
	case feature.List:
		return strings.Join(v.List, ", "), true
	}
	return v.Text, true
}
