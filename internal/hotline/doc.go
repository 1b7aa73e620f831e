// Package hotline answers the product's question: after this incident, did
// anybody pick up the phone, how soon, and did it help? It holds the lines,
// the contacts made over them or beside them, the links from contacts to
// incidents, the policies, and the one rule that derives the de-escalation
// status (assess.go). It knows incidents; incidents never knows it. No SQL and
// no HTTP.
//
// Reading order: hotline.go (the records), policy.go, assess.go (the rule),
// store.go (what storage owes), desk.go (logging and linking).
package hotline
