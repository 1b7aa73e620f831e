package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"interceptlog/internal/fault"
)

// A token lets a program ask as its user, and in no more than its scopes.

// TokenPrefix begins every token, so that one that was left in a file can be
// searched for.
const TokenPrefix = "ilt_"

// Limits of tokens.
const (
	TokenLife    = 90 * 24 * time.Hour      // unless another is asked for
	MaxTokenLife = 2 * 365 * 24 * time.Hour // 730 days
	MaxTokens    = 50                       // of one user, that can be used
	maxTokenName = 100                      // characters
)

const (
	idBytes     = 10 // 16 characters
	secretBytes = 32 // 52 characters
)

// letters are of RFC 4648 §6 in small: no sign that a dialog, a shell or an
// address would read as anything else.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ErrNoToken says that a secret is that of no token: it was mistyped, or
// guessed.
var ErrNoToken = errors.New("no such token")

// Token is a secret that opens the log to a program. Only the hash of the
// secret is kept.
type Token struct {
	ID         string
	User, Name string
	Scopes     Scopes
	Filter     string // of incidents, as in an address: region=baltic; "" for all
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsed   time.Time // to the minute; zero for never
	RevokedAt  time.Time // zero while it stands
	Hash       string    // SHA-256 of the secret, hex; the secret is random, so that no slow hash is needed
}

// Ended says why the token opens nothing at a moment, in words that follow
// “The token”; "" while it is good.
func (t Token) Ended(now time.Time) string {
	switch {
	case !t.RevokedAt.IsZero():
		return "was revoked on " + t.RevokedAt.UTC().Format("2006-01-02 at 15:04Z")
	case !now.Before(t.ExpiresAt):
		return "expired on " + t.ExpiresAt.UTC().Format("2006-01-02 at 15:04Z")
	}
	return ""
}

// matches compares in constant time.
func (t Token) matches(secret string) bool {
	return subtle.ConstantTimeCompare([]byte(hashSecret(secret)), []byte(t.Hash)) == 1
}

func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// newSecret makes ilt_<id>_<secret>.
func newSecret() (id, secret string) {
	random := make([]byte, idBytes+secretBytes)
	rand.Read(random)
	id = letters.EncodeToString(random[:idBytes])
	return id, TokenPrefix + id + "_" + letters.EncodeToString(random[idBytes:])
}

// tokenID is the id within a secret; "" for what is none.
func tokenID(secret string) string {
	rest, ok := strings.CutPrefix(secret, TokenPrefix)
	id, tail, cut := strings.Cut(rest, "_")
	if !ok || !cut || len(id) != letters.EncodedLen(idBytes) || len(tail) != letters.EncodedLen(secretBytes) {
		return ""
	}
	return id
}

// IsToken reports whether a text looks like a token.
func IsToken(text string) bool { return tokenID(text) != "" }

// TokenStore keeps tokens.
type TokenStore interface {
	// AddToken reads the user and how many of their tokens can be used, and
	// keeps what build makes of that, with its audit entry, in one transaction.
	AddToken(ctx context.Context, actor Actor, user string, build func(u User, held int) (Token, error)) error
	// RevokeToken ends a token unless may refuses, with its audit entry; one
	// that was ended already is left as it is.
	RevokeToken(ctx context.Context, actor Actor, id string, may func(Token) error) error
	Token(ctx context.Context, id string) (Token, error)
	// Tokens gives those of a user, or of all for "", the newest first.
	Tokens(ctx context.Context, user string) ([]Token, error)
	// TouchToken notes that a token was used, to the minute. It is no act: it
	// leaves no audit entry.
	TouchToken(ctx context.Context, id string, at time.Time) error
}

// Tokens says which programs may ask, and for what.
type Tokens struct {
	Store Store
	Now   func() time.Time
	// ReadFilter gives a filter as it is kept, or a fault whose fields say what
	// is wrong. What a filter is, access does not know.
	ReadFilter func(query string) (string, error)
}

// TokenOrder is a token as it is asked for.
type TokenOrder struct {
	User, Name string
	Scopes     []string // names; none with a filter: all that it allows
	Filter     string
	Life       time.Duration // 0: TokenLife
}

const tokenNotAdded = "The token was not added."

// Add makes a token for oneself, or as an administrator for anybody. The
// secret is given once, and kept nowhere.
func (t Tokens) Add(ctx context.Context, actor Actor, o TokenOrder) (made Token, secret string, err error) {
	if err := mayKeep(actor, o.User); err != nil {
		return Token{}, "", err
	}
	now := t.Now().UTC().Truncate(time.Millisecond)
	err = t.Store.AddToken(ctx, actor, o.User, func(u User, held int) (Token, error) {
		var p fault.Problems
		made = Token{User: u.Name, Name: strings.TrimSpace(o.Name), CreatedAt: now}
		checkTokenUser(&p, u, held)
		checkTokenName(&p, made.Name)
		made.Filter = t.readFilter(&p, o.Filter)
		if u.Role != Wall { // said above: it has none of them
			made.Scopes = readScopes(&p, u.Role, o.Scopes, o.Filter != "")
		}
		life := o.Life
		if life == 0 {
			life = TokenLife
		}
		if life < time.Minute || life > MaxTokenLife {
			p.Add("expires", "A token lasts from a minute to two years; accepted: such as 12 h, 90 d or 730 d.")
		}
		if err := p.Err(tokenNotAdded, "user", "name", "scope", "filter", "expires"); err != nil {
			return Token{}, err
		}
		made.ExpiresAt = now.Add(life)
		made.ID, secret = newSecret()
		made.Hash = hashSecret(secret)
		return made, nil
	})
	if err != nil {
		return Token{}, "", err
	}
	return made, secret, nil
}

// mayKeep lets people keep their own tokens and administrators those of all. A
// token makes no other: who found one could not be shut out by revoking it.
func mayKeep(actor Actor, user string) error {
	if actor.Limit != 0 {
		return fault.New(fault.Forbidden, "A token cannot add or revoke tokens.")
	}
	if actor.Name == user && actor.May(Read) {
		return nil
	}
	return actor.Require(Admin)
}

func checkTokenUser(p *fault.Problems, u User, held int) {
	switch {
	case u.Role == Wall:
		p.Add("user", "“"+u.Name+"” is a screen on the wall, and a screen has no tokens; give a person.")
	case u.Disabled:
		p.Add("user", "“"+u.Name+"” is disabled, so that a token would open nothing. Enable the user first.")
	case held >= MaxTokens:
		p.Add("user", fmt.Sprintf("“%s” has %d tokens that can be used, which is the most. Revoke one first.", u.Name, held))
	}
}

func checkTokenName(p *fault.Problems, name string) {
	n := utf8.RuneCountInString(name)
	if n == 0 || n > maxTokenName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		p.Add("name", fmt.Sprintf("Say what the token is for in 1 to %d characters, such as QGIS of the map desk.", maxTokenName))
	}
}

func (t Tokens) readFilter(p *fault.Problems, text string) string {
	if text == "" {
		return ""
	}
	kept, err := t.ReadFilter(text)
	if err != nil {
		msg := err.Error()
		if fields := fault.Fields(err); len(fields) > 0 {
			parts := make([]string, len(fields))
			for i, f := range fields {
				parts[i] = f.Name + " " + f.Msg
			}
			msg = strings.Join(parts, " ")
		}
		p.Add("filter", msg)
	}
	return kept
}

// readScopes reads names of scopes. A token with a filter reads and exports at
// most: what is written cannot be held to a filter.
func readScopes(p *fault.Problems, role Role, names []string, filtered bool) Scopes {
	allowed := ScopeRead | ScopeExport | ScopeWrite
	if filtered {
		allowed = ScopeRead | ScopeExport
	}
	allowed = allowed.of(role)
	if len(names) == 0 && filtered {
		return allowed
	}
	scopes, err := ParseScopes(names)
	switch {
	case err != nil:
		p.Add("scope", err.Error())
	case scopes&ScopeWrite != 0 && filtered:
		p.Add("scope", "A token with a filter cannot write; accepted: "+allowed.String()+".")
	case scopes&^allowed != 0:
		p.Add("scope", fmt.Sprintf("“%s” is more than the role %s may do; accepted: %s.", scopes&^allowed, role, allowed))
	}
	return scopes
}

// Revoke ends a token at once, one's own or as an administrator anybody's.
func (t Tokens) Revoke(ctx context.Context, actor Actor, id string) error {
	return t.Store.RevokeToken(ctx, actor, id, func(tok Token) error { return mayKeep(actor, tok.User) })
}

// Check gives who a secret lets in, and the token. name is the user that was
// given with it; "" where none was. A secret of no token is ErrNoToken; one that
// fits but opens nothing any more is a Forbidden fault that says why.
func (t Tokens) Check(ctx context.Context, name, secret string) (Actor, Token, error) {
	id := tokenID(secret)
	if id == "" {
		return Actor{}, Token{}, ErrNoToken
	}
	tok, err := t.Store.Token(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !tok.matches(secret) {
		return Actor{}, Token{}, ErrNoToken
	}
	if err != nil {
		return Actor{}, Token{}, err
	}
	if why := tok.Ended(t.Now()); why != "" {
		return Actor{}, tok, fault.New(fault.Forbidden, "The token "+why+". Make another on the page Profile.")
	}
	if name != "" && name != tok.User {
		return Actor{}, tok, fault.New(fault.Forbidden, "The token is not that of the user “"+name+"”. Give the name of its user.")
	}
	u, err := t.Store.User(ctx, tok.User)
	if err != nil {
		return Actor{}, tok, err
	}
	if u.Disabled || u.Role == Wall {
		return Actor{}, tok, fault.New(fault.Forbidden, "The user of the token may not use tokens any more.")
	}
	return tok.actor(u), tok, nil
}

// actor is who the token lets act: its user, as they are now, within the scopes.
func (t Token) actor(u User) Actor {
	return Actor{Name: u.Name, Role: u.Role, Limit: t.Scopes | limited}
}

// Scopes are what a token is good for: a set.
type Scopes uint8

// The scopes. None of them holds another: a token that reads and writes names
// both.
const (
	ScopeRead   Scopes = 1 << iota // the right to read
	ScopeExport                    // the right to export
	ScopeWrite                     // the rights to write and, for whoever has it, to manage: retracting needs it

	limited Scopes = 1 << 7 // keeps the Limit of a token apart from none at all
)

var scopeNames = []struct {
	scope  Scopes
	name   string
	rights []Right
}{
	{ScopeRead, "read", []Right{Read}},
	{ScopeExport, "export", []Right{Export}},
	{ScopeWrite, "write", []Right{Write, Manage}},
}

// ScopeNames lists the names of the scopes.
func ScopeNames() []string {
	names := make([]string, len(scopeNames))
	for i, s := range scopeNames {
		names[i] = s.name
	}
	return names
}

// String writes the scopes as ParseScopes reads them, parted by commas.
func (s Scopes) String() string { return strings.Join(s.Names(), ",") }

// Names are the names of the scopes in the set.
func (s Scopes) Names() []string {
	var names []string
	for _, n := range scopeNames {
		if s&n.scope != 0 {
			names = append(names, n.name)
		}
	}
	return names
}

// ParseScopes reads names of scopes, of which there must be one at least.
func ParseScopes(names []string) (s Scopes, err error) {
	for _, name := range names {
		i := slices.Index(ScopeNames(), strings.TrimSpace(name))
		if i < 0 {
			return 0, fault.New(fault.Invalid, "“"+name+"” is no scope; accepted: "+strings.Join(ScopeNames(), ", ")+", one or more.")
		}
		s |= scopeNames[i].scope
	}
	if s == 0 {
		return 0, fault.New(fault.Invalid, "What may the token do? Accepted: "+strings.Join(ScopeNames(), ", ")+", one or more.")
	}
	return s, nil
}

// grants reports whether the scopes hold a right. Neither the board nor
// administration is for programs.
func (s Scopes) grants(right Right) bool {
	for _, n := range scopeNames {
		if s&n.scope != 0 && slices.Contains(n.rights, right) {
			return true
		}
	}
	return right == Public
}

// of are the scopes of which a role has the first right.
func (s Scopes) of(role Role) (held Scopes) {
	for _, n := range scopeNames {
		if s&n.scope != 0 && role.May(n.rights[0]) {
			held |= n.scope
		}
	}
	return held
}

// OpenReader is whoever reads a log that is open for reading: it may read and
// export, and nothing else.
func OpenReader() Actor {
	return Actor{Name: openReader, Role: Analyst, Limit: ScopeRead | ScopeExport | limited}
}

// openReader is the name that the audit chain has for it; no user may have it.
const openReader = "open-read"
