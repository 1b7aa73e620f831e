package hotline

import "interceptlog/internal/incidents"

// Part is how an incident differs between two moments of one search.
type Part string

// The parts of a difference. Changed is an incident that the search gives at
// both moments, of which there is a newer revision, whose contacts are others
// or have newer revisions, or whose status is another, be it by the clock alone.
const (
	CameIn  Part = "came_in"
	FellOut Part = "fell_out"
	Changed Part = "changed"
)

// CaseDifference is an incident that a search gives otherwise at the end of a
// stretch than at its beginning.
type CaseDifference struct {
	ID   incidents.ID
	Part Part
}
