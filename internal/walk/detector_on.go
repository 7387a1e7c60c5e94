//go:build race

package walk

// RaceDetector says whether the tests are looked at for races.
const RaceDetector = true
