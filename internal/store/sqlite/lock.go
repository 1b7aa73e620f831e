package sqlite

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"interceptlog/internal/fault"
)

// lockName is the file that the server of a folder holds.
const lockName = "server.lock"

// Lock keeps a second server off the folder; commands do not take it, since
// SQLite lets several processes write in turn. The lock ends with the process,
// however that ends.
func Lock(dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Wrap(fault.Unavailable, "The folder "+dir+" cannot be made.", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "The folder "+dir+" cannot be locked.", err)
	}
	if err := flock(f); err != nil {
		pid := make([]byte, 20)
		n, _ := f.ReadAt(pid, 0)
		f.Close()
		return nil, fault.Wrap(fault.Unavailable, fmt.Sprintf("Another server uses %s (process %s).", dir, strings.TrimSpace(string(pid[:n]))), err)
	}
	if err := f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(fmt.Sprintln(os.Getpid())), 0)
		if err != nil {
			f.Close()
			return nil, fault.Wrap(fault.Unavailable, "The folder "+dir+" cannot be locked.", err)
		}
	}
	return f, nil
}
