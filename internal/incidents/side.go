package incidents

import (
	"slices"
	"strings"
)

// Sides of a party, as the frames of APP-6 tell them. The log makes no enemies:
// whoever is not of the alliance is neutral. See docs/decisions/0011.
const (
	Allied      = "friend"
	NotAllied   = "neutral"
	SideUnknown = "unknown"
)

// natoNations are the members of 2026 and NATO itself.
const natoNations = " AL BE BG CA CZ DE DK EE ES FI FR GB GR HR HU IS IT LT LU LV ME MK NATO NL NO PL PT RO SE SI SK TR US "

// SideOf gives the side of a party of these nations: a party of allies and
// others together flies with allies and counts as one.
func SideOf(nations []string) string {
	if len(nations) == 0 {
		return SideUnknown
	}
	if slices.ContainsFunc(nations, func(n string) bool { return strings.Contains(natoNations, " "+n+" ") }) {
		return Allied
	}
	return NotAllied
}
