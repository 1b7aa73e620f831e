package ogc

import (
	"strconv"
	"strings"
)

const (
	defaultLimit = 1000
	mostLimit    = 10_000
)

// readLimit reads how many features a page has. More than the most is clamped,
// as the standard has it (17-069r4, /req/core/fc-limit-response-1).
func readLimit(text string, given bool) (int, error) {
	if !given {
		return defaultLimit, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil && text != "" && strings.Trim(text, "0123456789") == "" {
		n, err = mostLimit, nil // too large for a number, and so for a page
	}
	if err != nil || n < 1 {
		return 0, bad("limit", text, "a whole number from 1; more than 10000 counts as 10000")
	}
	return min(n, mostLimit), nil
}
