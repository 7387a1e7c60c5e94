// Package walk says which tests are looked at for races by nobody.
package walk

import "testing"

// Alone is called by tests that ask thousands of questions one after another, whose
// names begin with TestWalk. The race detector finds nothing in them that other tests
// do not show it and makes them several times as long, so scripts/test runs them
// without. A test of that name that is not sequential runs both ways, under the race
// detector with less of what it compares, and does not call it.
func Alone(t *testing.T) {
	t.Helper()
	if RaceDetector {
		t.Skip("runs without the race detector")
	}
}
