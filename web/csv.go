package web

import "strings"

// csvRow is a row of a table for other programs (RFC 4180). A cell that a
// spreadsheet would take for a formula gets an apostrophe before it.
func csvRow(cells ...string) []string {
	for i, cell := range cells {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cells[i] = "'" + cell
		}
	}
	return cells
}
