package resolvers_test

import "testing"

// walk is called by tests that ask thousands of questions one after another, whose
// names begin with TestWalk. The race detector finds nothing in them that other tests
// do not show it and makes them several times as long, so scripts/test runs them
// without. A test of that name that is not sequential runs both ways, under the race
// detector with less of what it compares, and does not call it.
func walk(t *testing.T) {
	t.Helper()
	if raceDetector {
		t.Skip("runs without the race detector")
	}
}
