package incidents

import "context"

// Unfinished is a report that somebody is still typing. It belongs to its owner,
// has no revisions, and is dropped when the report is filed.
type Unfinished struct {
	Owner   string
	Key     ID     // of the incident that it will be, or that it changes
	Base    int    // revision that it changes; 0 for a new report
	Form    string // the form as it would be posted, URL-encoded
	Place   string // field and selection where the cursor stood
	Seq     int64  // the writer's own count: the higher one holds
	BegunAt Millis
	SavedAt Millis
}

// MaxDrafts is how many reports one person may have open.
const MaxDrafts = 50

// DraftStore keeps drafts and how people want their pages.
type DraftStore interface {
	// SaveDraft keeps a draft unless a later one of its owner and key is
	// there, and gives the one that holds. More than MaxDrafts are refused.
	SaveDraft(ctx context.Context, d Unfinished) (Unfinished, error)
	// Draft gives one draft of its owner.
	Draft(ctx context.Context, owner string, key ID) (Unfinished, error)
	// Drafts gives the drafts of an owner, or of everybody for "", the last
	// saved first.
	Drafts(ctx context.Context, owner string) ([]Unfinished, error)
	// DropDraft forgets a draft; one that is not there is no error.
	DropDraft(ctx context.Context, owner string, key ID) error
	// Known gives the names that the newest reports use, each once.
	Known(ctx context.Context) (Known, error)
	// Preferences gives what a person has set, by name.
	Preferences(ctx context.Context, owner string) (map[string]string, error)
	// SetPreference sets one; an empty value unsets it.
	SetPreference(ctx context.Context, owner, name, value string) error
}

// Known are names that reports have used, offered while one types.
type Known struct{ Bases, Units, Callsigns []string }
