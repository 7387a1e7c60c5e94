package testdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// errNoServer says that no wire server is on this machine.
var errNoServer = errors.New("no wire server: run scripts/wire-server (needs Python 3.10 or newer), or set " + EnvServer)

// findBinary returns the wire server's path, or errNoServer when none is
// installed. A path given by EnvServer that is not there is another error: it is
// a mistake to mend, never a reason to skip.
func findBinary() (string, error) {
	if path := os.Getenv(EnvServer); path != "" {
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("%s must be the path of a server: %w", EnvServer, err)
		}
		return path, nil
	}
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	cache := os.Getenv(EnvCache)
	if cache == "" {
		cache = ".cache"
	}
	if !filepath.IsAbs(cache) {
		cache = filepath.Join(root, cache)
	}
	// The real path, because the server finds its libraries beside itself.
	path, err := filepath.EvalSymlinks(filepath.Join(cache, "bin", "wire-server"))
	if err != nil {
		return "", errNoServer
	}
	return path, nil
}

// moduleRoot returns the nearest folder above the test's that has a go.mod.
func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", errors.New("no go.mod above the test's folder")
		}
		folder = parent
	}
}

// require returns the wire server's path, or ends the test: as skipped where
// none is installed, as failed where one is required or named wrongly.
func require(t testing.TB) string {
	t.Helper()
	path, err := findBinary()
	switch {
	case err == nil:
		return path
	case !errors.Is(err, errNoServer), os.Getenv(EnvRequire) == "1" && os.Getenv(EnvURI) == "":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
	return ""
}
