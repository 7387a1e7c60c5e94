package testdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const folderPrefix = "switchboard-testdb-"

// newFolder makes a temporary folder for one server. Its name contains the test
// binary's process id, by which a later run recognises folders of dead ones.
func newFolder() (string, error) {
	removeLeftovers()
	return os.MkdirTemp("", fmt.Sprintf("%s%d-", folderPrefix, os.Getpid()))
}

// removeLeftovers removes the folders of test binaries that ended without cleaning
// up, such as one that ran into its timeout. The hour protects the folders of a
// live process that it cannot see, such as one in another container with the same
// temporary folder.
func removeLeftovers() {
	folders, err := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*"))
	if err != nil {
		return // only a malformed pattern fails
	}
	for _, folder := range folders {
		info, err := os.Stat(folder)
		if err != nil || time.Since(info.ModTime()) < time.Hour {
			continue
		}
		var pid int
		if _, err := fmt.Sscanf(filepath.Base(folder), folderPrefix+"%d-", &pid); err != nil {
			continue
		}
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(folder) // another run may be doing the same
		}
	}
}
