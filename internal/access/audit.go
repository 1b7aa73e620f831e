package access

// AuditFilter asks for entries of the chain, newest first; what is empty is
// not asked.
type AuditFilter struct {
	Actor    string
	Action   string
	Kind     string   // incident of "incident/<id>"
	Subjects []string // any of them
	From, To int64    // milliseconds UTC, written in [From, To)
	Words    string   // of the reason, all of which must be found
	Before   int64    // a seq: those before it; 0 for the newest
	After    int64    // a seq: those right after it, instead of Before
	Limit    int      // 1..500; 0 is 50
}

// AuditEntry is an entry with the reason that was given for what was done.
type AuditEntry struct {
	Entry
	Reason string
}

// AuditPage is a stretch of the chain, newest first.
type AuditPage struct {
	Entries      []AuditEntry
	Newer, Older bool // whether the filter has more on either side
}

// AuditWords are all values of the columns that can be filtered by.
type AuditWords struct{ Actors, Actions, Kinds []string }
