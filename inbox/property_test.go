package inbox_test

import (
	"testing"

	"pgregory.net/rapid"

	"switchboard/internal/world"
)

func TestAnySequenceOfVerbsKeepsTheBooks(t *testing.T) {
	shared := world.NewWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		l := world.NewLife(t, shared.Clone())
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			l.Step(t)
		}
	})
}
