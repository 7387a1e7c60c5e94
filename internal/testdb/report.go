package testdb

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// An Engine is something that the program can keep its data in.
type Engine string

// The engines a report can name.
const (
	// Embedded is the in-process engine.
	Embedded Engine = "embedded"
	// WireServer is the test server that speaks MongoDB's protocol.
	WireServer Engine = "wire server"
	// ByURI is the deployment that SWITCHBOARD_TEST_MONGODB_URI names.
	ByURI Engine = "mongodb uri"
)

// Record notes that the test runs on the engine. When the test ends, one line
// with the package, the engine, the outcome (pass, fail or skip) and the test's
// name, parted by tabs, is appended to the report file, if there is one. The
// outcome is the test's own, so call Record before anything that may skip or
// fail. URI and Start call it for their engine; a test on the embedded engine
// calls it itself.
func Record(t testing.TB, engine Engine) {
	t.Helper()
	path := os.Getenv(EnvReport)
	if path == "" {
		return
	}
	folder := packageFolder()
	t.Cleanup(func() {
		line := fmt.Sprintf("%s\t%s\t%s\t%s\n", folder, engine, outcome(t), t.Name())
		if err := appendLine(path, line); err != nil {
			t.Errorf("%s: %v", EnvReport, err)
		}
	})
}

func outcome(t testing.TB) string {
	switch {
	case t.Failed():
		return "fail"
	case t.Skipped():
		return "skip"
	default:
		return "pass"
	}
}

// appendLine writes the line in one call, so that the test binaries that run
// beside this one do not tear it.
func appendLine(path, line string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.WriteString(line)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}

// packageFolder returns the folder of the package under test, which is where the
// go command starts its test binary, relative to the module.
func packageFolder() string {
	folder, err := os.Getwd()
	if err != nil {
		return "?"
	}
	root, err := moduleRoot()
	if err != nil {
		return folder
	}
	name, err := filepath.Rel(root, folder)
	if err != nil {
		return folder
	}
	return filepath.ToSlash(name)
}
