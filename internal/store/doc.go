// Package store keeps the log on disk: every revision of every incident,
// contact, link, line and policy, the facts drawn from them, the users, the
// sessions and the audit chain. One type, Store, is what packages incidents,
// hotline and access each call their Store.
//
// The SQL is written here once, with $1 placeholders; what engines do not
// share (opening, migrations, the box and word indexes, what an error means)
// is in the directory of the engine and reaches this package as a Dialect.
//
// Nothing is overwritten. A revision holds from the moment it was recorded
// until the next one was, so that the log can be read as of any moment; all
// that one transaction writes is recorded at one moment, since no reader ever
// saw a part of it. Each write leaves an audit entry that carries the SHA-256
// of every row it made.
//
// Reading order: store.go (the type), tx.go (transactions and savepoints),
// rows.go (asking), change.go (versions and their entry), then a file per
// noun: incidents.go, facts.go, filter.go, cases.go, contacts.go, links.go …,
// and audit.go with verify.go. What all this promises is in storetest.
package store
