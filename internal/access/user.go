package access

import (
	"context"
	"time"
)

// User is somebody who may sign in.
type User struct {
	Name         string // unique, compared exactly
	Role         Role
	PasswordHash string // argon2id in PHC form; never leaves the store but to be checked
	Disabled     bool
	CreatedAt    time.Time
	Era          int       // of the sessions: those that began in an earlier one are over
	LastSignIn   time.Time // zero for never; only Users reads it
}

// Change is what an act on a user leaves in the audit chain; without an action
// nothing was done.
type Change struct {
	Action string
	Detail any
}

// Actor is the user as the author of what they do.
func (u User) Actor() Actor { return Actor{Name: u.Name, Role: u.Role} }

// Entry is one link of the audit chain. Hash is the SHA-256 of the canonical
// content of the entry and of Prev, so that a change of any entry breaks every
// later one.
type Entry struct {
	Seq     int64  // 1, 2, 3 …
	At      int64  // milliseconds UTC, never going back
	Actor   string // user name, or cli:<user>
	Action  string // incident.create, contact.unlink, export.start, user.add …
	Subject string // what it was done to: "incident/<id>"
	Detail  string // JSON: revision, the SHA-256 of every column of it, filter, count …
	Prev    string // hex
	Hash    string // hex
}

// Store is what access needs of storage.
type Store interface {
	// AddUser and ChangeUser write their audit entry in the same transaction.
	// A name that exists is a Conflict fault.
	AddUser(ctx context.Context, actor Actor, u User) error
	// ChangeUser reads all users and lets change alter one of them: role,
	// password, disabled and era are kept.
	ChangeUser(ctx context.Context, actor Actor, name string, change func(all []User, u *User) (Change, error)) error
	User(ctx context.Context, name string) (User, error)
	Users(ctx context.Context) ([]User, error)

	TokenStore
	// Secret gives a value that is made once and then always the same, for
	// what the server signs.
	Secret(ctx context.Context, name string, build func() []byte) ([]byte, error)

	// Audit appends an entry of its own (exports: start and end, filter,
	// count). Writes of records append theirs in their own transaction.
	Audit(ctx context.Context, actor Actor, action, subject string, detail any) error
	// EachEntry walks the chain in order, from seq on.
	EachEntry(ctx context.Context, from int64, fn func(Entry) error) error
	// AuditEntries gives a stretch of the chain by a filter.
	AuditEntries(ctx context.Context, f AuditFilter) (AuditPage, error)
	AuditWords(ctx context.Context) (AuditWords, error)
	// VerifyAudit walks the chain and the revisions it stands for. It gives
	// the number of entries that fit, and a fault naming the first that does
	// not.
	VerifyAudit(ctx context.Context) (count int64, err error)
	// ChainHead gives the last entry; the zero Entry for an empty chain.
	ChainHead(ctx context.Context) (Entry, error)
}
