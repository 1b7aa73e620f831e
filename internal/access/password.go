package access

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"interceptlog/internal/fault"
)

// Argon2id parameters after RFC 9106 §4, second recommended option, with the
// memory that a duty desk's two cores answer in a tenth of a second.
const (
	argonTime    = 3
	argonMemory  = 64 * 1024 // KiB
	argonThreads = 2
	saltBytes    = 16
	keyBytes     = 32
)

// MinPassword is the least number of characters of a password.
const MinPassword = 10

// CheckPassword says what is wrong with a new password, or nil.
func CheckPassword(password string) error {
	if n := utf8.RuneCountInString(password); n < MinPassword || len(password) > 1024 {
		return fault.New(fault.Invalid, fmt.Sprintf("A password has at least %d characters and at most 1024 bytes; this one has %d.", MinPassword, n))
	}
	return nil
}

// HashPassword gives the argon2id hash of a password in PHC form, with a salt
// of its own.
func HashPassword(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	return hashWith(password, salt, argonTime, argonMemory, argonThreads)
}

func hashWith(password string, salt []byte, t, m uint32, p uint8) string {
	key := argon2.IDKey([]byte(password), salt, t, m, p, keyBytes)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, m, t, p, b64(salt), b64(key))
}

// PasswordMatches reports whether the password is the one of the hash, in
// constant time for hashes of the same parameters.
func PasswordMatches(password, hash string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var m, t uint32
	var p uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p); err != nil || m > 1<<21 || t > 100 || p == 0 || t == 0 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(hashWith(password, salt, t, m, p)), []byte(hash)) == 1
}

// DummyHash costs as much to check as a real one; it is checked when the user
// does not exist, so that the answer takes the same time.
var DummyHash = hashWith("no such user", make([]byte, saltBytes), argonTime, argonMemory, argonThreads)

// RandomPassword makes a password of 20 characters that can be read aloud: no
// 0 and O, no 1, l and I.
func RandomPassword() string {
	const letters = "abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRSTUVWXYZ23456789"
	out := make([]byte, 0, 20)
	buf := make([]byte, 1)
	for len(out) < 20 {
		rand.Read(buf)
		if int(buf[0]) < 256/len(letters)*len(letters) {
			out = append(out, letters[int(buf[0])%len(letters)])
		}
	}
	return string(out)
}
