// Package formula keeps a spreadsheet from computing with a text of the log
// (OWASP, CSV Injection): whoever types a narrative must not run anything on the
// desk of whoever opens the table. Every writer of tables uses it.
package formula

import "strings"

// begins is what a spreadsheet computes from.
const begins = "=+-@\t\r"

// Defuse gives a text that is shown as it is: an apostrophe before one that a
// spreadsheet would take for a formula, and before one that looks defused
// already, so that Restore gives every text back.
func Defuse(s string) string {
	if live(s) {
		return "'" + s
	}
	return s
}

// Restore takes off what Defuse put before a text.
func Restore(s string) string {
	if s != "" && s[0] == '\'' && live(s) {
		return s[1:]
	}
	return s
}

// live says whether a text is apostrophes, perhaps none, before the beginning of
// a formula.
func live(s string) bool {
	for i := range len(s) {
		if s[i] != '\'' {
			return strings.IndexByte(begins, s[i]) >= 0
		}
	}
	return false
}

// Row is a row of a table with every cell defused.
func Row(cells ...string) []string {
	for i, c := range cells {
		cells[i] = Defuse(c)
	}
	return cells
}
