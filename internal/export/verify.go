package export

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"

	"interceptlog/internal/fault"
)

// summed counts and hashes what it hands on.
type summed struct {
	w    io.Writer
	hash hash.Hash
	n    int64
}

func (s *summed) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.n += int64(n)
	s.hash.Write(p[:n])
	return n, err
}

// maxManifest bounds a manifest, in bytes.
const maxManifest = 1 << 20

// ReadManifest reads a manifest.
func ReadManifest(r io.Reader) (m Manifest, err error) {
	if err := json.NewDecoder(io.LimitReader(r, maxManifest)).Decode(&m); err != nil {
		return m, &fault.Error{Kind: fault.Invalid, Msg: "This is no manifest: " + err.Error() + "."}
	}
	if len(m.SHA256) != sha256.Size*2 || m.Bytes <= 0 {
		return m, fault.New(fault.Invalid, "This is no manifest: it has no sha256 of 64 figures, or no bytes.")
	}
	return m, nil
}

// Verify compares a file with its manifest. It needs no log and no server; that
// the manifest itself is genuine is shown by the audit chain, which holds the
// hash.
func Verify(m Manifest, file io.Reader) error {
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	if n != m.Bytes {
		return fault.New(fault.Invalid, fmt.Sprintf("The file has %d bytes, and the manifest says %d: it was cut, or is another one.", n, m.Bytes))
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != m.SHA256 {
		return fault.New(fault.Invalid, "The file has another content than the manifest says: sha256 "+got+", not "+m.SHA256+".")
	}
	return nil
}
